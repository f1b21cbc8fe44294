package node

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"parley/agreement"
	"parley/internal/testnet"
	"parley/node/view"
)

// shows is all that a node shows its desk.
type shows struct {
	Notices   []view.Notice
	Conflicts []view.Conflict
	Calls     []view.Call
	Alarms    []view.Alarm
	Line      view.Line
	Compared  view.Compared
}

func (n *Node) shows(t *testing.T) shows {
	t.Helper()
	var s shows
	errs := make([]error, 5)
	ctx := t.Context()
	s.Notices, errs[0] = n.Notices(ctx, Filter{Body: true, Echo: true})
	s.Conflicts, errs[1] = n.Conflicts(ctx, "", true)
	s.Calls, errs[2] = n.Calls(ctx, "")
	s.Alarms, errs[3] = n.Alarms(ctx)
	s.Line, errs[4] = n.Line(ctx, "")
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	ln := n.order[0]
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	s.Compared = ln.compared(false)
	return s
}

// alone starts a node on a copy of a disk, without a network, and returns what it shows and how many
// entries it had from a cache.
func (e *end) alone(disk *testnet.Disk, noCache bool) (shows, int64) {
	e.w.t.Helper()
	r := start(e.w.t, e.party, e.keys, e.w.note, nodeOptions{fs: disk, clock: e.clock, memTable: 64 << 10, noCache: noCache, dial: e.w.net.Dialer("nobody")})
	synctest.Wait()
	s := r.shows(e.w.t)
	ln := r.order[0]
	ln.mu.RLock()
	from := ln.cached
	ln.mu.RUnlock()
	if err := r.stop(); err != nil {
		e.w.t.Fatal(err)
	}
	return s, from
}

// sameFromCache holds a node that starts from the cache on a disk to one that reads the transcripts
// whole. It returns how many entries came from the cache.
func (e *end) sameFromCache(disk *testnet.Disk) int64 {
	e.w.t.Helper()
	whole, none := e.alone(disk.Backup(), true)
	cached, from := e.alone(disk.Backup(), false)
	if none != 0 {
		e.w.t.Errorf("%s took %d entries from a cache that it was not to see", e.party, none)
	}
	x, y := reflect.ValueOf(whole), reflect.ValueOf(cached)
	for i := range x.NumField() {
		if a, b := x.Field(i).Interface(), y.Field(i).Interface(); !reflect.DeepEqual(a, b) {
			e.w.t.Errorf("%s, %d entries from the cache: %s differ:\n%+v\n%+v", e.party, from, x.Type().Field(i).Name, a, b)
		}
	}
	return from
}

// TestStartFromTheCacheIsTheWholeReplay: in worlds with faults of every kind, whenever a node is
// stopped or crashes, a start from the cache, whatever it lacks of the end, shows exactly what a
// replay of both transcripts shows.
func TestStartFromTheCacheIsTheWholeReplay(t *testing.T) {
	seed := seedOf(t)
	for i := range countOf(t, "PARLEY_WORLDS", 1) {
		testnet.Run(t, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, uint64(i)))
			w := newWorld(t, worldOptions{seed: seed + uint64(i), change: func(terms *agreement.Terms) {
				if rng.IntN(3) == 0 {
					terms.Parties[rng.IntN(2)].Disclosure.Flight = agreement.Alert
				}
			}})
			w.open()
			desks := []*desk{w.ends[0].desk(), w.ends[1].desk()}
			parts, whole := 0, 0
			for range 6 {
				w.work(desks, 5)
				e := w.ends[rng.IntN(2)]
				cut := rng.IntN(2) == 0
				w.net.SetCut(cut)
				if rng.IntN(2) == 0 { // a clean stop, and on from there
					e.halt()
					if from := e.sameFromCache(e.disk); from > 0 {
						whole++
					}
					e.open()
				} else if from := e.sameFromCache(e.disk.Crash(rng.IntN(101), rng)); from > 0 {
					parts++ // of an earlier stop or of the last minute
				}
				w.net.SetCut(false)
				if rng.IntN(3) == 0 {
					time.Sleep(time.Duration(rng.IntN(90)) * time.Minute) // notices lapse
				}
			}
			w.within(5*time.Minute, "both may sign", w.unready)
			for _, d := range desks {
				d.closing(t.Context())
			}
			w.finish()
			t.Logf("%d starts from a cache of the whole, %d from one of a part", whole, parts)
			if whole+parts == 0 {
				t.Error("no start was from a cache")
			}
		})
	}
}

// cachePath is where the cache of a node lies on its disk.
func (e *end) cachePath() string {
	ln := e.order[0]
	return "store/cache/" + ln.cacheName()
}

