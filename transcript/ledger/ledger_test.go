package ledger

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/fault"
	"parley/transcript"
)

func TestExchangeLeavesTwoEqualCopies(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"), draft("notice", "two"))
	b.append(draft("notice", "three"))
	a.clock.add(time.Second)
	settle(t, a, b)
	a.append(draft("notice", "four"))
	settle(t, a, b)
	sameCopies(t, a, b)

	rs := b.all()
	if len(rs) != 4 || rs[3].Entry.Seen.Size != 1 {
		t.Fatalf("%d records; the last had seen %d", len(rs), rs[len(rs)-1].Entry.Seen.Size)
	}
	for _, r := range rs {
		want := 2
		if r.Origin.Side == transcript.A {
			want = 1 // only what is shown crosses the line
		}
		if len(r.Disclosures) != want {
			t.Errorf("entry %s %d has %d disclosures at b, want %d", r.Origin, r.Entry.Seq, len(r.Disclosures), want)
		}
	}
	forOwn, forOther := a.ledger.Receipts()
	if forOwn.Size != 3 || forOwn.By != transcript.B || forOther.Size != 1 || forOther.By != transcript.A {
		t.Errorf("receipts %+v and %+v", forOwn, forOther)
	}
	first, err := a.ledger.ReceiptFor(t.Context(), forOwn.Origin, 0)
	if err != nil || first.Size != 2 {
		t.Errorf("the earliest receipt for entry 0 is for %d entries, %v", first.Size, err)
	}
	a.append(draft("notice", "five"))
	if _, err := a.ledger.ReceiptFor(t.Context(), forOwn.Origin, 3); !fault.Is(err, fault.NotFound) {
		t.Errorf("a receipt for what was not delivered: %v", err)
	}
	n := 0
	for r, err := range a.ledger.Undelivered(t.Context(), 1) {
		if err != nil || r.Entry.Seq != 3 {
			t.Errorf("undelivered: %d, %v", r.Entry.Seq, err)
		}
		n++
	}
	if n != 1 || a.ledger.Standing().Undelivered != 1 {
		t.Errorf("%d undelivered", n)
	}
}

func TestOpenFindsWhatWasThere(t *testing.T) {
	a, b := pair(t)
	for i := range 700 { // past several blocks of hashes
		a.append(draft("notice", strings.Repeat("x", i%40)))
	}
	settle(t, a, b)
	b.append(draft("hold", "stop"))
	before, records := b.ledger.Standing(), b.all()
	b.stop()
	again := start(t, transcript.B, b.store, b.clock)
	after := again.ledger.Standing()
	after.Confirmed = true
	if before != after {
		t.Fatalf("stood at %+v, opened at %+v", before, after)
	}
	if got := again.all(); len(got) != len(records) {
		t.Fatalf("%d records, had %d", len(got), len(records))
	}
	if adv, err := again.ledger.Advances(t.Context()); err != nil || len(adv) != 1 || adv[0].Index != 0 {
		t.Fatalf("advances %v, %v", adv, err)
	}
	confirm(t, again, a)
	again.append(draft("notice", "on"))
	settle(t, a, again)
	sameCopies(t, a, again)
}

func TestRepeatedDeliveryGetsTheStoredReceipt(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	p := a.parcel(b, MaxParcelBytes)
	b.receive(p, Taken)
	newest := func() []byte {
		p, err := b.ledger.Parcel(t.Context(), Want{Have: Have{Epoch: 1}})
		if err != nil || len(p.Receipts) != 1 {
			t.Fatalf("%d receipts, %v", len(p.Receipts), err)
		}
		return p.Receipts[0]
	}
	first := newest()
	b.clock.add(time.Hour)
	b.receive(p, Old)
	if again := newest(); !bytes.Equal(first, again) {
		t.Errorf("the receipt changed:\n%s\n%s", first, again)
	}
}

func TestSmallerHeadIsOldAndSignsNothingSmaller(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	old := a.parcel(b, MaxParcelBytes)
	a.append(draft("notice", "two"))
	b.receive(a.parcel(b, MaxParcelBytes), Taken)
	out := b.receive(old, Old)
	_, forOther := b.ledger.Receipts()
	if out.Have.Size != 2 || forOther.Size != 2 {
		t.Errorf("holds %d, receipt for %d", out.Have.Size, forOther.Size)
	}
}

