package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

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
	in := bufio.NewReaderSize(file, 1<<20)
	if head, _ := in.Peek(len(statement.TypeLine) + 1); verdict.IsStatement(head) {
		return transcript.Report{}, fault.New("file", name, "is a statement, which has no transcript", "give two files of parley export or parley disclose")
	}
	prog := newProgress(a, verifying)
	res := verdict.Check(in, verdict.Options{Trust: trust, Witnesses: witnesses, DemandWitnessed: c.Witnessed, Keep: true, Progress: func(n int64) { prog.at(n) }})
	return res.Brief(), nil
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
	var b strings.Builder
	b.WriteString(besideWords(out) + "\n")
	for _, f := range out.Files {
		fmt.Fprintf(&b, "%s: %s\n", plain(f.File), f.Verdict())
		if i := slices.IndexFunc(f.Checks, func(x transcript.Check) bool { return !x.OK }); i >= 0 {
			fmt.Fprintf(&b, "  wrong (%s) %s: %s\n", f.Checks[i].Name, f.Short(f.Checks[i].Entry), f.Short(f.Checks[i].Reason))
		}
	}
	for _, t := range out.Transcripts {
		fmt.Fprintf(&b, "what %s said, %s: %s\n", t.Author, out.Files[0].Short(t.Origin), out.Files[0].Short(t.Words))
	}
	switch {
	case out.Fork != "":
		fmt.Fprintf(&b, "wrote %s, which shows it alone: parley verify %s\n", out.Fork, out.Fork)
	case c.Out != "":
		b.WriteString("no fork is shown: nothing was written\n")
	}
	_, err := io.WriteString(a.stdout, b.String())
	return err
}

func besideWords(out besides) string {
	holds := !slices.ContainsFunc(out.Files, func(f besideFile) bool { return !f.OK })
	switch {
	case !holds:
		return "not compared: a file that does not hold shows nothing of another"
	case out.Fit == transcript.Forks:
		return transcript.NotBothHonest
	case out.Fit == transcript.NotShown:
		return "nothing in these files shows whether all of them fits together"
	case out.Fit == transcript.OnlyInOne:
		return "the two files have no transcript in common: there is nothing to compare"
	}
	return "both fit together"
}
