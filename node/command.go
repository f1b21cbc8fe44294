package node

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/agreement"
	"parley/catalogue"
	"parley/fault"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/transcript"
)

// Officer is who gives a command: a named person with a role.
type Officer struct {
	Name string
	Role string
}

// File files a new notice. Filing the same notice again changes nothing and returns it as it
// stands, so that a caller who got no answer may ask again.
func (n *Node) File(ctx context.Context, who Officer, lineID string, in notice.Notice, drill bool) (view.Filed, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.Filed{}, err
	}
	in = notice.WithDefaults(in)
	if in.Version == 0 {
		in.Version = 1
	}
	if in.Version != 1 {
		return view.Filed{}, fault.New("version", strconv.Itoa(in.Version), "must be 1 for a new notice", "amend the notice instead")
	}
	warnings, err := ln.validate(in)
	if err != nil {
		return view.Filed{}, err
	}
	key := picture.Key{Side: ln.side, ID: in.ID}
	ln.mu.RLock()
	err = ln.checkDrill(in, drill, nil)
	warnings = append(warnings, ln.drillWarnings(drill)...)
	ln.mu.RUnlock()
	if err != nil {
		return view.Filed{}, err
	}
	again, err := ln.reserve(key, in)
	if err != nil {
		return view.Filed{}, err
	}
	if !again {
		defer ln.release(key)
		if err := ln.say(ctx, who, in, key, drill); err != nil {
			return view.Filed{}, err
		}
	}
	return ln.filed(ctx, key, warnings)
}

// Amend files a new version of an own notice.
func (n *Node) Amend(ctx context.Context, who Officer, lineID string, in notice.Notice, drill bool) (view.Filed, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.Filed{}, err
	}
	key := picture.Key{Side: ln.side, ID: in.ID}
	ln.filing.Lock()
	defer ln.filing.Unlock()
	old, state, err := ln.ownNotice(key, in, drill)
	if err != nil {
		return view.Filed{}, err
	}
	next := old.Version + 1
	if in.Version != 0 && in.Version != next {
		return view.Filed{}, &fault.Error{Code: fault.Mismatch, Field: "version", Value: strconv.Itoa(in.Version),
			Rule: fmt.Sprintf("must be %d: version %d is the newest", next, old.Version), Hint: "look at the newest version, then amend that"}
	}
	in = notice.WithDefaults(in)
	in.Version = next
	if err := notice.CheckAmend(old, in, state); err != nil {
		return view.Filed{}, err
	}
	warnings, err := ln.validate(in)
	if err != nil {
		return view.Filed{}, err
	}
	if err := ln.say(ctx, who, in, key, drill); err != nil {
		return view.Filed{}, err
	}
	return ln.filed(ctx, key, warnings)
}

// validate applies the notice's own rules, then the agreement's.
func (ln *lineNode) validate(in notice.Notice) ([]notice.Warning, error) {
	now := ln.node.cfg.Clock.Now()
	c := notice.Context{Now: now}
	if ln.node.cfg.Places != nil {
		c.Places = ln.node.cfg.Places
	}
	warnings, err := notice.Validate(in, c)
	if err != nil {
		return nil, err
	}
	terms := ln.agreementTerms()
	if !terms.InForce(now) {
		return nil, &fault.Error{Code: fault.Mismatch, Field: "agreement", Value: ln.newest().ID,
			Rule: "is not in force now", Hint: "agree on a new version: parley agreement supersede"}
	}
	if err := terms.Area.Within(in); err != nil {
		return nil, err
	}
	warnings = append(warnings, terms.Warnings(in, now)...)
	if in.Supersedes != "" && !ln.isOwn(in.Supersedes) {
		warnings = append(warnings, notice.Warning{Code: "supersedes-unknown", Field: "supersedes", Message: catalogue.Say("warn.supersedes", catalogue.ByPeople("notice", in.Supersedes))})
	}
	return notice.InWords(ln.node.english, warnings), nil
}

func (ln *lineNode) isOwn(id string) bool {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	return ln.pic.Notice(picture.Key{Side: ln.side, ID: id}) != nil
}

func (ln *lineNode) agreementTerms() agreement.Terms {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	return ln.terms
}

func (ln *lineNode) newest() agreement.Agreement {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	return ln.agreed[len(ln.agreed)-1]
}

