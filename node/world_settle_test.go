package node

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/fault"
	"parley/geo4d"
	"parley/internal/testnet"
	"parley/node/body"
	"parley/node/view"
	"parley/notice"
)

var supervisor = Officer{Name: "watch supervisor", Role: "supervisor"}

// clash files a flight of each party, too near, and returns the conflict's id.
func (w *world) clash(red, blue notice.Notice) string {
	w.t.Helper()
	ctx := w.t.Context()
	for i, n := range []notice.Notice{red, blue} {
		if _, err := w.ends[i].File(ctx, duty, "", n, false); err != nil {
			w.t.Fatal(err)
		}
	}
	id := ""
	w.within(time.Minute, "both have the conflict", func() string {
		for _, e := range w.ends {
			for _, c := range e.conflicts() {
				if c.A.Notice == red.ID && c.B.Notice == blue.ID {
					id = c.ID
				}
			}
			if _, ok := e.conflicts()[id]; !ok {
				return "not at " + e.party
			}
		}
		return w.differ()
	})
	return id
}

// state waits until both have a conflict in a state.
func (w *world) state(id, want string) {
	w.t.Helper()
	w.within(time.Minute, "both have it as "+want, func() string {
		for _, e := range w.ends {
			if got := e.conflicts()[id].State; got != want {
				return e.party + " has it as " + got
			}
		}
		return w.differ()
	})
}

// best is the cheapest option of a node to move a party's notice in one dimension.
func best(t *testing.T, e *end, id, party string, fits func(view.Shift) bool) view.Option {
	t.Helper()
	o, err := e.Options(t.Context(), "", id)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range o.Options {
		if x.Mover == party && fits(x.Shift) {
			return x
		}
	}
	t.Fatalf("no such option among %+v, none: %+v", o.Options, o.None)
	return view.Option{}
}

func inTime(s view.Shift) bool     { return s.TimeS != 0 }
func inAltitude(s view.Shift) bool { return s.Altitude != 0 }
func inSpace(s view.Shift) bool    { return s.LateralM != 0 }

// banded is a flight between two flight levels.
func banded(id string, low, high float64) notice.Notice {
	n := flight(id, 36, 35.3, 3*time.Hour, time.Hour)
	n.Volumes[0].Band = geo4d.Band{
		Lower: &geo4d.Altitude{Value: low, Unit: geo4d.FlightLevel, Reference: geo4d.FL},
		Upper: &geo4d.Altitude{Value: high, Unit: geo4d.FlightLevel, Reference: geo4d.FL},
	}
	return n
}

// TestProposalsBecomeAmendments settles a conflict in each dimension, moved by the side that
// proposes or by the other.
func TestProposalsBecomeAmendments(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := ladderWorld(t, 3)
		ctx := t.Context()
		red, blue := w.ends[0], w.ends[1]
		for i, c := range []struct {
			mover string
			fits  func(view.Shift) bool
			by    string
		}{
			{"blue", inTime, "time"}, {"red", inTime, "time"}, {"blue", inAltitude, "altitude"}, {"red", inSpace, "space"},
		} {
			n := string(rune('1' + i))
			id := w.clash(banded("r-"+n, 100, 120), banded("b-"+n, 110, 130))
			o := best(t, red, id, c.mover, c.fits)
			if _, err := red.ProposeMove(ctx, duty, "", id, c.mover, o.Shift, ""); err != nil {
				t.Fatal(err)
			}
			w.state(id, "proposed")
			w.within(time.Minute, "blue is asked", is(func() bool { return blue.alarmOf("proposal") != nil }))
			done, err := blue.ReplyToMove(ctx, duty, "", id, true, "")
			if err != nil {
				t.Fatal(err)
			}
			if moved := done.Notice != nil; moved != (c.mover == "blue") {
				t.Errorf("case %d: blue moved: %t", i, moved)
			}
			if c.mover == "red" {
				w.within(time.Minute, "red is told to apply it", is(func() bool { return red.alarmOf("to-apply") != nil }))
				if _, err := red.ApplyMove(ctx, duty, "", id); err != nil {
					t.Fatal(err)
				}
			}
			w.state(id, "separated")
			for _, e := range w.ends {
				got, err := e.Conflict(ctx, "", id)
				if err != nil || len(got.SeparatedBy) == 0 || !strings.Contains(strings.Join(got.SeparatedBy, " "), c.by) {
					t.Errorf("case %d: %s has it separated by %v, %v", i, e.party, got.SeparatedBy, err)
				}
				if len(got.Proposals) != 1 || got.Proposals[0].State != "accepted" || got.Proposals[0].Words != o.Words {
					t.Errorf("case %d: %s shows %+v", i, e.party, got.Proposals)
				}
			}
			for _, e := range []struct {
				end *end
				id  string
			}{{red, "r-" + n}, {blue, "b-" + n}} { // so that the next pair is alone
				if _, err := e.end.SetState(ctx, duty, "", e.id, notice.Cancel, "over"); err != nil {
					t.Fatal(err)
				}
			}
		}
		w.quietAtBoth("proposal", "to-apply", "to-settle")
		w.finish()
	})
}

