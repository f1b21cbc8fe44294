package node

import (
	"context"
	"slices"
	"time"

	"parley/agreement"
	"parley/catalogue"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
)

// noticeView says a notice as it stands now. ln.mu is held.
func (ln *lineNode) noticeView(p *picture.Notice, echo, withBody bool) view.Notice {
	now := ln.node.cfg.Clock.Now()
	v := p.Latest()
	n, heldAs := ln.held(v)
	status := ln.statusAs(p, n, now)
	span := notice.Span(v.Notice)
	out := view.Notice{
		Line: ln.id, Party: ln.party(p.Key.Side), Own: p.Key.Side == ln.side, ID: p.Key.ID,
		Entry: v.Ref.String(), First: p.First.String(), Version: v.Notice.Version, Drill: v.Drill, Exercise: ln.apart(p),
		Kind: v.Notice.Kind, Domain: v.Notice.Domain, Class: v.Notice.Class, Title: v.Notice.Title, Place: v.Notice.Place,
		State: status.State, Since: status.Since, Lapsed: status.Lapsed, Unverified: status.Unverified,
		Incomplete: v.Notice.Incomplete() && v.Known(), HeldAs: heldAs, Hidden: v.Hidden,
		Start: span.Start, End: span.End, Filed: v.Time, FiledBy: v.By.Officer, Received: ln.receivedOf(p), Lead: ln.leadOf(p, now),
		Conflicts: ln.conflictsOf(p.First),
	}
	for i := range p.Versions {
		out.Spoken = append(out.Spoken, ln.spokenOf(p.Versions[i].Ref)...)
	}
	if coarse, why := notice.Coarse(v.Notice); coarse {
		out.Coarse, out.Said.Coarse = ln.node.english.Say(why), why
	}
	if m := flawOf(p, len(p.Versions)-1); !m.IsZero() {
		out.Flaw, out.Said.Flaw = ln.node.english.Say(m), m
	}
	if t, ok := ln.heldByOther(v); ok && !p.Key.Voice {
		out.Delivered = &t
	}
	out.ByOfficer = status.Live() && ln.byOfficer(p)
	if v.Notice.Kind == notice.Site {
		out.ValidUntil = n.Expires
		out.Confirmed = confirmedView(v)
	}
	if p.Key.Voice {
		ln.byVoiceView(p, &out)
	} else {
		out.Ladder = ln.ladderOf(p, status, out, now)
		out.Next = owed(out.Ladder)
	}
	if echo && v.Known() {
		out.Said.Echo = notice.Echo(v.Notice, ln.node.places())
		out.Echo = notice.Lines(ln.node.english, out.Said.Echo)
		out.Warnings = ln.warnings(v)
	}
	if withBody && v.Known() {
		if raw, err := notice.Marshal(v.Notice); err == nil {
			out.Body = raw
		}
	}
	return out
}

// warnings returns what to look at in a version as it was filed, as far as this party was shown it.
func (ln *lineNode) warnings(v *picture.Version) []notice.Warning {
	return notice.InWords(ln.node.english, notice.Warnings(v.Notice, notice.Context{Now: v.Time, Places: ln.node.places()}, ln.whole(v)))
}

// misplaced says how the words and the place of a version do not agree, until it was read back and
// found the same.
func (ln *lineNode) misplaced(v *picture.Version, ladder []view.Rung) (said catalogue.Message) {
	if !v.Known() || slices.ContainsFunc(ladder, func(r view.Rung) bool { return r.Name == view.ReadBack && r.Done != nil }) {
		return said
	}
	return notice.Misplaced(v.Notice, ln.node.places())
}

// whole reports whether this party was shown all of a version: who filed it goes with no less.
func (ln *lineNode) whole(v *picture.Version) bool {
	return v.Ref.Origin.Side == ln.side || v.By.Officer != ""
}

func (n *Node) places() notice.Gazetteer {
	if n.cfg.Places == nil {
		return nil
	}
	return n.cfg.Places
}

// heldByOther returns when the receiver of a version held it, by the receiver's clock: for an own
// version the receipt that came, for the other party's the receipt that this node gave.
func (ln *lineNode) heldByOther(v *picture.Version) (time.Time, bool) {
	if v.Ref.Origin.Side == ln.side {
		return ln.receipts.of(v.Ref)
	}
	return v.HeldAt.Truncate(time.Second), !v.HeldAt.IsZero()
}

// receivedOf lists the officers who received any version, the earliest first.
func (ln *lineNode) receivedOf(p *picture.Notice) []view.Received {
	out := []view.Received{}
	for i := range p.Versions {
		for _, r := range ln.pic.Received(p.Versions[i].Ref) {
			out = append(out, view.Received{Officer: r.Officer, Role: r.Role, Time: r.Time, Version: p.Versions[i].Notice.Version, Entry: r.Ref.String()})
		}
	}
	return out
}

