package node

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/geo4d"
	"parley/internal/testnet"
	"parley/node/body"
	"parley/notice"
)

// hiddenWorld is a world in which red shows of its flights only that they are there, with one hidden
// flight over blue's area, and the conflict of the two on the record.
type hiddenWorld struct {
	*world
	red, blue *end
	id        string // of the conflict
}

func newHiddenWorld(t *testing.T, lasts time.Duration) *hiddenWorld {
	t.Helper()
	w := newWorld(t, worldOptions{seed: 1, change: func(terms *agreement.Terms) { terms.Parties[0].Disclosure.Flight = agreement.Alert }})
	w.open()
	h := &hiddenWorld{world: w, red: w.ends[0], blue: w.ends[1]}
	h.file(h.red, h.drone("secret", 35, lasts))
	h.file(h.blue, h.ground("blue-1", 35))
	h.both("open")
	list, err := h.red.Conflicts(t.Context(), "", false)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	h.id = list[0].ID
	return h
}

// drone is a flight that the clock ends.
func (h *hiddenWorld) drone(id string, lon float64, lasts time.Duration) notice.Notice {
	n := flight(id, lon, 35, 10*time.Minute, lasts)
	n.Class = notice.SmallUncrewed
	n.Volumes[0].Shape = geo4d.Circle{Center: geo4d.Position{LonDeg: lon, LatDeg: 35}, RadiusM: 300}
	return n
}

func (h *hiddenWorld) ground(id string, lon float64) notice.Notice {
	return area(id, geo4d.Circle{Center: geo4d.Position{LonDeg: lon, LatDeg: 35}, RadiusM: 5000}, 10*time.Minute, 10*time.Hour)
}

func (h *hiddenWorld) file(e *end, n notice.Notice) {
	h.t.Helper()
	if _, err := e.File(h.t.Context(), duty, "", n, false); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hiddenWorld) amend(e *end, n notice.Notice) {
	h.t.Helper()
	if _, err := e.Amend(h.t.Context(), duty, "", n, false); err != nil {
		h.t.Fatal(err)
	}
}

// both waits until the conflict is in a state at both nodes, with all that hangs on it.
func (h *hiddenWorld) both(state string) {
	h.t.Helper()
	h.within(time.Minute, "both say "+state, func() string {
		for _, e := range h.ends {
			cs := e.conflicts()
			if len(cs) != 1 {
				return fmt.Sprintf("%s has %d conflicts", e.party, len(cs))
			}
			for id, c := range cs {
				open := c.State == "open"
				if c.State != state || (e.alarmOf("conflict") != nil) != open {
					return fmt.Sprintf("%s: %s, alarm %v", e.party, c.State, e.alarmOf("conflict"))
				}
				for _, n := range e.notices() {
					if n.First != c.A.First && n.First != c.B.First {
						continue
					}
					if got := slices.Contains(n.Conflicts, id); got != open {
						return fmt.Sprintf("%s: %s lists %v while the conflict is %s", e.party, n.ID, n.Conflicts, c.State)
					}
				}
			}
		}
		return h.settled()
	})
}

// shown fails if red's entries tell blue more than that its flights are there and in what state.
func (h *hiddenWorld) shown() {
	h.t.Helper()
	may := map[string][]string{
		body.KindNotice: {"first"}, body.KindState: {"event", "first"},
		body.KindConflict: {"a", "b", "id"}, body.KindSeparated: {"a", "b", "id"},
	}
	list, _, err := h.blue.Log(h.t.Context(), LogFilter{Party: "red"})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range list {
		names := slices.Sorted(maps.Keys(e.Fields))
		for _, name := range names {
			if text := string(e.Fields[name]); strings.Contains(text, "secret") {
				h.t.Errorf("%s tells blue %s", e.Kind, text)
			}
			if !slices.Contains(may[e.Kind], name) && !strings.HasPrefix(e.Kind, "line.") {
				h.t.Errorf("%s shows blue %q", e.Kind, name)
			}
		}
	}
}

func (h *hiddenWorld) kinds(kind string) int {
	h.t.Helper()
	list, _, err := h.red.Log(h.t.Context(), LogFilter{Kind: kind})
	if err != nil {
		h.t.Fatal(err)
	}
	return len(list)
}

