// Package grant keeps what officers were given for a while: sessions of people who signed in, and
// short tokens of programs.
//
// A grant is known by a secret of 32 random bytes, of which the SHA-256 alone is kept, in memory: a
// restart of the node ends all of them. Each use asks again whether the officer still has what it was
// given for, so a grant never outlives its officer, the token that it was exchanged for or the passkey
// that it was signed in with.
package grant

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/api/officer"
	"parley/fault"
)

// Scope is what a grant is narrowed to, within its officer's role.
type Scope string

// The scopes.
const (
	Whole Scope = "whole" // whatever the role may
	Read  Scope = "read"  // reads alone
	File  Scope = "file"  // reads, and commands on notices
)

// Scopes returns every scope.
func Scopes() []Scope { return []Scope{Whole, Read, File} }

// Allows reports whether a request is within the scope.
func (s Scope) Allows(method, path string) bool {
	switch {
	case s == Whole, method == "GET":
		return true
	case s == File:
		return path == "/v1/notices" || strings.HasPrefix(path, "/v1/notices/")
	}
	return false
}

// Bounds of grants.
const (
	DefaultLife = 15 * time.Minute // of a short token
	MaxLife     = 12 * time.Hour   // of any grant
	SessionIdle = time.Hour        // a session that is not used for as long ends
	MaxEach     = 100              // of one officer
)

// Grant is one of them.
type Grant struct {
	ID      string // names it; says nothing of the secret
	Session bool   // of a person who signed in; else a short token
	Officer string
	Scope   Scope
	// Given is what the officer had it for: a passkey's id, or the hash of his token.
	Given   string
	Issued  time.Time
	Expires time.Time
	Used    time.Time // last
}

// Grants keeps them. It is safe for concurrent use.
type Grants struct {
	rand io.Reader

	mu   sync.Mutex // guards what follows and rand
	held map[[sha256.Size]byte]*Grant
}

// New returns an empty keeper that makes secrets of rand.
func New(rand io.Reader) *Grants {
	return &Grants{rand: rand, held: map[[sha256.Size]byte]*Grant{}}
}

// Issue makes a grant and returns its secret: nothing else holds it. A life of 0 is the default.
func (g *Grants) Issue(want Grant, now time.Time, life time.Duration) (secret string, out Grant, err error) {
	if life == 0 {
		life = DefaultLife
	}
	if life < time.Second || life > MaxLife {
		return "", Grant{}, fault.New("life_s", life.String(), fmt.Sprintf("must be from 1 s to %s", MaxLife), "ask for as long as the program needs, and again then")
	}
	if !slices.Contains(Scopes(), want.Scope) {
		return "", Grant{}, fault.New("scope", string(want.Scope), "is not one of whole, read, file", "choose one of them")
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	n := 0
	for sum, have := range g.held {
		if have.over(now) {
			delete(g.held, sum)
		} else if have.Officer == want.Officer {
			n++
		}
	}
	if n >= MaxEach {
		return "", Grant{}, &fault.Error{Code: fault.TooMany, Field: "tokens", Rule: fmt.Sprintf("are at most %d of one officer at once, with sessions", MaxEach), Hint: "revoke some, or wait until they expire"}
	}
	var random [40]byte
	if _, err := io.ReadFull(g.rand, random[:]); err != nil {
		return "", Grant{}, fault.Wrap(fault.Internal, "grant.issue", err)
	}
	secret = officer.ShortPrefix + base64.RawURLEncoding.EncodeToString(random[:32])
	want.ID, want.Issued, want.Expires, want.Used = hex.EncodeToString(random[32:]), now, now.Add(life), now
	g.held[sha256.Sum256([]byte(secret))] = &want
	return secret, want, nil
}

// over reports whether a grant counts no more.
func (g *Grant) over(now time.Time) bool {
	return !now.Before(g.Expires) || g.Session && now.Sub(g.Used) >= SessionIdle
}

// IsShort reports whether a bearer's token is a short one.
func IsShort(token string) bool { return strings.HasPrefix(token, officer.ShortPrefix) }

// Find returns the grant of a secret and counts it as used. It is found by the hash of the secret, so
// how long that takes says nothing of what a guess lacks.
func (g *Grants) Find(secret string, now time.Time) (Grant, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	sum := sha256.Sum256([]byte(secret))
	have := g.held[sum]
	if have == nil || have.over(now) {
		delete(g.held, sum)
		return Grant{}, &fault.Error{Code: fault.Unauthenticated, Field: "token", Rule: "is over, or was never given",
			Hint: "programs ask for a new one: parley token; people sign in again"}
	}
	have.Used = now
	return *have, nil
}

// List returns the grants of an officer that count, the oldest first; of all officers for "".
func (g *Grants) List(officer string, now time.Time) []Grant {
	g.mu.Lock()
	defer g.mu.Unlock()
	out := []Grant{}
	for _, have := range g.held {
		if !have.over(now) && (officer == "" || have.Officer == officer) {
			out = append(out, *have)
		}
	}
	slices.SortFunc(out, func(a, b Grant) int {
		if d := a.Issued.Compare(b.Issued); d != 0 {
			return d
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out
}

// End ends those that end wants ended, and returns how many it were.
func (g *Grants) End(end func(Grant) bool) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := 0
	for sum, have := range g.held {
		if end(*have) {
			delete(g.held, sum)
			n++
		}
	}
	return n
}
