package ledger

import (
	"encoding/binary"
	"time"

	"parley/fault"
	"parley/transcript"
)

const (
	segmentVersion = 1
	// segmentInline is how much of a segment lies in its own key. Beside it a transaction holds
	// hashes, heads and receipts.
	segmentInline = 640 << 10
	// disclosuresInline is how large the disclosures of one entry are within the segment.
	disclosuresInline = 16 << 10
)

// segment is the entries of one commit.
type segment struct {
	first   int64
	heldAt  time.Time
	entries []transcript.Sealed
}

// encodeSegment returns a segment's bytes as a blob, with chunks for what does not fit.
func (p *packer) encodeSegment(s segment) []byte {
	b := append(make([]byte, 0, s.sizeHint()), segmentVersion)
	b = binary.AppendUvarint(b, uint64(s.first))
	b = binary.AppendUvarint(b, uint64(s.heldAt.UnixMilli()))
	b = binary.AppendUvarint(b, uint64(len(s.entries)))
	var d []byte
	for _, e := range s.entries {
		b = binary.AppendUvarint(b, uint64(len(e.Bytes)))
		b = append(b, e.Bytes...)
		d = binary.AppendUvarint(d[:0], uint64(len(e.Disclosures)))
		for _, one := range e.Disclosures {
			d = binary.AppendUvarint(d, uint64(len(one)))
			d = append(d, one...)
		}
		b = p.blob(b, d, disclosuresInline)
		if len(d) > disclosuresInline {
			d = nil // its chunks stay
		}
	}
	return p.blob(make([]byte, 0, len(b)+16), b, segmentInline)
}

// sizeHint is about what a segment takes encoded, chunks left out.
func (s segment) sizeHint() int {
	n := 64
	for _, e := range s.entries {
		d := 32
		for _, one := range e.Disclosures {
			d += len(one) + 4
		}
		n += len(e.Bytes) + min(d, disclosuresInline) + 8
	}
	return n
}

// decodeSegment reads a stored segment. It copies nothing.
func decodeSegment(value []byte, get func([32]byte) ([]byte, error)) (segment, error) {
	outer := reader{rest: value}
	data, err := outer.blob(get)
	if err != nil {
		return segment{}, err
	}
	r := reader{rest: data}
	version := r.byte()
	first, ms, count := r.uvarint(), r.uvarint(), r.uvarint()
	bad := outer.bad || len(outer.rest) > 0 || version != segmentVersion || count > uint64(len(r.rest)) ||
		first > transcript.MaxSize || ms > 1<<50
	if r.bad || bad {
		return segment{}, badSegment()
	}
	s := segment{first: int64(first), heldAt: time.UnixMilli(int64(ms)).UTC(), entries: make([]transcript.Sealed, 0, count)}
	for range count {
		e := transcript.Sealed{Bytes: r.short()}
		blob, err := r.blob(get)
		if err != nil {
			return segment{}, err
		}
		d := reader{rest: blob, bad: r.bad}
		n := d.uvarint()
		if d.bad || n > uint64(len(d.rest)) {
			return segment{}, badSegment()
		}
		if n > 0 {
			e.Disclosures = make([][]byte, n)
		}
		for i := range e.Disclosures {
			e.Disclosures[i] = d.short()
		}
		if d.bad || len(d.rest) > 0 {
			return segment{}, badSegment()
		}
		s.entries = append(s.entries, e)
	}
	if r.bad || len(r.rest) > 0 {
		return segment{}, badSegment()
	}
	return s, nil
}

func badSegment() error {
	return fault.Newf(fault.Corrupt, "ledger.read", "a stored segment is not in its encoding")
}

// end is the index after the segment's last entry.
func (s segment) end() int64 { return s.first + int64(len(s.entries)) }
