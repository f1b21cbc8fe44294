package node

import (
	"crypto"
	"slices"
	"time"

	"parley/agreement"
	"parley/transcript"
)

// lineKeyOf returns the signer for the line key that a party's node signs with at a time: of those that the
// agreement names and that count then, one that is not revoked before one that is, and then the one that
// began to count last. False where the node has none of them.
func (c *Config) lineKeyOf(own agreement.Party, now time.Time) (crypto.Signer, bool) {
	var best crypto.Signer
	var named transcript.LineKey
	for _, key := range append([]crypto.Signer{c.LineKey}, c.MoreLineKeys...) {
		has := transcript.PublicLineKey(key)
		i := slices.IndexFunc(own.LineKeys, func(k agreement.LineKey) bool { return k.Public.Equal(has.Public) })
		if i < 0 {
			continue
		}
		k := own.LineKeys[i].Transcript()
		if !k.Counts(now) || k.MLDSA != nil && !k.Same(has) {
			continue
		}
		if best == nil || named.Revoked.IsZero() == k.Revoked.IsZero() && k.From.After(named.From) || !named.Revoked.IsZero() && k.Revoked.IsZero() {
			best, named = key, k
		}
	}
	if d, ok := best.(*transcript.DoubleKey); ok {
		return d.As(named), true
	}
	return best, best != nil
}

// lineKeys returns every line key that a version of the agreement has named for a side, with the bounds of
// the newest version that names it. ln.mu is held, or the line is not open yet.
func (ln *lineNode) lineKeys(s transcript.Side) []transcript.LineKey {
	var out []transcript.LineKey
	for _, a := range ln.agreed {
		p := a.Terms.Parties[0]
		if s == transcript.B {
			p = a.Terms.Parties[1]
		}
		for _, k := range p.LineKeys {
			is := k.Transcript()
			if i := slices.IndexFunc(out, func(o transcript.LineKey) bool { return o.Public.Equal(k.Public) }); i >= 0 {
				out[i] = is
			} else {
				out = append(out, is)
			}
		}
	}
	return out
}

// turnKeys goes over to another own line key where one has begun to count, or the one in use counts no more.
func (ln *lineNode) turnKeys(now time.Time) {
	own, _ := ln.terms.Party(ln.node.cfg.Party)
	if key, ok := ln.node.cfg.lineKeyOf(own, now); ok && !transcript.PublicLineKey(key).Public.Equal(ln.signs) {
		ln.useKeys()
	}
}

// useKeys gives the ledger both parties' line keys and the own one that signs now. Where the node has none
// that counts it goes on with the one that it has: who checks says that it did not count. ln.mu is held.
func (ln *lineNode) useKeys() {
	own, _ := ln.terms.Party(ln.node.cfg.Party)
	key, ok := ln.node.cfg.lineKeyOf(own, ln.node.cfg.Clock.Now())
	if !ok {
		key = ln.node.cfg.LineKey
		ln.log.Error("the agreement names no line key of this node that counts now; a key is to be replaced", "key", transcript.Fingerprint(transcript.PublicLineKey(key).Public))
	}
	ln.signs = transcript.PublicLineKey(key).Public
	ln.led.SetKeys(key, ln.lineKeys(ln.side), ln.lineKeys(ln.side.Other()))
}
