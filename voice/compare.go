package voice

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"parley/catalogue"
	"parley/geo4d"
	"parley/notice"
)

// Tolerances say by how much what was read back may differ from what was told, field by field, and
// still be the same. The zero value allows only the rounding of a page.
type Tolerances struct {
	PositionM   float64       // of each position, and of radius and half width
	ExtentShare float64       // share of the extent, beside PositionM, where a middle and radius stand for corners
	Time        time.Duration // of each end of a window
	AltitudeM   float64       // of each bound
}

// DefaultTolerances are those that parties use unless they agree on others.
//
// Position 100 m: a page rounds to 0.001 minutes (1.9 m), who reads from a map of 1:100,000 reads to
// half a millimetre (50 m), and an older page may have 0.01 minutes (18.5 m); the smallest default
// separation is 300 m. A tenth of the extent: a middle taken by eye from a drawn outline. Time 1
// minute: what clocks and pages show. Altitude 100 ft: the step of flight levels, and of altimeter
// readings.
func DefaultTolerances() Tolerances {
	return Tolerances{PositionM: 100, ExtentShare: 0.1, Time: time.Minute, AltitudeM: 100 * metresPerFt}
}

// Rounding that a page does itself, beside which no difference counts.
const (
	roundM    = 2.0 // positions 1.4 m, lengths 1 m
	roundS    = 1.0
	roundAltM = 1e-6
)

// Result says whether what was read back is what was told.
type Result struct {
	Same        bool         `json:"same"`
	Differences []Difference `json:"differences"`
}

// Difference is one field that differs, or was not read back.
type Difference struct {
	Field    string  `json:"field"` // as on the page: "volume 2 position 1", "lower"; "place" where positions do not pair
	Told     string  `json:"told"`
	ReadBack string  `json:"read_back,omitzero"` // "": it was not read back
	ByM      float64 `json:"by_m,omitzero"`      // metres, of places, lengths and altitudes
	ByS      float64 `json:"by_s,omitzero"`      // seconds, read back less told
	Text     string  `json:"text"`               // for a person
	// Said is the text by keys and arguments.
	Said catalogue.Message `json:"-"`

	told, readBack catalogue.Message // where they are no words of a person
}

// Compare holds what was read back against a notice, as Tell tells it. places may be nil; with it a wrong
// position is said by the nearest town too.
//
// An area or corridor may be read back by all its positions, which are compared one by one, or as its
// middle with a radius, which is compared with the middle of its positions and the farthest of them. With
// another number of positions the outlines are compared: the largest distance from either to the other.
func Compare(n notice.Notice, rb ReadBack, t Tolerances, places notice.Gazetteer) Result {
	told, _ := Tell(n)
	c := comparing{t: t, places: places}
	c.id(FieldNotice, told.Notice, rb.Notice)
	c.id(FieldVersion, told.Version, rb.Version)
	if rb.Kind != "" && !strings.HasPrefix(canonicalWords(rb.Kind, ""), canonicalWords(told.Kind, "")) {
		c.differ(Difference{Field: FieldKind, Told: told.Kind, ReadBack: rb.Kind})
	}
	if n.Incomplete() && told.Place != "" {
		if canonicalWords(told.Place, "") != canonicalWords(rb.Place, "") {
			c.differ(Difference{Field: FieldPlace, Told: told.Place, ReadBack: rb.Place})
		}
	}
	c.volumes(told.Volumes, rb.Volumes)
	return c.result()
}

// CompareCall holds what was read back against a call: its position, the time when they were last seen,
// how many persons and the review time, as far as the call has them.
func CompareCall(call Call, rb ReadBack, t Tolerances, places notice.Gazetteer) Result {
	told := tellCall(call)
	c := comparing{t: t, places: places}
	want, got := &told.Volumes[0], &Volume{}
	if len(rb.Volumes) > 0 {
		got = &rb.Volumes[0]
	}
	if len(want.Positions) > 0 {
		c.place("", want, got)
	} else if told.Place != "" && canonicalWords(told.Place, "") != canonicalWords(rb.Place, "") {
		c.differ(Difference{Field: FieldPlace, Told: told.Place, ReadBack: rb.Place})
	}
	if want.From.Said {
		c.moment(FieldLastSeen, want.From, got.From, true)
	}
	if told.Persons != "" && told.Persons != rb.Persons {
		c.differ(Difference{Field: FieldPersons, Told: told.Persons, ReadBack: rb.Persons})
	}
	if told.Review.Said {
		c.moment(FieldReview, told.Review, rb.Review, true)
	}
	return c.result()
}

// comparing gathers differences.
type comparing struct {
	t      Tolerances
	places notice.Gazetteer
	found  []Difference
}

func (c *comparing) result() Result {
	if c.found == nil {
		c.found = []Difference{}
	}
	return Result{Same: len(c.found) == 0, Differences: c.found}
}

