package node

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"parley/agreement"
	"parley/catalogue"
	"parley/fault"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/store"
	"parley/transcript/ledger"
)

// releasePrefix is where commands that wait for a second officer lie in the store, and what became of
// them, by number.
const releasePrefix = "desk/release/"

// releaseWithin is how long a prepared command may wait.
const releaseWithin = time.Hour

// maxReleases bounds how many wait at once.
const maxReleases = 100

// rolePlanner is the role of who files notices and does not sit at the desk.
const rolePlanner = "planner"

// prepared is a command with what it takes to say it.
type prepared struct {
	view.Release
	Event   notice.Event `json:"event,omitzero"`   // of a notice
	Version int          `json:"version,omitzero"` // the notice's newest when it was prepared
	Why     string       `json:"why,omitzero"`     // the reason that goes on the record
	Note    string       `json:"note,omitzero"`    // of an agreement or a statement
	Title   string       `json:"title,omitzero"`   // of a statement
	// After is where the record stood: what was said of it stands later.
	After ledger.Cursor `json:"after"`
}

// releaser is the officer who releases what another prepared; nil where one is enough, or none came yet.
type releaser struct {
	Officer
	version int
}

func (s *releaser) name() string {
	if s == nil {
		return ""
	}
	return s.Name
}

func (n *Node) loadReleases(ctx context.Context) ([]prepared, error) {
	v, err := n.cfg.Store.View(ctx)
	if err != nil {
		return nil, err
	}
	defer v.Close()
	var out []prepared
	err = stored(ctx, v, releasePrefix, "node.releases", func(_ string, p prepared) { out = append(out, p) })
	return out, err
}

// keep makes a command durable as it stands. n.releasing is held.
func (n *Node) keep(ctx context.Context, p prepared) error {
	if p.State != view.ReleasePending {
		p.Note = "" // it is on the record, or nowhere
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return fault.Wrap(fault.Internal, "node.release", err)
	}
	number, err := strconv.Atoi(p.ID)
	if err != nil {
		return fault.Wrap(fault.Internal, "node.release", err)
	}
	if _, err := n.cfg.Store.Commit(ctx, store.Txn{Puts: []store.Put{{Key: fmt.Sprintf("%s%09d", releasePrefix, number), Value: raw}}}); err != nil {
		return fault.Wrap(fault.Unavailable, "node.release", err)
	}
	n.mu.Lock()
	if number > len(n.releases) {
		n.releases = append(n.releases, p)
	} else {
		n.releases[number-1] = p
	}
	n.mu.Unlock()
	n.feed.put(n.event("release", p.Line, p.ID, releaseMessage(p.Release)))
	n.cfg.Log.Info("release", "id", p.ID, "action", p.Action, "subject", p.Subject, "state", p.State, "prepared_by", p.PreparedBy, "decided_by", p.DecidedBy)
	n.poke()
	return nil
}

// asked puts what is to be said into a release.
func (n *Node) asked(r view.Release, m catalogue.Message) view.Release {
	r.Message = exercised(m, r.Exercise)
	r.Text = n.english.Say(r.Message)
	return r
}

func releaseMessage(r view.Release) catalogue.Message {
	said := r.Message
	if said.IsZero() {
		said = catalogue.Say("speech.text", catalogue.ByPeople("text", r.Text))
	}
	m := catalogue.Say("event.release", catalogue.AsCode("id", r.ID), catalogue.ByPeople("officer", r.PreparedBy), catalogue.SayIn("said", said), catalogue.Word("state", "releasestate."+r.State))
	if r.DecidedBy != "" {
		m = catalogue.Say("event.release-by", catalogue.SayIn("said", m), catalogue.ByPeople("to", r.DecidedBy))
	}
	if r.Reason != "" {
		m = catalogue.Say("event.release-why", catalogue.SayIn("said", m), catalogue.ByPeople("reason", r.Reason))
	}
	return m
}

// prepare keeps a command until a second officer releases it.
func (n *Node) prepare(ctx context.Context, who Officer, p prepared) (view.Release, error) {
	n.releasing.Lock()
	defer n.releasing.Unlock()
	n.mu.Lock()
	all := slices.Clone(n.releases)
	n.mu.Unlock()
	now := n.cfg.Clock.Now().UTC().Truncate(time.Millisecond)
	waiting := 0
	for _, have := range all {
		if have.State != view.ReleasePending || !now.Before(have.Expires) {
			continue
		}
		waiting++
		if have.Line == p.Line && have.Subject == p.Subject && have.Event == p.Event {
			return view.Release{}, &fault.Error{Code: fault.Mismatch, Field: "release", Value: have.ID, Rule: "waits already: " + have.PreparedBy + " prepared the same",
				Hint: "another officer releases it: parley release give " + have.ID}
		}
	}
	if waiting >= maxReleases {
		return view.Release{}, &fault.Error{Code: fault.TooMany, Field: "release", Rule: fmt.Sprintf("would be one of more than %d that wait", maxReleases), Hint: "decide those first: parley release list"}
	}
	p.ID, p.State, p.PreparedBy, p.Role = strconv.Itoa(len(all)+1), view.ReleasePending, who.Name, who.Role
	p.Prepared, p.Expires = now, now.Add(releaseWithin)
	if ln := n.lines[p.Line]; ln != nil {
		ln.mu.RLock()
		p.After = ln.cursor
		ln.mu.RUnlock()
	}
	return p.Release, n.keep(ctx, p)
}