func TestMissingEntriesAreAskedFor(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	a.append(draft("notice", "two"))
	p, err := a.ledger.Parcel(t.Context(), Want{Have: Have{Epoch: 1, Size: 1}, MaxBytes: MaxParcelBytes})
	if err != nil {
		t.Fatal(err)
	}
	if out := b.receive(p, Missing); out.Have != (Have{Epoch: 1}) {
		t.Errorf("asks from %+v", out.Have)
	}
}

func TestParcelThatDoesNotHoldIsRefusedWhole(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"), draft("notice", "two"))
	good := a.parcel(b, MaxParcelBytes)
	cases := map[string]func(p *Parcel){
		"withheld disclosure":    func(p *Parcel) { p.Entries[1].Disclosures = nil },
		"changed disclosure":     func(p *Parcel) { p.Entries[1].Disclosures[0][3] ^= 1 },
		"another's disclosure":   func(p *Parcel) { p.Entries[1].Disclosures = p.Entries[0].Disclosures },
		"flipped entry":          func(p *Parcel) { p.Entries[0].Bytes[90] ^= 1 },
		"cut off entry":          func(p *Parcel) { p.Entries = p.Entries[:1] },
		"swapped entries":        func(p *Parcel) { p.Entries[0], p.Entries[1] = p.Entries[1], p.Entries[0] },
		"flipped head":           func(p *Parcel) { p.Head[len(p.Head)-9] ^= 1 },
		"no head":                func(p *Parcel) { p.Head = nil },
		"another epoch":          func(p *Parcel) { p.Origin.Epoch = 2 },
		"own side":               func(p *Parcel) { p.Origin.Side = transcript.B },
		"another line":           func(p *Parcel) { p.Origin.Line = strings.Repeat("0", 64) },
		"negative first":         func(p *Parcel) { p.First = -1 },
		"receipt that is a head": func(p *Parcel) { p.Receipts = [][]byte{p.Head} },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			p := clone(good)
			change(&p)
			b.t = t
			b.receive(p, Unsound)
			if s := b.ledger.Standing(); s.Held.Size != 0 || s.Forked || s.Closed {
				t.Errorf("stands at %+v", s)
			}
		})
	}
	b.t = t
	b.receive(good, Taken)
}

func clone(p Parcel) Parcel {
	p.Head, p.Receipts = bytes.Clone(p.Head), slices.Clone(p.Receipts)
	for i, note := range p.Receipts {
		p.Receipts[i] = bytes.Clone(note)
	}
	es := make([]transcript.Sealed, len(p.Entries))
	for i, e := range p.Entries {
		es[i].Bytes = bytes.Clone(e.Bytes)
		for _, d := range e.Disclosures {
			es[i].Disclosures = append(es[i].Disclosures, bytes.Clone(d))
		}
	}
	p.Entries = es
	return p
}

func TestRevokedKeyIsRefused(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	p := a.parcel(b, MaxParcelBytes)
	pub := testKey(transcript.A).Public().(ed25519.PublicKey)
	b.ledger.SetKeys(testKey(transcript.B), nil, []transcript.LineKey{{Public: pub, Revoked: b.clock.Now()}})
	b.receive(p, Unsound)
	b.ledger.SetKeys(testKey(transcript.B), nil, []transcript.LineKey{{Public: pub, From: b.clock.Now().Add(time.Second)}})
	b.receive(p, Unsound)
	b.ledger.SetKeys(testKey(transcript.B), nil, []transcript.LineKey{{Public: pub, Revoked: b.clock.Now().Add(time.Second)}})
	b.receive(p, Taken)
}

func TestLargeEntriesCross(t *testing.T) {
	a, b := pair(t)
	var want [][]byte
	for i := range 3 {
		rs := a.append(draft("notice", strings.Repeat(string(rune('a'+i)), 3_100_000)))
		want = append(want, rs[0].Disclosures...)
	}
	for range 3 {
		p := a.parcel(b, 1<<20)
		if len(p.Entries) != 1 {
			t.Fatalf("%d entries in a parcel", len(p.Entries))
		}
		b.receive(p, Taken)
	}
	b.receive(a.parcel(b, 1<<20), Old)
	got := b.all()
	for i, r := range got {
		if !slicesHold(want, r.Disclosures[0]) || len(r.Disclosures) != 1 {
			t.Errorf("entry %d came with other disclosures", i)
		}
	}
	sameCopies(t, a, b)
}

func slicesHold(set [][]byte, b []byte) bool {
	for _, s := range set {
		if bytes.Equal(s, b) {
			return true
		}
	}
	return false
}

