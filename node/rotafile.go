package node

import (
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/fault"
	"parley/geo4d"
	"parley/internal/csvtable"
	"parley/internal/strictjson"
	"parley/node/body"
	"parley/node/view"
	"parley/notice/intake"
)

// Bounds of a rota.
const (
	MaxRotaBytes = 64 << 10
	MaxRotaRows  = 1000
	maxRotaName  = 100 // bytes of an officer's name
)

// The formats of a rota.
const (
	RotaCSV  = "csv"
	RotaJSON = "json"
)

// rotaLine is a row of a rota as it is written.
type rotaLine struct {
	From    string `json:"from"`
	Until   string `json:"until"`
	Officer string `json:"officer"`
	Role    string `json:"role"`
}

// RotaColumns returns the columns of a rota as a table, in their usual order.
func RotaColumns() []string { return []string{"from", "until", "officer", "role"} }

// ReadRota reads a rota: a table with a heading, or JSON. It returns the rows in order, the earliest
// first; none names a time that another names too. No row at all is a rota that names nobody.
func ReadRota(data []byte, format string) ([]view.RotaRow, error) {
	if len(data) > MaxRotaBytes {
		return nil, &fault.Error{Code: fault.TooLarge, Field: "rota", Rule: "must be at most " + strconv.Itoa(MaxRotaBytes) + " bytes", Hint: "leave out what is over, or give fewer weeks"}
	}
	var lines []rotaLine
	var err error
	switch format {
	case RotaJSON:
		lines, err = rotaOfJSON(data)
	case RotaCSV:
		lines, err = rotaOfTable(data)
	default:
		err = fault.New("format", format, "must be csv or json", "name the file .csv or .json")
	}
	if err != nil {
		return nil, err
	}
	if len(lines) > MaxRotaRows {
		return nil, tooManyRotaRows()
	}
	rows := make([]view.RotaRow, 0, len(lines))
	for i, l := range lines {
		r, err := l.row()
		if err != nil {
			return nil, fault.In("row "+strconv.Itoa(i+1), err)
		}
		rows = append(rows, r)
	}
	return inOrder(rows)
}

func tooManyRotaRows() error {
	return &fault.Error{Code: fault.TooLarge, Field: "rota", Rule: "must have at most " + strconv.Itoa(MaxRotaRows) + " rows", Hint: "leave out what is over, or give fewer weeks"}
}

func rotaOfJSON(data []byte) ([]rotaLine, error) {
	var in struct {
		Rows *[]rotaLine `json:"rows"`
	}
	if err := strictjson.Decode(data, strictjson.Limits{Bytes: MaxRotaBytes, Depth: 8}, &in); err != nil {
		return nil, err
	}
	if in.Rows == nil {
		return nil, fault.New("rows", "", "is missing", `write {"rows": [...]}; an empty list takes the rota away`)
	}
	return *in.Rows, nil
}

func rotaOfTable(data []byte) ([]rotaLine, error) {
	r := csvtable.New(data)
	head, err := r.Read()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, unreadableRota(err)
	}
	columns, err := rotaHeadings(head)
	if err != nil {
		return nil, err
	}
	var out []rotaLine
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, unreadableRota(err)
		}
		if len(out) == MaxRotaRows {
			return nil, tooManyRotaRows()
		}
		if len(cells) != len(columns) {
			return nil, fault.New("row "+strconv.Itoa(len(out)+1), strings.Join(cells, ","), "has not as many cells as the heading", "put quotes round cells that hold commas")
		}
		var l rotaLine
		at := map[string]*string{"from": &l.From, "until": &l.Until, "officer": &l.Officer, "role": &l.Role}
		for i, c := range columns {
			*at[c] = strings.TrimSpace(cells[i])
		}
		l.Officer = plainCell(l.Officer)
		out = append(out, l)
	}
}

// plainCell takes away the apostrophe that keeps a spreadsheet from taking a cell for a formula.
func plainCell(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && rest != "" && strings.ContainsRune(intake.FormulaStarts, rune(rest[0])) {
		return rest
	}
	return s
}

func unreadableRota(err error) error {
	f := &fault.Error{Code: fault.Invalid, Field: "rota", Rule: "is no table that can be read", Hint: "save it as CSV in UTF-8, with quotes round cells that hold commas or quotes", Err: err}
	var p *csv.ParseError
	if errors.As(err, &p) {
		f.Field, f.Rule = "line "+strconv.Itoa(p.Line), "has quotes that do not match: the rest of the table cannot be told apart"
	}
	return f
}

func rotaHeadings(head []string) ([]string, error) {
	known := RotaColumns()
	columns := make([]string, len(head))
	for i, h := range head {
		c := strings.ToLower(strings.TrimSpace(h))
		if !slices.Contains(known, c) || slices.Contains(columns, c) {
			return nil, fault.New("column "+strconv.Itoa(i+1), h, "is not a column of a rota, or is there twice", "begin with a heading: "+strings.Join(known, ","))
		}
		columns[i] = c
	}
	for _, c := range known {
		if !slices.Contains(columns, c) {
			return nil, fault.New("column", c, "is missing", "begin with a heading: "+strings.Join(known, ","))
		}
	}
	return columns, nil
}

func (l rotaLine) row() (r view.RotaRow, err error) {
	if r.From, err = geo4d.ParseTime(l.From); err != nil {
		return r, fault.In("from", err)
	}
	if r.Until, err = geo4d.ParseTime(l.Until); err != nil {
		return r, fault.In("until", err)
	}
	if !r.Until.After(r.From) {
		return r, fault.New("until", l.Until, "is not after from", "write when the watch ends")
	}
	switch s := l.Officer; {
	case s == "" || len(s) > maxRotaName || s != strings.TrimSpace(s) || !utf8.ValidString(s) || strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsGraphic(c) }):
		return r, fault.New("officer", s, "must be a plain name of at most "+strconv.Itoa(maxRotaName)+" bytes", "write it as parley officer list shows it")
	case !body.AtDesk(l.Role):
		return r, fault.New("role", l.Role, "must be duty or supervisor", "only these have the watch")
	}
	r.Officer, r.Role = l.Officer, l.Role
	return r, nil
}

// inOrder sorts rows by when they begin, and refuses two that name the same time.
func inOrder(rows []view.RotaRow) ([]view.RotaRow, error) {
	slices.SortStableFunc(rows, func(a, b view.RotaRow) int {
		return cmp.Or(a.From.Compare(b.From), a.Until.Compare(b.Until), cmp.Compare(a.Officer, b.Officer))
	})
	for i := 1; i < len(rows); i++ {
		if a, b := rows[i-1], rows[i]; b.From.Before(a.Until) {
			return nil, fault.New("from", geo4d.FormatTime(b.From), "is before the watch of "+a.Officer+" ends: "+a.Until.Format(time.RFC3339),
				"let the watch of "+b.Officer+" begin when that before it ends")
		}
	}
	return rows, nil
}
