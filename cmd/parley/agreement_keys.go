package main

import (
	"crypto"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"parley/agreement"
	"parley/api"
	"parley/catalogue"
	"parley/fault"
)

type agreementKeysCmd struct {
	Sign agreementKeysSignCmd `cmd:"" help:"Sign the keys of a version, or add a signature to what the other party signed."`
	Keep agreementKeysKeepCmd `cmd:"" help:"Keep keys that both parties signed."`
}

type agreementKeysSignCmd struct {
	remote
	File   string `arg:"" optional:"" help:"What the other party signed; without it the newest version's keys are signed first."`
	Number int    `help:"Another version than the newest." placeholder:"N"`
	Out    string `short:"o" default:"-" help:"Where to write it." placeholder:"FILE"`
}

// Help shows how it is used.
func (agreementKeysSignCmd) Help() string {
	return `The keys say of a version of the agreement its number and id, the parties' names and keys, and the
witnesses, and nothing else of it. A disclosure can show them in the place of the agreement. Parties that
signed an agreement with -o FILE have them in FILE.keys; this is for versions from before.

One party signs and sends the file; the other signs that file, keeps it and sends it back.

Examples:

  parley agreement keys sign -o signed-by-blue.keys
  parley agreement keys sign signed-by-blue.keys -o both.keys
  parley agreement keys keep both.keys
`
}

// Run adds the signature.
func (c *agreementKeysSignCmd) Run(a *app) error {
	h := c.home()
	cfg, err := h.Config()
	if err != nil {
		return err
	}
	var signed []byte
	want := c.Number
	id := ""
	if c.File != "" {
		if signed, err = readFile(a, c.File, agreement.MaxBytes); err != nil {
			return err
		}
		k, err := agreement.OpenKeys(signed)
		if err != nil {
			return err
		}
		id = k.Keys.Agreement
	}
	list, err := c.agreements(a)
	if err != nil {
		return err
	}
	ag, err := pickVersion(list, want, id)
	if err != nil {
		return err
	}
	key, err := h.PartyKey(func() ([]byte, error) { return passphrase(a) })
	if err != nil {
		return err
	}
	var out []byte
	if signed == nil {
		out, err = agreement.SignKeys(ag, cfg.Party, key)
	} else {
		out, err = agreement.CosignKeys(signed, ag, cfg.Party, key)
	}
	if err != nil {
		return err
	}
	k, err := agreement.OpenKeys(out)
	if err != nil {
		return err
	}
	a.note(catalogue.Say("note.agreement-keys", catalogue.CountOf("version", ag.Terms.Version), catalogue.ByPeople("names", strings.Join(k.Signers, a.said.Word("list.and")))))
	return output(a, c.Out, out)
}

// pickVersion returns the version of an id, of a number, or the newest.
func pickVersion(list api.Agreements, number int, id string) (agreement.Agreement, error) {
	for i := len(list.Agreements) - 1; i >= 0; i-- {
		v := list.Agreements[i]
		if id != "" && v.ID != id || number > 0 && v.Version != number {
			continue
		}
		return agreement.Open([]byte(v.Note))
	}
	value := id
	if id == "" {
		value = strconv.Itoa(number)
	}
	return agreement.Agreement{}, &fault.Error{Code: fault.NotFound, Field: "agreement", Value: fault.Shorten(value), Rule: "is no version of this line's agreement", Hint: "see them: parley agreement show --json"}
}

type agreementKeysKeepCmd struct {
	remote
	File string `arg:"" help:"The keys, signed by both parties."`
}

// Help shows how it is used.
func (agreementKeysKeepCmd) Help() string {
	return "Example:\n\n  parley agreement keys keep both.keys\n"
}

// Run keeps the file in the node's directory.
func (c *agreementKeysKeepCmd) Run(a *app) error {
	data, err := readFile(a, c.File, agreement.MaxBytes)
	if err != nil {
		return err
	}
	k, err := agreement.OpenKeys(data)
	if err != nil {
		return err
	}
	list, err := c.agreements(a)
	if err != nil {
		return err
	}
	ag, err := pickVersion(list, 0, k.Keys.Agreement)
	if err != nil {
		return err
	}
	if err := ag.Holds(k); err != nil {
		return err
	}
	if err := c.home().KeepKeys(ag, data); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, map[string]any{"line": ag.LineID(), "agreement": ag.ID, "version": ag.Terms.Version})
	}
	return a.said.say(a, catalogue.Say("done.kept-keys", catalogue.CountOf("version", ag.Terms.Version)))
}

// keysSuffix ends the name of the file of keys beside a signed agreement.
const keysSuffix = ".keys"

// signKeysBeside signs the keys of an agreement beside it: those of the other party, where they lie beside
// what it signed, and else alone.
func signKeysBeside(a *app, ag agreement.Agreement, party string, key crypto.Signer, from, to string) error {
	was, err := readBeside(a, from)
	if err != nil {
		return err
	}
	var out []byte
	if was != nil {
		out, err = agreement.CosignKeys(was, ag, party, key)
	} else {
		out, err = agreement.SignKeys(ag, party, key)
	}
	if err != nil {
		return fault.In(from+keysSuffix, err)
	}
	return output(a, to+keysSuffix, out)
}

// keysBeside returns the keys beside an agreement where both parties signed them; nil where they did not.
func keysBeside(a *app, ag agreement.Agreement, path string) ([]byte, error) {
	data, err := readBeside(a, path)
	if err != nil || data == nil {
		return nil, err
	}
	k, err := agreement.OpenKeys(data)
	if err != nil {
		return nil, fault.In(path+keysSuffix, err)
	}
	if !k.Signed() {
		return nil, nil
	}
	return data, fault.In(path+keysSuffix, ag.Holds(k))
}

func readBeside(a *app, path string) ([]byte, error) {
	if path == "-" {
		return nil, nil
	}
	if _, err := os.Stat(path + keysSuffix); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return readFile(a, path+keysSuffix, agreement.MaxBytes)
}
