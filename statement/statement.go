package statement

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/unicode/norm"

	"parley/fault"
	"parley/geo4d"
	"parley/internal/strictjson"
	"parley/notice"
)

// TypeLine is the first line of a statement's text.
const TypeLine = "parley/statement/v1"

// Bounds of a statement.
const (
	MaxBytes   = 64 << 10 // as a note
	maxTitle   = 200      // bytes
	maxText    = 16 << 10 // bytes of one text
	maxTexts   = 16
	maxAbout   = 100
	maxAboutID = 200
	maxDepth   = 8
)

// Form says whose statement it is.
type Form string

// The forms.
const (
	Joint    Form = "joint"     // agreed once both parties signed
	OneSided Form = "one-sided" // one party's alone
)

// Statement is what is stated.
type Statement struct {
	Form      Form      `json:"form"`
	Standing  string    `json:"standing"` // what it counts as: see Standing
	Line      string    `json:"line"`     // id of the line
	Parties   []Party   `json:"parties"`  // of a joint statement both, side a first; else the one that states
	Date      time.Time `json:"date"`     // when it was drafted
	Title     string    `json:"title"`
	Texts     []Text    `json:"texts"`     // each counts as much as the others
	About     []string  `json:"about"`     // names of entries, ids of notices, conflicts or incidents
	Corrects  string    `json:"corrects"`  // id of an earlier statement in whose place it stands; ""
	Withdraws string    `json:"withdraws"` // id of an earlier statement that it takes back; ""
}

// Party is a party with the key that it signs with.
type Party struct {
	Name     string            `json:"name"`
	PartyKey ed25519.PublicKey `json:"party_key"`
}

// Text is the statement in one language.
type Text struct {
	Language string `json:"language"` // BCP 47
	Text     string `json:"text"`
}

// Standing returns the sentence that a statement of a form must hold.
func Standing(f Form, parties []Party) string {
	switch {
	case f == Joint && len(parties) == 2:
		return fmt.Sprintf("Agreed only with the signatures of both %s and %s; with one of them it is a proposal and not jointly agreed.", parties[0].Name, parties[1].Name)
	case f == OneSided && len(parties) == 1:
		return fmt.Sprintf("Not jointly agreed: stated by %s alone.", parties[0].Name)
	}
	return ""
}

// Text returns the text of a statement that is valid.
func (s Statement) Text() ([]byte, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	return s.encode()
}

func (s Statement) encode() ([]byte, error) {
	if s.About == nil {
		s.About = []string{}
	}
	data, err := json.Marshal(s, json.WithMarshalers(json.MarshalToFunc(func(enc *jsontext.Encoder, t time.Time) error {
		return enc.WriteToken(jsontext.String(geo4d.FormatTime(t)))
	})), json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "statement.encode", err)
	}
	return append(append([]byte(TypeLine+"\n"), data...), '\n'), nil
}

// ID returns the id of a text.
func ID(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Parse reads a text, which must be in the one encoding of a valid statement.
func Parse(text []byte) (Statement, error) {
	body, ok := bytes.CutPrefix(text, []byte(TypeLine+"\n"))
	if !ok {
		return Statement{}, fault.New("statement", fault.Shorten(string(text)), "must begin with the line "+TypeLine, "give the statement as it was drafted or signed")
	}
	s, err := Read(body)
	if err != nil {
		return Statement{}, err
	}
	again, err := s.Text()
	if err != nil {
		return Statement{}, err
	}
	if !bytes.Equal(again, text) {
		return Statement{}, &fault.Error{Code: fault.Corrupt, Field: "statement", Rule: "is not in the one encoding of what it says: " + Difference(again, text),
			Hint: "give the file as it was drafted or signed, byte for byte"}
	}
	return s, nil
}

// Read reads a statement from JSON in any layout, as people edit it, and does not validate it.
func Read(data []byte) (Statement, error) {
	var s Statement
	err := strictjson.Decode(data, strictjson.Limits{Bytes: MaxBytes, Depth: maxDepth}, &s,
		json.WithUnmarshalers(json.UnmarshalFromFunc(func(dec *jsontext.Decoder, at *time.Time) error {
			var v string
			err := json.UnmarshalDecode(dec, &v)
			if err == nil {
				*at, err = geo4d.ParseTime(v)
			}
			return err
		})))
	return s, err
}

func isID(s string) bool {
	return len(s) == 64 && strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'f') }) < 0
}

func isName(s string) bool {
	return len(s) >= 1 && len(s) <= 32 && strings.IndexFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' }) < 0
}

