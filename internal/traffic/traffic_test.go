package traffic

import (
	"math"
	"reflect"
	"testing"
	"time"

	"parley/geo4d"
)

func TestSameForTheSameSeed(t *testing.T) {
	d := New(1)
	for _, tt := range []struct {
		name string
		draw func(*Day, int) []Plan
	}{{"plans", (*Day).Plans}, {"queries", (*Day).Queries}, {"one city", (*Day).InOneCity}, {"queries in one city", (*Day).QueriesInOneCity}} {
		all := tt.draw(d, 200)
		if few := tt.draw(New(1), 50); !reflect.DeepEqual(few, all[:50]) {
			t.Errorf("%s: the first 50 are not the first 50 of 200", tt.name)
		}
		if other := tt.draw(New(2), 50); reflect.DeepEqual(other, all[:50]) {
			t.Errorf("%s: another seed draws the same", tt.name)
		}
	}
	if reflect.DeepEqual(d.Plans(1)[0].Volume, d.Queries(1)[0].Volume) {
		t.Error("the first query is the first plan")
	}
}

// TestDistribution holds what the package comment says.
func TestDistribution(t *testing.T) {
	const n = 20_000
	d := New(1)
	circles, wide, low, inCities, corners := 0, 0, 0, 0, map[int]int{}
	for _, p := range d.Plans(n) {
		v := p.Volume
		if err := geo4d.Validate(v); err != nil {
			t.Fatalf("%s: %v", p.ID, err)
		}
		at, radiusM := middle(t, p)
		if radiusM > 3*maxRadiusM {
			wide++
		}
		switch s := v.Shape.(type) {
		case geo4d.Circle:
			if circles++; s.RadiusM < minRadiusM || s.RadiusM > maxRadiusM && s.RadiusM != wideRadiusM {
				t.Errorf("%s has radius %.1f m", p.ID, s.RadiusM)
			}
		case geo4d.Polygon:
			corners[len(s.Rings[0])-1]++
		}
		lowerM, upperM := v.Band.Lower.Value, v.Band.Upper.Value
		if lowerM == 0 && upperM == 120 {
			low++
		} else if lowerM < 0 || upperM > 10_000 || upperM-lowerM < 20-1e-6 {
			t.Errorf("%s: band %v to %v", p.ID, lowerM, upperM)
		}
		lasts := v.Window.End.Sub(v.Window.Start)
		if lasts < 5*time.Minute || lasts > 4*time.Hour || v.Window.Start.Before(Start()) || v.Window.End.After(Start().Add(24*time.Hour)) {
			t.Errorf("%s: window %v", p.ID, v.Window)
		}
		for _, c := range d.cities {
			if m, _, _ := geo4d.Inverse(c, at); m < 4*CitySpreadM {
				inCities++
				break
			}
		}
	}
	share := func(name string, got int, want, within float64) {
		if s := float64(got) / n; math.Abs(s-want) > within {
			t.Errorf("%s: a share of %.4f, want %.4f", name, s, want)
		}
	}
	share("circles", circles, 0.5, 0.015)
	share("bands from the ground", low, 0.5, 0.015)
	share("wide", wide, 1.0/wideOneIn, 0.0005)
	share("within four spreads of a city", inCities, 0.74, 0.03) // some of those that are spread are there too
	for k := 4; k <= 12; k++ {
		share("polygons of one number of corners", corners[k], 0.5/9, 0.007)
	}
	if len(corners) != 9 {
		t.Errorf("corners: %v", corners)
	}
}

// middle returns a place in a shape and how far its edge is from there at most, which for a polygon
// is at least 40 % of its radius and at most twice.
func middle(t *testing.T, p Plan) (geo4d.Position, float64) {
	switch s := p.Volume.Shape.(type) {
	case geo4d.Circle:
		return s.Center, s.RadiusM
	case geo4d.Polygon:
		var sum geo4d.Position
		ring := s.Rings[0][1:]
		for _, q := range ring {
			sum.LonDeg, sum.LatDeg = sum.LonDeg+q.LonDeg/float64(len(ring)), sum.LatDeg+q.LatDeg/float64(len(ring))
		}
		farthest := 0.0
		for _, q := range ring {
			m, _, _ := geo4d.Inverse(sum, q)
			farthest = math.Max(farthest, m)
		}
		return sum, farthest
	}
	t.Fatalf("%s is a %T", p.ID, p.Volume.Shape)
	return geo4d.Position{}, 0
}

func TestWide(t *testing.T) {
	p := Wide(1000e3)
	if err := geo4d.Validate(p.Volume); err != nil {
		t.Fatal(err)
	}
	ring := p.Volume.Shape.(geo4d.Polygon).Rings[0]
	if m, _, _ := geo4d.Inverse(ring[0], ring[6]); math.Abs(m-1000e3) > 1 {
		t.Errorf("%.1f m wide", m)
	}
}
