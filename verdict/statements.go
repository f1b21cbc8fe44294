package verdict

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"parley/catalogue"
	"parley/consent"
	"parley/statement"
	"parley/transcript"
)

// Statements is what a file shows of the statements on its line.
type Statements struct {
	List   []Stated `json:"stated"`
	Flawed []Flawed `json:"flawed,omitempty"` // what was put on the line and does not count
	Sealed int      `json:"sealed,omitempty"` // entries about statements that the file does not show
	// Consents are the words of hosts; null where the file shows none.
	Consents *Consents `json:"consents,omitempty"`
	Hidden   int64     `json:"hidden,omitempty"` // entries of which the file does not show what they are about
}

// Stated is a statement as it stands by what the file shows.
type Stated struct {
	ID       string     `json:"id"`
	Form     string     `json:"form"`
	Title    string     `json:"title"`
	State    string     `json:"state"`
	AgreedAt *time.Time `json:"agreed_at"` // null: it was not agreed
	Standing string     `json:"standing"`  // in a sentence
	Signers  []StatedBy `json:"signers"`
	Flags    []string   `json:"flags,omitempty"`
	Note     string     `json:"note"`

	said  catalogue.Message // Standing
	flags []catalogue.Message
}

// StatedBy is a party that signed, the key by which it did, and the entry that put that on the line.
type StatedBy struct {
	Party       string `json:"party"`
	Fingerprint string `json:"fingerprint"`
	Entry       string `json:"entry,omitempty"`
}

// Flawed is what was put on the line about a statement and does not count.
type Flawed struct {
	Entry string `json:"entry"`
	Party string `json:"party"`
	Why   string `json:"why"`

	said catalogue.Message // Why
}

// Statements reads the statements of the file, which it opens again. It counts as far as the result
// holds: the keys are the party keys of the agreements in the file.
func (r Result) Statements(open func() (io.ReadCloser, error)) (Statements, error) {
	out := Statements{List: []Stated{}}
	record, hosts, sealed := statement.NewRecord(r.Line), consent.NewRecord(r.Line), 0
	for told, err := range transcript.Woven(open) {
		if err != nil {
			return out, err
		}
		switch {
		case told.Hidden:
			out.Hidden += told.To - told.Index
		case told.Err == nil && told.Entry.Kind == consent.Kind:
			if !consent.Shown(told.Fields) {
				sealed++
				continue
			}
			said := consent.Read(consent.Place{Origin: told.Origin, Seq: told.Index}, told.Entry.Time, told.Fields)
			_ = hosts.Add(said) // why a note cannot be opened stands with what is flawed
		case told.Err != nil || told.Entry.Kind != statement.KindPut && told.Entry.Kind != statement.KindRefused:
		case !statement.Shown(told.Entry.Kind, told.Fields):
			out.Sealed++
		default:
			place := statement.Place{Origin: told.Origin, Seq: told.Index}
			said, err := statement.ReadEntry(place, told.Entry, told.Fields)
			if err != nil {
				out.Flawed = append(out.Flawed, Flawed{Entry: place.String(), Party: r.author(told.Origin), Why: err.Error(),
					said: catalogue.Say("odd", catalogue.RefusedFor("refusal", err.Error()))})
				continue
			}
			_ = record.Add(said) // why a note cannot be opened stands with what is flawed
		}
	}
	out.Consents = r.consents(hosts, sealed)
	stands, flawed := record.Standing(r.statementTerms)
	for _, st := range stands {
		out.List = append(out.List, stated(st))
	}
	for _, x := range flawed {
		out.Flawed = append(out.Flawed, Flawed{Entry: x.Place.String(), Party: x.Party, Why: x.Reason(), said: x.Message()})
	}
	return out, nil
}

func (r Result) statementTerms(id string) (statement.Terms, bool) {
	for _, a := range r.Agreements {
		if a.ID != id {
			continue
		}
		out := statement.Terms{TwoPersons: a.Terms.NeedsTwo("statement")}
		for i, p := range a.Terms.Parties {
			out.Parties[i] = statement.Party{Name: p.Name, PartyKey: p.PartyKey}
		}
		return out, true
	}
	for _, k := range r.Keys {
		if k.Agreement != id {
			continue
		}
		var out statement.Terms // whether it takes two persons, the file does not show
		for i, p := range k.Parties {
			out.Parties[i] = statement.Party{Name: p.Name, PartyKey: p.PartyKey}
		}
		return out, true
	}
	return statement.Terms{}, false
}

func stated(st *statement.Stand) Stated {
	out := Stated{ID: st.ID, Form: string(st.Says.Form), Title: st.Says.Title, State: string(st.State), Standing: st.Words(), Flags: st.FlagTexts(), Note: string(st.Note), said: st.Message(), flags: st.FlagMessages()}
	if !st.AgreedAt.IsZero() {
		out.AgreedAt = &st.AgreedAt
	}
	for _, s := range st.Signatures {
		out.Signers = append(out.Signers, StatedBy{Party: s.Party, Fingerprint: fingerprint(&st.Says, s.Party), Entry: s.Place.String()})
	}
	return out
}

func fingerprint(s *statement.Statement, party string) string {
	for _, p := range s.Parties {
		if p.Name == party {
			return transcript.Fingerprint(p.PartyKey)
		}
	}
	return ""
}

