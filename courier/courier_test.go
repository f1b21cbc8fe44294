package courier

import (
	"bytes"
	"compress/gzip"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"

	"parley/fault"
	"parley/line"
	"parley/transcript"
	"parley/transcript/ledger"
)

const testLine = "1f00000000000000000000000000000000000000000000000000000000000001"

func testTime() time.Time { return time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC) }

func key(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

func public(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }

// message is a message with entries of some size.
func message(entries, size int) line.Message {
	p := &ledger.Parcel{Origin: transcript.Origin{Line: testLine, Epoch: 1, Side: transcript.A}, Have: ledger.Have{Epoch: 1, Size: 4}, First: 10}
	for i := range entries {
		p.Entries = append(p.Entries, transcript.Sealed{Bytes: bytes.Repeat([]byte{'a' + byte(i)}, size)})
	}
	return line.Message{Sent: testTime(), Parcel: p}
}

// write writes one file of side a, from key 1 to key 2.
func write(t testing.TB, max int, messages ...line.Message) (Header, []byte) {
	t.Helper()
	w, err := NewWriter(Header{Line: testLine, From: transcript.A, Written: testTime(), Part: 1}, max)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		if ok, err := w.Add(m); err != nil || !ok {
			t.Fatal(ok, err)
		}
	}
	h, file, err := w.Close(rand.Reader, key(1), []ed25519.PublicKey{public(key(3)), public(key(2))}, true)
	if err != nil {
		t.Fatal(err)
	}
	return h, file
}

func readKeys() Keys { return Keys{Own: key(2), Peer: []ed25519.PublicKey{public(key(1))}} }

// signed makes a file of side a of any header and body, well signed: what a hostile writer may give.
func signed(t testing.TB, h Header, body []byte) []byte {
	t.Helper()
	h.size, h.digest = len(body), sha256.Sum256(body)
	signer, err := transcript.NewNoteSigner(KeyName(h.Line, h.From), key(1))
	if err != nil {
		t.Fatal(err)
	}
	head, err := note.Sign(&note.Note{Text: h.text()}, signer)
	if err != nil {
		t.Fatal(err)
	}
	return append(append(head, '\n'), body...)
}

func zipped(t testing.TB, plain io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.Copy(z, plain); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsWrittenReadsBack(t *testing.T) {
	want := []line.Message{{Sent: testTime(), Acks: []line.Ack{{Epoch: 1, Index: 3}}}, message(3, 100), message(2, 50)}
	wrote, file := write(t, 64<<10, want...)
	h, got, err := Read(file, readKeys())
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) && len(got) != len(want) {
		t.Errorf("reads %v", got)
	}
	for i := range want {
		a, err1 := line.Encode(want[i])
		b, err2 := line.Encode(got[i])
		if err1 != nil || err2 != nil || !bytes.Equal(a, b) {
			t.Errorf("message %d differs", i)
		}
	}
	if h.text() != wrote.text() || h.Entries != 5 || h.First != (ledger.Have{Epoch: 1, Size: 10}) || h.End != (ledger.Have{Epoch: 1, Size: 12}) || !h.Last {
		t.Errorf("the header reads %+v", h)
	}
	if bytes.Contains(file, bytes.Repeat([]byte{'a'}, 20)) {
		t.Error("an entry stands in the file for all to read")
	}
}

