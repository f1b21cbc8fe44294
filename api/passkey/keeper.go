package passkey

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"parley/api/officer"
	"parley/fault"
)

const (
	// CeremonyLife is how long a person may take between the two steps.
	CeremonyLife = 5 * time.Minute

	// MaxCredentialBytes bounds what an authenticator answers.
	MaxCredentialBytes = 32 << 10

	maxCeremonies = 1_000
)

// File is where the book is kept.
type File interface {
	Passkeys() (Book, error)
	SavePasskeys(Book) error
}

// Site is where a page of the node was opened. Passkeys are bound to its ID.
type Site struct {
	ID     string // a host name
	Origin string // scheme://host:port
}

// Keeper keeps a node's passkeys. It is safe for concurrent use.
type Keeper struct {
	file  File
	party string
	rand  io.Reader

	mu         sync.Mutex // guards what follows
	book       Book
	ceremonies map[string]*ceremony
}

// ceremony is one that was begun.
type ceremony struct {
	began   time.Time
	site    Site
	data    *webauthn.SessionData
	officer officer.Officer // of a registration
}

// New returns a keeper of the passkeys in a file. Rand names ceremonies.
func New(file File, party string, rand io.Reader) (*Keeper, error) {
	book, err := file.Passkeys()
	if err != nil {
		return nil, err
	}
	return &Keeper{file: file, party: party, rand: rand, book: book, ceremonies: map[string]*ceremony{}}, nil
}

// user is an officer as the ceremonies want him.
type user struct {
	officer.Officer
	passkeys []Passkey
}

// WebAuthnID is a name of the officer's entry that says nothing of him.
func (u user) WebAuthnID() []byte {
	sum := sha256.Sum256([]byte("parley officer\n" + u.Name + "\n" + u.Issued.Format(time.RFC3339)))
	return sum[:]
}

func (u user) WebAuthnName() string        { return u.Name }
func (u user) WebAuthnDisplayName() string { return u.Name + " (" + string(u.Role) + ")" }

func (u user) WebAuthnCredentials() []webauthn.Credential {
	var out []webauthn.Credential
	for _, p := range u.passkeys {
		c := webauthn.Credential{ID: p.ID, PublicKey: p.PublicKey, Flags: webauthn.NewCredentialFlags(protocol.AuthenticatorFlags(p.Flags)),
			Authenticator: webauthn.Authenticator{SignCount: p.SignCount}}
		for _, t := range p.Transports {
			c.Transport = append(c.Transport, protocol.AuthenticatorTransport(t))
		}
		out = append(out, c)
	}
	return out
}

