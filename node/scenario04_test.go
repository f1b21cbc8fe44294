package node

import (
	"testing"
	"time"

	"parley/agreement"
	"parley/geo4d"
	"parley/internal/testnet"
	"parley/node/body"
	"parley/notice"
)

// TestScenario04Swap: the coordinates of a clinic are entered in the wrong order. Both orders lie in
// the area of the agreement, so no check of ranges can tell. The echo names a place in another country,
// the words that the author keeps to himself disagree at his own desk, and the other side's officer,
// who is shown no words, finds it with his own map: both are alarmed until it is corrected.
func TestScenario04Swap(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w, red, blue := scenarioWorld(t, "2026-12-01T05:50:00Z", func(terms *agreement.Terms) {
			terms.Area.Shape = polygon(34, 33, 42, 33, 42, 38, 34, 38)
		})
		ctx := t.Context()
		clinic := func(lonDeg, latDeg float64) notice.Notice {
			return notice.Notice{ID: "k-1", Kind: notice.Site, Humanitarian: true, Title: "clinic", Place: "clinic in Idlib", Contact: "+00 2222",
				Expires: time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC), Volumes: []geo4d.Volume{{
					Shape:  geo4d.Circle{Center: geo4d.Position{LonDeg: lonDeg, LatDeg: latDeg}, RadiusM: 300},
					Window: geo4d.Window{Start: time.Date(2026, 12, 3, 6, 0, 0, 0, time.UTC)},
				}}}
		}

		w.at("06:00:00")
		f := blue.files(clinic(35.9, 36.6))
		reads(t, "blue's own echo", blue.echoed("blue", "k-1"), "36.60000 N 35.90000 E", "Turkey")
		reads(t, "blue is warned when it files", warned(f.Notice.Warnings, notice.WarnPlace), "Idlib lies 9", "km from the volume")
		w.both(time.Second, "blue", "k-1", 1)
		at := red.held("blue", "k-1")
		reads(t, "red's echo", red.echoed("blue", "k-1"), "36.60000 N 35.90000 E", "Turkey")
		if at.Title != "" || at.Place != "" || len(at.Warnings) != 0 {
			t.Errorf("red was shown more than the volume: %+v, or warned of what it was not shown: %+v", at, at.Warnings)
		}
		if a := blue.alarmOf("name-and-place"); a == nil || red.alarmOf("name-and-place") != nil {
			t.Errorf("the words disagree for whom they were shown: blue %+v, red %+v", a, red.alarmOf("name-and-place"))
		}

		// Blue's officer does not look. Red's reads back what his own map has for the clinic he knows.
		for _, e := range w.ends {
			e.crash(0)
			e.open()
		}
		w.within(20*time.Second, "both may sign", w.unready)
		w.at("06:10:00")
		if _, err := red.Receive(ctx, ana, "", "k-1", ""); err != nil {
			t.Fatal(err)
		}
		w.see("k-1", "delivered done, received done, read back owed, relayed owed")
		w.at("06:12:00")
		const own = "position: 35 54.0 N 036 36.0 E\nradius: 300 m\nlower: OPEN\nupper: OPEN\nfrom: 3 0600 Z DEC 2026\nuntil: OPEN"
		if _, err := red.ReadBack(ctx, ana, "", "k-1", body.FromMap, own); err != nil {
			t.Fatal(err)
		}
		w.at("06:12:01")
		w.alarmed("read-back-differs", "read back by red otherwise than told", "position 1", "100 km south-east of what was told", "latitude and longitude are swapped in one of the two", "what was read back is: 5 km (2 NM) south-west of Idlib", "settle by voice which is meant")
		w.see("k-1", "delivered done, received done, read back owed differs, relayed owed")

		// It is not relayed meanwhile as it is: blue corrects, and that is read back and the same.
		w.at("06:20:00")
		blue.amends(clinic(36.6, 35.9))
		w.both(time.Second, "blue", "k-1", 2)
		w.quietAtBoth("read-back-differs", "name-and-place")
		blue.halt()
		blue.open()
		w.within(20*time.Second, "both may sign", w.unready)
		w.at("06:25:00")
		if _, err := red.ReadBack(ctx, ana, "", "k-1", body.FromMap, own); err != nil {
			t.Fatal(err)
		}
		w.see("k-1", "delivered done, received done, read back done, relayed owed")
		for _, e := range w.ends {
			reads(t, e.party+"'s echo", e.echoed("blue", "k-1"), "35.90000 N 36.60000 E", "Idlib, Syria")
		}
		w.finish()
	})
}