// prepareState keeps what is to be said of an own notice until a second officer releases it.
func (ln *lineNode) prepareState(ctx context.Context, who Officer, v notice.Notice, event notice.Event, reason string, drill bool, warnings []notice.Warning) (view.Filed, error) {
	r, err := ln.node.prepare(ctx, who, prepared{Event: event, Version: v.Version, Why: reason, Release: ln.node.asked(view.Release{Action: string(agreement.ActionCancel), Line: ln.id, Subject: v.ID, Exercise: drill},
		catalogue.Say("release.event", catalogue.Word("how", "release.do-"+string(event)), catalogue.Word("kind", notice.KindKey(v.Kind)), catalogue.ByPeople("notice", v.ID), catalogue.CountOf("version", v.Version)))})
	if err != nil {
		return view.Filed{}, err
	}
	out, err := ln.filed(ctx, picture.Key{Side: ln.side, ID: v.ID}, warnings)
	out.Release = &r
	return out, err
}

// Releases returns the commands that wait for a second officer, with all also those that were decided
// or lapsed, at most 100, the newest first.
func (n *Node) Releases(ctx context.Context, all bool) ([]view.Release, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := []view.Release{}
	for _, p := range slices.Backward(n.releases) {
		if r := n.asNow(p); all || r.State == view.ReleasePending {
			out = append(out, r.Release)
		}
		if len(out) == maxReleases {
			break
		}
	}
	return out, nil
}

// asNow says a command as it stands: one that nobody decided in time has lapsed.
func (n *Node) asNow(p prepared) prepared {
	if p.State == view.ReleasePending && !n.cfg.Clock.Now().Before(p.Expires) {
		p.State, p.Decided = view.ReleaseLapsed, p.Expires
	}
	return p
}

// Release returns one command.
func (n *Node) Release(ctx context.Context, id string) (view.Release, error) {
	p, err := n.release(id)
	return p.Release, err
}

func (n *Node) release(id string) (prepared, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, p := range n.releases {
		if p.ID == id {
			return n.asNow(p), nil
		}
	}
	return prepared{}, &fault.Error{Code: fault.NotFound, Field: "release", Value: fault.Shorten(id), Rule: "is not a command that was prepared here", Hint: "list them: parley release list --all"}
}

// deciding returns a command that waits and that an officer may decide. n.releasing is held.
func (n *Node) deciding(ctx context.Context, who Officer, id string) (prepared, error) {
	p, err := n.release(id)
	if err == nil && p.State == view.ReleasePending {
		p, err = n.recallRelease(ctx, p)
	}
	if err != nil {
		return p, err
	}
	if p.State != view.ReleasePending {
		return p, &fault.Error{Code: fault.Mismatch, Field: "release", Value: id, Rule: "is " + p.State + " and waits for nobody", Hint: "prepare it anew"}
	}
	may := who.Role == body.RoleSupervisor || p.Action == string(agreement.ActionCancel) && (who.Role == body.RoleDuty || who.Role == rolePlanner)
	if !may {
		return p, &fault.Error{Code: fault.Denied, Field: "role", Value: who.Role, Rule: "may not decide this", Hint: "ask an officer who may give the command: a supervisor may"}
	}
	return p, nil
}

// GiveRelease says what another officer prepared on the line. Both names go with it.
func (n *Node) GiveRelease(ctx context.Context, who Officer, id string) (view.Release, error) {
	n.releasing.Lock()
	defer n.releasing.Unlock()
	p, err := n.deciding(ctx, who, id)
	if err != nil {
		return p.Release, err
	}
	if strings.EqualFold(p.PreparedBy, who.Name) {
		return p.Release, &fault.Error{Code: fault.Denied, Field: "officer", Value: who.Name, Rule: "prepared this and may not release it", Hint: "another officer does: two persons"}
	}
	by, first := &releaser{who, p.Version}, Officer{p.PreparedBy, p.Role}
	switch {
	case forCopy(p.Release): // it is made when it is asked for with this release, and goes on no line
	case p.Action == string(agreement.ActionStatement):
		_, err = n.putStatement(ctx, first, p.Line, []byte(p.Note), by)
	case p.Note != "":
		_, err = n.propose(ctx, first, p.Line, []byte(p.Note), by)
	default:
		_, err = n.setState(ctx, first, p.Line, p.Subject, p.Event, p.Why, by)
	}
	if err != nil {
		return p.Release, err
	}
	p.State, p.DecidedBy, p.Decided = view.ReleaseReleased, who.Name, n.cfg.Clock.Now().UTC().Truncate(time.Millisecond)
	return p.Release, n.keep(ctx, p)
}

