package statement

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// minIDDigits is how many digits name a statement at least.
const minIDDigits = 6

// Named reports whether a statement's id is id, or begins with what of it is given.
func (st *Stand) Named(id string) bool {
	return st.ID == id || len(id) >= minIDDigits && strings.HasPrefix(st.ID, id)
}

// Holds reports whether a statement has words in its title or one of its texts, in whatever case and
// with whatever spaces, or is named by them.
func (st *Stand) Holds(words string) bool {
	want := folded(words)
	if st.Named(words) || strings.Contains(folded(st.Says.Title), want) {
		return true
	}
	return slices.ContainsFunc(st.Says.Texts, func(t Text) bool { return strings.Contains(folded(t.Text), want) })
}

// IsAbout reports whether a statement names id among what it is about, or corrects or withdraws it.
func (st *Stand) IsAbout(id string) bool {
	return slices.Contains(st.Says.About, id) || id != "" && (st.Says.Corrects == id || st.Says.Withdraws == id)
}

func folded(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFC.String(s))), " ")
}

// KeyOf returns the key that a party signs with under some terms; nil for none of their parties.
func (t *Terms) KeyOf(party string) []byte {
	for _, p := range t.Parties {
		if p.Name == party {
			return p.PartyKey
		}
	}
	return nil
}

// CheckKeys refuses a statement that names another key for a party than the terms do.
func (t *Terms) CheckKeys(s *Statement) error {
	for i, p := range s.Parties {
		want := t.KeyOf(p.Name)
		if s.Form == Joint && t.Parties[i].Name != p.Name || want == nil || !slices.Equal(want, []byte(p.PartyKey)) {
			return mismatch("parties", p.Name, "does not stand with the party key of the agreement in force", "draft it anew: parley statement draft")
		}
	}
	return nil
}
