package voice

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/fault"
	"parley/geo4d"
	"parley/notice"
)

// Heard is what an officer heard by voice, from the fields of a page: a notice or a call.
type Heard struct {
	Caller   string // the party that called, as it was said
	Speaks   string // the officer who spoke
	Exercise bool
	Notice   *notice.Notice // its id is "" and its version 0 where none was said
	Call     *Call
}

// ReadHeard reads what an officer wrote down while another read a page to him, as ParseReadBack does
// with a read-back, check groups included. What a notice is about, where and when has to be there;
// an altitude that was not said is open, so that more is held and not less. near is the time of the
// call.
func ReadHeard(text string, near time.Time) (Heard, error) {
	rb, err := ParseReadBack(text, near)
	if err != nil {
		return Heard{}, err
	}
	out := Heard{Caller: rb.Words[FieldCaller], Speaks: rb.Words[FieldSpeaks], Exercise: rb.Words[FieldExercise] != ""}
	kind := strings.Fields(strings.NewReplacer(",", " ", ":", " ", "small uncrewed", "small-uncrewed").Replace(strings.ToLower(rb.Kind)))
	switch {
	case len(kind) == 0:
		return out, fault.New(FieldKind, "", "is missing", "write what was read after kind: flight, air, crewed; or call, hold")
	case kind[0] == "answer":
		return out, fault.New(FieldKind, rb.Kind, "is an answer, not a notice or a call", "enter it as an answer to the call: parley line answer")
	case kind[0] == "call":
		out.Call, err = rb.call(kind[1:])
		return out, err
	}
	n, err := rb.notice(kind)
	out.Notice = &n
	return out, err
}

// CallTypes returns the types of call.
func CallTypes() []string { return []string{"query", "concern", "hold", "distress"} }

func (rb *ReadBack) call(kind []string) (*Call, error) {
	if len(kind) == 0 || !slices.Contains(CallTypes(), kind[0]) {
		return nil, fault.New(FieldKind, rb.Kind, "does not say which call it is", "write call, query; call, concern; call, hold or call, distress")
	}
	c := &Call{ID: rb.Words[FieldCall], Type: kind[0], About: rb.Words[FieldAbout], Text: rb.Words[FieldText], Place: rb.Place, Nature: rb.Words[FieldNature]}
	if c.Text == "" {
		return nil, fault.New(FieldText, "", "is missing", "write what was said, as text:")
	}
	v := &rb.Volumes[0]
	if len(v.Positions) > 0 {
		c.Position = &v.Positions[0]
	}
	c.LastSeen, c.Review = v.From.Time, rb.Review.Time
	if rb.Persons != "" {
		n, err := strconv.Atoi(rb.Persons)
		if err != nil || n > notice.MaxPersons {
			return nil, fault.New(FieldPersons, rb.Persons, "must be from 0 to "+strconv.Itoa(notice.MaxPersons), "leave it out where it is not known")
		}
		c.Persons = n
	}
	return c, nil
}

// notice makes a notice of what was read back.
func (rb *ReadBack) notice(kind []string) (notice.Notice, error) {
	n := notice.Notice{ID: rb.Notice, Place: rb.Place, UncertaintyM: rb.UncertainM}
	if rb.Version != "" {
		n.Version, _ = strconv.Atoi(rb.Version) // digits by the form
	}
	if err := setKind(&n, kind); err != nil {
		return n, err
	}
	for i := range rb.Volumes {
		v := &rb.Volumes[i]
		prefix := ""
		if len(rb.Volumes) > 1 {
			prefix = "volume " + strconv.Itoa(i+1) + " "
		}
		if !v.From.Said || !v.Until.Said {
			field := prefix + FieldFrom
			if v.From.Said {
				field = prefix + FieldUntil
			}
			return n, fault.New(field, "", "is missing", "write what was read; OPEN where it has no end")
		}
		shape, err := v.shape(prefix)
		if err != nil {
			return n, err
		}
		band, window := v.bandAndWindow()
		if shape == nil && len(rb.Volumes) == 1 && n.Place != "" {
			n.Band, n.Window, n.Sector = band, window, sectorOf(rb.Words[FieldKeepClear])
			return n, nil
		}
		if shape == nil {
			return n, fault.New(prefix+FieldPosition, "", "is missing", "write the positions that were read; or the place in words, as place:")
		}
		n.Volumes = append(n.Volumes, geo4d.Volume{Shape: shape, Band: band, Window: window})
	}
	return n, nil
}

