package propose_test

import (
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/conflict"
	"parley/conflict/propose"
	"parley/geo4d"
)

// edgeDrawer draws items that touch, or nearly, at steps of a grid: in time, altitude and place.
type edgeDrawer struct {
	*rapid.T
	at     geo4d.Position
	config propose.Config
	layers bool // of what keeps apart in altitude, all with both bounds
}

func (d *edgeDrawer) oneOf(of ...float64) float64 { return rapid.SampledFrom(of).Draw(d.T, "one of") }

func (d *edgeDrawer) chance(of int, name string) bool {
	return rapid.IntRange(1, of).Draw(d.T, name) == 1
}

func newEdgeDrawer(t *rapid.T) *edgeDrawer {
	d := &edgeDrawer{T: t}
	d.at = geo4d.Position{LonDeg: d.oneOf(36, 180, -179.99, 0), LatDeg: d.oneOf(35, 0, 60, 89.95, -90)}
	d.config = propose.Defaults(day.Add(time.Duration(rapid.IntRange(-300, 60).Draw(t, "now")) * time.Minute))
	d.layers = rapid.Bool().Draw(t, "layers")
	c := &d.config
	c.Grid.Time = rapid.SampledFrom([]time.Duration{time.Minute, 7 * time.Minute, time.Hour, 90 * time.Second}).Draw(t, "step")
	c.Bounds.Later, c.Bounds.Earlier = 4*time.Hour, 3*time.Hour
	c.Grid.LateralM, c.Bounds.LateralM = d.oneOf(250, 1000, 3700), d.oneOf(0, 10e3, 40e3)
	c.Grid.Bearings = rapid.IntRange(1, 5).Draw(t, "bearings")
	c.Bounds.UpM, c.Bounds.DownM = d.oneOf(0, 1524, 6096, 6096), d.oneOf(0, 304.8, 6096, 6096)
	c.Bounds.CeilingM, c.Bounds.FloorM = d.oneOf(3000, 20e3, 20e3), d.oneOf(-100, 0, 30.48)
	return d
}

var edgeKinds = []kind{crewed, crewed, crewed, small, small, area, area, hazard, movement, site}

func (d *edgeDrawer) item(id string) *conflict.Item {
	it := &conflict.Item{ID: id, Party: rapid.SampledFrom([]string{"", "a", "a", "b", "b"}).Draw(d.T, "party"),
		Class: d.kind(), UncertaintyM: d.oneOf(0, 0, 0, 250, 1000)}
	for range rapid.SampledFrom([]int{1, 1, 1, 1, 2, 3}).Draw(d.T, "volumes") {
		it.Volumes = append(it.Volumes, geo4d.Volume{Shape: d.shape(), Band: d.band(), Window: d.window()})
	}
	return it
}

func (d *edgeDrawer) kind() kind {
	if d.layers {
		return rapid.SampledFrom([]kind{crewed, crewed, small, area}).Draw(d.T, "kind")
	}
	return rapid.SampledFrom(edgeKinds).Draw(d.T, "kind")
}

func (d *edgeDrawer) window() geo4d.Window {
	start := day.Add(time.Duration(rapid.IntRange(-6, 12).Draw(d.T, "start")) * 10 * time.Minute)
	start = start.Add(rapid.SampledFrom([]time.Duration{0, 0, 0, 1, -time.Millisecond, time.Second}).Draw(d.T, "hair"))
	w := geo4d.Window{Start: start, End: start.Add(time.Duration(rapid.IntRange(1, 9).Draw(d.T, "long")) * 10 * time.Minute)}
	if d.chance(12, "open start") {
		w.Start = time.Time{}
	}
	if d.chance(12, "open end") {
		w.End = time.Time{}
	}
	return w
}

func (d *edgeDrawer) band() geo4d.Band {
	value := float64(rapid.IntRange(0, 24).Draw(d.T, "lower"))
	thick := float64(rapid.IntRange(0, 3).Draw(d.T, "thick"))
	altitude := func(v float64, u geo4d.Unit, r geo4d.Reference) *geo4d.Altitude {
		return &geo4d.Altitude{Value: v, Unit: u, Reference: r}
	}
	var b geo4d.Band
	which := rapid.IntRange(0, 9).Draw(d.T, "band")
	if d.layers {
		which = []int{1, 1, 1, 3, 5}[which/2]
	}
	switch which {
	case 0:
		return geo4d.Band{}
	case 1, 2, 7, 8:
		b = geo4d.Band{Lower: altitude(10*value, geo4d.FlightLevel, geo4d.FL), Upper: altitude(10*(value+thick), geo4d.FlightLevel, geo4d.FL)}
	case 3, 9:
		b = geo4d.Band{Lower: altitude(500*value, geo4d.Feet, geo4d.AMSL), Upper: altitude(500*(value+thick), geo4d.Feet, geo4d.AMSL)}
	case 4:
		b = geo4d.Band{Lower: altitude(50*value, geo4d.Metres, geo4d.AGL), Upper: altitude(50*(value+thick), geo4d.Metres, geo4d.AGL)}
	case 5:
		b = geo4d.Band{Lower: altitude(100*value, geo4d.Metres, geo4d.W84), Upper: altitude(100*(value+thick)+0.25, geo4d.Metres, geo4d.W84)}
	case 6:
		b = geo4d.Band{Lower: altitude(100*value, geo4d.Feet, geo4d.AMSL), Upper: altitude(200+10*thick, geo4d.FlightLevel, geo4d.FL)}
	}
	if d.layers {
		return b
	}
	if d.chance(5, "open above") {
		b.Upper = nil
	}
	if d.chance(8, "open below") {
		b.Lower = nil
	}
	return b
}

