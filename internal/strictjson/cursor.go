package strictjson

import (
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Cursor reads one JSON text forwards, in one pass, where its shape is known. It checks all that it
// passes and stops at the first thing that it does not expect, without saying what is wrong: the
// caller then reads the whole text again with Decode, which takes it or refuses it in words. So a
// Cursor may stop at what is good, as a name with an escape, and never passes what Decode refuses.
// That a name stands in an object once is for the caller to hold, with Once.
type Cursor struct {
	data    []byte
	at      int
	fresh   bool // just inside an object or array
	stopped bool
}

// NewCursor returns a Cursor at the start of data, which must not change while it reads.
func NewCursor(data []byte) Cursor { return Cursor{data: data} }

// Stop stops the cursor: nothing more is read.
func (c *Cursor) Stop() { c.stopped = true }

// Stopped reports whether the cursor met what it does not take.
func (c *Cursor) Stopped() bool { return c.stopped }

// Ended reports whether the text was taken whole, with nothing but space after it.
func (c *Cursor) Ended() bool { return c.Peek() == 0 && !c.stopped && c.at == len(c.data) }

// Peek returns the first byte of what comes next, after space, and 0 at the end.
func (c *Cursor) Peek() byte {
	for c.at < len(c.data) {
		switch b := c.data[c.at]; b {
		case ' ', '\t', '\n', '\r':
			c.at++
		default:
			return b
		}
	}
	return 0
}

// take reads the byte b, or stops.
func (c *Cursor) take(b byte) {
	if c.Peek() != b || c.at == len(c.data) {
		c.stopped = true
		return
	}
	c.at++
}

// Open enters an object or array: b is its bracket.
func (c *Cursor) Open(b byte) {
	c.take(b)
	c.fresh = true
}

// More moves to the next element, and past the closing bracket where there is none.
func (c *Cursor) More(bracket byte) bool {
	if c.stopped {
		return false
	}
	fresh := c.fresh
	c.fresh = false
	if c.Peek() == bracket {
		c.at++
		return false
	}
	if !fresh {
		c.take(',')
	}
	return !c.stopped
}

// Name reads a member's name and the colon after it.
func (c *Cursor) Name() []byte {
	name := c.Word()
	c.take(':')
	return name
}

// Once marks bit i in seen and stops where it was marked before.
func (c *Cursor) Once(seen *uint64, i int) {
	if *seen&(1<<i) != 0 {
		c.stopped = true
	}
	*seen |= 1 << i
}

// Word reads a string without escapes. It shares memory with the text.
func (c *Cursor) Word() []byte {
	lit, plain := c.literal()
	if !plain {
		c.stopped = true
	}
	if c.stopped {
		return nil
	}
	return lit[1 : len(lit)-1]
}

// Text reads a string.
func (c *Cursor) Text() string {
	lit, plain := c.literal()
	if c.stopped {
		return ""
	}
	if plain {
		return string(lit[1 : len(lit)-1])
	}
	out, err := jsontext.AppendUnquote(nil, lit)
	if err != nil {
		c.stopped = true
		return ""
	}
	return string(out)
}

// literal reads a string with its quotes and says whether it is its own meaning: without escapes,
// and checked. One with escapes is not checked.
func (c *Cursor) literal() (lit []byte, plain bool) {
	c.take('"')
	if c.stopped {
		return nil, false
	}
	start := c.at - 1
	plain = true
	ascii := true
	for i := c.at; i < len(c.data); i++ {
		switch b := c.data[i]; {
		case b == '"':
			c.at = i + 1
			lit = c.data[start:c.at]
			if plain && !ascii && !utf8.Valid(lit) {
				c.stopped = true
			}
			return lit, plain
		case b == '\\':
			plain = false
			i++
		case b < ' ':
			c.stopped = true
			return nil, false
		case b >= utf8.RuneSelf:
			ascii = false
		}
	}
	c.stopped = true
	return nil, false
}

// Float reads a number that fits a float64.
func (c *Cursor) Float() float64 {
	n := c.number()
	if c.stopped {
		return 0
	}
	if n.exact {
		// Both are exact in a float64, so the quotient is rounded once, as it must be.
		f := float64(n.digits) / tens[n.places]
		if n.negative {
			f = -f
		}
		return f
	}
	f, err := strconv.ParseFloat(string(n.lit), 64)
	if err != nil {
		c.stopped = true
	}
	return f
}

// tens are the powers of ten up to the largest number of places that number calls exact.
var tens = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// Int reads a whole number of at most 15 digits, written without point or exponent.
func (c *Cursor) Int() int {
	n := c.number()
	if !n.exact || n.point || n.negative && n.digits == 0 {
		c.stopped = true
	}
	if c.stopped {
		return 0
	}
	if n.negative {
		return -int(n.digits)
	}
	return int(n.digits)
}

// number is a number as it is written.
type number struct {
	lit      []byte
	negative bool
	point    bool // it has a decimal point
	exact    bool // it is digits / 10^places, with at most 15 digits and no exponent
	digits   uint64
	places   int
}

func (c *Cursor) number() (n number) {
	n.negative = c.Peek() == '-'
	if c.stopped {
		return n
	}
	start := c.at
	if n.negative {
		c.at++
	}
	first := c.at
	whole := c.digits(&n.digits)
	if whole == 0 || whole > 1 && c.data[first] == '0' {
		c.stopped = true
		return n
	}
	exponent := false
	if c.is('.') {
		c.at++
		n.point = true
		if n.places = c.digits(&n.digits); n.places == 0 {
			c.stopped = true
			return n
		}
	}
	if c.is('e') || c.is('E') {
		c.at++
		exponent = true
		if c.is('+') || c.is('-') {
			c.at++
		}
		var power uint64
		if c.digits(&power) == 0 {
			c.stopped = true
			return n
		}
	}
	n.exact = !exponent && whole+n.places <= 15
	n.lit = c.data[start:c.at]
	return n
}

func (c *Cursor) is(b byte) bool { return c.at < len(c.data) && c.data[c.at] == b }

// digits reads digits onto the end of value, which overflows where they are many, and counts them.
func (c *Cursor) digits(value *uint64) int {
	start := c.at
	for c.at < len(c.data) && c.data[c.at]-'0' <= 9 {
		*value = *value*10 + uint64(c.data[c.at]-'0')
		c.at++
	}
	return c.at - start
}

// Bool reads true or false.
func (c *Cursor) Bool() bool {
	if c.word("true") {
		return true
	}
	if !c.word("false") {
		c.stopped = true
	}
	return false
}

// Null reads null where it comes next, and says so.
func (c *Cursor) Null() bool { return c.word("null") }

func (c *Cursor) word(w string) bool {
	c.Peek()
	if c.stopped || len(c.data)-c.at < len(w) || string(c.data[c.at:c.at+len(w)]) != w {
		return false
	}
	c.at += len(w)
	return true
}

// Scalar reads a value that is no object or array, and no string with an escape, as it is written.
// It shares memory with the text.
func (c *Cursor) Scalar() []byte {
	b := c.Peek()
	start := c.at
	switch b {
	case '"':
		c.Word()
	case 't', 'f':
		c.Bool()
	case 'n':
		if !c.Null() {
			c.stopped = true
		}
	default:
		c.number()
	}
	if c.stopped {
		return nil
	}
	return c.data[start:c.at]
}

// Extent passes one value, nested at most deep, and returns it otherwise unchecked: the caller must
// hold it to be one JSON value. It shares memory with the text.
func (c *Cursor) Extent(deep int) []byte {
	c.Peek()
	start, depth := c.at, 0
	for i := c.at; i < len(c.data) && !c.stopped; i++ {
		switch c.data[i] {
		case '"':
			c.at = i
			c.literal()
			i = c.at - 1
		case '{', '[':
			if depth++; depth > deep {
				c.stopped = true
				return nil
			}
			continue
		case '}', ']':
			if depth--; depth < 0 {
				c.at = i
				return c.data[start:i]
			}
		case ',':
			if depth == 0 {
				c.at = i
				return c.data[start:i]
			}
			continue
		default:
			continue
		}
		if depth == 0 {
			c.at = i + 1
			return c.data[start:c.at]
		}
	}
	c.at = len(c.data)
	return c.data[start:]
}
