package notice

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"parley/fault"
)

// feature writes a plan feature; props is appended to its properties.
func feature(id, props string) string {
	return fmt.Sprintf(`{"type":"Feature","id":%q,"geometry":{"type":"Point","coordinates":[35.95,35.41]},
	"properties":{"party":"blue","kind":"flight","radius_m":9260,"start":"2026-12-01T18:00:00Z","end":"2026-12-01T19:30:00Z"%s}}`, id, props)
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","name":"plan","features":[` + strings.Join(features, ",\n") + `],"extra":{"features":[1]}}`
}

func read(t *testing.T, s string, opts PlanOptions) Plan {
	t.Helper()
	p, err := ReadPlan(strings.NewReader(s), opts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestReadPlan(t *testing.T) {
	p := read(t, collection(
		feature("b1", `,"notice":"blue-7","title":"survey","uncertainty_m":50,"colour":{"r":1}`),
		feature("b2", `,"notice":"blue-7","uncertainty_m":80,"contact":"+41 22 555 0100"`),
		strings.Replace(feature("b3", `,"class":"small-uncrewed"`), `"blue"`, "null", 1),
		feature("b4", `,"text":[{"language":"ar","text":"نص"}],"domain":"air"`)), PlanOptions{})
	if len(p.Refused) > 0 || len(p.Features) != 4 || len(p.Notices) != 3 {
		t.Fatalf("%d features, %d notices, refused %+v", len(p.Features), len(p.Notices), p.Refused)
	}
	n := p.Notices[0].Notice
	if n.ID != "blue-7" || len(n.Volumes) != 2 || n.Title != "survey" || n.UncertaintyM != 80 || n.Contact == "" || p.Notices[0].Party != "blue" {
		t.Errorf("%+v", p.Notices[0])
	}
	if n.Source.Text != `{"b1":{"colour":{"r":1}}}` || n.Source.Format != "geojson" || n.Source.ID != "blue-7" {
		t.Errorf("source %+v", n.Source)
	}
	if f := p.Features[2]; f.Class != SmallUncrewed || f.Party != "" || f.Domain != Air || f.UncertaintyM != 0 {
		t.Errorf("%+v", f)
	}
	if p.Notices[1].Notice.ID != "b3" || p.Notices[2].Notice.Text[0].Language != "ar" {
		t.Errorf("%+v", p.Notices[1:])
	}
}

func TestReadPlanRefusesOne(t *testing.T) {
	many := make([]string, 10_001)
	for i := range many {
		many[i] = fmt.Sprintf("[%d.%05d,35]", 36, i)
	}
	for name, c := range map[string]struct{ feature, id, item, reason string }{
		"a name twice":       {feature("x", `,"title":"a","title":"b"`), "x", "properties.title", "duplicate"},
		"NaN":                {strings.Replace(feature("x", ""), "9260", "NaN", 1), "x", "", "not JSON"},
		"no radius":          {strings.Replace(feature("x", ""), `"radius_m":9260,`, "", 1), "x", "properties.radius_m", "missing"},
		"negative radius":    {strings.Replace(feature("x", ""), "9260", "-5", 1), "x", "properties.radius_m", ""},
		"deep":               {feature("x", `,"deep":`+strings.Repeat("[", 200_000)+strings.Repeat("]", 200_000)), "x", "", "nested"},
		"10,001 vertices":    {`{"type":"Feature","id":"x","geometry":{"type":"LineString","coordinates":[` + strings.Join(many, ",") + `]},"properties":{"kind":"flight","half_width_m":5,"start":"2026-12-01T18:00:00Z","end":"2026-12-01T19:30:00Z"}}`, "x", "", "10000"},
		"no kind":            {strings.Replace(feature("x", ""), `"kind":"flight",`, "", 1), "x", "properties.kind", "missing"},
		"unknown kind":       {strings.Replace(feature("x", ""), `"kind":"flight"`, `"kind":"strike"`, 1), "x", "properties.kind", "one of"},
		"wrong domain":       {feature("x", `,"domain":"sea"`), "x", "properties.domain", "air"},
		"no offset":          {strings.Replace(feature("x", ""), "18:00:00Z", "18:00:00", 1), "x", "properties.start", "offset"},
		"turned window":      {strings.Replace(feature("x", ""), "18:00:00Z", "20:00:00Z", 1), "x", "properties.end", "after"},
		"no end":             {strings.Replace(feature("x", ""), `,"end":"2026-12-01T19:30:00Z"`, "", 1), "x", "properties.end", "missing"},
		"latitude 95":        {strings.Replace(feature("x", ""), "35.41]", "95]", 1), "x", "", ""},
		"uncertainty":        {feature("x", `,"uncertainty_m":-1`), "x", "properties.uncertainty_m", "0"},
		"uncertainty string": {feature("x", `,"uncertainty_m":"5"`), "x", "properties.uncertainty_m", ""},
		"band upside down":   {feature("x", `,"lower":{"value":200,"unit":"FL","reference":"FL"},"upper":{"value":100,"unit":"FL","reference":"FL"}`), "x", "", ""},
		"no geometry":        {`{"type":"Feature","id":"x","geometry":null,"properties":{"kind":"site"}}`, "x", "geometry", "missing"},
		"not a feature":      {`{"type":"Point","id":"x"}`, "x", "type", ""},
		"a number":           {`17`, "#2", "", ""},
		"party number":       {strings.Replace(feature("x", ""), `"party":"blue"`, `"party":7`, 1), "x", "properties.party", ""},
		"same id":            {feature("ok", `,"title":"other"`), "ok", "id", "twice"},
		"not UTF-8":          {feature("x", ",\"title\":\"\xff\""), "x", "", ""},
	} {
		p := read(t, collection(feature("ok", ""), c.feature, feature("too", "")), PlanOptions{})
		if len(p.Features) != 2 || len(p.Notices) != 2 || len(p.Refused) != 1 {
			t.Errorf("%s: %d features, %d notices, refused %+v", name, len(p.Features), len(p.Notices), p.Refused)
			continue
		}
		r := p.Refused[0]
		if r.ID != c.id || c.item != "" && r.Item != c.item || !strings.Contains(r.Reason, c.reason) || r.Reason == "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestReadPlanRefusesNotice(t *testing.T) {
	for name, c := range map[string]struct {
		features []string
		refused  int
	}{
		"a broken part":    {[]string{feature("b1", `,"notice":"n"`), strings.Replace(feature("b2", `,"notice":"n"`), "9260", "NaN", 1)}, 2},
		"two kinds":        {[]string{feature("b1", `,"notice":"n"`), strings.Replace(feature("b2", `,"notice":"n"`), `"flight"`, `"area"`, 1)}, 1},
		"two titles":       {[]string{feature("b1", `,"notice":"n","title":"a"`), feature("b2", `,"notice":"n","title":"b"`)}, 1},
		"a title's type":   {[]string{feature("b1", `,"notice":"n","title":5`)}, 1},
		"two bad parts":    {[]string{feature("b1", `,"notice":"n","title":5`), feature("b2", `,"notice":"n","contact":5`)}, 1},
		"broken part gone": {[]string{strings.Replace(feature("b2", `,"notice":"n"`), "9260", "NaN", 1)}, 2},
	} {
		p := read(t, collection(append(c.features, feature("other", ""))...), PlanOptions{})
		if len(p.Notices) != 1 || p.Notices[0].Notice.ID != "other" || len(p.Refused) != c.refused {
			t.Errorf("%s: %d notices, %+v", name, len(p.Notices), p.Refused)
		}
	}
	// The same notice name under two parties is two notices.
	p := read(t, collection(feature("b1", `,"notice":"n"`), strings.Replace(feature("b2", `,"notice":"n"`), `"blue"`, `"red"`, 1)), PlanOptions{})
	if len(p.Notices) != 2 {
		t.Errorf("%+v", p.Notices)
	}
}

func TestPlanOptions(t *testing.T) {
	noKind := strings.Replace(feature("x", ""), `"kind":"flight",`, "", 1)
	if p := read(t, collection(noKind), PlanOptions{KindOptional: true, FeaturesOnly: true}); len(p.Features) != 1 || p.Features[0].Kind != "" || len(p.Notices) != 0 {
		t.Errorf("%+v", p)
	}
	noID := strings.Replace(feature("x", ""), `"id":"x",`, "", 1)
	if p := read(t, collection(noID), PlanOptions{}); len(p.Features) != 1 || p.Features[0].ID != "feature-1" {
		t.Errorf("%+v", p)
	}
	r := NewPlanReader(PlanOptions{})
	for _, s := range []string{collection(noID), collection(strings.Replace(noID, "9260", "500", 1))} {
		if err := r.Read(strings.NewReader(s)); err != nil {
			t.Fatal(err)
		}
	}
	if p := r.Plan(); len(p.Features) != 2 || p.Features[1].ID != "feature-2" {
		t.Errorf("%+v", p)
	}
	if p := read(t, collection(noID), PlanOptions{NeedIDs: true}); len(p.Features) != 0 || p.Refused[0].ID != "#1" {
		t.Errorf("%+v", p)
	}
	// A property that says nothing of a volume may be anything where only features are read.
	if p := read(t, collection(feature("x", `,"title":5,"text":"x"`)), PlanOptions{FeaturesOnly: true}); len(p.Features) != 1 {
		t.Errorf("%+v", p)
	}
	numbered := strings.Replace(feature("x", ""), `"id":"x"`, `"id":7`, 1)
	if p := read(t, numbered, PlanOptions{}); len(p.Features) != 1 || p.Features[0].ID != "7" {
		t.Errorf("a single feature: %+v", p)
	}
	_, err := ReadPlan(strings.NewReader(collection(feature("x", ""))), PlanOptions{MaxBytes: 100})
	if !fault.Is(err, fault.TooLarge) {
		t.Error(err)
	}
}

// TestPlanSet holds that ids are unique across files, and that a file read twice says nothing new.
func TestPlanSet(t *testing.T) {
	r := NewPlanReader(PlanOptions{})
	one, two := collection(feature("a", ""), feature("b", `,"notice":"n"`)), collection(feature("a", `,"title":"x"`), feature("c", `,"notice":"n"`))
	for _, s := range []string{one, one, two} {
		if err := r.Read(strings.NewReader(s)); err != nil {
			t.Fatal(err)
		}
	}
	p := r.Plan()
	if len(p.Features) != 3 || len(p.Refused) != 1 || p.Refused[0].ID != "a" || len(p.Notices) != 2 || len(p.Notices[1].Notice.Volumes) != 2 {
		t.Errorf("%+v", p)
	}
}

func TestReadPlanFails(t *testing.T) {
	for name, s := range map[string]string{
		"empty":               "",
		"space":               " \n",
		"a list":              "[]",
		"cut":                 collection(feature("a", ""))[:200],
		"cut in a string":     `{"type":"Feat`,
		"trailing":            collection() + "x",
		"features no list":    `{"type":"FeatureCollection","features":{}}`,
		"no features":         `{"type":"FeatureCollection"}`,
		"no type":             `{"features":[]}`,
		"a geometry":          `{"type":"Point","coordinates":[1,2]}`,
		"features twice":      `{"type":"FeatureCollection","features":[],"features":[]}`,
		"no comma":            `{"type":"FeatureCollection" "features":[]}`,
		"comma only":          `{"type":"FeatureCollection","features":[,]}`,
		"text":                "A1234/26 NOTAMN",
		"deep":                strings.Repeat(`{"a":`, 100_000),
		"brackets that cross": `{"type":"FeatureCollection","features":[}`,
	} {
		if p, err := ReadPlan(strings.NewReader(s), PlanOptions{}); err == nil {
			t.Errorf("%s: %+v", name, p)
		} else if fault.CodeOf(err) == fault.Internal {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadPlan(iotest.ErrReader(io.ErrClosedPipe), PlanOptions{}); !fault.Is(err, fault.Unavailable) {
		t.Error(err)
	}
	if p := read(t, "\xef\xbb\xbf"+collection(feature("a", "")), PlanOptions{}); len(p.Features) != 1 {
		t.Error("a byte order mark")
	}
}

func TestPlanRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var in []PartyNotice
		seen := map[string]bool{}
		for range rapid.IntRange(0, 4).Draw(t, "notices") {
			n := anyNotice().Draw(t, "notice")
			if n.Incomplete() || seen[n.ID] {
				continue
			}
			seen[n.ID] = true
			n.Version = 1
			n.Source = Source{Format: "geojson", ID: n.ID}
			in = append(in, PartyNotice{"blue", n})
		}
		var b bytes.Buffer
		if err := WritePlan(&b, in); err != nil {
			t.Fatal(err)
		}
		p, err := ReadPlan(iotest.OneByteReader(&b), PlanOptions{})
		if err != nil || len(p.Refused) > 0 {
			t.Fatalf("%v %+v", err, p.Refused)
		}
		if !reflect.DeepEqual(p.Notices, in) {
			t.Fatalf("came back as\n%+v\nfrom\n%+v", p.Notices, in)
		}
	})
}

func TestWritePlanRefuses(t *testing.T) {
	words := Notice{ID: "a", Kind: Flight, Place: "north"}
	if err := WritePlan(io.Discard, []PartyNotice{{"", words}}); err == nil {
		t.Error("words were written")
	}
	n := testFlight()
	n.UncertaintyM = math.Inf(1)
	if err := WritePlan(io.Discard, []PartyNotice{{"", n}}); err == nil {
		t.Error("infinity was written")
	}
}

func FuzzReadPlan(f *testing.F) {
	f.Add(collection(feature("b1", `,"notice":"n","title":"a"`), feature("b2", `,"notice":"n"`)))
	f.Add(feature("b1", `,"uncertainty_m":5,"class":"small-uncrewed"`))
	f.Add(`{"type":"FeatureCollection","features":[{"type":"Feature","id":1,"geometry":null,"properties":null},NaN,{"a":"\"}"}]}`)
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ReadPlan(strings.NewReader(s), PlanOptions{KindOptional: true})
		if err != nil {
			return
		}
		ids := map[string]bool{}
		for _, f := range p.Features {
			if ids[f.ID] || f.Volume.Shape == nil {
				t.Fatalf("feature %+v", f)
			}
			ids[f.ID] = true
		}
		for _, r := range p.Refused {
			if r.Reason == "" {
				t.Fatalf("no reason: %+v", r)
			}
		}
		if _, err := ReadPlan(strings.NewReader(s), PlanOptions{NeedIDs: true, FeaturesOnly: true}); err != nil {
			t.Fatalf("other options fail the file: %v", err)
		}
	})
}

func BenchmarkReadPlan(b *testing.B) {
	var all []string
	for i := range 1_000 {
		all = append(all, feature(fmt.Sprint("b", i), ""))
	}
	s := collection(all...)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		if _, err := ReadPlan(strings.NewReader(s), PlanOptions{FeaturesOnly: true}); err != nil {
			b.Fatal(err)
		}
	}
}
