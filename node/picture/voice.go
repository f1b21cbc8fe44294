package picture

import (
	"fmt"
	"slices"
	"sort"
	"time"

	"parley/catalogue"
	"parley/fault"
	"parley/geo4d"
	"parley/node/body"
	"parley/notice"
	"parley/transcript"
	"parley/voice"
)

// CallTolerance is how far from the time at which a call was heard the entry of that call may be, where
// no entry was named.
const CallTolerance = 15 * time.Minute

// Passed is one party's word that it passed an own notice or call by voice.
type Passed struct {
	Ref  body.Ref
	Side transcript.Side
	Time time.Time
	body.Passed
}

// Heard is one party's word on what it heard by voice. It counts as the other party's until the entry
// of that party comes, is closed by who heard it, or is over.
type Heard struct {
	Ref    body.Ref
	Side   transcript.Side // of the party that heard
	Time   time.Time       // by its clock
	HeldAt time.Time
	Drill  bool
	ID     string // the notice's, "" where it was not heard
	Vers   int    // 0: not heard
	Call   *body.HeardCall
	body.OnPhone
	Text    string
	Officer string
	Role    string

	// Match is the version or the call of the other party that it was; zero: none is here. Same says
	// that it was heard as it is there, and Differences how not.
	Match       body.Ref
	Same        bool
	Differences []body.Difference
	Closed      *Closed

	notice notice.Notice // as heard; zero of a call
}

// Closed is the word of the party that heard that nobody needs to look any more.
type Closed struct {
	Ref  body.Ref
	Time time.Time
	body.VoiceClosed
}

// Over reports whether what was heard no longer counts: the entry is here, or it was closed.
func (h *Heard) Over() bool { return h != nil && (h.Closed != nil || !h.Match.IsZero()) }

func (h *Heard) overSince() time.Time {
	if h.Closed != nil {
		return h.Closed.Time
	}
	return h.Time
}

// Settled reports whether nobody needs to look at it any more.
func (h *Heard) Settled() bool { return h.Closed != nil || !h.Match.IsZero() && h.Same }

// taken is the officer who heard a call, as one who took it.
func (h *Heard) taken() *Receipt {
	return &Receipt{Ref: h.Ref, Time: h.At, Kind: body.KindHeard, Officer: h.By, Role: h.Role}
}

// Heard returns all that was heard by voice, in the order of side and entry.
func (p *Picture) Heard() []*Heard {
	out := make([]*Heard, 0, len(p.slots.heard))
	for _, h := range p.slots.heard {
		out = append(out, h)
	}
	sort.Slice(out, func(i, j int) bool { return refLess(out[i].Ref, out[j].Ref) })
	return out
}

// HeardBy returns what an entry says was heard by voice, or nil.
func (p *Picture) HeardBy(r body.Ref) *Heard { return p.slots.heard[r] }

// HeardAs returns what was heard by voice of a version or a call that is here, the earliest first.
func (p *Picture) HeardAs(r body.Ref) []*Heard {
	if len(p.slots.heard) == 0 {
		return nil
	}
	return slices.DeleteFunc(p.Heard(), func(h *Heard) bool { return h.Match != r })
}

// HeardOf returns what was first heard by voice of a call, or nil.
func (p *Picture) HeardOf(c *Call) *Heard {
	if c.Voice != nil {
		return c.Voice
	}
	if list := p.HeardAs(c.Ref); len(list) > 0 {
		return list[0]
	}
	return nil
}

// AnswersTo returns the answers to a call, those to what was heard of it by voice too.
func (p *Picture) AnswersTo(c *Call) []Answer {
	out := c.Answers
	for _, h := range p.HeardAs(c.Ref) {
		if x := p.calls[h.Ref]; x != nil && len(x.Answers) > 0 {
			out = append(slices.Clone(out), x.Answers...)
		}
	}
	if len(out) > len(c.Answers) {
		sort.SliceStable(out, func(i, j int) bool { return refLess(out[i].Ref, out[j].Ref) })
	}
	return out
}

// PassedOf returns the word of its party that a version or a call was passed by voice, the earliest
// first.
func (p *Picture) PassedOf(r body.Ref) []Passed { return p.passed[r] }

// AllPassed returns all that was passed by voice, in the order of side and entry.
func (p *Picture) AllPassed() []Passed {
	var out []Passed
	for _, list := range p.passed {
		out = append(out, list...)
	}
	sort.Slice(out, func(i, j int) bool { return refLess(out[i].Ref, out[j].Ref) })
	return out
}

