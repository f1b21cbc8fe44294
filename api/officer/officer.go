// Package officer keeps a node's book of officers: who they are, what role each has, and the hash
// of the token by which each is known. An officer who signs in with a passkey needs no token; the book
// then holds the hash of the invitation under which he registers it. Package passkey keeps passkeys.
//
// A token is "parley-" and 32 random bytes in base64url. The book holds its SHA-256 alone: who
// reads the book cannot speak for anyone. The book is a JSON object, {"officers": [...]}, and
// everything here is a function of its bytes, the time and the randomness given.
package officer

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/internal/strictjson"
)

// Role is what an officer may do.
type Role string

// The roles.
const (
	Duty        Role = "duty"        // the duty officer: files, receives, calls, takes conflicts
	Planner     Role = "planner"     // files and changes notices
	Supervisor  Role = "supervisor"  // whatever the desk may, and the line itself
	Interpreter Role = "interpreter" // translates what was said in calls
	UnitRelay   Role = "unit-relay"  // tells units of notices, and passes on their word
	Reviewer    Role = "reviewer"    // reads, discloses, and adds items, findings and reports to incidents and teams
	Auditor     Role = "auditor"     // reads
	Observer    Role = "observer"    // reads; one whom an agreement names, at its level alone
)

// Roles returns every role.
func Roles() []Role {
	return []Role{Duty, Planner, Supervisor, Interpreter, UnitRelay, Reviewer, Auditor, Observer}
}

// Bounds of a book.
const (
	MaxBytes    = 1 << 20
	MaxOfficers = 1_000
	MaxName     = 64 // bytes of a name
	maxDepth    = 8
)

const tokenPrefix = "parley-"

// ShortPrefix begins the tokens that officers have for a while; see package grant.
const ShortPrefix = tokenPrefix + "short-"

// Officer is one entry of the book.
type Officer struct {
	Name        string
	Role        Role
	TokenSHA256 [sha256.Size]byte // zero: none; he signs in with a passkey
	Issued      time.Time
	Expires     time.Time // zero: never

	Invitation Invitation // zero: none
	// PasskeysFrom ends the officer's passkeys that were registered before it. Zero ends none.
	PasskeysFrom time.Time
	// Observes is the observer of an agreement for whom he reads; "": he is one of this party's own.
	Observes string
}

// Expired reports whether the officer counts no more.
func (o Officer) Expired(now time.Time) bool { return !o.Expires.IsZero() && !now.Before(o.Expires) }

// Book is a node's officers, in the order in which they were added.
type Book struct{ Officers []Officer }

// officerJSON is an officer as the book writes him.
type officerJSON struct {
	Name        string    `json:"name"`
	Role        Role      `json:"role"`
	TokenSHA256 string    `json:"token_sha256,omitzero"`
	Issued      time.Time `json:"issued"`
	Expires     time.Time `json:"expires,omitzero"`

	InvitationSHA256  string    `json:"invitation_sha256,omitzero"`
	InvitationExpires time.Time `json:"invitation_expires,omitzero"`
	PasskeysFrom      time.Time `json:"passkeys_from,omitzero"`
	Observes          string    `json:"observes,omitzero"`
}

type bookJSON struct {
	Officers []officerJSON `json:"officers"`
}

// Parse reads a book and refuses one with a rule broken: a name or a token twice, a role that is
// none, a hash that is not one.
func Parse(data []byte) (Book, error) {
	var in bookJSON
	if err := strictjson.Decode(data, strictjson.Limits{Bytes: MaxBytes, Depth: maxDepth}, &in); err != nil {
		return Book{}, err
	}
	if len(in.Officers) > MaxOfficers {
		return Book{}, &fault.Error{Code: fault.TooLarge, Field: "officers", Rule: fmt.Sprintf("must be at most %d", MaxOfficers), Hint: "remove those who have left"}
	}
	var b Book
	for i, o := range in.Officers {
		one, err := o.read()
		if err == nil {
			err = b.admit(one)
		}
		if err != nil {
			return Book{}, fault.In(fmt.Sprintf("officers[%d]", i), err)
		}
		b.Officers = append(b.Officers, one)
	}
	return b, nil
}

