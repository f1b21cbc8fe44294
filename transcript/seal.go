package transcript

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"time"

	"parley/fault"
)

// Seal makes the entry of a draft, with a fresh salt for every field and decoys up to the next
// power of two, at least eight. It reads salts and decoys from rand. A Meta whose Seen.Size is 0
// gets the root of the empty tree; its time is cut to the millisecond.
func Seal(rand io.Reader, d Draft, m Meta) (Sealed, Entry, error) {
	s, e, _, err := SealOpened(rand, d, m)
	return s, e, err
}

// SealOpened is Seal for who goes on to read what was sealed: it returns the fields as well, as Open
// reads them from the sealed entry.
func SealOpened(rand io.Reader, d Draft, m Meta) (Sealed, Entry, []Field, error) {
	if m.Seen.Size == 0 {
		m.Seen.Root = emptyRoot
	}
	e := Entry{Agreement: m.Agreement, Author: m.Author, Seq: m.Seq, Time: m.Time.UTC().Truncate(time.Millisecond),
		Seen: m.Seen, Kind: d.Kind, Drill: d.Drill}
	type held struct {
		digest  Digest
		encoded []byte
	}
	all := make([]held, 0, len(d.Fields))
	names := make(map[string]bool, len(d.Fields))
	fields := make([]Field, 0, len(d.Fields))
	total := 0
	for _, f := range d.Fields {
		if names[f.Name] {
			return Sealed{}, Entry{}, nil, fault.New(f.Name, "", "is in the body twice", "give each field once")
		}
		names[f.Name] = true
		disc := Disclosure{Name: f.Name, Value: f.Value}
		if _, err := io.ReadFull(rand, disc.Salt[:]); err != nil {
			return Sealed{}, Entry{}, nil, fault.Wrap(fault.Internal, "transcript.seal", err)
		}
		enc, value, err := disc.encode()
		if err != nil {
			return Sealed{}, Entry{}, nil, err
		}
		fields = append(fields, Field{Name: f.Name, Value: value, Shown: f.Shown})
		if total += len(enc); total > MaxDisclosuresBytes {
			return Sealed{}, Entry{}, nil, &fault.Error{Code: fault.TooLarge, Op: "transcript.seal", Field: f.Name,
				Rule: "makes the body larger than 4 MiB", Hint: "split it into several"}
		}
		h := held{DigestOf(enc), enc}
		all, e.SD = append(all, h), append(e.SD, h.digest)
		if f.Shown {
			e.Shown = append(e.Shown, h.digest)
		}
	}
	for n := len(e.SD); n < minDigests || n&(n-1) != 0; n++ {
		var decoy Digest
		if _, err := io.ReadFull(rand, decoy[:]); err != nil {
			return Sealed{}, Entry{}, nil, fault.Wrap(fault.Internal, "transcript.seal", err)
		}
		e.SD = append(e.SD, decoy)
	}
	byDigest := func(a, b Digest) int { return bytes.Compare(a[:], b[:]) }
	slices.SortFunc(e.SD, byDigest)
	slices.SortFunc(e.Shown, byDigest)
	slices.SortFunc(all, func(a, b held) int { return byDigest(a.digest, b.digest) })
	enc, err := e.Encode()
	if err != nil {
		return Sealed{}, Entry{}, nil, err
	}
	s := Sealed{Bytes: enc}
	for _, h := range all {
		s.Disclosures = append(s.Disclosures, h.encoded)
	}
	sortFields(fields)
	return s, e, fields, nil
}

