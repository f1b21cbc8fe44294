package node

import (
	"context"
	"strconv"

	"parley/agreement"
	"parley/fault"
	"parley/transcript"
)

// agreed are the versions of a line's agreement as a bundle begins with them: each whole, or its keys.
type agreed struct {
	notes [][]byte
	keys  bool
}

// agreedFor returns the versions whole or, where d asks for it, the keys that both parties signed of each.
func (n *Node) agreedFor(ctx context.Context, line string, d *Disclosing) (agreed, error) {
	versions, err := n.Agreements(ctx, line)
	if err != nil {
		return agreed{}, err
	}
	out := agreed{keys: d.WithoutAgreement}
	given := map[string]agreement.SignedKeys{}
	for _, note := range d.Keys {
		k, err := agreement.OpenKeys([]byte(note))
		if err != nil {
			return agreed{}, err
		}
		given[k.Keys.Agreement] = k // of another line, it is not asked for
	}
	for _, a := range versions {
		if !d.WithoutAgreement {
			out.notes = append(out.notes, a.Note)
			continue
		}
		k, ok := given[a.ID]
		if !ok {
			return agreed{}, &fault.Error{Code: fault.NotFound, Field: "keys", Value: strconv.Itoa(a.Terms.Version), Rule: "is a version of the agreement whose keys are not signed by both parties here",
				Hint: "have both parties sign them, and keep them: parley agreement keys sign, parley agreement keys keep"}
		}
		if err := a.Holds(k); err != nil {
			return agreed{}, err
		}
		out.notes = append(out.notes, k.Note)
	}
	return out, nil
}

// write begins a bundle.
func (a agreed) write(b *transcript.BundleWriter) error {
	put := b.Agreement
	if a.keys {
		put = b.Keys
	}
	for _, note := range a.notes {
		if err := put(note); err != nil {
			return err
		}
	}
	return nil
}
