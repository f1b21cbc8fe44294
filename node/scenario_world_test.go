package node

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/gazetteer"
	"parley/node/view"
	"parley/notice"
)

// scenarioWorld is a world of an evening of the record: at its date, with the towns of the earth,
// with a line that takes 50 ms each way, and with who is reached how.
func scenarioWorld(t *testing.T, at string, change func(*agreement.Terms)) (w *world, red, blue *end) {
	t.Helper()
	began, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	towns, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	w = newWorld(t, worldOptions{seed: 1, at: began, places: towns, change: func(terms *agreement.Terms) {
		for i, party := range []string{"red", "blue"} {
			terms.Parties[i].Contacts = nil
			for _, role := range []string{"duty", "second", "supervisor", "principals"} {
				terms.Parties[i].Contacts = append(terms.Parties[i].Contacts, agreement.Contact{Role: role, Number: party + "-" + role})
			}
		}
		terms.Observers = []agreement.Observer{{Name: "mission", Contact: "mission-duty"}}
		if change != nil {
			change(terms)
		}
	}})
	w.net.Shape(50*time.Millisecond, 0)
	w.open()
	return w, w.ends[0], w.ends[1]
}

// planned reads a plan file as a person files one. It returns its only notice, or why it is refused.
func planned(t *testing.T, feature string) (n notice.Notice, refused string) {
	t.Helper()
	plan, err := notice.ReadPlan(strings.NewReader(feature), notice.PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Refused) > 0 {
		return n, plan.Refused[0].Item + ": " + plan.Refused[0].Reason
	}
	return plan.Notices[0].Notice, ""
}

// files files a notice, or fails the test.
func (e *end) files(n notice.Notice) view.Filed {
	e.w.t.Helper()
	f, err := e.File(e.w.t.Context(), duty, "", n, false)
	return must(e.w.t, f, err)
}

// amends files the next version of a notice, or fails the test.
func (e *end) amends(n notice.Notice) view.Filed {
	e.w.t.Helper()
	f, err := e.Amend(e.w.t.Context(), duty, "", n, false)
	return must(e.w.t, f, err)
}

func must[T any](t *testing.T, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// held returns a notice as the node shows it now, or fails the test.
func (e *end) held(party, id string) view.Notice {
	e.w.t.Helper()
	n, err := e.Notice(e.w.t.Context(), "", party, id)
	return must(e.w.t, n, err)
}

// both waits at most d of virtual time until both nodes hold a version of a notice, and checks that
// the author has the receipt for it.
func (w *world) both(d time.Duration, party, id string, version int) {
	w.t.Helper()
	w.within(d, fmt.Sprintf("both hold version %d of %s", version, id), func() string {
		for _, e := range w.ends {
			if n, err := e.Notice(w.t.Context(), "", party, id); err != nil || n.Version != version || n.Delivered == nil {
				return fmt.Sprintf("%s: %v, version %d, delivered %v", e.party, err, n.Version, n.Delivered)
			}
		}
		return ""
	})
}

// warned returns the text of the first warning of a code, or "".
func warned(ws []notice.Warning, code string) string {
	for _, x := range ws {
		if x.Code == code {
			return x.Text
		}
	}
	return ""
}

// reads fails the test unless a text has every one of some words.
func reads(t *testing.T, what, text string, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("%s: %q, without %q", what, text, word)
		}
	}
}

// echoed is a notice in words as a node shows it.
func (e *end) echoed(party, id string) string {
	e.w.t.Helper()
	return strings.Join(e.held(party, id).Echo, "\n")
}

// alarmedSince fails the test unless both nodes have an alarm of a kind since a second of the day.
func (w *world) alarmedSince(kind, clock string) {
	w.t.Helper()
	for _, e := range w.ends {
		if a := e.alarmOf(kind); a == nil || a.Since.Format("15:04:05") != clock {
			w.t.Errorf("%s has %s not since %s: %+v", e.party, kind, clock, a)
		}
	}
}
