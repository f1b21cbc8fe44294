package peers

import (
	"runtime"
	"slices"
	"sync"
	"time"
)

// Rate is how fast something went.
type Rate struct {
	PerSecond float64 // 0 where it was not measured
	P50, P99  time.Duration
}

// RateOf returns the rate of steps that took so long each, and together. It sorts took.
func RateOf(took []time.Duration, together time.Duration) Rate {
	if len(took) == 0 || together <= 0 {
		return Rate{}
	}
	slices.Sort(took)
	at := func(percent int) time.Duration { return took[min(len(took)*percent/100, len(took)-1)] }
	return Rate{PerSecond: float64(len(took)) / together.Seconds(), P50: at(50), P99: at(99)}
}

// Each calls do for 0 to n-1, each of so many threads for a stretch of its own, and returns the rate and
// the first error. A thread stops at its error.
func Each(n, threads int, do func(thread, i int) error) (Rate, error) {
	took := make([]time.Duration, n)
	errs := make([]error, threads)
	var all sync.WaitGroup
	from := time.Now()
	for w := range threads {
		all.Go(func() {
			for i := w * n / threads; i < (w+1)*n/threads && errs[w] == nil; i++ {
				began := time.Now()
				errs[w] = do(w, i)
				took[i] = time.Since(began)
			}
		})
	}
	all.Wait()
	together := time.Since(from)
	for _, err := range errs {
		if err != nil {
			return Rate{}, err
		}
	}
	return RateOf(took, together), nil
}

// Result is what one system did.
type Result struct {
	System  string
	Ask     [2]Rate
	Enter   [2]Rate // looking up and then inserting
	Load    time.Duration
	Bytes   int64
	Where   string // what Bytes counts
	Version string
	Found   [][]int32 // for each query the numbers of the plans found, where they are exact
}

// Heap returns the bytes of live objects.
func Heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
