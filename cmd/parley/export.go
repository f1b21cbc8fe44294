package main

import (
	"net/http"

	"parley/catalogue"
)

type exportCmd struct {
	remote
	Out string `short:"o" required:"" help:"Where to write it; - for standard output." placeholder:"FILE"`
}

// Help shows how it is used.
func (exportCmd) Help() string {
	return `The file holds the agreements, both transcripts with what this node may show, the heads and the
receipts. Anyone can check it with "parley verify", with no node and no server.

Example:

  parley export -o blue.bundle
`
}

// Run writes the bundle.
func (c *exportCmd) Run(a *app) error {
	cl, err := c.open(a)
	if err != nil {
		return err
	}
	resp, err := cl.send(a.ctx, http.MethodGet, "/v1/export", c.query(), "", nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return saveBundle(a, &c.remote, cl, resp.Body, c.Out, catalogue.Say("wrote.check", catalogue.AsCode("command", "parley verify "+c.Out)))
}
