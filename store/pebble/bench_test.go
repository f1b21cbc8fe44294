package pebble

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	lsm "github.com/cockroachdb/pebble/v2"

	"parley/store"
)

// BenchmarkCommit measures durable commits of 1 KB on the real disk, alone and under 32 writers.
func BenchmarkCommit(b *testing.B) {
	for _, writers := range []int{1, 32} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			s, err := Open(Config{Dir: b.TempDir()})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			inParallel(b, writers, func(i int64) error {
				_, err := s.Commit(b.Context(), store.Txn{
					Guards: []store.Guard{{Key: fmt.Sprintf("entry/%012d", i)}},
					Puts:   []store.Put{{Key: fmt.Sprintf("entry/%012d", i), Value: value1KB(i)}},
				})
				return err
			})
		})
	}
}

// BenchmarkEngine measures what Pebble itself takes for the same writes, to compare with.
func BenchmarkEngine(b *testing.B) {
	for _, writers := range []int{1, 32} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			db, err := lsm.Open(b.TempDir(), &lsm.Options{MemTableSize: 16 << 20, Logger: discard{}})
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			inParallel(b, writers, func(i int64) error {
				return db.Set(fmt.Appendf(nil, "entry/%012d", i), value1KB(i), lsm.Sync)
			})
		})
	}
}

type discard struct{}

func (discard) Infof(string, ...any)  {}
func (discard) Errorf(string, ...any) {}
func (discard) Fatalf(string, ...any) {}

// value1KB differs for each i and does not compress.
func value1KB(i int64) []byte {
	value := make([]byte, 1024)
	x := uint64(i)*2654435769 + 1
	for j := range value {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		value[j] = byte(x)
	}
	return value
}

func inParallel(b *testing.B, writers int, do func(i int64) error) {
	b.ReportAllocs()
	b.SetBytes(1024)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range writers {
		wg.Go(func() {
			for {
				i := next.Add(1)
				if i > int64(b.N) {
					return
				}
				if err := do(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// BenchmarkScan measures a scan of 100,000 items of 1 KB, as a node does when it starts.
func BenchmarkScan(b *testing.B) {
	s, err := Open(Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	const n = 100_000
	for i := 0; i < n; i += store.MaxTxnOps {
		var txn store.Txn
		for j := i; j < i+store.MaxTxnOps; j++ {
			txn.Puts = append(txn.Puts, store.Put{Key: fmt.Sprintf("entry/%012d", j), Value: value1KB(int64(j))})
		}
		if _, err := s.Commit(b.Context(), txn); err != nil {
			b.Fatal(err)
		}
	}
	v, err := s.View(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer v.Close()
	for b.Loop() {
		items := 0
		for _, err := range v.Scan(b.Context(), "", "") {
			if err != nil {
				b.Fatal(err)
			}
			items++
		}
		if items != n {
			b.Fatalf("%d items, want %d", items, n)
		}
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "items/s")
}
