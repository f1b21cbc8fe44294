package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/agreement"
	"parley/audit"
	"parley/fault"
	"parley/node"
	"parley/node/view"
	"parley/notice"
)

// Observed is what an observer that the agreement names is shown of its line, at its level. What it holds is
// written out here, member by member: nothing that a view holds reaches an observer by itself.
type Observed struct {
	Line      string             `json:"line"`
	Observer  string             `json:"observer"`
	Level     agreement.Level    `json:"level"`
	At        time.Time          `json:"at"`
	State     string             `json:"state"` // of the line
	Notices   []ObservedNotice   `json:"notices"`
	Conflicts []ObservedConflict `json:"conflicts"`
	Alarms    []ObservedAlarm    `json:"alarms"` // that have gone to the observers
}

// ObservedNotice is a live notice. Entry is its name: what people call it is free text.
type ObservedNotice struct {
	Entry string         `json:"entry"`
	Party string         `json:"party"`
	State notice.State   `json:"state"`
	Steps []ObservedStep `json:"steps"`
	// From the level volume on.
	Kind    notice.Kind    `json:"kind,omitzero"`
	Start   time.Time      `json:"start,omitzero"`
	End     time.Time      `json:"end,omitzero"`
	Volumes jsontext.Value `json:"volumes,omitzero"`
	// At the level full alone.
	Whole *view.Notice `json:"whole,omitzero"`
}

// ObservedStep is a step of a notice's ladder and its deadline.
type ObservedStep struct {
	Name      string    `json:"name"`
	By        string    `json:"by"`
	Due       time.Time `json:"due,omitzero"`
	Done      bool      `json:"done"`
	Missed    bool      `json:"missed"`
	Escalated string    `json:"escalated,omitzero"`
}

// ObservedConflict is a conflict that is not over.
type ObservedConflict struct {
	ID    string `json:"id"`
	State string `json:"state"`
	Owned bool   `json:"owned"` // an officer took it
	A     string `json:"a"`     // the notices' entries
	B     string `json:"b"`
	// From the level volume on.
	From      time.Time `json:"from,omitzero"`
	Until     time.Time `json:"until,omitzero"`
	LateralM  *float64  `json:"lateral_m,omitzero"`
	VerticalM *float64  `json:"vertical_m,omitzero"`
	TimeS     *float64  `json:"time_s,omitzero"`
	// At the level full alone.
	Whole *view.Conflict `json:"whole,omitzero"`
}

// ObservedAlarm is an alarm that has gone to the observers.
type ObservedAlarm struct {
	ID    string    `json:"id"`
	Kind  string    `json:"kind"`
	Level int       `json:"level"`
	Since time.Time `json:"since,omitzero"`
	Due   time.Time `json:"due,omitzero"`
	Text  string    `json:"text,omitzero"` // at the level full alone
}

// observerRoutes are those of observers whom the agreement names.
func observerRoutes() []route {
	return []route{read("/v1/observed", (*api).getObserved)}
}

// mayObserve says which routes an observer of the agreement reads: what shows the line at its level, and what
// is the same for everybody. Every other is refused, also one that was made since.
func mayObserve() []string {
	return []string{"/v1/catalogue", "/v1/observed", "/v1/openapi.yaml", "/v1/phrases"}
}

// observing refuses an observer what is not for it.
func observing(c *call) error {
	if c.who.Observes == "" || c.r.Method == http.MethodGet && slices.Contains(mayObserve(), c.rt.Path) {
		return nil
	}
	return &fault.Error{Code: fault.Denied, Field: "observer", Value: c.who.Observes, Rule: "reads nothing here", Hint: "read /v1/observed"}
}

// observed returns the line on which an observer reads, and its level there. Of several the caller names one.
func (a *api) observed(ctx context.Context, line, name string) (view.Line, agreement.Level, error) {
	lines, err := a.cfg.Node.Lines(ctx)
	if err != nil {
		return view.Line{}, "", err
	}
	var at []view.Line
	var level agreement.Level
	for _, ln := range lines {
		if line != "" && line != ln.ID && line != ln.Peer {
			continue
		}
		versions, err := a.cfg.Node.Agreements(ctx, ln.ID)
		if err != nil {
			return view.Line{}, "", err
		}
		o, ok := versions[len(versions)-1].Terms.Observer(name)
		if ok && o.Disclosure != "" && ln.InForce {
			at, level = append(at, ln), o.Disclosure
		}
	}
	switch len(at) {
	case 0:
		return view.Line{}, "", &fault.Error{Code: fault.NotFound, Field: "observer", Value: fault.Shorten(name), Rule: "is no observer whom an agreement in force here gives a level", Hint: "see parley agreement explain"}
	case 1:
		return at[0], level, nil
	}
	return view.Line{}, "", fault.New("line", "", "is needed: the observer reads on several", "give its id or the other party's name")
}

