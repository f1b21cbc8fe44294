package node

import (
	"context"
	"time"

	"parley/agreement"
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
		drafts, err := ln.unfiled(ln.node.cfg.Clock.Now())
		if err == nil && len(drafts) > 0 {
			_, err = ln.led.Append(ctx, drafts...)
		}
		if err != nil && ctx.Err() == nil {
			// A ledger that may not sign yet, or has failed: the conflict is shown all the same, and
			// filed at a later tick.
			ln.log.Warn("conflicts not on the record yet", "count", len(drafts), "err", err)
		}
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
	var out []transcript.Draft
	for _, f := range ln.found {
		if !f.stands || ln.onRecord(f) || !(ln.filesFirst(f) || now.Sub(f.at) >= otherFiles) {
			continue
		}
		d, err := body.Draft(body.KindConflict, ln.conflictBody(f))
		if err != nil {
			return nil, err
		}
		if out = append(out, d); len(out) == maxFiledAtOnce {
			break
		}
	}
	return out, nil
}

func (ln *lineNode) filesFirst(f *found) bool {
	return f.byOwn || !ln.otherSees(f) || (ln.side == transcript.A && !otherHeld(f))
}

// otherHeld reports whether side b held side a's version when it said its own, and so computes
// the conflict itself.
func otherHeld(f *found) bool {
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
	kind := ln.ownOf(f).Latest().Notice.Kind
	return ln.terms.LevelOf(ln.node.cfg.Party, kind) != agreement.Alert
}

// onRecord reports whether a side filed this conflict for these two versions.
func (ln *lineNode) onRecord(f *found) bool {
	c := ln.pic.Conflict(f.id)
	if c == nil {
		return false
	}
	for _, x := range c.Filings {
		if x.A.Version == version(f.a, f.va) && x.B.Version == version(f.b, f.vb) {
			return true
		}
	}
	return false
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
	c := body.Conflict{
		ID: f.id,
		A:  body.Party{First: f.a.First, Notice: f.a.Key.ID, Version: version(f.a, f.va)},
		B:  body.Party{First: f.b.First, Notice: f.b.Key.ID, Version: version(f.b, f.vb)},
	}
	if !ln.otherSees(f) {
		if f.a.Key.Side == ln.side {
			c.A.Notice = ""
		} else {
			c.B.Notice = ""
		}
		return c
	}
	h := f.pair.Worst()
	seconds := h.Gap.Time.Seconds()
	c.LateralM, c.VerticalM, c.TimeS = &h.Gap.LateralM, &h.Gap.VerticalM, &seconds
	c.From, c.Until = h.Window.Start, h.Window.End
	return c
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
