package notice

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/fault"
	"parley/geo4d"
)

func TestStateAt(t *testing.T) {
	start, end := at(8, 0), at(9, 30)
	drone := func() Notice { n := testFlight(); n.Class = SmallUncrewed; return n }
	hazard := func() Notice { n := testFlight(); n.Kind, n.Class = Hazard, ""; return n }
	act := Change{Activate, start}
	for name, c := range map[string]struct {
		n       Notice
		changes []Change
		now     time.Time
		want    Status
	}{
		"before":                    {testFlight(), nil, testNow, Status{State: Planned}},
		"within, not activated":     {testFlight(), nil, at(8, 30), Status{State: Planned}},
		"active":                    {testFlight(), []Change{act}, at(9, 0), Status{State: Active, Since: start}},
		"last instant":              {testFlight(), []Change{act}, end.Add(-time.Millisecond), Status{State: Active, Since: start}},
		"overdue":                   {testFlight(), []Change{act}, end, Status{State: Overdue, Since: end}},
		"overdue, never activated":  {testFlight(), nil, end.Add(10 * time.Second), Status{State: Overdue, Since: end, GrowthM: 2_500}},
		"overdue, stated speed":     {testMovement(), nil, end.Add(time.Minute), Status{State: Overdue, Since: end, GrowthM: 600}},
		"overdue for long":          {testFlight(), nil, end.AddDate(0, 0, 3), Status{State: Overdue, Since: end, GrowthM: MaxGrowthM}},
		"ended":                     {testFlight(), []Change{act, {End, at(9, 0)}}, at(23, 0), Status{State: Ended, Since: at(9, 0)}},
		"ended after overdue":       {testFlight(), []Change{act, {End, at(10, 0)}}, at(23, 0), Status{State: Ended, Since: at(10, 0)}},
		"cancelled":                 {testFlight(), []Change{{Cancel, at(7, 0)}}, at(9, 0), Status{State: Cancelled, Since: at(7, 0)}},
		"nothing after the end":     {testFlight(), []Change{{Cancel, at(7, 0)}, {Activate, at(8, 0)}}, at(9, 0), Status{State: Cancelled, Since: at(7, 0)}},
		"drone lapses":              {drone(), []Change{act}, end, Status{State: Ended, Since: end, Lapsed: true}},
		"hazard lapses":             {hazard(), nil, end, Status{State: Ended, Since: end, Lapsed: true}},
		"lapsed, then ended":        {drone(), []Change{{End, at(10, 0)}}, at(11, 0), Status{State: Ended, Since: at(10, 0)}},
		"site":                      {testSite(), nil, at(23, 0), Status{State: Planned}},
		"expired site stays":        {testSite(), []Change{act}, at(0, 0).AddDate(0, 3, 0), Status{State: Active, Since: start, Unverified: true}},
		"ended site":                {testSite(), []Change{{End, at(9, 0)}}, at(0, 0).AddDate(1, 0, 0), Status{State: Ended, Since: at(9, 0)}},
		"site whose window is over": {siteUntil(at(9, 0)), nil, at(9, 0), Status{State: Planned, Unverified: true}},
	} {
		if got := StatusAt(c.n, c.changes, c.now); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func siteUntil(end time.Time) Notice {
	n := testSite()
	n.Volumes[0].Window.End = end
	return n
}

func TestLive(t *testing.T) {
	n := testMovement()
	n.UncertaintyM = 50
	vols, u := Live(n, nil, at(9, 0))
	if len(vols) != 1 || vols[0].Window.End != at(9, 30) || u != 50 {
		t.Fatalf("%+v %v", vols, u)
	}
	vols, u = Live(n, nil, at(9, 40))
	if len(vols) != 1 || !vols[0].Window.End.IsZero() || u != 50 {
		t.Fatalf("%+v %v", vols, u)
	}
	if got := vols[0].Shape.(geo4d.Corridor).HalfWidthM; got != 200+10*600 {
		t.Errorf("grew to %v", got)
	}
	if n.Volumes[0].Window.End != at(9, 30) || n.Volumes[0].Shape.(geo4d.Corridor).HalfWidthM != 200 {
		t.Error("the notice itself changed")
	}
	n.Volumes[0].Shape = square(36, 35, 36.1, 35.1) // a polygon cannot take growth up
	if _, u = Live(n, nil, at(9, 40)); u != 50+6_000 {
		t.Errorf("uncertainty %v", u)
	}
	if vols, _ = Live(n, []Change{{End, at(9, 0)}}, at(9, 10)); vols != nil {
		t.Error("ended and live")
	}
	if vols, _ = Live(siteUntil(at(9, 0)), nil, at(12, 0)); len(vols) != 1 || !vols[0].Window.End.IsZero() {
		t.Error("a site went by the clock")
	}
}

func TestCheck(t *testing.T) {
	flight, drone := testFlight(), testFlight()
	drone.Class = SmallUncrewed
	act, end, cancel := Change{Activate, at(8, 0)}, Change{End, at(9, 0)}, Change{Cancel, at(7, 0)}
	for name, c := range map[string]struct {
		n       Notice
		changes []Change
		next    Change
		warns   string
		refused bool
	}{
		"activate":                   {flight, nil, act, "", false},
		"activate early":             {flight, nil, Change{Activate, at(7, 30)}, WarnEarlyActive, false},
		"activate a little early":    {flight, nil, Change{Activate, at(7, 50)}, "", false},
		"activate twice":             {flight, []Change{act}, Change{Activate, at(8, 1)}, "", true},
		"activate overdue":           {flight, nil, Change{Activate, at(10, 0)}, "", true},
		"activate cancelled":         {flight, []Change{cancel}, act, "", true},
		"end active":                 {flight, []Change{act}, end, "", false},
		"end overdue":                {flight, []Change{act}, Change{End, at(12, 0)}, "", false},
		"end planned":                {flight, nil, Change{End, at(8, 30)}, "", false},
		"end before start":           {flight, nil, Change{End, at(7, 0)}, WarnSchedule, false},
		"end twice":                  {flight, []Change{act, end}, Change{End, at(9, 5)}, "", true},
		"end lapsed":                 {drone, nil, Change{End, at(12, 0)}, "", false},
		"cancel planned":             {flight, nil, cancel, "", false},
		"cancel active":              {flight, []Change{act}, Change{Cancel, at(8, 30)}, "", false},
		"cancel overdue, not active": {flight, nil, Change{Cancel, at(12, 0)}, "", false},
		"cancel overdue":             {flight, []Change{act}, Change{Cancel, at(12, 0)}, "", true},
		"cancel ended":               {flight, []Change{act, end}, Change{Cancel, at(12, 0)}, "", true},
		"cancel lapsed":              {drone, nil, Change{Cancel, at(12, 0)}, "", true},
		"no such event":              {flight, nil, Change{"launch", at(8, 0)}, "", true},
	} {
		ws, err := Check(c.n, c.changes, c.next, true)
		if (err != nil) != c.refused || c.warns != "" && !has(ws, c.warns) || c.warns == "" && len(ws) > 0 {
			t.Errorf("%s: %v %v", name, ws, err)
		}
		if _, err := Check(c.n, c.changes, c.next, false); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: the other party may: %v", name, err)
		}
	}
}

// TestChangesFollowCheck holds that changes which Check takes lead only along the states' arrows,
// and that nothing comes back once it is over.
func TestChangesFollowCheck(t *testing.T) {
	next := map[State][]State{
		Planned:   {Planned, Active, Overdue, Ended, Cancelled},
		Active:    {Active, Overdue, Ended, Cancelled},
		Overdue:   {Overdue, Ended, Cancelled},
		Ended:     {Ended},
		Cancelled: {Cancelled},
	}
	rapid.Check(t, func(t *rapid.T) {
		n := WithDefaults(anyNotice().Draw(t, "notice"))
		now := Span(n).Start.Add(-time.Hour)
		var changes []Change
		state := StateAt(n, changes, now)
		for range rapid.IntRange(0, 8).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "hours")) * time.Hour)
			c := Change{rapid.SampledFrom([]Event{Activate, End, Cancel}).Draw(t, "event"), now}
			if _, err := Check(n, changes, c, true); err == nil {
				changes = append(changes, c)
			}
			got := StatusAt(n, changes, now)
			if !contains(next[state], got.State) {
				t.Fatalf("from %s to %s by %v", state, got.State, changes)
			}
			if vols, _ := Live(n, changes, now); !got.Live() && vols != nil || got.Live() && len(vols) != len(n.Volumes) {
				t.Fatalf("%s with %d volumes of %d", got.State, len(vols), len(n.Volumes))
			}
			state = got.State
		}
	})
}

