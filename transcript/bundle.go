package transcript

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"parley/fault"
)

const (
	bundleHeader      = "parley/bundle/v1"
	bundleEnd         = "end"
	maxAgreementBytes = 1 << 20
	// MaxForkBytes bounds the evidence of a fork, encoded.
	MaxForkBytes = 64 << 10
)

// RecordKind is the first word of a record of a bundle.
type RecordKind string

// The kinds of records. Agreements come first, then transcripts; in a transcript gaps and entries
// follow one another in order, heads, then receipts, then cosignatures of witnesses, stand where they end, and evidence at the end.
const (
	RecordAgreement   RecordKind = "agreement"
	RecordKeys        RecordKind = "keys" // of an agreement that is not shown
	RecordTranscript  RecordKind = "transcript"
	RecordGap         RecordKind = "gap"
	RecordEntry       RecordKind = "entry"
	RecordHead        RecordKind = "head"
	RecordReceipt     RecordKind = "receipt"
	RecordCosignature RecordKind = "cosignature"
	RecordFork        RecordKind = "fork"
	RecordForeign     RecordKind = "foreign"
	RecordBreach      RecordKind = "breach"
)

// Record is one record of a bundle, as read and before it is checked.
type Record struct {
	Kind   RecordKind
	Origin Origin // of the transcript it is in
	Index  int64  // of an entry, or of the first entry of a gap
	To     int64  // the index after the gap
	Leaf   Hash   // the hash listed for an entry
	Sealed Sealed // of an entry
	Hashes []Hash // of a gap: see RangeHashes
	Note   []byte // of an agreement, head, receipt or cosignature; the text of evidence
}

// rank orders the signed records at one size; it is 0 for those that are not.
func (k RecordKind) rank() int {
	switch k {
	case RecordHead:
		return 1
	case RecordReceipt:
		return 2
	case RecordCosignature:
		return 3
	case RecordFork:
		return rankEvidence
	case RecordForeign:
		return rankEvidence + 1
	case RecordBreach:
		return rankEvidence + 2
	}
	return 0
}

// rankEvidence is the lowest rank of evidence, which ends a transcript.
const rankEvidence = 4

// bound is how many bytes a block of a kind has at most.
func (k RecordKind) bound() int64 {
	switch k {
	case RecordAgreement, RecordKeys:
		return maxAgreementBytes
	case RecordFork:
		return MaxForkBytes
	case RecordForeign:
		return maxForeignBytes
	case RecordBreach:
		return maxBreachBytes
	}
	return MaxNoteBytes
}

// place holds what was last written or read in a bundle, and so what may follow.
type place struct {
	agreements int
	origin     Origin
	open       bool // in a transcript
	size       int64
	last       RecordKind
	time       time.Time // of the last head or receipt
	note       []byte    // the last head, receipt or evidence
}

func misplaced(format string, args ...any) error {
	return fault.Newf(fault.Corrupt, "bundle", format, args...)
}

func (p *place) agreement(note []byte) error {
	if p.open {
		return misplaced("an agreement must come before the transcripts")
	}
	if len(note) == 0 || len(note) > maxAgreementBytes || note[len(note)-1] != '\n' {
		return misplaced("an agreement must be a note of at most %d bytes that ends its last line", maxAgreementBytes)
	}
	if p.agreements++; p.agreements > 1<<12 {
		return misplaced("must hold at most %d agreements", 1<<12)
	}
	p.last = RecordAgreement
	return nil
}

func (p *place) transcript(o Origin) error {
	if p.open && compareOrigins(p.origin, o) >= 0 {
		return misplaced("transcript %s must come before %s", o, p.origin)
	}
	if p.open && p.last == RecordTranscript {
		return misplaced("transcript %s is empty", p.origin)
	}
	*p = place{agreements: p.agreements, origin: o, open: true, last: RecordTranscript}
	return nil
}

// compareOrigins orders by line, epoch and side.
func compareOrigins(a, b Origin) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Epoch, b.Epoch), cmp.Compare(a.Side, b.Side))
}

