package node

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"parley/catalogue"
	"parley/fault"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/notice/intake"
	"parley/transcript"
)

// Importing is a list of own sites as it is to stand.
type Importing struct {
	Rows   []intake.SiteRow
	DryRun bool
	From   time.Time // from when a new site is valid whose row does not say; zero: now
	// RemoveMissing removes own sites that no row names, for a reason. It is refused where a row is.
	RemoveMissing bool
	Reason        string
}

// importBatch is how many rows are filed together.
const importBatch = 32

// imported is a row while it is imported.
type imported struct {
	view.ImportRow
	notice notice.Notice
	old    int // the version that it changes; 0: it is new
}

// ImportSites files what a list adds and changes, and says of every row what came of it. What is
// filed already stays as it is, so an import that was cut short is done again whole. A row that is
// refused keeps no other from being filed.
func (n *Node) ImportSites(ctx context.Context, who Officer, lineID string, in Importing) (view.SiteImport, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.SiteImport{}, err
	}
	if err := ln.checkImport(in); err != nil {
		return view.SiteImport{}, err
	}
	rows, missing := ln.judgeList(in)
	if in.RemoveMissing && slices.ContainsFunc(rows, func(x imported) bool { return x.Outcome == view.RowRefused }) {
		return view.SiteImport{}, &fault.Error{Code: fault.Mismatch, Field: "remove_missing", Rule: "is refused while a row is refused: its site would be removed for a slip of the pen",
			Hint: "import without it, mend the rows that the report names, and ask again"}
	}
	removed := map[string]string{}
	if !in.DryRun {
		if err := ln.fileList(ctx, who, rows); err != nil {
			return view.SiteImport{}, err
		}
		if in.RemoveMissing {
			if removed, err = n.removeMissing(ctx, who, ln.id, missing, in.Reason); err != nil {
				return view.SiteImport{}, err
			}
		}
	}
	out := view.SiteImport{Line: ln.id, DryRun: in.DryRun, Counts: map[string]int{}, Rows: []view.ImportRow{}}
	for _, r := range rows {
		out.Rows = append(out.Rows, r.ImportRow)
	}
	for _, id := range missing {
		out.Rows = append(out.Rows, view.ImportRow{ID: id, Outcome: cmp.Or(removed[id], view.RowMissing)})
	}
	for _, r := range out.Rows {
		out.Counts[r.Outcome]++
	}
	return out, nil
}

func (ln *lineNode) checkImport(in Importing) error {
	switch {
	case len(in.Rows) == 0:
		return fault.New("file", "", "holds no site", "give at least one row")
	case in.RemoveMissing && in.Reason == "":
		return fault.New("reason", "", "is required where sites are removed", "say why they are not in the new list")
	case len(in.Reason) > maxRemark:
		return tooLong("reason", in.Reason)
	}
	return nil
}

// ownSites returns the own sites that are not removed.
func (ln *lineNode) ownSites() map[string]notice.Notice {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	out := map[string]notice.Notice{}
	now := ln.node.cfg.Clock.Now()
	for _, p := range ln.pic.Current() {
		if v := p.Latest(); p.Key.Side == ln.side && v.Notice.Kind == notice.Site && !ln.apart(p) && ln.statusOf(p, now).Live() {
			out[p.Key.ID] = v.Notice
		}
	}
	return out
}

// judgeList says of every row what would come of it, and which own sites no row names.
func (ln *lineNode) judgeList(in Importing) (rows []imported, missing []string) {
	own := ln.ownSites()
	if in.From.IsZero() {
		in.From = ln.node.cfg.Clock.Now().UTC().Truncate(time.Millisecond)
	}
	rowOf := map[string]int{}
	for _, r := range in.Rows {
		x := imported{ImportRow: view.ImportRow{Row: r.Row, ID: r.ID}, notice: r.Notice}
		if first, twice := rowOf[r.ID]; twice && r.ID != "" {
			x.refuse(fault.New("id", r.ID, "is the id of row "+strconv.Itoa(first)+" too", "give each site its own id"))
		} else {
			rowOf[r.ID] = r.Row
			ln.judgeRow(&x, r, own, in.From)
		}
		rows = append(rows, x)
	}
	for id := range own {
		if _, named := rowOf[id]; !named {
			missing = append(missing, id)
		}
	}
	slices.Sort(missing)
	stays := missing
	if in.RemoveMissing {
		stays = nil
	}
	warnOfTwins(rows, own, stays)
	for i := range rows {
		notice.InWords(ln.node.english, rows[i].Warnings)
	}
	return rows, missing
}

func (x *imported) refuse(errs ...*fault.Error) {
	x.Outcome, x.Warnings = view.RowRefused, nil
	for _, e := range errs {
		p := e.Public()
		x.Problems = append(x.Problems, view.RowProblem{Field: p.Field, Value: p.Value, Rule: p.Rule, Mend: p.Hint})
	}
}

