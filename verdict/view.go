package verdict

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"

	"parley/agreement"
	"parley/catalogue"
	"parley/transcript"
)

// View is what the verify page shows of a result, ready to be shown as text.
type View struct {
	Tone        Tone             `json:"tone"`
	Headlines   []Headline       `json:"headlines"` // English, and that of the reader
	Verdict     string           `json:"verdict"`   // the first line of parley verify
	Wrong       []Finding        `json:"wrong"`
	Checks      []Finding        `json:"checks"` // those that passed
	Signers     []SignerView     `json:"signers"`
	Transcripts []TranscriptView `json:"transcripts"`
	Agreements  []AgreementView  `json:"agreements"`
	Kinds       []string         `json:"kinds"`
	Stated      string           `json:"stated"` // of statements, as parley verify prints it
	Text        string           `json:"text"`   // what parley verify prints
}

// Finding is a check: where and why it failed, or what it asks.
type Finding struct {
	Name  string `json:"name"`
	Words string `json:"words"`
	Entry string `json:"entry"`
	Why   string `json:"why"`
}

// SignerView is a party's key.
type SignerView struct {
	Party       string `json:"party"`
	Fingerprint string `json:"fingerprint"`
	Known       string `json:"known"` // whether the reader's keys name it, in words
}

// TranscriptView says what is there of one transcript, a sentence a line.
type TranscriptView struct {
	Name   string     `json:"name"`
	Author string     `json:"author"`
	Title  string     `json:"title"`
	Lines  []LineView `json:"lines"`
}

// LineView is a sentence about a transcript, or a part of the one before.
type LineView struct {
	Text string `json:"text"`
	Part bool   `json:"part"`
}

// AgreementView is a version of the agreement, in plain words.
type AgreementView struct {
	Title     string `json:"title"`
	ID        string `json:"id"`
	Explained string `json:"explained"`
	Language  string `json:"language"` // in which it is explained
}

// View makes what the page shows.
func (r Result) View() (View, error) {
	v := View{Tone: r.Tone(), Verdict: r.Verdict()}
	var err error
	if v.Headlines, err = r.headlines(v.Tone); err != nil {
		return View{}, err
	}
	for _, c := range r.Checks {
		f := Finding{Name: c.Name, Words: r.checkWords(c.Name), Entry: visible(r.Short(c.Entry)), Why: r.reason(c)}
		if c.OK {
			v.Checks = append(v.Checks, f)
		} else {
			v.Wrong = append(v.Wrong, f)
		}
	}
	given := slices.ContainsFunc(r.Checks, func(c transcript.Check) bool { return c.Name == "signers" })
	for _, s := range r.Signers {
		known := r.say("no keys were given to compare it with", "verdict.known-none")
		switch {
		case s.Identified:
			known = r.say("one of the keys that you gave", "verdict.known")
		case given:
			known = r.say("none of the keys that you gave", "verdict.unknown")
		}
		v.Signers = append(v.Signers, SignerView{Party: visible(s.Name), Fingerprint: s.Fingerprint, Known: known})
	}
	for _, t := range r.Transcripts {
		v.Transcripts = append(v.Transcripts, r.transcriptView(t))
		for _, k := range t.Kinds {
			v.Kinds = append(v.Kinds, k.Kind)
		}
	}
	slices.Sort(v.Kinds)
	v.Kinds = slices.Compact(v.Kinds)
	in, err := r.catalogue()
	if err != nil {
		return View{}, err
	}
	for _, a := range r.Agreements {
		v.Agreements = append(v.Agreements, AgreementView{Title: r.say(fmt.Sprintf("version %d, signed by %s", a.Terms.Version, strings.Join(a.Signers, " and ")),
			"verdict.agreement", catalogue.CountOf("version", a.Terms.Version), signers(a.Signers)),
			ID: a.ID, Explained: r.visible(agreement.Explain(a.Terms, in)), Language: r.language()})
	}
	for _, a := range r.NotShown {
		v.Agreements = append(v.Agreements, AgreementView{Title: r.say(fmt.Sprintf("version %d, not shown", a.Version), "verdict.agreement-not-shown", catalogue.CountOf("version", int(a.Version))), ID: a.ID,
			Explained: r.say("The agreement is not shown; its number and the keys are signed by both.", "verdict.keys-alone"), Language: r.language()})
	}
	var text strings.Builder
	if err := r.WriteText(&text); err != nil {
		return View{}, err
	}
	v.Text = r.visible(text.String())
	return v, nil
}

