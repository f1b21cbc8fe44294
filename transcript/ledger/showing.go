package ledger

import (
	"bytes"
	"context"
	"slices"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// showing is the evidence about one transcript in the forms that anyone can check.
type showing struct {
	forks    []transcript.Fork
	foreigns []transcript.Foreign
	breaches []transcript.Breach
}

// write writes what is shown at the end of its transcript, the same once.
func (s *showing) write(b *transcript.BundleWriter) error {
	if s == nil {
		return nil
	}
	for _, f := range inOrder(s.forks) {
		if err := b.Fork(f); err != nil {
			return err
		}
	}
	for _, f := range inOrder(s.foreigns) {
		if err := b.Foreign(f); err != nil {
			return err
		}
	}
	for _, e := range inOrder(s.breaches) {
		if err := b.Breach(e); err != nil {
			return err
		}
	}
	return nil
}

// inOrder sorts evidence by its bytes, as a bundle has it, and leaves out what is there twice.
func inOrder[E interface{ Encode() []byte }](list []E) []E {
	compare := func(a, b E) int { return bytes.Compare(a.Encode(), b.Encode()) }
	slices.SortFunc(list, compare)
	return slices.CompactFunc(list, func(a, b E) bool { return compare(a, b) == 0 })
}

// showings returns all evidence held, by the transcript that it is about. What no longer holds under
// the keys of today is logged and left out: it must not keep the rest from being shown.
func (l *Ledger) showings(ctx context.Context, v store.View, s snapshot) (map[transcript.Origin]*showing, error) {
	list, err := evidences(ctx, v, l.keys, l.keys.evidence())
	if err != nil {
		return nil, err
	}
	out := map[transcript.Origin]*showing{}
	at := func(o transcript.Origin) *showing {
		if out[o] == nil {
			out[o] = &showing{}
		}
		return out[o]
	}
	for _, ev := range list {
		if err := l.show(ev, s, at); err != nil {
			l.cfg.Log.Error("evidence is kept and cannot be exported", "line", l.cfg.Line, "kind", ev.Kind, "reason", ev.Reason, "error", err)
		}
	}
	return out, nil
}

func (l *Ledger) show(ev Evidence, s snapshot, at func(transcript.Origin) *showing) error {
	keys, others := s.keysOf(ev.Origin.Side), s.keysOf(ev.Origin.Side.Other())
	switch ev.Kind {
	case EvidenceFork:
		f, err := showFork(ev, keys)
		if err == nil {
			sh := at(f.First.Origin)
			sh.forks = append(sh.forks, f)
		}
		return err
	case EvidenceForeign:
		f, err := showForeign(ev, others)
		if err == nil {
			o, _ := f.About()
			at(o).foreigns = append(at(o).foreigns, f)
		}
		return err
	case EvidenceBreach:
		h, err := transcript.OpenHead(ev.Offered, keys...)
		if err != nil {
			return err
		}
		author := l.cfg.Peer
		if ev.Origin.Side == l.cfg.Side {
			author = l.cfg.Author
		}
		b, err := transcript.NewBreach(transcript.Breach{Head: h, Index: ev.Index, Entry: ev.Entry, Proof: ev.InOffered,
			Before: ev.Other, BeforeProof: ev.InHeld, Disclosures: ev.Disclosures}, author)
		if err == nil {
			at(h.Origin).breaches = append(at(h.Origin).breaches, b)
		}
		return err
	}
	return fault.Newf(fault.Corrupt, "ledger.export", "evidence of the kind %q is not known", ev.Kind)
}

func showFork(ev Evidence, keys []transcript.LineKey) (transcript.Fork, error) {
	if len(ev.Fork) > 0 {
		return transcript.ParseFork(ev.Fork, keys...)
	}
	held, err := transcript.OpenHead(ev.Held, keys...)
	if err != nil {
		return transcript.Fork{}, err
	}
	offered, err := transcript.OpenHead(ev.Offered, keys...)
	if err != nil {
		return transcript.Fork{}, err
	}
	return transcript.NewForkAt(held, offered, transcript.ForkedEntry{Index: ev.Index,
		First: transcript.RecordHash(ev.Other), InFirst: ev.InHeld,
		Second: transcript.RecordHash(ev.Entry), InSecond: ev.InOffered})
}

func showForeign(ev Evidence, keys []transcript.LineKey) (transcript.Foreign, error) {
	if len(ev.Entry) == 0 {
		r, err := transcript.OpenReceipt(ev.Offered, keys...)
		if err != nil {
			return transcript.Foreign{}, err
		}
		return transcript.NewForeign(r)
	}
	h, err := transcript.OpenHead(ev.Offered, keys...)
	if err != nil {
		return transcript.Foreign{}, err
	}
	return transcript.NewForeignEntry(h, ev.Index, ev.Entry, ev.InOffered)
}
