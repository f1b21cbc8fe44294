// Package testbundle makes files of evidence of a line between two parties, for tests: entries of both,
// with heads and receipts, shown whole or in part. The same seed and calls give the same bytes.
package testbundle

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"parley/agreement"
	"parley/geo4d"
	"parley/transcript"
)

// Line is a line between blue, of side a, and red.
type Line struct {
	Agreement agreement.Agreement
	Now       time.Time
	Keys      bool // bundles show the keys in the place of the agreement

	t     testing.TB
	seed  string
	rand  io.Reader
	books [2]*book
}

type book struct {
	name     string
	origin   transcript.Origin
	tree     transcript.Tree
	hashes   transcript.Hashes
	entries  []transcript.Sealed
	kinds    []string
	heads    []transcript.Head
	receipts []transcript.Receipt
}

// Begin is when the line begins.
func Begin() time.Time { return time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC) }

func (l *Line) key(name string) ed25519.PrivateKey {
	sum := sha256.Sum256([]byte(l.seed + " " + name))
	return ed25519.NewKeyFromSeed(sum[:])
}

func (l *Line) public(name string) ed25519.PublicKey {
	return l.key(name).Public().(ed25519.PublicKey)
}

// New returns a line with its agreement signed by both. Its keys follow from the seed.
func New(t testing.TB, seed string) *Line {
	t.Helper()
	return NewUnder(t, seed, func(*agreement.Terms) {})
}

// NewUnder returns a line as New does, under terms that differ from the draft.
func NewUnder(t testing.TB, seed string, change func(*agreement.Terms)) *Line {
	t.Helper()
	l := &Line{Now: Begin(), t: t, seed: seed, rand: rand.NewChaCha8(sha256.Sum256([]byte(seed)))}
	party := func(name string) agreement.Party {
		return agreement.Party{Name: name, Title: "Force " + name, PartyKey: l.public(name + " party"),
			LineKeys:  []agreement.LineKey{{Public: l.public(name + " line")}},
			TLSKeys:   []agreement.TLSKey{{Public: l.public(name + " tls")}},
			Addresses: []string{name + ".example:7443"}, Contacts: []agreement.Contact{{Role: "duty", Number: "+41 22 555 0100"}}, Languages: []string{"en"}}
	}
	terms := agreement.Draft(agreement.DraftOptions{Title: "Red and blue over the north", A: party("blue"), B: party("red"), From: Begin().Add(-time.Hour),
		Area: agreement.Area{Shape: geo4d.Polygon{Rings: [][]geo4d.Position{{{LonDeg: 35, LatDeg: 34}, {LonDeg: 39, LatDeg: 34},
			{LonDeg: 39, LatDeg: 38}, {LonDeg: 35, LatDeg: 38}, {LonDeg: 35, LatDeg: 34}}}}}})
	change(&terms)
	note, err := agreement.Sign(terms, "blue", l.key("blue party"))
	l.must(err)
	note, err = agreement.Cosign(note, "red", l.key("red party"))
	l.must(err)
	l.Agreement, err = agreement.Open(note)
	l.must(err)
	for i, side := range []transcript.Side{transcript.A, transcript.B} {
		l.books[i] = &book{name: l.Agreement.Terms.Parties[i].Name, origin: transcript.Origin{Line: l.Agreement.LineID(), Epoch: 1, Side: side}}
	}
	return l
}

func (l *Line) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// Trust returns a list of the parties' keys, as parley verify --trust reads it.
func (l *Line) Trust() string {
	out := ""
	for _, p := range l.Agreement.Terms.Parties {
		out += p.Name + " " + transcript.Fingerprint(p.PartyKey) + "\n"
	}
	return out
}

