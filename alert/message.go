package alert

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

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

// newMessage makes the message that tells of some alarms, which are all of a drill or all real.
func newMessage(node string, content Content, alarms []Alarm, now time.Time) Message {
	m := Message{Version: 1, Node: node, Time: milli(now), Count: len(alarms)}
	list := make([]Alarm, 0, len(alarms))
	for _, a := range alarms {
		list = append(list, a.sound())
		m.Exercise = m.Exercise || a.Exercise
		m.urgent = m.urgent || a.urgent()
	}
	order(list)
	m.Subject = fmt.Sprintf("alarm at node %s", node)
	if len(list) > 1 {
		m.Subject = fmt.Sprintf("%d alarms at node %s", len(list), node)
	}
	if content == None {
		m.Subject += ": look at the desk"
		m.mark()
		m.Text = m.Subject + "\n"
		return m
	}
	if len(list) == 1 {
		m.Subject += fmt.Sprintf(": %s, level %d", list[0].Kind, list[0].Level)
	} else {
		m.Subject += fmt.Sprintf(", the most pressing of level %d", list[0].Level)
	}
	m.mark()
	var b strings.Builder
	b.WriteString(m.Subject + "\n")
	m.Alarms = list[:min(len(list), maxListed)]
	for _, a := range m.Alarms {
		b.WriteString("\n" + a.words())
	}
	if more := len(list) - len(m.Alarms); more > 0 {
		fmt.Fprintf(&b, "\nand %d more: look at the desk\n", more)
	}
	m.Text = b.String()
	return m
}

// newTest makes a message that tells of no alarm.
func newTest(node string, content Content, now time.Time) Message {
	m := Message{Version: 1, Node: node, Time: milli(now), Test: true, Subject: fmt.Sprintf("test from node %s: this is no alarm", node)}
	m.mark()
	m.Text = m.Subject + fmt.Sprintf("\n\nOf each alarm this channel tells %s.\n", map[Content]string{Full: "all that the desk shows", None: "only that it is there"}[content])
	return m
}

// mark puts before the subject what must be read first.
func (m *Message) mark() {
	if m.Exercise {
		m.Subject = "EXERCISE: " + m.Subject
	}
	if m.Test {
		m.Subject = "TEST: " + m.Subject
	}
}

// words says an alarm in lines for a person.
func (a Alarm) words() string {
	var b strings.Builder
	fmt.Fprintf(&b, "level %d (%s): %s\n%s\n", a.Level, levelWords(a.Level), a.Kind, a.Text)
	at := func(what string, t time.Time) {
		if !t.IsZero() {
			fmt.Fprintf(&b, "%s: %s\n", what, t.UTC().Format("2006-01-02 15:04:05Z"))
		}
	}
	if a.Line != "" {
		fmt.Fprintf(&b, "line: %.8s\n", a.Line)
	}
	at("since", a.Since)
	at("due", a.Due)
	if a.Escalated != "" {
		fmt.Fprintf(&b, "gone to: %s\n", a.Escalated)
	}
	if a.Over {
		b.WriteString("it ended before it could be told\n")
	}
	return b.String()
}

func levelWords(level int) string {
	switch {
	case level <= actNow:
		return "act at once"
	case level == soon:
		return "act soon"
	}
	return "look at it"
}

func (m Message) encode() ([]byte, error) {
	data, err := json.Marshal(m)
	return data, fault.Wrap(fault.Internal, "alert.message", err)
}
