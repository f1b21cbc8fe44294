package picture

import (
	"encoding/binary"
	"math"
	"time"

	"parley/geo4d"
	"parley/node/body"
	"parley/notice"
	"parley/transcript"
)

// A codec writes values one after another to the end of data, or reads them from its front. Both
// ways go through the same calls, so that what is written is what is read. The first thing that
// does not fit sets bad. Nothing that it reads shares memory with data, and what it writes it only
// looks at.
type codec struct {
	data    []byte
	reading bool
	bad     bool
	line    string // the line of most refs, which is then not repeated
}

// take returns the next n bytes when reading.
func (c *codec) take(n uint64) []byte {
	if c.bad || n > uint64(len(c.data)) {
		c.bad = true
		return nil
	}
	b := c.data[:n:n]
	c.data = c.data[n:]
	return b
}

func (c *codec) byte(v *byte) {
	if !c.reading {
		c.data = append(c.data, *v)
	} else if b := c.take(1); b != nil {
		*v = b[0]
	}
}

func (c *codec) flag(v *bool) {
	var b byte
	if *v {
		b = 1
	}
	c.byte(&b)
	if c.reading {
		*v = b == 1
		c.bad = c.bad || b > 1
	}
}

func (c *codec) uint(v *uint64) {
	if !c.reading {
		c.data = binary.AppendUvarint(c.data, *v)
		return
	}
	n, size := binary.Uvarint(c.data)
	if c.bad || size <= 0 {
		c.bad = true
		return
	}
	*v, c.data = n, c.data[size:]
}

func (c *codec) int64(v *int64) {
	u := uint64(*v)<<1 ^ uint64(*v>>63)
	c.uint(&u)
	if c.reading {
		*v = int64(u>>1) ^ -int64(u&1)
	}
}

func (c *codec) int(v *int) {
	i := int64(*v)
	c.int64(&i)
	if c.reading {
		*v = int(i)
	}
}

