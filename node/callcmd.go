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
	"parley/phrase"
)

// Words are what an officer says in a call: the number of a phrase, a text, or both. With a phrase and
// no text, the text is the phrase in the language given, or in the desk's own.
type Words struct {
	Phrase      int
	Text        string
	Language    string            // a BCP 47 tag
	Translation *body.Translation // nil: none is given with it
}

// Calling is what an officer says when he calls.
type Calling struct {
	Type  string // query, concern, hold, distress
	About string // the id of a notice or a conflict; "": none
	Words
	Drill  bool
	Review time.Time // of a hold, when it is looked at again; zero: in picture.DefaultReview
	body.Danger
}

// Answering is an answer to a call, by its entry.
type Answering struct {
	Call string
	Word string // of the party called by a hold: holding, cannot-hold, continuing
	Words
}

const (
	maxCallText = 4000           // bytes of a text
	maxName     = 200            // bytes of a name
	maxReview   = 24 * time.Hour // how far ahead a hold's review may be
	maxPersons  = 100_000
	clockSlack  = time.Minute // between the clock of who saw something and the node's
)

// Call calls the other party's desk.
func (n *Node) Call(ctx context.Context, who Officer, lineID string, in Calling) (view.Call, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.Call{}, err
	}
	kind := "call." + in.Type
	if !body.IsCall(kind) {
		return view.Call{}, fault.New("type", in.Type, "is not a type of call", "choose query, concern, hold or distress")
	}
	c := body.Call{About: in.About, Danger: in.Danger}
	if c.Speech, err = ln.speech(who, in.Words, phrase.Use(in.Type)); err != nil {
		return view.Call{}, err
	}
	if in.Type == body.Hold {
		if c.Review, err = n.reviewTime(in.Review); err != nil {
			return view.Call{}, err
		}
	} else if !in.Review.IsZero() {
		return view.Call{}, fault.New("review", geo4d.FormatTime(in.Review), "is only of a hold", "leave it out")
	}
	if err := checkDanger(in, n.cfg.Clock.Now()); err != nil {
		return view.Call{}, err
	}
	return ln.sayInCall(ctx, kind, c, in.Drill, body.Ref{})
}

// reviewTime returns when a hold is looked at again.
func (n *Node) reviewTime(at time.Time) (time.Time, error) {
	now := n.cfg.Clock.Now().UTC().Truncate(time.Millisecond)
	if at.IsZero() {
		return now.Add(picture.DefaultReview), nil
	}
	if !at.After(now) || at.After(now.Add(maxReview)) {
		return at, fault.New("review", geo4d.FormatTime(at), "must be after now and within 24 hours", "give a time soon: a hold that is not reviewed lapses")
	}
	return at.UTC().Truncate(time.Millisecond), nil
}

// checkDanger looks at what only a distress call says.
func checkDanger(in Calling, now time.Time) error {
	d := in.Danger
	if in.Type != body.Distress {
		if d != (body.Danger{}) {
			return fault.New("position", "", "with last_seen, persons and nature is only of a distress call", "say it in the text")
		}
		return nil
	}
	if p := d.Position; p != nil && !(p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90) {
		return fault.New("position", fmt.Sprint(p[0], ", ", p[1]), "is not a longitude and a latitude in degrees", "give the longitude first: [35.95, 35.41]")
	}
	if d.Persons < 0 || d.Persons > maxPersons {
		return fault.New("persons", fmt.Sprint(d.Persons), fmt.Sprintf("must be from 0 to %d", maxPersons), "leave it out where it is not known")
	}
	if d.LastSeen.After(now.Add(clockSlack)) {
		return fault.New("last_seen", geo4d.FormatTime(d.LastSeen), "is still to come", "give the time at which it was last seen, with its offset")
	}
	if len(d.Nature) > maxCallText {
		return fault.New("nature", fault.Shorten(d.Nature), fmt.Sprintf("must have at most %d bytes", maxCallText), "say it in a few words")
	}
	return nil
}

// speech checks what an officer says, and completes it from the phrase.
func (ln *lineNode) speech(who Officer, w Words, uses ...phrase.Use) (body.Speech, error) {
	out := body.Speech{Phrase: w.Phrase, Text: w.Text, Language: w.Language, Translation: w.Translation, Officer: who.Name, Role: who.Role}
	if w.Phrase != 0 {
		p, ok := phrase.Find(w.Phrase)
		if !ok || !slices.ContainsFunc(uses, p.For) {
			return out, fault.New("phrase", fmt.Sprint(w.Phrase), "is not the number of a phrase for "+useWords(uses), phraseHint(uses))
		}
		if out.Language == "" {
			out.Language = ln.ownLanguage()
		}
		if out.Text == "" {
			text, ok := phrase.In(p, out.Language)
			if !ok {
				return out, fault.New("language", out.Language, "has no catalogue of phrases", "choose one of "+strings.Join(phrase.Languages(), ", "))
			}
			out.Text = text.Text
		}
	}
	if out.Text == "" || len(out.Text) > maxCallText {
		return out, fault.New("text", fault.Shorten(out.Text), fmt.Sprintf("must have 1 to %d bytes, or a phrase its number", maxCallText), "say in a few words what and where")
	}
	if out.Language == "" {
		return out, fault.New("language", "", "is required with text", "give its BCP 47 tag: en")
	}
	if !notice.LanguageFits(out.Language) {
		return out, fault.New("language", out.Language, "must be a BCP 47 language tag", "write en, ar, ru, pt-BR")
	}
	return out, checkTranslation(w.Translation)
}

