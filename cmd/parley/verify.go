package main

import (
	"crypto/ed25519"
	"io"

	"parley/agreement"
	"parley/cmd/parley/home"
	"parley/fault"
	"parley/transcript"
)

type verifyCmd struct {
	File  string `arg:"" help:"What parley export wrote; - for standard input."`
	Trust string `help:"A file of the party keys that you know." placeholder:"KEYS"`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// maxSaid is of how many entries of a transcript verify says when each was said and delivered; a whole
// export holds more, and parley log --file shows them.
const maxSaid = 100

// Help shows how it is used.
func (verifyCmd) Help() string {
	return `Exit status 0 says that everything in the file holds and, with --trust, that every signer is one
whose key KEYS names. Each line of KEYS is a party's name, or *, and a fingerprint SHA256:... or a
key ssh-ed25519 AAAA...

Examples:

  parley verify blue.bundle
  parley verify blue.bundle --trust keys.txt --json
`
}

// Run verifies the file.
func (c *verifyCmd) Run(a *app) error {
	opts := transcript.Options{Agreement: agreement.Info, Said: maxSaid}
	if c.Trust != "" {
		trust, err := c.trusted(a)
		if err != nil {
			return err
		}
		opts.Trust = trust
	}
	in, err := input(a, c.File)
	if err != nil {
		return err
	}
	defer in.Close()
	prog := newProgress(a, "verify")
	opts.Progress = func(n int64) { prog.at(n, "entries") }
	rep := transcript.Verify(in, opts)
	if c.JSON {
		err = printJSON(a.stdout, rep)
	} else {
		err = rep.WriteText(a.stdout)
	}
	if err != nil {
		return fault.Wrap(fault.Unavailable, "print", err)
	}
	if !rep.OK {
		return exitCorrupt
	}
	return nil
}

// trusted reads the file of keys. A fingerprint stands for the party key of the bundle that has it;
// one that no key has stands for none.
func (c *verifyCmd) trusted(a *app) ([]transcript.TrustedKey, error) {
	data, err := readFile(a, c.Trust, home.MaxTrustBytes)
	if err != nil {
		return nil, err
	}
	lines, err := home.ParseTrust(data)
	if err != nil {
		return nil, fault.In("trust", err)
	}
	byPrint := map[string]ed25519.PublicKey{}
	for _, t := range lines {
		if t.Key == nil && c.File == "-" {
			return nil, fault.New("trust", t.Fingerprint, "is a fingerprint, and standard input can be read once only", "give the key itself, or name the file")
		}
		if t.Key == nil {
			if byPrint, err = partyKeys(c.File); err != nil {
				return nil, err
			}
			break
		}
	}
	out := []transcript.TrustedKey{}
	for _, t := range lines {
		key := t.Key
		if key == nil {
			key = byPrint[t.Fingerprint]
		}
		if key != nil {
			out = append(out, transcript.TrustedKey{Name: t.Name, Key: key})
		}
	}
	return out, nil
}

// partyKeys returns the party keys that the agreements of a bundle name, by fingerprint. What does
// not hold is left to the verifier to say.
func partyKeys(path string) (map[string]ed25519.PublicKey, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := map[string]ed25519.PublicKey{}
	r := transcript.NewBundleReader(f)
	for {
		rec, err := r.Next()
		if err == io.EOF || err != nil || rec.Kind != transcript.RecordAgreement {
			return out, nil
		}
		ag, err := agreement.Open(rec.Note)
		if err != nil {
			continue
		}
		for _, p := range ag.Terms.Parties {
			out[transcript.Fingerprint(p.PartyKey)] = p.PartyKey
		}
	}
}
