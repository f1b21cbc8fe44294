package api

import (
	"context"
	"time"

	"parley/api/officer"
	"parley/node"
	"parley/node/view"
	"parley/review"
	"parley/statement"
)

// Reviewer is what the API needs of a node for incidents and joint teams.
type Reviewer interface {
	Reviews(ctx context.Context, kind, line, id string) ([]view.JointReview, error)
	OpenIncident(ctx context.Context, who node.Officer, line string, in node.Opening) (view.JointReview, error)
	OpenTeam(ctx context.Context, who node.Officer, line, title, goal string) (view.JointReview, error)
	AddItem(ctx context.Context, who node.Officer, line string, in node.Itemizing) (view.JointReview, error)
	AddFinding(ctx context.Context, who node.Officer, line, of, insteadOf, text string, links []view.Link) (view.JointReview, error)
	Undertake(ctx context.Context, who node.Officer, line string, in node.Undertaking) (view.JointReview, error)
	ReportOn(ctx context.Context, who node.Officer, line, undertaking, text string, done bool) (view.JointReview, error)
	AnswerInReview(ctx context.Context, who node.Officer, line, entry, answer, text string, links []view.Link) (view.JointReview, error)
	SetMember(ctx context.Context, who node.Officer, line, of, member, task string, left bool) (view.JointReview, error)
	CloseReview(ctx context.Context, who node.Officer, line, of, text string) (view.JointReview, error)
	DraftMinutes(ctx context.Context, kind, line, id string) (statement.Statement, error)
}

// Incidents is the answer to GET /v1/incidents.
type Incidents struct {
	Incidents []view.JointReview `json:"incidents"`
}

// Teams is the answer to GET /v1/teams.
type Teams struct {
	Teams []view.JointReview `json:"teams"`
}

// IncidentRequest opens an incident.
type IncidentRequest struct {
	Title   string    `json:"title"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"`
	Notices []string  `json:"notices,omitzero"` // ids; where both parties use one, as party:id
}

// TeamRequest opens a joint team.
type TeamRequest struct {
	Title string `json:"title"`
	Goal  string `json:"goal"`
}

// ItemRequest adds an item to an incident, or a new version of an own one.
type ItemRequest struct {
	Of        string      `json:"of,omitzero"`
	InsteadOf string      `json:"instead_of,omitzero"`
	Text      string      `json:"text"`
	From      time.Time   `json:"from"`
	Until     time.Time   `json:"until,omitzero"`
	Clock     string      `json:"clock"`
	Links     []view.Link `json:"links,omitzero"`
}

// FindingRequest adds a finding, or a new version of an own one.
type FindingRequest struct {
	Of        string      `json:"of,omitzero"`
	InsteadOf string      `json:"instead_of,omitzero"`
	Text      string      `json:"text"`
	Links     []view.Link `json:"links,omitzero"`
}

// UndertakingRequest says who does what by when, or a new version of it.
type UndertakingRequest struct {
	Of        string    `json:"of,omitzero"`
	InsteadOf string    `json:"instead_of,omitzero"`
	Text      string    `json:"text"`
	Owner     string    `json:"owner"` // the party
	OwnerRole string    `json:"owner_role"`
	Due       time.Time `json:"due"`
	Remind    time.Time `json:"remind,omitzero"`
}

// ReportRequest says how far an own undertaking is.
type ReportRequest struct {
	Undertaking string `json:"undertaking"`
	Text        string `json:"text"`
	Done        bool   `json:"done,omitzero"`
}

// ReviewAnswerRequest answers what the other side said in an incident or a team.
type ReviewAnswerRequest struct {
	Entry  string      `json:"entry"`
	Answer string      `json:"answer"` // agree, dispute, not known
	Text   string      `json:"text,omitzero"`
	Links  []view.Link `json:"links,omitzero"`
}

// MemberRequest names a member of the own party, or says that he left.
type MemberRequest struct {
	Of     string `json:"of"`
	Member string `json:"member"`
	Task   string `json:"task,omitzero"`
	Left   bool   `json:"left,omitzero"`
}

// CloseReviewRequest says that the own side adds nothing more.
type CloseReviewRequest struct {
	Of   string `json:"of"`
	Text string `json:"text,omitzero"`
}

