package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/agreement"
	"parley/catalogue"
	"parley/conflict"
	"parley/fault"
	"parley/geo4d"
	"parley/notice"
)

type checkCmd struct {
	Files     []string `arg:"" help:"Plan files; - for standard input."`
	Between   bool     `help:"Compare the plans of the first of two files with those of the second, not those of one file with each other."`
	LateralM  *float64 `name:"separation-lateral-m" help:"Lateral separation in metres; by default that of each pair of kinds." placeholder:"N"`
	VerticalM *float64 `name:"separation-vertical-m" help:"Vertical separation in metres." placeholder:"N"`
	TimeS     *float64 `name:"separation-time-s" help:"Separation in time in seconds." placeholder:"N"`
	Fail      bool     `help:"Exit with status 3 where a conflict was found."`
	Format    string   `help:"What to print: table, json, geojson or csv." enum:"table,json,geojson,csv" default:"table" placeholder:"FORMAT"`
	JSON      bool     `name:"json" help:"Print JSON, as --format json."`
}

// Help shows how it is used.
func (checkCmd) Help() string {
	return `All files form one set. Features of one party do not conflict; one without party is a party of
its own. With --between there are two sets, each with ids of its own, and A is of the first. Rows are
sorted by A and B. Exit status 2 says that a feature was refused.

Examples:

  parley check blue.geojson red.geojson
  parley check blue.geojson red.geojson --between --format geojson
  parley check plans.geojson --separation-lateral-m 500 --separation-vertical-m 100 --separation-time-s 120 --fail --json
`
}

// maxSeparation bounds the flags: no pair of places is farther apart, and times stay in range.
const maxSeparation = 1e9

// Run checks the files.
func (c *checkCmd) Run(a *app) error {
	if err := c.validate(); err != nil {
		return err
	}
	sets, refused, err := c.read(a)
	if err != nil {
		return err
	}
	out := newCheckPrinter(a.stdout, c.Format, a.said)
	found := 0
	each := func(r *conflict.Row) error {
		found++
		return out.row(r)
	}
	p := newProgress(a, func(n int) catalogue.Message {
		return catalogue.Say("progress.compare", catalogue.CountOf("nr", sets[0].Len()), catalogue.CountOf("count", n))
	})
	how := conflict.Search{Workers: runtime.GOMAXPROCS(0), Done: func(n int) { p.at(int64(n)) }}
	if c.Between {
		err = sets[0].ConflictsWith(a.ctx, sets[1], how, each)
	} else {
		err = sets[0].Conflicts(a.ctx, how, each)
	}
	if err != nil {
		return err
	}
	if err := out.end(refused, a.said.Say(summary(sets, found, len(refused)))); err != nil {
		return err
	}
	if c.Format == "csv" || c.Format == "geojson" {
		for _, r := range refused {
			fmt.Fprintf(a.stderr, "parley: %s\n", a.said.refusedFeature(r))
		}
	}
	switch {
	case len(refused) > 0:
		return exitBadInput
	case c.Fail && found > 0:
		return exitConflict
	}
	return nil
}

func (c *checkCmd) validate() error {
	for _, f := range []struct {
		name string
		v    *float64
	}{{"separation-lateral-m", c.LateralM}, {"separation-vertical-m", c.VerticalM}, {"separation-time-s", c.TimeS}} {
		if f.v != nil && !(*f.v >= 0 && *f.v <= maxSeparation) {
			return fault.New(f.name, strconv.FormatFloat(*f.v, 'g', -1, 64), "must be a number from 0 to 1000000000", "leave it out for the default of each pair")
		}
	}
	if c.JSON {
		if c.Format != "table" && c.Format != "json" {
			return fault.New("format", c.Format, "contradicts --json", "give one of the two")
		}
		c.Format = "json"
	}
	if c.Between && len(c.Files) != 2 {
		return fault.New("between", strconv.Itoa(len(c.Files)), "compares two files", "give two files, or leave --between out")
	}
	if i := slices.Index(c.Files, "-"); i >= 0 && slices.Contains(c.Files[i+1:], "-") {
		return fault.New("file", "-", "is given twice", "standard input can be read once")
	}
	return nil
}

// all reports whether the flags say everything.
func (c *checkCmd) all() bool { return c.LateralM != nil && c.VerticalM != nil && c.TimeS != nil }

