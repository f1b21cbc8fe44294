package propose_test

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/conflict"
	"parley/conflict/propose"
	"parley/fault"
	"parley/geo4d"
)

// circle is an item of one volume at 35 E 35 N.
func circle(id, party string, k kind, radiusM float64, start, end time.Time, lower, upper *geo4d.Altitude) *conflict.Item {
	return &conflict.Item{ID: id, Party: party, Class: k, Volumes: []geo4d.Volume{{
		Shape:  geo4d.Circle{Center: geo4d.Position{LonDeg: 35, LatDeg: 35}, RadiusM: radiusM},
		Band:   geo4d.Band{Lower: lower, Upper: upper},
		Window: geo4d.Window{Start: start, End: end},
	}}}
}

func hour(h float64) time.Time { return day.Add(time.Duration(h * float64(time.Hour))) }

// with returns the result for an item among others.
func with(t *testing.T, c propose.Config, may propose.Allowed, it *conflict.Item, others ...*conflict.Item) propose.Result {
	t.Helper()
	x := conflict.New(rules)
	for _, o := range others {
		x.Put(o)
	}
	r, err := propose.For(t.Context(), x, it, may, c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// says returns what a result says, in short.
func says(r propose.Result) map[propose.Direction]string {
	out := map[propose.Direction]string{}
	for _, p := range slices.Backward(r.Proposals) { // the cheapest of several bearings is left
		switch p.Kind {
		case propose.Time:
			out[p.Move.Direction()] = p.Move.Time.String()
		case propose.Altitude:
			out[p.Move.Direction()] = geo4d.Altitude{Value: p.Move.Altitude.Value, Unit: p.Move.Altitude.Unit}.String()
		case propose.Space:
			out[p.Move.Direction()] = (time.Duration(p.Move.LateralM) * time.Second).String()
		}
	}
	for _, n := range r.None {
		out[n.Direction] = string(n.Reason)
	}
	return out
}

func TestFor(t *testing.T) {
	var open time.Time
	c := propose.Defaults(day.Add(-24 * time.Hour))
	soon := c
	soon.Bounds.NotBefore = hour(6.5)
	only := func(d propose.Direction) propose.Allowed {
		return propose.Allowed{Time: d == propose.Later || d == propose.Earlier, Altitude: d == propose.Up || d == propose.Down, Space: d == propose.Aside}
	}
	feet := func(v float64) *geo4d.Altitude {
		return &geo4d.Altitude{Value: v, Unit: geo4d.Feet, Reference: geo4d.AMSL}
	}
	mine := circle("mine", "a", crewed, 1000, hour(6), hour(7), level(100), level(120))
	for _, tc := range []struct {
		name   string
		c      propose.Config
		it     *conflict.Item
		others []*conflict.Item
		d      propose.Direction
		want   string
	}{
		{"the separation after its end", c, mine, []*conflict.Item{circle("o", "b", crewed, 1000, hour(6), hour(7), nil, nil)}, propose.Later, "1h10m0s"},
		{"and before its start", c, mine, []*conflict.Item{circle("o", "b", crewed, 1000, hour(6), hour(7), nil, nil)}, propose.Earlier, "-1h10m0s"},
		{"a millisecond more is a step more", c, mine, []*conflict.Item{circle("o", "b", crewed, 1000, hour(6), hour(7).Add(time.Millisecond), nil, nil)}, propose.Later, "1h11m0s"},
		{"a gap between two that is too short is passed over", c, mine, []*conflict.Item{circle("o", "b", crewed, 1000, hour(6), hour(7), nil, nil),
			circle("p", "b", crewed, 1000, hour(8), hour(9), nil, nil)}, propose.Later, "3h10m0s"},
		{"one that is just long enough is not", c, mine, []*conflict.Item{circle("o", "b", crewed, 1000, hour(5.5), hour(6), nil, nil),
			circle("p", "b", crewed, 1000, hour(7.5), hour(8), nil, nil)}, propose.Later, "10m0s"},
		{"no end, no later", c, mine, []*conflict.Item{circle("o", "b", crewed, 1000, hour(6), open, nil, nil)}, propose.Later, "out_of_bounds"},
		{"no end, but earlier", c, mine, []*conflict.Item{circle("o", "b", crewed, 1000, hour(6), open, nil, nil)}, propose.Earlier, "-1h10m0s"},
		{"its own end is open", c, circle("mine", "a", crewed, 1000, hour(6), open, nil, nil), []*conflict.Item{circle("o", "b", crewed, 1000, hour(6), hour(7), nil, nil)}, propose.Later, "1h10m0s"},
		{"since always", c, circle("mine", "a", crewed, 1000, open, hour(7), nil, nil), []*conflict.Item{circle("o", "b", crewed, 1000, hour(6), hour(7), nil, nil)}, propose.Later, "immovable"},
		{"not into the past", soon, circle("mine", "a", crewed, 1000, hour(7), hour(8), nil, nil), []*conflict.Item{circle("o", "b", crewed, 1000, hour(7.5), hour(9), nil, nil)}, propose.Earlier, "out_of_bounds"},
		{"up to the present", soon, circle("mine", "a", small, 1000, hour(7), hour(8), nil, nil), []*conflict.Item{circle("o", "b", small, 1000, hour(7.6), hour(9), nil, nil)}, propose.Earlier, "-26m0s"},
		{"a start that is past", soon, mine, []*conflict.Item{circle("o", "b", small, 1000, hour(5), hour(6.1), nil, nil)}, propose.Later, "30m0s"},

		{"up in its own unit", c, mine, []*conflict.Item{circle("o", "b", crewed, 1000, hour(6), hour(7), level(90), level(110))}, propose.Up, "FL030"},
		{"and down", c, mine, []*conflict.Item{circle("o", "b", crewed, 1000, hour(6), hour(7), level(90), level(115))}, propose.Down, "FL-50"},
		{"in feet", c, circle("mine", "a", crewed, 1000, hour(6), hour(7), feet(3000), feet(3500)), []*conflict.Item{circle("o", "b", crewed, 1000, hour(6), hour(7), feet(1000), feet(2050))}, propose.Up, "1100 ft "},
		{"not into the ground", c, circle("mine", "a", crewed, 1000, hour(6), hour(7), feet(1000), feet(1500)), []*conflict.Item{circle("o", "b", crewed, 1000, hour(6), hour(7), feet(3000), feet(4000))}, propose.Down, "-500 ft "},
		{"not below the floor", c, circle("mine", "a", crewed, 1000, hour(6), hour(7), feet(400), feet(1500)), []*conflict.Item{circle("o", "b", crewed, 1000, hour(6), hour(7), feet(3000), feet(4000))}, propose.Down, "out_of_bounds"},
		{"all altitudes", c, mine, []*conflict.Item{circle("o", "b", crewed, 1000, hour(6), hour(7), nil, nil)}, propose.Up, "out_of_bounds"},
		{"an open bound", c, circle("mine", "a", crewed, 1000, hour(6), hour(7), level(100), nil), []*conflict.Item{circle("o", "b", crewed, 1000, hour(6), hour(7), level(90), level(110))}, propose.Up, "FL030"},
		{"no bound", c, circle("mine", "a", crewed, 1000, hour(6), hour(7), nil, nil), []*conflict.Item{circle("o", "b", crewed, 1000, hour(6), hour(7), level(90), level(110))}, propose.Up, "immovable"},
		{"altitude that does not separate", c, mine, []*conflict.Item{circle("o", "b", site, 1000, hour(6), open, nil, nil)}, propose.Up, "out_of_bounds"},

		{"across", c, mine, []*conflict.Item{circle("o", "b", crewed, 1000, hour(6), hour(7), nil, nil)}, propose.Aside, "10h51m40s"}, // 39,100 m
		{"beyond the bounds", c, mine, []*conflict.Item{circle("o", "b", crewed, 100e3, hour(6), hour(7), nil, nil)}, propose.Aside, "out_of_bounds"},
		{"from the whole earth", c, mine, []*conflict.Item{{ID: "o", Party: "b", Class: area, Volumes: []geo4d.Volume{{Shape: geo4d.Earth{}}}}}, propose.Aside, "out_of_bounds"},
		{"the whole earth", c, &conflict.Item{ID: "mine", Party: "a", Class: area, Volumes: []geo4d.Volume{{Shape: geo4d.Earth{}}}}, []*conflict.Item{circle("o", "b", area, 1000, hour(6), hour(7), nil, nil)}, propose.Aside, "immovable"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := with(t, tc.c, only(tc.d), tc.it, tc.others...)
			if got := says(r)[tc.d]; got != tc.want {
				t.Errorf("%s: %q, want %q (%+v)", tc.d, got, tc.want, says(r))
			}
			if len(r.Conflicts) == 0 || r.Compared != len(tc.others) {
				t.Errorf("%d conflicts, compared with %d", len(r.Conflicts), r.Compared)
			}
		})
	}
}

func TestNothingToClear(t *testing.T) {
	mine := circle("mine", "a", crewed, 1000, hour(6), hour(7), nil, nil)
	older := circle("mine", "a", crewed, 1000, hour(3), hour(7), nil, nil)
	own, later := circle("own", "a", crewed, 1000, hour(6), hour(7), nil, nil), circle("later", "b", crewed, 1000, hour(9), hour(10), nil, nil)
	r := with(t, propose.Defaults(day), everything, mine, older, own, later)
	if want := (propose.Result{Compared: 2}); !reflect.DeepEqual(r, want) {
		t.Errorf("%+v, want %+v", r, want)
	}
}

func TestNothingAllowed(t *testing.T) {
	mine, o := circle("mine", "a", crewed, 1000, hour(6), hour(7), nil, nil), circle("o", "b", crewed, 1000, hour(6), hour(7), nil, nil)
	r := with(t, propose.Defaults(day), propose.Allowed{}, mine, o)
	want := propose.Result{Conflicts: []*conflict.Item{o}, Compared: 1, None: []propose.None{
		{Kind: propose.Time, Direction: propose.Later, Reason: propose.NotAllowed}, {Kind: propose.Time, Direction: propose.Earlier, Reason: propose.NotAllowed},
		{Kind: propose.Altitude, Direction: propose.Up, Reason: propose.NotAllowed}, {Kind: propose.Altitude, Direction: propose.Down, Reason: propose.NotAllowed},
		{Kind: propose.Space, Direction: propose.Aside, Reason: propose.NotAllowed},
	}}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("%+v, want %+v", r, want)
	}
}

