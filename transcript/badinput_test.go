package transcript

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// rewrite changes the records of a bundle, whatever that makes of it.
func rewrite(t testing.TB, data []byte, edit func([]Record) []Record) []byte {
	t.Helper()
	var recs []Record
	b := NewBundleReader(bytes.NewReader(data))
	for {
		rec, err := b.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		recs = append(recs, rec)
	}
	out := []byte(bundleHeader + "\n")
	for _, rec := range edit(recs) {
		out = appendRecord(out, rec)
	}
	return append(out, bundleEnd+"\n"...)
}

// at returns the place of the first record of a kind of a side with an index.
func at(recs []Record, kind RecordKind, side Side, index int64) int {
	return slices.IndexFunc(recs, func(r Record) bool { return r.Kind == kind && r.Origin.Side == side && r.Index == index })
}

// redisclose changes one disclosure of an entry.
func redisclose(t testing.TB, rec *Record, change func(*Disclosure)) {
	d, err := ParseDisclosure(rec.Sealed.Disclosures[0])
	if err != nil {
		t.Fatal(err)
	}
	change(&d)
	enc, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	rec.Sealed.Disclosures[0] = enc
}

// TestBadDisclosures gives the verifier a file that shows two fields of one entry, and all that the other
// party said, with one thing changed: what it says first is what was changed.
func TestBadDisclosures(t *testing.T) {
	w := smallWorld(t)
	good := chosen(t, w, 2, nil)
	other := newWorld(t, func() [2]Party {
		p := testParties()
		p[0].LineKeys = append(p[0].LineKeys, LineKey{Public: public(testKey(9))})
		return p
	}())
	other.say(0, testDraft())
	other.commit(0, true)
	if r, text := verifyText(good, testOptions()); !r.OK {
		t.Fatal(text)
	}
	entry := func(recs []Record) *Record { return &recs[at(recs, RecordEntry, A, 1)] }
	signature := func(note []byte) { note[len(note)-10] ^= 1 }
	for _, c := range []struct {
		name string
		edit func(recs []Record) []Record
		want string // the first line that says what is wrong
	}{
		{"a salt", func(r []Record) []Record {
			redisclose(t, entry(r), func(d *Disclosure) { d.Salt[3] ^= 1 })
			return r
		}, "wrong (disclosure) at 1/a#1: disclosure: has a digest that the entry does not hold: the field volumes is not as it was sealed; its name, its value or its salt was changed, or it is of another entry"},
		{"a value", func(r []Record) []Record {
			redisclose(t, entry(r), func(d *Disclosure) { d.Value = jsontext.Value("13") })
			return r
		}, "wrong (disclosure) at 1/a#1: disclosure: has a digest that the entry does not hold: the field volumes is not as"},
		{"a field name", func(r []Record) []Record {
			redisclose(t, entry(r), func(d *Disclosure) { d.Name += "s" })
			return r
		}, "wrong (disclosure) at 1/a#1: disclosure: has a digest that the entry does not hold: the field volumess is not as"},
		{"the order of fields", func(r []Record) []Record {
			slices.Reverse(entry(r).Sealed.Disclosures)
			return r
		}, "wrong (disclosure) at 1/a#1: disclosure: is out of the order of digests, or there twice"},
		{"a field twice", func(r []Record) []Record {
			e := entry(r)
			e.Sealed.Disclosures = append(e.Sealed.Disclosures, e.Sealed.Disclosures[1])
			return r
		}, "wrong (disclosure) at 1/a#1: disclosure: is out of the order of digests, or there twice"},
		{"a hash of what is not shown", func(r []Record) []Record {
			r[at(r, RecordGap, A, 0)].Hashes[0][5] ^= 1
			return r
		}, "wrong (root) at 1/a#0: the entries do not hash to the root that their author signed for size 1"},
		{"the time of an entry", func(r []Record) []Record {
			e := entry(r)
			e.Sealed.Bytes = bytes.Replace(e.Sealed.Bytes, []byte("T06:02:00"), []byte("T05:02:00"), 1)
			return r
		}, "wrong (entry) at 1/a#1: its bytes do not hash to the leaf hash that stands beside it: one of them was changed"},
		{"the time of an entry, and its hash", func(r []Record) []Record {
			e := entry(r)
			e.Sealed.Bytes = bytes.Replace(e.Sealed.Bytes, []byte("T06:02:00"), []byte("T05:02:00"), 1)
			e.Leaf = RecordHash(e.Sealed.Bytes)
			return r
		}, "wrong (root) at 1/a#1: the entries do not hash to the root that their author signed for size 2"},
		{"the time of a head", func(r []Record) []Record { return restamp(t, r, at(r, RecordHead, A, 2)) },
			"wrong (head) at 1/a: the head of size 2: head: has a timed cosignature that does not hold"},
		{"the time of a receipt", func(r []Record) []Record { return restamp(t, r, at(r, RecordReceipt, A, 2)) },
			"wrong (receipt) at 1/a: the receipt for size 2: receipt: is not signed by a line key of the receiver"},
		{"the signature of a head", func(r []Record) []Record {
			signature(r[at(r, RecordHead, A, 2)].Note)
			return r
		}, "wrong (head) at 1/a: the head of size 2: head: has a timed cosignature that does not hold"},
		{"the signature of a receipt", func(r []Record) []Record {
			signature(r[at(r, RecordReceipt, A, 2)].Note)
			return r
		}, "wrong (receipt) at 1/a: the receipt for size 2: receipt: is not signed by a line key of the receiver"},
		{"the signature of the agreement", func(r []Record) []Record {
			signature(r[0].Note)
			return r
		}, "wrong (agreement): agreement 1 of the bundle: agreement: is not signed by both parties"},
		{"another line's transcript", func(r []Record) []Record {
			for i := range r {
				r[i].Origin.Line = other.id
				r[i].Note = bytes.ReplaceAll(r[i].Note, []byte("parley/"+w.id), []byte("parley/"+other.id))
			}
			return r
		}, "wrong (agreement) at parley/" + other.id[:12] + "/1/a: the transcript is of another line than the agreement"},
		{"another line's agreement", func(r []Record) []Record {
			r[0].Note = other.agreement
			return r
		}, "wrong (agreement) at parley/" + w.id[:12] + "/1/a: the transcript is of another line than the agreement"},
		{"another line's entry", func(r []Record) []Record {
			e := entry(r)
			e.Sealed, e.Leaf = other.books[0].entries[0], RecordHash(other.books[0].entries[0].Bytes)
			return r
		}, "wrong (sequence) at 1/a#1: it says that it is entry 0"},
		{"an entry of a complete range dropped", func(r []Record) []Record {
			i := at(r, RecordEntry, B, 0)
			return slices.Delete(r, i, i+1)
		}, "wrong (encoding): bundle: a head of size 1 stands after 0 entries of 1/b: entries were left out or put in, or it was moved"},
		{"an entry dropped and the next called by its number", func(r []Record) []Record {
			r[at(r, RecordEntry, B, 1)].Index = 0
			for i := len(r) - 1; i > 0; i-- {
				if r[i].Origin.Side == B && r[i].Index < 2 && r[i].Kind != RecordTranscript && (r[i].Kind != RecordEntry || len(r[i].Sealed.Disclosures) > 0) {
					r = slices.Delete(r, i, i+1)
				}
			}
			return r
		}, "wrong (encoding): bundle: a head of size 2 stands after 1 entry of 1/b"},
		{"the last entry dropped, and not its head", func(r []Record) []Record {
			i := at(r, RecordEntry, B, 1)
			return slices.Delete(r, i, i+1)
		}, "wrong (encoding): bundle: a head of size 2 stands after 1 entry of 1/b"},
		{"a receipt from before the entry in its place", func(r []Record) []Record {
			r[at(r, RecordReceipt, A, 2)].Note = w.books[0].receipts[0].Note
			return r
		}, "wrong (encoding): bundle: a receipt of size 1 stands after 2 entries of 1/a"},
	} {
		data := rewrite(t, good, c.edit)
		r, text := verifyText(data, testOptions())
		lines := strings.Split(text, "\n")
		first := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "wrong") })
		if r.OK || first < 0 || !strings.HasPrefix(lines[first], c.want) {
			t.Errorf("%s: want %q, got %q", c.name, c.want, append(lines, "")[max(first, 0)])
		}
	}
}

