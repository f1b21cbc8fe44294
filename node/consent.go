package node

import (
	"context"
	"slices"
	"time"

	"parley/agreement"
	"parley/catalogue"
	"parley/consent"
	"parley/fault"
	"parley/node/body"
	"parley/node/view"
)

// versionsOf returns what consents need of versions of an agreement.
func versionsOf(agreed []agreement.Agreement) []consent.Version {
	var out []consent.Version
	for _, a := range agreed {
		out = append(out, consent.VersionOf(a))
	}
	return out
}

// consentStands returns those of the version in force. ln.mu is held.
func (ln *lineNode) consentStands() []*consent.Stand {
	newest := ln.agreed[len(ln.agreed)-1].ID
	return slices.DeleteFunc(slices.Clone(ln.consents), func(s *consent.Stand) bool { return s.Agreement != newest })
}

// PutConsent puts the word of a host on the line, as the host signed it.
func (n *Node) PutConsent(ctx context.Context, who Officer, lineID string, note []byte) (view.Consent, error) {
	c, err := consent.Open(note)
	if err != nil {
		return view.Consent{}, err
	}
	of, named := n.lines[c.Says.Line], n.lines[c.Says.Line]
	if lineID != "" {
		if named, err = n.pick(lineID); err != nil {
			return view.Consent{}, err
		}
	}
	if of == nil || of != named {
		return view.Consent{}, fault.New("line", c.Says.Line[:12], "is the line of this consent, and not the one that it is put on", "put it on its own line")
	}
	of.filing.Lock()
	defer of.filing.Unlock()
	if err := of.checkConsent(c); err != nil {
		return view.Consent{}, err
	}
	d, err := body.Draft(body.KindConsent, body.Consent{ID: c.ID, Note: string(c.Note), Officer: who.Name, Role: who.Role})
	if err != nil {
		return view.Consent{}, err
	}
	if _, err := of.append(ctx, d); err != nil {
		return view.Consent{}, err
	}
	of.mu.RLock()
	defer of.mu.RUnlock()
	for _, s := range of.consentStands() {
		if s.Host.Name == c.Says.Host {
			return of.consentView(s), nil
		}
	}
	return view.Consent{}, fault.New("host", c.Says.Host, "is no host that this version of the agreement names", "see parley agreement explain")
}

// checkConsent refuses what this party may not put on the line as it stands.
func (ln *lineNode) checkConsent(c consent.Signed) error {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	if _, err := consent.Names(c.Says, versionsOf(ln.agreed)); err != nil {
		return err
	}
	if newest := ln.agreed[len(ln.agreed)-1]; c.Says.Agreement != newest.ID {
		return &fault.Error{Code: fault.Mismatch, Field: "agreement", Value: c.Says.Agreement[:12], Rule: "is a version that has been replaced", Hint: "have the host sign for the version in force: parley consent sign"}
	}
	if c.Says.Date.After(ln.node.cfg.Clock.Now().Add(consent.Ahead)) {
		return fault.New("date", c.Says.Date.UTC().Format(time.RFC3339), "is after the time at which it is put on the line", "look at the host's clock, and have it signed again")
	}
	for _, s := range ln.consentStands() {
		if s.Host.Name == c.Says.Host {
			return s.Check(c, ln.side)
		}
	}
	return nil
}

// Consents returns what the hosts of a line, or of all, said.
func (n *Node) Consents(ctx context.Context, lineID string) (view.Consents, error) {
	lines, err := n.chosen(lineID)
	if err != nil {
		return view.Consents{}, err
	}
	out := view.Consents{Hosts: []view.Consent{}, Flawed: []view.ConsentFlawed{}}
	for _, ln := range lines {
		ln.mu.RLock()
		out.Hosts = append(out.Hosts, ln.consentViews()...)
		for _, x := range ln.misconsented {
			out.Flawed = append(out.Flawed, view.ConsentFlawed{Line: ln.id, Entry: x.Place.String(), Party: ln.party(x.Place.Origin.Side), Time: x.Time, Why: x.Why})
		}
		ln.mu.RUnlock()
	}
	return out, nil
}

