package alert

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"parley/catalogue"
	"unicode/utf8"
)

// Alarm is what a person must look at now, as the desk shows it.
type Alarm struct {
	ID    string    `json:"id"`
	Kind  string    `json:"kind"`
	Level int       `json:"level"` // 1 acts at once, 2 soon, 3 look at
	Line  string    `json:"line,omitzero"`
	Text  string    `json:"text"`
	Since time.Time `json:"since,omitzero"`
	Due   time.Time `json:"due,omitzero"`
	// Escalated says where what was not done in time has gone: second channel, supervisor, observers.
	Escalated string `json:"escalated,omitzero"`
	// Exercise says that it belongs to a drill.
	Exercise bool `json:"exercise,omitzero"`
	// Disclosure is, in what an observer is told, its level: full, volume or alert.
	Disclosure string `json:"disclosure,omitzero"`
	// Over says that it ended before it could be told.
	Over bool `json:"over,omitzero"`
	// Message is the text by its key and arguments, for channels of another language. It is not kept
	// over a restart.
	Message catalogue.Message `json:"-"`
}

// KindUndelivered is the kind of the alarms that Undelivered returns. No channel is told of them:
// the desk shows them.
const KindUndelivered = "undelivered"

// Levels of alarm.
const (
	actNow = 1
	soon   = 2
	lookAt = 3
)

// urgent reports whether an alarm goes at once and alone.
func (a Alarm) urgent() bool {
	if a.Kind == "hold" || a.Kind == "distress" {
		return true
	}
	// What came of one: not answered, lapsed, cannot hold. What is only to be looked at can wait.
	return a.Level == 1 && (strings.HasPrefix(a.Kind, "hold-") || strings.HasPrefix(a.Kind, "distress-"))
}

// kept reports whether an alarm that ended is told all the same, where it was to be told.
func (a Alarm) kept() bool { return a.urgent() || a.Level <= actNow }

// maxText bounds the text of one alarm in a message, in bytes: an alarm may repeat what the other
// party wrote.
const maxText = 2048

// sound returns an alarm whose text may go anywhere: bounded, and without characters that move a
// terminal or a line of text about.
func (a Alarm) sound() Alarm {
	a.Text = shorten(plain(a.Text), maxText)
	a.Escalated = shorten(plain(a.Escalated), maxText)
	a.Since, a.Due = milli(a.Since), milli(a.Due)
	return a
}

func milli(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// plain returns text on one line, without control characters and marks that turn its direction.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

// shorten cuts a text to at most n bytes between two runes, and marks the cut.
func shorten(s string, n int) string {
	const mark = "..."
	if len(s) <= n {
		return s
	}
	cut := n - len(mark)
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + mark
}

// order sorts the most pressing alarms first.
func order(list []Alarm) {
	slices.SortFunc(list, func(a, b Alarm) int {
		return cmp.Or(cmp.Compare(a.Level, b.Level), a.Since.Compare(b.Since), strings.Compare(a.ID, b.ID))
	})
}
