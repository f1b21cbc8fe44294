package node

import (
	"context"
	"slices"
	"time"

	"parley/catalogue"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/transcript"
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

// takenBackAlarms tells of own entries that a node did not hold and took back: all of a node in one alarm. It names
// those that came while the node ran, where there are any: no backup explains them. It has begun with the newest of
// all, so that one that comes later was not seen with those before. ln.mu is held.
func (ln *lineNode) takenBackAlarms(now time.Time) []view.Alarm {
	var out []view.Alarm
	for _, side := range []transcript.Side{ln.side, ln.side.Other()} {
		runs := ln.takenBackRuns(side, now)
		if len(runs) == 0 {
			continue
		}
		newest := latest(runs)
		running := slices.DeleteFunc(slices.Clone(runs), func(t picture.TakenBack) bool { return !t.Running })
		level := soon
		if len(running) > 0 {
			runs, level = running, actNow
		}
		all := runs[0]
		for _, t := range runs[1:] {
			all.Entries += t.Entries
		}
		m := ln.takenBackMessage(all)
		if n := len(runs); n > 1 {
			m = catalogue.Say("alarm.taken-back-times", catalogue.SayIn("said", m), catalogue.CountOf("count", n), catalogue.At("day", catalogue.Minute, latest(runs)))
		}
		a := view.Alarm{ID: "taken-back/" + ln.id[:8] + "/" + string(side), Kind: "taken-back", Level: level, Line: ln.id, Subject: all.From.Short(), Since: newest}
		out = append(out, ln.node.said(a, m))
	}
	return out
}

// latest is when the newest of some runs was said.
func latest(runs []picture.TakenBack) time.Time {
	return slices.MaxFunc(runs, func(a, b picture.TakenBack) int { return a.Time.Compare(b.Time) }).Time
}

// takenBackRuns are the runs of entries that a side took back lately, each as it was last said: a run that went on is
// said again with all that it came to. ln.mu is held.
func (ln *lineNode) takenBackRuns(side transcript.Side, now time.Time) []picture.TakenBack {
	var out []picture.TakenBack
	at := map[body.Ref]int{}
	for _, t := range ln.pic.TakenBack() {
		if t.Side != side || now.Sub(t.Time) >= takenBackFor {
			continue
		}
		if i, known := at[t.From]; known {
			t.Running = t.Running || out[i].Running
			t.Entries = max(t.Entries, out[i].Entries)
			out[i] = t
			continue
		}
		at[t.From] = len(out)
		out = append(out, t)
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
