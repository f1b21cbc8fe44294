package ledger

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"parley/fault"
	"parley/transcript"
)

// reopened opens a second ledger on a copy of a node's store: it has nothing in memory and reads all
// from the store.
func reopened(t tb, n *node) *Ledger {
	t.Helper()
	if err := n.ledger.KeepReceipts(t.Context()); err != nil {
		t.Fatal(err)
	}
	l, err := Open(t.Context(), n.store.(*memStore).backup(), testConfig(n.side, n.clock))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func recordsFrom(t tb, l *Ledger, c Cursor) []Record {
	t.Helper()
	var out []Record
	for r, err := range l.Records(t.Context(), c) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Fields == nil {
			if _, r.Fields, err = transcript.Open(transcript.Sealed{Bytes: r.Bytes, Disclosures: r.Disclosures}); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, r)
	}
	return out
}

// sameAsStored compares what a ledger answers with what one says that reads the store alone.
func sameAsStored(t *testing.T, n *node, rng *rand.Rand) {
	t.Helper()
	stored := reopened(t, n)
	at := n.ledger.Cursor()
	for range 30 {
		c := Cursor{Epoch: at.Epoch, Own: rng.Int64N(at.Own + 1), Other: rng.Int64N(at.Other + 1)}
		mem, disk := recordsFrom(t, n.ledger, c), recordsFrom(t, stored, c)
		if !reflect.DeepEqual(mem, disk) {
			t.Fatalf("the records from %+v differ: %d and %d", c, len(mem), len(disk))
		}
		have, most := Have{at.Epoch, rng.Int64N(at.Own + 2)}, []int{0, 1, 3000, 60_000, MaxParcelBytes}[rng.IntN(5)]
		w := Want{Have: have, Receipted: Have{at.Epoch, rng.Int64N(at.Other + 2)}, MaxBytes: most}
		if rng.IntN(3) == 0 {
			w.UpTo = Have{at.Epoch, rng.Int64N(at.Own + 2)}
		}
		p, err := n.ledger.Parcel(t.Context(), w)
		if err != nil {
			t.Fatal(err)
		}
		if q, err := stored.Parcel(t.Context(), w); err != nil || !reflect.DeepEqual(p, q) {
			t.Fatalf("the parcels for %+v and %d bytes differ: %v", have, most, err)
		}
		have.Size = rng.Int64N(at.Other + 2)
		p, err = n.ledger.GiveBack(t.Context(), have, most)
		if err != nil {
			t.Fatal(err)
		}
		if q, err := stored.GiveBack(t.Context(), have, most); err != nil || !reflect.DeepEqual(p, q) {
			t.Fatalf("what is given back for %+v and %d bytes differs: %v", have, most, err)
		}
	}
	own := stored.origin(at.Epoch)
	for _, o := range []transcript.Origin{own, own.Other()} {
		for seq := range max(at.Own, at.Other) + 1 {
			r, errR := n.ledger.ReceiptFor(t.Context(), o, seq)
			q, errQ := stored.ReceiptFor(t.Context(), o, seq)
			if fault.Is(errR, fault.NotFound) != fault.Is(errQ, fault.NotFound) || !bytes.Equal(r.Note, q.Note) {
				t.Fatalf("the receipts for entry %d of %s differ: %v, %v", seq, o, errR, errQ)
			}
		}
	}
}

func TestMemorySaysWhatTheStoreSays(t *testing.T) {
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 3))
		a, b := pair(t)
		nodes := [2]*node{a, b}
		for range 60 {
			i := rng.IntN(2)
			switch n, peer := nodes[i], nodes[1-i]; rng.IntN(5) {
			case 0, 1:
				var ds []transcript.Draft
				for range 1 + rng.IntN(4) {
					ds = append(ds, draft("notice", strings.Repeat("w", []int{1, 40, 20_000, 150_000}[rng.IntN(4)])))
				}
				n.append(ds...)
			case 2, 3:
				if _, err := peer.ledger.Receive(t.Context(), n.parcel(peer, []int{0, 1, MaxParcelBytes}[rng.IntN(3)])); err != nil {
					t.Fatal(err)
				}
			case 4:
				n.clock.add(1500e6)
			}
		}
		for _, n := range nodes {
			sameAsStored(t, n, rng)
		}
		settle(t, a, b)
		for _, n := range nodes {
			sameAsStored(t, n, rng)
			if tl := &n.ledger.now().own.tail; tl.bytes > tailBytes || tl.entries > tailEntries {
				t.Fatalf("%d bytes in %d entries are held", tl.bytes, tl.entries)
			}
		}
	}
}

