package courier

import (
	"bytes"
	"compress/gzip"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/note"

	"parley/fault"
	"parley/line"
	"parley/transcript"
	"parley/transcript/ledger"
)

// overheadBytes is more than a header with its keys and the ends of gzip and seal take.
const overheadBytes = 2 << 10

// Writer gathers messages into one file.
type Writer struct {
	head Header
	max  int
	zip  *gzip.Writer
	out  bytes.Buffer // what is compressed so far
}

// NewWriter returns a writer of a file of about maxBytes at most. Of the header it takes Line, From,
// Written and Part; the rest is counted.
func NewWriter(h Header, maxBytes int) (*Writer, error) {
	if maxBytes < MinSizeBytes || maxBytes > MaxFileBytes {
		return nil, fault.New("max_bytes", fmt.Sprint(maxBytes), fmt.Sprintf("must be %d to %d", MinSizeBytes, MaxFileBytes), "leave it out for 7 MiB")
	}
	w := &Writer{head: Header{Line: h.Line, From: h.From, Written: h.Written, Part: h.Part}, max: maxBytes - overheadBytes}
	var err error
	if w.zip, err = gzip.NewWriterLevel(&w.out, gzip.BestCompression); err != nil {
		return nil, fault.Wrap(fault.Internal, "courier.write", err)
	}
	return w, w.head.check()
}

// Add adds a message. It reports false, and adds nothing, where there may be no room beside what is
// there. A first message that does not fit is an error.
func (w *Writer) Add(m line.Message) (bool, error) {
	raw, err := line.Encode(m)
	if err != nil {
		return false, err
	}
	first := w.head.Plain == 0
	if !first && (w.out.Len()+len(raw) > w.max || w.head.Plain+len(raw) > MaxPlainBytes) {
		return false, nil
	}
	if _, err = w.zip.Write(raw); err == nil {
		err = w.zip.Flush()
	}
	if err != nil {
		return false, fault.Wrap(fault.Internal, "courier.write", err)
	}
	if w.out.Len() > w.max {
		return false, &fault.Error{Code: fault.TooLarge, Field: "max_bytes", Value: fmt.Sprint(w.max + overheadBytes),
			Rule: fmt.Sprintf("is too little: what was said at once and cannot be parted needs %d", w.out.Len()+overheadBytes),
			Hint: "allow larger files"}
	}
	w.count(m, len(raw))
	return true, nil
}

// count counts a message that was added.
func (w *Writer) count(m line.Message, bytes int) {
	h := &w.head
	h.Plain += bytes
	h.Urgent += len(m.Advances)
	h.Asks = h.Asks || m.Ask != nil
	if m.Back != nil {
		h.Back += len(m.Back.Entries)
	}
	p := m.Parcel
	if p == nil {
		return
	}
	if n := len(p.Entries); n > 0 {
		if h.Entries == 0 {
			h.First = ledger.Have{Epoch: p.Origin.Epoch, Size: p.First}
		}
		h.Entries += n
		h.End = ledger.Have{Epoch: p.Origin.Epoch, Size: p.First + int64(n)}
	}
	h.Receipts += len(p.Receipts)
	if len(p.Receipts) > 0 {
		h.ReceiptTo = line.ReceiptEnd(p)
	}
}

// Close seals the file for the receiver's TLS keys, signs it with the own one, and returns its bytes.
func (w *Writer) Close(rand io.Reader, key crypto.Signer, to []ed25519.PublicKey, last bool) (Header, []byte, error) {
	h := w.head
	if len(to) == 0 || len(to) > maxKeys {
		return h, nil, &fault.Error{Code: fault.Mismatch, Field: "keys", Value: fmt.Sprint(len(to)),
			Rule: "the agreement names no TLS key of the other party that counts now, or too many", Hint: "see \"parley agreement show\""}
	}
	if err := w.zip.Close(); err != nil {
		return h, nil, fault.Wrap(fault.Internal, "courier.write", err)
	}
	body, keys, err := sealBody(rand, to, w.out.Bytes())
	if err != nil {
		return h, nil, err
	}
	h.Last, h.keys, h.size, h.digest = last, keys, len(body), sha256.Sum256(body)
	signer, err := transcript.NewNoteSigner(KeyName(h.Line, h.From), key)
	if err != nil {
		return h, nil, err
	}
	signed, err := note.Sign(&note.Note{Text: h.text()}, signer)
	if err != nil {
		return h, nil, fault.Wrap(fault.Unavailable, "courier.sign", err)
	}
	return h, append(append(signed, '\n'), body...), nil
}
