package ledger

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/fault"
	"parley/transcript"
)

func sortDigests(ds []transcript.Digest) {
	slices.SortFunc(ds, func(a, b transcript.Digest) int { return bytes.Compare(a[:], b[:]) })
}

func TestNothingIsSignedBeforeThePeerWasAsked(t *testing.T) {
	c := newClock()
	a, b := start(t, transcript.A, newMemStore(), c), start(t, transcript.B, newMemStore(), c, notRestored)
	b.append(draft("notice", "from b"))
	p := b.parcel(a, MaxParcelBytes)
	for what, do := range map[string]func() error{
		"append":     func() error { _, err := a.ledger.Append(t.Context(), draft("notice", "x")); return err },
		"heartbeat":  func() error { return a.ledger.Heartbeat(t.Context()) },
		"receive":    func() error { _, err := a.ledger.Receive(t.Context(), p); return err },
		"next epoch": func() error { _, err := a.ledger.NextEpoch(t.Context()); return err },
	} {
		if err := do(); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s before it was confirmed: %v", what, err)
		}
	}
	if n := a.store.(*memStore).commits; n != 0 {
		t.Errorf("%d commits", n)
	}
	confirm(t, a, b)
	a.append(draft("notice", "x"))
	settle(t, a, b)
	sameCopies(t, a, b)
}

func TestRestoredNodeTakesBackAndGoesOn(t *testing.T) {
	a, b := pair(t)
	for range 90 {
		a.append(draft("notice", "before"))
	}
	b.append(draft("notice", "b"))
	settle(t, a, b)
	backup := a.store.(*memStore).backup()
	for range 10 {
		a.append(draft("hold", "after"))
	}
	settle(t, a, b)
	whole := a.all()
	a.stop()

	again := start(t, transcript.A, backup, a.clock)
	again.sent = a.sent
	if s := again.ledger.Standing(); s.Own.Size != 90 || s.Confirmed {
		t.Fatalf("restored at %+v", s)
	}
	confirm(t, again, b)
	if s := again.ledger.Standing(); s.Own.Size != 100 {
		t.Fatalf("took back up to %d", s.Own.Size)
	}
	rs := again.append(draft("notice", "on"))
	if rs[0].Entry.Seq != 100 {
		t.Errorf("went on at %d", rs[0].Entry.Seq)
	}
	settle(t, again, b)
	sameCopies(t, again, b)
	for i, r := range again.all()[:len(whole)] {
		if !bytes.Equal(r.Bytes, whole[i].Bytes) {
			t.Fatalf("record %d is another than before", i)
		}
	}
	for _, n := range []*node{again, b} {
		if s := n.ledger.Standing(); s.Forked || s.Closed {
			t.Errorf("%s stands at %+v", n.side, s)
		}
	}
}

