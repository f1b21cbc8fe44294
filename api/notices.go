package api

import (
	"context"
	"fmt"

	"parley/fault"
	"parley/node"
	"parley/node/view"
	"parley/notice"
	"parley/notice/intake"
)

func (a *api) getNotices(c *call) (any, error) {
	q, err := c.query("line", "party", "live", "echo", "body", "picture")
	if err != nil {
		return nil, err
	}
	f := node.Filter{Line: q["line"], Party: q["party"]}
	for name, at := range map[string]*bool{"live": &f.Live, "echo": &f.Echo, "body": &f.Body} {
		if *at, err = flag(q, name); err != nil {
			return nil, err
		}
	}
	ctx := c.r.Context()
	if err := a.knownParty(ctx, f.Party); err != nil {
		return nil, err
	}
	pic, err := pictureOf(q)
	if err != nil {
		return nil, err
	}
	notices, err := a.cfg.Node.Notices(ctx, f)
	if err != nil {
		return nil, err
	}
	notices = chosen(pic, notices, func(n *view.Notice) bool { return n.Exercise })
	compared, err := a.compared(ctx, f.Line, pic)
	if err != nil {
		return nil, err
	}
	return Notices{notices, compared}, nil
}

// compared says for a line, or for all, what was compared with what.
func (a *api) compared(ctx context.Context, line, pic string) ([]view.Compared, error) {
	lines, err := []view.Line(nil), error(nil)
	if line == "" {
		lines, err = a.cfg.Node.Lines(ctx)
	} else {
		lines = make([]view.Line, 1)
		lines[0], err = a.cfg.Node.Line(ctx, line)
	}
	var out []view.Compared
	for _, ln := range lines {
		if pic != pictureExercise {
			out = append(out, ln.Compared)
		}
		if pic != pictureReal {
			out = append(out, ln.ExerciseCompared)
		}
	}
	return out, err
}

func (a *api) getNotice(c *call) (any, error) {
	q, err := c.query("line", "party")
	if err != nil {
		return nil, err
	}
	if err := a.knownParty(c.r.Context(), q["party"]); err != nil {
		return nil, err
	}
	id, err := a.filed(c.r.Context(), q["line"], q["party"], c.r.PathValue("id"), anyNotice)
	if err != nil {
		return nil, err
	}
	n, err := a.cfg.Node.Notice(c.r.Context(), q["line"], q["party"], id)
	return n, err
}

// read reads the notices of a body: one notice as JSON, a plan file, or NOTAMs, by content type.
func (a *api) read(c *call) (intake.Result, error) {
	typ, err := c.contentType(typeJSON, typeGeoJSON, typeText)
	if err != nil {
		return intake.Result{}, err
	}
	most := a.limits.BodyBytes
	if typ == typeJSON {
		most = a.limits.JSONBytes
	}
	data, err := c.body(most)
	if err != nil {
		return intake.Result{}, err
	}
	if typ != typeJSON {
		format := map[string]string{typeGeoJSON: intake.GeoJSON, typeText: intake.NOTAM}[typ]
		res, err := intake.Read(data, intake.Options{Format: format, Plan: notice.PlanOptions{MaxBytes: most}})
		for i := range res.Notices {
			res.Notices[i].Notice.Version = 0 // a file says no version; a notice as JSON says which one it is to be
		}
		return res, err
	}
	n, err := notice.Unmarshal(data)
	if err != nil {
		return intake.Result{}, err
	}
	return intake.Result{Notices: []intake.Item{{SourceID: n.ID, Notice: n}}}, nil
}

// judged is an item of a body with what the node says of it.
type judged struct {
	intake.Item
	err error
}

// judge applies the node's rules to what was read, without filing.
func (a *api) judge(ctx context.Context, line string, items []intake.Item) []judged {
	out := make([]judged, 0, len(items))
	for _, it := range items {
		j := judged{Item: it}
		switch {
		case it.Party != "" && it.Party != a.cfg.Node.Party():
			j.err = fault.New("party", it.Party, "is not the party of this node, "+a.cfg.Node.Party(), "file it at that party's own node")
		case !it.Only:
			warnings, err := a.cfg.Node.Check(ctx, line, it.Notice)
			j.Warnings, j.err = append(j.Warnings, warnings...), err
		}
		j.Warnings = notice.InWords(a.catalogues["en"], j.Warnings)
		out = append(out, j)
	}
	return out
}

