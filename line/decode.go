package line

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"parley/transcript"
	"parley/transcript/ledger"
)

// errMalformed is the root of every error about bytes that are not a message.
var errMalformed = errors.New("not a message")

// errCutShort says that a stream ended in the middle of a message. Who is stopped while it sends does
// that, and it is no fault.
var errCutShort = fmt.Errorf("%w: cut short", errMalformed)

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errMalformed, fmt.Sprintf(format, args...))
}

// Decode reads one message, which must be all of r. What it returns shares one buffer. An error is
// either r's own or says in what the bytes are not a message.
func Decode(r io.Reader) (Message, error) { return decode(r, func() {}) }

// decode calls stamp as soon as the message's fixed fields are there, before its bulk, so that the
// time of arrival does not grow with the size.
func decode(r io.Reader, stamp func()) (Message, error) {
	var head [prefixBytes + headerBytes]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return Message{}, cutShort(err)
	}
	stamp()
	if !bytes.Equal(head[:len(magic)], magic[:]) {
		return Message{}, malformed("another magic or version")
	}
	n := int64(binary.BigEndian.Uint32(head[len(magic):]))
	if n < headerBytes || n > MaxMessageBytes-prefixBytes {
		return Message{}, malformed("a length of %d", n)
	}
	body, err := readBody(r, int(n)-headerBytes)
	if err != nil {
		return Message{}, err
	}
	return parse(head[prefixBytes:], body)
}

// readBody reads exactly n bytes and the end of r. Memory follows the bytes that came, not the
// length that was claimed.
func readBody(r io.Reader, n int) ([]byte, error) {
	body := make([]byte, 0, min(n, readChunk))
	for len(body) < n {
		if len(body) == cap(body) {
			grown := make([]byte, len(body), min(n, 2*cap(body)))
			copy(grown, body)
			body = grown
		}
		k, err := r.Read(body[len(body):cap(body)])
		body = body[:len(body)+k]
		if err != nil && len(body) < n {
			return nil, cutShort(err)
		}
	}
	var one [1]byte
	switch _, err := io.ReadFull(r, one[:]); {
	case err == io.EOF:
		return body, nil
	case err != nil:
		return nil, err
	}
	return nil, malformed("bytes after its end")
}

// cutShort names the end of a stream in the middle of a message; other errors stay.
func cutShort(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errCutShort
	}
	return err
}

func parse(head, body []byte) (Message, error) {
	var m Message
	d := decoder{b: head}
	m.Sent = d.time()
	m.Echo.Sent = d.time()
	m.Echo.Received = d.time()
	m.Wait = d.wait()
	flags := d.u8()
	m.Refusal = Refusal(d.u8())
	if flags&^flagsKnown != 0 {
		d.fail("unknown flags")
	}
	d.b = body
	m.Want = flags&flagWant != 0
	m.Acks = d.acks()
	m.Advances = d.advances()
	m.Proven, m.Proofs = d.proven(), d.notes(maxProofs, transcript.MaxForkBytes)
	if flags&flagAsk != 0 {
		h := d.have()
		m.Ask = &h
	}
	if flags&flagParcel != 0 {
		m.Parcel = d.parcel()
	}
	if flags&flagBack != 0 {
		m.Back = d.parcel()
	}
	if len(d.b) != 0 {
		d.fail("bytes left over")
	}
	if d.err != nil {
		return Message{}, d.err
	}
	return m, nil
}

// decoder takes fields off b; after its first error every field is zero.
type decoder struct {
	b     []byte
	items int
	err   error
}

func (d *decoder) fail(why string) {
	if d.err == nil {
		d.err = malformed("%s", why)
	}
}

// take returns the next n bytes, without capacity beyond them.
func (d *decoder) take(n int) []byte {
	if d.err == nil && n > len(d.b) {
		d.fail("a field longer than the message")
	}
	if d.err != nil {
		return nil
	}
	out := d.b[:n:n]
	d.b = d.b[n:]
	return out
}

