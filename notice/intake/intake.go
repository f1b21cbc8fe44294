// Package intake reads notices from the files that people have: plan files and ICAO NOTAMs. It
// says what would be filed, and files nothing.
package intake

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/notice"
	"parley/notice/notam"
)

// The formats.
const (
	GeoJSON = "geojson"
	NOTAM   = "notam"
)

// Options say how to read.
type Options struct {
	Format string // GeoJSON, NOTAM, or "" to tell by the first byte
	Plan   notice.PlanOptions

	// Check, where given, has every notice validated: one that breaks a rule is refused, and the
	// warnings stand beside what the file's own reader warns of.
	Check *notice.Context
}

// Item is one notice as it would be filed.
type Item struct {
	SourceID string
	Party    string // of a plan file that names one
	Notice   notice.Notice
	Cancels  string // the source id that it cancels or replaces
	Only     bool   // it only cancels: there is no notice to file
	Warnings []notice.Warning
}

// Result is what a file holds.
type Result struct {
	Notices []Item
	Refused []notice.Refusal
}

// Read reads data. It fails only where the file as a whole cannot be read.
func Read(data []byte, opts Options) (Result, error) {
	format := opts.Format
	if format == "" {
		format = Detect(data)
	}
	var res Result
	var err error
	switch format {
	case GeoJSON:
		res, err = readPlan(data, opts)
	case NOTAM:
		res, err = readNotams(data)
	default:
		return Result{}, fault.New("format", format, "must be geojson or notam", "leave it out to have it told from the file")
	}
	if err != nil {
		return Result{}, err
	}
	if opts.Check != nil {
		res = check(res, *opts.Check)
	}
	return res, nil
}

// Detect tells the format by the first byte that is not white space: a brace or bracket begins
// JSON, and no NOTAM begins with one but the opening parenthesis of a message.
func Detect(data []byte) string {
	data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(data) > 0 && (data[0] == '{' || data[0] == '[') {
		return GeoJSON
	}
	return NOTAM
}

func readPlan(data []byte, opts Options) (Result, error) {
	plan, err := notice.ReadPlan(bytes.NewReader(data), opts.Plan)
	if err != nil {
		return Result{}, err
	}
	res := Result{Refused: plan.Refused}
	for _, n := range plan.Notices {
		res.Notices = append(res.Notices, Item{SourceID: n.Notice.Source.ID, Party: n.Party, Notice: n.Notice})
	}
	return res, nil
}

func readNotams(data []byte) (Result, error) {
	notams, err := notam.Read(data)
	if err != nil {
		return Result{}, err
	}
	var res Result
	for _, n := range notams {
		for _, r := range n.Refusals {
			res.Refused = append(res.Refused, notice.Refusal{ID: n.SourceID, Item: r.Item, Reason: r.Reason})
		}
		if len(n.Refusals) > 0 {
			continue
		}
		res.Notices = append(res.Notices, fromNotam(&n))
	}
	return res, nil
}

func fromNotam(n *notam.Notam) Item {
	place := strings.Join(n.Locations, " ")
	out := Item{SourceID: n.SourceID, Cancels: n.Cancels, Only: n.Type == notam.Cancel}
	out.Notice = notice.WithDefaults(notice.Notice{
		ID:      idOf(n.SourceID, n.Locations),
		Kind:    notice.Kind(n.Kind),
		Title:   n.Title,
		Place:   place,
		Volumes: n.Volumes,
		Source:  notice.Source{Format: NOTAM, ID: n.SourceID, Text: n.Text},
	})
	if n.Type != notam.New {
		out.Notice.Supersedes = idOf(n.Cancels, n.Locations)
	}
	for _, w := range n.Warnings {
		out.Warnings = append(out.Warnings, notice.Warning{Code: string(w.Code), Field: "source", Message: w.Message})
	}
	return out
}

// idOf returns the notice id of a NOTAM: its first place and its number, OSTT-A2734-24, as two
// places may use one number.
func idOf(source string, locations []string) string {
	id := strings.ReplaceAll(source, "/", "-")
	if len(locations) > 0 {
		id = locations[0] + "-" + id
	}
	return id
}

// check validates every notice that would be filed.
func check(in Result, c notice.Context) Result {
	out := Result{Refused: in.Refused}
	for _, it := range in.Notices {
		if it.Only {
			out.Notices = append(out.Notices, it)
			continue
		}
		warnings, err := notice.Validate(it.Notice, c)
		if err != nil {
			for _, f := range fault.All(err) {
				out.Refused = append(out.Refused, notice.Refusal{ID: it.SourceID, Item: f.Field, Reason: f.Public().Error()})
			}
			continue
		}
		it.Warnings = append(it.Warnings, warnings...)
		out.Notices = append(out.Notices, it)
	}
	return out
}

// itemJSON is an item as `parley notice read --json` prints it.
type itemJSON struct {
	SourceID   string           `json:"source_id"`
	ID         string           `json:"id"`
	Party      string           `json:"party,omitempty"`
	Kind       notice.Kind      `json:"kind"`
	Title      string           `json:"title"`
	Cancels    string           `json:"cancels"`
	CancelOnly bool             `json:"cancel_only,omitempty"`
	Volumes    []jsontext.Value `json:"volumes"`
	Warnings   []notice.Warning `json:"warnings"`
}

type refusalJSON struct {
	SourceID string `json:"source_id"`
	Item     string `json:"item"`
	Reason   string `json:"reason"`
}

// JSON encodes r as `parley notice read --json` prints it.
func (r Result) JSON() ([]byte, error) {
	out := struct {
		Notices []itemJSON    `json:"notices"`
		Refused []refusalJSON `json:"refused"`
	}{[]itemJSON{}, []refusalJSON{}}
	for _, it := range r.Notices {
		j := itemJSON{it.SourceID, it.Notice.ID, it.Party, it.Notice.Kind, it.Notice.Title, it.Cancels, it.Only, []jsontext.Value{}, []notice.Warning{}}
		j.Warnings = append(j.Warnings, it.Warnings...)
		if !it.Only {
			features, err := notice.PlanFeatures(it.Party, it.Notice)
			if err != nil {
				return nil, fault.In(fmt.Sprintf("notices[%s]", it.SourceID), err)
			}
			j.Volumes = append(j.Volumes, features...)
		}
		out.Notices = append(out.Notices, j)
	}
	for _, f := range r.Refused {
		out.Refused = append(out.Refused, refusalJSON{f.ID, f.Item, f.Reason})
	}
	text, err := json.Marshal(out, json.Deterministic(true), jsontext.WithIndent("  "))
	return text, fault.Wrap(fault.Internal, "intake.json", err)
}
