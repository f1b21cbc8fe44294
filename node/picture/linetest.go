package picture

import (
	"slices"
	"time"

	"parley/fault"
	"parley/node/body"
	"parley/transcript"
)

// LineTest is a test of the line by an officer.
type LineTest struct {
	Ref    body.Ref
	Time   time.Time // by the clock of the node that tests
	HeldAt time.Time // when this node made it durable
	body.Test
}

// Tested is the word that an officer of the other desk said back.
type Tested struct {
	Ref    body.Ref
	Time   time.Time // by his node's clock
	HeldAt time.Time
	body.Tested
}

func (p *Picture) applyTest(s Said, ch *Change) error {
	var b body.Test
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	ch.ID = s.Ref.String()
	p.duty.tests[s.Ref] = LineTest{Ref: s.Ref, Time: s.Time, HeldAt: s.HeldAt, Test: b}
	p.duty.noteTest(s.Ref)
	return nil
}

func (p *Picture) applyTested(s Said, ch *Change) error {
	var b body.Tested
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	if b.Test.Origin.Side == s.Ref.Origin.Side {
		return fault.New("test", b.Test.String(), "is the author's own", "an officer of the other desk answers")
	}
	ch.ID = b.Test.String()
	list := append(p.duty.tested[b.Test], Tested{Ref: s.Ref, Time: s.Time, HeldAt: s.HeldAt, Tested: b})
	slices.SortStableFunc(list, func(a, b Tested) int { return refCompare(a.Ref, b.Ref) })
	p.duty.tested[b.Test] = list
	if _, ok := p.duty.tests[b.Test]; ok {
		p.duty.noteTest(b.Test)
	}
	return nil
}

func refCompare(a, b body.Ref) int {
	switch {
	case refLess(a, b):
		return -1
	case refLess(b, a):
		return 1
	}
	return 0
}

// noteTest puts a test in its place, and keeps the newest that was answered.
func (d *duty) noteTest(r body.Ref) {
	side := r.Origin.Side
	if i, there := slices.BinarySearchFunc(d.order[side], r, refCompare); !there {
		d.order[side] = slices.Insert(d.order[side], i, r)
	}
	if _, ok := d.answer(r); ok && (d.held[side].IsZero() || refLess(d.held[side], r)) {
		d.held[side] = r
	}
}

// answer returns the first answer to a test that says its word.
func (d *duty) answer(r body.Ref) (Tested, bool) {
	for _, x := range d.tested[r] {
		if x.Word == d.tests[r].Word {
			return x, true
		}
	}
	return Tested{}, false
}

// LineTests returns the tests of a side, in the order of its transcript.
func (p *Picture) LineTests(side transcript.Side) []LineTest {
	out := make([]LineTest, 0, len(p.duty.order[side]))
	for _, r := range p.duty.order[side] {
		out = append(out, p.duty.tests[r])
	}
	return out
}

// Tested returns the first answer to a test that says its word, and whether there is one.
func (p *Picture) Tested(test body.Ref) (Tested, bool) { return p.duty.answer(test) }

// NewestTest returns a side's newest test, and its newest that was answered with its word. A zero
// LineTest says that there is none.
func (p *Picture) NewestTest(side transcript.Side) (asked, answered LineTest) {
	if order := p.duty.order[side]; len(order) > 0 {
		asked = p.duty.tests[order[len(order)-1]]
	}
	return asked, p.duty.tests[p.duty.held[side]]
}

func (c *codec) lineTest(x *LineTest) {
	c.ref(&x.Ref)
	c.time(&x.Time)
	c.time(&x.HeldAt)
	for _, s := range [...]*string{&x.Word, &x.Officer, &x.Role} {
		text(c, s)
	}
}

func (c *codec) lineTested(x *Tested) {
	c.ref(&x.Ref)
	c.time(&x.Time)
	c.time(&x.HeldAt)
	c.ref(&x.Test)
	for _, s := range [...]*string{&x.Word, &x.Officer, &x.Role} {
		text(c, s)
	}
}