func TestTakeBackInPieces(t *testing.T) {
	a, b := pair(t)
	for range 50 {
		a.append(draft("notice", "x"), draft("notice", "y"))
	}
	settle(t, a, b)
	a.stop()
	again := start(t, transcript.A, newMemStore(), a.clock)
	for range 200 {
		p, err := b.ledger.GiveBack(t.Context(), again.ledger.Standing().Own, 4000)
		if err != nil {
			t.Fatal(err)
		}
		out, err := again.ledger.TakeBack(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		s := again.ledger.Standing()
		if s.Confirmed {
			break
		}
		if out.Verdict != Taken || s.Own.Size > 100 {
			t.Fatalf("%+v at %+v", out, s)
		}
	}
	again.append(draft("notice", "on"))
	settle(t, again, b)
	sameCopies(t, again, b)
}

func TestTakeBackVerifies(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "x"), draft("notice", "y"))
	settle(t, a, b)
	a.stop()
	good, err := b.ledger.GiveBack(t.Context(), Have{Epoch: 1}, MaxParcelBytes)
	if err != nil {
		t.Fatal(err)
	}
	again := start(t, transcript.A, newMemStore(), a.clock)
	for name, change := range map[string]func(p *Parcel){
		"flipped entry":       func(p *Parcel) { p.Entries[0].Bytes[90] ^= 1 },
		"flipped head":        func(p *Parcel) { p.Head[len(p.Head)-9] ^= 1 },
		"withheld disclosure": func(p *Parcel) { p.Entries[0].Disclosures = nil },
		"other side":          func(p *Parcel) { p.Origin.Side = transcript.B },
	} {
		p := clone(good)
		change(&p)
		out, err := again.ledger.TakeBack(t.Context(), p)
		if err != nil || out.Verdict != Unsound || again.ledger.Standing().Confirmed {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
	if _, err := again.ledger.TakeBack(t.Context(), good); err != nil || again.ledger.Standing().Own != good.Have {
		t.Errorf("what holds was not taken back: %v", err)
	}
}

func TestPeerThatClaimsLessThanItReceiptedConfirmsNothing(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "x"))
	settle(t, a, b)
	a.stop()
	again := start(t, transcript.A, a.store, a.clock)
	out, err := again.ledger.TakeBack(t.Context(), Parcel{Origin: again.ledger.origin(1), Have: Have{Epoch: 1}})
	if err != nil || out.Reason == "" || again.ledger.Standing().Confirmed {
		t.Fatalf("confirmed by an empty answer: %+v, %v", out, err)
	}
	confirm(t, again, b)
}

func TestHeadWithheldByThePeerConfirmsNothing(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "x"))
	settle(t, a, b)
	a.stop()
	again := start(t, transcript.A, newMemStore(), a.clock)
	out, err := again.ledger.TakeBack(t.Context(), Parcel{Origin: again.ledger.origin(1), Have: Have{Epoch: 1, Size: 1}})
	if err != nil || again.ledger.Standing().Confirmed {
		t.Fatalf("confirmed without the entries: %+v, %v", out, err)
	}
}

// An operator who is wrong is stopped at the first contact.
func TestReceiptForMoreThanIsHeldStopsSigning(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "x"))
	settle(t, a, b)
	backup := a.store.(*memStore).backup()
	a.append(draft("notice", "y"))
	settle(t, a, b)
	a.stop()
	again := start(t, transcript.A, backup, a.clock, notRestored)
	again.sent = a.sent
	out := again.receive(b.parcel(again, MaxParcelBytes), Missing)
	if s := again.ledger.Standing(); s.Confirmed || s.Closed {
		t.Fatalf("%+v after %+v", s, out)
	}
	if _, err := again.ledger.Append(t.Context(), draft("notice", "z")); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("signed on: %v", err)
	}
	confirm(t, again, b)
	again.append(draft("notice", "z"))
	settle(t, again, b)
	sameCopies(t, again, b)
}

