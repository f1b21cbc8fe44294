package main

import (
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/agreement"
	"parley/fault"
	"parley/node/body"
	"parley/node/view"
	"parley/transcript"
)

// toldEntry is one line of log --file --json: an entry as the log of a node shows it, but for when that
// node held it.
type toldEntry struct {
	Entry     string                    `json:"entry"`
	Party     string                    `json:"party"`
	Seq       int64                     `json:"seq"`
	Last      int64                     `json:"last,omitzero"` // of several that are not shown
	Hidden    bool                      `json:"hidden,omitzero"`
	Error     string                    `json:"error,omitzero"`
	Time      *time.Time                `json:"time,omitzero"`
	Kind      string                    `json:"kind,omitzero"`
	Drill     bool                      `json:"drill,omitzero"`
	Exercise  bool                      `json:"exercise,omitzero"` // a drill in an agreed window
	Agreement string                    `json:"agreement,omitzero"`
	SeenSize  int64                     `json:"seen_size"`
	Delivered *time.Time                `json:"delivered"`
	Receiver  string                    `json:"receiver"` // whose clock Delivered is by
	Shown     map[string]bool           `json:"shown,omitzero"`
	Fields    map[string]jsontext.Value `json:"fields,omitzero"`
}

// fromFile checks a bundle as verify does and then shows its entries, without a node.
func (c *logCmd) fromFile(a *app) error {
	switch {
	case c.Follow:
		return fault.New("follow", "", "cannot follow a file", "leave out --follow, or leave out --file to follow a node")
	case c.File == "-":
		return fault.New("file", "-", "is read twice, which standard input cannot be", "give the name of a file")
	}
	if err := body.CheckKind(c.Kind); err != nil {
		return err
	}
	in, err := openFile(c.File)
	if err != nil {
		return err
	}
	prog := newProgress(a, "verify")
	var agreed []agreement.Agreement // in the order of their versions, as the file has them
	info := func(note []byte) (transcript.AgreementInfo, error) {
		i, err := agreement.Info(note)
		if a, openErr := agreement.Open(note); err == nil && openErr == nil {
			agreed = append(agreed, a)
		}
		return i, err
	}
	rep := transcript.Verify(in, transcript.Options{Agreement: info, Progress: func(n int64) { prog.at(n, "entries") }})
	if err := in.Close(); err != nil {
		return fault.Wrap(fault.Unavailable, "file", err)
	}
	if err := c.verdict(a, rep); err != nil {
		return err
	}
	parties := map[string]transcript.TranscriptReport{}
	for _, t := range rep.Transcripts {
		parties[t.Origin] = t
	}
	for told, err := range transcript.Woven(func() (io.ReadCloser, error) { return openFile(c.File) }) {
		if err != nil && rep.OK {
			return err
		}
		if err != nil {
			break // the verdict said so
		}
		e := tell(rep, parties[told.Origin.String()], told)
		if e.Drill {
			_, e.Exercise = agreement.ExerciseUntil(agreed, *e.Time)
		}
		if c.Party != "" && c.Party != e.Party || c.Kind != "" && c.Kind != e.Kind {
			continue
		}
		if err := c.printTold(a, e); err != nil {
			return err
		}
	}
	if !rep.OK {
		return exitCorrupt
	}
	return nil
}

// verdict says first whether the file holds: for programs on standard error, and only where it does not.
func (c *logCmd) verdict(a *app, rep transcript.Report) error {
	more := ""
	if !rep.OK {
		more = "; do not rely on what follows; what is wrong: parley verify " + c.File
	}
	var err error
	switch {
	case !c.JSON:
		_, err = fmt.Fprintf(a.stdout, "%s%s\n", plain(rep.Verdict()), plain(more))
	case !rep.OK:
		_, err = fmt.Fprintf(a.stderr, "parley: %s %s%s\n", plain(c.File), plain(rep.Verdict()), plain(more))
	}
	return fault.Wrap(fault.Unavailable, "print", err)
}

func tell(rep transcript.Report, t transcript.TranscriptReport, told transcript.Told) toldEntry {
	e := toldEntry{Entry: transcript.EntryName(told.Origin, told.Index), Party: t.Author, Receiver: t.Receiver, Seq: told.Index, Hidden: told.Hidden}
	if at, ok := rep.Held(told.Origin, told.Index); ok {
		e.Delivered = &at
	}
	switch {
	case told.Hidden:
		e.Last, e.Delivered = told.To-1, nil
		return e
	case told.Err != nil:
		e.Error = told.Err.Error()
		return e
	}
	e.Time, e.Kind, e.Drill, e.Agreement, e.SeenSize = &told.Entry.Time, told.Entry.Kind, told.Entry.Drill, told.Entry.Agreement, told.Entry.Seen.Size
	e.Shown, e.Fields = map[string]bool{}, map[string]jsontext.Value{}
	for _, f := range told.Fields {
		e.Shown[f.Name], e.Fields[f.Name] = f.Shown, f.Value
	}
	return e
}

func (c *logCmd) printTold(a *app, e toldEntry) error {
	if c.JSON {
		data, err := json.Marshal(e, json.Deterministic(true))
		if err != nil {
			return fault.Wrap(fault.Internal, "print", err)
		}
		_, err = fmt.Fprintf(a.stdout, "%s\n", data)
		return fault.Wrap(fault.Unavailable, "print", err)
	}
	name := shortEntry(e.Entry)
	switch {
	case e.Hidden && e.Last > e.Seq:
		return say(a, fmt.Sprintf("%20s  %-7s %s to #%d: not shown in this file", "", name, e.Party, e.Last))
	case e.Hidden:
		return say(a, fmt.Sprintf("%20s  %-7s %s: not shown in this file", "", name, e.Party))
	case e.Error != "":
		return say(a, fmt.Sprintf("%20s  %-7s %s: cannot be read: %s", "", name, e.Party, e.Error))
	}
	delivered := ""
	if e.Delivered != nil {
		delivered = fmt.Sprintf(", held by %s at %s by its clock", e.Receiver, stamp(*e.Delivered))
	}
	return c.printEntry(a, view.Entry{Entry: e.Entry, Party: e.Party, Time: *e.Time, Kind: e.Kind, Drill: e.Drill, Exercise: e.Exercise, Delivered: e.Delivered, Fields: e.Fields}, delivered)
}
