package line

import (
	"encoding/binary"
	"encoding/hex"
	"time"

	"parley/fault"
	"parley/transcript"
	"parley/transcript/ledger"
)

// magic opens every message; its last byte is the version.
var magic = [8]byte{'p', 'a', 'r', 'l', 'e', 'y', 0, 1}

// prefixBytes is magic and length, headerBytes the fixed fields after them.
const (
	prefixBytes = 8 + 4
	headerBytes = 8 + 8 + 8 + 4 + 1 + 1
)

// The flags of a message.
const (
	flagWant   = 1 << 0
	flagParcel = 1 << 1
	flagAsk    = 1 << 2
	flagBack   = 1 << 3
	flagsKnown = flagWant | flagParcel | flagAsk | flagBack
)

// Encode returns m in its one encoding. It fails where m is over a bound or is not whole.
func Encode(m Message) ([]byte, error) {
	e := encoder{b: make([]byte, 0, sizeHint(m))}
	e.b = append(e.b, magic[:]...)
	e.u32(0)
	e.time(m.Sent)
	e.time(m.Echo.Sent)
	e.time(m.Echo.Received)
	e.wait(m.Wait)
	e.u8(flagsOf(m))
	e.u8(uint8(m.Refusal))
	e.acks(m.Acks)
	e.advances(m.Advances)
	e.proofs(m)
	if m.Ask != nil {
		e.have(*m.Ask)
	}
	if m.Parcel != nil {
		e.parcel(m.Parcel)
	}
	if m.Back != nil {
		e.parcel(m.Back)
	}
	switch {
	case e.bad != "":
		return nil, fault.Newf(fault.Internal, "line.encode", "%s", e.bad)
	case len(e.b) > MaxMessageBytes:
		return nil, fault.Newf(fault.TooLarge, "line.encode", "%d bytes; the bound is %d", len(e.b), MaxMessageBytes)
	case e.items > maxItems:
		return nil, fault.Newf(fault.TooLarge, "line.encode", "%d items; the bound is %d", e.items, maxItems)
	}
	binary.BigEndian.PutUint32(e.b[len(magic):], uint32(len(e.b)-prefixBytes))
	return e.b, nil
}

func flagsOf(m Message) uint8 {
	var f uint8
	if m.Want {
		f |= flagWant
	}
	if m.Parcel != nil {
		f |= flagParcel
	}
	if m.Ask != nil {
		f |= flagAsk
	}
	if m.Back != nil {
		f |= flagBack
	}
	return f
}

// encoder appends fields and remembers the first that cannot be encoded.
type encoder struct {
	b     []byte
	items int
	bad   string
}

func (e *encoder) fail(why string) {
	if e.bad == "" {
		e.bad = why
	}
}

func (e *encoder) u8(v uint8)   { e.b = append(e.b, v) }
func (e *encoder) u32(v uint32) { e.b = binary.BigEndian.AppendUint32(e.b, v) }

func (e *encoder) count(n int) {
	e.items += n
	e.u32(uint32(n))
}

// i64 appends a number that is never negative.
func (e *encoder) i64(v int64) {
	if v < 0 {
		e.fail("a negative number")
	}
	e.b = binary.BigEndian.AppendUint64(e.b, uint64(v))
}

// time appends nanoseconds since 1970, 0 for none.
func (e *encoder) time(t time.Time) {
	if t.IsZero() {
		e.i64(0)
		return
	}
	e.i64(t.UnixNano())
}

func (e *encoder) wait(d time.Duration) {
	if d < 0 || d > maxWait || d%time.Millisecond != 0 {
		e.fail("a wait that is not whole milliseconds up to a minute")
	}
	e.u32(uint32(d / time.Millisecond))
}

func (e *encoder) bytes(b []byte) {
	e.u32(uint32(len(b)))
	e.b = append(e.b, b...)
}

func (e *encoder) note(b []byte) {
	if len(b) > transcript.MaxNoteBytes {
		e.fail("a note over its bound")
	}
	e.bytes(b)
}