// filing is what a request gives to be filed or looked at, for which line, and whether as a drill.
type filing struct {
	intake.Result
	query map[string]string
	line  string
	drill bool
}

// filing reads a request that may have more query parameters than the line and the drill.
func (a *api) filing(c *call, more ...string) (f filing, err error) {
	if f.query, err = c.query(append([]string{"line", "drill"}, more...)...); err != nil {
		return f, err
	}
	f.line = f.query["line"]
	if f.drill, err = flag(f.query, "drill"); err != nil {
		return f, err
	}
	f.Result, err = a.read(c)
	return f, err
}

func (a *api) postCheck(c *call) (any, error) {
	in, err := a.filing(c)
	if err != nil {
		return nil, err
	}
	out := Checked{Notices: []CheckedNotice{}, Refused: refusals(in.Refused)}
	for _, j := range a.judge(c.r.Context(), in.line, in.Notices) {
		if j.err != nil {
			if code := fault.CodeOf(j.err); code == fault.Unavailable || code == fault.Internal || code == fault.NotFound {
				return nil, j.err
			}
			out.Refused = append(out.Refused, refused(j.SourceID, j.err)...)
			continue
		}
		n := CheckedNotice{SourceID: j.SourceID, ID: j.Notice.ID, Cancels: j.Cancels, CancelOnly: j.Only, Echo: []string{}, Warnings: j.Warnings, Conflicts: []view.WouldConflict{}}
		if !j.Only {
			n.Kind, n.Title, n.said = j.Notice.Kind, j.Notice.Title, notice.Echo(j.Notice, a.cfg.Places)
			n.Echo = notice.Lines(a.catalogues["en"], n.said)
			if err := a.whatIf(c, in.line, in.drill, j.Notice, &n, &out); err != nil {
				return nil, err
			}
		}
		out.Notices = append(out.Notices, n)
	}
	return out, nil
}

// whatIf adds the conflicts that a checked notice would be in. That it was asked is on the record also
// where there are none: that too says something of the other party.
func (a *api) whatIf(c *call, line string, drill bool, in notice.Notice, n *CheckedNotice, out *Checked) error {
	what, err := a.cfg.Node.WhatIf(c.r.Context(), line, in, drill)
	if err != nil {
		return err
	}
	n.Conflicts, out.Compared = what.Conflicts, &what.Compared
	if len(n.Conflicts) > 0 {
		return nil // the answer itself is put there
	}
	return a.shown(c, "check", &sight{line: what.Line, ids: []string{n.ID}}, false)
}

func refusals(in []notice.Refusal) []Refusal {
	out := []Refusal{}
	for _, r := range in {
		out = append(out, Refusal{SourceID: r.ID, Item: r.Item, Reason: r.Reason})
	}
	return out
}

func refused(id string, err error) []Refusal {
	var out []Refusal
	for _, f := range fault.All(err) {
		p := problemOne(f)
		reason := p.Err().Error()
		out = append(out, Refusal{SourceID: id, Item: f.Field, Reason: reason})
	}
	return out
}

// postNotices files everything in the body, or nothing where something in it is refused; with
// partial=true, what is not refused.
func (a *api) postNotices(c *call) (any, error) {
	in, err := a.filing(c, "partial")
	if err != nil {
		return nil, err
	}
	partial, err := flag(in.query, "partial")
	if err != nil {
		return nil, err
	}
	items := a.judge(c.r.Context(), in.line, in.Notices)
	bad := wrong(in.Result, items)
	if len(bad) > 0 && (!partial || fault.Is(bad[0], fault.Unavailable)) {
		return nil, joined(bad)
	}
	if len(items) == 0 && len(bad) == 0 {
		return nil, fault.New("body", "", "holds no notice", "give at least one")
	}
	out := Filings{Filed: []view.Filed{}, Cancelled: []view.Filed{}, Refused: refusals(in.Refused)}
	for _, it := range items {
		if it.err != nil {
			out.Refused = append(out.Refused, refused(it.SourceID, it.err)...)
			continue
		}
		if err := a.fileOne(c, in.line, in.drill, it, &out); err != nil {
			return nil, halfway(it, len(out.Filed)+len(out.Cancelled), len(items), err)
		}
	}
	return out, nil
}

