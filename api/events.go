package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"

	"parley/fault"
	"parley/node/view"
)

// getEvents streams what happens at the node. Each event carries an id, "<instance>.<number>"; a
// reader who comes back with it in Last-Event-ID (or in after) gets what he missed; "0" asks for
// everything that is kept. Where that
// cannot be given whole, since the node was started anew or he was away too long, the first event
// is "reset": read again what is shown, then go on.
func (a *api) getEvents(c *call) (any, error) {
	q, err := c.query("after")
	if err != nil {
		return nil, err
	}
	from := c.r.Header.Get("Last-Event-ID")
	if from == "" {
		from = q["after"]
	}
	after, reset, err := a.resume(from)
	if err != nil {
		return nil, err
	}
	if err := a.enterStream(c.who.Name); err != nil {
		return nil, err
	}
	defer a.leaveStream(c.who.Name)
	if err := a.shown(c, "events", &sight{ids: []string{"from " + strconv.FormatInt(after, 10)}}, false); err != nil {
		return nil, err
	}
	c.begin(typeEvents)
	a.extend(c.w)
	c.w.WriteHeader(http.StatusOK)
	return nil, a.stream(c, after, reset)
}

// resume says after which event a stream begins, and whether the reader must look anew.
func (a *api) resume(from string) (after int64, reset bool, err error) {
	last := a.cfg.Node.LastEvent()
	if from == "" {
		return last, false, nil
	}
	if from == "0" {
		return 0, false, nil // everything that is kept
	}
	instance, num, ok := strings.Cut(from, ".")
	n, perr := strconv.ParseInt(num, 10, 64)
	if !ok || perr != nil || n < 0 {
		return 0, false, fault.New("last-event-id", from, "is not the id of an event", "give the id of the last event read, or none")
	}
	if instance != a.cfg.Instance || n > last {
		return last, true, nil
	}
	return n, false, nil
}

func (a *api) enterStream(name string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.streams[name] >= a.limits.Streams {
		return &fault.Error{Code: fault.TooMany, Field: "streams", Rule: fmt.Sprintf("are at most %d of one officer at once", a.limits.Streams), Hint: "close one"}
	}
	a.streams[name]++
	return nil
}

func (a *api) leaveStream(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.streams[name]--; a.streams[name] == 0 {
		delete(a.streams, name)
	}
}

// stream writes events and, where none come, comments that keep the connection known to be alive.
func (a *api) stream(c *call, after int64, reset bool) error {
	ctx, stop := context.WithCancel(c.r.Context())
	events := make(chan view.Event)
	var pull sync.WaitGroup
	pull.Go(func() {
		defer close(events)
		for e := range a.cfg.Node.Events(ctx, after) {
			select {
			case events <- e:
			case <-ctx.Done():
				return
			}
		}
	})
	defer pull.Wait()
	defer stop()
	if reset {
		if err := a.write(c, "event: reset\nid: "+a.eventID(after)+"\ndata: {}\n\n"); err != nil {
			return err
		}
	} else if err := a.write(c, ": parley\n\n"); err != nil {
		return err
	}
	ending := closing(ctx)
	told := &told{}
	defer func() { told.write(a, c) }()
	for {
		tick, drop := a.cfg.Clock.Timer(a.limits.Heartbeat)
		var err error
		select {
		case e, ok := <-events:
			drop()
			if !ok {
				return nil
			}
			err = a.event(c, &after, e)
			told.add(a, c, e)
		case <-tick:
			told.write(a, c)
			if a.authenticate(c) != nil {
				return nil // the officer was removed, or what he is known by is over
			}
			err = a.write(c, ": heartbeat\n\n")
		case <-ending:
			drop()
			return nil
		case <-ctx.Done():
			drop()
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// told is what a stream told since that was last written to the audit log.
type told struct {
	list []*sight
	n    int
}

// toldMost is how many events are written together at most.
const toldMost = 100

// add takes an event that went out. Where the stream was opened is on the log already; what it told
// follows at the next heartbeat, or sooner.
func (t *told) add(a *api, c *call, e view.Event) {
	switch e.Kind {
	case "entry", "call", "conflict", "alarm":
	default:
		return // of the line, the watch, or what is over
	}
	s := sights{list: t.list}
	s.id(e.Line, e.Kind+" "+e.ID)
	t.list, t.n = s.list, t.n+1
	if t.n >= toldMost {
		t.write(a, c)
	}
}

func (t *told) write(a *api, c *call) {
	whole := *c
	whole.r = c.r.WithContext(context.WithoutCancel(c.r.Context())) // also when the reader has gone
	for _, s := range t.list {
		_ = a.shown(&whole, "events", s, true) // said in the log where it fails; the events went out
	}
	t.list, t.n = nil, 0
}

func (a *api) eventID(seq int64) string { return a.cfg.Instance + "." + strconv.FormatInt(seq, 10) }

// event writes one event, after a reset where the numbers show that some are gone.
func (a *api) event(c *call, last *int64, e view.Event) error {
	text := ""
	if e.Seq != *last+1 && *last != 0 {
		text = "event: reset\nid: " + a.eventID(e.Seq-1) + "\ndata: {}\n\n"
	}
	*last = e.Seq
	a.sayEvent(c, &e)
	data, err := json.Marshal(e, json.Deterministic(true))
	if err != nil {
		return fault.Wrap(fault.Internal, "api.event", err)
	}
	return a.write(c, text+"event: "+e.Kind+"\nid: "+a.eventID(e.Seq)+"\ndata: "+string(data)+"\n\n")
}

func (a *api) write(c *call, text string) error {
	a.extend(c.w)
	if _, err := c.w.Write([]byte(text)); err != nil {
		return err
	}
	return http.NewResponseController(c.w).Flush()
}
