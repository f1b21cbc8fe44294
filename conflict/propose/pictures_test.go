package propose_test

import (
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"parley/conflict"
	"parley/conflict/propose"
)

var everything = propose.Allowed{Time: true, Altitude: true, Space: true}

// TestProposalsOfPictures draws pictures of 50 to 500 notices and asks for proposals for one that is
// in conflict. Each proposal must clear all conflicts, and no step of the grid in its direction may do so
// at less cost. PARLEY_PICTURES says how many pictures; its own figure is small, so that it
// can run with the race detector.
func TestProposalsOfPictures(t *testing.T) {
	pictures := 8
	if testing.Short() {
		pictures = 3
	}
	if s := os.Getenv("PARLEY_PICTURES"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		pictures = n
	}
	proposals, none, cleared := map[propose.Direction]int{}, map[propose.Direction]int{}, 0
	var calls []time.Duration
	for seed := range pictures {
		it, items, x := conflicted(uint64(seed), 50+(seed*37)%451)
		c := propose.Defaults(day.Add(-time.Hour))
		began := time.Now()
		r, err := propose.For(t.Context(), x, it, everything, c)
		if err != nil {
			t.Fatal(err)
		}
		calls = append(calls, time.Since(began))
		checkOne(t, it, items, r, c, everything)
		for _, p := range r.Proposals {
			proposals[p.Move.Direction()]++
		}
		for _, n := range r.None {
			none[n.Direction]++
		}
		cleared += len(r.Conflicts)
	}
	t.Logf("%d pictures; proposals %v; without %v; %d conflicts cleared", pictures, proposals, none, cleared)
	slices.Sort(calls)
	at := func(part int) time.Duration { return calls[(len(calls)-1)*part/100].Round(10 * time.Microsecond) }
	t.Logf("a call, which looks for a proposal in each direction: median %v, 95 in 100 within %v, longest %v", at(50), at(95), at(100))
}

// conflicted draws a picture, and of it an item that is in conflict.
func conflicted(seed uint64, n int) (*conflict.Item, []*conflict.Item, *conflict.Index) {
	for again := uint64(0); ; again++ {
		p := newPicture(seed + again<<32)
		items := p.items(n)
		x := conflict.New(rules)
		for _, it := range items {
			x.Put(it)
		}
		for _, it := range items {
			if it.Class != site && len(x.Matches(it, nil)) > 0 {
				return it, items, x
			}
		}
	}
}
