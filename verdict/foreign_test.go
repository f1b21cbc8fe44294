package verdict

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"

	"parley/catalogue"
	"parley/internal/foreign"
)

// stays is what is in Latin letters in these tests whatever the language: names, kinds of entries and of
// signatures, checks.
func stays() []string {
	return []string{"blue", "red", "w1.example", "call.hold", "call.distress", "notice.file", "notice.receive", "statement.put", "statement.refused", "Ed25519", "ML-DSA-44", "fork", "root", "entry", "statement"}
}

// TestAVerdictInTheReadersLanguage: who signed, what a check asks, and of a row of the timeline what is said,
// hidden and left out and by whose clock have no English left in them.
func TestAVerdictInTheReadersLanguage(t *testing.T) {
	l := filed(t, "one")
	data := l.Bundle(nil)
	for _, language := range []string{"he", "ru"} {
		in, err := catalogue.Load(language)
		if err != nil {
			t.Fatal(err)
		}
		r := check(data, l.Trust())
		r.In = in
		v, err := r.View()
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, f := range v.Checks {
			said = append(said, f.Words)
		}
		for _, s := range v.Signers {
			said = append(said, s.Known)
		}
		for _, x := range v.Transcripts {
			said = append(said, x.Title)
			for _, line := range x.Lines {
				said = append(said, line.Text)
			}
		}
		for _, a := range v.Agreements {
			said = append(said, a.Title)
		}
		for row, err := range r.Timeline(opener(data)) {
			if err != nil {
				t.Fatal(err)
			}
			for k := range 6 {
				one := row
				one.LeftOut = k
				one.Hidden, one.Exercise, one.Entry.Drill, one.Unknown = k == 1 || k == 2, k == 3, k > 3, k == 5
				if one.To = one.Index + 1; k == 2 {
					one.To += 5
				}
				w := r.RowView(one)
				said = append(said, w.Remark, w.Left)
				for _, x := range w.Times {
					said = append(said, x.What, x.Clock)
				}
			}
			row.Err = errors.New("\u03ba\u03b1\u03ba\u03cc")
			said = append(said, r.RowView(row).Remark)
		}
		for _, text := range said {
			if left := foreign.Latin(text, stays()...); len(left) > 0 || strings.ContainsAny(text, "{[") {
				t.Errorf("%s: %q has %q", language, text, left)
			}
		}
		if len(said) < 20 {
			t.Errorf("only %d texts were looked at", len(said))
		}
	}
}

// TestWhyACheckFailsIsSaidInTheReadersLanguage: a file with a character changed here and there, and one that is cut,
// fails for many reasons, none of which is left in English. What a reader of JSON says of an agreement stays: the
// changes begin after it.
func TestWhyACheckFailsIsSaidInTheReadersLanguage(t *testing.T) {
	l := filed(t, "one")
	data := l.Bundle(nil)
	from := bytes.Index(data, []byte("\ntranscript "))
	if from < 0 {
		t.Fatal("the file has no transcript")
	}
	seen, words := map[string]bool{}, regexp.MustCompile(`[A-Za-z]{2,}[,;:]? [a-z]{2,} [a-z]{2,}`)
	for _, language := range []string{"he", "ru"} {
		in, err := catalogue.Load(language)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 80 {
			changed := bytes.Clone(data)
			if at := from + (len(data)-from)*i/80; i%8 == 7 {
				changed = changed[:at]
			} else {
				changed[at] = 'q'
			}
			r := check(changed, l.Trust())
			r.In = in
			for _, c := range r.Checks {
				if c.OK {
					continue
				}
				seen[language+c.Name] = true
				text := r.reason(c)
				if left := words.FindString(text); left != "" {
					t.Errorf("%s: %s fails because of %q, which has %q", language, c.Name, text, left)
				}
			}
		}
	}
	if len(seen) < 10 {
		t.Errorf("only these checks failed: %v", seen)
	}
}
