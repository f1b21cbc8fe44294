package node

import (
	"context"
	"slices"
	"strings"

	"parley/conflict"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
)

// WhatIf says with which notices of the other party a draft would be in conflict, were it filed as it
// is now. It compares with what this node holds and nothing else: it asks nobody, stores nothing and
// says nothing on the line, and what the other party does not show is counted as not compared. So it
// is no question in the sense of the limit on answers, and cannot be used as one.
func (n *Node) WhatIf(ctx context.Context, lineID string, in notice.Notice, drill bool) (view.WhatIf, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.WhatIf{}, err
	}
	in = notice.WithDefaults(in)
	now := n.cfg.Clock.Now()
	ln.mu.RLock()
	_, inWindow := ln.window(now)
	exercise := drill && inWindow
	index, _ := ln.indexOf(exercise)
	terms, compared := ln.terms, ln.compared(exercise)
	ln.mu.RUnlock()
	held := in
	held.Volumes, _ = terms.Area.Held(in)
	out := view.WhatIf{Line: ln.id, Conflicts: []view.WouldConflict{}, Compared: compared}
	volumes, uncertaintyM := notice.Live(held, nil, now)
	if len(volumes) == 0 {
		return out, nil // over by the clock: it is compared with nothing
	}
	near := index.Near(&conflict.Item{ID: "draft", Party: string(ln.side), Volumes: volumes, UncertaintyM: uncertaintyM, Class: separationClass(terms, held)})
	coarse, _ := notice.Coarse(held)
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	own := ln.pic.Notice(picture.Key{Side: ln.side, ID: in.ID})
	for _, p := range near {
		w := ln.wouldView(in, own, p)
		w.Coarse = w.Coarse || coarse || in.Incomplete()
		out.Conflicts = append(out.Conflicts, w)
	}
	slices.SortFunc(out.Conflicts, func(a, b view.WouldConflict) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		return strings.Compare(a.With.First, b.With.First)
	})
	return out, nil
}

// wouldView says one conflict of a draft. own is the notice that it would amend, or nil. ln.mu is held.
func (ln *lineNode) wouldView(in notice.Notice, own *picture.Notice, p conflict.Pair) view.WouldConflict {
	l, h := p.B.Tag.(*live), p.Worst()
	other := l.notice.Latest().Notice
	out := view.WouldConflict{
		Line: ln.id, With: ln.partyView(l.notice, l.version.Ref),
		LateralM: h.Gap.LateralM, VerticalM: h.Gap.VerticalM, TimeS: h.Gap.Time.Seconds(), VerticalUncertain: h.Gap.VerticalUncertain,
		Lower: h.Band.Lower, Upper: h.Band.Upper, From: h.Window.Start, Until: h.Window.End,
		At: [2]float64{h.AtA.LonDeg, h.AtA.LatDeg}, SaidWhere: ln.where(h.AtA),
		Message: foundWords(in.ID, ln.node.cfg.Party, l.notice.Key.ID, ln.peer, h),
	}
	if coarse, _ := notice.Coarse(other); coarse || other.Incomplete() {
		out.Coarse = true
	}
	if own != nil {
		if id := body.ConflictID(ln.id, own.First, l.notice.First); ln.open[id] {
			out.Conflict = id
		}
	}
	out.Where, out.Text = ln.node.english.Say(out.SaidWhere), ln.node.english.Say(out.Message)
	return out
}
