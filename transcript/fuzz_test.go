package transcript

import (
	"bytes"
	"io"
	"testing"
)

func FuzzParseEntry(f *testing.F) {
	s, _, err := Seal(testRand(1), testDraft(), testMeta(7))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(s.Bytes)
	f.Add([]byte(`{"v":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := ParseEntry(data)
		if err != nil {
			return
		}
		if again, err := e.Encode(); err != nil || !bytes.Equal(again, data) {
			t.Fatalf("reads %s, writes %s, %v", data, again, err)
		}
	})
}

func FuzzParseDisclosure(f *testing.F) {
	s, _, err := Seal(testRand(1), testDraft(), testMeta(7))
	if err != nil {
		f.Fatal(err)
	}
	for _, d := range s.Disclosures {
		f.Add([]byte(d))
		raw, _ := b64url.AppendDecode(nil, d)
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, enc := range [][]byte{data, b64url.AppendEncode(nil, data)} {
			d, err := ParseDisclosure(enc)
			if err != nil {
				continue
			}
			if again, err := d.Encode(); err != nil || !bytes.Equal(again, enc) {
				t.Fatalf("reads %s, writes %s, %v", enc, again, err)
			}
		}
	})
}

func FuzzOpenHead(f *testing.F) {
	w := tinyWorld(f)
	f.Add(w.books[0].heads[0].Note)
	f.Add(w.books[0].receipts[0].Note)
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := OpenHead(data, lineKey(1))
		if err == nil && (h.Size > MaxSize || !bytes.Equal(h.Note, data)) {
			t.Fatalf("%+v", h)
		}
		// The structure alone must bear any bytes.
		if c, _, _, err := peekCheckpoint(data, 2); err == nil {
			if _, err := c.text(); err != nil {
				t.Fatalf("reads a checkpoint that it cannot write: %v", err)
			}
		}
	})
}

func FuzzOpenReceipt(f *testing.F) {
	w := tinyWorld(f)
	f.Add(w.books[0].receipts[0].Note)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := OpenReceipt(data, lineKey(2))
		if err == nil && (r.Size > MaxSize || r.By != r.Origin.Side.Other()) {
			t.Fatalf("%+v", r)
		}
	})
}

func FuzzParseProof(f *testing.F) {
	w := tinyWorld(f)
	l := w.books[0]
	hashes, err := ProveEntry(2, 1, l.hashes)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(FormatProof(Proof{Index: 1, Hashes: hashes, Checkpoint: l.heads[1].Note, Extra: []byte("x")}))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ParseProof(data)
		if err != nil {
			return
		}
		if !bytes.Equal(FormatProof(p), data) {
			t.Fatalf("reads %q, writes %q", data, FormatProof(p))
		}
		p.Check(l.entries[1].Bytes, keysOf(1), keysOf(2))
	})
}

func FuzzParseFork(f *testing.F) {
	first, same, longer, r := forkedHeads(f)
	for _, second := range []Head{same, longer} {
		fork, err := NewFork(first, second, r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(fork.Encode())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if fork, err := ParseFork(data, lineKey(1)); err == nil && !bytes.Equal(fork.Encode(), data) {
			t.Fatalf("reads %q, writes %q", data, fork.Encode())
		}
	})
}

func FuzzParseForeign(f *testing.F) {
	receipt, entry := foreigns(f)
	f.Add(receipt.Encode())
	f.Add(entry.Encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		if e, err := ParseForeign(data, lineKey(2)); err == nil && (!bytes.Equal(e.Encode(), data) || e.String() == "") {
			t.Fatalf("reads %q, writes %q", data, e.Encode())
		}
	})
}

func FuzzParseBreach(f *testing.F) {
	for _, c := range breaches(f) {
		if text := c.breach.Encode(); len(text) < 1<<14 {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if e, err := ParseBreach(data, "blue", lineKey(1)); err == nil && (!bytes.Equal(e.Encode(), data) || e.broken == nil) {
			t.Fatalf("reads %q, writes %q", data, e.Encode())
		}
	})
}

// FuzzVerify holds the reader to its one encoding: what it reads to the end, the writer writes.
func FuzzVerify(f *testing.F) {
	w := tinyWorld(f)
	f.Add(w.bundle(nil))
	f.Add(w.bundle(func(i int) bool { return i == 1 }))
	f.Add([]byte("parley/bundle/v1\nend\n"))
	f.Add(withEvidence(f, w, func(b *BundleWriter) error { return b.Foreign(w.foreign(2, Hash{9})) }))
	f.Add(withEvidence(f, w, func(b *BundleWriter) error { return b.Breach(w.breach()) }))
	w.books[0].heads = w.books[0].heads[1:] // a receipt without its head
	f.Add(w.bundle(nil))
	opts := testOptions()
	opts.Workers = 1
	f.Fuzz(func(t *testing.T, data []byte) {
		r := Verify(bytes.NewReader(data), opts)
		for _, c := range r.Checks {
			if !c.OK && c.Reason == "" {
				t.Fatalf("%s fails without a reason", c.Name)
			}
		}
		b := NewBundleReader(bytes.NewReader(data))
		var out []byte
		for {
			rec, err := b.Next()
			if err == io.EOF {
				out = append(out, "end\n"...)
				break
			}
			if err != nil {
				return
			}
			out = appendRecord(out, rec)
		}
		if out = append([]byte(bundleHeader+"\n"), out...); !bytes.Equal(out, data) {
			t.Fatalf("reads %q, writes %q", data, out)
		}
	})
}

// appendRecord writes a record as it was read.
func appendRecord(out []byte, rec Record) []byte {
	switch rec.Kind {
	case RecordTranscript:
		return append(append(append(out, "transcript "...), rec.Origin.String()...), '\n')
	case RecordGap:
		out = appendNumber(append(out, "gap "...), rec.To, '\n')
		for _, h := range rec.Hashes {
			out = append(append(out, h.String()...), '\n')
		}
		return out
	case RecordEntry:
		out = appendNumber(append(out, "entry "...), rec.Index, ' ')
		out = appendNumber(out, int64(len(rec.Sealed.Disclosures)), ' ')
		out = append(append(out, rec.Leaf.String()...), '\n')
		out = append(append(out, rec.Sealed.Bytes...), '\n')
		for _, d := range rec.Sealed.Disclosures {
			out = append(append(out, d...), '\n')
		}
		return out
	}
	return appendBlock(out, string(rec.Kind), rec.Note)
}
