package node

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sort"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/transcript/ledger"
)

// Filter chooses notices. Zero values choose all.
type Filter struct {
	Line  string
	Party string // its name
	Live  bool   // only those that are in conflict checks
	Echo  bool   // with the echo in words
	Body  bool   // with the notice as told
}

// Notices returns the notices that a filter chooses, those that start first coming first.
func (n *Node) Notices(ctx context.Context, f Filter) ([]view.Notice, error) {
	lines, err := n.chosen(f.Line)
	if err != nil {
		return nil, err
	}
	out := []view.Notice{}
	for _, ln := range lines {
		ln.mu.RLock()
		all := ln.pic.Notices()
		if f.Live {
			all = slices.Values(ln.pic.Current())
		}
		for p := range all {
			if p.Key.Voice && !p.Voice.Match.IsZero() {
				continue // its entry is here
			}
			v := ln.noticeView(p, f.Echo, f.Body)
			if (f.Party == "" || f.Party == v.Party) && (!f.Live || ln.isLiveView(v)) {
				out = append(out, v)
			}
		}
		ln.mu.RUnlock()
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Start.Before(out[j].Start) })
	return out, nil
}

func (ln *lineNode) isLiveView(v view.Notice) bool {
	return v.State == "planned" || v.State == "active" || v.State == "overdue"
}

func (n *Node) chosen(lineID string) ([]*lineNode, error) {
	if lineID == "" {
		return n.order, nil
	}
	ln, err := n.pick(lineID)
	if err != nil {
		return nil, err
	}
	return []*lineNode{ln}, nil
}

// Notice returns one notice with its echo and its body. party "" looks at the own ones first.
func (n *Node) Notice(ctx context.Context, lineID, party, id string) (view.Notice, error) {
	lines, err := n.chosen(lineID)
	if err != nil {
		return view.Notice{}, err
	}
	for _, ln := range lines {
		ln.mu.RLock()
		for _, side := range []picture.Key{{Side: ln.side, ID: id}, {Side: ln.side.Other(), ID: id},
			{Side: ln.side, ID: id, Voice: true}, {Side: ln.side.Other(), ID: id, Voice: true}} {
			if p := ln.pic.Notice(side); p != nil && (party == "" || party == ln.party(side.Side)) {
				v := ln.noticeView(p, true, true)
				ln.mu.RUnlock()
				return v, nil
			}
		}
		ln.mu.RUnlock()
	}
	return view.Notice{}, &fault.Error{Code: fault.NotFound, Field: "notice", Value: fault.Shorten(id),
		Rule: "is not a notice of either party", Hint: "list them: parley notice list"}
}

// Conflicts returns the conflicts of a line, or of all, those that begin first coming first. With
// all false only those that are not over.
func (n *Node) Conflicts(ctx context.Context, lineID string, all bool) ([]view.Conflict, error) {
	lines, err := n.chosen(lineID)
	if err != nil {
		return nil, err
	}
	out := []view.Conflict{}
	for _, ln := range lines {
		ln.mu.RLock()
		ids := slices.Sorted(maps.Keys(ln.open))
		if all {
			ids = ln.conflictIDs()
		}
		for _, id := range ids {
			c := ln.conflictView(id)
			if all || !isOver(c.State) {
				out = append(out, c)
			}
		}
		ln.mu.RUnlock()
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].From.Before(out[j].From) })
	return out, nil
}

// conflictIDs returns the ids of every conflict found or filed, sorted. ln.mu is held.
func (ln *lineNode) conflictIDs() []string {
	return slices.Sorted(ln.eachConflict())
}

// Conflict returns one conflict by its id or an unambiguous beginning of it.
func (n *Node) Conflict(ctx context.Context, lineID, id string) (view.Conflict, error) {
	ln, full, err := n.pickConflict(lineID, id)
	if err != nil {
		return view.Conflict{}, err
	}
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	return ln.conflictView(full), nil
}

func (n *Node) pickConflict(lineID, id string) (*lineNode, string, error) {
	lines, err := n.chosen(lineID)
	if err != nil {
		return nil, "", err
	}
	var at *lineNode
	full := ""
	for _, ln := range lines {
		for _, c := range ln.conflictsNamed(id) {
			if full != "" {
				return nil, "", fault.New("conflict", id, "fits more than one conflict", "give more of the id: parley conflict list")
			}
			at, full = ln, c
		}
	}
	if full == "" {
		return nil, "", &fault.Error{Code: fault.NotFound, Field: "conflict", Value: fault.Shorten(id),
			Rule: "is not a conflict that this node knows", Hint: "list them: parley conflict list --all"}
	}
	return at, full, nil
}

