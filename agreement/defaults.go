package agreement

import (
	"slices"
	"time"

	"parley/geo4d"
	"parley/notice"
)

const (
	nauticalMile = 1_852.0
	foot         = 0.3048
)

// DraftOptions are what the parties must say; the rest of a draft is the defaults.
type DraftOptions struct {
	Title     string
	A, B      Party // levels of disclosure that are empty take the defaults
	Area      Area
	From      time.Time
	Until     time.Time // zero: until superseded
	Profile   Profile   // "" is manual
	Languages []string  // none is en
}

// Draft returns terms with every default filled in.
func Draft(o DraftOptions) Terms {
	t := Defaults()
	t.Title, t.From, t.Until, t.Area = o.Title, o.From.UTC(), o.Until.UTC(), o.Area
	if o.Until.IsZero() {
		t.Until = time.Time{}
	}
	t.Parties = [2]Party{withDefaults(o.A), withDefaults(o.B)}
	if o.Profile != "" {
		t.Profile = o.Profile
	}
	if len(o.Languages) > 0 {
		t.Languages = slices.Clone(o.Languages)
	}
	return t
}

func withDefaults(p Party) Party {
	d := DefaultDisclosure()
	for _, k := range notice.Kinds() {
		if l := p.Disclosure.at(k); *l == "" {
			*l = *d.at(k)
		}
	}
	if len(p.Undertakes) == 0 && len(p.NotNotified) == 0 {
		for _, k := range notice.Kinds() {
			p.Undertakes = append(p.Undertakes, Undertaking{Kind: k})
		}
	}
	return p
}

// DefaultDisclosure is what a party shows unless it says otherwise.
func DefaultDisclosure() Disclosure {
	return Disclosure{Flight: Full, Movement: Volume, Area: Full, Hazard: Volume, Site: Volume}
}

// Defaults returns the terms' defaults, without parties and over the whole earth.
func Defaults() Terms {
	days := func(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }
	soon := LeadTerms{Routine: 24 * time.Hour, Short: time.Hour, Insufficient: 10 * time.Minute}
	slow := LeadTerms{Routine: 48 * time.Hour, Short: 24 * time.Hour, Insufficient: time.Hour}
	return Terms{
		Version:     1,
		Area:        Area{Shape: geo4d.Earth{}},
		Profile:     Manual,
		Languages:   []string{"en"},
		Separations: defaultSeparations(),
		Leads:       LeadTable{Flight: soon, Area: soon, Hazard: soon, Movement: slow, Site: slow},
		Ladders: LadderTable{
			Urgent:  LadderTerms{time.Minute, 2 * time.Minute, 2 * time.Minute, 5 * time.Minute, 30 * time.Minute},
			Short:   LadderTerms{5 * time.Minute, 15 * time.Minute, 15 * time.Minute, 30 * time.Minute, 2 * time.Hour},
			Routine: LadderTerms{30 * time.Minute, 4 * time.Hour, 4 * time.Hour, 12 * time.Hour, 2 * time.Hour},
		},
		Escalation: Escalation{SecondChannel: 1, Supervisor: 2, Observers: 3},
		LineTimes: LineTerms{Heartbeat: 10 * time.Second, LaggingAfter: 30 * time.Second, DownAfter: time.Minute,
			DeskPresence: 30 * time.Minute, ClockOffsetAlarm: 5 * time.Second},
		LineTests:  LineTests{PerDay: 2, SuspectAfter: 1, DownAfter: 2},
		Alerts:     AlertAnswers{FiledOnly: true, ReleasedAfter: 20},
		Sites:      SiteTerms{Revalidate: days(90), WarnBefore: days(14)},
		TwoPersons: Actions(),
		Signatures: SignaturesEd25519,
	}
}

// Actions returns the actions that by default need release by two persons.
func Actions() []Action {
	return []Action{ActionCancel, ActionDisclosure, ActionStatement, ActionAgreement, ActionKeyChange}
}

// defaultSeparations is the table of separations, one row for every pair of kinds and for what
// narrows it. A movement and a site must not overlap in place, whatever their altitudes: nothing
// tells a patrol from a convoy that calls at the site, so officers must.
func defaultSeparations() []SeparationTerm {
	const (
		ten = 10 * time.Minute
		two = 2 * time.Minute
	)
	row := func(a, b notice.Kind, when When, lateral, vertical float64, d time.Duration) SeparationTerm {
		return SeparationTerm{Kinds: [2]notice.Kind{a, b}, When: when, LateralM: lateral, VerticalM: vertical, Time: d}
	}
	anyAlt := func(t SeparationTerm) SeparationTerm { t.AnyAltitude = true; return t }
	low := func(t SeparationTerm) SeparationTerm { t.AnyAltitude, t.FlightBelowFt = true, 10_000; return t }
	none := func(a, b notice.Kind) SeparationTerm {
		return SeparationTerm{Kinds: [2]notice.Kind{a, b}, NotDeconflicted: true}
	}
	const F, M, A, H, S = notice.Flight, notice.Movement, notice.Area, notice.Hazard, notice.Site
	return []SeparationTerm{
		row(F, F, Always, 20*nauticalMile, 2_000*foot, ten),
		row(F, F, WhenSmallUncrewed, 500, 100, two),
		row(F, H, Always, 10*nauticalMile, 2_000*foot, ten),
		row(F, H, WhenSmallUncrewed, 1_000, 150, ten),
		row(F, A, Always, 10*nauticalMile, 2_000*foot, ten),
		row(F, A, WhenSmallUncrewed, 1_000, 150, ten),
		low(row(F, S, Always, nauticalMile, 0, ten)),
		low(row(F, M, Always, nauticalMile, 0, ten)),
		anyAlt(row(M, M, Always, 300, 0, ten)),
		anyAlt(row(M, M, WhenSea, 5*nauticalMile, 0, ten)),
		anyAlt(row(M, A, Always, 300, 0, ten)),
		anyAlt(row(M, A, WhenSea, 5*nauticalMile, 0, ten)),
		anyAlt(row(H, S, Always, 1_000, 0, ten)),
		anyAlt(row(H, M, Always, 1_000, 0, ten)),
		anyAlt(row(M, S, Always, 0, 0, 0)),
		row(A, A, Always, 0, 0, 0),
		row(A, H, Always, 0, 0, 0),
		row(H, H, Always, 0, 0, 0),
		none(A, S),
		none(S, S),
	}
}
