package exactness

import (
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"

	"parley/geo4d"
)

var (
	pairsFlag   = flag.Int("pairs", 0, "compare this many pairs with GeodSolve and PostGIS")
	seedFlag    = flag.Uint64("seed", 20261124, "seed of the pairs")
	postGISFlag = flag.Bool("postgis", true, "ask PostGIS too")
	writeFlag   = flag.String("write", "", "write the pairs and the reference's gaps to this file")
)

const (
	// aimM is the aim for a gap; what PostGIS differs by is explained from there on.
	aimM = 1.0
	// boundM is the bound that geo4d's package doc gives, with as much for the reference.
	boundM = 1e-7
	// touchM is the gap up to which geo4d takes shapes for touching.
	touchM = 1e-6
	// chunk is how many pairs are in memory with all their geodesics.
	chunk = 10_000
)

// verdict is one pair, measured by all.
type verdict struct {
	pair
	ref, boundM  float64 // the reference's gap
	refSigned    float64 // of the skeletons less the radii, below 0 where they overlap
	refOverlap   bool
	refArea      bool // the overlap is a crossing, or one shape is in the other
	ours         float64
	oursOverlap  bool
	points       float64 // how far the distance of the closest positions is from our gap
	bracketed    bool
	bracketFails bool
	pg           byPostGIS
	// the longest and the shortest edge of both
	longest, shortest float64
}

// TestExactness is the reference run: see docs/reference/exactness.md.
func TestExactness(t *testing.T) {
	if *pairsFlag == 0 {
		t.Skip(`"make exactness" runs it; it needs GeodSolve and PostGIS`)
	}
	version, err := exec.Command("GeodSolve", "--version").Output()
	if err != nil {
		t.Fatalf("%v; install geographiclib-tools", err)
	}
	fmt.Printf("seed %d, %d pairs\nreferences: %s\n", *seedFlag, *pairsFlag, strings.TrimSpace(string(version)))
	all := draw(*seedFlag, *pairsFlag)
	var out []verdict
	stat := &geodesicStat{}
	for lo := 0; lo < len(all); lo += chunk {
		vs, err := compare(all[lo:min(len(all), lo+chunk)], stat)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, vs...)
		fmt.Fprintf(os.Stderr, "%d of %d pairs\n", len(out), len(all))
	}
	if *writeFlag != "" {
		if err := write(*writeFlag, out); err != nil {
			t.Fatal(err)
		}
	}
	report(t, out, stat)
}

// compare measures pairs with geo4d and with every reference.
func compare(pairs []pair, stat *geodesicStat) ([]verdict, error) {
	tasks := make([]*task, len(pairs))
	for i, p := range pairs {
		tasks[i] = &task{pair: p, sa: takeApart(p.a), sb: takeApart(p.b)}
	}
	if err := measure(tasks, stat); err != nil {
		return nil, err
	}
	out := make([]verdict, len(pairs))
	apart := make([]*inverse, len(pairs))
	for i, t := range tasks {
		v := &out[i]
		*v = verdict{pair: t.pair, ref: t.gap(), boundM: t.boundM, refSigned: t.m, refOverlap: t.overlap(), refArea: t.within || t.crosses}
		v.longest, v.shortest = edgeLengths(t.sa, t.sb)
		var pa, pb geo4d.Position
		v.ours, v.oursOverlap, pa, pb = geo4d.Lateral(t.a, t.b)
		apart[i] = &inverse{a: pa, b: pb}
	}
	if err := solveInverse(apart); err != nil {
		return nil, err
	}
	for i := range out {
		out[i].points = math.Abs(apart[i].m - out[i].ours)
	}
	if err := bracketSome(tasks, out); err != nil {
		return nil, err
	}
	if !*postGISFlag {
		return out, nil
	}
	pg, version, err := askPostGIS(tasks)
	if err != nil {
		return nil, err
	}
	if stat.postGIS == "" {
		stat.postGIS = version
		fmt.Println("references:", version)
	}
	for i := range out {
		out[i].pg = pg[i]
	}
	return out, nil
}

func edgeLengths(shapes ...*refShape) (longest, shortest float64) {
	shortest = math.Inf(1)
	for _, s := range shapes {
		for i := range s.edges {
			longest, shortest = math.Max(longest, s.edges[i].inv.m), math.Min(shortest, s.edges[i].inv.m)
		}
	}
	return longest, shortest
}

// bracketSome holds the reference itself, on one pair in four, to densified shapes.
func bracketSome(tasks []*task, out []verdict) error {
	const every, parts = 4, 12
	var shapes []*refShape
	for i := 0; i < len(tasks); i += every {
		shapes = append(shapes, tasks[i].sa, tasks[i].sb)
	}
	d, err := densify(shapes, parts)
	if err != nil {
		return err
	}
	for i := 0; i < len(tasks); i += every {
		t, v := tasks[i], &out[i]
		if t.sa.earth || t.sb.earth {
			continue
		}
		lo, hi := bracket(t, d[i/every*2], d[i/every*2+1])
		v.bracketed = true
		switch {
		case !v.refOverlap:
			v.bracketFails = lo > v.ref+1e-6 || v.ref > hi+1e-6
		case !v.refArea: // skeletons nearer than the radii
			v.bracketFails = lo > 1e-6
		}
	}
	return nil
}