// reviewRoutes are those of incidents and teams. A reviewer may add what is his side's word and no more:
// items, findings and reports. What binds the party takes a supervisor.
func reviewRoutes() []route {
	lead := []officer.Role{officer.Supervisor}
	adds := []officer.Role{officer.Supervisor, officer.Reviewer}
	return []route{
		read("/v1/incidents", (*api).getIncidents),
		do("/v1/incidents", lead, (*api).postIncident),
		read("/v1/teams", (*api).getTeams),
		do("/v1/teams", lead, (*api).postTeam),
		do("/v1/reviews/item", adds, (*api).postItem),
		do("/v1/reviews/finding", adds, (*api).postFinding),
		do("/v1/reviews/report", adds, (*api).postReport),
		do("/v1/reviews/undertaking", lead, (*api).postUndertaking),
		do("/v1/reviews/answer", lead, (*api).postReviewAnswer),
		do("/v1/reviews/member", lead, (*api).postMember),
		do("/v1/reviews/close", lead, (*api).postCloseReview),
		read("/v1/reviews/minutes", (*api).getMinutes),
	}
}

func (a *api) getIncidents(c *call) (any, error) {
	list, err := a.reviews(c, review.KindIncident)
	return Incidents{list}, err
}

func (a *api) getTeams(c *call) (any, error) {
	list, err := a.reviews(c, review.KindTeam)
	return Teams{list}, err
}

func (a *api) reviews(c *call, kind string) ([]view.JointReview, error) {
	q, err := c.query("line", "id")
	if err != nil {
		return nil, err
	}
	return a.cfg.Node.Reviews(c.r.Context(), kind, q["line"], q["id"])
}

// reviewed reads a request, does it and notes it.
func reviewed[T any](a *api, c *call, what string, do func(line string, in T) (view.JointReview, error)) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	var in T
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	r, err := do(q["line"], in)
	if err != nil {
		return nil, err
	}
	a.done(c, what, r.Entry)
	return r, nil
}

func (a *api) postIncident(c *call) (any, error) {
	return reviewed(a, c, review.KindIncident, func(line string, in IncidentRequest) (view.JointReview, error) {
		return a.cfg.Node.OpenIncident(c.r.Context(), c.officer(), line, node.Opening(in))
	})
}

func (a *api) postTeam(c *call) (any, error) {
	return reviewed(a, c, review.KindTeam, func(line string, in TeamRequest) (view.JointReview, error) {
		return a.cfg.Node.OpenTeam(c.r.Context(), c.officer(), line, in.Title, in.Goal)
	})
}

func (a *api) postItem(c *call) (any, error) {
	return reviewed(a, c, review.KindItem, func(line string, in ItemRequest) (view.JointReview, error) {
		return a.cfg.Node.AddItem(c.r.Context(), c.officer(), line, node.Itemizing(in))
	})
}

func (a *api) postFinding(c *call) (any, error) {
	return reviewed(a, c, review.KindFinding, func(line string, in FindingRequest) (view.JointReview, error) {
		return a.cfg.Node.AddFinding(c.r.Context(), c.officer(), line, in.Of, in.InsteadOf, in.Text, in.Links)
	})
}

func (a *api) postUndertaking(c *call) (any, error) {
	return reviewed(a, c, review.KindUndertaking, func(line string, in UndertakingRequest) (view.JointReview, error) {
		return a.cfg.Node.Undertake(c.r.Context(), c.officer(), line, node.Undertaking(in))
	})
}

func (a *api) postReport(c *call) (any, error) {
	return reviewed(a, c, review.KindReport, func(line string, in ReportRequest) (view.JointReview, error) {
		return a.cfg.Node.ReportOn(c.r.Context(), c.officer(), line, in.Undertaking, in.Text, in.Done)
	})
}

func (a *api) postReviewAnswer(c *call) (any, error) {
	return reviewed(a, c, review.KindAnswer, func(line string, in ReviewAnswerRequest) (view.JointReview, error) {
		return a.cfg.Node.AnswerInReview(c.r.Context(), c.officer(), line, in.Entry, in.Answer, in.Text, in.Links)
	})
}

func (a *api) postMember(c *call) (any, error) {
	return reviewed(a, c, review.KindMember, func(line string, in MemberRequest) (view.JointReview, error) {
		return a.cfg.Node.SetMember(c.r.Context(), c.officer(), line, in.Of, in.Member, in.Task, in.Left)
	})
}

func (a *api) postCloseReview(c *call) (any, error) {
	return reviewed(a, c, review.KindClosed, func(line string, in CloseReviewRequest) (view.JointReview, error) {
		return a.cfg.Node.CloseReview(c.r.Context(), c.officer(), line, in.Of, in.Text)
	})
}

// getMinutes drafts the minutes of an incident or a team as a joint statement.
func (a *api) getMinutes(c *call) (any, error) {
	q, err := c.query("line", "id")
	if err != nil {
		return nil, err
	}
	s, err := a.cfg.Node.DraftMinutes(c.r.Context(), "", q["line"], q["id"])
	if err != nil {
		return nil, err
	}
	return s, a.shown(c, "minutes", &sight{line: s.Line, ids: s.About}, false)
}
