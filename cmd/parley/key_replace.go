package main

import (
	"crypto/ed25519"
	"strings"

	"github.com/go-json-experiment/json"

	"parley/agreement"
	"parley/api"
	"parley/catalogue"
	"parley/cmd/parley/home"
	"parley/fault"
	"parley/node/view"
	"parley/transcript"
	"parley/voice"
)

type keyReplaceCmd struct {
	remote
	PlainKey bool   `help:"Keep the new party key without a passphrase. For demonstrations only." xor:"key"`
	Agent    bool   `help:"The new party key is the one that the agent at SSH_AUTH_SOCK holds." xor:"key"`
	Out      string `short:"o" default:"-" help:"Where to write the draft." placeholder:"FILE"`
}

// Help shows how it is used.
func (keyReplaceCmd) Help() string {
	return `The party key is lost, or in other hands. The draft names the new one and leaves all else as it is. Sign it, have
the other party sign it, and put it on the line with "parley agreement propose". It counts once an officer of each
side has heard the new key read out by the other and entered what he heard with "parley key compare".

The files of the old key are kept beside the new one, under another name.

Examples:

  parley key replace --dir blue -o next.json
  parley key list --dir blue
`
}

// Run makes the key and the draft.
func (c *keyReplaceCmd) Run(a *app) error {
	h := c.home()
	cfg, err := h.Config()
	if err != nil {
		return err
	}
	old, err := newestAgreement(a, &c.remote)
	if err != nil {
		return err
	}
	t := agreement.Supersede(old, old.Terms)
	own, err := ownOf(&t, cfg.Party)
	if err != nil {
		return err
	}
	made := initCmd{Party: cfg.Party, PlainKey: c.PlainKey, Agent: c.Agent}
	pass, err := made.passphrase(a)
	if err != nil {
		return err
	}
	if err := h.PutPartyKeyAside(); err != nil {
		return err
	}
	if err := made.partyKey(a, h, pass); err != nil {
		return err
	}
	pub, err := h.PartyPublic()
	if err != nil {
		return err
	}
	own.PartyKey = pub
	data, err := agreement.Encode(t)
	if err != nil {
		return err
	}
	a.note(catalogue.Say("note.party-key", catalogue.AsCode("id", transcript.Fingerprint(pub)), catalogue.AsCode("command", "parley key list")))
	return output(a, c.Out, data)
}

type keyCompareCmd struct {
	remote
	Heard string `required:"" help:"What was read out to you: eight groups and the check letters." placeholder:"GROUPS"`
	With  string `required:"" help:"With whom you spoke."`
	Of    int    `help:"The version of the agreement, where several wait." placeholder:"N"`
}

// Help shows how it is used.
func (keyCompareCmd) Help() string {
	return `A version of the agreement gives a party another party key. Call the other side at a number that you knew before.
The side whose key it is reads out what "parley key list" prints of it; the other writes down what it hears, reads it
back, and both enter what they heard. The node compares it with the key in the version. Do not copy it from a screen.

Example:

  parley key compare --heard "81b7 09fe 11c2 5d01 6a7e 93b0 44f8 20cd, check KWD" --with "the duty supervisor of red"
`
}

// Run enters it.
func (c *keyCompareCmd) Run(a *app) error {
	body, err := json.Marshal(api.CompareKeyRequest{Version: c.Of, Heard: c.Heard, With: c.With})
	if err != nil {
		return fault.Wrap(fault.Internal, "request", err)
	}
	_, ln, err := c.lineDo(a, "compare-key", "application/json", body)
	if err != nil {
		return err
	}
	return c.printLine(a, ln)
}

// checkHeard refuses terms that give the other party another party key than the version before that this directory
// holds, unless what was heard by voice is that key.
func checkHeard(h home.Home, own string, t agreement.Terms, heard string) error {
	_, at := t.Party(own)
	if at < 0 {
		return nil
	}
	other := t.Parties[1-at]
	if heard == "" && !replacesKey(h, t, other.Name, other.PartyKey) {
		return nil
	}
	if heard == "" {
		return &fault.Error{Code: fault.Denied, Field: "heard", Rule: "is missing, and this version gives " + other.Name + " a party key that this directory does not know",
			Hint: "call " + other.Name + " at a number that you knew before, have the new key read out, and give it with --heard"}
	}
	return voice.CompareKey(heard, transcript.Fingerprint(other.PartyKey))
}

// replacesKey reports whether the newest version up to t that the directory holds names another key for a party.
func replacesKey(h home.Home, t agreement.Terms, party string, key ed25519.PublicKey) bool {
	if t.Line == "" {
		return false
	}
	list, err := keptAgreements(h, t.Line)
	if err != nil {
		return true // what it replaces is not known here
	}
	for i := len(list.Agreements) - 1; i >= 0; i-- {
		if list.Agreements[i].Version > t.Version {
			continue
		}
		ag, err := agreement.Open([]byte(list.Agreements[i].Note))
		if err != nil {
			return true
		}
		p, _ := ag.Terms.Party(party)
		return !p.PartyKey.Equal(key)
	}
	return true
}

// keyChangeRows say which new party keys wait for what.
func (t tongue) keyChangeRows(changes []view.KeyChange) [][]string {
	var rows [][]string
	for _, k := range changes {
		said := []catalogue.Message{catalogue.Say("key.change", catalogue.CountOf("version", k.Version), catalogue.ByPeople("party", k.Party), catalogue.ByPeople("names", strings.Join(k.Signers, t.Word("list.and"))))}
		for _, w := range k.Compared {
			said = append(said, catalogue.Say("key.compared", catalogue.ByPeople("officer", w.Officer), catalogue.ByPeople("party", w.Party), catalogue.ByPeople("to", w.With), catalogue.At("stamp", catalogue.Stamp, w.Time)))
		}
		rows = append(rows, []string{"new party key", t.Say(catalogue.Join(said...))})
	}
	return rows
}