// differ keeps a difference and makes its text of the rest, and of what else there is to say.
func (c *comparing) differ(d Difference, more ...remark) {
	if d.ReadBack == "" {
		d.Text = d.Field + ": told " + d.Told + "; not read back"
	} else {
		d.Text = d.Field + ": told " + d.Told + "; read back " + d.ReadBack
	}
	for _, m := range more {
		if m.text != "" {
			d.Text += "; " + m.text
		}
	}
	d.Said = d.message(more)
	c.found = append(c.found, d)
}

// id compares what need not be read back.
func (c *comparing) id(field, told, read string) {
	if read != "" && canonicalWords(told, keepOf(field)) != canonicalWords(read, keepOf(field)) {
		c.differ(Difference{Field: field, Told: told, ReadBack: read})
	}
}

func (c *comparing) volumes(told, read []Volume) {
	once := len(read) == len(told) && commonBand(told) && commonBand(read) && commonWindow(told) && commonWindow(read)
	for i := range told {
		prefix := ""
		if len(told) > 1 {
			prefix = "volume " + strconv.Itoa(i+1) + " "
		}
		got := &Volume{}
		if i < len(read) {
			got = &read[i]
		}
		c.place(prefix, &told[i], got)
		if once {
			if i > 0 {
				continue
			}
			prefix = ""
		}
		c.bound(prefix+FieldLower, told[i].Lower, got.Lower, true)
		c.bound(prefix+FieldUpper, told[i].Upper, got.Upper, false)
		c.moment(prefix+FieldFrom, told[i].From, got.From, true)
		c.moment(prefix+FieldUntil, told[i].Until, got.Until, false)
	}
	for i := len(told); i < len(read); i++ {
		c.differ(Difference{Field: "volume " + strconv.Itoa(i+1), Told: "no such volume", ReadBack: placeWords(&read[i]), told: catalogue.Say("differs.no-volume"), readBack: placeMessage(&read[i])})
	}
}

// placeWords says the place of a volume on one line.
func placeWords(v *Volume) string {
	switch {
	case v.Earth:
		return "the whole earth"
	case len(v.Positions) == 0:
		return "no place"
	case len(v.Positions) == 1 && v.RadiusM > 0:
		return "a circle of " + number(v.RadiusM) + " m round " + shortMinutes(v.Positions[0])
	case len(v.Positions) == 1:
		return shortMinutes(v.Positions[0])
	}
	return volumeWords(v)
}

// place compares where a volume is.
func (c *comparing) place(prefix string, told, read *Volume) {
	whole := Difference{Field: prefix + FieldPlace, Told: placeWords(told), told: placeMessage(told)}
	if len(read.Positions) > 0 || read.Earth {
		whole.ReadBack, whole.readBack = placeWords(read), placeMessage(read)
	}
	n, m := len(told.Positions), len(read.Positions)
	switch {
	case told.Earth || read.Earth:
		if told.Earth != read.Earth {
			c.differ(whole)
		}
	case n == 0:
		if m > 0 {
			c.differ(whole)
		}
	case m == 0:
		c.differ(whole)
	case n == m && (n == 1 || (told.HalfWidthM > 0) == (read.HalfWidthM > 0) || told.HalfWidthM > 0):
		c.positions(prefix, told, read)
	case m == 1:
		c.extent(whole, told, read)
	default:
		c.outlines(whole, told, read)
	}
}

// positions compares position by position, and the radius or half width.
func (c *comparing) positions(prefix string, told, read *Volume) {
	list := read.Positions
	if len(list) > 1 {
		list = aligned(told.Positions, list, told.HalfWidthM == 0)
	}
	for i, want := range told.Positions {
		d, azimuth, _ := geo4d.Inverse(want, list[i])
		if !(d <= c.t.PositionM+roundM) { // NaN too
			c.differ(Difference{Field: prefix + FieldPosition + " " + strconv.Itoa(i+1), Told: shortMinutes(want), ReadBack: shortMinutes(list[i]), ByM: d},
				remark{metresWords(d) + " " + geo4d.CompassWords(azimuth) + " of what was told", catalogue.Say("differs.off", awayArg(d), compassArg(azimuth))}, c.swapped(want, list[i]), c.near(list[i]))
		}
	}
	c.length(prefix+FieldRadius, told.RadiusM, read.RadiusM)
	c.length(prefix+FieldHalfWidth, told.HalfWidthM, read.HalfWidthM)
}

// swapped says that one of two positions has the figures of the other in the wrong order.
func (c *comparing) swapped(a, b geo4d.Position) remark {
	if math.Abs(b.LonDeg) > 90 {
		return remark{}
	}
	if d, _, _ := geo4d.Inverse(a, geo4d.Position{LonDeg: b.LatDeg, LatDeg: b.LonDeg}); d <= c.t.PositionM+roundM {
		return remark{"latitude and longitude are swapped in one of the two", catalogue.Say("differs.swapped")}
	}
	return remark{}
}

