package officer

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"io"
	"slices"
	"strings"
	"time"

	"parley/fault"
)

// Invitation is one word under which an officer may register one passkey. The book holds its hash.
type Invitation struct {
	SHA256  [sha256.Size]byte
	Expires time.Time
}

// InvitationLife is how long an invitation counts where nothing else is said.
const InvitationLife = 24 * time.Hour

// invitationBytes of randomness are beyond guessing, and few enough to be typed.
const invitationBytes = 15

// HasToken reports whether the officer has a token.
func (o Officer) HasToken() bool { return o.TokenSHA256 != [sha256.Size]byte{} }

// AddWithoutToken puts an officer without a token into the book.
func (b *Book) AddWithoutToken(name string, role Role, now time.Time, life time.Duration) error {
	return b.put(Officer{Name: name, Role: role}, now, life)
}

// Invite gives an officer an invitation made of rand, and returns its code: nothing else holds it. An
// older one counts no more.
func (b *Book) Invite(name string, now time.Time, life time.Duration, rand io.Reader) (code string, err error) {
	if life < time.Minute || life > 30*24*time.Hour {
		return "", fault.New("for", life.String(), "must be from 1 minute to 30 days", "give how long the invitation counts: 24h")
	}
	var secret [invitationBytes]byte
	if _, err := io.ReadFull(rand, secret[:]); err != nil {
		return "", fault.Wrap(fault.Internal, "officer.invite", err)
	}
	plain := base32.StdEncoding.EncodeToString(secret[:])
	err = b.change(name, func(o *Officer) {
		o.Invitation = Invitation{sha256.Sum256([]byte(plain)), now.UTC().Add(life).Truncate(time.Second)}
	})
	if err != nil {
		return "", err
	}
	var parts []string
	for part := range slices.Chunk([]byte(plain), 4) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, "-"), nil
}

// EndPasskeys ends every passkey that an officer has, and his invitation.
func (b *Book) EndPasskeys(name string, now time.Time) error {
	return b.change(name, func(o *Officer) {
		o.PasskeysFrom, o.Invitation = now.UTC(), Invitation{}
	})
}

// change changes one officer in a copy of the list: others may read the old book.
func (b *Book) change(name string, do func(*Officer)) error {
	i := slices.IndexFunc(b.Officers, func(o Officer) bool { return o.Name == name })
	if i < 0 {
		return &fault.Error{Code: fault.NotFound, Field: "name", Value: fault.Shorten(name), Rule: "is not in the book", Hint: "list the officers: parley officer list"}
	}
	b.Officers = slices.Clone(b.Officers)
	do(&b.Officers[i])
	return nil
}

// Invited returns the officer whom an invitation's code is for. People type it: case, spaces and
// hyphens do not matter.
func (b Book) Invited(code string, now time.Time) (Officer, error) {
	plain := strings.ToUpper(strings.NewReplacer("-", "", " ", "", "0", "O", "1", "I", "8", "B").Replace(code))
	sum := sha256.Sum256([]byte(plain))
	found := -1
	for i, o := range b.Officers {
		if subtle.ConstantTimeCompare(sum[:], o.Invitation.SHA256[:]) == 1 && !o.Invitation.Expires.IsZero() {
			found = i
		}
	}
	if found < 0 || b.Officers[found].Expired(now) || !now.Before(b.Officers[found].Invitation.Expires) {
		return Officer{}, &fault.Error{Code: fault.Unauthenticated, Field: "invitation", Rule: "is none, was used, or is over", Hint: "ask for a new one: parley officer invite NAME"}
	}
	return b.Officers[found], nil
}