func TestTailIsBounded(t *testing.T) {
	var tl tail
	for i := range int64(10_000) {
		r := Record{Entry: transcript.Entry{Seq: i}, Bytes: make([]byte, 2000)}
		tl = tl.with([]Record{r}, nil)
		if tl.bytes > tailBytes || tl.entries > tailEntries || tl.first+int64(tl.entries) != i+1 {
			t.Fatalf("after entry %d it holds %d bytes in %d entries from %d", i, tl.bytes, tl.entries, tl.first)
		}
		tl = tl.withReceipt(transcript.Receipt{Size: i + 1, Note: []byte{1}})
	}
	if len(tl.receipts) != tailReceipts || tl.holds(tl.first-1) || !tl.holds(tl.first) {
		t.Fatalf("%d receipts, from %d", len(tl.receipts), tl.first)
	}
	if _, told := tl.receiptFor(tl.unshown - 1); told {
		t.Fatal("tells of a receipt that it dropped")
	}
	if rc, told := tl.receiptFor(tl.unshown); !told || rc.Size != tl.unshown+1 {
		t.Fatalf("receipt for %d entries, %v", rc.Size, told)
	}
	tl = tl.with([]Record{{Entry: transcript.Entry{Seq: 10_000}, Bytes: make([]byte, tailBytes+1)}}, nil)
	if tl.entries != 0 || tl.bytes != 0 || tl.first != 10_001 {
		t.Fatalf("a commit over the bounds leaves %d entries from %d", tl.entries, tl.first)
	}
}

func TestMemoryNeverShowsWhatIsNotDurable(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	b.receive(a.parcel(b, MaxParcelBytes), Taken)
	full := func(int) error { return errDisk }
	p := func() Parcel {
		a.append(draft("notice", "two"))
		return a.parcel(b, MaxParcelBytes)
	}()
	for _, n := range []*node{a, b} {
		s := n.store.(*memStore)
		s.mu.Lock()
		s.fail = full
		s.mu.Unlock()
	}
	if _, err := a.ledger.Append(t.Context(), draft("notice", "three")); err == nil {
		t.Fatal("appended to a full disk")
	}
	if _, err := b.ledger.Receive(t.Context(), p); err == nil {
		t.Fatal("received onto a full disk")
	}
	if n := len(a.all()); n != 2 {
		t.Fatalf("the author shows %d entries, 2 are durable", n)
	}
	if n := len(b.all()); n != 1 {
		t.Fatalf("the receiver shows %d entries, 1 is durable", n)
	}
	if q, err := b.ledger.Parcel(t.Context(), Want{Have: Have{Epoch: 1}}); err != nil || q.Have.Size != 1 {
		t.Fatalf("the receiver tells %+v, %v", q.Have, err)
	}
}

// A receipt is shown before it is durable; what a crash loses of it, the other gives again.
func TestReceiptLostInACrashIsGivenAgain(t *testing.T) {
	a, b := pair(t)
	a.append(draft("notice", "one"))
	b.receive(a.parcel(b, MaxParcelBytes), Taken)
	commits := a.store.(*memStore).commits
	a.receive(b.parcel(a, MaxParcelBytes), Old)
	rc, _ := a.ledger.Receipts()
	if got, err := a.ledger.ReceiptFor(t.Context(), rc.Origin, 0); err != nil || got.Size != 1 {
		t.Fatalf("the receipt is not shown: %+v, %v", got, err)
	}
	if n := a.store.(*memStore).commits; n != commits {
		t.Fatalf("%d commits before a receipt was shown", n-commits)
	}
	crashed := a.store.(*memStore).backup()
	c := start(t, transcript.A, crashed, a.clock)
	if lost, _ := c.ledger.Receipts(); lost.Note != nil {
		t.Fatal("a receipt is durable that was not committed")
	}
	confirm(t, c, b)
	c.receive(b.parcel(c, MaxParcelBytes), Old)
	if again, _ := c.ledger.Receipts(); !bytes.Equal(again.Note, rc.Note) {
		t.Fatal("the receipt that is given again is another")
	}

	a.append(draft("notice", "two"))
	if n := a.store.(*memStore).commits; n != commits+1 {
		t.Fatalf("%d commits for an entry and a receipt", n-commits)
	}
	taken, err := Open(t.Context(), a.store.(*memStore).backup(), testConfig(transcript.A, a.clock))
	if err != nil {
		t.Fatal(err)
	}
	if kept, _ := taken.Receipts(); !bytes.Equal(kept.Note, rc.Note) {
		t.Fatal("the entry's commit did not take the receipt along")
	}
	c.stop()
	ended, err := Open(t.Context(), crashed, testConfig(transcript.A, a.clock))
	if err != nil {
		t.Fatal(err)
	}
	if kept, _ := ended.Receipts(); !bytes.Equal(kept.Note, rc.Note) {
		t.Fatal("Run ended before the receipt was durable")
	}
}

// A reader that leaves early takes the goroutines that read ahead of it along.
func TestRecordsLeftEarly(t *testing.T) {
	a, _ := pair(t)
	for range 40 {
		a.append(draft("notice", "w"), draft("notice", "w"))
	}
	l := reopened(t, a)
	for n := range 80 {
		for range l.Records(t.Context(), Cursor{}) {
			if n--; n < 0 {
				break
			}
		}
	}
	if got := len(recordsFrom(t, l, Cursor{})); got != 80 {
		t.Fatalf("%d records", got)
	}
}
