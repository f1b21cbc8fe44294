package sitecopy

import (
	"flag"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/geo4d"
)

// issued is a list of sites of which copies were made.
type issued struct {
	key    Key
	copies []Copy
}

// issue makes copies of a list of sites that lie 1 km apart or more, in and round a town.
func issue(rnd *rand.Rand, sites, copies int) issued {
	out := issued{key: Key{byte(rnd.Uint32()), byte(rnd.Uint32()), 3}}
	var list []Site
	side := int(math.Ceil(math.Sqrt(float64(sites))))
	for i := range sites {
		list = append(list, Site{fmt.Sprint("site-", i), geo4d.Position{LatDeg: 35.4 + 0.012*float64(i%side) + 0.002*rnd.Float64(), LonDeg: 35.9 + 0.014*float64(i/side) + 0.002*rnd.Float64()}})
	}
	for i := range copies {
		out.copies = append(out.copies, Copy{fmt.Sprint("copy-", i), list})
	}
	return out
}

// spot is where a copy has a site.
func (x issued) spot(copyID string, s Site) geo4d.Position {
	m := x.key.Mark(copyID, s.ID)
	p, _ := geo4d.Direct(s.Spot, m.BearingDeg, m.DistanceM)
	return p
}

// leak takes some sites of a copy, in any order.
func (x issued) leak(rnd *rand.Rand, c Copy, n int) []geo4d.Position {
	var out []geo4d.Position
	for _, i := range rnd.Perm(len(c.Sites))[:n] {
		out = append(out, x.spot(c.ID, c.Sites[i]))
	}
	return out
}

// forms are ways in which someone may write a list anew.
var forms = []struct {
	name  string
	write func(*rand.Rand, geo4d.Position) string
}{
	{"7 decimals", func(_ *rand.Rand, p geo4d.Position) string { return fmt.Sprintf("%.7f,%.7f", p.LatDeg, p.LonDeg) }},
	{"5 decimals", func(_ *rand.Rand, p geo4d.Position) string { return fmt.Sprintf("[%.5f,%.5f]", p.LonDeg, p.LatDeg) }},
	{"4 decimals", func(_ *rand.Rand, p geo4d.Position) string { return fmt.Sprintf("%.4f %.4f", p.LatDeg, p.LonDeg) }},
	{"3 decimals", func(_ *rand.Rand, p geo4d.Position) string { return fmt.Sprintf("%.3f;%.3f", p.LatDeg, p.LonDeg) }},
	{"tenths of a second", func(_ *rand.Rand, p geo4d.Position) string { return geo4d.FormatDMS(p) }},
	{"whole seconds", func(_ *rand.Rand, p geo4d.Position) string { return geo4d.FormatICAO(p) }},
	{"blurred by 20 m", func(rnd *rand.Rand, p geo4d.Position) string {
		q, _ := geo4d.Direct(p, 360*rnd.Float64(), 20*math.Sqrt(rnd.Float64()))
		return fmt.Sprintf("%.6f,%.6f", q.LatDeg, q.LonDeg)
	}},
}

func write(rnd *rand.Rand, form int, list []geo4d.Position) []byte {
	var b strings.Builder
	for _, p := range list {
		fmt.Fprintln(&b, forms[form].write(rnd, p))
	}
	return []byte(b.String())
}

// named returns which copies are named for a text.
func (x issued) named(t testing.TB, text []byte) []string {
	t.Helper()
	read, err := Read(text)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, s := range In(x.key, x.copies, read).Named() {
		out = append(out, s.Copy)
	}
	return out
}

// many is how often each thing is tried; docs/reference/sites.md has what 1,000 say.
var many = flag.Int("trials", 8, "how often each leak is tried")

func trials() int { return *many }

// TestWhoseCopy tells the copy from a part of it, in each form, and prints how often.
func TestWhoseCopy(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	sizes := []int{1, 2, 5, 20, 60}
	x := issue(rnd, 200, 20)
	for form := range forms {
		line := fmt.Sprintf("%-20s", forms[form].name)
		for _, n := range sizes {
			right := 0
			for range trials() {
				c := x.copies[rnd.IntN(len(x.copies))]
				got := x.named(t, write(rnd, form, x.leak(rnd, c, n)))
				switch {
				case len(got) == 1 && got[0] == c.ID:
					right++
				case len(got) > 0:
					t.Errorf("%s, %d sites of %s: named %v", forms[form].name, n, c.ID, got)
				}
			}
			line += fmt.Sprintf("  %d: %5.1f %%", n, 100*float64(right)/float64(trials()))
			if exact := form == 0 || form == 1; exact && n >= 5 && right < trials() || n == 60 && right < trials()/2 {
				t.Errorf("%s, %d sites: named in %d of %d", forms[form].name, n, right, trials())
			}
		}
		t.Log(line)
	}
}

