package transcript

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
)

// seal makes an entry of blue with what meta changes, whatever it is worth.
func (w *world) seal(change func(*Meta)) Sealed {
	l := w.books[0]
	m := Meta{Agreement: w.id, Author: "blue", Seq: l.tree.Size(), Time: w.now}
	change(&m)
	s, _, err := Seal(w.rand, testDraft(), m)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// write appends an entry to blue's transcript and signs it.
func (w *world) write(change func(*Meta)) {
	w.books[0].append(w.seal(change))
	w.commit(0, true)
}

func TestVerifyNamesWhatIsWrong(t *testing.T) {
	const anywhere = ""
	cases := []struct {
		name  string
		play  func(w *world)
		edit  func(data []byte) []byte
		check string
		entry string // "#1": of blue's transcript
		says  string
	}{
		{name: "agreement unknown", play: func(w *world) { w.write(func(m *Meta) { m.Agreement = testLine }) },
			check: "in-force", entry: "#3", says: "is not in the bundle"},
		{name: "author of another party", play: func(w *world) { w.write(func(m *Meta) { m.Author = "green" }) },
			check: "sequence", entry: "#3", says: `"green"`},
		{name: "time goes back", play: func(w *world) { w.write(func(m *Meta) { m.Time = m.Time.Add(-time.Hour) }) },
			check: "sequence", entry: "#3", says: "must not be before the time of the entry before"},
		{name: "seen goes back", play: func(w *world) { w.write(func(m *Meta) {}) },
			check: "sequence", entry: "#3", says: "must not be below"},
		{name: "seen another root", play: func(w *world) { w.write(func(m *Meta) { m.Seen = Seen{2, Hash{5}} }) },
			check: "weaving", entry: "#3", says: "another root"},
		{name: "entries under no head", play: func(w *world) {
			w.books[0].append(w.seal(func(m *Meta) { m.Seen = w.newest(1) }))
		}, check: "head", entry: "#3", says: "no head of their author covers them"},
		{name: "head by the other party's key", play: func(w *world) {
			w.books[0].key = testKey(2)
			w.write(func(m *Meta) { m.Seen = w.newest(1) })
		}, check: "head", entry: anywhere, says: "is not signed by a line key of its author"},
		{name: "receipt by the author's key", play: func(w *world) {
			w.books[1].key = testKey(1)
			w.write(func(m *Meta) { m.Seen = w.newest(1) })
		}, check: "receipt", entry: anywhere, says: "is not signed by a line key of the receiver"},
		{name: "receipt for another root", play: func(w *world) {
			l := w.books[0]
			r, err := SignReceipt(testKey(2), Head{Origin: l.origin, Size: 3, Root: Hash{1}}, w.now)
			if err != nil {
				w.t.Fatal(err)
			}
			l.receipts = append(l.receipts, r)
		}, check: "receipt", entry: anywhere, says: "signed another root for size 3"},
		{name: "two heads of one size", play: func(w *world) {
			l := w.books[0]
			h, err := SignHead(l.key, l.origin, 3, Hash{1}, w.now.Add(time.Minute))
			if err != nil {
				w.t.Fatal(err)
			}
			l.heads = append(l.heads, h)
		}, check: "fork", entry: anywhere, says: "signed two different transcripts of 3 entries"},
		{name: "an entry exchanged", play: func(w *world) {
			w.books[0].entries[1] = w.seal(func(m *Meta) {
				m.Seq, m.Time, m.Seen = 1, testTime().Add(2*time.Minute), Seen{1, w.books[1].heads[0].Root}
			})
		}, check: "root", entry: "#1", says: "do not hash to the root that their author signed for size 2; up to size 1 they hash to what was signed"},
		{name: "a disclosure of another entry", play: func(w *world) {
			e := w.books[0].entries
			e[1].Disclosures = e[0].Disclosures
		}, check: "disclosure", entry: "#1", says: "a digest that the entry does not hold"},
		{name: "no end", edit: func(d []byte) []byte { return bytes.TrimSuffix(d, []byte("end\n")) },
			check: "encoding", says: "stops before its end"},
		{name: "bytes after the end", edit: func(d []byte) []byte { return append(d, '\n') },
			check: "encoding", says: "bytes after its end"},
		{name: "no transcript", edit: func(d []byte) []byte {
			return append(d[:bytes.Index(d, []byte("transcript "))], "end\n"...)
		}, check: "encoding", says: "no transcript"},
		{name: "no agreement", edit: func(d []byte) []byte {
			return append([]byte("parley/bundle/v1\n"), d[bytes.Index(d, []byte("transcript ")):]...)
		}, check: "agreement", says: "no agreement"},
		{name: "empty file", edit: func([]byte) []byte { return nil }, check: "encoding", says: "the bundle is empty"},
		{name: "a part of the first line", edit: func(d []byte) []byte { return d[:9] }, check: "encoding", says: "stops before its end"},
		{name: "no bundle, on one line", edit: func([]byte) []byte { return []byte(`{"v":1}`) }, check: "encoding", says: "it is no file of evidence, or its beginning was changed"},
		{name: "other ends of lines", edit: func(d []byte) []byte { return bytes.ReplaceAll(d, []byte("\n"), []byte("\r\n")) },
			check: "encoding", says: "has other ends of lines than were written"},
		{name: "a line without end", edit: func(d []byte) []byte {
			i := bytes.Index(d, []byte("{\"v\":1"))
			return append(d[:i:i], bytes.Repeat([]byte("x"), 1<<20)...)
		}, check: "encoding", says: "longer than the format allows"},
	}
	for _, c := range cases {
		w := smallWorld(t)
		if c.play != nil {
			c.play(w)
		}
		data := w.bundle(nil)
		if c.edit != nil {
			data = c.edit(data)
		}
		r, text := verifyText(data, testOptions())
		found := slices.ContainsFunc(r.Checks, func(k Check) bool {
			return k.Name == c.check && !k.OK && strings.Contains(k.Reason, c.says) &&
				(c.entry == anywhere || k.Entry == w.books[0].origin.String()+c.entry)
		})
		if r.OK || !found {
			t.Errorf("%s: want %s at %q saying %q, got\n%s", c.name, c.check, c.entry, c.says, text)
		}
	}
}

// newest returns the newest head of a side as the other names it.
func (w *world) newest(side int) Seen {
	h := w.books[side].heads[len(w.books[side].heads)-1]
	return Seen{h.Size, h.Root}
}

func TestVerifyWrongSequenceNumber(t *testing.T) {
	w := smallWorld(t)
	s := w.seal(func(m *Meta) { m.Seq, m.Seen = 7, w.newest(1) })
	w.books[0].append(s)
	w.commit(0, true)
	var buf bytes.Buffer
	b := NewBundleWriter(&buf)
	if err := b.Agreement(w.agreement); err != nil {
		t.Fatal(err)
	}
	l := *w.books[0]
	last := l.entries[3]
	l.entries = l.entries[:3]
	l.write(t, b, nil)
	if err := b.Entry(last); err == nil {
		t.Error("the writer takes entry 7 as entry 3")
	}
	leaf := RecordHash(last.Bytes)
	buf.WriteString("entry 3 0 " + leaf.String() + "\n" + string(last.Bytes) + "\n")
	b.at.size = 4
	b.at.last = RecordEntry
	if err := errors.Join(b.Head(l.heads[3]), b.Receipt(l.receipts[2]), b.Close()); err != nil {
		t.Fatal(err)
	}
	r, text := verifyText(buf.Bytes(), testOptions())
	if r.OK || !strings.Contains(text, "wrong (sequence) at 1/a#3: it says that it is entry 7") {
		t.Error(text)
	}
}

// TestKeysInTime plays a blue line key that was revoked at minute 2, and its successor.
func TestKeysInTime(t *testing.T) {
	revoked := testTime().Add(2*time.Minute + 30*time.Second)
	parties := testParties()
	parties[0].LineKeys = []LineKey{
		{Public: public(testKey(1)), Revoked: revoked},
		{Public: public(testKey(3)), From: testTime().Add(time.Minute)},
	}
	play := func(receiptMinute int, successor bool) Report {
		w := newWorld(t, parties)
		w.say(0, testDraft())
		w.tick(time.Minute)
		l := w.books[0]
		w.commit(0, false)
		if receiptMinute > 0 {
			r, err := SignReceipt(testKey(2), l.heads[0], testTime().Add(time.Duration(receiptMinute)*time.Minute))
			if err != nil {
				t.Fatal(err)
			}
			l.receipts = append(l.receipts, r)
		}
		if successor {
			l.key = testKey(3)
			w.tick(10 * time.Minute)
			w.commit(0, false)
		}
		var buf bytes.Buffer
		b := NewBundleWriter(&buf)
		if err := b.Agreement(w.agreement); err != nil {
			t.Fatal(err)
		}
		l.write(t, b, nil)
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		return Verify(&buf, testOptions())
	}
	for _, c := range []struct {
		name      string
		receipt   int
		successor bool
		ok        bool
	}{
		{"no receipt", 0, false, false},
		{"a receipt older than the revocation", 2, false, true},
		{"a receipt younger than the revocation", 3, false, false},
		{"no receipt, but the successor signed again", 0, true, true},
	} {
		r := play(c.receipt, c.successor)
		if r.OK != c.ok {
			t.Errorf("%s: ok %t: %+v", c.name, r.OK, r.Checks)
		}
		if bad := slices.ContainsFunc(r.Checks, func(k Check) bool { return k.Name == "keys" && !k.OK }); bad == c.ok {
			t.Errorf("%s: keys: %+v", c.name, r.Checks)
		}
	}
	early := testParties()
	early[0].LineKeys[0].From = testTime().Add(time.Hour)
	w := newWorld(t, early)
	w.say(0, testDraft())
	w.commit(0, true)
	w.say(1, testDraft())
	w.commit(1, true)
	if r := Verify(bytes.NewReader(w.bundle(nil)), testOptions()); r.OK {
		t.Error("a head by a key that did not count yet covers entries")
	}
}

// TestRevokedReceiver checks that a receipt by a key revoked later counts only if the receiver's
// transcript bears it out under an older receipt.
func TestRevokedReceiver(t *testing.T) {
	parties := testParties()
	parties[1].LineKeys[0].Revoked = testTime().Add(time.Hour)
	w := newWorld(t, parties)
	w.say(0, testDraft())
	w.commit(0, true)
	w.say(1, testDraft())
	w.commit(1, true)
	w.say(0, testDraft())
	w.commit(0, true)
	r, text := verifyText(w.bundle(nil), testOptions())
	if !r.OK {
		t.Fatal(text)
	}
	if _, ok := r.Held(w.books[0].origin, 0); !ok {
		t.Errorf("a receipt that the receiver's own transcript bears out is not counted:\n%s", text)
	}
	if _, ok := r.Held(w.books[0].origin, 1); ok || !strings.Contains(text, "receipts that are not counted, because their key did not count then or was revoked later: 1") {
		t.Errorf("a receipt by a revoked key is counted:\n%s", text)
	}
}

func TestEpochs(t *testing.T) {
	for _, c := range []struct {
		epochs []int64
		ok     bool
	}{{[]int64{1, 2, 3}, true}, {[]int64{1, 3}, false}, {[]int64{4}, true}} {
		w := newWorld(t, testParties())
		var buf bytes.Buffer
		b := NewBundleWriter(&buf)
		if err := b.Agreement(w.agreement); err != nil {
			t.Fatal(err)
		}
		for _, n := range c.epochs {
			w.openEpoch(n)
			w.say(0, Draft{Kind: KindEpoch})
			w.commit(0, true)
			w.say(1, Draft{Kind: KindEpoch})
			w.commit(1, true)
			w.books[0].write(t, b, nil)
			w.books[1].write(t, b, nil)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		r, text := verifyText(buf.Bytes(), testOptions())
		if r.OK != c.ok || strings.Contains(text, "wrong (epochs)") == c.ok {
			t.Errorf("epochs %v: %s", c.epochs, text)
		}
	}
}

func TestVersions(t *testing.T) {
	base := newWorld(t, testParties())
	both := []ed25519.PrivateKey{testKey(11), testKey(12)}
	rekeyed := testParties()
	rekeyed[1].PartyKey = public(testKey(13))
	stolen := testParties()
	stolen[0].PartyKey, stolen[1].PartyKey = public(testKey(13)), public(testKey(14))
	for _, c := range []struct {
		name  string
		next  testAgreement
		ok    bool
		after func(w *world, first string) // once the second version is in force
	}{
		{"superseded", testAgreement{line: base.id, supersedes: base.id, version: 2, parties: testParties(), signers: both}, true, nil},
		{"an old version named later", testAgreement{line: base.id, supersedes: base.id, version: 2, parties: testParties(), signers: both}, false,
			func(w *world, first string) {
				w.say(0, testDraft())
				w.id = first
			}},
		{"one party key replaced", testAgreement{line: base.id, supersedes: base.id, version: 2, parties: rekeyed, signers: []ed25519.PrivateKey{testKey(11), testKey(13)}}, true, nil},
		{"signed by strangers", testAgreement{line: base.id, supersedes: base.id, version: 2, parties: stolen, signers: []ed25519.PrivateKey{testKey(13), testKey(14)}}, false, nil},
		{"supersedes another", testAgreement{line: base.id, supersedes: testLine, version: 2, parties: testParties(), signers: both}, false, nil},
		{"a version left out", testAgreement{line: base.id, supersedes: base.id, version: 3, parties: testParties(), signers: both}, false, nil},
		{"another line", testAgreement{line: testLine, supersedes: base.id, version: 2, parties: testParties(), signers: both}, false, nil},
		{"signed by one", testAgreement{line: base.id, supersedes: base.id, version: 2, parties: testParties(), signers: both[:1]}, false, nil},
	} {
		w := newWorld(t, testParties())
		id, msg := c.next.note(t)
		w.say(0, testDraft())
		first := w.id
		w.id = id
		if c.after != nil {
			c.after(w, first)
		}
		w.say(0, testDraft())
		w.commit(0, true)
		var buf bytes.Buffer
		b := NewBundleWriter(&buf)
		if err := errors.Join(b.Agreement(w.agreement), b.Agreement(msg)); err != nil {
			t.Fatal(err)
		}
		w.books[0].write(t, b, nil)
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		if r, text := verifyText(buf.Bytes(), testOptions()); r.OK != c.ok {
			t.Errorf("%s: %s", c.name, text)
		}
	}
}

func TestForkInBundle(t *testing.T) {
	w := smallWorld(t)
	l := w.books[0]
	h, err := SignHead(l.key, l.origin, 2, Hash{1}, w.now)
	if err != nil {
		t.Fatal(err)
	}
	f, err := NewFork(h, l.heads[2], l.hashes)
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	b := NewBundleWriter(&buf)
	if err := b.Agreement(w.agreement); err != nil {
		t.Fatal(err)
	}
	l.write(t, b, nil)
	if err := errors.Join(b.Fork(f), b.Close()); err != nil {
		t.Fatal(err)
	}
	if r, text := verifyText(buf.Bytes(), testOptions()); r.OK || !strings.Contains(text, r.Short(f.String())) {
		t.Error(text)
	}
}

// TestForkOfAnotherTranscriptInBundle: a fork that stands with a transcript that it is not of is evidence of nothing
// there, and says of which it is.
func TestForkOfAnotherTranscriptInBundle(t *testing.T) {
	w := smallWorld(t)
	l := w.books[0]
	other := l.origin
	other.Epoch++
	head := func(root Hash) Head {
		h, err := SignHead(l.key, other, 2, root, w.now)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	var buf bytes.Buffer
	b := NewBundleWriter(&buf)
	if err := b.Agreement(w.agreement); err != nil {
		t.Fatal(err)
	}
	l.write(t, b, nil)
	f := Fork{First: head(Hash{1}), Second: head(Hash{2})}
	if err := errors.Join(b.evidence(RecordFork, l.origin, f.Encode()), b.Close()); err != nil {
		t.Fatal(err)
	}
	r, text := verifyText(buf.Bytes(), testOptions())
	if r.OK || len(r.Forks) != 0 || !strings.Contains(text, "which is another transcript than this one") {
		t.Errorf("%d forks; %s", len(r.Forks), text)
	}
}

func TestLeftOut(t *testing.T) {
	w := smallWorld(t)
	for i, s := range w.books[0].entries {
		first := true
		w.books[0].entries[i] = Withhold(s, func(Digest) bool { was := first; first = false; return was })
	}
	r, text := verifyText(w.bundle(nil), testOptions())
	if !r.OK || r.Transcripts[0].LeftOut == 0 || !strings.Contains(text, "green was told are left out of this file") {
		t.Error(text)
	}
}

// TestDeliveries compares with the definition: the earliest of the receipts that cover an entry.
func TestDeliveries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &progress{receiver: &side{}}
		p.Size = rapid.Int64Range(1, 12).Draw(t, "size")
		for size := int64(1); size <= p.Size; size++ {
			for range rapid.IntRange(0, 2).Draw(t, "receipts") {
				at := testTime().Add(time.Duration(rapid.IntRange(0, 9).Draw(t, "minute")) * time.Minute)
				p.receipts = append(p.receipts, signed{size: size, time: at})
			}
		}
		(&verifier{}).deliver(p)
		r := Report{OK: true, Transcripts: []TranscriptReport{p.TranscriptReport}}
		r.Transcripts[0].Origin = Origin{}.String()
		next := int64(0)
		for _, d := range p.Deliveries {
			if d.First != next || d.Last < d.First {
				t.Fatalf("%+v is not a run of entries", p.Deliveries)
			}
			next = d.Last + 1
		}
		if next != p.Size {
			t.Fatalf("%+v does not end at %d", p.Deliveries, p.Size)
		}
		for i := range p.Size {
			var want time.Time
			for _, s := range p.receipts {
				if s.size > i && (want.IsZero() || s.time.Before(want)) {
					want = s.time
				}
			}
			if got, ok := r.Held(Origin{}, i); !got.Equal(want) || ok == want.IsZero() {
				t.Fatalf("entry %d: %s, want %s", i, got, want)
			}
		}
	})
}

