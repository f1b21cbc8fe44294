package propose_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"parley/conflict"
	"parley/geo4d"
)

// kind is the class of a drawn item.
type kind string

const (
	crewed   kind = "crewed"
	small    kind = "small"
	area     kind = "area"
	hazard   kind = "hazard"
	movement kind = "movement"
	site     kind = "site"
)

const nm, ft = 1852.0, 0.3048

// kept is what two kinds must keep: the figures of an agreement's defaults.
func kept(a, b any) (geo4d.Separation, bool) {
	k, l := a.(kind), b.(kind)
	is := func(one, other kind) bool { return k == one && l == other || k == other && l == one }
	flight := func(k kind) bool { return k == crewed || k == small }
	switch {
	case is(crewed, crewed):
		return geo4d.Separation{LateralM: 20 * nm, VerticalM: 2000 * ft, Time: 10 * time.Minute}, true
	case flight(k) && flight(l):
		return geo4d.Separation{LateralM: 500, VerticalM: 100, Time: 2 * time.Minute}, true
	case is(crewed, area), is(crewed, hazard):
		return geo4d.Separation{LateralM: 10 * nm, VerticalM: 2000 * ft, Time: 10 * time.Minute}, true
	case is(small, area), is(small, hazard):
		return geo4d.Separation{LateralM: 1000, VerticalM: 150, Time: 10 * time.Minute}, true
	case flight(k) || flight(l): // with a movement or a site
		return geo4d.Separation{LateralM: 1 * nm, Time: 10 * time.Minute, AnyAltitude: true}, true
	case is(hazard, site), is(hazard, movement):
		return geo4d.Separation{LateralM: 1000, Time: 10 * time.Minute, AnyAltitude: true}, true
	case is(movement, movement), is(movement, area):
		return geo4d.Separation{LateralM: 300, Time: 10 * time.Minute, AnyAltitude: true}, true
	case is(area, area), is(area, hazard), is(hazard, hazard), is(movement, site):
		return geo4d.Separation{AnyAltitude: is(movement, site)}, true
	}
	return geo4d.Separation{}, false
}

var rules = conflict.Config{Separation: kept, Terrain: geo4d.Terrain{Known: true, MinM: -50, MaxM: 1800}}

var day = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

// picture draws notices of two parties in an area some hundred kilometres wide.
type picture struct {
	*rand.Rand
	middle  geo4d.Position
	spreadM float64
}

func newPicture(seed uint64) *picture {
	r := rand.New(rand.NewPCG(seed, 4))
	p := &picture{Rand: r, spreadM: 80e3 + 300e3*r.Float64()}
	p.middle = geo4d.Position{LonDeg: -180 + 360*r.Float64(), LatDeg: -70 + 140*r.Float64()}
	if r.IntN(8) == 0 {
		p.middle = geo4d.Position{LonDeg: 179.9, LatDeg: []float64{0, 40, 89.5, -89.9}[r.IntN(4)]}
	}
	return p
}

func (p *picture) between(lo, hi float64) float64 { return lo + (hi-lo)*p.Float64() }

func (p *picture) from(at geo4d.Position, mostM float64) geo4d.Position {
	q, _ := geo4d.Direct(at, p.between(0, 360), p.between(0, mostM))
	return q
}

func (p *picture) items(n int) []*conflict.Item {
	var out []*conflict.Item
	for i := range n {
		out = append(out, p.item(fmt.Sprintf("n%03d", i), []string{"a", "b"}[p.IntN(2)]))
	}
	return out
}

func (p *picture) item(id, party string) *conflict.Item {
	kinds := []kind{crewed, crewed, crewed, small, small, small, area, area, hazard, movement, site}
	it := &conflict.Item{ID: id, Party: party, Class: kinds[p.IntN(len(kinds))]}
	if p.IntN(4) == 0 {
		it.UncertaintyM = p.between(0, 500)
	}
	at := p.from(p.middle, p.spreadM)
	count := 1
	if p.IntN(4) == 0 {
		count = 2 + p.IntN(2)
	}
	start := day.Add(time.Duration(p.IntN(24*60)) * time.Minute)
	for range count {
		long := time.Duration(10+p.IntN(180)) * time.Minute
		v := geo4d.Volume{Window: geo4d.Window{Start: start, End: start.Add(long)}, Band: p.band(it.Class.(kind))}
		v.Shape = p.shape(it.Class.(kind), at)
		if it.Class == site || p.IntN(60) == 0 {
			v.Window.End = time.Time{}
		}
		if p.IntN(100) == 0 {
			v.Window.Start = time.Time{}
		}
		it.Volumes = append(it.Volumes, v)
		start, at = start.Add(long), p.from(at, 30e3)
	}
	return it
}

func (p *picture) shape(k kind, at geo4d.Position) geo4d.Shape {
	sizeM := p.between(1000, 15e3)
	if k == small || k == site || k == movement {
		sizeM = p.between(50, 2000)
	}
	switch p.IntN(4) {
	case 0:
		line := []geo4d.Position{at, p.from(at, 8*sizeM)}
		line = append(line, p.from(line[1], 8*sizeM))
		return geo4d.Corridor{Line: line, HalfWidthM: sizeM / 5}
	case 1:
		var ring []geo4d.Position
		corners := 4 + p.IntN(6)
		for i := range corners {
			q, _ := geo4d.Direct(at, float64(i)*360/float64(corners), sizeM*p.between(0.5, 1))
			ring = append(ring, q)
		}
		return geo4d.Polygon{Rings: [][]geo4d.Position{append(ring, ring[0])}}
	}
	return geo4d.Circle{Center: at, RadiusM: sizeM}
}

func (p *picture) band(k kind) geo4d.Band {
	altitude := func(v float64, u geo4d.Unit, r geo4d.Reference) *geo4d.Altitude {
		return &geo4d.Altitude{Value: v, Unit: u, Reference: r}
	}
	if k == movement || k == site {
		return geo4d.Band{}
	}
	if k == small {
		return geo4d.Band{Lower: altitude(0, geo4d.Metres, geo4d.AGL), Upper: altitude(10*float64(4+p.IntN(20)), geo4d.Metres, geo4d.AGL)}
	}
	lower := float64(p.IntN(30))
	switch p.IntN(6) {
	case 0:
		return geo4d.Band{Lower: altitude(10*lower, geo4d.FlightLevel, geo4d.FL), Upper: altitude(10*lower+20, geo4d.FlightLevel, geo4d.FL)}
	case 1:
		return geo4d.Band{Lower: altitude(1000*lower, geo4d.Feet, geo4d.AMSL), Upper: altitude(1000*lower+1500, geo4d.Feet, geo4d.AMSL)}
	case 2:
		return geo4d.Band{Lower: altitude(300*lower, geo4d.Metres, geo4d.W84), Upper: altitude(300*lower+200, geo4d.Metres, geo4d.W84)}
	case 3:
		return geo4d.Band{Upper: altitude(1000+500*lower, geo4d.Feet, geo4d.AMSL)}
	case 4:
		return geo4d.Band{Lower: altitude(500*lower, geo4d.Feet, geo4d.AMSL), Upper: altitude(100+10*lower, geo4d.FlightLevel, geo4d.FL)}
	}
	return geo4d.Band{Lower: altitude(100*lower, geo4d.Metres, geo4d.AMSL)}
}
