package transcript

import (
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"time"
)

// Report says what of a bundle holds. OK means everything, and, where trusted keys were given,
// that every signer is one of them.
type Report struct {
	OK          bool               `json:"ok"`
	Identified  bool               `json:"identified"`
	Checks      []Check            `json:"checks"`
	Line        string             `json:"line,omitempty"`
	Signers     []Signer           `json:"signers"`
	Witnesses   []Witness          `json:"witnesses,omitempty"`
	Transcripts []TranscriptReport `json:"transcripts"`
	Forks       []Forked           `json:"forks,omitempty"` // that the bundle shows
	NotShown    []HiddenAgreement  `json:"agreements_not_shown,omitempty"`
	Later       []HiddenAgreement  `json:"agreements_from_elsewhere,omitempty"` // that the bundle does not hold and was judged with

	// LeftOut lists the checks that failed and are not judged, because they rest on an agreement that does not hold.
	LeftOut []string `json:"checks_left_out,omitempty"`

	kept    *kept
	ofForks int // failures of the check foreign that a fork in the bundle explains
}

// HiddenAgreement is a version of the agreement that a bundle does not show. Where its keys stand in its place, both
// parties signed its number, its id and the keys.
type HiddenAgreement struct {
	Version int64  `json:"version"`
	ID      string `json:"id"`
}

// Forked is a fork that a bundle shows.
type Forked struct {
	Origin string `json:"origin"`
	Author string `json:"author"`
	Shows  string `json:"shows"`
	Fork   Fork   `json:"-"`
}

// Check is one check of a kind: passed for the whole bundle, or failed for one entry or range.
type Check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Entry  string `json:"entry"` // "parley/<line>/<epoch>/<side>#<index>", a range "#<first>-<last>", a transcript, or empty
	Reason string `json:"reason"`
}

// Signer is a party key that signed an agreement in the bundle.
type Signer struct {
	Name        string `json:"name"`
	Side        Side   `json:"side"`
	Fingerprint string `json:"fingerprint"`
	Identified  bool   `json:"identified"`
}

// TranscriptReport says what a bundle holds of one transcript.
type TranscriptReport struct {
	Origin     string      `json:"origin"`
	Author     string      `json:"author"`
	Receiver   string      `json:"receiver"`
	Size       int64       `json:"size"`           // entries that the newest head covers
	Entries    int64       `json:"entries"`        // of these, in the bundle
	Missing    int64       `json:"missing"`        // of these, only as hashes
	First      time.Time   `json:"first,omitzero"` // time of the first entry in the bundle, by the author's clock
	Last       time.Time   `json:"last,omitzero"`
	HeadTime   time.Time   `json:"head_time,omitzero"` // of the newest head, by the author's clock
	Disclosed  int64       `json:"disclosed"`          // fields that the bundle shows
	LeftOut    int64       `json:"left_out"`           // fields told to the receiver that the bundle does not show
	Deliveries []Delivery  `json:"deliveries"`
	Witnessed  []Witnessed `json:"witnessed,omitempty"`
	Notes      []string    `json:"notes,omitempty"`
	Remarks    []Remark    `json:"-"` // the notes

	HeadsSigned    Signed `json:"heads_signed"`    // heads whose signatures hold
	ReceiptsSigned Signed `json:"receipts_signed"` // receipts likewise

	Kinds    []KindCount `json:"kinds,omitempty"`
	Complete *Complete   `json:"complete,omitempty"`
	Said     []Said      `json:"said,omitempty"` // where Options.Said asks for it

	gaps []Delivery // First and Last of each
}

// Signed says what heads or receipts are signed with, of those whose signatures hold.
type Signed struct {
	Both    bool `json:"ed25519_and_ml_dsa_44"` // one or more
	Ed25519 bool `json:"ed25519_alone"`
}

func (s Signed) String() string {
	switch {
	case s.Both && s.Ed25519:
		return "some with Ed25519 and ML-DSA-44, some with Ed25519 alone"
	case s.Both:
		return "Ed25519 and ML-DSA-44"
	case s.Ed25519:
		return "Ed25519 alone"
	}
	return "none"
}

// Delivery says when the receiver held the entries from First to Last, by the receiver's clock. A
// zero time means that their delivery is not shown.
type Delivery struct {
	First int64     `json:"first"`
	Last  int64     `json:"last"`
	Time  time.Time `json:"time,omitzero"`
	Clock string    `json:"clock,omitempty"` // whose
}

// checkNames lists the checks in the order of reports.
func checkNames() []string {
	return []string{"encoding", "agreement", "signers", "entry", "sequence", "in-force", "disclosure",
		"root", "head", "receipt", "witness", "keys", "witnessed", "weaving", "fork", "foreign", "breach", "epochs"}
}

