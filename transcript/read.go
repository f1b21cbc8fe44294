package transcript

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"filippo.io/mldsa"

	"parley/fault"
)

const (
	maxLineBytes   = 256 // of a line that begins a record
	maxDisclosures = 1024
)

// BundleReader reads a bundle record by record, with a bound on every one. It accepts exactly the
// bytes that a BundleWriter writes, except that it leaves to the verifier what entries,
// disclosures and signatures hold.
type BundleReader struct {
	r       *bufio.Reader
	at      place
	started bool
	done    bool
	entry   string // the entry being read, for errors
	guess   int    // how many bytes the last entry took
}

// NewBundleReader returns a reader of the bundle in r.
func NewBundleReader(r io.Reader) *BundleReader {
	return &BundleReader{r: bufio.NewReaderSize(r, 128<<10), guess: 2048}
}

// EntryName names an entry in reports: its origin, '#' and its index.
func EntryName(o Origin, index int64) string { return fmt.Sprintf("%s#%d", o, index) }

// Next returns the next record, or io.EOF after the end of a whole bundle.
func (b *BundleReader) Next() (Record, error) {
	if b.done {
		return Record{}, io.EOF
	}
	b.entry = ""
	if !b.started {
		if err := b.begin(); err != nil {
			return Record{}, err
		}
		b.started = true
	}
	line, err := b.line(nil, maxLineBytes)
	if err != nil {
		return Record{}, b.failed(err, "")
	}
	if string(line) == bundleEnd {
		return Record{}, b.end()
	}
	word, rest, ok := bytes.Cut(line, []byte(" "))
	if !ok {
		return Record{}, b.failed(nil, "has a line that begins no record")
	}
	switch kind := RecordKind(word); kind {
	case RecordTranscript:
		o, err := ParseOrigin(string(rest))
		if err != nil {
			return Record{}, err
		}
		return Record{Kind: kind, Origin: o}, b.at.transcript(o)
	case RecordGap:
		return b.gap(rest)
	case RecordEntry:
		return b.sealed(rest)
	case RecordAgreement, RecordKeys, RecordHead, RecordReceipt, RecordCosignature, RecordFork, RecordForeign, RecordBreach:
		return b.block(kind, rest)
	}
	return Record{}, b.failed(nil, "has a line that begins no record")
}

func (b *BundleReader) end() error {
	if err := b.at.end(); err != nil {
		return err
	}
	if _, err := b.r.ReadByte(); err != io.EOF {
		return b.failed(nil, "has bytes after its end")
	}
	b.done = true
	return io.EOF
}

func (b *BundleReader) gap(rest []byte) (Record, error) {
	to, ok := parseDecimal(rest)
	if !ok || to <= b.at.size {
		return Record{}, b.failed(nil, "has a gap that ends before it begins")
	}
	rec := Record{Kind: RecordGap, Origin: b.at.origin, Index: b.at.size, To: to}
	cover(b.at.size, to, func(int, int64) { rec.Hashes = append(rec.Hashes, Hash{}) })
	for i := range rec.Hashes {
		line, err := b.line(nil, hashChars)
		if err != nil {
			return Record{}, b.failed(err, "")
		}
		if rec.Hashes[i], ok = parseHash(line); !ok {
			return Record{}, b.failed(nil, "has a gap with a line that is not a hash in base64")
		}
	}
	return rec, b.at.gap(to, len(rec.Hashes))
}

func (b *BundleReader) sealed(rest []byte) (Record, error) {
	rec := Record{Kind: RecordEntry, Origin: b.at.origin, Index: b.at.size}
	b.entry = EntryName(b.at.origin, b.at.size)
	num, rest, _ := bytes.Cut(rest, []byte(" "))
	count, leaf, _ := bytes.Cut(rest, []byte(" "))
	index, ok := parseDecimal(num)
	n, ok2 := parseDecimal(count)
	var ok3 bool
	rec.Leaf, ok3 = parseHash(leaf)
	if !ok || !ok2 || !ok3 || index != b.at.size || n > maxDisclosures {
		return Record{}, b.failed(nil, fmt.Sprintf("must have here: entry %d, the number of disclosures and the leaf hash", b.at.size))
	}
	if err := b.at.entry(); err != nil {
		return Record{}, err
	}
	buf := make([]byte, 0, b.guess)
	ends := make([]int, 0, 1+n)
	var err error
	for i := int64(0); i <= n; i++ {
		limit := MaxEntryBytes
		if i > 0 {
			limit = MaxDisclosuresBytes - (len(buf) - ends[0])
		}
		if buf, err = b.line(buf, limit); err != nil {
			return Record{}, b.failed(err, "")
		}
		ends = append(ends, len(buf))
	}
	b.guess = len(buf) + 64
	rec.Sealed.Bytes = buf[:ends[0]:ends[0]]
	if n > 0 {
		rec.Sealed.Disclosures = make([][]byte, n)
		for i := range rec.Sealed.Disclosures {
			rec.Sealed.Disclosures[i] = buf[ends[i]:ends[i+1]:ends[i+1]]
		}
	}
	return rec, nil
}

