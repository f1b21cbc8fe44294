// Package notam reads ICAO NOTAMs as States publish them and says what each of them proves: a
// kind, shapes, altitude bands and time windows, as volumes.
//
// It reads what the text proves and refuses to guess the rest. Every refusal names the item that
// could not be read and says why; the text is kept as given either way.
//
//   - The shape comes from item E, never from the circle of the Q line, which is only an aid to
//     retrieval. Every position in E must be part of a shape that E proves: one left over refuses E.
//   - The limits come from items F and G; the Q line's serve only where both are absent. SFC, GND
//     and UNL are an open bound. A limit without unit and reference is refused: to take it for
//     AMSL or for AGL could make the band too small.
//   - The windows come from items B and C, and from D within them. Times are UTC. A window of D
//     that passes midnight ends the next day. What D says by weekday or daily is bounded by B and
//     C; a date of D with nothing inside B to C contradicts them and refuses D.
//   - PERM, sunrise and sunset, borders, arcs, buffers and parts of a whole are refused by item.
//
// The grammar follows ICAO Annex 15 and Doc 10066 (PANS-AIM) Appendix 3, and for item D the
// EUROCONTROL OPADD, widened by what States write in practice.
package notam

import (
	"time"

	"parley/catalogue"
	"parley/fault"
	"parley/geo4d"
)

// Bounds of one file and of one NOTAM. What is over them is refused, never cut.
const (
	MaxBytes      = 4 << 20  // of a file
	MaxNotams     = 20000    // in a file
	MaxNotamBytes = 32 << 10 // of a NOTAM; the AFTN allows 1,800 characters a message
	MaxVolumes    = 1000     // of a NOTAM

	MaxFileVolumes = 100_000 // of a file: schedules make many of few words
)

// Type says what a NOTAM does to earlier ones.
type Type string

// The types: new, replacing another, cancelling another.
const (
	New     Type = "N"
	Replace Type = "R"
	Cancel  Type = "C"
)

// Kind is the kind of notice that a NOTAM becomes.
type Kind string

// The kinds, by Q code: Hazard for QW.. and QRD.., Area for every other.
const (
	Hazard Kind = "hazard"
	Area   Kind = "area"
)

// Header is the item that a refusal names when the heading line itself could not be read. All
// other refusals name an item letter, "Q" or "A" to "G".
const Header = "header"

// Refusal names an item that could not be read, and says why to a duty officer.
type Refusal struct {
	Item   string
	Reason string
}

// Code is the class of a warning.
type Code string

// The codes of warnings.
const (
	EstimatedEnd    Code = "estimated-end"    // C is an estimate; the end may come later
	NoQLine         Code = "no-q-line"        // without a Q line the kind is taken as area
	TypeMissing     Code = "type-missing"     // the heading does not say NOTAMN, NOTAMR or NOTAMC
	RingClosed      Code = "ring-closed"      // the list of an area did not repeat its first position
	QLimits         Code = "q-limits"         // limits from the Q line, F and G being absent
	NoLimits        Code = "no-limits"        // no limits anywhere: all altitudes
	LimitsDiffer    Code = "limits-differ"    // E names another altitude than F and G
	Unlimited       Code = "unlimited"        // FL 999 taken as no upper limit
	ScheduleSpan    Code = "schedule-span"    // the windows of D do not start at B or end at C
	WindowClipped   Code = "window-clipped"   // a window of D reaches outside B to C
	FarFromQ        Code = "far-from-q"       // the shape lies outside the circle of the Q line
	NamedArea       Code = "named-area"       // E names an area whose limits it does not give
	TextAfterLimits Code = "text-after-items" // text after the last item, not read
	GivenTwice      Code = "given-twice"      // the same NOTAM stands in the file more than once
	SameNumber      Code = "same-number"      // another place uses the same number in this file
)

// Warning is something an officer should know about what was read.
type Warning struct {
	Code    Code
	Message catalogue.Message
}

// Notam is what one NOTAM says. With Refusals it has no volumes.
type Notam struct {
	SourceID  string   // series, number and year as published: "A2734/24"
	Type      Type     // what it does to earlier ones
	Cancels   string   // the NOTAM that a Replace or Cancel names
	Kind      Kind     // the kind of notice it becomes
	QCode     string   // "QWMLW"; empty without a Q line
	Locations []string // the places of item A
	Title     string   // the first line of E, shortened
	Estimated bool     // C carries EST

	// Volumes are every area of E in every window of B, C and D: areas in the order of the text
	// and, for each, windows in the order of time. A Cancel has none.
	Volumes []geo4d.Volume

	Warnings []Warning
	Refusals []Refusal
	Text     string // as given
}

// Read reads every NOTAM of a file. It fails only for a file as a whole: one that is too large or
// that holds no NOTAM. What it could not read of one NOTAM is in that NOTAM's Refusals.
func Read(text []byte) ([]Notam, error) {
	if len(text) > MaxBytes {
		return nil, fault.Newf(fault.TooLarge, "notam.read", "the file has %d bytes; at most %d", len(text), MaxBytes)
	}
	parts := split(string(text))
	if len(parts) == 0 {
		return nil, fault.New("file", string(text), "holds no NOTAM",
			"each NOTAM starts with its number and type, such as: A1234/26 NOTAMN")
	}
	if len(parts) > MaxNotams {
		return nil, fault.Newf(fault.TooLarge, "notam.read", "the file holds %d NOTAMs; at most %d", len(parts), MaxNotams)
	}
	out := make([]Notam, 0, len(parts))
	volumes := 0
	for _, p := range parts {
		n := read(p)
		if volumes += len(n.Volumes); volumes > MaxFileVolumes {
			return nil, fault.Newf(fault.TooLarge, "notam.read", "the file makes more than %d volumes; split it", MaxFileVolumes)
		}
		out = append(out, n)
	}
	return dedupe(out), nil
}

