package ledger

import (
	"bytes"
	"slices"
	"sort"
	"time"

	"parley/transcript"
)

// The bounds of what is held in memory of the newest of one transcript: bytes as bytesOf counts
// them, and numbers.
const (
	tailBytes    = 4 << 20
	tailEntries  = 4096
	tailReceipts = 1024
)

// tail is the newest commits of one transcript, parsed, and the newest receipts for its heads, so
// that who stands near the end needs no view of the store. Commits are added after they are durable;
// a tail once read never changes. What is before it is in the store.
type tail struct {
	first   int64    // index of the first entry held; the transcript's size where there is none
	recent  []recent // in order, without gaps, up to the transcript's size
	bytes   int
	entries int

	unshown  int64                // from this entry on, receipts tells all
	receipts []transcript.Receipt // sizes ascending
}

// recent is one commit.
type recent struct {
	records []Record // never empty; the records are not changed
	head    []byte   // the first of its size
	bytes   int
}

func (r *recent) first() int64 { return r.records[0].Entry.Seq }
func (r *recent) end() int64   { return r.first() + int64(len(r.records)) }

// bytesOf is about what a record takes in memory.
func bytesOf(r *Record) int {
	n := 512 + len(r.Bytes) + 32*(len(r.Entry.SD)+len(r.Entry.Shown))
	for _, d := range r.Disclosures {
		n += len(d) + 24
	}
	for i := range r.Fields {
		n += 48 + len(r.Fields[i].Name) + len(r.Fields[i].Value)
	}
	return n
}

// with returns t with a commit after the others, and without the oldest beyond the bounds. Only who
// may commit to the transcript calls it: two tails that grew from one share memory.
func (t tail) with(records []Record, head []byte) tail {
	r := recent{records: records, head: head}
	for i := range records {
		r.bytes += bytesOf(&records[i])
	}
	t.recent = append(t.recent, r)
	t.bytes += r.bytes
	t.entries += len(records)
	for len(t.recent) > 0 && (t.bytes > tailBytes || t.entries > tailEntries) {
		t.bytes -= t.recent[0].bytes
		t.entries -= len(t.recent[0].records)
		t.first = t.recent[0].end()
		t.recent = t.recent[1:]
	}
	return t
}

// withReceipt returns t with a receipt: for more than the newest, or in the place of the newest.
func (t tail) withReceipt(rc transcript.Receipt) tail {
	if n := len(t.receipts); n > 0 && t.receipts[n-1].Size == rc.Size {
		t.receipts = append(slices.Clone(t.receipts[:n-1]), rc)
		return t
	}
	t.receipts = append(t.receipts, rc)
	if len(t.receipts) > tailReceipts {
		t.unshown = t.receipts[0].Size
		t.receipts = t.receipts[1:]
	}
	return t
}

// holds reports whether every entry from one on is in memory.
func (t *tail) holds(from int64) bool { return from >= t.first }

// from returns the commits that hold the entries from one on.
func (t *tail) from(seq int64) []recent {
	return t.recent[sort.Search(len(t.recent), func(i int) bool { return t.recent[i].end() > seq }):]
}

// next returns a source of the records from one on.
func (t *tail) next(from int64) source {
	list := t.from(from)
	var records []Record
	if len(list) > 0 {
		records = list[0].records[max(0, from-list[0].first()):]
	}
	return func() (*Record, error) {
		for len(records) == 0 {
			if len(list) <= 1 {
				return nil, nil
			}
			list = list[1:]
			records = list[0].records
		}
		r := &records[0]
		records = records[1:]
		return r, nil
	}
}

// headAt returns the head at which the first size entries were committed, where it is in memory.
func (t *tail) headAt(size int64) ([]byte, bool) {
	if list := t.from(size - 1); size > t.first && len(list) > 0 && list[0].end() == size {
		return list[0].head, true
	}
	return nil, false
}

// receiptFor returns the receipt for the smallest head that covers an entry, the zero Receipt where
// there is none. It reports false where only the store can tell.
func (t *tail) receiptFor(seq int64) (transcript.Receipt, bool) {
	if seq < t.unshown {
		return transcript.Receipt{}, false
	}
	i := sort.Search(len(t.receipts), func(i int) bool { return t.receipts[i].Size > seq })
	if i == len(t.receipts) {
		return transcript.Receipt{}, true
	}
	return t.receipts[i], true
}

// receiptsAfter returns up to n receipts for more than size entries, the smallest first.
func (t *tail) receiptsAfter(size int64, n int) []transcript.Receipt {
	i := sort.Search(len(t.receipts), func(i int) bool { return t.receipts[i].Size > size })
	return t.receipts[i:min(len(t.receipts), i+n)]
}

// shown returns what goes to the other party of an own record.
func shown(r *Record) (transcript.Sealed, error) {
	s := transcript.Sealed{Bytes: r.Bytes, Disclosures: r.Disclosures}
	if len(r.Disclosures) == len(r.Entry.Shown) {
		return s, nil // an entry lists no more as shown than it has
	}
	return transcript.ForOther(s)
}

// received makes the records of entries that came from outside. It copies them: what holds them, a
// whole message, is not to stay for as long as they do.
func received(o transcript.Origin, e *extension, heldAt time.Time) []Record {
	out := make([]Record, len(e.entries))
	for i, s := range e.entries {
		r := Record{Origin: o, Entry: e.parsed[i], Bytes: bytes.Clone(s.Bytes), Fields: e.fields[i], HeldAt: heldAt}
		for _, d := range s.Disclosures {
			r.Disclosures = append(r.Disclosures, bytes.Clone(d))
		}
		out[i] = r
	}
	return out
}
