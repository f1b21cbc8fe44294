package statement

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"parley/transcript"
)

// Place names an entry of one of the two transcripts of a line.
type Place struct {
	Origin transcript.Origin
	Seq    int64
}

// String writes a place as the log names the entry.
func (p Place) String() string { return transcript.EntryName(p.Origin, p.Seq) }

func (p Place) compare(q Place) int {
	return cmp.Or(cmp.Compare(p.Origin.Epoch, q.Origin.Epoch), cmp.Compare(p.Origin.Side, q.Origin.Side), cmp.Compare(p.Seq, q.Seq))
}

// Said is what one entry says of a statement: it puts a signed one on the line, or refuses one that the
// other party put there.
type Said struct {
	Place
	Time      time.Time // by its author's clock
	Seen      int64     // how many entries of the other party its author held, in its epoch
	Agreement string    // the version in force, as the entry names it
	ID        string    // of the statement, as the entry says
	Note      []byte    // what is put on the line; empty in a refusal
	Refuses   Place     // the entry that is refused
	Reason    string

	Officer    string
	Role       string
	ReleasedBy string // the second officer, where it took two

	signed Signed
	err    error
}

// Record is what the two transcripts of a line say of statements. The order in which it is told of
// them does not matter.
type Record struct {
	line string
	said []*Said
}

// NewRecord returns the record of a line of which nothing was said yet.
func NewRecord(line string) *Record { return &Record{line: line} }

// Add takes in an entry. One that was taken in stays as it is. The error says why a note cannot be
// opened; the entry is kept all the same.
func (r *Record) Add(s Said) error {
	i, have := slices.BinarySearchFunc(r.said, s.Place, func(x *Said, p Place) int { return x.compare(p) })
	if have {
		return r.said[i].err
	}
	if len(s.Note) > 0 {
		s.signed, s.err = Open(s.Note)
	}
	r.said = slices.Insert(r.said, i, &s)
	return s.err
}

// All returns what was said, by epoch, side and number. Nobody changes what it points at.
func (r *Record) All() []*Said { return r.said }

// Terms is what a version of the agreement says of statements.
type Terms struct {
	Parties    [2]Party // of sides a and b
	TwoPersons bool     // it takes two persons to put a signature on the line
}

// State is how far a statement has come.
type State string

// The states.
const (
	Proposed  State = "proposed"  // one party signed it; the other has not answered, which is no consent
	Refused   State = "refused"   // and the other said no
	Agreed    State = "agreed"    // both signed the same bytes
	Stated    State = "one-sided" // one party alone states it: not jointly agreed
	Withdrawn State = "withdrawn" // taken back: by both where both had agreed, else by who stated it
)

// States returns every state, in the order in which a statement comes to them.
func States() []State { return []State{Proposed, Refused, Agreed, Stated, Withdrawn} }

// Stand is how a statement stands on the record of its line.
type Stand struct {
	Signed     // with the signatures of all its copies
	State      State
	Signatures []Signature // in the order of the parties
	Refusals   []*Said
	Since      time.Time // when it came to its state, by the clock of whose word did that
	// AgreedAt is when the second of the two signatures was put on the line, by the clock of who did;
	// zero where it never was agreed.
	AgreedAt    time.Time
	Waits       string // the party whose answer it waits for
	CorrectedBy []Successor
	WithdrawnBy []Successor
	Flags       []Flag // what is odd about it and does not take from what was signed

	puts    []*Said
	refusal *Said // of the newest of them
	void    bool  // both signed it, the second after the first had taken it back
}

// Signature is a party's, with the entry that put it on the line: where there is one, its own.
type Signature struct {
	Party string
	*Said
}

// Successor is a statement that corrects or withdraws another.
type Successor struct {
	ID     string
	By     []string // who signed it
	State  State
	Time   time.Time
	Counts bool // it is by all who stated the other
}

// Flag is what is odd about a statement, in English.
type Flag struct{ Text string }

// Flawed is what was put on the line and does not count.
type Flawed struct {
	*Said
	Party string // who put it there
	Why   string
	Alike string     // the statement that it looks like, and where it is not the same; "": none
	Says  *Statement // nil where it cannot be read
}

// Standing works out how every statement on the record stands, oldest first, and what does not count.
// It is the same at both parties and for everyone who has the record. terms returns what a version of
// the agreement says.
func (r *Record) Standing(terms func(agreement string) (Terms, bool)) ([]*Stand, []Flawed) {
	f := folding{record: r, terms: terms, byID: map[string]*Stand{}}
	for _, s := range r.said {
		if len(s.Note) > 0 {
			f.put(s)
		}
	}
	for _, s := range r.said {
		if len(s.Note) == 0 {
			f.refuse(s)
		}
	}
	for _, st := range f.stands {
		f.sign(st)
	}
	slices.SortFunc(f.stands, func(a, b *Stand) int {
		return cmp.Or(a.puts[0].Time.Compare(b.puts[0].Time), a.puts[0].compare(b.puts[0].Place))
	})
	f.revoke()
	for _, st := range f.stands {
		f.succeed(st)
	}
	for _, st := range f.stands {
		st.settle()
	}
	for _, st := range f.stands {
		f.follow(st)
	}
	f.alike()
	return f.stands, f.flawed
}

