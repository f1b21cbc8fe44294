package node

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"parley/agreement"
	"parley/catalogue"
	"parley/conflict"
	"parley/fault"
	"parley/node/body"
	"parley/node/picture"
	"parley/notice"
	"parley/transcript"
)

// Exercise has a picture of its own. What belongs to it follows from the two transcripts and the
// agreement alone, so that both nodes draw the same border:
//
//   - A notice is exercise while every version of it was said as a drill, inside an agreed window by
//     its author's clock, and none replaces a notice that is real. One real version makes it real.
//   - A call is exercise where it was said so and names nothing, or something that is exercise.
//   - A conflict is exercise where both its notices are.
//   - Exercise ends with its window: what is live of it lapses then. That it is active, said later, is
//     said of something real.
//
// Everything else is real, whatever it says of itself.

// pictures tells the real picture from the exercise, as an index.
const (
	inReal     = 0
	inExercise = 1
	pictures   = 2
)

func pictureOf(exercise bool) int {
	if exercise {
		return inExercise
	}
	return inReal
}

// window returns when the exercise ends in which something was said, by its author's clock. ln.mu is
// held.
func (ln *lineNode) window(said time.Time) (until time.Time, ok bool) {
	return agreement.ExerciseUntil(ln.agreed, said)
}

// apart reports whether a notice is exercise. ln.mu is held.
func (ln *lineNode) apart(n *picture.Notice) bool {
	if n == nil || !n.Latest().Drill { // nearly all
		return false
	}
	return !ln.isReal(n, map[body.Ref]bool{})
}

// isReal reports whether a notice is not exercise. seen are those that it was asked of already.
func (ln *lineNode) isReal(n *picture.Notice, seen map[body.Ref]bool) bool {
	seen[n.First] = true
	for i := range n.Versions {
		v := &n.Versions[i]
		if _, in := ln.window(v.Time); !v.Drill || !in {
			return true
		}
		if v.Notice.Supersedes == "" {
			continue
		}
		old := ln.pic.Notice(picture.Key{Side: n.Key.Side, ID: v.Notice.Supersedes})
		if old != nil && before(old.First, v.Ref) && !seen[old.First] && ln.isReal(old, seen) {
			return true
		}
	}
	until := ln.exerciseEnds(n)
	for i := range n.Events {
		if e := &n.Events[i]; e.Event == notice.Activate && !e.Time.Before(until) {
			return true
		}
	}
	return false
}

// exerciseEnds returns when a notice that is exercise lapses: with the window of its newest version.
func (ln *lineNode) exerciseEnds(n *picture.Notice) time.Time {
	until, _ := ln.window(n.Latest().Time)
	return until
}

// before reports whether an entry of one transcript comes before another of it.
func before(a, b body.Ref) bool {
	return a.Origin.Epoch < b.Origin.Epoch || a.Origin.Epoch == b.Origin.Epoch && a.Seq < b.Seq
}

// apartConflict reports whether a conflict is exercise: both its notices are. ln.mu is held.
func (ln *lineNode) apartConflict(id string) bool {
	a, b := ln.conflictOf(id)
	return ln.apart(a) && ln.apart(b)
}

// aboutExercise reports whether what a call names is exercise at both nodes. What one of them cannot
// tell, or does not know, is taken for real. ln.mu is held.
func (ln *lineNode) aboutExercise(about string) bool {
	if about == "" || ln.apartConflict(about) {
		return true
	}
	if r, err := ln.ref(about); err == nil {
		if n := ln.pic.NoticeOf(r); n != nil {
			return ln.apart(n)
		}
		c := ln.pic.Call(r)
		return c != nil && c.About == "" && ln.exercise(c)
	}
	named := false
	for _, side := range [...]transcript.Side{transcript.A, transcript.B} {
		if n := ln.pic.Notice(picture.Key{Side: side, ID: about}); n != nil && !n.Latest().Withheld {
			if !ln.apart(n) {
				return false
			}
			named = true
		}
	}
	return named
}

// exercise reports whether a call is exercise. ln.mu is held.
func (ln *lineNode) exercise(c *picture.Call) bool {
	if !c.Drill {
		return false
	}
	_, in := ln.window(c.Time)
	return in && ln.aboutExercise(c.About)
}

