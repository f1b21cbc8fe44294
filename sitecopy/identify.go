package sitecopy

import (
	"iter"
	"math"
	"slices"

	"parley/geo4d"
)

const (
	// Alpha is the greatest Chance of a copy that is named.
	Alpha = 1e-6
	// reachM is how far from a site a position may lie and still be taken for it: rounded to three
	// decimals, and moved by a mark.
	reachM = 130
	// sameM is how near to the true place of a site a position counts as the true one.
	sameM = 0.15
	// most is how many positions near one site are looked at: the first.
	most = 64
	// never stands for a chance too small to write.
	never = 1e-300
)

// Tolerances returns how near, in metres, a position may be to where a copy has the site: as it is
// written, with 5 decimals, with tenths of a second, with 4 decimals, with whole seconds.
func Tolerances() []float64 { return []float64{0.1, 1, 3, 8, 22} }

// Site is a site at the time when a copy was made, with its true place.
type Site struct {
	ID   string
	Spot geo4d.Position
}

// Copy is a copy with the sites that it may have. Those that it does not have cost nothing but that
// they cannot speak for it.
type Copy struct {
	ID    string
	Sites []Site
}

// Score says how well a copy fits.
type Score struct {
	Copy    string
	Sites   int     // sites that a position lies near
	Matched int     // of these, where a position is as the copy has it
	WithinM float64 // up to this; 0 where it is the sum over all sites that speaks for the copy
	// Chance bounds the probability that any copy at all scores so for a list that it had no part in.
	Chance float64
}

// Finding is what is found of a text.
type Finding struct {
	Sites int // sites of any copy that a position lies near
	True  int // of these, where a position is the true one
	// Scores are those of all copies, the least Chance first. Those up to Alpha are named.
	Scores []Score
}

// Named returns the scores of the copies that are named.
func (f Finding) Named() []Score {
	for i, s := range f.Scores {
		if s.Chance > Alpha {
			return f.Scores[:i]
		}
	}
	return f.Scores
}

// In says how well each copy fits to a text.
func In(key Key, copies []Copy, t *Text) Finding {
	f := Identify(key, copies, t.Positions(false))
	if f.Sites == 0 {
		f = Identify(key, copies, t.Positions(true))
	}
	return f
}

// Identify says how well each copy fits to positions.
func Identify(key Key, copies []Copy, positions iter.Seq[geo4d.Position]) Finding {
	x := newIndex(copies)
	for p := range positions {
		x.take(p)
	}
	var f Finding
	for i := range x.near {
		if len(x.near[i]) > 0 {
			f.Sites++
			if slices.ContainsFunc(x.near[i], func(d offset) bool { return d.m <= sameM }) {
				f.True++
			}
		}
	}
	tries := float64(len(copies) * (len(Tolerances()) + 1))
	for _, c := range copies {
		s := x.score(key, c)
		s.Chance = math.Max(never, math.Min(1, s.Chance*tries))
		f.Scores = append(f.Scores, s)
	}
	slices.SortStableFunc(f.Scores, func(a, b Score) int {
		switch {
		case a.Chance < b.Chance:
			return -1
		case a.Chance > b.Chance:
			return 1
		}
		return 0
	})
	return f
}

// offset is where a position lies as seen from the true place of a site, in metres.
type offset struct{ east, north, m float64 }

// minus is the distance of two offsets.
func (o offset) minus(p offset) float64 { return math.Hypot(o.east-p.east, o.north-p.north) }

// of is where a copy has the site.
func (m Mark) offset() offset {
	s, c := math.Sincos(m.BearingDeg * math.Pi / 180)
	return offset{m.DistanceM * s, m.DistanceM * c, m.DistanceM}
}

// score tries every bound. Chance is not yet what it is times the number of tries.
func (x *index) score(key Key, c Copy) Score {
	out := Score{Copy: c.ID, Chance: 1}
	limits := Tolerances()
	matched := make([]int, len(limits))
	tails := make([]tail, len(limits))
	var sum, weights float64
	numbers := x.list(c.Sites)
	for k, site := range c.Sites {
		near := x.near[numbers[k]]
		if len(near) == 0 {
			continue
		}
		out.Sites++
		mark := key.Mark(c.ID, site.ID).offset()
		least, could := math.Inf(1), 0
		nearest := near[0]
		for _, d := range near {
			least = math.Min(least, d.minus(mark))
			if d.m < nearest.m {
				nearest = d
			}
			if d.m <= MaxShiftM+limits[len(limits)-1] {
				could++
			}
		}
		for i, t := range limits {
			tails[i].add(math.Min(1, float64(could)*t*t/(MaxShiftM*MaxShiftM)))
			if least <= t {
				matched[i]++
			}
		}
		if nearest.m > 0 {
			w := math.Min(nearest.m, MaxShiftM)
			sum += w * (nearest.east*mark.east + nearest.north*mark.north) / nearest.m
			weights += w * w
		}
	}
	for i, t := range limits {
		if p := tails[i].atLeast(matched[i]); p < out.Chance {
			out.Chance, out.Matched, out.WithinM = p, matched[i], t
		}
	}
	if sum > 0 {
		if p := math.Exp(-2 * sum * sum / (MaxShiftM * MaxShiftM * weights)); p < out.Chance {
			out.Chance, out.WithinM = p, 0
			out.Matched = matched[len(limits)-1]
		}
	}
	return out
}

// tail is a number of independent trials.
type tail struct {
	p   []float64
	sum float64
}

// exactUpTo is up to how many trials the tail is summed; past it, it is bounded.
const exactUpTo = 200

func (t *tail) add(p float64) {
	if p > 0 {
		t.p, t.sum = append(t.p, p), t.sum+p
	}
}

// atLeast returns the probability that m or more of the trials succeed, or a bound of it: the least
// of Chernoff's and of sum^m/m!, which counts every choice of m trials.
func (t *tail) atLeast(m int) float64 {
	n := len(t.p)
	switch {
	case m == 0:
		return 1
	case n <= exactUpTo:
		some := make([]float64, m+1) // some[k]: k succeeded; some[m]: m or more
		some[0] = 1
		for _, p := range t.p {
			some[m] += some[m-1] * p
			for k := m - 1; k > 0; k-- {
				some[k] = some[k]*(1-p) + some[k-1]*p
			}
			some[0] *= 1 - p
		}
		return math.Min(1, some[m])
	case float64(m) <= t.sum:
		return 1
	}
	k := float64(m)
	lg, _ := math.Lgamma(k + 1)
	return math.Min(1, math.Exp(math.Min(k*math.Log(t.sum)-lg, k-t.sum-k*math.Log(k/t.sum))))
}
