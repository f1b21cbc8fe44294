package node

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/node/body"
	"parley/node/view"
	"parley/review"
	"parley/statement"
	"parley/transcript"
	"parley/transcript/ledger"
)

// AllTold in Disclosing.Fields stands for every field that the other party was told.
const AllTold = "*"

// Disclosing says what of a line is shown to someone who is not on it. Entries and About name what it
// is about, both empty meaning everything; Kinds, Party, From and Until narrow that.
type Disclosing struct {
	Entries []string  // by name: whole, or within the line as 1/b#3
	About   []string  // ids of notices or conflicts, entries that opened an incident or a team: every entry about them, of both parties
	Kinds   []string  // empty: every kind
	Party   string    // whose entries; empty: both parties'
	From    time.Time // by the clock of each entry's author; zero bounds are open
	Until   time.Time
	// Fields are the names of those shown of what is chosen. AllTold stands for what the other party was
	// told; a field that it was not told is shown only by its name.
	Fields []string
	// Complete adds every other entry of both transcripts without any field, so that nobody can say that
	// something was left out.
	Complete bool
	// WithoutAgreement puts in the place of each version of the agreement its Keys: notes that both parties
	// signed. What entries say of a version's text is then not shown either.
	WithoutAgreement bool
	Keys             []string
}

func (d *Disclosing) check() error {
	if len(d.Keys) > 0 && !d.WithoutAgreement {
		return fault.New("keys", "", "stand in the place of an agreement that is not shown", "ask for it without the agreement")
	}
	if len(d.Fields) == 0 && !d.Complete {
		return fault.New("fields", "", "names nothing to show", `name the fields, or "*" for all that the other party was told`)
	}
	for _, k := range d.Kinds {
		if k == "" {
			return fault.New("kinds", "", "holds an empty name", "name a kind: "+strings.Join(body.Kinds(), ", "))
		}
		if err := body.CheckKind(k); err != nil {
			return fault.In("kinds", err)
		}
	}
	if !d.From.IsZero() && !d.Until.IsZero() && !d.From.Before(d.Until) {
		return fault.New("until", d.Until.Format(time.RFC3339), "must be after from", "give the earlier time first")
	}
	return nil
}

// Disclose writes a bundle that shows what d says of a line and stands hashes for the rest.
func (n *Node) Disclose(ctx context.Context, lineID string, d Disclosing, w io.Writer) error {
	ln, show, err := n.disclosing(ctx, lineID, d)
	if err != nil {
		return err
	}
	b := transcript.NewBundleWriter(w)
	if err := show.agreed.write(b); err != nil {
		return err
	}
	if _, err := ln.led.Disclose(ctx, b, show.choose); err != nil {
		return err
	}
	return b.Close()
}

// WouldDisclose lists the entries of which Disclose would show fields, in their woven order, with the
// names of these fields and of those that stay hidden.
func (n *Node) WouldDisclose(ctx context.Context, lineID string, d Disclosing) (view.Disclosure, error) {
	ln, show, err := n.disclosing(ctx, lineID, d)
	if err != nil {
		return view.Disclosure{}, err
	}
	out := view.Disclosure{Line: ln.id, Complete: d.Complete, Entries: []view.Disclosed{}}
	for r, err := range ln.led.Records(ctx, ledger.Cursor{}) {
		if err != nil {
			return view.Disclosure{}, err
		}
		ref := body.Ref{Origin: r.Origin, Seq: r.Entry.Seq}
		if !show.chosen[ref] {
			out.Others++
			continue
		}
		if len(out.Entries) == maxWouldDisclose {
			out.More++
			continue
		}
		x := view.Disclosed{Entry: ref.String(), Party: ln.party(r.Origin.Side), Time: r.Entry.Time, Kind: r.Entry.Kind, Shown: []string{}, Hidden: []string{}}
		fields, err := transcript.Disclosed(r.Entry, r.Disclosures)
		if err != nil {
			return view.Disclosure{}, err
		}
		for _, f := range fields {
			if show.field(r.Entry.Kind, f.Name, f.Shown) {
				x.Shown = append(x.Shown, f.Name)
			} else {
				x.Hidden = append(x.Hidden, f.Name)
			}
		}
		out.Entries = append(out.Entries, x)
	}
	return out, nil
}

