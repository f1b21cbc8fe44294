package transcript

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// breached is a transcript of blue's whose last entry breaks the format, with the evidence of it.
type breached struct {
	rule   string // a part of what the evidence says
	breach Breach
}

// breaches returns evidence of every way in which an entry can break the format.
func breaches(t testing.TB) map[string]breached {
	good := func(i int64) Sealed {
		s, _, err := Seal(testRand(byte(i)), testDraft(), testMeta(i))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	seal := func(change func(*Meta)) Sealed {
		m := testMeta(1)
		change(&m)
		s, _, err := Seal(testRand(9), testDraft(), m)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	out := map[string]breached{}
	add := func(name, rule string, o Origin, entries ...Sealed) {
		l := logBook{origin: o, key: testKey(1)}
		for _, s := range entries {
			l.append(s)
		}
		h, err := SignHead(l.key, o, l.tree.Size(), l.tree.Root(), testTime().Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		last := int64(len(entries)) - 1
		b := Breach{Head: h, Index: last, Entry: entries[last].Bytes, Disclosures: entries[last].Disclosures}
		if b.Proof, err = ProveEntry(h.Size, last, l.hashes); err != nil {
			t.Fatal(err)
		}
		if last > 0 {
			b.Before = entries[last-1].Bytes
			if b.BeforeProof, err = ProveEntry(h.Size, last-1, l.hashes); err != nil {
				t.Fatal(err)
			}
		}
		got, err := NewBreach(b, "blue")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = breached{rule, got}
	}
	first := Origin{testLine, 1, A}
	add("no entry", "is not in the one encoding of an entry", first, good(0), Sealed{Bytes: []byte("{\"v\":1}\n")})
	add("nothing", "is not in the one encoding of an entry", first, Sealed{})
	add("too long", "must be at most 65535", first, Sealed{Bytes: bytes.Repeat([]byte("z"), MaxEntryBytes+1)})
	add("number", "must be the index of the entry, 1", first, good(0), good(2))
	add("author", "must be the party whose transcript it is, blue", first, good(0), seal(func(m *Meta) { m.Author = "west" }))
	add("time", "must not be before the time of the entry before", first, good(0), seal(func(m *Meta) { m.Time = testTime().Add(-time.Second) }))
	add("opening", "must be epoch in the first entry of an epoch after the first", Origin{testLine, 2, A}, good(0))
	e, enc := entryWith(t, []byte("not a disclosure"))
	add("disclosure", "is not base64url in its one form", first, Sealed{Bytes: e, Disclosures: enc})
	return out
}

// entryWith encodes the first entry of blue's with the digests of texts that are no disclosures.
func entryWith(t testing.TB, texts ...[]byte) (entry []byte, disclosures [][]byte) {
	e := Entry{Agreement: testLine, Author: "blue", Time: testTime(), Seen: Seen{Root: emptyRoot}, Kind: "call"}
	for _, d := range texts {
		e.Shown = append(e.Shown, DigestOf(d))
	}
	e.SD = append(e.SD, e.Shown...)
	for i := 0; len(e.SD) < minDigests; i++ {
		e.SD = append(e.SD, DigestOf([]byte{byte(i)}))
	}
	byDigest := func(a, b Digest) int { return bytes.Compare(a[:], b[:]) }
	slices.SortFunc(e.SD, byDigest)
	slices.SortFunc(e.Shown, byDigest)
	entry, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range e.Shown {
		for _, text := range texts {
			if DigestOf(text) == d {
				disclosures = append(disclosures, text)
			}
		}
	}
	return entry, disclosures
}

func TestBreachIsShown(t *testing.T) {
	for name, c := range breaches(t) {
		text := c.breach.Encode()
		got, err := ParseBreach(text, "blue", append(keysOf(2), keysOf(1)...)...)
		if err != nil || !bytes.Equal(got.Encode(), text) {
			t.Errorf("%s is not read back: %v", name, err)
			continue
		}
		if !strings.Contains(got.String(), c.rule) || !strings.Contains(got.String(), "which breaks the format") || got.String() != c.breach.String() {
			t.Errorf("%s says %s", name, got)
		}
		if _, err := ParseBreach(text, "blue", keysOf(2)...); err == nil {
			t.Errorf("%s passes under another's key", name)
		}
		if len(text) > 1<<14 {
			continue
		}
		for i := range text {
			bad := bytes.Clone(text)
			bad[i] ^= 1 << (i % 8)
			if b, err := ParseBreach(bad, "blue", keysOf(1)...); err == nil {
				t.Fatalf("%s passes with byte %d changed, and says %s", name, i, b)
			}
		}
	}
}

// TestNoBreachIsLaidToAnHonestAuthor tries to make evidence of what whoever holds it changed.
func TestNoBreachIsLaidToAnHonestAuthor(t *testing.T) {
	l := smallWorld(t).books[0]
	head := l.heads[2]
	prove := func(i int64) []Hash {
		p, err := ProveEntry(head.Size, i, l.hashes)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	honest := Breach{Head: head, Index: 1, Entry: l.entries[1].Bytes, Proof: prove(1), Before: l.entries[0].Bytes, BeforeProof: prove(0), Disclosures: l.entries[1].Disclosures}
	change := func(f func(*Breach)) Breach {
		b := honest
		f(&b)
		return b
	}
	other := l.entries[0].Disclosures
	for name, b := range map[string]Breach{
		"an honest entry":           honest,
		"alone":                     change(func(b *Breach) { b.Before, b.BeforeProof, b.Disclosures = nil, nil, nil }),
		"another entry's fields":    change(func(b *Breach) { b.Disclosures = other }),
		"a field twice":             change(func(b *Breach) { b.Disclosures = [][]byte{b.Disclosures[0], b.Disclosures[0]} }),
		"fields out of order":       change(func(b *Breach) { b.Disclosures = [][]byte{b.Disclosures[1], b.Disclosures[0]} }),
		"a changed field":           change(func(b *Breach) { b.Disclosures = [][]byte{append(bytes.Clone(b.Disclosures[0]), 'x')} }),
		"a changed entry":           change(func(b *Breach) { b.Entry = bytes.Replace(b.Entry, []byte("blue"), []byte("glue"), 1) }),
		"another index":             change(func(b *Breach) { b.Index = 0 }),
		"a later entry as before":   change(func(b *Breach) { b.Before, b.BeforeProof = l.entries[2].Bytes, prove(2) }),
		"an invented entry before":  change(func(b *Breach) { b.Before = bytes.Replace(b.Before, []byte("06:00:00"), []byte("07:00:00"), 1) }),
		"a proof of nothing before": change(func(b *Breach) { b.Before = nil }),
		"the tree's inner node as entry": change(func(b *Breach) {
			b.Index, b.Entry, b.Proof = 0, append([]byte{1}, append(l.hashes[0][:], l.hashes[1][:]...)...), prove(2)
		}),
	} {
		if got, err := NewBreach(b, "blue"); err == nil {
			t.Errorf("%s is taken as a breach: %s", name, got)
		}
		if _, err := ParseBreach(b.Encode(), "blue", keysOf(1)...); err == nil {
			t.Errorf("%s is read as a breach", name)
		}
	}
}

// foreigns returns evidence of the two sorts: what green signed of a transcript of blue's that no other
// has seen, of three entries.
func foreigns(t testing.TB) (receipt, entry Foreign) {
	w := newWorld(t, testParties())
	for range 3 {
		w.say(0, Draft{Kind: "call"})
	}
	w.commit(0, true)
	w.say(1, Draft{Kind: "call"})
	w.commit(1, false)
	receipt, err := NewForeign(w.books[0].receipts[0])
	if err != nil {
		t.Fatal(err)
	}
	proof, err := ProveEntry(1, 0, w.books[1].hashes)
	if err != nil {
		t.Fatal(err)
	}
	if entry, err = NewForeignEntry(w.books[1].heads[0], 0, w.books[1].entries[0].Bytes, proof); err != nil {
		t.Fatal(err)
	}
	return receipt, entry
}

func TestForeignIsShown(t *testing.T) {
	receipt, entry := foreigns(t)
	for says, f := range map[string]Foreign{
		"the receiver signed at 2026-12-01T06:00:01Z, by its own clock, that it holds 3 entries of ": receipt,
		"the receiver signed at 2026-12-01T06:00:00Z, by its own clock, in ":                         entry,
	} {
		text := f.Encode()
		got, err := ParseForeign(text, append(keysOf(1), keysOf(2)...)...)
		if err != nil || !bytes.Equal(got.Encode(), text) || got.String() != f.String() || !strings.HasPrefix(got.String(), says) {
			t.Errorf("read back: %s, %v", got, err)
		}
		if o, seen := got.About(); o.Side != A || seen.Size != 3 {
			t.Errorf("is about %s at %d", o, seen.Size)
		}
		if _, err := ParseForeign(text, keysOf(1)...); err == nil {
			t.Error("passes under the author's own key")
		}
		for i := range text {
			bad := bytes.Clone(text)
			bad[i] ^= 1 << (i % 8)
			if _, err := ParseForeign(bad, keysOf(2)...); err == nil {
				t.Fatalf("passes with byte %d changed", i)
			}
		}
	}
	w := smallWorld(t)
	proof, err := ProveEntry(1, 0, w.books[0].hashes)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewForeignEntry(w.books[0].heads[0], 0, w.books[0].entries[0].Bytes, proof); err == nil {
		t.Error("an entry that had seen nothing is evidence of a foreign head")
	}
}

// withEvidence is the bundle of blue's transcript in w with evidence at its end.
func withEvidence(t testing.TB, w *world, write func(b *BundleWriter) error) []byte {
	var buf bytes.Buffer
	b := NewBundleWriter(&buf)
	if err := b.Agreement(w.agreement); err != nil {
		t.Fatal(err)
	}
	if l := w.books[0]; l.tree.Size() > 0 {
		l.write(t, b, nil)
	} else if err := b.Transcript(l.origin); err != nil {
		t.Fatal(err)
	}
	if err := write(b); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// foreign is a receipt of green's that no head of blue's is for.
func (w *world) foreign(size int64, root Hash) Foreign {
	r, err := SignReceipt(testKey(2), Head{Origin: w.books[0].origin, Size: size, Root: root}, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	f, err := NewForeign(r)
	if err != nil {
		w.t.Fatal(err)
	}
	return f
}

// breach is evidence of a first entry of blue's that is none.
func (w *world) breach() Breach {
	o := w.books[0].origin
	var tree Tree
	entry := []byte(`{"v":1}`)
	stored := Hashes(tree.Append(RecordHash(entry)))
	h, err := SignHead(testKey(1), o, 1, tree.Root(), w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	proof, err := ProveEntry(1, 0, stored)
	if err != nil {
		w.t.Fatal(err)
	}
	b, err := NewBreach(Breach{Head: h, Entry: entry, Proof: proof}, "blue")
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// forkAndReceipt is evidence that blue signed another version of its three entries, and that green holds that one.
func (w *world) forkAndReceipt(b *BundleWriter, held Hash) error {
	l := w.books[0]
	other, err := SignHead(l.key, l.origin, 3, Hash{9}, w.now.Add(time.Minute))
	if err != nil {
		return err
	}
	f, err := NewFork(l.heads[len(l.heads)-1], other, nil)
	if err != nil {
		return err
	}
	return errors.Join(b.Fork(f), b.Foreign(w.foreign(3, held)))
}

// TestForkAndWhatTheReceiverHolds: a receipt for the other version of a fork is no further thing that is wrong;
// one for a third version is.
func TestForkAndWhatTheReceiverHolds(t *testing.T) {
	w := smallWorld(t)
	data := withEvidence(t, w, func(b *BundleWriter) error { return w.forkAndReceipt(b, Hash{9}) })
	r, text := verifyText(data, testOptions())
	if r.OK || !r.OnlyForks() || !strings.HasPrefix(text, "shows that these two versions of the transcript cannot both be honest; ") ||
		!strings.Contains(text, "that it holds 3 entries of 1/a, which are those of the other version that the fork shows: it holds what the author gave it\n") {
		t.Error(text)
	}
	data = withEvidence(t, w, func(b *BundleWriter) error { return w.forkAndReceipt(b, Hash{8}) })
	if r, text := verifyText(data, testOptions()); r.OK || r.OnlyForks() || !strings.HasPrefix(text, "does not hold; found wrong: 2\n") {
		t.Error(text)
	}
}

func TestEvidenceInBundle(t *testing.T) {
	w, empty := smallWorld(t), newWorld(t, testParties())
	for _, c := range []struct {
		name, check, says string
		data              []byte
	}{
		{"a receipt for another root", "foreign", "with another root than the entries in this file have", withEvidence(t, w, func(b *BundleWriter) error { return b.Foreign(w.foreign(2, Hash{9})) })},
		{"a receipt for more", "foreign", "that it holds 7 entries of " + w.books[0].origin.String() + ", of which this file holds 3", withEvidence(t, w, func(b *BundleWriter) error { return b.Foreign(w.foreign(7, Hash{9})) })},
		{"a receipt for these very entries", "foreign", "this is no evidence of a foreign head", withEvidence(t, w, func(b *BundleWriter) error { return b.Foreign(w.foreign(2, w.books[0].heads[1].Root)) })},
		{"a breach", "breach", "which breaks the format: entry: is not in the one encoding", withEvidence(t, w, func(b *BundleWriter) error { return b.Breach(w.breach()) })},
		{"a breach in place of the first entry", "breach", "which breaks the format", withEvidence(t, empty, func(b *BundleWriter) error { return b.Breach(empty.breach()) })},
		{"both in their order", "breach", "which breaks the format", withEvidence(t, w, func(b *BundleWriter) error {
			if err := b.Foreign(w.foreign(7, Hash{9})); err != nil {
				return err
			}
			return b.Breach(w.breach())
		})},
	} {
		r, text := verifyText(c.data, testOptions())
		found := false
		for _, k := range r.Checks {
			if k.OK {
				continue
			}
			found = found || k.Name == c.check && strings.Contains(k.Reason, c.says)
			if k.Name != "foreign" && k.Name != "breach" {
				t.Errorf("%s: %s at %s: %s", c.name, k.Name, k.Entry, k.Reason)
			}
		}
		if r.OK || !found {
			t.Errorf("%s:\n%s", c.name, text)
		}
	}
	b := NewBundleWriter(new(bytes.Buffer))
	if err := b.Transcript(w.books[0].origin); err != nil {
		t.Fatal(err)
	}
	if err := b.Breach(w.breach()); err != nil {
		t.Fatal(err)
	}
	if b.Foreign(w.foreign(7, Hash{9})) == nil || b.Entry(w.books[0].entries[0]) == nil || b.Breach(w.breach()) == nil {
		t.Error("a foreign head, an entry or the same again is written after a breach")
	}
}
