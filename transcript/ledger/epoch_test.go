package ledger

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

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
	for r, err := range a.ledger.Undelivered(t.Context(), 1) {
		t.Errorf("entry %d of the closed epoch is not delivered, %v", r.Entry.Seq, err)
	}
	sameCopies(t, a, b)
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

// What a party said before it heard that the epoch is closed is taken, before and after the next is
// open, and receipted.
func TestClosedEpochIsFilled(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	settle(t, a, b)
	if err := b.ledger.CloseEpoch(t.Context(), "a test"); err != nil {
		t.Fatal(err)
	}
	a.append(draft("notice", "two"))
	b.receive(a.parcel(b, MaxParcelBytes), Taken)
	a.append(draft("notice", "three"))
	a.append(draft("notice", "four"))
	p := a.parcel(b, MaxParcelBytes)
	if _, err := b.ledger.NextEpoch(t.Context(), draft("notice", "five")); err != nil {
		t.Fatal(err)
	}
	at := b.ledger.Cursor()
	if at.Late != 0 {
		t.Fatalf("%+v", at)
	}
	b.receive(p, Taken)
	late := recordsFrom(t, b.ledger, at)
	if len(late) != 2 || late[0].Entry.Seq != 2 || late[1].Origin.Epoch != 1 {
		t.Fatalf("%d records came late: %+v", len(late), late)
	}
	if next := at.Next(b.side, late[0]); len(recordsFrom(t, b.ledger, next)) != 1 || next.Late != 1 {
		t.Errorf("after one of two: %+v", next)
	}
	settle(t, a, b)
	sameCopies(t, a, b)
	for r := range a.ledger.Undelivered(t.Context(), 1) {
		t.Errorf("entry %d is not delivered", r.Entry.Seq)
	}
	for _, l := range []*Ledger{b.ledger, reopened(t, b)} {
		end := Cursor{}
		for _, r := range recordsFrom(t, l, end) {
			end = end.Next(b.side, r)
		}
		if end != l.Cursor() || len(recordsFrom(t, l, end)) != 0 {
			t.Errorf("all is read at %+v, the end is %+v", end, l.Cursor())
		}
		if h := l.have(); h.Epoch != 2 {
			t.Errorf("asks from %+v", h)
		}
	}
}

// A closed epoch does not grow beyond the head that its author named when he opened the next.
func TestClosedEpochDoesNotGrow(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	settle(t, a, b)
	liar := newForger(transcript.A, 1, a.clock)
	for _, r := range a.all() {
		s, err := transcript.ForOther(transcript.Sealed{Bytes: r.Bytes, Disclosures: r.Disclosures})
		if err != nil {
			t.Fatal(err)
		}
		liar.add(s)
	}
	if err := a.ledger.CloseEpoch(t.Context(), "a test"); err != nil {
		t.Fatal(err)
	}
	if _, err := a.ledger.NextEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	settle(t, a, b)
	liar.say(t, "notice", "two", func(m *transcript.Meta) { m.Seen.Root = transcript.EmptyRoot() })
	b.receive(liar.parcel(t, 1), Old)
	if n := len(b.all()); n != 3 {
		t.Errorf("%d records", n)
	}
}

// Nothing goes into an epoch that a fork closed, and the next is opened all the same.
func TestForkedEpochIsNotFilled(t *testing.T) {
	b := start(t, transcript.B, newMemStore(), newClock(), notRestored)
	liar := forked(t, b)
	liar.say(t, "notice", "two'")
	b.receive(liar.parcel(t, 0), Forked)
	if h := b.ledger.have(); h != (Have{Epoch: 2}) {
		t.Errorf("asks from %+v", h)
	}
	honest := newForger(transcript.A, 1, b.clock)
	for _, text := range []string{"one", "two", "three", "four"} {
		honest.say(t, "notice", text)
	}
	b.receive(honest.parcel(t, 0), Forked)
	if _, err := b.ledger.NextEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.receive(honest.parcel(t, 0), Old)
	if n := b.ledger.Standing(); n.Held != (Have{Epoch: 2}) || b.ledger.have() != (Have{Epoch: 2}) || len(b.all()) != 4 {
		t.Errorf("%+v with %d records", n, len(b.all()))
	}
}

// A node restored from a backup of two epochs ago gets back what it had of both, its own and the
// other's.
func TestRestoredAcrossEpochs(t *testing.T) {
	a, b := pair(t)
	b.append(draft("notice", "one"))
	settle(t, a, b)
	backup := b.store.(*memStore).backup()
	for range 3 {
		a.append(draft("notice", "two"))
		b.append(draft("notice", "three"))
		settle(t, a, b)
		if err := a.ledger.CloseEpoch(t.Context(), "a test"); err != nil {
			t.Fatal(err)
		}
		if _, err := a.ledger.NextEpoch(t.Context(), draft("notice", "four")); err != nil {
			t.Fatal(err)
		}
		settle(t, a, b)
	}
	b.stop()
	again := start(t, transcript.B, backup, b.clock)
	again.sent = b.sent
	confirm(t, again, a)
	settle(t, a, again)
	sameCopies(t, a, again)
	if h := again.ledger.have(); h.Epoch != 4 {
		t.Errorf("asks from %+v", h)
	}
}

// Where the other has no more of a closed epoch than is held, though it named more, it is asked no
// more.
func TestWhatIsLostOfAClosedEpochIsNotAskedForEver(t *testing.T) {
	b := start(t, transcript.B, newMemStore(), newClock(), notRestored)
	f := newForger(transcript.A, 1, b.clock)
	f.say(t, "notice", "one")
	b.receive(f.parcel(t, 0), Taken)
	next := newForger(transcript.A, 2, b.clock)
	d := transcript.Draft{Kind: KindEpoch, Fields: []transcript.Field{{Name: "head-a", Shown: true,
		Value: jsontext.Value(`"` + headText(f.origin, transcript.Head{Size: 7}) + `"`)}}}
	s, _, err := transcript.Seal(rand.NewChaCha8([32]byte{}), d, transcript.Meta{Agreement: agreementID(), Author: partyName(transcript.A), Time: b.clock.Now()})
	if err != nil {
		t.Fatal(err)
	}
	next.add(s)
	b.receive(next.parcel(t, 0), Taken)
	if h := b.ledger.have(); h != (Have{Epoch: 1, Size: 1}) {
		t.Errorf("asks from %+v", h)
	}
	b.receive(next.parcel(t, 0), Old)
	if h := b.ledger.have(); h != (Have{Epoch: 2, Size: 1}) {
		t.Errorf("asks from %+v", h)
	}
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
