package agreement

import (
	"crypto/ed25519"
	"fmt"
	"strings"

	"parley/fault"
	"parley/transcript"
)

// Observer is told of what stays unanswered, and reads at the nodes as far as its level goes. One
// without a level reads nothing.
type Observer struct {
	Name       string            `json:"name"`
	Contact    string            `json:"contact"`
	Disclosure Level             `json:"disclosure,omitempty"`
	PartyKey   ed25519.PublicKey `json:"party_key,omitempty"`
}

// Host is a third party whose ground or sky it is. It says with its own key whether it consents.
type Host struct {
	Name     string            `json:"name"` // [a-z0-9-]{1,32}
	Contact  string            `json:"contact"`
	PartyKey ed25519.PublicKey `json:"party_key"`
}

// Observer returns the observer of that name, and whether there is one.
func (t Terms) Observer(name string) (Observer, bool) {
	for _, o := range t.Observers {
		if o.Name == name {
			return o, true
		}
	}
	return Observer{}, false
}

// Host returns the host of that name, and whether there is one.
func (t Terms) Host(name string) (Host, bool) {
	for _, h := range t.Hosts {
		if h.Name == name {
			return h, true
		}
	}
	return Host{}, false
}

// checkOthers checks who is named beside the two parties; once refuses a key that stands elsewhere.
func (t Terms) checkOthers(once func(string, ed25519.PublicKey), errs *joined) {
	names := map[string]bool{}
	alone := func(field, name string) {
		key := strings.ToLower(name)
		if names[key] {
			errs.add(fault.New(field, name, "is used twice", "give every party, observer and host a name of its own"))
		}
		names[key] = true
	}
	for _, p := range t.Parties {
		names[p.Name] = true
	}
	tooMany("observers", len(t.Observers), maxList, errs)
	for i, o := range t.Observers {
		field := at("observers", i)
		checkLine(field+".name", o.Name, true, errs)
		checkLine(field+".contact", o.Contact, true, errs)
		if len(o.PartyKey) > 0 {
			once(field+".party_key", o.PartyKey)
		}
		if o.Disclosure == "" {
			continue
		}
		alone(field+".name", o.Name) // what it reads is kept by its name
		if o.Disclosure.rank() < 0 {
			errs.add(fault.New(field+".disclosure", string(o.Disclosure), "must be full, volume or alert", "say how much the observer reads, or leave it out: then it reads nothing"))
		}
	}
	tooMany("hosts", len(t.Hosts), maxList, errs)
	for i, h := range t.Hosts {
		field := at("hosts", i)
		if !nameRule.MatchString(h.Name) {
			errs.add(fault.New(field+".name", h.Name, "must be 1 to 32 of a-z 0-9 -", "choose a short name, such as blue"))
		}
		alone(field+".name", h.Name)
		checkLine(field+".contact", h.Contact, true, errs)
		once(field+".party_key", h.PartyKey)
	}
}

// explainOthers says what observers read and which hosts are asked.
func (t Terms) explainOthers(b *explainer) {
	reads := map[Level]string{Full: "reads-full", Volume: "reads-volume", Alert: "reads-alert"}
	for _, o := range t.Observers {
		key, ok := reads[o.Disclosure]
		if !ok {
			key = "reads-nothing"
		}
		said := b.words(key, b.people(o.Name))
		if len(o.PartyKey) > 0 {
			said = b.words("its-key", strings.TrimSuffix(said, "."), b.code(transcript.Fingerprint(o.PartyKey)))
		}
		fmt.Fprintf(b, "  %s\n", said)
	}
	for _, h := range t.Hosts {
		b.say("host", b.people(h.Name), b.people(h.Contact), b.code(transcript.Fingerprint(h.PartyKey)))
	}
}