// transcriptView says of a transcript what parley verify does, but for single entries: the timeline does.
func (r Result) transcriptView(t transcript.TranscriptReport) TranscriptView {
	t.Said = nil
	title, rest, _ := strings.Cut(strings.TrimSpace(visible(r.Short(t.Text()))), ": ")
	v := TranscriptView{Name: r.Short(t.Origin), Author: t.Author, Title: r.say(title, "verdict.of", catalogue.ByPeople("party", t.Author), catalogue.AsCode("id", r.Short(t.Origin)))}
	if r.In != nil && r.In.Language != "en" {
		v.Lines = r.transcriptLines(t)
		return v
	}
	for line := range strings.Lines(rest) {
		v.Lines = append(v.Lines, LineView{Text: strings.TrimSpace(line), Part: strings.HasPrefix(line, "    ")})
	}
	return v
}

// RowView is a row of the timeline.
type RowView struct {
	Entry  string      `json:"entry"`
	Side   string      `json:"side"`
	Party  string      `json:"party"`
	Kind   string      `json:"kind"`
	Remark string      `json:"remark"` // that it is a drill, is not shown, or cannot be read
	Times  []TimeView  `json:"times"`
	Fields []FieldView `json:"fields"`
	Left   string      `json:"left"` // what of it is not shown
}

// TimeView is a time and whose clock it is by.
type TimeView struct {
	What  string `json:"what"`
	Time  string `json:"time"`
	Clock string `json:"clock"`
}

// FieldView is a field that is shown.
type FieldView struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Text  bool   `json:"text"` // and not JSON
	Told  bool   `json:"told"` // to the other party
}

// RowView makes what the page shows of a row.
func (r Result) RowView(row Row) RowView {
	v := RowView{Entry: r.Short(transcript.EntryName(row.Origin, row.Index)), Side: string(row.Origin.Side), Party: row.Party}
	switch {
	case row.Hidden && row.To > row.Index+1:
		v.Remark = r.say(fmt.Sprintf("%d entries, to #%d, are not shown in this file: it holds their hashes alone", row.To-row.Index, row.To-1),
			"verdict.hidden-more", catalogue.CountOf("count", int(row.To-row.Index)), catalogue.AsCode("id", fmt.Sprintf("#%d", row.To-1)))
	case row.Hidden:
		v.Remark = r.say("this entry is not shown in this file: it holds its hash alone", "verdict.hidden")
	case row.Err != nil:
		v.Remark = r.say("cannot be read: "+visible(row.Err.Error()), "verdict.unreadable", catalogue.RefusedFor("refusal", visible(row.Err.Error())))
	}
	if v.Remark != "" {
		return v
	}
	v.Kind = row.Entry.Kind
	switch {
	case row.Exercise:
		v.Remark = r.say("a drill", "verdict.drill")
	case row.Unknown:
		v.Remark = r.say("said to be a drill; the agreement, which says when drills are, is not shown", "verdict.drill-said")
	case row.Entry.Drill:
		v.Remark = r.say("a drill outside the agreed windows, which counts as real", "verdict.drill-real")
	}
	v.Times = r.times(row)
	for _, f := range row.Fields {
		text, isText := valueText(f.Value)
		v.Fields = append(v.Fields, FieldView{Name: f.Name, Value: text, Text: isText, Told: f.Shown})
	}
	left := fmt.Sprintf("%d fields that %s was told are not in this file", row.LeftOut, row.Receiver)
	if row.LeftOut == 1 {
		left = fmt.Sprintf("one field that %s was told is not in this file", row.Receiver)
	}
	if row.LeftOut > 0 {
		v.Left = r.say(left, "verdict.left", catalogue.CountOf("count", int(row.LeftOut)), catalogue.ByPeople("party", row.Receiver))
	}
	return v
}

