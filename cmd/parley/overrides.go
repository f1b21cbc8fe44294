package main

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json"

	"parley/fault"
	"parley/gazetteer"
	"parley/geo4d"
	"parley/internal/strictjson"
	"parley/notice"
	"parley/notice/intake"
)

// noticeOverrides are flags that say what a file does not, or say it otherwise.
type noticeOverrides struct {
	ID      string `name:"id" help:"The notice's id." placeholder:"ID"`
	Kind    string `help:"flight, movement, area, hazard or site." placeholder:"KIND"`
	Title   string `help:"A title." placeholder:"TEXT"`
	Place   string `help:"The place in words." placeholder:"TEXT"`
	Sector  string `help:"The sector of the agreement that a place in words is held as." placeholder:"NAME"`
	Start   string `help:"When it starts, RFC 3339 with an offset; replaces the start of every volume." placeholder:"TIME"`
	End     string `help:"When it ends." placeholder:"TIME"`
	Contact string `help:"A duty number." placeholder:"NUMBER"`
}

func (o noticeOverrides) any() bool { return o != (noticeOverrides{}) }

// body returns what is sent to the node: the file as it is, or the one notice with what the flags
// say.
func (o noticeOverrides) body(a *app, path string) (contentType string, body []byte, err error) {
	if path != "" && !o.any() {
		data, err := readFile(a, path, maxNoticeFile)
		return typeOf(data), data, err
	}
	n, err := o.one(a, path)
	if err != nil {
		return "", nil, err
	}
	body, err = notice.Marshal(n)
	return "application/json", body, err
}

// one reads the one notice of a file and applies the flags.
func (o noticeOverrides) one(a *app, path string) (notice.Notice, error) {
	var n notice.Notice
	if path != "" {
		data, err := readFile(a, path, maxNoticeFile)
		if err != nil {
			return n, err
		}
		if n, err = oneNotice(data); err != nil {
			return n, err
		}
	}
	return n, o.apply(&n)
}

func oneNotice(data []byte) (notice.Notice, error) {
	if typeOf(data) == "application/json" {
		return notice.Unmarshal(data)
	}
	res, err := intake.Read(data, intake.Options{})
	if err != nil {
		return notice.Notice{}, err
	}
	if len(res.Refused) > 0 {
		r := res.Refused[0]
		return notice.Notice{}, fault.New(fault.Join("notices["+r.ID+"]", r.Item), "", r.Reason, "")
	}
	if len(res.Notices) != 1 || res.Notices[0].Only {
		return notice.Notice{}, fault.New("file", "", fmt.Sprintf("holds %d notices", len(res.Notices)), "give a file with the one notice")
	}
	return res.Notices[0].Notice, nil
}

// typeOf tells the content type of a file: a plan file names a GeoJSON type at its top, other JSON
// is a notice, and what is not JSON is taken for NOTAMs.
func typeOf(data []byte) string {
	if intake.Detect(data) == intake.NOTAM {
		return "text/plain"
	}
	var top struct {
		Type string `json:"type"`
		Kind string `json:"kind"`
	}
	trimmed := bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	err := strictjson.Decode(trimmed, strictjson.Limits{Bytes: maxNoticeFile, Depth: 32}, &top, json.RejectUnknownMembers(false))
	if err == nil && top.Type == "" && top.Kind != "" {
		return "application/json"
	}
	return "application/geo+json"
}

func (o noticeOverrides) apply(n *notice.Notice) error {
	for _, f := range []struct {
		at *string
		to string
	}{{&n.ID, o.ID}, {&n.Title, o.Title}, {&n.Place, o.Place}, {&n.Sector, o.Sector}, {&n.Contact, o.Contact}, {(*string)(&n.Kind), o.Kind}} {
		if f.to != "" {
			*f.at = f.to
		}
	}
	var w geo4d.Window
	var err error
	if o.Start != "" {
		if w.Start, err = geo4d.ParseTime(o.Start); err != nil {
			return fault.In("start", err)
		}
	}
	if o.End != "" {
		if w.End, err = geo4d.ParseTime(o.End); err != nil {
			return fault.In("end", err)
		}
	}
	windows := []*geo4d.Window{&n.Window}
	for i := range n.Volumes {
		if i == 0 {
			windows = nil
		}
		windows = append(windows, &n.Volumes[i].Window)
	}
	for _, at := range windows {
		if o.Start != "" {
			at.Start = w.Start
		}
		if o.End != "" {
			at.End = w.End
		}
	}
	return nil
}

// places loads the towns.
func places() (notice.Gazetteer, error) { return gazetteer.Load() }
