package agreement

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/catalogue"
	"parley/internal/foreign"
	"parley/notice"
)

// TestExplainInEveryLanguage: terms of every kind are said in each language in as many lines as in English, with
// nothing left out and no English left.
func TestExplainInEveryLanguage(t *testing.T) {
	usual := testTerms()
	usual.Parties[1].Disclosure.Movement = Alert
	usual.Parties[1].NotNotified = []Undertaking{{Kind: notice.Site, Words: "\u03ba"}}
	usual.Parties[1].Undertakes = []Undertaking{{Kind: notice.Flight, Where: "North"}}
	usual.Drills = []Drill{{testFrom, testFrom.Add(2 * time.Hour)}}
	odd := testTerms()
	odd.Version, odd.Supersedes, odd.Until, odd.Title = 2, strings.Repeat("ab", 32), testFrom.Add(time.Hour), ""
	odd.Area.Band.Lower, odd.Area.Band.Upper = ft(1000), nil
	odd.Area.Terrain.Known, odd.Area.Sectors, odd.Area.Ports = false, nil, nil
	odd.Parties[0].Undertakes, odd.Parties[0].Contacts = nil, nil
	odd.Profile, odd.Signatures, odd.TwoPersons, odd.LineTests.PerDay = Bulk, SignaturesBoth, nil, 0
	odd.Retention.Bodies, odd.Observers = 24*time.Hour, []Observer{{Name: "North", Contact: "+1"}}
	odd.Witnesses = Witnesses{Quorum: 1, Verifiers: []string{witnessOf("w1", "w1")}}
	for name, terms := range map[string]Terms{"usual": usual, "odd": odd, "empty": {}, "defaults": Defaults()} {
		want := strings.Count(Explain(terms, english(t)), "\n")
		for _, language := range catalogue.Languages() {
			in, err := catalogue.Load(language)
			if err != nil {
				t.Fatal(err)
			}
			text := Explain(terms, in)
			if got := strings.Count(text, "\n"); got != want || strings.ContainsAny(strings.ReplaceAll(text, in.Word("explain.not-built"), ""), "{[") {
				t.Errorf("%s in %s has %d lines, not %d:\n%s", name, language, got, want, text)
			}
			stays := []string{"red", "blue", "Force red", "Force blue", "Red and Blue over the north", "North", "Latakia", "en", "a", "b", terms.Title}
			stays = append(stays, terms.Witnesses.Verifiers...)
			if left := foreign.Latin(text, stays...); len(left) > 0 && !slices.Contains([]string{"en", "tr", "fr"}, language) {
				t.Errorf("%s in %s has %q left:\n%s", name, language, left, text)
			}
		}
	}
}
