package main

import (
	"fmt"

	"parley/api"
	"parley/node/view"
)

type noticeReadBackCmd struct {
	remote
	ID    string `arg:"" help:"The notice's id, or the number of its NOTAM."`
	Lines string `arg:"" optional:"" default:"-" help:"A file with what was read back, a line for each field; - for standard input."`
	Voice bool   `help:"It was said to the other party's officer. Without this it was entered from your own map."`
}

// Help shows how it is used.
func (noticeReadBackCmd) Help() string {
	return `Enter place, altitudes and times anew from your own map, or as the other officer said them; do not
copy them from the screen. The node compares, and both parties see what differs: positions by more
than 100 m, times by more than 1 minute, altitudes by more than 100 ft.

Example:

  parley notice read-back red-3 <<END
  position: 35 24.600 N 035 57.000 E
  radius: 9260 m
  lower: open
  upper: FL 240
  from: 24 1805 Z
  until: 24 1935 Z
  END
`
}

// maxReadBack is how long a read-back may be, in bytes.
const maxReadBack = 64 << 10

// Run compares.
func (c *noticeReadBackCmd) Run(a *app) error {
	text, err := readFile(a, c.Lines, maxReadBack)
	if err != nil {
		return err
	}
	by := "map"
	if c.Voice {
		by = "voice"
	}
	return c.climb(a, "/v1/read-back", api.ReadBackRequest{ID: c.ID, By: by, Text: string(text)})
}

type noticeRelayCmd struct {
	remote
	ID     string `arg:"" help:"The notice's id, or the number of its NOTAM."`
	Unit   string `required:"" help:"The unit that was told." placeholder:"NAME"`
	Means  string `required:"" help:"How it was told: radio, phone, in person." placeholder:"WORDS"`
	Remark string `help:"A remark for the record."`
}

// Help shows how it is used.
func (noticeRelayCmd) Help() string {
	return `That the office has a notice does not mean that the unit has it. Both parties see what you say here.

Example:

  parley notice relay red-3 --unit "patrol 3" --means radio
`
}

// Run says it.
func (c *noticeRelayCmd) Run(a *app) error {
	return c.climb(a, "/v1/relay", api.RelayRequest{ID: c.ID, Unit: c.Unit, Means: c.Means, Remark: c.Remark})
}

type noticeUnitCmd struct {
	remote
	ID     string `arg:"" help:"The notice's id, or the number of its NOTAM."`
	Unit   string `required:"" help:"The unit whose word it is." placeholder:"NAME"`
	Unable string `help:"It cannot keep clear, and why. Without this it has the notice and keeps clear." placeholder:"WHY"`
}

// Help shows how it is used.
func (noticeUnitCmd) Help() string {
	return `Examples:

  parley notice unit red-3 --unit "patrol 3"
  parley notice unit red-3 --unit "patrol 3" --unable "cannot leave the road before 19:00Z"
`
}

// Run says it.
func (c *noticeUnitCmd) Run(a *app) error {
	return c.climb(a, "/v1/unit", api.UnitRequest{ID: c.ID, Unit: c.Unit, Unable: c.Unable != "", Reason: c.Unable})
}

// climb says a step of the ladder and prints what the ladder is now.
func (r *remote) climb(a *app, path string, in any) error {
	var n view.Notice
	if err := r.post(a, path, r.query(), in, &n); err != nil {
		return err
	}
	if r.JSON {
		return printJSON(a.stdout, n)
	}
	t := a.said
	fmt.Fprintln(a.stdout, plain(t.noticeName(n)))
	return table(a.stdout, t.ladder(n.Ladder))
}

// rungWords says who took a step and how.
