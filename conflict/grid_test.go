package conflict

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"parley/conflict/plane"
	"parley/geo4d"
)

// covered notes what cover visits.
type covered struct {
	t    *rapid.T
	bits map[tileID]uint64
}

func (c *covered) tile(id tileID, wanted uint64) {
	if _, twice := c.bits[id]; twice {
		c.t.Fatalf("tile %x is visited twice", uint64(id))
	}
	c.bits[id] = wanted
}

func drawPlace(t *rapid.T) geo4d.Position {
	return geo4d.Position{
		LonDeg: rapid.SampledFrom([]float64{-180, 180, 0, 179.9999, -179.9999, rapid.Float64Range(-180, 180).Draw(t, "lon")}).Draw(t, "longitude"),
		LatDeg: rapid.SampledFrom([]float64{90, -90, 89.99, -89.999, 0, rapid.Float64Range(-90, 90).Draw(t, "lat")}).Draw(t, "latitude"),
	}
}

// TestCoverHoldsWhatIsWithin takes places within a distance and looks whether their cells are
// visited, each tile once.
func TestCoverHoldsWhatIsWithin(t *testing.T) {
	var grids [levels]grid
	for l := range grids {
		grids[l] = newGrid(l)
	}
	rapid.Check(t, func(t *rapid.T) {
		g := &grids[rapid.IntRange(0, levels-1).Draw(t, "level")]
		p := drawPlace(t)
		within := math.Pow(10, rapid.Float64Range(0, math.Log10(wideQueryM)).Draw(t, "within"))
		c := covered{t, map[tileID]uint64{}}
		lat, lon := plane.PlaceOf(p).Degrees()
		g.cover(lat, lon, within, &c)
		for range 50 {
			q, _ := geo4d.Direct(p, rapid.Float64Range(0, 360).Draw(t, "azimuth"), within*math.Sqrt(rapid.Float64Range(0, 1).Draw(t, "distance")))
			id, cell := g.cellOf(plane.PlaceOf(q))
			if c.bits[id]&(1<<cell) == 0 {
				t.Fatalf("level %d: the cell of %v, within %v m of %v, is not visited", g.level, q, within, p)
			}
		}
	})
}

// TestChordsBoundDistances holds longest, and the straight distance, against geodesics.
func TestChordsBoundDistances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlace(t)
		d := math.Pow(10, rapid.Float64Range(-3, 7.2).Draw(t, "distance"))
		q, _ := geo4d.Direct(p, rapid.Float64Range(0, 360).Draw(t, "azimuth"), d)
		s, _, _ := geo4d.Inverse(p, q)
		chord := plane.PlaceOf(p).From(plane.PlaceOf(q))
		if chord > s+1e-8 || longest(chord) < s-1e-8 {
			t.Fatalf("%v m apart: the chord is %v, at most %v", s, chord, longest(chord))
		}
	})
}

// smallShape draws what is compared in a plane.
func smallShape(rng *rand.Rand, at geo4d.Position) geo4d.Shape {
	size := math.Pow(10, rng.Float64()*4.9)
	mid, _ := geo4d.Direct(at, rng.Float64()*360, rng.Float64()*size*3)
	switch rng.IntN(3) {
	case 0:
		return geo4d.Circle{Center: mid, RadiusM: size / 2}
	case 1:
		end, _ := geo4d.Direct(mid, rng.Float64()*360, math.Min(size, 9e3))
		return geo4d.Corridor{Line: []geo4d.Position{mid, end}, HalfWidthM: size / 10}
	}
	var ring []geo4d.Position
	n := 3 + rng.IntN(8)
	for i := range n {
		p, _ := geo4d.Direct(mid, float64(i)*360/float64(n), size*(0.05+0.9*rng.Float64()))
		ring = append(ring, p)
	}
	return geo4d.Polygon{Rings: [][]geo4d.Position{append(ring, ring[0])}}
}

func piecesOf(s geo4d.Shape) []piece {
	c := cutter{}
	c.cut(s)
	return c.pieces
}