func (r Result) times(row Row) []TimeView {
	by := func(party string) string {
		return r.say("by the clock of "+party, "verdict.clock", catalogue.ByPeople("party", party))
	}
	out := []TimeView{{r.say("said", "verdict.said"), row.Entry.Time.UTC().Format("2006-01-02 15:04:05.000Z"), by(row.Party)}}
	clock := by(row.Receiver)
	if !row.After.IsZero() {
		out = append(out, TimeView{r.say("said after", "verdict.said-after"), second(row.After), clock})
	}
	switch {
	case !r.OK:
		return append(out, TimeView{What: r.say("delivery is not judged, because the file does not hold", "verdict.not-judged")})
	case row.Held.IsZero():
		return append(out, TimeView{What: r.say("delivery not shown", "verdict.not-shown")})
	}
	return append(out, TimeView{r.say("delivered by", "verdict.delivered-by"), second(row.Held), clock})
}

func second(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }

// maxValue is how many characters of a value the page shows.
const maxValue = 8_000

// valueText writes a value for people: a text as it is, anything else as JSON.
func valueText(v jsontext.Value) (text string, isText bool) {
	if unquoted, err := jsontext.AppendUnquote(nil, v); err == nil && v.Kind() == '"' {
		text, isText = string(unquoted), true
	} else {
		text = outline(v)
	}
	if runes := []rune(text); len(runes) > maxValue {
		text = fmt.Sprintf("%s ... (%d more characters: parley log --file shows them)", string(runes[:maxValue]), len(runes)-maxValue)
	}
	return visible(text), isText
}

// outlineWidth is how wide a line is that holds a whole object or list.
const outlineWidth = 84

// outline writes JSON with a line for each member, but for objects and lists that fit on one.
func outline(v jsontext.Value) string {
	long := v.Clone()
	if err := long.Indent(jsontext.WithIndent("  ")); err != nil {
		return string(v) // what is no JSON stays as it is
	}
	var b strings.Builder
	lines := strings.Split(string(long), "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if end, whole := folded(lines[i:]); end > 0 {
			line, i = whole, i+end
		}
		b.WriteString(line + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// folded joins the lines of the object or list that the first of them begins, where they fit on one line,
// and says how many more there were.
func folded(lines []string) (more int, line string) {
	first := lines[0]
	if !strings.HasSuffix(first, "{") && !strings.HasSuffix(first, "[") {
		return 0, ""
	}
	depth := len(first) - len(strings.TrimLeft(first, " "))
	line = first
	for i, l := range lines[1:] {
		part := strings.TrimLeft(l, " ")
		ends := len(l)-len(part) == depth
		if !strings.HasPrefix(part, "}") && !strings.HasPrefix(part, "]") && !strings.HasSuffix(line, "{") && !strings.HasSuffix(line, "[") {
			line += " "
		}
		if line += part; len(line) > depth+outlineWidth {
			return 0, ""
		}
		if ends {
			return i + 1, line
		}
	}
	return 0, ""
}

// visible writes what cannot be seen, or turns the direction of what follows, as its number.
func visible(s string) string {
	hidden := func(r rune) bool {
		return r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && (r < 0x200c || r > 0x200f) || r == 0x2028 || r == 0x2029
	}
	if !strings.ContainsFunc(s, hidden) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if hidden(r) {
			fmt.Fprintf(&b, "<U+%04X>", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
