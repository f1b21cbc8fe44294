package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"time"

	"parley/api"
	"parley/fault"
	"parley/geo4d"
	"parley/node/view"
	"parley/review"
	"parley/statement"
)

type incidentCmd struct {
	Open incidentOpenCmd `cmd:"" help:"Open an incident over a range of time and notices, and freeze their evidence at both nodes."`
	List incidentListCmd `cmd:"" help:"List the incidents."`
	Show incidentShowCmd `cmd:"" help:"Show one incident."`
	Item reviewItemCmd   `cmd:"" help:"Add an item to the timeline, or a new version of an own one."`
	reviewVerbs
}

type teamCmd struct {
	Open teamOpenCmd `cmd:"" help:"Open a joint team with a goal in words."`
	List teamListCmd `cmd:"" help:"List the joint teams."`
	Show teamShowCmd `cmd:"" help:"Show one team."`
	reviewVerbs
}

// reviewVerbs are the commands that incidents and teams share.
type reviewVerbs struct {
	Member    reviewMemberCmd    `cmd:"" help:"Name a member of this party, or say that he left."`
	Finding   reviewFindingCmd   `cmd:"" help:"Add a finding, or a new version of an own one."`
	Undertake reviewUndertakeCmd `cmd:"" help:"Say who does what by when, or a new version of it."`
	Report    reviewReportCmd    `cmd:"" help:"Say how far an own undertaking is."`
	Done      reviewDoneCmd      `cmd:"" help:"Say that an own undertaking is done."`
	Agree     reviewAgreeCmd     `cmd:"" help:"Agree to what the other side said."`
	Dispute   reviewDisputeCmd   `cmd:"" help:"Dispute what the other side said, with the own version."`
	NotKnown  reviewNotKnownCmd  `cmd:"" help:"Say that this side cannot say."`
	Close     reviewCloseCmd     `cmd:"" help:"Say that this side adds nothing more."`
	Minutes   reviewMinutesCmd   `cmd:"" help:"Draft a joint statement whose text is the record as it stands."`
}

// told posts something of a review and prints the review as it then stands.
func (r *remote) told(a *app, path string, in any) error {
	var out view.JointReview
	if err := r.post(a, path, r.query(), in, &out); err != nil {
		return err
	}
	if r.JSON {
		return printJSON(a.stdout, out)
	}
	return printReview(a, out)
}

type incidentOpenCmd struct {
	remote
	Title  string   `arg:"" help:"What it is about, in a few words."`
	From   string   `required:"" help:"The beginning of the range whose evidence is frozen, with its offset." placeholder:"TIME"`
	Until  string   `required:"" help:"Its end." placeholder:"TIME"`
	Notice []string `help:"A notice, of either party, whose evidence is frozen too, wherever it is; where both use an id, as PARTY:ID." placeholder:"ID"`
}

// Help shows how it is used.
func (incidentOpenCmd) Help() string {
	return `What is frozen is in every later export of either side, with every head and receipt held. It stays so
after the incident is closed.

Example:

  parley incident open 'loss of an aircraft off Latakia' --from 2018-09-17T17:30:00Z --until 2018-09-17T21:00:00Z --notice r-1
`
}

// Run opens it.
func (c *incidentOpenCmd) Run(a *app) error {
	in := api.IncidentRequest{Title: c.Title, Notices: c.Notice}
	if err := times(&timed{"from", c.From, &in.From}, &timed{"until", c.Until, &in.Until}); err != nil {
		return err
	}
	return c.told(a, "/v1/incidents", in)
}

// timed is a time as it was typed, and where it goes; "" is none.
type timed struct {
	field, text string
	to          *time.Time
}

// times reads times with their offsets.
func times(list ...*timed) error {
	for _, t := range list {
		if t.text == "" {
			continue
		}
		at, err := geo4d.ParseTime(t.text)
		if err != nil {
			return fault.In(t.field, err)
		}
		*t.to = at
	}
	return nil
}

type teamOpenCmd struct {
	remote
	Title string `arg:"" help:"Its name."`
	Goal  string `arg:"" help:"What it is to bring about, in words."`
}

// Help shows how it is used.
func (teamOpenCmd) Help() string {
	return "Example:\n\n  parley team open 'fords' 'no two columns meet at a ford unannounced'\n"
}

// Run opens it.
func (c *teamOpenCmd) Run(a *app) error {
	return c.told(a, "/v1/teams", api.TeamRequest{Title: c.Title, Goal: c.Goal})
}

