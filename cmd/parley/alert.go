package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"

	"parley/alert"
	"parley/catalogue"
	"parley/cmd/parley/home"
	"parley/fault"
)

type alertCmd struct {
	List alertListCmd `cmd:"" help:"List the channels that tell alarms to people, and how they fare."`
	Test alertTestCmd `cmd:"" help:"Send a marked test message over the channels."`
}

// newAlerts returns the alerts of a directory's channels. Without a source they can be tested alone.
func newAlerts(a *app, h home.Home, node string, source alert.Source, log *slog.Logger) (*alert.Alerts, error) {
	channels, err := h.AlertChannels()
	if err != nil {
		return nil, err
	}
	cfg := alert.Config{Node: node, Channels: channels, Source: source, Rand: &lockedReader{r: a.rand}, Log: log,
		World: alert.World{Clock: a.clock, Dial: new(net.Dialer).DialContext, RunProgram: hookRunner{a, h.Dir}.run, ReadFile: h.AlertFile}}
	if source != nil {
		cfg.Save = h.SaveAlertState
		if cfg.State, err = h.AlertState(); err != nil {
			log.Warn("what the alert channels were told cannot be read: all that lasts is told again", "err", err)
		}
	}
	alerts, err := alert.New(cfg)
	return alerts, fault.In("alerts.json", err)
}

type alertTestCmd struct {
	where
	Channel string `help:"The one channel to test; all of them where it is not given." placeholder:"NAME"`
	JSON    bool   `name:"json" help:"Print JSON."`
}

// Help shows how it is used.
func (alertTestCmd) Help() string {
	return `Whoever gets the message reads TEST first. The node need not run: this program sends it, with the
settings in alerts.json. It exits with status 5 where a channel did not deliver.

Examples:

  parley alert test
  parley alert test --channel pager
`
}

type alertTested struct {
	Channel string `json:"channel"`
	OK      bool   `json:"ok"`
	Error   string `json:"error,omitzero"`
}

// Run tests the channels.
func (c *alertTestCmd) Run(a *app) error {
	h := c.home()
	cfg, err := h.Config()
	if err != nil {
		return err
	}
	channels, err := someChannels(h)
	if err != nil {
		return err
	}
	alerts, err := newAlerts(a, h, cfg.Party, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	names := []string{c.Channel}
	if c.Channel == "" {
		names = nil
		for _, ch := range channels {
			names = append(names, ch.Name)
		}
	}
	var failed error
	tested := []alertTested{}
	for _, name := range names {
		err := alerts.Test(a.ctx, name)
		if fault.Is(err, fault.NotFound) {
			return err
		}
		one := alertTested{Channel: name, OK: err == nil}
		if err != nil {
			one.Error = plain(err.Error())
		} else if !c.JSON {
			if err := a.said.say(a, catalogue.Say("channel.delivered", catalogue.ByPeople("text", name))); err != nil {
				return err
			}
		}
		failed = errors.Join(failed, err)
		tested = append(tested, one)
	}
	if !c.JSON {
		return failed
	}
	if err := printJSON(a.stdout, map[string]any{"channels": tested}); err != nil {
		return err
	}
	if failed != nil {
		return exitUnavail
	}
	return nil
}

// someChannels returns the channels of a directory that has some.
func someChannels(h home.Home) ([]alert.Channel, error) {
	channels, err := h.AlertChannels()
	if err == nil && len(channels) == 0 {
		err = &fault.Error{Code: fault.NotFound, Field: "alerts.json", Value: fault.Shorten(h.Dir), Rule: "names no channel, so alarms reach the console alone",
			Hint: "write one; see docs/guides/alarms.md"}
	}
	return channels, err
}

type alertListCmd struct {
	where
	JSON bool `name:"json" help:"Print JSON."`
}

// Help shows how it is used.
func (alertListCmd) Help() string {
	return `How the channels fare is as the running node last noted it, or the one that ran last.

Example:

  parley alert list
`
}

type alertListed struct {
	alert.Channel
	Status *alert.Status `json:"status"` // null: no node ran with it yet
}

// Run lists the channels.
func (c *alertListCmd) Run(a *app) error {
	h := c.home()
	channels, err := someChannels(h)
	if err != nil {
		return err
	}
	state, err := h.AlertState()
	if err != nil {
		return err
	}
	var statuses []alert.Status
	if state != nil {
		if statuses, err = alert.ReadStatus(state); err != nil {
			return fault.In("alerts-told.json", err)
		}
	}
	var out []alertListed
	for _, ch := range channels {
		one := alertListed{Channel: ch}
		for i := range statuses {
			if statuses[i].Name == ch.Name {
				one.Status = &statuses[i]
			}
		}
		out = append(out, one)
	}
	if c.JSON {
		return printJSON(a.stdout, map[string]any{"channels": out})
	}
	return printChannels(a, out)
}

func printChannels(a *app, list []alertListed) error {
	t := a.said
	rows := [][]string{{"CHANNEL", "TYPE", "CONTENT", "LEVELS", "KINDS", "QUIET", "DELIVERED", "FAILED", "WAITING", "ERROR"}}
	var failing []catalogue.Message
	for _, ch := range list {
		kinds, quiet := t.Word("channel.all"), "-"
		if len(ch.Kinds) > 0 {
			kinds = strings.Join(ch.Kinds, ",")
		}
		if ch.Quiet != nil {
			quiet = t.Say(catalogue.Say("show.window-open", catalogue.AsCode("moment", ch.Quiet.From), catalogue.AsCode("moment2", ch.Quiet.Until)))
		}
		var st alert.Status
		if ch.Status != nil {
			st = *ch.Status
		}
		problem := st.Error
		if problem == "" {
			problem = st.Remark
		}
		if problem == "" {
			problem = "-"
		}
		content := t.code("content.", string(ch.Content))
		if ch.Observer != "" {
			content = t.Word("role.observer") + " " + ch.Observer
		}
		rows = append(rows, []string{ch.Name, t.code("channel.", ch.Type()), content, fmt.Sprintf("1-%d", ch.UpToLevel), kinds, quiet,
			stamp(st.DeliveredAt), stamp(st.FailedAt), fmt.Sprint(st.Waiting), problem})
		for _, f := range st.Failing {
			elsewhere := "channel.nowhere"
			if f.Elsewhere {
				elsewhere = "channel.elsewhere"
			}
			failing = append(failing, catalogue.Say("channel.failed", catalogue.ByPeople("text", ch.Name), catalogue.AsCode("id", f.Alarm), catalogue.CountOf("level", f.Level), catalogue.CountOf("count", f.Tries), catalogue.Word("what", elsewhere),
				catalogue.RefusedFor("refusal", f.Error)))
		}
	}
	if err := table(a.stdout, t.table(rows)); err != nil {
		return err
	}
	for _, line := range failing {
		if err := t.say(a, line); err != nil {
			return err
		}
	}
	return nil
}

// runAlerts tells the alarms of a node until ctx ends. Whatever happens to it, the line goes on.
func runAlerts(ctx context.Context, alerts *alert.Alerts, log *slog.Logger) error {
	err := alerts.Run(ctx)
	if ctx.Err() == nil && err != nil {
		log.Error("alarms are not told beside the console any more", "err", err)
		<-ctx.Done()
	}
	return context.Cause(ctx)
}
