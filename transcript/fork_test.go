package transcript

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// forkedHeads returns a head of three entries and two of other trees by the same key: one of the
// same size, one of five entries, with the stored hashes of the last.
func forkedHeads(t testing.TB) (first, same, longer Head, r Hashes) {
	o := Origin{testLine, 1, A}
	sign := func(tree Tree, minute int) Head {
		h, err := SignHead(testKey(1), o, tree.Size(), tree.Root(), testTime().Add(time.Duration(minute)*time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	three, _ := grow([]Hash{{1}, {2}, {3}})
	other, _ := grow([]Hash{{1}, {2}, {4}})
	five, r := grow([]Hash{{1}, {2}, {4}, {5}, {6}})
	return sign(three, 0), sign(other, 1), sign(five, 2), r
}

func TestForkTextOfOneSize(t *testing.T) {
	first, same, _, _ := forkedHeads(t)
	f, err := NewFork(first, same, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := "the author of parley/" + testLine + "/1/a signed two different transcripts of 3 entries, at 2026-12-01T06:00:00Z and at 2026-12-01T06:01:00Z by the author's clock"
	back := strings.Replace(want, "06:00:00Z and at 2026-12-01T06:01:00Z", "06:01:00Z and at 2026-12-01T06:00:00Z", 1)
	if f.String() != want && f.String() != back {
		t.Errorf("says %s", f)
	}
	checkForkText(t, f, "parley/fork/v1\nfirst ")
}

func TestForkTextOfTwoSizes(t *testing.T) {
	first, _, longer, r := forkedHeads(t)
	f, err := NewFork(longer, first, r)
	if err != nil {
		t.Fatal(err)
	}
	want := "the author of parley/" + testLine + "/1/a signed a transcript of 3 entries at 2026-12-01T06:00:00Z and one of 5 entries at 2026-12-01T06:02:00Z, by the author's clock, and the second does not begin with the first"
	if f.String() != want {
		t.Errorf("says %s", f)
	}
	checkForkText(t, f, "parley/fork/v1\nfirst ")
	if !strings.Contains(string(f.Encode()), "\nroot "+f.Root.String()+"\nproof "+f.Proof[0].String()+"\n") {
		t.Errorf("the text lacks root and proof:\n%s", f.Encode())
	}
}

func TestForkTextAtAnEntry(t *testing.T) {
	first, _, longer, r := forkedHeads(t)
	_, short := grow([]Hash{{1}, {2}, {3}})
	prove := func(size int64, r Hashes) []Hash {
		p, err := ProveEntry(size, 2, r)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	at := ForkedEntry{Index: 2, First: Hash{4}, Second: Hash{3}, InFirst: prove(5, r), InSecond: prove(3, short)}
	f, err := NewForkAt(longer, first, at)
	if err != nil {
		t.Fatal(err)
	}
	want := "the author of parley/" + testLine + "/1/a signed a transcript of 3 entries at 2026-12-01T06:00:00Z and one of 5 entries at 2026-12-01T06:02:00Z, by the author's clock, and they hold different entries at index 2"
	if f.String() != want {
		t.Errorf("says %s", f)
	}
	checkForkText(t, f, "parley/fork/v1\nfirst ")
	at.Second = at.First
	if _, err := NewForkAt(longer, first, at); err == nil {
		t.Error("one entry twice shows a fork")
	}
}

func checkForkText(t *testing.T, f Fork, begins string) {
	t.Helper()
	text := f.Encode()
	if !strings.HasPrefix(string(text), begins) || !bytes.Contains(text, f.First.Note) || !bytes.Contains(text, f.Second.Note) {
		t.Errorf("text:\n%s", text)
	}
	got, err := ParseFork(text, lineKey(2), lineKey(1))
	if err != nil || !bytes.Equal(got.Encode(), text) {
		t.Errorf("read back: %v", err)
	}
	if _, err := ParseFork(text, lineKey(2)); err == nil {
		t.Error("passes under another's key")
	}
	for i := range text {
		bad := bytes.Clone(text)
		bad[i] ^= 1 << (i % 8)
		if _, err := ParseFork(bad, lineKey(1)); err == nil {
			t.Fatalf("passes with byte %d changed", i)
		}
	}
}

func TestNoForkWhereHeadsAgree(t *testing.T) {
	_, same, longer, r := forkedHeads(t)
	later, err := SignHead(testKey(1), same.Origin, same.Size, same.Root, same.Time.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewFork(same, later, nil); err == nil || !strings.Contains(err.Error(), "the heads agree") {
		t.Errorf("two heads of one tree: %v", err)
	}
	if _, err := NewFork(same, longer, r); err == nil || !strings.Contains(err.Error(), "begins with the first") {
		t.Errorf("a tree and its growth: %v", err)
	}
	elsewhere, err := SignHead(testKey(1), Origin{testLine, 2, A}, 3, Hash{7}, same.Time)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewFork(same, elsewhere, nil); err == nil || !strings.Contains(err.Error(), "two transcripts") {
		t.Errorf("heads of two transcripts: %v", err)
	}
	first, _, _, _ := forkedHeads(t)
	forged := first
	forged.Root = Hash{1}
	if _, err := NewFork(forged, same, nil); err == nil {
		t.Error("a head whose fields are not what was signed")
	}
}

func TestProofFile(t *testing.T) {
	w := smallWorld(t)
	l := w.books[0]
	h := l.heads[1]
	p := Proof{Index: 0, Extra: l.entries[0].Bytes}
	var err error
	if p.Hashes, err = ProveEntry(h.Size, 0, l.hashes); err != nil {
		t.Fatal(err)
	}
	if p.Checkpoint, err = Cosigned(h, l.receipts[1]); err != nil {
		t.Fatal(err)
	}
	file := FormatProof(p)
	author, receiver := keysOf(1), keysOf(2)
	got, err := ParseProof(file)
	if err != nil {
		t.Fatal(err)
	}
	head, receipt, err := got.Check(l.entries[0].Bytes, author, receiver)
	if err != nil || head.Size != 2 || receipt == nil || !receipt.Time.Equal(l.receipts[1].Time) {
		t.Fatalf("%+v, %+v, %v", head, receipt, err)
	}
	if _, _, err := got.Check(l.entries[1].Bytes, author, receiver); err == nil {
		t.Error("proves another entry")
	}
	if _, _, err := got.Check(l.entries[0].Bytes, receiver, author); err == nil {
		t.Error("holds with the keys changed over")
	}
	if _, err := Cosigned(l.heads[0], l.receipts[1]); err == nil {
		t.Error("puts a receipt under another head")
	}
	extra := bytes.Index(file, []byte("extra ")) + len("extra ")
	for i := range file {
		if i >= extra && i < extra+len(l.entries[0].Bytes)*4/3 {
			continue // opaque, and not proved
		}
		bad := bytes.Clone(file)
		bad[i] ^= 1 << (i % 8)
		q, err := ParseProof(bad)
		if err != nil {
			continue
		}
		if _, r, err := q.Check(l.entries[0].Bytes, author, receiver); err == nil && r != nil {
			t.Fatalf("byte %d changed: head and receipt pass", i)
		}
	}
}
