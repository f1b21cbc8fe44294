package review

import (
	"slices"
	"time"

	"parley/transcript"
)

// Freeze is the evidence that incidents keep whole: all of some ranges of time, and some entries
// wherever they are. Nothing of it may be left out of an export or deleted. It has no end: closing an
// incident does not thaw it.
type Freeze struct {
	ranges  []span
	entries map[transcript.Origin]map[int64]bool
}

type span struct{ from, until time.Time }

// Add adds a range of time, both ends of which belong to it.
func (f *Freeze) Add(from, until time.Time) { f.ranges = append(f.ranges, span{from, until}) }

// AddEntry adds an entry.
func (f *Freeze) AddEntry(o transcript.Origin, seq int64) {
	if f.entries == nil {
		f.entries = map[transcript.Origin]map[int64]bool{}
	}
	if f.entries[o] == nil {
		f.entries[o] = map[int64]bool{}
	}
	f.entries[o][seq] = true
}

// Holds reports whether something of a transcript that bears a time is frozen: an entry by its number,
// or a head or a receipt, whose number is -1.
func (f *Freeze) Holds(o transcript.Origin, seq int64, at time.Time) bool {
	return f.entries[o][seq] || slices.ContainsFunc(f.ranges, func(s span) bool { return !at.Before(s.from) && !at.After(s.until) })
}
