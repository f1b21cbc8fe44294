package node

import (
	"slices"
	"strings"
	"time"

	"parley/catalogue"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
)

// unmatchedAfter is how long after both nodes hold what was heard by voice its party has to file it,
// before both are alarmed.
const unmatchedAfter = 10 * time.Minute

// stateSuperseded is of a conflict with what was heard by voice, once the entry is here: it goes on as
// the conflict with that.
const stateSuperseded = "superseded"

// rematched lets what was heard by voice, and what it was matched with, be looked at anew. ln.mu is
// held.
func (ln *lineNode) rematched(ch picture.Change) {
	if !ln.live.Load() {
		return
	}
	if len(ch.Matched) > 0 {
		ln.markWorked("")
	}
	for _, k := range ch.Matched {
		if n := ln.pic.Notice(k); k.Voice {
			ln.renew(n, false)
			ln.publishSaid("entry", n.Voice.Ref.String(), ln.matchMessage(n.Voice))
		} else {
			ln.touch(n)
		}
	}
	for _, r := range ch.MatchedCalls {
		ln.reviewCall(r)
		if h := ln.pic.HeardBy(r); h != nil {
			ln.publishSaid("call", r.String(), ln.matchMessage(h))
		}
	}
	ln.node.poke()
}

// heardBy says what was heard by voice, when and by whom.
func (ln *lineNode) heardBy(h *picture.Heard) catalogue.Message {
	peer := catalogue.ByPeople("peer", ln.party(h.Side.Other()))
	what := catalogue.Say("voice.unnamed", peer)
	switch {
	case h.Call != nil:
		what = catalogue.Say("voice.call", catalogue.Word("type", "call."+h.Call.Type), peer)
	case h.ID != "":
		what = catalogue.Say("voice.notice", catalogue.ByPeople("notice", h.ID), peer)
	}
	return catalogue.Say("voice.heard", catalogue.SayIn("what", what), catalogue.At("at", catalogue.Second, h.At), catalogue.ByPeople("officer", h.By),
		catalogue.ByPeople("party", ln.party(h.Side)), catalogue.ByPeople("from", h.Other))
}

// heardMessage says of what was heard by voice something is.
func (ln *lineNode) heardMessage(h *picture.Heard, said catalogue.Message) catalogue.Message {
	return catalogue.Say("alarm.voice", catalogue.SayIn("what", ln.heardBy(h)), catalogue.SayIn("said", said))
}

func (ln *lineNode) matchMessage(h *picture.Heard) catalogue.Message {
	what, as := catalogue.SayIn("what", ln.heardBy(h)), catalogue.AsCode("id", h.Match.Short())
	if h.Same {
		return catalogue.Say("event.voice-same", what, as)
	}
	return catalogue.Say("event.voice-differs", what, as, catalogue.SayIn("said", ln.differMessage(h)))
}

// differMessage says how what was heard differs from what its party filed.
func (ln *lineNode) differMessage(h *picture.Heard) catalogue.Message {
	var out []catalogue.Message
	for _, d := range h.Differences {
		out = append(out, ln.node.differenceMessage(d, true))
	}
	return catalogue.Join(out...)
}

// saidByVoice tells what an entry about a talk by voice comes to. ln.mu is held.
func (ln *lineNode) saidByVoice(said picture.Said, ch picture.Change) catalogue.Message {
	by := catalogue.ByPeople("by", ln.party(said.Ref.Origin.Side))
	switch said.Kind {
	case body.KindHeard:
		return catalogue.Say("event.voice-heard", by, catalogue.SayIn("what", ln.heardBy(ln.pic.HeardBy(said.Ref))))
	case body.KindVoiceClosed:
		return catalogue.Say("event.voice-closed", by)
	}
	return catalogue.Say("event.voice-passed", by, catalogue.ByPeople("notice", ch.ID))
}

// takeVoice looks anew at what an entry about a talk by voice changed. ln.mu is held.
func (ln *lineNode) takeVoice(said picture.Said, ch picture.Change) {
	if ch.Notice != nil && ln.live.Load() {
		ln.renew(ln.pic.Notice(*ch.Notice), said.Ref.Origin.Side == ln.side)
	}
	ln.publishSaid("entry", said.Ref.String(), exercised(ln.saidByVoice(said, ch), ln.saidInExercise(&said)))
}

