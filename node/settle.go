package node

import (
	"context"
	"time"

	"parley/agreement"
	"parley/catalogue"
	"parley/conflict"
	"parley/conflict/propose"
	"parley/fault"
	"parley/geo4d"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/transcript"
)

// States of a conflict, as design and record have them.
const (
	stateOpen      = "open"
	stateOwned     = "owned"
	stateProposed  = "proposed"
	stateSeparated = "separated"
	stateWithdrawn = "withdrawn"
	stateExpired   = "expired"
)

// overBy says in a refusal by what a conflict is over.
func overBy(state string) string {
	switch state {
	case stateWithdrawn:
		return "is over: one of its notices was cancelled"
	case stateExpired:
		return "is over: one of its notices is over, or no exercise any more"
	case stateSuperseded:
		return "is over: it goes on as the conflict with what was filed"
	case body.Joint:
		return "is over: both sides settled it as joint"
	case body.AcceptedRisk:
		return "is over: both sides took the risk"
	}
	return "is over: its notices keep their separation now"
}

// worked says how far officers have come with a conflict of two live notices that are too near. ln.mu
// is held.
func (ln *lineNode) worked(id string, a, b *picture.Notice) string {
	c := ln.pic.Conflict(id)
	owned := len(ln.owners(id)) > 0
	if c == nil {
		c = &picture.Conflict{}
	}
	switch how := c.SettledAs(a.Latest().Notice.Version, b.Latest().Notice.Version); {
	case how == body.Joint, how == body.AcceptedRisk && riskBarred(a, b) == "":
		return how
	}
	for i := range c.Proposals {
		if p := &c.Proposals[i]; ln.current(p.A, p.B, a, b) {
			if r := c.Reply(p); r == nil || r.Accepted {
				return stateProposed
			}
		}
	}
	if owned {
		return stateOwned
	}
	return stateOpen
}

// current reports whether two versions named in an entry are the newest of two notices.
func (ln *lineNode) current(pa, pb body.Party, a, b *picture.Notice) bool {
	return a != nil && b != nil && pa.Version == a.Latest().Notice.Version && pb.Version == b.Latest().Notice.Version
}

// riskBarred says why the risk of a conflict of two notices cannot be accepted, or "".
func riskBarred(a, b *picture.Notice) string {
	for _, n := range []*picture.Notice{a, b} {
		switch v := n.Latest(); {
		case !v.Known():
			return n.Key.ID + " is not shown to this party"
		case v.Notice.Kind == notice.Site:
			return n.Key.ID + " is a site"
		case v.Notice.Humanitarian || v.Notice.EmergencyMedical:
			return n.Key.ID + " is a humanitarian movement"
		}
	}
	return ""
}

// separatedBy lists in which of time, altitude and space every volume of the one keeps from every
// volume of the other what is asked for. ln.mu is held.
func (ln *lineNode) separatedBy(a, b *picture.Notice) []string {
	if !a.Latest().Known() || !b.Latest().Known() {
		return nil
	}
	na, _ := ln.held(a.Latest())
	nb, _ := ln.held(b.Latest())
	sep, ok := ln.separations().Separation(separationClass(ln.terms, na), separationClass(ln.terms, nb))
	if !ok || len(na.Volumes)*len(nb.Volumes) > maxMeasured {
		return nil
	}
	near := map[string]bool{}
	for i := range na.Volumes {
		for j := range nb.Volumes {
			g := geo4d.Measure(&na.Volumes[i], &nb.Volumes[j], ln.terms.Area.Terrain)
			near["time"] = near["time"] || geo4d.TooNearInTime(g, sep)
			near["altitude"] = near["altitude"] || geo4d.TooNearInAltitude(g, sep)
			near["space"] = near["space"] || geo4d.TooNearInPlace(g, sep, na.UncertaintyM+nb.UncertaintyM)
		}
	}
	var out []string
	for _, d := range []string{"time", "altitude", "space"} {
		if !near[d] {
			out = append(out, d)
		}
	}
	return out
}

