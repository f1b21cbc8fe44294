package transcript

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"encoding/binary"
	"strconv"
	"time"

	"filippo.io/mldsa"

	"parley/fault"
)

const (
	// maxUnix is the last second of the year 9999.
	maxUnix = 253402300799
	// maxHeadSigs and maxReceiptSigs are the signatures of a line key with both halves.
	maxHeadSigs    = 3
	maxReceiptSigs = 2
)

// checkpoint is the text of a checkpoint, C2SP tlog-checkpoint, without extension lines.
type checkpoint struct {
	origin Origin
	size   int64
	root   Hash
}

func (c checkpoint) text() ([]byte, error) {
	if err := c.origin.check(); err != nil {
		return nil, err
	}
	if c.size < 0 || c.size > MaxSize || (c.size == 0) != (c.root == emptyRoot) {
		return nil, fault.Newf(fault.Invalid, "transcript.head", "size %d does not go with root %s", c.size, c.root)
	}
	b := append([]byte(c.origin.String()), '\n')
	b = strconv.AppendInt(b, c.size, 10)
	b = append(b, '\n')
	b = b64.AppendEncode(b, c.root[:])
	return append(b, '\n'), nil
}

func parseCheckpoint(text []byte) (checkpoint, error) {
	bad := func(rule string) (checkpoint, error) {
		return checkpoint{}, fault.Newf(fault.Corrupt, "checkpoint", "%s", rule)
	}
	lines := bytes.Split(text, []byte("\n"))
	if len(lines) != 4 || len(lines[3]) > 0 {
		return bad("is not three lines: origin, size and root")
	}
	var c checkpoint
	var err error
	if c.origin, err = ParseOrigin(string(lines[0])); err != nil {
		return bad("has an origin that is not parley/<line id>/<epoch>/<a or b>")
	}
	ok := false
	if c.size, ok = parseDecimal(lines[1]); !ok {
		return bad("has a size that is not a number from 0 to 2^48")
	}
	if n, err := decodeFixed(b64, c.root[:], lines[2]); err != nil || n != len(c.root) || len(lines[2]) != hashChars {
		return bad("has a root that is not a hash in base64")
	}
	if (c.size == 0) != (c.root == emptyRoot) {
		return bad("has a root that does not go with its size")
	}
	return c, nil
}

// SignHead signs a checkpoint with the author's line key, twice: as the log and as a cosigner who
// states the time. now is cut to the second.
func SignHead(key crypto.Signer, o Origin, size int64, root Hash, now time.Time) (Head, error) {
	text, err := checkpoint{o, size, root}.text()
	if err != nil {
		return Head{}, err
	}
	signer, err := NewNoteSigner(o.String(), key)
	if err != nil {
		return Head{}, err
	}
	pub := key.Public().(ed25519.PublicKey)
	sig, err := signer.Sign(text)
	if err != nil {
		return Head{}, err
	}
	co, err := cosignatures(key, pub, Cosigner(o.Line, o.Side), checkpoint{o, size, root}, text, now)
	if err != nil {
		return Head{}, err
	}
	msg := noteOf(text, append([]signature{{o.String(), signer.KeyHash(), sig}}, co...)...)
	return Head{Origin: o, Size: size, Root: root, Time: time.Unix(now.Unix(), 0).UTC(), Key: pub, MLDSA: PublicLineKey(key).MLDSA, Note: msg}, nil
}

// OpenHead checks a head against the line keys of its author. Every signature must be by one of
// keys, compared in full: two by its Ed25519 half and, where it has one, one by its ML-DSA-44 half. It
// does not judge whether the key counts at the head's time.
func OpenHead(msg []byte, keys ...LineKey) (Head, error) {
	text, sigs, err := splitNote(msg, MaxNoteBytes, maxHeadSigs)
	if err != nil {
		return Head{}, err
	}
	c, err := parseCheckpoint(text)
	if err != nil {
		return Head{}, err
	}
	if len(sigs) < 2 {
		return Head{}, fault.Newf(fault.Corrupt, "head", "must have the author's signature and the author's timed cosignature")
	}
	for _, k := range keys {
		if !verifyLog(k.Public, c.origin, text, sigs[0]) {
			continue
		}
		t, ok, err := verifyCosignatures(k, Cosigner(c.origin.Line, c.origin.Side), c, text, sigs[1:])
		if !ok {
			return Head{}, fault.Newf(fault.Corrupt, "head", "has a timed cosignature that does not hold: its time, the signature or what is signed was changed")
		}
		if err != nil {
			return Head{}, err
		}
		return Head{Origin: c.origin, Size: c.size, Root: c.root, Time: t, Key: k.Public, MLDSA: k.MLDSA, Note: bytes.Clone(msg)}, nil
	}
	return Head{}, fault.Newf(fault.Corrupt, "head", "is not signed by a line key of its author: what is signed or the signature was changed, or it is by another key")
}