// RefuseRelease ends a command that waits: nothing is said. Who prepared it may take it back so.
func (n *Node) RefuseRelease(ctx context.Context, who Officer, id, reason string) (view.Release, error) {
	if err := words("reason", reason, "say why: who prepared it reads it"); err != nil {
		return view.Release{}, err
	}
	n.releasing.Lock()
	defer n.releasing.Unlock()
	p, err := n.deciding(ctx, who, id)
	if err != nil {
		return p.Release, err
	}
	p.State, p.DecidedBy, p.Decided, p.Reason = view.ReleaseRefused, who.Name, n.cfg.Clock.Now().UTC().Truncate(time.Millisecond), reason
	return p.Release, n.keep(ctx, p)
}

// lapseReleases keeps of each command that nobody decided in time that it lapsed.
func (n *Node) lapseReleases(ctx context.Context) {
	if n.cfg.Store.Err() != nil {
		return // nothing can be kept; it lapsed all the same
	}
	n.releasing.Lock()
	defer n.releasing.Unlock()
	n.mu.Lock()
	all := slices.Clone(n.releases)
	n.mu.Unlock()
	for _, p := range all {
		if is := n.asNow(p); is.State != p.State {
			if err := n.keep(ctx, is); err != nil {
				n.cfg.Log.Warn("a release lapsed, and that is not durable yet", "id", p.ID, "err", err)
			}
		}
	}
}

// releaseAlarms names each command that waits for a second officer.
func (n *Node) releaseAlarms() []view.Alarm {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []view.Alarm
	for _, p := range n.releases {
		if n.asNow(p).State == view.ReleasePending && n.lines[p.Line] != nil {
			out = append(out, n.releaseAlarm(p))
		}
	}
	return out
}

func (n *Node) releaseAlarm(p prepared) view.Alarm {
	what := catalogue.Say("release.agreement", catalogue.ByPeople("peer", n.lines[p.Line].peer))
	switch {
	case forCopy(p.Release):
		what = p.Message
	case p.Action == string(agreement.ActionStatement):
		what = catalogue.Say("release.statement", catalogue.ByPeople("peer", n.lines[p.Line].peer), catalogue.ByPeople("text", p.Title))
	case p.Event != "":
		what = catalogue.Say("release.state", catalogue.Word("state", "release."+string(p.Event)), catalogue.ByPeople("notice", p.Subject))
	}
	a := view.Alarm{ID: "release/" + p.ID, Kind: "release", Level: soon, Line: p.Line, Subject: p.Subject, Exercise: p.Exercise, Since: p.Prepared, Due: p.Expires}
	return n.said(a, catalogue.Say("alarm.release", catalogue.ByPeople("officer", p.PreparedBy), catalogue.SayIn("said", what),
		catalogue.At("until", catalogue.Clock, p.Expires), catalogue.AsCode("command", "parley release give "+p.ID)))
}

// takesTwo reports whether it takes two persons to say an event of a notice in a state: one that takes
// back what the other party counts on. That is a cancellation; the end of a site; an end before the
// start; and an end before the time was over of what never was said to be active.
func takesTwo(t agreement.Terms, v notice.Notice, state notice.State, event notice.Event, now time.Time) bool {
	if !t.NeedsTwo(agreement.ActionCancel) {
		return false
	}
	if event != notice.End {
		return event == notice.Cancel
	}
	span := notice.Span(v)
	return v.Kind == notice.Site || now.Before(span.Start) || state == notice.Planned && now.Before(span.End)
}

// proposalAction is what a new version of the agreement is of the actions that take two persons: the
// first that the version in force lists.
func proposalAction(old, next agreement.Terms, own string) (agreement.Action, bool) {
	is := []agreement.Action{agreement.ActionAgreement}
	for i := range old.Parties {
		a, b := &old.Parties[i], &next.Parties[i]
		if b.Name == own && !sameKeys(a, b) {
			is = append([]agreement.Action{agreement.ActionKeyChange}, is...)
		}
		if b.Disclosure != a.Disclosure {
			is = append(is, agreement.ActionDisclosure)
		}
	}
	for _, a := range is {
		if old.NeedsTwo(a) {
			return a, true
		}
	}
	return "", false
}

func sameKeys(a, b *agreement.Party) bool {
	return a.PartyKey.Equal(b.PartyKey) &&
		slices.EqualFunc(a.LineKeys, b.LineKeys, func(x, y agreement.LineKey) bool {
			return x.Public.Equal(y.Public) && bytes.Equal(x.MLDSA, y.MLDSA) && x.Revoked.Equal(y.Revoked)
		}) &&
		slices.EqualFunc(a.TLSKeys, b.TLSKeys, func(x, y agreement.TLSKey) bool { return x.Public.Equal(y.Public) && x.Revoked.Equal(y.Revoked) })
}

// releasesOf returns what waits for a second officer on a line.
func (n *Node) releasesOf(line string) []view.Release {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []view.Release
	for _, p := range n.releases {
		if p.Line == line && n.asNow(p).State == view.ReleasePending {
			out = append(out, p.Release)
		}
	}
	return out
}
