package main

import (
	"crypto/ed25519"
	"slices"
	"time"

	"parley/agreement"
	"parley/cmd/parley/home"
	"parley/transcript"
)

// rotatedTLS drafts the version after old that names one TLS key more, and until when those before count.
func rotatedTLS(old agreement.Agreement, party string, key ed25519.PublicKey, from, until time.Time) (agreement.Terms, error) {
	t := agreement.Supersede(old, old.Terms)
	own, err := ownOf(&t, party)
	if err != nil {
		return t, err
	}
	own.TLSKeys = slices.Clone(own.TLSKeys)
	for i := range own.TLSKeys {
		k := &own.TLSKeys[i]
		k.Revoked = endOf(k.From, k.Revoked, until)
	}
	own.TLSKeys = append(own.TLSKeys, agreement.TLSKey{Public: key, From: from.UTC()})
	return t, t.Validate()
}

// endOf is until when a key counts that another is to follow.
func endOf(from, revoked, until time.Time) time.Time {
	if !revoked.IsZero() && !revoked.After(until) {
		return revoked
	}
	if !until.After(from) {
		return from.Add(time.Second)
	}
	return until.UTC()
}

// tlsRows lists the TLS keys, with what the newest agreements say of them.
func tlsRows(a *app, h home.Home, own []agreement.Party) ([]keyRow, error) {
	keys, err := h.TLSKeys()
	if err != nil {
		return nil, err
	}
	var named []agreement.LineKey // the bounds alone
	for _, p := range own {
		for _, k := range p.TLSKeys {
			named = append(named, agreement.LineKey{Public: k.Public, From: k.From, Revoked: k.Revoked})
		}
	}
	var out []keyRow
	for _, k := range keys {
		pub := k.Public().(ed25519.PublicKey)
		out = append(out, keyRow{Kind: "TLS", Fingerprint: transcript.Fingerprint(pub), Say: toSay(pub), State: a.said.Say(stateOf(named, pub, a.now()))})
	}
	return out, nil
}
