package transcript

import (
	"bytes"
	"fmt"

	"parley/fault"
)

const (
	foreignHeader   = "parley/foreign/v1"
	maxForeignBytes = 128 << 10
)

// Foreign is the evidence that a party signed that it holds, or had seen, a head of the other party's
// transcript: a receipt, or an entry of its own with its head and the proof that it is there. Beside a
// transcript that has not that head, it shows that one of the two parties signed what is not so: the
// author, who gave the other another transcript than this one, or the other, who names a head that it
// was not given.
type Foreign struct {
	Receipt *Receipt // nil where Entry is the evidence
	Head    Head     // of the transcript of Entry
	Index   int64    // of Entry
	Entry   []byte   // as it is sealed
	Proof   []Hash   // inclusion of Entry in Head

	about Origin
	seen  Seen
}

// NewForeign returns the evidence that a receipt is.
func NewForeign(r Receipt) (Foreign, error) {
	return foreignReceipt(r.Note, r.Halves())
}

func foreignReceipt(note []byte, keys ...LineKey) (Foreign, error) {
	r, err := OpenReceipt(note, keys...)
	if err == nil && r.Size == 0 {
		err = fault.Newf(fault.Corrupt, "foreign", "is a receipt for nothing")
	}
	return Foreign{Receipt: &r, about: r.Origin, seen: Seen{r.Size, r.Root}}, err
}

// NewForeignEntry returns the evidence that the entry of an index of head is.
func NewForeignEntry(head Head, index int64, entry []byte, proof []Hash) (Foreign, error) {
	h, err := OpenHead(head.Note, head.Halves())
	if err != nil {
		return Foreign{}, err
	}
	f := Foreign{Head: h, Index: index, Entry: entry, Proof: proof, about: h.Origin.Other()}
	return f, f.openEntry()
}

// openEntry checks that the entry is in the tree of the head, and reads what it had seen.
func (f *Foreign) openEntry() error {
	if err := CheckEntry(f.Proof, f.Head.Size, f.Head.Root, f.Index, RecordHash(f.Entry)); err != nil {
		return err
	}
	e, err := ParseEntry(f.Entry)
	if err != nil {
		return err
	}
	if e.Seen.Size == 0 {
		return fault.Newf(fault.Corrupt, "foreign", "is of an entry that had seen nothing")
	}
	f.seen = e.Seen
	return nil
}

// About returns the transcript of which the evidence speaks, and the head of it that it names.
func (f Foreign) About() (Origin, Seen) { return f.about, f.seen }

// String says in words what the evidence shows.
func (f Foreign) String() string {
	if f.Receipt != nil {
		return fmt.Sprintf("the receiver signed at %s, by its own clock, that it holds %s of %s", stamp(f.Receipt.Time), entries(f.seen.Size), f.about)
	}
	return fmt.Sprintf("the receiver signed at %s, by its own clock, in %s, that it had seen %s of %s",
		stamp(f.Head.Time), EntryName(f.Head.Origin, f.Index), entries(f.seen.Size), f.about)
}

// Encode returns the evidence as text.
func (f Foreign) Encode() []byte {
	b := append([]byte(foreignHeader), '\n')
	if f.Receipt != nil {
		return appendBlock(b, "receipt", f.Receipt.Note)
	}
	return appendSigned(b, f.Head, f.Index, f.Proof, f.Entry)
}

// appendSigned writes a head and an entry that it holds.
func appendSigned(b []byte, h Head, index int64, proof []Hash, entry []byte) []byte {
	b = appendBlock(b, "head", h.Note)
	b = appendNumber(append(b, "index "...), index, '\n')
	b = appendHashes(b, "proof", proof...)
	return append(appendBlock(b, "entry", entry), '\n')
}

// cutSigned reads what appendSigned wrote and opens the head.
func cutSigned(b []byte, keys []LineKey) (h Head, index int64, proof []Hash, entry, rest []byte, err error) {
	bad := fault.Newf(fault.Corrupt, "evidence", "has not a head, an index, a proof and an entry")
	note, rest, ok := cutBlock(b, "head")
	if !ok {
		return h, 0, nil, nil, nil, bad
	}
	if h, err = OpenHead(note, keys...); err != nil {
		return h, 0, nil, nil, nil, err
	}
	line, rest, ok := bytes.Cut(rest, []byte("\n"))
	num, ok2 := bytes.CutPrefix(line, []byte("index "))
	index, ok3 := parseDecimal(num)
	if !ok || !ok2 || !ok3 {
		return h, 0, nil, nil, nil, bad
	}
	proof, rest = cutHashes(rest, "proof", maxProof)
	if entry, rest, ok = cutLineBlock(rest, "entry"); !ok {
		return h, 0, nil, nil, nil, bad
	}
	return h, index, proof, entry, rest, nil
}

// cutLineBlock takes a block that has a newline after it.
func cutLineBlock(b []byte, name string) (block, rest []byte, ok bool) {
	if block, rest, ok = cutBlock(b, name); !ok || len(rest) == 0 || rest[0] != '\n' {
		return nil, nil, false
	}
	return block, rest[1:], true
}

// ParseForeign reads evidence that Encode wrote and checks it against the line keys of the party that
// signed it: the other than the author of the transcript of which it speaks.
func ParseForeign(text []byte, keys ...LineKey) (Foreign, error) {
	bad := fault.Newf(fault.Corrupt, "foreign", "is not in the one encoding of a foreign head")
	rest, ok := bytes.CutPrefix(text, []byte(foreignHeader+"\n"))
	if !ok || len(text) > maxForeignBytes {
		return Foreign{}, bad
	}
	var f Foreign
	if note, _, ok := cutBlock(rest, "receipt"); ok {
		var err error
		if f, err = foreignReceipt(note, keys...); err != nil {
			return Foreign{}, err
		}
	} else {
		h, index, proof, entry, _, err := cutSigned(rest, keys)
		if err != nil {
			return Foreign{}, err
		}
		f = Foreign{Head: h, Index: index, Entry: bytes.Clone(entry), Proof: proof, about: h.Origin.Other()}
		if err := f.openEntry(); err != nil {
			return Foreign{}, err
		}
	}
	if !bytes.Equal(f.Encode(), text) {
		return Foreign{}, bad
	}
	return f, nil
}