// restamp moves the time that the last signature states by an hour.
func restamp(t testing.TB, recs []Record, i int) []Record {
	text, sigs, err := splitNote(recs[i].Note, MaxNoteBytes, 2)
	if err != nil {
		t.Fatal(err)
	}
	last := sigs[len(sigs)-1]
	last.sig[6] += 14
	out := append(bytes.Clone(text), '\n')
	for _, s := range sigs {
		out = appendSignature(out, s)
	}
	recs[i].Note = out
	return recs
}

// TestWhatDroppedEntriesShow: who drops entries from the end of a complete range, with the head and the
// receipt that name them, is left with a file that is complete up to an earlier head and says so; who puts
// hashes in their place, with one that is complete no more.
func TestWhatDroppedEntriesShow(t *testing.T) {
	w := smallWorld(t)
	good := w.bundle(nil)
	cut := rewrite(t, good, func(r []Record) []Record {
		i := at(r, RecordEntry, B, 1)
		return r[:i]
	})
	r, text := verifyText(cut, testOptions())
	if !r.OK || r.Transcripts[1].Complete == nil || !strings.Contains(text, "complete: every entry of green in 1/b up to 2026-12-01T06:01:00Z, by its own clock") {
		t.Errorf("cut short: %s", text)
	}
	if !strings.Contains(text, "entries name a head of size 2 of 1/b, of which this file holds 1 entries only") {
		t.Errorf("what the other had seen is not said: %s", text)
	}
	r, text = verifyText(w.bundle(func(i int) bool { return i != 0 }), testOptions())
	if !r.OK || r.Transcripts[0].Complete != nil || r.Transcripts[1].Complete != nil || !strings.Contains(text, "not shown in this file: 1 entry more") {
		t.Errorf("hashes in the place of entries: %s", text)
	}
}

