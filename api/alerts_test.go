package api

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"testing"

	"parley/alert"
	"parley/api/officer"
	"parley/fault"
)

// channels are alert channels of which one works.
type channels struct{ tested []string }

func (c *channels) Status() []alert.Status {
	return []alert.Status{{Name: "pager", Told: 1, Failing: []alert.Failing{}}, {Name: "ops", Error: "does not answer", Waiting: 1,
		Failing: []alert.Failing{{Alarm: "store", Level: 1, Tries: 2, Error: "does not answer", Elsewhere: true}}}}
}

func (c *channels) Test(_ context.Context, name string) error {
	c.tested = append(c.tested, name)
	switch name {
	case "pager":
		return nil
	case "ops":
		return fault.In("ops", fault.Newf(fault.Unavailable, "127.0.0.1:1", "does not answer"))
	}
	return &fault.Error{Code: fault.NotFound, Field: "channel", Value: name, Rule: "is not a channel of this node"}
}

func TestAlertChannels(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	if none := want[AlertChannels](t, blue, officer.Observer, "GET", "/v1/alerts", "", ""); none.Channels == nil || len(none.Channels) != 0 {
		t.Errorf("%+v", none)
	}
	if status, body := blue.ask(t, officer.Duty, "POST", "/v1/alerts/test", typeJSON, `{"channel":"pager"}`); status != http.StatusNotFound || !strings.Contains(string(body), "it has none") {
		t.Errorf("%d %s", status, body)
	}
	c := &channels{}
	h, err := New(Config{Node: blue.node, Officers: blue.books, Audit: blue.audit, Rand: rand.Reader, Clock: systemClock(), Log: quietLog(), Alerts: c, Version: "test", Instance: "blue2"})
	if err != nil {
		t.Fatal(err)
	}
	blue.h = h
	list := want[AlertChannels](t, blue, officer.Observer, "GET", "/v1/alerts", "", "")
	if len(list.Channels) != 2 || list.Channels[1].Failing[0].Alarm != "store" {
		t.Errorf("%+v", list)
	}
	if ok := want[AlertTested](t, blue, officer.Duty, "POST", "/v1/alerts/test", typeJSON, `{"channel":"pager"}`); !ok.OK || ok.Error != "" {
		t.Errorf("%+v", ok)
	}
	if bad := want[AlertTested](t, blue, officer.Supervisor, "POST", "/v1/alerts/test", typeJSON, `{"channel":"ops"}`); bad.OK || !strings.Contains(bad.Error, "does not answer") {
		t.Errorf("%+v", bad)
	}
	if status, _ := blue.ask(t, officer.Duty, "POST", "/v1/alerts/test", typeJSON, `{"channel":"other"}`); status != http.StatusNotFound {
		t.Errorf("%d", status)
	}
	if status, _ := blue.ask(t, officer.Planner, "POST", "/v1/alerts/test", typeJSON, `{"channel":"pager"}`); status != http.StatusForbidden || len(c.tested) != 3 {
		t.Errorf("a planner: %d, tested %v", status, c.tested)
	}
}
