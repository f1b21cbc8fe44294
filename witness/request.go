package witness

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"unicode"
	"unicode/utf8"

	"parley/fault"
	"parley/transcript"
)

// Bounds of a request.
const (
	maxProof        = 63
	maxOriginBytes  = 255
	maxNoteBytes    = transcript.MaxNoteBytes
	maxRequestBytes = maxNoteBytes + (maxProof+2)*64
)

// Request is what add-checkpoint takes: the size that the witness is thought to hold, the proof from
// there, and a signed checkpoint.
type Request struct {
	Old        int64
	Proof      []transcript.Hash
	Checkpoint []byte
}

// Encode writes the body of a request.
func (r Request) Encode() []byte {
	b := append(strconv.AppendInt([]byte("old "), r.Old, 10), '\n')
	for _, h := range r.Proof {
		b = append(base64.StdEncoding.AppendEncode(b, h[:]), '\n')
	}
	return append(append(b, '\n'), r.Checkpoint...)
}

// ParseRequest reads the body of a request. The signatures of the checkpoint are not looked at.
func ParseRequest(body []byte) (Request, error) {
	bad := func(rule string) (Request, error) {
		return Request{}, fault.Newf(fault.Invalid, "add-checkpoint", "%s", rule)
	}
	if len(body) > maxRequestBytes {
		return Request{}, fault.Newf(fault.TooLarge, "add-checkpoint", "is %d bytes; must be at most %d", len(body), maxRequestBytes)
	}
	head, checkpoint, ok := bytes.Cut(body, []byte("\n\n"))
	if !ok {
		return bad("has no empty line before the checkpoint")
	}
	lines := bytes.Split(head, []byte("\n"))
	size, ok := bytes.CutPrefix(lines[0], []byte("old "))
	if !ok {
		return bad("does not begin with an old size")
	}
	r := Request{Checkpoint: bytes.Clone(checkpoint)}
	if r.Old, ok = parseSize(size); !ok {
		return bad("has an old size that is not a number from 0 to 2^48")
	}
	if len(lines) > 1+maxProof {
		return bad("has a proof of more than 63 hashes")
	}
	for _, l := range lines[1:] {
		h, ok := parseHash(l)
		if !ok {
			return bad("has a line that is not a hash in base64")
		}
		r.Proof = append(r.Proof, h)
	}
	return r, nil
}

// Checkpoint is what a checkpoint of any log says, C2SP tlog-checkpoint.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   transcript.Hash
}

// parseCheckpoint reads the text of a checkpoint. It may have extension lines, of which a witness says
// nothing.
func parseCheckpoint(text string) (Checkpoint, error) {
	bad := func(rule string) (Checkpoint, error) {
		return Checkpoint{}, fault.Newf(fault.Invalid, "checkpoint", "%s", rule)
	}
	lines := bytes.Split([]byte(text), []byte("\n"))
	if len(lines) < 4 || len(lines[len(lines)-1]) > 0 {
		return bad("is not at least three lines: origin, size and root")
	}
	c := Checkpoint{Origin: string(lines[0])}
	if !validOrigin(c.Origin) {
		return bad("has an origin that is empty, too long or has other than printable characters")
	}
	var ok bool
	if c.Size, ok = parseSize(lines[1]); !ok {
		return bad("has a size that is not a number from 0 to 2^48")
	}
	if c.Root, ok = parseHash(lines[2]); !ok {
		return bad("has a root that is not a hash in base64")
	}
	for _, l := range lines[3 : len(lines)-1] {
		if len(l) == 0 {
			return bad("has an empty extension line")
		}
	}
	return c, nil
}

func validOrigin(s string) bool {
	if s == "" || len(s) > maxOriginBytes || !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// parseSize reads a number in its one decimal form, up to the bound of transcripts.
func parseSize(b []byte) (int64, bool) {
	if len(b) == 0 || len(b) > 15 || b[0] == '0' && len(b) > 1 {
		return 0, false
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int64(c-'0')
	}
	return n, n <= transcript.MaxSize
}

func parseHash(b []byte) (h transcript.Hash, ok bool) {
	if len(b) != base64.StdEncoding.EncodedLen(len(h)) || bytes.ContainsAny(b, "\r\n") {
		return h, false
	}
	raw, err := base64.StdEncoding.Strict().AppendDecode(nil, b)
	if err != nil || len(raw) != len(h) {
		return h, false
	}
	copy(h[:], raw)
	return h, true
}
