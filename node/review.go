package node

import (
	"context"
	"slices"

	"parley/catalogue"
	"parley/fault"
	"parley/node/body"
	"parley/node/view"
	"parley/review"
	"parley/transcript"
)

// Reviews returns the incidents or the teams of the lines, or one of them by the entry that opened it;
// those opened last come first.
func (n *Node) Reviews(ctx context.Context, kind, lineID, id string) ([]view.JointReview, error) {
	if id != "" {
		ln, ref, err := n.pickReview(kind, lineID, id)
		if err != nil {
			return nil, err
		}
		v, err := ln.reviewNow(ref)
		return []view.JointReview{v}, err
	}
	lines, err := n.chosen(lineID)
	if err != nil {
		return nil, err
	}
	out := []view.JointReview{}
	for _, ln := range lines {
		ln.mu.RLock()
		for _, r := range ln.pic.Reviews() {
			if r.Kind == kind {
				out = append(out, ln.reviewView(r))
			}
		}
		ln.mu.RUnlock()
	}
	slices.SortStableFunc(out, func(a, b view.JointReview) int { return b.Opened.Compare(a.Opened) })
	return out, nil
}

// pickReview finds a review by the name of the entry that opened it; kind "" is any.
func (n *Node) pickReview(kind, lineID, id string) (*lineNode, body.Ref, error) {
	ln, ref, err := n.pickEntry(lineID, id)
	if err != nil {
		return nil, ref, err
	}
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	if r := ln.pic.Review(ref); r == nil || kind != "" && r.Kind != kind {
		what, list := "an incident or a team", "parley incident list, parley team list"
		if kind != "" {
			what, list = map[string]string{review.KindIncident: "an incident", review.KindTeam: "a team"}[kind], "parley "+kind+" list"
		}
		return nil, ref, &fault.Error{Code: fault.NotFound, Field: "of", Value: fault.Shorten(id), Rule: "is not " + what + " of this line", Hint: "list them: " + list}
	}
	return ln, ref, nil
}

// pickEntry reads the name of an entry, whose whole name names its line too.
func (n *Node) pickEntry(lineID, id string) (*lineNode, body.Ref, error) {
	if r, err := body.ParseRef(id); err == nil && lineID == "" {
		lineID = r.Origin.Line
	}
	ln, err := n.pick(lineID)
	if err != nil {
		return nil, body.Ref{}, err
	}
	ref, err := ln.ref(id)
	return ln, ref, fault.In("entry", err)
}

func (ln *lineNode) reviewNow(ref body.Ref) (view.JointReview, error) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	r := ln.pic.Review(ref)
	if r == nil {
		return view.JointReview{}, fault.Newf(fault.Internal, "node.review", "the review is not in the picture")
	}
	return ln.reviewView(r), nil
}

// reviewView says a review as it stands now. ln.mu is held.
func (ln *lineNode) reviewView(r *review.Review) view.JointReview {
	out := view.JointReview{Line: ln.id, Entry: r.Entry, Kind: r.Kind, Party: ln.party(r.Side), Own: r.Side == ln.side, Officer: r.By.Officer, Role: r.By.Role,
		Opened: r.Time, Title: r.Title, Goal: r.Goal, From: r.Incident.From, Until: r.Incident.Until, State: r.State(),
		Closed: []view.ReviewClosed{}, Members: []view.Member{}, Items: []view.Item{}, Findings: []view.Finding{},
		Undertakings: []view.Undertaking{}, Minutes: []view.Minutes{}, Ignored: []view.ReviewIgnored{}}
	if r.Kind == review.KindIncident {
		out.Heads = headsView(r.Incident.Heads)
	}
	for _, name := range r.Incident.Notices {
		out.Notices = append(out.Notices, ln.reviewNotice(name))
	}
	for _, c := range r.Closings {
		out.Closed = append(out.Closed, view.ReviewClosed{Entry: c.Entry, Party: ln.party(c.Side), Officer: c.Says.Officer, Role: c.Says.Role, Time: c.Time, Text: c.Says.Text, Heads: headsView(c.Says.Heads)})
	}
	for _, m := range r.Members {
		out.Members = append(out.Members, view.Member{Entry: m.Entry, Party: ln.party(m.Side), Member: m.Says.Member, Task: m.Says.Task, Since: m.Time})
	}
	for i := range r.Items {
		out.Items = append(out.Items, ln.itemView(&r.Items[i]))
	}
	for i := range r.Findings {
		out.Findings = append(out.Findings, ln.findingView(&r.Findings[i]))
	}
	for i := range r.Undertakings {
		out.Undertakings = append(out.Undertakings, ln.undertakingView(&r.Undertakings[i]))
	}
	for _, st := range ln.stated {
		if st.IsAbout(r.Entry) {
			out.Minutes = append(out.Minutes, view.Minutes{ID: st.ID, Title: st.Says.Title, Form: string(st.Says.Form), State: string(st.State), Since: st.Since, Standing: st.Words(), SaidStanding: st.Message()})
		}
	}
	for _, o := range r.Odd {
		out.Ignored = append(out.Ignored, view.ReviewIgnored{Entry: o.Entry, Party: ln.party(o.Side), Time: o.Time, Kind: o.Kind, Why: o.Why,
			SaidWhy: catalogue.Say("odd", catalogue.RefusedFor("refusal", o.Why))})
	}
	return out
}

