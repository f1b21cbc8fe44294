package transcript

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// TestEveryByte changes every byte of bundles, one at a time: a bit turned over, one more, the byte left
// out, the byte twice. The verifier must accept none, must not crash, and must name the entry where the
// byte is an entry's. In the small bundles every change goes through Verify as a whole; in the bundle of
// 200 entries a change is judged from the record on that it is in, by what Verify does with each record,
// and one in many is judged by Verify as well, which must say the same. With PARLEY_EVERY_BYTE=all Verify
// judges one change of every byte, which takes some 15 minutes of one processor for each of the two.
func TestEveryByte(t *testing.T) {
	w := tinyWorld(t)
	opts := testOptions()
	opts.Workers = 1
	opts.Agreement, opts.Keys = remembered(readTestAgreement), remembered(readTestKeys)
	bundles := map[string][]byte{
		"whole": w.bundle(nil),
		"gaps":  w.bundle(func(i int) bool { return i == 1 }),
	}
	w.hideAgreement(t, nil)
	bundles["keys for the agreement"] = w.bundle(func(i int) bool { return i == 1 })
	w.keys = nil
	w.books[0].heads = w.books[0].heads[1:]
	bundles["a receipt without its head"] = w.bundle(nil)
	for name, data := range bundles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if r, text := verifyText(data, opts); !r.OK {
				t.Fatal(text)
			}
			everyByte(t, data, opts)
		})
	}
	for name, data := range bigBundles(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, text := verifyText(data, opts)
			if !r.OK || r.Transcripts[0].Entries+r.Transcripts[1].Entries != 200 {
				t.Fatal(text)
			}
			everyByteOfMany(t, data, opts)
		})
	}
}

// bigBundles returns a line of 200 entries of both parties, whole, and the same with a gap in one
// transcript and more entries in the other.
func bigBundles(t *testing.T) map[string][]byte {
	play := func(entries [2]int) *world {
		parties := testParties()
		revoked := testTime().Add(40 * time.Minute)
		parties[0].LineKeys = []LineKey{{Public: public(testKey(1)), Revoked: revoked}, {Public: public(testKey(3)), From: revoked.Add(-10 * time.Minute)}}
		w := newWorld(t, parties)
		for i := 0; w.books[0].tree.Size() < int64(entries[0]) || w.books[1].tree.Size() < int64(entries[1]); i++ {
			side := i % 2
			for range 15 {
				if w.books[side].tree.Size() == int64(entries[side]) {
					break
				}
				w.tick(10 * time.Second)
				w.say(side, manyDraft(int(w.books[side].tree.Size())))
			}
			if w.now.After(revoked.Add(-5 * time.Minute)) {
				w.books[0].key = testKey(3)
			}
			w.commit(side, true)
		}
		return w
	}
	whole := play([2]int{110, 90}).bundle(nil)
	gaps := play([2]int{120, 100})
	return map[string][]byte{
		"200 entries":           whole,
		"200 entries and a gap": gaps.bundle(func(i int) bool { return i < 30 || i >= 40 }),
	}
}

// manyDraft draws an entry by its number: with two fields or with none, told to the other or not.
func manyDraft(n int) Draft {
	d := Draft{Kind: []string{"notice", "received", "call.query"}[n%3], Drill: n%7 == 0}
	if n%3 == 0 {
		d.Fields = []Field{{Name: "id", Value: jsontext.Value(fmt.Sprintf(`"n-%d"`, n)), Shown: true},
			{Name: "coarse", Value: jsontext.Value("false"), Shown: n%2 == 0}}
	}
	return d
}

// remembered reads each agreement once.
func remembered(read func([]byte) (AgreementInfo, error)) func([]byte) (AgreementInfo, error) {
	type answer struct {
		info AgreementInfo
		err  error
	}
	var mu sync.Mutex
	known := map[string]answer{}
	return func(note []byte) (AgreementInfo, error) {
		mu.Lock()
		defer mu.Unlock()
		a, ok := known[string(note)]
		if !ok {
			a.info, a.err = read(note)
			known[string(note)] = a
		}
		return a.info, a.err
	}
}

