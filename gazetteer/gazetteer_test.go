package gazetteer

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"os"
	"sort"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/catalogue"
	"parley/geo4d"
)

func load(t testing.TB) *Gazetteer {
	t.Helper()
	g, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestLoad(t *testing.T) {
	g := load(t)
	if g.Len() < 25000 {
		t.Fatalf("%d towns", g.Len())
	}
	for _, town := range g.towns {
		if town.Population < 15000 || !valid(town.Position) || town.Name == "" {
			t.Fatalf("bad town %+v", town)
		}
		if g.Country(town.Country) == town.Country {
			t.Fatalf("no name for country %q", town.Country)
		}
	}
}

var _ interface {
	Describe(geo4d.Position) string
	Where(geo4d.Position) (catalogue.Message, bool)
	Find(string) []geo4d.Position
} = (*Gazetteer)(nil) // what notice asks of a gazetteer

func TestNamed(t *testing.T) {
	g := load(t)
	tests := []struct {
		name, town, country string
		lon, lat            float64
	}{
		{"Idlib", "Idlib", "SY", 36.634, 35.931},
		{"latakia", "Latakia", "SY", 35.790, 35.532},
		{"LATTAKIA", "Latakia", "SY", 35.790, 35.532},
		{"Deir ez-Zor", "Deir ez-Zor", "SY", 40.141, 35.336},
		{"deir ez zor", "Deir ez-Zor", "SY", 40.141, 35.336},
		{"Dayr az Zawr", "Deir ez-Zor", "SY", 40.141, 35.336},
		{"Palmyra", "Tadmur", "SY", 38.284, 34.562},
		{"Halab", "Aleppo", "SY", 37.161, 36.201},
		{"Tartus", "Ţarţūs", "SY", 35.887, 34.889},
		{"Kyiv", "Kyiv", "UA", 30.524, 50.450},
		{"Zürich", "Zürich", "CH", 8.55, 47.367},
		{"zurich", "Zürich", "CH", 8.55, 47.367},
		{"Sao Paulo", "São Paulo", "BR", -46.636, -23.548},
		{"Łódź", "Łódź", "PL", 19.474, 51.771},
		{"Lodz", "Łódź", "PL", 19.474, 51.771},
		{"Kunduz", "Kunduz", "AF", 68.857, 36.729},
	}
	for _, tt := range tests {
		got := g.Named(tt.name)
		if len(got) == 0 {
			t.Errorf("%s: not found", tt.name)
			continue
		}
		p := got[0].Position
		if got[0].Name != tt.town || got[0].Country != tt.country || math.Abs(p.LonDeg-tt.lon) > 0.02 || math.Abs(p.LatDeg-tt.lat) > 0.02 {
			t.Errorf("%s: got %+v", tt.name, got[0])
		}
		if ps := g.Find(tt.name); len(ps) != len(got) || ps[0] != p {
			t.Errorf("%s: Find differs from Named", tt.name)
		}
	}
	for _, name := range []string{"", " ", "-", "Xyzzyburg", strings.Repeat("Idlib", 100), "\xff\xfe", "NOTAM"} {
		if got := g.Named(name); got != nil {
			t.Errorf("%.20q: found %v", name, got)
		}
	}
}

func TestDescribe(t *testing.T) {
	g := load(t)
	tests := []struct {
		name     string
		lon, lat float64
		want     string
	}{
		{"in a town", 36.634, 35.931, "in Idlib, Syria"},
		{"a clinic as meant", 36.6, 35.9, "5 km (2 NM) south-west of Idlib, Syria"},
		{"mid-ocean", -30, 0, "864 km (466 NM) north-east of Natal, Brazil"},
		{"north pole", 12, 90, " north of "},
		{"south pole", -170, -90, " south of "},
		{"antimeridian, from the east", -179.9, -17, "Fiji"},
		{"antimeridian, from the west", 179.9, -17, "Fiji"},
		{"the same place, a turn on", 179.9 - 360, -17, "Fiji"},
	}
	for _, tt := range tests {
		got := g.Describe(geo4d.Position{LonDeg: tt.lon, LatDeg: tt.lat})
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q has no %q", tt.name, got, tt.want)
		}
	}
	for _, p := range []geo4d.Position{{LonDeg: math.NaN()}, {LatDeg: math.NaN()}, {LatDeg: 91}, {LonDeg: math.Inf(1)}} {
		if got := g.Describe(p); got != "" {
			t.Errorf("%v: %q", p, got)
		}
	}
}

// A swapped position must be said back as another place (facts.md, scenario 4).
func TestDescribeSwap(t *testing.T) {
	g := load(t)
	meant := g.Describe(geo4d.Position{LonDeg: 36.6, LatDeg: 35.9})
	swapped := g.Describe(geo4d.Position{LonDeg: 35.9, LatDeg: 36.6})
	if meant == swapped || !strings.Contains(swapped, "Turkey") {
		t.Errorf("meant %q, swapped %q", meant, swapped)
	}
}

func TestDescribeDirection(t *testing.T) {
	g := load(t)
	idlib := g.Named("Idlib")[0].Position
	// Idlib's neighbours lie farther than 3 km, so that a place 2.5 km off is said by Idlib.
	for i, want := range []string{"north", "north-north-east", "north-east", "east-north-east", "east", "east-south-east",
		"south-east", "south-south-east", "south", "south-south-west", "south-west", "west-south-west",
		"west", "west-north-west", "north-west", "north-north-west"} {
		p, _ := geo4d.Direct(idlib, float64(i)*22.5, 2600)
		if got := g.Describe(p); got != "3 km (1 NM) "+want+" of Idlib, Syria" {
			t.Errorf("%s: %q", want, got)
		}
	}
}

