// Package picture folds the two transcripts of a line into what a node knows.
//
// A picture is a function of the two heads alone: the order in which entries of the two
// transcripts arrive does not change it, and it is never stored as truth. Save and Read make a cache
// of it, tied to the heads at which it was made: a shortcut of a replay, which must give what the
// whole replay gives, and which is thrown away in any doubt. Whatever depends on the time of day
// takes it as an argument.
package picture

import (
	"iter"
	"maps"
	"sort"
	"time"

	"parley/consent"
	"parley/fault"
	"parley/node/body"
	"parley/notice"
	"parley/review"
	"parley/statement"
	"parley/transcript"
	"parley/transcript/ledger"
)

// Key names a notice on its line: whose it is, and the author's own name for it.
type Key struct {
	Side  transcript.Side
	ID    string
	Voice bool // it is known only by voice, and ID names the entry that says so
}

// Version is one version of a notice as it was told.
type Version struct {
	Ref    body.Ref
	Time   time.Time // by the author's clock
	HeldAt time.Time // when this node made it durable
	Seen   int64     // how many entries of the other party its author held, in its epoch
	Drill  bool
	By     body.Officer // who filed it; zero where that is not shown
	Notice notice.Notice
	// AddsSpaceOrTime is whether it reaches farther than the version before; lead counts from the
	// last one that does. True of the first.
	AddsSpaceOrTime bool
	// Hidden says that the author showed nothing of the notice but that there is one.
	Hidden bool
	// Withheld says that the other party is shown nothing of an own version but that there is one.
	Withheld bool
	// Unread says that the notice cannot be read and is not compared.
	Unread bool
	// Confirmed is what officers of the author's party said of a site since this version.
	Confirmed []Confirmed
	// Flaw says why the version is shown but not to be trusted: a number out of order, a body that
	// does not fit. Empty for a sound one.
	Flaw string
}

// Known reports whether this node has the notice itself: it was shown and can be read.
func (v *Version) Known() bool { return !v.Hidden && !v.Unread }

// Confirmed is the word of an officer of the author's party that a site still is as its version says.
type Confirmed struct {
	Ref     body.Ref
	Time    time.Time // by the author's clock
	Until   time.Time // zero: the agreement's term
	Officer string
	Role    string
	Remark  string
}

// Event is a change of state that the author filed.
type Event struct {
	Ref     body.Ref
	Time    time.Time
	Event   notice.Event
	Officer string
	Reason  string
}

// Receipt is a step of the ladder: the word of an officer of the receiving party on an entry.
type Receipt struct {
	Ref     body.Ref
	Time    time.Time // by his node's clock
	Kind    string    // body.KindReceived, KindReadBack, KindRelayed, KindUnit
	Officer string
	Role    string
	Remark  string // of one who received or relayed; a unit's reason

	By          string // of KindReadBack: body.FromMap, body.ByVoice
	Same        bool   // of KindReadBack
	Differences []body.Difference
	Unit        string // of KindRelayed and KindUnit
	Means       string // of KindRelayed
	Unable      bool   // of KindUnit
}

// Notice is all that was said of one notice.
type Notice struct {
	Key      Key
	First    body.Ref
	Versions []Version // in the order of the transcript
	Events   []Event
	Voice    *Heard // of one that is known only by voice
}

// Latest returns the newest version without a flaw, or the newest of all.
func (n *Notice) Latest() *Version {
	for i := len(n.Versions) - 1; i >= 0; i-- {
		if n.Versions[i].Flaw == "" {
			return &n.Versions[i]
		}
	}
	return &n.Versions[len(n.Versions)-1]
}

// StatusAt returns what the notice is at now. held is its newest version as it is compared. Of one
// that is hidden only its author's node knows when the clock ends it, and says so.
func (n *Notice) StatusAt(held notice.Notice, now time.Time) notice.Status {
	s := notice.StatusAt(held, n.Changes(), now)
	if e := n.Lapse(); e != nil && s.Live() && n.Latest().Hidden {
		return notice.Status{State: notice.Ended, Since: e.Time, Lapsed: true}
	}
	return s
}

// Lapse returns the word of the author's node that the clock ended the newest version, or nil.
func (n *Notice) Lapse() *Event {
	v := n.Latest()
	for i := range n.Events {
		if e := &n.Events[i]; e.Event == body.Lapse && refLess(v.Ref, e.Ref) {
			return e
		}
	}
	return nil
}

// Changes returns what the author filed about the notice, as notice's rules take it.
func (n *Notice) Changes() []notice.Change {
	out := make([]notice.Change, 0, len(n.Events))
	for _, e := range n.Events {
		out = append(out, notice.Change{Event: e.Event, Time: e.Time})
	}
	if n.Voice.Over() {
		out = append(out, notice.Change{Event: notice.Cancel, Time: n.Voice.overSince()})
	}
	return out
}

// Reach returns the version that last added space or time: lead counts from it.
func (n *Notice) Reach() *Version {
	for i := len(n.Versions) - 1; i >= 0; i-- {
		if v := &n.Versions[i]; v.Flaw == "" && v.AddsSpaceOrTime {
			return v
		}
	}
	return &n.Versions[0]
}

