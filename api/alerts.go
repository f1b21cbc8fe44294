package api

import (
	"context"

	"parley/alert"
	"parley/api/officer"
	"parley/fault"
)

// Alerts are the channels that tell alarms to people beside the console.
type Alerts interface {
	Status() []alert.Status
	// Test sends a marked message that tells of no alarm over one channel.
	Test(ctx context.Context, channel string) error
}

// AlertChannels is the answer to GET /v1/alerts.
type AlertChannels struct {
	Channels []alert.Status `json:"channels"`
}

// AlertTestRequest names the channel to test.
type AlertTestRequest struct {
	Channel string `json:"channel"`
}

// AlertTested says whether a channel delivered the test, and why not.
type AlertTested struct {
	Channel string `json:"channel"`
	OK      bool   `json:"ok"`
	Error   string `json:"error,omitzero"`
}

func alertRoutes(desk []officer.Role) []route {
	return []route{
		read("/v1/alerts", (*api).getAlerts),
		do("/v1/alerts/test", desk, (*api).postAlertTest),
	}
}

func (a *api) getAlerts(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	out := AlertChannels{Channels: []alert.Status{}}
	if a.cfg.Alerts != nil {
		out.Channels = append(out.Channels, a.cfg.Alerts.Status()...)
	}
	return out, nil
}

func (a *api) postAlertTest(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	var in AlertTestRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	if a.cfg.Alerts == nil {
		return nil, &fault.Error{Code: fault.NotFound, Field: "channel", Value: fault.Shorten(in.Channel), Rule: "is not a channel of this node: it has none",
			Hint: "write alerts.json and start the node anew; see docs/guides/alarms.md"}
	}
	err := a.cfg.Alerts.Test(c.r.Context(), in.Channel)
	if fault.Is(err, fault.NotFound) {
		return nil, err
	}
	a.done(c, "alerts.test", in.Channel)
	out := AlertTested{Channel: in.Channel, OK: err == nil}
	if err != nil {
		out.Error = err.Error()
	}
	return out, nil
}
