package geo4d

import (
	"bufio"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// readPair reads a shape as testdata/README.md says.
func readPair(t *testing.T, s string) Shape {
	t.Helper()
	var parts []Shape
	for part := range strings.SplitSeq(s, "+") {
		f := strings.SplitN(part, " ", 3)
		if len(f) != 3 {
			t.Fatalf("not a shape: %q", part)
		}
		number := func(s string) float64 {
			x, err := strconv.ParseFloat(s, 64)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		size := number(f[1])
		var lines [][]Position
		for l := range strings.SplitSeq(f[2], ";") {
			var line []Position
			for p := range strings.SplitSeq(l, ",") {
				if lon, lat, ok := strings.Cut(p, " "); ok {
					line = append(line, Position{number(lon), number(lat)})
				}
			}
			lines = append(lines, line)
		}
		switch f[0] {
		case "circle":
			parts = append(parts, Circle{lines[0][0], size})
		case "corridor":
			parts = append(parts, Corridor{lines[0], size})
		case "polygon":
			parts = append(parts, Polygon{lines})
		case "earth":
			parts = append(parts, Earth{})
		default:
			t.Fatalf("not a shape: %q", part)
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return Multi{parts}
}

// TestLateralAgainstGeodSolve holds gaps and verdicts to answers made along GeodSolve's geodesics.
func TestLateralAgainstGeodSolve(t *testing.T) {
	file, err := os.Open("testdata/pairs.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	n, worst := 0, 0.0
	classes := map[string]int{}
	for sc := bufio.NewScanner(file); sc.Scan(); n++ {
		f := strings.Split(sc.Text(), "\t")
		if len(f) != 5 {
			t.Fatalf("line %d has %d fields", n+1, len(f))
		}
		want, err := strconv.ParseFloat(f[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		a, b := readPair(t, f[1]), readPair(t, f[2])
		if err := ValidateShape(a); err != nil {
			t.Errorf("line %d: %v", n+1, err)
		}
		got, overlap, pa, pb := Lateral(a, b)
		classes[f[0]]++
		worst = math.Max(worst, math.Abs(got-want))
		// Shapes that miss each other by less than touchM touch.
		if !(math.Abs(got-want) <= 1e-6) || (f[4] != strconv.FormatBool(overlap) && want > 2*touchM) {
			t.Errorf("line %d, %s: gap %.9f, overlap %v, want %v %v", n+1, f[0], got, overlap, f[3], f[4])
		}
		if m, _, _ := Inverse(pa, pb); !(math.Abs(m-got) <= 1e-6) {
			t.Errorf("line %d, %s: closest positions %v, %v are %v m apart, not %v", n+1, f[0], pa, pb, m, got)
		}
	}
	if n < 3000 || len(classes) < 12 {
		t.Fatalf("only %d pairs in %d classes", n, len(classes))
	}
	t.Logf("%d pairs, worst %.3g m", n, worst)
}
