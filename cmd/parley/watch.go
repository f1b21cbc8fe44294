package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"parley/fault"
	"parley/node/view"
)

type lineWatchCmd struct {
	remote
	FromStart bool          `help:"Begin with what is kept of what happened since the node was started."`
	Until     []string      `help:"End when an event of this kind comes: entry, call, delivered, conflict, conflict-over, alarm, alarm-over, line, watch." placeholder:"KIND"`
	Contains  string        `help:"With --until: only an event whose text or id has this in it." placeholder:"TEXT"`
	Timeout   time.Duration `help:"With --until: fail when none came in this time." placeholder:"30s"`
}

// Help shows how it is used.
func (lineWatchCmd) Help() string {
	return `Where the connection is lost it is made again, and what was missed is shown.

Examples:

  parley line watch
  parley line watch --from-start --until conflict --timeout 30s
`
}

// Run shows events until it is interrupted, or the one that is waited for comes.
func (c *lineWatchCmd) Run(a *app) error {
	cl, err := c.open(a)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(a.ctx)
	if c.Timeout > 0 {
		ctx, cancel = context.WithTimeout(a.ctx, c.Timeout)
	}
	defer cancel()
	s := &stream{client: cl}
	if c.FromStart {
		s.last = "0"
	}
	err = s.follow(a, ctx, func(e view.Event) (bool, error) { return c.show(a, e) })
	if ctx.Err() != nil && a.ctx.Err() == nil {
		return &fault.Error{Code: fault.Unavailable, Field: "event", Value: strings.Join(c.Until, ", "), Rule: "did not come in " + c.Timeout.String(), Hint: "wait longer: --timeout"}
	}
	if cancelled(a.ctx, err) {
		return nil
	}
	return err
}

func (c *lineWatchCmd) show(a *app, e view.Event) (over bool, err error) {
	if c.JSON {
		data, err := json.Marshal(e)
		if err != nil {
			return true, fault.Wrap(fault.Internal, "print", err)
		}
		_, err = fmt.Fprintf(a.stdout, "%s\n", data)
		if err != nil {
			return true, fault.Wrap(fault.Unavailable, "print", err)
		}
	} else if _, err := fmt.Fprintf(a.stdout, "%s  %-13s %s\n", stamp(e.Time), e.Kind, plain(e.Text)); err != nil {
		return true, fault.Wrap(fault.Unavailable, "print", err)
	}
	return slices.Contains(c.Until, e.Kind) && (strings.Contains(e.Text, c.Contains) || strings.Contains(e.ID, c.Contains)), nil
}

// stream reads the node's events and comes back where it was cut off.
type stream struct {
	client *client
	last   string // the id of the last event read
	lost   func() // called where events are gone; may be nil
}

const redial = time.Second

// maxEventBytes bounds one line of a stream.
const maxEventBytes = 1 << 20

// follow hands every event to each until it says that it is over, or ctx ends.
func (s *stream) follow(a *app, ctx context.Context, each func(view.Event) (over bool, err error)) error {
	for first := true; ; first = false {
		over, err := s.read(ctx, each)
		switch {
		case over || ctx.Err() != nil:
			return err
		case err != nil && (first || !fault.Is(err, fault.Unavailable)):
			return err
		}
		tick, stop := a.clock.Timer(redial)
		select {
		case <-tick:
		case <-ctx.Done():
			stop()
			return context.Cause(ctx)
		}
	}
}

// read reads one connection to its end.
func (s *stream) read(ctx context.Context, each func(view.Event) (bool, error)) (over bool, err error) {
	var q map[string][]string
	if s.last != "" {
		q = map[string][]string{"after": {s.last}}
	}
	resp, err := s.client.send(ctx, http.MethodGet, "/v1/events", q, "", nil)
	if err != nil {
		return false, err
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, maxEventBytes)
	var id, name, data string
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "id":
			id = value
		case "event":
			name = value
		case "data":
			data = value
		case "":
			if over, err := s.event(id, name, data, each); over || err != nil {
				return over, err
			}
			id, name, data = "", "", ""
		}
	}
	return false, nil
}

func (s *stream) event(id, name, data string, each func(view.Event) (bool, error)) (bool, error) {
	if id == "" {
		return false, nil // a comment
	}
	s.last = id
	if name == "reset" {
		if s.lost != nil {
			s.lost()
		}
		return false, nil
	}
	var e view.Event
	if err := json.Unmarshal([]byte(data), &e); err != nil {
		return true, &fault.Error{Code: fault.Unavailable, Field: "event", Rule: "cannot be read", Hint: "use the same version of parley as the node", Err: err}
	}
	return each(e)
}