func TestReaderOfAnySpeed(t *testing.T) {
	data := smallWorld(t).bundle(nil)
	for name, r := range map[string]io.Reader{
		"one byte": iotest.OneByteReader(bytes.NewReader(data)),
		"half":     iotest.HalfReader(bytes.NewReader(data)),
		"data err": iotest.DataErrReader(bytes.NewReader(data)),
	} {
		if r := Verify(r, testOptions()); !r.OK {
			t.Errorf("%s: %+v", name, r.Checks)
		}
	}
	if r := Verify(io.MultiReader(bytes.NewReader(data[:len(data)/2]), iotest.ErrReader(errors.New("disk gone"))), testOptions()); r.OK ||
		!strings.Contains(r.Checks[0].Reason, "disk gone") {
		t.Errorf("%+v", r.Checks)
	}
}

func TestWriterRefuses(t *testing.T) {
	w := smallWorld(t)
	l := w.books[0]
	fresh := func() *BundleWriter {
		b := NewBundleWriter(io.Discard)
		if err := errors.Join(b.Agreement(w.agreement), b.Transcript(l.origin)); err != nil {
			t.Fatal(err)
		}
		return b
	}
	for name, do := range map[string]func(b *BundleWriter) error{
		"agreement in a transcript": func(b *BundleWriter) error { return b.Agreement(w.agreement) },
		"empty transcript":          func(b *BundleWriter) error { return b.Transcript(l.origin.Other()) },
		"empty at the end":          func(b *BundleWriter) error { return b.Close() },
		"entry out of turn":         func(b *BundleWriter) error { return b.Entry(l.entries[1]) },
		"head of another size":      func(b *BundleWriter) error { return b.Head(l.heads[1]) },
		"receipt before the head": func(b *BundleWriter) error {
			return errors.Join(b.Entry(l.entries[0]), b.Receipt(l.receipts[0]), b.Head(l.heads[0]))
		},
		"receipt of another size": func(b *BundleWriter) error { return b.Receipt(l.receipts[0]) },
		"a head twice": func(b *BundleWriter) error {
			return errors.Join(b.Entry(l.entries[0]), b.Head(l.heads[0]), b.Head(l.heads[0]))
		},
		"two gaps":    func(b *BundleWriter) error { return errors.Join(b.Gap(1, l.hashes), b.Gap(2, l.hashes)) },
		"gap of none": func(b *BundleWriter) error { return b.Gap(0, l.hashes) },
		"a transcript twice": func(b *BundleWriter) error {
			return errors.Join(b.Entry(l.entries[0]), b.Head(l.heads[0]), b.Transcript(l.origin))
		},
	} {
		if do(fresh()) == nil {
			t.Errorf("%s is written", name)
		}
	}
}