// Filing is one side's word that two versions conflict.
type Filing struct {
	Ref  body.Ref
	Side transcript.Side
	Time time.Time
	body.Conflict
}

// Owner is the officer who took a conflict.
type Owner struct {
	Ref     body.Ref
	Side    transcript.Side
	Time    time.Time
	Officer string
	Role    string
}

// Conflict is all that was said of one conflict.
type Conflict struct {
	ID        string
	Filings   []Filing
	Separated []Filing // the word of one side that two versions keep their separation
	Owners    []Owner
	Proposals []Proposal
	Replies   []Reply
	Settlings []Settling
}

// Notices returns the first entries of its two notices; false where nobody has filed it yet.
func (c *Conflict) Notices() (a, b body.Ref, ok bool) {
	for _, list := range [...][]Filing{c.Filings, c.Separated} {
		if n := len(list); n > 0 {
			return list[n-1].A.First, list[n-1].B.First, true
		}
	}
	return a, b, false
}

// FirstFiled returns when it was put on the record first, by the clock of who did; the zero time where nobody did.
func (c *Conflict) FirstFiled() (first time.Time) {
	for i := range c.Filings {
		if t := c.Filings[i].Time; i == 0 || t.Before(first) {
			first = t
		}
	}
	return first
}

// Word returns the last that a side said of two versions: whether they are too near, if it said
// anything.
func (c *Conflict) Word(side transcript.Side, a, b int) (tooNear, said bool) {
	var last body.Ref
	for near, list := range map[bool][]Filing{true: c.Filings, false: c.Separated} {
		for i := range list {
			x := &list[i]
			if x.Side == side && x.A.Version == a && x.B.Version == b && (!said || refLess(last, x.Ref)) {
				last, tooNear, said = x.Ref, near, true
			}
		}
	}
	return tooNear, said
}

// Declaration is one party's word on the line: suspended, or resumed.
type Declaration struct {
	Ref       body.Ref
	Side      transcript.Side
	Time      time.Time
	Suspended bool
	body.Declared
}

// AgreementNote is a version of the agreement that was put on the line.
type AgreementNote struct {
	Ref  body.Ref
	Side transcript.Side
	Time time.Time
	body.Agreement
}

// Change says what an entry changed.
type Change struct {
	Ref    body.Ref
	Kind   string
	Notice *Key     // of the notice changed
	Over   *Key     // of the notice that it replaces
	ID     string   // of the conflict or the review changed, or of the entry received
	Call   body.Ref // of the call changed
	// Matched are the notices and calls that what was heard by voice was matched with, or that were
	// heard and are now matched.
	Matched      []Key
	MatchedCalls []body.Ref
}

// Picture is what is known of one line.
type Picture struct {
	Line string

	slots      slots
	received   map[body.Ref][]Receipt // but those of frozen notices
	conflicts  map[string]*Conflict
	calls      map[body.Ref]*Call // also those of which only what follows them is here yet
	ahead      map[body.Ref]bool  // what came ahead of its turn and is not yet in order
	translated map[body.Ref][]Translated
	declared   map[transcript.Side]Declaration
	agreements []AgreementNote
	keys       []KeyCompared
	takenBack  []TakenBack
	statements *statement.Record
	consents   *consent.Record
	last       map[transcript.Side]time.Time
	duty       duty
	passed     map[body.Ref][]Passed // by the version or call passed
	reviews    map[string]*reviewed  // by the entry that opened them
	unread     int
}

// New returns the picture of an empty line.
func New(line string) *Picture {
	return &Picture{
		Line:       line,
		slots:      newSlots(line),
		received:   map[body.Ref][]Receipt{},
		conflicts:  map[string]*Conflict{},
		calls:      map[body.Ref]*Call{},
		ahead:      map[body.Ref]bool{},
		translated: map[body.Ref][]Translated{},
		declared:   map[transcript.Side]Declaration{},
		statements: statement.NewRecord(line),
		consents:   consent.NewRecord(line),
		last:       map[transcript.Side]time.Time{},
		duty:       newDuty(),
		passed:     map[body.Ref][]Passed{},
		reviews:    map[string]*reviewed{},
	}
}

// Said is one entry as the picture takes it.
type Said struct {
	Ref    body.Ref
	Time   time.Time
	HeldAt time.Time
	Seen   int64
	Kind   string
	Drill  bool
	Ahead  bool
	Fields []transcript.Field
	// Agreement is the version that the entry names as in force.
	Agreement string

	notice    notice.Notice // of KindNotice with fields
	beside    beside
	noticeErr error
}

