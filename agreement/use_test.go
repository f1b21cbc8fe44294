package agreement

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/fault"
	"parley/geo4d"
	"parley/notice"
)

var (
	crewed   = Subject{Kind: notice.Flight, Domain: notice.Air, Class: notice.Crewed}
	drone    = Subject{Kind: notice.Flight, Domain: notice.Air, Class: notice.SmallUncrewed}
	high     = Subject{Kind: notice.Flight, Domain: notice.Air, Class: notice.Crewed, LowestFeetOK: true, LowestFeet: 10_000}
	low      = Subject{Kind: notice.Flight, Domain: notice.Air, Class: notice.Crewed, LowestFeetOK: true, LowestFeet: 9_999}
	convoy   = Subject{Kind: notice.Movement, Domain: notice.Land}
	ship     = Subject{Kind: notice.Movement, Domain: notice.Sea}
	inPort   = Subject{Kind: notice.Movement, Domain: notice.Sea, Port: "Latakia"}
	anArea   = Subject{Kind: notice.Area, Domain: notice.Air}
	aHazard  = Subject{Kind: notice.Hazard, Domain: notice.Air}
	aSite    = Subject{Kind: notice.Site, Domain: notice.Land}
	subjects = []Subject{crewed, drone, high, low, convoy, ship, inPort, anArea, aHazard, aSite}
)

func TestSeparationTable(t *testing.T) {
	const ten, two = 10 * time.Minute, 2 * time.Minute
	sep := func(lateral, vertical float64, d time.Duration, anyAlt bool) *geo4d.Separation {
		return &geo4d.Separation{LateralM: lateral, VerticalM: vertical, Time: d, AnyAltitude: anyAlt}
	}
	terms := testTerms()
	for _, c := range []struct {
		a, b Subject
		want *geo4d.Separation
	}{
		{crewed, crewed, sep(37_040, 609.6, ten, false)},
		{crewed, high, sep(37_040, 609.6, ten, false)},
		{crewed, drone, sep(500, 100, two, false)},
		{drone, drone, sep(500, 100, two, false)},
		{crewed, aHazard, sep(18_520, 609.6, ten, false)},
		{drone, aHazard, sep(1_000, 150, ten, false)},
		{crewed, anArea, sep(18_520, 609.6, ten, false)},
		{drone, anArea, sep(1_000, 150, ten, false)},
		{crewed, aSite, sep(1_852, 0, ten, true)}, // the lower bound is unknown
		{low, aSite, sep(1_852, 0, ten, true)},
		{drone, aSite, sep(1_852, 0, ten, true)},
		{high, aSite, nil},
		{low, convoy, sep(1_852, 0, ten, true)},
		{high, convoy, nil},
		{high, ship, nil},
		{convoy, convoy, sep(300, 0, ten, true)},
		{convoy, ship, sep(9_260, 0, ten, true)},
		{ship, ship, sep(9_260, 0, ten, true)},
		{inPort, ship, sep(9_260, 0, ten, true)},
		{inPort, inPort, sep(500, 0, ten, true)},
		{convoy, anArea, sep(300, 0, ten, true)},
		{ship, anArea, sep(9_260, 0, ten, true)},
		{inPort, anArea, sep(9_260, 0, ten, true)},
		{aHazard, aSite, sep(1_000, 0, ten, true)},
		{aHazard, convoy, sep(1_000, 0, ten, true)},
		{aHazard, ship, sep(1_000, 0, ten, true)},
		{convoy, aSite, sep(0, 0, 0, true)},
		{anArea, anArea, sep(0, 0, 0, false)},
		{anArea, aHazard, sep(0, 0, 0, false)},
		{aHazard, aHazard, sep(0, 0, 0, false)},
		{anArea, aSite, nil},
		{aSite, aSite, nil},
	} {
		for _, pair := range [][2]Subject{{c.a, c.b}, {c.b, c.a}} {
			got, ok := terms.Separation(pair[0], pair[1])
			if ok != (c.want != nil) || ok && got != *c.want {
				t.Errorf("%v and %v: %v %v", pair[0], pair[1], got, ok)
			}
		}
	}
}

