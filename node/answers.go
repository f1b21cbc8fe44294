package node

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"parley/agreement"
	"parley/fault"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/store"
	"parley/transcript"
)

// A party that is shown only that notices are there asks where they are with each notice that it
// files: the answer is a conflict, or that there is none. Past a number of questions a day nothing is
// answered by itself, neither way; which questions these are follows from what the asker filed alone,
// so that neither the limit nor its being reached answers anything.

// questionsOver is the time in which questions are counted.
const questionsOver = 24 * time.Hour

// question is a version that the other party can compare with what it does not show.
type question struct {
	ref  body.Ref
	held time.Time // when the one who answers held it; zero of an own one: see receipts
}

// answersAlert reports whether a party shows only alerts of some kind of notice. ln.mu is held.
func (ln *lineNode) answersAlert(s transcript.Side) bool {
	return slices.ContainsFunc(notice.Kinds(), func(k notice.Kind) bool {
		return ln.terms.LevelOf(ln.party(s), k) == agreement.Alert
	})
}

// countQuestions counts anew, after a start or a change of the agreement. ln.mu is held.
func (ln *lineNode) countQuestions() {
	clear(ln.questions)
	if !ln.answersAlert(ln.side) && !ln.answersAlert(ln.side.Other()) {
		return
	}
	for p := range ln.pic.Notices() {
		for i := range p.Versions {
			ln.asks(p, &p.Versions[i])
		}
	}
	for _, list := range ln.questions {
		slices.SortFunc(list, func(a, b question) int { return compareRefs(a.ref, b.ref) })
	}
}

// asks counts a version as a question. ln.mu is held.
func (ln *lineNode) asks(p *picture.Notice, v *picture.Version) {
	side := p.Key.Side
	if p.Key.Voice || v.Ref.Origin.Side != side || !v.Known() || v.Withheld || !ln.answersAlert(side.Other()) {
		return
	}
	q := question{ref: v.Ref}
	if side != ln.side {
		q.held = v.HeldAt.Truncate(time.Second) // as the receipt says it
	}
	ln.questions[side] = append(ln.questions[side], q)
}

func compareRefs(a, b body.Ref) int {
	switch {
	case a == b:
		return 0
	case before(a, b):
		return -1
	}
	return 1
}

// pastLimit reports whether a version is a question past those of a day that are answered by
// themselves. Both nodes find the same, by the clock of the one who answers. ln.mu is held.
func (ln *lineNode) pastLimit(side transcript.Side, ref body.Ref) bool {
	list := ln.questions[side]
	at, ok := slices.BinarySearchFunc(list, ref, func(q question, r body.Ref) int { return compareRefs(q.ref, r) })
	if !ok {
		return false
	}
	from := ln.askedAt(list[at]).Add(-questionsOver)
	for n := 0; at >= 0 && ln.askedAt(list[at]).After(from); at-- {
		if n++; n > ln.terms.Alerts.ReleasedAfter {
			return true
		}
	}
	return false
}

// askedAt is when the one who answers held a question; now, while that is not shown.
func (ln *lineNode) askedAt(q question) time.Time {
	if !q.held.IsZero() {
		return q.held
	}
	if t, ok := ln.receipts.of(q.ref); ok {
		return t
	}
	return ln.node.cfg.Clock.Now()
}

// byOfficer reports whether the answer to a notice's newest version waits for an officer of the other
// party: past the limit, or overdue, since what grows asks anew all the time. ln.mu is held.
func (ln *lineNode) byOfficer(p *picture.Notice) bool {
	if p.Key.Voice || !ln.answersAlert(p.Key.Side.Other()) || p.Latest().Withheld {
		return false
	}
	return ln.pastLimit(p.Key.Side, p.Latest().Ref) || ln.statusOf(p, ln.node.cfg.Clock.Now()).State == notice.Overdue
}

// withheldAnswer reports whether what this node knows of a conflict of an own hidden notice must not be
// said on the line: its answer waits for an officer here, or was refused. What was answered of a version
// once is answered on. ln.mu is held.
func (ln *lineNode) withheldAnswer(id string, a, b *picture.Notice) bool {
	if a == nil || b == nil {
		return false
	}
	own, other := a, b
	if b.Key.Side == ln.side {
		own, other = b, a
	}
	if !own.Latest().Withheld || !ln.byOfficer(other) {
		return false
	}
	version := other.Latest().Notice.Version
	if c := ln.pic.Conflict(id); c != nil && slices.ContainsFunc(c.Filings, func(f picture.Filing) bool {
		p := f.A
		if other.Key.Side == transcript.B {
			p = f.B
		}
		return f.Side == ln.side && p.Version == version
	}) {
		return false
	}
	return ln.answered[answerKey(ln.id, id, version)].State != view.AnswerReleased
}

