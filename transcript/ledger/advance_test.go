package ledger

import (
	"context"
	"testing"

	"parley/store"
	"parley/transcript"
)

const either Verdict = "taken or old"

func (n *node) advance(a Advance, want Verdict) Outcome {
	n.t.Helper()
	out, err := n.ledger.ReceiveAdvance(n.t.Context(), a)
	if err != nil {
		n.t.Fatal(err)
	}
	if out.Verdict != want && (want != either || (out.Verdict != Taken && out.Verdict != Old)) {
		n.t.Fatalf("verdict %s (%s), want %s", out.Verdict, out.Reason, want)
	}
	return out
}

func (n *node) advances() []Advance {
	n.t.Helper()
	as, err := n.ledger.Advances(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	return as
}

func (n *node) ahead() []Record {
	n.t.Helper()
	rs, err := n.ledger.Ahead(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	return rs
}

func TestAdvanceComesBeforeItsTurnAndIsReceiptedInIt(t *testing.T) {
	a, b := pair(t)
	for range 300 {
		a.append(draft("notice", "x"))
	}
	hold := a.append(draft("hold", "stop"))
	a.append(draft("notice", "y"))
	as := a.advances()
	if len(as) != 1 || as[0].Index != hold[0].Entry.Seq {
		t.Fatalf("%d advances", len(as))
	}
	changed := b.ledger.Changed()
	b.advance(as[0], Taken)
	select {
	case <-changed:
	default:
		t.Error("nobody was told")
	}
	b.advance(as[0], Old)
	ahead := b.ahead()
	if len(ahead) != 1 || !ahead[0].Ahead || ahead[0].Entry.Kind != "hold" || len(ahead[0].Disclosures) != 1 {
		t.Fatalf("%+v", ahead)
	}
	b.stop()
	b = start(t, transcript.B, b.store, b.clock, notRestored)
	if got := b.ahead(); len(got) != 1 {
		t.Fatalf("%d ahead after a restart", len(got))
	}
	settle(t, a, b)
	sameCopies(t, a, b)
	if got := b.ahead(); len(got) != 0 {
		t.Errorf("%d ahead when all came", len(got))
	}
	if got := a.advances(); len(got) != 0 {
		t.Errorf("%d advances when all is receipted", len(got))
	}
	b.advance(as[0], Old)
}

func TestAdvanceIsTakenBeforeAnythingIsConfirmed(t *testing.T) {
	a, _ := pair(t)
	a.append(draft("distress", "mayday"))
	b := start(t, transcript.B, newMemStore(), a.clock)
	b.advance(a.advances()[0], Taken)
	if len(b.ahead()) != 1 {
		t.Error("not seen")
	}
}

func TestAdvanceThatDoesNotHold(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "x"))
	a.append(draft("hold", "stop"))
	good := a.advances()[0]
	for name, change := range map[string]func(a *Advance){
		"another index":       func(a *Advance) { a.Index = 0 },
		"withheld disclosure": func(a *Advance) { a.Entry.Disclosures = nil },
		"no proof":            func(a *Advance) { a.Proof = nil },
		"long proof":          func(a *Advance) { a.Proof = make([]transcript.Hash, 1000) },
		"no head":             func(a *Advance) { a.Head = nil },
		"other origin":        func(a *Advance) { a.Origin.Epoch = 2 },
	} {
		p := clone(Parcel{Head: good.Head, Entries: []transcript.Sealed{good.Entry}})
		bad := Advance{Origin: good.Origin, Head: p.Head, Index: good.Index, Entry: p.Entries[0], Proof: good.Proof}
		change(&bad)
		t.Run(name, func(t *testing.T) { b.t = t; b.advance(bad, Unsound) })
	}
	if len(b.ahead()) != 0 {
		t.Error("something was kept")
	}
}

func (f *forger) advance(t *testing.T, index int64) Advance {
	t.Helper()
	h := f.head(t)
	proof, err := transcript.ProveEntry(h.Size, index, f.hashes)
	if err != nil {
		t.Fatal(err)
	}
	return Advance{Origin: f.origin, Head: h.Note, Index: index, Entry: f.entries[index], Proof: proof}
}

