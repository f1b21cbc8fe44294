package view

import (
	"parley/catalogue"
	"parley/notice"
)

// What an import does with a row.
const (
	RowAdded     = "added"
	RowChanged   = "changed"
	RowUnchanged = "unchanged"
	RowRefused   = "refused"
	RowMissing   = "not in the file"
	RowRemoved   = "removed"
	RowWaits     = "removal waits for a second officer"
)

// RowProblem is why a row of an import is refused.
type RowProblem struct {
	Field string `json:"field"`
	Value string `json:"value,omitzero"`
	Rule  string `json:"rule"`
	Mend  string `json:"mend,omitzero"`
}

// ImportRow is what an import does with one row, or with a site that no row names.
type ImportRow struct {
	Row     int    `json:"row,omitzero"` // its line in a table, its place among features
	ID      string `json:"id"`
	Outcome string `json:"outcome"`
	Where   string `json:"where,omitzero"` // the position said back in words
	// SaidWhere is that by key and arguments.
	SaidWhere catalogue.Message `json:"-"`
	Fields    []string          `json:"fields,omitzero"` // of a change what differs
	Problems  []RowProblem      `json:"problems,omitzero"`
	Warnings  []notice.Warning  `json:"warnings,omitzero"`
}

// SiteImport is the report of an import: a line for each row in the order of the file, then one for
// each own site that no row names.
type SiteImport struct {
	Line   string         `json:"line"`
	DryRun bool           `json:"dry_run"`
	Counts map[string]int `json:"counts"` // by outcome
	Rows   []ImportRow    `json:"rows"`
}
