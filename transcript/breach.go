package transcript

import (
	"bytes"
	"fmt"
	"strconv"

	"parley/fault"
)

const (
	breachHeader   = "parley/breach/v1"
	maxBreachBytes = 9 << 20 // an entry with its disclosures as the line carries them, and what proves it
)

// KindEpoch is the kind of the first entry of a transcript in every epoch but the first.
const KindEpoch = "epoch"

// Breach is the evidence that an author signed an entry that breaks the format: the entry, with the
// proof that a head of its author holds it at that index, and what else it takes to see that it breaks
// the format.
type Breach struct {
	Head        Head
	Index       int64
	Entry       []byte
	Proof       []Hash   // inclusion of Entry in Head
	Before      []byte   // the entry before, where the order of the two is broken
	BeforeProof []Hash   // inclusion of Before in Head
	Disclosures [][]byte // of Entry, where they break the format

	author string
	broken error
}

// NewBreach returns b as evidence against the author of that name. It refuses what shows no breach.
// Parts that it does not take to see the breach are left out.
func NewBreach(b Breach, author string) (Breach, error) {
	h, err := OpenHead(b.Head.Note, b.Head.Halves())
	if err != nil {
		return Breach{}, err
	}
	b.Head, b.author = h, author
	alone := b
	alone.Before, alone.BeforeProof, alone.Disclosures = nil, nil, nil
	withBefore, withDisclosures := alone, alone
	withBefore.Before, withBefore.BeforeProof = b.Before, b.BeforeProof
	withDisclosures.Disclosures = b.Disclosures
	for _, try := range []Breach{alone, withBefore, withDisclosures} {
		if err = try.check(); err == nil {
			return try, nil
		}
	}
	return Breach{}, err
}

// check finds the rule that the entry breaks, and fails where it breaks none. Nothing in it may lay to
// the author what whoever holds the evidence has changed: the entry, the entry before and every
// disclosure are bound to the author's head first.
func (b *Breach) check() error {
	if err := CheckEntry(b.Proof, b.Head.Size, b.Head.Root, b.Index, RecordHash(b.Entry)); err != nil {
		return err
	}
	e, err := ParseEntry(b.Entry)
	if err != nil {
		b.broken = err
		return b.useless(len(b.Before) > 0 || len(b.BeforeProof) > 0 || len(b.Disclosures) > 0)
	}
	if b.broken = b.placed(e); b.broken != nil {
		return b.useless(len(b.Before) > 0 || len(b.BeforeProof) > 0 || len(b.Disclosures) > 0)
	}
	if len(b.Before) > 0 {
		if b.broken, err = b.disordered(e); err != nil {
			return err
		}
		return b.useless(b.broken == nil || len(b.Disclosures) > 0)
	}
	if len(b.BeforeProof) > 0 {
		return b.useless(true)
	}
	for i, d := range b.Disclosures {
		if !has(e.SD, DigestOf(d)) || i > 0 && compareDigests(b.Disclosures[i-1], d) >= 0 {
			return fault.Newf(fault.Corrupt, "breach", "has a disclosure that the entry does not hold, or out of the order of digests")
		}
	}
	_, _, b.broken = Open(Sealed{Bytes: b.Entry, Disclosures: b.Disclosures})
	return b.useless(b.broken == nil)
}

func compareDigests(a, b []byte) int {
	x, y := DigestOf(a), DigestOf(b)
	return bytes.Compare(x[:], y[:])
}

// useless refuses evidence that shows nothing, or has parts that show nothing.
func (b *Breach) useless(is bool) error {
	if is {
		return fault.Newf(fault.Corrupt, "breach", "does not show that the entry breaks the format")
	}
	return nil
}

// placed returns the rule that the entry breaks where it stands, whatever stands before it.
func (b *Breach) placed(e Entry) error {
	switch {
	case e.Seq != b.Index:
		return badEntry("seq", strconv.FormatInt(e.Seq, 10), "must be the index of the entry, "+strconv.FormatInt(b.Index, 10))
	case e.Author != b.author:
		return badEntry("author", e.Author, "must be the party whose transcript it is, "+b.author)
	}
	return checkOpening(b.Head.Origin, e)
}

// checkOpening refuses a first entry that cannot open its transcript.
func checkOpening(o Origin, e Entry) error {
	if e.Seq == 0 && o.Epoch > 1 && e.Kind != KindEpoch {
		return badEntry("kind", e.Kind, "must be "+KindEpoch+" in the first entry of an epoch after the first")
	}
	return nil
}

// disordered returns the rule that the entry breaks beside the one before it.
func (b *Breach) disordered(e Entry) (broken, err error) {
	if b.Index == 0 {
		return nil, fault.Newf(fault.Corrupt, "breach", "has an entry before the first")
	}
	if err := CheckEntry(b.BeforeProof, b.Head.Size, b.Head.Root, b.Index-1, RecordHash(b.Before)); err != nil {
		return nil, err
	}
	before, err := ParseEntry(b.Before)
	if err != nil {
		return nil, err
	}
	return checkOrder(&before, e), nil
}

// String says in words what the evidence shows.
func (b Breach) String() string {
	return fmt.Sprintf("the author signed at %s, by its own clock, entry %d of %s, which breaks the format: %v",
		stamp(b.Head.Time), b.Index, b.Head.Origin, b.broken)
}

// Encode returns the evidence as text.
func (b Breach) Encode() []byte {
	out := appendSigned(append([]byte(breachHeader), '\n'), b.Head, b.Index, b.Proof, b.Entry)
	if len(b.Before) > 0 {
		out = append(appendBlock(out, "before", b.Before), '\n')
		out = appendHashes(out, "before-proof", b.BeforeProof...)
	}
	for _, d := range b.Disclosures {
		out = append(appendBlock(out, "disclosure", d), '\n')
	}
	return out
}

// ParseBreach reads evidence that Encode wrote and checks it against the name and the line keys of the
// author.
func ParseBreach(text []byte, author string, keys ...LineKey) (Breach, error) {
	bad := fault.Newf(fault.Corrupt, "breach", "is not in the one encoding of a breach")
	rest, ok := bytes.CutPrefix(text, []byte(breachHeader+"\n"))
	if !ok || len(text) > maxBreachBytes {
		return Breach{}, bad
	}
	b := Breach{author: author}
	var err error
	if b.Head, b.Index, b.Proof, b.Entry, rest, err = cutSigned(rest, keys); err != nil {
		return Breach{}, err
	}
	if before, after, ok := cutLineBlock(rest, "before"); ok {
		b.Before = before
		b.BeforeProof, rest = cutHashes(after, "before-proof", maxProof)
	}
	for len(b.Disclosures) <= maxDisclosures {
		d, after, ok := cutLineBlock(rest, "disclosure")
		if !ok {
			break
		}
		b.Disclosures, rest = append(b.Disclosures, d), after
	}
	if !bytes.Equal(b.Encode(), text) {
		return Breach{}, bad
	}
	if err := b.check(); err != nil {
		return Breach{}, err
	}
	return b, nil
}
