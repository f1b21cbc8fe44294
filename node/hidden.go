package node

import (
	"context"

	"parley/node/body"
	"parley/node/picture"
	"parley/notice"
	"parley/transcript"
)

// A party that is shown only that a notice is there cannot tell when it lapses, nor whether two
// notices keep their separation. Its author's node says both, and nothing else: so the state of a
// conflict follows from the picture at either node.

// owe notes whether the other party must be told that an own notice lapsed. ln.mu is held.
func (ln *lineNode) owe(n *picture.Notice, s notice.Status) {
	if n.Key.Side != ln.side || !n.Latest().Withheld || !s.Lapsed || n.Lapse() != nil {
		delete(ln.lapsed, n.First)
		return
	}
	ln.lapsed[n.First] = true
	ln.wakeFiler()
}

// oweSeparated notes whether the other party must be told that the notices of a conflict on the
// record keep their separation. ln.mu is held.
func (ln *lineNode) oweSeparated(id string, a, b *picture.Notice, state string) {
	delete(ln.unsaid, id)
	c := ln.pic.Conflict(id)
	if state != "separated" || c == nil || len(c.Filings) == 0 {
		return
	}
	own := a
	if b.Key.Side == ln.side {
		own = b
	}
	if !own.Latest().Withheld {
		return
	}
	if near, said := c.Word(ln.side, a.Latest().Notice.Version, b.Latest().Notice.Version); said && !near {
		return
	}
	ln.unsaid[id] = true
	ln.wakeFiler()
}

// saidTooNear is tooNear of two notices of which this node sees too little of one: by the word of
// that one's author. ln.mu is held.
func (ln *lineNode) saidTooNear(a, b *picture.Notice) bool {
	c := ln.pic.Conflict(body.ConflictID(ln.id, a.First, b.First))
	if c == nil {
		return true
	}
	va, vb := a.Latest(), b.Latest()
	for _, n := range []*picture.Notice{a, b} {
		if n.Latest().Known() {
			continue
		}
		if near, said := c.Word(n.Key.Side, va.Notice.Version, vb.Notice.Version); near || !said {
			return true
		}
	}
	return false
}

// separatedDrafts returns drafts of which conflicts are separated, where the other party cannot
// tell. ln.mu is held.
func (ln *lineNode) separatedDrafts() ([]transcript.Draft, error) {
	var out []transcript.Draft
	for id := range ln.unsaid {
		if len(out) == maxFiledAtOnce {
			break
		}
		a, b := ln.conflictOf(id)
		if ln.withheldAnswer(id, a, b) {
			continue
		}
		d, err := body.Draft(body.KindSeparated, body.Conflict{ID: id, A: ln.told(a, a.Latest().Notice.Version), B: ln.told(b, b.Latest().Notice.Version)})
		if err != nil {
			return nil, err
		}
		d.Drill = ln.apartConflict(id)
		out = append(out, d)
	}
	return out, nil
}

// fileLapses says which own notices lapsed, where the other party cannot tell. No notice changes
// meanwhile: what lapsed cannot be amended.
func (ln *lineNode) fileLapses(ctx context.Context) error {
	ln.filing.Lock()
	defer ln.filing.Unlock()
	for {
		drafts, err := ln.lapseDrafts()
		if err != nil || len(drafts) == 0 {
			return err
		}
		if _, err := ln.append(ctx, drafts...); err != nil {
			return err
		}
	}
}

func (ln *lineNode) lapseDrafts() ([]transcript.Draft, error) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	if !ln.live.Load() {
		return nil, nil
	}
	var out []transcript.Draft
	for first := range ln.lapsed {
		n := ln.pic.NoticeByFirst(first)
		if len(out) == maxFiledAtOnce || n == nil || n.Lapse() != nil || !ln.statusOf(n, ln.node.cfg.Clock.Now()).Lapsed {
			continue
		}
		d, err := stateDraft(body.State{First: first, Event: body.Lapse}, false)
		if err != nil {
			return nil, err
		}
		d.Drill = ln.apart(n)
		out = append(out, d)
	}
	return out, nil
}

// cancelUnseen returns the draft that cancels the own notice which a new one replaces, where the
// other party cannot tell that it does.
func (ln *lineNode) cancelUnseen(who Officer, in notice.Notice) ([]transcript.Draft, error) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	old := ln.pic.Notice(picture.Key{Side: ln.side, ID: in.Supersedes})
	if in.Supersedes == "" || old == nil || !old.Latest().Withheld {
		return nil, nil
	}
	for _, e := range old.Events {
		if e.Event == notice.End || e.Event == notice.Cancel {
			return nil, nil
		}
	}
	d, err := stateDraft(body.State{First: old.First, Event: notice.Cancel, Officer: who.Name, Reason: "replaced by " + in.ID}, false)
	d.Drill = ln.apart(old)
	return []transcript.Draft{d}, err
}

// stateDraft returns the draft of a change of state. The officers and the reason are shown where the
// notice is shown in full, and of a site that is shown at all: who removed it and why is for both.
func stateDraft(s body.State, full bool) (transcript.Draft, error) {
	d, err := body.Draft(body.KindState, s)
	for i := range d.Fields {
		if f := &d.Fields[i]; f.Name == "officer" || f.Name == "reason" || f.Name == "released_by" {
			f.Shown = full
		}
	}
	return d, err
}
