package statement

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Difference says in words where two texts first differ; "" where they do not.
func Difference(a, b []byte) string {
	if bytes.Equal(a, b) {
		return ""
	}
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	for i > 0 && (i < len(a) && !utf8.RuneStart(a[i]) || i < len(b) && !utf8.RuneStart(b[i])) {
		i--
	}
	line := 1 + bytes.Count(a[:i], []byte("\n"))
	column := 1 + utf8.RuneCount(a[bytes.LastIndexByte(a[:i], '\n')+1:i])
	format := "line %d, character %d: %s against %s"
	switch {
	case bytes.Equal(norm.NFC.Bytes(a), norm.NFC.Bytes(b)):
		format = "line %d, character %d: %s against %s; they differ in Unicode normal form alone"
	case bytes.Equal(squeezed(a), squeezed(b)):
		format = "line %d, character %d: %s against %s; they differ in spaces alone"
	}
	return fmt.Sprintf(format, line, column, character(a[i:]), character(b[i:]))
}

func squeezed(s []byte) []byte { return bytes.Join(bytes.Fields(s), nil) }

func character(s []byte) string {
	if len(s) == 0 {
		return "the end"
	}
	r, n := utf8.DecodeRune(s)
	switch {
	case r == utf8.RuneError && n < 2:
		return fmt.Sprintf("the byte %02X", s[0])
	case r == ' ':
		return "a space"
	case r == '\n':
		return "a new line"
	}
	return fmt.Sprintf("%q (U+%04X)", r, r)
}