func (d *decoder) u8() uint8 {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *decoder) u32() uint32 {
	if b := d.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (d *decoder) i64() int64 {
	b := d.take(8)
	if b == nil {
		return 0
	}
	v := binary.BigEndian.Uint64(b)
	if v > math.MaxInt64 {
		d.fail("a number over its bound")
		return 0
	}
	return int64(v)
}

func (d *decoder) time() time.Time {
	ns := d.i64()
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}

func (d *decoder) wait() time.Duration {
	w := time.Duration(d.u32()) * time.Millisecond
	if w > maxWait {
		d.fail("a wait over its bound")
		return 0
	}
	return w
}

// bytes returns a field of at most limit bytes, nil where it is empty.
func (d *decoder) bytes(limit int) []byte {
	n := d.u32()
	if uint64(n) > uint64(limit) {
		d.fail("a field over its bound")
	}
	if n == 0 {
		return nil
	}
	return d.take(int(n))
}

// count returns a number of items of at least size bytes each, so that it cannot ask for more
// memory than a fixed multiple of the bytes that are there.
func (d *decoder) count(limit, size int) int {
	n := d.u32()
	if d.err != nil {
		return 0
	}
	if uint64(n) > uint64(limit) || uint64(n)*uint64(size) > uint64(len(d.b)) {
		d.fail("a count over its bound")
		return 0
	}
	if d.items += int(n); d.items > maxItems {
		d.fail("too many items")
		return 0
	}
	return int(n)
}

func (d *decoder) have() ledger.Have { return ledger.Have{Epoch: d.i64(), Size: d.i64()} }

func (d *decoder) origin() transcript.Origin {
	id := d.take(32)
	return transcript.Origin{Line: hex.EncodeToString(id), Epoch: d.i64(), Side: d.side()}
}

func (d *decoder) side() transcript.Side {
	switch d.u8() {
	case 0:
		return transcript.A
	case 1:
		return transcript.B
	}
	d.fail("an unknown side")
	return ""
}

// notes returns up to limit byte strings of a bounded size.
func (d *decoder) notes(limit, size int) [][]byte {
	n := d.count(limit, 4)
	if n == 0 {
		return nil
	}
	out := make([][]byte, n)
	for i := range out {
		out[i] = d.bytes(size)
	}
	return out
}

func (d *decoder) proven() []Transcript {
	n := d.count(maxProven, 9)
	if n == 0 {
		return nil
	}
	out := make([]Transcript, n)
	for i := range out {
		out[i] = Transcript{Epoch: d.i64(), Side: d.side()}
	}
	return out
}

func (d *decoder) sealed() transcript.Sealed {
	s := transcript.Sealed{Bytes: d.bytes(MaxMessageBytes)}
	if n := d.count(maxItems, 4); n > 0 {
		s.Disclosures = make([][]byte, n)
		for i := range s.Disclosures {
			s.Disclosures[i] = d.bytes(MaxMessageBytes)
		}
	}
	return s
}

func (d *decoder) parcel() *ledger.Parcel {
	p := &ledger.Parcel{Origin: d.origin(), Have: d.have()}
	p.Head = d.bytes(transcript.MaxNoteBytes)
	p.Receipted, p.After = d.have(), d.have()
	p.Receipts = d.notes(ledger.MaxReceipts, transcript.MaxNoteBytes)
	p.First = d.i64()
	if n := d.count(maxItems, 8); n > 0 {
		p.Entries = make([]transcript.Sealed, n)
		for i := range p.Entries {
			p.Entries[i] = d.sealed()
		}
	}
	return p
}

func (d *decoder) acks() []Ack {
	n := d.count(maxAcks, 16)
	if n == 0 {
		return nil
	}
	acks := make([]Ack, n)
	for i := range acks {
		acks[i] = Ack{Epoch: d.i64(), Index: d.i64()}
	}
	return acks
}

func (d *decoder) advances() []ledger.Advance {
	n := d.count(maxAdvances, 65)
	if n == 0 {
		return nil
	}
	as := make([]ledger.Advance, n)
	for i := range as {
		a := ledger.Advance{Origin: d.origin(), Head: d.bytes(transcript.MaxNoteBytes), Index: d.i64(), Entry: d.sealed()}
		if k := d.count(maxProof, 32); k > 0 {
			a.Proof = make([]transcript.Hash, k)
			for j := range a.Proof {
				copy(a.Proof[j][:], d.take(32))
			}
		}
		as[i] = a
	}
	return as
}
