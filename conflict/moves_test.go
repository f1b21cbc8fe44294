package conflict

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/geo4d"
)

// drawVolume is a volume round a place: any shape and any bounds, open ones too.
func drawVolume(t *rapid.T, name string) geo4d.Volume {
	at := func(far float64) geo4d.Position {
		p, _ := geo4d.Direct(geo4d.Position{LonDeg: 180, LatDeg: 62}, rapid.Float64Range(0, 360).Draw(t, name+" azimuth"),
			far*rapid.Float64Range(0.01, 1).Draw(t, name+" far"))
		return p
	}
	v := geo4d.Volume{Shape: geo4d.Circle{Center: at(5e3), RadiusM: rapid.Float64Range(50, 5e3).Draw(t, name+" radius")}}
	switch rapid.IntRange(0, 2).Draw(t, name+" kind") {
	case 1:
		v.Shape = geo4d.Corridor{Line: []geo4d.Position{at(8e3), at(8e3), at(8e3)}, HalfWidthM: 300}
	case 2:
		var ring []geo4d.Position
		for k := range 6 {
			p, _ := geo4d.Direct(at(1e3), float64(60*k), rapid.Float64Range(500, 5e3).Draw(t, name+" spoke"))
			ring = append(ring, p)
		}
		v.Shape = geo4d.Polygon{Rings: [][]geo4d.Position{append(ring, ring[0])}}
	}
	reference := rapid.SampledFrom([]geo4d.Reference{geo4d.W84, geo4d.AMSL, geo4d.AGL, geo4d.FL}).Draw(t, name+" reference")
	low := rapid.Float64Range(0, 3000).Draw(t, name+" lower")
	if rapid.IntRange(0, 5).Draw(t, name+" bounded below") > 0 {
		v.Band.Lower = &geo4d.Altitude{Value: low, Unit: geo4d.Feet, Reference: reference}
	}
	if rapid.IntRange(0, 5).Draw(t, name+" bounded above") > 0 {
		v.Band.Upper = &geo4d.Altitude{Value: low + 1000, Unit: geo4d.Feet, Reference: reference}
	}
	start := rapid.Int64Range(0, int64(2*time.Hour)).Draw(t, name+" start")
	if rapid.IntRange(0, 5).Draw(t, name+" starts") > 0 {
		v.Window.Start = day.Add(time.Duration(start))
	}
	if rapid.IntRange(0, 5).Draw(t, name+" ends") > 0 {
		v.Window.End = day.Add(time.Duration(start) + time.Hour)
	}
	return v
}

// TestEachMoveClears makes each move of a hit by itself and asks again, and then one that is a little
// less.
func TestEachMoveClears(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		sep := geo4d.Separation{LateralM: rapid.SampledFrom([]float64{0, 300, 9260}).Draw(rt, "lateral"),
			VerticalM: rapid.SampledFrom([]float64{0, 30, 304.8}).Draw(rt, "vertical"), Time: rapid.SampledFrom([]time.Duration{0, 1, 10 * time.Minute}).Draw(rt, "time")}
		c := Config{Separation: func(a, b any) (geo4d.Separation, bool) { return sep, true }}
		if rapid.Bool().Draw(rt, "ground known") {
			c.Terrain = geo4d.Terrain{Known: true, MinM: -20, MaxM: 450}
		}
		a := &Item{ID: "a", Volumes: []geo4d.Volume{drawVolume(rt, "a")}, UncertaintyM: 20}
		b := &Item{ID: "b", Volumes: []geo4d.Volume{drawVolume(rt, "b")}, UncertaintyM: 10}
		if geo4d.Validate(a.Volumes[0]) != nil || geo4d.Validate(b.Volumes[0]) != nil {
			rt.Skip()
		}
		if rapid.Bool().Draw(rt, "the other way") {
			a, b = b, a
		}
		p, near := Between(a, b, c)
		if !near {
			rt.Skip("not near")
		}
		judgeMoves(rt, &p, sep, func(v geo4d.Volume) bool {
			_, near := Between(&Item{ID: a.ID, Volumes: []geo4d.Volume{v}, UncertaintyM: a.UncertaintyM}, b, c)
			return near
		})
	})
}

