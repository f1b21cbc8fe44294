package node

import (
	"context"
	"slices"

	"parley/fault"
	"parley/geo4d"
	"parley/node/body"
	"parley/node/view"
	"parley/review"
	"parley/transcript"
)

// Undertake says who does what by when, or a new version of it. What the other party is to do binds once
// that party agrees to it.
func (n *Node) Undertake(ctx context.Context, who Officer, lineID string, in Undertaking) (view.JointReview, error) {
	ln, of, instead, err := n.adding(lineID, in.Of, in.InsteadOf, func(r *review.Review, ln *lineNode) []string {
		var out []string
		for i := range r.Undertakings {
			if u := &r.Undertakings[i]; u.Side == ln.side {
				out = append(out, u.Newest().Entry)
			}
		}
		return out
	})
	if err != nil {
		return view.JointReview{}, err
	}
	owner := map[string]transcript.Side{ln.party(ln.side): ln.side, ln.peer: ln.side.Other()}[in.Owner]
	if owner == "" {
		return view.JointReview{}, fault.New("owner", in.Owner, "is not a party of the line", "name "+ln.party(ln.side)+" or "+ln.peer)
	}
	if err := sayable("owner_role", in.OwnerRole, maxName); err != nil {
		return view.JointReview{}, err
	}
	if err := sayable("text", in.Text, maxCallText); err != nil {
		return view.JointReview{}, err
	}
	now := n.cfg.Clock.Now()
	if in.Due.IsZero() || !in.Due.After(now) || in.Due.After(now.Add(maxAhead)) {
		return view.JointReview{}, fault.New("due", geo4d.FormatTime(in.Due), "must be after now and within ten years", "give the time by which it is done, with its offset")
	}
	if in.Remind.IsZero() {
		if in.Remind = in.Due.Add(-reminderAhead); in.Remind.Before(now) {
			in.Remind = now
		}
	}
	if in.Remind.After(in.Due) {
		return view.JointReview{}, fault.New("remind", geo4d.FormatTime(in.Remind), "must not be after it is due", "leave it out for 48 hours before")
	}
	return ln.sayInReview(ctx, of, review.KindUndertaking, review.Undertaking{Of: review.Of{Of: of.String()}, InsteadOf: instead, Text: in.Text, Owner: owner, OwnerRole: in.OwnerRole,
		Due: n.instant(in.Due), Remind: n.instant(in.Remind), By: review.By{Officer: who.Name, Role: who.Role}})
}

// ReportOn says how far an own undertaking is; done, that it is fulfilled, which the other side agrees to
// or disputes.
func (n *Node) ReportOn(ctx context.Context, who Officer, lineID, entry, text string, done bool) (view.JointReview, error) {
	ln, of, ref, err := n.within(lineID, entry)
	if err != nil {
		return view.JointReview{}, err
	}
	if err := sayable("text", text, maxCallText); err != nil {
		return view.JointReview{}, err
	}
	ln.mu.RLock()
	u := undertakingWith(ln.pic.Review(of), ref.String())
	ln.mu.RUnlock()
	switch {
	case u == nil:
		return view.JointReview{}, fault.New("undertaking", entry, "is not an undertaking", "take its name from parley incident show or parley team show")
	case u.Stands() == nil:
		return view.JointReview{}, &fault.Error{Code: fault.Mismatch, Field: "undertaking", Value: ref.Short(), Rule: "does not bind yet: its owner's side has not agreed to it", Hint: "agree to it first"}
	case u.Counts().Says.Owner != ln.side:
		return view.JointReview{}, &fault.Error{Code: fault.Mismatch, Field: "undertaking", Value: ref.Short(), Rule: "is of " + ln.peer, Hint: "its own side reports on it; you answer the report"}
	}
	return ln.sayInReview(ctx, of, review.KindReport, review.Report{Of: review.Of{Of: of.String()}, Undertaking: u.Counts().Entry, Text: text, Done: done, By: review.By{Officer: who.Name, Role: who.Role}})
}

// within finds the review in which an entry says something.
func (n *Node) within(lineID, entry string) (ln *lineNode, of, ref body.Ref, err error) {
	if ln, ref, err = n.pickEntry(lineID, entry); err != nil {
		return nil, of, ref, err
	}
	of, err = ln.reviewWith(ref)
	return ln, of, ref, err
}

func undertakingWith(r *review.Review, entry string) *review.Undertaken {
	i := slices.IndexFunc(r.Undertakings, func(u review.Undertaken) bool {
		return slices.ContainsFunc(u.Versions, func(v review.Version[review.Undertaking]) bool { return v.Entry == entry })
	})
	if i < 0 {
		return nil
	}
	return &r.Undertakings[i]
}

