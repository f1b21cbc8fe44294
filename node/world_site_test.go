package node

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/geo4d"
	"parley/internal/testnet"
	"parley/node/body"
	"parley/node/view"
	"parley/notice"
)

// clinic is a site that is there already.
func clinic(id string, lon, lat float64) notice.Notice {
	return notice.Notice{ID: id, Kind: notice.Site, Title: "clinic " + id, Contact: "+00 0000", Volumes: []geo4d.Volume{{
		Shape:  geo4d.Circle{Center: geo4d.Position{LonDeg: lon, LatDeg: lat}, RadiusM: 200},
		Window: geo4d.Window{Start: time.Now().UTC().Truncate(time.Millisecond)},
	}}}
}

func (e *end) site(party, id string) view.Notice {
	e.w.t.Helper()
	n, err := e.Notice(e.w.t.Context(), "", party, id)
	if err != nil {
		e.w.t.Fatal(err)
	}
	return n
}

// TestSiteIsRevalidated runs 100 days: a site is warned of at its owner's desk, expires, stays in
// conflict checks and alarms both until an officer confirms it, and both see who did and when.
func TestSiteIsRevalidated(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 1})
		w.open()
		red, blue := w.ends[0], w.ends[1]
		ctx := t.Context()
		filed := time.Now()
		// day stops both nodes until two minutes before a day begins, and runs them until a minute before it.
		day := func(d float64) {
			t.Helper()
			for _, e := range w.ends {
				e.halt()
			}
			begins := filed.Add(time.Duration(d * 24 * float64(time.Hour)))
			time.Sleep(time.Until(begins.Add(-2 * time.Minute)))
			for _, e := range w.ends {
				e.open()
			}
			w.within(time.Minute, "both may sign", w.unready)
			time.Sleep(time.Until(begins.Add(-time.Minute)))
		}
		begin := func() { time.Sleep(2 * time.Minute) } // lets a day begin
		for i, n := range []notice.Notice{clinic("s-1", 35, 35), clinic("s-2", 36, 36)} {
			if i == 1 {
				n.Expires = filed.Add(40 * 24 * time.Hour)
			}
			if _, err := blue.File(ctx, duty, "", n, false); err != nil {
				t.Fatal(err)
			}
		}
		w.within(time.Minute, "settled", w.settled)
		sees := func(when, id string, unverified bool, until float64) {
			t.Helper()
			for _, e := range w.ends {
				n := e.site("blue", id)
				if got := n.ValidUntil.Sub(filed).Hours() / 24; n.Unverified != unverified || got < until-0.01 || got > until+0.01 || n.State != notice.Planned {
					t.Errorf("%s: %s sees %s %s, unverified %t, valid for %.2f days; want %t, %v", when, e.party, id, n.State, n.Unverified, got, unverified, until)
				}
			}
		}
		alarms := func(when, kind, atBlue, atRed string) {
			t.Helper()
			for e, want := range map[*end]string{blue: atBlue, red: atRed} {
				switch a := e.alarmOf(kind); {
				case a == nil && want != "":
					t.Errorf("%s: %s has no alarm %s", when, e.party, kind)
				case a != nil && (want == "" || !strings.Contains(a.Text, want)):
					t.Errorf("%s: %s is alarmed: %s; want %q", when, e.party, a.Text, want)
				}
			}
		}
		sees("when filed", "s-1", false, 90)
		sees("when filed", "s-2", false, 40)
		day(26)
		alarms("before the warning", "revalidate", "", "")
		begin()
		alarms("14 days before its stated expiry", "revalidate", "site s-2: must be confirmed before", "")
		list, err := blue.Revalidate(ctx, duty, "", Confirming{IDs: []string{"s-2"}, Remark: "seen today"})
		if err != nil || len(list) != 1 || list[0].Confirmed == nil {
			t.Fatal(list, err)
		}
		w.within(time.Minute, "settled", w.settled)
		alarms("confirmed", "revalidate", "", "")
		sees("confirmed", "s-2", false, 116)
		for _, e := range w.ends {
			if c := e.site("blue", "s-2").Confirmed; c == nil || c.Officer != duty.Name || c.Role != duty.Role || c.Remark != "seen today" || c.Time.Sub(filed).Hours()/24 < 25.9 {
				t.Errorf("%s sees %+v", e.party, c)
			}
		}
		day(76)
		alarms("before the warning", "revalidate", "", "")
		begin()
		alarms("14 days before the term ends", "revalidate", "site s-1: must be confirmed before", "")
		day(90)
		sees("before it expires", "s-1", false, 90)
		alarms("before it expires", "unverified", "", "")
		begin()
		sees("expired", "s-1", true, 90)
		sees("expired", "s-2", false, 116)
		alarms("expired", "unverified", "site s-1: its validity ended", "site s-1: its validity ended")
		w.restart()
		sees("expired, after a restart", "s-1", true, 90)
		alarms("expired, after a restart", "unverified", "site s-1: its validity ended", "site s-1: its validity ended")
		f := flight("red-1", 35, 35, 24*time.Hour, time.Hour)
		f.Volumes[0].Band.Upper.Value = 90
		got, err := red.File(ctx, duty, "", f, false)
		if err != nil || len(got.Conflicts) != 1 {
			t.Fatalf("a flight over an unverified site has %d conflicts, %v", len(got.Conflicts), err)
		}
		day(100)
		if list, err = blue.Revalidate(ctx, duty, "", Confirming{AllDue: true, Until: filed.Add(110 * 24 * time.Hour)}); err != nil || len(list) != 1 || list[0].ID != "s-1" {
			t.Fatal(list, err)
		}
		w.within(time.Minute, "settled", w.settled)
		sees("confirmed for less than the term", "s-1", false, 110)
		alarms("confirmed for less than the term", "unverified", "", "")
		day(110)
		begin()
		sees("expired anew", "s-1", true, 110)
		if _, err := blue.SetState(ctx, duty, "", "s-1", notice.Cancel, ""); err == nil {
			t.Error("a site was removed without a reason")
		}
		if _, err := blue.SetState(ctx, duty, "", "s-1", notice.Cancel, "moved"); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "settled", w.settled)
		alarms("removed", "unverified", "", "")
		w.finish()
	})
}

