package node

import (
	"cmp"
	"context"
	"slices"

	"github.com/go-json-experiment/json"

	"parley/fault"
	"parley/node/view"
)

// AlarmsOver returns the alarms of this desk that are over and not forgotten yet, the newest first.
func (n *Node) AlarmsOver(ctx context.Context) ([]view.HadAlarm, error) {
	if err := n.tellAlarms(ctx); err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	out := []view.HadAlarm{}
	for id, h := range n.book.had {
		if !h.Over.IsZero() {
			out = append(out, h.view(id))
		}
	}
	slices.SortFunc(out, func(a, b view.HadAlarm) int { return cmp.Or(b.Over.Compare(a.Over), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// FalseAlarms returns all alarms of a line, or of all, that officers of this desk marked as false, the
// newest first.
func (n *Node) FalseAlarms(ctx context.Context, lineID string) ([]view.HadAlarm, error) {
	lines, err := n.chosen(lineID)
	if err != nil {
		return nil, err
	}
	v, err := n.cfg.Store.View(ctx)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "node.alarms", err)
	}
	defer v.Close()
	out := []view.HadAlarm{}
	for it, err := range v.Scan(ctx, falsePrefix, falsePrefix+"\xff") {
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, "node.alarms", err)
		}
		var h view.HadAlarm
		if err := json.Unmarshal(it.Value, &h); err != nil {
			return nil, fault.Wrap(fault.Corrupt, "node.alarms", err)
		}
		if slices.ContainsFunc(lines, func(ln *lineNode) bool { return ln.id == h.Line }) {
			out = append(out, h)
		}
	}
	slices.Reverse(out)
	return out, nil
}

// MarkFalse says that an alarm of this desk was a false one: while it lasts, which says also that the
// officer saw it, or for some days after it is over. That is for the figures of this desk. It changes
// nothing of what the alarm is about: the alarm stays on the list until that is over.
func (n *Node) MarkFalse(ctx context.Context, who Officer, alarm, reason string) (view.HadAlarm, error) {
	if err := words("reason", reason, "say why it was a false alarm"); err != nil {
		return view.HadAlarm{}, err
	}
	if err := n.tellAlarms(ctx); err != nil {
		return view.HadAlarm{}, err
	}
	n.booking.Lock()
	defer n.booking.Unlock()
	n.mu.Lock()
	h, known := n.book.had[alarm]
	now, stands := n.told[alarm]
	n.mu.Unlock()
	switch {
	case !known:
		return view.HadAlarm{}, &fault.Error{Code: fault.NotFound, Field: "alarm", Value: fault.Shorten(alarm),
			Rule: "is no alarm of this desk, now or in the last seven days", Hint: "list them: parley line alarms --over"}
	case !h.counts():
		return view.HadAlarm{}, fault.New("alarm", fault.Shorten(alarm), "is exercise or of no line, and in no figure", "mark only what is in the figures")
	case h.False != nil:
		return view.HadAlarm{}, &fault.Error{Code: fault.Mismatch, Field: "alarm", Value: fault.Shorten(alarm), Rule: "is marked as false already", Hint: "nothing is left to do"}
	}
	if stands && now.Acknowledged == nil {
		if _, err := n.acknowledge(ctx, who, alarm); err != nil {
			return view.HadAlarm{}, err
		}
	}
	h.False = &view.FalseAlarm{Officer: who.Name, Role: who.Role, Time: n.cfg.Clock.Now(), Reason: reason}
	if err := n.keepAlarms(ctx, []alarmChange{{id: alarm, had: h, add: alarmCount{False: 1}, marked: true}}); err != nil {
		return view.HadAlarm{}, err
	}
	n.poke()
	return h.view(alarm), nil
}
