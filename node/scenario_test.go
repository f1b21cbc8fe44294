package node

import (
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/geo4d"
	"parley/internal/testnet"
	"parley/node/view"
	"parley/notice"
)

// alarm returns the first alarm of a kind at a node, or nil.
func alarm(t *testing.T, n *running, kind string) *view.Alarm {
	t.Helper()
	alarms, err := n.Alarms(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range alarms {
		// Every alarm that a test sees fits the catalogues, and its text is what they make of it.
		if wrong := n.english.Check(alarms[i].Message); len(wrong) > 0 || alarms[i].Text != n.english.Say(alarms[i].Message) {
			t.Errorf("alarm %s: %q: %v", alarms[i].ID, alarms[i].Text, wrong)
		}
		if alarms[i].Kind == kind {
			return &alarms[i]
		}
	}
	return nil
}

func polygon(lonLat ...float64) geo4d.Polygon {
	var ring []geo4d.Position
	for i := 0; i < len(lonLat); i += 2 {
		ring = append(ring, geo4d.Position{LonDeg: lonLat[i], LatDeg: lonLat[i+1]})
	}
	return geo4d.Polygon{Rings: [][]geo4d.Position{append(ring, ring[0])}}
}

func area(id string, s geo4d.Shape, in, lasts time.Duration) notice.Notice {
	from := time.Now().UTC().Add(in).Truncate(time.Millisecond)
	return notice.Notice{ID: id, Kind: notice.Area, Volumes: []geo4d.Volume{{Shape: s, Window: geo4d.Window{Start: from, End: from.Add(lasts)}}}}
}

// TestSuspendedBeforeAnythingWasSaid: what a party files after the other suspended the line waits,
// also where it is the first that this party ever says.
func TestSuspendedBeforeAnythingWasSaid(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 8})
		w.open()
		ctx := t.Context()
		red, blue := w.ends[0], w.ends[1]
		if err := blue.Suspend(ctx, supervisor, "", "ordered"); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "red knows", is(func() bool { return len(red.line().Suspended) == 1 }))
		if _, err := red.File(ctx, duty, "", flight("r-1", 35, 35, 2*time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Minute)
		if n, err := blue.Notice(ctx, "", "red", "r-1"); err == nil {
			t.Errorf("blue holds %s of a suspended line", n.ID)
		}
		if err := blue.Resume(ctx, supervisor, "", "over"); err != nil {
			t.Fatal(err)
		}
		w.finish()
	})
}

func TestAlertLevelShowsOnlyTheConflict(t *testing.T) {
	r, s := pair(t, func(terms *agreement.Terms) { terms.Parties[0].Disclosure.Flight = agreement.Alert })
	ctx := t.Context()
	if _, err := r.File(ctx, duty, "", flight("secret-name", 35, 35, 2*time.Hour, time.Hour), false); err != nil {
		t.Fatal(err)
	}
	if _, err := s.File(ctx, duty, "", flight("s-1", 35, 35, 2*time.Hour, time.Hour), false); err != nil {
		t.Fatal(err)
	}
	until(t, "s is told that there is a conflict, and no more", func() bool {
		cs, err := s.Conflicts(ctx, "", false)
		return err == nil && len(cs) == 1 && cs[0].LateralM == nil && cs[0].Moves == nil && cs[0].A.Notice == "" && cs[0].B.Notice == "s-1"
	})
	list, err := s.Notices(ctx, Filter{Party: "red", Body: true, Echo: true})
	if err != nil || len(list) != 1 || !list[0].Hidden || list[0].Body != nil || strings.Contains(list[0].ID, "secret") {
		t.Errorf("s sees %+v, %v", list, err)
	}
	if _, err := r.Amend(ctx, duty, "", flight("secret-name", 35, 35, 3*time.Hour, time.Hour), false); err != nil {
		t.Fatal(err)
	}
	if _, err := r.SetState(ctx, duty, "", "secret-name", notice.Cancel, "secret reason"); err != nil {
		t.Fatal(err)
	}
	until(t, "s follows the hidden notice through a version and a cancellation", func() bool {
		list, err := s.Notices(ctx, Filter{Party: "red"})
		return err == nil && len(list) == 1 && list[0].Version == 2 && list[0].State == notice.Cancelled
	})
	until(t, "r has the figures", func() bool {
		cs, err := r.Conflicts(ctx, "", true)
		return err == nil && len(cs) == 1 && cs[0].LateralM != nil && cs[0].State == "withdrawn"
	})
}

