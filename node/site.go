package node

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/catalogue"
	"parley/fault"
	"parley/geo4d"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/transcript"
)

// validUntil returns until when a version of a site counts as confirmed: the agreement's term from
// when it was filed or last confirmed, or less where that word said so. It follows from the author's
// transcript alone, and so is the same at both nodes.
func validUntil(v *picture.Version, term time.Duration) time.Time {
	until, less := v.Time.Add(term), []time.Time{v.Notice.Expires, notice.Span(v.Notice).End}
	if k := len(v.Confirmed); k > 0 {
		until, less = v.Confirmed[k-1].Time.Add(term), []time.Time{v.Confirmed[k-1].Until}
	}
	for _, t := range less {
		if !t.IsZero() && t.Before(until) {
			until = t
		}
	}
	return until
}

// withoutEnd returns volumes that have no end, as a site has none: what it states as one says until
// when it is known to be as stated.
func withoutEnd(volumes []geo4d.Volume) []geo4d.Volume {
	if !slices.ContainsFunc(volumes, func(v geo4d.Volume) bool { return !v.Window.End.IsZero() }) {
		return volumes
	}
	out := slices.Clone(volumes)
	for i := range out {
		out[i].Window.End = time.Time{}
	}
	return out
}

func confirmedView(v *picture.Version) *view.Confirmed {
	k := len(v.Confirmed)
	if k == 0 {
		return nil
	}
	c := &v.Confirmed[k-1]
	return &view.Confirmed{Officer: c.Officer, Role: c.Role, Time: c.Time, Remark: c.Remark, Entry: c.Ref.String()}
}

// noteSite keeps which sites are to be confirmed soon, and which no longer count as confirmed. held
// is the notice as it is compared. ln.mu is held.
func (ln *lineNode) noteSite(p *picture.Notice, held notice.Notice, s notice.Status, now time.Time) {
	k := p.Key
	if k.Voice || ln.apart(p) || held.Kind != notice.Site || !s.Live() || now.Before(held.Expires.Add(-ln.terms.Sites.WarnBefore)) {
		delete(ln.due, k)
		return
	}
	ln.due[k] = held.Expires
}

// maxNamed is how many sites an alarm names.
const maxNamed = 5

// siteAlarms says in one alarm each which own sites must be confirmed soon, and which of either party
// are unverified: a list that was confirmed on one day falls due on one day. ln.mu is held.
func (ln *lineNode) siteAlarms() []view.Alarm {
	now, warn := ln.node.cfg.Clock.Now(), ln.terms.Sites.WarnBefore
	soonDue, past := []dueSite{}, map[transcript.Side][]dueSite{}
	for k, until := range ln.due {
		switch {
		case !now.Before(until):
			past[k.Side] = append(past[k.Side], dueSite{k.ID, until})
		case k.Side == ln.side:
			soonDue = append(soonDue, dueSite{k.ID, until})
		}
	}
	var out []view.Alarm
	add := func(id, kind string, level int, side transcript.Side, list []dueSite, since, due time.Time, said catalogue.Message) {
		m := catalogue.Say("alarm.notice", catalogue.ByPeople("party", ln.party(side)), catalogue.Word("kind", "kind."+string(notice.Site)),
			catalogue.ByPeople("notice", siteNames(list)), catalogue.SayIn("said", said))
		out = append(out, ln.node.said(view.Alarm{ID: id, Kind: kind, Level: level, Line: ln.id, Subject: theOne(list), Since: since, Due: due}, m))
	}
	if len(soonDue) > 0 {
		first, last := bounds(soonDue)
		add("revalidate/"+ln.id[:8], "revalidate", look, ln.side, soonDue, last.Add(-warn), first, catalogue.Say("notice.revalidate", catalogue.At("day", catalogue.Minute, first)))
	}
	for _, side := range []transcript.Side{ln.side, ln.side.Other()} {
		if list := past[side]; len(list) > 0 {
			_, last := bounds(list)
			add("unverified/"+ln.id[:8]+"/"+string(side), "unverified", soon, side, list, last, time.Time{}, catalogue.Say("notice.unverified"))
		}
	}
	return out
}

// dueSite is a site with until when it counts as confirmed.
type dueSite struct {
	id    string
	until time.Time
}

// bounds returns when the first and the last of some sites cease to count as confirmed.
func bounds(list []dueSite) (first, last time.Time) {
	slices.SortFunc(list, func(a, b dueSite) int { return cmp.Or(a.until.Compare(b.until), strings.Compare(a.id, b.id)) })
	return list[0].until, list[len(list)-1].until
}