// maxFailures is how many failures of one check a report lists.
const maxFailures = 20

// restOnAgreements lists the checks that need the keys and ids of every agreement in the file.
func restOnAgreements() []string {
	return []string{"signers", "in-force", "head", "receipt", "witness", "keys", "witnessed", "fork", "foreign", "breach"}
}

func (v *verifier) fail(name, entry, reason string) {
	if v.unagreed && slices.Contains(restOnAgreements(), name) {
		v.leftOut[name] = true // it follows from what is said of the agreement, or cannot be told from that
		return
	}
	v.count[name]++
	if v.count[name] <= maxFailures {
		v.failed[name] = append(v.failed[name], Check{Name: name, Entry: entry, Reason: reason})
	}
}

func (v *verifier) report() Report {
	whole := len(v.failed["encoding"]) == 0 // of a part, what is missing is no news
	if whole {
		v.epochs()
	}
	for _, p := range v.closed {
		v.weave(p)
		if whole {
			v.coverage(p)
		}
		v.deliver(p)
		v.witnessed(p)
	}
	for _, p := range v.closed {
		v.sayTimes(p)
	}
	r := Report{OK: true, kept: v.kept, ofForks: v.ofForks, Forks: v.forks, NotShown: v.notShown, Later: v.fromElsewhere, Signers: v.signers, Witnesses: v.witnessReport(), Identified: v.opts.Trust != nil && len(v.signers) > 0}
	for _, s := range v.signers {
		r.Identified = r.Identified && s.Identified
	}
	if len(v.agreements) > 0 {
		r.Line = v.agreements[0].Line
	}
	for _, name := range checkNames() {
		if v.leftOut[name] {
			r.LeftOut = append(r.LeftOut, name)
			continue
		}
		if bad := v.failed[name]; len(bad) > 0 {
			r.OK = false
			r.Checks = append(r.Checks, bad...)
			if more := v.count[name] - len(bad); more > 0 {
				r.Checks = append(r.Checks, Check{Name: name, Reason: fmt.Sprintf("%d more of this kind", more)})
			}
		} else if (name != "signers" || v.opts.Trust != nil) && (name != "witnessed" || v.opts.DemandWitnessed) {
			r.Checks = append(r.Checks, Check{Name: name, OK: true})
		}
	}
	for _, p := range v.closed {
		r.Transcripts = append(r.Transcripts, p.TranscriptReport)
	}
	return r
}

// Held returns when the receiver held an entry, by the receiver's clock; false where its delivery
// is not shown, or where the bundle does not hold.
func (r Report) Held(o Origin, index int64) (time.Time, bool) {
	if !r.OK {
		return time.Time{}, false
	}
	for _, t := range r.Transcripts {
		if t.Origin != o.String() {
			continue
		}
		if d := t.delivery(index); d != nil {
			return d.Time, !d.Time.IsZero()
		}
	}
	return time.Time{}, false
}

// delivery returns that of an entry, or nil.
func (t *TranscriptReport) delivery(index int64) *Delivery {
	i := sort.Search(len(t.Deliveries), func(i int) bool { return t.Deliveries[i].Last >= index })
	if i == len(t.Deliveries) || t.Deliveries[i].First > index {
		return nil
	}
	return &t.Deliveries[i]
}

// Verdict is the first line of the report for people.
func (r Report) Verdict() string {
	failed := 0
	for _, c := range r.Checks {
		if !c.OK {
			failed++
		}
	}
	switch {
	case r.OnlyForks() && r.Identified:
		return fmt.Sprintf("shows that %s; signers identified: %s", NotBothHonest, names(r.Signers))
	case r.OnlyForks():
		return fmt.Sprintf("shows that %s; signers not identified: %s", NotBothHonest, names(r.Signers))
	case failed > 0:
		return fmt.Sprintf("does not hold; found wrong: %d", failed)
	case r.Identified:
		return "holds; signers identified: " + names(r.Signers)
	}
	return "consistent; signers not identified: " + names(r.Signers)
}

// NotJudged says which checks are left out.
func (r Report) NotJudged() string {
	return "not judged, because it rests on an agreement that is missing or does not hold: " + strings.Join(r.LeftOut, ", ")
}

// OnlyForks reports whether nothing is wrong but that the bundle shows forks, and what the receiver signed of
// the other version. It is the third thing that a file can show: two versions of a transcript that cannot
// both be honest.
func (r Report) OnlyForks() bool {
	failed := 0
	for _, c := range r.Checks {
		switch {
		case c.OK:
		case c.Name != string(RecordFork) && c.Name != string(RecordForeign):
			return false
		default:
			failed++
		}
	}
	return len(r.Forks) > 0 && failed == len(r.Forks)+r.ofForks
}

