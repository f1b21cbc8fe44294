package notam

import (
	"math"
	"sort"
	"strings"

	"parley/catalogue"
	"parley/geo4d"
)

// polygons makes the polygons of a list: one for each time it comes back to its first position,
// and one for what remains where the text calls it an area.
func (rd *reader) polygons(ru run, area bool) []geo4d.Shape {
	if len(ru.points) < 3 {
		rd.fail("the positions near " + quote(ru.points[0].text) + " are a point or a line without a radius or a width")
		return nil
	}
	sentence := lastSentence(ru.before)
	route := routeRE.MatchString(sentence) && !boundedRE.MatchString(sentence)
	var out []geo4d.Shape
	var cur run
	for i := 0; i < len(ru.points); i++ {
		p := ru.points[i]
		cur.points, cur.gaps = append(cur.points, p), append(cur.gaps, ru.gaps[i])
		if len(cur.points) < 4 || !p.same(cur.points[0]) {
			continue
		}
		if route && !area {
			rd.fail("the positions near " + quote(p.text) + " are a route without a width")
			return nil
		}
		out = append(out, rd.ring(cur.points))
		cur = run{}
		for i+1 < len(ru.points) && ru.points[i+1].same(p) {
			i++
		}
	}
	if len(cur.points) > 0 {
		out = append(out, rd.open(cur, area, route, backRE.MatchString(ru.after))...)
	}
	if rd.why != "" {
		return nil
	}
	return out
}

// open closes a list that does not repeat its first position, where the text proves an area.
func (rd *reader) open(ru run, area, route, back bool) []geo4d.Shape {
	first := quote(ru.points[0].text)
	switch {
	case len(ru.points) < 3:
		rd.fail("the positions from " + first + " on are left over after an area")
		return nil
	case route:
		rd.fail("the positions from " + first + " on are a route without a width")
		return nil
	case !area && !back:
		rd.fail("the positions from " + first + " on do not come back to the first, and the text does not call them an area; they may be a route")
		return nil
	}
	pieces := rd.pieces(ru)
	var out []geo4d.Shape
	for _, piece := range pieces {
		out = append(out, rd.ring(append(piece[:len(piece):len(piece)], piece[0])))
	}
	if !back || len(pieces) > 1 {
		rd.closed = true
	}
	return out
}

// pieces cuts an open list at its numbers where each number starts an area of its own. Where it is
// not proven whether the list is one area or several, it refuses.
func (rd *reader) pieces(ru run) [][]point {
	numbered := 0
	for i, gap := range ru.gaps {
		if i == 0 {
			continue
		}
		if strings.Contains(gap, blankLine) || stopRE.MatchString(gap) {
			rd.fail("a full stop or an empty line stands between positions near " + quote(ru.points[i].text) + "; it is not proven whether they are one area or two")
			return nil
		}
		if andRE.MatchString(gap) && i != len(ru.gaps)-1 {
			rd.fail("the word AND stands between positions near " + quote(ru.points[i].text) + "; it is not proven whether they are one area or two")
			return nil
		}
		if numberRE.MatchString(gap) {
			numbered++
		}
	}
	if numbered == 0 || numbered == len(ru.gaps)-1 {
		return [][]point{ru.points}
	}
	var out [][]point
	from := 0
	for i := 1; i <= len(ru.points); i++ {
		if i < len(ru.points) && !numberRE.MatchString(ru.gaps[i]) {
			continue
		}
		if i-from < 3 {
			rd.fail("the numbers in the list near " + quote(ru.points[from].text) + " do not tell which positions belong together")
			return nil
		}
		out = append(out, ru.points[from:i])
		from = i
	}
	return out
}

// ring makes a polygon of a closed list, and refuses one that is not a simple ring.
func (rd *reader) ring(points []point) geo4d.Shape {
	seen := map[[2]float64]bool{}
	ring := make([]geo4d.Position, 0, len(points))
	for i, p := range points {
		ring = append(ring, p.position())
		key := [2]float64{p.lat, p.lon}
		if i < len(points)-1 && seen[key] {
			rd.fail("the position " + quote(p.text) + " stands more than once in one area; one of them is probably another place")
			return nil
		}
		seen[key] = true
	}
	if why := simple(ring); why != "" {
		rd.fail(why)
		return nil
	}
	return geo4d.Polygon{Rings: [][]geo4d.Position{ring}}
}

