package agreement

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/catalogue"
	"parley/geo4d"
	"parley/notice"
	"parley/transcript"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -update and look at the change:\n%s", name, got)
	}
}

// english is the English catalogue.
func english(t testing.TB) *catalogue.Catalogue {
	t.Helper()
	c, err := catalogue.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestExplain(t *testing.T) {
	terms := testTerms()
	terms.Parties[1].Disclosure.Movement = Alert
	terms.Parties[1].NotNotified = []Undertaking{{Kind: notice.Site, Words: "schools are told by another way"}}
	terms.Parties[1].Undertakes = []Undertaking{{Kind: notice.Flight, Where: "North"}, {Kind: notice.Hazard}}
	terms.Drills = []Drill{{testFrom, testFrom.Add(2 * time.Hour)}}
	terms.Parties[0].LineKeys[0].Revoked = testFrom.Add(24 * time.Hour)
	terms.Parties[0].LineKeys = append(terms.Parties[0].LineKeys, LineKey{Public: testPublic("red line 2"), From: testFrom.Add(23 * time.Hour)},
		LineKey{Public: testPublic("red line 3"), From: testFrom, Revoked: testFrom.Add(time.Hour)})
	golden(t, "explain.txt", Explain(terms, english(t)))
}

// TestExplainMarksEveryPartThatIsNotBuilt: a row of the table without a sentence would hide what is
// missing.
func TestExplainMarksEveryPartThatIsNotBuilt(t *testing.T) {
	terms := testTerms()
	terms.Retention.Bodies = 24 * time.Hour
	marks := 0
	for line := range strings.Lines(Explain(terms, english(t))) {
		if strings.HasSuffix(strings.TrimSpace(line), "[not built yet in this version]") {
			marks++
		}
	}
	if want := len(notBuilt()); marks != want {
		t.Errorf("%d marks, want %d", marks, want)
	}
}

func TestExplainSaysNoForbiddenWord(t *testing.T) {
	for _, terms := range []Terms{testTerms(), Defaults(), {}} {
		for _, w := range strings.FieldsFunc(Explain(terms, english(t)), func(r rune) bool { return r < 'A' }) {
			if strings.EqualFold(w, "safe") {
				t.Fatal("it says safe")
			}
		}
	}
}

func TestDiff(t *testing.T) {
	old := testTerms()
	next := testTerms()
	next.Version, next.Line, next.Supersedes = 2, strings.Repeat("a", 64), strings.Repeat("b", 64)
	if d := Diff(old, next, english(t)); len(d) != 0 {
		t.Fatalf("no change: %q", d)
	}
	next.Separations[0].LateralM = 18_520
	next.Parties[0].LineKeys = append(next.Parties[0].LineKeys, LineKey{Public: testPublic("red line 2"), From: testFrom})
	next.Parties[0].LineKeys[0].Revoked = testFrom.AddDate(0, 1, 0)
	next.Parties[1].Disclosure.Movement = Alert
	next.Parties[1].PartyKey = testPublic("blue new")
	next.Area.Shape = square(35, 34, 40, 38)
	next.LineTimes.Heartbeat = 20 * time.Second
	next.TwoPersons = next.TwoPersons[1:]
	next.Languages = []string{"en", "ru"}
	next.Until = testFrom.AddDate(1, 0, 0)
	golden(t, "diff.txt", strings.Join(Diff(old, next, english(t)), "\n")+"\n")
}

func TestValidateRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Terms)
		want   string
	}{
		"no area": {func(t *Terms) { t.Area.Shape = nil }, "area.shape"},
		"open ring": {func(t *Terms) {
			t.Area.Shape = geo4d.Polygon{Rings: [][]geo4d.Position{{{LonDeg: 1}, {LatDeg: 1}, {LonDeg: 2}}}}
		}, "area.shape"},
		"band upside down": {func(t *Terms) { t.Area.Band = geo4d.Band{Lower: ft(200), Upper: ft(100)} }, "area"},
		"AGL, no terrain": {func(t *Terms) {
			t.Area.Terrain = geo4d.Terrain{}
			t.Area.Band.Upper = &geo4d.Altitude{Value: 100, Unit: geo4d.Metres, Reference: geo4d.AGL}
		}, "area.terrain"},
		"same name":         {func(t *Terms) { t.Parties[1].Name = "red" }, "parties[1].name"},
		"bad name":          {func(t *Terms) { t.Parties[0].Name = "Red Force" }, "parties[0].name"},
		"same key":          {func(t *Terms) { t.Parties[1].PartyKey = t.Parties[0].PartyKey }, "parties[1].party_key"},
		"line key is party": {func(t *Terms) { t.Parties[0].LineKeys[0].Public = t.Parties[0].PartyKey }, "line_keys[0].key"},
		"no line key":       {func(t *Terms) { t.Parties[0].LineKeys = nil }, "line_keys"},
		"short key":         {func(t *Terms) { t.Parties[0].PartyKey = t.Parties[0].PartyKey[:31] }, "party_key"},
		"hidden hazard":     {func(t *Terms) { t.Parties[0].Disclosure.Hazard = Alert }, "disclosure.hazard"},
		"both alert":        {func(t *Terms) { t.Parties[0].Disclosure.Movement, t.Parties[1].Disclosure.Movement = Alert, Alert }, "cannot be compared"},
		"a pair left out":   {func(t *Terms) { t.Separations = t.Separations[:len(t.Separations)-1] }, "have no separation"},
		"a pair twice":      {func(t *Terms) { t.Separations = append(t.Separations, t.Separations[0]) }, "twice"},
		"turned pair twice": {func(t *Terms) {
			r := t.Separations[2]
			r.Kinds[0], r.Kinds[1] = r.Kinds[1], r.Kinds[0]
			t.Separations = append(t.Separations, r)
		}, "twice"},
		"both ways at once": {func(t *Terms) {
			t.Separations[0] = SeparationTerm{Kinds: t.Separations[0].Kinds, NotDeconflicted: true}
		}, "keep one of the two"},
		"negative distance": {func(t *Terms) { t.Separations[0].LateralM = -1 }, "lateral_m"},
		"no from":           {func(t *Terms) { t.From = time.Time{} }, "from"},
		"ends before start": {func(t *Terms) { t.Until = t.From }, "until"},
		"line in first":     {func(t *Terms) { t.Line = strings.Repeat("a", 64) }, "line"},
		"no line in second": {func(t *Terms) { t.Version = 2 }, "line"},
		"lead order":        {func(t *Terms) { t.Leads.Flight.Short = t.Leads.Flight.Routine + 1 }, "leads.flight"},
		"split second":      {func(t *Terms) { t.LineTimes.Heartbeat = 1500 * time.Millisecond }, "whole seconds"},
		"line order":        {func(t *Terms) { t.LineTimes.DownAfter = t.LineTimes.LaggingAfter }, "line_times"},
		"unknown action":    {func(t *Terms) { t.TwoPersons = []Action{"lunch"} }, "two_persons"},
		"quorum":            {func(t *Terms) { t.Witnesses.Quorum = 1 }, "witnesses.quorum"},
		"a log's key":       {func(t *Terms) { t.Witnesses.Verifiers = []string{transcript.LogKey("w", testPublic("w"))} }, "is not a witness's"},
		"no key":            {func(t *Terms) { t.Witnesses.Verifiers = []string{"w"} }, "witnesses.verifiers[0]"},
		"a witness twice":   {func(t *Terms) { t.Witnesses.Verifiers = []string{witnessOf("w", "w"), witnessOf("w", "w")} }, "twice"},
		"a name twice":      {func(t *Terms) { t.Witnesses.Verifiers = []string{witnessOf("w", "w"), witnessOf("w", "v")} }, "twice"},
		"a key twice":       {func(t *Terms) { t.Witnesses.Verifiers = []string{witnessOf("w", "w"), witnessOf("v", "w")} }, "twice"},
		"a party's key":     {func(t *Terms) { t.Witnesses.Verifiers = []string{witnessOf("w", "red line")} }, "one of the two parties"},
		"unknown sector":    {func(t *Terms) { t.Parties[0].Undertakes[0].Where = "South" }, "where"},
		"control character": {func(t *Terms) { t.Title = "a\x1b[2J" }, "title"},
		"two lines":         {func(t *Terms) { t.Title = "a\nb" }, "title"},
		"bad address":       {func(t *Terms) { t.Parties[0].Addresses = []string{"nowhere"} }, "addresses[0]"},
		"drill":             {func(t *Terms) { t.Drills = []Drill{{testFrom, testFrom}} }, "drills[0]"},
	} {
		terms := testTerms()
		c.change(&terms)
		if err := terms.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := testTerms().Validate(); err != nil {
		t.Fatal(err)
	}
	whole := testTerms()
	whole.Area = Area{Shape: geo4d.Earth{}}
	if err := whole.Validate(); err != nil {
		t.Fatal(err)
	}
	// One side's alert is checkable where the other shows its own.
	alert := testTerms()
	alert.Parties[0].Disclosure = Disclosure{Alert, Alert, Alert, Volume, Alert}
	alert.Parties[1].Disclosure = Disclosure{Full, Full, Full, Full, Full}
	if err := alert.Validate(); err != nil {
		t.Fatal(err)
	}
	// Two that show only alerts may say so.
	alert.Parties[1].Disclosure.Movement = Alert
	alert.Separations = slices.DeleteFunc(alert.Separations, func(r SeparationTerm) bool {
		return r.pair() == pairOf(notice.Movement, notice.Movement) || r.pair() == pairOf(notice.Movement, notice.Flight) ||
			r.pair() == pairOf(notice.Movement, notice.Area) || r.pair() == pairOf(notice.Movement, notice.Site)
	})
	for _, k := range []notice.Kind{notice.Movement, notice.Flight, notice.Area, notice.Site} {
		alert.Separations = append(alert.Separations, SeparationTerm{Kinds: [2]notice.Kind{notice.Movement, k}, NotDeconflicted: true})
	}
	if err := alert.Validate(); err != nil {
		t.Fatal(err)
	}
}

func ft(v float64) *geo4d.Altitude {
	return &geo4d.Altitude{Value: v, Unit: geo4d.Feet, Reference: geo4d.AMSL}
}

func witnessOf(name, seed string) string {
	return transcript.WitnessKey{Name: name, Key: testPublic(seed)}.String()
}

func TestExplainWitnesses(t *testing.T) {
	terms := testTerms()
	terms.Witnesses = Witnesses{Quorum: 1, Verifiers: []string{witnessOf("w1.example", "w1"), witnessOf("w2.example", "w2")}}
	if err := terms.Validate(); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(Explain(terms, english(t))), " ")
	for _, want := range []string{"1 of these 2 witnesses must cosign", "Witness w1.example+", "Witness w2.example+"} {
		if !strings.Contains(text, want) {
			t.Errorf("does not say %q:\n%s", want, text)
		}
	}
	signed := Agreement{ID: strings.Repeat("a", 64), Terms: terms}.Info()
	if len(signed.Witnesses) != 2 || signed.Quorum != 1 || signed.Witnesses[1].Name != "w2.example" {
		t.Errorf("a verifier reads %+v", signed)
	}
}