// fileOne files one item and adds it to the answer.
func (a *api) fileOne(c *call, line string, drill bool, it judged, out *Filings) error {
	ctx, who := c.r.Context(), c.officer()
	if it.Only {
		f, err := a.cfg.Node.SetState(ctx, who, line, it.Notice.Supersedes, notice.Cancel, "cancelled by NOTAM "+it.SourceID)
		if err == nil {
			a.done(c, prepared("cancel", f.Release), f.Notice.ID)
			out.Cancelled = append(out.Cancelled, f)
		}
		return err
	}
	f, err := a.cfg.Node.File(ctx, who, line, it.Notice, drill)
	if err != nil {
		return err
	}
	a.done(c, "file", f.Notice.ID)
	f.Notice.Warnings = withSource(it.Warnings, f.Notice.Warnings)
	out.Filed = append(out.Filed, f)
	return nil
}

// withSource returns what the reader of the file warned of, then what the node did.
func withSource(read, filed []notice.Warning) []notice.Warning {
	out := append([]notice.Warning{}, filed...)
	for _, w := range read {
		if w.Field == "source" {
			out = append(out, w)
		}
	}
	return out
}

// wrong lists what is refused of a body, each with the notice that it is in.
func wrong(in intake.Result, items []judged) []error {
	var out []error
	for _, r := range in.Refused {
		out = append(out, fault.New(fault.Join("notices["+r.ID+"]", r.Item), "", r.Reason, ""))
	}
	for _, it := range items {
		switch {
		case it.err == nil:
		case len(in.Notices) == 1 && len(in.Refused) == 0:
			out = append(out, it.err)
		default:
			out = append(out, fault.In("notices["+it.SourceID+"]", it.err))
		}
	}
	return out
}

// halfway says how far a file was filed when one notice of it failed.
func halfway(it judged, filed, of int, err error) error {
	if filed == 0 {
		return err
	}
	return joined([]error{fault.In("notices["+it.SourceID+"]", err), &fault.Error{Code: fault.CodeOf(err), Field: "notices",
		Rule: fmt.Sprintf("%d of %d were filed before this one failed", filed, of),
		Hint: "mend it and file the same again: what is filed already stays as it is"}})
}

func (a *api) putNotice(c *call) (any, error) {
	in, err := a.filing(c)
	if err != nil {
		return nil, err
	}
	if bad := wrong(in.Result, nil); len(bad) > 0 {
		return nil, joined(bad)
	}
	if len(in.Notices) != 1 || in.Notices[0].Only {
		return nil, fault.New("body", "", fmt.Sprintf("holds %d notices, and one is amended at a time", len(in.Notices)), "give the one notice, as it is to stand")
	}
	it, id := in.Notices[0], c.r.PathValue("id")
	if it.Party != "" && it.Party != a.cfg.Node.Party() {
		return nil, fault.New("party", it.Party, "is not the party of this node, "+a.cfg.Node.Party(), "amend own notices only")
	}
	if it.Notice.ID != id && it.Notice.ID != "" {
		return nil, fault.New("id", it.Notice.ID, "is not the id in the address, "+fault.Shorten(id), "a notice keeps its id for ever")
	}
	it.Notice.ID = id
	f, err := a.cfg.Node.Amend(c.r.Context(), c.officer(), in.line, it.Notice, in.drill)
	if err != nil {
		return nil, err
	}
	a.done(c, "amend", id)
	return f, nil
}

func (a *api) postState(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	var in StateRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	if in.Event != notice.Activate && in.Event != notice.End && in.Event != notice.Cancel {
		return nil, fault.New("event", string(in.Event), "is not one of activate, end, cancel", "choose one of them")
	}
	id, err := a.filed(c.r.Context(), q["line"], "", c.r.PathValue("id"), ownOnly)
	if err != nil {
		return nil, err
	}
	f, err := a.cfg.Node.SetState(c.r.Context(), c.officer(), q["line"], id, in.Event, in.Reason)
	if err != nil {
		return nil, err
	}
	a.done(c, prepared(string(in.Event), f.Release), f.Notice.ID)
	return f, nil
}

func (a *api) postReceive(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	var in ReceiveRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	id, err := a.filed(c.r.Context(), q["line"], "", in.ID, otherOnly)
	if err != nil {
		return nil, err
	}
	entry, err := a.cfg.Node.Receive(c.r.Context(), c.officer(), q["line"], id, in.Remark)
	if err != nil {
		return nil, err
	}
	a.done(c, "receive", id)
	return EntryAnswer{entry}, nil
}