// Say has blue (0) or red (1) say something: fields are names and JSON values in turn, a name with a
// leading '-' is not shown to the other party. It takes a second.
func (l *Line) Say(side int, kind string, fields ...string) {
	l.t.Helper()
	l.Now = l.Now.Add(time.Second)
	b, other := l.books[side], l.books[1-side]
	d := transcript.Draft{Kind: kind}
	for i := 0; i < len(fields); i += 2 {
		name, hidden := fields[i], fields[i][0] == '-'
		if hidden {
			name = name[1:]
		}
		d.Fields = append(d.Fields, transcript.Field{Name: name, Value: jsontext.Value(fields[i+1]), Shown: !hidden})
	}
	seen := transcript.Seen{Root: transcript.EmptyRoot()}
	if n := len(other.heads); n > 0 {
		seen = transcript.Seen{Size: other.heads[n-1].Size, Root: other.heads[n-1].Root}
	}
	s, _, err := transcript.Seal(l.rand, d, transcript.Meta{Agreement: l.Agreement.ID, Author: b.name, Seq: b.tree.Size(), Time: l.Now, Seen: seen})
	l.must(err)
	b.hashes = append(b.hashes, b.tree.Append(transcript.RecordHash(s.Bytes))...)
	b.entries, b.kinds = append(b.entries, s), append(b.kinds, kind)
}

// Commit signs a head of what a side said and, where receipted, the other's receipt for it a second later.
func (l *Line) Commit(side int, receipted bool) {
	l.t.Helper()
	l.Now = l.Now.Add(time.Second)
	b, other := l.books[side], l.books[1-side]
	h, err := transcript.SignHead(l.key(b.name+" line"), b.origin, b.tree.Size(), b.tree.Root(), l.Now)
	l.must(err)
	b.heads = append(b.heads, h)
	if receipted {
		l.Now = l.Now.Add(time.Second)
		r, err := transcript.SignReceipt(l.key(other.name+" line"), h, l.Now)
		l.must(err)
		b.receipts = append(b.receipts, r)
	}
}

func (l *Line) signKeys() []byte {
	note, err := agreement.SignKeys(l.Agreement, "blue", l.key("blue party"))
	l.must(err)
	note, err = agreement.CosignKeys(note, l.Agreement, "red", l.key("red party"))
	l.must(err)
	return note
}

// Show says of one entry whether a file shows it, and which of its fields.
type Show func(side, index int, kind string) (entry bool, field func(name string) bool)

// Bundle writes all that was said, as show has it; nil shows what each told the other.
func (l *Line) Bundle(show Show) []byte {
	l.t.Helper()
	var out bytes.Buffer
	w := transcript.NewBundleWriter(&out)
	if l.Keys {
		l.must(w.Keys(l.signKeys()))
	} else {
		l.must(w.Agreement(l.Agreement.Note))
	}
	for side, b := range l.books {
		if len(b.entries) > 0 {
			l.must(w.Transcript(b.origin))
			b.write(l, w, side, show)
		}
	}
	l.must(w.Close())
	return out.Bytes()
}

func (b *book) write(l *Line, w *transcript.BundleWriter, side int, show Show) {
	hidden := false
	heads, receipts := b.heads, b.receipts
	for i, s := range b.entries {
		entry, field := true, func(string) bool { return true }
		if show != nil {
			entry, field = show(side, i, b.kinds[i])
		}
		size := int64(i + 1)
		if !entry {
			hidden = true
		} else {
			if hidden {
				l.must(w.Gap(int64(i), b.hashes))
			}
			hidden = false
			e, err := transcript.ParseEntry(s.Bytes)
			l.must(err)
			shown := map[transcript.Digest]bool{}
			for _, d := range e.Shown {
				shown[d] = true
			}
			l.must(w.Entry(transcript.Withhold(s, func(d transcript.Digest) bool {
				for _, enc := range s.Disclosures {
					if transcript.DigestOf(enc) == d {
						opened, err := transcript.ParseDisclosure(enc)
						l.must(err)
						return shown[d] && field(opened.Name)
					}
				}
				return false
			})))
		}
		var hs []transcript.Head
		var rs []transcript.Receipt
		for len(heads) > 0 && heads[0].Size == size {
			hs, heads = append(hs, heads[0]), heads[1:]
		}
		for len(receipts) > 0 && receipts[0].Size == size {
			rs, receipts = append(rs, receipts[0]), receipts[1:]
		}
		if len(hs)+len(rs) > 0 {
			if hidden {
				l.must(w.Gap(size, b.hashes))
				hidden = false
			}
			l.must(w.Signed(hs, rs))
		}
	}
}
