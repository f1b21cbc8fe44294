package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/fault"
	"parley/geo4d"
	"parley/internal/csvtable"
	"parley/notice"
)

// Bounds of a list of sites.
const (
	MaxSiteBytes = 64 << 20
	MaxSiteRows  = 100_000
	maxCellBytes = 4 << 10
)

// CSV is the format of a list of sites as a table.
const CSV = "csv"

// FormulaStarts are the characters with which a spreadsheet takes a cell for a formula.
const FormulaStarts = "=+-@\t\r"

// SiteRow is one site of a list as it would be filed.
type SiteRow struct {
	Row    int // its line in the file, or its place among the features, from 1
	ID     string
	Notice notice.Notice
	Start  bool           // the row says from when the site is valid
	Bad    []*fault.Error // why the row is refused
}

// The columns of a table of sites.
const (
	colID          = "id"
	colName        = "name"
	colPlace       = "place"
	colType        = "type"
	colLanguage    = "language"
	colLat         = "lat"
	colLon         = "lon"
	colPosition    = "position"
	colRadius      = "radius_m"
	colUncertainty = "uncertainty_m"
	colContact     = "contact"
	colMarkings    = "markings"
	colPersons     = "persons"
	colHumane      = "humanitarian"
	colFrom        = "valid_from"
	colUntil       = "valid_until"
)

// SiteColumns returns the columns of a table of sites, in their usual order.
func SiteColumns() []string {
	return []string{colID, colName, colPlace, colType, colLanguage, colLat, colLon, colPosition, colRadius, colUncertainty,
		colContact, colMarkings, colPersons, colHumane, colFrom, colUntil}
}

// columnOf returns the column that a heading names, or "".
func columnOf(heading string) string {
	h := strings.ToLower(strings.Join(strings.Fields(heading), "_"))
	switch h {
	case "title":
		return colName
	case "latitude":
		return colLat
	case "longitude", "lng", "long":
		return colLon
	}
	for _, c := range SiteColumns() {
		if c == h {
			return c
		}
	}
	return ""
}

// ReadSites reads a list of sites: a table with a heading, or a plan file of sites. It fails only
// where the file as a whole cannot be read; a row that cannot be read says why. language is the
// language of words whose row names none.
func ReadSites(data []byte, format, language string) ([]SiteRow, error) {
	if len(data) > MaxSiteBytes {
		return nil, &fault.Error{Code: fault.TooLarge, Field: "file", Rule: "must be at most " + strconv.Itoa(MaxSiteBytes) + " bytes", Hint: "split it"}
	}
	switch format {
	case GeoJSON:
		return readSitePlan(data)
	case CSV:
		return readSiteTable(data, language)
	}
	return nil, fault.New("format", format, "must be csv or geojson", "name the file .csv or .geojson")
}

func readSitePlan(data []byte) ([]SiteRow, error) {
	plan, err := notice.ReadPlan(bytes.NewReader(data), notice.PlanOptions{KindOptional: true, NeedIDs: true, MaxBytes: MaxSiteBytes})
	if err != nil {
		return nil, err
	}
	if n := len(plan.Notices) + len(plan.Refused); n > MaxSiteRows {
		return nil, tooManyRows()
	}
	var out []SiteRow
	for i, p := range plan.Notices {
		n := p.Notice
		n.Source = notice.Source{} // the list is where it comes from, and it comes again
		r := SiteRow{Row: i + 1, ID: n.ID, Start: !notice.Span(n).Start.IsZero()}
		switch n.Kind {
		case notice.Site:
		case "":
			n.Kind = notice.Site
			n.Domain = ""
		default:
			r.Bad = append(r.Bad, fault.New("kind", string(n.Kind), "is no site", "file it by itself: parley notice file"))
		}
		r.Notice = n
		out = append(out, r)
	}
	for _, f := range plan.Refused {
		out = append(out, SiteRow{Row: len(out) + 1, ID: f.ID, Bad: []*fault.Error{fault.New(f.Item, "", f.Reason, "")}})
	}
	return out, nil
}

