package transcript

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"

	"parley/fault"
)

// Signature types of C2SP signed-note.
const (
	algEd25519     = 1
	algCosignature = 4
)

// PartyKeyName returns the name under which a party signs agreements and statements.
func PartyKeyName(party string) string { return "parley/party/" + party }

// Fingerprint returns an Ed25519 key's fingerprint as ssh-keygen prints it: "SHA256:...".
func Fingerprint(pub ed25519.PublicKey) string {
	const kind = "ssh-ed25519"
	blob := binary.BigEndian.AppendUint32(nil, uint32(len(kind)))
	blob = append(blob, kind...)
	blob = binary.BigEndian.AppendUint32(blob, uint32(len(pub)))
	blob = append(blob, pub...)
	sum := sha256.Sum256(blob)
	return "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])
}

// NewNoteSigner returns a signer of notes, C2SP signed-note, under a name. The key may be in memory
// or behind an agent; it must be Ed25519.
func NewNoteSigner(name string, key crypto.Signer) (note.Signer, error) {
	pub, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return nil, fault.Newf(fault.Invalid, "transcript.signer", "the key of %s must be Ed25519", name)
	}
	v, err := NewNoteVerifier(name, pub)
	if err != nil {
		return nil, err
	}
	return noteSigner{v.(noteVerifier), key}, nil
}

// NewNoteVerifier returns a verifier of notes by an Ed25519 key under a name.
func NewNoteVerifier(name string, pub ed25519.PublicKey) (note.Verifier, error) {
	if !validKeyName(name) {
		return nil, fault.New("key name", name, "must be without spaces and '+'", "")
	}
	if err := CheckKey(pub); err != nil {
		return nil, err
	}
	return noteVerifier{name, keyHash(name, algEd25519, pub), pub}, nil
}

// CheckKey refuses a public key that is not an Ed25519 key of 32 bytes, or is a point of small order:
// signatures under such a key hold for many texts, so that its owner could deny them all.
func CheckKey(pub ed25519.PublicKey) error {
	if len(pub) != ed25519.PublicKeySize {
		return fault.Newf(fault.Invalid, "key", "must be an Ed25519 key of 32 bytes, not %d", len(pub))
	}
	y := [32]byte(pub)
	y[31] &= 0x7f // without the sign of x
	for _, small := range smallOrder() {
		if y == small {
			return fault.Newf(fault.Invalid, "key", "is a point of small order, under which anyone can sign")
		}
	}
	return nil
}

// smallOrder returns every encoding of y of the eight points of small order of edwards25519: 0, 1,
// -1 and two of order 8, and p and p+1, which stand for 0 and 1 again.
func smallOrder() [7][32]byte {
	near := func(last byte) [32]byte {
		b := [32]byte(bytes.Repeat([]byte{0xff}, 32))
		b[0], b[31] = last, 0x7f
		return b
	}
	return [7][32]byte{
		{}, {1}, near(0xec), near(0xed), near(0xee),
		{0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
			0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
		{0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
			0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
	}
}

type noteVerifier struct {
	name string
	hash uint32
	pub  ed25519.PublicKey
}

func (v noteVerifier) Name() string                { return v.name }
func (v noteVerifier) KeyHash() uint32             { return v.hash }
func (v noteVerifier) Verify(msg, sig []byte) bool { return ed25519.Verify(v.pub, msg, sig) }

type noteSigner struct {
	noteVerifier
	key crypto.Signer
}

func (s noteSigner) Sign(msg []byte) ([]byte, error) { return signEd25519(s.key, s.pub, msg) }

// signEd25519 signs and checks what it got, so that a faulty key holder cannot make a false record.
func signEd25519(key crypto.Signer, pub ed25519.PublicKey, msg []byte) ([]byte, error) {
	sig, err := key.Sign(nil, msg, crypto.Hash(0))
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "transcript.sign", err)
	}
	if !ed25519.Verify(pub, msg, sig) {
		return nil, fault.Newf(fault.Internal, "transcript.sign", "the key gave a signature that does not hold")
	}
	return sig, nil
}

// keyHash is the key id of C2SP signed-note.
func keyHash(name string, alg byte, pub ed25519.PublicKey) uint32 { return keyID(name, alg, pub) }

func keyID(name string, alg byte, pub []byte) uint32 {
	b := make([]byte, 0, 160)
	b = append(b, name...)
	b = append(b, '\n', alg)
	sum := sha256.Sum256(append(b, pub...))
	return binary.BigEndian.Uint32(sum[:])
}

func validKeyName(name string) bool {
	return name != "" && utf8.ValidString(name) && !strings.Contains(name, "+") && strings.IndexFunc(name, unicode.IsSpace) < 0
}

// signature is one signature line of a note.
type signature struct {
	name string
	hash uint32
	sig  []byte
}

const sigPrefix = "— "

func appendSignature(b []byte, s signature) []byte {
	b = append(b, sigPrefix...)
	b = append(b, s.name...)
	b = append(b, ' ')
	b = b64.AppendEncode(b, append(binary.BigEndian.AppendUint32(nil, s.hash), s.sig...))
	return append(b, '\n')
}

// splitNote takes a signed note apart, in its one form. The text ends with its newline.
func splitNote(msg []byte, maxBytes, maxSigs int) (text []byte, sigs []signature, err error) {
	bad := func(rule string) ([]byte, []signature, error) {
		return nil, nil, fault.Newf(fault.Corrupt, "note", "%s", rule)
	}
	if len(msg) > maxBytes {
		return nil, nil, fault.Newf(fault.TooLarge, "note", "is %d bytes; must be at most %d", len(msg), maxBytes)
	}
	i := bytes.LastIndex(msg, []byte("\n\n"))
	if i < 0 || msg[len(msg)-1] != '\n' {
		return bad("is not a text, an empty line and signatures")
	}
	text, rest := msg[:i+1], msg[i+2:]
	for len(rest) > 0 {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		rest = after
		name, enc, ok := bytes.Cut(bytes.TrimPrefix(line, []byte(sigPrefix)), []byte(" "))
		if !ok || !bytes.HasPrefix(line, []byte(sigPrefix)) || !validKeyName(string(name)) || bytes.IndexByte(enc, '\r') >= 0 {
			return bad("has a line after the text that is no signature")
		}
		raw, err := b64.AppendDecode(nil, enc)
		if err != nil || len(raw) < 5 {
			return bad("has a signature that is not base64 in its one form")
		}
		if sigs = append(sigs, signature{string(name), binary.BigEndian.Uint32(raw), raw[4:]}); len(sigs) > maxSigs {
			return bad("has more signatures than it may have")
		}
	}
	if len(sigs) == 0 {
		return bad("has no signature")
	}
	return text, sigs, nil
}
