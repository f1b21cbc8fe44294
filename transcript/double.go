package transcript

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"encoding/binary"
	"time"

	"filippo.io/mldsa"

	"parley/fault"
)

// algMLDSA is C2SP signed-note's type of timed cosignatures with ML-DSA-44, FIPS 204.
const algMLDSA = 6

// DoubleKey is a line key with two halves: what it signs bears an Ed25519 signature and one with
// ML-DSA-44. As a crypto.Signer it is its Ed25519 half.
type DoubleKey struct {
	crypto.Signer
	half *mldsa.PrivateKey
}

// NewDoubleKey joins an Ed25519 key and an ML-DSA-44 key.
func NewDoubleKey(ed crypto.Signer, half *mldsa.PrivateKey) (*DoubleKey, error) {
	if _, ok := ed.Public().(ed25519.PublicKey); !ok || half == nil || half.PublicKey().Parameters() != mldsa.MLDSA44() {
		return nil, fault.Newf(fault.Invalid, "transcript.key", "a line key must be Ed25519, its other half ML-DSA-44")
	}
	return &DoubleKey{ed, half}, nil
}

// MLDSA returns the public ML-DSA-44 half.
func (k *DoubleKey) MLDSA() *mldsa.PublicKey { return k.half.PublicKey() }

// As returns the signer for a line key as an agreement names it: both halves where it names both, else the
// Ed25519 half alone.
func (k *DoubleKey) As(named LineKey) crypto.Signer {
	if named.MLDSA == nil {
		return k.Signer
	}
	return k
}

// PublicLineKey returns the public halves of a key that signs heads and receipts.
func PublicLineKey(key crypto.Signer) LineKey {
	pub, _ := key.Public().(ed25519.PublicKey)
	if d, ok := key.(*DoubleKey); ok {
		return LineKey{Public: pub, MLDSA: d.MLDSA()}
	}
	return LineKey{Public: pub}
}

// ParseMLDSA reads an ML-DSA-44 public key of 1,312 bytes.
func ParseMLDSA(encoded []byte) (*mldsa.PublicKey, error) {
	k, err := mldsa.NewPublicKey(mldsa.MLDSA44(), encoded)
	if err != nil {
		return nil, fault.Newf(fault.Invalid, "key", "must be an ML-DSA-44 key of %d bytes", mldsa.MLDSA44PublicKeySize)
	}
	return k, nil
}

// Same reports whether two line keys have the same halves.
func (k LineKey) Same(other LineKey) bool {
	return k.Public.Equal(other.Public) && (k.MLDSA == nil) == (other.MLDSA == nil) && (k.MLDSA == nil || k.MLDSA.Equal(other.MLDSA))
}

// more is how many signatures a note by the key bears beyond those by an Ed25519 key.
func (k LineKey) more() int {
	if k.MLDSA == nil {
		return 0
	}
	return 1
}

// subtreeMessage is what a cosignature with ML-DSA-44 signs, C2SP tlog-cosignature.
func subtreeMessage(name string, unix int64, c checkpoint) []byte {
	origin := c.origin.String()
	b := append(make([]byte, 0, 256), "subtree/v1\n\x00"...)
	b = append(append(b, byte(len(name))), name...)
	b = binary.BigEndian.AppendUint64(b, uint64(unix))
	b = append(append(b, byte(len(origin))), origin...)
	b = binary.BigEndian.AppendUint64(b, 0)
	b = binary.BigEndian.AppendUint64(b, uint64(c.size))
	return append(b, c.root[:]...)
}

// cosign signs and checks what it got. The signature is deterministic: this package takes no
// randomness of its own.
func (k *DoubleKey) cosign(name string, c checkpoint, now time.Time) (signature, error) {
	unix := now.Unix()
	msg := subtreeMessage(name, unix, c)
	sig, err := k.half.SignDeterministic(msg, nil)
	if err != nil {
		return signature{}, fault.Wrap(fault.Unavailable, "transcript.sign", err)
	}
	pub := k.MLDSA()
	if mldsa.Verify(pub, msg, sig, nil) != nil {
		return signature{}, fault.Newf(fault.Internal, "transcript.sign", "the key gave a signature that does not hold")
	}
	return signature{name, keyID(name, algMLDSA, pub.Bytes()), append(binary.BigEndian.AppendUint64(nil, uint64(unix)), sig...)}, nil
}

// verifyDouble checks the cosignature by the other half of a line key, which states the time that the
// Ed25519 cosignature states.
func verifyDouble(k *mldsa.PublicKey, name string, c checkpoint, t time.Time, s signature) bool {
	at, ok := cosignedAt(s)
	return ok && len(s.sig) == 8+mldsa.MLDSA44SignatureSize && at.Equal(t) && s.name == name && s.hash == keyID(name, algMLDSA, k.Bytes()) &&
		mldsa.Verify(k, subtreeMessage(name, t.Unix(), c), s.sig[8:], nil) == nil
}

// cosignatures are those of a key on a checkpoint: with Ed25519 and, where it has that half, ML-DSA-44.
func cosignatures(key crypto.Signer, pub ed25519.PublicKey, name string, c checkpoint, text []byte, now time.Time) ([]signature, error) {
	co, err := cosign(key, pub, name, text, now)
	if err != nil {
		return nil, err
	}
	d, ok := key.(*DoubleKey)
	if !ok {
		return []signature{co}, nil
	}
	other, err := d.cosign(name, c, now)
	return []signature{co, other}, err
}

// verifyCosignatures checks the one or two cosignatures by a line key. It says nothing of who signed where
// the first does not hold: another key may have.
func verifyCosignatures(k LineKey, name string, c checkpoint, text []byte, sigs []signature) (t time.Time, first bool, err error) {
	if t, first = verifyCosignature(k.Public, name, text, sigs[0]); !first {
		return t, false, nil
	}
	switch {
	case len(sigs) < 1+k.more():
		err = fault.Newf(fault.Corrupt, "checkpoint", "has no ML-DSA-44 signature, and the line key that signed has both: it was taken away")
	case len(sigs) > 1+k.more():
		err = fault.Newf(fault.Corrupt, "checkpoint", "has a signature more than its line key gives")
	case k.MLDSA != nil && !verifyDouble(k.MLDSA, name, c, t, sigs[1]):
		err = fault.Newf(fault.Corrupt, "checkpoint", "has an ML-DSA-44 signature that does not hold; the Ed25519 signature does")
	}
	return t, true, err
}

// doubled is 1 where the signature after the first is by the other half of the same line key, else 0.
func doubled(sigs []signature) int {
	if len(sigs) > 1 && sigs[1].name == sigs[0].name && len(sigs[1].sig) == 8+mldsa.MLDSA44SignatureSize {
		return 1
	}
	return 0
}

// noteOf writes the note of a checkpoint's text with signatures.
func noteOf(text []byte, sigs ...signature) []byte {
	msg := append(bytes.Clone(text), '\n')
	for _, s := range sigs {
		msg = appendSignature(msg, s)
	}
	return msg
}