// voiceAlarms names what was heard by voice and is not settled. ln.mu is held.
func (ln *lineNode) voiceAlarms(now time.Time) []view.Alarm {
	var out []view.Alarm
	for _, h := range ln.pic.Heard() {
		if h.Settled() {
			continue
		}
		live, exercise := ln.standsFor(h, now)
		add := func(kind string, level int, since time.Time, m catalogue.Message) {
			if !live {
				level = look
			}
			out = append(out, ln.node.said(view.Alarm{ID: ln.alarmID(kind, h.Ref), Kind: kind, Level: level, Line: ln.id, Subject: ln.heldAs(h), Exercise: exercise, Since: since},
				ln.heardMessage(h, m)))
		}
		peer, party := catalogue.ByPeople("peer", ln.party(h.Side.Other())), catalogue.ByPeople("party", ln.party(h.Side))
		held, delivered := ln.heldBoth(h)
		switch {
		case !h.Match.IsZero():
			add("voice-differs", actNow, h.Time, catalogue.Say("voice.differs", peer, party, catalogue.SayIn("said", ln.differMessage(h))))
		case delivered && !now.Before(held.Add(unmatchedAfter)):
			add("voice-unmatched", soon, held.Add(unmatchedAfter), catalogue.Say("voice.unmatched", peer, party, catalogue.At("since", catalogue.Clock, held)))
		case h.Side == ln.side:
			add("by-voice", look, h.Time, catalogue.Say("voice.unsigned", peer))
		}
	}
	return out
}

// standsFor reports whether what was heard, or what it was matched with, is live, and whether it is
// exercise. ln.mu is held.
func (ln *lineNode) standsFor(h *picture.Heard, now time.Time) (live, exercise bool) {
	r := h.Ref
	if !h.Match.IsZero() {
		r = h.Match
	}
	if h.Call != nil {
		c := ln.pic.Call(r)
		if c == nil {
			return true, false
		}
		s := ln.stateOfCall(c, now)
		return !callEnded(&s), ln.exercise(c)
	}
	n := ln.pic.NoticeOf(r)
	if n == nil {
		return true, false
	}
	return ln.statusOf(n, now).Live(), ln.apart(n)
}

// heldBoth returns since when both nodes hold what was heard. ln.mu is held.
func (ln *lineNode) heldBoth(h *picture.Heard) (time.Time, bool) {
	if h.Side == ln.side {
		return ln.receipts.of(h.Ref)
	}
	return h.HeldAt.Truncate(time.Second), true
}

// heldAs is the id of the notice, or the entry of the call, as which what was heard counts, or which
// it was matched with.
func (ln *lineNode) heldAs(h *picture.Heard) string {
	r := h.Ref
	if !h.Match.IsZero() {
		r = h.Match
	}
	if h.Call == nil {
		if n := ln.pic.NoticeOf(r); n != nil {
			return n.Key.ID
		}
	}
	return r.String()
}

// heardView says what was heard by voice. ln.mu is held.
func (ln *lineNode) heardView(h *picture.Heard) view.Spoken {
	out := view.Spoken{Line: ln.id, Entry: h.Ref.String(), Party: ln.party(h.Side), Way: view.Heard, At: h.At, By: h.By, Other: h.Other, Means: h.Means,
		Entered: h.Time, Officer: h.Officer, Role: h.Role, Drill: h.Drill, Notice: h.ID, Version: h.Vers, State: view.HeardUnmatched, Text: h.Text}
	if h.Call != nil {
		out.Type = h.Call.Type
		if !h.Call.Call.IsZero() {
			out.Call = h.Call.Call.String()
		}
	} else if n := ln.pic.NoticeOf(h.Ref); n != nil {
		out.SaidEcho = notice.Echo(n.Latest().Notice, ln.node.places())
		out.Echo = notice.Lines(ln.node.english, out.SaidEcho)
	}
	for _, d := range h.Differences {
		out.Differences = append(out.Differences, ln.node.differsView(d, true))
	}
	switch {
	case h.Closed != nil:
		out.State = view.HeardClosed
		out.Closed = &view.Closed{Entry: h.Closed.Ref.String(), Officer: h.Closed.Officer, Role: h.Closed.Role, Time: h.Closed.Time, Reason: h.Closed.Reason}
	case h.Match.IsZero():
		out.HeldAs = ln.heldAs(h)
	case h.Same:
		out.State = view.HeardMatched
	default:
		out.State = view.HeardDiffers
	}
	if !h.Match.IsZero() {
		out.Of = h.Match.String()
	}
	return out
}

