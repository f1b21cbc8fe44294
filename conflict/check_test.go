package conflict

import (
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"parley/geo4d"
)

func metres(v float64) *geo4d.Altitude {
	return &geo4d.Altitude{Value: v, Unit: geo4d.Metres, Reference: geo4d.W84}
}

func at(minute int) time.Time { return day.Add(time.Duration(minute) * time.Minute) }

// disc is a circle on the equator, its middle so many metres east.
func disc(id, party string, eastM, radiusM, lower float64, from, to int) *Item {
	v := geo4d.Volume{
		Shape:  geo4d.Circle{Center: geo4d.Position{LonDeg: eastM / 6378137 * 180 / math.Pi}, RadiusM: radiusM},
		Band:   geo4d.Band{Lower: metres(lower), Upper: metres(lower + 100)},
		Window: geo4d.Window{Start: at(from)},
	}
	if to > 0 {
		v.Window.End = at(to)
	}
	return &Item{ID: id, Party: party, Volumes: []geo4d.Volume{v}}
}

var wide = Config{Separation: func(a, b any) (geo4d.Separation, bool) {
	return geo4d.Separation{LateralM: 1000, VerticalM: 300, Time: 10 * time.Minute}, true
}}

func TestCheck(t *testing.T) {
	items := []*Item{
		disc("c", "blue", 0, 100, 0, 0, 60),
		disc("b", "red", 1000, 100, 300, 65, 100),
		disc("a", "red", 1100, 100, 0, 0, 60),
		disc("d", "", 1900, 100, 0, 0, 60),
		disc("e", "", 1900, 100, 0, 0, 60),
		disc("b", "green", 0, 100, 0, 0, 60),
		disc("f", "blue", 50000, 100, 0, 0, 60),
	}
	r := Check(items, []Refusal{{"a0", "has no place"}}, wide)
	var got [][2]string
	for _, row := range r.Conflicts {
		got = append(got, [2]string{row.A, row.B})
	}
	want := [][2]string{{"a", "c"}, {"a", "d"}, {"a", "e"}, {"b", "c"}, {"b", "d"}, {"b", "e"}, {"d", "e"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	row := r.Conflicts[3]
	if math.Abs(row.LateralM-800) > 1e-6 || row.VerticalM != 200 || row.TimeS != 300 {
		t.Errorf("%+v", row)
	}
	if row.Start != "2026-12-01T00:55:00.000Z" || row.End != "2026-12-01T01:10:00.000Z" {
		t.Errorf("window %s to %s", row.Start, row.End)
	}
	if len(r.Refused) != 2 || r.Refused[0].ID != "a0" || r.Refused[1].ID != "b" {
		t.Errorf("refused %+v", r.Refused)
	}
	for i, j := 0, len(items)-1; i < j; i, j = i+1, j-1 {
		items[i], items[j] = items[j], items[i]
	}
	items = append(items[:1], items[2:]...) // the second b
	again := Check(items, []Refusal{{"a0", "has no place"}}, wide)
	if !reflect.DeepEqual(again.Conflicts, r.Conflicts) {
		t.Error("the order of the input changes the rows")
	}
	out, err := json.Marshal(Check(nil, nil, wide))
	if err != nil || string(out) != `{"conflicts":[],"refused":[]}` {
		t.Errorf("%s, %v", out, err)
	}
}

// TestMovesClear: after each move alone nothing is near; a little less is not enough.
func TestMovesClear(t *testing.T) {
	a := disc("a", "blue", 0, 100, 1000, 0, 60)
	b := disc("b", "red", 500, 200, 1050, 30, 90)
	near := func(a *Item) []Pair {
		x := New(wide)
		x.Put(b)
		return x.Near(a)
	}
	p := near(a)
	if len(p) != 1 || len(p[0].Hits) != 1 {
		t.Fatalf("%+v", p)
	}
	m := p[0].Hits[0].Clear
	l := p[0].LateralMove(&p[0].Hits[0])
	if !l.Exact || math.Abs(l.M-800) > 1e-6 || l.BearingDeg != 270 || *m.UpM != 450 || *m.DownM != 350 || *m.Later != 100*time.Minute || *m.Earlier != 40*time.Minute {
		t.Errorf("lateral %v up %v down %v later %v earlier %v", l, *m.UpM, *m.DownM, *m.Later, *m.Earlier)
	}
	moves := map[string]func(share float64) *Item{
		"west": func(k float64) *Item { return disc("a", "blue", -l.M*k, 100, 1000, 0, 60) },
		"up":   func(k float64) *Item { return disc("a", "blue", 0, 100, 1000+*m.UpM*k, 0, 60) },
		"down": func(k float64) *Item { return disc("a", "blue", 0, 100, 1000-*m.DownM*k, 0, 60) },
		"later": func(k float64) *Item {
			d := int(m.Later.Minutes() * k)
			return disc("a", "blue", 0, 100, 1000, d, 60+d)
		},
		"earlier": func(k float64) *Item {
			d := int(m.Earlier.Minutes() * k)
			return disc("a", "blue", 0, 100, 1000, -d, 60-d)
		},
	}
	for name, move := range moves {
		if len(near(move(1+1e-9))) != 0 {
			t.Errorf("%s does not clear", name)
		}
		if len(near(move(0.99))) != 1 {
			t.Errorf("%s: less would do", name)
		}
	}
}

func TestNoMoveFromTheEndless(t *testing.T) {
	site := disc("s", "red", 0, 100, 0, 0, 0)
	site.Volumes[0].Band = geo4d.Band{}
	x := New(wide)
	x.Put(site)
	p := x.Near(disc("a", "blue", 0, 100, 0, 10, 20))
	if len(p) != 1 {
		t.Fatal(p)
	}
	m := p[0].Worst().Clear
	if m.UpM != nil || m.DownM != nil || m.Later != nil || m.Earlier == nil || *m.Earlier != 30*time.Minute {
		t.Errorf("%+v", m)
	}
	if w := p[0].Worst().Window; w.Start != at(10) || w.End != at(20) {
		t.Errorf("window %v", w)
	}
}

func TestClosenessWindow(t *testing.T) {
	w := func(a, b int) geo4d.Window { return geo4d.Window{Start: at(a), End: at(b)} }
	endless := geo4d.Window{Start: at(5)}
	cases := []struct{ a, b, want geo4d.Window }{
		{w(0, 60), w(30, 90), w(30, 60)},
		{w(0, 60), endless, w(5, 60)},
		{endless, geo4d.Window{Start: at(7)}, geo4d.Window{Start: at(7)}},
		{w(0, 60), w(64, 90), w(54, 70)},
		{w(58, 60), w(64, 66), w(58, 66)},
	}
	for _, c := range cases {
		for _, p := range [][2]geo4d.Window{{c.a, c.b}, {c.b, c.a}} {
			if got := ClosenessWindow(p[0], p[1], 10*time.Minute); got != c.want {
				t.Errorf("%v: %v, want %v", p, got, c.want)
			}
		}
	}
}

// TestPlanIsNotOneVolume: a plan round a place is not near it.
func TestPlanIsNotOneVolume(t *testing.T) {
	ring := disc("ring", "blue", 0, 1, 0, 0, 60)
	ring.Volumes = nil
	for az := 0.0; az < 360; az += 10 {
		p, _ := geo4d.Direct(geo4d.Position{}, az, 50e3)
		v := disc("", "", 0, 5e3, 0, 0, 60).Volumes[0]
		v.Shape = geo4d.Circle{Center: p, RadiusM: 5e3}
		ring.Volumes = append(ring.Volumes, v)
	}
	x := New(wide)
	x.Put(ring)
	if p := x.Near(disc("mid", "red", 0, 1000, 0, 0, 60)); len(p) != 0 {
		t.Errorf("%+v", p)
	}
	if p := x.Near(disc("edge", "red", 49e3, 1000, 0, 0, 60)); len(p) != 1 || p[0].Total < 1 {
		t.Errorf("%+v", p)
	}
}
