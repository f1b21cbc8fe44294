package catalogue

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestGlossaryHoldsTheTerms: docs/reference/languages.md names for each term what the catalogues say, in
// each language, with where it is attested, and says of each language what is reviewed.
func TestGlossaryHoldsTheTerms(t *testing.T) {
	data, err := os.ReadFile("../docs/reference/languages.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	heading, row := regexp.MustCompile("^### .* \\(`([a-z.-]+)`\\)$"), regexp.MustCompile(`^\| ([a-z]{2}) \| (.*?) \| (.*) \|$`)
	key, terms := "", map[string]int{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if m := heading.FindStringSubmatch(line); m != nil {
			key = m[1]
			continue
		}
		m := row.FindStringSubmatch(line)
		if m == nil || key == "" {
			continue
		}
		c := load(t, m[1])
		if got := c.Word(key); got != m[2] {
			t.Errorf("%s in %s is %q, and not %q", key, m[1], got, m[2])
		}
		if known := regexp.MustCompile("^(seen: |from memory: |not attested; |the term of this project$)"); !known.MatchString(m[3]) {
			t.Errorf("%s in %s does not say where it is attested: %q", key, m[1], m[3])
		}
		terms[key]++
	}
	for _, want := range []string{"field.notice", "field.conflict", "call.hold", "call.stop", "field.lead", "field.receipt", "rung.read-back", "rung.relayed",
		"field.separation", "word.exercise", "call.distress", "field.line", "field.desk"} {
		if terms[want] != len(Languages()) {
			t.Errorf("the glossary has %s in %d languages", want, terms[want])
		}
	}
	for _, language := range Languages() {
		c := load(t, language)
		direction := map[bool]string{false: "left to right", true: "right to left"}[c.RightToLeft()]
		if !strings.Contains(text, "| "+c.Name+" | "+language+" | "+direction+" | none |") {
			t.Errorf("the table does not say of %s how it runs and that nothing is reviewed", language)
		}
	}
}