func (p *place) gap(to int64, hashes int) error {
	if !p.open || p.last == RecordGap || p.last.rank() >= rankEvidence {
		return misplaced("a gap may not stand here")
	}
	n := 0
	if to > p.size && to <= MaxSize {
		cover(p.size, to, func(int, int64) { n++ })
	}
	if n == 0 || n != hashes {
		return misplaced("a gap from %d to %d has not %d hashes", p.size, to, hashes)
	}
	p.size, p.last = to, RecordGap
	return nil
}

func (p *place) entry() error {
	if !p.open || p.last.rank() >= rankEvidence || p.size >= MaxSize {
		return misplaced("an entry may not stand here")
	}
	p.size++
	p.last = RecordEntry
	return nil
}

// signed places a head, a receipt or evidence: heads in the order of their times, then receipts in
// the order of theirs, which need no head, then cosignatures, then evidence; equal times in the order of bytes.
func (p *place) signed(kind RecordKind, o Origin, size int64, t time.Time, note []byte) error {
	if !p.open || o != p.origin {
		return misplaced("a %s of %s may not stand here", kind, o)
	}
	if kind.rank() < rankEvidence && size != p.size {
		return misplaced("a %s of size %d stands after %s of %s: entries were left out or put in, or it was moved", kind, size, entries(p.size), o)
	}
	was, is := p.last.rank(), kind.rank()
	if was > is || ((kind == RecordReceipt || kind == RecordCosignature) && p.size == 0 && was == 0) {
		return misplaced("a %s may not follow a %s", kind, p.last)
	}
	if was == is && cmp.Or(p.time.Compare(t), bytes.Compare(p.note, note)) >= 0 {
		return misplaced("a %s is out of order", kind)
	}
	p.last, p.time, p.note = kind, t, note
	return nil
}

func (p *place) end() error {
	if p.open && p.last == RecordTranscript {
		return misplaced("transcript %s is empty", p.origin)
	}
	return nil
}

// BundleWriter writes a bundle record by record. It refuses what may not follow, and after an error
// of the writer below it every call returns that error.
type BundleWriter struct {
	w   io.Writer
	at  place
	buf []byte
	err error
}

// NewBundleWriter returns a writer that writes to w with the first record. Close ends the bundle.
func NewBundleWriter(w io.Writer) *BundleWriter {
	return &BundleWriter{w: w, buf: []byte(bundleHeader + "\n")}
}

// Size returns where the transcript stands: the index of the next entry.
func (b *BundleWriter) Size() int64 { return b.at.size }

// Agreement writes a signed agreement; versions go in order, before the transcripts.
func (b *BundleWriter) Agreement(note []byte) error {
	return b.put(b.at.agreement(note), func(out []byte) []byte { return appendBlock(out, string(RecordAgreement), note) })
}

// Keys writes signed keys in the place of the agreement that they name.
func (b *BundleWriter) Keys(note []byte) error {
	return b.put(b.at.agreement(note), func(out []byte) []byte { return appendBlock(out, string(RecordKeys), note) })
}

// Transcript begins a transcript; they go in the order of epochs, side a before side b.
func (b *BundleWriter) Transcript(o Origin) error {
	if err := o.check(); err != nil {
		return err
	}
	return b.put(b.at.transcript(o), func(out []byte) []byte {
		return append(append(append(out, "transcript "...), o.String()...), '\n')
	})
}

// Gap stands for the entries from Size to to-1, which the bundle does not show: r reads the stored
// hashes of the transcript.
func (b *BundleWriter) Gap(to int64, r tlog.HashReader) error {
	hashes, err := RangeHashes(b.at.size, to, r)
	if err != nil {
		return err
	}
	return b.put(b.at.gap(to, len(hashes)), func(out []byte) []byte {
		out = appendNumber(append(out, "gap "...), to, '\n')
		for _, h := range hashes {
			out = append(b64.AppendEncode(out, h[:]), '\n')
		}
		return out
	})
}

