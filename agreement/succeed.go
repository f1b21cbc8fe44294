package agreement

import (
	"fmt"
	"strings"

	"parley/fault"
)

// Supersede returns t as the version after old: it names the line, old, and the next number.
func Supersede(old Agreement, t Terms) Terms {
	t.Line, t.Supersedes, t.Version = old.LineID(), old.ID, old.Terms.Version+1
	return t
}

// Replaced returns the parties that next gives another party key than old does.
func Replaced(old, next Terms) (parties []string) {
	for i := range next.Parties {
		if !old.Parties[i].PartyKey.Equal(next.Parties[i].PartyKey) {
			parties = append(parties, next.Parties[i].Name)
		}
	}
	return parties
}

// CheckSuccessor refuses next unless it is the version after old on the same line, between the
// same parties on the same sides, signed by both. It returns the parties whose party key changed:
// at most one may, so that the other's key vouches for it, and only after officers of both
// compared fingerprints by voice.
func CheckSuccessor(old, next Agreement) (replaced []string, err error) {
	var errs joined
	mismatch := func(field, value, rule, hint string) {
		errs.add(&fault.Error{Code: fault.Mismatch, Field: field, Value: value, Rule: rule, Hint: hint})
	}
	if next.LineID() != old.LineID() || next.Terms.Line == "" {
		mismatch("line", next.LineID(), "must be "+old.LineID(), "this agreement is of another line")
	}
	if next.Terms.Supersedes != old.ID {
		mismatch("supersedes", next.Terms.Supersedes, "must be "+old.ID+", the version in force", "draft it again from the version in force")
	}
	if next.Terms.Version != old.Terms.Version+1 {
		mismatch("version", fmt.Sprint(next.Terms.Version), fmt.Sprintf("must be %d", old.Terms.Version+1), "draft it again from the version in force")
	}
	if !old.Signed() || !next.Signed() {
		mismatch("signatures", strings.Join(next.Signers, ", "), "must be both parties', on both versions", "have the other party sign it too")
	}
	for i := range next.Terms.Parties {
		o, n := &old.Terms.Parties[i], &next.Terms.Parties[i]
		if o.Name != n.Name {
			mismatch(at("parties", i)+".name", n.Name, "must stay "+o.Name, "another party means another line")
		}
		checkLineKeys(at("parties", i), *o, *n, &errs)
	}
	replaced = Replaced(old.Terms, next.Terms)
	if len(replaced) > 1 {
		mismatch("parties", strings.Join(replaced, ", "), "must not change both party keys at once", "replace one key in one version and the other in the next")
	}
	if err := errs.err(); err != nil {
		return nil, err
	}
	return replaced, nil
}