// maxWouldDisclose bounds what WouldDisclose lists; it counts what is beyond.
const maxWouldDisclose = 1000

// disclosing works out what is chosen.
func (n *Node) disclosing(ctx context.Context, lineID string, d Disclosing) (*lineNode, *disclosing, error) {
	if err := d.check(); err != nil {
		return nil, nil, err
	}
	ln, err := n.pick(lineID)
	if err != nil {
		return nil, nil, err
	}
	if d.Party != "" && d.Party != ln.party(transcript.A) && d.Party != ln.party(transcript.B) {
		return nil, nil, fault.New("party", d.Party, "is not a party of the line", "name "+ln.party(transcript.A)+" or "+ln.party(transcript.B))
	}
	s := &disclosing{Disclosing: d, ln: ln, chosen: map[body.Ref]bool{}, named: map[string]int{}}
	for _, name := range slices.Concat(d.Entries, d.About) {
		s.named[strings.TrimSpace(name)] = 0
	}
	if s.agreed, err = n.agreedFor(ctx, ln.id, &d); err != nil {
		return nil, nil, err
	}
	if err := s.gather(ctx); err != nil {
		return nil, nil, err
	}
	for r, err := range ln.led.Records(ctx, ledger.Cursor{}) {
		if err == nil {
			err = s.look(r)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	if all := len(s.chosen) + s.others; all == 0 || len(s.chosen) == 0 && !d.Complete && len(s.named) == 0 {
		return nil, nil, &fault.Error{Code: fault.NotFound, Field: "entries", Rule: "none fits what was chosen", Hint: "see what there is: parley log"}
	}
	for name, found := range s.named {
		if found == 0 {
			return nil, nil, &fault.Error{Code: fault.NotFound, Field: "entries", Value: fault.Shorten(name), Rule: "names no entry, notice or conflict of this line that the rest of the choice leaves in",
				Hint: "see parley log and parley conflict list --all"}
		}
	}
	return ln, s, nil
}

// disclosing chooses entries.
type disclosing struct {
	Disclosing
	ln     *lineNode
	agreed agreed
	chosen map[body.Ref]bool
	named  map[string]int // how often each name that was asked for led to an entry
	about  subjects
	others int
}

// gather learns what each name in About stands for. An officer may take a conflict before it is filed,
// so that it reads the record until there is nothing more to learn.
func (s *disclosing) gather(ctx context.Context) error {
	for learned := -1; len(s.About) > 0 && s.about.size != learned; {
		learned = s.about.size
		for r, err := range s.ln.led.Records(ctx, ledger.Cursor{}) {
			if err != nil {
				return err
			}
			fields, err := transcript.Disclosed(r.Entry, r.Disclosures)
			if err != nil {
				return err
			}
			for _, name := range s.About {
				s.about.follows(strings.TrimSpace(name), body.Ref{Origin: r.Origin, Seq: r.Entry.Seq}, r.Entry.Kind, fields)
			}
		}
	}
	return nil
}

// look decides on one entry.
func (s *disclosing) look(r ledger.Record) error {
	ref := body.Ref{Origin: r.Origin, Seq: r.Entry.Seq}
	fields, err := transcript.Disclosed(r.Entry, r.Disclosures)
	if err != nil {
		return err
	}
	var by []string
	for _, name := range s.Entries {
		if name = strings.TrimSpace(name); name == ref.String() || name == ref.Short() {
			by = append(by, name)
		}
	}
	for _, name := range s.About {
		if name = strings.TrimSpace(name); s.about.follows(name, ref, r.Entry.Kind, fields) {
			by = append(by, name)
		}
	}
	if len(by) == 0 && len(s.named) > 0 || !s.narrow(r) {
		s.others++
		return nil
	}
	for _, name := range by {
		s.named[name]++
	}
	s.chosen[ref] = true
	return nil
}

func (s *disclosing) narrow(r ledger.Record) bool {
	return (len(s.Kinds) == 0 || slices.Contains(s.Kinds, r.Entry.Kind)) &&
		(s.Party == "" || s.Party == s.ln.party(r.Origin.Side)) &&
		(s.From.IsZero() || !r.Entry.Time.Before(s.From)) && (s.Until.IsZero() || r.Entry.Time.Before(s.Until))
}

func (s *disclosing) field(kind, name string, told bool) bool {
	if s.WithoutAgreement && kind == body.KindAgreement && name == "note" {
		return false
	}
	return slices.Contains(s.Fields, name) || told && slices.Contains(s.Fields, AllTold)
}

// choose is what the ledger asks of each entry.
func (s *disclosing) choose(r ledger.Record) (transcript.Sealed, bool) {
	out := transcript.Sealed{Bytes: r.Bytes}
	if !s.chosen[body.Ref{Origin: r.Origin, Seq: r.Entry.Seq}] {
		return out, s.Complete
	}
	told := func(d transcript.Digest) bool { return slices.Contains(r.Entry.Shown, d) }
	for _, enc := range r.Disclosures {
		if d, err := transcript.ParseDisclosure(enc); err == nil && s.field(r.Entry.Kind, d.Name, told(transcript.DigestOf(enc))) {
			out.Disclosures = append(out.Disclosures, enc)
		}
	}
	return out, true
}

// subjects holds, of each name that was asked for, the entries and ids that are about it so far.
type subjects struct {
	known map[string]map[string]bool
	size  int // of all
}

// refersBy are the fields by which an entry of a kind says what it is about.
func refersBy(kind string) []string {
	if review.IsKind(kind) {
		return []string{"of", "entry", "notices", "undertaking", "instead_of"}
	}
	return []string{"about", "entry", "call", "test", "proposal", "first", "notice", "conflict", "statement", "a", "b"}
}

// follows reports whether an entry is about a name: a notice with that id, a conflict whose id begins
// so, a statement likewise, an incident or a team of that entry, or what an entry before it was about. An
// incident that names a notice is about it, and so is all that was said in its review.
func (s *subjects) follows(name string, ref body.Ref, kind string, fields []transcript.Field) bool {
	if s.known == nil {
		s.known = map[string]map[string]bool{}
	}
	known := s.known[name]
	if known == nil {
		known = map[string]bool{name: true}
		s.known[name] = known
	}
	id, about := "", false
	conflict := func(id string) bool { return len(name) >= 8 && strings.HasPrefix(id, name) }
	for _, f := range fields {
		if f.Name == "id" {
			id = text(f.Value)
		} else if kind == body.KindStatement && f.Name == "note" {
			for _, t := range statement.Names([]byte(text(f.Value))) {
				about = about || known[t] || conflict(t)
			}
		} else if slices.Contains(refersBy(kind), f.Name) {
			for _, t := range texts(f.Value) {
				about = about || known[t] || f.Name == "conflict" && conflict(t)
			}
		}
	}
	byID := kind == body.KindConflict || kind == body.KindStatement
	if opens := kind == review.KindIncident || kind == review.KindTeam; opens && (name == ref.String() || name == ref.Short()) {
		about = true
	}
	if !about && !(kind == body.KindNotice && id == name || byID && (conflict(id) || known[id])) {
		return false
	}
	learn := func(what string) {
		if !known[what] {
			known[what] = true
			s.size++
		}
	}
	learn(ref.String())
	if byID && id != "" {
		learn(id)
	}
	return true
}

func text(v jsontext.Value) (s string) {
	if err := json.Unmarshal(v, &s); err != nil {
		return ""
	}
	return s
}

// texts returns a text, or those of a list or an object.
func texts(v jsontext.Value) []string {
	if s := text(v); s != "" {
		return []string{s}
	}
	var list []string
	if json.Unmarshal(v, &list) == nil {
		return list
	}
	var members map[string]jsontext.Value
	if err := json.Unmarshal(v, &members); err != nil {
		return nil
	}
	var out []string
	for _, m := range members {
		if s := text(m); s != "" {
			out = append(out, s)
		}
	}
	return out
}