// WriteText writes the report for people: the verdict, the line, what is wrong, then what each
// transcript shows. It names an entry within the line, as 1/b#3: the fourth entry of side b in epoch 1.
func (r Report) WriteText(w io.Writer) error {
	var b strings.Builder
	b.WriteString(r.Verdict() + "\n")
	if r.Line != "" {
		fmt.Fprintf(&b, "line %s\n", r.Line[:min(len(r.Line), shortDigits)])
	}
	for _, c := range r.Checks {
		if c.OK {
			continue
		}
		if c.Entry == "" {
			fmt.Fprintf(&b, "wrong (%s): %s\n", c.Name, c.Reason)
		} else {
			fmt.Fprintf(&b, "wrong (%s) at %s: %s\n", c.Name, c.Entry, c.Reason)
		}
	}
	if len(r.LeftOut) > 0 {
		b.WriteString(r.NotJudged() + "\n")
	}
	switch {
	case r.OnlyForks():
		b.WriteString("each version bears its author's own signature; which of them is right, if any, the file does not say\n")
	case !r.OK:
		b.WriteString("do not rely on the rest, which says what the file would show if all of it held\n")
	}
	for _, a := range r.NotShown {
		fmt.Fprintf(&b, "version %d of the agreement, %s, is not shown; its number and the keys are signed by both\n", a.Version, a.ID)
	}
	for _, a := range r.Later {
		b.WriteString(a.Words() + "\n")
	}
	r.writeWitnesses(&b)
	for _, t := range r.Transcripts {
		t.writeText(&b)
	}
	_, err := io.WriteString(w, r.Short(b.String()))
	return err
}

// shortDigits are enough to tell ids of 64 digits apart.
const shortDigits = 12

// Short shortens the names of this line's transcripts and entries in a text to what tells them apart
// within the line, and every other id to its first 12 digits.
func (r Report) Short(text string) string {
	if r.Line != "" {
		text = strings.ReplaceAll(text, "parley/"+r.Line+"/", "")
	}
	var b strings.Builder
	for start := 0; start < len(text); {
		end := start
		for end < len(text) && isLowerHex(text[end]) {
			end++
		}
		switch {
		case end-start == 64:
			b.WriteString(text[start : start+shortDigits])
		case end > start:
			b.WriteString(text[start:end])
		default:
			end = start + 1
			b.WriteByte(text[start])
		}
		start = end
	}
	return b.String()
}

// Text says what the bundle shows of this transcript, as WriteText does, with the names of entries in full.
func (t TranscriptReport) Text() string {
	var b strings.Builder
	t.writeText(&b)
	return b.String()
}

func (t TranscriptReport) writeText(b *strings.Builder) {
	fmt.Fprintf(b, "\nwhat %s said, %s: %s in this file", t.Author, t.Origin, entries(t.Entries))
	if !t.First.IsZero() {
		fmt.Fprintf(b, ", from %s to %s by the clock of %s", stamp(t.First), stamp(t.Last), t.Author)
	}
	b.WriteString("\n")
	if t.Missing > 0 {
		fmt.Fprintf(b, "  not shown in this file: %s more\n", entries(t.Missing))
	}
	fmt.Fprintf(b, "  fields shown: %d", t.Disclosed)
	if t.LeftOut > 0 {
		fmt.Fprintf(b, "; %d that %s was told are left out of this file", t.LeftOut, t.Receiver)
	}
	b.WriteString("\n")
	if t.HeadsSigned.Both || t.ReceiptsSigned.Both {
		fmt.Fprintf(b, "  signatures that hold: heads: %s; receipts: %s\n", t.HeadsSigned, t.ReceiptsSigned)
	}
	t.writeComplete(b)
	t.writeSaid(b)
	for _, d := range t.Deliveries {
		if t.SaidAll(d) {
			continue
		}
		span := fmt.Sprintf("%s#%d", t.Origin, d.First)
		if d.First != d.Last {
			span += fmt.Sprintf(" to #%d", d.Last)
		}
		if d.Time.IsZero() {
			fmt.Fprintf(b, "  %s: delivery not shown\n", span)
		} else {
			fmt.Fprintf(b, "  %s: delivered; held by %s at %s, by the clock of %s\n", span, t.Receiver, stamp(d.Time), d.Clock)
		}
	}
	t.writeWitnessed(b)
	for _, n := range t.Notes {
		fmt.Fprintf(b, "  note: %s\n", n)
	}
}

// entries counts entries in words that are constant, so that a language can say them.
func entries(n int64) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

// counted writes a number with its noun.
func counted(n int64, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
