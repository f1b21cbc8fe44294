package main

import (
	"bufio"
	"io"

	"parley/catalogue"
	"parley/fault"
	"parley/statement"
	"parley/transcript"
	"parley/verdict"
)

type verifyCmd struct {
	File      string `arg:"" optional:"" help:"What parley export, disclose or statement export wrote; - for standard input."`
	Trust     string `help:"A file of the keys of parties and witnesses that you know." placeholder:"KEYS"`
	Witnessed bool   `help:"Demand that each entry in the file is witnessed as its agreement asks."`
	JSON      bool   `name:"json" help:"Print JSON."`
	Beside    string `help:"Hold FILE beside this second file of the same line: whether both can be honest." placeholder:"FILE"`
	Out       string `short:"o" help:"With --beside: where to write what shows a fork, as a small file of its own." placeholder:"FILE"`
	Page      string `help:"Write the verify page to this file: it does the same in a browser, from a file, without a network." placeholder:"FILE"`
}

// Help shows how it is used.
func (verifyCmd) Help() string {
	return `Exit status 0 says that everything in the file holds and, with --trust, that every signer is one
whose key KEYS names. Each line of KEYS is a party's name, or *, and a fingerprint SHA256:... or a
key ssh-ed25519 AAAA..., or the key of a witness alone, as the witness publishes it: name+hash+key. Where
KEYS names witnesses, the cosignatures of no other count.

Examples:

  parley verify blue.bundle
  parley verify blue.bundle --trust keys.txt --json
  parley verify blue.bundle --trust keys.txt --witnessed
  parley verify blue.bundle --beside red.bundle -o fork.bundle
  parley verify --page parley-verify.html
`
}

// Run verifies the file.
func (c *verifyCmd) Run(a *app) error {
	switch {
	case c.Out != "" && c.Beside == "":
		return fault.New("out", c.Out, "is for what two files show of one another", "name the second file with --beside")
	case c.Page != "" && c.File != "":
		return fault.New("page", c.Page, "is written without looking at a file", "leave out one of the two")
	case c.Page != "":
		return writePage(a, c.Page, c.JSON)
	case c.File == "":
		return fault.New("file", "", "is missing", "name what parley export wrote, or - for standard input")
	}
	if c.Beside != "" {
		return c.beside(a)
	}
	known, err := readKnown(a, c.Trust)
	if err != nil {
		return err
	}
	file, err := input(a, c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	src := &watched{Reader: file}
	in := bufio.NewReaderSize(src, 1<<20)
	if head, _ := in.Peek(len(statement.TypeLine) + 1); verdict.IsStatement(head) { // a file that is shorter is none
		return verifyNote(a, in, known.trust, c.JSON)
	}
	prog := newProgress(a, verifying)
	res := verdict.Check(in, verdict.Options{Trust: known.trust, Witnesses: known.witnesses, DemandWitnessed: c.Witnessed, Progress: func(n int64) { prog.at(n) }})
	if err := src.failed(c.File); err != nil {
		return err
	}
	res.In = a.said.Catalogue
	stated, err := c.statements(res)
	if err != nil {
		return err
	}
	if c.JSON {
		err = printJSON(a.stdout, verified{res.Brief(), stated})
	} else if err = res.WriteText(a.stdout); err == nil && stated != nil {
		err = stated.WriteText(a.stdout, res)
	}
	if err == nil && stated == nil && !c.JSON {
		err = a.said.say(a, catalogue.Say("wrote.no-statements"))
	}
	if err != nil {
		return fault.Wrap(fault.Unavailable, "print", err)
	}
	if !res.OK {
		return exitCorrupt
	}
	return nil
}

// watched keeps why a file could not be read on: that is no answer about the evidence in it.
type watched struct {
	io.Reader
	err error
}

func (w *watched) Read(b []byte) (int, error) {
	n, err := w.Reader.Read(b)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

func (w *watched) failed(name string) error {
	if w.err == nil {
		return nil
	}
	return &fault.Error{Code: fault.Unavailable, Field: "file", Value: fault.Shorten(name), Rule: "cannot be read", Err: w.err}
}

// verified is what verify says of a bundle as JSON. The statements are null on standard input.
type verified struct {
	transcript.Report
	Statements *verdict.Statements `json:"statements"`
}

// statements reads the statements of the file once more, which standard input cannot be.
func (c *verifyCmd) statements(res verdict.Result) (*verdict.Statements, error) {
	if c.File == "-" {
		return nil, nil
	}
	s, err := res.Statements(func() (io.ReadCloser, error) { return openFile(c.File) })
	if err != nil && res.OK {
		return nil, err
	}
	return &s, nil // of a file that does not hold, as far as it can be read
}

// verifying says how far a check of evidence is.
func verifying(n int) catalogue.Message {
	return catalogue.Say("progress.verify", catalogue.CountOf("count", n))
}

// known is whom a reader knows: party keys, nil where no file is named, and witnesses.
type known struct {
	trust     []transcript.TrustedKey
	witnesses []transcript.WitnessKey
}

// readKnown reads a file of trusted keys once: it may be a pipe, and may change.
func readKnown(a *app, path string) (k known, err error) {
	if path == "" {
		return k, nil
	}
	data, err := readFile(a, path, verdict.MaxTrustBytes)
	if err != nil {
		return k, err
	}
	if k.trust, err = verdict.ParseTrust(data); err == nil {
		k.witnesses, err = verdict.ParseWitnesses(data)
	}
	return k, fault.In("trust", err)
}

// verifyNote judges a file with one signed statement.
func verifyNote(a *app, in io.Reader, trust []transcript.TrustedKey, asJSON bool) error {
	data, err := io.ReadAll(io.LimitReader(in, statement.MaxBytes+1))
	if err != nil {
		return fault.Wrap(fault.Unavailable, "read", err)
	}
	n := verdict.CheckStatement(data, trust)
	n.In = a.said.Catalogue
	if asJSON {
		err = printJSON(a.stdout, n)
	} else {
		err = n.WriteText(a.stdout)
	}
	if err != nil {
		return fault.Wrap(fault.Unavailable, "print", err)
	}
	if !n.OK {
		return exitCorrupt
	}
	return nil
}