// reserve takes an id for a new notice. It reports true where the very same notice is there.
func (ln *lineNode) reserve(key picture.Key, in notice.Notice) (again bool, err error) {
	ln.filing.Lock()
	defer ln.filing.Unlock()
	ln.mu.RLock()
	have := ln.pic.Notice(key)
	var first notice.Notice
	if have != nil {
		first = have.Versions[0].Notice
	}
	ln.mu.RUnlock()
	if have == nil && !ln.reserved[key] {
		ln.reserved[key] = true
		return false, nil
	}
	if have != nil && same(first, in) {
		return true, nil
	}
	return false, &fault.Error{Code: fault.Mismatch, Field: "id", Value: fault.Shorten(in.ID),
		Rule: "is the id of another notice of this party", Hint: "choose a new id, or amend that notice"}
}

func (ln *lineNode) release(key picture.Key) {
	ln.filing.Lock()
	defer ln.filing.Unlock()
	delete(ln.reserved, key)
}

func same(a, b notice.Notice) bool {
	x, errX := notice.Fields(a)
	y, errY := notice.Fields(b)
	if errX != nil || errY != nil || len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i].Name != y[i].Name || !bytes.Equal(x[i].Value, y[i].Value) {
			return false
		}
	}
	return true
}

// say makes an entry of a version.
func (ln *lineNode) say(ctx context.Context, who Officer, in notice.Notice, key picture.Key, drill bool) error {
	d, err := ln.noticeDraft(who, in, key, drill)
	if err != nil {
		return err
	}
	over, err := ln.cancelUnseen(who, in)
	if err != nil {
		return err
	}
	_, err = ln.append(ctx, append([]transcript.Draft{d}, over...)...)
	return err
}

// noticeDraft returns the draft of a version, shown as far as the agreement says.
func (ln *lineNode) noticeDraft(who Officer, in notice.Notice, key picture.Key, drill bool) (transcript.Draft, error) {
	fields, err := notice.Fields(in)
	if err != nil {
		return transcript.Draft{}, err
	}
	by, err := json.Marshal(body.Officer{Officer: who.Name, Role: who.Role})
	if err != nil {
		return transcript.Draft{}, fault.Wrap(fault.Internal, "node.say", err)
	}
	terms := ln.agreementTerms()
	level := terms.LevelOf(ln.node.cfg.Party, in.Kind)
	shown := level.Members()
	d := transcript.Draft{Kind: body.KindNotice, Drill: drill, Fields: make([]transcript.Field, 0, len(fields)+1)}
	for _, f := range fields {
		d.Fields = append(d.Fields, transcript.Field{Name: f.Name, Value: f.Value, Shown: slices.Contains(shown, f.Name)})
	}
	d.Fields = append(d.Fields, transcript.Field{Name: body.FiledBy, Value: by, Shown: level == agreement.Full})
	if in.Version > 1 {
		ln.mu.RLock()
		first := ln.pic.Notice(key).First
		ln.mu.RUnlock()
		d.Fields = append(d.Fields, transcript.Field{Name: body.First, Value: jsontext.Value(`"` + first.String() + `"`), Shown: true})
	}
	return d, nil
}

// ownNotice returns the newest version of an own notice that is to be amended, and its state.
func (ln *lineNode) ownNotice(key picture.Key, in notice.Notice, drill bool) (notice.Notice, notice.State, error) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	n := ln.pic.Notice(key)
	if n == nil {
		return notice.Notice{}, "", ln.noNotice(key.ID)
	}
	if err := ln.checkDrill(in, drill, n); err != nil {
		return notice.Notice{}, "", err
	}
	if err := ln.overWithExercise(n); err != nil {
		return notice.Notice{}, "", err
	}
	v := n.Latest().Notice
	return v, notice.StateAt(v, n.Changes(), ln.node.cfg.Clock.Now()), nil
}

func (ln *lineNode) noNotice(id string) error {
	return &fault.Error{Code: fault.NotFound, Field: "notice", Value: fault.Shorten(id),
		Rule: "is not an own notice on the line to " + ln.peer, Hint: "list them: parley notice list"}
}

// SetState says that an own notice is active, ended or cancelled.
// Where the agreement wants two persons for that, it is prepared, and said once another releases it.
func (n *Node) SetState(ctx context.Context, who Officer, lineID, id string, event notice.Event, reason string) (view.Filed, error) {
	return n.setState(ctx, who, lineID, id, event, reason, nil)
}