// WriteText writes them for people; nothing where the file shows that there are none.
func (s Statements) WriteText(w io.Writer, r Result) error {
	var b strings.Builder
	none := len(s.List)+len(s.Flawed)+s.Sealed == 0
	if !english(r.In) {
		s.Consents.writeIn(&b, r)
		if _, err := io.WriteString(w, b.String()); err != nil || none {
			return err
		}
		return s.writeIn(w, r)
	}
	s.Consents.write(&b)
	if none {
		_, err := io.WriteString(w, r.Short(b.String()))
		return err
	}
	b.WriteString("\nstatements, by what this file shows\n")
	for _, x := range s.List {
		fmt.Fprintf(&b, "  %s %q: %s\n", x.ID, x.Title, x.Standing)
		for _, by := range x.Signers {
			fmt.Fprintf(&b, "    signed by %s with its party key %s: %s\n", by.Party, by.Fingerprint, by.Entry)
		}
		for _, f := range x.Flags {
			fmt.Fprintf(&b, "    note: %s\n", f)
		}
	}
	for _, x := range s.Flawed {
		fmt.Fprintf(&b, "  does not count: %s by %s: %s\n", x.Entry, x.Party, x.Why)
	}
	if s.Sealed > 0 {
		fmt.Fprintf(&b, "  not shown: %d entries about statements; a signature, a correction or a withdrawal may be among them\n", s.Sealed)
	}
	if s.Hidden > 0 {
		fmt.Fprintf(&b, "  %d entries are not shown at all; a signature, a correction or a withdrawal may be among them\n", s.Hidden)
	}
	_, err := io.WriteString(w, r.Short(b.String()))
	return err
}

// IsStatement reports whether a file is a statement and no bundle, by its first bytes.
func IsStatement(beginning []byte) bool {
	return bytes.HasPrefix(beginning, []byte(statement.TypeLine+"\n"))
}

// Note is what a file with one signed statement shows.
type Note struct {
	transcript.Report
	Statement *Stated              `json:"statement"` // null where it does not hold
	In        *catalogue.Catalogue `json:"-"`         // as of a Result
	signed    statement.Signed
}

// CheckStatement judges a file with one signed statement. With keys that the reader got elsewhere it holds
// only where every signature is by one of them.
func CheckStatement(file []byte, trust []transcript.TrustedKey) Note {
	out := Note{Report: transcript.Report{OK: true, Signers: []transcript.Signer{}, Transcripts: []transcript.TranscriptReport{}}}
	s, err := statement.Open(file)
	if err != nil {
		out.OK = false
		out.Checks = []transcript.Check{{Name: "statement", Reason: err.Error()}}
		return out
	}
	out.signed, out.Line = s, s.Says.Line
	out.Checks = []transcript.Check{{Name: "statement", OK: true}}
	x := Stated{ID: s.ID, Form: string(s.Says.Form), Title: s.Says.Title, State: string(statement.Proposed), Standing: s.Verdict(), Note: string(file)}
	switch {
	case s.Agreed():
		x.State = string(statement.Agreed)
	case s.Says.Form == statement.OneSided:
		x.State = string(statement.Stated)
	}
	out.Statement, out.Identified = &x, trust != nil
	for i, p := range s.Says.Parties {
		x.sign(&out, p, i, s, trust)
	}
	if trust != nil && out.Identified {
		out.Checks = append(out.Checks, transcript.Check{Name: "signers", OK: true})
	}
	return out
}

func (x *Stated) sign(out *Note, p statement.Party, i int, s statement.Signed, trust []transcript.TrustedKey) {
	signed := false
	for _, name := range s.Signers {
		signed = signed || name == p.Name
	}
	if !signed {
		return
	}
	print := transcript.Fingerprint(p.PartyKey)
	x.Signers = append(x.Signers, StatedBy{Party: p.Name, Fingerprint: print})
	signer := transcript.Signer{Name: p.Name, Fingerprint: print}
	if s.Says.Form == statement.Joint { // which side a party alone is, its statement does not say
		signer.Side = []transcript.Side{transcript.A, transcript.B}[i]
	}
	for _, t := range trust {
		if (t.Name == "" || t.Name == p.Name) && (t.Fingerprint == print || t.Key != nil && t.Key.Equal(p.PartyKey)) {
			signer.Identified = true
		}
	}
	out.Signers = append(out.Signers, signer)
	if trust != nil && !signer.Identified {
		out.OK, out.Identified = false, false
		out.Checks = append(out.Checks, transcript.Check{Name: "signers", Reason: fmt.Sprintf("%s signs with %s, which is not among the trusted keys", p.Name, print)})
	}
}

// WriteText writes the verdict for people: the first line as of a bundle, then what is stated.
func (n Note) WriteText(w io.Writer) error {
	if err := (Result{Report: n.Report, In: n.In}).WriteText(w); err != nil || n.Statement == nil {
		return err
	}
	if !english(n.In) {
		return n.writeIn(w)
	}
	says := &n.signed.Says
	var b strings.Builder
	fmt.Fprintf(&b, "\nstatement %s: %s\n%s\ndrafted %s\n", n.Statement.ID, says.Title, n.Statement.Standing, says.Date.Format("2006-01-02 15:04:05Z"))
	for _, t := range says.Texts {
		fmt.Fprintf(&b, "\n%s:\n%s\n", t.Language, t.Text)
	}
	b.WriteString("\n")
	for _, x := range [...]struct{ what, id string }{{"about", strings.Join(says.About, ", ")}, {"corrects", says.Corrects}, {"withdraws", says.Withdraws}} {
		if x.id != "" {
			fmt.Fprintf(&b, "%s %s\n", x.what, x.id)
		}
	}
	b.WriteString("whether it was answered, corrected or withdrawn since stands on the record of the line, and not in this file\n")
	_, err := io.WriteString(w, b.String())
	return err
}