// getObserved shows an observer its line. An own officer who names one sees what that one is shown.
func (a *api) getObserved(c *call) (any, error) {
	q, err := c.query("line", "observer")
	if err != nil {
		return nil, err
	}
	name := c.who.Observes
	if name == "" {
		name = q["observer"]
	} else if q["observer"] != "" && q["observer"] != name {
		return nil, &fault.Error{Code: fault.Denied, Field: "observer", Value: fault.Shorten(q["observer"]), Rule: "is another observer", Hint: "leave it out"}
	}
	ctx := c.r.Context()
	ln, level, err := a.observed(ctx, q["line"], name)
	if err != nil {
		return nil, err
	}
	out := Observed{Line: ln.ID, Observer: name, Level: level, At: a.cfg.Clock.Now().UTC(), State: ln.State, Notices: []ObservedNotice{}, Conflicts: []ObservedConflict{}, Alarms: []ObservedAlarm{}}
	notices, err := a.cfg.Node.Notices(ctx, node.Filter{Line: ln.ID, Live: true, Body: true})
	if err != nil {
		return nil, err
	}
	see := &sight{line: ln.ID}
	for i := range notices {
		out.Notices = append(out.Notices, observedNotice(&notices[i], level))
		see.notices = append(see.notices, audit.Notice{Party: notices[i].Party, ID: notices[i].ID, Version: notices[i].Version})
	}
	conflicts, err := a.cfg.Node.Conflicts(ctx, ln.ID, false)
	if err != nil {
		return nil, err
	}
	for i := range conflicts {
		out.Conflicts = append(out.Conflicts, observedConflict(&conflicts[i], level))
		see.ids = append(see.ids, conflicts[i].ID)
	}
	alarms, err := a.cfg.Node.Alarms(ctx)
	if err != nil {
		return nil, err
	}
	for _, al := range alarms {
		if al.Line == ln.ID && al.Escalated == "observers" {
			out.Alarms = append(out.Alarms, observedAlarm(al, level))
		}
	}
	return out, a.shown(c, "observed at "+string(level), see, true)
}

func observedNotice(n *view.Notice, level agreement.Level) ObservedNotice {
	out := ObservedNotice{Entry: n.First, Party: n.Party, State: n.State, Steps: []ObservedStep{}}
	for _, r := range n.Ladder {
		out.Steps = append(out.Steps, ObservedStep{r.Name, r.By, r.Due, r.Done != nil, r.Missed, r.Gone})
	}
	if level.AtLeast(agreement.Volume) {
		out.Kind, out.Start, out.End = n.Kind, n.Start, n.End
		var body struct {
			Volumes jsontext.Value `json:"volumes"`
		}
		if json.Unmarshal(n.Body, &body) == nil { // a notice in words alone has none
			out.Volumes = body.Volumes
		}
	}
	if level == agreement.Full {
		out.Whole = n
	}
	return out
}

func observedConflict(x *view.Conflict, level agreement.Level) ObservedConflict {
	out := ObservedConflict{ID: x.ID, State: x.State, Owned: len(x.Owners) > 0, A: x.A.First, B: x.B.First}
	if level.AtLeast(agreement.Volume) {
		out.From, out.Until, out.LateralM, out.VerticalM, out.TimeS = x.From, x.Until, x.LateralM, x.VerticalM, x.TimeS
	}
	if level == agreement.Full {
		out.Whole = x
	}
	return out
}

// observedAlarm leaves out of an alarm what names a place or a person.
func observedAlarm(al view.Alarm, level agreement.Level) ObservedAlarm {
	out := ObservedAlarm{ID: al.ID, Kind: al.Kind, Level: al.Level, Since: al.Since, Due: al.Due}
	if level == agreement.Full {
		out.Text = al.Text
	}
	return out
}