func (p *Picture) applyPassed(s Said, ch *Change) error {
	var b body.Passed
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	if b.Entry.Origin.Side != s.Ref.Origin.Side {
		return fault.New("entry", b.Entry.String(), "is not the author's own", "a party passes by voice what it said itself")
	}
	ch.ID = b.Entry.String()
	if id, ok := p.slots.of(b.Entry); ok && !p.slots.keyOf(id).Voice {
		key := p.slots.keyOf(id)
		ch.Notice = &key
	} else if p.Call(b.Entry) != nil {
		ch.Call = b.Entry
	}
	p.passed[b.Entry] = put(p.passed[b.Entry], Passed{Ref: s.Ref, Side: s.Ref.Origin.Side, Time: s.Time, Passed: b}, func(x *Passed) body.Ref { return x.Ref })
	return nil
}

func (p *Picture) applyHeard(s Said, ch *Change) error {
	var b body.Heard
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	h := &Heard{Ref: s.Ref, Side: s.Ref.Origin.Side, Time: s.Time, HeldAt: s.HeldAt, Drill: s.Drill, Call: b.Call,
		OnPhone: b.OnPhone, Text: b.Text, Officer: b.Officer, Role: b.Role}
	switch {
	case b.Call != nil && !body.IsCall("call."+b.Call.Type):
		return fault.New("call.type", b.Call.Type, "is not a type of call", "")
	case b.Call != nil:
		p.holdCall(h)
		ch.Call = h.Ref
	case len(b.Notice) == 0:
		return fault.New("notice", "", "is missing, and so is a call", "")
	default:
		n, err := notice.Unmarshal(b.Notice)
		if err != nil {
			return fault.In("notice", err)
		}
		h.notice, h.ID, h.Vers = n, n.ID, n.Version
		ch.Notice = p.holdNotice(h, s)
	}
	return p.match(h, ch)
}

// holdNotice keeps what was heard as a notice of the party that spoke.
func (p *Picture) holdNotice(h *Heard, s Said) *Key {
	n := h.notice
	n.Version = max(n.Version, 1)
	key := Key{Side: h.Side.Other(), ID: fmt.Sprintf("voice-%d-%s-%d", s.Ref.Origin.Epoch, h.Side, s.Ref.Seq), Voice: true}
	p.slots.heard[h.Ref] = h
	id := p.slots.add(&Notice{Key: key, First: s.Ref, Voice: h, Versions: []Version{{
		Ref: s.Ref, Time: h.At, HeldAt: s.HeldAt, Seen: s.Seen, Drill: s.Drill, By: body.Officer{Officer: h.Other}, Notice: n, AddsSpaceOrTime: true,
	}}})
	p.slots.note(s.Ref, id)
	return &key
}

// holdCall keeps what was heard as a call of the party that spoke.
func (p *Picture) holdCall(h *Heard) {
	p.slots.heard[h.Ref] = h
	c := p.about(h.Ref)
	c.Side, c.Type, c.Time, c.HeldAt, c.Drill, c.Voice = h.Side.Other(), h.Call.Type, h.At, h.HeldAt, h.Drill, h
	c.Call = body.Call{About: h.Call.About, Review: h.Call.Review, Danger: h.Call.Danger,
		Speech: body.Speech{Text: h.Call.Text, Language: h.Call.Language, Officer: h.Other}}
}

func (p *Picture) applyVoiceClosed(s Said, ch *Change) error {
	var b body.VoiceClosed
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	h := p.slots.heard[b.Heard]
	if h == nil || h.Side != s.Ref.Origin.Side {
		return fault.New("heard", b.Heard.String(), "is nothing that this party heard by voice", "")
	}
	if h.Closed == nil {
		h.Closed = &Closed{Ref: s.Ref, Time: s.Time, VoiceClosed: b}
	}
	p.changed(h, ch)
	return nil
}

// changed names what stands for what was heard, and what it was matched with.
func (p *Picture) changed(h *Heard, ch *Change) {
	if h.Call != nil {
		ch.Call = h.Ref
	} else if id, ok := p.slots.of(h.Ref); ok {
		key := p.slots.keyOf(id)
		ch.Notice = &key
	}
	p.matchedWith(h, ch)
}

func (p *Picture) matchedWith(h *Heard, ch *Change) {
	switch id, ok := p.slots.of(h.Match); {
	case h.Match.IsZero():
	case h.Call != nil:
		ch.MatchedCalls = append(ch.MatchedCalls, h.Match)
	case ok:
		ch.Matched = append(ch.Matched, p.slots.keyOf(id))
	}
}