// SignReceipt cosigns a head with the receiver's line key: at now, by the receiver's clock, the
// receiver holds every entry up to the head's size. now is cut to the second.
func SignReceipt(key crypto.Signer, h Head, now time.Time) (Receipt, error) {
	text, err := checkpoint{h.Origin, h.Size, h.Root}.text()
	if err != nil {
		return Receipt{}, err
	}
	pub, ok := key.Public().(ed25519.PublicKey)
	if !ok || CheckKey(pub) != nil {
		return Receipt{}, fault.Newf(fault.Invalid, "transcript.receipt", "the line key must be Ed25519")
	}
	by := h.Origin.Side.Other()
	co, err := cosignatures(key, pub, Cosigner(h.Origin.Line, by), checkpoint{h.Origin, h.Size, h.Root}, text, now)
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{Origin: h.Origin, Size: h.Size, Root: h.Root, By: by, Time: time.Unix(now.Unix(), 0).UTC(), Key: pub, MLDSA: PublicLineKey(key).MLDSA, Note: noteOf(text, co...)}, nil
}

// OpenReceipt checks a receipt against the line keys of the receiver, who is the side other than
// the origin's. It does not judge whether the key counts at the receipt's time.
func OpenReceipt(msg []byte, keys ...LineKey) (Receipt, error) {
	text, sigs, err := splitNote(msg, MaxNoteBytes, maxReceiptSigs)
	if err != nil {
		return Receipt{}, err
	}
	c, err := parseCheckpoint(text)
	if err != nil {
		return Receipt{}, err
	}
	by := c.origin.Side.Other()
	for _, k := range keys {
		t, ok, err := verifyCosignatures(k, Cosigner(c.origin.Line, by), c, text, sigs)
		if err != nil {
			return Receipt{}, err
		}
		if ok {
			return Receipt{Origin: c.origin, Size: c.size, Root: c.root, By: by, Time: t, Key: k.Public, MLDSA: k.MLDSA, Note: bytes.Clone(msg)}, nil
		}
	}
	return Receipt{}, fault.Newf(fault.Corrupt, "receipt", "is not signed by a line key of the receiver: its time, the signature or what is signed was changed, or it is by another key")
}

// cosignedMessage is what a cosignature/v1 signs, C2SP tlog-cosignature.
func cosignedMessage(unix int64, text []byte) []byte {
	b := append(make([]byte, 0, 64+len(text)), "cosignature/v1\ntime "...)
	b = strconv.AppendInt(b, unix, 10)
	b = append(b, '\n')
	return append(b, text...)
}

func cosign(key crypto.Signer, pub ed25519.PublicKey, name string, text []byte, now time.Time) (signature, error) {
	unix := now.Unix()
	if unix < 1 || unix > maxUnix {
		return signature{}, fault.Newf(fault.Invalid, "transcript.cosign", "the time %s is out of bounds", now)
	}
	sig, err := signEd25519(key, pub, cosignedMessage(unix, text))
	if err != nil {
		return signature{}, err
	}
	return signature{name, keyHash(name, algCosignature, pub), append(binary.BigEndian.AppendUint64(nil, uint64(unix)), sig...)}, nil
}

func verifyLog(k ed25519.PublicKey, o Origin, text []byte, s signature) bool {
	name := o.String()
	return s.name == name && s.hash == keyHash(name, algEd25519, k) && CheckKey(k) == nil && ed25519.Verify(k, text, s.sig)
}

func verifyCosignature(k ed25519.PublicKey, name string, text []byte, s signature) (time.Time, bool) {
	if s.name != name || s.hash != keyHash(name, algCosignature, k) || CheckKey(k) != nil {
		return time.Time{}, false
	}
	t, ok := cosignedAt(s)
	return t, ok && len(s.sig) == 8+ed25519.SignatureSize && ed25519.Verify(k, cosignedMessage(t.Unix(), text), s.sig[8:])
}

// cosignedAt returns the time that a timed cosignature states.
func cosignedAt(s signature) (time.Time, bool) {
	if len(s.sig) != 8+ed25519.SignatureSize && len(s.sig) != 8+mldsa.MLDSA44SignatureSize {
		return time.Time{}, false
	}
	unix := binary.BigEndian.Uint64(s.sig)
	if unix < 1 || unix > maxUnix {
		return time.Time{}, false
	}
	return time.Unix(int64(unix), 0).UTC(), true
}
