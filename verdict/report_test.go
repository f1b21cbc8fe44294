package verdict

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/catalogue"
	"parley/internal/foreign"
	"parley/internal/testbundle"
	"parley/transcript"
)

// reports are results of every kind: what holds, what does not, parts of a record, forks, and one that has
// everything that a report can say.
func reports(t *testing.T) map[string]Result {
	l := filed(t, "one")
	whole := l.Bundle(nil)
	part := l.Bundle(func(_, _ int, kind string) (bool, func(string) bool) {
		return kind != "notice.receive", func(name string) bool { return name != "title" }
	})
	out := map[string]Result{
		"whole":   check(whole, ""),
		"known":   check(whole, l.Trust()),
		"strange": check(filed(t, "another").Bundle(nil), l.Trust()),
		"broken":  check(bytes.Replace(whole, []byte("false"), []byte("fals3"), 1), ""),
		"cut":     check(whole[:len(whole)-1], ""),
		"nothing": check(nil, ""),
		"part":    check(part, ""),
	}
	one, two := kept(t, "hold", "go on"), kept(t, "hold", "stop")
	var fork bytes.Buffer
	if ok, err := transcript.Compare(one.Report, two.Report).WriteFork(&fork); !ok || err != nil {
		t.Fatal(ok, err)
	}
	out["fork"] = check(fork.Bytes(), "")
	at := testbundle.Begin()
	all := check(whole, "")
	all.NotShown = []transcript.HiddenAgreement{{Version: 2, ID: strings.Repeat("ab", 32)}}
	all.Witnesses = []transcript.Witness{{Name: "w1.example", Cosignatures: 3, Identified: true, Counted: true}, {Name: "w1.example", Counted: true}, {Name: "w1.example", Cosignatures: 1}}
	x := &all.Transcripts[0]
	x.HeadsSigned, x.ReceiptsSigned = transcript.Signed{Both: true, Ed25519: true}, transcript.Signed{Both: true}
	x.Kinds[0].None = 1
	x.Said[0].Hidden, x.Said[0].Others = 2, 1
	x.Witnessed = []transcript.Witnessed{{First: 0, Last: 1, By: 1, Need: 2, Of: 3}, {First: 2, Last: 2, By: 2, Need: 2, Of: 3, Time: at, Clock: "w1.example"}, {First: 3, Last: 4, By: 1, Of: 3, Time: at, Clock: "w1.example"}}
	x.Remarks, x.Notes = nil, nil
	for kind := transcript.RemarkOtherMissing; kind <= transcript.RemarkWitnesses; kind++ {
		for _, n := range []int64{1, 2} {
			r := transcript.Remark{Kind: kind, N: n, Of: 3, Need: 2, Name: "blue", At: at, Span: 1500 * time.Millisecond}
			x.Remarks, x.Notes = append(x.Remarks, r), append(x.Notes, r.String())
		}
	}
	out["all"] = all
	return out
}

// kept is a result of a line on which blue says these words, ready to be compared.
func kept(t *testing.T, words ...string) Result {
	l := testbundle.New(t, "line")
	for _, w := range words {
		l.Say(0, "call.hold", "text", fmt.Sprintf("%q", w))
		l.Commit(0, true)
	}
	return Check(bytes.NewReader(l.Bundle(nil)), Options{Keep: true})
}

// TestReportsInTheReadersLanguage: the report says in each language as many lines as in English, and below
// each failed check what it asks; nothing in them is English but the reasons of the inner parts.
func TestReportsInTheReadersLanguage(t *testing.T) {
	for _, language := range []string{"he", "ru", "uk", "ar", "fa", "tr", "fr"} {
		in, err := catalogue.Load(language)
		if err != nil {
			t.Fatal(err)
		}
		for name, r := range reports(t) {
			failed := unreasoned(r.Report)
			english := printed(t, r)
			r.In = in
			text := printed(t, r)
			if got, want := strings.Count(text, "\n"), strings.Count(english, "\n")+failed; got != want {
				t.Errorf("%s in %s has %d lines, not %d:\n%s\n%s", name, language, got, want, text, english)
			}
			if left := foreign.Latin(text, append(stays(), checks(r)...)...); len(left) > 0 && language != "tr" && language != "fr" || strings.ContainsAny(text, "{[") {
				t.Errorf("%s in %s has %q:\n%s", name, language, left, text)
			}
		}
	}
}

// unreasoned takes away the reasons of failed checks, which are those of the inner parts and in English, but of
// forks, and counts them all.
func unreasoned(r transcript.Report) (failed int) {
	for i := range r.Checks {
		if c := &r.Checks[i]; !c.OK {
			failed++
			if c.Name != "fork" {
				c.Reason = "\u03ba"
			}
		}
	}
	return failed
}

// checks are the names of a report's checks, and how an origin begins where the file does not tell the line.
func checks(r Result) []string {
	out := []string{"parley"}
	for _, c := range r.Checks {
		out = append(out, c.Name)
	}
	return append(out, r.LeftOut...)
}

func printed(t *testing.T, r Result) string {
	t.Helper()
	var b strings.Builder
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestFilesBesideInTheReadersLanguage: the same of two files beside one another.
func TestFilesBesideInTheReadersLanguage(t *testing.T) {
	one := kept(t, "hold", "go on")
	broken := reports(t)["broken"]
	for name, other := range map[string]Result{
		"same": kept(t, "hold", "go on"), "begins": kept(t, "hold"), "longer": kept(t, "hold", "go on", "thanks"), "fork": kept(t, "hold", "stop"), "broken": broken,
	} {
		unreasoned(other.Report)
		var c transcript.Comparison
		if other.OK {
			c = transcript.Compare(one.Report, other.Report)
		}
		for _, fit := range []transcript.Compared{{Fit: transcript.OnlyInOne, First: 1, Second: -1}, {Fit: transcript.OnlyInOne, First: -1, Second: 1}, {Fit: transcript.NotShown, First: 2, Second: 3},
			{Fit: transcript.NotShown, First: 2, Second: 2, Fork: &transcript.Fork{}}} {
			fit.Origin, fit.Author, fit.Words = "parley/"+one.Line+"/2/a", "blue", "x"
			c.Transcripts = append(c.Transcripts, fit)
		}
		c.Crossed = []transcript.Crossed{{Entry: "parley/" + one.Line + "/1/b#0", Party: "red", About: "parley/" + one.Line + "/1/a", Peer: "blue", Size: 2, Words: "x"}}
		if name == "longer" {
			c.Fit = transcript.NotSeen
		} else if name == "begins" {
			c.Fit = transcript.Weave
		}
		b := Besides{Names: []string{"one.bundle", "two.bundle"}, Reports: []transcript.Report{one.Report, other.Report}, Comparison: c}
		lines := strings.Count(beside(t, b), "\n")
		for _, language := range []string{"he", "ru"} {
			in, err := catalogue.Load(language)
			if err != nil {
				t.Fatal(err)
			}
			b.In = in
			text, want := beside(t, b), lines
			if !other.OK {
				want++
			}
			left := foreign.Latin(text, append(append(stays(), "one.bundle", "two.bundle"), checks(other)...)...)
			if len(left) > 0 || strings.ContainsAny(text, "{[") || strings.Count(text, "\n") != want {
				t.Errorf("%s in %s: %q, %d lines, not %d:\n%s", name, language, left, strings.Count(text, "\n"), want, text)
			}
		}
	}
}

func beside(t *testing.T, b Besides) string {
	t.Helper()
	var out strings.Builder
	if err := b.WriteText(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
