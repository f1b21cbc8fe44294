package conflict

import (
	"math"

	"parley/conflict/plane"
)

// The grid.
//
// A piece is kept once, in the cell that its centre lies in, on the level that its radius asks for.
// Each level takes radii up to four times those of the one before it, and its cells are about as wide
// as the largest. Rows follow latitude, and each row has as many columns as fit its length: there is no
// seam at the antimeridian, which columns wrap round, nor at the poles, where a row has few. Eight by
// eight cells are a tile.

//
// What lasts long has levels of its own, so that of the rest what began long before a query's window
// need not be looked at.

const (
	levels    = 6
	allLevels = 2 * levels
	finestM   = 1300.0
	// longUnit is the unit of durations on the levels of what lasts long.
	longUnit = 256
	// stepsIn is how many steps of a level's spans its largest radius is.
	stepsIn  = 20
	tileSide = 8
	cells    = tileSide * tileSide // of a tile
)

// grid is one level's layout.
type grid struct {
	coarse
	level   int
	reachM  float64 // the largest radius, uncertainty included, of a piece on this level
	rows    int     // of tiles
	rowDeg  float64
	columns []int32 // of tiles in each row
}

func newGrid(level int) grid {
	g := grid{level: level, reachM: finestM * math.Pow(4, float64(level%levels))}
	g.stepM, g.unit = g.reachM/stepsIn, 1
	if level >= levels {
		g.unit = longUnit
	}
	tileM := tileSide * g.reachM
	g.rows = max(1, int(math.Pi*plane.TightM/tileM))
	g.rowDeg = 180 / float64(g.rows)
	g.columns = make([]int32, g.rows)
	for row := range g.columns {
		south := -90 + float64(row)*g.rowDeg
		least := math.Max(0, math.Max(south, -south-g.rowDeg)) // the smallest latitude of the row
		g.columns[row] = max(1, int32(2*math.Pi*plane.EquatorialM*math.Cos(least*math.Pi/180)/tileM))
	}
	return g
}

// levelOf returns the level of a record, or false where it is too wide for any.
func levelOf(grids *[allLevels]grid, outM float64, w window) (int, bool) {
	for l := range levels {
		if outM > grids[l].reachM {
			continue
		}
		if grids[l].lasts(w) == endless8 {
			l += levels
		}
		return l, true
	}
	return 0, false
}

// tileID names a tile: its level, row and column.
type tileID uint64

func (g *grid) tile(row, column int) tileID {
	return tileID(g.level)<<56 | tileID(row)<<28 | tileID(column)
}

func (id tileID) level() int { return int(id >> 56) }

// rowOf returns the row of cells at a latitude, within all rows.
func (g *grid) rowOf(latDeg float64) int {
	return min(max(0, int((latDeg+90)/g.rowDeg*tileSide)), g.rows*tileSide-1)
}

// cellOf returns the tile and the cell in it of a place.
func (g *grid) cellOf(p plane.Vector) (tileID, uint8) {
	lat, lon := p.Degrees()
	row := g.rowOf(lat)
	n := int(g.columns[row/tileSide]) * tileSide
	column := min(max(0, int((lon+180)/360*float64(n))), n-1)
	return g.tile(row/tileSide, column/tileSide), uint8(row%tileSide*tileSide + column%tileSide)
}

// marginDeg widens a query for rounding: about a tenth of a metre.
const marginDeg = 1e-6

// visitor is told of each tile, with the bits of the cells in it that count.
type visitor interface {
	tile(id tileID, cells uint64)
}

// cover visits each tile that may hold the cell of a place within withinM of one.
func (g *grid) cover(latDeg, lonDeg, withinM float64, v visitor) {
	dLat := withinM/plane.TightM*180/math.Pi + marginDeg
	dLon := widthDeg(math.Abs(latDeg)+dLat, withinM)
	first, last := g.rowOf(latDeg-dLat), g.rowOf(latDeg+dLat)
	for row := first / tileSide; row <= last/tileSide; row++ {
		lo, hi := max(first-row*tileSide, 0), min(last-row*tileSide, tileSide-1)
		cells := ^uint64(0) << (lo * tileSide) & (^uint64(0) >> ((tileSide - 1 - hi) * tileSide))
		g.coverRow(row, lonDeg, dLon, cells, v)
	}
}

// widthDeg is how far in longitude a path of withinM can lead below a latitude: a metre is the most
// degrees where the parallel is shortest.
func widthDeg(latDeg, withinM float64) float64 {
	if latDeg >= 90 {
		return 180
	}
	s, c := math.Sincos(latDeg * math.Pi / 180)
	parallel := plane.EquatorialM * c / math.Sqrt(1-plane.Eccentric2*s*s)
	return math.Min(180, withinM/parallel*180/math.Pi+marginDeg)
}

func (g *grid) coverRow(row int, lonDeg, dLon float64, cells uint64, v visitor) {
	tiles := int(g.columns[row])
	n := tiles * tileSide
	west := int(math.Floor((lonDeg - dLon + 180) / 360 * float64(n)))
	east := int(math.Floor((lonDeg + dLon + 180) / 360 * float64(n)))
	if east-west+1 >= n {
		west, east = 0, n-1
	}
	first, last := west>>3, east>>3 // tileSide is 8; rounds down below 0 as well
	columns := func(t int) uint64 {
		lo, hi := max(west-t*tileSide, 0), min(east-t*tileSide, tileSide-1)
		return uint64(0xff) << lo & (0xff >> (tileSide - 1 - hi))
	}
	for t := first; t <= last && t < first+tiles; t++ {
		bits := columns(t)
		if t+tiles <= last { // the range ends in the tile that it begins in, from the other side
			bits |= columns(t + tiles)
		}
		v.tile(g.tile(row, ((t%tiles)+tiles)%tiles), cells&(bits*0x0101010101010101))
	}
}
