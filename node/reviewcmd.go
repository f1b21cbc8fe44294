package node

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"parley/fault"
	"parley/geo4d"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/review"
	"parley/transcript"
)

// Opening is what an officer says when he opens an incident.
type Opening struct {
	Title   string
	From    time.Time // the range whose evidence is frozen
	Until   time.Time
	Notices []string // ids, of either party, whose evidence is frozen too
}

// Itemizing is an item of a timeline. Of names the review, InsteadOf the version that it stands for; one
// of the two is enough.
type Itemizing struct {
	Of        string
	InsteadOf string
	Text      string
	From      time.Time
	Until     time.Time
	Clock     string
	Links     []view.Link
}

// Undertaking is what an officer says that somebody does by a date. Remind zero is reminderAhead before
// it, or now.
type Undertaking struct {
	Of        string
	InsteadOf string
	Text      string
	Owner     string // the party
	OwnerRole string
	Due       time.Time
	Remind    time.Time
}

const (
	maxTitle       = 200                  // bytes
	maxReviewRange = 366 * 24 * time.Hour // that an incident freezes
	maxFrozen      = 100                  // notices that an incident names
	maxLinks       = 20
	maxAhead       = 10 * 366 * 24 * time.Hour // how far off an undertaking may be due
	reminderAhead  = 48 * time.Hour
)

// sayable refuses a text that is none, or that holds what cannot be seen.
func sayable(field, text string, most int) error {
	if strings.TrimSpace(text) == "" || len(text) > most {
		return fault.New(field, fault.Shorten(text), fmt.Sprintf("must have 1 to %d bytes", most), "say it in a few words")
	}
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' || unicode.In(r, unicode.Bidi_Control) {
			return fault.New(field, fmt.Sprintf("U+%04X", r), "is a character that cannot be seen", "take it out")
		}
	}
	return nil
}

func (n *Node) instant(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// happened checks a time or a range of what is past.
func (n *Node) happened(from, until time.Time) error {
	now := n.cfg.Clock.Now()
	switch {
	case from.IsZero():
		return fault.New("from", "", "is required", "give the time with its offset: 2026-12-01T18:05:00Z")
	case from.After(now.Add(clockSlack)):
		return fault.New("from", geo4d.FormatTime(from), "is still to come", "give when it happened, with its offset")
	case !until.IsZero() && !until.After(from):
		return fault.New("until", geo4d.FormatTime(until), "must be after from", "give the earlier time first")
	case !until.IsZero() && until.Sub(from) > maxReviewRange:
		return fault.New("until", geo4d.FormatTime(until), "is more than 366 days after from", "look at the years")
	}
	return nil
}

// OpenIncident opens an incident: from then on the evidence of its range and of the notices that it
// names is frozen at both nodes.
func (n *Node) OpenIncident(ctx context.Context, who Officer, lineID string, in Opening) (view.JointReview, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.JointReview{}, err
	}
	if err := sayable("title", in.Title, maxTitle); err != nil {
		return view.JointReview{}, err
	}
	if in.Until.IsZero() {
		return view.JointReview{}, fault.New("until", "", "is required", "give the end of the range, with its offset")
	}
	if err := n.happened(in.From, in.Until); err != nil {
		return view.JointReview{}, err
	}
	if len(in.Notices) > maxFrozen {
		return view.JointReview{}, fault.New("notices", fmt.Sprint(len(in.Notices)), fmt.Sprintf("must be at most %d", maxFrozen), "name those that matter most; the range holds the others")
	}
	b := review.Incident{Title: in.Title, From: n.instant(in.From), Until: n.instant(in.Until), Heads: ln.headsNow(), By: review.By{Officer: who.Name, Role: who.Role}}
	for _, id := range in.Notices {
		first, err := ln.frozenNotice(id)
		if err != nil {
			return view.JointReview{}, err
		}
		if !slices.Contains(b.Notices, first) {
			b.Notices = append(b.Notices, first)
		}
	}
	return ln.openReview(ctx, review.KindIncident, b)
}

// frozenNotice finds a notice of either party by its id; where both use it, as party:id.
func (ln *lineNode) frozenNotice(id string) (string, error) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	var found []*picture.Notice
	for _, side := range []transcript.Side{ln.side, ln.side.Other()} {
		name, of := id, ln.party(side)
		if rest, ok := strings.CutPrefix(id, of+":"); ok {
			name = rest
		} else if strings.Contains(id, ":") && ln.pic.Notice(picture.Key{Side: side, ID: id}) == nil {
			continue
		}
		if p := ln.pic.Notice(picture.Key{Side: side, ID: name}); p != nil {
			found = append(found, p)
		}
	}
	switch len(found) {
	case 0:
		return "", &fault.Error{Code: fault.NotFound, Field: "notices", Value: fault.Shorten(id), Rule: "is not a notice on the line to " + ln.peer, Hint: "list them: parley notice list"}
	case 1:
		return found[0].First.String(), nil
	}
	return "", fault.New("notices", id, "is a notice of both parties", "write "+ln.party(ln.side)+":"+id+" or "+ln.peer+":"+id)
}