func (n *Node) setState(ctx context.Context, who Officer, lineID, id string, event notice.Event, reason string, by *releaser) (view.Filed, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.Filed{}, err
	}
	key := picture.Key{Side: ln.side, ID: id}
	ln.filing.Lock()
	unlock := sync.OnceFunc(ln.filing.Unlock)
	defer unlock()
	ln.mu.RLock()
	have := ln.pic.Notice(key)
	var v notice.Notice
	var before []notice.Change
	var first body.Ref
	var over error
	drill := false
	if have != nil {
		v, before, first = have.Latest().Notice, have.Changes(), have.First
		drill, over = ln.apart(have), ln.overWithExercise(have)
	}
	ln.mu.RUnlock()
	if have == nil {
		return view.Filed{}, ln.noNotice(id)
	}
	if over != nil {
		return view.Filed{}, over
	}
	if v.Kind == notice.Site && event != notice.Activate && reason == "" {
		return view.Filed{}, fault.New("reason", "", "is required where a site is removed", "say why it needs no keeping clear of any more")
	}
	warnings, err := notice.Check(v, before, notice.Change{Event: event, Time: n.cfg.Clock.Now()}, true)
	if err != nil {
		return view.Filed{}, err
	}
	if by != nil && by.version != v.Version {
		return view.Filed{}, &fault.Error{Code: fault.Mismatch, Field: "version", Value: strconv.Itoa(v.Version),
			Rule: fmt.Sprintf("is newer than version %d, for which this was prepared", by.version), Hint: "refuse it, and prepare it for the notice as it is now"}
	}
	terms, now := ln.agreementTerms(), n.cfg.Clock.Now()
	if by == nil && takesTwo(terms, v, notice.StateAt(v, before, now), event, now) {
		unlock() // who releases holds the two the other way round
		return ln.prepareState(ctx, who, v, event, reason, drill, warnings)
	}
	level := terms.LevelOf(n.cfg.Party, v.Kind)
	named := level == agreement.Full || v.Kind == notice.Site && level == agreement.Volume
	d, err := stateDraft(body.State{First: first, Event: event, Officer: who.Name, Reason: reason, ReleasedBy: by.name()}, named)
	if err != nil {
		return view.Filed{}, err
	}
	d.Drill = drill
	if _, err := ln.append(ctx, d); err != nil {
		return view.Filed{}, err
	}
	return ln.filed(ctx, key, warnings)
}

// Receive says that an officer has a notice of the other party, or a call, by its id or entry.
func (n *Node) Receive(ctx context.Context, who Officer, lineID, id, remark string) (string, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return "", err
	}
	ref, err := ln.otherEntry(id)
	if err != nil {
		return "", err
	}
	kind := body.KindReceived
	ln.mu.RLock()
	have := ln.pic.Received(ref)
	call := ln.pic.Call(ref)
	if call != nil {
		have = ln.pic.TakenBy(call)
	}
	drill := ln.apart(ln.pic.NoticeOf(ref))
	ln.mu.RUnlock()
	for _, r := range have {
		if r.Officer == who.Name {
			return r.Ref.String(), nil
		}
	}
	if call != nil {
		drill = call.Drill
		if call.Type == body.Hold || call.Type == body.Distress {
			kind = body.KindTaken
		}
	}
	d, err := body.Draft(kind, body.Received{Entry: ref, Officer: who.Name, Role: who.Role, Remark: remark})
	if err != nil {
		return "", err
	}
	d.Drill = drill
	refs, err := ln.append(ctx, d)
	if err != nil {
		return "", err
	}
	return refs[0].String(), nil
}

// otherEntry finds what an officer can receive: the newest version of a notice of the other party
// by its id, or a call or a version by its entry.
func (ln *lineNode) otherEntry(id string) (body.Ref, error) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	if have := ln.pic.Notice(picture.Key{Side: ln.side.Other(), ID: id}); have != nil {
		return have.Latest().Ref, nil
	}
	if ref, err := ln.ref(id); err == nil && ref.Origin.Side == ln.side.Other() {
		if ln.pic.Call(ref) != nil || ln.pic.NoticeOf(ref) != nil {
			return ref, nil
		}
	}
	return body.Ref{}, &fault.Error{Code: fault.NotFound, Field: "notice", Value: fault.Shorten(id),
		Rule: "is not a notice or call of " + ln.peer, Hint: "list what they said: parley notice list"}
}