// Entry writes the next entry with the disclosures that s holds: those to be shown in the bundle.
func (b *BundleWriter) Entry(s Sealed) error {
	e, err := ParseEntry(s.Bytes)
	if err != nil {
		return err
	}
	if e.Seq != b.at.size {
		return fault.Newf(fault.Invalid, "bundle", "entry %d may not stand here; entry %d follows", e.Seq, b.at.size)
	}
	leaf := RecordHash(s.Bytes)
	return b.put(b.at.entry(), func(out []byte) []byte {
		out = appendNumber(append(out, "entry "...), e.Seq, ' ')
		out = appendNumber(out, int64(len(s.Disclosures)), ' ')
		out = append(b64.AppendEncode(out, leaf[:]), '\n')
		out = append(append(out, s.Bytes...), '\n')
		for _, d := range s.Disclosures {
			out = append(append(out, d...), '\n')
		}
		return out
	})
}

// Head writes a head of the size reached. Heads of one size go in the order of their times.
func (b *BundleWriter) Head(h Head) error {
	return b.put(b.at.signed(RecordHead, h.Origin, h.Size, h.Time, h.Note), func(out []byte) []byte {
		return appendBlock(out, string(RecordHead), h.Note)
	})
}

// Receipt writes a receipt for a head of the size reached, after the heads of that size. The head may
// have been left out: see SpareHead.
func (b *BundleWriter) Receipt(r Receipt) error {
	return b.put(b.at.signed(RecordReceipt, r.Origin, r.Size, r.Time, r.Note), func(out []byte) []byte {
		return appendBlock(out, string(RecordReceipt), r.Note)
	})
}

// Signed writes the heads and receipts of the size reached in their order, each once.
func (b *BundleWriter) Signed(heads []Head, receipts []Receipt) error {
	heads = slices.Clone(heads)
	slices.SortFunc(heads, func(x, y Head) int { return cmp.Or(x.Time.Compare(y.Time), bytes.Compare(x.Note, y.Note)) })
	for i, h := range heads {
		if i > 0 && bytes.Equal(h.Note, heads[i-1].Note) {
			continue
		}
		if err := b.Head(h); err != nil {
			return err
		}
	}
	receipts = slices.Clone(receipts)
	slices.SortFunc(receipts, func(x, y Receipt) int { return cmp.Or(x.Time.Compare(y.Time), bytes.Compare(x.Note, y.Note)) })
	for i, r := range receipts {
		if i > 0 && bytes.Equal(r.Note, receipts[i-1].Note) {
			continue
		}
		if err := b.Receipt(r); err != nil {
			return err
		}
	}
	return nil
}

// Fork writes evidence of a fork, at the end of its transcript. Forks go in the order of their bytes,
// before foreign heads and breaches, as each of these go in theirs.
func (b *BundleWriter) Fork(f Fork) error { return b.evidence(RecordFork, f.First.Origin, f.Encode()) }

// Foreign writes evidence of a foreign head, at the end of the transcript of which it speaks.
func (b *BundleWriter) Foreign(f Foreign) error {
	return b.evidence(RecordForeign, f.about, f.Encode())
}

// Breach writes evidence of a breach of the format, at the end of its transcript.
func (b *BundleWriter) Breach(e Breach) error {
	return b.evidence(RecordBreach, e.Head.Origin, e.Encode())
}

func (b *BundleWriter) evidence(kind RecordKind, o Origin, text []byte) error {
	placed := b.at.signed(kind, o, 0, time.Time{}, text)
	if int64(len(text)) > kind.bound() {
		placed = fault.Newf(fault.TooLarge, "bundle", "a %s is %d bytes; must be at most %d", kind, len(text), kind.bound())
	}
	return b.put(placed, func(out []byte) []byte { return appendBlock(out, string(kind), text) })
}

// Close ends the bundle. It does not close the writer below.
func (b *BundleWriter) Close() error {
	return b.put(b.at.end(), func(out []byte) []byte { return append(out, bundleEnd+"\n"...) })
}

func appendNumber(b []byte, n int64, end byte) []byte {
	return append(strconv.AppendInt(b, n, 10), end)
}

func (b *BundleWriter) put(placed error, appendTo func([]byte) []byte) error {
	if b.err != nil {
		return b.err
	}
	if placed != nil {
		return placed
	}
	b.buf = appendTo(b.buf)
	_, b.err = b.w.Write(b.buf)
	b.buf = b.buf[:0]
	return b.err
}
