package ledger

import (
	"context"
	"errors"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// KindEpoch is the kind of the first entry of a transcript in every epoch but the first. Its body
// names the heads at which both transcripts of the epoch before stood.
const KindEpoch = transcript.KindEpoch

// epochState is the open epoch as it is stored.
type epochState struct {
	Version int     `json:"v"`
	Epoch   int64   `json:"epoch"`
	Closed  string  `json:"closed,omitzero"`  // why nothing more enters it
	Verdict Verdict `json:"verdict,omitzero"` // what a parcel for it is answered
}

func loadEpoch(ctx context.Context, v store.View, k keys) (epochState, store.Revision, error) {
	it, err := v.Get(ctx, k.state())
	if errors.Is(err, store.ErrNotFound) {
		return epochState{Version: 1, Epoch: 1}, 0, nil
	}
	if err != nil {
		return epochState{}, 0, fault.Wrap(fault.Unavailable, "ledger.open", err)
	}
	var s epochState
	if err := json.Unmarshal(it.Value, &s); err != nil || s.Version != 1 || s.Epoch < 1 {
		return epochState{}, 0, fault.Newf(fault.Corrupt, "ledger.open", "the state of the line's epochs cannot be read")
	}
	return s, it.Revision, nil
}

func (s epochState) put(k keys) (store.Put, error) {
	b, err := json.Marshal(s)
	return store.Put{Key: k.state(), Value: b}, fault.Wrap(fault.Internal, "ledger.epoch", err)
}

// guard demands that no other process closed or opened an epoch.
func (s snapshot) guard(k keys) store.Guard { return store.Guard{Key: k.state(), Revision: s.epochRev} }

// Epoch returns the open epoch, and why it is closed, "" while it is open.
func (l *Ledger) Epoch() (epoch int64, closed string) {
	s := l.now()
	return s.epoch.Epoch, s.epoch.Closed
}

// CloseEpoch closes the open epoch: nothing more is appended to or taken into it.
func (l *Ledger) CloseEpoch(ctx context.Context, reason string) error {
	if reason == "" {
		return fault.New("reason", "", "must say why the epoch is closed", "give a reason")
	}
	l.otherMu.Lock()
	defer l.otherMu.Unlock()
	l.ownMu.Lock()
	defer l.ownMu.Unlock()
	return l.closeEpoch(ctx, reason, Old, nil)
}

// closeEpoch closes the open epoch, once, and keeps evidence with it. The caller holds otherMu
// and ownMu.
func (l *Ledger) closeEpoch(ctx context.Context, reason string, verdict Verdict, ev *Evidence) error {
	s := l.now()
	p := packer{keys: l.keys}
	var t store.Txn
	enough, past := false, false
	if ev != nil {
		var err error
		if enough, err = l.enoughEvidence(ctx, ev); err != nil {
			return err
		}
		past = ev.Origin.Epoch < s.epoch.Epoch
	}
	if ev != nil && !enough {
		put, err := ev.put(&p, l.keys)
		if err != nil {
			return err
		}
		if err := l.storeChunks(ctx, p.chunks); err != nil {
			return err
		}
		t.Puts = append(t.Puts, put)
	}
	next := s.epoch
	if next.Closed == "" && !past {
		next.Closed, next.Verdict = reason, verdict
		put, err := next.put(l.keys)
		if err != nil {
			return err
		}
		t.Puts = append(t.Puts, put)
		t.Guards = append(t.Guards, s.guard(l.keys))
	}
	if len(t.Puts) == 0 {
		return nil
	}
	rev, err := l.commit(ctx, t)
	if err != nil {
		return err
	}
	if len(t.Guards) > 0 {
		l.cfg.Log.Warn("epoch closed", "line", l.cfg.Line, "epoch", next.Epoch, "reason", reason)
	}
	l.publish(func() {
		if len(t.Guards) > 0 {
			l.epoch, l.epochRev = next, rev
		}
		if ev == nil {
			return
		}
		if !past && !enough {
			l.evidence++
		}
		l.forked = l.forked || (!past && ev.Kind != EvidenceBreach)
		l.taint(ev)
	})
	return nil
}

// NextEpoch opens the epoch after a closed one and appends the entry that names the old heads,
// with drafts after it. Where the peer opened it already, only the drafts are appended.
func (l *Ledger) NextEpoch(ctx context.Context, drafts ...transcript.Draft) ([]Record, error) {
	if err := l.openNext(ctx); err != nil {
		return nil, err
	}
	if len(drafts) == 0 {
		return nil, l.do(ctx, &request{})
	}
	return l.Append(ctx, drafts...)
}

func (l *Ledger) openNext(ctx context.Context) error {
	l.otherMu.Lock()
	defer l.otherMu.Unlock()
	if err := l.maySign("ledger.epoch"); err != nil {
		return err
	}
	l.ownMu.Lock()
	defer l.ownMu.Unlock()
	if err := l.keepReceipts(ctx); err != nil {
		return err
	}
	s := l.now()
	if s.epoch.Closed == "" {
		return nil
	}
	put, err := epochState{Version: 1, Epoch: s.epoch.Epoch + 1}.put(l.keys)
	if err != nil {
		return err
	}
	rev, err := l.commit(ctx, store.Txn{Guards: []store.Guard{s.guard(l.keys)}, Puts: []store.Put{put}})
	if err != nil {
		return err
	}
	l.publish(func() { l.enter(s.epoch.Epoch+1, rev) })
	return nil
}

// enter moves to an epoch whose state is durable, with both transcripts empty. The caller holds all
// three locks.
func (l *Ledger) enter(epoch int64, rev store.Revision) {
	l.leaveAhead()
	for old := l.other.have(); old.Epoch < epoch && l.missing == (Have{}); old = (Have{Epoch: old.Epoch + 1}) {
		if !l.tainted[old.Epoch] {
			l.missing = old
		}
	}
	if l.owed == (Have{}) && l.own.receipt.Size < l.own.size() && !l.tainted[l.own.origin.Epoch] {
		l.owed = Have{Epoch: l.own.origin.Epoch, Size: l.own.receipt.Size}
	}
	o := l.origin(epoch)
	l.epoch, l.epochRev = epochState{Version: 1, Epoch: epoch}, rev
	l.own = &half{origin: o, keys: l.keys.side(o)}
	l.other = &half{origin: o.Other(), keys: l.keys.side(o.Other())}
	l.urgent, l.backOff, l.ownBackOff, l.forked, l.evidence = nil, 0, 0, false, 0
}

// epochDraft names the heads at which the two transcripts of the epoch before stood.
func (l *Ledger) epochDraft(ctx context.Context, s snapshot) (transcript.Draft, error) {
	v, err := l.view(ctx)
	if err != nil {
		return transcript.Draft{}, err
	}
	defer v.Close()
	d := transcript.Draft{Kind: KindEpoch}
	old := l.origin(s.epoch.Epoch - 1)
	for _, o := range []transcript.Origin{old, old.Other()} {
		head, err := topHead(ctx, v, l.keys, o, s.keysOf(o.Side))
		if err != nil {
			return transcript.Draft{}, err
		}
		value, err := jsontext.AppendQuote(nil, headText(o, head))
		if err != nil {
			return transcript.Draft{}, fault.Wrap(fault.Internal, "ledger.epoch", err)
		}
		d.Fields = append(d.Fields, transcript.Field{Name: "head-" + string(o.Side), Value: value, Shown: true})
	}
	return d, nil
}

// headText is a head as the first entry of the next epoch names it: origin, size and root, with
// spaces between.
func headText(o transcript.Origin, h transcript.Head) string {
	root := h.Root
	if h.Size == 0 {
		root = transcript.EmptyRoot()
	}
	return o.String() + " " + strconv.FormatInt(h.Size, 10) + " " + root.String()
}
