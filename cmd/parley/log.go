package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"parley/api"
	"parley/fault"
	"parley/node/view"
)

type logCmd struct {
	remote
	Party  string `help:"Of this party alone." placeholder:"NAME"`
	Kind   string `help:"Of this kind alone." placeholder:"KIND"`
	Follow bool   `short:"f" help:"Go on as entries come."`
}

// Help shows how it is used.
func (logCmd) Help() string {
	return `Both transcripts in their woven order: an entry comes after what its author had seen. With --json
each entry is one line.

Examples:

  parley log --party red
  parley log --json --follow
`
}

// Run shows the log.
func (c *logCmd) Run(a *app) error {
	cl, err := c.open(a)
	if err != nil {
		return err
	}
	pager := &logPager{cmd: c, client: cl}
	s := &stream{client: cl}
	if c.Follow {
		// From the node's own beginning, so that nothing falls between the pages and the stream.
		s.last = "0"
	}
	if err := pager.all(a); err != nil || !c.Follow {
		return err
	}
	err = s.follow(a, a.ctx, func(e view.Event) (bool, error) {
		if e.Kind != "entry" {
			return false, nil
		}
		return false, pager.all(a)
	})
	if cancelled(a.ctx, err) {
		return nil
	}
	return err
}

// logPager reads page after page and prints them.
type logPager struct {
	cmd    *logCmd
	client *client
	after  string
	n      int64
}

// all reads to the end of what there is.
func (p *logPager) all(a *app) error {
	prog := newProgress(a, "log")
	for {
		var page api.Log
		q := p.cmd.query("party", p.cmd.Party, "kind", p.cmd.Kind, "after", p.after)
		if err := p.client.get(a.ctx, "/v1/log", q, &page); err != nil {
			return err
		}
		for _, e := range page.Entries {
			if err := p.cmd.printEntry(a, e); err != nil {
				return err
			}
		}
		p.n += int64(len(page.Entries))
		prog.at(p.n, "entries")
		ended := len(page.Entries) == 0 || page.Next == p.after
		p.after = page.Next
		if ended {
			return nil
		}
	}
}

func (c *logCmd) printEntry(a *app, e view.Entry) error {
	var err error
	if c.JSON {
		data, jerr := json.Marshal(e, json.Deterministic(true))
		if jerr != nil {
			return fault.Wrap(fault.Internal, "print", jerr)
		}
		_, err = fmt.Fprintf(a.stdout, "%s\n", data)
	} else {
		_, err = fmt.Fprintf(a.stdout, "%s  %s#%d  %-14s delivered %s  %s\n", stamp(e.Time), plain(e.Party), e.Seq, plain(e.Kind), stampAt(e.Delivered), fieldWords(e))
	}
	return fault.Wrap(fault.Unavailable, "print", err)
}

// maxFieldWords is how much of a field one line shows.
const maxFieldWords = 60

// fieldWords says the fields that fit on a line, and how many more there are.
func fieldWords(e view.Entry) string {
	var names []string
	for name := range e.Fields {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []string
	long := 0
	for _, name := range names {
		if v := string(e.Fields[name]); len(v) <= maxFieldWords {
			out = append(out, plain(name)+"="+plain(v))
		} else {
			long++
		}
	}
	if long > 0 {
		out = append(out, fmt.Sprintf("and %d longer fields", long))
	}
	return strings.Join(out, " ")
}
