package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"parley/conflict"
	"parley/geo4d"
)

func anyFloat() *rapid.Generator[float64] {
	return rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, 1e-6, 9.99e-7, 1e21, 1e-10, 1.5e-100, 180}))
}

func anyRow() *rapid.Generator[conflict.Row] {
	return rapid.Custom(func(t *rapid.T) conflict.Row {
		f := func() float64 { return anyFloat().Draw(t, "number") }
		pf := func() *float64 { return rapid.Ptr(anyFloat(), true).Draw(t, "optional") }
		flag := func() bool { return rapid.Bool().Draw(t, "flag") }
		place := func() [2]float64 {
			return [2]float64{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat")}
		}
		level := func() *geo4d.Altitude {
			return rapid.Ptr(rapid.Custom(func(t *rapid.T) geo4d.Altitude {
				return geo4d.Altitude{Value: anyFloat().Draw(t, "altitude"), Unit: geo4d.Feet, Reference: geo4d.AMSL}
			}), true).Draw(t, "level")
		}
		r := conflict.Row{ID: rapid.StringMatching("[0-9a-f]{64}").Draw(t, "id"), A: rapid.String().Draw(t, "a"), B: rapid.String().Draw(t, "b"), LateralM: f(), VerticalM: f(), TimeS: f(),
			VerticalUncertain: flag(), AtA: place(), AtB: place(), Start: rapid.SampledFrom([]string{"", "2026-12-01T18:00:00.000Z"}).Draw(t, "start"),
			Lower: level(), Upper: level(), MoveA: conflict.Move{LateralM: pf(), LateralBearingDeg: pf(), LateralExact: flag(), UpM: pf(), DownM: pf(), LaterS: pf(), EarlierS: pf()}}
		if flag() {
			r.AtB = r.AtA
		}
		return r
	})
}

func englishTongue(t *testing.T) tongue {
	t.Helper()
	said, err := speaks{}.tongue()
	if err != nil {
		t.Fatal(err)
	}
	return said
}

// printAll prints a report in one of the formats.
func printAll(t interface{ Fatal(...any) }, format string, rep conflict.Report, said tongue) string {
	var b bytes.Buffer
	p := newCheckPrinter(&b, format, said)
	for i := range rep.Conflicts {
		if err := p.row(&rep.Conflicts[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.end(rep.Refused, "the end"); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestCheckFormats holds the JSON printed row by row to that of an encoder, and the other formats to
// it.
func TestCheckFormats(t *testing.T) {
	said := englishTongue(t)
	rapid.Check(t, func(t *rapid.T) {
		rep := conflict.Report{Conflicts: rapid.SliceOfN(anyRow(), 0, 4).Draw(t, "rows"), Refused: []conflict.Refusal{}}
		for range rapid.IntRange(0, 3).Draw(t, "refused") {
			rep.Refused = append(rep.Refused, conflict.Refusal{ID: rapid.String().Draw(t, "id"), Reason: rapid.String().Draw(t, "reason")})
		}
		var want bytes.Buffer
		if err := printJSON(&want, rep); err != nil {
			t.Fatal(err)
		}
		if got := printAll(t, "json", rep, tongue{}); got != want.String() {
			t.Fatalf("got\n%s\nwant\n%s", got, want.String())
		}
		sameGeoJSON(t, rep)
		sameCSV(t, rep)
		sameTable(t, rep, said)
	})
}

func sameGeoJSON(t *rapid.T, rep conflict.Report) {
	var g struct {
		Type     string `json:"type"`
		Features []struct {
			Type     string `json:"type"`
			Geometry struct {
				Type        string `json:"type"`
				Coordinates any    `json:"coordinates"`
			} `json:"geometry"`
			Properties conflict.Row `json:"properties"`
		} `json:"features"`
		Refused []conflict.Refusal `json:"refused"`
	}
	if err := json.Unmarshal([]byte(printAll(t, "geojson", rep, tongue{})), &g); err != nil {
		t.Fatal(err)
	}
	if g.Type != "FeatureCollection" || len(g.Features) != len(rep.Conflicts) || fmt.Sprint(g.Refused) != fmt.Sprint(rep.Refused) {
		t.Fatalf("%+v", g)
	}
	for i, f := range g.Features {
		want := rep.Conflicts[i]
		kind := "LineString"
		switch {
		case want.AtA == want.AtB:
			kind = "Point"
		case math.Abs(want.AtA[0]-want.AtB[0]) > 180:
			kind = "MultiLineString"
		}
		if f.Type != "Feature" || f.Geometry.Type != kind {
			t.Fatalf("%+v, want %s", f, kind)
		}
		want.AtA, want.AtB = [2]float64{}, [2]float64{}
		one, _ := json.Marshal(f.Properties)
		two, _ := json.Marshal(want)
		if !bytes.Equal(one, two) {
			t.Fatalf("%s, want %s", one, two)
		}
	}
}

func sameCSV(t *rapid.T, rep conflict.Report) {
	rows, err := csv.NewReader(strings.NewReader(printAll(t, "csv", rep, tongue{}))).ReadAll()
	if err != nil || len(rows) != 1+len(rep.Conflicts) {
		t.Fatalf("%v, %d rows", err, len(rows))
	}
	for i, r := range rep.Conflicts {
		if got := rows[i+1]; got[0] != plain(r.A) || got[2] != decimal(r.LateralM) || got[11] != "" || (got[14] == "") != (r.MoveA.UpM == nil) ||
			(got[18] == "") != (r.MoveA.LateralBearingDeg == nil) || (got[19] == "") != (r.Lower == nil) || got[21] != r.ID {
			t.Fatalf("%q of %+v", got, r)
		}
	}
}

// sameTable holds the table to the one that looks at all rows before it prints the first.
func sameTable(t *rapid.T, rep conflict.Report, said tongue) {
	rows := [][]string{{"ID", "A", "B", "LATERAL", "VERTICAL", "TIME"}}
	for _, r := range rep.Conflicts {
		if len(r.A) > 0 && !utf8.ValidString(r.A) {
			return
		}
		rows = append(rows, []string{shortID(r.ID), r.A, r.B, metres(&r.LateralM), metres(&r.VerticalM), seconds(r.TimeS)})
	}
	var want bytes.Buffer
	if len(rep.Conflicts) > 0 {
		if err := table(&want, rows); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range rep.Refused {
		fmt.Fprintf(&want, "refused %s: %s\n", plain(r.ID), plain(oneLine(r.Reason)))
	}
	want.WriteString("the end\n")
	// Text of the other direction is kept apart from what stands about it.
	got := strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "").Replace(printAll(t, "table", rep, said))
	if got != want.String() {
		t.Fatalf("got\n%s\nwant\n%s", got, want.String())
	}
}

// TestCheckTableOfMany prints more rows than are held, with one wider than all before it.
func TestCheckTableOfMany(t *testing.T) {
	said := englishTongue(t)
	rep := conflict.Report{}
	for i := range 3 * heldRows {
		rep.Conflicts = append(rep.Conflicts, conflict.Row{A: fmt.Sprint(i), B: "b"})
	}
	rep.Conflicts[2*heldRows].A = strings.Repeat("long", 10)
	lines := strings.Split(printAll(t, "table", rep, said), "\n")
	if len(lines) != 3*heldRows+3 || !strings.HasPrefix(strings.TrimLeft(lines[2*heldRows+1], " "), "longlong") || !strings.HasPrefix(strings.TrimLeft(lines[1], " "), "0    b  0 m") {
		t.Errorf("%d lines: %q, %q", len(lines), lines[1], lines[2*heldRows+1])
	}
}

// TestAcrossTheAntimeridian cuts a line where its geodesic crosses.
func TestAcrossTheAntimeridian(t *testing.T) {
	a, b := [2]float64{179.5, 60}, [2]float64{-178.5, 62}
	got := string(appendBetween(nil, a, b))
	var lat, again float64
	if _, err := fmt.Sscanf(got, `{"type":"MultiLineString","coordinates":[[[179.5,60],[180,%g]],[[-180,%g],[-178.5,62]]]}`, &lat, &again); err != nil || lat != again {
		t.Fatalf("%s: %v", got, err)
	}
	from, mid, to := geo4d.Position{LonDeg: 179.5, LatDeg: 60}, geo4d.Position{LonDeg: 180, LatDeg: lat}, geo4d.Position{LonDeg: -178.5, LatDeg: 62}
	whole, _, _ := geo4d.Inverse(from, to)
	one, _, _ := geo4d.Inverse(from, mid)
	two, _, _ := geo4d.Inverse(mid, to)
	if math.Abs(one+two-whole) > 1e-3 {
		t.Errorf("the parts are %v m longer than the whole", one+two-whole)
	}
}
