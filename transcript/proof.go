package transcript

import (
	"bytes"
	"strconv"

	"parley/fault"
)

const (
	proofHeader = "c2sp.org/tlog-proof@v1"
	maxProof    = 64 // hashes of one proof
	maxExtra    = 64 << 10
	maxCosigned = 16 // signatures on a checkpoint with cosignatures
)

// Proof shows that a transcript holds an entry: the content of a .tlog-proof file, C2SP tlog-proof.
type Proof struct {
	Index      int64
	Hashes     []Hash
	Extra      []byte // opaque; not proved
	Checkpoint []byte // the head, with the receiver's cosignature where it is held: see Cosigned
}

// Cosigned returns the note of a head with the cosignatures of receipts on the same checkpoint.
func Cosigned(h Head, receipts ...Receipt) ([]byte, error) {
	text, _, err := splitNote(h.Note, MaxNoteBytes, maxHeadSigs)
	if err != nil {
		return nil, err
	}
	out := bytes.Clone(h.Note)
	for _, r := range receipts {
		same, sigs, err := splitNote(r.Note, MaxNoteBytes, maxReceiptSigs)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(same, text) {
			return nil, fault.Newf(fault.Invalid, "transcript.cosigned", "the receipt is on another checkpoint")
		}
		for _, s := range sigs {
			out = appendSignature(out, s)
		}
	}
	return out, nil
}

// FormatProof returns the file of a proof.
func FormatProof(p Proof) []byte {
	b := append([]byte(proofHeader), '\n')
	if len(p.Extra) > 0 {
		b = append(b, "extra "...)
		b = append(b64.AppendEncode(b, p.Extra), '\n')
	}
	b = append(b, "index "...)
	b = append(strconv.AppendInt(b, p.Index, 10), '\n')
	for _, h := range p.Hashes {
		b = append(b64.AppendEncode(b, h[:]), '\n')
	}
	b = append(b, '\n')
	return append(b, p.Checkpoint...)
}

// ParseProof reads a file that FormatProof wrote. It proves nothing: see Check.
func ParseProof(file []byte) (Proof, error) {
	bad := func(rule string) (Proof, error) {
		return Proof{}, fault.Newf(fault.Corrupt, "tlog-proof", "%s", rule)
	}
	if len(file) > MaxNoteBytes+2*maxExtra {
		return Proof{}, fault.Newf(fault.TooLarge, "tlog-proof", "is %d bytes; must be at most %d", len(file), MaxNoteBytes+2*maxExtra)
	}
	head, checkpoint, ok := bytes.Cut(file, []byte("\n\n"))
	lines := bytes.Split(head, []byte("\n"))
	if !ok || string(lines[0]) != proofHeader || len(lines) < 2 {
		return bad("does not begin with " + proofHeader + ", an index and hashes, and an empty line")
	}
	p := Proof{Checkpoint: bytes.Clone(checkpoint)}
	lines = lines[1:]
	if enc, ok := bytes.CutPrefix(lines[0], []byte("extra ")); ok {
		var err error
		if p.Extra, err = b64.AppendDecode(nil, enc); err != nil || len(p.Extra) == 0 || len(p.Extra) > maxExtra || bytes.IndexByte(enc, '\r') >= 0 {
			return bad("has an extra line that is not base64 in its one form")
		}
		lines = lines[1:]
	}
	if len(lines) == 0 || len(lines) > 1+maxProof {
		return bad("must have an index and at most 64 hashes")
	}
	num, ok := bytes.CutPrefix(lines[0], []byte("index "))
	if p.Index, ok = parseIndex(num, ok); !ok {
		return bad("has an index that is not a number from 0 and below 2^48")
	}
	for _, line := range lines[1:] {
		h, ok := parseHash(line)
		if !ok {
			return bad("has a line that is not a hash in base64")
		}
		p.Hashes = append(p.Hashes, h)
	}
	if _, _, err := splitNote(checkpoint, MaxNoteBytes, maxCosigned); err != nil {
		return Proof{}, err
	}
	return p, nil
}

func parseIndex(num []byte, ok bool) (int64, bool) {
	n, valid := parseDecimal(num)
	return n, ok && valid && n < MaxSize
}

func parseHash(line []byte) (h Hash, ok bool) {
	n, err := decodeFixed(b64, h[:], line)
	return h, err == nil && n == len(h) && len(line) == hashChars
}

// Check refuses a proof unless the author's head holds the entry at the index. It returns that head
// and the receiver's receipt, or nil where the checkpoint bears none. Signatures under other names
// are ignored, as C2SP signed-note has it.
func (p Proof) Check(entry []byte, author, receiver []LineKey) (Head, *Receipt, error) {
	text, sigs, err := splitNote(p.Checkpoint, MaxNoteBytes, maxCosigned)
	if err != nil {
		return Head{}, nil, err
	}
	if len(sigs) < 2 {
		return Head{}, nil, fault.Newf(fault.Corrupt, "head", "must have the author's signature and the author's timed cosignature")
	}
	n := 2 + doubled(sigs[1:])
	h, err := OpenHead(noteOf(text, sigs[:n]...), author...)
	if err != nil {
		return Head{}, nil, err
	}
	var receipt *Receipt
	for rest := sigs[n:]; len(rest) > 0; rest = rest[n:] {
		if n = 1 + doubled(rest); rest[0].name != Cosigner(h.Origin.Line, h.Origin.Side.Other()) {
			continue
		}
		r, err := OpenReceipt(noteOf(text, rest[:n]...), receiver...)
		if err != nil {
			return Head{}, nil, err
		}
		if receipt == nil || r.Time.Before(receipt.Time) {
			receipt = &r
		}
	}
	if err := CheckEntry(p.Hashes, h.Size, h.Root, p.Index, RecordHash(entry)); err != nil {
		return Head{}, nil, err
	}
	return h, receipt, nil
}
