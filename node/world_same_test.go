package node

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"parley/agreement"
	"parley/node/view"
	"parley/notice"
	"parley/transcript"
)

// differ says where the two pictures do not agree on what both parties may see, or nothing.
func (w *world) differ() string {
	var notices [2]map[string]view.Notice
	var conflicts [2]map[string]view.Conflict
	hidden := map[string]bool{} // notices of which one party is told only that they are there
	for i, e := range w.ends {
		notices[i] = e.notices()
		conflicts[i] = e.conflicts()
		for first, n := range notices[i] {
			hidden[first] = hidden[first] || n.Hidden
		}
	}
	for _, cs := range conflicts {
		for id, c := range cs {
			if hidden[c.A.First] || hidden[c.B.First] { // no figures and no names, but the same state
				cs[id] = view.Conflict{ID: id, Exercise: c.Exercise, State: c.State, Filed: c.Filed, Owners: c.Owners}
			}
		}
	}
	for id := range w.unanswered() { // of these only the party that hides its notice knows
		for i := range w.ends {
			delete(conflicts[i], id)
			for first, n := range notices[i] {
				n.Conflicts = slices.DeleteFunc(slices.Clone(n.Conflicts), func(c string) bool { return c == id })
				notices[i][first] = n
			}
		}
	}
	for first, x := range notices[0] {
		if y, ok := notices[1][first]; ok {
			notices[0][first], notices[1][first] = w.common(x, y)
		}
	}
	out := byID(notices[0], notices[1], "notice")
	out = append(out, byID(conflicts[0], conflicts[1], "conflict")...)
	calls := [2]map[string]view.Call{w.ends[0].calls(), w.ends[1].calls()}
	for i := range calls {
		delete(calls[i], w.lost)
	}
	for entry, x := range calls[0] {
		if y, ok := calls[1][entry]; ok {
			a, b := &x.Delivered, &y.Delivered
			if x.Party != w.ends[0].party {
				a, b = b, a
			}
			w.sameDelivery(a, b)
			calls[0][entry], calls[1][entry] = x, y
		}
	}
	out = append(out, byID(calls[0], calls[1], "call")...)
	out = append(out, byID(w.ends[0].statements(), w.ends[1].statements(), "statement")...)
	out = append(out, byID(w.ends[0].reviews(), w.ends[1].reviews(), "review")...)
	x, y := w.ends[0].line(), w.ends[1].line()
	if !reflect.DeepEqual(x.Suspended, y.Suspended) || x.Epoch != y.Epoch || x.Agreement != y.Agreement ||
		x.OwnSize != y.PeerSize || x.PeerSize != y.OwnSize {
		out = append(out, fmt.Sprintf("lines: %+v and %+v", x, y))
	}
	out = append(out, w.dutyDiffers(x, y)...)
	slices.Sort(out)
	if n := len(out); n > 5 {
		out = append(out[:5], fmt.Sprintf("and %d more", n-5))
	}
	return strings.Join(out, "\n")
}

// unanswered returns the conflicts that a party asked about too often to be told of, or to be told that
// they are separated, without an officer.
func (w *world) unanswered() map[string]bool {
	out := map[string]bool{}
	for _, e := range w.ends {
		ln := e.order[0]
		ln.mu.RLock()
		for _, id := range ln.conflictIDs() {
			a, b := ln.conflictOf(id)
			out[id] = out[id] || ln.withheldAnswer(id, a, b)
		}
		ln.mu.RUnlock()
	}
	maps.DeleteFunc(out, func(_ string, yes bool) bool { return !yes })
	return out
}

// byID compares what two nodes hold by id.
func byID[T any](a, b map[string]T, what string) []string {
	var out []string
	for id, x := range a {
		if y, ok := b[id]; !ok {
			out = append(out, fmt.Sprintf("blue lacks %s %.80s: %.400s", what, id, show(x)))
		} else if d := fieldsDiffer(x, y); d != "" {
			out = append(out, fmt.Sprintf("%s %s: %s", what, id, d))
		}
	}
	for id, y := range b {
		if _, ok := a[id]; !ok {
			out = append(out, fmt.Sprintf("red lacks %s %.80s: %.400s", what, id, show(y)))
		}
	}
	return out
}

