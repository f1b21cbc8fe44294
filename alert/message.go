package alert

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"parley/catalogue"
	"parley/fault"
)

// Message is what goes over a channel: to a hook and a webhook as this JSON, by mail as its text.
type Message struct {
	Version int    `json:"v"`  // 1
	ID      string `json:"id"` // the same when the same is sent again
	Node    string `json:"node"`
	// Time is when it was made, by the node's clock.
	Time     time.Time `json:"time"`
	Test     bool      `json:"test,omitzero"`     // it tells of no alarm
	Exercise bool      `json:"exercise,omitzero"` // its alarms belong to a drill
	Count    int       `json:"count"`             // of alarms
	Subject  string    `json:"subject"`           // one line
	Text     string    `json:"text"`              // lines for a person
	// Alarms are the most pressing of them, with content "full" alone.
	Alarms []Alarm `json:"alarms,omitzero"`

	urgent bool
}

// maxListed is how many alarms one message names.
const maxListed = 50

// newMessage makes the message that tells of some alarms, which are all of a drill or all real, in the
// language of the catalogue in.
func newMessage(node string, content Content, alarms []Alarm, now time.Time, in *catalogue.Catalogue) Message {
	m := Message{Version: 1, Node: node, Time: milli(now), Count: len(alarms)}
	list := make([]Alarm, 0, len(alarms))
	for _, a := range alarms {
		list = append(list, a.sound().said(in))
		m.Exercise = m.Exercise || a.Exercise
		m.urgent = m.urgent || a.urgent()
	}
	order(list)
	subject := catalogue.Say("alert.at-node", catalogue.ByPeople("text", node))
	if len(list) > 1 {
		subject = catalogue.Say("alert.at-node-many", catalogue.CountOf("count", len(list)), catalogue.ByPeople("text", node))
	}
	if content == None {
		m.Subject = in.Say(m.marked(catalogue.Say("alert.look", catalogue.SayIn("said", subject))))
		m.Text = m.Subject + "\n"
		return m
	}
	level := catalogue.CountOf("level", list[0].Level)
	if len(list) == 1 {
		subject = catalogue.Say("alert.kind", catalogue.SayIn("said", subject), catalogue.AsCode("id", list[0].Kind), level)
	} else {
		subject = catalogue.Say("alert.most", catalogue.SayIn("said", subject), level)
	}
	m.Subject = in.Say(m.marked(subject))
	var b strings.Builder
	b.WriteString(m.Subject + "\n")
	m.Alarms = list[:min(len(list), maxListed)]
	for _, a := range m.Alarms {
		b.WriteString("\n" + a.words(in))
	}
	if more := len(list) - len(m.Alarms); more > 0 {
		b.WriteString("\n" + in.Say(catalogue.Say("alert.more", catalogue.CountOf("count", more))) + "\n")
	}
	m.Text = b.String()
	return m
}

// newTest makes a message that tells of no alarm.
func newTest(node, tells string, now time.Time, in *catalogue.Catalogue) Message {
	m := Message{Version: 1, Node: node, Time: milli(now), Test: true}
	m.Subject = in.Say(m.marked(catalogue.Say("alert.no-alarm", catalogue.ByPeople("text", node))))
	m.Text = m.Subject + "\n\n" + in.Word("alert.tells-"+tells) + "\n"
	return m
}

// marked puts before the subject what must be read first.
func (m *Message) marked(subject catalogue.Message) catalogue.Message {
	if m.Exercise {
		subject = catalogue.Say("alert.exercise", catalogue.SayIn("said", subject))
	}
	if m.Test {
		subject = catalogue.Say("alert.test", catalogue.SayIn("said", subject))
	}
	return subject
}

// said puts the text of an alarm in a language, where the alarm came with its message.
func (a Alarm) said(in *catalogue.Catalogue) Alarm {
	if !a.Message.IsZero() && in.Language != "en" {
		a.Text = shorten(in.Say(a.Message), maxText)
	}
	return a
}

// words says an alarm in lines for a person.
func (a Alarm) words(in *catalogue.Catalogue) string {
	level := max(actNow, min(a.Level, lookAt))
	lines := []string{in.Say(catalogue.Say("alert.head", catalogue.CountOf("level", a.Level), catalogue.Word("said", fmt.Sprintf("level.%d", level)), catalogue.AsCode("id", a.Kind))), a.Text}
	if a.Line != "" {
		lines = append(lines, in.Say(catalogue.Say("alert.line", catalogue.AsCode("id", a.Line[:min(8, len(a.Line))]))))
	}
	if !a.Since.IsZero() {
		lines = append(lines, in.Say(catalogue.Say("alert.since", catalogue.At("stamp", catalogue.Stamp, a.Since))))
	}
	if !a.Due.IsZero() {
		lines = append(lines, in.Say(catalogue.Say("alert.due", catalogue.At("stamp", catalogue.Stamp, a.Due))))
	}
	if a.Escalated != "" {
		gone := catalogue.Say("gone." + catalogue.Slug(a.Escalated))
		if !in.Has(gone.Key) {
			gone = catalogue.Say("speech.text", catalogue.ByPeople("text", a.Escalated))
		}
		lines = append(lines, in.Say(catalogue.Say("alert.gone", catalogue.SayIn("said", gone))))
	}
	if a.Over {
		lines = append(lines, in.Word("alert.over"))
	}
	return strings.Join(lines, "\n") + "\n"
}

func (m Message) encode() ([]byte, error) {
	data, err := json.Marshal(m)
	return data, fault.Wrap(fault.Internal, "alert.message", err)
}
