package line

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"parley/transcript"
	"parley/transcript/ledger"
)

// drawMessage draws any message that can be encoded.
func drawMessage(t *rapid.T) Message {
	num := rapid.Int64Range(0, 1<<40)
	text := func(most int) []byte {
		b := rapid.SliceOfN(rapid.Byte(), 0, most).Draw(t, "bytes")
		if len(b) == 0 {
			return nil
		}
		return b
	}
	stamp := func() time.Time {
		if rapid.Bool().Draw(t, "none") {
			return time.Time{}
		}
		return time.Unix(0, rapid.Int64Range(1, 1<<62).Draw(t, "ns")).UTC()
	}
	origin := func() transcript.Origin {
		return transcript.Origin{Line: testLine, Epoch: num.Draw(t, "epoch"), Side: rapid.SampledFrom([]transcript.Side{transcript.A, transcript.B}).Draw(t, "side")}
	}
	have := func() ledger.Have { return ledger.Have{Epoch: num.Draw(t, "e"), Size: num.Draw(t, "s")} }
	sealed := func() transcript.Sealed {
		s := transcript.Sealed{Bytes: text(50)}
		for range rapid.IntRange(0, 3).Draw(t, "disclosures") {
			s.Disclosures = append(s.Disclosures, text(50))
		}
		return s
	}
	parcel := func() *ledger.Parcel {
		p := &ledger.Parcel{Origin: origin(), Have: have(), Head: text(80), Receipted: have(), After: have(), First: num.Draw(t, "first")}
		for range rapid.IntRange(0, 3).Draw(t, "receipts") {
			p.Receipts = append(p.Receipts, text(80))
		}
		for range rapid.IntRange(0, 4).Draw(t, "entries") {
			p.Entries = append(p.Entries, sealed())
		}
		return p
	}
	m := Message{
		Sent: stamp(), Echo: Echo{stamp(), stamp()},
		Wait:    time.Duration(rapid.IntRange(0, 60000).Draw(t, "wait")) * time.Millisecond,
		Want:    rapid.Bool().Draw(t, "want"),
		Refusal: Refusal(rapid.Byte().Draw(t, "refusal")),
	}
	for range rapid.IntRange(0, 3).Draw(t, "acks") {
		m.Acks = append(m.Acks, Ack{num.Draw(t, "e"), num.Draw(t, "i")})
	}
	for range rapid.IntRange(0, 2).Draw(t, "advances") {
		a := ledger.Advance{Origin: origin(), Head: text(80), Index: num.Draw(t, "index"), Entry: sealed()}
		for range rapid.IntRange(0, 3).Draw(t, "proof") {
			a.Proof = append(a.Proof, transcript.Hash{byte(len(a.Proof))})
		}
		m.Advances = append(m.Advances, a)
	}
	for range rapid.IntRange(0, 3).Draw(t, "proven") {
		o := origin()
		m.Proven = append(m.Proven, Transcript{o.Epoch, o.Side})
	}
	for range rapid.IntRange(0, maxProofs).Draw(t, "proofs") {
		m.Proofs = append(m.Proofs, text(80))
	}
	if rapid.Bool().Draw(t, "parcel") {
		m.Parcel = parcel()
	}
	if rapid.Bool().Draw(t, "ask") {
		h := have()
		m.Ask = &h
	}
	if rapid.Bool().Draw(t, "back") {
		m.Back = parcel()
	}
	return m
}

func TestMessageRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMessage(t)
		b, err := Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(iotest.OneByteReader(bytes.NewReader(b)))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, m) {
			t.Fatalf("got  %+v\nwant %+v", got, m)
		}
		cut := rapid.IntRange(0, len(b)-1).Draw(t, "cut")
		if _, err := Decode(bytes.NewReader(b[:cut])); !errors.Is(err, errMalformed) {
			t.Fatalf("cut at %d of %d: %v", cut, len(b), err)
		}
		if _, err := Decode(bytes.NewReader(append(b, 0))); !errors.Is(err, errMalformed) {
			t.Fatalf("a byte more: %v", err)
		}
	})
}

func TestEncodeRefusesWhatIsOverABound(t *testing.T) {
	big := transcript.Sealed{Disclosures: [][]byte{make([]byte, MaxMessageBytes)}}
	at := transcript.Origin{Line: testLine, Epoch: 1, Side: transcript.A}
	many := make([]transcript.Sealed, maxItems+1)
	cases := map[string]Message{
		"bytes":      {Parcel: &ledger.Parcel{Origin: at, Entries: []transcript.Sealed{big}}},
		"items":      {Parcel: &ledger.Parcel{Origin: at, Entries: many}},
		"note":       {Parcel: &ledger.Parcel{Origin: at, Head: make([]byte, transcript.MaxNoteBytes+1)}},
		"line id":    {Parcel: &ledger.Parcel{Origin: transcript.Origin{Line: "AB", Side: transcript.A}}},
		"receipts":   {Parcel: &ledger.Parcel{Origin: at, Receipts: make([][]byte, ledger.MaxReceipts+1)}},
		"proven":     {Proven: make([]Transcript, maxProven+1)},
		"proofs":     {Proofs: make([][]byte, maxProofs+1)},
		"proof size": {Proofs: [][]byte{make([]byte, transcript.MaxForkBytes+1)}},
		"side":       {Parcel: &ledger.Parcel{Origin: transcript.Origin{Line: testLine, Side: "c"}}},
		"negative":   {Ask: &ledger.Have{Epoch: -1}},
		"wait":       {Wait: 2 * time.Minute},
		"wait's ms":  {Wait: time.Microsecond},
		"acks":       {Acks: make([]Ack, maxAcks+1)},
		"advances":   {Advances: make([]ledger.Advance, maxAdvances+1)},
		"proof":      {Advances: []ledger.Advance{{Origin: at, Proof: make([]transcript.Hash, maxProof+1)}}},
		"upper case": {Parcel: &ledger.Parcel{Origin: transcript.Origin{Line: strings.ToUpper(testLine), Side: transcript.A}}},
	}
	for name, m := range cases {
		if _, err := Encode(m); err == nil {
			t.Errorf("%s: encoded", name)
		}
	}
}

