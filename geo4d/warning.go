package geo4d

// Warning is something a person should look at that does not stop a volume.
type Warning struct {
	Field string // as in a plan feature
	// Of an edge that ends there: how long it is, and how far it departs from a straight line between its
	// ends on a flat map.
	LengthM, DepartM float64
	Repeats          int // how many positions repeat the one before; the first of them is there
}

// departM is how far an edge must depart from a straight line on a flat map to be warned of.
const departM = 1000

// straightM is the length of an edge that departs by a few metres at most, except next to a pole.
const straightM = 10e3

// Warnings returns what a person should look at in a valid volume: the edge that departs farthest
// from the straight line that a map in longitude and latitude draws, and repeated positions.
func Warnings(v Volume) []Warning {
	w := warner{}
	switch s := v.Shape.(type) {
	case Multi:
		for i, part := range s.Parts {
			w.part(index(coordinates, i), part)
		}
	default:
		w.part(coordinates, s)
	}
	var out []Warning
	if w.departM > departM {
		out = append(out, Warning{Field: w.field, LengthM: w.lenM, DepartM: w.departM})
	}
	if w.repeats > 0 {
		out = append(out, Warning{Field: w.repeated, Repeats: w.repeats})
	}
	return out
}

type warner struct {
	field         string
	departM, lenM float64
	repeated      string
	repeats       int
}

func (w *warner) part(field string, s Shape) {
	switch s := s.(type) {
	case Corridor:
		w.line(field, s.Line)
	case Polygon:
		for i, r := range s.Rings {
			w.line(index(field, i), r)
		}
	}
}

func (w *warner) line(field string, l []Position) {
	for i := 1; i < len(l); i++ {
		a, b := l[i-1], l[i]
		if surelyApart(a, b) && surelyWithin(a, b, straightM) {
			continue
		}
		d, _, _ := Inverse(a, b)
		if d == 0 {
			if w.repeats++; w.repeats == 1 {
				w.repeated = index(field, i)
			}
			continue
		}
		if d < straightM {
			continue
		}
		if x := departure(a, b); x > w.departM {
			w.field, w.departM, w.lenM = index(field, i), x, d
		}
	}
}

// departure is the greatest distance, at some places along it, of the straight line between a and
// b on a map in longitude and latitude from the geodesic.
func departure(a, b Position) float64 {
	p := prepareRaw(Corridor{Line: []Position{a, b}})
	lon := wrapLon(b.LonDeg - a.LonDeg)
	worst := 0.0
	const steps = 8
	for k := 1.0; k < steps; k++ {
		on := Position{wrapLon(a.LonDeg + lon*k/steps), a.LatDeg + (b.LatDeg-a.LatDeg)*k/steps}
		worst = max(worst, p.Gap(point(on), noLimit).M)
	}
	return worst
}