// fieldsDiffer names the fields in which two values of one struct type differ.
func fieldsDiffer(a, b any) string {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	var out []string
	for i := range x.NumField() {
		if p, q := x.Field(i).Interface(), y.Field(i).Interface(); !reflect.DeepEqual(p, q) {
			out = append(out, fmt.Sprintf("%s %s and %s", x.Type().Field(i).Name, show(p), show(q)))
		}
	}
	return strings.Join(out, ", ")
}

// show writes a value with what its pointers point at.
func show(v any) string {
	if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && !r.IsNil() {
		v = r.Elem().Interface()
	}
	return fmt.Sprintf("%.300s", spew(v))
}

// spew writes a value; of a Move what its pointers point at.
func spew(v any) string {
	m, ok := v.(view.Move)
	if !ok {
		return fmt.Sprintf("%+v", v)
	}
	out := ""
	for _, p := range []*float64{m.LateralM, m.LateralBearingDeg, m.UpM, m.DownM, m.LaterS, m.EarlierS} {
		if p == nil {
			out += " -"
		} else {
			out += fmt.Sprintf(" %v", *p)
		}
	}
	return out
}

// sameDelivery makes the time of delivery the earlier of two where they may differ, and reports
// whether it did: a receiver restored from a backup knows when it held something again, and the
// author has its first receipt.
func (w *world) sameDelivery(author, receiver **time.Time) bool {
	if *author == nil || *receiver == nil || !w.restored || !(*receiver).After(**author) {
		return false
	}
	*receiver = *author
	return true
}

// common leaves of two views of a notice what both parties may see.
func (w *world) common(x, y view.Notice) (view.Notice, view.Notice) {
	hidden := x.Hidden || y.Hidden
	inPart := x.Title != y.Title || x.FiledBy != y.FiledBy // what one party is told less of
	author, receiver := &x, &y
	if y.Own {
		author, receiver = receiver, author
	}
	if w.sameDelivery(&author.Delivered, &receiver.Delivered) {
		receiver.Lead, receiver.Next, receiver.Ladder = author.Lead, author.Next, author.Ladder
	}
	for _, v := range []*view.Notice{&x, &y} {
		v.Own, v.Body, v.Echo, v.Warnings = false, nil, nil, nil
		if inPart {
			v.Title, v.Place, v.FiledBy = "", "", ""
		}
		if hidden {
			live := v.State != notice.Ended && v.State != notice.Cancelled // whether it is overdue is not shown
			state := v.State
			if live {
				state = ""
			}
			*v = view.Notice{First: v.First, Entry: v.Entry, Party: v.Party, Filed: v.Filed, Delivered: v.Delivered, Received: v.Received,
				State: state, Conflicts: v.Conflicts, Version: v.Version, Drill: v.Drill, Exercise: v.Exercise}
		}
	}
	return x, y
}

func (e *end) notices() map[string]view.Notice {
	e.w.t.Helper()
	list, err := e.Notices(e.w.t.Context(), Filter{Body: true})
	if err != nil {
		e.w.t.Fatal(err)
	}
	out := map[string]view.Notice{}
	for _, n := range list {
		if n.Flaw != "" {
			e.w.t.Errorf("%s: notice %s of an honest party has a flaw: %s", e.party, n.ID, n.Flaw)
		}
		out[n.First] = n
	}
	return out
}

// conflicts returns the conflicts that are not over, and those on the record. The figures of one
// that a growing notice brings about depend on when a node last looked and are left out.
func (e *end) conflicts() map[string]view.Conflict {
	e.w.t.Helper()
	list, err := e.Conflicts(e.w.t.Context(), "", true)
	if err != nil {
		e.w.t.Fatal(err)
	}
	growing := map[string]bool{}
	for first, n := range e.notices() {
		growing[first] = n.State == "overdue"
	}
	out := map[string]view.Conflict{}
	for _, c := range list {
		over := c.State != "open" && c.State != "owned"
		if over && len(c.Filed) == 0 {
			continue // it came and went before either put it on the record
		}
		c.A.Title, c.B.Title, c.Found = "", "", time.Time{} // Found is each node's own
		if over || growing[c.A.First] || growing[c.B.First] {
			c.A.Version, c.B.Version = 0, 0
			c = view.Conflict{ID: c.ID, Exercise: c.Exercise, State: c.State, A: c.A, B: c.B, Filed: c.Filed, Owners: c.Owners}
		}
		out[c.ID] = c
	}
	return out
}