// row is the summary of one class.
type row struct {
	pairs, overlaps, wrong, touch int
	worst, worstBound             float64
	worstPoints                   float64
	brackets, bracketFails        int
	pg, pgFailed, pgFar           int
	pgWorst                       float64 // over pairs up to 100 km apart
	pgNear                        int
	pgVerdicts                    int
}

func report(t *testing.T, out []verdict, stat *geodesicStat) {
	rows := map[string]*row{}
	total := &row{}
	for i := range out {
		v := &out[i]
		if rows[v.class] == nil {
			rows[v.class] = &row{}
		}
		for _, r := range []*row{rows[v.class], total} {
			r.add(v)
		}
		if v.wrong() || v.off() > boundM || v.points > boundM || v.bracketFails {
			t.Errorf("%s: ours %.9f %v (points off %.3g), reference %.9f %v (bound %.3g, signed %.9f), bracket fails %v\n\t%s\n\t%s", v.class, v.ours, v.oursOverlap, v.points,
				v.ref, v.refOverlap, v.boundM, v.refSigned, v.bracketFails, text(v.a), text(v.b))
		}
	}
	fmt.Println("\n| class | pairs | overlapping | touching | verdicts wrong | worst gap error (m) | reference's bound (m) | closest positions off (m) |")
	fmt.Println("| --- | --- | --- | --- | --- | --- | --- | --- |")
	line := func(name string, r *row) {
		fmt.Printf("| %s | %d | %d | %d | %d | %.2g | %.2g | %.2g |\n", name, r.pairs, r.overlaps, r.touch, r.wrong, r.worst, r.worstBound, r.worstPoints)
	}
	for _, c := range classes() {
		if r := rows[c.name]; r != nil {
			line(c.name, r)
		}
	}
	line("all", total)
	fmt.Printf("\nDensified shapes bracket the reference: %d pairs, %d outside.\n", total.brackets, total.bracketFails)
	fmt.Printf("Geodesics against GeodSolve: %d inverse problems, worst %.3g m (%v to %v); %d direct, worst %.3g m (%v, azimuth %v, %v m).\n",
		stat.inverse, stat.worstInverse, stat.inverseAt.a, stat.inverseAt.b, stat.direct, stat.worstDirect, stat.directAt.a, stat.directAt.azA, stat.directAt.m)
	if *postGISFlag {
		reportPostGIS(t, out, rows, total)
	}
}

// wrong says whether geo4d's verdict differs from the reference's. Where shapes touch to within
// touchM both are right.
func (v *verdict) wrong() bool {
	return v.oursOverlap != v.refOverlap && !v.touching()
}

// off is how far geo4d's gap is from the reference's. A gap up to touchM may be called 0.
func (v *verdict) off() float64 {
	if v.touching() && v.oursOverlap {
		return 0
	}
	return math.Abs(v.ours - v.ref)
}

func (v *verdict) touching() bool { return math.Abs(v.refSigned) <= 2*touchM }

func (r *row) add(v *verdict) {
	r.pairs++
	count := func(n *int, is bool) {
		if is {
			*n++
		}
	}
	count(&r.overlaps, v.refOverlap)
	count(&r.touch, v.touching() && !v.refArea)
	count(&r.wrong, v.wrong())
	count(&r.brackets, v.bracketed)
	count(&r.bracketFails, v.bracketFails)
	r.worst = math.Max(r.worst, v.off())
	if !v.refOverlap {
		r.worstBound = math.Max(r.worstBound, v.boundM)
	}
	r.worstPoints = math.Max(r.worstPoints, v.points)
	if !v.pg.asked {
		return
	}
	r.pg++
	if v.pg.failure != "" {
		r.pgFailed++
		return
	}
	count(&r.pgFar, v.pgOff() > aimM)
	count(&r.pgVerdicts, v.pgVerdict())
	if v.refSigned+v.pg.radii < 100e3 {
		r.pgNear++
		r.pgWorst = math.Max(r.pgWorst, v.pgOff())
	}
}

func (v *verdict) pgOff() float64  { return math.Abs(math.Max(0, v.pg.m) - v.ours) }
func (v *verdict) pgVerdict() bool { return v.pg.m <= 0 != v.oursOverlap && !v.touching() }

func write(path string, out []verdict) error {
	var b strings.Builder
	for i := range out {
		v := &out[i]
		fmt.Fprintf(&b, "%s\t%s\t%s\t%.9f\t%v\n", v.class, text(v.a), text(v.b), v.ref, v.refOverlap)
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}