// maxMeasured is how many pairs of volumes are measured to say how two notices came apart.
const maxMeasured = 400

// workView adds what officers said of a conflict. ln.mu is held.
func (ln *lineNode) workView(out *view.Conflict, c *picture.Conflict) {
	a, b := ln.conflictOf(out.ID)
	for i := range c.Proposals {
		p := &c.Proposals[i]
		shift := view.Shift(p.Shift)
		v := view.Proposal{Entry: p.Ref.String(), Party: ln.party(p.Side), Officer: p.Officer, Role: p.Role, Time: p.Time,
			Mover: ln.party(transcript.Side(p.Mover)), Shift: shift, Words: ln.node.english.Say(shift.Message()), Remark: p.Remark, State: "open"}
		r := c.Reply(p)
		if r != nil {
			v.Reply = &view.Reply{Entry: r.Ref.String(), Accepted: r.Accepted, Reason: r.Reason, Officer: r.Officer, Role: r.Role, Time: r.Time}
		}
		switch {
		case r != nil && r.Accepted:
			v.State = "accepted"
		case r != nil:
			v.State = "refused"
		case !ln.current(p.A, p.B, a, b):
			v.State = "outdated"
		}
		out.Proposals = append(out.Proposals, v)
	}
	for i := range c.Settlings {
		s := &c.Settlings[i]
		out.Settlings = append(out.Settlings, view.Settling{Entry: s.Ref.String(), Party: ln.party(s.Side), How: s.How, Reason: s.Reason,
			Officer: s.Officer, Role: s.Role, Time: s.Time, Counts: ln.current(s.A, s.B, a, b)})
	}
}

// atWork finds a conflict that is not over, with its two notices. ln.mu is held.
func (ln *lineNode) atWork(id string) (a, b *picture.Notice, err error) {
	a, b = ln.conflictOf(id)
	if a == nil || b == nil {
		return nil, nil, fault.New("conflict", id, "is of a notice that this node does not have", "call the other party's officer")
	}
	if state := ln.stateOf(id, a, b); isOver(state) {
		return nil, nil, &fault.Error{Code: fault.Mismatch, Field: "conflict", Value: fault.Shorten(id), Rule: overBy(state), Hint: "list those that are not: parley conflict list"}
	}
	for _, n := range []*picture.Notice{a, b} {
		if n.Key.Voice {
			return nil, nil, &fault.Error{Code: fault.Mismatch, Field: "conflict", Value: fault.Shorten(id), Rule: "is with " + n.Key.ID + ", which is known only by voice",
				Hint: "settle it by voice, and change the own notice; the rest waits until what " + ln.party(n.Key.Side) + " filed is here"}
		}
	}
	return a, b, nil
}

func partyOf(n *picture.Notice) body.Party {
	return body.Party{First: n.First, Notice: n.Key.ID, Version: n.Latest().Notice.Version}
}

// ProposeMove tells the other party how a notice of a conflict might be moved: moverParty's, by a
// shift in one dimension.
func (n *Node) ProposeMove(ctx context.Context, who Officer, lineID, id, moverParty string, s view.Shift, remark string) (view.Conflict, error) {
	ln, full, err := n.pickConflict(lineID, id)
	if err != nil {
		return view.Conflict{}, err
	}
	move, err := moveOf(s)
	if err != nil {
		return view.Conflict{}, err
	}
	if len(remark) > maxRemark {
		return view.Conflict{}, tooLong("remark", remark)
	}
	ln.mu.RLock()
	b, err := ln.proposal(full, moverParty, move)
	ln.mu.RUnlock()
	if err != nil {
		return view.Conflict{}, err
	}
	b.Shift, b.Remark, b.Officer, b.Role = body.Shift(s), remark, who.Name, who.Role
	return n.work(ctx, ln, full, body.KindProposed, b)
}

