package node

import (
	"cmp"
	"strings"
	"time"

	"parley/agreement"
	"parley/catalogue"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/transcript"
)

// climb is what the ladder of one notice is worked out from.
type climb struct {
	ln       *lineNode
	p        *picture.Notice
	v        view.Notice
	live     bool
	now      time.Time
	deadline agreement.LadderTerms
	receiver transcript.Side
	latest   *picture.Version
	since    time.Time // from when on steps are owed, where that is not from the version on
	// reach is the version from which on a step counts that says the place and times: what came after
	// it added neither.
	reach *picture.Version
	taken []picture.Receipt // for reach and what came after it, by order of versions
}

// ladderOf returns the rungs of a notice: those done, and of one that is live those owed. It follows
// from both transcripts, the receipts and the time of day. ln.mu is held.
func (ln *lineNode) ladderOf(p *picture.Notice, s notice.Status, v view.Notice, now time.Time) []view.Rung {
	c := climb{ln: ln, p: p, v: v, live: s.Live(), now: now, receiver: p.Key.Side.Other(), latest: p.Latest(), reach: p.Reach(),
		deadline: ln.terms.Ladder(agreement.UrgencyOf(agreement.Grade(v.Lead.Grade)))}
	if s.Live() && !ln.owesByItself(v) {
		c.since = ln.firstConflict(v.Conflicts)
	}
	from := false
	for i := range p.Versions {
		if from = from || &p.Versions[i] == c.reach; from {
			c.taken = append(c.taken, ln.pic.Receipts(p.Versions[i].Ref)...)
		}
	}
	out := append([]view.Rung{c.delivered()}, voiceRungs(v.Spoken)...)
	for _, r := range []*view.Rung{c.received(), c.readBack(), c.relayed(), c.unit()} {
		if r != nil {
			out = append(out, *r)
		}
	}
	return out
}

// owed returns the first rung that is not done, or nil.
func owed(ladder []view.Rung) *view.Rung {
	for i := range ladder {
		if r := ladder[i]; r.Done == nil && !r.Due.IsZero() {
			return &r
		}
	}
	return nil
}

// open makes a rung that was owed a deadline after an instant, and is not done.
func (c *climb) open(r *view.Rung, from time.Time, deadline time.Duration) *view.Rung {
	if !c.live {
		return r
	}
	if r.Name != view.Delivered && from.Before(c.since) {
		from = c.since
	}
	r.Due = from.Add(deadline)
	r.Missed = c.now.After(r.Due)
	if r.Missed {
		e := escalate(c.ln.terms.Escalation, from, deadline, c.now)
		r.Gone, r.GoesOn = e.To, e.Next
	}
	return r
}

func (c *climb) rung(name string) *view.Rung {
	return &view.Rung{Name: name, By: c.ln.party(c.receiver)}
}

func (c *climb) delivered() view.Rung {
	r := c.rung(view.Delivered)
	if c.v.Delivered != nil {
		r.Done = c.v.Delivered
		return *r
	}
	return *c.open(r, c.latest.Time, c.deadline.Delivered)
}

// first returns the earliest step of a kind for the version or one after it, or nil.
func (c *climb) first(kind string, of func(picture.Receipt) bool) *picture.Receipt {
	for i := range c.taken {
		if x := &c.taken[i]; (kind == "" || x.Kind == kind) && (of == nil || of(*x)) {
			return x
		}
	}
	return nil
}

// last returns the newest step of a kind, or nil.
func (c *climb) last(kind string) (out *picture.Receipt) {
	for i := range c.taken {
		x := &c.taken[i]
		if x.Kind == kind && (out == nil || cmp.Or(cmp.Compare(out.Ref.Origin.Epoch, x.Ref.Origin.Epoch), cmp.Compare(out.Ref.Seq, x.Ref.Seq)) < 0) {
			out = x
		}
	}
	return out
}

func (c *climb) done(r *view.Rung, by *picture.Receipt) *view.Rung {
	at := by.Time
	r.Done, r.Entry, r.Who = &at, by.Ref.String(), by.Officer
	r.Unit, r.How = by.Unit, by.Means
	return r
}

// received is done by whatever an officer says of the newest version. It is owed where the profile
// asks for it; where not, it is shown once it is done.
func (c *climb) received() *view.Rung {
	r := c.rung(view.OfficerHas)
	if list := c.ln.pic.Receipts(c.latest.Ref); len(list) > 0 {
		return c.done(r, &list[0])
	}
	if !c.live || !c.ln.owesReceipt(c.v) {
		return nil
	}
	return c.open(r, c.there(c.latest), c.deadline.Received)
}

// there returns from when an officer of the receiver can act on a version: since his node held it, or
// since it was said where it is not delivered. What was held back does not alarm as missed at once when
// it comes; a receipt from the future puts nothing off.
func (c *climb) there(v *picture.Version) time.Time {
	if at, ok := c.ln.heldByOther(v); ok && at.After(v.Time) && !at.After(c.now) {
		return at
	}
	return v.Time
}

// tells reports whether a notice says something that can be read back and relayed.
func (c *climb) tells() bool {
	return c.reach.Known() && !c.reach.Withheld && !c.reach.Notice.Incomplete()
}