// near says where a wrong position is.
func (c *comparing) near(p geo4d.Position) remark {
	if c.places == nil {
		return remark{}
	}
	if said, ok := c.places.Where(p); ok {
		return remark{"what was read back is " + c.places.Describe(p), catalogue.Say("differs.near", catalogue.SayIn("said", said))}
	}
	return remark{}
}

func (c *comparing) length(field string, told, read float64) {
	d := Difference{Field: field, Told: number(told) + " m", told: catalogue.Say("differs.length", lengthArg(told))}
	switch {
	case told == 0 && read == 0:
		return
	case told == 0:
		d.Told, d.told = "none", catalogue.Say("differs.none")
	}
	if read > 0 {
		d.ReadBack, d.ByM = number(read)+" m", math.Abs(read-told)
		d.readBack = catalogue.Say("differs.length", lengthArg(read))
		if told > 0 && d.ByM <= c.t.PositionM+roundM {
			return
		}
	}
	c.differ(d)
}

// extent compares a middle and radius with the positions that were told.
func (c *comparing) extent(d Difference, told, read *Volume) {
	middle, reachM := middleOf(told)
	d.Told += fmt.Sprintf(", all within %.0f m of %s", reachM, shortMinutes(middle))
	d.told = catalogue.Say("differs.within", catalogue.SayIn("said", d.told), lengthArg(math.Round(reachM)), positionArg(middle))
	if read.RadiusM == 0 {
		c.differ(d, remark{"no radius was read back", catalogue.Say("differs.no-radius")})
		return
	}
	away, azimuth, _ := geo4d.Inverse(middle, read.Positions[0])
	d.ByM = away + math.Abs(read.RadiusM-reachM)
	if !(d.ByM <= c.t.PositionM+roundM+c.t.ExtentShare*reachM) {
		c.differ(d, remark{"outlines up to " + metresWords(d.ByM) + " apart", catalogue.Say("differs.apart", awayArg(d.ByM))},
			remark{"the middle " + metresWords(away) + " " + geo4d.CompassWords(azimuth), catalogue.Say("differs.middle", awayArg(away), compassArg(azimuth))}, c.near(read.Positions[0]))
	}
}

// outlines compares two outlines that do not have the same number of positions.
func (c *comparing) outlines(d Difference, told, read *Volume) {
	far, at, ok := outlinesApart(told, read)
	if !ok {
		c.differ(d, remark{"the two cannot be measured against each other", catalogue.Say("differs.unmeasured")})
		return
	}
	if !(far <= c.t.PositionM+roundM) {
		d.ByM = far
		c.differ(d, remark{"outlines up to " + metresWords(far) + " apart, at " + shortMinutes(at), catalogue.Say("differs.apart-at", awayArg(far), positionArg(at))})
	}
}

func (c *comparing) bound(field string, told, read Bound, lower bool) {
	d := Difference{Field: field, Told: boundWords(told, lower), told: boundMessage(told, lower)}
	if !read.Said {
		c.differ(d)
		return
	}
	d.ReadBack, d.readBack = boundWords(read, lower), boundMessage(read, lower)
	a, b := told.Altitude, read.Altitude
	switch {
	case told.Open && read.Open:
	case told.Open || read.Open:
		c.differ(d)
	case a.Reference != b.Reference:
		c.differ(d, remark{"counted from another surface", catalogue.Say("differs.surface")})
	default:
		if d.ByM = math.Abs(b.Metres() - a.Metres()); !(d.ByM <= c.t.AltitudeM+roundAltM) {
			c.differ(d, remark{fmt.Sprintf("%.0f m (%.0f ft) apart", d.ByM, d.ByM/metresPerFt), apartMessage(d.ByM)})
		}
	}
}

func (c *comparing) moment(field string, told, read Moment, start bool) {
	d := Difference{Field: field, Told: momentWords(told, start), told: momentMessage(told, start)}
	if !read.Said {
		c.differ(d)
		return
	}
	d.ReadBack, d.readBack = momentWords(read, start), momentMessage(read, start)
	switch by := read.Time.Sub(told.Time); {
	case told.Open && read.Open:
	case told.Open || read.Open:
		c.differ(d)
	case by.Abs() > c.t.Time+time.Duration(roundS*float64(time.Second)):
		d.ByS = by.Seconds()
		c.differ(d, remark{byWords(by), byMessage(by)})
	}
}

func byWords(by time.Duration) string {
	if by < 0 {
		return (-by).String() + " earlier"
	}
	return by.String() + " later"
}

func metresWords(m float64) string {
	if m < 10_000 {
		return fmt.Sprintf("%.0f m", m)
	}
	return fmt.Sprintf("%.0f km", m/1000)
}
