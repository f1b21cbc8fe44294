package conflict_test

import (
	"fmt"
	"time"

	"parley/conflict"
	"parley/geo4d"
)

func ExampleIndex() {
	plan := func(id, party string, lonDeg float64, hour int) *conflict.Item {
		start := time.Date(2026, 12, 1, hour, 0, 0, 0, time.UTC)
		return &conflict.Item{ID: id, Party: party, Volumes: []geo4d.Volume{{
			Shape:  geo4d.Circle{Center: geo4d.Position{LonDeg: lonDeg, LatDeg: 35}, RadiusM: 5000},
			Window: geo4d.Window{Start: start, End: start.Add(time.Hour)},
		}}}
	}
	x := conflict.New(conflict.Config{Separation: func(a, b any) (geo4d.Separation, bool) {
		return geo4d.Separation{LateralM: 37040, VerticalM: 609.6, Time: 10 * time.Minute}, true
	}})
	x.Put(plan("survey", "blue", 36.0, 6))
	x.Put(plan("transit", "blue", 36.0, 9))
	for _, p := range x.Near(plan("patrol", "red", 36.3, 7)) {
		h := p.Worst()
		fmt.Printf("%s and %s: %.0f m and %v apart; %s can start %v later\n",
			p.A.ID, p.B.ID, h.Gap.LateralM, h.Gap.Time, p.A.ID, *h.Clear.Later)
	}
	// Output: patrol and survey: 17386 m and 0s apart; patrol can start 10m0s later
}
