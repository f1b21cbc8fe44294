package node

import (
	"context"

	"parley/agreement"
	"parley/node/body"
	"parley/node/view"
	"parley/notice"
	"parley/transcript"
	"parley/transcript/ledger"
)

// recallReleases notes of each command that waits and is on the record that it was released: the node
// stopped after it was said and before it noted that.
func (n *Node) recallReleases(ctx context.Context) {
	n.releasing.Lock()
	defer n.releasing.Unlock()
	n.mu.Lock()
	all := append([]prepared(nil), n.releases...)
	n.mu.Unlock()
	for _, p := range all {
		if p.State != view.ReleasePending {
			continue
		}
		if _, err := n.recallRelease(ctx, p); err != nil {
			n.cfg.Log.Warn("whether a release was said cannot be noted yet", "id", p.ID, "err", err)
		}
	}
}

// recallRelease is recallReleases for one. n.releasing is held.
func (n *Node) recallRelease(ctx context.Context, p prepared) (prepared, error) {
	ln := n.lines[p.Line]
	if ln == nil {
		return p, nil
	}
	for rec, err := range ln.led.Records(ctx, p.After) {
		if err != nil {
			return p, err
		}
		by := ln.saidPrepared(rec, &p)
		if by == "" {
			continue
		}
		p.State, p.DecidedBy, p.Decided = view.ReleaseReleased, by, rec.Entry.Time
		return p, n.keep(ctx, p)
	}
	return p, nil
}

// saidPrepared returns who released a command, where an entry says it; "" where it does not.
func (ln *lineNode) saidPrepared(rec ledger.Record, p *prepared) string {
	kind := body.KindState
	switch {
	case forCopy(p.Release):
		return ""
	case p.Action == string(agreement.ActionStatement):
		kind = body.KindStatement
	case p.Event == "":
		kind = body.KindAgreement
	}
	if rec.Origin.Side != ln.side || rec.Entry.Kind != kind || rec.Entry.Time.Before(p.Prepared) {
		return ""
	}
	fields, err := transcript.Disclosed(rec.Entry, rec.Disclosures)
	if err != nil {
		return ""
	}
	var b struct {
		ID         string       `json:"id"`
		First      body.Ref     `json:"first"`
		Event      notice.Event `json:"event"`
		Officer    string       `json:"officer"`
		ReleasedBy string       `json:"released_by"`
	}
	if err := body.Read(fields, &b); err != nil || b.Officer != p.PreparedBy || b.Event != p.Event {
		return ""
	}
	if kind == body.KindState {
		ln.mu.RLock()
		defer ln.mu.RUnlock()
		if of := ln.pic.NoticeByFirst(b.First); of != nil && of.Key.Side == ln.side {
			b.ID = of.Key.ID
		}
	}
	if b.ID != p.Subject {
		return ""
	}
	return b.ReleasedBy
}
