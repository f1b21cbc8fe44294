package conflict

import (
	"cmp"
	"context"
	"slices"
	"time"

	"parley/geo4d"
)

// Row is one conflict in a Report.
type Row struct {
	ID                string     `json:"id"` // of the pair
	A                 string     `json:"a"`  // before B in byte order
	B                 string     `json:"b"`
	LateralM          float64    `json:"lateral_m"` // gaps before uncertainty, 0 on overlap
	VerticalM         float64    `json:"vertical_m"`
	TimeS             float64    `json:"time_s"`
	VerticalUncertain bool       `json:"vertical_uncertain,omitempty"`
	AtA               [2]float64 `json:"at_a"` // closest positions, longitude and latitude
	AtB               [2]float64 `json:"at_b"`
	// Lower and Upper bound the altitudes that both have, each as it was given; absent is open. Where
	// VerticalM is not 0 they have none in common: it lies between the two, and Lower is the one above.
	Lower *geo4d.Altitude `json:"lower,omitempty"`
	Upper *geo4d.Altitude `json:"upper,omitempty"`
	Start string          `json:"start,omitempty"` // when they are close; absent is open
	End   string          `json:"end,omitempty"`
	MoveA Move            `json:"move_a"`
}

// Move is the least move of A, in one dimension alone, that clears a conflict; what is absent does
// not. Across the ground it is a LateralMove.
type Move struct {
	LateralM          *float64 `json:"lateral_m,omitempty"`
	LateralBearingDeg *float64 `json:"lateral_bearing_deg,omitempty"`
	LateralExact      bool     `json:"lateral_exact"`
	UpM               *float64 `json:"up_m,omitempty"`
	DownM             *float64 `json:"down_m,omitempty"`
	LaterS            *float64 `json:"later_s,omitempty"`
	EarlierS          *float64 `json:"earlier_s,omitempty"`
}

// Refusal is a feature that was not compared, and why.
type Refusal struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Report is what Check finds.
type Report struct {
	Conflicts []Row     `json:"conflicts"`
	Refused   []Refusal `json:"refused"`
}

// Check compares every pair of items of different parties; an item without a party is a party of
// its own. An item whose ID an earlier one has is refused. refused is what the caller could not
// read; it goes into the report. Each pair has one row, that of its worst hit. Rows are sorted by
// A and B, refusals by ID. A Set does the same and hands out row by row.
func Check(items []*Item, refused []Refusal, c Config) Report {
	r := Report{Conflicts: []Row{}, Refused: append([]Refusal{}, refused...)}
	s := NewSet(c)
	for _, it := range items {
		if !s.Add(it) {
			r.Refused = append(r.Refused, Refusal{it.ID, "the id is used twice; ids must be unique across all files"})
		}
	}
	_ = s.Conflicts(context.Background(), Search{}, func(row *Row) error { // fails only where its caller does
		r.Conflicts = append(r.Conflicts, *row)
		return nil
	})
	slices.SortStableFunc(r.Refused, func(a, b Refusal) int { return cmp.Compare(a.ID, b.ID) })
	return r
}

func rowOf(p *Pair) Row {
	h := p.Worst()
	r := Row{
		ID: pairID(p.A.ID, p.B.ID), A: p.A.ID, B: p.B.ID,
		LateralM: h.Gap.LateralM, VerticalM: h.Gap.VerticalM, TimeS: h.Gap.Time.Seconds(),
		VerticalUncertain: h.Gap.VerticalUncertain,
		AtA:               [2]float64{h.AtA.LonDeg, h.AtA.LatDeg},
		AtB:               [2]float64{h.AtB.LonDeg, h.AtB.LatDeg},
		Lower:             h.Band.Lower,
		Upper:             h.Band.Upper,
		MoveA:             MoveOf(h, p.LateralMove(h)),
	}
	if !h.Window.Start.IsZero() {
		r.Start = geo4d.FormatTime(h.Window.Start)
	}
	if !h.Window.End.IsZero() {
		r.End = geo4d.FormatTime(h.Window.End)
	}
	return r
}

// MoveOf returns the least move of A that clears a hit, given the one across the ground, or nil where
// there is none.
func MoveOf(h *Hit, across *LateralMove) Move {
	m := Move{UpM: h.Clear.UpM, DownM: h.Clear.DownM, LaterS: seconds(h.Clear.Later), EarlierS: seconds(h.Clear.Earlier)}
	if across != nil {
		lateralM, bearingDeg := across.M, across.BearingDeg
		m.LateralM, m.LateralBearingDeg, m.LateralExact = &lateralM, &bearingDeg, across.Exact
	}
	return m
}

func seconds(d *time.Duration) *float64 {
	if d == nil {
		return nil
	}
	s := d.Seconds()
	return &s
}
