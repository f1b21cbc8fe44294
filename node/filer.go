package node

import (
	"context"
	"time"

	"parley/fault"
	"parley/node/body"
	"parley/node/picture"
	"parley/transcript"
)

// otherFiles is how long a node leaves it to the other to file a conflict that the other's own
// filing brought about, before it files it itself.
const otherFiles = 10 * time.Second

// runFiler puts the conflicts found on the record. Either side may file one and it is open for
// both; so that not both file every time, the side that could compute it when it filed its notice
// does, and side a where the two notices crossed on the line.
func (ln *lineNode) runFiler(ctx context.Context) error {
	for {
		tick, stop := ln.node.cfg.Clock.Timer(otherFiles / 2)
		select {
		case <-ctx.Done():
			stop()
			return context.Cause(ctx)
		case <-ln.wake:
		case <-tick:
		}
		stop()
		if err := ln.recordClock(ctx); err != nil && ctx.Err() == nil {
			ln.log.Warn("clock offset not on the record yet", "err", err)
		}
		if err := ln.recordTakenBack(ctx); err != nil && ctx.Err() == nil {
			ln.log.Warn("what was taken back is not on the record yet", "err", err)
		}
		if err := ln.fileAll(ctx); err != nil && ctx.Err() == nil {
			// A ledger that may not sign yet, or has failed: the conflict is shown all the same, and
			// filed at a later tick.
			ln.log.Warn("conflicts not on the record yet", "err", err)
		}
	}
}

// fileAll files what this side should file now, and waits until it is in the picture.
func (ln *lineNode) fileAll(ctx context.Context) error {
	if err := ln.fileLapses(ctx); err != nil {
		return err
	}
	for {
		drafts, err := ln.unfiled(ln.node.cfg.Clock.Now())
		if err != nil || len(drafts) == 0 {
			return err
		}
		if _, err := ln.append(ctx, drafts...); err != nil || len(drafts) < maxFiledAtOnce {
			return err
		}
	}
}

// wakeFiler says that there is something to file.
func (ln *lineNode) wakeFiler() {
	select {
	case ln.wake <- struct{}{}:
	default:
	}
}

// maxFiledAtOnce keeps one batch of conflicts within a commit.
const maxFiledAtOnce = 64

// unfiled returns drafts for the conflicts that this side should file now.
func (ln *lineNode) unfiled(now time.Time) ([]transcript.Draft, error) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	if !ln.live.Load() {
		return nil, nil
	}
	out, err := ln.separatedDrafts()
	if err != nil {
		return nil, err
	}
	for id := range ln.open {
		if len(out) >= maxFiledAtOnce {
			break
		}
		f := ln.found[id]
		if f == nil || !f.stands || ln.onRecord(f) || ln.withheldAnswer(id, f.a, f.b) || !(ln.filesFirst(f) || now.Sub(f.at) >= otherFiles) {
			continue
		}
		d, err := body.Draft(body.KindConflict, ln.conflictBody(f))
		if err != nil {
			return nil, err
		}
		d.Drill = ln.apartConflict(id)
		out = append(out, d)
	}
	return out, nil
}

func (ln *lineNode) filesFirst(f *found) bool {
	return f.byOwn || !ln.otherSees(f) || (ln.side == transcript.A && !otherHeld(f))
}

// otherHeld reports whether side b held side a's version when it said its own, and so computes
// the conflict itself.
func otherHeld(f *found) bool {
	if f.va.Origin.Side != transcript.A { // side b heard it by voice, and computed it then
		return true
	}
	if f.va.Origin.Epoch != f.vb.Origin.Epoch {
		return f.vb.Origin.Epoch > f.va.Origin.Epoch
	}
	for i := range f.b.Versions {
		if v := &f.b.Versions[i]; v.Ref == f.vb {
			return v.Seen > f.va.Seq
		}
	}
	return false
}

// ownOf returns the own notice of a conflict.
func (ln *lineNode) ownOf(f *found) *picture.Notice {
	if f.a.Key.Side == ln.side {
		return f.a
	}
	return f.b
}

// otherSees reports whether the other party is shown enough of the own notice to compute it too.
func (ln *lineNode) otherSees(f *found) bool {
	return !ln.ownOf(f).Latest().Withheld
}

// onRecord reports whether a side filed this conflict for these two versions, and this one has not
// said since that they keep their separation.
func (ln *lineNode) onRecord(f *found) bool {
	c := ln.pic.Conflict(f.id)
	if c == nil {
		return false
	}
	a, b := version(f.a, f.va), version(f.b, f.vb)
	if near, said := c.Word(ln.side, a, b); said {
		return near
	}
	near, _ := c.Word(ln.side.Other(), a, b)
	return near
}

func version(n *picture.Notice, r body.Ref) int {
	for i := range n.Versions {
		if n.Versions[i].Ref == r {
			return n.Versions[i].Notice.Version
		}
	}
	return 0
}

// conflictBody says a conflict for the record. What the other party may not see is left out.
func (ln *lineNode) conflictBody(f *found) body.Conflict {
	c := body.Conflict{ID: f.id, A: ln.told(f.a, version(f.a, f.va)), B: ln.told(f.b, version(f.b, f.vb))}
	if !ln.otherSees(f) {
		return c
	}
	h := f.pair.Worst()
	seconds := h.Gap.Time.Seconds()
	c.LateralM, c.VerticalM, c.TimeS = &h.Gap.LateralM, &h.Gap.VerticalM, &seconds
	c.From, c.Until = h.Window.Start, h.Window.End
	return c
}

// told names one of the two notices of a conflict, as far as the other party may know its name.
func (ln *lineNode) told(n *picture.Notice, v int) body.Party {
	p := body.Party{First: n.First, Notice: n.Key.ID, Version: v}
	if n.Key.Side == ln.side && n.Latest().Withheld {
		p.Notice = ""
	}
	return p
}

// append seals drafts for an officer's command and waits until they are in the picture.
func (ln *lineNode) append(ctx context.Context, drafts ...transcript.Draft) ([]body.Ref, error) {
	recs, err := ln.led.Append(ctx, drafts...)
	if err != nil {
		return nil, err
	}
	refs := make([]body.Ref, 0, len(recs))
	for _, r := range recs {
		refs = append(refs, body.Ref{Origin: r.Origin, Seq: r.Entry.Seq})
	}
	if len(refs) == 0 {
		return nil, fault.Newf(fault.Internal, "node.append", "nothing was appended")
	}
	return refs, ln.await(ctx, refs[len(refs)-1])
}
