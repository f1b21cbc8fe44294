package picture

import (
	"time"

	"parley/node/body"
)

// DefaultReview is after how long a hold is looked at again where its call gives no time.
const DefaultReview = 30 * time.Minute

// The states of a call.
const (
	CallOpen     = "open"     // nobody of the party called took or answered it; a hold: nobody answered it
	CallTaken    = "taken"    // an officer of the party called has it
	CallAnswered = "answered" // and said something
	CallEnded    = "ended"    // the party that called says that it is over
	CallClosed   = "closed"   // of one known only by voice: the party that heard it closed it

	// Those of a hold, beside open.
	HoldHolding    = body.Holding
	HoldCannot     = body.CannotHold
	HoldContinuing = body.Continuing
	HoldLifted     = "lifted" // the party that called lifted it
	HoldLapsed     = "lapsed" // its review time passed without a lift or a new time; it stands
)

// CallState is how a call stands. It follows from the two transcripts and the time alone.
type CallState struct {
	State  string
	Taken  *Receipt  // the first officer of the party called who took it
	Answer *Answer   // the newest of the party called; to a hold, with a word
	End    *End      // the first word of the party that called that it is over
	Review time.Time // of a hold
	// Said is what the party that called says was answered by voice, the newest talk; nil once the party
	// called has said more itself. It is not that party's word: its desk is still called.
	Said *Passed
	// Waits says that the party called owes its word: to a hold an answer, to the rest that an officer
	// takes or answers it.
	Waits bool
}

// Over reports whether nobody needs to look at the call any more.
func (s *CallState) Over() bool {
	return s.State == CallEnded || s.State == HoldLifted || s.State == CallClosed
}

// StateOf returns how a call stands at an instant.
func (p *Picture) StateOf(c *Call, now time.Time) CallState {
	var s CallState
	if by := p.TakenBy(c); len(by) > 0 {
		s.Taken = &by[0]
	}
	if h := p.HeardOf(c); s.Taken == nil && h != nil {
		s.Taken = h.taken()
	}
	answers := p.AnswersTo(c)
	for i := range answers {
		if a := &answers[i]; a.Side != c.Side && (c.Type != body.Hold || isWord(a.Word)) {
			s.Answer = a
		}
	}
	if len(c.Ends) > 0 && c.Voice == nil { // by voice only, the party that called has no entry to end
		s.End = &c.Ends[0]
	}
	if c.Voice != nil && c.Voice.Closed != nil {
		s.State = CallClosed
		return s
	}
	if s.Answer == nil && (c.Type == body.Hold || s.Taken == nil) {
		s.Said = p.saidByVoice(c)
	}
	if c.Type == body.Hold {
		s.hold(c, now)
		return s
	}
	switch {
	case s.End != nil:
		s.State = CallEnded
	case s.Answer != nil:
		s.State = CallAnswered
	case s.Taken != nil || s.Said != nil:
		s.State = CallTaken
	default:
		s.State, s.Waits = CallOpen, true
	}
	return s
}

func (s *CallState) hold(c *Call, now time.Time) {
	s.Review = c.Call.Review
	if s.Review.IsZero() {
		s.Review = c.Time.Add(DefaultReview)
	}
	if n := len(c.Reviews); n > 0 && c.Voice == nil {
		s.Review = c.Reviews[n-1].Review.Review
	}
	s.Waits = s.Answer == nil && s.Said == nil && s.End == nil
	switch {
	case s.End != nil:
		s.State = HoldLifted
	case !now.Before(s.Review):
		s.State = HoldLapsed
	case s.Answer != nil:
		s.State = s.Answer.Word
	case s.Said != nil:
		s.State = s.Said.Answer
	default:
		s.State = CallOpen
	}
}

// saidByVoice returns the newest talk in which the party called answered, as the party that called says.
func (p *Picture) saidByVoice(c *Call) (out *Passed) {
	for i := range p.passed[c.Ref] {
		x := &p.passed[c.Ref][i]
		fits := x.Answer == body.SaidTaken
		if c.Type == body.Hold {
			fits = isWord(x.Answer)
		}
		if fits && (out == nil || !x.At.Before(out.At)) {
			out = x
		}
	}
	return out
}

func isWord(w string) bool {
	return w == body.Holding || w == body.CannotHold || w == body.Continuing
}