func TestSealRefuses(t *testing.T) {
	big := jsontext.Value(`"` + strings.Repeat("x", 3<<20) + `"`)
	for name, d := range map[string]Draft{
		"a name twice":   {Kind: "call", Fields: []Field{{Name: "a", Value: jsontext.Value("1")}, {Name: "a", Value: jsontext.Value("2")}}},
		"a bad name":     {Kind: "call", Fields: []Field{{Name: "a b", Value: jsontext.Value("1")}}},
		"two values":     {Kind: "call", Fields: []Field{{Name: "a", Value: jsontext.Value("1 2")}}},
		"a member twice": {Kind: "call", Fields: []Field{{Name: "a", Value: jsontext.Value(`{"b":1,"b":2}`)}}},
		"too deep":       {Kind: "call", Fields: []Field{{Name: "a", Value: jsontext.Value(strings.Repeat("[", 65) + strings.Repeat("]", 65))}}},
		"5 MiB":          {Kind: "call", Fields: []Field{{Name: "a", Value: big}, {Name: "b", Value: big}}},
		"a bad kind":     {Kind: "Call"},
		"not UTF-8":      {Kind: "call", Fields: []Field{{Name: "a", Value: jsontext.Value("\"\xff\"")}}},
	} {
		if _, _, err := Seal(testRand(1), d, testMeta(0)); err == nil {
			t.Errorf("%s is sealed", name)
		}
	}
	if _, _, err := Seal(iotest.ErrReader(errors.New("no randomness")), testDraft(), testMeta(0)); err == nil {
		t.Error("seals without randomness")
	}
	many := Draft{Kind: "call"}
	for i := range 600 {
		many.Fields = append(many.Fields, Field{Name: "f" + strings.Repeat("x", i%50) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)), Value: jsontext.Value("1"), Shown: true})
	}
	if _, _, err := Seal(testRand(1), many, testMeta(0)); err == nil {
		t.Error("seals an entry over 64 KiB - 1")
	}
}

