package node

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/fault"
	"parley/geo4d"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/voice"
)

// maxVoiceAge is how long ago a talk may be that is entered late.
const maxVoiceAge = 30 * 24 * time.Hour

// Talk is who spoke with whom by voice, when and how. By "" is the officer who enters it.
type Talk struct {
	At    time.Time
	By    string
	Other string // the other party's officer
	Means string
}

// Passing is what an officer says of an own notice or call that was passed by voice: by its id or its
// entry. Version 0 is the newest.
type Passing struct {
	Talk
	Of       string
	Version  int
	ReadBack string // body.ReadBackSame, ReadBackDiffers, ReadBackNone
	Remark   string
	Answer   string // to a call: the word to a hold, body.SaidTaken to the rest; "" where none was given
}

// Hearing is what an officer heard by voice, as he wrote it down: see voice.ReadHeard. Language is of a
// call's words.
type Hearing struct {
	Talk
	Text     string
	Language string
}

// onPhone checks a talk and completes it.
func (n *Node) onPhone(who Officer, t Talk) (body.OnPhone, error) {
	out := body.OnPhone{At: t.At.UTC().Truncate(time.Millisecond), By: t.By, Other: t.Other, Means: t.Means}
	if out.By == "" {
		out.By = who.Name
	}
	now := n.cfg.Clock.Now()
	switch {
	case t.At.IsZero():
		return out, fault.New("at", "", "is required", "give the time of the call with its offset: 2026-12-01T18:05:00Z")
	case t.At.After(now.Add(clockSlack)):
		return out, fault.New("at", geo4d.FormatTime(t.At), "is still to come", "give the time of the call with its offset")
	case now.Sub(t.At) > maxVoiceAge:
		return out, fault.New("at", geo4d.FormatTime(t.At), "is more than 30 days ago", "look at the year and the month")
	}
	for _, f := range [...]struct{ field, text, mend string }{
		{"by", out.By, "name the own officer who spoke"}, {"other", out.Other, "name the officer of the other party"}, {"means", out.Means, "say how: telephone, radio"},
	} {
		if f.text == "" {
			return out, fault.New(f.field, "", "is required", f.mend)
		}
		if len(f.text) > maxName {
			return out, fault.New(f.field, fault.Shorten(f.text), fmt.Sprintf("must be at most %d bytes", maxName), "say it shorter")
		}
	}
	return out, nil
}

// VoicePassed says late that an own notice or call was passed by voice. It stands beside the ladder and
// takes the place of no receipt.
func (n *Node) VoicePassed(ctx context.Context, who Officer, lineID string, in Passing) (view.Spoken, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.Spoken{}, err
	}
	talk, err := n.onPhone(who, in.Talk)
	if err != nil {
		return view.Spoken{}, err
	}
	if !slices.Contains([]string{body.ReadBackSame, body.ReadBackDiffers, body.ReadBackNone}, in.ReadBack) {
		return view.Spoken{}, fault.New("read_back", in.ReadBack, "must be same, differs or none", "say what the other officer read back")
	}
	if in.ReadBack == body.ReadBackDiffers && in.Remark == "" {
		return view.Spoken{}, fault.New("remark", "", "is required where what was read back differs", "say what differed and how it was settled")
	}
	if len(in.Remark) > maxRemark {
		return view.Spoken{}, tooLong("remark", in.Remark)
	}
	entry, drill, err := ln.ownSaid(in.Of, in.Version)
	if err != nil {
		return view.Spoken{}, err
	}
	if err := ln.fitsAnswer(entry, in); err != nil {
		return view.Spoken{}, err
	}
	if have := ln.passedAlready(entry, talk, in.Answer); have != nil {
		return *have, nil
	}
	ref, err := ln.sayByVoice(ctx, body.KindPassed, drill, body.Passed{Entry: entry, OnPhone: talk, ReadBack: in.ReadBack, Remark: in.Remark, Answer: in.Answer, Officer: who.Name, Role: who.Role})
	if err != nil {
		return view.Spoken{}, err
	}
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	for _, p := range ln.pic.PassedOf(entry) {
		if p.Ref == ref {
			return ln.passedView(&p), nil
		}
	}
	return view.Spoken{}, fault.Newf(fault.Internal, "node.voice", "the entry is not in the picture")
}

// fitsAnswer checks what was answered by voice to what was passed.
func (ln *lineNode) fitsAnswer(entry body.Ref, in Passing) error {
	if in.Answer == "" {
		return nil
	}
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	c := ln.pic.Call(entry)
	if c == nil {
		return fault.New("answer", in.Answer, "is for a call, and this is a notice", "leave it out; a read-back is what a notice has")
	}
	fits := []string{body.SaidTaken}
	if c.Type == body.Hold {
		fits = body.Words()
	}
	if !slices.Contains(fits, in.Answer) {
		return fault.New("answer", in.Answer, "does not answer a "+c.Type, "say "+strings.Join(fits, ", "))
	}
	if (in.Answer == body.CannotHold || in.Answer == body.Continuing) && in.Remark == "" {
		return fault.New("remark", "", "is required where the other party does not hold", "say what its officer gave as the reason")
	}
	return nil
}

