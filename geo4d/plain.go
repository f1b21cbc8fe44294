package geo4d

import "math"

// Most rings are short, closed to the bit, and far from meeting themselves. plainRing proves that
// of a ring without a single geodesic, by bounds that only err towards "not plain"; what it does
// not prove is left to the exact check.

const (
	plainEdges      = 32    // more are left to the exact check, which has a tree for them
	plainPerimeterM = 2e6   // far below MaxRingRadiusM
	leastChord      = 1e-12 // six micrometres: the exact distance is then surely not 0
	// chordRate is more than arc over chord on the unit sphere for chords up to pieceM/polarM:
	// 2 asin(c/2) < c (1 + c²/23) there.
	chordRate = 1.0003
)

// plainRing reports whether a ring surely breaks no rule.
func plainRing(line []Position) bool {
	n := len(line) - 1
	if n < 3 || n > plainEdges || line[0] != line[n] {
		return false
	}
	var room [plainEdges + 1]vec
	var sag [plainEdges]float64
	perimeter := 0.0
	for i, p := range line {
		if !(math.Abs(p.LonDeg) <= 180 && math.Abs(p.LatDeg) <= 90) {
			return false
		}
		room[i] = newVertex(p).u
		if i == 0 {
			continue
		}
		// The preimage of the great circle's arc joins the ends, and is at most equatorialM times
		// as long: no shortest path is longer.
		chord := room[i].sub(room[i-1]).norm()
		long := equatorialM * chordRate * chord
		if chord < leastChord || long > pieceM {
			return false
		}
		sag[i-1] = sagRate * long * long
		perimeter += long
	}
	return perimeter <= plainPerimeterM && apart(room[:n+1], sag[:n])
}

// apart reports whether the edges between successive vertices, each within its sag of its chord,
// surely meet nowhere but at their ends.
func apart(u []vec, sag []float64) bool {
	n := len(sag)
	for e := range n {
		for f := e + 1; f < n; f++ {
			far := sag[e] + sag[f] + 2*onEdge
			switch {
			case f == e+1:
				if !off(u[f+1], u[e], u[f], sag[e]) || !off(u[e], u[f], u[f+1], sag[f]) {
					return false
				}
			case e == 0 && f == n-1:
				if !off(u[1], u[f], u[n], sag[f]) || !off(u[f], u[0], u[1], sag[0]) {
					return false
				}
			case chordGap(u[e], u[e+1], u[f], u[f+1]) <= far:
				return false
			}
		}
	}
	return true
}

// off reports whether p surely does not lie on the edge from a to b.
func off(p, a, b vec, sag float64) bool {
	return p.sub(a.along(b, nearOnChord(p, a, b))).norm() > sag+2*onEdge
}