func (e *end) calls() map[string]view.Call {
	e.w.t.Helper()
	list, err := e.Calls(e.w.t.Context(), "")
	if err != nil {
		e.w.t.Fatal(err)
	}
	out := map[string]view.Call{}
	for _, c := range list {
		c.Own = false
		out[c.Entry] = c
	}
	return out
}

func (e *end) line() view.Line {
	e.w.t.Helper()
	l, err := e.Line(e.w.t.Context(), "")
	if err != nil {
		e.w.t.Fatal(err)
	}
	return l
}

// checkHonest fails where a node of a world without liars holds evidence or spoke of any.
func (e *end) checkHonest() {
	e.w.t.Helper()
	if l := e.line(); l.Evidence != 0 || l.EpochClosed != "" || l.State == "disputed" {
		e.w.t.Errorf("%s: %d pieces of evidence, epoch closed %q, line %s", e.party, l.Evidence, l.EpochClosed, l.State)
	}
	events, _, _ := e.feed.after(0)
	for _, ev := range events {
		if ev.Kind == "line" && (ev.ID == "peer-fault" || strings.Contains(ev.Text, "does not hold")) {
			e.w.t.Errorf("%s: an honest node is said to have lied: %s", e.party, ev.Text)
		}
	}
}

// checkExport verifies what the node exports: all of both transcripts.
func (e *end) checkExport() {
	e.w.t.Helper()
	var b bytes.Buffer
	if err := e.Export(e.w.t.Context(), "", &b); err != nil {
		e.w.t.Fatal(err)
	}
	rep := transcript.Verify(&b, transcript.Options{Agreement: agreement.Info, Keys: agreement.KeysInfo, Workers: 1})
	if !rep.OK {
		var text strings.Builder
		_ = rep.WriteText(&text) // a strings.Builder takes everything
		e.w.t.Errorf("the export of %s does not verify:\n%s", e.party, text.String())
	}
	l, got := e.line(), map[string]int64{}
	for _, tr := range rep.Transcripts {
		if tr.Missing != 0 {
			e.w.t.Errorf("the export of %s lacks %d entries of %s", e.party, tr.Missing, tr.Origin)
		}
		got[tr.Origin] = tr.Size
	}
	own := transcript.Origin{Line: l.ID, Epoch: l.Epoch, Side: transcript.Side(l.Side)}
	if got[own.String()] != l.OwnSize || got[own.Other().String()] != l.PeerSize {
		e.w.t.Errorf("the export of %s holds %v; the line has %d and %d", e.party, got, l.OwnSize, l.PeerSize)
	}
}

// checkLogs fails unless both nodes hold the same entries in both transcripts.
func (w *world) checkLogs() {
	w.t.Helper()
	var logs [2]map[string]string
	for i, e := range w.ends {
		logs[i] = map[string]string{}
		f := LogFilter{}
		for {
			list, next, err := e.Log(w.t.Context(), f)
			if err != nil {
				w.t.Fatal(err)
			}
			for _, x := range list {
				if logs[i][x.Entry] != "" {
					w.t.Errorf("%s: entry %s is there twice", e.party, x.Entry)
				}
				logs[i][x.Entry] = fmt.Sprint(x.Kind, x.Time, x.Delivered != nil)
			}
			if f.After = next; len(list) == 0 {
				break
			}
		}
	}
	for k, v := range logs[0] {
		if logs[1][k] != v {
			w.t.Errorf("entry %s: red has %q, blue %q", k, v, logs[1][k])
		}
	}
	for k := range logs[1] {
		if logs[0][k] == "" {
			w.t.Errorf("red lacks entry %s", k)
		}
	}
}