func (ln *lineNode) passedAlready(entry body.Ref, talk body.OnPhone, answer string) *view.Spoken {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	for _, p := range ln.pic.PassedOf(entry) {
		if p.OnPhone == talk && p.Answer == answer {
			v := ln.passedView(&p)
			return &v
		}
	}
	return nil
}

func (ln *lineNode) sayByVoice(ctx context.Context, kind string, drill bool, v any) (body.Ref, error) {
	d, err := body.Draft(kind, v)
	if err != nil {
		return body.Ref{}, err
	}
	d.Drill = drill
	refs, err := ln.append(ctx, d)
	if err != nil {
		return body.Ref{}, err
	}
	return refs[0], nil
}

// ownSaid finds the entry of an own notice's version, or of an own call.
func (ln *lineNode) ownSaid(of string, number int) (entry body.Ref, drill bool, err error) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	have := ln.pic.Notice(picture.Key{Side: ln.side, ID: of})
	if r, err := ln.ref(of); have == nil && err == nil && r.Origin.Side == ln.side {
		if c := ln.pic.Call(r); c != nil && c.Voice == nil {
			return r, c.Drill, nil
		}
		if n := ln.pic.NoticeOf(r); n != nil && !n.Key.Voice {
			v := n.Latest()
			for i := range n.Versions {
				if n.Versions[i].Ref == r {
					v = &n.Versions[i]
				}
			}
			return r, v.Drill, nil
		}
	}
	if have == nil {
		return body.Ref{}, false, &fault.Error{Code: fault.NotFound, Field: "of", Value: fault.Shorten(of), Rule: "is not an own notice or call on the line to " + ln.peer,
			Hint: "file it first, the line being down does not matter; then name it: parley notice list, parley line calls"}
	}
	if number == 0 {
		v := have.Latest()
		return v.Ref, v.Drill, nil
	}
	for i := range have.Versions {
		if v := &have.Versions[i]; v.Notice.Version == number && v.Flaw == "" {
			return v.Ref, v.Drill, nil
		}
	}
	return body.Ref{}, false, fault.New("version", fmt.Sprint(number), "is not a version of "+of, fmt.Sprintf("the newest is %d", have.Latest().Notice.Version))
}

// VoiceHeard enters what an officer heard by voice. It counts as the other party's at once, and until the
// entry of that party is here.
func (n *Node) VoiceHeard(ctx context.Context, who Officer, lineID string, in Hearing) (view.HeardNow, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.HeardNow{}, err
	}
	said, err := voice.ReadHeard(in.Text, in.At)
	if err != nil {
		return view.HeardNow{}, err
	}
	if said.Caller != "" && !strings.EqualFold(said.Caller, ln.peer) {
		return view.HeardNow{}, fault.New(voice.FieldCaller, said.Caller, "is not the other party of this line", "name the line to "+said.Caller+", or write "+ln.peer)
	}
	if in.Other == "" {
		in.Other = said.Speaks
	}
	b := body.Heard{Text: in.Text, Officer: who.Name, Role: who.Role}
	if b.OnPhone, err = n.onPhone(who, in.Talk); err != nil {
		return view.HeardNow{}, err
	}
	if said.Notice != nil {
		err = heardNotice(&b, *said.Notice)
	} else {
		b.Call, err = ln.heardCall(said.Call, in.Language)
	}
	if err != nil {
		return view.HeardNow{}, err
	}
	ref := ln.heardAlready(&b)
	if ref.IsZero() {
		if ref, err = ln.sayByVoice(ctx, body.KindHeard, said.Exercise, b); err != nil {
			return view.HeardNow{}, err
		}
	}
	return ln.heardNow(ref), nil
}

// heardNotice checks what was heard as a notice and puts it into the body.
func heardNotice(b *body.Heard, n notice.Notice) (err error) {
	if n.ID != "" && n.Version == 0 {
		return fault.New(voice.FieldVersion, "", "is missing beside the notice's id", "write what was read after version")
	}
	checked := n
	if checked.ID == "" {
		checked.ID = "heard" // none was heard, which the rules of filing do not know
	}
	if _, err := notice.Validate(checked, notice.Context{Now: b.At}); err != nil {
		return err
	}
	b.Notice, err = notice.Marshal(n)
	return err
}

