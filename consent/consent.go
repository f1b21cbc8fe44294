package consent

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/geo4d"
	"parley/internal/strictjson"
	"parley/partynote"
)

// TypeLine is the first line of the text of a consent.
const TypeLine = "parley/consent/v1"

// Bounds of a consent.
const (
	MaxBytes = 4 << 10 // as a note
	MaxText  = 500     // bytes of what the host adds
	maxDepth = 2
)

// Word is what a host says.
type Word string

// The words.
const (
	Consents  Word = "consents"
	Withdraws Word = "withdraws"
)

// Consent is a host's word on one version of an agreement.
type Consent struct {
	Line      string            `json:"line"`
	Agreement string            `json:"agreement"` // id of the version
	Host      string            `json:"host"`
	HostKey   ed25519.PublicKey `json:"host_key"`
	Says      Word              `json:"says"`
	Date      time.Time         `json:"date"`  // when it was signed, by the host's clock
	From      time.Time         `json:"from"`  // of a consent; zero in a withdrawal, which counts from its date
	Until     time.Time         `json:"until"` // zero: until it is withdrawn
	Text      string            `json:"text"`  // one line, or none
}

// Signed is a consent that its host signed.
type Signed struct {
	ID   string // SHA-256 of the text, hexadecimal
	Says Consent
	Note []byte
}

// Validate refuses what breaks a rule, the first one found.
func (c Consent) Validate() error {
	switch {
	case !isID(c.Line):
		return fault.New("line", c.Line, "must be the id of the line", "see parley line list")
	case !isID(c.Agreement):
		return fault.New("agreement", c.Agreement, "must be the id of an agreement", "give its 64 hexadecimal digits")
	case !isName(c.Host):
		return fault.New("host", c.Host, "must be 1 to 32 of a-z 0-9 -", "write it as the agreement does")
	case len(c.HostKey) != ed25519.PublicKeySize:
		return fault.New("host_key", strconv.Itoa(len(c.HostKey))+" bytes", "must be an Ed25519 public key of 32 bytes", "give it in base64")
	case c.Says != Consents && c.Says != Withdraws:
		return fault.New("says", string(c.Says), "must be consents or withdraws", "write one of the two")
	case c.Date.IsZero():
		return fault.New("date", "", "is missing", "leave it to parley consent sign")
	case c.Says == Withdraws && !(c.From.IsZero() && c.Until.IsZero()):
		return fault.New("from", geo4d.FormatTime(c.From), "has no place in a withdrawal, as until has not", "leave both out: it counts from when it is signed")
	case c.Says == Consents && c.From.IsZero():
		return fault.New("from", "", "is missing", "say from when the host consents")
	case !c.Until.IsZero() && !c.Until.After(c.From):
		return fault.New("until", geo4d.FormatTime(c.Until), "must be after from", "leave it out to consent until it is withdrawn")
	case len(c.Text) > MaxText || !utf8.ValidString(c.Text) || strings.ContainsFunc(c.Text, hidden):
		return fault.New("text", strconv.QuoteToASCII(fault.Shorten(strings.ToValidUTF8(c.Text, "?"))), "must be one line of at most 500 bytes of UTF-8, without characters that cannot be seen", "shorten it to one line")
	}
	for field, t := range map[string]time.Time{"date": c.Date, "from": c.From, "until": c.Until} {
		if y := t.UTC().Year(); !t.IsZero() && (y < 2000 || y > 9000 || !t.Equal(t.Truncate(time.Millisecond))) {
			return fault.New(field, t.Format(time.RFC3339), "must be a time to the millisecond", "write it as 2026-12-01T06:00:00Z")
		}
	}
	return nil
}

func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf) && (r < 0x200c || r > 0x200f) || r == 0x2028 || r == 0x2029 || r == unicode.ReplacementChar
}

func isID(s string) bool {
	return len(s) == 64 && strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'f') }) < 0
}

func isName(s string) bool {
	return len(s) >= 1 && len(s) <= 32 && strings.IndexFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' }) < 0
}

// text returns the text that the host signs.
func (c Consent) text() ([]byte, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	data, err := json.Marshal(c, json.WithMarshalers(json.MarshalToFunc(func(enc *jsontext.Encoder, t time.Time) error {
		if t.IsZero() {
			return enc.WriteToken(jsontext.String(""))
		}
		return enc.WriteToken(jsontext.String(geo4d.FormatTime(t)))
	})), json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "consent.encode", err)
	}
	return append(append([]byte(TypeLine+"\n"), data...), '\n'), nil
}

// parse reads a text, which must be in the one encoding of a valid consent.
func parse(text []byte) (Consent, error) {
	body, ok := bytes.CutPrefix(text, []byte(TypeLine+"\n"))
	if !ok {
		return Consent{}, fault.New("consent", fault.Shorten(string(text)), "must begin with the line "+TypeLine, "give the file that parley consent sign wrote")
	}
	var c Consent
	err := strictjson.Decode(body, strictjson.Limits{Bytes: MaxBytes, Depth: maxDepth}, &c,
		json.WithUnmarshalers(json.UnmarshalFromFunc(func(dec *jsontext.Decoder, at *time.Time) error {
			var v string
			err := json.UnmarshalDecode(dec, &v)
			if *at = (time.Time{}); err == nil && v != "" {
				*at, err = geo4d.ParseTime(v)
			}
			return err
		})))
	if err != nil {
		return Consent{}, fault.In("consent", err)
	}
	again, err := c.text()
	if err == nil && !bytes.Equal(again, text) {
		err = &fault.Error{Code: fault.Corrupt, Field: "consent", Rule: "is not in the one encoding of what it says", Hint: "give the file as it was signed, byte for byte"}
	}
	return c, err
}

// form is how consents are signed; what it reads it writes to into.
func form(into *Consent) partynote.Form {
	return partynote.Form{Field: "consent", MaxBytes: MaxBytes, Signers: func(text []byte) ([]partynote.Signer, error) {
		c, err := parse(text)
		if err != nil {
			return nil, err
		}
		*into = c
		return []partynote.Signer{{Name: c.Host, Key: c.HostKey}}, nil
	}}
}

// Sign signs a consent for its host.
func Sign(c Consent, key crypto.Signer) ([]byte, error) {
	text, err := c.text()
	if err != nil {
		return nil, err
	}
	var again Consent
	return form(&again).Sign(text, c.Host, key)
}

// Open reads a signed consent: its text must be valid and in its one encoding, and the signature must hold
// under the key that it names. Whether that is the host's key, the agreement says.
func Open(signed []byte) (Signed, error) {
	var c Consent
	n, err := form(&c).Open(signed)
	if err != nil {
		return Signed{}, err
	}
	sum := sha256.Sum256(n.Text)
	return Signed{ID: hex.EncodeToString(sum[:]), Says: c, Note: n.Bytes}, nil
}
