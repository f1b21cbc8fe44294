package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"

	"github.com/go-json-experiment/json"

	"parley/api"
	"parley/catalogue"
	"parley/cmd/parley/home"
	"parley/fault"
	"parley/node/view"
	"parley/sitecopy"
)

// issue makes a marked copy of the own sites.
func (c *siteListCmd) issue(a *app) error {
	switch {
	case c.Out == "":
		return fault.New("out", "", "is required: a copy is a file", "say where to write it: --out FILE")
	case c.Party != "" || c.Since != "" || c.Format == "csv":
		return fault.New("for", c.For, "goes with no --party, --since or --format csv: a copy has the own sites as they stand, as GeoJSON", "leave them out")
	}
	if _, err := os.Lstat(c.Out); err == nil {
		return fault.New("out", c.Out, "is there already", "choose another name: a copy that was given is not written over")
	}
	in, err := json.Marshal(api.IssueRequest{For: c.For, Level: c.Level, Release: c.Release})
	if err != nil {
		return fault.Wrap(fault.Internal, "request", err)
	}
	cl, err := c.openSlow(a)
	if err != nil {
		return err
	}
	resp, err := cl.send(a.ctx, http.MethodPost, "/v1/sites/copies", c.query(), "application/json", in)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.Header.Get("Parley-Copy") == "" {
		return c.waits(a, resp.Body)
	}
	if err := home.StreamFile(c.Out, 0o600, func(w io.Writer) error {
		_, err := io.Copy(w, resp.Body)
		return err
	}); err != nil {
		return err
	}
	// What it is stands in the node's own record.
	var out api.SiteCopies
	if err := cl.get(a.ctx, "/v1/sites/copies", c.query(), &out); err != nil {
		return err
	}
	for _, x := range out.Copies {
		if x.ID != resp.Header.Get("Parley-Copy") {
			continue
		}
		if c.JSON {
			return printJSON(a.stdout, x)
		}
		t := a.said
		said := catalogue.Say("copy.made", catalogue.AsCode("id", x.ID), catalogue.ByPeople("text", x.For), catalogue.CountOf("count", x.Sites), t.coded("what", "givenlevel.", x.Level), catalogue.AsCode("file", c.Out))
		if x.WithoutPlace > 0 {
			said = catalogue.Join(said, catalogue.Say("copy.without-place", catalogue.CountOf("count", x.WithoutPlace)))
		}
		return t.say(a, said)
	}
	return fault.Newf(fault.Internal, "site.list", "the node does not know the copy that it gave")
}

// waits says that a second officer must release the copy first.
func (c *siteListCmd) waits(a *app, body io.Reader) error {
	var r view.Release
	if err := json.UnmarshalRead(body, &r); err != nil {
		return fault.Wrap(fault.Internal, "site.list", err)
	}
	if c.JSON {
		return printJSON(a.stdout, r)
	}
	t := a.said
	t.printRelease(a, r)
	t.line(a, catalogue.Say("site.copy-then", catalogue.AsCode("command", "--release "+r.ID)))
	return nil
}

type siteCopiesCmd struct{ remote }

// Help shows how it is used.
func (siteCopiesCmd) Help() string {
	return "For supervisors and auditors. The node keeps for whom each copy was made, and not the file.\n\nExample:\n\n  parley site copies\n"
}

// Run lists them.
func (c *siteCopiesCmd) Run(a *app) error {
	var out api.SiteCopies
	if err := c.get(a, "/v1/sites/copies", c.query(), &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	if len(out.Copies) == 0 {
		return a.said.say(a, catalogue.Say("list.no-copies"))
	}
	rows := [][]string{{"COPY", "FOR", "LEVEL", "SITES", "WHEN", "BY"}}
	for _, x := range out.Copies {
		rows = append(rows, []string{x.ID, x.For, a.said.code("givenlevel.", x.Level), strconv.Itoa(x.Sites), stamp(x.Time), x.Officer})
	}
	return table(a.stdout, a.said.table(rows))
}

type siteWhoseCopyCmd struct {
	remote
	File string `arg:"" help:"The list: any text with positions in degrees; - reads standard input."`
}

// Help shows how it is used.
func (siteWhoseCopyCmd) Help() string {
	return `For supervisors and auditors. The list may be a part, in any order, rounded, and without names. What it
says of itself is not looked at. A copy is named only where its marks speak clearly; one site is never
enough. It is a pointer and no proof: docs/reference/sites.md.

Example:

  parley site whose-copy found.txt
`
}

// Run asks the node.
func (c *siteWhoseCopyCmd) Run(a *app) error {
	data, err := readFile(a, c.File, sitecopy.MaxTextBytes)
	if err != nil {
		return err
	}
	cl, err := c.openSlow(a)
	if err != nil {
		return err
	}
	var out view.WhoseCopy
	if err := cl.do(a.ctx, http.MethodPost, "/v1/sites/whose-copy", c.query(), "text/plain", data, &out); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	t := a.said
	if out.Same != nil {
		t.line(a, catalogue.Say("copy.same", catalogue.SayIn("what", t.copyMessage(*out.Same))))
	}
	for _, s := range out.Named {
		t.line(a, catalogue.Say("copy.named", catalogue.SayIn("what", t.copyMessage(s.Copy))))
		t.under(a, scoreMessage(s))
		t.under(a, catalogue.Say("copy.chance", catalogue.AsCode("rate", oneIn(s.Chance))))
	}
	switch {
	case len(out.Named) > 1:
		t.line(a, catalogue.Say("copy.several"))
	case len(out.Named) == 0:
		return t.say(a, notNamed(out))
	}
	return t.say(a, catalogue.Say("copy.no-proof"))
}

func (t tongue) copyMessage(x view.SiteCopy) catalogue.Message {
	return catalogue.Say("copy.is", catalogue.AsCode("id", x.ID), catalogue.ByPeople("text", x.For), t.coded("what", "givenlevel.", x.Level), catalogue.At("stamp", catalogue.Stamp, x.Time), catalogue.ByPeople("officer", x.Officer))
}

func scoreMessage(s view.CopyScore) catalogue.Message {
	if s.WithinM == 0 {
		return catalogue.Say("copy.leans", catalogue.CountOf("count", s.Sites))
	}
	return catalogue.Say("copy.within", catalogue.CountOf("nr", s.Matched), catalogue.CountOf("count", s.Sites), catalogue.AsCode("length", fmt.Sprintf("%g m", s.WithinM)))
}

// oneIn says a small probability: one in so many.
func oneIn(p float64) string {
	if p < 1e-18 {
		return "10^18"
	}
	return fmt.Sprintf("%.2g", 1/p)
}

// notNamed says why nobody is named.
func notNamed(x view.WhoseCopy) catalogue.Message {
	switch {
	case x.Copies == 0:
		return catalogue.Say("copy.none-given")
	case x.Sites == 0:
		return catalogue.Say("copy.not-near")
	case 2*x.AsHeld > x.Sites:
		return catalogue.Say("copy.unmarked", catalogue.CountOf("nr", x.AsHeld), catalogue.CountOf("count", x.Sites))
	}
	return catalogue.Say("copy.unclear", catalogue.CountOf("count", x.Sites))
}