// TestTogether tells what two or more who put their copies together make.
func TestTogether(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	x := issue(rnd, 400, 20)
	for _, k := range []int{2, 3} {
		for _, n := range []int{5, 20, 60, 120} {
			for _, mixed := range []bool{true, false} {
				all, some, none := 0, 0, 0
				for range trials() {
					who := rnd.Perm(len(x.copies))[:k]
					var list []geo4d.Position
					for j, i := range rnd.Perm(400)[:n] {
						var at []geo4d.Position
						for _, c := range who {
							at = append(at, x.spot(x.copies[c].ID, x.copies[c].Sites[i]))
						}
						p := at[j%k]
						if !mixed {
							p = mean(at)
						}
						list = append(list, p)
					}
					got := x.named(t, write(rnd, 0, list))
					for _, name := range got {
						if !slices.ContainsFunc(who, func(c int) bool { return x.copies[c].ID == name }) {
							t.Errorf("%d together, %d sites, mixed %t: named %v", k, n, mixed, got)
						}
					}
					switch len(got) {
					case 0:
						none++
					case k:
						all++
					default:
						some++
					}
				}
				t.Logf("%d together, %3d sites, mixed %5t: all named %d, some %d, none %d of %d", k, n, mixed, all, some, none, trials())
				if mixed && n >= 20 && all < trials() || !mixed && n == 120 && k == 2 && all < trials() {
					t.Errorf("not all were named")
				}
			}
		}
	}
}

func mean(list []geo4d.Position) (out geo4d.Position) {
	for _, p := range list {
		out.LatDeg += p.LatDeg / float64(len(list))
		out.LonDeg += p.LonDeg / float64(len(list))
	}
	return out
}

// TestChanceIsABound holds that of lists that no copy had a part in no more score well than Chance
// says: the true places, places near them, another node's copies, and a list that repeats itself.
func TestChanceIsABound(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	list := issue(rnd, 60, 1).copies[0].Sites
	makers := map[string]func(n int) []geo4d.Position{
		"true": func(n int) (out []geo4d.Position) {
			for _, s := range list[:n] {
				out = append(out, s.Spot)
			}
			return out
		},
		"near": func(n int) (out []geo4d.Position) {
			for _, s := range list[:n] {
				p, _ := geo4d.Direct(s.Spot, 360*rnd.Float64(), 80*math.Sqrt(rnd.Float64()))
				out = append(out, p)
			}
			return out
		},
		"many of one": func(n int) (out []geo4d.Position) {
			for range 3 * n {
				p, _ := geo4d.Direct(list[rnd.IntN(3)].Spot, 360*rnd.Float64(), 50*math.Sqrt(rnd.Float64()))
				out = append(out, p)
			}
			return out
		},
		"one side": func(n int) (out []geo4d.Position) {
			for _, s := range list[:n] {
				p, _ := geo4d.Direct(s.Spot, 90, 40)
				out = append(out, p)
			}
			return out
		},
	}
	for name, maker := range makers {
		for _, n := range []int{1, 5, 20, 60} {
			tried, below := 40*trials(), map[float64]int{0.5: 0, 0.1: 0, 0.01: 0}
			positions := maker(n)
			for i := range tried {
				x := issued{key: Key{byte(i), byte(i >> 8), 9}, copies: []Copy{{"a", list}, {"b", list}}}
				f := Identify(x.key, x.copies, slices.Values(positions))
				if len(f.Named()) > 0 {
					t.Errorf("%s, %d: named %+v", name, n, f.Named())
				}
				for c := range below {
					if f.Scores[0].Chance <= c {
						below[c]++
					}
				}
			}
			for c, got := range below {
				if want := c * float64(tried); float64(got) > want+5*math.Sqrt(want)+1 {
					t.Errorf("%s, %d sites: %d of %d have a chance of %g or less", name, n, got, tried, c)
				}
			}
		}
	}
}

