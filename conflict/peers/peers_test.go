package peers

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/geo4d"
)

func TestDraw(t *testing.T) {
	w := Draw(1, 30, 20, 10)
	if len(w.Plans) != 30 || len(w.Queries) != 20 || len(w.Entered) != 10 {
		t.Fatalf("%d plans, %d queries, %d entered", len(w.Plans), len(w.Queries), len(w.Entered))
	}
	if w.Entered[0].ID != "v0000030" {
		t.Errorf("the first entered is %s", w.Entered[0].ID)
	}
	few := w.First(5, 4)
	if !reflect.DeepEqual(few.Queries, w.Queries[:5]) || !reflect.DeepEqual(few.Entered, w.Entered[:4]) || len(few.Plans) != 30 {
		t.Error("First is not the first")
	}
}

func TestSkeleton(t *testing.T) {
	wkb, radiusM, err := Skeleton(geo4d.Circle{Center: geo4d.Position{LonDeg: 1.5, LatDeg: -2}, RadiusM: 70})
	if err != nil || radiusM != 70 {
		t.Fatal(radiusM, err)
	}
	// What SELECT ST_AsEWKB('SRID=4326;POINT(1.5 -2)'::geography) gives.
	want := []byte{1, 1, 0, 0, 0x20, 0xe6, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0}
	if !bytes.Equal(wkb, want) {
		t.Errorf("% x, want % x", wkb, want)
	}
	ring := []geo4d.Position{{LonDeg: 1, LatDeg: 2}, {LonDeg: 3, LatDeg: 4}, {LonDeg: 5, LatDeg: 1}, {LonDeg: 1, LatDeg: 2}}
	wkb, radiusM, err = Skeleton(geo4d.Polygon{Rings: [][]geo4d.Position{ring}})
	if err != nil || radiusM != 0 {
		t.Fatal(radiusM, err)
	}
	if kind, rings, corners := wkb[1], binary.LittleEndian.Uint32(wkb[9:]), binary.LittleEndian.Uint32(wkb[13:]); kind != 3 || rings != 1 || corners != 4 {
		t.Errorf("kind %d, %d rings, %d corners", kind, rings, corners)
	}
	if lat := math.Float64frombits(binary.LittleEndian.Uint64(wkb[len(wkb)-8:])); lat != 2 {
		t.Errorf("the last latitude is %v", lat)
	}
	if _, _, err := Skeleton(geo4d.Earth{}); err == nil {
		t.Error("the earth is taken")
	}
}

// TestNearBoxMeetsWhatIsNear: no plan that is too near has a box that the query's does not meet.
func TestNearBoxMeetsWhatIsNear(t *testing.T) {
	w := Draw(3, 3000, 600, 0)
	meet := func(a, b Box) bool {
		for i := 0; i < len(a); i += 2 {
			if a[i] > b[i+1] || b[i] > a[i+1] {
				return false
			}
		}
		return true
	}
	ours, err := Ours(w, len(w.Queries))
	if err != nil {
		t.Fatal(err)
	}
	pairs := 0
	for q, ids := range ours.Found {
		for _, id := range ids {
			pairs++
			if !meet(NearBox(&w.Queries[q].Volume), BoxOf(&w.Plans[id].Volume)) {
				t.Errorf("query %d does not meet plan %d", q, id)
			}
		}
	}
	if pairs < 5 {
		t.Errorf("only %d pairs", pairs)
	}
	v := w.Queries[0].Volume
	v.Shape = geo4d.Circle{Center: geo4d.Position{LonDeg: 10, LatDeg: 60}, RadiusM: 1000}
	near := NearBox(&v)
	for _, to := range []float64{0, 90, 180, 270} { // the next places outside, 49 m from its edge
		p, _ := geo4d.Direct(geo4d.Position{LonDeg: 10, LatDeg: 60}, to, 1049)
		if p.LonDeg < near[0] || p.LonDeg > near[1] || p.LatDeg < near[2] || p.LatDeg > near[3] {
			t.Errorf("the place at %v degrees is outside of %v", to, near)
		}
	}
}

func TestCompare(t *testing.T) {
	both, apart, err := Compare([][]int32{{3, 1}, {}, {5}}, [][]int32{{1, 2}, {7}, {5}})
	want := []Disagreement{{Pair{0, 2}, false}, {Pair{0, 3}, true}, {Pair{1, 7}, false}}
	if err != nil || both != 2 || !slices.Equal(apart, want) {
		t.Errorf("%d both, apart %v (%v), want %v", both, apart, err, want)
	}
	if _, _, err := Compare([][]int32{{1}}, nil); err == nil {
		t.Error("other queries are taken")
	}
	if _, _, err := Compare([][]int32{{1}}, [][]int32{{1, 1}}); err == nil {
		t.Error("a plan that is found twice is taken")
	}
}

// volume is a shape at noon, from the ground to 120 m.
func volume(s geo4d.Shape) *geo4d.Volume {
	v := Draw(1, 1, 0, 0).Plans[0].Volume
	v.Shape = s
	v.Band.Lower = &geo4d.Altitude{Value: 0, Unit: geo4d.Metres, Reference: geo4d.W84}
	v.Band.Upper = &geo4d.Altitude{Value: 120, Unit: geo4d.Metres, Reference: geo4d.W84}
	return &v
}

