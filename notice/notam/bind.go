package notam

import "sort"

// where returns how many runs start before a phrase.
func (rd *reader) where(p phrase) int {
	return sort.Search(len(rd.runs), func(k int) bool { return rd.runs[k].start >= p.start })
}

// nearby is how many bytes of words may stand between a length and the position it goes with.
const nearby = 200

// between is the text after a phrase up to run k, and from run k-1 up to the phrase.
func (rd *reader) between(p phrase, k int) (ahead, behind string, canAhead, canBehind bool) {
	if k < len(rd.runs) && rd.runs[k].start-p.end <= nearby {
		ahead, canAhead = rd.flat[p.end:rd.runs[k].start], true
	}
	if k > 0 && p.start-rd.runs[k-1].end <= nearby {
		behind, canBehind = rd.flat[rd.runs[k-1].end:p.start], true
	}
	return ahead, behind, canAhead, canBehind
}

// bindWidths gives each corridor its half-width in metres. A width that goes with no list of
// positions refuses the item.
func (rd *reader) bindWidths() []float64 {
	out := make([]float64, len(rd.runs))
	for _, p := range rd.widths {
		k := rd.where(p)
		ahead, behind, canAhead, canBehind := rd.between(p, k)
		switch {
		case canAhead && len(rd.runs[k].points) > 1 && out[k] == 0 && len(ahead) < 100 && lastSentence(ahead) == ahead:
			out[k] = p.metres
		case canBehind && !p.forward && len(rd.runs[k-1].points) > 1 && out[k-1] == 0 && besideRE.MatchString(behind):
			out[k-1] = p.metres
		default:
			rd.fail("the width " + quote(p.text) + " goes with no line of positions")
		}
	}
	return out
}

// bindRadii gives each circle its radius in metres. A phrase that names its centre, "radius of" or
// "centred on", goes with the position that follows. The others go all with the position before
// them, or all with the one after them, whichever leaves no circle without one radius; where both
// would do, neither is proven.
func (rd *reader) bindRadii(halves []float64) []float64 {
	ahead, okAhead := rd.assign(halves, true)
	behind, okBehind := rd.assign(halves, false)
	switch {
	case okAhead && okBehind && !equal(ahead, behind):
		rd.fail("it is not proven which radius goes with which position")
	case okAhead:
		return ahead
	case okBehind:
		return behind
	case len(rd.radii) == 0:
		rd.fail("the position " + quote(rd.firstLone(halves)) + " has no radius, so its area is unknown")
	case rd.lone(halves) <= len(rd.radii):
		rd.fail("the radius " + quote(rd.radii[0].text) + " does not go with one position that can be told")
	default:
		rd.fail("of " + itoa(rd.lone(halves)) + " positions that stand alone only " + itoa(len(rd.radii)) + " have a radius; the area of a position without a radius is unknown")
	}
	return nil
}

// firstLone is the first position that stands alone.
func (rd *reader) firstLone(halves []float64) string {
	for i, ru := range rd.runs {
		if len(ru.points) == 1 && halves[i] == 0 {
			return ru.points[0].text
		}
	}
	return ""
}

// lone is how many positions stand alone.
func (rd *reader) lone(halves []float64) int {
	k := 0
	for i, ru := range rd.runs {
		if len(ru.points) == 1 && halves[i] == 0 {
			k++
		}
	}
	return k
}

// assign tries to give every lone position one radius.
func (rd *reader) assign(halves []float64, preferAhead bool) ([]float64, bool) {
	out := make([]float64, len(rd.runs))
	give := func(k int, metres float64) bool {
		if out[k] != 0 && out[k] != metres || halves[k] != 0 {
			return false
		}
		out[k] = metres
		return true
	}
	for _, p := range rd.radii {
		k := rd.where(p)
		strong, weak, back := rd.ways(p, k)
		ok := false
		switch {
		case strong:
			ok = give(k, p.metres)
		case preferAhead && weak:
			ok = give(k, p.metres)
		case back:
			ok = give(k-1, p.metres)
		case weak:
			ok = give(k, p.metres)
		}
		if !ok {
			return nil, false
		}
	}
	for i, ru := range rd.runs {
		if len(ru.points) == 1 && out[i] == 0 {
			return nil, false
		}
	}
	return out, true
}

// ways is whether a radius can go with the position after it, by a word for the centre or by
// standing beside it, and with the one before it.
func (rd *reader) ways(p phrase, k int) (strong, weak, back bool) {
	ahead, behind, canAhead, canBehind := rd.between(p, k)
	if canAhead && rd.centres(k, ahead, p.text) {
		if m := strongRE.FindStringIndex(ahead); m != nil {
			rest := ahead[m[1]:]
			strong = namedRE.MatchString(rest) && !awayRE.MatchString(rest)
		} else if p.forward {
			strong = namedRE.MatchString(ahead) && !awayRE.MatchString(ahead)
		}
		weak = nearRE.MatchString(ahead)
	}
	if canBehind && !p.forward && len(rd.runs[k-1].points) == 1 {
		back = behindRE.MatchString(behind)
	}
	return strong, weak, back
}

// centres is whether run k can be the centre of a circle, or the centres of several with one
// radius: joined by commas, numbers or "and", and announced as several.
func (rd *reader) centres(k int, ahead, said string) bool {
	ru := rd.runs[k]
	if len(ru.points) == 1 {
		return true
	}
	announced := severalRE.MatchString(ahead) || severalRE.MatchString(said)
	for _, gap := range ru.gaps[1:] {
		if !announced && !andRE.MatchString(gap) || hasDash(gap) {
			return false
		}
	}
	return !ru.points[0].same(ru.points[len(ru.points)-1])
}

func hasDash(gap string) bool {
	for _, c := range gap {
		if c == '-' || c == '>' {
			return true
		}
	}
	return false
}

func equal(a, b []float64) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