// folding is the work of Standing.
type folding struct {
	record *Record
	terms  func(string) (Terms, bool)
	stands []*Stand
	byID   map[string]*Stand
	flawed []Flawed
}

func sideIndex(s transcript.Side) int {
	if s == transcript.B {
		return 1
	}
	return 0
}

// author names the party of an entry, as far as the agreement that it names is known.
func (f *folding) author(s *Said) string {
	t, ok := f.terms(s.Agreement)
	if !ok {
		return "side " + string(s.Origin.Side)
	}
	return t.Parties[sideIndex(s.Origin.Side)].Name
}

func (f *folding) put(s *Said) {
	if why := f.flaw(s); why != "" {
		x := Flawed{Said: s, Party: f.author(s), Why: why}
		if s.err == nil {
			x.Says = &s.signed.Says
		}
		f.flawed = append(f.flawed, x)
		return
	}
	st := f.byID[s.signed.ID]
	if st == nil {
		st = &Stand{Signed: s.signed}
		f.byID[st.ID] = st
		f.stands = append(f.stands, st)
	}
	st.puts = append(st.puts, s)
}

// flaw says why what was put on the line does not count, or "".
func (f *folding) flaw(s *Said) string {
	if s.err != nil {
		return "cannot be taken for a signed statement: " + s.err.Error()
	}
	says := &s.signed.Says
	t, ok := f.terms(s.Agreement)
	at := sideIndex(s.Origin.Side)
	switch {
	case s.signed.ID != s.ID:
		return "is not the statement that the entry names"
	case says.Line != f.record.line:
		return "is a statement of another line"
	case !ok:
		return "was put on the line under a version of the agreement that is not known here"
	case says.Form == OneSided && says.Parties[0].Name != t.Parties[at].Name:
		return "is stated by " + says.Parties[0].Name + ", and " + t.Parties[at].Name + " put it on the line"
	}
	for i, p := range says.Parties {
		if says.Form == OneSided {
			i = at
		}
		if want := t.Parties[i]; p.Name != want.Name || !p.PartyKey.Equal(want.PartyKey) {
			return "names for " + p.Name + " a key that is not its party key under the agreement in force"
		}
	}
	if name := t.Parties[at].Name; !slices.Contains(s.signed.Signers, name) {
		return "is not signed by " + name + ", who put it on the line"
	}
	return ""
}

func (f *folding) refuse(s *Said) {
	st := f.byID[s.ID]
	ok := st != nil && s.Refuses.Origin.Side != s.Origin.Side && slices.ContainsFunc(st.puts, func(p *Said) bool { return p.Place == s.Refuses })
	if !ok {
		f.flawed = append(f.flawed, Flawed{Said: s, Party: f.author(s), Why: "refuses what the other party did not put on the line"})
		return
	}
	st.Refusals = append(st.Refusals, s)
}

// sign gathers the signatures of all copies.
func (f *folding) sign(st *Stand) {
	st.Signers = nil
	whole := st.puts[0]
	for _, p := range st.Says.Parties {
		var by *Said
		for _, s := range st.puts {
			if slices.Contains(s.signed.Signers, p.Name) && (by == nil || f.author(by) != p.Name && f.author(s) == p.Name) {
				by = s
			}
		}
		if by == nil {
			continue
		}
		st.Signers = append(st.Signers, p.Name)
		st.Signatures = append(st.Signatures, Signature{Party: p.Name, Said: by})
		st.AgreedAt = later(st.AgreedAt, by.Time)
		f.released(st, p.Name, by)
	}
	if !st.Signed.Agreed() {
		st.AgreedAt = time.Time{}
	}
	for _, s := range st.puts {
		if len(s.signed.Signers) > len(whole.signed.Signers) {
			whole = s
		}
	}
	st.Note = whole.Note
	for _, s := range st.puts {
		if len(whole.signed.Signers) < len(st.Signers) {
			if merged, err := Merge(st.Note, s.Note); err == nil {
				st.Note = merged
			}
		}
	}
}