func useWords(uses []phrase.Use) string {
	var out []string
	for _, u := range uses {
		out = append(out, string(u))
	}
	return strings.Join(out, " or ")
}

// phraseHint lists the phrases that fit.
func phraseHint(uses []phrase.Use) string {
	var fit []string
	for _, p := range phrase.All() {
		if slices.ContainsFunc(uses, p.For) {
			fit = append(fit, fmt.Sprint(p.Number))
		}
	}
	return "choose one of " + strings.Join(fit, ", ") + ": parley line phrases"
}

func checkTranslation(t *body.Translation) error {
	switch {
	case t == nil:
		return nil
	case !notice.LanguageFits(t.Language):
		return fault.New("translation.language", t.Language, "must be a BCP 47 language tag", "write en, ar, ru, pt-BR")
	case t.Text == "" || len(t.Text) > maxCallText:
		return fault.New("translation.text", fault.Shorten(t.Text), fmt.Sprintf("must have 1 to %d bytes", maxCallText), "leave the translation out where there is none")
	case t.Translator == "" || len(t.Translator) > maxName:
		return fault.New("translation.translator", fault.Shorten(t.Translator), fmt.Sprintf("must have 1 to %d bytes", maxName), "name who translated it")
	}
	return nil
}

// Answer answers a call of either party. The party that a hold calls says which of the three answers
// it is.
func (n *Node) Answer(ctx context.Context, who Officer, lineID string, in Answering) (view.Call, error) {
	ln, c, err := n.pickCall(lineID, in.Call)
	if err != nil {
		return view.Call{}, err
	}
	a := body.Answer{Call: c.Ref, Word: in.Word}
	uses := []phrase.Use{phrase.Answer}
	if c.Type == body.Hold && c.Side != ln.side {
		if a.Word, in.Words, err = holdWord(in); err != nil {
			return view.Call{}, err
		}
		uses = []phrase.Use{phrase.Use(a.Word)}
	} else if in.Word != "" {
		return view.Call{}, fault.New("word", in.Word, "is only of the answer to a hold of the other party", "leave it out")
	}
	if a.Speech, err = ln.speech(who, in.Words, uses...); err != nil {
		return view.Call{}, err
	}
	return ln.sayInCall(ctx, body.AnswerKind(c.Type), a, c.Drill, c.Ref)
}

// holdWord returns which answer to a hold it is, from its word or its phrase. Holding needs no more
// words; the others need a reason.
func holdWord(in Answering) (string, Words, error) {
	w := in.Words
	if p, ok := phrase.Find(w.Phrase); ok && in.Word == "" {
		for _, word := range body.Words() {
			if p.For(phrase.Use(word)) {
				in.Word = word
			}
		}
	}
	if !slices.Contains(body.Words(), in.Word) {
		return "", w, fault.New("word", in.Word, "does not say which answer to the hold it is", "say holding, cannot-hold or continuing; the last two with a reason")
	}
	if w.Phrase == 0 && w.Text == "" {
		if in.Word != body.Holding {
			return "", w, fault.New("text", "", "is required with "+in.Word, "say the reason, or give the number of a phrase")
		}
		w.Phrase = phrase.YesHolding
	}
	return in.Word, w, nil
}

// Lift lifts an own hold. Of one that is lifted it says nothing more on the line.
func (n *Node) Lift(ctx context.Context, who Officer, lineID, call string, w Words) (view.Call, error) {
	return n.end(ctx, who, lineID, call, w, true)
}

// EndCall says that an own query, concern or distress call is over. Of one that is, it says nothing
// more on the line.
func (n *Node) EndCall(ctx context.Context, who Officer, lineID, call string, w Words) (view.Call, error) {
	return n.end(ctx, who, lineID, call, w, false)
}