type incidentListCmd struct{ remote }

// Help shows how it is used.
func (incidentListCmd) Help() string { return "Example:\n\n  parley incident list\n" }

// Run lists them.
func (c *incidentListCmd) Run(a *app) error {
	var out api.Incidents
	if err := c.get(a, "/v1/incidents", c.query(), &out); err != nil {
		return err
	}
	return c.listed(a, out, out.Incidents)
}

type teamListCmd struct{ remote }

// Help shows how it is used.
func (teamListCmd) Help() string { return "Example:\n\n  parley team list\n" }

// Run lists them.
func (c *teamListCmd) Run(a *app) error {
	var out api.Teams
	if err := c.get(a, "/v1/teams", c.query(), &out); err != nil {
		return err
	}
	return c.listed(a, out, out.Teams)
}

type incidentShowCmd struct {
	remote
	ID string `arg:"" help:"The entry that opened it, as 1/a#12."`
}

// Help shows how it is used.
func (incidentShowCmd) Help() string { return "Example:\n\n  parley incident show 1/a#12\n" }

// Run shows it.
func (c *incidentShowCmd) Run(a *app) error {
	var out api.Incidents
	if err := c.get(a, "/v1/incidents", c.query("id", c.ID), &out); err != nil {
		return err
	}
	return c.shown(a, out.Incidents)
}

type teamShowCmd struct {
	remote
	ID string `arg:"" help:"The entry that opened it, as 1/a#12."`
}

// Help shows how it is used.
func (teamShowCmd) Help() string { return "Example:\n\n  parley team show 1/a#12\n" }

// Run shows it.
func (c *teamShowCmd) Run(a *app) error {
	var out api.Teams
	if err := c.get(a, "/v1/teams", c.query("id", c.ID), &out); err != nil {
		return err
	}
	return c.shown(a, out.Teams)
}

// linking are the flags that link to entries and to evidence outside the line.
type linking struct {
	Link   []string `sep:"none" help:"An entry that shows it, as 1/b#3." placeholder:"ENTRY"`
	File   []string `sep:"none" help:"A file that shows it: its SHA-256 goes on the record, with what it is and who keeps it." placeholder:"FILE=WORDS"`
	SHA256 []string `sep:"none" name:"sha256" help:"The same where only the SHA-256 is here." placeholder:"DIGEST=WORDS"`
}

func (l *linking) links(a *app) ([]view.Link, error) {
	var out []view.Link
	for _, entry := range l.Link {
		out = append(out, view.Link{Entry: entry})
	}
	for _, x := range l.File {
		path, words, ok := strings.Cut(x, "=")
		if !ok {
			return nil, fault.New("file", x, "must be followed by = and what it is", "write recording.wav='the tower, kept by R'")
		}
		digest, err := digestOf(path)
		if err != nil {
			return nil, err
		}
		out = append(out, view.Link{SHA256: digest, Description: words})
	}
	for _, x := range l.SHA256 {
		digest, words, _ := strings.Cut(x, "=")
		out = append(out, view.Link{SHA256: digest, Description: words})
	}
	return out, nil
}