// match looks for the entry of what was heard among all that is here. Of several that fit, the first of
// its transcript counts, so that the order of arrival does not.
func (p *Picture) match(h *Heard, ch *Change) error {
	switch {
	case h.Call != nil:
		for _, c := range p.Calls() {
			p.tryCall(h, c)
		}
	case h.ID != "" && h.Vers > 0:
		if n := p.Notice(Key{Side: h.Side.Other(), ID: h.ID}); n != nil {
			p.tryNotice(h, n)
		}
	default:
		for n := range p.Notices() {
			p.tryNotice(h, n)
		}
	}
	p.matchedWith(h, ch)
	return nil
}

// matchVersion looks whether the newest version of a notice is what was heard.
func (p *Picture) matchVersion(n *Notice, ch *Change) {
	if len(p.slots.heard) == 0 {
		return
	}
	v := &n.Versions[len(n.Versions)-1]
	for _, h := range p.Heard() {
		if id, ok := p.slots.of(h.Ref); ok && p.tryVersion(h, n, v) {
			ch.Matched = append(ch.Matched, p.slots.keyOf(id))
		}
	}
}

// matchCall looks whether a call is one that was heard.
func (p *Picture) matchCall(c *Call, ch *Change) {
	if len(p.slots.heard) == 0 {
		return
	}
	for _, h := range p.Heard() {
		if p.tryCall(h, c) {
			ch.MatchedCalls = append(ch.MatchedCalls, h.Ref)
		}
	}
}

func (p *Picture) tryNotice(h *Heard, n *Notice) {
	for i := range n.Versions {
		p.tryVersion(h, n, &n.Versions[i])
	}
}

// tryVersion matches a version with what was heard, where they fit and no earlier one does.
func (p *Picture) tryVersion(h *Heard, n *Notice, v *Version) bool {
	if h.Call != nil || n.Key.Voice || n.Key.Side == h.Side || v.Flaw != "" || !v.Known() || !h.Match.IsZero() && !refLess(v.Ref, h.Match) {
		return false
	}
	named := h.ID != "" && h.Vers > 0
	if named && (h.ID != n.Key.ID || h.Vers != v.Notice.Version) || h.ID != "" && h.ID != n.Key.ID || !named && h.notice.Kind != v.Notice.Kind {
		return false
	}
	r := voice.CompareHeard(v.Notice, h.notice, voice.DefaultTolerances())
	if !named && !r.Same {
		return false
	}
	h.matched(v.Ref, v.Drill, r)
	return true
}

// tryCall is tryVersion of a call.
func (p *Picture) tryCall(h *Heard, c *Call) bool {
	if h.Call == nil || c.Voice != nil || c.Side == h.Side || !h.Match.IsZero() && refLess(h.Match, c.Ref) {
		return false
	}
	named := !h.Call.Call.IsZero()
	if named && h.Call.Call != c.Ref || !named && (h.Call.Type != c.Type || c.Time.Sub(h.At).Abs() > CallTolerance) {
		return false
	}
	r := voice.CompareHeardCall(toldCall(c.Type, &c.Call), toldCall(h.Call.Type, &body.Call{About: h.Call.About, Review: h.Call.Review, Danger: h.Call.Danger}), voice.DefaultTolerances())
	if !named && !r.Same {
		return false
	}
	h.matched(c.Ref, c.Drill, r)
	return true
}

func toldCall(callType string, b *body.Call) voice.Call {
	out := voice.Call{Type: callType, About: b.About, LastSeen: b.LastSeen, Persons: b.Persons, Review: b.Review}
	if b.Position != nil {
		out.Position = &geo4d.Position{LonDeg: b.Position[0], LatDeg: b.Position[1]}
	}
	return out
}

func (h *Heard) matched(r body.Ref, drill bool, found voice.Result) {
	h.Match, h.Same, h.Differences = r, found.Same, nil
	for _, d := range found.Differences {
		h.Differences = append(h.Differences, body.OfDifference(d))
	}
	if drill != h.Drill {
		words := map[bool]string{true: "exercise", false: "real"}
		h.Same = false
		h.Differences = append(h.Differences, body.Difference{Field: voice.FieldExercise, Told: words[drill], ReadBack: words[h.Drill],
			Text: "told as " + words[drill] + "; heard as " + words[h.Drill], Said: body.SaidJSON(catalogue.Say("differs.heard-" + words[h.Drill]))})
	}
}
