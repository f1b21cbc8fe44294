package picture

import (
	"time"

	"parley/node/body"
	"parley/transcript"
)

// rest is for all of a picture but its notices and what is not in order yet.
func (c *codec) rest(p *Picture) {
	calls, answers, received := p.calls, p.answers, p.received
	if !c.reading {
		calls, answers, received = p.inOrder()
	}
	c.int(&p.unread)
	table(c, p.last, (*codec).side, (*codec).time)
	table(c, p.declared, (*codec).side, (*codec).declaration)
	list(c, &p.agreements, (*codec).agreement)
	table(c, p.conflicts, func(c *codec, id *string) { text(c, id) }, func(c *codec, x **Conflict) { pointer(c, x, (*codec).conflict) })
	table(c, calls, (*codec).ref, func(c *codec, x **Call) { pointer(c, x, (*codec).call) })
	table(c, answers, (*codec).ref, func(c *codec, l *[]Answer) { list(c, l, (*codec).answer) })
	table(c, received, (*codec).ref, func(c *codec, l *[]Receipt) { list(c, l, (*codec).receipt) })
	c.duty(&p.duty)
}

// inOrder returns the calls and their answers without what came ahead of its turn, and the receipts
// that no notice takes along.
func (p *Picture) inOrder() (calls map[body.Ref]*Call, answers map[body.Ref][]Answer, received map[body.Ref][]Receipt) {
	calls, answers, received = map[body.Ref]*Call{}, map[body.Ref][]Answer{}, map[body.Ref][]Receipt{}
	for r, l := range p.answers {
		answers[r] = l
	}
	for r, x := range p.calls {
		if !x.Ahead {
			calls[r] = x
		} else if len(x.Answers) > 0 {
			answers[r] = x.Answers
		}
	}
	for r, l := range p.received {
		if _, taken := p.slots.of(r); !taken {
			received[r] = l
		}
	}
	return calls, answers, received
}

// table is for a map, which is there when it is read.
func table[K comparable, V any](c *codec, m map[K]V, key func(*codec, *K), value func(*codec, *V)) {
	n := uint64(len(m))
	c.uint(&n)
	if !c.reading {
		for k, v := range m {
			key(c, &k)
			value(c, &v)
		}
		return
	}
	for ; n > 0 && !c.bad; n-- {
		var k K
		var v V
		key(c, &k)
		value(c, &v)
		m[k] = v
	}
}

func (c *codec) said(r *body.Ref, s *transcript.Side, t *time.Time) {
	c.ref(r)
	c.side(s)
	c.time(t)
}

func (c *codec) declaration(d *Declaration) {
	c.said(&d.Ref, &d.Side, &d.Time)
	c.flag(&d.Suspended)
	for _, s := range [...]*string{&d.Officer, &d.Role, &d.Reason} {
		text(c, s)
	}
}

func (c *codec) agreement(a *AgreementNote) {
	c.said(&a.Ref, &a.Side, &a.Time)
	text(c, &a.ID)
	text(c, &a.Note)
}

func (c *codec) conflict(x *Conflict) {
	text(c, &x.ID)
	list(c, &x.Filings, (*codec).filing)
	list(c, &x.Separated, (*codec).filing)
	list(c, &x.Owners, func(c *codec, o *Owner) {
		c.said(&o.Ref, &o.Side, &o.Time)
		text(c, &o.Officer)
		text(c, &o.Role)
	})
}

func (c *codec) filing(f *Filing) {
	c.said(&f.Ref, &f.Side, &f.Time)
	text(c, &f.ID)
	for _, p := range [...]*body.Party{&f.A, &f.B} {
		c.ref(&p.First)
		text(c, &p.Notice)
		c.int(&p.Version)
	}
	for _, m := range [...]**float64{&f.LateralM, &f.VerticalM, &f.TimeS} {
		pointer(c, m, (*codec).float)
	}
	c.time(&f.From)
	c.time(&f.Until)
}

func (c *codec) call(x *Call) {
	c.said(&x.Ref, &x.Side, &x.Time)
	c.time(&x.HeldAt)
	c.flag(&x.Drill)
	for _, s := range [...]*string{&x.Type, &x.About, &x.Text, &x.Language, &x.Officer, &x.Role} {
		text(c, s)
	}
	list(c, &x.Answers, (*codec).answer)
}

func (c *codec) answer(a *Answer) {
	c.said(&a.Ref, &a.Side, &a.Time)
	c.ref(&a.Call)
	for _, s := range [...]*string{&a.Text, &a.Language, &a.Officer, &a.Role} {
		text(c, s)
	}
}