// TestThePlaneIsNeverWrong compares what the plane says with exact gaps, asking right at, below and
// above them.
func TestThePlaneIsNeverWrong(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	places := []geo4d.Position{{LonDeg: 36, LatDeg: 35}, {LonDeg: 180}, {LatDeg: 90}, {LonDeg: 10, LatDeg: -89.99}, {LonDeg: -179.99, LatDeg: 70}}
	said, asked := 0, 0
	for range 20_000 {
		at := places[rng.IntN(len(places))]
		s, o := smallShape(rng, at), smallShape(rng, at)
		ps, po := piecesOf(s), piecesOf(o)
		if len(ps) != 1 || len(po) != 1 || ps[0].kind >= hard || po[0].kind >= hard {
			continue
		}
		gap, overlap, _, _ := geo4d.Lateral(s, o)
		f := plane.FrameAt(ps[0].centre)
		var a, b laid
		a.put(&ps[0], &f)
		b.put(&po[0], &f)
		for _, needM := range []float64{0, gap, gap - 0.01, gap + 0.01, gap / 2, gap * 2, gap + 1, 300, 37040} {
			if needM < 0 {
				continue
			}
			want := overlap || gap < needM
			got := compare(&a, &b, needM)
			asked++
			if got != unsure {
				said++
				if (got == near) != want {
					t.Fatalf("%+v\n%+v\nthe gap is %v, and the plane says of %v: %v", s, o, gap, needM, got)
				}
			}
		}
		for i, p := range []*piece{&ps[0], &po[0]} {
			shape := []geo4d.Shape{s, o}[i]
			lat, lon := p.centre.Degrees()
			d, _, _, _ := geo4d.Lateral(shape, geo4d.Circle{Center: geo4d.Position{LonDeg: lon, LatDeg: lat}})
			if p.inM >= 0 && d > 0 {
				t.Fatalf("%+v does not hold the middle of its inner disc", shape)
			}
		}
	}
	if share := float64(said) / float64(asked); share < 0.6 {
		t.Errorf("the plane decides only %.0f %%", 100*share)
	} else {
		t.Logf("the plane decides %.0f %% of %d questions, most of them within 1 cm of the answer", 100*share, asked)
	}
}

// TestDiscsHoldWhatTheySay checks the outer and the inner disc of pieces against exact gaps.
func TestDiscsHoldWhatTheySay(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 5000 {
		s := smallShape(rng, geo4d.Position{LonDeg: 20, LatDeg: 50})
		for _, p := range piecesOf(s) {
			lat, lon := p.centre.Degrees()
			middle := geo4d.Position{LonDeg: lon, LatDeg: lat}
			azimuth := rng.Float64() * 360
			out, _ := geo4d.Direct(middle, azimuth, float64(p.outM)+0.01)
			if _, overlap, _, _ := geo4d.Lateral(s, geo4d.Circle{Center: out}); overlap && len(piecesOf(s)) == 1 {
				t.Fatalf("%+v reaches beyond its disc of %v m", s, p.outM)
			}
			if p.inM < 0.01 {
				continue
			}
			in, _ := geo4d.Direct(middle, azimuth, p.inM-0.01)
			if _, overlap, _, _ := geo4d.Lateral(s, geo4d.Circle{Center: in}); !overlap {
				t.Fatalf("%+v does not fill its inner disc of %v m", s, p.inM)
			}
		}
	}
}

// TestWideInnerDiscs checks the inner disc of polygons that only geodesics measure, with and without
// a hole.
func TestWideInnerDiscs(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 4))
	ringOf := func(mid geo4d.Position, sizeM float64, n int) []geo4d.Position {
		var ring []geo4d.Position
		for i := range n {
			p, _ := geo4d.Direct(mid, float64(i)*360/float64(n), sizeM*(0.3+0.7*rng.Float64()))
			ring = append(ring, p)
		}
		return append(ring, ring[0])
	}
	discs := 0
	for range 300 {
		mid := geo4d.Position{LonDeg: rng.Float64()*360 - 180, LatDeg: rng.Float64()*178 - 89}
		size := 120e3 + rng.Float64()*500e3
		s := geo4d.Polygon{Rings: [][]geo4d.Position{ringOf(mid, size, 4+rng.IntN(40))}}
		if rng.IntN(2) == 0 {
			hole, _ := geo4d.Direct(mid, rng.Float64()*360, size*0.15)
			s.Rings = append(s.Rings, ringOf(hole, size*0.05, 5))
		}
		for _, p := range piecesOf(s) {
			if p.kind != hard || p.inM < 1 {
				continue
			}
			discs++
			lat, lon := p.centre.Degrees()
			for range 20 {
				at, _ := geo4d.Direct(geo4d.Position{LonDeg: lon, LatDeg: lat}, rng.Float64()*360, p.inM*math.Sqrt(rng.Float64()))
				if _, overlap, _, _ := geo4d.Lateral(s, geo4d.Circle{Center: at}); !overlap {
					t.Fatalf("%+v does not hold %v, within its inner disc of %v m", s, at, p.inM)
				}
			}
			at, _ := geo4d.Direct(geo4d.Position{LonDeg: lon, LatDeg: lat}, rng.Float64()*360, p.inM)
			nearest := math.Inf(1)
			for _, ring := range s.Rings {
				d, _, _, _ := geo4d.Lateral(geo4d.Corridor{Line: ring}, geo4d.Circle{Center: at})
				nearest = math.Min(nearest, d)
			}
			if nearest > 2*p.inM+2 { // the edge is as far from the middle as the disc reaches
				t.Fatalf("the inner disc of %+v ends %v m before its edge", s, nearest)
			}
		}
	}
	if discs < 50 {
		t.Errorf("only %d discs", discs)
	}
}