func TestRestartChangesNothing(t *testing.T) {
	a, b := newKeys(t), newKeys(t)
	note := agree(t, a, b, nil)
	la, lb := listen(t), listen(t)
	fsA := newFS()
	red := start(t, "red", a, note, nodeOptions{fs: fsA, listener: la, peerAddress: lb.Addr().String()})
	blue := start(t, "blue", b, note, nodeOptions{listener: lb, peerAddress: la.Addr().String()})
	confirmed(t, red, blue)
	ctx := t.Context()
	late := flight("blue-1", 35, 35, 5*time.Minute, time.Hour)
	if _, err := red.File(ctx, duty, "", flight("red-1", 35, 35, 2*time.Minute, time.Hour), false); err != nil {
		t.Fatal(err)
	}
	if _, err := blue.File(ctx, duty, "", late, false); err != nil {
		t.Fatal(err)
	}
	until(t, "red has the conflict, and knows that red-1 was delivered", func() bool {
		v, err := red.Notice(ctx, "", "red", "red-1")
		return alarm(t, red, "conflict") != nil && alarm(t, red, "late") != nil && err == nil && v.Delivered != nil
	})
	before, err := red.Notices(ctx, Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if err := red.stop(); err != nil {
		t.Fatal(err)
	}
	red = start(t, "red", a, note, nodeOptions{fs: fsA, listener: listen(t), peerAddress: lb.Addr().String()})
	after, err := red.Notices(ctx, Filter{})
	if err != nil || len(after) != len(before) {
		t.Fatalf("%d notices after the restart, %d before, %v", len(after), len(before), err)
	}
	for i := range before {
		x, y := before[i], after[i]
		if x.Entry != y.Entry || x.Lead.Grade != y.Lead.Grade || (x.Next == nil) != (y.Next == nil) || (x.Next != nil && !x.Next.Due.Equal(y.Next.Due)) || len(x.Conflicts) != len(y.Conflicts) {
			t.Errorf("before %+v\nafter %+v", x, y)
		}
	}
	if alarm(t, red, "conflict") == nil || alarm(t, red, "late") == nil {
		t.Error("an alarm was lost by the restart")
	}
}

// TestHeldBackIsOwedFromArrival: the deadlines of the receiver's officers begin when his node holds a
// notice, not while a suspended line keeps it from him.
func TestHeldBackIsOwedFromArrival(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 9})
		w.open()
		ctx := t.Context()
		red, blue := w.ends[0], w.ends[1]
		if err := blue.Suspend(ctx, supervisor, "", "ordered"); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "red knows", is(func() bool { return len(red.line().Suspended) == 1 }))
		if _, err := red.File(ctx, duty, "", flight("r-1", 35, 35, 3*time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if a := red.alarmOf("not-delivered"); a == nil {
			t.Error("what is held back is not alarmed as not delivered")
		}
		if err := blue.Resume(ctx, supervisor, "", "over"); err != nil {
			t.Fatal(err)
		}
		arrived := time.Now()
		w.atBoth(5*time.Second, "it is owed from its arrival", func(e *end) string {
			n, err := e.Notice(ctx, "", "red", "r-1")
			if err != nil {
				return err.Error()
			}
			for _, r := range n.Ladder {
				if r.Name == view.OfficerHas && !r.Missed && r.Due.Sub(arrived).Round(time.Minute) == 15*time.Minute {
					return ""
				}
			}
			return rungs(n)
		})
		w.quietAtBoth("not-received", "not-delivered")
		time.Sleep(16 * time.Minute)
		w.atBoth(time.Second, "missed", func(e *end) string {
			n, err := e.Notice(ctx, "", "red", "r-1")
			if err != nil {
				return err.Error()
			}
			if got := rungs(n); !strings.Contains(got, "received missed") {
				return got
			}
			return ""
		})
		w.finish()
	})
}