func TestWhoMayWriteAndRead(t *testing.T) {
	_, file := write(t, 64<<10, message(1, 10))
	for name, keys := range map[string]Keys{
		"another writer":      {Own: key(2), Peer: []ed25519.PublicKey{public(key(2))}},
		"no writer":           {Own: key(2)},
		"another reader":      {Own: key(4), Peer: []ed25519.PublicKey{public(key(1))}},
		"the writer himself":  {Own: key(1), Peer: []ed25519.PublicKey{public(key(1))}},
		"a reader of the pub": {Own: ed25519.NewKeyFromSeed(public(key(2))), Peer: []ed25519.PublicKey{public(key(1))}},
	} {
		if _, got, err := Read(file, keys); fault.CodeOf(err) != fault.Corrupt || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, _, err := Read(file, Keys{Own: key(3), Peer: []ed25519.PublicKey{public(key(4)), public(key(1))}}); err != nil {
		t.Errorf("the other of two keys of the reader: %v", err)
	}
}

// TestHostileFiles: a writer whose key counts, and who writes what is no file, gives nothing.
func TestHostileFiles(t *testing.T) {
	base := Header{Line: testLine, From: transcript.A, Written: testTime(), Part: 1}
	raw, err := line.Encode(message(1, 10))
	if err != nil {
		t.Fatal(err)
	}
	asking, err := line.Encode(line.Message{Sent: testTime(), Want: true})
	if err != nil {
		t.Fatal(err)
	}
	sealed := func(plain int, packed []byte) []byte {
		h := base
		h.Plain = plain
		body, keys, err := sealBody(rand.Reader, []ed25519.PublicKey{public(key(2))}, packed)
		if err != nil {
			t.Fatal(err)
		}
		h.keys = keys
		return signed(t, h, body)
	}
	if _, got, err := Read(sealed(len(raw), zipped(t, bytes.NewReader(raw))), readKeys()); err != nil || len(got) != 1 {
		t.Fatalf("a sound file: %v", err)
	}
	for name, file := range map[string][]byte{
		"a bomb":                   sealed(1000, zipped(t, io.LimitReader(zeros{}, 64<<20))),
		"less than it says":        sealed(len(raw)+1, zipped(t, bytes.NewReader(raw))),
		"no message":               sealed(0, zipped(t, strings.NewReader(""))),
		"half a message":           sealed(len(raw)-1, zipped(t, bytes.NewReader(raw[:len(raw)-1]))),
		"a message of a talk":      sealed(len(asking), zipped(t, bytes.NewReader(asking))),
		"bytes after it":           sealed(len(raw), append(zipped(t, bytes.NewReader(raw)), 0)),
		"two members":              sealed(2*len(raw), append(zipped(t, bytes.NewReader(raw)), zipped(t, bytes.NewReader(raw))...)),
		"not compressed":           sealed(len(raw), raw),
		"a length beyond its body": sealed(len(raw), zipped(t, bytes.NewReader(append(append(slices.Clone(raw[:8]), 0xff, 0xff, 0xff, 0xff), raw[12:]...)))),
		"no key":                   signed(t, base, []byte("x")),
	} {
		if _, got, err := Read(file, readKeys()); fault.CodeOf(err) != fault.Corrupt || got != nil {
			t.Errorf("%s: %d messages, %v", name, len(got), err)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestHeaderHasOneEncoding(t *testing.T) {
	_, file := write(t, 64<<10, message(1, 10))
	for _, change := range [][2]string{
		{"part 1 last", "part 01 last"}, {"part 1 last", "part 1 end"}, {"entries 1 1.10", "entries 1 1.010"}, {"entries 1 ", "entries +1 "},
		{"asks no", "asks perhaps"}, {"from a", "from c"}, {"from a", "from  a"}, {"line 1f", "line 1F"}, {"18:00:00.000Z", "18:00:00Z"}, {"urgent 0\n", ""},
		{"urgent 0\n", "urgent 0\nurgent 0\n"}, {"part 1 ", "part 0 "},
	} {
		if !bytes.Contains(file, []byte(change[0])) {
			t.Fatalf("the file has no %q", change[0])
		}
		if h, err := Inspect(bytes.Replace(file, []byte(change[0]), []byte(change[1]), 1)); fault.CodeOf(err) != fault.Corrupt {
			t.Errorf("%q for %q: %+v, %v", change[1], change[0], h, err)
		}
	}
	if _, err := Inspect([]byte("parley/courier/v2\nline")); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("another type: %v", err)
	}
}

func TestAFileHoldsToItsSize(t *testing.T) {
	w, err := NewWriter(Header{Line: testLine, From: transcript.A, Written: testTime(), Part: 1}, MinSizeBytes)
	if err != nil {
		t.Fatal(err)
	}
	big := message(0, 0)
	noise := make([]byte, 3<<10)
	if _, err := rand.Read(noise); err != nil {
		t.Fatal(err)
	}
	big.Parcel.Entries = []transcript.Sealed{{Bytes: noise}}
	if _, err := w.Add(big); fault.CodeOf(err) != fault.TooLarge {
		t.Errorf("a first message over the bound: %v", err)
	}
	if w, err = NewWriter(Header{Line: testLine, From: transcript.A, Written: testTime(), Part: 1}, MinSizeBytes); err != nil {
		t.Fatal(err)
	}
	for n := 0; ; n++ {
		small := message(0, 0)
		small.Parcel.Entries = []transcript.Sealed{{Bytes: noise[n%20*100 : n%20*100+300]}}
		ok, err := w.Add(small)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		if n > 100 {
			t.Fatal("takes more than it may")
		}
	}
	if _, file, err := w.Close(rand.Reader, key(1), []ed25519.PublicKey{public(key(2))}, false); err != nil || len(file) > MinSizeBytes {
		t.Errorf("%d bytes: %v", len(file), err)
	}
	for _, max := range []int{MinSizeBytes - 1, MaxFileBytes + 1} {
		if _, err := NewWriter(Header{Line: testLine, From: transcript.A, Part: 1}, max); err == nil {
			t.Errorf("a bound of %d was taken", max)
		}
	}
}

// TestMontgomery holds the map of public keys to that of private keys, for which crypto/ecdh stands.
func TestMontgomery(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		k := ed25519.NewKeyFromSeed(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(rt, "seed"))
		sum := sha512.Sum512(k.Seed())
		scalar, err := ecdh.X25519().NewPrivateKey(sum[:32])
		if err != nil {
			rt.Fatal(err)
		}
		got, err := montgomery(public(k))
		if err != nil || !got.Equal(scalar.PublicKey()) {
			rt.Errorf("%x, want %x: %v", got.Bytes(), scalar.PublicKey().Bytes(), err)
		}
	})
	if _, err := montgomery(append([]byte{1}, make([]byte, 31)...)); err == nil {
		t.Error("the neutral element was taken for a key")
	}
}

func FuzzRead(f *testing.F) {
	_, file := write(f, 64<<10, message(2, 30))
	f.Add(file)
	f.Add(file[:len(file)/2])
	f.Add([]byte(Type + "\n\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := Inspect(data)
		if err != nil {
			return
		}
		if again, err := parse(h.text()); err != nil || again.text() != h.text() {
			t.Errorf("the header does not read back: %v", err)
		}
		if _, got, err := Read(data, readKeys()); err == nil && len(got) == 0 {
			t.Error("a file that holds nothing was read")
		}
	})
}

// FuzzUnpack reads bodies that a writer whose key counts may have sealed.
func FuzzUnpack(f *testing.F) {
	raw, err := line.Encode(message(2, 30))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(zipped(f, bytes.NewReader(raw)), len(raw))
	f.Add(zipped(f, io.LimitReader(zeros{}, 1<<20)), 100)
	f.Fuzz(func(t *testing.T, packed []byte, size int) {
		if size < 0 || size > 1<<20 {
			return
		}
		got, err := unpack(packed, size)
		if err != nil {
			return
		}
		n := 0
		for _, m := range got {
			b, err := line.Encode(m)
			if err != nil {
				t.Fatal(err)
			}
			n += len(b)
		}
		if n != size {
			t.Errorf("%d bytes of messages in %d", n, size)
		}
	})
}