func (o officerJSON) read() (Officer, error) {
	out := Officer{Name: o.Name, Role: o.Role, Issued: o.Issued.UTC(), Expires: utc(o.Expires), PasskeysFrom: utc(o.PasskeysFrom), Observes: o.Observes}
	var err error
	if out.TokenSHA256, err = readSum("token_sha256", o.TokenSHA256); err != nil {
		return Officer{}, err
	}
	out.Invitation.Expires = utc(o.InvitationExpires)
	if out.Invitation.SHA256, err = readSum("invitation_sha256", o.InvitationSHA256); err != nil {
		return Officer{}, err
	}
	return out, nil
}

// readSum reads a hash; "" is the zero one, which stands for none.
func readSum(field, s string) (out [sha256.Size]byte, err error) {
	if s == "" {
		return out, nil
	}
	sum, err := hex.DecodeString(s)
	if err != nil || len(sum) != sha256.Size || hex.EncodeToString(sum) != s {
		return out, fault.New(field, s, "must be 64 lower-case hexadecimal digits", "add the officer again: parley officer add")
	}
	return [sha256.Size]byte(sum), nil
}

func writeSum(sum [sha256.Size]byte) string {
	if sum == ([sha256.Size]byte{}) {
		return ""
	}
	return hex.EncodeToString(sum[:])
}

func utc(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC()
}

// admit refuses an officer whom the book cannot take.
func (b Book) admit(o Officer) error {
	if err := checkName(o.Name); err != nil {
		return err
	}
	if !slices.Contains(Roles(), o.Role) {
		return fault.New("role", string(o.Role), "is not a role", "choose duty, planner, supervisor, reviewer, auditor or observer")
	}
	if o.Observes != "" && o.Role != Observer {
		return fault.New("observes", fault.Shorten(o.Observes), "is for the role observer alone", "add the observer with --role observer")
	}
	for field, t := range map[string]time.Time{"issued": o.Issued, "expires": o.Expires, "passkeys_from": o.PasskeysFrom, "invitation_expires": o.Invitation.Expires} {
		if year := t.Year(); !t.IsZero() && (year < 2000 || year > 9000) {
			return fault.New(field, t.Format(time.RFC3339), "is not a date that a token can have", "give how long the token counts: 720h")
		}
	}
	for _, have := range b.Officers {
		if have.Name == o.Name {
			return &fault.Error{Code: fault.Mismatch, Field: "name", Value: fault.Shorten(o.Name), Rule: "is in the book already", Hint: "remove that officer first: parley officer remove"}
		}
		if have.TokenSHA256 == o.TokenSHA256 && o.HasToken() {
			return fault.New("token_sha256", "", "is another officer's too", "add the officer again: parley officer add")
		}
	}
	return nil
}

// checkName holds names to what is plain in a log and in an HTTP header: it goes on the record.
func checkName(name string) error {
	bad := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" .'-_", r)
	}
	if name == "" || len(name) > MaxName || !utf8.ValidString(name) || strings.TrimSpace(name) != name || strings.IndexFunc(name, bad) >= 0 {
		return fault.New("name", name, fmt.Sprintf("must be 1 to %d bytes of letters, digits, spaces and . ' - _, with no space at the ends", MaxName),
			"give the name that goes on the record: parley officer add \"J. Doe\" --role duty")
	}
	return nil
}

// Encode writes the book.
func (b Book) Encode() ([]byte, error) {
	out := bookJSON{Officers: []officerJSON{}}
	for _, o := range b.Officers {
		out.Officers = append(out.Officers, officerJSON{o.Name, o.Role, writeSum(o.TokenSHA256), o.Issued, o.Expires,
			writeSum(o.Invitation.SHA256), o.Invitation.Expires, o.PasskeysFrom, o.Observes})
	}
	data, err := json.Marshal(out, jsontext.WithIndent("  "))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "officer.encode", err)
	}
	return append(data, '\n'), nil
}

// Add puts an officer into the book with a new token made of rand, and returns the token: nothing
// else holds it. A life of 0 is for ever.
func (b *Book) Add(name string, role Role, now time.Time, life time.Duration, rand io.Reader) (token string, err error) {
	var secret [32]byte
	if _, err := io.ReadFull(rand, secret[:]); err != nil {
		return "", fault.Wrap(fault.Internal, "officer.add", err)
	}
	token = tokenPrefix + base64.RawURLEncoding.EncodeToString(secret[:])
	if err := b.put(Officer{Name: name, Role: role, TokenSHA256: sha256.Sum256([]byte(token))}, now, life); err != nil {
		return "", err
	}
	return token, nil
}

