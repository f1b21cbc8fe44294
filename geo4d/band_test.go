package geo4d

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

var bandHere = Position{80, 4} // off India, the geoid about 100 m under the ellipsoid

func drawAltitude(rt *rapid.T, name string) *Altitude {
	kinds := []struct {
		Unit
		Reference
		step float64
	}{{Metres, W84, 1}, {Metres, AMSL, 1}, {Feet, AMSL, 3}, {Feet, W84, 3}, {FlightLevel, FL, 0.03}, {Metres, AGL, 1}, {Feet, AGL, 3}}
	k := rapid.SampledFrom(kinds).Draw(rt, name+" reference")
	return alt(k.step*rapid.Float64Range(0, 10000).Draw(rt, name), k.Unit, k.Reference)
}

func drawBand(rt *rapid.T, name string) Band {
	b := Band{Lower: drawAltitude(rt, name+" lower")}
	b.Upper = Band{Lower: b.Lower}.Raised(rapid.Float64Range(0, 2000).Draw(rt, name+" height")).Lower
	return b
}

// TestClimbClears: a band raised by what ClimbToClear says is not too near, and one raised by a
// millimetre less is; downwards as well.
func TestClimbClears(t *testing.T) {
	here := Prepare(Circle{bandHere, 1000})
	near := func(a, b Band, g Terrain, sep float64) bool {
		m, overlap, _ := Vertical(a, b, here, here, g)
		return TooNearInAltitude(Gap{VerticalM: m, VerticalOverlap: overlap}, Separation{VerticalM: sep})
	}
	rapid.Check(t, func(rt *rapid.T) {
		a, b := drawBand(rt, "a"), drawBand(rt, "b")
		sep := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0.01, 1000), rapid.Just(304.8)).Draw(rt, "separation")
		g := rapid.SampledFrom([]Terrain{{}, {Known: true, MinM: 100, MaxM: 900}, {Known: true}}).Draw(rt, "terrain")
		if !near(a, b, g, sep) {
			rt.Skip("not near")
		}
		over := 0.0
		if sep == 0 {
			over = 2 * touchM
		}
		up, down := ClimbToClear(a, b, here, here, g, sep), DescentToClear(a, b, here, here, g, sep)
		for _, m := range []struct{ sign, by float64 }{{1, up}, {-1, down}} {
			if math.IsInf(m.by, 1) {
				for _, far := range []float64{1e3, 1e5} {
					if !near(a.Raised(m.sign*far), b, g, sep) {
						rt.Fatalf("%v m does", m.sign*far)
					}
				}
				continue
			}
			if near(a.Raised(m.sign*(m.by+over)), b, g, sep) {
				rt.Fatalf("%v m does not clear", m.sign*m.by)
			}
			if m.by > 1e-3 && !near(a.Raised(m.sign*(m.by-1e-3)), b, g, sep) {
				rt.Fatalf("%v m: a millimetre less clears", m.sign*m.by)
			}
		}
	})
}

func TestSharedBand(t *testing.T) {
	here := Prepare(Circle{bandHere, 10})
	m := func(v float64) *Altitude { return alt(v, Metres, AMSL) }
	known := Terrain{Known: true, MinM: 100, MaxM: 900}
	for _, c := range []struct {
		name       string
		a, b, want Band
		t          Terrain
	}{
		{"open", Band{}, Band{}, Band{}, Terrain{}},
		{"one open", Band{}, Band{m(1), m(2)}, Band{m(1), m(2)}, Terrain{}},
		{"overlap", Band{m(100), m(300)}, Band{m(200), m(400)}, Band{m(200), m(300)}, Terrain{}},
		{"inside", Band{m(100), m(400)}, Band{m(200), m(300)}, Band{m(200), m(300)}, Terrain{}},
		{"apart", Band{m(100), m(200)}, Band{m(300), m(400)}, Band{m(300), m(200)}, Terrain{}},
		{"open above and below", Band{m(100), nil}, Band{nil, m(300)}, Band{m(100), m(300)}, Terrain{}},
		{"in feet", Band{alt(1000, Feet, AMSL), nil}, Band{m(300), nil}, Band{alt(1000, Feet, AMSL), nil}, Terrain{}},
		{"ellipsoid over sea level", Band{alt(-50, Metres, W84), nil}, Band{m(0), nil}, Band{alt(-50, Metres, W84), nil}, Terrain{}},
		{"sea level over ellipsoid", Band{alt(-150, Metres, W84), nil}, Band{m(0), nil}, Band{m(0), nil}, Terrain{}},
		{"level and height", Band{alt(100, FlightLevel, FL), nil}, Band{m(2000), nil}, Band{alt(100, FlightLevel, FL), nil}, Terrain{}},
		{"ground not known", Band{alt(9000, Metres, AGL), nil}, Band{m(10), nil}, Band{m(10), nil}, Terrain{}},
		{"ground known", Band{alt(100, Metres, AGL), alt(200, Metres, AGL)}, Band{m(0), m(400)}, Band{alt(100, Metres, AGL), m(400)}, known},
	} {
		for _, flip := range []bool{false, true} {
			a, b := c.a, c.b
			if flip {
				a, b = b, a
			}
			got := SharedBand(a, b, here, here, c.t)
			if !sameAltitude(got.Lower, c.want.Lower) || !sameAltitude(got.Upper, c.want.Upper) {
				t.Errorf("%s: %v to %v, want %v to %v", c.name, got.Lower, got.Upper, c.want.Lower, c.want.Upper)
			}
		}
	}
}

func sameAltitude(a, b *Altitude) bool { return a == b || a != nil && b != nil && *a == *b }
