package node

import (
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/testnet"
	"parley/node/view"
)

// TestWhatIfSaysWhatFilingFinds files what it asked about, and compares the two answers.
func TestWhatIfSaysWhatFilingFinds(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 1})
		w.open()
		h := &hiddenWorld{world: w, red: w.ends[0], blue: w.ends[1]}
		h.file(h.blue, h.ground("blue-1", 35))
		h.file(h.blue, h.ground("blue-2", 35.2))
		h.file(h.blue, h.ground("blue-3", 37))
		h.within(time.Minute, "settled", h.settled)
		for name, lon := range map[string]float64{"at-one": 35, "between": 35.1, "near": 37.06, "far": 39} {
			n := h.drone(name, lon, time.Hour)
			before := sizes(h.world)
			asked, err := h.red.WhatIf(t.Context(), "", n, false)
			if err != nil {
				t.Fatal(err)
			}
			if sizes(h.world) != before {
				t.Errorf("%s: the question is on the record", name)
			}
			filed, err := h.red.File(t.Context(), duty, "", n, false)
			if err != nil {
				t.Fatal(err)
			}
			if len(asked.Conflicts) != len(filed.Conflicts) || asked.Compared.Other != 3 {
				t.Fatalf("%s: asked %+v, filed %+v", name, asked, filed.Conflicts)
			}
			for _, x := range asked.Conflicts {
				same := func(c view.Conflict) bool {
					return c.B == x.With && *c.LateralM == x.LateralM && *c.VerticalM == x.VerticalM && *c.TimeS == x.TimeS && c.From.Equal(x.From) && c.Where == x.Where
				}
				if !(same(filed.Conflicts[0]) || same(filed.Conflicts[len(filed.Conflicts)-1])) || x.Conflict != "" {
					t.Errorf("%s: asked %+v, filed %+v", name, x, filed.Conflicts)
				}
			}
			if again, err := h.red.WhatIf(t.Context(), "", n, false); err != nil || len(again.Conflicts) > 0 && again.Conflicts[0].Conflict == "" {
				t.Errorf("%s: once filed, its conflicts have ids: %+v, %v", name, again, err)
			}
		}
		h.finish()
	})
}

// TestWhatIfTellsNothingOfWhatIsHidden asks over a notice that is not shown, more often than a day's
// answers allow: it gets nothing, and the filing after it is answered as ever.
func TestWhatIfTellsNothingOfWhatIsHidden(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		h := newHiddenWorld(t, 5*time.Hour)
		before := sizes(h.world)
		for range 2 * h.blue.order[0].terms.Alerts.ReleasedAfter {
			got, err := h.blue.WhatIf(t.Context(), "", h.ground("blue-2", 35), false)
			if err != nil || len(got.Conflicts) != 0 || got.Compared.NotCompared != 1 {
				t.Fatalf("%+v, %v", got, err)
			}
		}
		if got, err := h.red.WhatIf(t.Context(), "", h.drone("secret", 35, time.Hour), false); err != nil || len(got.Conflicts) != 1 || got.Conflicts[0].Conflict != h.id {
			t.Errorf("its own author asks: %+v, %v", got, err)
		}
		if sizes(h.world) != before {
			t.Error("a question is on the record")
		}
		h.file(h.blue, h.ground("blue-2", 35))
		h.within(time.Minute, "the filing is answered", func() string {
			if len(h.blue.conflicts()) != 2 {
				return "not yet"
			}
			return ""
		})
		h.finish()
	})
}

// sizes is how long the two transcripts are at both nodes, once nothing more happens at this moment:
// what a filing before it set going still adds to them.
func sizes(w *world) [4]int64 {
	synctest.Wait()
	var out [4]int64
	for i, e := range w.ends {
		l := e.line()
		out[2*i], out[2*i+1] = l.OwnSize, l.PeerSize
	}
	return out
}
