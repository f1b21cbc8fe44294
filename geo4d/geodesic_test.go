package geo4d

import (
	"bufio"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// gapBetween is the straight distance between two positions, for judging small errors.
func gapBetween(a, b Position) float64 {
	p, q := newVertex(a), newVertex(b)
	return p.u.sub(q.u).norm() * equatorialM
}

func TestGeodesicsAgainstGeodSolve(t *testing.T) {
	f, err := os.Open("testdata/geodesics.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	var worst, worstDirect float64
	for sc := bufio.NewScanner(f); sc.Scan(); n++ {
		var c [7]float64
		for i, s := range strings.Fields(sc.Text()) {
			if c[i], err = strconv.ParseFloat(s, 64); err != nil {
				t.Fatalf("line %d: %v", n+1, err)
			}
		}
		a, b := Position{c[1], c[0]}, Position{c[3], c[2]}
		az1, az2, want := c[4], c[5], c[6]
		got, gaz1, gaz2 := Inverse(a, b)
		worst = math.Max(worst, math.Abs(got-want))
		if !(math.Abs(got-want) < 1e-7) {
			t.Errorf("line %d: Inverse(%v, %v) = %.10f, want %.10f", n+1, a, b, got, want)
		}
		// The direct problem with either answer must arrive at b.
		for _, az := range []float64{az1, gaz1} {
			p, _ := Direct(a, az, got)
			// An azimuth printed to 1e-14 degrees carries an error of 4 nm at the far side.
			if e := gapBetween(p, b); !(e < 1e-6) {
				t.Errorf("line %d: Direct(%v, %v, %v) misses %v by %v m", n+1, a, az, got, b, e)
			} else {
				worstDirect = math.Max(worstDirect, e)
			}
		}
		if p, _ := Direct(b, gaz2+180, got); !(gapBetween(p, a) < 1e-6) {
			t.Errorf("line %d: back from %v misses %v by %v m (azimuth %v, GeodSolve %v)", n+1, b, a, gapBetween(p, a), gaz2, az2)
		}
	}
	if n < 300 {
		t.Fatalf("only %d cases", n)
	}
	t.Logf("%d cases, worst inverse %.3g m, worst direct %.3g m", n, worst, worstDirect)
}

func BenchmarkInverse(b *testing.B) {
	p, q := newVertex(Position{36, 35}), newVertex(Position{36.2, 35.3})
	for b.Loop() {
		solve(&p, &q)
	}
}

func BenchmarkLine(b *testing.B) {
	p := newVertex(Position{36, 35})
	for b.Loop() {
		l := newLine(&p, 0.6, 0.8)
		l.at(12345)
	}
}
