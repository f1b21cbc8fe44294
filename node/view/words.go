package view

import "parley/catalogue"

// Flags are the words for what beside its state is to be known of a notice, as the catalogues have them
// under "flag.".
func (n *Notice) Flags() []string {
	var out []string
	for _, f := range []struct {
		is   bool
		flag string
	}{{n.Lapsed, "lapsed"}, {n.Incomplete, "incomplete"}, {n.Coarse != "", "coarse"}, {n.Unverified, "unverified"}, {n.Drill && !n.Exercise, "drill-real"}, {n.ByVoice, "by-voice"}} {
		if f.is {
			out = append(out, f.flag)
		}
	}
	return out
}

// CallStateKey is the key of a call's state: of a hold, what was answered to it is a state too.
func CallStateKey(state string) string {
	switch state {
	case "holding", "cannot-hold", "continuing":
		return "answer." + state
	}
	return "callstate." + catalogue.Slug(state)
}
