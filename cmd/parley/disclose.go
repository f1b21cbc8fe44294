package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"parley/agreement"
	"parley/api"
	"parley/catalogue"
	"parley/cmd/parley/home"
	"parley/fault"
	"parley/geo4d"
	"parley/node/view"
)

type discloseCmd struct {
	remote
	Entry            []string `help:"An entry, as parley log names it." placeholder:"1/b#3"`
	About            []string `help:"A notice, conflict or incident by its id: every entry about it, of both parties." placeholder:"ID"`
	Kind             []string `help:"Only entries of this kind."`
	Party            string   `help:"Only entries of this party."`
	From             string   `help:"Only entries from this time on, by their author's clock." placeholder:"TIME"`
	Until            string   `help:"Only entries before this time." placeholder:"TIME"`
	Fields           []string `help:"The fields to show, or * for all that the other party was told." placeholder:"NAME,..."`
	Complete         bool     `help:"Add every other entry without any field: nothing is left out, and nothing of it is shown."`
	WithoutAgreement bool     `help:"Put the keys that both parties signed in the place of the agreement, which the file then does not show."`
	Keys             []string `help:"With --without-agreement: a file of such keys, beside those kept in the node's directory." placeholder:"FILE"`
	DryRun           bool     `help:"Write nothing; list what the file would show."`
	Out              string   `short:"o" help:"Where to write it; - for standard output." placeholder:"FILE"`
}

// Help shows how it is used.
func (discloseCmd) Help() string {
	return `The file shows the chosen fields of the chosen entries, and that they were delivered. The rest of both
transcripts is in it as hashes: how much there is, and nothing of what it says. Anyone can check it with
"parley verify", with no node and no server. The agreement is in the file, unless --without-agreement.

Look at what the file would show before it is written: what is once shown cannot be taken back.

Examples:

  parley disclose --about blue-7 --fields volumes,kind --dry-run
  parley disclose --about blue-7 --fields volumes,kind -o blue-7.bundle
  parley disclose --about blue-7 --fields kind --without-agreement -o blue-7.bundle
  parley disclose --kind call.hold --fields '*' --complete -o holds.bundle
`
}

// Run writes the file, or lists what it would show.
func (c *discloseCmd) Run(a *app) error {
	in, err := c.request(a)
	if err != nil {
		return err
	}
	body, err := json.Marshal(in)
	if err != nil {
		return fault.Wrap(fault.Internal, "disclose", err)
	}
	cl, err := c.open(a)
	if err != nil {
		return err
	}
	if c.DryRun {
		var v view.Disclosure
		if err := cl.do(a.ctx, http.MethodPost, "/v1/disclose/preview", c.query(), "application/json", body, &v); err != nil {
			return err
		}
		return c.preview(a, v)
	}
	resp, err := cl.send(a.ctx, http.MethodPost, "/v1/disclose", c.query(), "application/json", body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return saveBundle(a, &c.remote, cl, resp.Body, c.Out, catalogue.Say("wrote.check-and-see", catalogue.AsCode("command", fmt.Sprintf("parley verify %s; parley log --file %s", c.Out, c.Out))))
}

func (c *discloseCmd) request(a *app) (api.DiscloseRequest, error) {
	in := api.DiscloseRequest{Entries: c.Entry, About: c.About, Kinds: c.Kind, Party: c.Party, Fields: c.Fields, Complete: c.Complete, WithoutAgreement: c.WithoutAgreement}
	if c.Out == "" && !c.DryRun {
		return in, fault.New("out", "", "is missing", "name the file with -o, or list what it would show with --dry-run")
	}
	for _, t := range []struct {
		name, value string
		to          *time.Time
	}{{"from", c.From, &in.From}, {"until", c.Until, &in.Until}} {
		if t.value == "" {
			continue
		}
		at, err := geo4d.ParseTime(t.value)
		if err != nil {
			return in, fault.In(t.name, err)
		}
		*t.to = at
	}
	return in, c.addKeys(a, &in)
}

// addKeys takes the keys of the agreements: those kept in the directory, where there is one, and those named.
func (c *discloseCmd) addKeys(a *app, in *api.DiscloseRequest) error {
	if c.WithoutAgreement {
		kept, err := c.home().AllKeys()
		if err != nil {
			return err
		}
		in.Keys = kept
	}
	for _, path := range c.Keys {
		data, err := readFile(a, path, agreement.MaxBytes)
		if err != nil {
			return err
		}
		if _, err := agreement.OpenKeys(data); err != nil {
			return fault.In(path, err)
		}
		in.Keys = append(in.Keys, string(data))
	}
	return nil
}

func (c *discloseCmd) preview(a *app, v view.Disclosure) error {
	if c.JSON {
		return printJSON(a.stdout, v)
	}
	t := a.said
	for _, e := range v.Entries {
		said := []catalogue.Message{catalogue.Say("disclose.shows", catalogue.ByPeople("text", t.list(e.Shown)))}
		if len(e.Hidden) > 0 {
			said = append(said, catalogue.Say("disclose.hides", catalogue.ByPeople("text", t.list(e.Hidden))))
		}
		if err := say(a, fmt.Sprintf("%s  %-7s %s %s: ", stamp(e.Time), shortEntry(e.Entry), plain(e.Party), e.Kind)+t.Say(catalogue.Join(said...))); err != nil {
			return err
		}
	}
	if v.More > 0 {
		if err := t.say(a, catalogue.Say("disclose.more", catalogue.CountOf("count", int(v.More)))); err != nil {
			return err
		}
	}
	rest := catalogue.Say("disclose.hashes", catalogue.CountOf("count", int(v.Others)))
	if v.Complete {
		rest = catalogue.Say("disclose.sealed", catalogue.CountOf("count", int(v.Others)))
	}
	return t.say(a, rest)
}

func (t tongue) list(names []string) string {
	if len(names) == 0 {
		return t.Word("disclose.nothing")
	}
	return plain(strings.Join(names, ", "))
}

// saveBundle writes what a node sends to a file, whole or not at all, and says what to do with it.
func saveBundle(a *app, r *remote, cl *client, from io.Reader, path string, next catalogue.Message) error {
	var n int64
	write := func(w io.Writer) error {
		out := &counter{w: w, p: newProgress(a, func(n int) catalogue.Message { return catalogue.Say("progress.export", catalogue.CountOf("count", n)) })}
		_, err := io.Copy(out, from)
		n = out.n
		if err != nil {
			return &fault.Error{Code: fault.Unavailable, Field: "node", Value: cl.base, Rule: "did not send the whole file", Hint: "ask for it again", Err: err}
		}
		return nil
	}
	if path == "-" {
		return write(a.stdout)
	}
	if err := home.StreamFile(path, 0o600, write); err != nil {
		return err
	}
	if r.JSON {
		return printJSON(a.stdout, map[string]any{"file": path, "bytes": n})
	}
	return a.said.say(a, catalogue.Join(catalogue.Say("wrote.file", catalogue.AsCode("file", path), catalogue.CountOf("bytes", int(n))), next))
}
