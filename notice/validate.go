package notice

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"

	"parley/catalogue"
	"parley/fault"
	"parley/geo4d"
)

// Bounds of a notice at the node's own door.
const (
	MaxVolumes      = 1_000
	MaxVertices     = geo4d.MaxVertices
	MaxUncertaintyM = 50_000
	MaxPersons      = 100_000

	// No crewed aircraft that breathes air flies faster than about 980 m/s, and nothing on land
	// or at sea that keeps a plan faster than a train.
	MaxFlightMPS   = 1_000
	MaxMovementMPS = 150
)

// Gazetteer knows the names of places. It may be nil wherever it is asked for.
type Gazetteer interface {
	// Describe says in English where p is: nearest town, bearing and distance. Where says it by the
	// catalogues, and ok whether there is anything to say.
	Describe(p geo4d.Position) string
	Where(p geo4d.Position) (said catalogue.Message, ok bool)
	// Find returns where the places of that name lie; none where it knows no such name.
	Find(name string) []geo4d.Position
}

// Context is what Validate needs to know beside the notice.
type Context struct {
	Now    time.Time
	Places Gazetteer // nil leaves out the check of names against places
}

// idRule is the rule of ids: they stand in addresses and file names as they are.
var idRule = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$`)

// Validate refuses a notice that breaks a rule, with every rule it breaks (fault.All lists them),
// and warns of what a person should look at. A domain or class that n leaves out is taken from
// WithDefaults; file what that returns.
func Validate(n Notice, c Context) ([]Warning, error) {
	n = WithDefaults(n)
	var errs joined
	checkIdentity(&n, &errs)
	checkKind(&n, &errs)
	checkNumbers(&n, &errs)
	checkWords(&n, &errs)
	if n.Incomplete() {
		checkIncomplete(&n, &errs)
	} else {
		checkVolumes(&n, &errs)
	}
	checkSite(&n, c.Now, &errs)
	if err := errs.err(); err != nil {
		return nil, err
	}
	return warnings(&n, c), nil
}

// WithDefaults returns n with the domain and class that its kind implies where it states none:
// air for flight, area and hazard, land for movement and site; crewed for flights.
func WithDefaults(n Notice) Notice {
	if n.Domain == "" {
		n.Domain = DefaultDomain(n.Kind)
	}
	if n.Class == "" && n.Kind == Flight {
		n.Class = Crewed
	}
	if n.Version == 0 {
		n.Version = 1
	}
	return n
}

// DefaultDomain returns the domain of a notice of kind k that states none.
func DefaultDomain(k Kind) Domain {
	switch k {
	case Movement, Site:
		return Land
	case Flight, Area, Hazard:
		return Air
	}
	return ""
}

// Kinds returns the kinds, in their usual order.
func Kinds() []Kind { return []Kind{Flight, Movement, Area, Hazard, Site} }

// Domains returns the domains in which notices of kind k take place.
func Domains(k Kind) []Domain {
	switch k {
	case Flight:
		return []Domain{Air}
	case Movement, Site:
		return []Domain{Land, Sea}
	}
	return []Domain{Air, Land, Sea}
}

func checkIdentity(n *Notice, errs *joined) {
	if !idRule.MatchString(n.ID) {
		errs.add(fault.New("id", n.ID, "must be 1 to 64 of A-Z a-z 0-9 . _ : - and start with a letter or digit",
			"choose your own name for the notice, such as blue-7"))
	}
	if n.Version < 1 {
		errs.add(fault.New("version", strconv.Itoa(n.Version), "must be 1 or more", "leave it out for the first version"))
	}
	switch {
	case n.Supersedes == "":
	case !idRule.MatchString(n.Supersedes):
		errs.add(fault.New("supersedes", n.Supersedes, "is not the id of a notice", "give the id of the notice that this one replaces"))
	case n.Supersedes == n.ID:
		errs.add(fault.New("supersedes", n.Supersedes, "must be another notice", "amend the notice instead: a new version keeps its id"))
	}
}

func checkKind(n *Notice, errs *joined) {
	if !contains(Kinds(), n.Kind) {
		errs.add(fault.New("kind", string(n.Kind), "must be one of "+list(Kinds()), "choose one of them"))
		return
	}
	if fit := Domains(n.Kind); !contains(fit, n.Domain) {
		errs.add(fault.New("domain", string(n.Domain), fmt.Sprintf("must be %s for kind %s", list(fit), n.Kind), "choose it, or another kind"))
	}
	switch {
	case n.Kind == Flight && n.Class != Crewed && n.Class != SmallUncrewed:
		errs.add(fault.New("class", string(n.Class), "must be crewed or small-uncrewed", "say crewed where the aircraft is not small"))
	case n.Kind != Flight && n.Class != "":
		errs.add(fault.New("class", string(n.Class), "is for flights only", "leave it out"))
	}
	if n.EmergencyMedical && n.Kind != Movement && n.Kind != Flight {
		errs.add(fault.New("emergency_medical", "true", "is for movements and flights only", "leave it out"))
	}
}

func checkNumbers(n *Notice, errs *joined) {
	within := func(field string, v, most float64) {
		if math.IsNaN(v) || v < 0 || v > most {
			errs.add(fault.New(field, strconv.FormatFloat(v, 'g', -1, 64),
				"must be a number from 0 to "+strconv.FormatFloat(most, 'f', -1, 64), "check the unit: metres, and metres per second"))
		}
	}
	within("uncertainty_m", n.UncertaintyM, MaxUncertaintyM)
	switch n.Kind {
	case Flight:
		within("speed_mps", n.SpeedMPS, MaxFlightMPS)
	case Movement:
		within("speed_mps", n.SpeedMPS, MaxMovementMPS)
	default:
		if n.SpeedMPS != 0 {
			errs.add(fault.New("speed_mps", strconv.FormatFloat(n.SpeedMPS, 'g', -1, 64), "is for flights and movements only", "leave it out"))
		}
	}
	if n.Persons < 0 || n.Persons > MaxPersons {
		errs.add(fault.New("persons", strconv.Itoa(n.Persons), "must be from 0 to "+strconv.Itoa(MaxPersons), "give the number of people on board or on site"))
	}
}

func checkIncomplete(n *Notice, errs *joined) {
	if n.Place == "" && n.Sector == "" {
		errs.add(fault.New("volumes", "", "are missing, and so is the place in words",
			"give a volume; where there is none yet, say the place in words or name a sector of the agreement"))
	}
	checkTimes("window", n.Kind, n.Window, errs)
	if !n.Window.Start.IsZero() && !n.Window.End.IsZero() && !n.Window.End.After(n.Window.Start) {
		errs.add(fault.New("window.end", geo4d.FormatTime(n.Window.End), "must be after the start", "swap start and end, or correct one"))
	}
	errs.add(fault.In("band", validBand(n.Band)))
}

// validBand checks a band by itself, over a place where any would do.
func validBand(b geo4d.Band) error {
	if b.Lower == nil && b.Upper == nil {
		return nil
	}
	any := geo4d.Volume{Shape: geo4d.Circle{RadiusM: 1}, Band: b}
	any.Window.Start = time.Unix(0, 0)
	return geo4d.Validate(any)
}

func checkVolumes(n *Notice, errs *joined) {
	if len(n.Volumes) > MaxVolumes {
		errs.add(fault.New("volumes", strconv.Itoa(len(n.Volumes)), "must be at most "+strconv.Itoa(MaxVolumes), "split the notice"))
		return
	}
	vertices := 0
	for i := range n.Volumes {
		v := &n.Volumes[i]
		field := "volumes" + index(i)
		if v.Shape == nil {
			errs.add(fault.New(field+".geometry", "", "is missing", "give a Point with radius_m, a LineString with half_width_m, or a Polygon"))
			continue
		}
		if vertices += geo4d.Vertices(v.Shape); vertices > MaxVertices {
			errs.add(fault.New("volumes", strconv.Itoa(vertices)+" positions", "must have at most "+strconv.Itoa(MaxVertices)+" positions in all", "simplify the shapes or split the notice"))
			return
		}
		errs.add(fault.In(field, geo4d.Validate(*v)))
		checkTimes(field+".properties", n.Kind, v.Window, errs)
	}
	if n.Sector != "" || n.Window != (geo4d.Window{}) || n.Band != (geo4d.Band{}) {
		errs.add(fault.New("window", "", "sector, window and band are for a notice without volumes", "leave them out: each volume has its own"))
	}
}

// checkTimes refuses a window without the bounds that a kind needs. geo4d checks their order.
func checkTimes(field string, k Kind, w geo4d.Window, errs *joined) {
	if k == Site {
		return
	}
	if w.Start.IsZero() {
		errs.add(fault.New(field+".start", "", "is missing", "give the time with its offset: 2026-12-01T06:00:00Z"))
	}
	if w.End.IsZero() {
		errs.add(fault.New(field+".end", "", "is missing: only a site has no end", "give the time at which it is over at the latest"))
	}
}

func checkSite(n *Notice, now time.Time, errs *joined) {
	switch {
	case n.Expires.IsZero():
	case n.Kind != Site:
		errs.add(fault.New("expires", geo4d.FormatTime(n.Expires), "is for sites only", "the window says when it ends"))
	case !n.Expires.After(now):
		errs.add(fault.New("expires", geo4d.FormatTime(n.Expires), "must be in the future", "say until when the site is known to be as stated, or leave it out for the agreement's term"))
	}
}
