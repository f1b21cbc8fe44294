package voice

import (
	"math"
	"strconv"
	"strings"
	"time"

	"parley/catalogue"
	"parley/geo4d"
	"parley/notice"
)

// remark is what there is to say of a difference beside what was told and read back.
type remark struct {
	text string
	said catalogue.Message
}

// message says a difference as its text does, in whichever language: times and altitudes as a desk shows
// them, and not as they are spelled out by voice.
func (d *Difference) message(more []remark) catalogue.Message {
	what, told := catalogue.SayIn("what", fieldMessage(d.Field)), catalogue.SayIn("told", orWords(d.told, d.Told))
	m := catalogue.Say("differs.missing", what, told)
	if d.ReadBack != "" {
		m = catalogue.Say("differs.read", what, told, catalogue.SayIn("heard", orWords(d.readBack, d.ReadBack)))
	}
	list := []catalogue.Message{m}
	for _, r := range more {
		list = append(list, r.said)
	}
	return catalogue.Join(list...)
}

// AsHeard makes of what says how a read-back differs what says how something heard does.
func AsHeard(m catalogue.Message) catalogue.Message {
	switch m.Key {
	case "differs.read", "differs.missing":
		m.Key += "-by-voice"
	case "join":
		list := []catalogue.Message{}
		for _, part := range m.Args["list"].Said {
			list = append(list, AsHeard(part))
		}
		return catalogue.Join(list...)
	}
	return m
}

// fieldMessage names a field, as "volume 2 position 1".
func fieldMessage(field string) catalogue.Message {
	l, ok := parseLabel(field)
	if n, is := strings.CutPrefix(field, "volume "); is && !ok {
		if nr, err := strconv.Atoi(n); err == nil {
			return catalogue.Say("differs.volume", catalogue.CountOf("nr", nr))
		}
	}
	if !ok {
		return asWords(field)
	}
	m := catalogue.Say(pageKey(l.name))
	if l.number > 0 {
		m = catalogue.Say("differs.numbered", catalogue.SayIn("said", m), catalogue.CountOf("nr", l.number))
	}
	if l.volume > 0 {
		m = catalogue.Say("differs.of-volume", catalogue.SayIn("said", m), catalogue.CountOf("nr", l.volume))
	}
	return m
}

func asWords(text string) catalogue.Message {
	return catalogue.Say("speech.text", catalogue.ByPeople("text", text))
}

// orWords says what was told or read back: its kind, where the words are those of a kind, else the words.
func orWords(m catalogue.Message, text string) catalogue.Message {
	if !m.IsZero() {
		return m
	}
	var list []catalogue.Message
	for _, word := range strings.Split(text, ", ") {
		key := kindKeys()[strings.ToLower(word)]
		if key == "" {
			return asWords(text)
		}
		list = append(list, catalogue.Say(key))
	}
	if len(list) == 1 {
		return list[0]
	}
	return catalogue.Say("differs.kind", catalogue.SaySeries("parts", list))
}

// kindKeys are the keys of the words that say a kind.
func kindKeys() map[string]string {
	out := map[string]string{"small uncrewed": "class.small-uncrewed"}
	for _, k := range []notice.Kind{notice.Flight, notice.Movement, notice.Area, notice.Hazard, notice.Site} {
		out[string(k)] = notice.KindKey(k)
	}
	for _, d := range []notice.Domain{notice.Air, notice.Land, notice.Sea} {
		out[string(d)] = "domain." + string(d)
	}
	for _, c := range []notice.Class{notice.Crewed, notice.SmallUncrewed} {
		out[string(c)] = "class." + string(c)
	}
	for _, c := range CallTypes() {
		out[c] = "call." + c
	}
	return out
}

func placeMessage(v *Volume) catalogue.Message {
	switch {
	case v.Earth:
		return catalogue.Say("shape.earth")
	case len(v.Positions) == 0:
		return catalogue.Say("differs.no-place")
	case len(v.Positions) == 1 && v.RadiusM > 0:
		return catalogue.Say("differs.circle", lengthArg(v.RadiusM), positionArg(v.Positions[0]))
	case len(v.Positions) == 1:
		return catalogue.Say("position.at", positionArg(v.Positions[0]))
	case v.HalfWidthM > 0:
		return catalogue.Say("differs.corridor", catalogue.CountOf("count", len(v.Positions)))
	}
	return catalogue.Say("differs.area", catalogue.CountOf("count", len(v.Positions)))
}

func lengthArg(m float64) catalogue.Arg { return catalogue.AsCode("length", number(m)+" m") }

func positionArg(p geo4d.Position) catalogue.Arg {
	return catalogue.AsCode("position", shortMinutes(p))
}

// awayArg is a distance between what was told and what was read back.
func awayArg(m float64) catalogue.Arg { return catalogue.AsCode("length", metresWords(m)) }

func compassArg(azimuth float64) catalogue.Arg {
	return catalogue.Word("compass", "compass."+catalogue.Slug(geo4d.CompassWords(azimuth)))
}

func boundMessage(b Bound, lower bool) catalogue.Message {
	switch {
	case b.Open && lower:
		return catalogue.Say("differs.no-lower")
	case b.Open:
		return catalogue.Say("differs.no-upper")
	}
	return notice.SayAltitude(b.Altitude)
}

func momentMessage(m Moment, start bool) catalogue.Message {
	switch {
	case m.Open && start:
		return catalogue.Say("window.now")
	case m.Open:
		return catalogue.Say("differs.no-end")
	}
	return catalogue.Say("differs.stamp", catalogue.At("stamp", catalogue.Stamp, m.Time))
}

func byMessage(by time.Duration) catalogue.Message {
	if by < 0 {
		return catalogue.Say("move.earlier", catalogue.ExactOf("exact", -by))
	}
	return catalogue.Say("move.later", catalogue.ExactOf("exact", by))
}

// apartMessage says by how much two altitudes differ.
func apartMessage(m float64) catalogue.Message {
	return catalogue.Say("differs.altitude", catalogue.AsCode("length", number(math.Round(m))+" m"), catalogue.AsCode("height", number(math.Round(m/metresPerFt))+" ft"))
}