func (w *world) quietAtBoth(kinds ...string) {
	w.t.Helper()
	for _, k := range kinds {
		w.quiet(k)
	}
}

// TestRefusedAndOutdatedProposals: a proposal that is refused or about an older version leads to
// nothing, also after a restart of both nodes.
func TestRefusedAndOutdatedProposals(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := ladderWorld(t, 4)
		ctx := t.Context()
		red, blue := w.ends[0], w.ends[1]
		id := w.clash(banded("r-1", 100, 120), banded("b-1", 110, 130))
		o := best(t, red, id, "blue", inTime)
		propose := func() {
			t.Helper()
			if _, err := red.ProposeMove(ctx, duty, "", id, "blue", o.Shift, "as we said"); err != nil {
				t.Fatal(err)
			}
			w.state(id, "proposed")
		}
		propose()
		if _, err := blue.ReplyToMove(ctx, duty, "", id, false, ""); err == nil {
			t.Error("it was refused without a reason")
		}
		if _, err := blue.ReplyToMove(ctx, duty, "", id, false, "the crew cannot"); err != nil {
			t.Fatal(err)
		}
		w.state(id, "open")
		propose()
		for _, e := range w.ends {
			e.halt()
			e.open()
		}
		w.within(2*time.Minute, "both may sign", w.unready)
		w.state(id, "proposed")
		if _, err := blue.Amend(ctx, duty, "", banded("b-1", 112, 132), false); err != nil {
			t.Fatal(err)
		}
		w.state(id, "open")
		if _, err := blue.ReplyToMove(ctx, duty, "", id, true, ""); !fault.Is(err, fault.NotFound) {
			t.Errorf("what is outdated was accepted: %v", err)
		}
		if _, err := red.ReplyToMove(ctx, duty, "", id, true, ""); !fault.Is(err, fault.NotFound) {
			t.Errorf("an own proposal was accepted: %v", err)
		}
		for what, s := range map[string]view.Shift{
			"nothing":   {},
			"two":       {TimeS: 60, LateralM: 100},
			"too far":   {LateralM: 2e6},
			"no unit":   {Altitude: 10},
			"too small": {TimeS: 60},
		} {
			if _, err := red.ProposeMove(ctx, duty, "", id, "blue", s, ""); err == nil {
				t.Errorf("%s was proposed", what)
			}
		}
		if _, err := red.ProposeMove(ctx, duty, "", id, "green", o.Shift, ""); err == nil {
			t.Error("a party that is none would move")
		}
		w.finish()
	})
}

// TestSitesAndRoadsAreNotMoved: whoever asks, and whatever he proposes.
func TestSitesAndRoadsAreNotMoved(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := ladderWorld(t, 5)
		ctx := t.Context()
		red := w.ends[0]
		site := notice.Notice{ID: "s-1", Kind: notice.Site, Expires: time.Now().UTC().Add(80 * 24 * time.Hour),
			Volumes: []geo4d.Volume{{Shape: geo4d.Circle{Center: geo4d.Position{LonDeg: 36.02, LatDeg: 35.01}, RadiusM: 500}}}}
		low := flight("r-1", 36, 35, 72*time.Hour, time.Hour)
		id := w.clash(low, site)
		if o := best(t, red, id, "red", inSpace); o.Mover != "red" {
			t.Errorf("%+v", o)
		}
		options, err := red.Options(ctx, "", id)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range options.Options {
			if o.Mover == "blue" {
				t.Errorf("it would move a site: %+v", o)
			}
		}
		for _, s := range []view.Shift{{TimeS: 86_400}, {LateralM: 50_000, BearingDeg: 90}} {
			if _, err := red.ProposeMove(ctx, duty, "", id, "blue", s, ""); err == nil {
				t.Errorf("that a site moves %+v was proposed", s)
			}
		}
		if _, err := red.Settle(ctx, supervisor, "", id, body.AcceptedRisk, "known"); err == nil {
			t.Error("the risk to a site was accepted")
		}
		road := w.clash(convoy("r-2", 72*time.Hour, time.Hour), convoy("b-2", 72*time.Hour, time.Hour))
		if _, err := red.ProposeMove(ctx, duty, "", road, "blue", view.Shift{LateralM: 5_000}, ""); err == nil {
			t.Error("that a road moves aside was proposed")
		}
		w.finish()
	})
}