func TestCheckAmend(t *testing.T) {
	old, amended := testFlight(), testFlight()
	amended.Version = 2
	for _, s := range []State{Planned, Active, Overdue} {
		if err := CheckAmend(old, amended, s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
	if err := CheckAmend(old, amended, Ended); !fault.Is(err, fault.Mismatch) {
		t.Error(err)
	}
	for name, change := range map[string]func(*Notice){
		"id":      func(n *Notice) { n.ID = "other" },
		"version": func(n *Notice) { n.Version = 3 },
		"kind":    func(n *Notice) { n.Kind, n.Class = Hazard, "" },
		"class":   func(n *Notice) { n.Class = SmallUncrewed },
	} {
		bad := amended
		change(&bad)
		if err := CheckAmend(old, bad, Planned); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestAddsSpaceOrTime(t *testing.T) {
	amfeet := func(v float64) *geo4d.Altitude {
		return &geo4d.Altitude{Value: v, Unit: geo4d.Feet, Reference: geo4d.AMSL}
	}
	for name, c := range map[string]struct {
		change func(*Notice)
		want   bool
	}{
		"nothing":       {func(n *Notice) {}, false},
		"words":         {func(n *Notice) { n.Title, n.Contact, n.Markings = "x", "y", "z" }, false},
		"later start":   {func(n *Notice) { n.Volumes[0].Window.Start = at(8, 30) }, false},
		"earlier start": {func(n *Notice) { n.Volumes[0].Window.Start = at(7, 59) }, true},
		"earlier end":   {func(n *Notice) { n.Volumes[0].Window.End = at(9, 0) }, false},
		"later end":     {func(n *Notice) { n.Volumes[0].Window.End = at(9, 31) }, true},
		"smaller":       {func(n *Notice) { n.Volumes[0].Shape = circle(36.63, 35.93, 5_000) }, false},
		"larger":        {func(n *Notice) { n.Volumes[0].Shape = circle(36.63, 35.93, 9_261) }, true},
		"moved":         {func(n *Notice) { n.Volumes[0].Shape = circle(36.64, 35.93, 9_260) }, true},
		"lower top": {func(n *Notice) {
			n.Volumes[0].Band.Upper = &geo4d.Altitude{Value: 200, Unit: geo4d.FlightLevel, Reference: geo4d.FL}
		}, false},
		"higher top": {func(n *Notice) {
			n.Volumes[0].Band.Upper = &geo4d.Altitude{Value: 241, Unit: geo4d.FlightLevel, Reference: geo4d.FL}
		}, true},
		"open top":                 {func(n *Notice) { n.Volumes[0].Band.Upper = nil }, true},
		"top over another surface": {func(n *Notice) { n.Volumes[0].Band.Upper = amfeet(100) }, true},
		"higher bottom in feet":    {func(n *Notice) { n.Volumes[0].Band.Lower = amfeet(10) }, false},
		"one more":                 {func(n *Notice) { n.Volumes = append(n.Volumes, n.Volumes[0]); n.Volumes[1].Shape = circle(36, 35, 10) }, true},
		"in two pieces": {func(n *Notice) {
			n.Volumes = []geo4d.Volume{n.Volumes[0], n.Volumes[0]}
			n.Volumes[0].Window.End = at(9, 0)
			n.Volumes[1].Window.Start = at(9, 0)
		}, false},
		"uncertain":          {func(n *Notice) { n.UncertaintyM = 1 }, true},
		"words for a volume": {func(n *Notice) { n.Volumes, n.Place = nil, "the north" }, true},
	} {
		old, amended := testFlight(), testFlight()
		amended.Version = 2
		c.change(&amended)
		if got := AddsSpaceOrTime(old, amended); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	words := testFlight()
	words.Volumes, words.Place, words.Window = nil, "the north", geo4d.Window{Start: at(8, 0), End: at(9, 0)}
	if !AddsSpaceOrTime(words, testFlight()) {
		t.Error("a first volume adds space")
	}
	shorter := words
	shorter.Window.End = at(8, 30)
	if AddsSpaceOrTime(words, shorter) || !AddsSpaceOrTime(shorter, words) {
		t.Error("windows of words")
	}
}

// TestAddsNothingToItself: no notice adds space or time to itself, and growing it always does.
func TestAddsNothingToItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := anyNotice().Draw(t, "notice")
		if AddsSpaceOrTime(n, n) {
			t.Fatal("adds to itself")
		}
		if n.Incomplete() {
			return
		}
		more := n
		more.Volumes = append([]geo4d.Volume(nil), n.Volumes...)
		i := rapid.IntRange(0, len(more.Volumes)-1).Draw(t, "volume")
		more.Volumes[i].Window.Start = Span(n).Start.Add(-time.Millisecond)
		if !AddsSpaceOrTime(n, more) {
			t.Fatal("an earlier start passes")
		}
	})
}

func TestCoarse(t *testing.T) {
	for name, c := range map[string]struct {
		n    Notice
		want bool
	}{
		"flight":                 {testFlight(), false},
		"northern Syria, 30 min": {with(testFlight(), square(35.9, 34.9, 41.5, 36.8), 30*time.Minute), true},
		"in two halves":          {halves(30 * time.Minute), true},
		"half of it":             {with(testFlight(), circle(36, 35, 70_000), 30*time.Minute), false},
		"slow":                   {slow(with(testFlight(), circle(36, 35, 70_000), 30*time.Minute)), true},
		"convoy":                 {testMovement(), false},
		"convoy anywhere":        {with(testMovement(), circle(36, 35, 40_000), time.Hour), true},
		"site":                   {testSite(), false},
		"a town as a site":       {with(testSite(), circle(36, 35, 10_000), time.Hour), true},
		"the earth":              {with(testFlight(), geo4d.Earth{}, time.Hour), true},
		"daily area":             {daily(), false},
		"words":                  {Notice{Kind: Flight, Place: "north"}, false},
	} {
		got, why := Coarse(c.n)
		if got != c.want || got == why.IsZero() {
			t.Errorf("%s: %v %v", name, got, why)
		}
	}
}

func with(n Notice, s geo4d.Shape, d time.Duration) Notice {
	n.Volumes[0].Shape = s
	n.Volumes[0].Window.End = n.Volumes[0].Window.Start.Add(d)
	return n
}

func slow(n Notice) Notice { n.SpeedMPS = 30; return n }

// halves is one large flight cut in two pieces at one time, neither of which is coarse alone.
func halves(d time.Duration) Notice {
	n := with(testFlight(), square(35, 35, 36.4, 36.4), d)
	n.Volumes = append(n.Volumes, n.Volumes[0])
	n.Volumes[1].Shape = square(36.4, 35, 37.8, 36.4)
	return n
}

// daily is one area on thirty days: its pieces do not add up.
func daily() Notice {
	n := with(testFlight(), circle(36, 35, 100_000), time.Hour)
	n.Kind, n.Class = Area, ""
	v := n.Volumes[0]
	for range 30 {
		v.Window.Start, v.Window.End = v.Window.Start.AddDate(0, 0, 1), v.Window.End.AddDate(0, 0, 1)
		n.Volumes = append(n.Volumes, v)
	}
	return n
}

// TestAddsIsBounded holds that shapes too large to compare in good time count as added.
func TestAddsIsBounded(t *testing.T) {
	large := func(n Notice) Notice {
		line := make([]geo4d.Position, 1_001)
		for i := range line {
			line[i] = geo4d.Position{LonDeg: 36 + float64(i)/1e4, LatDeg: 35}
		}
		n.Volumes[0].Shape = geo4d.Corridor{Line: line, HalfWidthM: 100}
		return n
	}
	old, amended := large(testFlight()), large(testFlight())
	if AddsSpaceOrTime(old, amended) {
		t.Error("the same shape needs no comparing")
	}
	amended.Volumes[0].Shape = geo4d.Corridor{Line: amended.Volumes[0].Shape.(geo4d.Corridor).Line, HalfWidthM: 99}
	if !AddsSpaceOrTime(old, amended) {
		t.Error("a million pairs were compared")
	}
}