func TestInsistingOperatorGetsEvidence(t *testing.T) {
	a, b := pair(t)
	liar := newForger(transcript.A, 1, a.clock)
	liar.say(t, "notice", "never said")
	rc, err := transcript.SignReceipt(testKey(transcript.B), liar.head(t), a.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	p := b.parcel(a, MaxParcelBytes)
	p.Receipts = [][]byte{rc.Note}
	a.receive(p, Missing)
	a.ledger.ConfirmNotRestored()
	a.append() // nothing, and no harm
	a.receive(p, Forked)
	if evs, err := a.ledger.Evidences(t.Context()); err != nil || len(evs) != 1 || evs[0].Kind != EvidenceForeign {
		t.Errorf("%+v, %v", evs, err)
	}
}

// A copy restored without being asked signs another way: the other side proves it.
func TestRestoredCopyThatSignsUnaskedIsAFork(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	settle(t, a, b)
	backup := a.store.(*memStore).backup()
	a.append(draft("notice", "two"))
	a.append(draft("notice", "three"))
	settle(t, a, b)
	a.stop()
	wrong := start(t, transcript.A, backup, a.clock, notRestored)
	wrong.clock.add(time.Minute)
	for range 4 {
		wrong.append(draft("notice", "another"))
	}
	verdict := Unsound
	for range 6 {
		out, err := b.ledger.Receive(t.Context(), wrong.parcel(b, MaxParcelBytes))
		if err != nil {
			t.Fatal(err)
		}
		if verdict = out.Verdict; verdict == Forked {
			break
		}
	}
	if verdict != Forked {
		t.Fatalf("verdict %s", verdict)
	}
	provesFork(t, b, transcript.A)
	// The wrong copy learns of it from the receipt that it never earned.
	wrong.receive(b.parcel(wrong, MaxParcelBytes), Forked)

	// Both go on in the next epoch; what was said there is whole.
	if _, err := b.ledger.NextEpoch(t.Context(), draft("hold", "stop all")); err != nil {
		t.Fatal(err)
	}
	settle(t, wrong, b)
	if s := wrong.ledger.Standing(); s.Own.Epoch != 2 || s.Forked || s.Closed {
		t.Errorf("stands at %+v", s)
	}
}

// A hold went ahead of its turn; then the disk was lost, and with it entries that the other side
// does not have. Nothing may contradict them: the epoch is closed.
func TestLostEntriesUnderAnAdvanceCloseTheEpoch(t *testing.T) {
	for _, since := range []int{0, 1, 300} {
		t.Run(fmt.Sprint(since, " to take back"), func(t *testing.T) { lostUnderAnAdvance(t, since) })
	}
}

// lostUnderAnAdvance restores a node from a backup that lacks some entries which the other holds, and
// then one that the other never had under the head of an advance copy.
func lostUnderAnAdvance(t *testing.T, since int) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	settle(t, a, b)
	backup := a.store.(*memStore).backup()
	for range since {
		a.append(draft("notice", "since"))
	}
	settle(t, a, b)
	a.append(draft("notice", "large and slow"))
	a.append(draft("hold", "stop"))
	b.advance(a.advances()[0], Taken)
	a.stop()
	again := start(t, transcript.A, backup, a.clock)
	confirm(t, again, b)
	if s := again.ledger.Standing(); !s.Closed || s.Own.Size != int64(1+since) {
		t.Fatalf("stands at %+v", s)
	}
	if _, err := again.ledger.NextEpoch(t.Context(), draft("hold", "stop, again")); err != nil {
		t.Fatal(err)
	}
	settle(t, again, b)
	for _, n := range []*node{again, b} {
		if s := n.ledger.Standing(); s.Forked || s.Closed || s.Own.Epoch != 2 {
			t.Errorf("%s stands at %+v", n.side, s)
		}
	}
	for range 2 {
		if got := b.ahead(); len(got) != 1 {
			t.Errorf("%d copies ahead: the hold that was told is gone", len(got))
		}
		b.stop()
		b = start(t, transcript.B, b.store, b.clock)
	}
}

