package picture

import (
	"slices"
	"sort"
	"time"

	"parley/fault"
	"parley/node/body"
	"parley/transcript"
)

// Call is a call with all that followed it.
type Call struct {
	Ref     body.Ref
	Side    transcript.Side
	Time    time.Time
	HeldAt  time.Time
	Drill   bool
	Ahead   bool   // came ahead of its turn and is not yet in order
	Type    string // query, concern, hold, distress; "" while only what follows it is here
	Taken   []Receipt
	Answers []Answer
	Reviews []Review
	Ends    []End
	Voice   *Heard // of one that is known only by voice
	body.Call
}

// Answer is an answer to a call.
type Answer struct {
	Ref  body.Ref
	Side transcript.Side
	Time time.Time
	body.Answer
}

// Review is a new review time of a hold, by the party that called.
type Review struct {
	Ref  body.Ref
	Time time.Time
	body.Review
}

// End is the word of the party that called that a call is over: of a hold, its lift.
type End struct {
	Ref  body.Ref
	Time time.Time
	body.End
}

// Translated is a translation that was added later.
type Translated struct {
	Ref  body.Ref
	Side transcript.Side
	Time time.Time
	body.Translated
}

// Call returns a call by its entry, or nil.
func (p *Picture) Call(r body.Ref) *Call {
	if c := p.calls[r]; c != nil && c.Type != "" {
		return c
	}
	return nil
}

// Calls returns every call, in the order of side and entry.
func (p *Picture) Calls() []*Call {
	out := make([]*Call, 0, len(p.calls))
	for _, c := range p.calls {
		if c.Type != "" {
			out = append(out, c)
		}
	}
	sort.Slice(out, func(i, j int) bool { return refLess(out[i].Ref, out[j].Ref) })
	return out
}

// CallWith returns the call that an entry is, or that it is an answer, a review or an end of; nil for
// none.
func (p *Picture) CallWith(r body.Ref) *Call {
	if c := p.Call(r); c != nil {
		return c
	}
	for _, c := range p.calls {
		if c.Type != "" && c.has(r) {
			return c
		}
	}
	return nil
}

func (c *Call) has(r body.Ref) bool {
	return slices.ContainsFunc(c.Answers, func(a Answer) bool { return a.Ref == r }) ||
		slices.ContainsFunc(c.Reviews, func(x Review) bool { return x.Ref == r }) ||
		slices.ContainsFunc(c.Ends, func(e End) bool { return e.Ref == r })
}

// IsAhead reports whether an entry came ahead of its turn and is not yet in order.
func (p *Picture) IsAhead(r body.Ref) bool { return p.ahead[r] }

// TakenBy returns which officers took a call, the earliest first.
func (p *Picture) TakenBy(c *Call) []Receipt {
	received := p.Received(c.Ref)
	if len(c.Taken) == 0 || len(received) == 0 {
		return append(received[:len(received):len(received)], c.Taken...)
	}
	out := append(append([]Receipt(nil), received...), c.Taken...)
	sort.SliceStable(out, func(i, j int) bool { return refLess(out[i].Ref, out[j].Ref) })
	return out
}

// Translations returns the translations that were added to an entry, in the order of entry and side.
func (p *Picture) Translations(r body.Ref) []Translated { return p.translated[r] }

// about returns what is known of a call, for something that follows it and may come before it.
func (p *Picture) about(r body.Ref) *Call {
	c := p.calls[r]
	if c == nil {
		c = &Call{Ref: r, Side: r.Origin.Side}
		p.calls[r] = c
	}
	return c
}

// applyInCall takes in a call or what follows one. What came ahead of its turn comes again in it, and
// may come before the call that it follows.
func (p *Picture) applyInCall(s Said, ch *Change) error {
	if s.Ahead {
		p.ahead[s.Ref] = true
	} else {
		delete(p.ahead, s.Ref)
	}
	switch s.Kind {
	case body.KindTaken:
		return p.applyTaken(s, ch)
	case body.KindAnswer, body.KindHoldAnswer, body.KindDistressAnswer:
		return p.applyAnswer(s, ch)
	case body.KindHoldReview:
		return p.applyReview(s, ch)
	case body.KindEnd, body.KindHoldLift, body.KindDistressEnd:
		return p.applyEnd(s, ch)
	case body.KindTranslation:
		return p.applyTranslation(s, ch)
	}
	if body.IsCall(s.Kind) {
		return p.applyCall(s, ch)
	}
	return nil
}

func (p *Picture) applyCall(s Said, ch *Change) error {
	var b body.Call
	if err := body.Read(s.Fields, &b); err != nil {
		// A call is heard whatever is wrong with what stands beside its words.
		var words struct{ body.Speech }
		if body.Read(s.Fields, &words) != nil || words.Text == "" {
			return err
		}
		b = body.Call{Speech: words.Speech}
	}
	ch.Call = s.Ref
	c := p.about(s.Ref)
	// An advance copy is receipted in its turn: from then on it is held as of that.
	c.Call, c.Type, c.Ahead, c.HeldAt, c.Time, c.Drill = b, body.CallType(s.Kind), s.Ahead, s.HeldAt, s.Time, s.Drill
	p.matchCall(c, ch)
	return nil
}

func (p *Picture) applyTaken(s Said, ch *Change) error {
	var b body.Received
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	if b.Entry.Origin.Side == s.Ref.Origin.Side {
		return fault.New("entry", b.Entry.String(), "is the author's own", "an officer receives what the other party said")
	}
	ch.Call = b.Entry
	c := p.about(b.Entry)
	c.Taken = put(c.Taken, Receipt{Ref: s.Ref, Time: s.Time, Kind: s.Kind, Officer: b.Officer, Role: b.Role, Remark: b.Remark}, func(r *Receipt) body.Ref { return r.Ref })
	return nil
}