// leadOf counts from the first receipt of the version that last added space or time.
func (ln *lineNode) leadOf(p *picture.Notice, now time.Time) view.Lead {
	v := p.Reach()
	span := notice.Span(v.Notice)
	out := view.Lead{Version: v.Notice.Version}
	if !v.Known() || span.Start.IsZero() {
		return out
	}
	lead := span.Start.Sub(now)
	if t, ok := ln.heldByOther(v); ok {
		lead = span.Start.Sub(t)
		s := lead.Seconds()
		out.DeliveredS = &s
	} else {
		out.Provisional = true
	}
	if h := ln.pic.HeardAs(v.Ref); len(h) > 0 {
		s := span.Start.Sub(h[0].At).Seconds()
		out.HeardS = &s
	}
	if rs := ln.pic.Received(v.Ref); len(rs) > 0 {
		s := span.Start.Sub(rs[0].Time).Seconds()
		out.ReceivedS = &s
	}
	out.Grade = string(ln.terms.Grade(v.Notice, lead))
	return out
}

// owesReceipt reports whether an officer must receive a notice by hand under the agreement's
// profile.
func (ln *lineNode) owesReceipt(v view.Notice) bool {
	return ln.owesByItself(v) || len(v.Conflicts) > 0
}

// owesByItself reports whether one must receive it whatever it is in conflict with.
func (ln *lineNode) owesByItself(v view.Notice) bool {
	if ln.terms.Profile == agreement.Manual {
		return true
	}
	short := v.Lead.Grade != string(agreement.Routine)
	return short || v.Coarse != "" || v.Incomplete || v.Kind == notice.Site
}

// firstConflict returns when the first of some conflicts was said on the line, or found where none was.
// ln.mu is held.
func (ln *lineNode) firstConflict(ids []string) (first time.Time) {
	earlier := func(t time.Time) {
		if first.IsZero() || t.Before(first) {
			first = t
		}
	}
	for _, id := range ids {
		if c := ln.pic.Conflict(id); c != nil && len(c.Filings) > 0 {
			earlier(c.FirstFiled())
		}
	}
	for _, id := range ids {
		if f := ln.found[id]; f != nil && first.IsZero() {
			earlier(f.at)
		}
	}
	return first
}

// conflictsOf lists the ids of the conflicts of a notice that are not over, sorted.
func (ln *lineNode) conflictsOf(first body.Ref) []string {
	out := []string{}
	for id := range ln.openOf[first] {
		if f := ln.found[id]; f != nil && f.stands || !isOver(ln.conflictState(id)) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// filed is the answer to a command about an own notice.
func (ln *lineNode) filed(ctx context.Context, key picture.Key, warnings []notice.Warning) (view.Filed, error) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	p := ln.pic.Notice(key)
	out := view.Filed{Notice: ln.noticeView(p, true, true), Conflicts: []view.Conflict{}, Compared: ln.compared(ln.apart(p))}
	out.Notice.Warnings = notice.InWords(ln.node.english, warnings)
	for _, id := range out.Notice.Conflicts {
		out.Conflicts = append(out.Conflicts, ln.conflictView(id))
	}
	return out, nil
}

// compared says what is compared with what, as of now. ln.mu is held.
func (ln *lineNode) compared(exercise bool) view.Compared {
	now, counts := ln.node.cfg.Clock.Now(), ln.counts[pictureOf(exercise)]
	c := view.Compared{At: now, Own: counts[ownLive], Other: counts[otherLive], NotCompared: counts[notCompared]}
	peer := catalogue.ByPeople("peer", ln.peer)
	said := []catalogue.Message{catalogue.Say("compared.counts", catalogue.At("at", catalogue.Second, now), catalogue.CountOf("own", c.Own), peer, catalogue.CountOf("others", c.Other))}
	if c.NotCompared > 0 {
		said = append(said, catalogue.Say("compared.left-out", catalogue.CountOf("count", c.NotCompared)))
	}
	if t := ln.pic.LastFiled(ln.side.Other()); t.IsZero() {
		said = append(said, catalogue.Say("compared.nothing-filed", peer))
	} else {
		said = append(said, catalogue.Say("compared.last-filed", peer, catalogue.AgeOf("age", now.Sub(t))))
	}
	c.Message = exercised(catalogue.Join(said...), exercise)
	c.Text = ln.node.english.Say(c.Message)
	return c
}

func (ln *lineNode) statusOf(p *picture.Notice, now time.Time) notice.Status {
	n, _ := ln.held(p.Latest())
	return ln.statusAs(p, n, now)
}
