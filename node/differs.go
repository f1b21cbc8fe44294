package node

import (
	"github.com/go-json-experiment/json"

	"parley/catalogue"
	"parley/node/body"
	"parley/node/view"
	"parley/voice"
)

// differenceMessage says how what was read back or heard differs. What the entry says by keys and arguments
// counts where it is of a difference and the catalogues can say it; else its text does, as it was written.
func (n *Node) differenceMessage(d body.Difference, heard bool) catalogue.Message {
	var m catalogue.Message
	if len(d.Said) == 0 || json.Unmarshal(d.Said, &m) != nil || !ofDifference(m) || len(n.english.Check(m)) > 0 {
		return catalogue.Say("speech.text", catalogue.ByPeople("text", d.Text))
	}
	if heard {
		return voice.AsHeard(m)
	}
	return m
}

// ofDifference reports whether a message says a difference, so that none from the other party says anything
// else here.
func ofDifference(m catalogue.Message) bool {
	if m.Key == "join" {
		list := m.Args["list"].Said
		return len(list) > 0 && ofDifference(list[0])
	}
	switch m.Key {
	case "differs.read", "differs.missing", "differs.heard-exercise", "differs.heard-real":
		return true
	}
	return false
}

func (n *Node) differsView(d body.Difference, heard bool) view.Differs {
	m := n.differenceMessage(d, heard)
	return view.Differs{Field: d.Field, Told: d.Told, ReadBack: d.ReadBack, Text: n.english.Say(m), Said: m}
}

// differences says them on one line.
func differences(list []view.Differs) catalogue.Message {
	var out []catalogue.Message
	for _, d := range list {
		out = append(out, d.Said)
	}
	return catalogue.Join(out...)
}

// readBackBy says in which way an officer read back.
func readBackBy(by string) catalogue.Message {
	switch by {
	case body.FromMap, body.ByVoice:
		return catalogue.Say("readback." + by)
	}
	return catalogue.Say("speech.text", catalogue.ByPeople("text", by))
}