// AnswerInReview says what the own side makes of something that the other side said: an item, a finding,
// an undertaking or a report. Of an undertaking that is reported done, the report is answered.
func (n *Node) AnswerInReview(ctx context.Context, who Officer, lineID, entry, answer, text string, links []view.Link) (view.JointReview, error) {
	if !slices.Contains([]string{review.Agree, review.Dispute, review.NotKnown}, answer) {
		return view.JointReview{}, fault.New("answer", answer, "must be agree, dispute or not known", "say what your side makes of it")
	}
	if answer == review.Dispute || text != "" {
		if err := sayable("text", text, maxCallText); err != nil {
			return view.JointReview{}, err
		}
	}
	ln, of, ref, err := n.within(lineID, entry)
	if err != nil {
		return view.JointReview{}, err
	}
	list, err := ln.linked(ctx, links)
	if err != nil {
		return view.JointReview{}, err
	}
	ln.mu.RLock()
	answered, err := ln.toAnswer(of, ref)
	ln.mu.RUnlock()
	if err != nil {
		return view.JointReview{}, err
	}
	return ln.sayInReview(ctx, of, review.KindAnswer, review.Answer{Of: review.Of{Of: of.String()}, Entry: answered, Answer: answer, Text: text, Links: list,
		By: review.By{Officer: who.Name, Role: who.Role}})
}

// toAnswer names the entry that an answer is to: it must be the other side's, and the newest version.
// ln.mu is held.
func (ln *lineNode) toAnswer(of, ref body.Ref) (string, error) {
	r, entry := ln.pic.Review(of), ref.String()
	if u := undertakingWith(r, entry); u != nil {
		if done := u.Done(); done != nil && u.Counts().Says.Owner != ln.side {
			return done.Entry, nil
		}
	}
	if ref.Origin.Side == ln.side {
		return "", fault.New("entry", ref.Short(), "is this side's own word", "the other side answers it")
	}
	others := slices.Concat(newest(r.Items, ln.side.Other()), newest(r.Findings, ln.side.Other()))
	for i := range r.Undertakings {
		u := &r.Undertakings[i]
		others = append(others, u.Newest().Entry)
		for j := range u.Reports {
			others = append(others, u.Reports[j].Entry)
		}
	}
	if !slices.Contains(others, entry) {
		return "", &fault.Error{Code: fault.Mismatch, Field: "entry", Value: ref.Short(), Rule: "was amended: a newer version stands for it", Hint: "answer the newest: parley " + r.Kind + " show " + of.Short()}
	}
	return entry, nil
}

// SetMember names a member of the own party, or says that he left.
func (n *Node) SetMember(ctx context.Context, who Officer, lineID, of, member, task string, left bool) (view.JointReview, error) {
	ln, ref, _, err := n.adding(lineID, of, "", nil)
	if err != nil {
		return view.JointReview{}, err
	}
	if err := sayable("member", member, maxName); err != nil {
		return view.JointReview{}, err
	}
	if task != "" {
		if err := sayable("task", task, maxRemark); err != nil {
			return view.JointReview{}, err
		}
	}
	ln.mu.RLock()
	known := slices.ContainsFunc(ln.pic.Review(ref).Members, func(m review.Membership) bool { return m.Side == ln.side && m.Says.Member == member })
	ln.mu.RUnlock()
	if left && !known {
		return view.JointReview{}, &fault.Error{Code: fault.NotFound, Field: "member", Value: fault.Shorten(member), Rule: "is not a member of this side", Hint: "write the name as it is listed"}
	}
	return ln.sayInReview(ctx, ref, review.KindMember, review.Member{Of: review.Of{Of: ref.String()}, Member: member, Task: task, Left: left, By: review.By{Officer: who.Name, Role: who.Role}})
}

// CloseReview says that the own side adds nothing more. It is closed once both have said so; answers and
// reports on undertakings still pass, and what an incident froze stays frozen.
func (n *Node) CloseReview(ctx context.Context, who Officer, lineID, of, text string) (view.JointReview, error) {
	ln, ref, _, err := n.adding(lineID, of, "", nil)
	if err != nil {
		return view.JointReview{}, err
	}
	if text != "" {
		if err := sayable("text", text, maxRemark); err != nil {
			return view.JointReview{}, err
		}
	}
	return ln.sayInReview(ctx, ref, review.KindClosed, review.Closed{Of: review.Of{Of: ref.String()}, Heads: ln.headsNow(), Text: text, By: review.By{Officer: who.Name, Role: who.Role}})
}
