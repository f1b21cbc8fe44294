package main

import (
	"parley/fault"
	"parley/verdict"
)

type verifyCmd struct {
	File  string `arg:"" help:"What parley export wrote; - for standard input."`
	Trust string `help:"A file of the party keys that you know." placeholder:"KEYS"`
	JSON  bool   `name:"json" help:"Print JSON."`
}

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
	var opts verdict.Options
	if c.Trust != "" {
		data, err := readFile(a, c.Trust, verdict.MaxTrustBytes)
		if err != nil {
			return err
		}
		if opts.Trust, err = verdict.ParseTrust(data); err != nil {
			return fault.In("trust", err)
		}
	}
	in, err := input(a, c.File)
	if err != nil {
		return err
	}
	defer in.Close()
	prog := newProgress(a, "verify")
	opts.Progress = func(n int64) { prog.at(n, "entries") }
	rep := verdict.Check(in, opts).Brief()
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