// exerciseOver reports whether a call is of an exercise that is over. ln.mu is held.
func (ln *lineNode) exerciseOver(c *picture.Call, now time.Time) bool {
	until, _ := ln.window(c.Time)
	return ln.exercise(c) && !now.Before(until)
}

// saidInExercise reports whether an entry is exercise: said as a drill in a window, of nothing real.
// ln.mu is held.
func (ln *lineNode) saidInExercise(said *picture.Said) bool {
	if !said.Drill {
		return false
	}
	if _, in := ln.window(said.Time); !in {
		return false
	}
	if n := ln.pic.NoticeOf(said.Ref); n != nil {
		return ln.apart(n)
	}
	if c := ln.pic.Call(said.Ref); c != nil {
		return ln.exercise(c)
	}
	for _, f := range said.Fields {
		var ref body.Ref
		switch f.Name {
		case "first", "entry", "call":
			if err := json.Unmarshal(f.Value, &ref); err != nil {
				continue
			}
			if n := ln.pic.NoticeOf(ref); n != nil {
				return ln.apart(n)
			}
			if c := ln.pic.CallWith(ref); c != nil {
				return ln.exercise(c)
			}
		case "conflict", "id":
			var id string
			if err := json.Unmarshal(f.Value, &id); err == nil && ln.pic.Conflict(id) != nil {
				return ln.apartConflict(id)
			}
		}
	}
	return true
}

// statusAs says what a notice is now, held as it is compared. Exercise lapses with its window. ln.mu
// is held.
func (ln *lineNode) statusAs(p *picture.Notice, held notice.Notice, now time.Time) notice.Status {
	s := p.StatusAt(held, now)
	if s.Live() && ln.apart(p) {
		if until := ln.exerciseEnds(p); !now.Before(until) {
			return notice.Status{State: notice.Ended, Since: until, Lapsed: true}
		}
	}
	return s
}

// indexOf returns the index in which a notice is compared, and the one of the other picture.
func (ln *lineNode) indexOf(exercise bool) (own, other *conflict.Index) {
	at := pictureOf(exercise)
	return ln.indexes[at], ln.indexes[pictures-1-at]
}

func (ln *lineNode) newIndexes() {
	for i := range ln.indexes {
		ln.indexes[i] = conflict.New(ln.separations())
	}
}

// checkDrill refuses to mix exercise and what is real in one notice, where an own officer does. ln.mu
// is held.
func (ln *lineNode) checkDrill(in notice.Notice, drill bool, have *picture.Notice) error {
	if have != nil && have.Latest().Drill != drill {
		if drill {
			return fault.New("drill", "true", "cannot be said of "+in.ID+", which is real", "file a notice of its own for the exercise, with another id")
		}
		return fault.New("drill", "false", "cannot be said of "+in.ID+", which was filed as a drill", "amend it as a drill, or file a notice of its own with another id")
	}
	if old := ln.pic.Notice(picture.Key{Side: ln.side, ID: in.Supersedes}); drill && in.Supersedes != "" && old != nil && !ln.apart(old) {
		return fault.New("supersedes", in.Supersedes, "is a real notice, which no drill replaces", "leave supersedes out of the drill")
	}
	return nil
}

// drillWarnings tells who files a drill outside every window that it counts as real. ln.mu is held.
func (ln *lineNode) drillWarnings(drill bool) []notice.Warning {
	now := ln.node.cfg.Clock.Now()
	if _, in := ln.window(now); !drill || in {
		return nil
	}
	return []notice.Warning{{Code: "drill-outside", Field: "drill", Message: catalogue.Say("warn.drill-outside")}}
}

// overWithExercise refuses to change a notice of an exercise that is over. ln.mu is held.
func (ln *lineNode) overWithExercise(n *picture.Notice) error {
	if !ln.apart(n) {
		return nil
	}
	until := ln.exerciseEnds(n)
	if ln.node.cfg.Clock.Now().Before(until) {
		return nil
	}
	return &fault.Error{Code: fault.Mismatch, Field: "notice", Value: fault.Shorten(n.Key.ID),
		Rule: fmt.Sprintf("was exercise, which ended at %s", until.UTC().Format("2006-01-02 15:04Z")), Hint: "file a notice of its own for what is real"}
}
