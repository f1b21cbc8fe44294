package main

import (
	"bufio"
	"io"
	"os"
	"slices"

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
	var out besides
	by, err := readKnown(a, c.Trust)
	if err != nil {
		return err
	}
	files, done, err := c.rereadable(a)
	if err != nil {
		return err
	}
	defer done()
	for i, name := range []string{c.File, c.Beside} {
		rep, err := c.keeping(a, by, name, files[i], nil)
		if err != nil {
			return err
		}
		out.Files = append(out.Files, besideFile{name, rep})
	}
	if err := c.withLater(a, by, files, out.Files); err != nil {
		return err
	}
	out.OK = out.Files[0].OK && out.Files[1].OK
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

// withLater judges a file anew with the versions of the agreement that only the other has: they can revoke a key
// that signed in it. A file that does not hold vouches for nothing.
func (c *verifyCmd) withLater(a *app, by known, paths [2]string, files []besideFile) error {
	for i := range files {
		later := files[1-i].NewerThan(files[i].Report)
		if !files[1-i].OK || len(later) == 0 {
			continue
		}
		rep, err := c.keeping(a, by, files[i].File, paths[i], later)
		if err != nil {
			return err
		}
		files[i].Report = rep
	}
	return nil
}

// rereadable returns where the two files can be read more than once; done takes away what was made for that.
func (c *verifyCmd) rereadable(a *app) (paths [2]string, done func(), err error) {
	paths, done = [2]string{c.File, c.Beside}, func() {}
	at := slices.Index(paths[:], "-")
	if at < 0 {
		return paths, done, nil
	}
	copied, err := os.CreateTemp("", "parley-verify-*")
	if err != nil {
		return paths, done, fault.Wrap(fault.Unavailable, "file", err)
	}
	paths[at], done = copied.Name(), func() { _ = os.Remove(copied.Name()) }
	if _, err := io.Copy(copied, a.stdin); err != nil {
		_ = copied.Close()
		done()
		return paths, func() {}, &fault.Error{Code: fault.Unavailable, Field: "file", Value: "-", Rule: "cannot be read", Err: err}
	}
	if err := copied.Close(); err != nil {
		done()
		return paths, func() {}, fault.Wrap(fault.Unavailable, "file", err)
	}
	return paths, done, nil
}

// keeping verifies one of the files, which lies at a path, and keeps what is compared.
func (c *verifyCmd) keeping(a *app, by known, name, path string, later []transcript.LaterVersion) (transcript.Report, error) {
	rep, err := c.keepingOf(a, by, name, path, later)
	if err != nil {
		return rep, fault.In(name, err)
	}
	return rep, nil
}

func (c *verifyCmd) keepingOf(a *app, by known, name, path string, later []transcript.LaterVersion) (transcript.Report, error) {
	file, err := openFile(path)
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
	res := verdict.Check(in, verdict.Options{Trust: by.trust, Witnesses: by.witnesses, DemandWitnessed: c.Witnessed, Keep: true, Later: later, Progress: func(n int64) { prog.at(n) }})
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
