//go:build libsqlite3

package sqlite

import (
	"os"
	"path/filepath"
	"time"

	"parley/conflict/peers"
	"parley/geo4d"
	"parley/internal/traffic"
)

// store is an R*Tree on disk and beside it, in memory, what its candidates are compared with.
type store struct {
	conns    [2]*conn
	plans    []traffic.Plan
	prepared []*geo4d.Prepared
}

// Run loads the workload and measures it: with every candidate refined, and candidates alone. dir is
// where the database may lie.
func Run(w *peers.Workload, dir string) (refined, candidates peers.Result, err error) {
	refined = peers.Result{System: "SQLite R*Tree, refined by `geo4d`", Version: version()}
	path := filepath.Join(dir, "plans.db")
	s := &store{plans: append(w.Plans[:len(w.Plans):len(w.Plans)], w.Entered...)}
	for i := range s.conns {
		if s.conns[i], err = open(path); err != nil {
			return refined, candidates, err
		}
		defer s.conns[i].close()
	}
	before := peers.Heap()
	from := time.Now()
	if err = s.load(len(w.Plans)); err != nil {
		return refined, candidates, err
	}
	refined.Load = time.Since(from)
	candidates = peers.Result{System: "SQLite R*Tree, candidates alone", Version: version(), Load: refined.Load}
	file, err := os.Stat(path)
	if err != nil {
		return refined, candidates, err
	}
	candidates.Bytes, candidates.Where = file.Size(), "on disk"
	refined.Bytes, refined.Where = file.Size()+peers.Heap()-before, "on disk, and shapes made ready in memory"

	refined.Found = make([][]int32, len(w.Queries))
	for t := range refined.Ask {
		refined.Ask[t], err = peers.Each(len(w.Queries), t+1, func(thread, i int) (err error) {
			refined.Found[i], err = s.near(thread, &w.Queries[i].Volume, refined.Found[i][:0])
			return err
		})
		if err != nil {
			return refined, candidates, err
		}
		candidates.Ask[t], err = peers.Each(len(w.Queries), t+1, func(thread, i int) error {
			b := peers.NearBox(&w.Queries[i].Volume)
			_, err := s.conns[thread].look(&b)
			return err
		})
		if err != nil {
			return refined, candidates, err
		}
	}
	refined.Enter[0], err = peers.Each(len(w.Entered), 1, func(_, i int) error { return s.enter(len(w.Plans) + i) })
	return refined, candidates, err
}

// load puts the first n plans in, in one transaction.
func (s *store) load(n int) error {
	c := s.conns[0]
	s.prepared = make([]*geo4d.Prepared, len(s.plans))
	if err := c.begin(); err != nil {
		return err
	}
	for i := range n {
		if err := s.put(i); err != nil {
			return err
		}
	}
	if err := c.commit(); err != nil {
		return err
	}
	return c.once("PRAGMA wal_checkpoint(TRUNCATE)") // so that the file has all of it
}

func (s *store) put(i int) error {
	s.prepared[i] = geo4d.Prepare(s.plans[i].Volume.Shape)
	b := peers.BoxOf(&s.plans[i].Volume)
	return s.conns[0].put(int32(i), &b)
}

// near appends the numbers of the plans that do not keep the separation from a volume.
func (s *store) near(thread int, v *geo4d.Volume, dst []int32) ([]int32, error) {
	b := peers.NearBox(v)
	ids, err := s.conns[thread].look(&b)
	if err != nil {
		return nil, err
	}
	sep := peers.Separation()
	shape := geo4d.Prepare(v.Shape)
	for _, id := range ids {
		if tooNear(v, &s.plans[id].Volume, shape, s.prepared[id], sep) {
			dst = append(dst, int32(id))
		}
	}
	return dst, nil
}

// tooNear compares the cheapest dimension first.
func tooNear(a, b *geo4d.Volume, pa, pb *geo4d.Prepared, sep geo4d.Separation) bool {
	var g geo4d.Gap
	if g.Time, g.TimeOverlap = geo4d.TimeGap(a.Window, b.Window); !geo4d.TooNearInTime(g, sep) {
		return false
	}
	g.VerticalM, g.VerticalOverlap, g.VerticalUncertain = geo4d.Vertical(a.Band, b.Band, pa, pb, geo4d.Terrain{})
	if !geo4d.TooNearInAltitude(g, sep) {
		return false
	}
	l := pa.Gap(pb, sep.LateralM)
	g.LateralM, g.LateralOverlap = l.M, l.Overlap
	return !l.Beyond && geo4d.TooNearInPlace(g, sep, 0)
}

// enter looks up and then inserts plan i in one transaction. SQLite has one writer at a time.
func (s *store) enter(i int) error {
	if err := s.conns[0].begin(); err != nil {
		return err
	}
	if _, err := s.near(0, &s.plans[i].Volume, nil); err != nil {
		return err
	}
	if err := s.put(i); err != nil {
		return err
	}
	return s.conns[0].commit()
}