func TestHiddenNoticeLapses(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		h := newHiddenWorld(t, time.Hour)
		if n := h.blue.line().Compared.NotCompared; n != 1 {
			t.Errorf("blue does not compare %d notices, want the hidden one", n)
		}
		time.Sleep(71 * time.Minute)
		h.both("expired")
		l := h.blue.line()
		if l.Compared.NotCompared != 0 {
			t.Errorf("blue still counts %d not compared", l.Compared.NotCompared)
		}
		for _, n := range h.blue.notices() {
			if n.Party == "red" && (n.State != notice.Ended || !n.Lapsed) {
				t.Errorf("blue has it as %s, lapsed %t", n.State, n.Lapsed)
			}
		}
		if n := h.kinds(body.KindState); n != 1 {
			t.Errorf("the lapse was said %d times", n)
		}
		if _, err := h.red.SetState(t.Context(), duty, "", "secret", notice.End, "landed"); err != nil {
			t.Errorf("what lapsed may still be ended: %v", err)
		}
		h.both("expired")
		h.shown()
		h.finish()
	})
}

// TestHiddenNoticeLapsesWhileItsNodeIsDown ends a hidden notice by the clock while its author's node
// does not run, and stops both nodes between everything.
func TestHiddenNoticeLapsesWhileItsNodeIsDown(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		h := newHiddenWorld(t, time.Hour)
		h.red.halt()
		time.Sleep(2 * time.Hour)
		if c := h.blue.conflicts()[h.id]; c.State != "open" {
			t.Errorf("blue has %s, and nobody told it", c.State)
		}
		h.red.open()
		h.both("expired")
		for range 2 {
			h.red.halt()
			h.blue.halt()
			h.red.open()
			h.blue.open()
			h.both("expired")
		}
		if n := h.kinds(body.KindState); n != 1 {
			t.Errorf("the lapse was said %d times", n)
		}
		h.shown()
		h.finish()
	})
}

func TestHiddenNoticeMovesAway(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		h := newHiddenWorld(t, 5*time.Hour)
		h.amend(h.red, h.drone("secret", 36, 5*time.Hour))
		h.both("separated")
		h.amend(h.blue, h.ground("blue-1", 36))
		h.both("open")
		h.amend(h.blue, h.ground("blue-1", 37))
		h.both("separated")
		h.amend(h.red, h.drone("secret", 38, 5*time.Hour))
		h.both("separated")
		h.amend(h.red, h.drone("secret", 37, 5*time.Hour))
		h.both("open")
		h.red.halt()
		h.red.open()
		h.both("open")
		h.amend(h.blue, h.ground("blue-1", 35))
		h.both("separated")
		if n := h.kinds(body.KindSeparated); n != 4 {
			t.Errorf("separated was said %d times, want once for each pair of versions", n)
		}
		time.Sleep(6 * time.Hour)
		h.both("separated")
		h.blue.halt()
		h.blue.open()
		h.both("separated")
		h.shown()
		h.finish()
	})
}

// TestHiddenNoticeIsReplaced replaces hidden notices, one that is live and one that has lapsed.
func TestHiddenNoticeIsReplaced(t *testing.T) {
	for _, wait := range []time.Duration{time.Minute, 2 * time.Hour} {
		testnet.Run(t, func(t *testing.T) {
			h := newHiddenWorld(t, time.Hour)
			time.Sleep(wait)
			next := h.drone("secret-2", 39, time.Hour)
			next.Supersedes = "secret"
			h.file(h.red, next)
			h.both("withdrawn")
			h.shown()
			h.finish()
		})
	}
}

// TestSeparatedCountsOnlyOfAHiddenNotice has red say of notices that blue sees that they keep their
// separation.
func TestSeparatedCountsOnlyOfAHiddenNotice(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 1})
		w.open()
		h := &hiddenWorld{world: w, red: w.ends[0], blue: w.ends[1]}
		h.file(h.red, h.drone("red-1", 35, time.Hour))
		h.file(h.blue, h.ground("blue-1", 35))
		h.both("open")
		for id, c := range h.blue.conflicts() {
			a, errA := body.ParseRef(c.A.First)
			b, errB := body.ParseRef(c.B.First)
			d, err := body.Draft(body.KindSeparated, body.Conflict{ID: id, A: body.Party{First: a, Version: 1}, B: body.Party{First: b, Version: 1}})
			if errA != nil || errB != nil || err != nil {
				t.Fatal(errA, errB, err)
			}
			if _, err := h.red.order[0].append(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
		h.within(time.Minute, "settled", h.settled)
		h.both("open")
		h.finish()
	})
}
