package sitecopy

import (
	"math"

	"parley/geo4d"
)

// index finds the sites near a position, by a grid in space: it has no seam and no poles.
type index struct {
	of    map[Site]int32
	lists map[*Site][]int32 // of: for the sites of a copy, by where they lie in memory
	sites []frame
	cells map[cell][]int32
	near  [][]offset // by site: the positions that lie near it
}

// cellM is the side of a cell: a place is then near sites of its own cell and of the 7 next to the
// corner that it is nearest to.
const cellM = 2 * reachM

type cell [3]int32

type vec [3]float64

func (a vec) minus(b vec) vec       { return vec{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }
func (a vec) times(b vec) float64   { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }
func (a vec) cell(off float64) cell { return cell{side(a[0], off), side(a[1], off), side(a[2], off)} }
func side(m, off float64) int32     { return int32(math.Floor(m/cellM + off)) }

// frame is a place in space with the directions east and north there.
type frame struct{ at, east, north vec }

// newFrame puts a position of the WGS 84 ellipsoid in space, in metres.
func newFrame(p geo4d.Position) frame {
	const a, f = 6378137.0, 1 / 298.257223563
	const e2 = f * (2 - f)
	slat, clat := math.Sincos(p.LatDeg * math.Pi / 180)
	slon, clon := math.Sincos(p.LonDeg * math.Pi / 180)
	n := a / math.Sqrt(1-e2*slat*slat)
	return frame{vec{n * clat * clon, n * clat * slon, n * (1 - e2) * slat}, vec{-slon, clon, 0}, vec{-slat * clon, -slat * slon, clat}}
}

func newIndex(copies []Copy) *index {
	x := &index{of: map[Site]int32{}, lists: map[*Site][]int32{}, cells: map[cell][]int32{}}
	for _, c := range copies {
		x.list(c.Sites)
	}
	x.near = make([][]offset, len(x.sites))
	return x
}

// list returns the numbers of sites. Copies often share a list.
func (x *index) list(sites []Site) []int32 {
	if len(sites) == 0 {
		return nil
	}
	if have := x.lists[&sites[0]]; len(have) == len(sites) {
		return have
	}
	out := make([]int32, len(sites))
	for k, s := range sites {
		i, have := x.of[s]
		if !have {
			i = int32(len(x.sites))
			x.of[s] = i
			x.sites = append(x.sites, newFrame(s.Spot))
			at := x.sites[i].at.cell(0)
			x.cells[at] = append(x.cells[at], i)
		}
		out[k] = i
	}
	x.lists[&sites[0]] = out
	return out
}

// take keeps a position with the sites that it lies near. One that is there twice counts once.
func (x *index) take(p geo4d.Position) {
	at := newFrame(p).at
	low := at.cell(-0.5)
	for k := range 8 {
		c := cell{low[0] + int32(k&1), low[1] + int32(k>>1&1), low[2] + int32(k>>2)}
		for _, i := range x.cells[c] {
			f := &x.sites[i]
			d := at.minus(f.at)
			o := offset{east: d.times(f.east), north: d.times(f.north)}
			o.m = math.Hypot(o.east, o.north)
			if d.times(d) <= reachM*reachM && len(x.near[i]) < most && !x.has(i, o) {
				x.near[i] = append(x.near[i], o)
			}
		}
	}
}

func (x *index) has(i int32, o offset) bool {
	for _, have := range x.near[i] {
		if have.minus(o) < 1e-4 {
			return true
		}
	}
	return false
}