// headsNow returns how far both transcripts of the open epoch go here.
func (ln *lineNode) headsNow() []review.Head {
	own, other := ln.led.Heads()
	heads := []transcript.Head{own, other}
	if ln.side == transcript.B {
		slices.Reverse(heads)
	}
	out := []review.Head{}
	for _, h := range heads {
		if h.Size > 0 {
			out = append(out, review.Head{Origin: h.Origin.String(), Size: h.Size, Root: h.Root.String()})
		}
	}
	return out
}

// OpenTeam opens a joint team.
func (n *Node) OpenTeam(ctx context.Context, who Officer, lineID, title, goal string) (view.JointReview, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.JointReview{}, err
	}
	if err := sayable("title", title, maxTitle); err != nil {
		return view.JointReview{}, err
	}
	if err := sayable("goal", goal, maxCallText); err != nil {
		return view.JointReview{}, err
	}
	return ln.openReview(ctx, review.KindTeam, review.Team{Title: title, Goal: goal, By: review.By{Officer: who.Name, Role: who.Role}})
}

func (ln *lineNode) openReview(ctx context.Context, kind string, says any) (view.JointReview, error) {
	d, err := body.Draft(kind, says)
	if err != nil {
		return view.JointReview{}, err
	}
	refs, err := ln.append(ctx, d)
	if err != nil {
		return view.JointReview{}, err
	}
	return ln.reviewNow(refs[0])
}

// sayInReview says something of a review and returns it as it then stands.
func (ln *lineNode) sayInReview(ctx context.Context, of body.Ref, kind string, says any) (view.JointReview, error) {
	d, err := body.Draft(kind, says)
	if err != nil {
		return view.JointReview{}, err
	}
	if _, err := ln.append(ctx, d); err != nil {
		return view.JointReview{}, err
	}
	return ln.reviewNow(of)
}

// adding finds the review that something is added to: by its name, or by the version that is amended,
// which must be the newest of the own side.
func (n *Node) adding(lineID, of, insteadOf string, versions func(*review.Review, *lineNode) []string) (*lineNode, body.Ref, string, error) {
	if of == "" && insteadOf == "" {
		return nil, body.Ref{}, "", fault.New("of", "", "is required", "name the incident or the team, or the version that this stands for")
	}
	ln, ref, full, err := n.addingTo(lineID, of, insteadOf)
	if err != nil {
		return nil, ref, "", err
	}
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	r := ln.pic.Review(ref)
	switch {
	case r.ClosedBy(ln.side):
		return nil, ref, "", closedAlready(ref)
	case insteadOf != "" && !slices.Contains(versions(r, ln), full):
		return nil, ref, "", &fault.Error{Code: fault.Mismatch, Field: "instead_of", Value: fault.Shorten(insteadOf), Rule: "is not the newest version of something that this side said",
			Hint: "amend the newest version of an own one: parley " + r.Kind + " show " + ref.Short()}
	}
	return ln, ref, full, nil
}

// addingTo finds the review and the whole name of the version that is amended; "" for none.
func (n *Node) addingTo(lineID, of, insteadOf string) (ln *lineNode, ref body.Ref, full string, err error) {
	if insteadOf == "" {
		ln, ref, err = n.pickReview("", lineID, of)
		return ln, ref, "", err
	}
	ln, entry, err := n.pickEntry(lineID, insteadOf)
	if err != nil {
		return nil, ref, "", err
	}
	if ref, err = ln.reviewWith(entry); err != nil {
		return nil, ref, "", err
	}
	if of != "" {
		if _, named, err := n.pickReview("", lineID, of); err != nil || named != ref {
			return nil, ref, "", fault.New("instead_of", insteadOf, "is not of "+fault.Shorten(of), "name the one or the other")
		}
	}
	return ln, ref, entry.String(), nil
}

func closedAlready(ref body.Ref) error {
	return &fault.Error{Code: fault.Mismatch, Field: "of", Value: ref.Short(), Rule: "was closed by this side", Hint: "answers and reports still pass; for more, open another"}
}

// reviewWith finds the review in which an entry says something.
func (ln *lineNode) reviewWith(entry body.Ref) (body.Ref, error) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	for _, r := range ln.pic.Reviews() {
		if said(r, entry.String()) {
			ref, err := body.ParseRef(r.Entry)
			return ref, err
		}
	}
	return body.Ref{}, &fault.Error{Code: fault.NotFound, Field: "entry", Value: entry.Short(), Rule: "says nothing in an incident or a team", Hint: "see parley incident show, parley team show"}
}

