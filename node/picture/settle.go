package picture

import (
	"time"

	"parley/node/body"
	"parley/transcript"
)

// Proposal is one party's word that a notice of a conflict might be moved.
type Proposal struct {
	Ref  body.Ref
	Side transcript.Side
	Time time.Time
	body.Proposed
}

// Reply is the other party's answer to a proposal.
type Reply struct {
	Ref  body.Ref
	Side transcript.Side
	Time time.Time
	body.Replied
}

// Settling is one party's word that it settles a conflict as it stands.
type Settling struct {
	Ref  body.Ref
	Side transcript.Side
	Time time.Time
	body.Settled
}

// Reply returns the newest answer of the other party to a proposal, or nil.
func (c *Conflict) Reply(p *Proposal) *Reply {
	for i := len(c.Replies) - 1; i >= 0; i-- {
		if r := &c.Replies[i]; r.Proposal == p.Ref && r.Side != p.Side {
			return r
		}
	}
	return nil
}

// SettledAs says how both parties settle two versions, or "". Each party's newest word counts.
func (c *Conflict) SettledAs(a, b int) string {
	how := map[transcript.Side]string{}
	for i := range c.Settlings {
		if s := &c.Settlings[i]; s.A.Version == a && s.B.Version == b && (s.How != body.AcceptedRisk || s.Role == body.Supervisor) {
			how[s.Side] = s.How
		}
	}
	if how[transcript.A] != how[transcript.B] {
		return ""
	}
	return how[transcript.A]
}

func (p *Picture) applyProposed(s Said, ch *Change) error {
	var b body.Proposed
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	ch.ID = b.Conflict
	c := p.conflict(b.Conflict)
	c.Proposals = put(c.Proposals, Proposal{Ref: s.Ref, Side: s.Ref.Origin.Side, Time: s.Time, Proposed: b}, func(x *Proposal) body.Ref { return x.Ref })
	return nil
}

func (p *Picture) applyReplied(s Said, ch *Change) error {
	var b body.Replied
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	ch.ID = b.Conflict
	c := p.conflict(b.Conflict)
	c.Replies = put(c.Replies, Reply{Ref: s.Ref, Side: s.Ref.Origin.Side, Time: s.Time, Replied: b}, func(x *Reply) body.Ref { return x.Ref })
	return nil
}

func (p *Picture) applySettled(s Said, ch *Change) error {
	var b body.Settled
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	ch.ID = b.Conflict
	c := p.conflict(b.Conflict)
	c.Settlings = put(c.Settlings, Settling{Ref: s.Ref, Side: s.Ref.Origin.Side, Time: s.Time, Settled: b}, func(x *Settling) body.Ref { return x.Ref })
	return nil
}

func (c *codec) party(p *body.Party) {
	c.ref(&p.First)
	text(c, &p.Notice)
	c.int(&p.Version)
}

func (c *codec) proposal(x *Proposal) {
	c.said(&x.Ref, &x.Side, &x.Time)
	text(c, &x.Conflict)
	c.party(&x.A)
	c.party(&x.B)
	for _, s := range [...]*string{&x.Mover, &x.Shift.AltitudeUnit, &x.Remark, &x.Officer, &x.Role} {
		text(c, s)
	}
	for _, f := range [...]*float64{&x.Shift.TimeS, &x.Shift.Altitude, &x.Shift.LateralM, &x.Shift.BearingDeg} {
		c.float(f)
	}
}

func (c *codec) reply(x *Reply) {
	c.said(&x.Ref, &x.Side, &x.Time)
	text(c, &x.Conflict)
	c.ref(&x.Proposal)
	c.flag(&x.Accepted)
	for _, s := range [...]*string{&x.Reason, &x.Officer, &x.Role} {
		text(c, s)
	}
}

func (c *codec) settling(x *Settling) {
	c.said(&x.Ref, &x.Side, &x.Time)
	text(c, &x.Conflict)
	c.party(&x.A)
	c.party(&x.B)
	for _, s := range [...]*string{&x.How, &x.Reason, &x.Officer, &x.Role} {
		text(c, s)
	}
}
