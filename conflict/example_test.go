package conflict_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"parley/conflict"
	"parley/geo4d"
)

// plan is a circle of 5 km round a place on the 35th parallel, for an hour, at any altitude.
func plan(id, party string, lonDeg float64, hour int) *conflict.Item {
	start := time.Date(2026, 12, 1, hour, 0, 0, 0, time.UTC)
	return &conflict.Item{ID: id, Party: party, Volumes: []geo4d.Volume{{
		Shape:  geo4d.Circle{Center: geo4d.Position{LonDeg: lonDeg, LatDeg: 35}, RadiusM: 5000},
		Window: geo4d.Window{Start: start, End: start.Add(time.Hour)},
	}}}
}

// apart asks the same of all: 20 nautical miles, 2,000 feet and 10 minutes.
func apart(a, b any) (geo4d.Separation, bool) {
	return geo4d.Separation{LateralM: 37040, VerticalM: 609.6, Time: 10 * time.Minute}, true
}

func Example() {
	x := conflict.New(conflict.Config{Separation: apart})
	x.Put(plan("survey", "blue", 36.0, 6))
	x.Put(plan("transit", "blue", 36.0, 9))
	for _, p := range x.Near(plan("patrol", "red", 36.3, 7)) {
		h := p.Worst()
		fmt.Printf("%s and %s: %.0f m and %v apart; %s can start %v later\n",
			p.A.ID, p.B.ID, h.Gap.LateralM, h.Gap.Time, p.A.ID, *h.Clear.Later)
	}
	// Output: patrol and survey: 17386 m and 0s apart; patrol can start 10m0s later
}

// A separation that depends on what the two are. Items say that by their Class.
func ExampleSeparationFunc() {
	type class struct{ small bool }
	x := conflict.New(conflict.Config{Separation: func(a, b any) (geo4d.Separation, bool) {
		if a.(class).small || b.(class).small {
			return geo4d.Separation{LateralM: 500, VerticalM: 100, Time: 2 * time.Minute}, true
		}
		return apart(a, b)
	}})
	crewed, drone := plan("crewed", "blue", 36.0, 6), plan("drone", "blue", 36.0, 6)
	crewed.Class, drone.Class = class{}, class{small: true}
	x.Put(crewed)
	x.Put(drone)
	patrol := plan("patrol", "red", 36.3, 6)
	patrol.Class = class{}
	for _, p := range x.Near(patrol) {
		fmt.Println(p.B.ID, p.Separation.LateralM)
	}
	// Output: crewed 37040
}

func ExampleIndex_Put() {
	x := conflict.New(conflict.Config{Separation: apart})
	x.Put(plan("survey", "blue", 36.0, 6))
	x.Put(plan("survey", "blue", 40.0, 6)) // takes the place of the first
	fmt.Println(x.Len(), "item; near the old place:", len(x.Near(plan("patrol", "red", 36.0, 6))))
	fmt.Println("removed:", x.Remove("survey"))
	// Output:
	// 1 item; near the old place: 0
	// removed: true
}

func ExampleIndex_Near() {
	x := conflict.New(conflict.Config{Separation: apart})
	x.Put(plan("survey", "blue", 36.0, 6))
	for _, p := range x.Near(plan("patrol", "red", 36.4, 6)) {
		h := p.Worst()
		fmt.Printf("%.0f m apart, from %.4f to %.4f east, %s to %s\n", h.Gap.LateralM, h.AtA.LonDeg, h.AtB.LonDeg,
			h.Window.Start.Format("15:04"), h.Window.End.Format("15:04"))
		aside := p.LateralMove(h)
		fmt.Printf("enough for %s: %.0f m at %.1f degrees, %v later or %v earlier\n", p.A.ID, aside.M, aside.BearingDeg, *h.Clear.Later, *h.Clear.Earlier)
	}
	// Output:
	// 26515 m apart, from 36.3452 to 36.0548 east, 06:00 to 07:00
	// enough for patrol: 10525 m at 90.1 degrees, 1h10m0s later or 1h10m0s earlier
}

