package ledger

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// loadEvidence reads of which epochs and transcripts there is evidence.
func (l *Ledger) loadEvidence(ctx context.Context, v store.View) error {
	evs, err := evidences(ctx, v, l.keys, l.keys.evidence())
	if err != nil {
		return err
	}
	for i := range evs {
		ev := &evs[i]
		l.taint(ev)
		if ev.Origin.Epoch == l.epoch.Epoch {
			l.evidence++
			l.forked = l.forked || ev.Kind != EvidenceBreach
		}
	}
	return nil
}

// taint notes of what there is evidence. The caller holds mu.
func (l *Ledger) taint(ev *Evidence) {
	l.tainted[ev.Origin.Epoch] = true
	if len(ev.Fork) > 0 {
		l.proven[ev.Origin] = true
	}
}

func (l *Ledger) isTainted(epoch int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tainted[epoch]
}

func (l *Ledger) isProven(o transcript.Origin) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.proven[o]
}

// enoughEvidence reports whether more of an epoch would prove nothing new. The first proof of a fork
// always does.
func (l *Ledger) enoughEvidence(ctx context.Context, ev *Evidence) (bool, error) {
	l.mu.Lock()
	n, open := l.evidence, l.epoch.Epoch
	first := len(ev.Fork) > 0 && !l.proven[ev.Origin]
	l.mu.Unlock()
	if first || ev.Origin.Epoch >= open {
		return !first && n >= maxEvidence, nil
	}
	v, err := l.view(ctx)
	if err != nil {
		return false, err
	}
	defer v.Close()
	evs, err := evidences(ctx, v, l.keys, l.keys.evidence()+number(ev.Origin.Epoch)+"/")
	return len(evs) >= maxEvidence, err
}

// Proven lists the transcripts of which a fork is proved here: see Proof.
func (l *Ledger) Proven() []transcript.Origin {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.proven) == 0 {
		return nil
	}
	out := make([]transcript.Origin, 0, len(l.proven))
	for o := range l.proven {
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b transcript.Origin) int {
		return cmp.Or(cmp.Compare(a.Epoch, b.Epoch), cmp.Compare(a.Side, b.Side))
	})
	return out
}

// Proof returns what proves to anyone that a transcript has forked, as transcript.ParseFork reads it:
// both parties shall hold it, so that both copies say the same.
func (l *Ledger) Proof(ctx context.Context, o transcript.Origin) ([]byte, error) {
	evs, err := l.Evidences(ctx)
	if err != nil {
		return nil, err
	}
	for i := range evs {
		if evs[i].Origin == o && len(evs[i].Fork) > 0 {
			return evs[i].Fork, nil
		}
	}
	return nil, fault.Newf(fault.NotFound, "ledger.proof", "no fork of %s is proved", o)
}

// ReceiveProof keeps a peer's proof of a fork, of either transcript, as evidence, and closes the open
// epoch where it is of that. It believes nothing: both heads must bear signatures by line keys of the
// transcript's author that counted at the heads' times. It signs nothing.
func (l *Ledger) ReceiveProof(ctx context.Context, text []byte) (Outcome, error) {
	l.otherMu.Lock()
	defer l.otherMu.Unlock()
	l.ownMu.Lock()
	defer l.ownMu.Unlock()
	if err := l.Err(); err != nil {
		return Outcome{}, err
	}
	s := l.now()
	out := Outcome{Verdict: Old, Have: l.have()}
	f, err := l.openProof(s, text)
	switch o := f.First.Origin; {
	case err != nil:
		out.Verdict, out.Reason = Unsound, err.Error()
		return out, nil
	case o.Epoch > s.epoch.Epoch:
		out.Verdict, out.Reason = Missing, "the proof is of an epoch that is not open here yet"
		return out, nil
	case l.isProven(o):
		return out, nil
	}
	ev := &Evidence{Kind: EvidenceFork, Origin: f.First.Origin, Reason: "the other party's proof: " + f.String(),
		HeldAt: l.cfg.Clock.Now(), Held: f.First.Note, Offered: f.Second.Note, Fork: bytes.Clone(text)}
	if err := l.closeEpoch(ctx, ev.Reason, Forked, ev); err != nil {
		return Outcome{}, err
	}
	out.Verdict, out.Reason, out.Have = Forked, ev.Reason, l.have()
	return out, nil
}

// openProof reads a proof against the keys of the side that it accuses.
func (l *Ledger) openProof(s snapshot, text []byte) (f transcript.Fork, err error) {
	for _, side := range []transcript.Side{l.cfg.Side, l.cfg.Side.Other()} {
		keys := s.ownKeys
		if side != l.cfg.Side {
			keys = s.peerKeys
		}
		if f, err = transcript.ParseFork(text, keys...); err != nil {
			continue
		}
		if f.First.Origin.Line != l.cfg.Line || f.First.Origin.Side != side {
			return f, fault.Newf(fault.Corrupt, "ledger.proof", "is of %s, signed by another side", f.First.Origin)
		}
		for _, h := range []transcript.Head{f.First, f.Second} {
			if !counts(keys, h.Key, h.Time) {
				return f, fault.Newf(fault.Corrupt, "ledger.proof", "a head is signed by a key that did not count at its time")
			}
		}
		return f, nil
	}
	return f, err
}