func (c *codec) float(v *float64) {
	if !c.reading {
		c.data = binary.LittleEndian.AppendUint64(c.data, math.Float64bits(*v))
	} else if b := c.take(8); b != nil {
		*v = math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
}

// text is for strings and what is made of them.
func text[T ~string](c *codec, v *T) {
	n := uint64(len(*v))
	c.uint(&n)
	if !c.reading {
		c.data = append(c.data, *v...)
	} else {
		*v = T(c.take(n))
	}
}

// The forms of a time.
const (
	timeZero   = iota
	timeMillis // in UTC, whole milliseconds since 1970
	timeNanos  // in UTC, seconds and nanoseconds
	timeOffset // the same, and seconds east of UTC
)

func (c *codec) time(t *time.Time) {
	form, ms, s, ns, east := byte(timeZero), t.UnixMilli(), t.Unix(), int64(t.Nanosecond()), 0
	if !c.reading && *t != (time.Time{}) {
		form = timeMillis
		if ns%1e6 != 0 || s < -1e12 || s > 1e12 {
			form = timeNanos
		}
		if t.Location() != time.UTC {
			form = timeOffset
			_, east = t.Zone()
		}
	}
	c.byte(&form)
	switch form {
	case timeZero:
		if c.reading {
			*t = time.Time{}
		}
		return
	case timeMillis:
		c.int64(&ms)
		if c.reading {
			*t = time.UnixMilli(ms).UTC()
		}
		return
	case timeNanos, timeOffset:
		c.int64(&s)
		c.int64(&ns)
	default:
		c.bad = true
		return
	}
	if c.reading {
		*t = time.Unix(s, ns).UTC()
	}
	if form == timeOffset {
		c.int(&east)
		if c.reading {
			*t = t.In(time.FixedZone("", east))
		}
	}
}

// The forms of a ref.
const (
	refZero  = iota
	refHere  // on the codec's line
	refOther // on another
)

func (c *codec) ref(r *body.Ref) {
	form := byte(refZero)
	switch {
	case c.reading || *r == body.Ref{}:
	case r.Origin.Line == c.line:
		form = refHere
	default:
		form = refOther
	}
	c.byte(&form)
	switch form {
	case refZero:
		return
	case refHere:
		if c.reading {
			r.Origin.Line = c.line
		}
	case refOther:
		text(c, &r.Origin.Line)
	default:
		c.bad = true
		return
	}
	c.int64(&r.Origin.Epoch)
	c.side(&r.Origin.Side)
	c.int64(&r.Seq)
}

func (c *codec) side(s *transcript.Side) {
	b := byte(2)
	switch *s {
	case transcript.A:
		b = 0
	case transcript.B:
		b = 1
	}
	c.byte(&b)
	switch {
	case b > 1:
		text(c, s)
	case c.reading:
		*s = [...]transcript.Side{transcript.A, transcript.B}[b]
	}
}

// list is for a slice, and keeps one that is nil apart from one that is empty. An element takes at
// least a byte.
func list[T any](c *codec, l *[]T, each func(*codec, *T)) {
	n := uint64(0)
	if *l != nil {
		n = uint64(len(*l)) + 1
	}
	c.uint(&n)
	if c.reading {
		*l = nil
		if n > uint64(len(c.data))+1 {
			c.bad = true
		}
		if n == 0 || c.bad {
			return
		}
		*l = make([]T, n-1)
	}
	for i := range *l {
		each(c, &(*l)[i])
	}
}

// pointer is for what may be missing.
func pointer[T any](c *codec, p **T, each func(*codec, *T)) {
	there := *p != nil
	c.flag(&there)
	if !there || c.bad {
		return
	}
	if c.reading {
		*p = new(T)
	}
	each(c, *p)
}

// notice is for the body of a notice whose author's name for it is id.
func (c *codec) notice(n *notice.Notice, id string) {
	same := n.ID == id
	c.flag(&same)
	if !same {
		text(c, &n.ID)
	} else if c.reading {
		n.ID = id
	}
	c.int(&n.Version)
	text(c, &n.Kind)
	text(c, &n.Domain)
	text(c, &n.Class)
	text(c, &n.Title)
	text(c, &n.Place)
	text(c, &n.Sector)
	c.window(&n.Window)
	c.band(&n.Band)
	list(c, &n.Volumes, func(c *codec, v *geo4d.Volume) {
		c.shape(&v.Shape, false)
		c.band(&v.Band)
		c.window(&v.Window)
	})
	c.float(&n.UncertaintyM)
	c.float(&n.SpeedMPS)
	for _, s := range [...]*string{&n.Contact, &n.Frequency, &n.Markings, &n.Cargo} {
		text(c, s)
	}
	c.int(&n.Persons)
	c.flag(&n.Humanitarian)
	c.flag(&n.EmergencyMedical)
	c.time(&n.Expires)
	text(c, &n.Supersedes)
	list(c, &n.Text, func(c *codec, t *notice.Text) {
		text(c, &t.Language)
		text(c, &t.Text)
	})
	for _, s := range [...]*string{&n.Source.Format, &n.Source.ID, &n.Source.Text} {
		text(c, s)
	}
}

func (c *codec) window(w *geo4d.Window) {
	c.time(&w.Start)
	c.time(&w.End)
}

func (c *codec) band(b *geo4d.Band) {
	pointer(c, &b.Lower, (*codec).altitude)
	pointer(c, &b.Upper, (*codec).altitude)
}

func (c *codec) altitude(a *geo4d.Altitude) {
	c.float(&a.Value)
	text(c, &a.Unit)
	text(c, &a.Reference)
}

func (c *codec) position(p *geo4d.Position) {
	c.float(&p.LonDeg)
	c.float(&p.LatDeg)
}

// The forms of a shape.
const (
	shapeNone = iota
	shapeCircle
	shapePolygon
	shapeCorridor
	shapeMulti
	shapeEarth
)

// shape is for a shape, which is a part of a Multi or stands alone.
func (c *codec) shape(s *geo4d.Shape, part bool) {
	form := formOf(*s)
	c.byte(&form)
	var out geo4d.Shape
	switch form {
	case shapeNone:
	case shapeCircle:
		v, _ := (*s).(geo4d.Circle)
		c.position(&v.Center)
		c.float(&v.RadiusM)
		out = v
	case shapePolygon:
		v, _ := (*s).(geo4d.Polygon)
		list(c, &v.Rings, func(c *codec, r *[]geo4d.Position) { list(c, r, (*codec).position) })
		out = v
	case shapeCorridor:
		v, _ := (*s).(geo4d.Corridor)
		list(c, &v.Line, (*codec).position)
		c.float(&v.HalfWidthM)
		out = v
	case shapeMulti:
		if part {
			c.bad = true
			return
		}
		v, _ := (*s).(geo4d.Multi)
		list(c, &v.Parts, func(c *codec, p *geo4d.Shape) { c.shape(p, true) })
		out = v
	case shapeEarth:
		out = geo4d.Earth{}
	default:
		c.bad = true
	}
	if c.reading {
		*s = out
	}
}

func formOf(s geo4d.Shape) byte {
	switch s.(type) {
	case geo4d.Circle:
		return shapeCircle
	case geo4d.Polygon:
		return shapePolygon
	case geo4d.Corridor:
		return shapeCorridor
	case geo4d.Multi:
		return shapeMulti
	case geo4d.Earth:
		return shapeEarth
	}
	return shapeNone
}