func tooManyRows() error {
	return &fault.Error{Code: fault.TooLarge, Field: "file", Rule: "must have at most " + strconv.Itoa(MaxSiteRows) + " rows", Hint: "split it"}
}

func readSiteTable(data []byte, language string) ([]SiteRow, error) {
	r := csvtable.New(data)
	head, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, fault.New("file", "", "is empty", "begin with a heading: "+strings.Join(SiteColumns(), ","))
	}
	if err != nil {
		return nil, unreadable(err)
	}
	columns, err := headings(head)
	if err != nil {
		return nil, err
	}
	var out []SiteRow
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, unreadable(err)
		}
		if len(out) == MaxSiteRows {
			return nil, tooManyRows()
		}
		line, _ := r.FieldPos(0)
		out = append(out, siteRow(line, columns, cells, language))
	}
}

func unreadable(err error) error {
	f := &fault.Error{Code: fault.Invalid, Field: "file", Rule: "is no table that can be read", Hint: "save it as CSV in UTF-8, with quotes round cells that hold commas or quotes", Err: err}
	var p *csv.ParseError
	if errors.As(err, &p) {
		f.Field = "line " + strconv.Itoa(p.Line)
		f.Rule = "has quotes that do not match: the rest of the table cannot be told apart"
	}
	return f
}

// headings refuses a heading that is none of the columns: one that is misspelt must not look like
// one that is not there.
func headings(head []string) ([]string, error) {
	var bad []error
	columns := make([]string, len(head))
	seen := map[string]bool{}
	for i, h := range head {
		c := columnOf(h)
		switch {
		case c == "":
			bad = append(bad, fault.New("column "+strconv.Itoa(i+1), h, "is not a column of a list of sites", "the columns are "+strings.Join(SiteColumns(), ", ")))
		case seen[c]:
			bad = append(bad, fault.New("column "+strconv.Itoa(i+1), h, "is there twice", "leave one out"))
		}
		columns[i], seen[c] = c, true
	}
	for _, c := range []string{colID, colRadius} {
		if !seen[c] {
			bad = append(bad, fault.New("column", c, "is missing", "add it: the id tells the site from every other, and the radius how far to keep clear"))
		}
	}
	if !seen[colPosition] && !(seen[colLat] && seen[colLon]) {
		bad = append(bad, fault.New("column", "lat, lon", "are missing, and so is position", "add lat and lon in degrees, or position"))
	}
	return columns, errors.Join(bad...)
}

// rowReader reads the cells of one row.
type rowReader struct {
	cells map[string]string
	bad   []*fault.Error
}

func (r *rowReader) refuse(column, rule, hint string) {
	r.bad = append(r.bad, fault.New(column, r.cells[column], rule, hint))
}

func siteRow(line int, columns, cells []string, language string) SiteRow {
	r := rowReader{cells: make(map[string]string, len(columns))}
	for i, c := range columns {
		if i < len(cells) {
			r.cells[c] = strings.TrimSpace(cells[i])
		}
	}
	for i := len(columns); i < len(cells); i++ {
		if cells[i] != "" {
			r.bad = append(r.bad, fault.New("cell "+strconv.Itoa(i+1), cells[i], "stands under no heading", "put quotes round cells that hold commas"))
			break
		}
	}
	for _, c := range columns {
		r.clean(c)
	}
	n := notice.Notice{ID: r.cells[colID], Kind: notice.Site, Title: r.cells[colName], Place: r.cells[colPlace], Contact: r.cells[colContact], Markings: r.cells[colMarkings]}
	if words := r.cells[colType]; words != "" {
		n.Text = []notice.Text{{Language: language, Text: words}}
		if l := r.cells[colLanguage]; l != "" {
			n.Text[0].Language = l
		}
	}
	n.UncertaintyM = r.number(colUncertainty, false)
	if s := r.cells[colPersons]; s != "" {
		var err error
		if n.Persons, err = strconv.Atoi(s); err != nil {
			r.refuse(colPersons, "is not a whole number", "write how many people are there, or leave it empty")
		}
	}
	switch strings.ToLower(r.cells[colHumane]) {
	case "", "no":
	case "yes":
		n.Humanitarian = true
	default:
		r.refuse(colHumane, "must be yes, no or empty", "write yes or no")
	}
	from := r.time(colFrom)
	n.Expires = r.time(colUntil)
	n.Volumes = []geo4d.Volume{{Shape: geo4d.Circle{Center: r.position(), RadiusM: r.number(colRadius, true)}, Window: geo4d.Window{Start: from}}}
	return SiteRow{Row: line, ID: n.ID, Notice: n, Start: !from.IsZero(), Bad: r.bad}
}

