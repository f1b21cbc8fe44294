package node

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/testnet"
	"parley/node/body"
	"parley/node/view"
)

// TestManyConflictsOfOneNoticeAreOneAlarm: a notice that comes into the way of many is one thing to look
// at, told once, and each conflict of it is there to be worked out.
func TestManyConflictsOfOneNoticeAreOneAlarm(t *testing.T) {
	const many = 12
	testnet.Run(t, func(t *testing.T) {
		w := ladderWorld(t, 3)
		ctx := t.Context()
		red, blue := w.ends[0], w.ends[1]
		before := map[*end]int64{}
		for _, e := range w.ends {
			before[e] = e.LastEvent()
		}
		for i := range many {
			blue.files(flight(fmt.Sprintf("b-%02d", i), 36, 35.3, 3*time.Hour+time.Duration(i)*time.Minute, time.Hour))
		}
		red.files(flight("r-1", 36, 35.3, 3*time.Hour, 2*time.Hour))
		conflicts := func(e *end) (out []view.Alarm) {
			all, err := e.Alarms(ctx)
			for _, a := range must(t, all, err) {
				if a.Kind == "conflict" {
					out = append(out, a)
				}
			}
			return out
		}
		says := func(words string) {
			t.Helper()
			w.within(time.Minute, "both are told "+words, func() string {
				for _, e := range w.ends {
					if a := conflicts(e); len(a) != 1 || !strings.HasPrefix(a[0].Text, words) {
						return fmt.Sprintf("%s has %+v", e.party, a)
					}
				}
				return ""
			})
		}
		says("12 conflicts of r-1 (red); nobody here took them; the first begins")
		first := conflicts(red)[0].Subject
		if c := red.conflicts()[first]; c.B.Notice != "b-00" {
			t.Errorf("the alarm leads to %s, which does not begin first", c.B.Notice)
		}
		for _, e := range w.ends {
			if _, err := e.Own(ctx, duty, "", first); err != nil {
				t.Fatal(err)
			}
		}
		says("11 conflicts of r-1 (red)")
		for _, e := range w.ends {
			told := 0
			events, _, _ := e.feed.after(before[e])
			for _, ev := range events {
				if ev.Kind == "alarm" && strings.HasPrefix(ev.ID, "conflict") {
					told++
				}
			}
			if told > floodFrom {
				t.Errorf("%s was told of %d alarms about the conflicts of one notice", e.party, told)
			}
			for id := range e.conflicts() {
				if id != first {
					if _, err := e.Own(ctx, duty, "", id); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		w.quietAtBoth("conflict")
		settledByMany(w)
		w.finish()
	})
}

// settledByMany has red say of each conflict that it is joint: blue is asked in one alarm while that is much, and of
// the last few by name.
func settledByMany(w *world) {
	t, ctx, red, blue := w.t, w.t.Context(), w.ends[0], w.ends[1]
	t.Helper()
	ids := slices.Sorted(maps.Keys(red.conflicts()))
	before := blue.LastEvent()
	for _, id := range ids {
		if _, err := red.Settle(ctx, duty, "", id, body.Joint, "one formation"); err != nil {
			t.Fatal(err)
		}
	}
	asked := func(want int, words string) {
		t.Helper()
		w.within(time.Minute, fmt.Sprintf("blue has %d alarms %q", want, words), func() string {
			alarms, err := blue.Alarms(ctx)
			n, said := 0, ""
			for _, a := range must(t, alarms, err) {
				if a.Kind == "to-settle" {
					n, said = n+1, said+a.Text+"\n"
				}
			}
			if n != want || !strings.HasPrefix(said, words) {
				return said
			}
			return ""
		})
	}
	asked(1, fmt.Sprintf("%d alarms of this kind about conflicts of r-1 (red); the first begins", len(ids)))
	told := 0
	events, _, _ := blue.feed.after(before)
	for _, ev := range events {
		if ev.Kind == "alarm" {
			told++
		}
	}
	if told > floodFrom {
		t.Errorf("blue was told of %d alarms when it was asked about %d conflicts", told, len(ids))
	}
	settle := func(ids []string) {
		t.Helper()
		for _, id := range ids {
			if _, err := blue.Settle(ctx, duty, "", id, body.Joint, "one formation"); err != nil {
				t.Fatal(err)
			}
		}
	}
	settle(ids[floodFrom-1:])
	asked(floodFrom-1, "conflict ")
	settle(ids[:floodFrom-1])
	asked(0, "")
}
