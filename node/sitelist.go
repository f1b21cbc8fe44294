package node

import (
	"context"
	"slices"
	"strings"
	"time"

	"parley/fault"
	"parley/geo4d"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/transcript"
)

// Sites returns the lists of sites of a line, or of all: each party's own, or one party's. What
// changed since a time is in them where the time is not zero.
func (n *Node) Sites(ctx context.Context, lineID, party string, since time.Time) ([]view.SiteList, error) {
	lines, err := n.chosen(lineID)
	if err != nil {
		return nil, err
	}
	out := []view.SiteList{}
	for _, ln := range lines {
		ln.mu.RLock()
		for _, side := range []transcript.Side{ln.side, ln.side.Other()} {
			if party == "" || party == ln.party(side) {
				out = append(out, ln.siteList(side, since))
			}
		}
		ln.mu.RUnlock()
	}
	return out, nil
}

// siteList is one party's list. ln.mu is held.
func (ln *lineNode) siteList(side transcript.Side, since time.Time) view.SiteList {
	now := ln.node.cfg.Clock.Now()
	out := view.SiteList{Line: ln.id, Party: ln.party(side), Own: side == ln.side, At: now, Since: since, Sites: []view.Site{},
		Added: []view.SiteChange{}, Changed: []view.SiteChange{}, Removed: []view.SiteChange{}, Revalidated: []view.SiteChange{}}
	all := slices.Values(ln.pic.Current())
	if !since.IsZero() {
		all = ln.pic.Notices()
	}
	for p := range all {
		v := p.Latest()
		live := p.Key.Side == side && ln.statusOf(p, now).Live()
		switch {
		case p.Key.Side != side || p.Key.Voice || ln.apart(p):
		case v.Hidden && live:
			out.Hidden++
		case v.Notice.Kind != notice.Site:
		default:
			if live {
				out.Sites = append(out.Sites, ln.siteView(p))
			}
			if !since.IsZero() {
				ln.siteChanges(&out, p, since)
			}
		}
	}
	slices.SortFunc(out.Sites, func(a, b view.Site) int { return strings.Compare(a.ID, b.ID) })
	for _, list := range [][]view.SiteChange{out.Added, out.Changed, out.Removed, out.Revalidated} {
		slices.SortStableFunc(list, func(a, b view.SiteChange) int { return a.Time.Compare(b.Time) })
	}
	return out
}

// siteView says a site that is on the list. ln.mu is held.
func (ln *lineNode) siteView(p *picture.Notice) view.Site {
	v := p.Latest()
	n := v.Notice
	held, _ := ln.held(v)
	out := view.Site{
		ID: p.Key.ID, First: p.First.String(), Entry: v.Ref.String(), Version: n.Version, Title: n.Title, Place: n.Place,
		Contact: n.Contact, Markings: n.Markings, Persons: n.Persons, Humanitarian: n.Humanitarian, UncertaintyM: n.UncertaintyM,
		From: notice.Span(n).Start, Expires: n.Expires, ValidUntil: held.Expires, Unverified: !ln.node.cfg.Clock.Now().Before(held.Expires),
		Confirmed: confirmedView(v), Filed: v.Time, FiledBy: v.By.Officer, Received: ln.receivedEntry(v.Ref, n.Version),
	}
	if len(n.Text) > 0 {
		out.Type, out.Language = n.Text[0].Text, n.Text[0].Language
	}
	if t, ok := ln.heldByOther(v); ok {
		out.Delivered = &t
	}
	if c, ok := circleOf(n); ok {
		out.LatDeg, out.LonDeg, out.RadiusM = &c.Center.LatDeg, &c.Center.LonDeg, &c.RadiusM
	}
	if features, err := notice.PlanFeatures(ln.party(p.Key.Side), n); err == nil { // a place in words has none
		out.Geometry = features
	}
	return out
}

// circleOf returns the one circle that a notice is.
func circleOf(n notice.Notice) (geo4d.Circle, bool) {
	if len(n.Volumes) != 1 {
		return geo4d.Circle{}, false
	}
	c, ok := n.Volumes[0].Shape.(geo4d.Circle)
	return c, ok
}

func (ln *lineNode) receivedEntry(r body.Ref, version int) []view.Received {
	out := []view.Received{}
	for _, x := range ln.pic.Received(r) {
		out = append(out, view.Received{Officer: x.Officer, Role: x.Role, Time: x.Time, Version: version, Entry: x.Ref.String()})
	}
	return out
}

// siteChanges adds what happened to a site since a time. ln.mu is held.
func (ln *lineNode) siteChanges(out *view.SiteList, p *picture.Notice, since time.Time) {
	newest := p.Latest().Notice
	change := func(to *[]view.SiteChange, ref body.Ref, at time.Time, version int, by body.Officer, reason string) {
		if at.Before(since) {
			return
		}
		c := view.SiteChange{ID: p.Key.ID, Title: newest.Title, Version: version, Time: at, Entry: ref.String(),
			Officer: by.Officer, Role: by.Role, Reason: reason, Received: ln.receivedEntry(ref, 0)}
		if t, ok := ln.receipts.of(ref); ok && p.Key.Side == ln.side {
			c.Delivered = &t
		}
		*to = append(*to, c)
	}
	for i := range p.Versions {
		v := &p.Versions[i]
		to := &out.Changed
		if i == 0 {
			to = &out.Added
		}
		change(to, v.Ref, v.Time, v.Notice.Version, v.By, ln.node.inEnglish(flawOf(p, i)))
		for _, c := range v.Confirmed {
			change(&out.Revalidated, c.Ref, c.Time, v.Notice.Version, body.Officer{Officer: c.Officer, Role: c.Role}, c.Remark)
		}
	}
	for _, e := range p.Events {
		if e.Event == notice.Cancel || e.Event == notice.End {
			change(&out.Removed, e.Ref, e.Time, newest.Version, body.Officer{Officer: e.Officer}, e.Reason)
			break
		}
	}
}

// ReceiveSites says that an officer has every change of the other party's list since a time that he
// has not received yet, and returns how many there were.
func (n *Node) ReceiveSites(ctx context.Context, who Officer, lineID string, since time.Time, remark string) (int, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return 0, err
	}
	if since.IsZero() {
		return 0, fault.New("since", "", "is required", "say since when: the day of the last list")
	}
	if len(remark) > maxRemark {
		return 0, tooLong("remark", remark)
	}
	drafts, err := ln.siteReceipts(who, since, remark)
	if err != nil {
		return 0, err
	}
	for part := range slices.Chunk(drafts, maxFiledAtOnce) {
		if _, err := ln.append(ctx, part...); err != nil {
			return 0, err
		}
	}
	return len(drafts), nil
}

func (ln *lineNode) siteReceipts(who Officer, since time.Time, remark string) ([]transcript.Draft, error) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	list := ln.siteList(ln.side.Other(), since)
	var out []transcript.Draft
	for _, changes := range [][]view.SiteChange{list.Added, list.Changed, list.Removed, list.Revalidated} {
		for _, c := range changes {
			if slices.ContainsFunc(c.Received, func(r view.Received) bool { return r.Officer == who.Name }) {
				continue
			}
			ref, err := body.ParseRef(c.Entry)
			if err != nil {
				return nil, err
			}
			d, err := body.Draft(body.KindReceived, body.Received{Entry: ref, Officer: who.Name, Role: who.Role, Remark: remark})
			if err != nil {
				return nil, err
			}
			out = append(out, d)
		}
	}
	return out, nil
}