// TestGarbage: whatever a file is, little of it is read before it is refused, and in words.
func TestGarbage(t *testing.T) {
	const gib = 1 << 30
	sound := string(smallWorld(t).bundle(nil))
	cut := func(to string) string { return sound[:strings.Index(sound, to)] }
	deep := strings.Repeat("[", 1<<20)
	for _, c := range []struct {
		name, begin string
		check, want string
	}{
		{"zeros", "", "encoding", "does not begin with the line parley/bundle/v1"},
		{"one line", "parley/bundle/v1\n", "encoding", "has a line longer than the format allows"},
		{"JSON", `{"v":1,"entries":[`, "encoding", "does not begin with the line parley/bundle/v1"},
		{"an agreement of 1 GiB", "parley/bundle/v1\nagreement 1073741824\n", "encoding", "has a record of the kind agreement that is empty or longer than 1048576 bytes"},
		{"a head of 1 GiB", cut("head ") + "head 1073741824\n", "encoding", "has a record of the kind head that is empty or longer than 16384 bytes"},
		{"an entry without end", cut("{\"v\":1"), "encoding", "has a line longer than the format allows"},
		{"2^48 entries in a gap", cut("entry ") + "gap 281474976710656\n", "encoding", "has a line longer than the format allows"},
		{"a bundle in a bundle", "parley/bundle/v1\nagreement " + fmt.Sprint(len(sound)) + "\n" + sound, "agreement", "agreement 1 of the bundle"},
		{"nested agreement", "parley/bundle/v1\nagreement " + fmt.Sprint(len(deep)) + "\n" + deep, "encoding", "an agreement must be a note"},
	} {
		count := &countingReader{r: io.MultiReader(strings.NewReader(c.begin), io.LimitReader(zeros{}, gib))}
		r := Verify(count, testOptions())
		i := slices.IndexFunc(r.Checks, func(k Check) bool { return k.Name == c.check && !k.OK })
		if r.OK || i < 0 || !strings.Contains(r.Checks[i].Reason, c.want) {
			t.Errorf("%s: %+v", c.name, r.Checks)
		}
		if count.n > len(c.begin)+2<<20 {
			t.Errorf("%s: %d bytes were read", c.name, count.n)
		}
	}
}

