package verdict

import (
	"bytes"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"parley/catalogue"
)

func TestViewSaysTheTone(t *testing.T) {
	l := filed(t, "one")
	whole := l.Bundle(nil)
	for _, tt := range []struct {
		tone Tone
		r    Result
	}{
		{Unidentified, check(whole, "")},
		{Identified, check(whole, l.Trust())},
		{Strangers, check(filed(t, "another").Bundle(nil), l.Trust())},
		{Broken, check(bytes.Replace(whole, []byte("false"), []byte("fals3"), 1), "")},
		{Broken, check(bytes.Replace(whole, []byte("false"), []byte("fals3"), 1), filed(t, "another").Trust())},
		{Unreadable, check(whole[:len(whole)-1], "")},
		{Unreadable, check(nil, "")},
	} {
		v, err := tt.r.View()
		if err != nil {
			t.Fatal(err)
		}
		if v.Tone != tt.tone || len(v.Headlines) != 1 || v.Headlines[0].Language != "en" || v.Verdict != tt.r.Report.Verdict() {
			t.Errorf("%s: %s, %d headlines, %q", tt.tone, v.Tone, len(v.Headlines), v.Verdict)
		}
		if wrong := tt.tone != Unidentified && tt.tone != Identified; wrong != (len(v.Wrong) > 0) {
			t.Errorf("%s lists %v as wrong", tt.tone, v.Wrong)
		}
		for _, f := range append(v.Wrong, v.Checks...) {
			if f.Words == "" {
				t.Errorf("nothing says what the check %s asks", f.Name)
			}
		}
		for _, h := range inEveryLanguage(t, tt.r) {
			for _, s := range append(h.Means, h.Head) {
				if s == "" || strings.ContainsAny(s, "[{") {
					t.Errorf("%s in %s says %q", tt.tone, h.Language, s)
				}
			}
		}
	}
}

// inEveryLanguage returns the headlines of a result as the page gets them for each language.
func inEveryLanguage(t *testing.T, r Result) []Headline {
	t.Helper()
	var out []Headline
	for _, language := range catalogue.Languages()[1:] {
		in, err := catalogue.Load(language)
		if err != nil {
			t.Fatal(err)
		}
		r.In = in
		both, err := r.headlines(r.Tone())
		if err != nil || len(both) != 2 || both[0].Language != "en" || both[1].Language != language {
			t.Fatalf("%s: %v, %d headlines", language, err, len(both))
		}
		out = append(out, both[1])
	}
	return out
}

// TestEveryCheckHasWords asks for every check that there is, also those that are made only where they are
// demanded.
func TestEveryCheckHasWords(t *testing.T) {
	l := filed(t, "one")
	trust, err := ParseTrust([]byte(l.Trust()))
	if err != nil {
		t.Fatal(err)
	}
	v, err := Check(bytes.NewReader(l.Bundle(nil)), Options{Trust: trust, DemandWitnessed: true}).View()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range append(v.Wrong, v.Checks...) {
		if names[f.Name] = true; f.Words == "" {
			t.Errorf("nothing says what the check %s asks", f.Name)
		}
	}
	if !names["witness"] || !names["witnessed"] || !names["signers"] {
		t.Errorf("not every check was made: %v", names)
	}
}

func TestValueText(t *testing.T) {
	for _, tt := range []struct {
		in, want string
		text     bool
	}{
		{`"survey"`, "survey", true},
		{`"a\nb\u0007\u202e"`, "a\nb<U+0007><U+202E>", true},
		{`"\u05d0\u200f"`, "\u05d0\u200f", true},
		{`250.5`, "250.5", false},
		{`["white","strobe"]`, `["white", "strobe"]`, false},
		{`{"shape":{"type":"Point","coordinates":[35.95,35.41]},"start":"2026-12-01T18:00:00Z","end":"2026-12-01T19:30:00Z"}`,
			"{\n  \"shape\": {\"type\": \"Point\", \"coordinates\": [35.95, 35.41]},\n  \"start\": \"2026-12-01T18:00:00Z\",\n  \"end\": \"2026-12-01T19:30:00Z\"\n}", false},
		{`[]`, "[]", false},
	} {
		if got, text := valueText(jsontext.Value(tt.in)); got != tt.want || text != tt.text {
			t.Errorf("%s: %q, %t", tt.in, got, text)
		}
	}
	if got, _ := valueText(jsontext.Value(`"` + strings.Repeat("x", maxValue+7) + `"`)); !strings.HasSuffix(got, "(7 more characters: parley log --file shows them)") {
		t.Errorf("a long text ends %q", got[maxValue:])
	}
}

// TestViewOfStatements holds that the page shows of statements what the program prints.
func TestViewOfStatements(t *testing.T) {
	l := filed(t, "one")
	l.Say(1, "statement.refused", "id", `"no statement"`)
	l.Commit(1, true)
	data := l.Bundle(nil)
	r := check(data, "")
	v, err := r.StatedView(opener(data))
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.Statements(opener(data))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := r.Brief().WriteText(&text); err != nil {
		t.Fatal(err)
	}
	if err := s.WriteText(&text, r); err != nil || v.Text != text.String() {
		t.Errorf("%v; the page shows\n%s\nthe program prints\n%s", err, v.Text, text.String())
	}
	if !strings.HasSuffix(v.Text, v.Stated) {
		t.Errorf("of statements the page shows %q", v.Stated)
	}
	if none, err := check(filed(t, "one").Bundle(nil), "").StatedView(nil); err != nil || none.Stated != "" {
		t.Errorf("without statements: %v %q", err, none.Stated)
	}
	if n, err := CheckStatement([]byte(statementHead+"{}\n\n"), nil).View(); err != nil || n.Tone != Broken || n.Stated != "" || n.Wrong[0].Words == "" {
		t.Errorf("of what is no statement: %v %+v", err, n)
	}
}

const statementHead = "parley/statement/v1\n"
