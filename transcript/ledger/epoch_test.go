package ledger

import (
	"strings"
	"testing"

	"parley/fault"
	"parley/transcript"
)

func TestNextEpochNamesTheOldHeads(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	b.append(draft("notice", "two"))
	settle(t, a, b)
	a.append(draft("notice", "not delivered"))
	if err := a.ledger.CloseEpoch(t.Context(), "a test"); err != nil {
		t.Fatal(err)
	}
	if _, err := a.ledger.Append(t.Context(), draft("notice", "x")); !fault.Is(err, fault.Mismatch) {
		t.Fatalf("appended to a closed epoch: %v", err)
	}
	heads := map[string]transcript.Head{}
	own, other := a.ledger.Heads()
	heads["head-a"], heads["head-b"] = own, other
	rs, err := a.ledger.NextEpoch(t.Context(), draft("hold", "stop"))
	if err != nil || len(rs) != 1 || rs[0].Entry.Seq != 1 || rs[0].Origin.Epoch != 2 {
		t.Fatalf("%+v, %v", rs, err)
	}
	settle(t, a, b)
	first, err := b.ledger.Record(t.Context(), transcript.Origin{Line: lineID(), Epoch: 2, Side: transcript.A}, 0)
	if err != nil || first.Entry.Kind != KindEpoch {
		t.Fatalf("%+v, %v", first, err)
	}
	_, fields, err := transcript.Open(transcript.Sealed{Bytes: first.Bytes, Disclosures: first.Disclosures})
	if err != nil || len(fields) != 2 {
		t.Fatalf("%v, %v", fields, err)
	}
	for _, f := range fields {
		h := heads[f.Name]
		if want := `"` + headText(h.Origin, h) + `"`; string(f.Value) != want || !strings.Contains(want, "/1/") {
			t.Errorf("%s is %s, want %s", f.Name, f.Value, want)
		}
	}
	// The other party moved too, and opened its own transcript.
	for _, n := range []*node{a, b} {
		if err := n.ledger.do(t.Context(), &request{}); err != nil { // after what the move asked for
			t.Fatal(err)
		}
		if s := n.ledger.Standing(); s.Own.Epoch != 2 || s.Held.Epoch != 2 || s.Own.Size < 1 || s.Closed {
			t.Errorf("%s stands at %+v", n.side, s)
		}
	}
	n := 0
	for r, err := range a.ledger.Undelivered(t.Context(), 1) {
		if err != nil || r.Entry.Seq != 1 {
			t.Errorf("%d, %v", r.Entry.Seq, err)
		}
		n++
	}
	if n != 1 {
		t.Errorf("%d undelivered in the closed epoch", n)
	}
	b.stop()
	if s := start(t, transcript.B, b.store, b.clock).ledger.Standing(); s.Own.Epoch != 2 {
		t.Errorf("opened at %+v", s)
	}
}

func TestBothOpenTheNextEpochAtOnce(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	settle(t, a, b)
	for _, n := range []*node{a, b} {
		if err := n.ledger.CloseEpoch(t.Context(), "a test"); err != nil {
			t.Fatal(err)
		}
		if _, err := n.ledger.NextEpoch(t.Context()); err != nil {
			t.Fatal(err)
		}
		n.append(draft("notice", "new"))
	}
	settle(t, a, b)
	if rs := a.all(); len(rs) != 5 {
		t.Errorf("%d records", len(rs))
	}
}

func TestRestoredNodeTakesBackALaterEpoch(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	settle(t, a, b)
	backup := a.store.(*memStore).backup()
	a.append(draft("notice", "two"))
	settle(t, a, b)
	for range 2 {
		if err := a.ledger.CloseEpoch(t.Context(), "a test"); err != nil {
			t.Fatal(err)
		}
		if _, err := a.ledger.NextEpoch(t.Context(), draft("notice", "later")); err != nil {
			t.Fatal(err)
		}
		settle(t, a, b)
	}
	a.stop()
	again := start(t, transcript.A, backup, a.clock)
	again.sent = a.sent
	confirm(t, again, b)
	if s := again.ledger.Standing(); s.Own != (Have{Epoch: 3, Size: 2}) {
		t.Fatalf("stands at %+v", s)
	}
	again.append(draft("notice", "on"))
	settle(t, again, b)
}

func TestParcelOfAClosedEpochIsNotTaken(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	p := a.parcel(b, MaxParcelBytes)
	if err := b.ledger.CloseEpoch(t.Context(), "a test"); err != nil {
		t.Fatal(err)
	}
	b.receive(p, Old)
	if s := b.ledger.Standing(); s.Held.Size != 0 {
		t.Errorf("%+v", s)
	}
	if _, err := b.ledger.NextEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.receive(p, Old)
	settle(t, a, b)
}

func TestParcelMaySkipEpochsOfWhichNothingIsLeft(t *testing.T) {
	b := start(t, transcript.B, newMemStore(), newClock(), notRestored)
	f := newForger(transcript.A, 3, b.clock)
	f.say(t, KindEpoch, "x")
	if out := b.receive(f.parcel(t, 0), Taken); out.Have != (Have{Epoch: 3, Size: 1}) {
		t.Errorf("%+v", out)
	}
	f = newForger(transcript.A, 1<<40, b.clock)
	f.say(t, KindEpoch, "x")
	b.receive(f.parcel(t, 0), Unsound)
}
