package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/api"
	"parley/catalogue"
	"parley/fault"
	"parley/node/view"
)

type logCmd struct {
	remote
	Party  string `help:"Of this party alone." placeholder:"NAME"`
	Kind   string `help:"Of this kind alone." placeholder:"KIND"`
	Follow bool   `short:"f" help:"Go on as entries come."`
	File   string `help:"Read what parley export wrote, without a node." placeholder:"FILE"`
	Full   bool   `help:"Every field, one a line."`
}

// Help shows how it is used.
func (logCmd) Help() string {
	return `Both transcripts in their woven order: an entry comes after what its author had seen. With --json
each entry is one line. With --file a bundle is checked as "parley verify" does and its entries are
shown, with no node; exit status 4 where it does not hold.

Examples:

  parley log --party red
  parley log --file blue.bundle --full
  parley log --json --follow
`
}

// Run shows the log.
func (c *logCmd) Run(a *app) error {
	if c.File != "" {
		return c.fromFile(a)
	}
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
		if e.Kind != "entry" && e.Kind != "call" && e.Kind != "line" {
			return false, nil // nothing new was said
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
	prog := newProgress(a, func(n int) catalogue.Message { return catalogue.Say("progress.log", catalogue.CountOf("count", n)) })
	for {
		var page api.Log
		q := p.cmd.query("party", p.cmd.Party, "kind", p.cmd.Kind, "after", p.after)
		if err := p.client.get(a.ctx, "/v1/log", q, &page); err != nil {
			return err
		}
		for _, e := range page.Entries {
			if err := p.cmd.printEntry(a, e, ""); err != nil {
				return err
			}
		}
		p.n += int64(len(page.Entries))
		prog.at(p.n)
		ended := len(page.Entries) == 0 || page.Next == p.after
		p.after = page.Next
		if ended {
			return nil
		}
	}
}

// printEntry prints an entry; more follows its kind.
func (c *logCmd) printEntry(a *app, e view.Entry, more string) error {
	var err error
	switch {
	case c.JSON:
		data, jerr := json.Marshal(e, json.Deterministic(true))
		if jerr != nil {
			return fault.Wrap(fault.Internal, "print", jerr)
		}
		_, err = fmt.Fprintf(a.stdout, "%s\n", data)
	case c.Full:
		_, err = fmt.Fprintf(a.stdout, "%s  %-7s %s %s%s%s\n", stamp(e.Time), shortEntry(e.Entry), plain(e.Party), a.said.entryWords(e), plain(more), fullFields(e))
	default:
		_, err = fmt.Fprintf(a.stdout, "%s  %-7s %s %s%s: %s\n", stamp(e.Time), shortEntry(e.Entry), plain(e.Party), a.said.entryWords(e), plain(more), a.said.fieldWords(e))
	}
	return fault.Wrap(fault.Unavailable, "print", err)
}

// maxFieldWords is how much of the fields one line shows.
const maxFieldWords = 74

// firstFields are shown before others, as they say most.
func firstFields() []string {
	return []string{"id", "version", "kind", "type", "event", "title", "place", "text", "entry", "conflict", "officer", "reason", "remark"}
}

func (t tongue) entryWords(e view.Entry) string {
	words := t.exercised(plain(e.Kind), e.Exercise)
	if e.Drill && !e.Exercise {
		words += " (" + t.Word("flag.drill-real") + ")"
	}
	if e.Delivered == nil {
		words += t.Word("list.comma") + t.Word("log.not-delivered")
	}
	return plain(words)
}

// fieldWords says the fields that fit on a line, and how many more there are.
func (t tongue) fieldWords(e view.Entry) string {
	rest := slices.DeleteFunc(slices.Sorted(maps.Keys(e.Fields)), func(name string) bool { return slices.Contains(firstFields(), name) })
	var out []string
	left, more := maxFieldWords, 0
	for _, name := range slices.Concat(firstFields(), rest) {
		v, ok := e.Fields[name]
		if !ok {
			continue
		}
		word := plain(name) + "=" + plain(fieldValue(v))
		if n := utf8.RuneCountInString(word); n <= left {
			out = append(out, word)
			left -= n + 1
		} else {
			more++
		}
	}
	if more > 0 {
		out = append(out, t.Say(catalogue.Say("list.more", catalogue.CountOf("count", more))))
	}
	return strings.Join(out, " ")
}

// fullFields writes every field on a line of its own.
func fullFields(e view.Entry) string {
	rest := slices.DeleteFunc(slices.Sorted(maps.Keys(e.Fields)), func(name string) bool { return slices.Contains(firstFields(), name) })
	var b strings.Builder
	for _, name := range slices.Concat(firstFields(), rest) {
		if v, ok := e.Fields[name]; ok {
			b.WriteString("\n    " + plain(name) + " = " + plain(string(v)))
		}
	}
	return b.String()
}

// fieldValue is a field's JSON, with the name of an entry of this line, or a long id, shortened.
func fieldValue(v jsontext.Value) string {
	var s string
	if v.Kind() != '"' || json.Unmarshal(v, &s) != nil {
		return string(v)
	}
	if short := shortID(shortEntry(s)); short != plain(s) {
		return short
	}
	return string(v)
}