func TestManyLargeEntriesAtOnceShareOneHead(t *testing.T) {
	a, b := pair(t)
	var ds []transcript.Draft
	for range 40 {
		ds = append(ds, draft("notice", strings.Repeat("y", 60_000)))
	}
	a.append(ds...)
	own, _ := a.ledger.Heads()
	if own.Size != 40 {
		t.Fatalf("the head has %d entries", own.Size)
	}
	settle(t, a, b)
	sameCopies(t, a, b)
	for range 60 {
		ds = append(ds, draft("notice", strings.Repeat("y", 60_000)))
	}
	if _, err := a.ledger.Append(t.Context(), ds...); !fault.Is(err, fault.TooLarge) {
		t.Errorf("over the bound of a batch: %v", err)
	}
	a.append(draft("notice", "after"))
	settle(t, a, b)
}

func TestConcurrentAppendsShareCommits(t *testing.T) {
	a, b := pair(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := map[int64]bool{}
	for range 16 {
		wg.Go(func() {
			for range 20 {
				rs, err := a.ledger.Append(t.Context(), draft("notice", "x"), draft("notice", "y"))
				if err != nil || len(rs) != 2 || rs[1].Entry.Seq != rs[0].Entry.Seq+1 {
					t.Errorf("records %v, %v", rs, err)
					return
				}
				mu.Lock()
				seen[rs[0].Entry.Seq], seen[rs[1].Entry.Seq] = true, true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(seen) != 640 || a.ledger.Standing().Own.Size != 640 {
		t.Errorf("%d places for 640 entries", len(seen))
	}
	settle(t, a, b)
	sameCopies(t, a, b)
}

func TestTimeNeverGoesBack(t *testing.T) {
	a, b := pair(t)
	first := a.append(draft("notice", "one"))
	a.clock.add(-time.Hour)
	second := a.append(draft("notice", "two"))
	if second[0].Entry.Time.Before(first[0].Entry.Time) {
		t.Errorf("%s after %s", second[0].Entry.Time, first[0].Entry.Time)
	}
	settle(t, a, b)
	_, before := b.ledger.Receipts()
	b.clock.add(-time.Hour)
	a.append(draft("notice", "three"))
	settle(t, a, b)
	if _, after := b.ledger.Receipts(); after.Time.Before(before.Time) || after.Size != 3 {
		t.Errorf("receipt at %s after %s", after.Time, before.Time)
	}
}

func TestHeartbeatIsCosignedAndOnePerMinuteKept(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	settle(t, a, b)
	at := func() time.Time { _, other := b.ledger.Heads(); return other.Time }
	before := at()
	for range 12 {
		a.clock.add(10 * time.Second)
		if err := a.ledger.Heartbeat(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.receive(a.parcel(b, 0), Old)
	}
	if d := at().Sub(before); d < time.Minute {
		t.Errorf("the other's newest head moved by %s", d)
	}
	beats := 0
	for k := range b.store.(*memStore).items {
		if strings.Contains(k, "/beat/") {
			beats++
		}
	}
	if beats != 2 {
		t.Errorf("%d heartbeats kept of two minutes", beats)
	}
}

func TestSecondProcessStops(t *testing.T) {
	c, s := newClock(), newMemStore()
	one, two := start(t, transcript.A, s, c, notRestored), start(t, transcript.A, s, c, notRestored)
	one.append(draft("notice", "one"))
	_, err := two.ledger.Append(t.Context(), draft("notice", "two"))
	if !fault.Is(err, fault.Unavailable) {
		t.Fatalf("the second process appended: %v", err)
	}
	<-two.ledger.Failed()
	<-two.ended
	p, err := two.ledger.Parcel(t.Context(), Want{Have: Have{Epoch: 1}, MaxBytes: MaxParcelBytes})
	if err != nil || len(p.Head) > 0 {
		t.Errorf("a head left without being durable: %v", err)
	}
	one.append(draft("notice", "three"))
}

func TestFailedStoreStopsEverythingAndTellsNothing(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	settle(t, a, b)
	b.append(draft("notice", "other"))
	m := a.store.(*memStore)
	m.mu.Lock()
	m.fail = func(int) error { return errDisk }
	m.mu.Unlock()
	if _, err := a.ledger.Append(t.Context(), draft("notice", "two")); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("appended on a full disk: %v", err)
	}
	<-a.ledger.Failed()
	m.mu.Lock()
	m.fail = nil
	m.mu.Unlock()
	if _, err := a.ledger.Append(t.Context(), draft("notice", "two")); !fault.Is(err, fault.Unavailable) {
		t.Errorf("the failure did not last: %v", err)
	}
	if _, err := a.ledger.Receive(t.Context(), b.parcel(a, MaxParcelBytes)); !fault.Is(err, fault.Unavailable) {
		t.Errorf("received after a failure: %v", err)
	}
	h, err := transcript.OpenHead(a.parcel(b, MaxParcelBytes).Head, transcript.PublicLineKey(testKey(transcript.A)))
	if err != nil || h.Size != 1 {
		t.Errorf("told of %d entries, %v", h.Size, err)
	}
}

func TestAppendLeavesWhenItsCallerDoes(t *testing.T) {
	c := newClock()
	l, err := Open(t.Context(), newMemStore(), func() Config { cfg := testConfig(transcript.A, c); cfg.NotRestored = true; return cfg }())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	errs := make(chan error)
	go func() {
		_, err := l.Append(ctx, draft("notice", "never"))
		errs <- err
	}()
	cancel()
	if err := <-errs; err != context.Canceled {
		t.Fatal(err)
	}
	run, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- l.Run(run) }()
	rs, err := l.Append(t.Context(), draft("notice", "first"))
	if err != nil || rs[0].Entry.Seq != 0 {
		t.Errorf("%v, %v", rs, err)
	}
	stop()
	<-ended
	if _, err := l.Append(t.Context(), draft("notice", "late")); !fault.Is(err, fault.Unavailable) {
		t.Errorf("appended after Run ended: %v", err)
	}
}

// Receipts that are lost on the way are given again, in order and as many as a parcel holds: the
// author shows for every entry the delivery that the receiver shows.
func TestLostReceiptsAreGivenAgain(t *testing.T) {
	a, b := pair(t)
	for range MaxReceipts + 6 {
		a.append(draft("notice", "x"))
		a.clock.add(time.Second)
		b.receive(a.parcel(b, MaxParcelBytes), Taken)
		if _, err := b.ledger.Parcel(t.Context(), Want{}); err != nil { // lost
			t.Fatal(err)
		}
	}
	p, err := b.ledger.Parcel(t.Context(), Want{Receipted: Have{Epoch: 1, Size: 3}})
	if err != nil {
		t.Fatal(err)
	}
	a.receive(p, Old) // it does not follow what a holds
	if rc, _ := a.ledger.Receipts(); rc.Size != 0 {
		t.Fatalf("a receipt for %d entries was kept after a gap", rc.Size)
	}
	for _, want := range []int64{MaxReceipts, MaxReceipts + 6, MaxReceipts + 6} {
		a.receive(b.parcel(a, 0), Old)
		if rc, _ := a.ledger.Receipts(); rc.Size != want {
			t.Fatalf("receipts for %d entries, want %d", rc.Size, want)
		}
	}
	o := a.ledger.origin(1)
	for seq := range int64(MaxReceipts + 6) {
		x, errX := a.ledger.ReceiptFor(t.Context(), o, seq)
		y, errY := b.ledger.ReceiptFor(t.Context(), o, seq)
		z, errZ := reopened(t, a).ReceiptFor(t.Context(), o, seq)
		if errX != nil || errY != nil || errZ != nil || !x.Time.Equal(y.Time) || !x.Time.Equal(z.Time) || x.Size != seq+1 {
			t.Fatalf("entry %d: %v %v, %v %v, %v %v", seq, x.Time, errX, y.Time, errY, z.Time, errZ)
		}
	}
}

// A parcel ends at the first head that covers the bound, whatever it may hold.
func TestParcelEndsAtItsBound(t *testing.T) {
	a, _ := pair(t)
	for range 6 {
		a.append(draft("notice", "x"), draft("notice", "y"))
	}
	for _, l := range []*Ledger{a.ledger, reopened(t, a)} {
		for _, c := range []struct {
			have, upTo Have
			want       int
		}{
			{Have{1, 0}, Have{}, 12}, {Have{1, 0}, Have{1, 4}, 4}, {Have{1, 0}, Have{1, 5}, 6}, {Have{1, 4}, Have{1, 4}, 0},
			{Have{1, 6}, Have{1, 4}, 0}, {Have{1, 3}, Have{1, 4}, 1}, {Have{1, 0}, Have{2, 1}, 12},
		} {
			p, err := l.Parcel(t.Context(), Want{Have: c.have, UpTo: c.upTo, MaxBytes: MaxParcelBytes})
			if err != nil || len(p.Entries) != c.want {
				t.Errorf("%+v: %d entries, %v", c, len(p.Entries), err)
			}
		}
	}
}
