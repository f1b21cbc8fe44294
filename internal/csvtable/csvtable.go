// Package csvtable opens a table as people save it: with a byte order mark or without, with commas
// between the cells or with semicolons, rows of any length.
package csvtable

import (
	"bytes"
	"encoding/csv"
)

// New returns a reader of the rows of data. A row is valid until the next is read.
func New(data []byte) *csv.Reader {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	if head, _, _ := bytes.Cut(data, []byte("\n")); !bytes.Contains(head, []byte(",")) && bytes.Contains(head, []byte(";")) {
		r.Comma = ';'
	}
	return r
}
