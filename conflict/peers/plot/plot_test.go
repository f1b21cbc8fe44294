package plot

import (
	"encoding/xml"
	"errors"
	"html"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
)

const printed = `load 1.5
goos: linux
cpu: some
BenchmarkMatches/volumes=10000/threads=1-2  	 100	 2000 ns/op	 0.08 hits/op	 25000 ns/hit	 1.5 p50-us	 9.0 p99-us	 500000 queries/s
BenchmarkMatches/volumes=10000/threads=2-2  	 100	 1000 ns/op	 0.08 hits/op	 25000 ns/hit	 1.5 p50-us	 9.5 p99-us	 900000 queries/s
BenchmarkMatches/volumes=10000/threads=1/writers=1-2  	 100	 2500 ns/op	 0.08 hits/op	 1.5 p50-us	 9.0 p99-us	 123456 puts/s	 400000 queries/s
BenchmarkMatches/volumes=1000000/threads=1-2  	 100	 4000 ns/op	 8.2 hits/op	 490 ns/hit	 3.5 p50-us	 39 p99-us	 250000 queries/s
BenchmarkLoad/volumes=1000000-2  	 1	 2000000000 ns/op	 299.5 bytes/volume	 500000 volumes/s
BenchmarkEnter/volumes=1000000/new/threads=1-2  	 1	 5000 ns/op	 200000 entered/s
BenchmarkOneCity/volumes=1000/threads=1-2  	 1	 3000 ns/op	 0.8 hits/op	 3750 ns/hit
BenchmarkOneCity/volumes=30000/threads=1-2  	 1	 9000 ns/op	 26 hits/op	 346 ns/hit
BenchmarkSeparation/volumes=1000000/lateral_m=20000-2  	 1	 90000 ns/op	 260 hits/op	 346 ns/hit
BenchmarkMixed/volumes=100000/kinds=flight-2  	 1	 80000 ns/op	 16 hits/op	 5000 ns/hit
BenchmarkWhatIf/volumes=100000/variants=50-2  	 1	 100000 ns/op
BenchmarkWhatIf/volumes=100000/one_by_one=50-2  	 1	 300000 ns/op
PASS
`

func TestRead(t *testing.T) {
	runs, on, err := Read(strings.NewReader(printed))
	if err != nil || on != (Machine{2, 1.5}) || len(runs) != 12 {
		t.Fatalf("%d runs on %v, %v", len(runs), on, err)
	}
	rs := Runs(runs)
	if got := rs.figure("Matches/volumes=10000/threads=1/writers=1", "puts/s"); got != 123456 {
		t.Errorf("puts/s: %v", got)
	}
	if n, ok := runs[3].Part("volumes"); n != 1e6 || !ok {
		t.Errorf("volumes: %v %v", n, ok)
	}
	if _, ok := runs[3].Part("kinds"); ok {
		t.Error("it has a part that it has not")
	}
	if got := rs.volumes("Matches/"); !slices.Equal(got, []float64{1e4, 1e6}) {
		t.Errorf("volumes: %v", got)
	}
}

func TestReadTakesTheMedian(t *testing.T) {
	runs, on, err := Read(strings.NewReader("BenchmarkA 1 30 ns/op\nBenchmarkA 1 10 ns/op\nBenchmarkA 1 20 ns/op\n"))
	if err != nil || on != (Machine{1, 0}) || len(runs) != 1 || runs[0].Figures["ns/op"] != 20 {
		t.Errorf("%v on %v, %v", runs, on, err)
	}
}

func TestReadFails(t *testing.T) {
	if _, _, err := Read(strings.NewReader("BenchmarkA 1 x ns/op\n")); err == nil {
		t.Error("a figure that is none is taken")
	}
	if _, _, err := Read(strings.NewReader("load x\n")); err == nil {
		t.Error("a load that is none is taken")
	}
	if _, _, err := Read(failing{}); !errors.Is(err, errRead) {
		t.Errorf("error %v", err)
	}
}

var errRead = errors.New("cannot be read")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errRead }