// TestSeparationIsSymmetric holds for any rows that validate: who files first does not matter.
func TestSeparationIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := testTerms()
		terms.Separations = rapid.Permutation(terms.Separations).Draw(t, "rows")
		for i := range terms.Separations {
			if rapid.Bool().Draw(t, "turn") {
				r := &terms.Separations[i]
				r.Kinds[0], r.Kinds[1] = r.Kinds[1], r.Kinds[0]
			}
		}
		if err := terms.Validate(); err != nil {
			t.Fatal(err)
		}
		a, b := rapid.SampledFrom(subjects).Draw(t, "a"), rapid.SampledFrom(subjects).Draw(t, "b")
		one, okOne := terms.Separation(a, b)
		two, okTwo := terms.Separation(b, a)
		want, okWant := testTerms().Separation(a, b)
		if one != two || okOne != okTwo || one != want || okOne != okWant {
			t.Fatalf("%v %v, %v %v, %v %v", one, okOne, two, okTwo, want, okWant)
		}
	})
}

func TestSubjectOf(t *testing.T) {
	area := testTerms().Area
	vol := func(lower *geo4d.Altitude, s geo4d.Shape) geo4d.Volume {
		return geo4d.Volume{Shape: s, Band: geo4d.Band{Lower: lower}}
	}
	inside, outside := square(35.72, 35.50, 35.74, 35.52), square(35.6, 35.4, 35.74, 35.52)
	flight := notice.Notice{Kind: notice.Flight}
	flight.Volumes = []geo4d.Volume{vol(ft(12_000), inside), vol(&geo4d.Altitude{Value: 100, Unit: geo4d.FlightLevel, Reference: geo4d.FL}, inside)}
	if s := SubjectOf(flight, area); s != (Subject{Kind: notice.Flight, Domain: notice.Air, Class: notice.Crewed, LowestFeetOK: true, LowestFeet: 10_000}) {
		t.Errorf("%+v", s)
	}
	flight.Volumes = append(flight.Volumes, vol(nil, inside))
	if s := SubjectOf(flight, area); s.LowestFeetOK {
		t.Errorf("%+v", s)
	}
	if s := SubjectOf(notice.Notice{Kind: notice.Flight}, area); s.LowestFeetOK {
		t.Errorf("incomplete: %+v", s)
	}
	ship := notice.Notice{Kind: notice.Movement, Domain: notice.Sea, Volumes: []geo4d.Volume{vol(nil, inside)}}
	if s := SubjectOf(ship, area); s.Port != "Latakia" {
		t.Errorf("%+v", s)
	}
	ship.Volumes = append(ship.Volumes, vol(nil, outside))
	if s := SubjectOf(ship, area); s.Port != "" {
		t.Errorf("%+v", s)
	}
}

func TestGrades(t *testing.T) {
	terms := testTerms()
	for _, c := range []struct {
		kind notice.Kind
		lead time.Duration
		want Grade
	}{
		{notice.Flight, 24 * time.Hour, Routine},
		{notice.Flight, 24*time.Hour - 1, Short},
		{notice.Hazard, time.Hour, Short},
		{notice.Area, time.Hour - 1, Late},
		{notice.Flight, 10 * time.Minute, Late},
		{notice.Flight, 10*time.Minute - 1, Insufficient},
		{notice.Flight, -time.Hour, Insufficient},
		{notice.Movement, 48 * time.Hour, Routine},
		{notice.Movement, 48*time.Hour - 1, Short},
		{notice.Site, 24 * time.Hour, Short},
		{notice.Movement, 24*time.Hour - 1, Late},
		{notice.Movement, time.Hour, Late},
		{notice.Movement, time.Hour - 1, Insufficient},
	} {
		if got := terms.Grade(notice.Notice{Kind: c.kind}, c.lead); got != c.want {
			t.Errorf("%s %s: %s", c.kind, c.lead, got)
		}
	}
	if g := terms.Grade(notice.Notice{Kind: notice.Movement, EmergencyMedical: true}, time.Minute); g != Ungraded || UrgencyOf(g) != UrgencyUrgent {
		t.Error(g)
	}
	if terms.Ladder(UrgencyOf(Late)).Delivered != time.Minute || terms.Ladder(UrgencyOf(Routine)).Relayed != 12*time.Hour || terms.Ladder(UrgencyOf(Short)).Received != 15*time.Minute {
		t.Error("ladder")
	}
}