// proposal checks what is proposed. ln.mu is held.
func (ln *lineNode) proposal(id, moverParty string, move propose.Move) (body.Proposed, error) {
	a, b, err := ln.atWork(id)
	if err != nil {
		return body.Proposed{}, err
	}
	for _, x := range []*picture.Notice{a, b} {
		if v := x.Latest(); !v.Known() || v.Withheld || v.Notice.Incomplete() {
			return body.Proposed{}, fault.New("conflict", id, "is of "+x.Key.ID+", which one of the two parties does not see whole: a proposal would tell of it", "call the other party's officer")
		}
	}
	moves, stays := a, b
	switch moverParty {
	case ln.party(a.Key.Side):
	case ln.party(b.Key.Side):
		moves, stays = b, a
	default:
		return body.Proposed{}, fault.New("mover", moverParty, "is not a party of this line", "name "+ln.party(a.Key.Side)+" or "+ln.party(b.Key.Side))
	}
	n := moves.Latest().Notice
	may := mayMove(n)
	if kind := move.Kind(); kind == propose.Time && !may.Time || kind == propose.Altitude && !may.Altitude || kind == propose.Space && !may.Space {
		return body.Proposed{}, fault.New("shift", string(kind), "is not proposed for a "+string(n.Kind)+" on "+string(n.Domain)+": a site is never moved, and a road neither sideways nor in altitude", "move the other notice, or in time")
	}
	volumes, err := move.Of(n.Volumes)
	if err != nil {
		return body.Proposed{}, err
	}
	moved := n
	moved.Volumes = volumes
	other, _ := ln.held(stays.Latest())
	item := func(id string, side transcript.Side, n notice.Notice) *conflict.Item {
		return &conflict.Item{ID: id, Party: string(side), Volumes: n.Volumes, UncertaintyM: n.UncertaintyM, Class: separationClass(ln.terms, n)}
	}
	if _, near := conflict.Between(item("moved", moves.Key.Side, moved), item("other", stays.Key.Side, other), ln.separations()); near {
		return body.Proposed{}, fault.New("shift", "", "does not clear this conflict", "take one that does: parley conflict options "+id[:8])
	}
	return body.Proposed{Conflict: id, A: partyOf(a), B: partyOf(b), Mover: string(moves.Key.Side)}, nil
}

// work says something of a conflict and returns it as it stands.
func (n *Node) work(ctx context.Context, ln *lineNode, id, kind string, b any) (view.Conflict, error) {
	if err := ln.mayWork(id); err != nil {
		return view.Conflict{}, err
	}
	d, err := body.Draft(kind, b)
	if err != nil {
		return view.Conflict{}, err
	}
	ln.mu.RLock()
	d.Drill = ln.apartConflict(id)
	ln.mu.RUnlock()
	if _, err := ln.append(ctx, d); err != nil {
		return view.Conflict{}, err
	}
	return n.Conflict(ctx, ln.id, id)
}

// ReplyToMove accepts or refuses the newest proposal of the other party for a conflict. Where it is
// accepted and the own notice is the one that moves, that is amended at once.
func (n *Node) ReplyToMove(ctx context.Context, who Officer, lineID, id string, accept bool, reason string) (view.Amended, error) {
	if !accept && reason == "" {
		return view.Amended{}, fault.New("reason", "", "is required where a proposal is refused", "say why, and what would do")
	}
	if len(reason) > maxRemark {
		return view.Amended{}, tooLong("reason", reason)
	}
	ln, full, err := n.pickConflict(lineID, id)
	if err != nil {
		return view.Amended{}, err
	}
	ln.mu.RLock()
	p, err := ln.waiting(full, func(p *picture.Proposal, r *picture.Reply) bool { return p.Side != ln.side && r == nil })
	ln.mu.RUnlock()
	if err != nil {
		return view.Amended{}, err
	}
	var out view.Amended
	if accept && transcript.Side(p.Mover) == ln.side {
		if err := n.amendBy(ctx, who, ln, p, &out); err != nil {
			return view.Amended{}, err
		}
	}
	out.Conflict, err = n.work(ctx, ln, full, body.KindReplied,
		body.Replied{Conflict: full, Proposal: p.Ref, Accepted: accept, Reason: reason, Officer: who.Name, Role: who.Role})
	return out, err
}