func TestClocksThatDiffer(t *testing.T) {
	w := newWorld(t, testParties())
	w.say(0, testDraft())
	l := w.books[0]
	w.commit(0, false)
	r, err := SignReceipt(testKey(2), l.heads[0], w.now.Add(-10*time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	l.receipts = append(l.receipts, r)
	w.say(1, testDraft())
	w.commit(1, true)
	rep, text := verifyText(w.bundle(nil), testOptions())
	if !rep.OK || !strings.Contains(text, "dated 10m0s before an entry that it covers") {
		t.Error(text)
	}
}

func TestSmallOrderKeys(t *testing.T) {
	for _, y := range smallOrder() {
		for _, sign := range []byte{0, 0x80} {
			pub := y
			pub[31] |= sign
			if CheckKey(pub[:]) == nil {
				t.Errorf("%x is taken as a key", pub)
			}
			if !forgeable(pub[:]) {
				t.Errorf("%x is no point of small order", pub)
			}
		}
	}
	if err := CheckKey(public(testKey(1))); err != nil || forgeable(public(testKey(1))) {
		t.Errorf("a good key: %v", err)
	}
}

// forgeable reports whether a signature by nobody, with S zero and R a point of small order, holds
// for one of some texts.
func forgeable(pub ed25519.PublicKey) bool {
	for _, r := range smallOrder() {
		for _, sign := range []byte{0, 0x80} {
			sig := make([]byte, ed25519.SignatureSize)
			copy(sig, r[:])
			sig[31] |= sign
			for text := range byte(64) {
				if ed25519.Verify(pub, []byte{text}, sig) {
					return true
				}
			}
		}
	}
	return false
}