func (d *edgeDrawer) shape() geo4d.Shape {
	// As far as a whole number of steps, and a hair.
	farM := d.config.Grid.LateralM*float64(rapid.IntRange(0, 12).Draw(d.T, "steps")) + d.oneOf(0, 1e-5, -1e-5, 0.5)
	mid, _ := geo4d.Direct(d.at, d.oneOf(0, 90, 180, 72, 33), math.Max(0, farM))
	sizeM := d.oneOf(250, 1000, 3700, 12e3)
	corner := func(bearingDeg, m float64) geo4d.Position {
		p, _ := geo4d.Direct(mid, bearingDeg, m)
		return p
	}
	ring := func(k float64) []geo4d.Position {
		r := []geo4d.Position{corner(0, k*sizeM), corner(90, k*sizeM/2), corner(180, k*sizeM), corner(270, k*sizeM)}
		return append(r, r[0])
	}
	switch rapid.IntRange(0, 8).Draw(d.T, "shape") {
	case 0:
		return geo4d.Corridor{Line: []geo4d.Position{mid, corner(d.oneOf(0, 90, 45), 3*sizeM), corner(d.oneOf(10, 200), 2*sizeM)}, HalfWidthM: sizeM / 10}
	case 1:
		return geo4d.Polygon{Rings: [][]geo4d.Position{ring(1)}}
	case 2:
		return geo4d.Polygon{Rings: [][]geo4d.Position{ring(1), ring(0.9)}} // a frame: what lies inside is free
	case 3:
		return geo4d.Multi{Parts: []geo4d.Shape{geo4d.Circle{Center: mid, RadiusM: sizeM / 4}, geo4d.Circle{Center: corner(100, 2*sizeM), RadiusM: sizeM / 4}}}
	case 4:
		if d.chance(4, "earth") {
			return geo4d.Earth{}
		}
	}
	return geo4d.Circle{Center: mid, RadiusM: sizeM}
}

// TestProposalsAtEdges holds proposals for a few items that touch each other, or nearly, against every
// step of the grid; and that the order in which items were put in does not count.
func TestProposalsAtEdges(t *testing.T) {
	proposals, reasons := map[propose.Direction]int{}, map[propose.None]int{}
	rapid.Check(t, func(rt *rapid.T) {
		d := newEdgeDrawer(rt)
		var items []*conflict.Item
		for i := range rapid.IntRange(2, 6).Draw(rt, "items") {
			items = append(items, d.item(fmt.Sprintf("n%d", i)))
		}
		x, y := conflict.New(rules), conflict.New(rules)
		for i := range items {
			x.Put(items[i])
			y.Put(items[len(items)-1-i])
		}
		it := rapid.SampledFrom(items).Draw(rt, "asked")
		may := propose.Allowed{Time: !d.chance(8, "no time"), Altitude: !d.chance(8, "no altitude"), Space: !d.chance(8, "no space")}
		r, err := propose.For(rt.Context(), x, it, may, d.config)
		if err != nil {
			rt.Skip(err) // a volume that is not valid
		}
		checkOne(rt, it, items, r, d.config, may)
		checkWhole(rt, r, may)
		if again, _ := propose.For(rt.Context(), y, it, may, d.config); !reflect.DeepEqual(again, r) {
			rt.Fatalf("put in the other way round: %+v, and then %+v", r, again)
		}
		for _, p := range r.Proposals {
			proposals[p.Move.Direction()]++
		}
		for _, n := range r.None {
			reasons[n]++
		}
	})
	t.Log(proposals, reasons)
}

// checkWhole holds that each direction has a proposal or a reason, and not both.
func checkWhole(t fataler, r propose.Result, may propose.Allowed) {
	t.Helper()
	if len(r.Conflicts) == 0 {
		return
	}
	for d, allowed := range map[propose.Direction]bool{propose.Later: may.Time, propose.Earlier: may.Time,
		propose.Up: may.Altitude, propose.Down: may.Altitude, propose.Aside: may.Space} {
		with, without := 0, 0
		for _, p := range r.Proposals {
			with += btoi(p.Move.Direction() == d)
		}
		for _, n := range r.None {
			if n.Direction == d {
				without++
				if (n.Reason == propose.NotAllowed) == allowed {
					t.Fatalf("%s: %s, allowed %v", d, n.Reason, allowed)
				}
			}
		}
		if (with > 0) == (without > 0) || without > 1 || with > 0 && !allowed {
			t.Fatalf("%s: %d proposals and %d reasons, allowed %v", d, with, without, allowed)
		}
	}
}