// consentViews says what each host said. ln.mu is held.
func (ln *lineNode) consentViews() []view.Consent {
	var out []view.Consent
	for _, s := range ln.consentStands() {
		out = append(out, ln.consentView(s))
	}
	return out
}

// consentView says what a host said of the version in force and, after that, of those before it. ln.mu is held.
func (ln *lineNode) consentView(s *consent.Stand) view.Consent {
	newest, now := ln.agreed[len(ln.agreed)-1], ln.node.cfg.Clock.Now()
	state, since := s.At(now)
	host, _ := newest.Terms.Host(s.Host.Name)
	out := view.Consent{Line: ln.id, Host: s.Host.Name, Contact: host.Contact, Agreement: newest.ID, Version: newest.Terms.Version,
		State: string(state), Since: since, SaidStanding: s.Message(now), Words: []view.ConsentWord{}}
	if state == consent.Consented {
		out.Until = s.Words[0].Says.Until
	}
	ln.addWords(&out, s, newest.Terms.Version, true)
	for _, a := range slices.Backward(ln.agreed[:len(ln.agreed)-1]) {
		for _, old := range ln.consents {
			if old.Agreement != a.ID || old.Host.Name != s.Host.Name {
				continue
			}
			if len(old.Words) > 0 && len(out.Words) == 0 {
				out.SaidStanding = catalogue.Join(out.SaidStanding, catalogue.Say("consent.replaced", catalogue.CountOf("version", a.Terms.Version)))
			}
			ln.addWords(&out, old, a.Terms.Version, false)
		}
	}
	out.Standing = ln.node.english.Say(out.SaidStanding)
	return out
}

func (ln *lineNode) addWords(v *view.Consent, s *consent.Stand, version int, current bool) {
	for i, w := range s.Words {
		x := view.ConsentWord{ID: w.ID, Version: version, Says: string(w.Says.Says), Date: w.Says.Date, From: w.Says.From, Until: w.Says.Until,
			Text: w.Says.Text, Stands: current && i == 0, Put: []view.ConsentBrought{}, Note: string(w.Note)}
		for _, b := range w.By {
			x.Put = append(x.Put, view.ConsentBrought{Party: ln.party(b.Place.Origin.Side), Entry: b.Place.String(), Time: b.Time, Officer: b.Officer, Role: b.Role})
		}
		v.Words = append(v.Words, x)
	}
}

// consentAlarms names each host that withdrew its consent, or whose consent has lapsed. ln.mu is held.
func (ln *lineNode) consentAlarms(now time.Time) []view.Alarm {
	var out []view.Alarm
	for _, s := range ln.consentStands() {
		state, since := s.At(now)
		if state != consent.Withdrawn && state != consent.Lapsed {
			continue
		}
		kind := "consent-" + string(state)
		a := view.Alarm{ID: kind + "/" + ln.id[:8] + "/" + s.Words[0].ID[:8], Kind: kind, Level: soon, Line: ln.id, Subject: s.Host.Name, Since: since}
		out = append(out, ln.node.said(a, s.Message(now)))
	}
	return out
}

// consentEvent says in a line what an entry with the word of a host came to. ln.mu is held.
func (ln *lineNode) consentEvent(by, id string) catalogue.Message {
	for _, s := range ln.consentStands() {
		if slices.ContainsFunc(s.Words, func(w consent.Brought) bool { return w.ID == id }) {
			return catalogue.Say("event.consent", catalogue.ByPeople("by", by), catalogue.ByPeople("host", s.Host.Name), catalogue.SayIn("said", s.Message(ln.node.cfg.Clock.Now())))
		}
	}
	return catalogue.Say("event.consent-odd", catalogue.ByPeople("by", by), catalogue.AsCode("command", "parley consent list"))
}