func TestWriteTables(t *testing.T) {
	runs, on, err := Read(strings.NewReader(printed))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := Runs(runs).WriteTables(&b, on); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"2 cores. They were shared with other work (load 1.5 when it began)",
		"| 10,000 | 500,000 | 900,000 | 1.8 x | 1.5 | 9 | 0.08 | 25,000 | 20 % | 123,000 |",
		"| 1,000,000 | 250,000 |  |  | 3.5 | 39 | 8.2 | 490 |  |  |",
		"| 1,000,000 | 2 | 500,000 | 300 | 200,000 |  |  |  |",
		"| 30,000 | 26 | 9 | 346 |",
		"| 20,000 | 260 | 90 | 346 |",
		"| flight | 16 | 80 | 5,000 |",
		"| 50 | 2 | 6 | 3.0 x |",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "1,000 km") {
		t.Error("a table of what did not run")
	}
}

// TestCharts: both pictures are XML, with every label of their axes, every series and every point.
func TestCharts(t *testing.T) {
	runs, _, err := Read(strings.NewReader(printed))
	if err != nil {
		t.Fatal(err)
	}
	points := map[string]int{"conflict-by-hits.svg": 4, "conflict-by-volumes.svg": 8}
	for name, c := range Runs(runs).Charts() {
		var b strings.Builder
		if err := c.Write(&b); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		dec := xml.NewDecoder(strings.NewReader(text))
		marks := 0
		for {
			tok, err := dec.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if e, ok := tok.(xml.StartElement); ok {
				for _, a := range e.Attr {
					if a.Name.Local == "class" && len(a.Value) == 2 && a.Value[0] == 's' {
						marks++
					}
				}
			}
		}
		if want := points[name] + len(c.Series); marks != want { // with one in the key for each
			t.Errorf("%s: %d marks, want %d", name, marks, want)
		}
		for _, want := range []string{c.Title, c.X, c.Y, c.Alt, "prefers-color-scheme: dark"} {
			if !strings.Contains(text, html.EscapeString(want)) {
				t.Errorf("%s has no %q", name, want)
			}
		}
		for _, bad := range []string{"NaN", "Inf"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s has %s", name, bad)
			}
		}
	}
}

func TestChartRefuses(t *testing.T) {
	for name, s := range map[string][]Series{
		"nothing": nil,
		"zero":    {{Points: []Point{{0, 1}}}},
		"no end":  {{Points: []Point{{1, math.Inf(1)}}}},
		"five":    slices.Repeat([]Series{{Points: []Point{{1, 1}}}}, 5),
	} {
		if err := (&Chart{Series: s}).Write(io.Discard); err == nil {
			t.Errorf("%s: drawn", name)
		}
	}
}

func TestAxis(t *testing.T) {
	a := axisOf([]float64{3, 700}, 0, 100)
	if a.from != 2 || a.to != 1000 {
		t.Errorf("from %v to %v", a.from, a.to)
	}
	if p := a.place(2 * math.Sqrt(500)); math.Abs(p-50) > 1e-9 {
		t.Errorf("the middle is at %v", p)
	}
	for _, tt := range []struct {
		values []float64
		want   []float64
	}{
		{[]float64{1e4, 1e7}, []float64{1e4, 1e5, 1e6, 1e7}},
		{[]float64{2, 18}, []float64{2, 5, 10, 20}},
		{[]float64{1, 1}, []float64{1, 2, 5, 10}},
	} {
		got := axisOf(tt.values, 0, 1).ticks()
		if !slices.EqualFunc(got, tt.want, func(a, b float64) bool { return math.Abs(a-b) < 1e-9*b }) {
			t.Errorf("%v: %v, want %v", tt.values, got, tt.want)
		}
	}
}

func TestDigits(t *testing.T) {
	for v, want := range map[float64]string{0: "", 0.0803: "0.0803", 1.2345: "1.23", 99.96: "100", 12345: "12,300", 1234567: "1,230,000", 999.6: "1,000"} {
		if got := digits(v); got != want {
			t.Errorf("digits(%v) = %q, want %q", v, got, want)
		}
	}
	for v, want := range map[float64]string{0.5: "0.5", 20: "20", 1000: "1,000", 100000: "100,000", 1e7: "10 million"} {
		if got := number(v); got != want {
			t.Errorf("number(%v) = %q, want %q", v, got, want)
		}
	}
}
