package node

import (
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/catalogue"
	"parley/line"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/review"
	"parley/statement"
)

// TestEveryCodeHasItsWord: each word that a node shows as a code is in the catalogues, under the name
// of what it is and a dot.
func TestEveryCodeHasItsWord(t *testing.T) {
	english, err := catalogue.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	for group, codes := range map[string][]string{
		"kind.":      {string(notice.Flight), string(notice.Movement), string(notice.Area), string(notice.Hazard), string(notice.Site)},
		"domain.":    {string(notice.Air), string(notice.Land), string(notice.Sea)},
		"class.":     {string(notice.Crewed), string(notice.SmallUncrewed)},
		"state.":     {string(notice.Planned), string(notice.Active), string(notice.Overdue), string(notice.Ended), string(notice.Cancelled)},
		"grade.":     {string(agreement.Routine), string(agreement.Short), string(agreement.Late), string(agreement.Insufficient)},
		"rung.":      {view.PassedByVoice, view.HeardByVoice, view.Delivered, view.OfficerHas, view.ReadBack, view.Relayed, view.UnitConfirmed},
		"missed.":    {view.Delivered, view.OfficerHas, view.ReadBack, view.Relayed, view.UnitConfirmed},
		"call.":      {body.Query, body.Concern, body.Hold, body.Distress},
		"call.from-": {body.Query, body.Concern, body.Hold, body.Distress},
		"answer.":    {body.Holding, body.CannotHold, body.Continuing},
		"callstate.": {picture.CallOpen, picture.CallTaken, picture.CallAnswered, picture.CallEnded, picture.HoldLifted, picture.HoldLapsed, picture.CallClosed, callOver},
		"conflict.":  {stateOpen, stateOwned, stateProposed, stateSeparated, body.Joint, body.AcceptedRisk, stateWithdrawn, stateExpired, stateSuperseded},
		"line.":      {string(line.Up), string(line.Lagging), string(line.Down), string(line.Suspended), string(line.Disputed)},
		"cause.":     {string(line.Technical), string(line.Political), string(line.Unknown)},
		"deskstate.": {string(picture.DeskUnknown), string(picture.DeskManned), string(picture.DeskUnanswered), string(picture.DeskUnmanned)},
		"tests.":     {testsTested, testsSuspect, testsDown, testsUntested, testsNone},
		"gone.":      {toSecondChannel, toSupervisor, toObservers},
		"contact.":   {"duty", "second", "supervisor", "principals"},
		"entry.":     entrySlugs(),
		"courier.":   {"taken", "nothing-new", "kept", "not-ready"},
		"readback.":  {body.FromMap, body.ByVoice, body.ReadBackSame, body.ReadBackDiffers, body.ReadBackNone},
		"heard.":     {view.HeardUnmatched, view.HeardMatched, view.HeardDiffers, view.HeardClosed},
		"way.":       {view.Passed, view.Heard},
		"handover.":  {view.HandOverOpen, view.HandOverAccepted, view.HandOverKept},
		"decision.":  {view.AnswerWaits, view.AnswerReleased, view.AnswerRefused},
		"review.":    {review.KindIncident, review.KindTeam},

		"reviewstate.":    {review.StateOpen, review.StateClosing, review.StateClosed},
		"standing.":       {review.Agreed, review.Disputed, review.OneSided},
		"reviewanswer.":   {review.Agree, review.Dispute, review.NotKnown},
		"undertaking.":    {review.Proposed, review.Refused, review.StateOpen, review.Late, review.Reported, review.Accepted},
		"statementstate.": statementStates(),
		"form.":           {string(statement.Joint), string(statement.OneSided)},
		"trouble.":        {"unreachable", "busy", "unknown-log", "unknown-key", "ahead", "contradicts", "bad-answer", "no-address"},
		"action.":         {"cancel", "statement", "agreement", "key-change", "disclosure-change"},
	} {
		for _, code := range codes {
			if key := group + strings.ReplaceAll(code, " ", "-"); !english.Has(key) {
				t.Errorf("no catalogue has %s", key)
			}
		}
	}
}

func entrySlugs() []string {
	var out []string
	for _, kind := range body.Kinds() {
		out = append(out, strings.ReplaceAll(kind, ".", "-"))
	}
	return out
}

func statementStates() []string {
	var out []string
	for _, s := range statement.States() {
		out = append(out, string(s))
	}
	return out
}

// TestShiftsAreSaid holds what a proposal says.
func TestShiftsAreSaid(t *testing.T) {
	english, err := catalogue.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	for want, s := range map[string]view.Shift{
		"later by 1 h 30 min":      {TimeS: 5400},
		"earlier by 45 min":        {TimeS: -2700},
		"up by 2000 ft":            {Altitude: 2000, AltitudeUnit: "ft"},
		"down by 300 m":            {Altitude: -300, AltitudeUnit: "m"},
		"down by 20 flight levels": {Altitude: -20, AltitudeUnit: "FL"},
		"aside by 3.7 km (2.0 NM) to the north-north-east": {LateralM: 3704, BearingDeg: 22.5},
	} {
		m := s.Message()
		if got := english.Say(m); got != want || len(english.Check(m)) > 0 {
			t.Errorf("%q, not %q: %v", got, want, english.Check(m))
		}
	}
	if got, want := english.Say(offsetMessage(-1500*time.Millisecond)), "1.5s behind the own clock"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}