// Validate refuses a statement that breaks a rule, the first one found.
func (s Statement) Validate() error {
	if err := s.checkParties(); err != nil {
		return err
	}
	switch {
	case s.Standing != Standing(s.Form, s.Parties):
		return fault.New("standing", s.Standing, "must be the sentence of its form", "write: "+Standing(s.Form, s.Parties))
	case !isID(s.Line):
		return fault.New("line", s.Line, "must be the id of the line", "see parley line list")
	case s.Date.Year() < 2000 || s.Date.Year() > 9000 || !s.Date.Equal(s.Date.Truncate(time.Millisecond)):
		return fault.New("date", s.Date.Format(time.RFC3339), "must be a time to the millisecond", "leave it to parley statement draft")
	case s.Corrects != "" && !isID(s.Corrects):
		return fault.New("corrects", s.Corrects, "must be the id of a statement", "see parley statement list")
	case s.Withdraws != "" && !isID(s.Withdraws):
		return fault.New("withdraws", s.Withdraws, "must be the id of a statement", "see parley statement list")
	case s.Corrects != "" && s.Withdraws != "":
		return fault.New("withdraws", s.Withdraws, "cannot stand beside corrects", "give one of the two")
	case len(s.About) > maxAbout:
		return fault.New("about", fmt.Sprint(len(s.About)), fmt.Sprintf("must name at most %d", maxAbout), "name what matters most")
	}
	if err := checkText("title", s.Title, maxTitle, false); err != nil {
		return err
	}
	for i, a := range s.About {
		if err := checkText(fmt.Sprintf("about[%d]", i), a, maxAboutID, false); err != nil {
			return err
		}
	}
	return s.checkTexts()
}

func (s Statement) checkParties() error {
	want := map[Form]int{Joint: 2, OneSided: 1}[s.Form]
	if want == 0 {
		return fault.New("form", string(s.Form), "is not a form", "write joint or one-sided")
	}
	if len(s.Parties) != want {
		return fault.New("parties", fmt.Sprint(len(s.Parties)), fmt.Sprintf("must be %d where the form is %s", want, s.Form), "name those who state it")
	}
	for i, p := range s.Parties {
		if !isName(p.Name) || len(p.PartyKey) != ed25519.PublicKeySize {
			return fault.New(fmt.Sprintf("parties[%d]", i), p.Name, "must be a party's name and party key", "see parley agreement show")
		}
	}
	if want == 2 && (s.Parties[0].Name == s.Parties[1].Name || s.Parties[0].PartyKey.Equal(s.Parties[1].PartyKey)) {
		return fault.New("parties", s.Parties[0].Name, "must be two", "name both parties of the line")
	}
	return nil
}

func (s Statement) checkTexts() error {
	if len(s.Texts) == 0 || len(s.Texts) > maxTexts {
		return fault.New("texts", fmt.Sprint(len(s.Texts)), fmt.Sprintf("must be 1 to %d", maxTexts), "give the text in each language that it counts in")
	}
	seen := map[string]bool{}
	for i, t := range s.Texts {
		at := fmt.Sprintf("texts[%d]", i)
		if !notice.LanguageFits(t.Language) || seen[t.Language] {
			return fault.New(at+".language", t.Language, "must be a BCP 47 tag, each once", "write en, ar, ru")
		}
		seen[t.Language] = true
		if err := checkText(at+".text", t.Text, maxText, true); err != nil {
			return err
		}
	}
	return nil
}

// checkText holds a text to what looks the same to everyone who signs it.
func checkText(field, s string, most int, lines bool) error {
	switch {
	case s == "" || len(s) > most:
		return fault.New(field, fault.Shorten(s), fmt.Sprintf("must have 1 to %d bytes", most), "shorten it")
	case !utf8.ValidString(s):
		return fault.New(field, fault.Shorten(s), "must be UTF-8", "save the file as UTF-8")
	case !norm.NFC.IsNormalString(s):
		return fault.New(field, fault.Shorten(s), "must be in Unicode normal form C", "write letters with their accents as one character; parley statement draft does it")
	}
	for i, r := range s {
		hidden := unicode.IsControl(r) && !(lines && r == '\n') || unicode.In(r, unicode.Cf) && r != 0x200c && r != 0x200d && r != 0x200e && r != 0x200f ||
			r == 0x2028 || r == 0x2029 || r == unicode.ReplacementChar
		odd := r != ' ' && unicode.IsSpace(r) && r != '\n' && r != 0xa0 && r != 0x202f
		if hidden || odd {
			return fault.New(field, fmt.Sprintf("U+%04X", r), fmt.Sprintf("holds a character at byte %d that cannot be seen", i), "take it out")
		}
	}
	return nil
}

// Draft returns a valid statement as JSON, for people to read and edit before it is signed.
func (s Statement) Draft() ([]byte, error) {
	text, err := s.Text()
	if err != nil {
		return nil, err
	}
	return bytes.TrimPrefix(text, []byte(TypeLine+"\n")), nil
}
