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
	"parley/node/body"
	"parley/node/view"
	"parley/notice"
)

// Observed is what an observer that the agreement names is shown of its line, at its level. What it holds is
// written out here, member by member: nothing that a view holds reaches an observer by itself.
type Observed struct {
	Line     string          `json:"line"`
	Observer string          `json:"observer"`
	Level    agreement.Level `json:"level"`
	At       time.Time       `json:"at"`
	ObservedLine
	Notices    []ObservedNotice     `json:"notices"`
	Conflicts  []ObservedConflict   `json:"conflicts"`
	Calls      []ObservedCall       `json:"calls"`      // hold and distress that are not over
	Statements []ObservedStatement  `json:"statements"` // that both parties agreed
	Alarms     []view.ObservedAlarm `json:"alarms"`     // that have come to the observer
}

// ObservedLine is how the line stands.
type ObservedLine struct {
	State string    `json:"state"`
	Since time.Time `json:"since,omitzero"`
	// Cause is why it is down, where that is known.
	Cause string `json:"cause,omitzero"`
	// PeerDesk and OwnDesk are whether the desks are manned: of the other party, and of the party whose node this is.
	PeerDesk string `json:"peer_desk"`
	OwnDesk  string `json:"own_desk"`
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

// ObservedCall is a hold or a distress call that is not over.
type ObservedCall struct {
	Entry     string    `json:"entry"`
	Party     string    `json:"party"`
	Type      string    `json:"type"`
	Time      time.Time `json:"time"`
	State     string    `json:"state"`
	Exercise  bool      `json:"exercise,omitzero"`
	Due       time.Time `json:"due,omitzero"` // by when it must be answered; zero: it was
	Escalated string    `json:"escalated,omitzero"`
	Review    time.Time `json:"review,omitzero"` // of a hold: when it lapses
	// From the level volume on.
	Position *[2]float64 `json:"position,omitzero"` // longitude and latitude, degrees, WGS 84
	LastSeen time.Time   `json:"last_seen,omitzero"`
	Persons  int         `json:"persons,omitzero"`
	// At the level full alone.
	Whole *view.Call `json:"whole,omitzero"`
}

// ObservedStatement is a statement that both parties agreed.
type ObservedStatement struct {
	Entry string    `json:"entry"` // that proposed it: its id could be guessed from a text
	At    time.Time `json:"at"`    // when it was agreed
	State string    `json:"state"`
	// At the level full alone.
	Whole *view.Statement `json:"whole,omitzero"`
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
	out := Observed{Line: ln.ID, Observer: name, Level: level, At: a.cfg.Clock.Now().UTC(), ObservedLine: observedLine(ln),
		Notices: []ObservedNotice{}, Conflicts: []ObservedConflict{}, Calls: []ObservedCall{}, Statements: []ObservedStatement{}, Alarms: []view.ObservedAlarm{}}
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
	if err := a.observedWords(ctx, &out, see); err != nil {
		return nil, err
	}
	alarms, err := a.cfg.Node.ObservedAlarms(ctx, name)
	if err != nil {
		return nil, err
	}
	for _, al := range alarms {
		if al.Line == ln.ID {
			out.Alarms = append(out.Alarms, al)
		}
	}
	return out, a.shown(c, "observed at "+string(level), see, true)
}

// observedWords adds what was called and stated.
func (a *api) observedWords(ctx context.Context, out *Observed, see *sight) error {
	calls, err := a.cfg.Node.Calls(ctx, out.Line)
	if err != nil {
		return err
	}
	for i := range calls {
		if c := &calls[i]; (c.Type == body.Hold || c.Type == body.Distress) && !c.Over {
			out.Calls = append(out.Calls, observedCall(c, out.Level))
			see.ids = append(see.ids, c.Entry)
		}
	}
	list, err := a.cfg.Node.Statements(ctx, node.StatementFilter{Line: out.Line, Agreed: true})
	if err != nil {
		return err
	}
	for i := range list.Statements {
		if s := &list.Statements[i]; s.AgreedAt != nil && len(s.Signatures) > 0 {
			out.Statements = append(out.Statements, observedStatement(s, out.Level))
			see.ids = append(see.ids, s.ID)
		}
	}
	return nil
}

func observedLine(ln view.Line) ObservedLine {
	return ObservedLine{State: ln.State, Since: ln.Since, Cause: ln.Cause, PeerDesk: ln.PeerDesk.State, OwnDesk: ln.OwnDesk.State}
}

func observedCall(c *view.Call, level agreement.Level) ObservedCall {
	out := ObservedCall{Entry: c.Entry, Party: c.Party, Type: c.Type, Time: c.Time, State: c.State, Exercise: c.Exercise, Due: c.Due, Escalated: c.Escalated, Review: c.Review}
	if level.AtLeast(agreement.Volume) {
		out.Position, out.LastSeen, out.Persons = c.Position, c.LastSeen, c.Persons
	}
	if level == agreement.Full {
		out.Whole = c
	}
	return out
}

func observedStatement(s *view.Statement, level agreement.Level) ObservedStatement {
	out := ObservedStatement{Entry: s.Signatures[0].Entry, At: *s.AgreedAt, State: s.State}
	if level == agreement.Full {
		out.Whole = s
	}
	return out
}

func observedNotice(n *view.Notice, level agreement.Level) ObservedNotice {
	out := ObservedNotice{Entry: n.First, Party: n.Party, State: n.State, Steps: []ObservedStep{}}
	for _, r := range n.Ladder {
		step := ObservedStep{r.Name, r.By, r.Due, r.Done != nil, r.Missed, r.Gone}
		if !r.Missed && !level.AtLeast(agreement.Volume) {
			step.Due = time.Time{} // some are due so long before the start
		}
		out.Steps = append(out.Steps, step)
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
