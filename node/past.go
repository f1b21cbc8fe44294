package node

import (
	"context"
	"sort"
	"time"

	"parley/fault"
	"parley/geo4d"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/transcript"
	"parley/transcript/ledger"
)

// Past says what this node held of a line at an instant by its own clock: the entries that were durable here
// by then, and nothing that it learned later. It reads the transcripts anew, so that it takes the longer the
// more was said before.
func (n *Node) Past(ctx context.Context, lineID string, at time.Time) (view.Past, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.Past{}, err
	}
	if at.After(n.cfg.Clock.Now()) {
		return view.Past{}, fault.New("at", geo4d.FormatTime(at), "is still to come", "give a time that is past")
	}
	out := view.Past{Line: ln.id, At: at, Notices: []view.PastNotice{}}
	pic := picture.New(ln.id)
	for rec, err := range ln.led.Records(ctx, ledger.Cursor{}) {
		if err != nil {
			return view.Past{}, err
		}
		if rec.HeldAt.After(at) {
			continue
		}
		if rec.Origin.Side == ln.side {
			out.Own++
		} else {
			out.Peer++
		}
		said, err := picture.Of(rec)
		if err == nil {
			_, err = pic.Apply(said)
		}
		if err != nil {
			continue // it was no part of the picture then either
		}
	}
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	near := conflictingThen(pic)
	for p := range pic.Notices() {
		out.Notices = append(out.Notices, ln.pastNotice(p, at, near[p.First]))
	}
	sort.SliceStable(out.Notices, func(i, j int) bool { return out.Notices[i].Start.Before(out.Notices[j].Start) })
	return out, nil
}

// conflictingThen returns the first entries of the notices that a party had said are too near.
func conflictingThen(pic *picture.Picture) map[body.Ref]bool {
	out := map[body.Ref]bool{}
	for _, c := range pic.Conflicts() {
		a, b, ok := c.Notices()
		if !ok {
			continue
		}
		na, nb := pic.NoticeByFirst(a), pic.NoticeByFirst(b)
		if na == nil || nb == nil {
			continue
		}
		for _, side := range [...]transcript.Side{transcript.A, transcript.B} {
			if near, said := c.Word(side, na.Latest().Notice.Version, nb.Latest().Notice.Version); said && near {
				out[a], out[b] = true, true
			}
		}
	}
	return out
}

// pastNotice says a notice as it stood at an instant. ln.mu is held.
func (ln *lineNode) pastNotice(p *picture.Notice, at time.Time, conflicting bool) view.PastNotice {
	v := p.Latest()
	held, _ := ln.held(v)
	span := notice.Span(v.Notice)
	s := p.StatusAt(held, at)
	out := view.PastNotice{Line: ln.id, Party: ln.party(p.Key.Side), Own: p.Key.Side == ln.side, ID: p.Key.ID, Entry: v.Ref.String(), First: p.First.String(),
		Version: v.Notice.Version, Kind: v.Notice.Kind, Class: v.Notice.Class, Title: v.Notice.Title, State: s.State, Start: span.Start, End: span.End,
		Filed: v.Time, Held: v.HeldAt, Exercise: v.Drill, Hidden: v.Hidden, Conflicting: conflicting && s.Live()}
	if v.Known() {
		if raw, err := notice.Marshal(v.Notice); err == nil {
			out.Body = raw
		}
	}
	return out
}
