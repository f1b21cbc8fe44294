package node

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"parley/fault"
	"parley/node/view"
	"parley/store"
)

// The alarms that this desk had are its own memory, like its acknowledgements: they are no part of the
// record and never go to the other party.
const (
	alarmPrefix    = "desk/alarm/"       // by alarm
	alarmDayPrefix = "desk/alarm-days/"  // by line and day
	falsePrefix    = "desk/alarm-false/" // those that were marked, by when they began; never forgotten
)

const (
	// alarmKept is how long an alarm that is over is remembered, and may be marked as false.
	alarmKept = 7 * 24 * time.Hour
	// alarmSweep is how often it is looked whether an alarm is to be forgotten.
	alarmSweep = time.Hour
	// falseTime sorts as time goes.
	falseTime = "2006-01-02T15:04:05.000000000Z"
	// alarmsAtOnce is how many alarms one transaction changes: each is an alarm, its acknowledgement
	// and a day.
	alarmsAtOnce = store.MaxTxnOps / 3
)

// hadAlarm is an alarm from when it came onto the list until it left it.
type hadAlarm struct {
	Line     string           `json:"line,omitzero"`
	Kind     string           `json:"kind"`
	Subject  string           `json:"subject,omitzero"`
	Exercise bool             `json:"exercise,omitzero"`
	Begun    time.Time        `json:"begun"`
	Over     time.Time        `json:"over,omitzero"`
	False    *view.FalseAlarm `json:"false,omitzero"`
}

// counts reports whether it is in the figures: it is of a line, and real.
func (h hadAlarm) counts() bool { return h.Line != "" && !h.Exercise }

func (h hadAlarm) day() alarmDay { return alarmDay{h.Line, h.Begun.UTC().Format(time.DateOnly)} }

// standsFor reports whether it is an alarm that is on the list.
func (h hadAlarm) standsFor(a view.Alarm) bool {
	return !h.Begun.IsZero() && h.Over.IsZero() && h.Exercise == a.Exercise
}

func (h hadAlarm) view(id string) view.HadAlarm {
	return view.HadAlarm{ID: id, Line: h.Line, Kind: h.Kind, Subject: h.Subject, Exercise: h.Exercise, Begun: h.Begun, Over: h.Over, MarkedFalse: h.False}
}

type alarmDay struct{ line, day string }

// alarmCount is how many alarms began, and how many of them were marked as false.
type alarmCount struct {
	Begun int `json:"begun"`
	False int `json:"false"`
}

// alarmBook holds the alarms that the desk had lately, and how many there were by day.
type alarmBook struct {
	had   map[string]hadAlarm // by alarm
	on    map[string]bool     // those that are not over
	days  map[alarmDay]alarmCount
	swept time.Time
}

// alarmChange is what becomes of one alarm: it is as had says, or forgotten. add is what that changes
// in the count of the day on which it began.
type alarmChange struct {
	id     string
	had    hadAlarm
	forget bool
	marked bool
	add    alarmCount
}

// compare says what changed since the alarms were looked at last.
func (b *alarmBook) compare(list map[string]view.Alarm, now time.Time) []alarmChange {
	var out []alarmChange
	for id, a := range list {
		if b.had[id].standsFor(a) {
			continue
		}
		c := alarmChange{id: id, had: hadAlarm{Line: a.Line, Kind: a.Kind, Subject: a.Subject, Exercise: a.Exercise, Begun: now}}
		if c.had.counts() {
			c.add.Begun = 1
		}
		out = append(out, c)
	}
	for id := range b.on {
		if _, ok := list[id]; !ok {
			c := alarmChange{id: id, had: b.had[id]}
			c.had.Over = now
			out = append(out, c)
		}
	}
	return out
}

// sweep says which alarms are over for so long that they are forgotten, with their acknowledgements. Where
// an alarm that somebody saw is not known, it counts as over from now on.
func (b *alarmBook) sweep(list map[string]view.Alarm, acked map[string]ack, now time.Time) []alarmChange {
	if now.Sub(b.swept) < alarmSweep {
		return nil
	}
	b.swept = now
	var out []alarmChange
	for id, h := range b.had {
		if _, on := list[id]; !on && !h.Over.IsZero() && now.Sub(h.Over) >= alarmKept {
			out = append(out, alarmChange{id: id, forget: true})
		}
	}
	for id, k := range acked {
		_, on := list[id]
		if _, known := b.had[id]; !on && !known {
			out = append(out, alarmChange{id: id, had: hadAlarm{Kind: strings.SplitN(id, "/", 2)[0], Begun: k.Time, Over: now}})
		}
	}
	return out
}