// said reports whether an entry is a version or a report in a review.
func said(r *review.Review, entry string) bool {
	return has(r.Items, entry) || has(r.Findings, entry) || slices.ContainsFunc(r.Undertakings, func(u review.Undertaken) bool {
		return slices.ContainsFunc(u.Versions, func(v review.Version[review.Undertaking]) bool { return v.Entry == entry }) ||
			slices.ContainsFunc(u.Reports, func(v review.Version[review.Report]) bool { return v.Entry == entry })
	})
}

func has[T any](parts []review.Part[T], entry string) bool {
	return slices.ContainsFunc(parts, func(p review.Part[T]) bool {
		return slices.ContainsFunc(p.Versions, func(v review.Version[T]) bool { return v.Entry == entry })
	})
}

// newest lists the newest versions of what a side said.
func newest[T any](parts []review.Part[T], side transcript.Side) []string {
	var out []string
	for i := range parts {
		if parts[i].Side == side {
			out = append(out, parts[i].Newest().Entry)
		}
	}
	return out
}

// linked checks links and completes the names of entries, which must be held here.
func (ln *lineNode) linked(ctx context.Context, links []view.Link) ([]review.Link, error) {
	if len(links) > maxLinks {
		return nil, fault.New("links", fmt.Sprint(len(links)), fmt.Sprintf("must be at most %d", maxLinks), "say it in more than one item")
	}
	var out []review.Link
	for i, l := range links {
		at := fmt.Sprintf("links[%d]", i)
		switch {
		case (l.Entry == "") == (l.SHA256 == ""):
			return nil, fault.New(at, "", "must name an entry or a SHA-256, and not both", "write 1/a#12, or the 64 digits of a file's SHA-256")
		case l.SHA256 != "" && !isDigest(l.SHA256):
			return nil, fault.New(at+".sha256", l.SHA256, "must be 64 digits in hexadecimal, in small letters", "take it from sha256sum FILE")
		case l.SHA256 != "" && l.Description == "":
			return nil, fault.New(at+".description", "", "is required for evidence outside the line", "say what it is and who keeps it")
		case l.Description != "":
			if err := sayable(at+".description", l.Description, maxRemark); err != nil {
				return nil, err
			}
		}
		if l.Entry != "" {
			ref, err := ln.ref(l.Entry)
			if err != nil {
				return nil, fault.In(at+".entry", err)
			}
			if _, err := ln.led.Record(ctx, ref.Origin, ref.Seq); err != nil {
				return nil, &fault.Error{Code: fault.NotFound, Field: at + ".entry", Value: ref.Short(), Rule: "is not an entry that this node holds", Hint: "take its name from parley log"}
			}
			l.Entry = ref.String()
		}
		out = append(out, review.Link(l))
	}
	return out, nil
}

func isDigest(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// AddItem adds an item to a timeline, or a new version of an own one. The other side answers it.
func (n *Node) AddItem(ctx context.Context, who Officer, lineID string, in Itemizing) (view.JointReview, error) {
	ln, of, instead, err := n.adding(lineID, in.Of, in.InsteadOf, func(r *review.Review, ln *lineNode) []string { return newest(r.Items, ln.side) })
	if err != nil {
		return view.JointReview{}, err
	}
	if err := sayable("text", in.Text, maxCallText); err != nil {
		return view.JointReview{}, err
	}
	if err := n.happened(in.From, in.Until); err != nil {
		return view.JointReview{}, err
	}
	if err := sayable("clock", in.Clock, maxName); err != nil {
		return view.JointReview{}, err
	}
	links, err := ln.linked(ctx, in.Links)
	if err != nil {
		return view.JointReview{}, err
	}
	return ln.sayInReview(ctx, of, review.KindItem, review.Item{Of: review.Of{Of: of.String()}, InsteadOf: instead, Text: in.Text, From: n.instant(in.From),
		Until: n.instant(in.Until), Clock: in.Clock, Links: links, By: review.By{Officer: who.Name, Role: who.Role}})
}

// AddFinding adds a finding, or a new version of an own one. It is the author's alone until the other
// side agrees to it.
func (n *Node) AddFinding(ctx context.Context, who Officer, lineID, of, insteadOf, text string, links []view.Link) (view.JointReview, error) {
	ln, ref, instead, err := n.adding(lineID, of, insteadOf, func(r *review.Review, ln *lineNode) []string { return newest(r.Findings, ln.side) })
	if err != nil {
		return view.JointReview{}, err
	}
	if err := sayable("text", text, maxCallText); err != nil {
		return view.JointReview{}, err
	}
	list, err := ln.linked(ctx, links)
	if err != nil {
		return view.JointReview{}, err
	}
	return ln.sayInReview(ctx, ref, review.KindFinding, review.Finding{Of: review.Of{Of: ref.String()}, InsteadOf: instead, Text: text, Links: list,
		By: review.By{Officer: who.Name, Role: who.Role}})
}