// everyByte has Verify judge changes of every byte. With the race detector it does so to one byte in
// sixteen, drawn with a fixed seed: the verifier's goroutines do the same work for each.
func everyByte(t *testing.T, data []byte, opts Options) {
	owner := entryOwners(data)
	sample := rand.New(rand.NewPCG(1, 2))
	for i := range data {
		if underRace && sample.IntN(16) > 0 {
			continue
		}
		flipped := bytes.Clone(data)
		flipped[i] ^= 1 << (i % 8)
		r, text := verifyText(flipped, opts)
		if r.OK {
			t.Fatalf("byte %d %q changed to %q is accepted", i, data[i], flipped[i])
		}
		if owner[i] != "" && !strings.Contains(text, owner[i]) {
			t.Fatalf("byte %d %q changed to %q is in %s, but the report says\n%s", i, data[i], flipped[i], owner[i], text)
		}
		if i%3 > 0 {
			continue
		}
		other := [][]byte{
			data[:i], // cut short
			append(bytes.Clone(data[:i]), data[i+1:]...),                       // one less
			append(append(bytes.Clone(data[:i+1]), data[i]), data[i+1:]...),    // one twice
			append(append(bytes.Clone(data[:i]), data[i]^0x20), data[i+1:]...), // in another case
		}[i/3%4]
		if r := Verify(bytes.NewReader(other), opts); r.OK && !bytes.Equal(other, data) {
			t.Fatalf("byte %d %q cut, left out, doubled or in another case is accepted", i, data[i])
		}
	}
}

// change is one change of one byte.
type change struct {
	name string
	in   []byte // what stands in its place
}

func changesOf(b byte, i int) []change {
	return []change{
		{"with a bit turned over", []byte{b ^ 1<<(i%8)}},
		{"one more", []byte{b + 1}},
		{"left out", nil},
		{"twice", []byte{b, b}},
		{"in another case", []byte{b ^ 0x20}},
	}
}

// everyByteOfMany judges the changes of every byte of a large bundle; with the race detector, one change of
// one byte in six.
func everyByteOfMany(t *testing.T, data []byte, opts Options) {
	owner := entryOwners(data)
	marks := marksOf(t, data, opts)
	all := os.Getenv("PARLEY_EVERY_BYTE") == "all"
	sample := rand.New(rand.NewPCG(3, 4))
	mark, judged, compared, late := 0, 0, 0, 0
	buffer := bufio.NewReaderSize(nil, 4<<10)
	for i := range data {
		for mark+1 < len(marks) && marks[mark+1].offset <= i {
			mark++
		}
		changes := changesOf(data[i], i)
		chosen := sample.IntN(len(changes))
		if underRace && !all {
			if changes = changes[chosen : chosen+1]; sample.IntN(6) > 0 {
				continue
			}
		}
		for k, c := range changes {
			judged++
			changed := func() io.Reader {
				from := marks[mark].offset
				return io.MultiReader(bytes.NewReader(data[from:i]), bytes.NewReader(c.in), bytes.NewReader(data[i+1:]))
			}
			found := marks[mark].firstFailure(buffer, changed())
			if found != nil && owner[i] != "" && !strings.Contains(found.Entry+found.Reason, owner[i]) {
				t.Fatalf("byte %d %q %s is in %s, but the first failure is %+v", i, data[i], c.name, owner[i], *found)
			}
			if found != nil && !(all && k == chosen) && sample.IntN(4000) > 0 {
				continue
			}
			if found == nil {
				late++
			}
			compared++
			r := Verify(io.MultiReader(bytes.NewReader(data[:marks[mark].offset]), changed()), opts)
			if r.OK {
				t.Fatalf("byte %d %q %s is accepted", i, data[i], c.name)
			}
			if found != nil && !slices.Contains(r.Checks, *found) {
				t.Fatalf("byte %d %q %s: from its record on %+v is found, from the beginning %+v", i, data[i], c.name, *found, r.Checks)
			}
		}
	}
	if compared == 0 {
		t.Error("no change was judged from the beginning")
	}
	t.Logf("%d bytes: %d changes judged, none accepted; %d by Verify, of which %d because only the end showed them", len(data), judged, compared, late)
}