// TestAcceptedRiskTakesBoth: a supervisor on each side, of the same versions, and no longer than
// those last.
func TestAcceptedRiskTakesBoth(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := ladderWorld(t, 6)
		ctx := t.Context()
		red, blue := w.ends[0], w.ends[1]
		id := w.clash(banded("r-1", 100, 120), banded("b-1", 110, 130))
		if _, err := red.Settle(ctx, duty, "", id, body.AcceptedRisk, "known"); !fault.Is(err, fault.Denied) {
			t.Errorf("a duty officer accepted a risk: %v", err)
		}
		if _, err := red.Settle(ctx, supervisor, "", id, body.AcceptedRisk, "eyes on each other"); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "blue is asked", is(func() bool { return blue.alarmOf("to-settle") != nil }))
		w.state(id, "open")
		if _, err := blue.Settle(ctx, supervisor, "", id, body.Joint, "one formation"); err != nil {
			t.Fatal(err)
		}
		w.state(id, "open")
		if _, err := blue.Settle(ctx, supervisor, "", id, body.AcceptedRisk, "eyes on each other"); err != nil {
			t.Fatal(err)
		}
		w.state(id, body.AcceptedRisk)
		w.quietAtBoth("to-settle", "conflict")
		if _, err := blue.Amend(ctx, duty, "", banded("b-1", 112, 132), false); err != nil {
			t.Fatal(err)
		}
		w.state(id, "open")
		for i, e := range w.ends {
			if _, err := e.Settle(ctx, []Officer{duty, supervisor}[i], "", id, body.Joint, "one formation"); err != nil {
				t.Fatal(err)
			}
		}
		w.state(id, body.Joint)
		w.finish()
	})
}

// TestNobodyOwnsAConflict: it escalates at both desks, with whom to reach.
func TestNobodyOwnsAConflict(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := ladderWorld(t, rand.Uint64())
		id := w.clash(flight("r-1", 36, 35, 20*time.Minute, time.Hour), flight("b-1", 36, 35, 20*time.Minute, time.Hour))
		time.Sleep(4*time.Minute + 10*time.Second)
		w.alarmed("conflict", "no officer of either side", "supervisor of red red-supervisor")
		time.Sleep(8 * time.Minute)
		w.alarmed("conflict", "principals")
		if _, err := w.ends[0].Own(t.Context(), duty, "", id); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "blue sees that red took it", is(func() bool {
			a := w.ends[1].alarmOf("conflict")
			return a != nil && !strings.Contains(a.Text, "no officer") && w.ends[0].alarmOf("conflict") == nil
		}))
		w.finish()
	})
}

// TestFarConflictsAreOneAlarm: on a bulk line the conflicts that begin far off and wait for an officer
// are one alarm, until nobody took one in time. One that comes later is not seen with those before.
func TestFarConflictsAreOneAlarm(t *testing.T) {
	inWorld(t, func(terms *agreement.Terms) { terms.Profile = agreement.Bulk }, func(t *testing.T, w *world, red, blue *end) {
		ctx := t.Context()
		pair := func(i int) string {
			lon := float64(30 + i)
			return w.clash(flight(fmt.Sprint("r-", i), lon, 35, time.Duration(60+i)*time.Hour, time.Hour), flight(fmt.Sprint("b-", i), lon, 35, time.Duration(60+i)*time.Hour, time.Hour))
		}
		of := func(e *end) (far, near []view.Alarm) {
			alarms, err := e.Alarms(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range alarms {
				switch {
				case a.Kind != "conflict":
				case strings.HasSuffix(a.ID, "/far"):
					far = append(far, a)
				default:
					near = append(near, a)
				}
			}
			return far, near
		}
		first := pair(2)
		for _, i := range []int{1, 3} {
			pair(i)
		}
		for _, e := range w.ends {
			far, near := of(e)
			if len(near) != 0 || len(far) != 1 || far[0].Level != soon || !strings.HasPrefix(far[0].Text, "3 alarms of this kind") || !strings.Contains(far[0].Text, "r-1 (red)") {
				t.Fatalf("%s: %+v, %+v", e.party, far, near)
			}
			if a, err := e.Acknowledge(ctx, duty, far[0].ID); err != nil || a.Acknowledged == nil {
				t.Fatal(a, err)
			}
		}
		time.Sleep(time.Minute)
		pair(4)
		if far, _ := of(red); far[0].Acknowledged != nil || !strings.HasPrefix(far[0].Text, "4 alarms") {
			t.Errorf("a fourth: %+v", far)
		}
		if _, err := red.Own(ctx, duty, "", first); err != nil {
			t.Fatal(err)
		}
		w.state(first, "owned")
		if far, _ := of(red); !strings.HasPrefix(far[0].Text, "3 alarms") {
			t.Errorf("when red took one: %+v", far)
		}
		time.Sleep(4*time.Hour + time.Minute)
		for i, want := range []int{0, 1} { // blue still has the one that red took
			far, near := of(w.ends[i])
			if len(far) != want || len(near) != 3 || near[0].Level != actNow || !strings.Contains(near[0].Text, "no officer of either side took it in time") {
				t.Errorf("%s after 4 h: %+v, %+v", w.ends[i].party, far, near)
			}
		}
	})
}
