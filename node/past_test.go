package node

import (
	"testing"
	"time"

	"parley/internal/testnet"
	"parley/notice"
)

// TestPast: what a node held at an instant is without what it learned later, at either side by its own
// clock, also after it was started anew.
func TestPast(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 21})
		w.open()
		ctx := t.Context()
		red, blue := w.ends[0], w.ends[1]
		before := time.Now()
		time.Sleep(time.Minute)
		if _, err := red.File(ctx, duty, "", flight("r-1", 35, 35, 2*time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "settled", w.settled)
		time.Sleep(time.Minute)
		first := time.Now()
		w.apart()
		time.Sleep(time.Minute)
		moved := flight("r-1", 36, 35, 2*time.Hour, time.Hour)
		if _, err := red.Amend(ctx, duty, "", moved, false); err != nil {
			t.Fatal(err)
		}
		if _, err := blue.File(ctx, duty, "", flight("b-1", 36, 35, 2*time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		second := time.Now()
		w.net.SetCut(false)
		w.within(5*time.Minute, "settled", w.settled)
		w.restartAlone()
		w.within(time.Minute, "the conflict", is(func() bool { return len(blue.conflicts()) == 1 }))
		time.Sleep(time.Minute)
		if _, err := red.SetState(ctx, duty, "", "r-1", "end", ""); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			name string
			e    *end
			at   time.Time
			want map[string]int // version by id
		}{
			{"before anything", red, before, map[string]int{}},
			{"one notice", blue, first, map[string]int{"r-1": 1}},
			{"what was cut off is not known", blue, second, map[string]int{"r-1": 1, "b-1": 1}},
			{"its author knows it", red, second, map[string]int{"r-1": 2}},
			{"now", blue, time.Now(), map[string]int{"r-1": 2, "b-1": 1}},
		} {
			p, err := tt.e.Past(ctx, "", tt.at)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Notices) != len(tt.want) {
				t.Errorf("%s: %d notices", tt.name, len(p.Notices))
			}
			for _, n := range p.Notices {
				if tt.want[n.ID] != n.Version || len(n.Body) == 0 || n.Held.After(tt.at) {
					t.Errorf("%s: %+v", tt.name, n)
				}
			}
		}
		if p, err := red.Past(ctx, "", time.Now()); err != nil || p.Notices[0].State != notice.Ended {
			t.Errorf("ended, and shown as %+v, %v", p.Notices, err)
		}
		if p, err := red.Past(ctx, "", second); err != nil || p.Notices[0].State != notice.Planned {
			t.Errorf("planned then, and shown as %+v, %v", p.Notices, err)
		}
		if _, err := red.Past(ctx, "", time.Now().Add(time.Hour)); err == nil {
			t.Error("the future was told")
		}
		w.finish()
	})
}