func (e *encoder) have(h ledger.Have) {
	e.i64(h.Epoch)
	e.i64(h.Size)
}

func (e *encoder) origin(o transcript.Origin) {
	id, err := hex.DecodeString(o.Line)
	if err != nil || len(id) != 32 || hex.EncodeToString(id) != o.Line {
		e.fail("a line id that is not 64 lower-case hexadecimal digits")
		return
	}
	e.b = append(e.b, id...)
	e.i64(o.Epoch)
	e.side(o.Side)
}

func (e *encoder) side(s transcript.Side) {
	switch s {
	case transcript.A:
		e.u8(0)
	case transcript.B:
		e.u8(1)
	default:
		e.fail("a side that is neither a nor b")
	}
}

func (e *encoder) sealed(s transcript.Sealed) {
	e.bytes(s.Bytes)
	e.count(len(s.Disclosures))
	for _, d := range s.Disclosures {
		e.bytes(d)
	}
}

func (e *encoder) parcel(p *ledger.Parcel) {
	e.origin(p.Origin)
	e.have(p.Have)
	e.note(p.Head)
	e.have(p.Receipted)
	e.have(p.After)
	if len(p.Receipts) > ledger.MaxReceipts {
		e.fail("too many receipts")
	}
	e.count(len(p.Receipts))
	for _, note := range p.Receipts {
		e.note(note)
	}
	e.i64(p.First)
	e.count(len(p.Entries))
	for _, s := range p.Entries {
		e.sealed(s)
	}
}

func (e *encoder) acks(acks []Ack) {
	if len(acks) > maxAcks {
		e.fail("too many acknowledgements")
	}
	e.count(len(acks))
	for _, a := range acks {
		e.i64(a.Epoch)
		e.i64(a.Index)
	}
}

func (e *encoder) proofs(m Message) {
	if len(m.Proven) > maxProven || len(m.Proofs) > maxProofs {
		e.fail("too many proofs of forks")
	}
	e.count(len(m.Proven))
	for _, t := range m.Proven {
		e.i64(t.Epoch)
		e.side(t.Side)
	}
	e.count(len(m.Proofs))
	for _, text := range m.Proofs {
		if len(text) > transcript.MaxForkBytes {
			e.fail("a proof of a fork over its bound")
		}
		e.bytes(text)
	}
}

func (e *encoder) advances(as []ledger.Advance) {
	if len(as) > maxAdvances {
		e.fail("too many advance copies")
	}
	e.count(len(as))
	for _, a := range as {
		e.origin(a.Origin)
		e.note(a.Head)
		e.i64(a.Index)
		e.sealed(a.Entry)
		if len(a.Proof) > maxProof {
			e.fail("a proof over its bound")
		}
		e.count(len(a.Proof))
		for _, h := range a.Proof {
			e.b = append(e.b, h[:]...)
		}
	}
}

// sizeHint is about the size of m encoded, so that a large message is copied once.
func sizeHint(m Message) int {
	n := 512
	for _, p := range []*ledger.Parcel{m.Parcel, m.Back} {
		if p == nil {
			continue
		}
		n += 160 + len(p.Head)
		for _, note := range p.Receipts {
			n += 4 + len(note)
		}
		for _, s := range p.Entries {
			n += sealedBytes(s)
		}
	}
	for _, a := range m.Advances {
		n += advanceBytes(a)
	}
	for _, text := range m.Proofs {
		n += 4 + len(text)
	}
	return n + 16*len(m.Acks) + 9*len(m.Proven)
}

// sealedBytes is the size of an encoded entry.
func sealedBytes(s transcript.Sealed) int {
	n := 8 + len(s.Bytes)
	for _, d := range s.Disclosures {
		n += 4 + len(d)
	}
	return n
}

// advanceBytes is the size of an encoded advance copy.
func advanceBytes(a ledger.Advance) int {
	return 41 + 4 + len(a.Head) + 8 + sealedBytes(a.Entry) + 4 + 32*len(a.Proof)
}