// reviewNotice says which notice an incident names. ln.mu is held.
func (ln *lineNode) reviewNotice(first string) view.ReviewNotice {
	out := view.ReviewNotice{Entry: first}
	ref, err := body.ParseRef(first)
	if err != nil {
		return out
	}
	out.Party = ln.party(ref.Origin.Side)
	if p := ln.pic.NoticeByFirst(ref); p != nil && !p.Latest().Hidden {
		out.Notice = p.Key.ID
	}
	return out
}

func headsView(list []review.Head) []view.ReviewHead {
	out := []view.ReviewHead{}
	for _, h := range list {
		out = append(out, view.ReviewHead(h))
	}
	return out
}

func linksView(list []review.Link) []view.Link {
	var out []view.Link
	for _, l := range list {
		out = append(out, view.Link(l))
	}
	return out
}

func spokeOf[T any](ln *lineNode, v *review.Version[T], by review.By) view.Spoke {
	return view.Spoke{Entry: v.Entry, Party: ln.party(v.Side), Officer: by.Officer, Role: by.Role, Time: v.Time}
}

func (ln *lineNode) answerOf(side transcript.Side, r *review.Reply) *view.ReviewAnswer {
	if r == nil {
		return nil
	}
	return &view.ReviewAnswer{Spoke: view.Spoke{Entry: r.Entry, Party: ln.party(side.Other()), Officer: r.Says.Officer, Role: r.Says.Role, Time: r.Time},
		Answer: r.Says.Answer, Text: r.Says.Text, Links: linksView(r.Says.Links)}
}

func (ln *lineNode) itemView(p *review.Part[review.Item]) view.Item {
	one := func(v *review.Version[review.Item]) view.Item {
		return view.Item{Spoke: spokeOf(ln, v, v.Says.By), Text: v.Says.Text, From: v.Says.From, Until: v.Says.Until, Clock: v.Says.Clock,
			Links: linksView(v.Says.Links), Standing: v.Standing(), Answer: ln.answerOf(p.Side, v.Answer)}
	}
	out := one(p.Newest())
	for i := len(p.Versions) - 2; i >= 0; i-- {
		out.Earlier = append(out.Earlier, one(&p.Versions[i]))
	}
	return out
}

func (ln *lineNode) findingView(p *review.Part[review.Finding]) view.Finding {
	one := func(v *review.Version[review.Finding]) view.Finding {
		standing := review.OneSided
		if v.Standing() == review.Agreed {
			standing = review.Agreed
		}
		return view.Finding{Spoke: spokeOf(ln, v, v.Says.By), Text: v.Says.Text, Links: linksView(v.Says.Links), Standing: standing, Answer: ln.answerOf(p.Side, v.Answer)}
	}
	out := one(p.Newest())
	for i := len(p.Versions) - 2; i >= 0; i-- {
		out.Earlier = append(out.Earlier, one(&p.Versions[i]))
	}
	return out
}

func (ln *lineNode) undertakingView(u *review.Undertaken) view.Undertaking {
	now := ln.node.cfg.Clock.Now()
	one := func(v *review.Version[review.Undertaking]) view.Undertaking {
		return view.Undertaking{Spoke: spokeOf(ln, v, v.Says.By), Text: v.Says.Text, Owner: ln.party(v.Says.Owner), OwnerRole: v.Says.OwnerRole,
			Due: v.Says.Due, Remind: v.Says.Remind, Answer: ln.answerOf(u.Side, v.Answer), Reports: []view.Report{}}
	}
	counts := u.Counts()
	out := one(counts)
	out.State, out.Late = u.StateAt(now)
	for i := range u.Reports {
		x := &u.Reports[i]
		out.Reports = append(out.Reports, view.Report{Spoke: spokeOf(ln, x, x.Says.By), Text: x.Says.Text, Done: x.Says.Done, Answer: ln.answerOf(x.Side, x.Answer)})
	}
	waits := true // for the other side to agree
	for i := len(u.Versions) - 1; i >= 0; i-- {
		v := &u.Versions[i]
		if v == counts {
			waits = false
			continue
		}
		other := one(v)
		if other.State = "earlier"; waits {
			other.State = review.Proposed
		}
		out.Other = append(out.Other, other)
	}
	return out
}
