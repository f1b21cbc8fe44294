package picture

import (
	"time"

	"parley/node/body"
	"parley/transcript"
)

// Presence is the newest word of an officer by which his node shows that he is at the desk, or that
// he left it.
type Presence struct {
	Ref  body.Ref
	Time time.Time // by his node's clock
	Kind string    // of the entry: body.KindLeft where he left
	body.Officer
}

// HandOver is the newest word that an officer took a watch over.
type HandOver struct {
	Ref      body.Ref
	Time     time.Time
	Officer  string
	Relieves string
}

// DeskState says whether anybody is at a desk.
type DeskState string

// The states of a desk.
const (
	DeskUnknown    DeskState = "unknown"    // no officer of it ever said anything
	DeskManned     DeskState = "manned"     // presence is confirmed
	DeskUnanswered DeskState = "unanswered" // presence is due, for no longer than it counts
	DeskUnmanned   DeskState = "unmanned"   // for longer, or the last officer said that he left
)

// Desk is a desk as it stands at some time.
type Desk struct {
	State DeskState
	Since time.Time // when the state began; zero where it is unknown
	Due   time.Time // when presence must be confirmed again; zero where nobody is there
	Last  Presence  // the newest word of an officer who has not left, or of the last who did
}

// duty is what the two transcripts say of who is on duty, and of the tests of the line by people.
type duty struct {
	present map[transcript.Side]map[string]Presence // by officer
	handed  map[transcript.Side]HandOver
	tests   map[body.Ref]LineTest
	tested  map[body.Ref][]Tested          // by test
	held    map[transcript.Side]body.Ref   // the newest test that was answered with its word
	order   map[transcript.Side][]body.Ref // the tests, in order
}

func newDuty() duty {
	return duty{
		present: map[transcript.Side]map[string]Presence{transcript.A: {}, transcript.B: {}}, handed: map[transcript.Side]HandOver{},
		tests: map[body.Ref]LineTest{}, tested: map[body.Ref][]Tested{},
		held: map[transcript.Side]body.Ref{}, order: map[transcript.Side][]body.Ref{},
	}
}

// presence notes the officer who speaks in an entry. What came ahead of its turn is noted in it.
func (p *Picture) presence(s Said) {
	by, ok := body.Speaker(s.Kind, s.Fields)
	if !ok || s.Ahead {
		return
	}
	side := s.Ref.Origin.Side
	if have, ok := p.duty.present[side][by.Officer]; !ok || refLess(have.Ref, s.Ref) {
		p.duty.present[side][by.Officer] = Presence{Ref: s.Ref, Time: s.Time, Kind: s.Kind, Officer: by}
	}
}

func (p *Picture) applyPresent(s Said) error {
	var b body.Present
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	side := s.Ref.Origin.Side
	if have, ok := p.duty.handed[side]; b.Relieves != "" && (!ok || refLess(have.Ref, s.Ref)) {
		p.duty.handed[side] = HandOver{Ref: s.Ref, Time: s.Time, Officer: b.Officer, Relieves: b.Relieves}
	}
	return nil
}

func applyLeft(s Said) error {
	var b body.Left
	return body.Read(s.Fields, &b)
}

// HandOver returns a side's newest hand-over of the watch; the zero HandOver where there was none.
func (p *Picture) HandOver(side transcript.Side) HandOver { return p.duty.handed[side] }

// Desk returns a side's desk at now. An officer's presence counts for the time given, and who left
// counts no more. For as long again the desk is unanswered, then unmanned.
func (p *Picture) Desk(side transcript.Side, counts time.Duration, now time.Time) Desk {
	var there, gone Presence
	for _, x := range p.duty.present[side] {
		newest := &there
		if x.Kind == body.KindLeft {
			newest = &gone
		}
		if newest.Ref.IsZero() || x.Time.After(newest.Time) || x.Time.Equal(newest.Time) && refLess(newest.Ref, x.Ref) {
			*newest = x
		}
	}
	switch {
	case there.Ref.IsZero() && gone.Ref.IsZero():
		return Desk{State: DeskUnknown}
	case there.Ref.IsZero():
		return Desk{State: DeskUnmanned, Since: gone.Time, Last: gone}
	}
	due := there.Time.Add(counts)
	out := Desk{State: DeskManned, Since: there.Time, Due: due, Last: there}
	switch lost := due.Add(counts); {
	case !now.Before(lost):
		out.State, out.Since = DeskUnmanned, lost
	case !now.Before(due):
		out.State, out.Since = DeskUnanswered, due
	default:
		return out
	}
	if gone.Time.After(out.Since) { // until then another was there
		out.Since = gone.Time
	}
	return out
}

// duty is for who is on duty and the tests of the line.
func (c *codec) duty(d *duty) {
	sides := [...]transcript.Side{transcript.A, transcript.B}
	for _, side := range sides {
		table(c, d.present[side], func(c *codec, officer *string) { text(c, officer) }, (*codec).presence)
	}
	table(c, d.handed, (*codec).side, func(c *codec, h *HandOver) {
		c.ref(&h.Ref)
		c.time(&h.Time)
		text(c, &h.Officer)
		text(c, &h.Relieves)
	})
	table(c, d.tests, (*codec).ref, (*codec).lineTest)
	table(c, d.tested, (*codec).ref, func(c *codec, l *[]Tested) { list(c, l, (*codec).lineTested) })
	if c.reading {
		for r := range d.tests {
			d.noteTest(r)
		}
	}
}

func (c *codec) presence(x *Presence) {
	c.ref(&x.Ref)
	c.time(&x.Time)
	text(c, &x.Kind)
	text(c, &x.Officer.Officer)
	text(c, &x.Role)
}