func (b *BundleReader) block(kind RecordKind, rest []byte) (Record, error) {
	limit := kind.bound()
	n, ok := parseDecimal(rest)
	if !ok || n == 0 || n > limit {
		return Record{}, b.failed(nil, fmt.Sprintf("has a record of the kind %s that is empty or longer than %d bytes", kind, limit))
	}
	note := make([]byte, n)
	if _, err := io.ReadFull(b.r, note); err != nil {
		return Record{}, b.failed(err, "")
	}
	rec := Record{Kind: kind, Origin: b.at.origin, Index: b.at.size, Note: note}
	switch kind {
	case RecordAgreement, RecordKeys:
		return rec, b.at.agreement(note)
	case RecordFork, RecordForeign, RecordBreach:
		return rec, b.at.signed(kind, b.at.origin, 0, time.Time{}, note)
	case RecordCosignature:
		c, _, _, t, err := peekCosignature(note)
		if err != nil {
			return Record{}, err
		}
		return rec, b.at.signed(kind, c.origin, c.size, t, note)
	}
	least := 2
	if kind == RecordReceipt {
		least = 1
	}
	c, _, t, err := peekCheckpoint(note, least)
	if err != nil {
		return Record{}, err
	}
	return rec, b.at.signed(kind, c.origin, c.size, t, note)
}

// peekCheckpoint reads a head or receipt, its Ed25519 cosignature and the time that the last states, without
// checking the signatures. They are two or one, and one more where the line key has an ML-DSA-44 half.
func peekCheckpoint(note []byte, least int) (checkpoint, signature, time.Time, error) {
	text, ss, err := splitNote(note, MaxNoteBytes, least+1)
	if err != nil {
		return checkpoint{}, signature{}, time.Time{}, err
	}
	c, err := parseCheckpoint(text)
	if err != nil {
		return checkpoint{}, signature{}, time.Time{}, err
	}
	if len(ss) < least {
		return checkpoint{}, signature{}, time.Time{}, fault.Newf(fault.Corrupt, "checkpoint", "has not %d signatures", least)
	}
	timed := ss[least-1]
	for i, s := range ss[least-1:] {
		if len(s.sig) != 8+[]int{ed25519.SignatureSize, mldsa.MLDSA44SignatureSize}[i] {
			return checkpoint{}, signature{}, time.Time{}, fault.Newf(fault.Corrupt, "checkpoint", "has not timed cosignatures with Ed25519 and, if there is one more, ML-DSA-44 as its last")
		}
	}
	t, ok := cosignedAt(ss[len(ss)-1])
	if !ok {
		return checkpoint{}, signature{}, time.Time{}, fault.Newf(fault.Corrupt, "checkpoint", "has a cosignature that states a time out of bounds")
	}
	return c, timed, t, nil
}

var errLineTooLong = errors.New("line too long")

// line appends the next line, without its end, to buf. It fails where the line is longer than max.
func (b *BundleReader) line(buf []byte, max int) ([]byte, error) {
	start := len(buf)
	for {
		part, err := b.r.ReadSlice('\n')
		if len(buf)-start+len(part) > max+1 {
			return nil, errLineTooLong
		}
		buf = append(buf, part...)
		if err == nil {
			if buf = buf[:len(buf)-1]; len(buf)-start > max {
				return nil, errLineTooLong
			}
			return buf, nil
		}
		if err != bufio.ErrBufferFull {
			return buf, err
		}
	}
}

// begin reads the first line. What is no bundle at all is told apart from one that was broken off.
func (b *BundleReader) begin() error {
	line, err := b.line(nil, maxLineBytes)
	switch {
	case err == nil && string(line) == bundleHeader:
		return nil
	case err == nil && string(line) == bundleHeader+"\r":
		return b.failed(nil, "has other ends of lines than were written: a program changed them on the way; ask for the file once more, packed")
	case errors.Is(err, io.EOF) && len(line) == 0:
		return b.failed(nil, "is empty")
	case err != nil && !errors.Is(err, errLineTooLong) && (!errors.Is(err, io.EOF) || strings.HasPrefix(bundleHeader, string(line))):
		return b.failed(err, "")
	}
	return b.failed(nil, "does not begin with the line "+bundleHeader+": it is no file of evidence, or its beginning was changed")
}

// failed makes the error of a place where the bytes are no bundle, or could not be read.
func (b *BundleReader) failed(err error, rule string) error {
	where := "the bundle"
	if b.entry != "" {
		where = "the record of this entry"
	} else if b.at.open {
		where = "the bundle, before " + EntryName(b.at.origin, b.at.size)
		if b.at.size > 0 {
			where += " and after " + EntryName(b.at.origin, b.at.size-1)
		}
		where += ","
	}
	switch {
	case err == nil:
	case errors.Is(err, errLineTooLong):
		return fault.Newf(fault.TooLarge, "bundle", "%s has a line longer than the format allows", where)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		rule = "stops before its end"
	default:
		return fault.Wrap(fault.Unavailable, "bundle", err)
	}
	return fault.Newf(fault.Corrupt, "bundle", "%s %s", where, rule)
}