// zeros is a file of zeros without end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// TestNestedValues: a value may be 64 deep and no deeper, and one that is deeper is refused in words.
func TestNestedValues(t *testing.T) {
	for _, depth := range []int{64, 65, 100_000} {
		value := strings.Repeat("[", depth) + strings.Repeat("]", depth)
		raw := []byte(`["AAAAAAAAAAAAAAAAAAAAAA","deep",` + value + `]`)
		e, enc := entryWith(t, b64url.AppendEncode(nil, raw))
		_, _, err := Open(Sealed{Bytes: e, Disclosures: enc})
		if (err == nil) != (depth == 64) || err != nil && !strings.Contains(err.Error(), "nested at most 64 deep") {
			t.Errorf("%d deep: %v", depth, err)
		}
	}
}

// streamed writes a bundle of one party's entries to a verifier as it reads, so that no more than one entry
// of it is ever held. Each entry has the same disclosure, of that many bytes.
func streamed(t *testing.T, w *world, entries int64, fieldBytes int) io.Reader {
	d := Draft{Kind: "notice"}
	if fieldBytes > 0 {
		d.Fields = []Field{{Name: "note", Value: jsontext.Value(`"` + strings.Repeat("x", fieldBytes) + `"`), Shown: true}}
	}
	sealed, first, err := Seal(w.rand, d, Meta{Agreement: w.id, Author: "blue", Time: w.now})
	if err != nil {
		t.Fatal(err)
	}
	r, out := io.Pipe()
	go func() {
		b := NewBundleWriter(out)
		var tree Tree
		err := errors.Join(b.Agreement(w.agreement), b.Transcript(w.books[0].origin))
		for i := int64(0); i < entries && err == nil; i++ {
			first.Seq = i
			if sealed.Bytes, err = first.Encode(); err != nil {
				break
			}
			tree.push(0, RecordHash(sealed.Bytes), nil)
			err = b.Entry(sealed)
		}
		h, err2 := SignHead(w.books[0].key, w.books[0].origin, tree.Size(), tree.Root(), w.now.Add(time.Second))
		if err = errors.Join(err, err2); err == nil {
			err = errors.Join(b.Head(h), b.Close())
		}
		out.CloseWithError(err)
	}()
	return r
}

// TestMemoryOfAVerifier: what a verifier holds does not grow with the bytes of a file, and with its entries
// by some 50 bytes each. PARLEY_BIG=1 plays 1 GiB and 10^6 entries.
func TestMemoryOfAVerifier(t *testing.T) {
	big := os.Getenv("PARLEY_BIG") != ""
	for _, c := range []struct {
		name       string
		entries    int64
		fieldBytes int
		limit      uint64 // of the heap
	}{
		{"few large entries", map[bool]int64{true: 350, false: 6}[big], 3_000_000, 160 << 20},
		{"many small entries", map[bool]int64{true: 1_000_000, false: 20_000}[big], 0, map[bool]uint64{true: 200 << 20, false: 40 << 20}[big]},
	} {
		w := newWorld(t, testParties())
		opts := testOptions()
		var before, now runtime.MemStats
		var peak uint64
		runtime.GC()
		runtime.ReadMemStats(&before)
		calls := 0
		opts.Progress = func(int64) {
			if calls++; calls%16 == 1 || c.fieldBytes > 0 {
				runtime.ReadMemStats(&now)
				peak = max(peak, now.HeapInuse)
			}
		}
		count := &countingReader{r: streamed(t, w, c.entries, c.fieldBytes)}
		start := time.Now()
		r := Verify(count, opts)
		if !r.OK || r.Transcripts[0].Entries != c.entries {
			t.Errorf("%s: %+v", c.name, r.Checks)
		}
		grown := peak - min(peak, before.HeapInuse)
		t.Logf("%s: %d entries, %d MiB, heap at most %d MiB above what it was, %s", c.name, c.entries, count.n>>20, grown>>20, time.Since(start).Round(time.Millisecond))
		if grown > c.limit {
			t.Errorf("%s: the heap grew by %d MiB", c.name, grown>>20)
		}
	}
}