// TestWhatMayBeConfirmed: nobody confirms what is no live site of his party.
func TestWhatMayBeConfirmed(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 1, change: func(terms *agreement.Terms) { terms.Parties[1].Disclosure.Site = agreement.Alert }})
		w.open()
		red, blue := w.ends[0], w.ends[1]
		ctx := t.Context()
		for _, n := range []notice.Notice{clinic("s-1", 35, 35), clinic("s-2", 36, 36), flight("f-1", 40, 40, time.Hour, time.Hour)} {
			if _, err := blue.File(ctx, duty, "", n, false); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := blue.SetState(ctx, duty, "", "s-2", notice.Cancel, "closed"); err != nil {
			t.Fatal(err)
		}
		for what, in := range map[string]Confirming{
			"nothing":       {},
			"both":          {IDs: []string{"s-1"}, AllDue: true},
			"a flight":      {IDs: []string{"s-1", "f-1"}},
			"a removed one": {IDs: []string{"s-2"}},
			"nobody's":      {IDs: []string{"s-9"}},
			"for the past":  {IDs: []string{"s-1"}, Until: time.Now().Add(-time.Minute)},
			"a long remark": {IDs: []string{"s-1"}, Remark: strings.Repeat("x", maxRemark+1)},
		} {
			if _, err := blue.Revalidate(ctx, duty, "", in); err == nil {
				t.Errorf("%s was confirmed", what)
			}
		}
		if _, err := red.Revalidate(ctx, duty, "", Confirming{IDs: []string{"s-1"}}); err == nil {
			t.Error("red confirmed blue's site")
		}
		if list, err := blue.Revalidate(ctx, duty, "", Confirming{AllDue: true}); err != nil || len(list) != 0 {
			t.Errorf("none is due: %v, %v", list, err)
		}
		if _, err := blue.Revalidate(ctx, duty, "", Confirming{IDs: []string{"s-1", "s-1"}, Remark: "hush"}); err != nil {
			t.Error(err)
		}
		w.within(time.Minute, "settled", w.settled)
		if list := red.entriesOf(t, body.KindConfirmed); len(list) != 1 || len(list[0].Fields) != 0 {
			t.Errorf("red is shown %s", fmt.Sprint(list))
		}
		w.finish()
	})
}