func (ln *lineNode) judgeRow(x *imported, r intake.SiteRow, own map[string]notice.Notice, from time.Time) {
	if len(r.Bad) > 0 {
		x.refuse(r.Bad...)
		return
	}
	old, have := own[r.ID]
	n := notice.WithDefaults(r.Notice)
	if have {
		n.Version, n.Supersedes = old.Version, old.Supersedes
		n.Source = old.Source
		from = notice.Span(old).Start
	}
	if !r.Start {
		n.Volumes = slices.Clone(n.Volumes)
		for i := range n.Volumes {
			n.Volumes[i].Window.Start = from
		}
	}
	if have && same(old, n) {
		x.Outcome = view.RowUnchanged
		return
	}
	if have {
		n.Version++
		x.old, x.Outcome, x.Fields = old.Version, view.RowChanged, differing(old, n)
		if err := notice.CheckAmend(old, n, notice.Planned); err != nil {
			x.refuse(fault.All(err)...)
			return
		}
	} else {
		n.Version, x.Outcome = 1, view.RowAdded
	}
	x.notice = n
	warnings, err := ln.validate(n)
	if err == nil && !have && ln.isOwn(n.ID) {
		err = fault.New("id", n.ID, "is the id of another notice of this party, or of a site that was removed", "choose a new id")
	}
	if err != nil {
		x.refuse(fault.All(err)...)
		return
	}
	x.Warnings = append(warnings, ln.slips(n)...)
	if c, ok := circleOf(n); ok {
		x.SaidWhere = ln.where(c.Center)
		x.Where = ln.node.english.Say(x.SaidWhere)
	}
}

// differing lists the members in which two versions differ.
func differing(a, b notice.Notice) []string {
	value := map[string]string{}
	var names []string
	for i, n := range []notice.Notice{a, b} {
		n.Version = 1
		fields, err := notice.Fields(n)
		if err != nil {
			return nil // validate refuses it with the reason
		}
		for _, f := range fields {
			if i == 0 {
				value[f.Name] = string(f.Value)
			} else if value[f.Name] != string(f.Value) {
				names = append(names, f.Name)
			}
			if i == 1 {
				delete(value, f.Name)
			}
		}
	}
	for name := range value {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// fileList files what is added and changed. It holds the filing lock for one batch at a time.
func (ln *lineNode) fileList(ctx context.Context, who Officer, rows []imported) error {
	var todo []*imported
	for i := range rows {
		if o := rows[i].Outcome; o == view.RowAdded || o == view.RowChanged {
			todo = append(todo, &rows[i])
		}
	}
	for part := range slices.Chunk(todo, importBatch) {
		if err := ln.fileBatch(ctx, who, part); err != nil {
			return err
		}
	}
	return nil
}

func (ln *lineNode) fileBatch(ctx context.Context, who Officer, part []*imported) error {
	ln.filing.Lock()
	defer ln.filing.Unlock()
	var drafts []transcript.Draft
	for _, x := range part {
		key := picture.Key{Side: ln.side, ID: x.notice.ID}
		ln.mu.RLock()
		have := ln.pic.Notice(key)
		version := 0
		if have != nil {
			version = have.Latest().Notice.Version
		}
		ln.mu.RUnlock()
		if version != x.old || ln.reserved[key] {
			x.refuse(&fault.Error{Code: fault.Mismatch, Field: "id", Value: fault.Shorten(x.ID), Rule: "was changed by another command meanwhile", Hint: "import the list again"})
			continue
		}
		d, err := ln.noticeDraft(who, x.notice, key, false)
		if err != nil {
			return err
		}
		drafts = append(drafts, d)
	}
	if len(drafts) == 0 {
		return nil
	}
	_, err := ln.append(ctx, drafts...)
	return err
}

// removeMissing cancels own sites that no row names, or prepares that where two persons do it. It says
// what came of each.
func (n *Node) removeMissing(ctx context.Context, who Officer, lineID string, ids []string, reason string) (map[string]string, error) {
	out := map[string]string{}
	for _, id := range ids {
		f, err := n.SetState(ctx, who, lineID, id, notice.Cancel, reason)
		switch {
		case fault.Is(err, fault.Mismatch): // another officer removed or prepared it meanwhile
			out[id] = view.RowMissing
		case err != nil:
			return nil, err
		case f.Release != nil:
			out[id] = view.RowWaits
		default:
			out[id] = view.RowRemoved
		}
	}
	return out, nil
}

// warn adds a warning to a row that is not refused.
func (x *imported) warn(code, field string, m catalogue.Message) {
	if x.Outcome != view.RowRefused {
		x.Warnings = append(x.Warnings, notice.Warning{Code: code, Field: field, Message: m})
	}
}
