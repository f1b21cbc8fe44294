package transcript

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"

	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
)

const (
	saltChars     = 22 // a salt of 16 bytes in base64url
	maxNameBytes  = 64
	maxValueDepth = 64
)

var b64url = base64.RawURLEncoding.Strict()

// String returns the digest as an entry has it, in base64url.
func (d Digest) String() string { return b64url.EncodeToString(d[:]) }

// DigestOf returns the digest of an encoded disclosure: SHA-256 over its ASCII bytes, as RFC 9901
// computes it.
func DigestOf(encoded []byte) Digest { return sha256.Sum256(encoded) }

// Encode returns the disclosure's one encoding: base64url of ["salt","name",value] without spaces.
func (d Disclosure) Encode() ([]byte, error) {
	enc, _, err := d.encode()
	return enc, err
}

// encode returns the value in its one form as well.
func (d Disclosure) encode() ([]byte, jsontext.Value, error) {
	if !validName(d.Name) {
		return nil, nil, fault.New("field", d.Name, "must be a letter and up to 63 more letters, digits, '_', '.' or '-'", "rename the field")
	}
	v := append(jsontext.Value(nil), d.Value...)
	if err := v.Compact(); err != nil || !validValue(v) {
		return nil, nil, fault.New(d.Name, string(d.Value), "must be one JSON value, nested at most 64 deep", "give well-formed JSON")
	}
	raw := make([]byte, 0, saltChars+len(d.Name)+len(v)+8)
	raw = append(raw, '[', '"')
	raw = b64url.AppendEncode(raw, d.Salt[:])
	raw = append(raw, '"', ',', '"')
	raw = append(raw, d.Name...)
	raw = append(raw, '"', ',')
	raw = append(raw, v...)
	raw = append(raw, ']')
	return b64url.AppendEncode(nil, raw), v, nil
}

// ParseDisclosure reads an encoded disclosure. It accepts exactly what Encode writes.
func ParseDisclosure(encoded []byte) (Disclosure, error) {
	p, err := splitDisclosure(encoded, nil)
	if err != nil {
		return Disclosure{}, err
	}
	return Disclosure{Salt: p.salt, Name: string(p.name), Value: jsontext.Value(p.value)}, nil
}

// disclosureParts points into the decoded bytes of a disclosure.
type disclosureParts struct {
	salt        [16]byte
	name, value []byte
	buf         []byte // what was passed in, with the decoded bytes after it
}

func badDisclosure(rule string) error {
	return fault.Newf(fault.Corrupt, "disclosure", "%s", rule)
}

// splitDisclosure decodes to the end of buf and checks every part.
func splitDisclosure(encoded, buf []byte) (disclosureParts, error) {
	var p disclosureParts
	if len(encoded) > MaxDisclosuresBytes {
		return p, fault.Newf(fault.TooLarge, "disclosure", "must be at most %d bytes", MaxDisclosuresBytes)
	}
	if bytes.IndexByte(encoded, '\r') >= 0 || bytes.IndexByte(encoded, '\n') >= 0 {
		return p, badDisclosure("is not base64url in its one form")
	}
	var err error
	start := len(buf)
	p.buf, err = b64url.AppendDecode(buf, encoded)
	raw := p.buf[start:]
	if err != nil {
		return p, badDisclosure("is not base64url in its one form")
	}
	const head = 2 + saltChars + 3 // ["salt","
	if len(raw) < head+4 || raw[0] != '[' || raw[1] != '"' || string(raw[head-3:head]) != `","` || raw[len(raw)-1] != ']' {
		return p, badDisclosure(`is not ["salt","name",value] with a salt of 128 bits`)
	}
	if n, err := decodeFixed(b64url, p.salt[:], raw[2:2+saltChars]); err != nil || n != 16 {
		return p, badDisclosure("has a salt that is not 128 bits in base64url")
	}
	end := bytes.IndexByte(raw[head:], '"')
	if end < 0 || !validName(raw[head:head+end]) {
		return p, badDisclosure("has a field name that is not a letter and up to 63 more letters, digits, '_', '.' or '-'")
	}
	p.name = raw[head : head+end]
	rest := raw[head+end+1:]
	if len(rest) < 3 || rest[0] != ',' {
		return p, badDisclosure(`is not ["salt","name",value]`)
	}
	if p.value = rest[1 : len(rest)-1]; !validValue(p.value) {
		return p, badDisclosure("has a value that is not one JSON value without spaces, nested at most 64 deep")
	}
	return p, nil
}

// decodeFixed decodes src, of a length known beforehand, into dst. The standard decoder skips line
// breaks, so that a caller must check the length that it returns.
func decodeFixed(enc *base64.Encoding, dst, src []byte) (int, error) {
	var tmp [66]byte
	if enc.DecodedLen(len(src)) > len(tmp) {
		return 0, base64.CorruptInputError(0)
	}
	n, err := enc.Decode(tmp[:], src)
	if err != nil || n != len(dst) {
		return n, err
	}
	return copy(dst, tmp[:n]), nil
}

func validName[T string | []byte](s T) bool {
	if len(s) == 0 || len(s) > maxNameBytes {
		return false
	}
	for i := range len(s) {
		c := s[i]
		letter := (c|0x20) >= 'a' && (c|0x20) <= 'z'
		if !letter && (i == 0 || ((c < '0' || c > '9') && c != '_' && c != '.' && c != '-')) {
			return false
		}
	}
	return true
}

// validValue reports whether v is one JSON value without spaces outside strings, with no name twice
// in an object, in UTF-8, nested at most maxValueDepth deep.
func validValue(v []byte) bool {
	if len(v) == 0 {
		return false
	}
	if plainString(v) {
		return true
	}
	depth, inString := 0, false
	for i := 0; i < len(v); i++ {
		c := v[i]
		switch {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			return false
		case c == '[' || c == '{':
			if depth++; depth > maxValueDepth {
				return false
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	return jsontext.Value(v).IsValid()
}

// plainString reports whether v is a JSON string of printable ASCII without escapes.
func plainString(v []byte) bool {
	n := len(v)
	if n < 2 || v[0] != '"' || v[n-1] != '"' {
		return false
	}
	for _, c := range v[1 : n-1] {
		if c < 0x20 || c > 0x7e || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