// LateralMove says where a shape is clear of another by the shortest way, and geo4d.Shift moves it
// there.
func ExamplePair_LateralMove() {
	survey := plan("survey", "blue", 36.0, 6)
	patrol := plan("patrol", "red", 36.3, 6)
	c := conflict.Config{Separation: apart}
	p, _ := conflict.Between(survey, patrol, c)
	m := p.LateralMove(p.Worst())
	moved := *survey
	moved.Volumes = slices.Clone(survey.Volumes)
	moved.Volumes[0].Shape, _ = geo4d.Shift(survey.Volumes[0].Shape, m.BearingDeg, m.M)
	_, near := conflict.Between(&moved, patrol, c)
	fmt.Printf("%.0f m at %.1f degrees; still near: %v\n", m.M, m.BearingDeg, near)
	// Output: 19654 m at 269.9 degrees; still near: false
}

// Matches decides as Near does and does not measure: it is many times faster where only who and
// which volumes is asked.
func ExampleIndex_Matches() {
	x := conflict.New(conflict.Config{Separation: apart})
	x.Put(plan("survey", "blue", 36.0, 6))
	x.Put(plan("transit", "blue", 36.1, 6))
	found := x.Matches(plan("patrol", "red", 36.3, 6), nil)
	slices.SortFunc(found, func(a, b conflict.Match) int { return cmp.Compare(a.Item.ID, b.Item.ID) })
	for _, m := range found {
		fmt.Println(m.Item.ID, "volume", m.VolumeB)
	}
	// Output:
	// survey volume 0
	// transit volume 0
}

// Enter takes an item in only where nothing is near. Of two that enter at once, one is told of the
// other.
func ExampleIndex_Enter() {
	x := conflict.New(conflict.Config{Separation: apart})
	alone := func(found []conflict.Match) bool { return len(found) == 0 }
	for _, it := range []*conflict.Item{plan("survey", "blue", 36.0, 6), plan("patrol", "red", 36.3, 6)} {
		found, put := x.Enter(it, alone)
		fmt.Println(it.ID, "entered:", put, "near it:", len(found))
	}
	// Output:
	// survey entered: true near it: 0
	// patrol entered: false near it: 1
}

// WhatIf looks for an hour at which an item is near no other.
func ExampleIndex_WhatIf() {
	x := conflict.New(conflict.Config{Separation: apart})
	x.Put(plan("survey", "blue", 36.0, 6))
	x.Put(plan("transit", "blue", 36.0, 9))
	var variants []*conflict.Item
	for hour := 6; hour <= 12; hour++ {
		variants = append(variants, plan("patrol", "red", 36.3, hour))
	}
	for i, found := range x.WhatIf(variants) {
		fmt.Printf("%02d:00 near %d\n", 6+i, len(found))
	}
	// Output:
	// 06:00 near 1
	// 07:00 near 1
	// 08:00 near 1
	// 09:00 near 1
	// 10:00 near 1
	// 11:00 near 0
	// 12:00 near 0
}

func ExampleBetween() {
	p, near := conflict.Between(plan("survey", "blue", 36.0, 6), plan("patrol", "red", 36.3, 6), conflict.Config{Separation: apart})
	fmt.Printf("%v, %.0f m apart\n", near, p.Worst().Gap.LateralM)
	// Output: true, 17386 m apart
}

// All conflicts of a set of plans, row by row, sorted by their IDs.
func ExampleSet() {
	s := conflict.NewSet(conflict.Config{Separation: apart})
	s.Add(plan("survey", "blue", 36.0, 6))
	s.Add(plan("patrol", "red", 36.3, 6))
	s.Add(plan("convoy", "green", 36.1, 7))
	err := s.Conflicts(context.Background(), conflict.Search{Workers: 2}, func(r *conflict.Row) error {
		fmt.Printf("%s and %s: %.0f m\n", r.A, r.B, r.LateralM)
		return nil
	})
	fmt.Println(err)
	// Output:
	// convoy and patrol: 8258 m
	// convoy and survey: 0 m
	// patrol and survey: 17386 m
	// <nil>
}
