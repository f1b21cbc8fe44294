package transcript

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// benchDraft is a body of eight fields that makes a sealed entry of about 1 KB, all of it shown.
func benchDraft(i int) Draft {
	d := Draft{Kind: "notice.file"}
	for n, v := range []string{
		fmt.Sprintf(`"blue-%d"`, i), `"flight"`, `"survey of the northern valley"`, `250.5`,
		`[{"shape":{"type":"Point","coordinates":[35.95,35.41],"radius_m":9260},"lower":{"value":0,"unit":"m","reference":"AMSL"},"start":"2026-12-01T18:00:00Z","end":"2026-12-01T19:30:00Z"}]`,
		`{"name":"duty desk","phone":"+000 000"}`, `true`, `["white","strobe"]`,
	} {
		d.Fields = append(d.Fields, Field{Name: "field" + string(rune('a'+n)), Value: jsontext.Value(v), Shown: n < 6})
	}
	return d
}

// benchBundle is a whole transcript of n entries with a head and a receipt every perHead entries.
func benchBundle(t testing.TB, n, perHead int) []byte {
	w := newWorld(t, testParties())
	for i := range n {
		w.tick(time.Second)
		w.say(0, benchDraft(i))
		if (i+1)%perHead == 0 || i == n-1 {
			w.commit(0, true)
		}
	}
	var buf bytes.Buffer
	b := NewBundleWriter(&buf)
	if err := b.Agreement(w.agreement); err != nil {
		t.Fatal(err)
	}
	l := w.books[0]
	if err := b.Transcript(l.origin); err != nil {
		t.Fatal(err)
	}
	heads := 0
	for i, s := range l.entries {
		if err := b.Entry(s); err != nil {
			t.Fatal(err)
		}
		if l.heads[heads].Size == int64(i+1) {
			if err := b.Head(l.heads[heads]); err != nil {
				t.Fatal(err)
			}
			if err := b.Receipt(l.receipts[heads]); err != nil {
				t.Fatal(err)
			}
			heads++
		}
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func BenchmarkVerify(b *testing.B) {
	const entries = 10000
	for _, perHead := range []int{100, 10, 1} {
		b.Run(fmt.Sprintf("entries=%d/disclosures=8/entries_per_head=%d", entries, perHead), func(b *testing.B) {
			data := benchBundle(b, entries, perHead)
			opts := testOptions()
			opts.Workers = 0
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if r := Verify(bytes.NewReader(data), opts); !r.OK {
					b.Fatal(r.Verdict())
				}
			}
			b.ReportMetric(entries*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}

func BenchmarkSeal(b *testing.B) {
	rand, d, m := testRand(1), benchDraft(1), testMeta(1)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Seal(rand, d, m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseEntry(b *testing.B) {
	s, _, err := Seal(testRand(1), benchDraft(1), testMeta(1))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(s.Bytes)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseEntry(s.Bytes); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheckEntry(b *testing.B) {
	s, e, err := Seal(testRand(1), benchDraft(1), testMeta(1))
	if err != nil {
		b.Fatal(err)
	}
	var c checker
	it := item{Record: Record{Kind: RecordEntry, Sealed: s}}
	b.ReportAllocs()
	for b.Loop() {
		if c.entry(&it, false); it.err != nil || it.discErr != nil || it.leftOut != 0 {
			b.Fatal(e, it.err, it.discErr)
		}
	}
}
