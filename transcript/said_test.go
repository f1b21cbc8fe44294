package transcript

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// chosen writes a bundle of a small world that shows entry 2 of blue with some of its fields, and what
// keep says of green, at whose sizes there are heads.
func chosen(t *testing.T, w *world, fields int, green func(int) bool) []byte {
	t.Helper()
	s := w.books[0].entries[1]
	s.Disclosures = s.Disclosures[:fields]
	was := w.books[0].entries[1]
	w.books[0].entries[1] = s
	defer func() { w.books[0].entries[1] = was }()
	var buf bytes.Buffer
	b := NewBundleWriter(&buf)
	if err := b.Agreement(w.agreement); err != nil {
		t.Fatal(err)
	}
	w.books[0].write(t, b, func(i int) bool { return i == 1 })
	w.books[1].write(t, b, green)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// TestSaidBetweenTwoTimesOfOneClock: both bounds are of the receiver's clock, and each is left out where
// the file does not show it.
func TestSaidBetweenTwoTimesOfOneClock(t *testing.T) {
	w := smallWorld(t)
	opts := testOptions()
	opts.Said = 10
	data := chosen(t, w, 2, nil)
	r, text := verifyText(data, opts)
	if !r.OK || len(r.Transcripts[0].Said) != 1 {
		t.Fatalf("%s", text)
	}
	s := r.Transcripts[0].Said[0]
	if !s.After.Equal(testTime().Add(time.Minute)) || !s.Held.Equal(testTime().Add(2*time.Minute+time.Second)) || s.Kind != "notice.file" {
		t.Errorf("%+v", s)
	}
	want := "1/a#1 (notice.file): said by blue, shown to green in 2 fields and 1 more that this file leaves out; " +
		"said after 2026-12-01T06:01:00Z and delivered by 2026-12-01T06:02:01Z, both by the clock of green; blue says: at 2026-12-01T06:02:00.000Z\n"
	if s.Shown+s.Hidden == 3 && !strings.Contains(text, want) {
		t.Errorf("%s", text)
	}
	if r.Transcripts[0].Complete != nil || r.Transcripts[1].Complete == nil {
		t.Errorf("complete: %+v and %+v", r.Transcripts[0].Complete, r.Transcripts[1].Complete)
	}
	for _, word := range []string{"not sent", "clear", "safe"} {
		if strings.Contains(text, word) {
			t.Errorf("the report says %q", word)
		}
	}

	hidden := chosen(t, w, 2, func(int) bool { return false })
	if r, text = verifyText(hidden, opts); !r.OK || !r.Transcripts[0].Said[0].After.IsZero() || !strings.Contains(text, "; delivered by 2026-12-01T06:02:01Z, by the clock of green") {
		t.Errorf("without the head that was seen: %s", text)
	}

	receipts := w.books[0].receipts
	w.books[0].receipts = nil
	if r, text = verifyText(chosen(t, w, 2, nil), opts); !r.OK || !strings.Contains(text, "; delivery not shown; blue says") {
		t.Errorf("without a receipt: %s", text)
	}
	w.books[0].receipts = receipts

	opts.Said = 0
	if r, _ = verifyText(data, opts); r.Transcripts[0].Said != nil {
		t.Error("statements that nobody asked for")
	}
	opts.Said = 2
	if r, _ = verifyText(w.bundle(nil), opts); r.Transcripts[0].Said == nil || r.Transcripts[1].Said == nil {
		t.Errorf("as many statements as asked for: %+v", r.Transcripts)
	}
	opts.Said = 1
	if r, _ = verifyText(w.bundle(nil), opts); r.Transcripts[0].Said != nil {
		t.Error("a list of statements that stops before its end")
	}
}

// TestCompleteNeedsTheAuthorsHead: a receipt alone says nothing of what the author said later, and what
// the receiver holds after the author's newest head is the receiver's word.
func TestCompleteNeedsTheAuthorsHead(t *testing.T) {
	w := smallWorld(t)
	w.tick(time.Hour)
	h := w.books[1].heads[len(w.books[1].heads)-1]
	late, err := SignReceipt(testKey(1), h, w.now)
	if err != nil {
		t.Fatal(err)
	}
	w.books[1].receipts = append(w.books[1].receipts, late)
	r, text := verifyText(w.bundle(nil), testOptions())
	c := r.Transcripts[1].Complete
	if !r.OK || c == nil || !c.Until.Equal(h.Time) || !c.Says.Equal(w.now) {
		t.Fatalf("%+v\n%s", c, text)
	}
	if !strings.Contains(text, "blue says that at "+stamp(w.now)+", by the clock of blue, it held these and names none later") {
		t.Errorf("%s", text)
	}
}