func (b *alarmBook) take(changes []alarmChange) {
	for _, c := range changes {
		if c.forget {
			delete(b.had, c.id)
		} else {
			b.had[c.id] = c.had
		}
		delete(b.on, c.id)
		if !c.forget && c.had.Over.IsZero() {
			b.on[c.id] = true
		}
	}
}

// counted are the days on which some changes count, as they are with them.
func (b *alarmBook) counted(changes []alarmChange) map[alarmDay]alarmCount {
	out := map[alarmDay]alarmCount{}
	for _, c := range changes {
		if c.add == (alarmCount{}) {
			continue
		}
		d := c.had.day()
		have, ok := out[d]
		if !ok {
			have = b.days[d]
		}
		out[d] = alarmCount{have.Begun + c.add.Begun, have.False + c.add.False}
	}
	return out
}

func (n *Node) loadAlarms(ctx context.Context) (alarmBook, error) {
	b := alarmBook{had: map[string]hadAlarm{}, on: map[string]bool{}, days: map[alarmDay]alarmCount{}}
	v, err := n.cfg.Store.View(ctx)
	if err != nil {
		return b, err
	}
	defer v.Close()
	if err := stored(ctx, v, alarmPrefix, "node.alarms", func(id string, h hadAlarm) { b.take([]alarmChange{{id: id, had: h}}) }); err != nil {
		return b, err
	}
	var unread error
	err = stored(ctx, v, alarmDayPrefix, "node.alarms", func(rest string, c alarmCount) {
		line, day, ok := strings.Cut(rest, "/")
		if !ok {
			unread = fault.Wrap(fault.Corrupt, "node.alarms", errors.New(alarmDayPrefix+rest))
		}
		b.days[alarmDay{line, day}] = c
	})
	return b, cmp.Or(err, unread)
}

// bookAlarms remembers which alarms began and which are over. What cannot be kept is tried again at the next
// look: it costs the figures some accuracy, and no alarm.
func (n *Node) bookAlarms(ctx context.Context, list map[string]view.Alarm) {
	if n.cfg.Store.Err() != nil {
		return
	}
	n.booking.Lock()
	defer n.booking.Unlock()
	now := n.cfg.Clock.Now()
	n.mu.Lock()
	changes := append(n.book.compare(list, now), n.book.sweep(list, n.acked, now)...)
	n.mu.Unlock()
	for some := range slices.Chunk(changes, alarmsAtOnce) {
		if err := n.keepAlarms(ctx, some); err != nil {
			if ctx.Err() == nil {
				n.cfg.Log.Warn("which alarms there were is not kept; it is tried again", "err", err)
			}
			return
		}
	}
}

// keepAlarms makes some changes durable. n.booking is held.
func (n *Node) keepAlarms(ctx context.Context, changes []alarmChange) error {
	n.mu.Lock()
	days := n.book.counted(changes)
	n.mu.Unlock()
	var t store.Txn
	put := func(key string, x any) error {
		raw, err := json.Marshal(x)
		t.Puts = append(t.Puts, store.Put{Key: key, Value: raw})
		return fault.Wrap(fault.Internal, "node.alarms", err)
	}
	for _, c := range changes {
		if c.forget {
			t.Deletes = append(t.Deletes, alarmPrefix+c.id, ackPrefix+c.id)
			continue
		}
		if err := put(alarmPrefix+c.id, c.had); err != nil {
			return err
		}
		if c.marked {
			if err := put(falsePrefix+c.had.Begun.UTC().Format(falseTime)+"/"+c.id, c.had.view(c.id)); err != nil {
				return err
			}
		}
	}
	for d, c := range days {
		if err := put(alarmDayPrefix+d.line+"/"+d.day, c); err != nil {
			return err
		}
	}
	if _, err := n.cfg.Store.Commit(ctx, t); err != nil {
		return fault.Wrap(fault.Unavailable, "node.alarms", err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.book.take(changes)
	maps.Copy(n.book.days, days)
	for _, c := range changes {
		if c.forget {
			delete(n.acked, c.id)
		}
	}
	return nil
}

// alarmsByDay is how many alarms of a line there were.
func (n *Node) alarmsByDay(line string) map[string]alarmCount {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := map[string]alarmCount{}
	for d, c := range n.book.days {
		if d.line == line {
			out[d.day] = c
		}
	}
	return out
}
