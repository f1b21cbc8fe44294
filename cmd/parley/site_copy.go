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
		return say(a, fmt.Sprintf("copy %s for %s: %s, level %s, in %s", x.ID, x.For, count(x.Sites, "site"), x.Level, c.Out)+withoutPlace(x))
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
	t, err := c.tongue()
	if err != nil {
		return err
	}
	t.printRelease(a, r)
	t.line(a, catalogue.Say("site.copy-then", catalogue.AsCode("command", "--release "+r.ID)))
	return nil
}

func withoutPlace(x view.SiteCopy) string {
	if x.WithoutPlace == 0 {
		return ""
	}
	return fmt.Sprintf("; %d of them have a place in words alone and are NOT in it", x.WithoutPlace)
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
		return say(a, "no copy was given")
	}
	rows := [][]string{{"COPY", "FOR", "LEVEL", "SITES", "WHEN", "BY"}}
	for _, x := range out.Copies {
		rows = append(rows, []string{x.ID, x.For, x.Level, strconv.Itoa(x.Sites), stamp(x.Time), x.Officer})
	}
	return table(a.stdout, rows)
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
	if out.Same != nil {
		fmt.Fprintf(a.stdout, "the file is, byte for byte, copy %s\n", copyWords(*out.Same))
	}
	for _, s := range out.Named {
		fmt.Fprintf(a.stdout, "copy %s\n  %s\n  by chance any copy would be named for at most %s\n", copyWords(s.Copy), scoreWords(s), oneIn(s.Chance))
	}
	switch {
	case len(out.Named) > 1:
		fmt.Fprintln(a.stdout, "several copies were put together")
	case len(out.Named) == 0:
		return say(a, notNamed(out))
	}
	return say(a, "a pointer and no proof: whoever had the copy may have passed it on, and who has this node's key can make any")
}

func copyWords(x view.SiteCopy) string {
	return plain(fmt.Sprintf("%s: made for %s, level %s, %s by %s", x.ID, x.For, x.Level, stamp(x.Time), x.Officer))
}

func scoreWords(s view.CopyScore) string {
	if s.WithinM == 0 {
		return fmt.Sprintf("the positions near %s lean the way that this copy's marks do: rounded, blurred or averaged", count(s.Sites, "site"))
	}
	return fmt.Sprintf("%d of %s are within %g m of where this copy has them", s.Matched, count(s.Sites, "site"), s.WithinM)
}

// oneIn says a small probability in words.
func oneIn(p float64) string {
	if p < 1e-18 {
		return "one list in 10^18"
	}
	return fmt.Sprintf("one list in %.2g", 1/p)
}

// notNamed says why nobody is named.
func notNamed(x view.WhoseCopy) string {
	switch {
	case x.Copies == 0:
		return "cannot tell: no copy with a mark was given"
	case x.Sites == 0:
		return "cannot tell: no position of it is near an own site"
	case 2*x.AsHeld > x.Sites:
		return fmt.Sprintf("cannot tell: at %d of %s it has the place that this node and the other party hold, without a mark", x.AsHeld, count(x.Sites, "site"))
	}
	return fmt.Sprintf("cannot tell: what it has near %s speaks for no copy clearly", count(x.Sites, "site"))
}
