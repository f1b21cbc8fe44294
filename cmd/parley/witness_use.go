package main

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"parley/agreement"
	"parley/catalogue"
	"parley/cmd/parley/home"
	"parley/fault"
	"parley/node"
	"parley/transcript"
	"parley/witness"
)

type witnessUseCmd struct {
	where
	Key string `arg:"" help:"The witness's key, as it publishes it: name+hash+key."`
	URL string `arg:"" name:"url" help:"The beginning of its addresses: https://HOST/PATH."`
}

// Help shows how it is used.
func (witnessUseCmd) Help() string {
	return `The node submits both transcripts of its lines to the witness each minute from its next start on. The
agreement says which witnesses count; each party says for itself where it finds them.

Example:

  parley witness use witness.example.org/w1+ea1ab4e1+BAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g https://witness.example.org
`
}

// Run keeps where the witness is.
func (c *witnessUseCmd) Run(a *app) error {
	k, err := transcript.ParseWitnessKey(c.Key)
	if err != nil {
		return err
	}
	if err := witness.CheckURL(c.URL); err != nil {
		return err
	}
	cfg, err := c.home().Config()
	if err != nil {
		return err
	}
	cfg.Witnesses = append(withoutWitness(cfg.Witnesses, k.Name), home.WitnessAddress{Key: c.Key, URL: c.URL})
	if err := c.home().SaveConfig(cfg); err != nil {
		return err
	}
	return a.said.say(a, catalogue.Say("witnesses.used", catalogue.AsCode("command", "parley witness logs")))
}

func withoutWitness(list []home.WitnessAddress, name string) []home.WitnessAddress {
	return slices.DeleteFunc(slices.Clone(list), func(w home.WitnessAddress) bool { return strings.HasPrefix(w.Key, name+"+") })
}

type witnessDropCmd struct {
	where
	Name string `arg:"" help:"The witness's name."`
}

// Help shows how it is used.
func (witnessDropCmd) Help() string {
	return `What it cosigned stays. Where the agreement names it, it is missed from then on.

Example:

  parley witness drop witness.example.org/w1
`
}

// Run forgets where the witness is.
func (c *witnessDropCmd) Run(a *app) error {
	cfg, err := c.home().Config()
	if err != nil {
		return err
	}
	left := withoutWitness(cfg.Witnesses, c.Name)
	if len(left) == len(cfg.Witnesses) {
		return &fault.Error{Code: fault.NotFound, Field: "witness", Value: fault.Shorten(c.Name), Rule: "is not one that this node uses", Hint: "see parley line status"}
	}
	cfg.Witnesses = left
	if err := c.home().SaveConfig(cfg); err != nil {
		return err
	}
	return a.said.say(a, catalogue.Say("witnesses.dropped"))
}

type witnessLogsCmd struct {
	where
	Line   string `help:"The line, where there is more than one." placeholder:"LINE"`
	Epochs int64  `help:"For other witnesses than Parley's: each transcript of so many epochs by itself, with its C2SP verifier key." placeholder:"N"`
}

// Help shows how it is used.
func (witnessLogsCmd) Help() string {
	return `It prints, for both parties, what the operator of a witness needs: on each line the origin of a transcript
and the key that signs its heads. Add them to the witness's file of logs. One line stands for all epochs of a
transcript; other C2SP witnesses want each epoch by itself.

Examples:

  parley witness logs
  parley witness logs --epochs 3
`
}

// Run prints the logs.
func (c *witnessLogsCmd) Run(a *app) error {
	cfg, err := c.home().Config()
	if err != nil {
		return err
	}
	id, err := cfg.Pick(c.Line)
	if err != nil {
		return err
	}
	notes, err := c.home().Notes(id)
	if err != nil {
		return err
	}
	newest, err := agreement.Open(notes[len(notes)-1])
	if err != nil {
		return err
	}
	for i, side := range []transcript.Side{transcript.A, transcript.B} {
		for _, k := range newest.Terms.Parties[i].LineKeys {
			if !k.Revoked.IsZero() && !a.now().Before(k.Revoked) {
				continue
			}
			if c.Epochs == 0 {
				fmt.Fprintf(a.stdout, "parley/%s/*/%s %s\n", id, side, base64.StdEncoding.EncodeToString(k.Public))
			}
			for epoch := int64(1); epoch <= c.Epochs; epoch++ {
				o := transcript.Origin{Line: id, Epoch: epoch, Side: side}.String()
				fmt.Fprintf(a.stdout, "%s %s\n", o, transcript.LogKey(o, k.Public))
			}
		}
	}
	return nil
}

// witnessAddresses are those of a configuration.
func witnessAddresses(cfg home.Config) ([]node.WitnessAddress, error) {
	var out []node.WitnessAddress
	for _, w := range cfg.Witnesses {
		k, err := transcript.ParseWitnessKey(w.Key)
		if err != nil {
			return nil, err
		}
		out = append(out, node.WitnessAddress{Key: k, URL: w.URL})
	}
	return out, nil
}