func TestLevels(t *testing.T) {
	terms := testTerms()
	if terms.LevelOf("red", notice.Flight) != Full || terms.LevelOf("blue", notice.Site) != Volume || terms.LevelOf("green", notice.Flight) != Alert {
		t.Error("levels")
	}
	if len(Alert.Members()) != 0 || !slices.Equal(Full.Members(), notice.Names()) {
		t.Error("members")
	}
	for _, hidden := range []string{"title", "place", "contact", "cargo", "persons", "text", "source", "markings", "frequency"} {
		if slices.Contains(Volume.Members(), hidden) {
			t.Errorf("volume shows %s", hidden)
		}
	}
	for _, shown := range []string{"id", "version", "kind", "domain", "class", "volumes", "uncertainty_m", "speed_mps", "humanitarian", "emergency_medical", "expires", "supersedes"} {
		if !slices.Contains(Volume.Members(), shown) {
			t.Errorf("volume hides %s", shown)
		}
	}
	if !Full.AtLeast(Volume) || Alert.AtLeast(Volume) || Level("").AtLeast(Alert) {
		t.Error("order")
	}
}

func TestWithin(t *testing.T) {
	area := testTerms().Area
	circle := func(lon, lat float64) notice.Notice {
		return notice.Notice{Volumes: []geo4d.Volume{{Shape: geo4d.Circle{Center: geo4d.Position{LonDeg: lon, LatDeg: lat}, RadiusM: 1_000}}}}
	}
	if err := area.Within(circle(36, 35)); err != nil {
		t.Error(err)
	}
	if err := area.Within(circle(35, 34.001)); err != nil {
		t.Errorf("at the edge: %v", err)
	}
	if err := area.Within(circle(37.5, 20)); err == nil || strings.Contains(err.Error(), "swapped") {
		t.Errorf("outside: %v", err)
	}
	err := area.Within(circle(34.5, 38.5))
	if err == nil || !strings.Contains(err.Error(), "swapped") {
		t.Errorf("swapped: %v", err)
	}
	if !fault.Is(err, fault.Invalid) || fault.All(err)[0].Field != "volumes[0].geometry" {
		t.Errorf("%+v", fault.All(err))
	}
	if err := (Area{Shape: geo4d.Earth{}}).Within(circle(170, -80)); err != nil {
		t.Error(err)
	}
}

func TestHeld(t *testing.T) {
	area := testTerms().Area
	n := notice.Notice{Kind: notice.Flight, Place: "  north ", Window: geo4d.Window{Start: testFrom, End: testFrom.Add(time.Hour)}}
	vols, as := area.Held(n)
	if as != "North" || len(vols) != 1 || vols[0].Window != n.Window {
		t.Errorf("%s %v", as, vols)
	}
	n.Sector = "South"
	if _, as := area.Held(n); as != "the whole area" {
		t.Error(as)
	}
	if w := testTerms().Warnings(n, testFrom.Add(-time.Minute)); len(w) != 2 || w[0].Code != notice.WarnLate || w[1].Field != "sector" {
		t.Errorf("%+v", w)
	}
}

func TestDrillAndForce(t *testing.T) {
	terms := testTerms()
	terms.Drills = []Drill{{testFrom, testFrom.Add(time.Hour)}}
	if !terms.InDrill(testFrom) || terms.InDrill(testFrom.Add(time.Hour)) {
		t.Error("drill")
	}
	if terms.InForce(testFrom.Add(-1)) || !terms.InForce(testFrom.AddDate(50, 0, 0)) {
		t.Error("open end")
	}
	if terms.Until = testFrom.Add(time.Hour); terms.InForce(terms.Until) {
		t.Error("ended")
	}
	if !terms.NeedsTwo(ActionCancel) || terms.NeedsTwo("lunch") {
		t.Error("two persons")
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(mustSign(f, testTerms(), "red", "blue"))
	f.Add([]byte(TypeLine + "\n{}\n\n— a b\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := Open(data)
		if err != nil {
			return
		}
		text, err := Text(a.Terms)
		if err != nil || ID(text) != a.ID || len(a.Signers) == 0 {
			t.Fatalf("opened what does not come back: %v", err)
		}
	})
}

func FuzzParseTerms(f *testing.F) {
	terms, err := Encode(testTerms())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(terms)
	f.Add([]byte(`{"area":{"whole_earth":true},"from":"2026-01-01T00:00:00Z"}`))
	in := english(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		terms, err := ParseTerms(data)
		if err != nil {
			return
		}
		Explain(terms, in)
		Diff(terms, testTerms(), english(t))
		if terms.Validate() != nil {
			return
		}
		once, err := Encode(terms)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseTerms(once)
		if err != nil {
			t.Fatalf("valid terms do not come back: %v", err)
		}
		again, err := Encode(back)
		if err != nil || string(again) != string(once) {
			t.Fatalf("the encoding is not fixed: %v", err)
		}
	})
}
