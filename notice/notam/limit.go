package notam

import (
	"regexp"
	"strconv"
	"strings"

	"parley/catalogue"
	"parley/geo4d"
)

var (
	groundRE    = regexp.MustCompile(`^(?:SFC|GND|SURFACE|GROUND)(?: ?LEVEL)?$`)
	unlimitedRE = regexp.MustCompile(`^(?:UNL|UNLTD|UNLIMITED)$`)
	levelRE     = regexp.MustCompile(`^FL ?([0-9]{1,3})$`)
	heightRE    = regexp.MustCompile(`^([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:\.[0-9]+)?) ?(FT|FEET|M|MTRS?|METERS?|METRES?) ?\(?(AMSL|MSL|ASL|AGL|ABV GND|ABV SFC|ABOVE GROUND LEVEL|ABOVE MEAN SEA LEVEL)\)?$`)
	heightRevRE = regexp.MustCompile(`^(AMSL|MSL|AGL) ?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+) ?(FT|M)$`)
	noRefRE     = regexp.MustCompile(`^[0-9][0-9,.]* ?(?:FT|FEET|M|MTRS?|METERS?|METRES?)$`)
	noUnitRE    = regexp.MustCompile(`^[0-9][0-9,.]* ?(?:AMSL|AGL|MSL)$`)
	mentionRE   = regexp.MustCompile(`\b([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+) ?(FT|M) ?(AMSL|AGL|MSL)\b|\bFL ?([0-9]{2,3})\b|\b(?:HEIGHT|HGT|ALTITUDE|ALT|UP TO)\s?:? ?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+) ?(FT|M)\b`)
)

// feetOf is a metre's length in feet.
const feetOf = 1 / 0.3048

// limit is one bound of a band as read: an altitude, or open at the ground or above all.
type limit struct {
	alt       *geo4d.Altitude
	ground    bool
	unlimited bool
	level999  bool
}

// parseLimit reads item F or G. The second result says in words what could not be read.
func parseLimit(text string) (limit, string) {
	t := strings.TrimRight(squeeze(text), " .;,")
	if strings.HasSuffix(t, ")") && !strings.Contains(t, "(") {
		t = strings.TrimRight(t, " )")
	}
	switch {
	case t == "":
		return limit{}, "it is empty"
	case groundRE.MatchString(t):
		return limit{ground: true}, ""
	case unlimitedRE.MatchString(t):
		return limit{unlimited: true}, ""
	case noRefRE.MatchString(t):
		return limit{}, quote(t) + " does not say above what: write AMSL or AGL after it, as the publisher confirms"
	case noUnitRE.MatchString(t):
		return limit{}, quote(t) + " has no unit: write FT or M, as the publisher confirms"
	}
	if m := levelRE.FindStringSubmatch(t); m != nil {
		v, _ := strconv.Atoi(m[1])
		if v == 999 {
			return limit{unlimited: true, level999: true}, ""
		}
		return limit{alt: &geo4d.Altitude{Value: float64(v), Unit: geo4d.FlightLevel, Reference: geo4d.FL}}, ""
	}
	if m := heightRE.FindStringSubmatch(t); m != nil {
		return limit{alt: height(m[1], m[2], m[3])}, ""
	}
	if m := heightRevRE.FindStringSubmatch(t); m != nil {
		return limit{alt: height(m[2], m[3], m[1])}, ""
	}
	return limit{}, quote(t) + " is no limit; SFC, GND, UNL, FL100, 3000FT AMSL or 300M AGL are"
}

func height(number, unit, reference string) *geo4d.Altitude {
	v, _ := strconv.ParseFloat(strings.ReplaceAll(number, ",", ""), 64)
	a := &geo4d.Altitude{Value: v, Unit: geo4d.Feet, Reference: geo4d.AMSL}
	if unit[0] == 'M' {
		a.Unit = geo4d.Metres
	}
	switch reference {
	case "AGL", "ABV GND", "ABV SFC", "ABOVE GROUND LEVEL":
		a.Reference = geo4d.AGL
	}
	return a
}