type vec [3]float64

func (a vec) cross(b vec) vec {
	return vec{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}
func (a vec) dot(b vec) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }
func (a vec) add(b vec) vec     { return vec{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }

func vector(p geo4d.Position) vec {
	lat, lon := p.LatDeg*math.Pi/180, p.LonDeg*math.Pi/180
	return vec{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), math.Sin(lat)}
}

// edge is a side of a ring, with the normal of its great circle and the band of z that it lies in.
type edge struct {
	a, b, n  vec
	i        int
	low, top float64
}

// simple says what is wrong with a closed ring: no area, or sides that cross.
func simple(ring []geo4d.Position) string {
	n := len(ring) - 1
	edges := make([]edge, n)
	var area, middle vec
	for i := range edges {
		a, b := vector(ring[i]), vector(ring[i+1])
		normal := a.cross(b)
		area, middle = area.add(normal), middle.add(a)
		// A side bulges towards a pole by less than a tenth of its length, and never beyond it.
		bulge := math.Sqrt(a.add(vec{-b[0], -b[1], -b[2]}).dot(a.add(vec{-b[0], -b[1], -b[2]})))
		edges[i] = edge{a: a, b: b, n: normal, i: i, low: math.Min(a[2], b[2]) - bulge, top: math.Max(a[2], b[2]) + bulge}
	}
	sort.Slice(edges, func(i, j int) bool { return edges[i].low < edges[j].low })
	for i := range edges {
		for j := i + 1; j < n && edges[j].low <= edges[i].top; j++ {
			d := edges[i].i - edges[j].i
			if d == 1 || d == -1 || d == n-1 || d == 1-n {
				continue
			}
			if crosses(&edges[i], &edges[j]) {
				return "the sides of the area cross each other, so its inside is not proven"
			}
		}
	}
	// Seen from above its middle, an area whose positions lie on one great circle is nothing.
	if math.Abs(area.dot(middle)) < 1e-14*math.Sqrt(middle.dot(middle)) {
		return "the positions of the area lie on one line"
	}
	return ""
}

// crosses is whether two great-circle arcs cross.
func crosses(e, f *edge) bool {
	if e.n.dot(f.a)*e.n.dot(f.b) >= 0 || f.n.dot(e.a)*f.n.dot(e.b) >= 0 {
		return false
	}
	t := e.n.cross(f.n)
	side := t.dot(e.a.add(e.b))
	return side*t.dot(f.a.add(f.b)) > 0
}

// farNM is how far outside the Q line's circle a shape may lie before it is worth a warning: the
// circle's centre is rounded to a minute and its radius to a mile.
const farNM = 5

// compareWithQ warns where a shape lies wholly outside the circle of the Q line: one of the two
// has a wrong digit.
func (n *Notam) compareWithQ(shapes []geo4d.Shape, q qLine) {
	if !q.hasCircle || q.radiusNM >= 999 {
		return
	}
	at := vector(q.at.position())
	for _, s := range shapes {
		var places []geo4d.Position
		reach := 0.0
		switch s := s.(type) {
		case geo4d.Circle:
			places, reach = []geo4d.Position{s.Center}, s.RadiusM/geo4d.MetresPerNM
		case geo4d.Polygon:
			places = s.Rings[0]
		case geo4d.Corridor:
			places, reach = s.Line, s.HalfWidthM/geo4d.MetresPerNM
		}
		// The shape lies in a circle round the middle of its positions.
		var middle vec
		for _, p := range places {
			middle = middle.add(vector(p))
		}
		span := 0.0
		for _, p := range places {
			span = math.Max(span, apartNM(middle, vector(p)))
		}
		nearest := apartNM(at, middle) - span - reach
		if away := nearest - q.radiusNM; away > farNM {
			n.warn(FarFromQ, catalogue.Say("notam.far-from-q", catalogue.AsCode("item", "E"), catalogue.AsCode("qitem", "Q"), catalogue.AsCode("length", itoa(int(away))+" NM")))
		}
	}
}

// apartNM is the angle between two directions in minutes of arc, which are miles on the ground.
func apartNM(a, b vec) float64 {
	c := a.cross(b)
	return math.Atan2(math.Sqrt(c.dot(c)), a.dot(b)) * 180 / math.Pi * 60
}
