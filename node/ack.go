package node

import (
	"context"
	"time"

	"github.com/go-json-experiment/json"

	"parley/fault"
	"parley/node/view"
	"parley/store"
)

// ackPrefix is where a desk's acknowledgements lie in the store. They are this desk's own memory
// and no part of the record.
const ackPrefix = "desk/ack/"

// ack is the word of an officer of this desk that he saw an alarm, which had begun at Since.
type ack struct {
	view.Received
	Since time.Time `json:"since,omitzero"`
}

// covers reports whether an alarm that began at a time is the one that was seen, and not one of its name
// that began anew. When an alarm began may be by the other party's clock, which may be ahead.
func (k ack) covers(begun time.Time) bool {
	return !begun.After(k.Time) || !begun.After(k.Since)
}

// begun is when an alarm began that is on the list: as it says itself, else as this desk had it. The zero
// time is one that is not known.
func (h hadAlarm) begun(a view.Alarm) time.Time {
	switch {
	case !a.Since.IsZero():
		return a.Since
	case h.standsFor(a):
		return h.Begun
	case h.Over.IsZero():
		return time.Time{}
	}
	return h.Over.Add(1) // anew, and nobody looked since
}

func (n *Node) loadAcks(ctx context.Context) (map[string]ack, error) {
	v, err := n.cfg.Store.View(ctx)
	if err != nil {
		return nil, err
	}
	defer v.Close()
	out := map[string]ack{}
	err = stored(ctx, v, ackPrefix, "node.acks", func(alarm string, r ack) { out[alarm] = r })
	return out, err
}

// Acknowledge says that an officer of this desk saw an alarm. It stays on the list, marked, until
// what it is about is over.
func (n *Node) Acknowledge(ctx context.Context, who Officer, alarm string) (view.Alarm, error) {
	if err := n.tellAlarms(ctx); err != nil { // so that it is known when each began
		return view.Alarm{}, err
	}
	return n.acknowledge(ctx, who, alarm)
}

// acknowledge is Acknowledge where the alarms were told just now.
func (n *Node) acknowledge(ctx context.Context, who Officer, alarm string) (view.Alarm, error) {
	n.mu.Lock()
	a, stands := n.told[alarm]
	begun := n.book.had[alarm].begun(a)
	n.mu.Unlock()
	if !stands {
		return view.Alarm{}, &fault.Error{Code: fault.NotFound, Field: "alarm", Value: fault.Shorten(alarm),
			Rule: "is not an alarm now", Hint: "list them: parley line alarms"}
	}
	r := ack{view.Received{Officer: who.Name, Role: who.Role, Time: n.cfg.Clock.Now()}, begun}
	raw, err := json.Marshal(r)
	if err != nil {
		return view.Alarm{}, fault.Wrap(fault.Internal, "node.acknowledge", err)
	}
	if _, err := n.cfg.Store.Commit(ctx, store.Txn{Puts: []store.Put{{Key: ackPrefix + alarm, Value: raw}}}); err != nil {
		return view.Alarm{}, fault.Wrap(fault.Unavailable, "node.acknowledge", err)
	}
	n.mu.Lock()
	n.acked[alarm] = r
	n.mu.Unlock()
	a.Acknowledged = &r.Received
	return a, nil
}