// ApplyMove amends the own notice by the newest own proposal that the other party accepted.
func (n *Node) ApplyMove(ctx context.Context, who Officer, lineID, id string) (view.Amended, error) {
	ln, full, err := n.pickConflict(lineID, id)
	if err != nil {
		return view.Amended{}, err
	}
	ln.mu.RLock()
	p, err := ln.waiting(full, func(p *picture.Proposal, r *picture.Reply) bool {
		return p.Side == ln.side && transcript.Side(p.Mover) == ln.side && r != nil && r.Accepted
	})
	ln.mu.RUnlock()
	if err != nil {
		return view.Amended{}, err
	}
	var out view.Amended
	if err := n.amendBy(ctx, who, ln, p, &out); err != nil {
		return view.Amended{}, err
	}
	out.Conflict, err = n.Conflict(ctx, ln.id, full)
	return out, err
}

// waiting returns the newest proposal about the newest versions that fits. ln.mu is held.
func (ln *lineNode) waiting(id string, fits func(*picture.Proposal, *picture.Reply) bool) (picture.Proposal, error) {
	a, b, err := ln.atWork(id)
	if err != nil {
		return picture.Proposal{}, err
	}
	if c := ln.pic.Conflict(id); c != nil {
		for i := len(c.Proposals) - 1; i >= 0; i-- {
			if p := &c.Proposals[i]; ln.current(p.A, p.B, a, b) && fits(p, c.Reply(p)) {
				return *p, nil
			}
		}
	}
	return picture.Proposal{}, &fault.Error{Code: fault.NotFound, Field: "conflict", Value: fault.Shorten(id),
		Rule: "has no such proposal about the newest versions of its notices", Hint: "look at what was proposed: parley conflict show " + id[:8]}
}

// amendBy amends the own notice of a conflict as a proposal says.
func (n *Node) amendBy(ctx context.Context, who Officer, ln *lineNode, p picture.Proposal, out *view.Amended) error {
	move, err := moveOf(view.Shift(p.Shift))
	if err != nil {
		return err
	}
	own := p.A
	if ln.side == transcript.B {
		own = p.B
	}
	ln.mu.RLock()
	have := ln.pic.NoticeByFirst(own.First)
	var next notice.Notice
	drill := false
	if have != nil {
		next, drill = have.Latest().Notice, have.Latest().Drill
	}
	ln.mu.RUnlock()
	if have == nil || have.Key.Side != ln.side {
		return ln.noNotice(own.Notice)
	}
	if next.Volumes, err = move.Of(next.Volumes); err != nil {
		return err
	}
	next.Version = own.Version + 1 // and not a later one: what was proposed was of this version
	filed, err := n.Amend(ctx, who, ln.id, next, drill)
	if err != nil {
		return err
	}
	out.Notice, out.Warnings = &filed.Notice, filed.Notice.Warnings
	return nil
}