// endless yields zeros for ever and counts them. The transport may still read it after the answer.
type endless struct{ n atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	clear(p)
	e.n.Add(int64(len(p)))
	return len(p), nil
}

func TestDecodeStopsReadingAndAllocatingEarly(t *testing.T) {
	claim := func(n uint32) []byte {
		return binary.BigEndian.AppendUint32(append([]byte(nil), magic[:]...), n)
	}
	for name, head := range map[string][]byte{
		"zeros for ever":     nil,
		"a length too large": claim(MaxMessageBytes),
		"the largest length": claim(MaxMessageBytes - prefixBytes),
		"no length":          claim(0),
	} {
		e := &endless{}
		if _, err := Decode(io.MultiReader(bytes.NewReader(head), e)); !errors.Is(err, errMalformed) {
			t.Errorf("%s: %v", name, err)
		}
		if n := e.n.Load(); n > MaxMessageBytes {
			t.Errorf("%s: read %d bytes", name, n)
		}
	}
	b := append(claim(MaxMessageBytes-prefixBytes), make([]byte, 1000)...)
	if least := testing.AllocsPerRun(10, func() { Decode(bytes.NewReader(b)) }); least > 20 {
		t.Errorf("%v allocations for a length that is only claimed", least)
	}
	// A count that the bytes cannot hold asks for no memory.
	m, err := Encode(Message{Parcel: &ledger.Parcel{Origin: transcript.Origin{Line: testLine, Epoch: 1, Side: transcript.A}}})
	if err != nil {
		t.Fatal(err)
	}
	binary.BigEndian.PutUint32(m[len(m)-4:], maxItems)
	if _, err := Decode(bytes.NewReader(m)); !errors.Is(err, errMalformed) {
		t.Errorf("a count without items: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	at := transcript.Origin{Line: testLine, Epoch: 3, Side: transcript.B}
	entry := transcript.Sealed{Bytes: []byte(`{"v":1}`), Disclosures: [][]byte{[]byte(`["c2FsdA","n",1]`), nil}}
	for _, m := range []Message{
		{},
		{Sent: time.Unix(1, 2), Wait: time.Second, Want: true, Ask: &ledger.Have{Epoch: 1, Size: 2}},
		{Parcel: &ledger.Parcel{Origin: at, Have: ledger.Have{Epoch: 1, Size: 4}, Head: []byte("h"), Receipted: ledger.Have{Epoch: 1, Size: 2}, After: ledger.Have{Epoch: 3, Size: 1}, Receipts: [][]byte{[]byte("r")}, First: 7, Entries: []transcript.Sealed{entry, entry}}},
		{Refusal: RefusedForked, Acks: []Ack{{1, 2}}, Advances: []ledger.Advance{{Origin: at, Head: []byte("h"), Index: 9, Entry: entry, Proof: []transcript.Hash{{1}, {2}}}}},
		{Back: &ledger.Parcel{Origin: at}, Proven: []Transcript{{3, transcript.B}}, Proofs: [][]byte{[]byte("proof")}},
	} {
		b, err := Encode(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("parley\x00\x02"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Decode(bytes.NewReader(b))
		if err != nil {
			if !errors.Is(err, errMalformed) {
				t.Fatalf("another error: %v", err)
			}
			return
		}
		again, err := Encode(m)
		if err != nil {
			t.Fatalf("decoded and not encoded: %v", err)
		}
		if !bytes.Equal(again, b) {
			t.Fatalf("two encodings of one message:\n%x\n%x", b, again)
		}
	})
}

func TestOffsets(t *testing.T) {
	at := func(ms int64) time.Time { return time.UnixMilli(1_700_000_000_000 + ms) }
	var o offsets
	// The peer's clock is 1000 ms ahead; 30 ms there, 10 ms back; the answer waited 9 s.
	o.stamp(at(0))
	if !o.receive(at(10030), Echo{Sent: at(0), Received: at(1030)}, at(9040)) {
		t.Fatal("no sample")
	}
	b, _ := o.best()
	if b.delay != 40*time.Millisecond || b.offset != 1010*time.Millisecond {
		t.Errorf("offset %v, delay %v", b.offset, b.delay)
	}
	if o.receive(at(10030), Echo{Sent: at(0), Received: at(1030)}, at(9040)) {
		t.Error("a replay gave a sample")
	}
	if o.receive(at(10030), Echo{Sent: at(5), Received: at(1030)}, at(9040)) {
		t.Error("an echo of what was never sent gave a sample")
	}
	// A sample of more delay does not displace it, eight of them do.
	for i := range int64(8) {
		if b, _ := o.best(); b.delay != 40*time.Millisecond {
			t.Errorf("after %d: %v", i, b.delay)
		}
		o.stamp(at(20000 + i))
		o.receive(at(21500+i), Echo{Sent: at(20000 + i), Received: at(21500 + i)}, at(21000+i))
	}
	if b, _ := o.best(); b.delay != time.Second {
		t.Errorf("old sample kept: %v", b.delay)
	}
	o.stamp(at(30000))
	if o.receive(at(31000), Echo{Sent: at(30000), Received: at(30000)}, at(30001)) {
		t.Error("a negative delay gave a sample")
	}
}
