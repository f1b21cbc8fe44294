package ledger

import (
	"crypto/sha256"
	"strings"
	"testing"

	"parley/transcript"
)

// TestExportShowsAllEvidence exports every sort of evidence and has the verifier say what it shows, and
// find nothing else wrong.
func TestExportShowsAllEvidence(t *testing.T) {
	b := func(t *testing.T) *node {
		return start(t, transcript.B, newMemStore(), newClock(), notRestored)
	}
	parted := func(t *testing.T, b *node) (h, l *forger) {
		h, l = newForger(transcript.A, 1, b.clock), newForger(transcript.A, 1, b.clock)
		l.add(h.say(t, "notice", "one"))
		h.say(t, "hold", "stop")
		l.say(t, "hold", "go on")
		return h, l
	}
	breach := func(say func(t *testing.T, f *forger)) func(t *testing.T) *node {
		return func(t *testing.T) *node {
			n := b(t)
			f := newForger(transcript.A, 1, n.clock)
			f.say(t, "notice", "one")
			n.receive(f.parcel(t, 0), Taken)
			f.say(t, "notice", "two")
			say(t, f)
			n.receive(f.parcel(t, 1), Breach)
			return n
		}
	}
	for name, c := range map[string]struct {
		play        func(t *testing.T) *node
		check, says string
	}{
		"two heads": {func(t *testing.T) *node {
			n := b(t)
			liar := forked(t, n)
			liar.say(t, "notice", "two'")
			n.receive(liar.parcel(t, 0), Forked)
			return n
		}, "fork", "does not begin with the first"},
		"two advance copies": {func(t *testing.T) *node {
			n := b(t)
			h, l := parted(t, n)
			l.say(t, "notice", "more")
			n.advance(h.advance(t, 1), Taken)
			n.advance(l.advance(t, 1), Forked)
			return n
		}, "fork", "they hold different entries at index 1"},
		"two advance copies under heads of one size": {func(t *testing.T) *node {
			n := b(t)
			h, l := parted(t, n)
			n.advance(h.advance(t, 1), Taken)
			n.advance(l.advance(t, 1), Forked)
			return n
		}, "fork", "signed two different transcripts of 2 entries"},
		"an entry that is not its advance copy": {func(t *testing.T) *node {
			n := b(t)
			h, l := parted(t, n)
			n.advance(l.advance(t, 1), Taken)
			h.say(t, "notice", "three")
			h.say(t, "notice", "four")
			n.receive(h.parcel(t, 0), Forked)
			return n
		}, "fork", "signed a transcript of 2 entries"},
		"a later advance copy": {func(t *testing.T) *node {
			n := b(t)
			h, l := parted(t, n)
			n.receive(h.parcel(t, 0), Taken)
			for range 5 {
				l.say(t, "notice", "more")
			}
			n.advance(l.advance(t, 1), Forked)
			return n
		}, "fork", "they hold different entries at index 1"},
		"a receipt for another transcript": {func(t *testing.T) *node {
			x, y := exportPair(t)
			x.append(draft("notice", "one"))
			return foreignReceipt(t, x, y, 1, Forked)
		}, "foreign", "that it holds 1 entry of "},
		"a receipt for more": {func(t *testing.T) *node {
			x, y := exportPair(t)
			x.append(draft("notice", "one"))
			foreignReceipt(t, x, y, 4, Missing)
			x.ledger.ConfirmNotRestored()
			return foreignReceipt(t, x, y, 4, Forked)
		}, "foreign", "of which this file holds 1"},
		"an entry that had seen another transcript": {func(t *testing.T) *node {
			x := start(t, transcript.A, newMemStore(), newClock(), notRestored)
			x.append(draft("notice", "one"))
			liar := newForger(transcript.B, 1, x.clock)
			liar.say(t, "notice", "x", func(m *transcript.Meta) { m.Seen = transcript.Seen{Size: 1, Root: sha256.Sum256([]byte("no"))} })
			x.receive(liar.parcel(t, 0), Forked)
			return x
		}, "foreign", "that it had seen 1 entry of "},
		"an entry that had seen more": {func(t *testing.T) *node {
			x := start(t, transcript.A, newMemStore(), newClock(), notRestored)
			x.append(draft("notice", "one"))
			liar := newForger(transcript.B, 1, x.clock)
			liar.say(t, "notice", "x", func(m *transcript.Meta) { m.Seen = transcript.Seen{Size: 9, Root: sha256.Sum256([]byte("no"))} })
			x.receive(liar.parcel(t, 0), Missing)
			x.ledger.ConfirmNotRestored()
			x.receive(liar.parcel(t, 0), Forked)
			return x
		}, "foreign", "that it had seen 9 entries of "},
		"an entry over its bound": {breach(func(t *testing.T, f *forger) {
			f.add(transcript.Sealed{Bytes: []byte(strings.Repeat("z", transcript.MaxEntryBytes+1))})
		}), "breach", "must be at most 65535"},
		"no entry": {breach(func(t *testing.T, f *forger) { f.add(transcript.Sealed{Bytes: []byte(`{"v":1}`)}) }), "breach", "one encoding of an entry"},
		"a time that goes back": {breach(func(t *testing.T, f *forger) {
			f.clock.add(-1e9)
			f.say(t, "notice", "earlier")
			f.clock.add(1e9)
		}), "breach", "must not be before the time of the entry before"},
		"a time that goes back after the copy held": {func(t *testing.T) *node {
			n := b(t)
			f := newForger(transcript.A, 1, n.clock)
			f.say(t, "notice", "one")
			n.receive(f.parcel(t, 0), Taken)
			f.clock.add(-1e9)
			f.say(t, "notice", "earlier")
			f.clock.add(1e9)
			n.receive(f.parcel(t, 1), Breach)
			return n
		}, "breach", "must not be before the time of the entry before"},
		"a number left out":     {breach(func(t *testing.T, f *forger) { f.say(t, "notice", "x", func(m *transcript.Meta) { m.Seq++ }) }), "breach", "must be the index of the entry, 2"},
		"another author":        {breach(func(t *testing.T, f *forger) { f.say(t, "notice", "x", func(m *transcript.Meta) { m.Author = "west" }) }), "breach", "must be the party whose transcript it is"},
		"fields over their sum": {breach(func(t *testing.T, f *forger) { f.add(oversized(t, f)) }), "breach", "must be at most 4194304 bytes"},
		"a field that is none":  {breach(func(t *testing.T, f *forger) { f.add(malformed(t, f)) }), "breach", "base64url"},
		"the very first entry": {func(t *testing.T) *node {
			n := b(t)
			f := newForger(transcript.A, 1, n.clock)
			f.add(transcript.Sealed{Bytes: []byte("nothing")})
			n.receive(f.parcel(t, 0), Breach)
			return n
		}, "breach", "one encoding of an entry"},
	} {
		t.Run(name, func(t *testing.T) {
			n := c.play(t)
			_, r := exported(t, n)
			found := false
			for _, k := range r.Checks {
				if k.OK || k.Name == "in-force" { // forgers name an agreement that is not in the bundle
					continue
				}
				found = found || k.Name == c.check && strings.Contains(k.Reason, c.says)
				if k.Name != c.check {
					t.Errorf("%s at %s: %s", k.Name, k.Entry, k.Reason)
				}
			}
			if !found {
				t.Errorf("the report does not say %q: %+v", c.says, r.Checks)
			}
		})
	}
}

// foreignReceipt gives x a receipt by y for size entries that x never said.
func foreignReceipt(t *testing.T, x, y *node, size int, want Verdict) *node {
	t.Helper()
	liar := newForger(transcript.A, 1, x.clock)
	for range size {
		liar.say(t, "notice", "another")
	}
	rc, err := transcript.SignReceipt(testKey(transcript.B), liar.head(t), x.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	p := y.parcel(x, MaxParcelBytes)
	p.Receipts = [][]byte{rc.Note}
	x.receive(p, want)
	return x
}