// digestOf returns the SHA-256 of a file.
func digestOf(path string) (string, error) {
	f, err := openFile(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", &fault.Error{Code: fault.Unavailable, Field: "file", Value: fault.Shorten(path), Rule: "cannot be read", Err: err}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// amending are the two ways to say where something goes.
type amending struct {
	Of        string `arg:"" help:"The incident or the team, by the entry that opened it; or the own version that this stands for, with --instead."`
	Text      string `arg:"" help:"What it says."`
	InsteadOf bool   `name:"instead" help:"It stands for an own version, which is named first. The earlier one stays, and this one needs a new answer."`
}

func (m *amending) names() (of, insteadOf string) {
	if m.InsteadOf {
		return "", m.Of
	}
	return m.Of, ""
}

type reviewItemCmd struct {
	remote
	amending
	At    string `required:"" help:"When it happened, with its offset." placeholder:"TIME"`
	Until string `help:"The end, where it took time." placeholder:"TIME"`
	Clock string `required:"" help:"By whose clock: a party's name, or in words." placeholder:"WHOSE"`
	linking
}

// Help shows how it is used.
func (reviewItemCmd) Help() string {
	return `An item says what happened and when, and not whose doing it was. The other side agrees, disputes it with
its own version, or cannot say; until then it is one-sided.

Example:

  parley incident item 1/a#12 'the aircraft is off radar' --at 2018-09-17T19:07:00Z --clock r --link 1/a#7
  parley incident item 1/a#20 'the aircraft is off radar, 15 on board' --instead --at 2018-09-17T19:07:00Z --clock r
`
}

// Run adds it.
func (c *reviewItemCmd) Run(a *app) error {
	in := api.ItemRequest{Text: c.Text, Clock: c.Clock}
	in.Of, in.InsteadOf = c.names()
	if err := times(&timed{"at", c.At, &in.From}, &timed{"until", c.Until, &in.Until}); err != nil {
		return err
	}
	var err error
	if in.Links, err = c.links(a); err != nil {
		return err
	}
	return c.told(a, "/v1/reviews/item", in)
}

type reviewFindingCmd struct {
	remote
	amending
	linking
}

// Help shows how it is used.
func (reviewFindingCmd) Help() string {
	return "It is this side's alone until the other agrees to it.\n\nExample:\n\n  parley incident finding 1/a#12 'words alone name no place' --link 1/a#20\n  parley team finding 1/a#12 'words alone name no place' --link 1/a#20\n"
}

// Run adds it.
func (c *reviewFindingCmd) Run(a *app) error {
	in := api.FindingRequest{Text: c.Text}
	in.Of, in.InsteadOf = c.names()
	var err error
	if in.Links, err = c.links(a); err != nil {
		return err
	}
	return c.told(a, "/v1/reviews/finding", in)
}

type reviewUndertakeCmd struct {
	remote
	amending
	Owner  string `required:"" help:"Whose party does it." placeholder:"PARTY"`
	Role   string `required:"" help:"Who there: a role or an office." placeholder:"WHO"`
	Due    string `required:"" help:"By when: a time with its offset, or a duration from now." placeholder:"TIME"`
	Remind string `help:"From when both desks are reminded; 48 hours before it is due where it is left out." placeholder:"TIME"`
}

// Help shows how it is used.
func (reviewUndertakeCmd) Help() string {
	return `What the other party is to do binds once that party agrees to it. What both agreed to is changed by both.
Both desks are reminded before it is due and alarmed after it.

Example:

  parley team undertake 1/a#30 'mark the ford at night' --owner blue --role engineers --due 2026-12-08T12:00:00Z
  parley incident undertake 1/a#30 'mark the ford at night' --owner blue --role engineers --due 2026-12-08T12:00:00Z
`
}

// Run says it.
func (c *reviewUndertakeCmd) Run(a *app) error {
	in := api.UndertakingRequest{Text: c.Text, Owner: c.Owner, OwnerRole: c.Role}
	in.Of, in.InsteadOf = c.names()
	for _, t := range []timed{{"due", c.Due, &in.Due}, {"remind", c.Remind, &in.Remind}} {
		if t.text == "" {
			continue
		}
		at, err := a.when(t.field, t.text)
		if err != nil {
			return err
		}
		*t.to = at
	}
	return c.told(a, "/v1/reviews/undertaking", in)
}

type reviewReportCmd struct {
	remote
	Undertaking string `arg:"" help:"The undertaking, by its entry."`
	Text        string `arg:"" help:"How far it is."`
}

// Help shows how it is used.
func (reviewReportCmd) Help() string {
	return "Example:\n\n  parley team report 1/b#8 'two of four posts are up'\n  parley incident report 1/b#8 'two of four posts are up'\n"
}

// Run reports.
func (c *reviewReportCmd) Run(a *app) error {
	return c.told(a, "/v1/reviews/report", api.ReportRequest{Undertaking: c.Undertaking, Text: c.Text})
}

type reviewDoneCmd struct {
	remote
	Undertaking string `arg:"" help:"The undertaking, by its entry."`
	Text        string `arg:"" help:"What was done."`
}

// Help shows how it is used.
func (reviewDoneCmd) Help() string {
	return "The other side agrees to that, or disputes it.\n\nExample:\n\n  parley team done 1/b#8 'all four posts are up'\n  parley incident done 1/b#8 'all four posts are up'\n"
}

// Run reports it done.
func (c *reviewDoneCmd) Run(a *app) error {
	return c.told(a, "/v1/reviews/report", api.ReportRequest{Undertaking: c.Undertaking, Text: c.Text, Done: true})
}

type reviewAgreeCmd struct {
	remote
	Entry string `arg:"" help:"The item, finding, undertaking or report, by its entry."`
	Text  string `arg:"" optional:"" help:"A remark."`
}

// Help shows how it is used.
func (reviewAgreeCmd) Help() string {
	return "Of an undertaking that is reported done, the report is agreed to.\n\nExample:\n\n  parley incident agree 1/a#20\n  parley team agree 1/a#20\n"
}

// Run agrees.
func (c *reviewAgreeCmd) Run(a *app) error {
	return c.told(a, "/v1/reviews/answer", api.ReviewAnswerRequest{Entry: c.Entry, Answer: review.Agree, Text: c.Text})
}

type reviewDisputeCmd struct {
	remote
	Entry string `arg:"" help:"The item, finding, undertaking or report, by its entry."`
	Text  string `arg:"" help:"The own version, in words."`
	linking
}

// Help shows how it is used.
func (reviewDisputeCmd) Help() string {
	return "Example:\n\n  parley incident dispute 1/a#21 'over ten minutes before' --link 1/b#3\n  parley team dispute 1/a#21 'over ten minutes before' --link 1/b#3\n"
}

// Run disputes.
func (c *reviewDisputeCmd) Run(a *app) error {
	links, err := c.links(a)
	if err != nil {
		return err
	}
	return c.told(a, "/v1/reviews/answer", api.ReviewAnswerRequest{Entry: c.Entry, Answer: review.Dispute, Text: c.Text, Links: links})
}

type reviewNotKnownCmd struct {
	remote
	Entry string `arg:"" help:"The item, finding, undertaking or report, by its entry."`
	Text  string `arg:"" optional:"" help:"Why, or what is being asked."`
}

// Help shows how it is used.
func (reviewNotKnownCmd) Help() string {
	return "It stays one-sided.\n\nExample:\n\n  parley incident not-known 1/a#22\n  parley team not-known 1/a#22\n"
}

// Run says so.
func (c *reviewNotKnownCmd) Run(a *app) error {
	return c.told(a, "/v1/reviews/answer", api.ReviewAnswerRequest{Entry: c.Entry, Answer: review.NotKnown, Text: c.Text})
}

type reviewMemberCmd struct {
	remote
	Of     string `arg:"" help:"The incident or the team, by the entry that opened it."`
	Member string `arg:"" help:"His name, which both sides then see."`
	Task   string `help:"What he is there for." placeholder:"WORDS"`
	Left   bool   `help:"He left."`
}

// Help shows how it is used.
func (reviewMemberCmd) Help() string {
	return "Example:\n\n  parley team member 1/a#30 'the engineer' --task 'the fords'\n  parley incident member 1/a#30 'the engineer' --task 'the fords'\n"
}

// Run says so.
func (c *reviewMemberCmd) Run(a *app) error {
	return c.told(a, "/v1/reviews/member", api.MemberRequest{Of: c.Of, Member: c.Member, Task: c.Task, Left: c.Left})
}

type reviewCloseCmd struct {
	remote
	Of   string `arg:"" help:"The incident or the team, by the entry that opened it."`
	Text string `arg:"" optional:"" help:"A remark."`
}

// Help shows how it is used.
func (reviewCloseCmd) Help() string {
	return `It is closed once both sides have said so. Answers and reports on undertakings still pass, and what is
frozen stays frozen.

Example:

  parley incident close 1/a#12
  parley team close 1/a#12
`
}

// Run closes it.
func (c *reviewCloseCmd) Run(a *app) error {
	return c.told(a, "/v1/reviews/close", api.CloseReviewRequest{Of: c.Of, Text: c.Text})
}

type reviewMinutesCmd struct {
	remote
	Of  string `arg:"" help:"The incident or the team, by the entry that opened it."`
	Out string `short:"o" default:"-" help:"Where to write it." placeholder:"FILE"`
}

// Help shows how it is used.
func (reviewMinutesCmd) Help() string {
	return `Agreed, disputed and one-sided items stand apart in it. Edit it, add the text in the other languages of the
line, and sign it as any statement; minutes count once both parties have signed the same bytes.

Example:

  parley incident minutes 1/a#12 -o minutes.json
  parley team minutes 1/a#12 -o minutes.json
  parley statement propose minutes.json
`
}

// Run writes the draft.
func (c *reviewMinutesCmd) Run(a *app) error {
	var s statement.Statement
	if err := c.get(a, "/v1/reviews/minutes", c.query("id", c.Of), &s); err != nil {
		return err
	}
	data, err := s.Draft()
	if err != nil {
		return err
	}
	return output(a, c.Out, data)
}