// ref reads an entry's name on this line, whole or short.
func (ln *lineNode) ref(text string) (body.Ref, error) {
	r, err := body.ParseRef(text)
	if err != nil {
		if r, err = body.ParseRef("parley/" + ln.id + "/" + text); err != nil {
			return r, fault.New("", text, "is not an entry's name", "write it as it is shown: 1/b#7")
		}
	}
	if err == nil && r.Origin.Line != ln.id {
		err = fault.New("", text, "is not an entry of this line", "name the line: parley line list")
	}
	return r, err
}

// Own says that an officer took a conflict.
func (n *Node) Own(ctx context.Context, who Officer, lineID, id string) (view.Conflict, error) {
	ln, full, err := n.pickConflict(lineID, id)
	if err != nil {
		return view.Conflict{}, err
	}
	return n.work(ctx, ln, full, body.KindOwned, body.Owned{Conflict: full, Officer: who.Name, Role: who.Role})
}

// Suspend declares the line suspended: heartbeats go on, hold and distress pass, the rest waits.
func (n *Node) Suspend(ctx context.Context, who Officer, lineID, reason string) error {
	return n.declare(ctx, who, lineID, body.KindSuspended, reason)
}

// Resume takes the own declaration back. Where there is none it says nothing on the line.
func (n *Node) Resume(ctx context.Context, who Officer, lineID, reason string) error {
	return n.declare(ctx, who, lineID, body.KindResumed, reason)
}

func (n *Node) declare(ctx context.Context, who Officer, lineID, kind, reason string) error {
	ln, err := n.pick(lineID)
	if err != nil {
		return err
	}
	ln.mu.RLock()
	nothing := kind == body.KindResumed && !ln.pic.Declared(ln.side).Suspended
	ln.mu.RUnlock()
	if nothing {
		return nil
	}
	d, err := body.Draft(kind, body.Declared{Officer: who.Name, Role: who.Role, Reason: reason})
	if err != nil {
		return err
	}
	_, err = ln.append(ctx, d)
	return err
}

// Propose puts a version of the agreement on the line: signed by the own party alone, it is a
// proposal; signed by both, it is in force.
// Where the version in force wants two persons for that, it is prepared, and goes out once another
// officer releases it.
func (n *Node) Propose(ctx context.Context, who Officer, lineID string, note []byte) (*view.Release, error) {
	return n.propose(ctx, who, lineID, note, nil)
}

func (n *Node) propose(ctx context.Context, who Officer, lineID string, note []byte, by *releaser) (*view.Release, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return nil, err
	}
	a, err := agreement.Open(note)
	if err != nil {
		return nil, err
	}
	newest := ln.newest()
	if a.LineID() != ln.id || a.Terms.Supersedes != newest.ID {
		return nil, fault.New("agreement", a.ID, "does not supersede the version in force on this line", "draft it from that version: parley agreement supersede")
	}
	if both := agreement.Replaced(newest.Terms, a.Terms); len(both) > 1 {
		return nil, &fault.Error{Code: fault.Mismatch, Field: "parties", Value: strings.Join(both, ", "), Rule: "must not change both party keys at once", Hint: "replace one key in one version and the other in the next"}
	}
	if action, two := proposalAction(newest.Terms, a.Terms, n.cfg.Party); two && by == nil {
		r, err := n.prepare(ctx, who, prepared{Note: string(note), Release: n.asked(view.Release{Action: string(action), Line: ln.id, Subject: a.ID},
			catalogue.Say("release.version", catalogue.CountOf("version", a.Terms.Version), catalogue.ByPeople("peer", ln.peer), catalogue.ByPeople("names", strings.Join(a.Signers, ", "))))})
		return &r, err
	}
	d, err := body.Draft(body.KindAgreement, body.PutAgreement{ID: a.ID, Note: string(note), Officer: who.Name, Role: who.Role, ReleasedBy: by.name()})
	if err != nil {
		return nil, err
	}
	_, err = ln.append(ctx, d)
	return nil, err
}

// NextEpoch opens the epoch after one that a fork or a breach closed.
func (n *Node) NextEpoch(ctx context.Context, who Officer, lineID string) error {
	ln, err := n.pick(lineID)
	if err != nil {
		return err
	}
	_, err = ln.led.NextEpoch(ctx)
	return err
}

// ConfirmNotRestored is an operator's word that the node's store is the one that last ran, for a
// line whose other side cannot be asked.
func (n *Node) ConfirmNotRestored(lineID string) error {
	ln, err := n.pick(lineID)
	if err != nil {
		return err
	}
	ln.led.ConfirmNotRestored()
	return nil
}