// mark is where a record of a sound bundle begins, with what a verifier knows there.
type mark struct {
	offset  int
	reader  BundleReader
	v       *verifier
	parties bool // the agreements are over
}

// marksOf walks through a sound bundle and returns the beginning of each record.
func marksOf(t *testing.T, data []byte, opts Options) []mark {
	count := &countingReader{r: bytes.NewReader(data)}
	m := mark{reader: *NewBundleReader(count), v: newVerifier(opts)}
	marks := []mark{m.copy()}
	for {
		rec, err := m.reader.Next()
		if err == io.EOF {
			return marks
		}
		if err != nil {
			t.Fatal(err)
		}
		m.take(rec)
		if len(m.v.failed) > 0 {
			t.Fatalf("%+v", m.v.failed)
		}
		m.offset = count.n - m.reader.r.Buffered()
		marks = append(marks, m.copy())
	}
}

type countingReader struct {
	r io.Reader
	n int
}

func (c *countingReader) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += n
	return n, err
}

// take does with a record what Verify does.
func (m *mark) take(rec Record) {
	if rec.Kind == RecordAgreement || rec.Kind == RecordKeys {
		m.v.agreement(rec.Kind, rec.Note)
		return
	}
	if !m.parties {
		m.parties = true
		m.v.checkParties(true)
	}
	it := item{Record: rec}
	(&checker{}).check(m.v, &it)
	m.v.apply(&it)
}

// firstFailure reads on from the mark and returns the first failure; nil where there is none before the
// end. A verifier takes none back: it only adds to what failed.
func (m *mark) firstFailure(buffer *bufio.Reader, rest io.Reader) *Check {
	at := m.copy()
	buffer.Reset(rest)
	at.reader.r = buffer
	for {
		rec, err := at.reader.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return &Check{Name: "encoding", Entry: at.reader.entry, Reason: err.Error()}
		}
		at.take(rec)
		for _, name := range checkNames() {
			if bad := at.v.failed[name]; len(bad) > 0 {
				return &bad[0]
			}
		}
	}
}

// copy returns the mark with what reading on would change of its own; the reader reads nothing yet.
func (m *mark) copy() mark {
	out := *m
	out.reader.r = nil
	v := *m.v
	v.agreements, v.signers, v.closed = slices.Clip(v.agreements), slices.Clip(v.signers), slices.Clip(v.closed)
	v.byID, v.byOrigin, v.failed, v.count = maps.Clone(v.byID), maps.Clone(v.byOrigin), map[string][]Check{}, map[string]int{}
	if v.open != nil {
		p := *v.open
		p.tree = p.tree.Clone()
		p.roots, p.heads, p.receipts, p.seen = slices.Clip(p.roots), slices.Clip(p.heads), slices.Clip(p.receipts), slices.Clip(p.seen)
		p.gaps, p.Said, p.Notes, p.Kinds = slices.Clip(p.gaps), slices.Clip(p.Said), slices.Clip(p.Notes), slices.Clone(p.Kinds)
		v.open = &p
	}
	out.v = &v
	return out
}

// entryOwners returns for each byte the name of the entry whose record it is in.
func entryOwners(data []byte) []string {
	owner := make([]string, len(data))
	at, name, left, origin := 0, "", 0, ""
	for _, line := range bytes.SplitAfter(data, []byte("\n")) {
		f := strings.Fields(string(line))
		switch {
		case left > 0:
			left--
		case len(f) == 4 && f[0] == "entry":
			_, short, _ := strings.Cut(strings.TrimPrefix(origin, "parley/"), "/")
			name = short + "#" + f[1]
			left = 1 + int(f[2][0]-'0')
		default:
			name = ""
			if len(f) == 2 && f[0] == "transcript" {
				origin = f[1]
			}
		}
		for range line {
			owner[at] = name
			at++
		}
	}
	return owner
}
