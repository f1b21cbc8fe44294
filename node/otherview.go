package node

import (
	"context"

	"parley/catalogue"
	"parley/conflict"
	"parley/geo4d"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/transcript"
)

// conflictView says a conflict as it stands: what this node computed, and what either side filed.
// ln.mu is held.
func (ln *lineNode) conflictView(id string) view.Conflict {
	out := ln.conflictInBrief(id)
	if f := ln.found[id]; f != nil {
		ln.measured(&out, f)
		if out.State == stateSeparated {
			out.SeparatedBy = ln.separatedBy(f.a, f.b)
		}
	}
	return out
}

// conflictInBrief is conflictView without where it is and what would clear it, which take time to
// work out. ln.mu is held.
func (ln *lineNode) conflictInBrief(id string) view.Conflict {
	out := view.Conflict{Line: ln.id, ID: id, Exercise: ln.apartConflict(id), State: ln.conflictState(id), Filed: []string{}, Owners: []view.Received{}}
	filed := ln.pic.Conflict(id)
	if f := ln.found[id]; f != nil {
		ln.fromFound(&out, f)
	} else if filed != nil && len(filed.Filings) > 0 {
		ln.fromFiling(&out, &filed.Filings[len(filed.Filings)-1])
	}
	for _, o := range ln.owners(id) {
		out.Owners = append(out.Owners, view.Received{Officer: o.Officer, Role: o.Role, Time: o.Time, Entry: o.Ref.String()})
	}
	if filed != nil {
		if t := filed.FirstFiled(); !t.IsZero() && (out.Found.IsZero() || t.Before(out.Found)) {
			out.Found = t
		}
		for _, x := range filed.Filings {
			out.Filed = append(out.Filed, x.Ref.String())
		}
		ln.workView(&out, filed)
	}
	return out
}

func (ln *lineNode) fromFound(out *view.Conflict, f *found) {
	h := f.pair.Worst()
	out.A, out.B = ln.partyView(f.a, f.va), ln.partyView(f.b, f.vb)
	gap, vertical, seconds := h.Gap.LateralM, h.Gap.VerticalM, h.Gap.Time.Seconds()
	out.LateralM, out.VerticalM, out.TimeS, out.VerticalUncertain = &gap, &vertical, &seconds, h.Gap.VerticalUncertain
	out.Lower, out.Upper = h.Band.Lower, h.Band.Upper
	out.From, out.Until, out.Found = h.Window.Start, h.Window.End, f.at
	for _, n := range []*picture.Notice{f.a, f.b} {
		if coarse, _ := notice.Coarse(n.Latest().Notice); coarse || n.Latest().Notice.Incomplete() {
			out.Coarse = true
		}
	}
}

// measured adds where a conflict is and which moves clear it.
func (ln *lineNode) measured(out *view.Conflict, f *found) {
	h := f.pair.Worst()
	out.SaidWhere = ln.where(h.AtA)
	out.Where = ln.node.english.Say(out.SaidWhere)
	m := view.Move(conflict.MoveOf(h, f.aside())) // the same members, but for what their JSON leaves out
	out.Moves = &m
}

// fromFiling shows what was filed and this node does not compute: the other party sees more of the
// two notices, or they no longer conflict.
func (ln *lineNode) fromFiling(out *view.Conflict, x *picture.Filing) {
	out.LateralM, out.VerticalM, out.TimeS = x.LateralM, x.VerticalM, x.TimeS
	out.From, out.Until, out.Found = x.From, x.Until, x.Time
	out.A, out.B = ln.filedParty("a", x.A), ln.filedParty("b", x.B)
}

// filedParty names one of the two notices of a filing, with what this node knows of it.
func (ln *lineNode) filedParty(side transcript.Side, p body.Party) view.Party {
	out := view.Party{Party: ln.party(side), Notice: p.Notice, First: p.First.String(), Version: p.Version}
	if n := ln.pic.NoticeByFirst(p.First); n != nil && n.Latest().Known() {
		out.Notice, out.Kind, out.Title = n.Key.ID, string(n.Latest().Notice.Kind), n.Latest().Notice.Title
	}
	return out
}

func (ln *lineNode) partyView(n *picture.Notice, v body.Ref) view.Party {
	latest := n.Latest().Notice
	return view.Party{Party: ln.party(n.Key.Side), Notice: n.Key.ID, First: n.First.String(), Version: version(n, v),
		Kind: string(latest.Kind), Title: latest.Title}
}

// where says a position by the nearest town, or by its figures where there is none to say.
func (ln *lineNode) where(p geo4d.Position) catalogue.Message {
	if places := ln.node.places(); places != nil {
		if m, ok := places.Where(p); ok {
			return m
		}
	}
	return catalogue.Say("position.at", catalogue.AsCode("position", geo4d.FormatDD(p)))
}

// lineView says the line as it stands.
func (ln *lineNode) lineView(ctx context.Context) (view.Line, error) {
	st := ln.link.Status()
	stand := ln.led.Standing()
	epoch, closed := ln.led.Epoch()
	evidence, err := ln.led.Evidences(ctx)
	if err != nil {
		return view.Line{}, err
	}
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	newest, now := ln.agreed[len(ln.agreed)-1], ln.node.cfg.Clock.Now()
	peerDesk := ln.deskView(ln.side.Other(), now)
	out := view.Line{
		ID: ln.id, Party: ln.node.cfg.Party, Peer: ln.peer, Side: string(ln.side),
		Agreement: newest.ID, Version: newest.Terms.Version, InForce: newest.Terms.InForce(now),
		State: string(st.State), Cause: string(st.Cause), Since: st.Since,
		Desk: peerDesk.State, OwnDesk: ln.deskView(ln.side, now), PeerDesk: peerDesk, Tests: ln.testsView(now),
		LastExchange: st.LastExchange, PeerLastFiled: ln.pic.LastFiled(ln.side.Other()), ClockAlarm: st.ClockAlarm,
		Undelivered: stand.Undelivered, Epoch: epoch, EpochClosed: closed, OwnSize: stand.Own.Size, PeerSize: stand.Held.Size,
		Confirmed: stand.Confirmed, Evidence: len(evidence), Compared: ln.compared(false), ExerciseCompared: ln.compared(true),
	}
	out.Releases = ln.node.releasesOf(ln.id)
	out.Witnesses, out.WitnessQuorum = ln.witnessView(epoch), ln.terms.Witnesses.Quorum
	out.Statements, out.KeyChanges = ln.statementsWaiting(), ln.keyChanges()
	out.Consents = ln.consentViews()
	if until, in := ln.window(now); in {
		out.ExerciseUntil = until
	}
	if st.OffsetKnown {
		off, rtt := float64(st.ClockOffset.Microseconds())/1000, float64(st.RTT.Microseconds())/1000
		out.ClockOffsetMS, out.RTTMS = &off, &rtt
	}
	for _, d := range ln.pic.Suspension() {
		out.Suspended = append(out.Suspended, view.Declared{Party: ln.party(d.Side), Officer: d.Officer, Reason: d.Reason, Time: d.Time})
	}
	return out, nil
}