func TestAdvanceThatDiffersFromItsEntryIsAFork(t *testing.T) {
	// Each case is what b gets: by the honest forger h and by the liar l, who part after entry 0.
	cases := map[string]func(t *testing.T, b *node, h, l *forger){
		"advance, then another entry under a larger head": func(t *testing.T, b *node, h, l *forger) {
			b.advance(l.advance(t, 1), Taken)
			h.say(t, "notice", "three")
			h.say(t, "notice", "four")
			h.say(t, "notice", "five")
			b.receive(h.parcel(t, 0), Forked)
		},
		"advance, then another entry under a smaller head": func(t *testing.T, b *node, h, l *forger) {
			for range 5 {
				l.say(t, "notice", "more")
			}
			b.advance(l.advance(t, 1), Taken)
			b.receive(h.parcel(t, 0), Forked)
		},
		"entry, then another advance under a smaller head": func(t *testing.T, b *node, h, l *forger) {
			h.say(t, "notice", "three")
			h.say(t, "notice", "four")
			b.receive(h.parcel(t, 0), Taken)
			b.advance(l.advance(t, 1), Forked)
		},
		"entry, then another advance under a larger head": func(t *testing.T, b *node, h, l *forger) {
			b.receive(h.parcel(t, 0), Taken)
			for range 5 {
				l.say(t, "notice", "more")
			}
			b.advance(l.advance(t, 1), Forked)
		},
		"two advances": func(t *testing.T, b *node, h, l *forger) {
			b.advance(h.advance(t, 1), Taken)
			b.advance(l.advance(t, 1), Forked)
		},
		"an honest entry under a head of another tree": func(t *testing.T, b *node, h, l *forger) {
			b.advance(l.advance(t, 0), Taken)
			b.receive(h.parcel(t, 0), Forked)
		},
		"the same, found when the copy reaches that head": func(t *testing.T, b *node, h, l *forger) {
			l.say(t, "notice", "three'")
			b.advance(l.advance(t, 0), Taken)
			b.receive(h.parcel(t, 0), Taken)
			h.say(t, "notice", "three")
			b.receive(h.parcel(t, 2), Forked)
		},
	}
	for name, run := range cases {
		t.Run(name, func(t *testing.T) {
			b := start(t, transcript.B, newMemStore(), newClock(), notRestored)
			h, l := newForger(transcript.A, 1, b.clock), newForger(transcript.A, 1, b.clock)
			l.add(h.say(t, "notice", "one"))
			h.say(t, "hold", "stop")
			l.say(t, "hold", "go on")
			run(t, b, h, l)
			provesFork(t, b, transcript.A)
		})
	}
}

func TestAdvanceOfTheNextEpochIsSeenAtOnce(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	settle(t, a, b)
	if err := a.ledger.CloseEpoch(t.Context(), "a test"); err != nil {
		t.Fatal(err)
	}
	if _, err := a.ledger.NextEpoch(t.Context(), draft("hold", "stop")); err != nil {
		t.Fatal(err)
	}
	b.advance(a.advances()[0], Taken)
	if got := b.ahead(); len(got) != 1 || got[0].Origin.Epoch != 2 {
		t.Fatalf("%+v", got)
	}
	settle(t, a, b)
	if got := b.ahead(); len(got) != 0 {
		t.Errorf("%d ahead", len(got))
	}
}

// afterCommit calls f when a commit is durable and its caller does not know it yet.
type afterCommit struct {
	store.Store
	f func()
}

func (s *afterCommit) Commit(ctx context.Context, t store.Txn) (store.Revision, error) {
	rev, err := s.Store.Commit(ctx, t)
	if s.f != nil {
		s.f()
	}
	return rev, err
}

// TestAheadWhileTheEntryArrives reads the advance copies at the instant at which the entry is durable
// in its turn and the copy is gone from the disk, and the ledger has not been told.
func TestAheadWhileTheEntryArrives(t *testing.T) {
	a, b := pair(t)
	b.stop()
	s := &afterCommit{Store: b.store}
	b = start(t, transcript.B, s, b.clock, notRestored)
	a.append(draft("hold", "stop"))
	b.advance(a.advances()[0], Taken)
	s.f = func() {
		if got := b.ahead(); len(got) != 0 {
			t.Errorf("%d ahead of an entry that is there", len(got))
		}
	}
	settle(t, a, b)
	s.f = nil
	sameCopies(t, a, b)
}