func sortFields(fields []Field) {
	slices.SortFunc(fields, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
}

// Open reads a sealed entry and the fields that its disclosures open, sorted by name. It refuses a
// disclosure whose digest is not in _sd, that is out of the order of digests, or that names a field
// twice. It does not ask for all of them: see CheckShown.
func Open(s Sealed) (Entry, []Field, error) {
	e, err := ParseEntry(s.Bytes)
	if err != nil {
		return Entry{}, nil, err
	}
	fields, err := Disclosed(e, s.Disclosures)
	if err != nil {
		return Entry{}, nil, err
	}
	return e, fields, nil
}

// Disclosed is Open of an entry that is parsed already.
func Disclosed(e Entry, disclosures [][]byte) ([]Field, error) {
	fields := make([]Field, 0, len(disclosures))
	_, err := eachDisclosure(e, disclosures, nil, func(d Digest, p disclosureParts) {
		fields = append(fields, Field{Name: string(p.name), Value: bytes.Clone(p.value), Shown: has(e.Shown, d)})
	})
	if err != nil {
		return nil, err
	}
	sortFields(fields)
	return fields, nil
}

// eachDisclosure checks the encoded disclosures of e and calls do with each. It decodes to
// the end of buf, and returns what it grew to, for use again.
func eachDisclosure(e Entry, encoded [][]byte, buf []byte, do func(Digest, disclosureParts)) ([]byte, error) {
	total, at := 0, 0
	var room [16][]byte
	names := room[:0]
	if len(encoded) > len(e.SD) {
		return buf, badDisclosure("is one of more disclosures than the entry has digests")
	}
	for _, enc := range encoded {
		if total += len(enc); total > MaxDisclosuresBytes {
			return buf, fault.Newf(fault.TooLarge, "disclosure", "all of an entry must be at most %d bytes", MaxDisclosuresBytes)
		}
		d := DigestOf(enc)
		for at < len(e.SD) && bytes.Compare(e.SD[at][:], d[:]) < 0 {
			at++
		}
		if at == len(e.SD) || e.SD[at] != d {
			if has(e.SD, d) {
				return buf, badDisclosure("is out of the order of digests, or there twice")
			}
			return buf, notSealed(enc, buf)
		}
		at++
		p, err := splitDisclosure(enc, buf)
		if err != nil {
			return buf, err
		}
		buf = p.buf
		for _, n := range names {
			if bytes.Equal(n, p.name) {
				return buf, badDisclosure("names the field " + string(p.name) + " a second time")
			}
		}
		names = append(names, p.name)
		do(d, p)
	}
	return buf, nil
}

// notSealed says of which field a disclosure is that its entry does not hold, where it says a field.
func notSealed(enc, buf []byte) error {
	p, err := splitDisclosure(enc, buf)
	if err != nil {
		return badDisclosure("has a digest that the entry does not hold, and " + err.Error())
	}
	return badDisclosure("has a digest that the entry does not hold: the field " + string(p.name) +
		" is not as it was sealed; its name, its value or its salt was changed, or it is of another entry")
}

// Withhold returns s with only the disclosures whose digest keep accepts.
func Withhold(s Sealed, keep func(Digest) bool) Sealed {
	out := Sealed{Bytes: s.Bytes}
	for _, enc := range s.Disclosures {
		if keep(DigestOf(enc)) {
			out.Disclosures = append(out.Disclosures, enc)
		}
	}
	return out
}

// ForOther returns s with exactly the disclosures that are shown to the other party. It fails
// where one of them is not held.
func ForOther(s Sealed) (Sealed, error) {
	e, err := ParseEntry(s.Bytes)
	if err != nil {
		return Sealed{}, err
	}
	out := Withhold(s, func(d Digest) bool { return has(e.Shown, d) })
	if len(out.Disclosures) != len(e.Shown) {
		return Sealed{}, withheld(len(e.Shown)-len(out.Disclosures), len(e.Shown))
	}
	return out, nil
}

// CheckShown refuses a sealed entry that lacks a disclosure which it lists as shown.
func CheckShown(s Sealed) error {
	e, err := ParseEntry(s.Bytes)
	if err != nil {
		return err
	}
	shown := 0
	for _, enc := range s.Disclosures {
		if has(e.Shown, DigestOf(enc)) {
			shown++
		}
	}
	if shown != len(e.Shown) {
		return withheld(len(e.Shown)-shown, len(e.Shown))
	}
	return nil
}

func withheld(missing, of int) error {
	return fault.Newf(fault.Corrupt, "disclosure", "%d of the %d that the entry lists as shown are withheld", missing, of)
}
