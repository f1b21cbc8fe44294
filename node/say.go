package node

import (
	"time"

	"parley/catalogue"
	"parley/node/view"
)

// said puts a message into an alarm, marked where the alarm is of an exercise, with its text in English.
func (n *Node) said(a view.Alarm, m catalogue.Message) view.Alarm {
	m = exercised(m, a.Exercise)
	a.Message, a.Text = m, n.english.Say(m)
	return a
}

// inEnglish says a message, or nothing where there is none.
func (n *Node) inEnglish(m catalogue.Message) string {
	if m.IsZero() {
		return ""
	}
	return n.english.Say(m)
}

// exercised puts the word before what is exercise in an agreed window.
func exercised(m catalogue.Message, exercise bool) catalogue.Message {
	if exercise {
		return catalogue.Say("exercise", catalogue.SayIn("said", m))
	}
	return m
}

func offsetMessage(d time.Duration) catalogue.Message {
	key := "clock.ahead"
	if d < 0 {
		key, d = "clock.behind", -d
	}
	return catalogue.Say(key, catalogue.AsCode("offset", d.Round(time.Millisecond).String()))
}
