package geo4d

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"io"
	"math"
	"sync"
)

//go:embed egm96/egm96_15.bin.gz
var egm96 []byte

// The grid of egm96/README.md: rows from the south pole, columns from 180 W, every 15 minutes.
const (
	gridRows   = 721
	gridCols   = 1440
	gridPerDeg = 4
)

// grid returns the undulations in centimetres. The data is part of the program and its checksum
// is tested, so a failure to read it cannot happen in a program that was built.
var grid = sync.OnceValue(func() []int16 {
	z, err := gzip.NewReader(bytes.NewReader(egm96))
	if err != nil {
		panic("geo4d: EGM96 grid: " + err.Error())
	}
	raw, err := io.ReadAll(z)
	if err != nil || len(raw) != 2*gridRows*gridCols {
		panic("geo4d: EGM96 grid is damaged")
	}
	out := make([]int16, gridRows*gridCols)
	for r := range gridRows {
		var v uint16
		for c := range gridCols {
			i := r*gridCols + c
			v += binary.LittleEndian.Uint16([]byte{raw[i], raw[len(out)+i]})
			out[i] = int16(v)
		}
	}
	return out
})

// UndulationM returns the height of the EGM96 geoid over the WGS 84 ellipsoid, interpolated
// bilinearly in the 15 minute grid. That is within 1.2 m of the EGM96 model everywhere, and within
// 4 cm root mean square (GeographicLib's documentation of its egm96-15 data set).
func UndulationM(p Position) float64 {
	y := (math.Max(-90, math.Min(90, p.LatDeg)) + 90) * gridPerDeg
	x := (wrapLon(p.LonDeg) + 180) * gridPerDeg
	return undulationAt(grid(), x, y)
}

// undulationAt interpolates at grid coordinates; x may lie beyond the last column and wraps.
func undulationAt(g []int16, x, y float64) float64 {
	r, c := math.Floor(y), math.Floor(x)
	r = math.Min(r, gridRows-2)
	fy, fx := y-r, x-c
	at := func(r, c int) float64 { return float64(g[r*gridCols+c%gridCols]) }
	i, j := int(r), int(c)
	south := at(i, j)*(1-fx) + at(i, j+1)*fx
	north := at(i+1, j)*(1-fx) + at(i+1, j+1)*fx
	return (south*(1-fy) + north*fy) / 100
}

// undulationRange returns the least and greatest undulation in a box. The interpolation is linear
// in each direction between grid lines, so its extremes lie where grid lines and the box's sides
// meet.
func undulationRange(b Box) [2]float64 {
	if b == wholeEarth {
		return anyUndulation
	}
	g := grid()
	east := b.EastDeg
	if east < b.WestDeg {
		east += 360
	}
	xs := stops((b.WestDeg+180)*gridPerDeg, (east+180)*gridPerDeg)
	ys := stops((b.SouthDeg+90)*gridPerDeg, (b.NorthDeg+90)*gridPerDeg)
	out := [2]float64{math.Inf(1), math.Inf(-1)}
	for _, y := range ys {
		for _, x := range xs {
			u := undulationAt(g, x, y)
			out[0], out[1] = math.Min(out[0], u), math.Max(out[1], u)
		}
	}
	return out
}

// anyUndulation is the range over the whole earth, rounded outwards: south of India, New Guinea.
var anyUndulation = [2]float64{-107, 85.4}

// stops returns lo, hi and every whole number between.
func stops(lo, hi float64) []float64 {
	out := []float64{lo}
	for k := math.Floor(lo) + 1; k < hi; k++ {
		out = append(out, k)
	}
	return append(out, hi)
}