func (p *Picture) applyAnswer(s Said, ch *Change) error {
	var b body.Answer
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	ch.Call = b.Call
	c := p.about(b.Call)
	c.Answers = put(c.Answers, Answer{Ref: s.Ref, Side: s.Ref.Origin.Side, Time: s.Time, Answer: b}, func(a *Answer) body.Ref { return a.Ref })
	return nil
}

func (p *Picture) applyReview(s Said, ch *Change) error {
	var b body.Review
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	if err := byCaller(s, b.Call); err != nil {
		return err
	}
	ch.Call = b.Call
	c := p.about(b.Call)
	c.Reviews = put(c.Reviews, Review{Ref: s.Ref, Time: s.Time, Review: b}, func(r *Review) body.Ref { return r.Ref })
	return nil
}

func (p *Picture) applyEnd(s Said, ch *Change) error {
	var b body.End
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	if err := byCaller(s, b.Call); err != nil {
		return err
	}
	ch.Call = b.Call
	c := p.about(b.Call)
	c.Ends = put(c.Ends, End{Ref: s.Ref, Time: s.Time, End: b}, func(e *End) body.Ref { return e.Ref })
	return nil
}

// byCaller refuses what only the party that called may say.
func byCaller(s Said, call body.Ref) error {
	if call.Origin.Side != s.Ref.Origin.Side {
		return fault.New("call", call.String(), "is not the author's own", "only the party that called ends a call or moves its review")
	}
	return nil
}

// applyTranslation takes in a translation, of whatever entry it names.
func (p *Picture) applyTranslation(s Said, ch *Change) error {
	var b body.Translated
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	ch.ID = b.Entry.String()
	x := Translated{Ref: s.Ref, Side: s.Ref.Origin.Side, Time: s.Time, Translated: b}
	p.translated[b.Entry] = put(p.translated[b.Entry], x, func(t *Translated) body.Ref { return t.Ref })
	return nil
}

// put adds x to a list that is sorted by entry, in place of what came ahead of its turn.
func put[T any](list []T, x T, ref func(*T) body.Ref) []T {
	r := ref(&x)
	i := sort.Search(len(list), func(i int) bool { return !refLess(ref(&list[i]), r) })
	if i < len(list) && ref(&list[i]) == r {
		list[i] = x
		return list
	}
	list = append(list, x)
	copy(list[i+1:], list[i:])
	list[i] = x
	return list
}

// callInOrder returns a call without what came ahead of its turn, or nil where nothing is left.
func (p *Picture) callInOrder(x *Call) *Call {
	c := *x
	if x.Ahead {
		c = Call{Ref: x.Ref, Side: x.Side}
	}
	c.Taken = kept(x.Taken, func(r *Receipt) bool { return !p.ahead[r.Ref] })
	c.Answers = kept(x.Answers, func(a *Answer) bool { return !p.ahead[a.Ref] })
	c.Reviews = kept(x.Reviews, func(r *Review) bool { return !p.ahead[r.Ref] })
	c.Ends = kept(x.Ends, func(e *End) bool { return !p.ahead[e.Ref] })
	if c.Type == "" && len(c.Taken)+len(c.Answers)+len(c.Reviews)+len(c.Ends) == 0 {
		return nil
	}
	return &c
}

// kept returns what of a list is to be kept: nil where nothing is.
func kept[T any](list []T, keep func(*T) bool) []T {
	var out []T
	for i := range list {
		if keep(&list[i]) {
			out = append(out, list[i])
		}
	}
	return out
}

// call is for a call and what followed it. What came ahead of its turn is not written.
func (c *codec) call(x *Call) {
	c.said(&x.Ref, &x.Side, &x.Time)
	c.time(&x.HeldAt)
	c.flag(&x.Drill)
	text(c, &x.Type)
	text(c, &x.About)
	c.speech(&x.Speech)
	c.time(&x.Call.Review)
	c.danger(&x.Danger)
	list(c, &x.Taken, (*codec).receipt)
	list(c, &x.Answers, func(c *codec, a *Answer) {
		c.said(&a.Ref, &a.Side, &a.Time)
		c.ref(&a.Call)
		text(c, &a.Word)
		c.speech(&a.Speech)
	})
	list(c, &x.Reviews, func(c *codec, r *Review) {
		c.ref(&r.Ref)
		c.time(&r.Time)
		c.ref(&r.Call)
		c.time(&r.Review.Review)
		c.speech(&r.Speech)
	})
	list(c, &x.Ends, func(c *codec, e *End) {
		c.ref(&e.Ref)
		c.time(&e.Time)
		c.ref(&e.Call)
		c.speech(&e.Speech)
	})
}

func (c *codec) danger(x *body.Danger) {
	pointer(c, &x.Position, func(c *codec, p *body.Position) {
		c.float(&p[0])
		c.float(&p[1])
	})
	c.time(&x.LastSeen)
	c.int(&x.Persons)
	text(c, &x.Nature)
}

func (c *codec) speech(s *body.Speech) {
	c.int(&s.Phrase)
	for _, t := range [...]*string{&s.Text, &s.Language, &s.Officer, &s.Role} {
		text(c, t)
	}
	pointer(c, &s.Translation, func(c *codec, t *body.Translation) {
		text(c, &t.Language)
		text(c, &t.Text)
		text(c, &t.Translator)
	})
}

func (c *codec) translated(x *Translated) {
	c.said(&x.Ref, &x.Side, &x.Time)
	c.ref(&x.Entry)
	for _, t := range [...]*string{&x.Language, &x.Text, &x.Officer, &x.Role} {
		text(c, t)
	}
}
