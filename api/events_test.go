package api

import (
	"bufio"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"parley/api/officer"
	"parley/fault"
	"parley/internal/clock"
	"parley/node/view"
)

func systemClock() clock.Clock { return clock.System{} }

func quietLog() *slog.Logger { return slog.New(slog.DiscardHandler) }

// listener reads one stream of events.
type listener struct {
	lines *bufio.Scanner
	stop  func()
}

// serve serves a desk's API on a real listener until the test ends.
func serve(t *testing.T, d *desk) (base string) {
	t.Helper()
	ln, err := Listen(t.Context(), "127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, ln, d.h, clock.System{}, quietLog()) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != context.Canceled {
			t.Errorf("Serve: %v", err)
		}
	})
	return "http://" + ln.Addr().String()
}

func hear(t *testing.T, d *desk, base, last string) *listener {
	t.Helper()
	return hearAs(t, d.tokens[officer.Observer], base, last)
}

func hearAs(t *testing.T, token, base, last string) *listener {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, "GET", base+"/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != typeEvents {
		t.Fatalf("events: %s", resp.Status)
	}
	l := &listener{lines: bufio.NewScanner(resp.Body), stop: func() { cancel(); resp.Body.Close() }}
	t.Cleanup(l.stop)
	return l
}

// next returns the id, name and data of the next event.
func (l *listener) next(t *testing.T) (id, name, data string) {
	t.Helper()
	for l.lines.Scan() {
		field, value, _ := strings.Cut(l.lines.Text(), ": ")
		switch field {
		case "id":
			id = value
		case "event":
			name = value
		case "data":
			data = value
		case "":
			if id != "" {
				return id, name, data
			}
		}
	}
	t.Fatal("the stream ended")
	return
}

func TestEventsResume(t *testing.T) {
	blue, _, _ := pair(t, Limits{Heartbeat: 1_000_000})
	base := serve(t, blue)
	first := hear(t, blue, base, "")
	want[view.Call](t, blue, officer.Duty, "POST", "/v1/calls", typeJSON, `{"type":"query","text":"one","language":"en"}`)
	id, name, _ := first.next(t)
	for name != "call" {
		id, name, _ = first.next(t)
	}
	first.stop()
	want[view.Call](t, blue, officer.Duty, "POST", "/v1/calls", typeJSON, `{"type":"query","text":"two","language":"en"}`)
	again := hear(t, blue, base, id)
	id2, name, data := again.next(t)
	for ; name != "call"; id2, name, data = again.next(t) {
		if name == "reset" {
			t.Fatal("nothing was lost, and the reader was told so")
		}
	}
	if !strings.Contains(data, "query") || id2 == id {
		t.Errorf("after %s came %s %s", id, id2, data)
	}
	// Everything that is kept; a run of the node that is over; a number that was never given.
	if got, name, _ := hear(t, blue, base, "0").next(t); got != "blue1.1" || name == "reset" {
		t.Errorf("from the start: %s %s", got, name)
	}
	for _, last := range []string{"other.1", "blue1.1000000"} {
		if _, name, _ := hear(t, blue, base, last).next(t); name != "reset" {
			t.Errorf("Last-Event-ID %s: %s, want reset", last, name)
		}
	}
	if status, _ := blue.ask(t, officer.Duty, "GET", "/v1/events?after=nonsense", "", ""); status != http.StatusBadRequest {
		t.Errorf("an id that is none: %d", status)
	}
	if last := again; !last.lines.Scan() {
		t.Error("the stream ended without being told to")
	}
}

func TestStreamsAreBounded(t *testing.T) {
	blue, _, _ := pair(t, Limits{Streams: 2})
	base := serve(t, blue)
	hear(t, blue, base, "")
	hear(t, blue, base, "")
	if status, _ := blue.ask(t, officer.Observer, "GET", "/v1/events", "", ""); status != http.StatusTooManyRequests {
		t.Errorf("a third stream: %d", status)
	}
}

func TestListenStaysOnTheLoopbackWithoutTLS(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.net:0"} {
		if ln, err := Listen(t.Context(), address, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("Listen(%s): %v, %v", address, ln, err)
		}
	}
}
