package line

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
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
	own, other  []transcript.Sealed
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

func fakeRoot(entries []transcript.Sealed) [32]byte {
	h := sha256.New()
	for _, e := range entries {
		fmt.Fprintf(h, "%d %d ", len(e.Bytes), len(e.Disclosures))
		h.Write(e.Bytes)
		for _, d := range e.Disclosures {
			fmt.Fprintf(h, "%d ", len(d))
			h.Write(d)
		}
	}
	return [32]byte(h.Sum(nil))
}

func fakeNote(kind string, side transcript.Side, epoch int64, entries []transcript.Sealed) []byte {
	return fmt.Appendf(nil, "%s %s %d %d %x", kind, side, epoch, len(entries), fakeRoot(entries))
}

func (f *fakeLedger) append(urgent bool, e transcript.Sealed) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := int64(len(f.own))
	f.own = append(f.own, e)
	f.urgent[n] = urgent
	f.changed.fire()
	return n
}

func (f *fakeLedger) origin(side transcript.Side) transcript.Origin {
	return transcript.Origin{Line: testLine, Epoch: f.epoch, Side: side}
}

func (f *fakeLedger) have() ledger.Have {
	return ledger.Have{Epoch: f.epoch, Size: int64(len(f.other))}
}

func (f *fakeLedger) Standing() ledger.Standing {
	f.mu.Lock()
	defer f.mu.Unlock()
	return ledger.Standing{
		Own: ledger.Have{Epoch: f.epoch, Size: int64(len(f.own))}, Held: f.have(),
		Undelivered: int64(len(f.own)) - f.receipted, Confirmed: !f.unconfirmed, Forked: f.forked,
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

func (f *fakeLedger) Parcel(_ context.Context, have ledger.Have, maxBytes int) (ledger.Parcel, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := ledger.Parcel{Origin: f.origin(f.side), Have: f.have(), First: have.Size}
	upTo := int64(len(f.own))
	if maxBytes > 0 && have.Size < upTo {
		p.Entries = slice(f.own, have.Size, maxBytes)
		upTo = have.Size + int64(len(p.Entries))
	}
	p.Head = fakeNote("head", f.side, f.epoch, f.own[:upTo])
	if len(f.other) > 0 && !f.unconfirmed {
		p.Receipt = fakeNote("receipt", f.side.Other(), f.epoch, f.other)
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
	f.takeReceipt(p.Receipt)
	if len(p.Entries) == 0 {
		return f.verdict(ledger.Old, 0), nil
	}
	if p.First > int64(len(f.other)) {
		return f.verdict(ledger.Missing, 0), nil
	}
	end := p.First + int64(len(p.Entries))
	all := append(append([]transcript.Sealed(nil), f.other[:p.First]...), p.Entries...)
	if !bytes.Equal(p.Head, fakeNote("head", f.side.Other(), f.epoch, all)) {
		return f.verdict(ledger.Unsound, 0), nil
	}
	if end <= int64(len(f.other)) {
		return f.verdict(ledger.Old, 0), nil
	}
	taken := int(end) - len(f.other)
	f.other = all
	for range taken {
		f.heldAt = append(f.heldAt, f.clock.Now())
	}
	f.changed.fire()
	return f.verdict(ledger.Taken, taken), nil
}

func (f *fakeLedger) takeReceipt(note []byte) {
	for n := int64(len(f.own)); n > f.receipted; n-- {
		if bytes.Equal(note, fakeNote("receipt", f.side, f.epoch, f.own[:n])) {
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
	for i := f.receipted; i < int64(len(f.own)); i++ {
		if f.urgent[i] {
			as = append(as, ledger.Advance{Origin: f.origin(f.side), Index: i, Entry: f.own[i], Head: []byte("head")})
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
	if have.Size < int64(len(f.other)) {
		p.Entries = slice(f.other, have.Size, maxBytes)
	}
	return p, nil
}

func (f *fakeLedger) TakeBack(_ context.Context, p ledger.Parcel) (ledger.Outcome, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if p.Origin.Side != f.side || p.First != int64(len(f.own)) {
		return f.verdict(ledger.Missing, 0), nil
	}
	f.own = append(f.own, p.Entries...)
	f.unconfirmed = p.Have.Size > int64(len(f.own))
	f.changed.fire()
	return f.verdict(ledger.Taken, len(p.Entries)), nil
}

func (f *fakeLedger) snapshot() (own, other []transcript.Sealed, receipted int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]transcript.Sealed(nil), f.own...), append([]transcript.Sealed(nil), f.other...), f.receipted
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