// heardCall checks what was heard as a call.
func (ln *lineNode) heardCall(c *voice.Call, language string) (*body.HeardCall, error) {
	out := &body.HeardCall{Type: c.Type, About: c.About, Text: c.Text, Language: language, Review: c.Review,
		Danger: body.Danger{LastSeen: c.LastSeen, Persons: c.Persons, Nature: c.Nature}}
	if c.Place != "" {
		out.Text += "; place: " + c.Place
	}
	if out.Language == "" {
		out.Language = ln.ownLanguage()
	}
	if !notice.LanguageFits(out.Language) {
		return nil, fault.New("language", out.Language, "must be a BCP 47 language tag", "write en, ar, ru, pt-BR")
	}
	if len(out.Text) > maxCallText {
		return nil, fault.New(voice.FieldText, fault.Shorten(out.Text), fmt.Sprintf("must be at most %d bytes", maxCallText), "write what was said in a few words")
	}
	if p := c.Position; p != nil {
		out.Position = &body.Position{p.LonDeg, p.LatDeg}
	}
	if c.ID != "" {
		r, err := ln.ref(c.ID)
		if err != nil || r.Origin.Side == ln.side {
			return nil, fault.New(voice.FieldCall, c.ID, "is not the name of a call of "+ln.peer, "write it as it was read, 1/b#3, or leave the line out")
		}
		out.Call = r
	}
	return out, checkDanger(Calling{Type: c.Type, Danger: out.Danger}, ln.node.cfg.Clock.Now())
}

// heardAlready finds the entry of what is entered again, by a caller who got no answer.
func (ln *lineNode) heardAlready(b *body.Heard) body.Ref {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	for _, h := range ln.pic.Heard() {
		if h.Side == ln.side && h.Closed == nil && h.OnPhone == b.OnPhone && h.Text == b.Text {
			return h.Ref
		}
	}
	return body.Ref{}
}

// heardNow is the answer to entering what was heard.
func (ln *lineNode) heardNow(r body.Ref) view.HeardNow {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	out := view.HeardNow{Conflicts: []view.Conflict{}, Compared: ln.compared(false)}
	h := ln.pic.HeardBy(r)
	if h == nil {
		return out
	}
	out.Spoken = ln.heardView(h)
	if !h.Match.IsZero() {
		r = h.Match
	}
	if c := ln.pic.Call(r); h.Call != nil && c != nil {
		v := ln.callOf(c)
		out.Call = &v
	}
	if n := ln.pic.NoticeOf(r); h.Call == nil && n != nil {
		v := ln.noticeView(n, true, true)
		out.Notice, out.Compared = &v, ln.compared(v.Exercise)
		for _, id := range v.Conflicts {
			out.Conflicts = append(out.Conflicts, ln.conflictView(id))
		}
	}
	return out
}

// VoiceClose says that nobody needs to look at what was heard by voice any more: it is settled, or it
// was entered in error. What is known by voice alone then no longer counts.
func (n *Node) VoiceClose(ctx context.Context, who Officer, lineID, entry, reason string) (view.Spoken, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.Spoken{}, err
	}
	if err := words("reason", reason, "say how it was settled, with whom"); err != nil {
		return view.Spoken{}, err
	}
	h, open := ln.ownHeard(entry)
	if h.IsZero() {
		return view.Spoken{}, &fault.Error{Code: fault.NotFound, Field: "heard", Value: fault.Shorten(entry), Rule: "is nothing that this party heard by voice",
			Hint: "only who heard it closes it; list them: parley voice list"}
	}
	if open {
		if _, err := ln.sayByVoice(ctx, body.KindVoiceClosed, false, body.VoiceClosed{Heard: h, Reason: reason, Officer: who.Name, Role: who.Role}); err != nil {
			return view.Spoken{}, err
		}
	}
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	return ln.heardView(ln.pic.HeardBy(h)), nil
}

// ownHeard finds what this party heard, by its entry or the id as which it is held.
func (ln *lineNode) ownHeard(text string) (r body.Ref, open bool) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	if n := ln.pic.Notice(picture.Key{Side: ln.side.Other(), ID: text, Voice: true}); n != nil {
		r = n.First
	} else if r, _ = ln.ref(text); r.IsZero() {
		return r, false
	}
	h := ln.pic.HeardBy(r)
	if h == nil || h.Side != ln.side {
		return body.Ref{}, false
	}
	return r, h.Closed == nil
}

// Spoken lists what was passed and heard by voice, the newest talk first; with open only what was heard
// and is not settled.
func (n *Node) Spoken(ctx context.Context, lineID string, open bool) ([]view.Spoken, error) {
	lines, err := n.chosen(lineID)
	if err != nil {
		return nil, err
	}
	out := []view.Spoken{}
	for _, ln := range lines {
		ln.mu.RLock()
		for _, h := range ln.pic.Heard() {
			if !open || !h.Settled() {
				out = append(out, ln.heardView(h))
			}
		}
		for _, p := range ln.pic.AllPassed() {
			if !open {
				out = append(out, ln.passedView(&p))
			}
		}
		ln.mu.RUnlock()
	}
	slices.SortStableFunc(out, func(a, b view.Spoken) int { return b.At.Compare(a.At) })
	return out, nil
}
