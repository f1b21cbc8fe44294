package transcript

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"

	"parley/fault"
)

// maxVerifierKey bounds a verifier key, and with it a witness's name.
const maxVerifierKey = 400

// WitnessKey is a witness's name and the Ed25519 key with which it cosigns.
type WitnessKey struct {
	Name string
	Key  ed25519.PublicKey
}

// ParseWitnessKey reads a witness's key as C2SP signed-note has it: name, key hash and key, the key
// being of type 4, timed cosignatures.
func ParseWitnessKey(vkey string) (WitnessKey, error) {
	name, key, err := parseVerifierKey(vkey, algCosignature)
	return WitnessKey{Name: name, Key: key}, err
}

// ParseLogKey reads the verifier key of a log, type 1, and returns its name and key.
func ParseLogKey(vkey string) (name string, key ed25519.PublicKey, err error) {
	return parseVerifierKey(vkey, algEd25519)
}

// LogKey writes a log's verifier key, type 1.
func LogKey(name string, key ed25519.PublicKey) string { return verifierKey(name, algEd25519, key) }

// String writes the key in the form that ParseWitnessKey reads.
func (k WitnessKey) String() string { return verifierKey(k.Name, algCosignature, k.Key) }

// Equal reports whether two keys are one witness's.
func (k WitnessKey) Equal(o WitnessKey) bool { return k.Name == o.Name && k.Key.Equal(o.Key) }

func verifierKey(name string, alg byte, key ed25519.PublicKey) string {
	hash := binary.BigEndian.AppendUint32(nil, keyHash(name, alg, key))
	return name + "+" + hex.EncodeToString(hash) + "+" + b64.EncodeToString(append([]byte{alg}, key...))
}

func parseVerifierKey(vkey string, alg byte) (string, ed25519.PublicKey, error) {
	bad := func(rule, hint string) (string, ed25519.PublicKey, error) {
		return "", nil, fault.New("verifier key", vkey, rule, hint)
	}
	what := map[byte]string{algEd25519: "a log's, of type 1 (Ed25519)", algCosignature: "a witness's, of type 4 (timed cosignature)"}[alg]
	name, rest, _ := strings.Cut(vkey, "+")
	_, enc, ok := strings.Cut(rest, "+")
	if !ok || len(vkey) > maxVerifierKey || !validKeyName(name) {
		return bad("is not name+hash+key", "give it as it is published")
	}
	raw, err := b64.DecodeString(enc)
	if err != nil || len(raw) < 2 {
		return bad("has a key that is not base64 in its one form", "give it as it is published")
	}
	if raw[0] != alg {
		return bad("is not "+what, "ask for the Ed25519 key that signs "+map[byte]string{algEd25519: "checkpoints", algCosignature: "cosignatures"}[alg])
	}
	key := ed25519.PublicKey(raw[1:])
	if err := CheckKey(key); err != nil {
		return "", nil, fault.In("verifier key", err)
	}
	if verifierKey(name, alg, key) != vkey {
		return bad("has a hash that is not that of its name and key", "a character was changed: give it as it is published")
	}
	return name, key, nil
}

// Cosignature is a witness's word on a head: at Time, by its clock, the largest transcript of this
// origin that it had seen had this size and root, and began with every one that it had seen before.
type Cosignature struct {
	Origin Origin
	Size   int64
	Root   Hash
	By     WitnessKey
	Time   time.Time // by the witness's clock, to the second
	Note   []byte    // the checkpoint with the witness's cosignature
}

// SignCosignature returns the signature line of a timed cosignature on the text of a checkpoint of
// any log, which ends with its newline. now is cut to the second.
func SignCosignature(key crypto.Signer, name string, text []byte, now time.Time) ([]byte, error) {
	pub, ok := key.Public().(ed25519.PublicKey)
	if !ok || CheckKey(pub) != nil || !validKeyName(name) {
		return nil, fault.Newf(fault.Invalid, "transcript.cosign", "a witness needs a name without spaces and '+', and an Ed25519 key")
	}
	s, err := cosign(key, pub, name, text, now)
	if err != nil {
		return nil, err
	}
	return appendSignature(nil, s), nil
}

// FindCosignature looks among signature lines, as a witness answers, for the cosignature of one
// witness on a head. Lines of other keys are ignored; one of its key that does not hold is refused.
func FindCosignature(h Head, lines []byte, by WitnessKey) (Cosignature, error) {
	text, err := checkpoint{h.Origin, h.Size, h.Root}.text()
	if err != nil {
		return Cosignature{}, err
	}
	// The text alone would let signatures bring more of it.
	if !bytes.HasPrefix(lines, []byte(sigPrefix)) || bytes.Contains(lines, []byte("\n\n")) {
		return Cosignature{}, fault.Newf(fault.Corrupt, "cosignature", "is not lines of signatures")
	}
	_, sigs, err := splitNote(append(append(bytes.Clone(text), '\n'), lines...), 2*MaxNoteBytes, maxCosigned)
	if err != nil {
		return Cosignature{}, err
	}
	for _, s := range sigs {
		if s.name == by.Name && s.hash == keyHash(by.Name, algCosignature, by.Key) {
			return OpenCosignature(appendSignature(append(bytes.Clone(text), '\n'), s), by)
		}
	}
	return Cosignature{}, fault.Newf(fault.Corrupt, "cosignature", "is not by the key of %s", by.Name)
}

// OpenCosignature checks a cosignature against the keys of witnesses. Names are compared, and keys
// in full.
func OpenCosignature(msg []byte, keys ...WitnessKey) (Cosignature, error) {
	return readCosignature(msg, func(k WitnessKey, text []byte, s signature) bool {
		_, ok := verifyCosignature(k.Key, k.Name, text, s)
		return ok
	}, keys)
}

// ReadCosignature is OpenCosignature for notes that were opened before: it does not check the
// signature.
func ReadCosignature(msg []byte, keys ...WitnessKey) (Cosignature, error) {
	return readCosignature(msg, func(k WitnessKey, _ []byte, s signature) bool {
		return s.name == k.Name && s.hash == keyHash(k.Name, algCosignature, k.Key)
	}, keys)
}

func readCosignature(msg []byte, by func(WitnessKey, []byte, signature) bool, keys []WitnessKey) (Cosignature, error) {
	c, text, s, t, err := peekCosignature(msg)
	if err != nil {
		return Cosignature{}, err
	}
	for _, k := range keys {
		if by(k, text, s) {
			return Cosignature{Origin: c.origin, Size: c.size, Root: c.root, By: k, Time: t, Note: bytes.Clone(msg)}, nil
		}
	}
	return Cosignature{}, fault.Newf(fault.Corrupt, "cosignature", "is not signed by a witness that is known")
}

// peekCosignature reads a checkpoint with the one cosignature that it bears, and does not check that.
func peekCosignature(msg []byte) (c checkpoint, text []byte, s signature, t time.Time, err error) {
	text, sigs, err := splitNote(msg, MaxNoteBytes, 1)
	if err != nil {
		return c, nil, s, t, err
	}
	if c, err = parseCheckpoint(text); err != nil {
		return c, nil, s, t, err
	}
	t, ok := cosignedAt(sigs[0])
	if !ok || len(sigs[0].sig) != 8+ed25519.SignatureSize {
		return c, nil, s, t, fault.Newf(fault.Corrupt, "cosignature", "has not a timed cosignature with Ed25519 as its one signature")
	}
	return c, text, sigs[0], t, nil
}