// Observe makes the officer one who reads for an observer of an agreement, at that one's level alone.
func (b *Book) Observe(name, observer string) error {
	i := slices.IndexFunc(b.Officers, func(o Officer) bool { return o.Name == name })
	if i >= 0 && b.Officers[i].Role != Observer {
		return fault.New("observes", fault.Shorten(observer), "is for the role observer alone", "add the observer with --role observer")
	}
	return b.change(name, func(o *Officer) { o.Observes = observer })
}

// put adds an officer who counts for a while; a life of 0 is for ever.
func (b *Book) put(o Officer, now time.Time, life time.Duration) error {
	if life < 0 {
		return fault.New("expires", life.String(), "must not be negative", "give how long the officer counts: 720h")
	}
	if len(b.Officers) >= MaxOfficers {
		return &fault.Error{Code: fault.TooLarge, Field: "officers", Rule: fmt.Sprintf("must be at most %d", MaxOfficers), Hint: "remove those who have left"}
	}
	o.Issued = now.UTC().Truncate(time.Second)
	if life > 0 {
		o.Expires = o.Issued.Add(life).Truncate(time.Second)
	}
	if err := b.admit(o); err != nil {
		return err
	}
	b.Officers = append(slices.Clone(b.Officers), o) // others may read the old book
	return nil
}

// Remove takes an officer out of the book.
func (b *Book) Remove(name string) error {
	i := slices.IndexFunc(b.Officers, func(o Officer) bool { return o.Name == name })
	if i < 0 {
		return &fault.Error{Code: fault.NotFound, Field: "name", Value: fault.Shorten(name), Rule: "is not in the book", Hint: "list the officers: parley officer list"}
	}
	b.Officers = slices.Concat(b.Officers[:i], b.Officers[i+1:])
	return nil
}

// Find returns the officer of a token. It looks at every entry in constant time, so that how long
// it takes says nothing of what a token lacks.
func (b Book) Find(token string, now time.Time) (Officer, error) {
	sum := sha256.Sum256([]byte(token))
	found := -1
	for i := range b.Officers {
		if subtle.ConstantTimeCompare(sum[:], b.Officers[i].TokenSHA256[:]) == 1 && b.Officers[i].HasToken() {
			found = i
		}
	}
	switch {
	case found < 0:
		return Officer{}, &fault.Error{Code: fault.Unauthenticated, Field: "token", Rule: "is no officer's", Hint: "ask a supervisor for one: parley officer add"}
	case b.Officers[found].Expired(now):
		return Officer{}, &fault.Error{Code: fault.Unauthenticated, Field: "token",
			Rule: "expired at " + b.Officers[found].Expires.Format(time.RFC3339), Hint: "ask a supervisor for a new one: parley officer add"}
	}
	return b.Officers[found], nil
}

// Named returns the officer of a name, who must not be expired.
func (b Book) Named(name string, now time.Time) (Officer, error) {
	i := slices.IndexFunc(b.Officers, func(o Officer) bool { return o.Name == name })
	if i < 0 || b.Officers[i].Expired(now) {
		return Officer{}, &fault.Error{Code: fault.Unauthenticated, Field: "officer", Rule: "is not in the book, or counts no more", Hint: "ask a supervisor: parley officer list"}
	}
	return b.Officers[i], nil
}

// Usable reports whether any officer's token counts now.
func (b Book) Usable(now time.Time) bool {
	return slices.ContainsFunc(b.Officers, func(o Officer) bool { return !o.Expired(now) })
}

// ParseToken reads a token as people keep it in a file: one line, spaces around it ignored.
func ParseToken(data []byte) (string, error) {
	token := string(bytes.TrimSpace(data))
	secret := strings.TrimPrefix(token, tokenPrefix)
	if len(token) == len(ShortPrefix)+43 { // 32 bytes in base64
		secret = strings.TrimPrefix(token, ShortPrefix)
	}
	raw, err := base64.RawURLEncoding.DecodeString(secret)
	if !strings.HasPrefix(token, tokenPrefix) || err != nil || len(raw) != 32 || strings.ContainsAny(token, "\r\n") {
		return "", &fault.Error{Code: fault.Unauthenticated, Field: "token", Rule: "is not a token of an officer",
			Hint: "give the one that parley officer add or parley token printed, whole"}
	}
	return token, nil
}
