package catalogue

import (
	"strings"
	"unicode"
)

// Unicode's isolates (UAX 9): what is between one of the first two and the last does not change how
// what is outside is ordered.
const (
	leftToRight = "\u2066" // LRI
	firstStrong = "\u2068" // FSI: it runs as its first letter does
	endIsolate  = "\u2069" // PDI
)

// Plain returns text on one line, without control characters and without the controls that embed,
// override or isolate (U+202A-202E, U+2066-2069), so that it cannot leave the isolate it is put in.
// The letters stay in the order in which they were written.
func Plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t', r == 0x2028, r == 0x2029:
			return ' '
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, text)
}

// Isolate puts text between marks, so that it does not change how what is beside it is ordered. fixed
// text runs from left to right whatever it is made of.
func Isolate(text string, fixed bool) string {
	if fixed {
		return leftToRight + Plain(text) + endIsolate
	}
	return firstStrong + Plain(text) + endIsolate
}

// turns reports whether text has anything that runs from right to left.
func turns(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return r >= 0x0590 && r <= 0x08ff || r >= 0xfb1d && r <= 0xfdff || r >= 0xfe70 && r <= 0xfeff ||
			r >= 0x10800 && r <= 0x10fff || r >= 0x1e800 && r <= 0x1efff || r == 0x200f
	})
}

// WithoutIsolates takes out what keeps text that runs in two directions apart, for where only what is seen
// may stand.
func WithoutIsolates(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, text)
}