// A restored copy that signed another way, and less than the other holds, finds its own fork by asking
// from further back, or gets the other's proof. Both hold the same, and go on in the next epoch.
func TestRestoredCopyLearnsOfItsFork(t *testing.T) {
	for _, proof := range []bool{false, true} {
		a, b := pair(t)
		a.append(draft("notice", "one"))
		settle(t, a, b)
		backup := a.store.(*memStore).backup()
		a.append(draft("notice", "two"), draft("notice", "three"), draft("notice", "four"))
		settle(t, a, b)
		a.stop()
		wrong := start(t, transcript.A, backup, a.clock, notRestored)
		wrong.append(draft("notice", "another"))
		wrong.append(draft("notice", "yet another"))
		told := wrong.parcel(b, MaxParcelBytes)
		wrong.receive(b.parcel(wrong, 0), Missing) // a receipt for more than there is
		if proof {
			b.receive(told, Forked)
			provesFork(t, b, transcript.A)
			handProof(t, b, wrong)
		} else {
			for i := 0; !wrong.ledger.Standing().Closed; i++ {
				p, err := b.ledger.GiveBack(t.Context(), wrong.ledger.Standing().Asks, MaxParcelBytes)
				if err != nil || i > 9 {
					t.Fatal(i, err)
				}
				if _, err := wrong.ledger.TakeBack(t.Context(), p); err != nil {
					t.Fatal(err)
				}
			}
			handProof(t, wrong, b)
		}
		p, err := b.ledger.GiveBack(t.Context(), wrong.ledger.Standing().Asks, MaxParcelBytes)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := wrong.ledger.TakeBack(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		wrong.receive(b.parcel(wrong, 0), Forked)
		if s := wrong.ledger.Standing(); !s.Confirmed {
			t.Fatalf("%+v", s)
		}
		provesFork(t, wrong, transcript.A)
		provesFork(t, b, transcript.A)
		if _, err := wrong.ledger.NextEpoch(t.Context(), draft("notice", "on")); err != nil {
			t.Fatal(err)
		}
		settle(t, wrong, b)
		for _, n := range []*node{wrong, b} {
			if s := n.ledger.Standing(); s.Own.Epoch != 2 || s.Closed {
				t.Errorf("%s stands at %+v", n.side, s)
			}
			if again := reopened(t, n); len(again.Proven()) != 1 {
				t.Errorf("%s holds proofs of %v", n.side, again.Proven())
			}
		}
	}
}

// handProof gives to what from can prove. What does not hold is no accusation.
func handProof(t *testing.T, from, to *node) {
	t.Helper()
	proven := from.ledger.Proven()
	if len(proven) != 1 {
		t.Fatalf("proofs of %v", proven)
	}
	text, err := from.ledger.Proof(t.Context(), proven[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][]byte{nil, text[:len(text)-1], bytes.ReplaceAll(text, []byte("/1/a"), []byte("/1/b")), bytes.ReplaceAll(text, []byte("second"), []byte("first"))} {
		if out, err := to.ledger.ReceiveProof(t.Context(), bad); err != nil || out.Verdict != Unsound || to.ledger.Standing().Closed {
			t.Errorf("%q: %+v, %v", fmt.Sprintf("%.30s", bad), out, err)
		}
	}
	for _, want := range []Verdict{Forked, Old} {
		if out, err := to.ledger.ReceiveProof(t.Context(), text); err != nil || out.Verdict != want {
			t.Fatalf("%+v, %v, want %s", out, err, want)
		}
	}
}

func TestNoHeadLeavesWithoutItsEntries(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	settle(t, a, b)
	a.append(draft("notice", "two"))
	out := b.receive(a.parcel(b, 0), Old)
	if out.Have.Size != 1 {
		t.Errorf("%+v", out)
	}
}

func TestSeenNeverGoesDownAfterARestore(t *testing.T) {
	a, b := pair(t)
	b.append(draft("notice", "one"), draft("notice", "two"))
	settle(t, a, b)
	a.append(draft("notice", "seen two"))
	settle(t, a, b)
	a.stop()
	again := start(t, transcript.A, newMemStore(), a.clock)
	confirm(t, again, b)
	if rs := again.append(draft("notice", "before the other's entries are back")); rs[0].Entry.Seen.Size != 2 {
		t.Errorf("seen %d", rs[0].Entry.Seen.Size)
	}
	settle(t, again, b)
	sameCopies(t, again, b)
}

// What was queued before a confirmation was taken away is not signed after it.
func TestQueuedBeforeADoubtIsNotSigned(t *testing.T) {
	c := newClock()
	a := start(t, transcript.A, newMemStore(), c)
	r := &request{drafts: []transcript.Draft{draft("notice", "x")}, done: make(chan struct{})}
	a.ledger.queue <- r
	<-r.done
	if !fault.Is(r.err, fault.Unavailable) || a.ledger.Standing().Own.Size != 0 {
		t.Errorf("signed: %v", r.err)
	}
}
