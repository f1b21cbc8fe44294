package notice

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/geo4d"
	"parley/internal/strictjson"
)

// member is one member of the body. get returns nil where the notice says nothing of it. set takes
// or refuses a value. quick, which may be nil, takes only what set takes, and only values written as
// they nearly always are: it changes the notice where the cursor has Ended, and set decides the rest.
type member struct {
	name      string
	keepClear bool
	get       func(*Notice) (jsontext.Value, error)
	set       func(*Notice, jsontext.Value) error
	quick     func(*Notice, *strictjson.Cursor)
}

// members is the body's table, in the order in which it is written.
var members = []member{
	text("id", true, func(n *Notice) *string { return &n.ID }),
	integer("version", true, func(n *Notice) *int { return &n.Version }),
	text("kind", true, func(n *Notice) *Kind { return &n.Kind }, Flight, Movement, Area, Hazard, Site),
	text("domain", true, func(n *Notice) *Domain { return &n.Domain }, Air, Land, Sea),
	text("class", true, func(n *Notice) *Class { return &n.Class }, Crewed, SmallUncrewed),
	text("title", false, func(n *Notice) *string { return &n.Title }),
	text("place", false, func(n *Notice) *string { return &n.Place }),
	text("sector", true, func(n *Notice) *string { return &n.Sector }),
	{"window", true, getWindow, setWindow, nil},
	{"band", true, getBand, setBand, nil},
	{"volumes", true, getVolumes, setVolumes, quickVolumes},
	number("uncertainty_m", true, func(n *Notice) *float64 { return &n.UncertaintyM }),
	number("speed_mps", true, func(n *Notice) *float64 { return &n.SpeedMPS }),
	text("contact", false, func(n *Notice) *string { return &n.Contact }),
	text("frequency", false, func(n *Notice) *string { return &n.Frequency }),
	text("markings", false, func(n *Notice) *string { return &n.Markings }),
	text("cargo", false, func(n *Notice) *string { return &n.Cargo }),
	integer("persons", false, func(n *Notice) *int { return &n.Persons }),
	flag("humanitarian", true, func(n *Notice) *bool { return &n.Humanitarian }),
	flag("emergency_medical", true, func(n *Notice) *bool { return &n.EmergencyMedical }),
	{"expires", true, getExpires, setExpires, nil},
	text("supersedes", true, func(n *Notice) *string { return &n.Supersedes }),
	{"text", false, getText, setText, quickText},
	{"source", false, getSource, setSource, quickSource},
}

func text[T ~string](name string, keepClear bool, at func(*Notice) *T, words ...T) member {
	return member{name, keepClear,
		func(n *Notice) (jsontext.Value, error) {
			if *at(n) == "" {
				return nil, nil
			}
			return quote(string(*at(n)))
		},
		func(n *Notice, v jsontext.Value) error {
			var s string
			if err := unmarshal(v, &s); err != nil {
				return err
			}
			if len(words) > 0 && !contains(words, T(s)) {
				return fault.New("", s, "is not one of "+list(words), "choose one of them")
			}
			*at(n) = T(s)
			return nil
		},
		func(n *Notice, c *strictjson.Cursor) {
			var s T
			if len(words) == 0 {
				s = T(c.Text())
			} else if i := indexOf(words, c.Word()); i >= 0 {
				s = words[i]
			} else {
				c.Stop()
			}
			take(c, at(n), s)
		}}
}

// take puts a value in its place where the whole text was taken.
func take[T any](c *strictjson.Cursor, at *T, value T) {
	if c.Ended() {
		*at = value
	}
}

func indexOf[T ~string](words []T, word []byte) int {
	for i, w := range words {
		if string(w) == string(word) {
			return i
		}
	}
	return -1
}

func integer(name string, keepClear bool, at func(*Notice) *int) member {
	return member{name, keepClear,
		func(n *Notice) (jsontext.Value, error) {
			if *at(n) == 0 {
				return nil, nil
			}
			return jsontext.Value(strconv.Itoa(*at(n))), nil
		},
		func(n *Notice, v jsontext.Value) error { return unmarshal(v, at(n)) },
		func(n *Notice, c *strictjson.Cursor) { take(c, at(n), c.Int()) }}
}

func number(name string, keepClear bool, at func(*Notice) *float64) member {
	return member{name, keepClear,
		func(n *Notice) (jsontext.Value, error) {
			if *at(n) == 0 {
				return nil, nil
			}
			return decimal(*at(n))
		},
		func(n *Notice, v jsontext.Value) error { return unmarshal(v, at(n)) },
		func(n *Notice, c *strictjson.Cursor) { take(c, at(n), c.Float()) }}
}

func flag(name string, keepClear bool, at func(*Notice) *bool) member {
	return member{name, keepClear,
		func(n *Notice) (jsontext.Value, error) {
			if !*at(n) {
				return nil, nil
			}
			return jsontext.Value("true"), nil
		},
		func(n *Notice, v jsontext.Value) error { return unmarshal(v, at(n)) },
		func(n *Notice, c *strictjson.Cursor) { take(c, at(n), c.Bool()) }}
}

// windowJSON is a window as bodies write it; an empty time is none.
type windowJSON struct {
	Start string `json:"start,omitempty"`
	End   string `json:"end,omitempty"`
}

func getWindow(n *Notice) (jsontext.Value, error) {
	if n.Window.Start.IsZero() && n.Window.End.IsZero() {
		return nil, nil
	}
	return marshal(windowJSON{formatTime(n.Window.Start), formatTime(n.Window.End)})
}