// readLimits reads the band: from F and G, and from the Q line where both are absent.
func (n *Notam) readLimits(it items, q qLine) geo4d.Band {
	hasF, hasG := it.has('F'), it.has('G')
	switch {
	case !hasF && !hasG:
		return n.limitsOfQ(q)
	case !hasF:
		n.refuse("F", "the lower limit is missing while item G gives an upper one")
		return geo4d.Band{}
	case !hasG:
		n.refuse("G", "the upper limit is missing while item F gives a lower one")
		return geo4d.Band{}
	}
	lower, why := parseLimit(it.get('F'))
	if why != "" {
		n.refuse("F", "the lower limit could not be read: "+why)
	} else if lower.unlimited {
		n.refuse("F", "the lower limit says unlimited")
	}
	upper, why := parseLimit(it.get('G'))
	switch {
	case why != "":
		n.refuse("G", "the upper limit could not be read: "+why)
	case upper.ground:
		n.refuse("G", "the upper limit is the ground")
	case upper.level999:
		n.warn(Unlimited, catalogue.Say("notam.unlimited-999", catalogue.AsCode("height", "FL999")))
	}
	if below(upper.alt, lower.alt) {
		n.refuse("G", "the upper limit "+sayAltitude(*upper.alt)+" lies below the lower limit "+sayAltitude(*lower.alt))
	}
	return geo4d.Band{Lower: lower.alt, Upper: upper.alt}
}

// limitsOfQ takes the Q line's limits, which are flight levels rounded outward by its rules.
func (n *Notam) limitsOfQ(q qLine) geo4d.Band {
	if q.lower < 0 || q.upper < 0 {
		n.warn(NoLimits, catalogue.Say("notam.no-limits", catalogue.AsCode("item", "F"), catalogue.AsCode("item2", "G"), catalogue.AsCode("qitem", "Q")))
		return geo4d.Band{}
	}
	var b geo4d.Band
	if q.lower > 0 {
		b.Lower = &geo4d.Altitude{Value: float64(q.lower), Unit: geo4d.FlightLevel, Reference: geo4d.FL}
	}
	if q.upper < 999 {
		b.Upper = &geo4d.Altitude{Value: float64(q.upper), Unit: geo4d.FlightLevel, Reference: geo4d.FL}
	}
	if q.upper < q.lower {
		n.refuse("Q", "items F and G are absent and the Q line's upper limit "+itoa(q.upper)+" lies below its lower limit "+itoa(q.lower))
	}
	n.warn(QLimits, catalogue.Say("notam.q-limits", catalogue.AsCode("item", "F"), catalogue.AsCode("item2", "G"), catalogue.AsCode("qitem", "Q"), catalogue.SayIn("lower", sayQ(q.lower, "notam.ground")), catalogue.SayIn("upper", sayQ(q.upper, "notam.unlimited"))))
	return b
}

func sayQ(level int, open string) catalogue.Message {
	if level == 0 || level == 999 {
		return catalogue.Say(open)
	}
	return catalogue.Say("altitude.plain", catalogue.AsCode("height", "FL "+itoa(level)))
}

// below is whether a lies below b on the same reference.
func below(a, b *geo4d.Altitude) bool {
	return a != nil && b != nil && a.Reference == b.Reference && feet(*a) < feet(*b)
}

func feet(a geo4d.Altitude) float64 {
	switch a.Unit {
	case geo4d.Metres:
		return a.Value * feetOf
	case geo4d.FlightLevel:
		return a.Value * 100
	}
	return a.Value
}

func sayAltitude(a geo4d.Altitude) string {
	v := strconv.FormatFloat(a.Value, 'f', -1, 64)
	if a.Reference == geo4d.FL {
		return "FL " + v
	}
	return v + " " + string(a.Unit) + " " + string(a.Reference)
}

// compareLimits warns of each altitude that E names and that is neither bound of the band.
func (n *Notam) compareLimits(e string, b geo4d.Band) {
	said := map[string]bool{}
	for _, m := range mentionRE.FindAllStringSubmatch(squeeze(e), -1) {
		var a geo4d.Altitude
		bare := false
		switch {
		case m[1] != "":
			a = *height(m[1], m[2], m[3])
		case m[4] != "":
			v, _ := strconv.ParseFloat(m[4], 64)
			a = geo4d.Altitude{Value: v, Unit: geo4d.FlightLevel, Reference: geo4d.FL}
		default:
			a, bare = *height(m[5], m[6], "AMSL"), true
		}
		if sameAltitude(a, b.Lower, bare) || sameAltitude(a, b.Upper, bare) || said[m[0]] {
			continue
		}
		said[m[0]] = true
		n.warn(LimitsDiffer, catalogue.Say("notam.limits-differ", catalogue.AsCode("eitem", "E"), catalogue.AsCode("item", "F"), catalogue.AsCode("item2", "G"), catalogue.AsCode("height", strings.TrimSpace(m[0]))))
	}
}

// sameAltitude is whether a is b to within a foot; bare ignores the reference.
func sameAltitude(a geo4d.Altitude, b *geo4d.Altitude, bare bool) bool {
	if b == nil || !bare && a.Reference != b.Reference {
		return false
	}
	d := feet(a) - feet(*b)
	return d < 1 && d > -1
}