func judgeMoves(rt *rapid.T, p *Pair, sep geo4d.Separation, near func(geo4d.Volume) bool) {
	v, h := p.A.Volumes[0], &p.Hits[0]
	if m := p.LateralMove(h); m == nil {
		rt.Fatal("no move across the ground")
	} else {
		moved := v
		var err error
		if moved.Shape, err = geo4d.Shift(v.Shape, m.BearingDeg, m.M); err != nil || near(moved) {
			rt.Fatalf("%+v does not clear (%v)", m, err)
		}
		if m.M > 1 {
			if moved.Shape, _ = geo4d.Shift(v.Shape, m.BearingDeg, m.M-1); !near(moved) {
				rt.Fatalf("%+v: a metre less does", m)
			}
		}
	}
	raised := func(m float64) bool {
		w := v
		w.Band = v.Band.Raised(m)
		return near(w)
	}
	over := 0.0
	if sep.VerticalM == 0 {
		over = 1e-5
	}
	for _, m := range []struct {
		by   *float64
		sign float64
	}{{h.Clear.UpM, 1}, {h.Clear.DownM, -1}} {
		if m.by == nil {
			if !raised(m.sign * 1e5) {
				rt.Fatalf("%v m clears", m.sign*1e5)
			}
		} else if raised(m.sign*(*m.by+over)) || *m.by > 1e-3 && !raised(m.sign*(*m.by-1e-3)) {
			rt.Fatalf("%v m is not the least that clears", m.sign**m.by)
		}
	}
	shifted := func(d time.Duration) bool {
		w := v
		if !w.Window.Start.IsZero() {
			w.Window.Start = w.Window.Start.Add(d)
		}
		if !w.Window.End.IsZero() {
			w.Window.End = w.Window.End.Add(d)
		}
		return near(w)
	}
	for _, m := range []struct {
		by   *time.Duration
		sign time.Duration
	}{{h.Clear.Later, 1}, {h.Clear.Earlier, -1}} {
		if m.by == nil {
			if !shifted(m.sign * 1e5 * time.Hour) {
				rt.Fatalf("%v clears", m.sign*1e5*time.Hour)
			}
		} else if shifted(m.sign**m.by) || !shifted(m.sign*(*m.by-1)) {
			rt.Fatalf("%v is not the least that clears", m.sign**m.by)
		}
	}
}

// TestHitSaysWhere: the altitudes and the places of a hit, whichever of the two is asked about.
func TestHitSaysWhere(t *testing.T) {
	a, b := disc("a", "blue", 0, 100, 1000, 0, 60), disc("b", "red", 150, 100, 1050, 30, 90)
	one, _ := Between(a, b, wide)
	two, _ := Between(b, a, wide)
	for _, p := range []Pair{one, two, two.Swapped()} {
		h := p.Worst()
		if h.Band.Lower.Value != 1050 || h.Band.Upper.Value != 1100 {
			t.Errorf("%v to %v", h.Band.Lower, h.Band.Upper)
		}
		if !h.Gap.LateralOverlap || h.AtA != h.AtB || h.AtA != one.Worst().AtA {
			t.Errorf("at %v and %v", h.AtA, h.AtB)
		}
	}
	above, near := Between(a, disc("b", "red", 0, 100, 1200, 0, 60), wide)
	if h := above.Worst(); !near || h.Band.Lower.Value != 1200 || h.Band.Upper.Value != 1100 || h.Gap.VerticalM != 100 {
		t.Errorf("between %v and %v", h.Band.Upper, h.Band.Lower)
	}
}

func TestPairID(t *testing.T) {
	const known = "c1a20b6bd4b602a201c037210cde6429b3b32e277260df7defefea3dbbda8fd0" // printf 1:11:2 | sha256sum
	p := Pair{A: &Item{ID: "1"}, B: &Item{ID: "2"}}
	q := p.Swapped()
	if p.ID() != known || q.ID() != known {
		t.Errorf("%s, %s", p.ID(), q.ID())
	}
	for _, ids := range [][2]string{{"", "12"}, {"12", ""}, {"1", "1:2"}, {"1:1", "2"}, {"1", "1"}} {
		r := Pair{A: &Item{ID: ids[0]}, B: &Item{ID: ids[1]}}
		if r.ID() == known {
			t.Errorf("%q has the id of 1 and 2", ids)
		}
	}
}

func TestNoMoveFromTheWholeEarth(t *testing.T) {
	all := disc("all", "red", 0, 100, 1000, 0, 60)
	all.Volumes[0].Shape = geo4d.Earth{}
	p, near := Between(disc("a", "blue", 0, 100, 1000, 0, 60), all, wide)
	q := p.Swapped()
	if !near || p.LateralMove(p.Worst()) != nil || q.LateralMove(q.Worst()) != nil {
		t.Errorf("%v %+v", near, p.Hits)
	}
	r := Check([]*Item{disc("a", "blue", 0, 100, 1000, 0, 60), all}, nil, wide)
	if m := r.Conflicts[0].MoveA; m.LateralM != nil || m.LateralBearingDeg != nil || m.UpM == nil {
		t.Errorf("%+v", m)
	}
}

// TestNoMoveInTime: a wait that no Duration holds is none.
func TestNoMoveInTime(t *testing.T) {
	far := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		start, end time.Time
		sep        time.Duration
		none       bool
	}{
		{day, day.Add(time.Hour), time.Minute, false},
		{day, far, 0, true},
		{day, day.Add(math.MaxInt64 - 1), 2, true},
		{day, day.Add(math.MaxInt64 - 2), 1, false},
		{time.Time{}, day, 0, true},
		{day, time.Time{}, 0, true},
	} {
		if got := wait(c.start, c.end, c.sep); (got == nil) != c.none || got != nil && *got != c.end.Sub(c.start)+c.sep {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
