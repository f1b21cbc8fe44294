package propose

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"parley/conflict"
	"parley/geo4d"
)

// ignorant steps on by one, whatever it was told.
type ignorant struct{ stepper }

func (ignorant) next(_ context.Context, from, to int) (int, bool) { return from, from <= to }
func (ignorant) learn([]*pair)                                    {}

// TestWhatIsKnownOnlySavesTime: where nothing is known beforehand or learnt, the index alone leads to
// the same proposals.
func TestWhatIsKnownOnlySavesTime(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	start := time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)
	draw := func(id string) *conflict.Item {
		at, _ := geo4d.Direct(geo4d.Position{LonDeg: 36, LatDeg: 35}, 360*r.Float64(), 20e3*r.Float64())
		from := start.Add(time.Duration(r.IntN(300)) * time.Minute)
		lower := geo4d.Altitude{Value: float64(10 * r.IntN(20)), Unit: geo4d.FlightLevel, Reference: geo4d.FL}
		upper := lower
		upper.Value += 10
		return &conflict.Item{ID: id, Class: 0, Volumes: []geo4d.Volume{{Shape: geo4d.Circle{Center: at, RadiusM: 500 + 3000*r.Float64()},
			Band: geo4d.Band{Lower: &lower, Upper: &upper}, Window: geo4d.Window{Start: from, End: from.Add(time.Hour)}}}}
	}
	c := Defaults(start.Add(-2 * time.Hour))
	c.Grid.Time, c.Grid.LateralM, c.Grid.Bearings, c.Bounds.LateralM = 10*time.Minute, 1000, 5, 60e3
	found := 0
	for range 20 {
		x := conflict.New(conflict.Config{Separation: func(a, b any) (geo4d.Separation, bool) {
			return geo4d.Separation{LateralM: 3000, VerticalM: 304.8, Time: 10 * time.Minute}, true
		}})
		for i := range 60 {
			x.Put(draw(fmt.Sprint(i)))
		}
		it := draw("asked")
		ways := func(wrap func(*way)) (out []string) {
			s := newSearch(x, it, c)
			s.conflicts()
			ways := append(append(s.timeWays(true), s.altitudeWays(true)...), s.spaceWays(true)...)
			for _, w := range ways {
				wrap(w)
			}
			if err := s.settle(t.Context(), ways); err != nil {
				t.Fatal(err)
			}
			for _, w := range ways {
				out = append(out, string(w.reason))
				if w.proposal != nil {
					found++
					out[len(out)-1] = fmt.Sprint(w.proposal.Move)
				}
			}
			return out
		}
		known := ways(func(*way) {})
		unknown := ways(func(w *way) { w.stepper, w.first = ignorant{w.stepper}, 1 })
		for i := range known {
			if known[i] != unknown[i] {
				t.Fatalf("way %d: %s, but by the index alone %s", i, known[i], unknown[i])
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d proposals", found)
	}
}

// TestAltitudeDependsOnThePlace moves an item with heights over the geoid away from one with heights
// over the ellipsoid: what the two keep in altitude changes on the way, and may be enough long
// before they are far enough from each other.
func TestAltitudeDependsOnThePlace(t *testing.T) {
	at := geo4d.Position{LonDeg: 90, LatDeg: 10} // the geoid slopes by some metres in 100 km
	height := func(m float64, r geo4d.Reference) *geo4d.Altitude {
		return &geo4d.Altitude{Value: m, Unit: geo4d.Metres, Reference: r}
	}
	window := geo4d.Window{Start: time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)}
	window.End = window.Start.Add(time.Hour)
	a := geo4d.Volume{Shape: geo4d.Circle{Center: at, RadiusM: 500}, Window: window, Band: geo4d.Band{Lower: height(1000, geo4d.AMSL), Upper: height(1100, geo4d.AMSL)}}
	b := geo4d.Volume{Shape: geo4d.Circle{Center: at, RadiusM: 500}, Window: window, Band: geo4d.Band{Lower: height(2000, geo4d.W84), Upper: height(2100, geo4d.W84)}}
	sep := geo4d.Separation{LateralM: 200e3, VerticalM: geo4d.Measure(&a, &b, geo4d.Terrain{}).VerticalM + 1.5}
	x := conflict.New(conflict.Config{Separation: func(_, _ any) (geo4d.Separation, bool) { return sep, true }})
	x.Put(&conflict.Item{ID: "b", Volumes: []geo4d.Volume{b}})
	c := Defaults(window.Start)
	c.Grid.LateralM, c.Bounds.LateralM = 1000, 300e3
	r, err := For(t.Context(), x, &conflict.Item{ID: "a", Volumes: []geo4d.Volume{a}}, Allowed{Space: true}, c)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Proposals) != c.Grid.Bearings {
		t.Fatalf("%d proposals", len(r.Proposals))
	}
	before := 0
	for _, p := range r.Proposals {
		if p.Move.LateralM < 190e3 {
			before++
		}
		for m := c.Grid.LateralM; m < p.Move.LateralM; m += c.Grid.LateralM {
			v, err := Move{LateralM: m, BearingDeg: p.Move.BearingDeg}.Of([]geo4d.Volume{a})
			if err != nil {
				t.Fatal(err)
			}
			if !geo4d.TooNear(geo4d.Measure(&v[0], &b, geo4d.Terrain{}), sep, 0) {
				t.Fatalf("%v m at %v degrees would do, and %v was proposed", m, p.Move.BearingDeg, p.Move.LateralM)
			}
		}
	}
	if before == 0 || before == len(r.Proposals) {
		t.Errorf("%d of %d clear by altitude", before, len(r.Proposals))
	}
}