// TestTailIsNoLessThanTheSum holds the bounds of many trials against the sum.
func TestTailIsNoLessThanTheSum(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var many, few tail
		n := rapid.IntRange(exactUpTo+1, 400).Draw(rt, "n")
		p := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 4e-6, 0.01, 0.19, 0.5, 1}), n, n).Draw(rt, "p")
		for _, q := range p {
			many.add(q)
		}
		m := rapid.IntRange(0, n).Draw(rt, "m")
		dist := make([]float64, n+1)
		dist[0] = 1
		for _, q := range p {
			for k := n; k > 0; k-- {
				dist[k] = dist[k]*(1-q) + dist[k-1]*q
			}
			dist[0] *= 1 - q
		}
		want := 0.0
		for _, d := range dist[m:] {
			want += d
		}
		if got := many.atLeast(m); got < want*(1-1e-9) {
			rt.Errorf("%d of %d: %g, and the sum is %g", m, n, got, want)
		}
		for _, q := range p[:exactUpTo] {
			few.add(q)
		}
		k := min(m, 50)
		dist = make([]float64, exactUpTo+1)
		dist[0] = 1
		for _, q := range p[:exactUpTo] {
			for k := exactUpTo; k > 0; k-- {
				dist[k] = dist[k]*(1-q) + dist[k-1]*q
			}
			dist[0] *= 1 - q
		}
		want = 0
		for _, d := range dist[k:] {
			want += d
		}
		if got := few.atLeast(k); math.Abs(got-want) > 1e-9 {
			rt.Errorf("%d of %d: %g, and the sum is %g", k, exactUpTo, got, want)
		}
	})
}

// TestIdentifyKnowsTheTruePlaces tells a list that nobody marked.
func TestIdentifyKnowsTheTruePlaces(t *testing.T) {
	x := issue(rand.New(rand.NewPCG(7, 8)), 30, 3)
	var truth []geo4d.Position
	for _, s := range x.copies[0].Sites {
		truth = append(truth, s.Spot)
	}
	if f := Identify(x.key, x.copies, slices.Values(truth)); f.Sites != 30 || f.True != 30 || len(f.Named()) > 0 {
		t.Errorf("%+v", f)
	}
	if f := Identify(x.key, nil, slices.Values(truth)); f.Sites != 0 || len(f.Scores) != 0 {
		t.Errorf("of no copies: %+v", f)
	}
	if f := Identify(x.key, x.copies, func(func(geo4d.Position) bool) {}); f.Sites != 0 || len(f.Named()) > 0 {
		t.Errorf("of no positions: %+v", f)
	}
}

// TestIndexFindsAllThatIsNear holds the grid against looking at everything, at poles and seams too.
func TestIndexFindsAllThatIsNear(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		o := drawPosition(rt)
		var c Copy
		place := func(label string) geo4d.Position {
			p, _ := geo4d.Direct(o, rapid.Float64Range(0, 360).Draw(rt, label+" bearing"), rapid.Float64Range(0, 600).Draw(rt, label+" far"))
			return p
		}
		for i := range rapid.IntRange(1, 6).Draw(rt, "sites") {
			c.Sites = append(c.Sites, Site{fmt.Sprint(i), place("site")})
		}
		x := newIndex([]Copy{c})
		p := place("position")
		x.take(p)
		for _, s := range c.Sites {
			d, az, _ := geo4d.Inverse(s.Spot, p)
			if math.Abs(d-reachM) < 0.01 {
				continue
			}
			near := x.near[x.of[s]]
			if (d < reachM) != (len(near) == 1) {
				rt.Fatalf("%v lies %g m from %v: %v", p, d, s, near)
			}
			if d < reachM {
				want := Mark{az, d}.offset()
				if want.minus(near[0]) > 1e-3 {
					rt.Fatalf("%v, want %v", near[0], want)
				}
			}
		}
	})
}

func BenchmarkIdentify(b *testing.B) {
	rnd := rand.New(rand.NewPCG(9, 9))
	x := issue(rnd, 10_000, 20)
	list := x.leak(rnd, x.copies[3], 10_000)
	var all iter.Seq[geo4d.Position] = slices.Values(list)
	for b.Loop() {
		Identify(x.key, x.copies, all)
	}
}
