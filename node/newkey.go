package node

import (
	"context"
	"fmt"
	"slices"
	"time"

	"parley/agreement"
	"parley/catalogue"
	"parley/fault"
	"parley/node/body"
	"parley/node/view"
	"parley/transcript"
	"parley/voice"
)

// newKey is a version of the agreement on the line that gives one party another party key. It follows the version in
// force and is not in force itself.
type newKey struct {
	agreement.Agreement
	party string
	print string // the new key's fingerprint
	since time.Time
}

// vouched reports whether officers of both sides have compared the party keys that a version replaces. One that
// replaces none needs no word. ln.mu is held.
func (ln *lineNode) vouched(a agreement.Agreement, replaced []string) bool {
	for _, party := range replaced {
		p, _ := a.Terms.Party(party)
		for _, side := range []transcript.Side{transcript.A, transcript.B} {
			if _, ok := ln.pic.KeyCompared(side, a.ID, party, transcript.Fingerprint(p.PartyKey)); !ok {
				return false
			}
		}
	}
	return true
}

// noteNewKeys notes the versions on the line that replace a party key and wait. ln.mu is held.
func (ln *lineNode) noteNewKeys() {
	ln.newKeys = nil
	newest := ln.agreed[len(ln.agreed)-1]
	for _, p := range ln.pic.Agreements() {
		a, err := agreement.Open([]byte(p.Note))
		if err != nil || a.LineID() != ln.id || a.Terms.Supersedes != newest.ID {
			continue
		}
		replaced := agreement.Replaced(newest.Terms, a.Terms)
		if len(replaced) != 1 {
			continue
		}
		i := slices.IndexFunc(ln.newKeys, func(k newKey) bool { return k.ID == a.ID })
		if i >= 0 {
			if len(a.Signers) > len(ln.newKeys[i].Signers) {
				ln.newKeys[i].Agreement = a
			}
			continue
		}
		party, _ := a.Terms.Party(replaced[0])
		ln.newKeys = append(ln.newKeys, newKey{a, replaced[0], transcript.Fingerprint(party.PartyKey), p.Time})
	}
}

// keyChanges says what waits. ln.mu is held.
func (ln *lineNode) keyChanges() []view.KeyChange {
	var out []view.KeyChange
	for _, k := range ln.newKeys {
		v := view.KeyChange{Agreement: k.ID, Version: k.Terms.Version, Party: k.party, Signers: k.Signers, Compared: []view.KeyCompared{}}
		for _, side := range []transcript.Side{transcript.A, transcript.B} {
			if c, ok := ln.pic.KeyCompared(side, k.ID, k.party, k.print); ok {
				v.Compared = append(v.Compared, view.KeyCompared{Party: ln.party(side), Officer: c.Officer, With: c.With, Time: c.Time})
			}
		}
		out = append(out, v)
	}
	return out
}

// keyAlarms names each new party key that no officer of this side has compared. ln.mu is held.
func (ln *lineNode) keyAlarms() []view.Alarm {
	var out []view.Alarm
	for _, k := range ln.newKeys {
		if _, ok := ln.pic.KeyCompared(ln.side, k.ID, k.party, k.print); ok {
			continue
		}
		a := view.Alarm{ID: "new-key/" + ln.id[:8] + "/" + k.ID[:8], Kind: "new-key", Level: soon, Line: ln.id, Subject: k.ID, Since: k.since}
		out = append(out, ln.node.said(a, catalogue.Say("alarm.new-key", catalogue.CountOf("version", k.Terms.Version), catalogue.ByPeople("party", k.party),
			catalogue.ByPeople("peer", ln.peer), catalogue.AsCode("command", "parley key compare"))))
	}
	return out
}

// CompareKey puts an officer's word on the line that he compared by voice the party key that a version of the
// agreement replaces: heard is what was read out to him, which must be that key. Version 0 is the only one that
// waits. The version counts once both parties have signed it and each side has given this word.
func (n *Node) CompareKey(ctx context.Context, who Officer, lineID string, version int, heard, with string) error {
	if err := words("with", with, "say with whom you spoke: --with NAME"); err != nil {
		return err
	}
	ln, err := n.pick(lineID)
	if err != nil {
		return err
	}
	ln.filing.Lock()
	defer ln.filing.Unlock()
	k, done, err := ln.waitingKey(version)
	if err != nil {
		return err
	}
	if err := voice.CompareKey(heard, k.print); err != nil || done {
		return err
	}
	d, err := body.Draft(body.KindKeyCompared, body.KeyCompared{Agreement: k.ID, Party: k.party, Key: k.print, With: with, Officer: who.Name, Role: who.Role})
	if err != nil {
		return err
	}
	_, err = ln.append(ctx, d)
	return err
}

// waitingKey returns the new key of a version, and whether this side has given its word.
func (ln *lineNode) waitingKey(version int) (newKey, bool, error) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	var found []newKey
	for _, k := range ln.newKeys {
		if version == 0 || k.Terms.Version == version {
			found = append(found, k)
		}
	}
	switch len(found) {
	case 0:
		return newKey{}, false, &fault.Error{Code: fault.NotFound, Field: "version", Value: fmt.Sprint(version), Rule: "is no version on this line that replaces a party key and waits",
			Hint: "put it on the line first: parley agreement propose"}
	case 1:
		_, done := ln.pic.KeyCompared(ln.side, found[0].ID, found[0].party, found[0].print)
		return found[0], done, nil
	}
	return newKey{}, false, &fault.Error{Code: fault.Mismatch, Field: "version", Value: fmt.Sprint(version), Rule: "is one of several on this line that replace a party key",
		Hint: "call the other side: one of them is not by it; suspend the line until you know which"}
}
