package main

import (
	"fmt"
	"strconv"
	"time"

	"parley/agreement"
	"parley/conflict"
	"parley/fault"
	"parley/geo4d"
	"parley/notice"
)

type checkCmd struct {
	Files     []string `arg:"" help:"Plan files; - for standard input."`
	LateralM  *float64 `name:"separation-lateral-m" help:"Lateral separation in metres; by default that of each pair of kinds." placeholder:"N"`
	VerticalM *float64 `name:"separation-vertical-m" help:"Vertical separation in metres." placeholder:"N"`
	TimeS     *float64 `name:"separation-time-s" help:"Separation in time in seconds." placeholder:"N"`
	Fail      bool     `help:"Exit with status 3 where a conflict was found."`
	JSON      bool     `name:"json" help:"Print JSON."`
}

// Help shows how it is used.
func (checkCmd) Help() string {
	return `All files form one set. Features of one party do not conflict; one without party is a party of
its own. Exit status 2 says that a feature was refused.

Examples:

  parley check blue.geojson red.geojson
  parley check plans.geojson --separation-lateral-m 500 --separation-vertical-m 100 --separation-time-s 120 --fail --json
`
}

// maxSeparation bounds the flags: no pair of places is farther apart, and times stay in range.
const maxSeparation = 1e9

// Run checks the files.
func (c *checkCmd) Run(a *app) error {
	for _, f := range []struct {
		name string
		v    *float64
	}{{"separation-lateral-m", c.LateralM}, {"separation-vertical-m", c.VerticalM}, {"separation-time-s", c.TimeS}} {
		if f.v != nil && !(*f.v >= 0 && *f.v <= maxSeparation) {
			return fault.New(f.name, strconv.FormatFloat(*f.v, 'g', -1, 64), "must be a number from 0 to 1000000000", "leave it out for the default of each pair")
		}
	}
	items, refused, err := c.read(a)
	if err != nil {
		return err
	}
	rep := conflict.Check(items, refused, conflict.Config{Separation: c.separation})
	if err := c.print(a, rep, len(items)); err != nil {
		return err
	}
	switch {
	case len(rep.Refused) > 0:
		return exitBadInput
	case c.Fail && len(rep.Conflicts) > 0:
		return exitConflict
	}
	return nil
}

// all reports whether the flags say everything.
func (c *checkCmd) all() bool { return c.LateralM != nil && c.VerticalM != nil && c.TimeS != nil }

// read reads all files as one set.
func (c *checkCmd) read(a *app) ([]*conflict.Item, []conflict.Refusal, error) {
	r := notice.NewPlanReader(notice.PlanOptions{KindOptional: c.all(), NeedIDs: true, FeaturesOnly: true})
	for _, path := range c.Files {
		in, err := input(a, path)
		if err != nil {
			return nil, nil, err
		}
		err = r.Read(&counter{r: in, p: newProgress(a, "read "+path)})
		_ = in.Close() // what was read has been read
		if err != nil {
			return nil, nil, fault.In(path, err)
		}
	}
	plan := r.Plan()
	items := make([]*conflict.Item, 0, len(plan.Features))
	for _, f := range plan.Features {
		n := notice.Notice{Kind: f.Kind, Domain: f.Domain, Class: f.Class}
		items = append(items, &conflict.Item{ID: f.ID, Party: f.Party, Volumes: []geo4d.Volume{f.Volume}, UncertaintyM: f.UncertaintyM,
			Class: agreement.DefaultClass(agreement.SubjectOfVolume(n, f.Volume, agreement.Area{}))})
	}
	refused := []conflict.Refusal{}
	for _, f := range plan.Refused {
		refused = append(refused, conflict.Refusal{ID: f.ID, Reason: f.Reason})
	}
	return items, refused, nil
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

func (c *checkCmd) print(a *app, rep conflict.Report, compared int) error {
	if c.JSON {
		return printJSON(a.stdout, rep)
	}
	rows := [][]string{{"A", "B", "LATERAL", "VERTICAL", "TIME"}}
	for _, r := range rep.Conflicts {
		rows = append(rows, []string{r.A, r.B, metres(&r.LateralM), metres(&r.VerticalM), seconds(r.TimeS)})
	}
	if len(rep.Conflicts) > 0 {
		if err := table(a.stdout, rows); err != nil {
			return err
		}
	}
	for _, r := range rep.Refused {
		fmt.Fprintf(a.stdout, "refused %s: %s\n", plain(r.ID), plain(oneLine(r.Reason)))
	}
	_, err := fmt.Fprintf(a.stdout, "%d conflicts among the %d features compared; %d refused\n", len(rep.Conflicts), compared, len(rep.Refused))
	return fault.Wrap(fault.Unavailable, "print", err)
}
