package node

import (
	"crypto"
	"crypto/ed25519"
	"slices"
	"time"

	"parley/agreement"
)

// tlsMargin is how long before the end of a TLS key a node goes over to the next: clocks differ, and the other party
// is to have heard of the next by then.
const tlsMargin = time.Hour

// allTLSKeys are the TLS keys of the node, the oldest first.
func (c *Config) allTLSKeys() []crypto.Signer {
	return append([]crypto.Signer{c.TLSKey}, c.MoreTLSKeys...)
}

// tlsRank says how a named key is to be used at a time: 3 one that counts for long, 2 one that is about to end, 1 one
// that does not count, which a peer that has not heard of that may still take.
func tlsRank(k agreement.TLSKey, now time.Time) int {
	switch {
	case now.Before(k.From) || !k.Revoked.IsZero() && !now.Before(k.Revoked):
		return 1
	case !k.Revoked.IsZero() && !now.Before(k.Revoked.Add(-tlsMargin)):
		return 2
	}
	return 3
}

// tlsKeysOf returns the own TLS keys that an agreement names for the own party, the one to use first: of those that
// count for long, the oldest, so that the other party has the whole overlap to hear of a new one.
func (c *Config) tlsKeysOf(own agreement.Party, now time.Time) []crypto.Signer {
	type has struct {
		crypto.Signer
		named agreement.TLSKey
	}
	var list []has
	for _, key := range c.allTLSKeys() {
		pub, _ := key.Public().(ed25519.PublicKey)
		if i := slices.IndexFunc(own.TLSKeys, func(k agreement.TLSKey) bool { return k.Public.Equal(pub) }); i >= 0 {
			list = append(list, has{key, own.TLSKeys[i]})
		}
	}
	slices.SortStableFunc(list, func(a, b has) int {
		x, y := tlsRank(a.named, now), tlsRank(b.named, now)
		switch {
		case x != y:
			return y - x
		case x == 3:
			return a.named.From.Compare(b.named.From)
		}
		return b.named.From.Compare(a.named.From)
	})
	var out []crypto.Signer
	for _, k := range list {
		out = append(out, k.Signer)
	}
	if out == nil {
		out = []crypto.Signer{c.TLSKey}
	}
	return out
}

// ownTLSKeys are those of one line.
func (ln *lineNode) ownTLSKeys() []crypto.Signer {
	own, _ := ln.agreementTerms().Party(ln.node.cfg.Party)
	return ln.node.cfg.tlsKeysOf(own, ln.node.cfg.Clock.Now())
}

// servedTLSKeys are those of all lines: who dials says only later which line he means. The first is one that the
// most lines have first.
func (n *Node) servedTLSKeys() []crypto.Signer {
	wins := map[string]int{}
	for _, ln := range n.order {
		pub, _ := ln.ownTLSKeys()[0].Public().(ed25519.PublicKey)
		wins[string(pub)]++
	}
	out := slices.Clone(n.cfg.allTLSKeys())
	slices.SortStableFunc(out, func(a, b crypto.Signer) int {
		x, _ := a.Public().(ed25519.PublicKey)
		y, _ := b.Public().(ed25519.PublicKey)
		return wins[string(y)] - wins[string(x)]
	})
	return out
}