// answerPrefix is where the answers that officers released or refused lie in the store: the node's own
// memory. On the line it would be an answer itself.
const answerPrefix = "answer/"

func answerKey(line, id string, version int) string {
	return line + "/" + id + "/" + strconv.Itoa(version)
}

// loadAnswers reads what officers decided.
func (ln *lineNode) loadAnswers(ctx context.Context) error {
	v, err := ln.node.cfg.Store.View(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	of := ln.id + "/"
	return stored(ctx, v, answerPrefix+of, "node.answers", func(rest string, d view.Decision) { ln.answered[of+rest] = d })
}

// Answers returns the conflicts of own hidden notices that the other party is not told of, or not told
// that they are separated, those that begin first coming first.
func (n *Node) Answers(ctx context.Context, lineID string) ([]view.AlertAnswer, error) {
	lines, err := n.chosen(lineID)
	if err != nil {
		return nil, err
	}
	out := []view.AlertAnswer{}
	for _, ln := range lines {
		ln.mu.RLock()
		for id := range ln.open {
			a, b := ln.conflictOf(id)
			if f := ln.found[id]; f != nil && f.stands && ln.withheldAnswer(id, a, b) {
				out = append(out, ln.answerView(id))
			}
		}
		for id := range ln.unsaid { // that it is separated now is an answer too
			if a, b := ln.conflictOf(id); ln.withheldAnswer(id, a, b) {
				out = append(out, ln.answerView(id))
			}
		}
		ln.mu.RUnlock()
	}
	slices.SortFunc(out, func(x, y view.AlertAnswer) int {
		if c := x.Conflict.From.Compare(y.Conflict.From); c != 0 {
			return c
		}
		return strings.Compare(x.Conflict.ID, y.Conflict.ID)
	})
	return out, nil
}

// answerView is an answer as it stands. ln.mu is held.
func (ln *lineNode) answerView(id string) view.AlertAnswer {
	d, ok := ln.answered[ln.answerName(id)]
	if !ok {
		d.State = view.AnswerWaits
	}
	return view.AlertAnswer{Conflict: ln.conflictView(id), Decision: d}
}

// answerName names the answer to the newest version of the other party's notice. ln.mu is held.
func (ln *lineNode) answerName(id string) string {
	a, b := ln.conflictOf(id)
	if a.Key.Side == ln.side {
		a = b
	}
	return answerKey(ln.id, id, a.Latest().Notice.Version)
}

// Decide releases an answer, which is then told as any is, or refuses it.
func (n *Node) Decide(ctx context.Context, who Officer, lineID, id string, release bool, reason string) (view.AlertAnswer, error) {
	if !release && reason == "" {
		return view.AlertAnswer{}, fault.New("reason", "", "is required where an answer is refused", "say why, for this desk: it is not told")
	}
	if len(reason) > maxRemark {
		return view.AlertAnswer{}, tooLong("reason", reason)
	}
	ln, full, err := n.pickConflict(lineID, id)
	if err != nil {
		return view.AlertAnswer{}, err
	}
	d := view.Decision{State: view.AnswerRefused, Officer: who.Name, Role: who.Role, Time: n.cfg.Clock.Now(), Reason: reason}
	if release {
		d.State = view.AnswerReleased
	}
	ln.mu.RLock()
	a, b := ln.conflictOf(full)
	waits, name := ln.withheldAnswer(full, a, b), ""
	if waits {
		name = ln.answerName(full)
	}
	ln.mu.RUnlock()
	if !waits {
		return view.AlertAnswer{}, &fault.Error{Code: fault.Mismatch, Field: "conflict", Value: fault.Shorten(id), Rule: "has no answer that waits", Hint: "list them: parley answer list"}
	}
	raw, err := json.Marshal(d)
	if err != nil {
		return view.AlertAnswer{}, fault.Wrap(fault.Internal, "node.decide", err)
	}
	if _, err := n.cfg.Store.Commit(ctx, store.Txn{Puts: []store.Put{{Key: answerPrefix + name, Value: raw}}}); err != nil {
		return view.AlertAnswer{}, fault.Wrap(fault.Unavailable, "node.decide", err)
	}
	ln.mu.Lock()
	ln.answered[name] = d
	out := view.AlertAnswer{Conflict: ln.conflictView(full), Decision: d}
	ln.wakeFiler()
	ln.mu.Unlock()
	n.poke()
	return out, nil
}

// mayWork refuses what would tell the other party of a conflict whose answer waits.
func (ln *lineNode) mayWork(id string) error {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	if a, b := ln.conflictOf(id); ln.withheldAnswer(id, a, b) {
		return &fault.Error{Code: fault.Mismatch, Field: "conflict", Value: fault.Shorten(id), Rule: "is not told to " + ln.peer + ", which this would do",
			Hint: "release the answer first: parley answer release " + id[:8] + "; or call"}
	}
	return nil
}