// Settle says that this party settles a conflict as it stands: as joint, or as accepted risk, which
// takes a supervisor and is barred for sites and humanitarian movements. It counts once the other
// party has said the same of the same versions.
func (n *Node) Settle(ctx context.Context, who Officer, lineID, id, how, reason string) (view.Conflict, error) {
	if how != body.Joint && how != body.AcceptedRisk {
		return view.Conflict{}, fault.New("how", how, "must be joint or accepted risk", "choose one")
	}
	if err := words("reason", reason, "say what was agreed, or why the risk is taken"); err != nil {
		return view.Conflict{}, err
	}
	if how == body.AcceptedRisk && who.Role != body.Supervisor {
		return view.Conflict{}, &fault.Error{Code: fault.Denied, Field: "role", Value: who.Role, Rule: "may not accept a risk", Hint: "ask a supervisor"}
	}
	ln, full, err := n.pickConflict(lineID, id)
	if err != nil {
		return view.Conflict{}, err
	}
	ln.mu.RLock()
	a, b, err := ln.atWork(full)
	var said body.Settled
	if err == nil {
		said = body.Settled{Conflict: full, A: partyOf(a), B: partyOf(b), How: how, Reason: reason, Officer: who.Name, Role: who.Role}
		if why := riskBarred(a, b); how == body.AcceptedRisk && why != "" {
			err = fault.New("how", how, "is barred: "+why, "separate the two, or withdraw one")
		}
	}
	ln.mu.RUnlock()
	if err != nil {
		return view.Conflict{}, err
	}
	return n.work(ctx, ln, full, body.KindSettled, said)
}

// workAlarms says what of a conflict waits for this desk. ln.mu is held.
func (ln *lineNode) workAlarms(c view.Conflict) []view.Alarm {
	var out []view.Alarm
	add := func(kind string, since time.Time, args ...catalogue.Arg) {
		a := view.Alarm{ID: kind + "/" + c.ID[:12], Kind: kind, Level: soon, Line: ln.id, Subject: c.ID, Exercise: c.Exercise, Since: since, Due: c.From}
		out = append(out, ln.node.said(a, catalogue.Say("alarm."+kind, append(args, catalogue.AsCode("conflict", c.ID[:8]))...)))
	}
	own := ln.node.cfg.Party
	for _, p := range c.Proposals {
		switch {
		case p.State == "open" && p.Party != own:
			add("proposal", p.Time, catalogue.ByPeople("party", p.Party), catalogue.ByPeople("mover", p.Mover), catalogue.SayIn("shift", p.Shift.Message()))
		case p.State == "accepted" && p.Mover == own && p.Party == own:
			add("to-apply", p.Reply.Time, catalogue.ByPeople("officer", p.Reply.Officer), catalogue.ByPeople("peer", ln.peer), catalogue.SayIn("shift", p.Shift.Message()))
		}
	}
	var said, asked *view.Settling // the newest word of each party on these versions
	for i := range c.Settlings {
		switch s := &c.Settlings[i]; {
		case !s.Counts:
		case s.Party == own:
			said = s
		default:
			asked = s
		}
	}
	if asked != nil && (said == nil || said.How != asked.How) {
		add("to-settle", asked.Time, catalogue.ByPeople("party", asked.Party), catalogue.Word("how", "conflict."+catalogue.Slug(asked.How)), catalogue.ByPeople("reason", asked.Reason))
	}
	return out
}

// unowned says who acts where no officer of either party took a conflict in time. ln.mu is held.
func (ln *lineNode) unowned(c view.Conflict, now time.Time) (to string, m catalogue.Message) {
	if len(c.Owners) > 0 || c.Found.IsZero() {
		return "", m
	}
	urgency, lead := agreement.UrgencyUrgent, ln.terms.LeadOf(notice.Kind(c.A.Kind))
	if !c.From.IsZero() {
		urgency = agreement.UrgencyOf(lead.Grade(c.From.Sub(c.Found)))
	}
	to = escalate(ln.terms.Escalation, c.Found, ln.terms.Ladder(urgency).Received, now).To
	if to == "" {
		return "", m
	}
	m = catalogue.Say("conflict.unowned", catalogue.SayIn("acts", ln.whoActs(ln.side.Other(), to)))
	if now.After(c.From.Add(-lead.Insufficient)) {
		m = catalogue.Join(m, catalogue.Say("conflict.principals", ln.contactsOfBoth(ln.side.Other(), "principals")))
	}
	return to, m
}