func readAll(t *testing.T, fs vfs.FS, name string) []byte {
	t.Helper()
	f, err := fs.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func writeAll(t *testing.T, fs vfs.FS, name string, b []byte) {
	t.Helper()
	f, err := fs.Create(name, vfs.WriteCategoryUnspecified)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestWrongCacheIsIgnored: a cache that is damaged, of the other node, of another history or from the
// time after a backup counts for nothing, and the node starts as without it.
func TestWrongCacheIsIgnored(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 5})
		w.open()
		desks := []*desk{w.ends[0].desk(), w.ends[1].desk()}
		w.work(desks, 8)
		w.within(5*time.Minute, "settled", w.settled)
		red, blue := w.ends[0], w.ends[1]
		red.halt()
		early := red.disk.Backup()
		red.open()
		w.within(5*time.Minute, "may sign", w.unready)
		w.work(desks, 8)
		w.within(5*time.Minute, "settled", w.settled)
		red.halt()
		blue.halt()
		good, of := readAll(t, red.disk, red.cachePath()), red.cachePath()
		foreign := readAll(t, blue.disk, blue.cachePath())
		if from := red.sameFromCache(red.disk); from == 0 {
			t.Fatal("the good cache was not taken")
		}
		flipped := bytes.Clone(good)
		flipped[len(flipped)/2] ^= 4
		for what, cache := range map[string][]byte{"flipped": flipped, "cut": good[:len(good)/2], "empty": nil, "of the other node": foreign,
			"of another version": append([]byte("parley/picture-cache/v0\n"), good[24:]...)} {
			disk := red.disk.Backup()
			writeAll(t, disk, of, cache)
			if from := red.sameFromCache(disk); from != 0 {
				t.Errorf("a cache that is %s was taken", what)
			}
		}
		writeAll(t, early, of, good)
		if from := red.sameFromCache(early); from != 0 {
			t.Error("a cache from after the backup was taken")
		}
	})
}

// TestCacheOfAnotherHistoryIsIgnored: the same sizes under other roots.
func TestCacheOfAnotherHistoryIsIgnored(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		var disks [2]*testnet.Disk
		var w *world
		k := [2]keys{newKeys(t), newKeys(t)}
		note := agree(t, k[0], k[1], nil)
		for i := range disks {
			w = newWorld(t, worldOptions{seed: 9, keys: k, note: note, wrap: func(_ int, o *nodeOptions) { o.notRestored = true }})
			red := w.ends[0]
			red.open()
			if _, err := red.File(t.Context(), duty, "", flight(fmt.Sprintf("flight-%d", i), 35, 35, 2*time.Hour, time.Hour), false); err != nil {
				t.Fatal(err)
			}
			red.halt()
			disks[i] = red.disk
		}
		red := w.ends[0]
		writeAll(t, disks[1], red.cachePath(), readAll(t, disks[0], red.cachePath()))
		if from := red.sameFromCache(disks[1]); from != 0 {
			t.Error("the cache of another history was taken")
		}
	})
}

// TestCacheThatCannotBeWrittenFailsNothing: a disk that has no room for the cache goes on taking
// entries, and the next start reads the transcripts.
func TestCacheThatCannotBeWrittenFailsNothing(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		var refused atomic.Int64
		w := newWorld(t, worldOptions{seed: 7, wrap: func(i int, o *nodeOptions) {
			o.fs = errorfs.Wrap(o.fs, errorfs.InjectorFunc(func(op errorfs.Op) error {
				if op.Kind.ReadOrWrite() == errorfs.OpIsWrite && strings.Contains(op.Path, "cache") && op.Kind != errorfs.OpRemove {
					refused.Add(1)
					return errors.New("no space left on device")
				}
				return nil
			}))
		}})
		w.open()
		red := w.ends[0]
		if _, err := red.File(t.Context(), duty, "", flight("one", 35, 35, 2*time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * cacheLook)
		if _, err := red.File(t.Context(), duty, "", flight("two", 35, 35, 2*time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		if refused.Load() == 0 || red.cfg.Store.Err() != nil {
			t.Errorf("%d writes of the cache refused; the store: %v", refused.Load(), red.cfg.Store.Err())
		}
		red.halt()
		if from := red.sameFromCache(red.disk); from != 0 {
			t.Error("there is a cache")
		}
		red.open()
		w.finish()
	})
}

// TestCacheAcrossEpochs: a cache holds in the epochs after the one in which the line began, and only
// where those before are whole in it.
func TestCacheAcrossEpochs(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 11})
		w.open()
		desks := []*desk{w.ends[0].desk(), w.ends[1].desk()}
		taken := int64(0)
		for epoch := int64(1); epoch <= 3; epoch++ {
			w.work(desks, 4)
			for _, e := range w.ends {
				e.halt()
				taken += e.sameFromCache(e.disk)
				e.open()
			}
			w.within(5*time.Minute, "may sign", w.unready)
			w.work(desks, 2)
			for _, e := range w.ends {
				taken += e.sameFromCache(e.disk.Backup())
			}
			red := w.ends[0]
			if err := red.order[0].led.CloseEpoch(t.Context(), "a test"); err != nil {
				t.Fatal(err)
			}
			taken += red.sameFromCache(red.disk.Backup())
			if err := red.NextEpoch(t.Context(), duty, ""); err != nil {
				t.Fatal(err)
			}
			w.within(5*time.Minute, "both in the next epoch", is(func() bool { return w.ends[1].line().Epoch == epoch+1 }))
		}
		w.within(5*time.Minute, "may sign", w.unready)
		for _, d := range desks {
			d.closing(t.Context())
		}
		w.finish()
		if taken == 0 {
			t.Error("no start was from a cache")
		}
	})
}
