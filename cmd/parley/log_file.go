package main

import (
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/catalogue"
	"parley/fault"
	"parley/node/body"
	"parley/node/view"
	"parley/transcript"
	"parley/verdict"
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
	Exercise  bool                      `json:"exercise,omitzero"`      // a drill in an agreed window
	Unknown   bool                      `json:"drill_unknown,omitzero"` // the file does not show when drills are
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
	prog := newProgress(a, verifying)
	res := verdict.Check(in, verdict.Options{Progress: func(n int64) { prog.at(n) }})
	if err := in.Close(); err != nil {
		return fault.Wrap(fault.Unavailable, "file", err)
	}
	res.In = a.said.Catalogue
	if err := c.verdict(a, res); err != nil {
		return err
	}
	for row, err := range res.Timeline(func() (io.ReadCloser, error) { return openFile(c.File) }) {
		if err != nil && res.OK {
			return err
		}
		if err != nil {
			break // the verdict said so
		}
		if c.Party != "" && c.Party != row.Party || c.Kind != "" && c.Kind != row.Entry.Kind {
			continue
		}
		if err := c.printTold(a, tell(row)); err != nil {
			return err
		}
	}
	if !res.OK {
		return exitCorrupt
	}
	return nil
}

// verdict says first whether the file holds: for programs on standard error, and only where it does not.
func (c *logCmd) verdict(a *app, rep verdict.Result) error {
	more, t := "", a.said
	if !rep.OK {
		more = t.Word("list.semicolon") + t.Say(catalogue.Say("log.do-not-rely", catalogue.AsCode("command", "parley verify "+c.File)))
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

func tell(r verdict.Row) toldEntry {
	e := toldEntry{Entry: transcript.EntryName(r.Origin, r.Index), Party: r.Party, Receiver: r.Receiver, Seq: r.Index, Hidden: r.Hidden}
	switch {
	case r.Hidden:
		e.Last = r.To - 1
		return e
	case r.Err != nil:
		e.Error = r.Err.Error()
		return e
	}
	if !r.Held.IsZero() {
		e.Delivered = &r.Held
	}
	e.Time, e.Kind, e.Drill, e.Agreement, e.SeenSize = &r.Entry.Time, r.Entry.Kind, r.Entry.Drill, r.Entry.Agreement, r.Entry.Seen.Size
	e.Exercise, e.Unknown, e.Shown, e.Fields = r.Exercise, r.Unknown, map[string]bool{}, map[string]jsontext.Value{}
	for _, f := range r.Fields {
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
	t, gap := a.said, fmt.Sprintf("%20s  %-7s ", "", shortEntry(e.Entry))
	switch {
	case e.Hidden && e.Last > e.Seq:
		return say(a, gap+t.Say(catalogue.Say("log.hidden-to", catalogue.ByPeople("party", e.Party), catalogue.AsCode("id", fmt.Sprintf("#%d", e.Last)))))
	case e.Hidden:
		return say(a, gap+t.Say(catalogue.Say("log.hidden", catalogue.ByPeople("party", e.Party))))
	case e.Error != "":
		return say(a, gap+t.Say(catalogue.Say("log.unreadable", catalogue.ByPeople("party", e.Party), catalogue.RefusedFor("refusal", e.Error))))
	}
	delivered := ""
	if e.Delivered != nil {
		delivered = t.Word("list.comma") + t.Say(catalogue.Say("log.held", catalogue.ByPeople("party", e.Receiver), catalogue.At("stamp", catalogue.Stamp, *e.Delivered)))
	}
	kind := e.Kind
	if e.Unknown {
		kind += " (" + t.Word("log.drill-said") + ")"
	}
	return c.printEntry(a, view.Entry{Entry: e.Entry, Party: e.Party, Time: *e.Time, Kind: kind, Drill: e.Drill && !e.Unknown, Exercise: e.Exercise, Delivered: e.Delivered, Fields: e.Fields}, delivered)
}