func setWindow(n *Notice, v jsontext.Value) error {
	var w windowJSON
	if err := unmarshal(v, &w); err != nil {
		return err
	}
	var errs joined
	var err error
	n.Window.Start, err = parseTime(w.Start)
	errs.add(fault.In("start", err))
	n.Window.End, err = parseTime(w.End)
	errs.add(fault.In("end", err))
	return errs.err()
}

func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return geo4d.FormatTime(t)
}

func parseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return geo4d.ParseTime(s)
}

// bandJSON is a band as bodies write it.
type bandJSON struct {
	Lower *geo4d.Altitude `json:"lower,omitzero"`
	Upper *geo4d.Altitude `json:"upper,omitzero"`
}

func getBand(n *Notice) (jsontext.Value, error) {
	if n.Band.Lower == nil && n.Band.Upper == nil {
		return nil, nil
	}
	return marshal(bandJSON(n.Band))
}

func setBand(n *Notice, v jsontext.Value) error {
	var b bandJSON
	if err := unmarshal(v, &b); err != nil {
		return err
	}
	n.Band = geo4d.Band(b)
	return nil
}

// featureBytes is about the size of a feature that is a circle.
const featureBytes = 320

func getVolumes(n *Notice) (jsontext.Value, error) {
	if len(n.Volumes) == 0 {
		return nil, nil
	}
	out := append(make([]byte, 0, len(n.Volumes)*featureBytes), '[')
	for i, v := range n.Volumes {
		if i > 0 {
			out = append(out, ',')
		}
		var err error
		if out, err = geo4d.AppendFeature(out, v, nil); err != nil {
			return nil, fault.In(index(i), err)
		}
	}
	return append(out, ']'), nil
}

func setVolumes(n *Notice, v jsontext.Value) error {
	var raw []jsontext.Value
	if err := unmarshal(v, &raw); err != nil {
		return err
	}
	if len(raw) > MaxVolumes {
		return fault.New("", strconv.Itoa(len(raw))+" volumes", "must be at most "+strconv.Itoa(MaxVolumes), "split the notice")
	}
	out := make([]geo4d.Volume, 0, len(raw))
	var errs joined
	for i, r := range raw {
		vol, rest, err := geo4d.ParseFeature(r)
		if err == nil && len(rest) > 0 {
			err = fault.New("properties."+firstName(rest), "", "is not a property of a volume", "leave it out")
		}
		if err != nil {
			errs.add(fault.In(index(i), err))
			continue
		}
		out = append(out, vol)
	}
	if err := errs.err(); err != nil {
		return err
	}
	n.Volumes = out
	return nil
}

// quickVolumes takes each feature by itself: one that is refused is one JSON value too, so that the
// list is well-formed where all are taken.
func quickVolumes(n *Notice, c *strictjson.Cursor) {
	out := make([]geo4d.Volume, 0, 1)
	for c.Open('['); c.More(']'); {
		vol, rest, err := geo4d.ParseFeature(c.Extent(maxBodyDepth - 2))
		if err != nil || len(rest) > 0 || len(out) == MaxVolumes {
			c.Stop()
			return
		}
		out = append(out, vol)
	}
	take(c, &n.Volumes, out)
}

func getExpires(n *Notice) (jsontext.Value, error) {
	if n.Expires.IsZero() {
		return nil, nil
	}
	return quote(geo4d.FormatTime(n.Expires))
}

func setExpires(n *Notice, v jsontext.Value) error {
	var s string
	if err := unmarshal(v, &s); err != nil {
		return err
	}
	t, err := geo4d.ParseTime(s)
	n.Expires = t
	return err
}

type textJSON struct {
	Language string `json:"language"`
	Text     string `json:"text"`
}

func getText(n *Notice) (jsontext.Value, error) {
	if len(n.Text) == 0 {
		return nil, nil
	}
	out := make([]textJSON, len(n.Text))
	for i, t := range n.Text {
		out[i] = textJSON(t)
	}
	return marshal(out)
}

func quickText(n *Notice, c *strictjson.Cursor) {
	var out []Text
	for c.Open('['); c.More(']'); {
		var t Text
		var seen uint64
		for c.Open('{'); c.More('}'); {
			switch string(c.Name()) {
			case "language":
				c.Once(&seen, 0)
				t.Language = c.Text()
			case "text":
				c.Once(&seen, 1)
				t.Text = c.Text()
			default:
				c.Stop()
			}
		}
		out = append(out, t)
	}
	take(c, &n.Text, out)
}

func setText(n *Notice, v jsontext.Value) error {
	var in []textJSON
	if err := unmarshal(v, &in); err != nil {
		return err
	}
	n.Text = nil
	for _, t := range in {
		n.Text = append(n.Text, Text(t))
	}
	return nil
}

type sourceJSON struct {
	Format string `json:"format"`
	ID     string `json:"id"`
	Text   string `json:"text,omitempty"`
}

func getSource(n *Notice) (jsontext.Value, error) {
	if n.Source == (Source{}) {
		return nil, nil
	}
	return marshal(sourceJSON(n.Source))
}

func setSource(n *Notice, v jsontext.Value) error {
	var in sourceJSON
	if err := unmarshal(v, &in); err != nil {
		return err
	}
	n.Source = Source(in)
	return nil
}

func quickSource(n *Notice, c *strictjson.Cursor) {
	var out Source
	var seen uint64
	for c.Open('{'); c.More('}'); {
		switch string(c.Name()) {
		case "format":
			c.Once(&seen, 0)
			out.Format = c.Text()
		case "id":
			c.Once(&seen, 1)
			out.ID = c.Text()
		case "text":
			c.Once(&seen, 2)
			out.Text = c.Text()
		default:
			c.Stop()
		}
	}
	take(c, &n.Source, out)
}
