package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/catalogue"
	"parley/fault"
)

// printJSON writes a value for programs.
func printJSON(w io.Writer, v any) error {
	data, err := json.Marshal(v, jsontext.WithIndent("  "), json.Deterministic(true))
	if err != nil {
		return fault.Wrap(fault.Internal, "print", err)
	}
	_, err = fmt.Fprintf(w, "%s\n", data)
	return fault.Wrap(fault.Unavailable, "print", err)
}

// table writes aligned columns. The first row is the head.
func table(w io.Writer, rows [][]string) error {
	if slices.ContainsFunc(rows, func(r []string) bool { return slices.ContainsFunc(r, unevenly) }) {
		return evenly(w, rows)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintln(t, strings.Join(clean(r), "\t"))
	}
	return fault.Wrap(fault.Unavailable, "print", t.Flush())
}

// unevenly reports whether text has characters that take no room of their own on a screen.
func unevenly(text string) bool { return width(text) != utf8.RuneCountInString(text) }

// width counts the characters of a text that take room on a screen.
func width(text string) int {
	n := 0
	for _, r := range text {
		if !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			n++
		}
	}
	return n
}

// evenly aligns columns as text/tabwriter does where each character takes one place.
func evenly(w io.Writer, rows [][]string) error {
	var most []int
	cells := make([][]string, len(rows))
	for i, r := range rows {
		cells[i] = clean(r)
		for k, cell := range cells[i] {
			if k == len(most) {
				most = append(most, 0)
			}
			most[k] = max(most[k], width(cell))
		}
	}
	var b strings.Builder
	for _, r := range cells {
		for k, cell := range r {
			b.WriteString(cell)
			if k < len(r)-1 {
				b.WriteString(strings.Repeat(" ", most[k]-width(cell)+2))
			}
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return fault.Wrap(fault.Unavailable, "print", err)
}

// clean keeps text of others from moving the terminal about.
func clean(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = strings.TrimRight(plain(c), " ")
	}
	return out
}

// plain returns text on one line, without control characters. Isolates that are whole stay: what is in
// one cannot move what is outside.
func plain(s string) string {
	whole := wholeIsolates(s)
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 && !whole:
			return '?'
		}
		return r
	}, s)
}

// wholeIsolates reports whether every isolate of a text that begins ends, and none ends that did not
// begin.
func wholeIsolates(s string) bool {
	depth := 0
	for _, r := range s {
		switch {
		case r >= 0x2066 && r <= 0x2068:
			depth++
		case r == 0x2069:
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

// stamp writes a time in UTC; "-" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

func stampAt(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return stamp(*t)
}

// readFile reads a file, or standard input for "-", up to a bound.
func readFile(a *app, path string, most int64) ([]byte, error) {
	src := a.stdin
	if path != "-" {
		f, err := openFile(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		src = f
	}
	data, err := io.ReadAll(io.LimitReader(src, most+1))
	if err != nil {
		return nil, &fault.Error{Code: fault.Unavailable, Field: "file", Value: fault.Shorten(path), Rule: "cannot be read", Err: err}
	}
	if int64(len(data)) > most {
		return nil, &fault.Error{Code: fault.TooLarge, Field: "file", Value: fault.Shorten(path), Rule: fmt.Sprintf("must be at most %d bytes", most), Hint: "split it"}
	}
	return data, nil
}

func openFile(path string) (*os.File, error) {
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &fault.Error{Code: fault.NotFound, Field: "file", Value: fault.Shorten(path), Rule: "does not exist", Hint: "check the name, or write - for standard input"}
	case err != nil:
		return nil, &fault.Error{Code: fault.Unavailable, Field: "file", Value: fault.Shorten(path), Rule: "cannot be read", Err: err}
	}
	return f, nil
}

// input opens a file, or standard input for "-", for streaming.
func input(a *app, path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(bufio.NewReaderSize(a.stdin, 1<<20)), nil
	}
	return openFile(path)
}

// progress says how far a long task is, on stderr, once a second has passed.
type progress struct {
	a    *app
	how  func(n int) catalogue.Message
	last time.Time
	said bool
}

func newProgress(a *app, how func(n int) catalogue.Message) *progress {
	return &progress{a: a, how: how, last: a.now()}
}

func (p *progress) at(n int64) {
	if now := p.a.now(); now.Sub(p.last) >= time.Second {
		p.last, p.said = now, true
		p.a.note(p.how(int(n)))
	}
}

// counter counts what passes through a reader or writer and says so.
type counter struct {
	r io.Reader
	w io.Writer
	n int64
	p *progress
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.add(n)
	return n, err
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.add(n)
	return n, err
}

func (c *counter) add(n int) {
	c.n += int64(n)
	c.p.at(c.n >> 20)
}
