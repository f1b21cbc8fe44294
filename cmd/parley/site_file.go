package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"parley/fault"
	"parley/geo4d"
	"parley/node/view"
	"parley/notice/intake"
)

// printSiteCSV writes sites as parley site import reads them. A site that is no circle has no
// position there: GeoJSON says its shape.
func printSiteCSV(w io.Writer, sites []view.Site) error {
	out := csv.NewWriter(w)
	rows := [][]string{intake.SiteColumns()}
	for _, s := range sites {
		rows = append(rows, siteRow(s))
	}
	if err := out.WriteAll(rows); err != nil {
		return fault.Wrap(fault.Unavailable, "print", err)
	}
	return nil
}

// siteRow is a site in the order of intake.SiteColumns.
func siteRow(s view.Site) []string {
	number := func(f *float64, digits int) string {
		if f == nil {
			return ""
		}
		return strconv.FormatFloat(*f, 'f', digits, 64)
	}
	positive := func(f float64) string {
		if f == 0 {
			return ""
		}
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	persons, humanitarian := "", ""
	if s.Persons > 0 {
		persons = strconv.Itoa(s.Persons)
	}
	if s.Humanitarian {
		humanitarian = "yes"
	}
	row := []string{s.ID, s.Title, s.Place, s.Type, s.Language, number(s.LatDeg, -1), number(s.LonDeg, -1), "", number(s.RadiusM, -1),
		positive(s.UncertaintyM), s.Contact, s.Markings, persons, humanitarian, timeCell(s.From), timeCell(s.Expires)}
	for i, c := range intake.SiteColumns() {
		if c != "lat" && c != "lon" { // the only ones that may be less than 0
			row[i] = harmless(row[i])
		}
	}
	return row
}

func timeCell(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return geo4d.FormatTime(t)
}

// harmless keeps a spreadsheet from taking a cell for a formula. parley site import takes the
// apostrophe away again.
func harmless(cell string) string {
	if cell == "" || !strings.ContainsRune(intake.FormulaStarts, rune(cell[0])) {
		return cell
	}
	return "'" + cell
}

// printSiteGeoJSON writes sites as one collection of features.
func printSiteGeoJSON(w io.Writer, sites []view.Site) error {
	features := []any{}
	for _, s := range sites {
		for _, f := range s.Geometry {
			features = append(features, f)
		}
	}
	raw, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": features}, json.Deterministic(true))
	if err != nil {
		return fault.Wrap(fault.Internal, "print", err)
	}
	_, err = fmt.Fprintf(w, "%s\n", raw)
	return fault.Wrap(fault.Unavailable, "print", err)
}
