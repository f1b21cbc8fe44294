package review

import (
	"cmp"
	"slices"
	"time"

	"parley/transcript"
)

// Version is what one side said at one time.
type Version[T any] struct {
	Entry  string
	Side   transcript.Side
	Time   time.Time
	Says   T
	Answer *Reply // the other side's newest answer to this version
}

// Reply is the other side's answer.
type Reply struct {
	Entry string
	Time  time.Time
	Says  Answer
}

// Part is what one side said, with what it said in its place later, the newest last.
type Part[T any] struct {
	Side     transcript.Side
	Versions []Version[T]
}

// Newest returns the version that counts.
func (p *Part[T]) Newest() *Version[T] { return &p.Versions[len(p.Versions)-1] }

// How an item or a finding ends.
const (
	Agreed   = "agreed"
	Disputed = "disputed"
	OneSided = "one-sided" // the other side did not answer, or cannot say
)

// Standing says how a version ends by its answer.
func (v *Version[T]) Standing() string {
	switch {
	case v.Answer == nil:
		return OneSided
	case v.Answer.Says.Answer == Agree:
		return Agreed
	case v.Answer.Says.Answer == Dispute:
		return Disputed
	}
	return OneSided
}

// Undertaken is an undertaking with the reports on it.
type Undertaken struct {
	Part[Undertaking]
	Reports []Version[Report]
}

// Closing is the word of a side that it adds nothing more.
type Closing struct {
	Entry string
	Side  transcript.Side
	Time  time.Time
	Says  Closed
}

// Membership is the newest word on one member.
type Membership struct {
	Entry string
	Side  transcript.Side
	Time  time.Time
	Says  Member
}

// Odd is an entry that breaks a rule of reviews. It stays on the record and counts for nothing here.
type Odd struct {
	Entry string
	Side  transcript.Side
	Time  time.Time
	Kind  string
	Why   string
}

// The states of a review, and of an undertaking that is StateOpen too.
const (
	StateOpen    = "open"
	StateClosing = "closing" // one side adds nothing more
	StateClosed  = "closed"  // neither does
)

// Review is an incident or a team as both transcripts have it.
type Review struct {
	Entry    string // opened it, and names it
	Kind     string // KindIncident, KindTeam
	Side     transcript.Side
	Time     time.Time
	Title    string
	Goal     string   // of a team
	Incident Incident // of an incident
	By       By

	Items        []Part[Item] // by the time that their newest versions state
	Findings     []Part[Finding]
	Undertakings []Undertaken
	Members      []Membership // who has not left
	Closings     []Closing    // the first of each side
	Odd          []Odd

	said map[transcript.Side]bool
}

// SaidBy reports whether a side said anything in it.
func (r *Review) SaidBy(side transcript.Side) bool { return r.said[side] }

// State says whether the sides have closed it.
func (r *Review) State() string {
	return [...]string{StateOpen, StateClosing, StateClosed}[len(r.Closings)]
}

// ClosedBy reports whether a side has closed it.
func (r *Review) ClosedBy(side transcript.Side) bool {
	return slices.ContainsFunc(r.Closings, func(c Closing) bool { return c.Side == side })
}

// order sorts acts as no arrival can change: by side, then as the side's transcripts have them.
func order(a, b Act) int {
	return cmp.Or(cmp.Compare(a.Side, b.Side), cmp.Compare(a.Epoch, b.Epoch), cmp.Compare(a.Seq, b.Seq))
}

// Fold makes a review of its acts; false where none of them opens one.
func Fold(acts []Act) (*Review, bool) {
	f := folding{of: &Review{}, acts: slices.SortedFunc(slices.Values(acts), order), byEntry: map[string]int{}, chain: map[string]string{}, shut: map[transcript.Side]Act{}}
	for i, a := range f.acts {
		f.byEntry[a.Entry] = i
	}
	if !f.open() {
		return nil, false
	}
	f.of.said = map[transcript.Side]bool{}
	for _, a := range f.acts {
		f.of.said[a.Side] = true
		f.say(a)
	}
	for _, a := range f.acts {
		f.follow(a)
	}
	f.finish()
	return f.of, true
}

type folding struct {
	of      *Review
	acts    []Act
	byEntry map[string]int
	chain   map[string]string // of a version's entry, the first version's
	shut    map[transcript.Side]Act

	items    []*Part[Item]
	findings []*Part[Finding]
	duties   []*Undertaken
}

// open looks for the entry that opens the review. Acts name one review, so there is one at most.
func (f *folding) open() bool {
	for _, a := range f.acts {
		r := f.of
		switch x := a.Says.(type) {
		case *Incident:
			r.Incident, r.Title, r.By = *x, x.Title, x.By
		case *Team:
			r.Title, r.Goal, r.By = x.Title, x.Goal, x.By
		default:
			continue
		}
		r.Entry, r.Kind, r.Side, r.Time = a.Entry, a.Kind, a.Side, a.Time
		return true
	}
	return false
}

func (f *folding) odd(a Act, why string) {
	f.of.Odd = append(f.of.Odd, Odd{Entry: a.Entry, Side: a.Side, Time: a.Time, Kind: a.Kind, Why: why})
}

// late reports whether a comes after its own side closed the review.
func (f *folding) late(a Act) bool {
	if c, ok := f.shut[a.Side]; ok && c.before(a) {
		f.odd(a, "its side had closed the review")
		return true
	}
	return false
}