// CompareHeard holds what was heard against the notice as its party filed it, as Compare does with what
// was read back. An id and a version that were not heard are not compared.
func CompareHeard(n, heard notice.Notice, t Tolerances) Result {
	rb, _ := Tell(heard)
	rb.Notice = cut(heard.ID, maxName)
	if heard.Version == 0 {
		rb.Version = ""
	}
	told, _ := Tell(n)
	c := comparing{t: t}
	n, heard = notice.WithDefaults(n), notice.WithDefaults(heard)
	for _, w := range [...][2]string{{string(n.Domain), string(heard.Domain)}, {string(n.Class), string(heard.Class)}} {
		if n.Kind == heard.Kind && w[0] != w[1] {
			c.differ(Difference{Field: FieldKind, Told: told.Kind + ", " + w[0], ReadBack: w[1]})
		}
	}
	if d := math.Abs(n.UncertaintyM - heard.UncertaintyM); !(d <= t.PositionM+roundM) {
		c.length(FieldUncertain, n.UncertaintyM, heard.UncertaintyM)
	}
	r := Compare(n, rb, t, nil)
	c.found = append(c.found, r.Differences...)
	return c.result()
}

// CompareHeardCall holds what was heard against the call as its party made it. Its words are not
// compared: they may have been heard in another language.
func CompareHeardCall(call, heard Call, t Tolerances) Result {
	c := comparing{t: t}
	if call.Type != heard.Type {
		c.differ(Difference{Field: FieldKind, Told: call.Type, ReadBack: heard.Type})
	}
	c.id(FieldAbout, call.About, heard.About)
	rb := tellCall(heard)
	if call.Review.IsZero() || heard.Review.IsZero() {
		call.Review = time.Time{}
	}
	c.found = append(c.found, CompareCall(call, rb, t, nil).Differences...)
	return c.result()
}

func setKind(n *notice.Notice, words []string) error {
	if !slices.Contains(notice.Kinds(), notice.Kind(words[0])) {
		return fault.New(FieldKind, strings.Join(words, ", "), "is not a kind of notice or a call", "begin with flight, movement, area, hazard, site or call")
	}
	n.Kind = notice.Kind(words[0])
	for _, w := range words[1:] {
		switch w = strings.TrimRight(w, "."); {
		case slices.Contains(notice.Domains(n.Kind), notice.Domain(w)):
			n.Domain = notice.Domain(w)
		case n.Kind == notice.Flight && (w == string(notice.Crewed) || w == string(notice.SmallUncrewed)):
			n.Class = notice.Class(w)
		default:
			return fault.New(FieldKind, strings.Join(words, ", "), "has a word that does not belong to a "+words[0]+": "+strconv.Quote(w), "write kind, domain and class as they were read: flight, air, small-uncrewed")
		}
	}
	*n = withKindDefaults(*n)
	return nil
}

// withKindDefaults leaves the version as it is: 0 says that none was read.
func withKindDefaults(n notice.Notice) notice.Notice {
	version := n.Version
	n = notice.WithDefaults(n)
	n.Version = version
	return n
}

// shape returns the shape of a volume as it was read, nil where no place was.
func (v *Volume) shape(prefix string) (geo4d.Shape, error) {
	n := len(v.Positions)
	switch {
	case v.Earth:
		return geo4d.Earth{}, nil
	case n == 0:
		return nil, nil
	case n == 1 && v.RadiusM > 0:
		return geo4d.Circle{Center: v.Positions[0], RadiusM: v.RadiusM}, nil
	case n == 1:
		return nil, fault.New(prefix+FieldRadius, "", "is missing", "write the radius that was read")
	case v.HalfWidthM > 0:
		return geo4d.Corridor{Line: v.Positions, HalfWidthM: v.HalfWidthM}, nil
	case n == 2:
		return nil, fault.New(prefix+FieldHalfWidth, "", "is missing", "two positions are a line, and a line has a half width")
	}
	ring := append(slices.Clone(v.Positions), v.Positions[0])
	return geo4d.Polygon{Rings: [][]geo4d.Position{ring}}, nil
}

func (v *Volume) bandAndWindow() (geo4d.Band, geo4d.Window) {
	bound := func(b Bound) *geo4d.Altitude {
		if !b.Said || b.Open {
			return nil
		}
		return &b.Altitude
	}
	return geo4d.Band{Lower: bound(v.Lower), Upper: bound(v.Upper)}, geo4d.Window{Start: v.From.Time, End: v.Until.Time}
}

const sectorWords = "held as sector "

// sectorOf returns the sector that an incomplete notice is said to be held as.
func sectorOf(keepClear string) string {
	if i := strings.Index(strings.ToLower(keepClear), sectorWords); i >= 0 {
		return strings.TrimRight(strings.TrimSpace(keepClear[i+len(sectorWords):]), ".")
	}
	return ""
}
