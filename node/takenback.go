package node

import (
	"context"
	"time"

	"parley/catalogue"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/transcript/ledger"
)

// takenBackFor is how long both desks are told that a node took back own entries: as long as an old key and a new
// one overlap.
const takenBackFor = 7 * day

// recordTakenBack puts it on the record that this node took back entries of its own transcript, so that the other
// party and a reviewer can tell which words its store had not written, and the officers on both sides are told.
func (ln *lineNode) recordTakenBack(ctx context.Context) error {
	t, ok := ln.led.TakenBack()
	if !ok || !ln.live.Load() || ln.saidTakenBack(t) {
		return nil
	}
	d, err := body.Draft(body.KindTakenBack, body.TakenBack{From: body.Ref{Origin: t.Origin, Seq: t.First}, Entries: t.Count, Running: t.Running})
	if err != nil {
		return err
	}
	_, err = ln.append(ctx, d)
	return err
}

// saidTakenBack reports whether a run is on the record.
func (ln *lineNode) saidTakenBack(t ledger.TakenBack) bool {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	for _, was := range ln.pic.TakenBack() {
		if was.Side == ln.side && was.From.Origin == t.Origin && was.From.Seq == t.First && was.Entries >= t.Count {
			return true
		}
	}
	return false
}

// takenBackAlarms tells of own entries that a node did not hold and took back. ln.mu is held.
func (ln *lineNode) takenBackAlarms(now time.Time) []view.Alarm {
	var out []view.Alarm
	for _, t := range ln.pic.TakenBack() {
		if now.Sub(t.Time) >= takenBackFor {
			continue
		}
		a := view.Alarm{ID: ln.alarmID("taken-back", t.Ref), Kind: "taken-back", Level: soon, Line: ln.id, Subject: t.From.Short(), Since: t.Time}
		if t.Running {
			a.Level = actNow
		}
		out = append(out, ln.node.said(a, ln.takenBackMessage(t)))
	}
	return out
}

func (ln *lineNode) takenBackMessage(t picture.TakenBack) catalogue.Message {
	key := "alarm.taken-back"
	switch {
	case t.Side != ln.side:
		key = "alarm.taken-back-other"
	case t.Running:
		key = "alarm.taken-back-running"
	}
	return catalogue.Say(key, catalogue.CountOf("count", int(t.Entries)), catalogue.AsCode("id", t.From.Short()), catalogue.ByPeople("peer", ln.peer))
}