func TestRefused(t *testing.T) {
	x := conflict.New(rules)
	mine := circle("mine", "a", crewed, 1000, hour(6), hour(7), nil, nil)
	x.Put(circle("o", "b", crewed, 1000, hour(6), hour(7), nil, nil))
	backwards := circle("mine", "a", crewed, 1000, hour(7), hour(6), nil, nil)
	if _, err := propose.For(t.Context(), x, backwards, everything, propose.Defaults(day)); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("an end before its start: %v", err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := propose.For(over, x, mine, everything, propose.Defaults(day)); fault.CodeOf(err) != fault.Unavailable || r.Proposals != nil {
		t.Errorf("cancelled: %v, %v", r, err)
	}
	if _, err := propose.For(t.Context(), x, mine, everything, propose.Config{}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("no figures: %v", err)
	}
}

// TestSeveralVolumesMoveAsOne: the legs of a route stay joined.
func TestSeveralVolumesMoveAsOne(t *testing.T) {
	var volumes []geo4d.Volume
	at := geo4d.Position{LonDeg: 20, LatDeg: 68}
	for i := range 4 {
		to, _ := geo4d.Direct(at, 60+20*float64(i), 60e3)
		volumes = append(volumes, geo4d.Volume{Shape: geo4d.Corridor{Line: []geo4d.Position{at, to}, HalfWidthM: 1000},
			Window: geo4d.Window{Start: hour(float64(i)), End: hour(float64(i) + 1)}})
		at = to
	}
	before := slices.Clone(volumes)
	moved, err := propose.Move{LateralM: 80e3, BearingDeg: 45}.Of(volumes)
	if err != nil {
		t.Fatal(err)
	}
	for i := range moved[1:] {
		end, start := moved[i].Shape.(geo4d.Corridor).Line[1], moved[i+1].Shape.(geo4d.Corridor).Line[0]
		if m, _, _ := geo4d.Inverse(end, start); m > 1e-6 {
			t.Errorf("legs %d and %d are %v m apart", i, i+1, m)
		}
	}
	if !reflect.DeepEqual(volumes, before) {
		t.Error("the volumes given were changed")
	}
}

// TestWhileOthersWrite asks while the index changes; every call comes to an end.
func TestWhileOthersWrite(t *testing.T) {
	it, items, x := conflicted(3, 60)
	c := propose.Defaults(day)
	c.Grid.Bearings, c.Bounds.LateralM = 3, 30e3
	var wg sync.WaitGroup
	stop := make(chan struct{})
	wg.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			if o := items[i%len(items)]; o.ID != it.ID && !x.Remove(o.ID) {
				x.Put(o)
			}
		}
	})
	for range 20 {
		r, err := propose.For(t.Context(), x, it, everything, c)
		if err != nil {
			t.Fatal(err)
		}
		checkWhole(t, r, everything)
	}
	close(stop)
	wg.Wait()
}