// bruteNearest is the reference: every town measured.
func bruteNearest(g *Gazetteer, p geo4d.Position, n int) []float64 {
	var all []float64
	for _, t := range g.towns {
		d, _, _ := geo4d.Inverse(t.Position, p)
		all = append(all, d)
	}
	sort.Float64s(all)
	return all[:min(n, len(all))]
}

func TestNearestAgainstBruteForce(t *testing.T) {
	full := load(t)
	rapid.Check(t, func(t *rapid.T) {
		// A few towns, some at the poles and on the antimeridian, so that each look is cheap.
		g := &Gazetteer{}
		for range rapid.IntRange(1, 60).Draw(t, "towns") {
			town := Town{Position: drawPosition(t)}
			if rapid.Bool().Draw(t, "real") {
				town = full.towns[rapid.IntRange(0, full.Len()-1).Draw(t, "which")]
			}
			g.towns = append(g.towns, town)
			g.points = append(g.points, vector(town.Position))
			g.tree = append(g.tree, int32(len(g.tree)))
		}
		plant(g.points, g.tree, 0)
		p := drawPosition(t)
		n := rapid.IntRange(1, 8).Draw(t, "n")
		want := bruteNearest(g, p, n)
		got := g.Nearest(p, n)
		if len(got) != len(want) {
			t.Fatalf("%d towns, want %d", len(got), len(want))
		}
		for i := range got {
			if got[i].DistanceM != want[i] {
				t.Fatalf("town %d at %f m, want %f m", i, got[i].DistanceM, want[i])
			}
		}
	})
}

// drawPosition draws to a billionth of a degree, a tenth of a millimetre.
func drawPosition(t *rapid.T) geo4d.Position {
	round := func(v float64) float64 { return math.Round(v*1e9) / 1e9 }
	return geo4d.Position{
		LonDeg: round(rapid.OneOf(rapid.SampledFrom([]float64{0, 180, -180, 179.9999, -179.9999, 90}), rapid.Float64Range(-180, 180)).Draw(t, "lon")),
		LatDeg: round(rapid.OneOf(rapid.SampledFrom([]float64{0, 90, -90, 89.9999, -89.9999}), rapid.Float64Range(-90, 90)).Draw(t, "lat")),
	}
}

func TestNearestOfAll(t *testing.T) {
	g := load(t)
	for _, p := range []geo4d.Position{{LonDeg: 36.6, LatDeg: 35.9}, {LonDeg: 0, LatDeg: 90}, {LonDeg: 0, LatDeg: -90},
		{LonDeg: 180, LatDeg: 0}, {LonDeg: -150, LatDeg: -40}, {LonDeg: -123.4, LatDeg: -48.9}} {
		want := bruteNearest(g, p, 5)
		for i, n := range g.Nearest(p, 5) {
			if n.DistanceM != want[i] {
				t.Errorf("%v: town %d at %f m, want %f m", p, i, n.DistanceM, want[i])
			}
		}
	}
}

// The committed data must be what data/README.md says it is.
func TestChecksums(t *testing.T) {
	readme, err := os.ReadFile("data/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"towns.tsv.gz", "countries.tsv"} {
		b, err := os.ReadFile("data/" + name)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(b)
		if !strings.Contains(string(readme), hex.EncodeToString(sum[:])) {
			t.Errorf("README.md does not give the checksum of %s", name)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, line := range []string{"a\tSY\t1\t2\t3\n", "a\tSY\tx\t2\t3\t\n", "a\tSY\t1\tx\t3\t\n", "a\tSY\t1\t2\tx\t\n"} {
		if _, err := parse(line); err == nil {
			t.Errorf("%q: no error", line)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		load(b)
	}
}

func BenchmarkNearest(b *testing.B) {
	full := load(b)
	for _, n := range []int{1000, full.Len()} {
		g := &Gazetteer{towns: full.towns[:n], points: full.points[:n]}
		for i := range n {
			g.tree = append(g.tree, int32(i))
		}
		plant(g.points, g.tree, 0)
		b.Run("towns="+strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				i++
				g.Nearest(geo4d.Position{LonDeg: float64(i*37%360) - 180, LatDeg: float64(i*17%180) - 90}, 1)
			}
		})
	}
}

func BenchmarkFirstName(b *testing.B) {
	b.ReportAllocs()
	g := load(b)
	for b.Loop() {
		g.index()
	}
}

// TestWhereSaysWhatDescribeSays: in English the same words, and in every language the figures, the town and
// the country of each place.
func TestWhereSaysWhatDescribeSays(t *testing.T) {
	g := load(t)
	var all []*catalogue.Catalogue
	for _, language := range catalogue.Languages() {
		c, err := catalogue.Load(language)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	for lat := -90.0; lat <= 90; lat += 7.3 {
		for lon := -180.0; lon <= 180; lon += 11.1 {
			p := geo4d.Position{LonDeg: lon, LatDeg: lat}
			m, ok := g.Where(p)
			if got := all[0].Say(m); !ok || got != g.Describe(p) {
				t.Fatalf("%v: %q, not %q", p, got, g.Describe(p))
			}
			for _, c := range all {
				if wrong := c.Check(m); len(wrong) > 0 {
					t.Fatalf("%s: %v", c.Language, wrong)
				}
			}
		}
	}
	for code, name := range g.countries {
		if got := all[0].Word("country." + code); got != name {
			t.Errorf("%s is %q in the catalogue, and %q in the list", code, got, name)
		}
	}
	if _, ok := g.Where(geo4d.Position{LatDeg: 91}); ok {
		t.Error("no position is somewhere")
	}
}
