package node

import (
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"parley/internal/clock"
	"parley/internal/testnet"
	"parley/node/view"
	"parley/store/pebble"
)

// booked is a node with no line, whose alarms are what list holds.
func booked(t *testing.T, fs vfs.FS, list *[]view.Alarm) (*Node, *pebble.Store) {
	t.Helper()
	st, err := pebble.Open(pebble.Config{Dir: "store", FS: fs, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	n := &Node{cfg: Config{Store: st, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), More: func() []view.Alarm { return *list }}, feed: newFeed(), changes: newChanges(), poked: make(chan struct{}, 1)}
	n.rota.Store(&rota{})
	if n.acked, err = n.loadAcks(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n.book, err = n.loadAlarms(t.Context()); err != nil {
		t.Fatal(err)
	}
	return n, st
}

// keysOf lists the keys of a store under a prefix.
func keysOf(t *testing.T, st *pebble.Store, prefix string) []string {
	t.Helper()
	v, err := st.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	var out []string
	for it, err := range v.Scan(t.Context(), prefix, prefix+"\xff") {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, it.Key)
	}
	return out
}

// TestWhatIsLongOverIsForgotten: an alarm that is over for seven days goes with its acknowledgement, that of a
// store from before too, and takes no figure and no word of an officer along. What lasts stays as it is seen.
func TestWhatIsLongOverIsForgotten(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		fs := vfs.NewMem()
		lasts, ends := view.Alarm{ID: "lasts/1", Kind: "lasts", Level: look, Line: "line"}, view.Alarm{ID: "ends/1", Kind: "ends", Level: look, Line: "line"}
		list := []view.Alarm{lasts, ends}
		n, st := booked(t, fs, &list)
		look := func(alarms ...view.Alarm) {
			t.Helper()
			list = alarms
			if err := n.tellAlarms(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		look(lasts, ends)
		for _, id := range []string{lasts.ID, ends.ID} {
			if _, err := n.Acknowledge(t.Context(), duty, id); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := n.MarkFalse(t.Context(), duty, ends.ID, "a bird"); err != nil {
			t.Fatal(err)
		}
		n.mu.Lock()
		n.acked["old/1"] = ack{Received: view.Received{Officer: "duty officer", Time: time.Now()}}
		n.mu.Unlock()
		time.Sleep(2 * time.Hour)
		look(lasts)
		if _, err := n.Acknowledge(t.Context(), duty, lasts.ID); err != nil {
			t.Fatal(err)
		}
		time.Sleep(alarmKept - time.Minute)
		look(lasts)
		if got := keysOf(t, st, ackPrefix); len(got) != 2 {
			t.Errorf("a minute before: %q", got)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		n, st = booked(t, fs, &list)
		defer st.Close()
		time.Sleep(time.Minute)
		look(lasts)
		for prefix, want := range map[string][]string{
			ackPrefix:      {ackPrefix + lasts.ID},
			alarmPrefix:    {alarmPrefix + lasts.ID},
			alarmDayPrefix: {alarmDayPrefix + "line/2000-01-01"},
		} {
			if got := keysOf(t, st, prefix); !slices.Equal(got, want) {
				t.Errorf("under %s: %q, want %q", prefix, got, want)
			}
		}
		if got := keysOf(t, st, falsePrefix); len(got) != 1 || !strings.HasSuffix(got[0], ends.ID) {
			t.Errorf("marked as false: %q", got)
		}
		if got := n.alarmsByDay("line"); len(got) != 1 || got["2000-01-01"] != (alarmCount{2, 1}) {
			t.Errorf("counted: %v", got)
		}
		if n.acked[lasts.ID].Officer == "" || len(n.acked) != 1 {
			t.Errorf("seen: %v", n.acked)
		}
		if _, err := n.MarkFalse(t.Context(), duty, ends.ID, "too late"); err == nil {
			t.Error("what is forgotten was marked")
		}
	})
}

// TestAlarmsAreCountedAsTheyBegin holds the figures against a plain count, over restarts, while alarms of two
// lines and of none begin and end as it happens, real and exercise.
func TestAlarmsAreCountedAsTheyBegin(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(3, 9))
		fs, list := vfs.NewMem(), []view.Alarm{}
		n, st := booked(t, fs, &list)
		defer func() { st.Close() }()
		want, on := map[alarmDay]alarmCount{}, map[string]view.Alarm{}
		for step := range 400 {
			time.Sleep(time.Duration(rng.IntN(40)) * time.Minute)
			for _, id := range []string{"a", "b", "c", "d", "e"} {
				if rng.IntN(3) > 0 {
					continue
				}
				if _, is := on[id]; is {
					delete(on, id)
					continue
				}
				a := view.Alarm{ID: id, Kind: "k", Level: soon, Line: []string{"one", "two", ""}[rng.IntN(3)], Exercise: rng.IntN(4) == 0}
				on[id] = a
				if a.Line != "" && !a.Exercise {
					d := alarmDay{a.Line, time.Now().UTC().Format(time.DateOnly)}
					want[d] = alarmCount{want[d].Begun + 1, want[d].False}
				}
			}
			list = list[:0]
			for _, id := range slices.Sorted(maps.Keys(on)) {
				list = append(list, on[id])
			}
			if err := n.tellAlarms(t.Context()); err != nil {
				t.Fatal(err)
			}
			if id := []string{"a", "b", "c", "d", "e"}[rng.IntN(5)]; rng.IntN(4) == 0 {
				h, known := n.book.had[id]
				_, err := n.MarkFalse(t.Context(), duty, id, "why")
				if ok := known && h.counts() && h.False == nil; ok != (err == nil) {
					t.Fatalf("step %d: %+v marked: %v", step, h, err)
				} else if ok {
					d := h.day()
					want[d] = alarmCount{want[d].Begun, want[d].False + 1}
				}
			}
			if step%50 == 49 {
				if err := st.Close(); err != nil {
					t.Fatal(err)
				}
				n, st = booked(t, fs, &list)
			}
		}
		if len(want) < 6 {
			t.Fatalf("only %d days of lines", len(want))
		}
		for d, c := range want {
			if got := n.alarmsByDay(d.line)[d.day]; got != c || c.False > c.Begun {
				t.Errorf("%v: %+v, want %+v", d, got, c)
			}
		}
		if len(n.book.days) != len(want) {
			t.Errorf("%d days, want %d", len(n.book.days), len(want))
		}
	})
}
