package ledger

import (
	"bytes"
	"testing"
	"time"

	"parley/transcript"
)

// busy has two parties talk in turn, each entry under a head and a receipt of its own.
func busy(t *testing.T, turns int, pause time.Duration) (a, b *node) {
	a, b = exportPair(t)
	for i := range turns {
		from, to := a, b
		if i%2 == 1 {
			from, to = b, a
		}
		from.append(draft("notice", "one after the other"))
		a.clock.add(pause)
		to.receive(from.parcel(to, MaxParcelBytes), Taken)
		if _, err := from.ledger.Receive(t.Context(), to.parcel(from, MaxParcelBytes)); err != nil {
			t.Fatal(err)
		}
	}
	settle(t, a, b)
	return a, b
}

// TestExportUnderInteractiveLoad has the bundle say of every entry when it was held, as the ledger
// knows it, with a small part of the heads and receipts that were signed.
func TestExportUnderInteractiveLoad(t *testing.T) {
	const turns = 400
	a, b := busy(t, turns, 20*time.Millisecond)
	for name, n := range map[string]*node{"a": a, "b": b} {
		data, r := exported(t, n)
		holds(t, name, r)
		heads, receipts := bytes.Count(data, []byte("\nhead ")), bytes.Count(data, []byte("\nreceipt "))
		seconds := int(turns * 20 * time.Millisecond / time.Second)
		if heads > 4 || receipts > 2*(seconds+2) {
			t.Errorf("%s: %d heads and %d receipts of %d entries in %d s", name, heads, receipts, turns, seconds)
		}
		for _, tr := range r.Transcripts {
			o, err := transcript.ParseOrigin(tr.Origin)
			if err != nil {
				t.Fatal(err)
			}
			for seq := range tr.Size {
				want, err := n.ledger.ReceiptFor(t.Context(), o, seq)
				if err != nil {
					t.Fatal(err)
				}
				if got, ok := r.Held(o, seq); !ok || !got.Equal(want.Time) {
					t.Fatalf("%s: entry %d of %s is held at %s, %t; the receipt says %s", name, seq, o, got, ok, want.Time)
				}
			}
			if tr.Size == 0 || tr.Size != tr.Entries || !tr.HeadTime.Equal(n.headTime(o)) {
				t.Errorf("%s: %+v", name, tr)
			}
		}
	}
}

func (n *node) headTime(o transcript.Origin) time.Time {
	s := n.ledger.now()
	if o.Side == n.side {
		return s.own.head.Time
	}
	return s.other.head.Time
}

// TestExportOfAClockThatWentBack exports heartbeats that are kept in another order than they came.
func TestExportOfAClockThatWentBack(t *testing.T) {
	_, b := exportPair(t)
	f := newForger(transcript.A, 1, newClock())
	at := func(minutes int) Parcel {
		f.clock = newClock()
		f.clock.add(time.Duration(minutes) * time.Minute)
		b.clock.add(2 * time.Minute)
		return f.parcel(t, f.tree.Size())
	}
	first := func(m *transcript.Meta) { m.Agreement = lineID() }
	f.say(t, "notice", "one", first)
	b.receive(f.parcel(t, 0), Taken)
	b.receive(at(12), Old)
	f.clock = newClock()
	f.say(t, "notice", "two", first)
	b.receive(f.parcel(t, 1), Taken)
	b.receive(at(6), Old)
	data, r := exported(t, b)
	holds(t, "b", r)
	if n := bytes.Count(data, []byte("\nhead ")); n != 4 {
		t.Errorf("%d heads are in the bundle, of two commits and two heartbeats", n)
	}
	if len(r.Transcripts) == 0 || len(r.Transcripts[0].Notes) == 0 {
		t.Errorf("nothing is said of an entry that is dated before a head: %+v", r.Transcripts)
	}
}

// TestExportKeepsWhatARevokedKeySigned has all heads and receipts of a key that no longer counts.
func TestExportKeepsWhatARevokedKeySigned(t *testing.T) {
	a, _ := busy(t, 40, time.Millisecond)
	before, _ := exported(t, a)
	keys := a.ledger.now().peerKeys
	keys[0].Revoked = a.clock.Now().Add(time.Hour)
	a.ledger.SetKeys(testKey(transcript.A), nil, keys)
	after, _ := exported(t, a)
	for _, mark := range []string{"\nhead ", "\nreceipt "} {
		was, is := bytes.Count(before, []byte(mark)), bytes.Count(after, []byte(mark))
		if was > 6 || is < 20 {
			t.Errorf("%q: %d, and %d of a revoked key", mark, was, is)
		}
	}
}