// read reads all files as one set, or each of two as its own.
func (c *checkCmd) read(a *app) (sets []*conflict.Set, refused []conflict.Refusal, err error) {
	refused = []conflict.Refusal{}
	var r *notice.PlanReader
	classes := map[agreement.Subject]any{} // few are different: each is kept once
	end := func() {
		for _, f := range r.Plan().Refused {
			refused = append(refused, conflict.Refusal{ID: f.ID, Reason: f.Reason})
		}
	}
	for i, path := range c.Files {
		if i == 0 || c.Between {
			if r != nil {
				end()
			}
			sets = append(sets, conflict.NewSet(conflict.Config{Separation: c.separation}))
			r = notice.NewPlanReader(notice.PlanOptions{KindOptional: c.all(), NeedIDs: true, FeaturesOnly: true})
		}
		set := sets[len(sets)-1]
		if err := readInto(a, r, path, func(f *notice.Feature) { set.Add(c.item(f, classes)) }); err != nil {
			return nil, nil, err
		}
	}
	end()
	slices.SortStableFunc(refused, func(a, b conflict.Refusal) int { return strings.Compare(a.ID, b.ID) })
	return sets, refused, nil
}

// readInto hands the features of one file to add.
func readInto(a *app, r *notice.PlanReader, path string, add func(*notice.Feature)) error {
	in, err := input(a, path)
	if err != nil {
		return err
	}
	defer in.Close() // what was read has been read
	err = r.ReadEach(&counter{r: in, p: newProgress(a, func(n int) catalogue.Message {
		return catalogue.Say("progress.read", catalogue.AsCode("file", path), catalogue.CountOf("count", n))
	})}, runtime.GOMAXPROCS(0), func(f *notice.Feature) error {
		add(f)
		return a.ctx.Err()
	})
	if err != nil && a.ctx.Err() == nil {
		return fault.In(path, err)
	}
	return err
}

// item makes an item of a feature. The reader has seen to it that ids differ.
func (c *checkCmd) item(f *notice.Feature, classes map[agreement.Subject]any) *conflict.Item {
	var subject agreement.Subject // no matter, where the flags say everything
	if !c.all() {
		n := notice.Notice{Kind: f.Kind, Domain: f.Domain, Class: f.Class}
		subject = agreement.DefaultClass(agreement.SubjectOfVolume(n, f.Volume, agreement.Area{}))
	}
	class, ok := classes[subject]
	if !ok {
		class = subject
		classes[subject] = class
	}
	return &conflict.Item{ID: f.ID, Party: f.Party, Volumes: []geo4d.Volume{f.Volume}, UncertaintyM: f.UncertaintyM, Class: class}
}

// separation is the default of the pair, with what the flags say in its place.
func (c *checkCmd) separation(x, y any) (geo4d.Separation, bool) {
	s, ok := agreement.DefaultSeparation(x.(agreement.Subject), y.(agreement.Subject))
	if c.all() {
		s, ok = geo4d.Separation{}, true
	}
	if c.LateralM != nil {
		s.LateralM = *c.LateralM
	}
	if c.VerticalM != nil {
		s.VerticalM, s.AnyAltitude = *c.VerticalM, false
	}
	if c.TimeS != nil {
		s.Time = time.Duration(*c.TimeS * float64(time.Second))
	}
	return s, ok
}

// checkPrinter prints what a check finds, as it is found.
type checkPrinter interface {
	row(*conflict.Row) error
	end(refused []conflict.Refusal, summary string) error
}

func newCheckPrinter(w io.Writer, format string, said tongue) checkPrinter {
	switch format {
	case "json":
		return newCheckJSON(w)
	case "geojson":
		return newCheckGeoJSON(w)
	case "csv":
		return newCheckCSV(w)
	}
	return newCheckTable(w, said)
}

// summary says how much was compared, and what was found.
func summary(sets []*conflict.Set, found, refused int) catalogue.Message {
	count, nr, of := catalogue.CountOf("count", found), catalogue.CountOf("nr", refused), catalogue.CountOf("own", sets[0].Len())
	if len(sets) == 2 {
		return catalogue.Say("check.between", count, of, catalogue.CountOf("others", sets[1].Len()), nr)
	}
	return catalogue.Say("check.among", count, of, nr)
}

// refusedFeature says which part of a file was refused, and why.
func (t tongue) refusedFeature(r conflict.Refusal) string {
	return plain(t.Say(catalogue.Say("check.refused", catalogue.ByPeople("text", plain(r.ID)), catalogue.RefusedFor("refusal", plain(oneLine(r.Reason))))))
}

// shortSeconds says a time in its two largest units.
func (t tongue) shortSeconds(s float64) string {
	if t.english() { // a check may print a million of them
		return seconds(s)
	}
	return t.secondsOf(&s)
}