// theOne returns the id of one site, or "" for several.
func theOne(list []dueSite) string {
	if len(list) == 1 {
		return list[0].id
	}
	return ""
}

// siteNames names some sites, the first to be due first.
func siteNames(list []dueSite) string {
	var names []string
	for _, s := range list[:min(len(list), maxNamed)] {
		names = append(names, s.id)
	}
	out := strings.Join(names, ", ")
	if more := len(list) - len(names); more > 0 {
		out += " (+" + strconv.Itoa(more) + ")"
	}
	return out
}

// Confirming is what an officer says of own sites.
type Confirming struct {
	IDs    []string  // which; or
	AllDue bool      // all that are to be confirmed soon or are unverified
	Until  time.Time // zero: the agreement's term
	Remark string
}

// maxConfirmed is how many sites one command confirms at most.
const maxConfirmed = 1000

// Revalidate says that own sites still are as their newest versions say, and returns them. What is
// told of a site that the other party is not shown is that some site was confirmed.
func (n *Node) Revalidate(ctx context.Context, who Officer, lineID string, in Confirming) ([]view.Notice, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return nil, err
	}
	now := n.cfg.Clock.Now()
	switch {
	case len(in.Remark) > maxRemark:
		return nil, tooLong("remark", in.Remark)
	case !in.Until.IsZero() && !in.Until.After(now):
		return nil, fault.New("until", geo4d.FormatTime(in.Until), "must be in the future", "leave it out for the agreement's term")
	case in.AllDue == (len(in.IDs) > 0):
		return nil, fault.New("ids", "", "name sites, or all that are due, and not both", "give ids, or --all-due")
	case len(in.IDs) > maxConfirmed:
		return nil, fault.New("ids", strconv.Itoa(len(in.IDs)), "must be at most "+strconv.Itoa(maxConfirmed), "confirm them in parts")
	}
	ln.filing.Lock()
	defer ln.filing.Unlock()
	ids, drafts, err := ln.confirmations(who, in)
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(drafts, maxFiledAtOnce) {
		if _, err := ln.append(ctx, part...); err != nil {
			return nil, err
		}
	}
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	out := []view.Notice{}
	for _, id := range ids {
		out = append(out, ln.noticeView(ln.pic.Notice(picture.Key{Side: ln.side, ID: id}), false, false))
	}
	return out, nil
}

// confirmations returns the drafts of what is confirmed, or every reason why something cannot be.
func (ln *lineNode) confirmations(who Officer, in Confirming) (ids []string, drafts []transcript.Draft, err error) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	ids = slices.Compact(slices.Sorted(slices.Values(in.IDs)))
	if in.AllDue {
		for k := range ln.due {
			if k.Side == ln.side {
				ids = append(ids, k.ID)
			}
		}
		slices.Sort(ids)
		ids = ids[:min(len(ids), maxConfirmed)]
	}
	var bad []error
	for _, id := range ids {
		p, why := ln.liveSite(id)
		if why != nil {
			bad = append(bad, why)
			continue
		}
		v := p.Latest()
		d, err := body.Draft(body.KindConfirmed, body.Confirmed{First: p.First, Version: v.Notice.Version, Until: in.Until, Officer: who.Name, Role: who.Role, Remark: in.Remark})
		if err != nil {
			return nil, nil, err
		}
		d.Drill = ln.apart(p)
		if v.Withheld {
			for i := range d.Fields {
				d.Fields[i].Shown = false
			}
		}
		drafts = append(drafts, d)
	}
	return ids, drafts, errors.Join(bad...)
}

// liveSite returns an own site that is not over. ln.mu is held.
func (ln *lineNode) liveSite(id string) (*picture.Notice, error) {
	p := ln.pic.Notice(picture.Key{Side: ln.side, ID: id})
	switch {
	case p == nil:
		return nil, ln.noNotice(id)
	case p.Latest().Notice.Kind != notice.Site:
		return nil, fault.New("notice", id, "is a "+string(p.Latest().Notice.Kind)+" and no site", "list the sites: parley site list")
	case !ln.statusOf(p, ln.node.cfg.Clock.Now()).Live():
		return nil, &fault.Error{Code: fault.Mismatch, Field: "notice", Value: fault.Shorten(id), Rule: "was removed", Hint: "file it anew where it is there again"}
	}
	return p, nil
}
