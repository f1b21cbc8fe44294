// Package traffic draws a continent's traffic of one day, the same for the same seed, for tests and
// measurements of what looks for conflicts.
//
// Of the plans, 70 % are clustered round 50 cities and 30 % are spread over an area of the size of
// Europe. Half are circles and half polygons of 4 to 12 corners. Radii are uniform from 50 m to 5 km
// (not in their logarithm: most plans are kilometres wide, which is the harder case), and that of one
// plan in 2,000 is 50 km; the corners of a polygon lie at equal angles, each at 40 to 100 % of the
// radius. Half of the bands are 0 to 120 m, half begin at any height up to 9 km and are 20 m to 1 km
// thick, all over the ellipsoid. Windows are 5 minutes to 4 hours long and lie within 24 hours.
//
// What was free to choose is CitySpreadM and the area. They stay the same whatever the number of
// plans, so that twice the plans are twice the hits. With 1,000,000 plans and a separation of 50 m,
// 15 m and 30 s, a query of seed 1 finds 8.25 on average, with a standard deviation of 19; TestHits in
// package conflict holds a tenth of that among a tenth of the plans.
package traffic

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"parley/geo4d"
)

const (
	cities      = 50
	clustered   = 0.7
	wideOneIn   = 2000
	wideRadiusM = 50e3
	minRadiusM  = 50
	maxRadiusM  = 5e3

	// CitySpreadM is how far the plans of a city lie from its middle, as a standard deviation on
	// each of two axes.
	CitySpreadM = 18.8e3
)

// Plan is one 4D volume and its ID.
type Plan struct {
	ID     string
	Volume geo4d.Volume
}

// Day is one day's traffic.
type Day struct {
	seed   uint64
	cities []geo4d.Position
}

// New returns the day that a seed stands for.
func New(seed uint64) *Day {
	d := &Day{seed: seed}
	rng := d.stream(1)
	for range cities {
		d.cities = append(d.cities, anywhere(rng))
	}
	return d
}

// Start is when each day begins; it lasts 24 hours.
func Start() time.Time { return time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC) }

// stream returns randomness of its own for each use, so that none depends on how much another drew.
func (d *Day) stream(use uint64) *rand.Rand { return rand.New(rand.NewPCG(d.seed, use)) }

// Plans returns the first n plans of the day, "v0000000" and so on: those of a smaller n come first.
func (d *Day) Plans(n int) []Plan { return d.draw(d.stream(2), "v", n, d.place) }

// Queries returns n further plans of the same distribution, "q0000000" and so on.
func (d *Day) Queries(n int) []Plan { return d.draw(d.stream(3), "q", n, d.place) }

// InOneCity returns n plans round one city, "v0000000" and so on.
func (d *Day) InOneCity(n int) []Plan { return d.draw(d.stream(4), "v", n, d.nearFirst) }

// QueriesInOneCity returns n further plans round the same city, "q0000000" and so on.
func (d *Day) QueriesInOneCity(n int) []Plan { return d.draw(d.stream(5), "q", n, d.nearFirst) }

func (d *Day) draw(rng *rand.Rand, prefix string, n int, place func(*rand.Rand) geo4d.Position) []Plan {
	out := make([]Plan, n)
	for i := range out {
		out[i] = Plan{ID: fmt.Sprintf("%s%07d", prefix, i), Volume: volume(rng, place(rng))}
	}
	return out
}

// anywhere returns a place in the area.
func anywhere(rng *rand.Rand) geo4d.Position {
	return geo4d.Position{LonDeg: rng.Float64()*50 - 10, LatDeg: 35 + rng.Float64()*25}
}

func (d *Day) place(rng *rand.Rand) geo4d.Position {
	if rng.Float64() < clustered {
		return near(rng, d.cities[rng.IntN(cities)])
	}
	return anywhere(rng)
}

func (d *Day) nearFirst(rng *rand.Rand) geo4d.Position { return near(rng, d.cities[0]) }

func near(rng *rand.Rand, city geo4d.Position) geo4d.Position {
	p, _ := geo4d.Direct(city, rng.Float64()*360, CitySpreadM*math.Hypot(rng.NormFloat64(), rng.NormFloat64()))
	return p
}

func volume(rng *rand.Rand, at geo4d.Position) geo4d.Volume {
	radiusM := uniform(rng, minRadiusM, maxRadiusM)
	if rng.IntN(wideOneIn) == 0 {
		radiusM = wideRadiusM
	}
	var v geo4d.Volume
	if rng.IntN(2) == 0 {
		v.Shape = geo4d.Circle{Center: at, RadiusM: radiusM}
	} else {
		v.Shape = polygon(rng, at, radiusM, 4+rng.IntN(9))
	}
	lowerM, upperM := 0.0, 120.0
	if rng.IntN(2) == 0 {
		lowerM = uniform(rng, 0, 9000)
		upperM = lowerM + uniform(rng, 20, 1000)
	}
	v.Band = geo4d.Band{Lower: height(lowerM), Upper: height(upperM)}
	const dayS = 24 * 3600
	lastsS := 300 + rng.IntN(4*3600-300+1)
	v.Window.Start = Start().Add(time.Duration(rng.IntN(dayS-lastsS+1)) * time.Second)
	v.Window.End = v.Window.Start.Add(time.Duration(lastsS) * time.Second)
	return v
}

func uniform(rng *rand.Rand, from, to float64) float64 { return from + (to-from)*rng.Float64() }

func height(m float64) *geo4d.Altitude {
	return &geo4d.Altitude{Value: m, Unit: geo4d.Metres, Reference: geo4d.W84}
}

func polygon(rng *rand.Rand, at geo4d.Position, radiusM float64, corners int) geo4d.Polygon {
	ring := make([]geo4d.Position, 0, corners+1)
	for i := range corners {
		p, _ := geo4d.Direct(at, float64(i)*360/float64(corners), radiusM*uniform(rng, 0.4, 1))
		ring = append(ring, p)
	}
	return geo4d.Polygon{Rings: [][]geo4d.Position{append(ring, ring[0])}}
}

// Wide returns a plan of 12 corners and a given width, "wide", in the middle of the area and the day.
func Wide(widthM float64) Plan {
	var ring []geo4d.Position
	for i := range 12 {
		p, _ := geo4d.Direct(geo4d.Position{LonDeg: 10, LatDeg: 48}, float64(i)*30, widthM/2)
		ring = append(ring, p)
	}
	from := Start().Add(11 * time.Hour)
	return Plan{ID: "wide", Volume: geo4d.Volume{
		Shape:  geo4d.Polygon{Rings: [][]geo4d.Position{append(ring, ring[0])}},
		Band:   geo4d.Band{Lower: height(0), Upper: height(120)},
		Window: geo4d.Window{Start: from, End: from.Add(2 * time.Hour)},
	}}
}
