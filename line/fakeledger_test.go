package line

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"parley/fault"
	"parley/internal/clock"
	"parley/transcript"
	"parley/transcript/ledger"
)

const testLine = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

// fakeLedger is a ledger in memory whose heads are unsigned hashes: enough to tell sound from
// unsound, old from new and delivered from not.
type fakeLedger struct {
	side  transcript.Side
	clock clock.Clock

	changed signal

	mu          sync.Mutex
	epoch       int64
	own, other  chain
	urgent      map[int64]bool // of own
	ahead       map[int64]transcript.Sealed
	receipted   int64 // of own
	receiptAt   map[int64]time.Time
	heldAt      []time.Time // of other
	aheadAt     map[int64]time.Time
	unconfirmed bool
	forked      bool
	broken      error // every write fails
	verdicts    []ledger.Verdict
	received    int // calls of Receive
	proven      []transcript.Origin
	proofs      int // calls of ReceiveProof
}

func newFakeLedger(side transcript.Side) *fakeLedger {
	f := &fakeLedger{
		side: side, clock: clock.System{}, epoch: 1,
		urgent: map[int64]bool{}, ahead: map[int64]transcript.Sealed{},
		receiptAt: map[int64]time.Time{}, aheadAt: map[int64]time.Time{},
	}
	f.changed.init()
	return f
}

// chain is a transcript: entries, and the root after each number of them.
type chain struct {
	entries []transcript.Sealed
	roots   [][32]byte
}

func (c *chain) len() int64 { return int64(len(c.entries)) }

// root is that of the first n entries.
func (c *chain) root(n int64) [32]byte {
	if n == 0 {
		return [32]byte{}
	}
	return c.roots[n-1]
}

func (c *chain) add(entries ...transcript.Sealed) {
	for _, e := range entries {
		c.roots = append(c.roots, nextRoot(c.root(c.len()), e))
		c.entries = append(c.entries, e)
	}
}

func (c *chain) cut(n int64) {
	c.entries, c.roots = c.entries[:n:n], c.roots[:n:n]
}

func nextRoot(root [32]byte, e transcript.Sealed) [32]byte {
	h := sha256.New()
	h.Write(root[:])
	for _, b := range append([][]byte{e.Bytes}, e.Disclosures...) {
		fmt.Fprintf(h, "%d ", len(b))
		h.Write(b)
	}
	return [32]byte(h.Sum(nil))
}

func fakeNote(kind string, side transcript.Side, epoch, size int64, root [32]byte) []byte {
	return fmt.Appendf(nil, "%s %s %d %d %x", kind, side, epoch, size, root)
}

func (f *fakeLedger) append(urgent bool, e transcript.Sealed) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.own.len()
	f.own.add(e)
	f.urgent[n] = urgent
	f.changed.fire()
	return n
}

func (f *fakeLedger) origin(side transcript.Side) transcript.Origin {
	return transcript.Origin{Line: testLine, Epoch: f.epoch, Side: side}
}

func (f *fakeLedger) have() ledger.Have {
	return ledger.Have{Epoch: f.epoch, Size: f.other.len()}
}

func (f *fakeLedger) Standing() ledger.Standing {
	f.mu.Lock()
	defer f.mu.Unlock()
	return ledger.Standing{
		Own: ledger.Have{Epoch: f.epoch, Size: f.own.len()}, Held: f.have(),
		Asks: ledger.Have{Epoch: f.epoch, Size: f.own.len()}, Undelivered: f.own.len() - f.receipted, Confirmed: !f.unconfirmed, Forked: f.forked,
	}
}

func (f *fakeLedger) Changed() <-chan struct{} { return f.changed.wait() }

// slice returns entries from first on, about maxBytes of them and at least one.
func slice(entries []transcript.Sealed, first int64, maxBytes int) []transcript.Sealed {
	n := 0
	for i, e := range entries[first:] {
		if n += sealedBytes(e); n > maxBytes && i > 0 {
			return entries[first : first+int64(i)]
		}
	}
	return entries[first:]
}

func (f *fakeLedger) Parcel(_ context.Context, w ledger.Want) (ledger.Parcel, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	have, maxBytes := w.Have, w.MaxBytes
	p := ledger.Parcel{Origin: f.origin(f.side), Have: f.have(), First: have.Size}
	upTo := f.own.len()
	if w.UpTo != (ledger.Have{}) {
		upTo = max(min(upTo, w.UpTo.Size), have.Size)
	}
	if maxBytes > 0 && have.Size < upTo {
		p.Entries = slice(f.own.entries[:upTo], have.Size, maxBytes)
		upTo = have.Size + int64(len(p.Entries))
	}
	p.Head = fakeNote("head", f.side, f.epoch, upTo, f.own.root(upTo))
	if n := f.other.len(); n > 0 && !f.unconfirmed {
		p.Receipts = [][]byte{fakeNote("receipt", f.side.Other(), f.epoch, n, f.other.root(n))}
	}
	return p, nil
}

func (f *fakeLedger) verdict(v ledger.Verdict, taken int) ledger.Outcome {
	f.verdicts = append(f.verdicts, v)
	return ledger.Outcome{Verdict: v, Have: f.have(), Taken: taken}
}