// conflictsNamed returns the conflicts that an id, or a beginning of one that is long enough, fits: at most two.
func (ln *lineNode) conflictsNamed(id string) []string {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	if ln.found[id] != nil || ln.pic.Conflict(id) != nil {
		return []string{id}
	}
	if len(id) < minConflictID {
		return nil
	}
	var out []string
	for c := range ln.eachConflict() {
		if len(out) == 2 {
			break
		}
		if len(id) < len(c) && c[:len(id)] == id {
			out = append(out, c)
		}
	}
	return out
}

// minConflictID is how much of a conflict's id names it at least.
const minConflictID = 6

// eachConflict yields the id of every conflict found or filed, once and in no order. ln.mu is held.
func (ln *lineNode) eachConflict() iter.Seq[string] {
	return func(yield func(string) bool) {
		for id := range ln.found {
			if !yield(id) {
				return
			}
		}
		for c := range ln.pic.AllConflicts() {
			if ln.found[c.ID] == nil && !yield(c.ID) {
				return
			}
		}
	}
}

// Calls returns the calls of a line, or of all, the newest first.
func (n *Node) Calls(ctx context.Context, lineID string) ([]view.Call, error) {
	lines, err := n.chosen(lineID)
	if err != nil {
		return nil, err
	}
	out := []view.Call{}
	for _, ln := range lines {
		ln.mu.RLock()
		for _, c := range ln.pic.Calls() {
			if c.Voice == nil || c.Voice.Match.IsZero() { // else its entry is here
				out = append(out, ln.callOf(c))
			}
		}
		ln.mu.RUnlock()
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Time.After(out[j].Time) })
	return out, nil
}

func (ln *lineNode) callView(ctx context.Context, r body.Ref) (view.Call, error) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	c := ln.pic.Call(r)
	if c == nil {
		return view.Call{}, fault.Newf(fault.Internal, "node.call", "the call is not in the picture")
	}
	return ln.callOf(c), nil
}

// Lines returns the node's lines.
func (n *Node) Lines(ctx context.Context) ([]view.Line, error) {
	out := []view.Line{}
	for _, ln := range n.order {
		v, err := ln.lineView(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// Line returns one line.
func (n *Node) Line(ctx context.Context, lineID string) (view.Line, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.Line{}, err
	}
	return ln.lineView(ctx)
}

// LogFilter chooses entries of a line.
type LogFilter struct {
	Line  string
	Party string
	Kind  string
	After ledger.Cursor
	Limit int // 0: 1,000
}

// maxLog is how many entries one answer holds at most.
const maxLog = 1000

// Log returns entries of both transcripts in their woven order, and the cursor after them.
func (n *Node) Log(ctx context.Context, f LogFilter) ([]view.Entry, ledger.Cursor, error) {
	ln, err := n.pick(f.Line)
	if err != nil {
		return nil, ledger.Cursor{}, err
	}
	if f.Limit <= 0 || f.Limit > maxLog {
		f.Limit = maxLog
	}
	out, at := []view.Entry{}, f.After
	for rec, err := range ln.led.Records(ctx, f.After) {
		if err != nil {
			return nil, at, err
		}
		at = at.Next(ln.side, rec)
		party := ln.party(rec.Origin.Side)
		if (f.Party != "" && f.Party != party) || (f.Kind != "" && f.Kind != rec.Entry.Kind) {
			continue
		}
		e, err := ln.entryView(ctx, rec)
		if err != nil {
			return nil, at, err
		}
		if out = append(out, e); len(out) == f.Limit {
			break
		}
	}
	return out, at, nil
}

func (ln *lineNode) entryView(ctx context.Context, rec ledger.Record) (view.Entry, error) {
	e := view.Entry{
		Entry: body.Ref{Origin: rec.Origin, Seq: rec.Entry.Seq}.String(), Party: ln.party(rec.Origin.Side),
		Seq: rec.Entry.Seq, Time: rec.Entry.Time, HeldAt: rec.HeldAt, Kind: rec.Entry.Kind, Drill: rec.Entry.Drill,
		Agreement: rec.Entry.Agreement, SeenSize: rec.Entry.Seen.Size,
		Shown: map[string]bool{}, Fields: map[string]jsontext.Value{},
	}
	ln.mu.RLock()
	if said, err := picture.Of(rec); err == nil {
		for _, fd := range said.Fields {
			e.Fields[fd.Name], e.Shown[fd.Name] = fd.Value, fd.Shown
		}
		e.Exercise = ln.saidInExercise(&said)
	}
	ln.mu.RUnlock()
	t, err := ln.deliveredAt(ctx, body.Ref{Origin: rec.Origin, Seq: rec.Entry.Seq})
	e.Delivered = t
	return e, err
}

// deliveredAt returns when the receiver of an entry held it, by the receiver's clock, or nil.
func (ln *lineNode) deliveredAt(ctx context.Context, r body.Ref) (*time.Time, error) {
	rcpt, err := ln.led.ReceiptFor(ctx, r.Origin, r.Seq)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &rcpt.Time, nil
}