// relyingParty is the node as the ceremonies at a site want it.
func (k *Keeper) relyingParty(site Site) (*webauthn.WebAuthn, error) {
	if _, err := netip.ParseAddr(site.ID); err == nil || site.ID == "" {
		return nil, noName(site, nil) // browsers refuse it, and say less of why
	}
	yes := true
	w, err := webauthn.New(&webauthn.Config{RPID: site.ID, RPDisplayName: "Parley, " + k.party, RPOrigins: []string{site.Origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{RequireResidentKey: &yes, ResidentKey: protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired}})
	if err != nil {
		return nil, noName(site, err)
	}
	return w, nil
}

func noName(site Site, err error) error {
	return &fault.Error{Code: fault.Invalid, Field: "host", Value: fault.Shorten(site.ID), Rule: "cannot have passkeys",
		Hint: "open the page at a host name, not at an address: http://localhost:PORT, or a name given with --api-host", Err: err}
}

// BeginRegistration begins to register a passkey of an officer who was invited. It returns the name of
// the ceremony and what the browser is to be given.
func (k *Keeper) BeginRegistration(site Site, o officer.Officer, now time.Time) (id string, options json.RawMessage, err error) {
	w, err := k.relyingParty(site)
	if err != nil {
		return "", nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.used(o.Invitation) {
		return "", nil, usedInvitation()
	}
	u := user{o, k.book.Of(o)}
	if len(u.passkeys) >= MaxEach {
		return "", nil, &fault.Error{Code: fault.TooMany, Field: "passkeys", Rule: fmt.Sprintf("are at most %d of one officer", MaxEach), Hint: "remove one that is not used any more"}
	}
	var have []protocol.CredentialDescriptor
	for _, c := range u.WebAuthnCredentials() {
		have = append(have, c.Descriptor())
	}
	creation, data, err := w.BeginRegistration(u, webauthn.WithExclusions(have))
	if err != nil {
		return "", nil, fault.Wrap(fault.Internal, "passkey.register", err)
	}
	return k.begin(&ceremony{began: now, site: site, data: data, officer: o}, creation)
}

// BeginSignIn begins to sign somebody in.
func (k *Keeper) BeginSignIn(site Site, now time.Time) (id string, options json.RawMessage, err error) {
	w, err := k.relyingParty(site)
	if err != nil {
		return "", nil, err
	}
	assertion, data, err := w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return "", nil, fault.Wrap(fault.Internal, "passkey.sign-in", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.begin(&ceremony{began: now, site: site, data: data}, assertion)
}

// begin keeps a ceremony; where there are too many, the oldest is given up.
func (k *Keeper) begin(c *ceremony, options any) (string, json.RawMessage, error) {
	text, err := json.Marshal(options) // the library's types have the tags of this package
	if err != nil {
		return "", nil, fault.Wrap(fault.Internal, "passkey.begin", err)
	}
	var random [16]byte
	if _, err := io.ReadFull(k.rand, random[:]); err != nil {
		return "", nil, fault.Wrap(fault.Internal, "passkey.begin", err)
	}
	oldest := ""
	for id, have := range k.ceremonies {
		if c.began.Sub(have.began) >= CeremonyLife {
			delete(k.ceremonies, id)
		} else if oldest == "" || have.began.Before(k.ceremonies[oldest].began) {
			oldest = id
		}
	}
	if len(k.ceremonies) >= maxCeremonies {
		delete(k.ceremonies, oldest)
	}
	id := hex.EncodeToString(random[:])
	k.ceremonies[id] = c
	return id, text, nil
}

// take takes a ceremony that was begun at the same site; it can be ended once.
func (k *Keeper) take(site Site, id string, registration bool, now time.Time) (*ceremony, error) {
	c := k.ceremonies[id]
	delete(k.ceremonies, id)
	if c == nil || now.Sub(c.began) >= CeremonyLife || c.site != site || registration != (c.officer.Name != "") {
		return nil, &fault.Error{Code: fault.Unauthenticated, Field: "ceremony", Rule: "was not begun here, was ended, or took too long", Hint: "begin again"}
	}
	return c, nil
}

// FinishRegistration keeps the passkey that an authenticator made. find returns the officer of a name as
// his book has him now.
func (k *Keeper) FinishRegistration(site Site, id, name string, credential []byte, find func(string) (officer.Officer, error), now time.Time) (Passkey, error) {
	if err := checkName(name); err != nil {
		return Passkey{}, err
	}
	w, err := k.relyingParty(site)
	if err != nil {
		return Passkey{}, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	c, err := k.take(site, id, true, now)
	if err != nil {
		return Passkey{}, err
	}
	o, err := find(c.officer.Name)
	if err != nil || o.Invitation != c.officer.Invitation || !now.Before(o.Invitation.Expires) || k.used(o.Invitation) {
		return Passkey{}, usedInvitation()
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(credential)
	if err != nil {
		return Passkey{}, broken(err)
	}
	made, err := w.CreateCredential(user{o, nil}, *c.data, parsed)
	if err != nil {
		return Passkey{}, broken(err)
	}
	p := Passkey{ID: made.ID, Officer: o.Name, Issued: o.Issued, Name: name, Added: now.UTC().Truncate(time.Millisecond), PublicKey: made.PublicKey,
		SignCount: made.Authenticator.SignCount, Flags: byte(made.Flags.ProtocolValue())}
	for _, t := range made.Transport[:min(len(made.Transport), 8)] {
		p.Transports = append(p.Transports, strings.ToValidUTF8(string(t), "?"))
	}
	next := Book{Passkeys: slices.Clone(k.book.Passkeys), Used: slices.Clone(k.book.Used)}
	if slices.ContainsFunc(next.Passkeys, func(have Passkey) bool { return bytes.Equal(have.ID, p.ID) }) {
		return Passkey{}, &fault.Error{Code: fault.Mismatch, Field: "passkey", Rule: "is registered already", Hint: "use another authenticator"}
	}
	next.Passkeys = append(next.Passkeys, p)
	next.Used = slices.DeleteFunc(next.Used, func(u Used) bool { return !now.Before(u.Expires) })
	next.Used = append(next.Used, Used{o.Invitation.SHA256[:], o.Invitation.Expires})
	return p, k.save(next)
}

// Copied is what FinishSignIn returns of a passkey that two authenticators seem to have.
type Copied struct{ Passkey Passkey }

// Error says it.
func (c *Copied) Error() string { return "passkey: may have been copied" }

// FinishSignIn returns the officer who signed in, and with which passkey.
func (k *Keeper) FinishSignIn(site Site, id string, credential []byte, book officer.Book, now time.Time) (officer.Officer, Passkey, error) {
	w, err := k.relyingParty(site)
	if err != nil {
		return officer.Officer{}, Passkey{}, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	c, err := k.take(site, id, false, now)
	if err != nil {
		return officer.Officer{}, Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(credential)
	if err != nil {
		return officer.Officer{}, Passkey{}, broken(err)
	}
	at := slices.IndexFunc(k.book.Passkeys, func(p Passkey) bool { return bytes.Equal(p.ID, parsed.RawID) })
	if at < 0 {
		return officer.Officer{}, Passkey{}, unknown()
	}
	p := k.book.Passkeys[at]
	o, err := book.Named(p.Officer, now)
	if err != nil || !p.of(o) || !p.Copied.IsZero() {
		return officer.Officer{}, Passkey{}, unknown()
	}
	_, got, err := w.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) { return user{o, []Passkey{p}}, nil }, *c.data, parsed)
	if err != nil {
		return officer.Officer{}, Passkey{}, broken(err)
	}
	next := Book{Passkeys: slices.Clone(k.book.Passkeys), Used: k.book.Used}
	p.Used, p.SignCount, p.Flags = now.UTC().Truncate(time.Millisecond), got.Authenticator.SignCount, byte(got.Flags.ProtocolValue())
	if got.Authenticator.CloneWarning {
		p.Copied = p.Used
	}
	next.Passkeys[at] = p
	if err := k.save(next); err != nil {
		return officer.Officer{}, Passkey{}, err
	}
	if !p.Copied.IsZero() {
		return officer.Officer{}, p, &fault.Error{Code: fault.Denied, Field: "passkey", Rule: "may have been copied: its counter went back; it counts no more",
			Hint: "tell a supervisor, and ask for an invitation to register another: parley officer invite NAME", Err: &Copied{p}}
	}
	return o, p, nil
}

// save makes a book the one that counts, once it is written.
func (k *Keeper) save(next Book) error {
	if err := k.file.SavePasskeys(next); err != nil {
		return fault.Wrap(fault.Unavailable, "passkey.save", err)
	}
	k.book = next
	return nil
}

// Book returns the passkeys as they are now.
func (k *Keeper) Book() Book {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.book
}

// Counts reports whether a passkey is one of an officer and was not copied.
func (k *Keeper) Counts(text string, o officer.Officer) bool {
	return slices.ContainsFunc(k.Book().Of(o), func(p Passkey) bool { return p.Text() == text && p.Copied.IsZero() })
}

// Remove removes a passkey of an officer; of anyone for "".
func (k *Keeper) Remove(text, of string) (Passkey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	at := slices.IndexFunc(k.book.Passkeys, func(p Passkey) bool { return p.Text() == text && (of == "" || p.Officer == of) })
	if at < 0 {
		return Passkey{}, &fault.Error{Code: fault.NotFound, Field: "passkey", Value: fault.Shorten(text), Rule: "is not one of yours", Hint: "list them at /sign-in"}
	}
	p := k.book.Passkeys[at]
	return p, k.save(Book{Passkeys: slices.Concat(k.book.Passkeys[:at], k.book.Passkeys[at+1:]), Used: k.book.Used})
}

// used reports whether an invitation was used. One that there is none of counts as used.
func (k *Keeper) used(i officer.Invitation) bool {
	return i == (officer.Invitation{}) || slices.ContainsFunc(k.book.Used, func(u Used) bool { return bytes.Equal(u.SHA256, i.SHA256[:]) })
}

func usedInvitation() error {
	return &fault.Error{Code: fault.Unauthenticated, Field: "invitation", Rule: "is none, was used, or is over", Hint: "ask for a new one: parley officer invite NAME"}
}

func unknown() error {
	return &fault.Error{Code: fault.Unauthenticated, Field: "passkey", Rule: "is not known here, or counts no more", Hint: "use another, or ask for an invitation: parley officer invite NAME"}
}

func broken(err error) error {
	return &fault.Error{Code: fault.Unauthenticated, Field: "credential", Rule: "does not hold", Hint: "begin again, at the address of this node and with your finger, face or PIN", Err: err}
}

func checkName(name string) error {
	if name == "" || len(name) > maxName || !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fault.New("name", name, fmt.Sprintf("must be 1 to %d bytes that can be printed", maxName), "say what holds it: desk computer, blue key")
	}
	return nil
}
