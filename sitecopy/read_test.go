package sitecopy

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/fault"
	"parley/geo4d"
)

func among(t testing.TB, text string, want geo4d.Position, withinM float64) bool {
	t.Helper()
	read, err := Read([]byte(text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return slices.ContainsFunc(slices.Collect(read.Positions(true)), func(p geo4d.Position) bool {
		d, _, _ := geo4d.Inverse(p, want)
		return d <= withinM
	})
}

func TestReadsPositionsOfManyForms(t *testing.T) {
	north := geo4d.Position{LatDeg: 35.4075, LonDeg: 35.9491667}
	south := geo4d.Position{LatDeg: -35.4075, LonDeg: -35.9491667}
	for _, text := range []string{
		`{"type":"Point","coordinates":[35.9491667,35.4075]}`,
		"{\"lat\": 35.4075,\n \"lon\": 35.9491667}",
		"id,lat,lon,radius\nx,35.4075,35.9491667,200\n",
		"x;35,4075;35,9491667;200",
		"x,35.4075,0.5,17.25,35.9491667",
		`the clinic at 35°24'27"N 35°56'57"E, as told`,
		"35º24′27.0″ n, 035º56′57.0″ e",
		"N 35 24 27 E 35 56 57",
		"N35°24.45' E035°56.95'",
		"352427N0355657E",
		"352427N 0355657E",
		"E 35 56 57, N 35 24 27",
		"35:24:27N 35:56:57E",
		"clinic N35.4075 E35.9491667 radius 0.2 km",
	} {
		if !among(t, text, north, 0.02) {
			t.Errorf("%q is not read", text)
		}
	}
	for _, text := range []string{"-35.4075,-35.9491667", "\u221235.4075 \u221235.9491667", "35.4075 S 35.9491667 W", `35°24'27"S 35°56'57"W`, "x-35.4,[-35.9491667,-35.4075]"} {
		if !among(t, text, south, 0.02) {
			t.Errorf("%q is not read", text)
		}
	}
}

// TestNeighboursAreNotMixed holds that a latitude is not put with the longitude of another row.
func TestNeighboursAreNotMixed(t *testing.T) {
	for _, text := range []string{
		"a,35.1,36.1\nb,35.2,36.2\nc,35.3,36.3\n",
		"[[36.1,35.1],[36.2,35.2],[36.3,35.3]]",
		"{\"lat\":35.1,\"lon\":36.1},{\"lat\":35.2,\"lon\":36.2},{\"lat\":35.3,\"lon\":36.3}",
		"[\n 36.1,\n 35.1\n],\n[\n 36.2,\n 35.2\n],\n[\n 36.3,\n 35.3\n]",
		"lat 35.1\nlon 36.1\nlat 35.2\nlon 36.2\nlat 35.3\nlon 36.3\n",
	} {
		read, err := Read([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(slices.Collect(read.Positions(false))); n != 6 { // 3, and each the other way round
			t.Errorf("%q: %d positions", text, n)
		}
	}
}

// TestReadsWhatGeo4dWrites takes every form that this program prints.
func TestReadsWhatGeo4dWrites(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := geo4d.Position{LatDeg: rapid.Float64Range(-89, 89).Draw(rt, "lat"), LonDeg: rapid.Float64Range(-179, 179).Draw(rt, "lon")}
		for text, m := range map[string]float64{geo4d.FormatDD(p): 1, geo4d.FormatDMS(p): 2.3, geo4d.FormatICAO(p): 22,
			fmt.Sprintf("%.6f %.6f", p.LatDeg, p.LonDeg): 0.1, fmt.Sprintf(`{"lng":%.7f,"lat":%.7f}`, p.LonDeg, p.LatDeg): 0.02} {
			if !among(t, "1. "+text+" (a place)", p, m) {
				rt.Fatalf("%q of %v is not read", text, p)
			}
		}
	})
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]fault.Code{"": fault.Invalid, "no place at all": fault.Invalid, "12 34 56": fault.Invalid, "3.5": fault.Invalid,
		strings.Repeat("1.5 ", MaxNumbers+1): fault.TooLarge} {
		if _, err := Read([]byte(text)); !fault.Is(err, want) {
			t.Errorf("%.20q: %v, want %s", text, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{`{"coordinates":[35.9,35.4]}`, `35°24'27"N 35°56'57"E`, "352427N0355657E", "x;35,4075;35,94", "N 35 24 27 E 35 56 57", "-1.5-2.5", "\xff1.5,2.5"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text, err := Read(data)
		if err != nil {
			return
		}
		n := 0
		for p := range text.Positions(true) {
			n++
			if !(math.Abs(p.LatDeg) <= 90 && math.Abs(p.LonDeg) <= 180) {
				t.Errorf("%v is no position", p)
			}
		}
		if most := len(data) * 2 * within; n > most {
			t.Errorf("%d positions of %d bytes", n, len(data))
		}
		In(Key{}, []Copy{{ID: "a", Sites: []Site{{"s", geo4d.Position{LatDeg: 35.4, LonDeg: 35.9}}}}}, text)
	})
}