func (f *fakeLedger) Receive(_ context.Context, p ledger.Parcel) (ledger.Outcome, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.received++
	switch {
	case f.broken != nil:
		return ledger.Outcome{}, f.broken
	case f.unconfirmed:
		return ledger.Outcome{}, fault.Newf(fault.Unavailable, "fake", "unconfirmed")
	}
	for _, note := range p.Receipts {
		f.takeReceipt(note)
	}
	if len(p.Entries) == 0 {
		return f.verdict(ledger.Old, 0), nil
	}
	if p.First > f.other.len() {
		return f.verdict(ledger.Missing, 0), nil
	}
	end := p.First + int64(len(p.Entries))
	root := f.other.root(p.First)
	for _, e := range p.Entries {
		root = nextRoot(root, e)
	}
	if !bytes.Equal(p.Head, fakeNote("head", f.side.Other(), f.epoch, end, root)) {
		return f.verdict(ledger.Unsound, 0), nil
	}
	if end <= f.other.len() {
		return f.verdict(ledger.Old, 0), nil
	}
	taken := int(end - f.other.len())
	f.other.add(p.Entries[len(p.Entries)-taken:]...)
	for range taken {
		f.heldAt = append(f.heldAt, f.clock.Now())
	}
	f.changed.fire()
	return f.verdict(ledger.Taken, taken), nil
}

func (f *fakeLedger) takeReceipt(note []byte) {
	for n := f.own.len(); n > f.receipted; n-- {
		if bytes.Equal(note, fakeNote("receipt", f.side, f.epoch, n, f.own.root(n))) {
			for i := f.receipted; i < n; i++ {
				f.receiptAt[i] = f.clock.Now()
			}
			f.receipted = n
			f.changed.fire()
			return
		}
	}
}

func (f *fakeLedger) Advances(context.Context) ([]ledger.Advance, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var as []ledger.Advance
	for i := f.receipted; i < f.own.len(); i++ {
		if f.urgent[i] {
			as = append(as, ledger.Advance{Origin: f.origin(f.side), Index: i, Entry: f.own.entries[i], Head: []byte("head")})
		}
	}
	return as, nil
}

func (f *fakeLedger) ReceiveAdvance(_ context.Context, a ledger.Advance) (ledger.Outcome, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broken != nil {
		return ledger.Outcome{}, f.broken
	}
	if _, ok := f.ahead[a.Index]; ok {
		return f.verdict(ledger.Old, 0), nil
	}
	f.ahead[a.Index] = a.Entry
	f.aheadAt[a.Index] = f.clock.Now()
	return f.verdict(ledger.Taken, 1), nil
}

func (f *fakeLedger) GiveBack(_ context.Context, have ledger.Have, maxBytes int) (ledger.Parcel, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := ledger.Parcel{Origin: f.origin(f.side.Other()), Have: f.have(), First: have.Size}
	if have.Size < f.other.len() {
		p.Entries = slice(f.other.entries, have.Size, maxBytes)
	}
	return p, nil
}

func (f *fakeLedger) TakeBack(_ context.Context, p ledger.Parcel) (ledger.Outcome, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if p.Origin.Side != f.side || p.First != f.own.len() {
		return f.verdict(ledger.Missing, 0), nil
	}
	f.own.add(p.Entries...)
	f.unconfirmed = p.Have.Size > f.own.len()
	f.changed.fire()
	return f.verdict(ledger.Taken, len(p.Entries)), nil
}

// sizes returns how many entries f holds of each transcript, and how many of its own are receipted.
func (f *fakeLedger) sizes() (own, other, receipted int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.own.len(), f.other.len(), f.receipted
}

// sameAs reports whether the two hold the same of f's transcript.
func (f *fakeLedger) sameAs(o *fakeLedger) bool {
	f.mu.Lock()
	n := f.own.len()
	root := f.own.root(n)
	f.mu.Unlock()
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.other.len() == n && o.other.root(n) == root
}

var errDisk = errors.New("disk full")

// entryOf is an entry whose disclosures take size bytes.
func entryOf(text string, size int) transcript.Sealed {
	s := transcript.Sealed{Bytes: []byte(text)}
	for ; size > 0; size -= 1 << 20 {
		s.Disclosures = append(s.Disclosures, bytes.Repeat([]byte{'d'}, min(size, 1<<20)))
	}
	return s
}

func (f *fakeLedger) Proven() []transcript.Origin {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.proven
}

func (f *fakeLedger) Proof(_ context.Context, o transcript.Origin) ([]byte, error) {
	return []byte("proof of " + o.String()), nil
}

// ReceiveProof believes what Proof wrote.
func (f *fakeLedger) ReceiveProof(_ context.Context, text []byte) (ledger.Outcome, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	name, ok := bytes.CutPrefix(text, []byte("proof of "))
	o, err := transcript.ParseOrigin(string(name))
	f.proofs++
	switch {
	case !ok || err != nil:
		return f.verdict(ledger.Unsound, 0), nil
	case slices.Contains(f.proven, o):
		return f.verdict(ledger.Old, 0), nil
	}
	f.proven, f.forked = append(slices.Clip(f.proven), o), true
	f.changed.fire()
	return f.verdict(ledger.Forked, 0), nil
}
