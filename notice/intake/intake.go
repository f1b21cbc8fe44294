// Package intake reads notices from the files that people have: plan files and ICAO NOTAMs.
package intake

import (
	"parley/notice"
)

// Options say who reads, and when.
type Options struct {
	Format string // "geojson", "notam", or "" to tell by the first byte
	Plan   notice.PlanOptions
}

// Item is one notice as it would be filed.
type Item struct {
	SourceID string
	Party    string // of a plan file that names one
	Notice   notice.Notice
	Cancels  string // the source id that it cancels or replaces
	Warnings []notice.Warning
}

// Result is what a file holds.
type Result struct {
	Notices []Item
	Refused []notice.Refusal
}

// Read reads data. It fails only where the file as a whole cannot be read.
func Read(data []byte, opts Options) (Result, error) { return Result{}, nil }

// JSON encodes r as `parley notice read --json` prints it.
func (r Result) JSON() ([]byte, error) { return nil, nil }
