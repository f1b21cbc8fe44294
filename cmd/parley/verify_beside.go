package main

import (
	"bufio"
	"io"

	"parley/catalogue"
	"parley/cmd/parley/home"
	"parley/fault"
	"parley/statement"
	"parley/transcript"
	"parley/verdict"
)

// besides is what verify --beside says as JSON.
type besides struct {
	OK    bool         `json:"ok"` // both files hold, and no fork is shown
	Files []besideFile `json:"files"`
	transcript.Comparison
	Fork string `json:"fork_file,omitempty"` // where the fork was written
}

type besideFile struct {
	File string `json:"file"`
	transcript.Report
}

// beside holds two files of one line beside one another.
func (c *verifyCmd) beside(a *app) error {
	if c.File == "-" && c.Beside == "-" {
		return fault.New("beside", "-", "is standard input, and so is the first file", "name one of the two files")
	}
	out := besides{OK: true}
	for _, name := range []string{c.File, c.Beside} {
		rep, err := c.keeping(a, name)
		if err != nil {
			return fault.In(name, err)
		}
		out.OK = out.OK && rep.OK
		out.Files = append(out.Files, besideFile{name, rep})
	}
	one, two := &out.Files[0].Report, &out.Files[1].Report
	if out.OK {
		if one.Line != two.Line {
			return fault.New("beside", c.Beside, "is of another line", "give two files of one line")
		}
		out.Comparison = transcript.Compare(*one, *two)
	}
	out.OK = out.OK && out.Fit != transcript.NotSeen
	if out.Fit == transcript.Forks {
		out.OK = false
		if c.Out != "" {
			if err := writeFork(a, c.Out, out.Comparison); err != nil {
				return err
			}
			out.Fork = c.Out
		}
	}
	if err := c.sayBeside(a, out); err != nil {
		return fault.Wrap(fault.Unavailable, "print", err)
	}
	if !out.OK {
		return exitCorrupt
	}
	return nil
}

// keeping verifies one of the files and keeps what is compared.
func (c *verifyCmd) keeping(a *app, name string) (transcript.Report, error) {
	trust, err := readTrust(a, c.Trust)
	if err != nil {
		return transcript.Report{}, err
	}
	witnesses, err := readWitnesses(a, c.Trust)
	if err != nil {
		return transcript.Report{}, err
	}
	file, err := input(a, name)
	if err != nil {
		return transcript.Report{}, err
	}
	defer file.Close()
	src := &watched{Reader: file}
	in := bufio.NewReaderSize(src, 1<<20)
	if head, _ := in.Peek(len(statement.TypeLine) + 1); verdict.IsStatement(head) {
		return transcript.Report{}, fault.New("file", name, "is a statement, which has no transcript", "give two files of parley export or parley disclose")
	}
	prog := newProgress(a, verifying)
	res := verdict.Check(in, verdict.Options{Trust: trust, Witnesses: witnesses, DemandWitnessed: c.Witnessed, Keep: true, Progress: func(n int64) { prog.at(n) }})
	return res.Brief(), src.failed(name)
}

func writeFork(a *app, path string, c transcript.Comparison) error {
	write := func(w io.Writer) error {
		_, err := c.WriteFork(w)
		return err
	}
	if path == "-" {
		return write(a.stdout)
	}
	return home.StreamFile(path, 0o600, write)
}

func (c *verifyCmd) sayBeside(a *app, out besides) error {
	if c.Out == "-" && out.Fork != "" {
		return nil // the file itself is what was asked for
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	both := verdict.Besides{Comparison: out.Comparison, In: a.said.Catalogue}
	for _, f := range out.Files {
		both.Names, both.Reports = append(both.Names, plain(f.File)), append(both.Reports, f.Report)
	}
	if err := both.WriteText(a.stdout); err != nil {
		return err
	}
	switch {
	case out.Fork != "":
		return a.said.say(a, catalogue.Say("verdict.wrote-fork", catalogue.AsCode("file", out.Fork), catalogue.AsCode("command", "parley verify "+out.Fork)))
	case c.Out != "":
		return a.said.say(a, catalogue.Say("verdict.no-fork"))
	}
	return nil
}
