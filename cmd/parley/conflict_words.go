package main

import (
	"fmt"
	"math"
	"time"

	"parley/catalogue"
	"parley/geo4d"
	"parley/node/view"
)

// inWords says a message, or nothing where there is none.
func (t tongue) inWords(m catalogue.Message) string {
	if m.IsZero() {
		return ""
	}
	return t.Say(m)
}

// longestS is the longest time that is said, in seconds: some centuries.
const longestS = 9e9

func span(s float64) time.Duration {
	return time.Duration(max(min(s, longestS), -longestS) * float64(time.Second))
}

func (t tongue) secondsOf(s *float64) string {
	if s == nil {
		return "-"
	}
	return t.Say(catalogue.Say("span", catalogue.SpanOf("span", span(*s))))
}

// ofParty is the row of one of the two notices of a conflict.
func (t tongue) ofParty(p view.Party) []string {
	return []string{t.Say(catalogue.Say("row.of", catalogue.ByPeople("party", p.Party))), t.Say(versionMessage(p))}
}

func versionMessage(p view.Party) catalogue.Message {
	if p.Notice == "" {
		return catalogue.Say("notice.hidden")
	}
	return catalogue.Say("notice.version", catalogue.ByPeople("notice", p.Notice), catalogue.CountOf("version", p.Version), catalogue.SayIn("what", titledMessage(p.Kind, p.Title)))
}

// altitudesMessage says what altitudes both have, or where these are apart, between which they have none.
func altitudesMessage(x view.Conflict) catalogue.Message {
	bound := func(name string, a *geo4d.Altitude, open string) catalogue.Arg {
		if a == nil {
			return catalogue.Word(name, open)
		}
		return catalogue.SayIn(name, catalogue.Say("altitude.plain", catalogue.AsCode("height", a.String())))
	}
	lower, upper := bound("lower", x.Lower, "bands.ground"), bound("upper", x.Upper, "bands.any")
	switch {
	case x.VerticalM == nil:
		return catalogue.Message{}
	case *x.VerticalM > 0:
		return catalogue.Say("bands.apart", upper, lower)
	case x.Lower == nil && x.Upper == nil:
		return catalogue.Say("bands.all")
	}
	return catalogue.Say("bands.both", lower, upper)
}

// movesMessage says by how much a party's notice would have to move, each rounded up, in any one
// dimension alone.
func movesMessage(party string, m view.Move) catalogue.Message {
	var ways []catalogue.Message
	add := func(v *float64, say func(float64) catalogue.Message) {
		if v != nil {
			ways = append(ways, say(math.Ceil(*v)))
		}
	}
	length := func(m float64) catalogue.Arg { return catalogue.AsCode("length", fmt.Sprintf("%.0f m", m)) }
	add(m.LateralM, func(v float64) catalogue.Message {
		if m.LateralBearingDeg == nil {
			return catalogue.Say("move.aside", length(v))
		}
		return catalogue.Say("move.aside-at", length(v), catalogue.AsCode("bearing", fmt.Sprintf("%.1f°", *m.LateralBearingDeg)))
	})
	add(m.UpM, func(v float64) catalogue.Message { return catalogue.Say("move.up", length(v)) })
	add(m.DownM, func(v float64) catalogue.Message { return catalogue.Say("move.down", length(v)) })
	add(m.LaterS, func(v float64) catalogue.Message {
		return catalogue.Say("move.later", catalogue.ExactOf("exact", span(v)))
	})
	add(m.EarlierS, func(v float64) catalogue.Message {
		return catalogue.Say("move.earlier", catalogue.ExactOf("exact", span(v)))
	})
	if len(ways) == 0 {
		return catalogue.Message{}
	}
	return catalogue.Say("move.any", catalogue.ByPeople("party", party), catalogue.SayList("list", ways))
}

// noneMessage says in which direction nothing was found for a notice, and why.
func noneMessage(n view.NoOption) catalogue.Message {
	return catalogue.Say("options.none", catalogue.ByPeople("party", n.Mover), catalogue.Word("how", "direction."+n.Direction), catalogue.Word("said", "options.why-"+n.Reason))
}

// workRows says what officers of both parties said of a conflict.
func (t tongue) workRows(x view.Conflict) [][]string {
	var rows [][]string
	for _, p := range x.Proposals {
		m := catalogue.Say("work.proposed", catalogue.ByPeople("party", p.Party), catalogue.ByPeople("officer", p.Officer), catalogue.At("stamp", catalogue.Stamp, p.Time),
			catalogue.ByPeople("mover", p.Mover), catalogue.SayIn("shift", p.Shift.Message()), catalogue.Word("state", "proposal."+p.State))
		if p.Reply != nil && p.Reply.Reason == "" {
			m = catalogue.Say("work.replied", catalogue.SayIn("said", m), catalogue.ByPeople("by", p.Reply.Officer))
		} else if p.Reply != nil {
			m = catalogue.Say("work.replied-why", catalogue.SayIn("said", m), catalogue.ByPeople("by", p.Reply.Officer), catalogue.ByPeople("reason", p.Reply.Reason))
		}
		rows = append(rows, []string{"proposed", t.Say(m)})
	}
	for _, s := range x.Settlings {
		m := catalogue.Say("work.settled", catalogue.ByPeople("party", s.Party), catalogue.ByPeople("officer", s.Officer), catalogue.Word("role", "role."+catalogue.Slug(s.Role)),
			catalogue.At("stamp", catalogue.Stamp, s.Time), catalogue.ByPeople("reason", s.Reason))
		if !s.Counts {
			m = catalogue.Say("work.earlier", catalogue.SayIn("said", m))
		}
		rows = append(rows, []string{t.code("conflict.", s.How), t.Say(m)})
	}
	return rows
}
