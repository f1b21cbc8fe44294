package node

import (
	"context"
	"errors"
	"time"

	"github.com/go-json-experiment/json"

	"parley/catalogue"
	"parley/fault"
	"parley/node/body"
	"parley/node/view"
	"parley/store"
)

// rotaKey is where the rota lies in the store.
const rotaKey = "desk/rota"

const (
	// rotaGrace is how long after a planned hand-over it may still not be done, how long before it the
	// next officer is reminded and may have the watch already, and for how long about it no own test of
	// the line is called for.
	rotaGrace = 15 * time.Minute
	// gapAhead is how long before it a time for which the rota names nobody is told.
	gapAhead = day
)

// rota is the plan as it lies in the store. Nobody changes one that is kept.
type rota struct {
	Rows  []view.RotaRow `json:"rows"`
	Set   time.Time      `json:"set,omitzero"`
	SetBy string         `json:"set_by,omitzero"`
}

func (n *Node) loadRota(ctx context.Context) error {
	v, err := n.cfg.Store.View(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	var r rota
	it, err := v.Get(ctx, rotaKey)
	if errors.Is(err, store.ErrNotFound) {
		n.rota.Store(&r)
		return nil
	}
	if err == nil {
		err = json.Unmarshal(it.Value, &r)
	}
	if err != nil {
		return fault.Wrap(fault.Corrupt, "node.rota", err)
	}
	n.rota.Store(&r)
	return nil
}

// Rota returns what the rota says from now on.
func (n *Node) Rota(ctx context.Context) (view.Rota, error) {
	return n.rota.Load().view(n.cfg.Clock.Now()), nil
}

func (r *rota) view(now time.Time) view.Rota {
	out := view.Rota{Rows: []view.RotaRow{}, Gaps: []view.RotaGap{}, Set: r.Set, SetBy: r.SetBy}
	for i, x := range r.Rows {
		if !x.Until.After(now) {
			continue
		}
		out.Rows = append(out.Rows, x)
		if i > 0 && r.Rows[i-1].Until.Before(x.From) {
			out.Gaps = append(out.Gaps, view.RotaGap{From: r.Rows[i-1].Until, Until: x.From})
		}
	}
	return out
}

// SetRota puts a rota in the place of the one there was: rows as ReadRota returns them. No row takes it
// away. Of those that are over only the last is kept, as it says when a gap began.
func (n *Node) SetRota(ctx context.Context, who Officer, rows []view.RotaRow) (view.Rota, error) {
	if who.Role != body.RoleSupervisor {
		return view.Rota{}, &fault.Error{Code: fault.Denied, Field: "role", Value: who.Role, Rule: "may not set the rota", Hint: "ask a supervisor"}
	}
	if len(rows) > MaxRotaRows {
		return view.Rota{}, tooManyRotaRows()
	}
	n.handing.Lock()
	defer n.handing.Unlock()
	now := n.cfg.Clock.Now()
	if k := len(rows); k > 0 && !rows[k-1].Until.After(now) {
		return view.Rota{}, fault.New("rows", rows[k-1].Until.Format(time.RFC3339), "is when the last watch ended: the whole rota is over", "give one that goes on from now")
	}
	for len(rows) > 1 && !rows[1].From.After(now) && !rows[0].Until.After(now) {
		rows = rows[1:]
	}
	r := &rota{Rows: rows, Set: now.Truncate(time.Millisecond), SetBy: who.Name}
	raw, err := json.Marshal(r)
	if err != nil {
		return view.Rota{}, fault.Wrap(fault.Internal, "node.rota", err)
	}
	if _, err := n.cfg.Store.Commit(ctx, store.Txn{Puts: []store.Put{{Key: rotaKey, Value: raw}}}); err != nil {
		return view.Rota{}, fault.Wrap(fault.Unavailable, "node.rota", err)
	}
	n.rota.Store(r)
	n.poke()
	return r.view(now), nil
}

// stint is a time without a break for which the rota names one officer: rows that follow on each
// other are no change.
type stint struct {
	view.RotaRow
	next int // the row after it
}

func (r *rota) stint(i int) *stint {
	if i >= len(r.Rows) {
		return nil
	}
	s := &stint{r.Rows[i], i + 1}
	for ; s.next < len(r.Rows); s.next++ {
		x := r.Rows[s.next]
		if x.Officer != s.Officer || x.From.After(s.Until) {
			break
		}
		s.Until = x.Until
	}
	return s
}

// about returns the stint that holds an instant and the one after it; nil: none.
func (r *rota) about(now time.Time) (current, next *stint) {
	for s := r.stint(0); s != nil; s = r.stint(s.next) {
		if s.From.After(now) {
			return current, s
		}
		if s.Until.After(now) {
			current = s
		}
	}
	return current, nil
}

// meant is about for an officer who has the watch: one who took it shortly before his stint has it as
// the rota says.
func (r *rota) meant(now time.Time, officer string) (current, next *stint) {
	current, next = r.about(now)
	if next != nil && next.Officer == officer && (current == nil || current.Officer != officer) && !next.From.Add(-rotaGrace).After(now) {
		return next, r.stint(next.next)
	}
	return current, next
}

// after names the officer to whom the one who has the watch hands it by the rota.
func (r *rota) after(now time.Time, officer string) string {
	s, next := r.meant(now, officer)
	if s == nil {
		s = next
	}
	for ; s != nil; s = r.stint(s.next) {
		if s.Officer != officer {
			return s.Officer
		}
	}
	return ""
}

// NextOnWatch names the officer to whom a hand-over that names nobody goes.
func (n *Node) NextOnWatch(ctx context.Context, who Officer) (string, error) {
	n.mu.Lock()
	has := n.onWatch.Officer
	n.mu.Unlock()
	if has == "" {
		has = who.Name
	}
	to := n.rota.Load().after(n.cfg.Clock.Now(), has)
	if to == "" {
		return "", fault.New("to", "", "is not named, and the rota names nobody after "+has, "name the officer who takes the watch over, or give a rota: parley desk rota set FILE")
	}
	return to, nil
}

// remindTest says from when a test that is owed before an instant is called for, where it would be from
// another without a rota: early enough that a planned hand-over leaves time for it; and whether one is
// so near now that it waits.
func (r *rota) remindTest(from, until, now time.Time) (start time.Time, near bool) {
	start = from
	for s := r.stint(0); s != nil && !s.From.After(until.Add(rotaGrace)); s = r.stint(s.next) {
		before, after := s.From.Add(-rotaGrace), s.From.Add(rotaGrace)
		near = near || !now.Before(before) && !now.After(after)
		if early := before.Add(from.Sub(until)); !after.Before(from) && early.Before(start) {
			start = early
		}
	}
	return start, near
}

// rotaAlarms says what the rota wants of whom, and where it is not kept.
func (n *Node) rotaAlarms() []view.Alarm {
	n.mu.Lock()
	w := n.onWatch
	n.mu.Unlock()
	now, r := n.cfg.Clock.Now(), n.rota.Load()
	var out []view.Alarm
	add := func(kind, key string, level int, since, due time.Time, args ...catalogue.Arg) {
		a := view.Alarm{ID: kind + "/" + due.UTC().Format("2006-01-02T15:04:05Z"), Kind: kind, Level: level, Since: since, Due: due}
		out = append(out, n.said(a, catalogue.Say(key, args...)))
	}
	current, next := r.meant(now, w.Officer)
	if next != nil && w.Officer != "" && w.Officer != next.Officer && !handedTo(w, next) && !next.From.Add(-rotaGrace).After(now) {
		add("rota-next", "alarm.rota-next", look, next.From.Add(-rotaGrace), next.From,
			catalogue.ByPeople("to", next.Officer), catalogue.At("until", catalogue.Clock, next.From), catalogue.ByPeople("from", w.Officer))
	}
	if kind, level, since := unkept(w, current, now); kind != "" {
		keys := map[string]string{"rota-nobody": "alarm.rota-nobody", "rota-late": "alarm.rota-late", "rota-other": "alarm.rota-other"}
		args := []catalogue.Arg{catalogue.ByPeople("to", current.Officer), catalogue.At("since", catalogue.Clock, current.From), catalogue.SayIn("said", n.ownSupervisor())}
		if w.Officer != "" {
			args = append(args, catalogue.ByPeople("from", w.Officer))
		}
		add(kind, keys[kind], level, since, current.From, args...)
	}
	if gap := r.gap(now); !gap.IsZero() {
		add("rota-gap", "alarm.rota-gap", soon, gap.Add(-gapAhead), gap, catalogue.At("day", catalogue.Minute, gap), catalogue.AsCode("command", "parley desk rota set FILE"))
	}
	return out
}

func handedTo(w view.Watch, s *stint) bool { return w.HandOver != nil && w.HandOver.To == s.Officer }

// unkept says how the watch is not as the rota wants it, and since when; "": it is, or there is time yet.
func unkept(w view.Watch, current *stint, now time.Time) (kind string, level int, since time.Time) {
	if current == nil || w.Officer == current.Officer {
		return "", 0, since
	}
	late := current.From.Add(rotaGrace)
	switch before := !w.Since.After(current.From); {
	case w.Officer == "":
		kind, level, since = "rota-nobody", actNow, late
	case handedTo(w, current):
		// The hand-over alarms by itself from when it is due.
		if w.HandOver.Due.After(now) {
			kind, level, since = "rota-other", actNow, late
		}
	case before && w.HandOver == nil:
		kind, level, since = "rota-late", actNow, late
	case before:
		kind, level, since = "rota-other", actNow, late
	default:
		kind, level, since = "rota-other", soon, w.Since
	}
	if since.After(now) {
		return "", 0, since
	}
	return kind, level, since
}

// gap returns when the time begins for which the rota names nobody, where that is within gapAhead or is
// now; zero: there is none, or no rota.
func (r *rota) gap(now time.Time) time.Time {
	for i, x := range r.Rows {
		if i+1 < len(r.Rows) && (r.Rows[i+1].From.Equal(x.Until) || !r.Rows[i+1].From.After(now)) {
			continue
		}
		if x.Until.After(now.Add(gapAhead)) {
			break
		}
		return x.Until
	}
	return time.Time{}
}

// ownSupervisor names the own supervisor with the number that the first line's agreement has.
func (n *Node) ownSupervisor() catalogue.Message {
	ln := n.order[0]
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	return ln.numbers(ln.side, toSupervisor)
}