// Of opens a ledger's record. It does all the reading that needs no picture, so that many records
// can be opened at once.
func Of(r ledger.Record) (Said, error) {
	fields := r.Fields
	if fields == nil {
		var err error
		if fields, err = transcript.Disclosed(r.Entry, r.Disclosures); err != nil {
			return Said{}, err
		}
	}
	s := Said{
		Ref:  body.Ref{Origin: r.Origin, Seq: r.Entry.Seq},
		Time: r.Entry.Time, HeldAt: r.HeldAt, Seen: r.Entry.Seen.Size, Kind: r.Entry.Kind, Drill: r.Entry.Drill,
		Ahead: r.Ahead, Fields: fields, Agreement: r.Entry.Agreement,
	}
	if s.Kind == body.KindNotice {
		s.notice, s.beside, s.noticeErr = readNotice(fields)
	}
	return s, nil
}

// Apply takes one entry in. An entry that cannot be read stays in the transcript and is counted:
// what arrives signed is never dropped for its content. The error says why, for the log at home.
func (p *Picture) Apply(s Said) (Change, error) {
	if t := p.last[s.Ref.Origin.Side]; s.Kind == body.KindNotice && s.Time.After(t) {
		p.last[s.Ref.Origin.Side] = s.Time
	}
	ch := Change{Ref: s.Ref, Kind: s.Kind}
	err := p.apply(s, &ch)
	if err != nil {
		if !s.Ahead { // it is counted in its turn
			p.unread++
		}
		return ch, fault.In(s.Ref.String(), err)
	}
	p.presence(s)
	return ch, nil
}

func (p *Picture) apply(s Said, ch *Change) error {
	if body.InCall(s.Kind) {
		return p.applyInCall(s, ch)
	}
	if review.IsKind(s.Kind) {
		return p.applyToReview(s, ch)
	}
	switch s.Kind {
	case body.KindNotice:
		return p.applyNotice(s, ch)
	case body.KindState:
		return p.applyState(s, ch)
	case body.KindConfirmed:
		return p.applyConfirmed(s, ch)
	case body.KindReceived, body.KindReadBack, body.KindRelayed, body.KindUnit:
		return p.applyReceipt(s, ch)
	case body.KindConflict:
		return p.applyConflict(s, ch)
	case body.KindSeparated:
		return p.applySeparated(s, ch)
	case body.KindOwned:
		return p.applyOwned(s, ch)
	case body.KindProposed:
		return p.applyProposed(s, ch)
	case body.KindReplied:
		return p.applyReplied(s, ch)
	case body.KindSettled:
		return p.applySettled(s, ch)
	case body.KindSuspended, body.KindResumed:
		return p.applyDeclared(s)
	case body.KindAgreement:
		return p.applyAgreement(s)
	case body.KindKeyCompared:
		return p.applyKeyCompared(s)
	case body.KindTakenBack:
		return p.applyTakenBack(s)
	case body.KindStatement, body.KindStatementRefused:
		return p.applyStatement(s, ch)
	case body.KindConsent:
		return p.applyConsent(s, ch)
	case body.KindPresent:
		return p.applyPresent(s)
	case body.KindLeft:
		return applyLeft(s)
	case body.KindPassed:
		return p.applyPassed(s, ch)
	case body.KindHeard:
		return p.applyHeard(s, ch)
	case body.KindVoiceClosed:
		return p.applyVoiceClosed(s, ch)
	case body.KindTest:
		return p.applyTest(s, ch)
	case body.KindTested:
		return p.applyTested(s, ch)
	}
	return nil // kinds of a later version, and those that only the record needs
}

// LastFiled returns when a side last filed a notice or a version of one, by its own clock.
func (p *Picture) LastFiled(side transcript.Side) time.Time { return p.last[side] }

// Unread returns how many entries could not be read.
func (p *Picture) Unread() int { return p.unread }

// Conflicts returns every conflict that either side filed, by id.
func (p *Picture) Conflicts() []*Conflict {
	out := make([]*Conflict, 0, len(p.conflicts))
	for _, c := range p.conflicts {
		out = append(out, c)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

// AllConflicts yields every conflict that either side filed, in no order.
func (p *Picture) AllConflicts() iter.Seq[*Conflict] { return maps.Values(p.conflicts) }

// Conflict returns a conflict by id, or nil.
func (p *Picture) Conflict(id string) *Conflict { return p.conflicts[id] }

// Declared returns a party's newest word on the line, the zero Declaration where it said none.
func (p *Picture) Declared(side transcript.Side) Declaration { return p.declared[side] }

// Suspension returns the sides that have declared the line suspended and not taken it back.
func (p *Picture) Suspension() []Declaration {
	var out []Declaration
	for _, side := range []transcript.Side{transcript.A, transcript.B} {
		if d, ok := p.declared[side]; ok && d.Suspended {
			out = append(out, d)
		}
	}
	return out
}

// Agreements returns the agreement notes put on the line, in the order of entry and side.
func (p *Picture) Agreements() []AgreementNote { return p.agreements }

func refLess(a, b body.Ref) bool {
	x, y := a.Origin, b.Origin
	switch {
	case x.Line != y.Line:
		return x.Line < y.Line
	case x.Epoch != y.Epoch:
		return x.Epoch < y.Epoch
	case x.Side != y.Side:
		return x.Side < y.Side
	}
	return a.Seq < b.Seq
}