// clean refuses what is no text or begins like a formula, and takes away the apostrophe that keeps a
// spreadsheet from taking a cell for one.
func (r *rowReader) clean(column string) {
	s := r.cells[column]
	if rest, ok := strings.CutPrefix(s, "'"); ok && rest != "" && strings.ContainsRune(FormulaStarts, rune(rest[0])) {
		r.cells[column] = rest
		s = rest
		if rest[0] == '+' || rest[0] == '-' {
			return
		}
	}
	switch {
	case s == "":
	case !utf8.ValidString(s):
		r.refuse(column, "is not UTF-8", "save the table as UTF-8")
	case len(s) > maxCellBytes:
		r.refuse(column, "is longer than "+strconv.Itoa(maxCellBytes)+" bytes", "shorten it")
	case strings.ContainsFunc(s, unicode.IsControl):
		r.refuse(column, "holds a control character", "write it as one line of plain text")
	case s[0] == '=' || s[0] == '@':
		r.refuse(column, "begins like a formula", "write the value itself")
	}
}

// decimal reads a plain decimal number; strconv takes more than people write.
func decimal(s string) (float64, bool) {
	if s == "" || strings.Trim(s, "+-.0123456789") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil && !math.IsInf(f, 0)
}

func (r *rowReader) number(column string, required bool) float64 {
	s := r.cells[column]
	if s == "" {
		if required {
			r.refuse(column, "is missing", "write it in metres")
		}
		return 0
	}
	f, ok := decimal(s)
	if !ok {
		r.refuse(column, "is not a number", "write metres with a decimal point: 250 or 250.5")
	}
	return f
}

func (r *rowReader) time(column string) time.Time {
	s := r.cells[column]
	if s == "" {
		return time.Time{}
	}
	t, err := geo4d.ParseTime(s)
	if err != nil {
		r.refuse(column, "is not a time with its offset", "write 2026-12-01T06:00:00Z")
	}
	return t
}

// position reads the one position of a row: in degrees, or as geo4d.ParsePosition reads it.
func (r *rowReader) position() geo4d.Position {
	whole, lat, lon := r.cells[colPosition], r.cells[colLat], r.cells[colLon]
	switch {
	case whole != "" && (lat != "" || lon != ""):
		r.refuse(colPosition, "is given beside lat and lon", "give one of the two")
		return geo4d.Position{}
	case whole == "" && (lat == "" || lon == ""):
		r.bad = append(r.bad, fault.New(colLat, "", "is missing, or lon is", "give lat and lon in degrees, or position"))
		return geo4d.Position{}
	case whole == "":
		la, okLat := decimal(lat)
		lo, okLon := decimal(lon)
		if okLat && okLon {
			return geo4d.Position{LatDeg: la, LonDeg: lo} // its range is the notice's to check
		}
		whole = lat + " " + lon
	}
	p, err := geo4d.ParsePosition(whole)
	if err != nil {
		r.bad = append(r.bad, fault.New(colPosition, whole, "is no position", "write degrees with a decimal point (35.4075 and 35.9492), or with letters: 352427N0355657E"))
	}
	return p
}
