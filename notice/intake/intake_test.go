package intake

import (
	"slices"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/geo4d"
	"parley/notice"
)

const plan = `{"type":"FeatureCollection","features":[
{"type":"Feature","id":"b1","geometry":{"type":"Point","coordinates":[35.95,35.41]},"properties":{"party":"blue","kind":"flight","notice":"blue-7","radius_m":9260,"start":"2026-12-01T18:00:00Z","end":"2026-12-01T19:30:00Z"}},
{"type":"Feature","id":"b2","geometry":{"type":"Point","coordinates":[35.95,35.41]},"properties":{"party":"blue","kind":"flight","radius_m":NaN,"start":"2026-12-01T18:00:00Z","end":"2026-12-01T19:30:00Z"}}]}`

const notams = `A1234/26 NOTAMN
Q) LCCC/QWMLW/IV/BO/W/000/200/3530N03300E010
A) LCCC B) 2612011800 C) 2612012000
E) GUN FIRING WILL TAKE PLACE WITHIN CIRCLE 5NM RADIUS CENTRED ON 353000N 0330000E.
F) SFC G) FL200

A1235/26 NOTAMC A1200/26
Q) LCCC/QWMXX/IV/BO/W/000/200/3530N03300E010
A) LCCC B) 2612011800
E) CANCELLED

A1236/26 NOTAMR A1201/26
Q) LCCC/QRTCA/IV/BO/W/000/200/3530N03300E010
A) LCCC B) 2612011800 C) 2612012000
E) TEMPO RESTRICTED AREA ACTIVATED NEAR THE COAST
F) SFC G) FL200
`

// output is the form that section 10 of the design fixes.
type output struct {
	Notices []struct {
		SourceID string           `json:"source_id"`
		Kind     string           `json:"kind"`
		Cancels  string           `json:"cancels"`
		Volumes  []jsontext.Value `json:"volumes"`
		Warnings []notice.Warning `json:"warnings"`
	} `json:"notices"`
	Refused []struct {
		SourceID string `json:"source_id"`
		Item     string `json:"item"`
		Reason   string `json:"reason"`
	} `json:"refused"`
}

func encode(t *testing.T, r Result) output {
	t.Helper()
	text, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var out output
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return out
}

func TestReadPlan(t *testing.T) {
	r, err := Read([]byte(plan), Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := encode(t, r)
	if len(out.Notices) != 1 || out.Notices[0].SourceID != "blue-7" || out.Notices[0].Kind != "flight" || out.Notices[0].Cancels != "" {
		t.Fatalf("%+v", out)
	}
	if len(out.Refused) != 1 || out.Refused[0].SourceID != "b2" || out.Refused[0].Reason == "" {
		t.Fatalf("%+v", out.Refused)
	}
	v, rest, err := geo4d.ParseFeature(out.Notices[0].Volumes[0])
	if err != nil || v.Shape.(geo4d.Circle).RadiusM != 9260 || string(rest["party"]) != `"blue"` {
		t.Fatalf("%v %v %v", v, rest, err)
	}
}

func TestReadNotams(t *testing.T) {
	r, err := Read([]byte(notams), Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := encode(t, r)
	if len(out.Notices) != 2 || len(out.Refused) != 1 {
		t.Fatalf("%+v", out)
	}
	if n := out.Notices[0]; n.SourceID != "A1234/26" || n.Kind != "hazard" || len(n.Volumes) != 1 {
		t.Errorf("%+v", n)
	}
	if n := out.Notices[1]; n.SourceID != "A1235/26" || n.Cancels != "A1200/26" || len(n.Volumes) != 0 {
		t.Errorf("%+v", n)
	}
	if f := out.Refused[0]; f.SourceID != "A1236/26" || f.Item != "E" {
		t.Errorf("%+v", f)
	}
	if n := r.Notices[0].Notice; n.ID != "LCCC-A1234-26" || n.Source.Text == "" || n.Domain != notice.Air {
		t.Errorf("%+v", n)
	}
	// What a NOTAM gives is a notice that can be filed.
	checked, err := Read([]byte(notams), Options{Check: &notice.Context{Now: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}})
	if err != nil || len(checked.Notices) != 2 || len(checked.Refused) != 1 {
		t.Errorf("%v %+v", err, checked.Refused)
	}
	if !slices.ContainsFunc(checked.Notices[0].Warnings, func(w notice.Warning) bool { return w.Code == notice.WarnContact }) {
		t.Errorf("%+v", checked.Notices[0].Warnings)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		data string
		opts Options
	}{
		"nothing":    {"", Options{}},
		"prose":      {"hello there", Options{}},
		"list":       {"[1]", Options{}},
		"format":     {plan, Options{Format: "kml"}},
		"as a NOTAM": {plan, Options{Format: NOTAM}},
		"as a plan":  {notams, Options{Format: GeoJSON}},
	} {
		if r, err := Read([]byte(c.data), c.opts); err == nil || fault.CodeOf(err) == fault.Internal {
			t.Errorf("%s: %+v %v", name, r, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(plan))
	f.Add([]byte(notams))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Read(data, Options{Check: &notice.Context{Now: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}})
		if err != nil {
			return
		}
		text, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if !jsontext.Value(text).IsValid() {
			t.Fatalf("%s", text)
		}
	})
}