// say takes what stands by itself: versions, members and closings. Acts come in the order of their side.
func (f *folding) say(a Act) {
	switch x := a.Says.(type) {
	case *Item:
		add(f, a, &f.items, x.InsteadOf, *x, func(p *Part[Item]) *Part[Item] { return p })
	case *Finding:
		add(f, a, &f.findings, x.InsteadOf, *x, func(p *Part[Finding]) *Part[Finding] { return p })
	case *Undertaking:
		if x.Owner != transcript.A && x.Owner != transcript.B {
			f.odd(a, "its owner is no party of the line")
			return
		}
		add(f, a, &f.duties, x.InsteadOf, *x, func(u *Undertaken) *Part[Undertaking] { return &u.Part })
	case *Member:
		f.member(a, *x)
	case *Closed:
		if !f.late(a) {
			f.shut[a.Side] = a
			f.of.Closings = append(f.of.Closings, Closing{Entry: a.Entry, Side: a.Side, Time: a.Time, Says: *x})
		}
	}
}

// add takes a version. L holds the parts, and part finds the Part in one of them.
func add[L any, T any](f *folding, a Act, list *[]*L, insteadOf string, says T, part func(*L) *Part[T]) {
	if f.late(a) {
		return
	}
	v := Version[T]{Entry: a.Entry, Side: a.Side, Time: a.Time, Says: says}
	if insteadOf == "" {
		l := new(L)
		*part(l) = Part[T]{Side: a.Side, Versions: []Version[T]{v}}
		*list = append(*list, l)
		f.chain[a.Entry] = a.Entry
		return
	}
	first, ok := f.chain[insteadOf]
	if at, there := f.byEntry[insteadOf]; !ok || !there || f.acts[at].Side != a.Side || f.acts[at].Kind != a.Kind {
		f.odd(a, "stands for no earlier version of its own side")
		return
	}
	for _, l := range *list {
		if p := part(l); p.Versions[0].Entry == first {
			p.Versions = append(p.Versions, v)
			f.chain[a.Entry] = first
			return
		}
	}
}

func (f *folding) member(a Act, m Member) {
	if f.late(a) {
		return
	}
	x := Membership{Entry: a.Entry, Side: a.Side, Time: a.Time, Says: m}
	i := slices.IndexFunc(f.of.Members, func(have Membership) bool { return have.Side == a.Side && have.Says.Member == m.Member })
	if i >= 0 {
		f.of.Members[i] = x
		return
	}
	f.of.Members = append(f.of.Members, x)
}

// follow takes what names something said: first reports, then answers, of which one may be on a report
// of the other side.
func (f *folding) follow(a Act) {
	if x, ok := a.Says.(*Report); ok {
		first := f.chain[x.Undertaking]
		i := slices.IndexFunc(f.duties, func(u *Undertaken) bool { return u.Versions[0].Entry == first })
		switch {
		case i < 0:
			f.odd(a, "is on no undertaking of this review")
		case f.duties[i].named(x.Undertaking).Says.Owner != a.Side:
			f.odd(a, "is not of the side that undertook it")
		default:
			f.duties[i].Reports = append(f.duties[i].Reports, Version[Report]{Entry: a.Entry, Side: a.Side, Time: a.Time, Says: *x})
		}
	}
}

// finish takes the answers, and puts everything in an order that people read.
func (f *folding) finish() {
	for _, a := range f.acts {
		if x, ok := a.Says.(*Answer); ok {
			f.answer(a, *x)
		}
	}
	r := f.of
	for _, p := range f.items {
		r.Items = append(r.Items, *p)
	}
	slices.SortStableFunc(r.Items, func(a, b Part[Item]) int {
		return cmp.Or(a.Newest().Says.From.Compare(b.Newest().Says.From), cmp.Compare(a.Versions[0].Entry, b.Versions[0].Entry))
	})
	for _, p := range f.findings {
		r.Findings = append(r.Findings, *p)
	}
	for _, p := range f.duties {
		r.Undertakings = append(r.Undertakings, *p)
	}
	r.Members = slices.DeleteFunc(r.Members, func(m Membership) bool { return m.Says.Left })
}

// answer puts an answer to the version or the report that it names.
func (f *folding) answer(a Act, x Answer) {
	at, ok := f.byEntry[x.Entry]
	switch {
	case x.Answer != Agree && x.Answer != Dispute && x.Answer != NotKnown:
		f.odd(a, "says neither agree, dispute nor not known")
		return
	case !ok:
		f.odd(a, "answers nothing of this review")
		return
	case f.acts[at].Side == a.Side:
		f.odd(a, "answers its own side")
		return
	}
	reply := &Reply{Entry: a.Entry, Time: a.Time, Says: x}
	done := false
	for _, p := range f.items {
		done = done || set(p.Versions, reply)
	}
	for _, p := range f.findings {
		done = done || set(p.Versions, reply)
	}
	for _, u := range f.duties {
		done = done || set(u.Versions, reply) || set(u.Reports, reply)
	}
	if !done {
		f.odd(a, "answers what takes no answer")
	}
}

// set gives the version of an answer's entry that answer. One that comes later takes its place.
func set[T any](versions []Version[T], r *Reply) bool {
	for i := range versions {
		if versions[i].Entry == r.Says.Entry {
			versions[i].Answer = r
			return true
		}
	}
	return false
}