func TestExplain(t *testing.T) {
	at := geo4d.Position{LonDeg: 10, LatDeg: 50}
	// circle has its edge so many metres from that of a circle of 1 km at the place.
	circle := func(gapM float64) *geo4d.Volume {
		p, _ := geo4d.Direct(at, 77, 1000+1000+gapM)
		return volume(geo4d.Circle{Center: p, RadiusM: 1000})
	}
	square := func(sideM float64) *geo4d.Volume {
		b, _ := geo4d.Direct(at, 0, sideM)
		c, _ := geo4d.Direct(b, 270, sideM)
		return volume(geo4d.Polygon{Rings: [][]geo4d.Position{{at, b, c, at}}})
	}
	east, _ := geo4d.Direct(at, 90, 100)
	dot := volume(geo4d.Circle{Center: east, RadiusM: 49})
	near := geo4d.TooNear(geo4d.Measure(circle(-2000), circle(50), geo4d.Terrain{}), Separation(), 0) // either is right
	later := circle(49)
	later.Window.Start, later.Window.End = later.Window.Start.Add(24*time.Hour), later.Window.End.Add(24*time.Hour)
	for name, tt := range map[string]struct {
		a, b    *geo4d.Volume
		ours    bool
		theirsM float64
		want    string
	}{
		"on the separation":              {circle(-2000), circle(50), near, 50, "on the separation to a micrometre"},
		"ours wrong":                     {circle(-2000), circle(49), false, 49, ""},
		"ours wrong the other way":       {circle(-2000), circle(51), true, 51, ""},
		"theirs wrong in time":           {circle(-2000), later, false, 49, ""},
		"theirs wrong by its own figure": {circle(-2000), circle(49), true, 49, ""},
		"circles 2 m off":                {circle(-2000), circle(51), false, 49, ""},
		"circles 2 m too far":            {circle(-2000), circle(49), true, 51, "nearest places chosen on a sphere"},
		"circles 50 m too far":           {circle(-2000), circle(49), true, 99, ""},
		"a long edge 1.5 m off":          {square(80e3), dot, false, 49.5, "great circles taken for edges"},
		"a short edge 1.5 m off":         {square(8e3), dot, false, 49.5, ""},
	} {
		if got := Explain(tt.a, tt.b, tt.ours, tt.theirsM); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestRateOf(t *testing.T) {
	var d []time.Duration
	for i := range 200 {
		d = append(d, time.Duration(199-i)*time.Millisecond)
	}
	if got := RateOf(d, 4*time.Second); got != (Rate{50, 100 * time.Millisecond, 198 * time.Millisecond}) {
		t.Errorf("%+v", got)
	}
	if got := RateOf(nil, time.Second); got != (Rate{}) {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestEach(t *testing.T) {
	for _, threads := range []int{1, 2, 3} {
		did := make([]int, 100)
		if _, err := Each(len(did), threads, func(_, i int) error { did[i]++; return nil }); err != nil {
			t.Fatal(err)
		}
		for i, n := range did {
			if n != 1 {
				t.Errorf("%d threads: step %d was taken %d times", threads, i, n)
			}
		}
	}
	bad := errors.New("bad")
	if _, err := Each(10, 2, func(_, i int) error {
		if i == 7 {
			return bad
		}
		return nil
	}); !errors.Is(err, bad) {
		t.Errorf("error %v", err)
	}
}

func TestReport(t *testing.T) {
	w := Draw(1, 1000, 50, 4)
	ours, err := Ours(w, 50)
	if err != nil {
		t.Fatal(err)
	}
	ours.Found = make([][]int32, 50)
	ours.Found[0] = []int32{1, 2}
	other := Result{System: "Other, here", Version: "1.2", Found: slices.Clone(ours.Found), Load: 90 * time.Second, Bytes: 2e6, Where: "on disk"}
	ours.Ask = [2]Rate{{PerSecond: 250_123, P50: 2500 * time.Nanosecond}, {PerSecond: 500_000}}
	other.Ask[0] = Rate{PerSecond: 1000, P50: 900 * time.Microsecond, P99: 12300 * time.Microsecond}
	same, err := CompareWith(w, &ours, &other, nil)
	if err != nil {
		t.Fatal(err)
	}
	other.Found[0] = []int32{1}
	less, err := CompareWith(w, &ours, &other, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := Report{Seed: 1, Plans: 1000, Queries: 50, Results: []Result{ours, other}, Comparisons: []Comparison{same, less}}
	var b strings.Builder
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| Other, here | 1,000 | 250 x | 900 us / 12.3 ms |  |  | 90.0 s | 2 MB on disk |",
		"| 250,000 / 500,000 |  | 2.5 us /",
		"- Other: 1.2",
		"Ours finds 2 pairs, 0.0 a query.",
		"2 pairs found by both, 0 by one alone, of these 0 not explained",
		"1 pairs found by both, 1 by one alone, of these 1 not explained",
		"NOT EXPLAINED: q0000000 and v0000002, found by ours: true",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "shared") || !strings.Contains(Shared(2.25), "load 2.2") {
		t.Error("it does not tell a machine that is shared from one that is not")
	}
	if r.Unexplained() != 1 {
		t.Errorf("%d unexplained", r.Unexplained())
	}
}

func TestCount(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 7.4: "7", 999: "999", 1234: "1,230", 98765: "98,800", 1234567: "1,230,000"} {
		if got := count(x); got != want {
			t.Errorf("count(%v) = %q, want %q", x, got, want)
		}
	}
}

func TestReplace(t *testing.T) {
	doc := "a\n<!-- x -->\nold\n<!-- end of x -->\nb\n"
	got, err := Replace(doc, "x", "new\n\n")
	if want := "a\n<!-- x -->\nnew\n<!-- end of x -->\nb\n"; err != nil || got != want {
		t.Errorf("%q (%v), want %q", got, err, want)
	}
	for _, bad := range []string{"", "<!-- x -->\n", "<!-- end of x -->\n<!-- y -->\n"} {
		if _, err := Replace(bad, "x", "new"); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