// readBack counts from when an officer received a version with this place and these times.
func (c *climb) readBack() *view.Rung {
	r := c.rung(view.ReadBack)
	newest := c.last(body.KindReadBack)
	if newest != nil {
		r.How, r.SaidHow = newest.By, readBackBy(newest.By)
	}
	if newest != nil && newest.Same {
		done := c.done(r, newest)
		done.How, done.SaidHow = newest.By, readBackBy(newest.By)
		return r
	}
	if newest != nil {
		for _, d := range newest.Differences {
			r.Differ = append(r.Differ, c.ln.node.differsView(d, false))
		}
	}
	got := c.first("", nil)
	if !c.live || !c.tells() || !c.ln.owesReceipt(c.v) || got == nil {
		if newest != nil {
			return r
		}
		return nil
	}
	return c.open(r, got.Time, c.deadline.ReadBack)
}

// relayed is due in its time and before the start.
func (c *climb) relayed() *view.Rung {
	r := c.rung(view.Relayed)
	if x := c.first(body.KindRelayed, nil); x != nil {
		return c.done(r, x)
	}
	if !c.live || !c.tells() || !c.ln.owesReceipt(c.v) {
		return nil
	}
	in := c.deadline.Relayed
	from := c.there(c.reach)
	if from.Before(c.since) {
		from = c.since
	}
	if left := c.v.Start.Sub(from); !c.v.Start.IsZero() && left > 0 {
		in = min(in, left)
	}
	return c.open(r, from, in)
}

// unit is owed for a movement, some time before its start. A notice that came later than that has
// until its relay is due.
func (c *climb) unit() *view.Rung {
	r := c.rung(view.UnitConfirmed)
	if x := c.last(body.KindUnit); x != nil {
		if !x.Unable {
			return c.done(r, x)
		}
		r.Unit, r.Who, r.Entry, r.Unable = x.Unit, x.Officer, x.Ref.String(), "unable"
		if x.Remark != "" {
			r.Unable = x.Remark
		}
	}
	if !c.live || c.v.Kind != notice.Movement || !c.tells() || !c.ln.owesReceipt(c.v) {
		if r.Unable != "" {
			return r
		}
		return nil
	}
	due := c.v.Start.Add(-c.deadline.UnitConfirmed)
	if least := c.there(c.reach).Add(c.deadline.Relayed); due.Before(least) {
		due = least
	}
	if c.v.Start.After(c.there(c.reach)) && due.After(c.v.Start) {
		due = c.v.Start
	}
	// It goes on half way to the start and at the start, where it is due in time.
	step := c.deadline.UnitConfirmed / 2
	return c.open(r, due.Add(-step), step)
}

// rungChange returns when the clock alone next changes what the ladder shows: when a rung is missed,
// and when it goes on.
func rungChange(v view.Notice, now time.Time) time.Time {
	var next time.Time
	for _, r := range v.Ladder {
		if r.Done != nil || r.Due.IsZero() {
			continue
		}
		at := r.Due.Add(time.Millisecond)
		if r.Missed {
			at = r.GoesOn
		}
		if at.After(now) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

// ladderAlarms says which rungs of a live notice were missed and who acts, and what was read back
// otherwise or cannot be kept. ln.mu is held.
func (ln *lineNode) ladderAlarms(p *picture.Notice, v view.Notice, add func(kind string, level int, r *view.Rung, m catalogue.Message)) {
	var missed *view.Rung
	var also []catalogue.Message
	by := func(r *view.Rung) catalogue.Arg { return catalogue.ByPeople("by", r.By) }
	for i := range v.Ladder {
		r := &v.Ladder[i]
		if len(r.Differ) > 0 {
			add("read-back-differs", actNow, &view.Rung{}, catalogue.Say("notice.differs", by(r), catalogue.SayIn("said", differences(r.Differ))))
		}
		if r.Unable != "" {
			add("unable", actNow, &view.Rung{}, catalogue.Say("notice.unable", catalogue.ByPeople("unit", r.Unit), by(r), catalogue.ByPeople("reason", r.Unable)))
		}
		switch {
		case !r.Missed:
		case r.Name == view.UnitConfirmed:
			add("not-confirmed", missedLevel(v, r), r, catalogue.Say("notice.not-confirmed", by(r), catalogue.At("due", catalogue.Second, r.Due), catalogue.SayIn("acts", ln.whoActs(p.Key.Side.Other(), r.Gone))))
		case missed == nil:
			missed = r
		default:
			also = append(also, catalogue.Say(missedKey(r)))
		}
	}
	if missed != nil {
		key, args := "notice.missed", []catalogue.Arg{catalogue.Word("missed", missedKey(missed)), by(missed), catalogue.At("due", catalogue.Second, missed.Due),
			catalogue.SayIn("acts", ln.whoActs(p.Key.Side.Other(), missed.Gone))}
		if missed.Name == view.Delivered { // to them, and not by them
			key, args = "notice.undelivered", args[1:]
		}
		if len(also) > 0 {
			key, args = key+"-more", append(args, catalogue.SaySeries("more", also))
		}
		m := catalogue.Say(key, args...)
		add("not-"+strings.ReplaceAll(missed.Name, " ", "-"), missedLevel(v, missed), missed, m)
	}
}

// missedKey is what a rung that was not done in time is called.
func missedKey(r *view.Rung) string { return "missed." + strings.ReplaceAll(r.Name, " ", "-") }

// missedLevel is how pressing a missed rung is: at its author's desk less so until supervisors act.
func missedLevel(v view.Notice, r *view.Rung) int {
	if v.Own && (r.Gone == "" || r.Gone == toSecondChannel) {
		return soon
	}
	return actNow
}