func (n *Node) end(ctx context.Context, who Officer, lineID, call string, w Words, lift bool) (view.Call, error) {
	ln, c, err := n.pickCall(lineID, call)
	if err != nil {
		return view.Call{}, err
	}
	switch {
	case c.Side != ln.side:
		return view.Call{}, fault.New("call", call, "is not an own call", "only the party that called ends or lifts it; answer it: parley line answer")
	case lift && c.Type != body.Hold:
		return view.Call{}, fault.New("call", call, "is a "+c.Type+", not a hold", "end it: parley line end")
	case !lift && c.Type == body.Hold:
		return view.Call{}, fault.New("call", call, "is a hold", "lift it: parley line lift")
	case len(c.Ends) > 0:
		return ln.callView(ctx, c.Ref)
	}
	use, otherwise := phrase.End, phrase.IsOver
	if lift {
		use, otherwise = phrase.Lift, phrase.IsLifted
	}
	if w.Phrase == 0 && w.Text == "" {
		w.Phrase = otherwise
	}
	e := body.End{Call: c.Ref}
	if e.Speech, err = ln.speech(who, w, use); err != nil {
		return view.Call{}, err
	}
	return ln.sayInCall(ctx, body.EndKind(c.Type), e, c.Drill, c.Ref)
}

// Review gives an own hold a new review time.
func (n *Node) Review(ctx context.Context, who Officer, lineID, call string, at time.Time, w Words) (view.Call, error) {
	ln, c, err := n.pickCall(lineID, call)
	if err != nil {
		return view.Call{}, err
	}
	switch {
	case c.Side != ln.side || c.Type != body.Hold:
		return view.Call{}, fault.New("call", call, "is not an own hold", "only the party that called moves its review")
	case len(c.Ends) > 0:
		return view.Call{}, &fault.Error{Code: fault.Mismatch, Field: "call", Value: call, Rule: "is lifted", Hint: "call again: parley line hold"}
	}
	r := body.Review{Call: c.Ref}
	if r.Review, err = n.reviewTime(at); err != nil {
		return view.Call{}, err
	}
	if w.Phrase == 0 && w.Text == "" {
		w.Phrase = phrase.StillHold
	}
	if r.Speech, err = ln.speech(who, w, phrase.Review); err != nil {
		return view.Call{}, err
	}
	return ln.sayInCall(ctx, body.KindHoldReview, r, c.Drill, c.Ref)
}

// Translate adds an officer's translation to a call, or to an answer or an end of one, by its entry.
func (n *Node) Translate(ctx context.Context, who Officer, lineID, entry, language, text string) (view.Call, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.Call{}, err
	}
	ref, err := ln.ref(entry)
	if err != nil {
		return view.Call{}, fault.In("entry", err)
	}
	if err := checkTranslation(&body.Translation{Language: language, Text: text, Translator: who.Name}); err != nil {
		return view.Call{}, err
	}
	ln.mu.RLock()
	c := ln.pic.CallWith(ref)
	ln.mu.RUnlock()
	if c == nil {
		return view.Call{}, &fault.Error{Code: fault.NotFound, Field: "entry", Value: fault.Shorten(entry),
			Rule: "is not a call or what was said in one", Hint: "list them: parley line calls --json"}
	}
	return ln.sayInCall(ctx, body.KindTranslation, body.Translated{Entry: ref, Language: language, Text: text, Officer: who.Name, Role: who.Role}, c.Drill, c.Ref)
}

// IsUrgent reports whether a call is a hold or a distress call, for which nothing waits.
func (n *Node) IsUrgent(lineID, call string) bool {
	_, c, err := n.pickCall(lineID, call)
	return err == nil && (c.Type == body.Hold || c.Type == body.Distress)
}

// pickCall returns a call, as it stands, by its entry.
func (n *Node) pickCall(lineID, call string) (*lineNode, picture.Call, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return nil, picture.Call{}, err
	}
	ref, err := ln.ref(call)
	if err != nil {
		return nil, picture.Call{}, fault.In("call", err)
	}
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	c := ln.pic.Call(ref)
	if c == nil {
		return nil, picture.Call{}, &fault.Error{Code: fault.NotFound, Field: "call", Value: fault.Shorten(call), Rule: "is not a call on this line", Hint: "list them: parley line calls"}
	}
	if c.Voice != nil && !c.Voice.Match.IsZero() { // its entry is here: what is said counts for that
		if signed := ln.pic.Call(c.Voice.Match); signed != nil {
			c = signed
		}
	}
	return ln, *c, nil
}

// sayInCall puts what was said on the record and returns the call as it then stands; a zero ref is of
// the entry itself.
func (ln *lineNode) sayInCall(ctx context.Context, kind string, v any, drill bool, call body.Ref) (view.Call, error) {
	d, err := body.Draft(kind, v)
	if err != nil {
		return view.Call{}, err
	}
	d.Drill = drill
	refs, err := ln.append(ctx, d)
	if err != nil {
		return view.Call{}, err
	}
	if call.IsZero() {
		call = refs[0]
	}
	return ln.callView(ctx, call)
}

// ownLanguage is the one in which this desk reads phrases: the party's first in the agreement, or the
// line's, of which there is a catalogue, or English.
func (ln *lineNode) ownLanguage() string {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	return ln.deskLanguage()
}

// deskLanguage is ownLanguage with ln.mu held.
func (ln *lineNode) deskLanguage() string {
	own, _ := ln.terms.Party(ln.node.cfg.Party)
	return phrase.Choose(slices.Concat(own.Languages, ln.terms.Languages)...)
}
