package node

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/geo4d"
	"parley/internal/testnet"
	"parley/node/body"
	"parley/notice"
)

// atBoth waits in virtual time, at most d, until nothing is wrong at either node, and says how long
// that took.
func (w *world) atBoth(d time.Duration, what string, wrong func(e *end) string) time.Duration {
	w.t.Helper()
	return w.within(d, what, func() string {
		for _, e := range w.ends {
			if why := wrong(e); why != "" {
				return e.party + ": " + why
			}
		}
		return ""
	})
}

// restart stops both nodes and starts them again on their disks.
func (w *world) restart() {
	w.t.Helper()
	for _, e := range w.ends {
		e.halt()
	}
	w.open()
}

// restartAlone stops each node and starts it again, where no line need come up.
func (w *world) restartAlone() {
	w.t.Helper()
	for _, e := range w.ends {
		e.halt()
		e.open()
	}
}

// compares fails unless a node says how many notices were compared, as of now, and nothing more.
func (e *end) compares(own, other int) {
	e.w.t.Helper()
	c := e.line().Compared
	if c.Own != own || c.Other != other || c.NotCompared != 0 || !strings.HasPrefix(c.Text, "compared at "+c.At.Format("15:04:05Z")) {
		e.w.t.Errorf("%s compares %+v, want %d and %d", e.party, c, own, other)
	}
}

// said names the notices that a node holds of a party, in the order of the transcript.
func (e *end) said(party string) string {
	e.w.t.Helper()
	list, _, err := e.Log(e.w.t.Context(), LogFilter{Party: party, Kind: body.KindNotice})
	if err != nil {
		e.w.t.Fatal(err)
	}
	var out []string
	for _, x := range list {
		out = append(out, strings.Trim(string(x.Fields["id"]), `"`))
	}
	return strings.Join(out, " ")
}

// TestScenario06Altitude: two flights over one place at one time, at FL100 and at FL200, keep their
// separation. One that leaves an altitude out does not, and both see that within 5 s.
func TestScenario06Altitude(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := ladderWorld(t, 6)
		ctx := t.Context()
		red, blue := w.ends[0], w.ends[1]
		if _, err := red.File(ctx, duty, "", banded("r-1", 100, 100), false); err != nil {
			t.Fatal(err)
		}
		w.within(5*time.Second, "blue holds r-1", is(func() bool { return len(blue.notices()) == 1 }))
		f, err := blue.File(ctx, duty, "", banded("b-1", 200, 200), false)
		if err != nil || len(f.Conflicts) != 0 || f.Compared.Own != 1 || f.Compared.Other != 1 {
			t.Errorf("FL100 against FL200: %d conflicts, %+v, %v", len(f.Conflicts), f.Compared, err)
		}
		apart := func(when string) {
			t.Helper()
			w.within(time.Minute, "settled", w.settled)
			for _, e := range w.ends {
				e.compares(1, 1)
				if n := len(e.conflicts()); n != 0 || e.alarmOf("conflict") != nil {
					t.Errorf("%s: %s has %d conflicts, alarm %+v", when, e.party, n, e.alarmOf("conflict"))
				}
			}
		}
		apart("as filed")
		w.restart()
		apart("after a restart")
		time.Sleep(2 * time.Hour)
		apart("an hour before both start")

		open, half := banded("b-2", 0, 0), banded("b-3", 0, 200)
		open.Volumes[0].Window, half.Volumes[0].Window = windowOf(red, "r-1"), windowOf(red, "r-1")
		open.Volumes[0].Band, half.Volumes[0].Band.Lower = geo4d.Band{}, nil
		for i, n := range []notice.Notice{open, half} {
			f, err := blue.File(ctx, duty, "", n, false)
			if err != nil || len(f.Conflicts) != 1 || f.Conflicts[0].A.Notice != "r-1" || *f.Conflicts[0].VerticalM != 0 {
				t.Fatalf("%s: %+v, %v", n.ID, f.Conflicts, err)
			}
			id, filed := f.Conflicts[0].ID, time.Now()
			w.atBoth(5*time.Second, "the conflict of "+n.ID, func(e *end) string {
				if c, a := e.conflicts()[id], e.alarmOf("conflict"); c.State != "open" || a == nil || a.Since.Sub(filed).Abs() > 5*time.Second {
					return fmt.Sprintf("state %q, alarm %+v", c.State, a)
				}
				return ""
			})
			if i == 0 {
				w.restart()
			}
			w.state(id, "open")
			n.Volumes[0].Band = banded("", 200, 200).Volumes[0].Band
			if _, err := blue.Amend(ctx, duty, "", n, false); err != nil {
				t.Fatal(err)
			}
			w.atBoth(5*time.Second, n.ID+" says its altitude", func(e *end) string {
				c, err := e.Conflict(ctx, "", id)
				if err != nil || c.State != "separated" || strings.Join(c.SeparatedBy, " ") != "altitude" || e.alarmOf("conflict") != nil {
					return fmt.Sprintf("%s, by %v, %v", c.State, c.SeparatedBy, err)
				}
				return ""
			})
		}
		w.finish()
	})
}

// windowOf is the window of a notice at a node.
func windowOf(e *end, id string) geo4d.Window {
	e.w.t.Helper()
	n, err := e.Notice(e.w.t.Context(), "", "", id)
	if err != nil {
		e.w.t.Fatal(err)
	}
	return geo4d.Window{Start: n.Start, End: n.End}
}
