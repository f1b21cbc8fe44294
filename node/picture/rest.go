package picture

import (
	"time"

	"parley/node/body"
	"parley/transcript"
)

// rest is for all of a picture but its notices and what is not in order yet.
func (c *codec) rest(p *Picture) {
	calls, received := p.calls, p.received
	if !c.reading {
		calls, received = p.inOrder()
	}
	c.int(&p.unread)
	table(c, p.last, (*codec).side, (*codec).time)
	table(c, p.declared, (*codec).side, (*codec).declaration)
	list(c, &p.agreements, (*codec).agreement)
	list(c, &p.keys, (*codec).keyCompared)
	list(c, &p.takenBack, (*codec).takenBack)
	c.statements(p)
	c.consented(p)
	table(c, p.conflicts, func(c *codec, id *string) { text(c, id) }, func(c *codec, x **Conflict) { pointer(c, x, (*codec).conflict) })
	table(c, calls, (*codec).ref, func(c *codec, x **Call) { pointer(c, x, (*codec).call) })
	table(c, p.translated, (*codec).ref, func(c *codec, l *[]Translated) { list(c, l, (*codec).translated) })
	table(c, received, (*codec).ref, func(c *codec, l *[]Receipt) { list(c, l, (*codec).receipt) })
	c.duty(&p.duty)
	c.voice(p)
	c.reviews(p.reviews)
}

// inOrder returns the calls without what came ahead of its turn, and the receipts that no notice
// takes along.
func (p *Picture) inOrder() (calls map[body.Ref]*Call, received map[body.Ref][]Receipt) {
	calls, received = map[body.Ref]*Call{}, map[body.Ref][]Receipt{}
	for r, x := range p.calls {
		if x := p.callInOrder(x); x != nil {
			calls[r] = x
		}
	}
	for r, l := range p.received {
		if _, taken := p.slots.of(r); !taken {
			received[r] = l
		}
	}
	return calls, received
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
	list(c, &x.Proposals, (*codec).proposal)
	list(c, &x.Replies, (*codec).reply)
	list(c, &x.Settlings, (*codec).settling)
}

func (c *codec) filing(f *Filing) {
	c.said(&f.Ref, &f.Side, &f.Time)
	text(c, &f.ID)
	for _, p := range [...]*body.Party{&f.A, &f.B} {
		c.party(p)
	}
	for _, m := range [...]**float64{&f.LateralM, &f.VerticalM, &f.TimeS} {
		pointer(c, m, (*codec).float)
	}
	c.time(&f.From)
	c.time(&f.Until)
}

// voice is for what was passed and heard by voice. What was matched with something that is not in order
// yet is matched again in its turn.
func (c *codec) voice(p *Picture) {
	table(c, p.passed, (*codec).ref, func(c *codec, l *[]Passed) {
		list(c, l, func(c *codec, x *Passed) {
			c.said(&x.Ref, &x.Side, &x.Time)
			c.ref(&x.Entry)
			c.onPhone(&x.OnPhone)
			for _, s := range [...]*string{&x.ReadBack, &x.Remark, &x.Answer, &x.Officer, &x.Role} {
				text(c, s)
			}
		})
	})
	heard := p.slots.heard
	if !c.reading {
		heard = make(map[body.Ref]*Heard, len(p.slots.heard))
		for r, h := range p.slots.heard {
			if p.ahead[h.Match] {
				x := *h
				x.Match, x.Same, x.Differences = body.Ref{}, false, nil
				h = &x
			}
			heard[r] = h
		}
	}
	table(c, heard, (*codec).ref, func(c *codec, x **Heard) { pointer(c, x, (*codec).heard) })
	if c.reading {
		for r, h := range p.slots.heard {
			if x := p.calls[r]; x != nil && h.Call != nil { // what answers something else leaves a call of no type behind
				x.Voice = h
			}
		}
	}
}

func (c *codec) onPhone(x *body.OnPhone) {
	c.time(&x.At)
	for _, s := range [...]*string{&x.By, &x.Other, &x.Means} {
		text(c, s)
	}
}

func (c *codec) heard(h *Heard) {
	c.said(&h.Ref, &h.Side, &h.Time)
	c.time(&h.HeldAt)
	c.flag(&h.Drill)
	text(c, &h.ID)
	c.int(&h.Vers)
	pointer(c, &h.Call, func(c *codec, x *body.HeardCall) {
		c.ref(&x.Call)
		for _, s := range [...]*string{&x.Type, &x.About, &x.Text, &x.Language} {
			text(c, s)
		}
		c.time(&x.Review)
		c.danger(&x.Danger)
	})
	c.onPhone(&h.OnPhone)
	for _, s := range [...]*string{&h.Text, &h.Officer, &h.Role} {
		text(c, s)
	}
	c.ref(&h.Match)
	c.flag(&h.Same)
	list(c, &h.Differences, (*codec).difference)
	pointer(c, &h.Closed, func(c *codec, x *Closed) {
		c.ref(&x.Ref)
		c.time(&x.Time)
		c.ref(&x.Heard)
		for _, s := range [...]*string{&x.Reason, &x.Officer, &x.Role} {
			text(c, s)
		}
	})
	c.notice(&h.notice, h.ID)
}