// released flags a signature that one officer put on the line where the agreement wants two.
func (f *folding) released(st *Stand, party string, s *Said) {
	if t, _ := f.terms(s.Agreement); !t.TwoPersons || f.author(s) != party {
		return
	}
	if s.ReleasedBy == "" || strings.EqualFold(s.ReleasedBy, s.Officer) {
		st.Flags = append(st.Flags, Flag{party + " put its signature on the line by one officer, where the agreement wants two"})
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// succeed hangs a statement that corrects or withdraws another on that. Statements come in order.
func (f *folding) succeed(st *Stand) {
	id, withdraws := st.Says.Withdraws, true
	if id == "" {
		id, withdraws = st.Says.Corrects, false
	}
	if id == "" {
		return
	}
	target := f.byID[id]
	if target == nil {
		st.Flags = append(st.Flags, Flag{"names a statement that is not on this line's record: " + id})
		return
	}
	if why := target.succeeds(st); why != "" {
		st.Flags = append(st.Flags, Flag{why})
		return
	}
	x := Successor{ID: st.ID, By: st.Signers, Time: st.puts[0].Time, Counts: target.by(st)}
	if st.agreed() {
		x.Time = st.AgreedAt
	}
	if !withdraws {
		target.CorrectedBy = append(target.CorrectedBy, x)
		return
	}
	for _, have := range target.WithdrawnBy {
		if have.Counts || st.Says.Form == OneSided && f.byID[have.ID].Says.Form == OneSided && slices.Equal(have.By, x.By) {
			st.Flags = append(st.Flags, Flag{"withdraws what was withdrawn already, by " + have.ID})
			x.Counts = false
			break
		}
	}
	target.WithdrawnBy = append(target.WithdrawnBy, x)
}

// succeeds says why st has no effect on the statement that it names, or "".
func (target *Stand) succeeds(st *Stand) string {
	switch {
	case target.Says.Withdraws != "" && (target.Says.Form == OneSided || target.agreed()):
		return "names a withdrawal, which stays: the text has to be stated anew"
	case st.Says.Form == OneSided && target.Says.Form == OneSided && st.Says.Parties[0].Name != target.Says.Parties[0].Name:
		return "names a statement of " + target.Says.Parties[0].Name + " alone, which only it can correct or withdraw"
	}
	return ""
}

// Newest returns the entry that put it on the line last.
func (st *Stand) Newest() Place { return st.puts[len(st.puts)-1].Place }

// agreed reports whether both signed it, and neither after the other had taken it back.
func (st *Stand) agreed() bool { return st.Signed.Agreed() && !st.void }

// by reports whether st is by all who stated target: both of what they agreed, else the one whose word
// it is.
func (target *Stand) by(st *Stand) bool {
	switch {
	case st.Says.Form == Joint:
		return st.agreed()
	case target.agreed():
		return false
	}
	return target.revokedBy(st) || slices.Equal(target.Signers, st.Signers)
}

// revokedBy reports whether st is the word of one party that took its proposal back before the other
// signed it: the other held that when it did.
func (target *Stand) revokedBy(st *Stand) bool {
	if !target.Signed.Agreed() || st.Says.Form != OneSided || st.Says.Withdraws != target.ID {
		return false
	}
	back := st.puts[0]
	for _, sig := range target.Signatures {
		if sig.Party != st.Signers[0] && sig.Origin.Side != back.Origin.Side &&
			(sig.Origin.Epoch > back.Origin.Epoch || sig.Origin.Epoch == back.Origin.Epoch && sig.Seen > back.Seq) {
			return true
		}
	}
	return false
}

// revoke finds what one party took back before the other signed it.
func (f *folding) revoke() {
	for _, st := range f.stands {
		if target := f.byID[st.Says.Withdraws]; target != nil && target.revokedBy(st) {
			if !target.void {
				target.Flags = append(target.Flags, Flag{"was signed by the other party after " + st.Signers[0] + " had withdrawn it and the other held that: it is not agreed"})
			}
			target.void, target.AgreedAt = true, time.Time{}
		}
	}
}

// settle says what a statement has come to.
func (st *Stand) settle() {
	st.State, st.Since = Stated, st.puts[0].Time
	switch {
	case st.agreed():
		st.State, st.Since = Agreed, st.AgreedAt
	case st.Says.Form == Joint:
		st.proposed()
	}
	for _, w := range st.WithdrawnBy {
		if w.Counts {
			st.State, st.Since = Withdrawn, w.Time
		}
	}
	if st.State != Proposed {
		return
	}
	for _, p := range st.Says.Parties {
		if !slices.Contains(st.Signers, p.Name) {
			st.Waits = p.Name
		}
	}
}

// proposed says whether the other party refused what was put on the line last.
func (st *Stand) proposed() {
	last := st.puts[len(st.puts)-1]
	st.State, st.Since = Proposed, last.Time
	for _, s := range st.Refusals {
		if s.Refuses == last.Place {
			st.State, st.Since, st.refusal = Refused, s.Time, s
			return
		}
	}
}

// follow says of each successor what it has come to. A correction that was withdrawn corrects nothing.
func (f *folding) follow(st *Stand) {
	for _, list := range [...][]Successor{st.CorrectedBy, st.WithdrawnBy} {
		for i := range list {
			list[i].State = f.byID[list[i].ID].State
			list[i].Counts = list[i].Counts && list[i].State != Withdrawn
		}
	}
}