// passedView says what was passed by voice. ln.mu is held.
func (ln *lineNode) passedView(p *picture.Passed) view.Spoken {
	out := view.Spoken{Line: ln.id, Entry: p.Ref.String(), Party: ln.party(p.Side), Way: view.Passed, At: p.At, By: p.By, Other: p.Other, Means: p.Means,
		Entered: p.Time, Officer: p.Officer, Role: p.Role, Of: p.Entry.String(), ReadBack: p.ReadBack, Remark: p.Remark, Answer: p.Answer}
	if c := ln.pic.Call(p.Entry); c != nil {
		out.Call, out.Type, out.Drill = p.Entry.String(), c.Type, c.Drill
	} else if n := ln.pic.NoticeOf(p.Entry); n != nil {
		out.Notice, out.Version, out.Drill = n.Key.ID, version(n, p.Entry), n.Latest().Drill
	}
	return out
}

// spokenOf lists what was passed and heard by voice of an entry, the earliest talk first. ln.mu is held.
func (ln *lineNode) spokenOf(entries ...body.Ref) []view.Spoken {
	var out []view.Spoken
	for _, r := range entries {
		for _, p := range ln.pic.PassedOf(r) {
			out = append(out, ln.passedView(&p))
		}
		for _, h := range ln.pic.HeardAs(r) {
			out = append(out, ln.heardView(h))
		}
		if h := ln.pic.HeardBy(r); h != nil {
			out = append(out, ln.heardView(h))
		}
	}
	slices.SortStableFunc(out, func(a, b view.Spoken) int { return a.At.Compare(b.At) })
	return out
}

// voiceRungs are what either party says of a notice having been passed by voice. They stand beside the
// ladder: a receipt and an officer's word on the entry are still owed.
func voiceRungs(spoken []view.Spoken) []view.Rung {
	var out []view.Rung
	for _, s := range spoken {
		r := view.Rung{Name: view.PassedByVoice, By: s.Party, Done: &s.At, Entry: s.Entry, Who: s.By, How: s.Means + ", to " + s.Other}
		means, other := catalogue.ByPeople("text", s.Means), catalogue.ByPeople("officer", s.Other)
		r.SaidHow = catalogue.Say("voice.means-to", means, other)
		switch {
		case s.Way == view.Heard:
			r.Name, r.How, r.Differ = view.HeardByVoice, s.Means+", from "+s.Other, s.Differences
			r.SaidHow = catalogue.Say("voice.means-from", means, other)
		case s.ReadBack != body.ReadBackNone:
			r.How += ", read back " + strings.TrimSpace(s.ReadBack+" "+s.Remark)
			r.SaidHow = catalogue.Say("voice.means-read-back", means, other, catalogue.Word("state", "readback."+s.ReadBack))
			if s.Remark != "" {
				r.SaidHow = catalogue.Join(r.SaidHow, catalogue.Say("speech.text", catalogue.ByPeople("text", s.Remark)))
			}
		}
		out = append(out, r)
	}
	return out
}

// byVoiceView says a notice that is known only by voice: nobody owes a step of the ladder for it, and no
// receipt counts. ln.mu is held.
func (ln *lineNode) byVoiceView(p *picture.Notice, out *view.Notice) {
	out.ByVoice, out.Received, out.Ladder = true, []view.Received{}, []view.Rung{}
	out.Lead = view.Lead{Version: out.Version}
	if !out.Start.IsZero() {
		s := out.Start.Sub(p.Voice.At).Seconds()
		out.Lead.HeardS = &s
	}
	if p.Voice.Closed == nil && !p.Voice.Match.IsZero() {
		out.Superseded = p.Voice.Match.String()
	}
}

// superseded reports whether one of two notices was heard by voice and its entry is here.
func superseded(a, b *picture.Notice) bool {
	return slices.ContainsFunc([]*picture.Notice{a, b}, func(n *picture.Notice) bool { return n.Voice != nil && !n.Voice.Match.IsZero() })
}

// owners lists who took a conflict, and who took it while one of its notices was known by voice alone.
// ln.mu is held.
func (ln *lineNode) owners(id string) []picture.Owner {
	var out []picture.Owner
	if c := ln.pic.Conflict(id); c != nil {
		out = c.Owners
	}
	a, b := ln.conflictOf(id)
	if a == nil || b == nil || len(ln.pic.Heard()) == 0 {
		return out
	}
	for _, pair := range [][2]*picture.Notice{{a, b}, {b, a}} {
		for i := range pair[0].Versions {
			for _, h := range ln.pic.HeardAs(pair[0].Versions[i].Ref) {
				if c := ln.pic.Conflict(body.ConflictID(ln.id, h.Ref, pair[1].First)); c != nil {
					out = append(slices.Clone(c.Owners), out...)
				}
			}
		}
	}
	return out
}
