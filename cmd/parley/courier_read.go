package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"parley/catalogue"
	"parley/courier"
	"parley/courier/paper"
	"parley/fault"
	"parley/node/view"
)

type courierReadCmd struct {
	remote
	Files []string `arg:"" help:"Files that the other party wrote, or texts with the lines of its printed sheets; - for standard input." placeholder:"FILE"`
}

// Help shows how it is used.
func (courierReadCmd) Help() string {
	return `Files may come in any order and twice. One that is damaged is named and refused whole; the others are
read. One that comes before what it follows is kept. Of printed sheets, give the lines that a scanner
of QR codes reads, one a line, in any order; what is missing is named.

Examples:

  parley courier read from-red.courier
  parley courier read from-red-1.courier from-red-2.courier
  parley courier read scanned.txt
`
}

// given is a courier file as it was given: by its own, or on sheets.
type given struct {
	name string
	data []byte
	head courier.Header
}

// readOne is what became of one file.
type readOne struct {
	File  string            `json:"file"`
	Taken view.CourierTaken `json:"taken"`
}

// refusedFile is a file of which nothing was taken, or of which codes are missing.
type refusedFile struct {
	File   string `json:"file"`
	Reason string `json:"reason"`
}

// Run reads the files.
func (c *courierReadCmd) Run(a *app) error {
	files, errs, err := c.gather(a)
	if err != nil {
		return err
	}
	read := []readOne{}
	if len(files) > 0 {
		cl, err := c.open(a)
		if err != nil {
			return errors.Join(append(errs, err)...)
		}
		for _, f := range files {
			var out view.CourierTaken
			id := f.head.Line
			if c.Line != "" {
				id = c.Line
			}
			err := cl.do(a.ctx, http.MethodPost, "/v1/lines/"+id+"/courier", nil, "application/vnd.parley.courier", f.data, &out)
			switch fault.CodeOf(err) {
			case "":
				read = append(read, readOne{f.name, out})
			case fault.Corrupt, fault.Invalid, fault.Mismatch, fault.NotFound, fault.TooLarge:
				errs = append(errs, named(f.name, err))
			default:
				return errors.Join(append(errs, named(f.name, err))...)
			}
		}
	}
	if err := c.tell(a, read, errs); err != nil {
		return err
	}
	return errors.Join(errs...)
}

// tell prints what became of each file.
func (c *courierReadCmd) tell(a *app, read []readOne, errs []error) error {
	if c.JSON {
		refused := []refusedFile{}
		for _, err := range errs {
			for _, f := range fault.All(err) {
				refused = append(refused, refusedFile{f.Value, f.Rule})
			}
		}
		return printJSON(a.stdout, map[string]any{"read": read, "refused": refused})
	}
	for _, r := range read {
		if err := a.said.say(a, r.words()); err != nil {
			return err
		}
	}
	return nil
}

// gather reads every file and puts those of sheets together: hold and distress first, then the oldest.
func (c *courierReadCmd) gather(a *app) (files []given, errs []error, err error) {
	var sheets paper.Gathering
	for _, path := range c.Files {
		data, err := readFile(a, path, courier.MaxFileBytes)
		if err != nil {
			return nil, nil, err
		}
		if paper.IsLines(data) {
			for _, bad := range sheets.Read(data) {
				errs = append(errs, fault.New("file", path, bad, ""))
			}
			continue
		}
		head, err := courier.Inspect(data)
		if err != nil {
			errs = append(errs, named(path, err))
			continue
		}
		files = append(files, given{path, data, head})
	}
	for _, s := range sheets.Sheets() {
		switch {
		case s.File != nil:
			head, err := courier.Inspect(s.File)
			if err != nil {
				errs = append(errs, named("sheets "+s.ID, err))
				continue
			}
			files = append(files, given{"sheets " + s.ID, s.File, head})
		case s.Damaged:
			errs = append(errs, &fault.Error{Code: fault.Corrupt, Field: "file", Value: "sheets " + s.ID, Rule: "is damaged: all codes are there, and are not of the file of that name", Hint: "scan them again"})
		default:
			errs = append(errs, &fault.Error{Code: fault.Invalid, Field: "file", Value: "sheets " + s.ID, Rule: missingCodes(s), Hint: "scan them, and give all lines again"})
		}
	}
	slices.SortStableFunc(files, func(x, y given) int {
		return cmp.Or(-cmp.Compare(min(x.head.Urgent, 1), min(y.head.Urgent, 1)), x.head.Written.Compare(y.head.Written), cmp.Compare(x.head.Part, y.head.Part))
	})
	return slices.CompactFunc(files, func(x, y given) bool { return bytes.Equal(x.data, y.data) }), errs, nil
}

func missingCodes(s paper.Sheet) string {
	var list []string
	for _, n := range s.Missing {
		list = append(list, fmt.Sprint(n))
	}
	if len(list) == 1 {
		return fmt.Sprintf("code %s of %d is missing", list[0], s.Codes)
	}
	return fmt.Sprintf("codes %s of %d are missing", strings.Join(list, ", "), s.Codes)
}

// named says of which file an error is.
func named(name string, err error) error {
	var out []error
	for _, f := range fault.All(err) {
		e := *f
		e.Field, e.Value = "file", fault.Shorten(name)
		out = append(out, &e)
	}
	if len(out) == 0 {
		return err
	}
	return errors.Join(out...)
}

// words says what became of a file, and what to do next.
func (r readOne) words() catalogue.Message {
	t := r.Taken
	from, short := catalogue.ByPeople("from", t.From), shortEntry
	var parts []catalogue.Message
	add := func(ok bool, m catalogue.Message) {
		if ok {
			parts = append(parts, m)
		}
	}
	add(t.Urgent > 0, catalogue.Say("courier.urgent-new", catalogue.CountOf("count", t.Urgent)))
	switch t.Result {
	case "taken":
		add(t.New > 0 || t.Urgent == 0, catalogue.Say("courier.new", catalogue.CountOf("count", t.New), from))
	case "kept":
		add(true, catalogue.Say("courier.read-kept", catalogue.AsCode("id", short(t.Needs))))
	case "not-ready":
		add(true, catalogue.Say("courier.read-not-ready", from))
	default:
		add(true, catalogue.Say("courier.nothing-new"))
	}
	add(t.Fitted > 0, catalogue.Say("courier.fitted", catalogue.CountOf("count", t.Fitted)))
	add(t.HeldTo != "", catalogue.Say("courier.held", from, catalogue.AsCode("id", short(t.HeldTo))))
	add(t.DeliveredTo != "", catalogue.Say("courier.delivered", from, catalogue.AsCode("id", short(t.DeliveredTo))))
	add(t.Undelivered > 0, catalogue.Say("courier.undelivered", catalogue.CountOf("count", int(t.Undelivered))))
	add(!t.Confirmed && t.Result != "not-ready", catalogue.Say("courier.not-yet", from))
	add(t.Unasked, catalogue.Say("courier.unasked"))
	add(t.New > 0, catalogue.Say("courier.give-receipt", catalogue.AsCode("command", "parley courier write")))
	add(t.Asks, catalogue.Say("courier.asked", from, catalogue.AsCode("command", "parley courier write")))
	return catalogue.Say("courier.read", catalogue.AsCode("file", r.File), from, catalogue.At("stamp", catalogue.Stamp, t.Written), catalogue.CountOf("nr", t.Part), catalogue.SayList("list", parts))
}
