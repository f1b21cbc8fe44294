package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"parley/fault"
	"parley/node/body"
)

// shortEntry names an entry within its line, as "1/b#3"; commands take this form too. What names no
// entry is returned as it is.
func shortEntry(s string) string {
	r, err := body.ParseRef(s)
	if err != nil {
		return plain(s)
	}
	return r.Short()
}

// idDigits are enough to tell the ids of a line apart, and commands take them.
const idDigits = 12

// shortID shortens an id of 64 digits.
func shortID(id string) string {
	if len(id) != 64 {
		return id
	}
	return id[:idDigits]
}

func shortIDs(list []string) []string {
	out := make([]string, len(list))
	for i, id := range list {
		out[i] = shortID(id)
	}
	return out
}

// facts writes one fact a row: its name and what it says. A fact that says nothing is left out.
func facts(w io.Writer, rows [][]string) error {
	var kept [][]string
	for _, r := range rows {
		if len(r) > 1 && strings.TrimSpace(r[1]) != "" {
			kept = append(kept, r)
		}
	}
	return table(w, kept)
}

// say writes one line.
func say(a *app, text string) error {
	_, err := fmt.Fprintln(a.stdout, plain(text))
	return fault.Wrap(fault.Unavailable, "print", err)
}

// brief writes a time for a table: seconds only where there are any.
func brief(t time.Time) string {
	switch {
	case t.IsZero():
		return "-"
	case t.Second() == 0 && t.Nanosecond() == 0:
		return t.UTC().Format("2006-01-02 15:04Z")
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

func briefAt(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return brief(*t)
}

// briefEnd writes the end of a window: without the day where it is that of the start.
func briefEnd(start, end time.Time) string {
	text := brief(end)
	if day := start.UTC().Format("2006-01-02 "); !start.IsZero() && !end.IsZero() {
		return strings.TrimPrefix(text, day)
	}
	return text
}

// seconds says a number of seconds as people do, in its two largest units. It rounds towards zero,
// so that no lead and no gap is shown as more than it is.
func seconds(s float64) string { return spell(s, 2) }

// exactly says whole seconds in as many units as it takes.
func exactly(s float64) string { return spell(s, len(units())) }

type unit struct {
	name string
	s    int64
}

func units() []unit { return []unit{{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}} }

func spell(s float64, most int) string {
	sign := ""
	if s < 0 {
		sign, s = "minus ", -s
	}
	left := int64(math.Min(s, math.MaxInt64/2))
	var out []string
	for _, u := range units() {
		n := left / u.s
		left %= u.s
		if most > 0 && n > 0 {
			out = append(out, fmt.Sprintf("%d %s", n, u.name))
		}
		if n > 0 || len(out) > 0 {
			most--
		}
	}
	if len(out) == 0 {
		return "0 s"
	}
	return sign + strings.Join(out, " ")
}