// read reads one NOTAM.
func read(p part) Notam {
	n := Notam{SourceID: p.id, Type: p.typ, Cancels: p.ref, Kind: Area, Text: p.text}
	if len(p.text) > MaxNotamBytes {
		n.refuse(Header, "it has "+itoa(len(p.text))+" characters up to the next heading; at most "+itoa(MaxNotamBytes)+" are read of one NOTAM")
		return n
	}
	if p.id == "" {
		n.refuse(Header, "no NOTAM number such as A1234/26 NOTAMN stands before these items")
		return n
	}
	if p.untyped {
		n.warn(TypeMissing, catalogue.Say("notam.type-missing", catalogue.ByPeople("text", "NOTAMN, NOTAMR, NOTAMC")))
	}
	if n.Type != New && n.Cancels == "" {
		n.refuse(Header, "a NOTAM"+string(n.Type)+" must name the NOTAM that it replaces or cancels; none could be read")
	}
	it := splitItems(p.body)
	q := n.readQ(it)
	n.readA(it)
	n.Title = title(it.get('E'))
	if n.Type == Cancel {
		return n
	}
	for _, letter := range it.twice {
		n.refuse(letter, "item "+letter+" stands twice; which one holds is not proven")
	}
	if it.tail != "" {
		n.tail(it.tail)
	}
	windows := n.readTimes(it)
	band := n.readLimits(it, q)
	shapes := n.readShapes(it, q, band)
	n.build(shapes, band, windows)
	return n
}

// build makes the volumes, every shape in every window.
func (n *Notam) build(shapes []geo4d.Shape, band geo4d.Band, windows []geo4d.Window) {
	if len(n.Refusals) > 0 {
		return
	}
	if total := len(shapes) * len(windows); total > MaxVolumes {
		n.refuse("D", itoa(len(shapes))+" areas in "+itoa(len(windows))+" windows are "+itoa(total)+
			" volumes; at most "+itoa(MaxVolumes)+" are read of one NOTAM, and none is left out")
		return
	}
	for _, s := range shapes {
		for _, w := range windows {
			n.Volumes = append(n.Volumes, geo4d.Volume{Shape: s, Band: band, Window: w})
		}
	}
}

func (n *Notam) refuse(item, reason string) {
	n.Refusals = append(n.Refusals, Refusal{Item: item, Reason: reason})
}

func (n *Notam) warn(code Code, m catalogue.Message) {
	n.Warnings = append(n.Warnings, Warning{Code: code, Message: m})
}

// earlier is the first NOTAM of a number, with what those that come after are held against.
type earlier struct {
	at     int // in the list
	words  string
	places map[string]bool
}

// dedupe merges a NOTAM that stands twice with the same words, and refuses those that share
// number and place with other words: nobody can know which of them holds.
func dedupe(in []Notam) []Notam {
	var out []Notam
	first := map[string]*earlier{}
	for _, n := range in {
		e, seen := first[n.SourceID]
		if n.SourceID == "" || !seen {
			first[n.SourceID] = &earlier{at: len(out)}
			out = append(out, n)
			continue
		}
		prior := &out[e.at]
		if e.places == nil {
			e.remember(*prior)
		}
		switch {
		case squeeze(n.Text) == e.words:
			if w := prior.Warnings; len(w) > 0 && w[len(w)-1].Code == GivenTwice {
				continue
			}
			prior.warn(GivenTwice, catalogue.Say("notam.given-twice", catalogue.AsCode("id", n.SourceID)))
		case e.samePlace(n):
			reason := n.SourceID + " stands in this file twice with different words; which one holds is not proven"
			n.Volumes, prior.Volumes = nil, nil
			n.refuse(Header, reason)
			if !refusedHeader(*prior) {
				prior.refuse(Header, reason)
			}
			out = append(out, n)
		default:
			n.warn(SameNumber, catalogue.Say("notam.same-number", catalogue.AsCode("id", n.SourceID)))
			out = append(out, n)
		}
	}
	return out
}

func refusedHeader(n Notam) bool {
	for _, r := range n.Refusals {
		if r.Item == Header {
			return true
		}
	}
	return false
}

// remember works out once what every later NOTAM of the number is held against.
func (e *earlier) remember(n Notam) {
	e.words, e.places = squeeze(n.Text), map[string]bool{}
	for _, place := range n.Locations {
		e.places[place] = true
	}
}

// samePlace is whether two NOTAMs name a common place in item A, or one names none.
func (e *earlier) samePlace(n Notam) bool {
	if len(n.Locations) == 0 || len(e.places) == 0 {
		return true
	}
	for _, place := range n.Locations {
		if e.places[place] {
			return true
		}
	}
	return false
}

// stamp writes a time as an officer reads it in a NOTAM's world.
func stamp(t time.Time) string { return t.UTC().Format("2 Jan 2006 1504") + "Z" }
