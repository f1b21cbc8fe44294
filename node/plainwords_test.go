package node

import (
	"strings"
	"testing"

	"parley/agreement"
	"parley/catalogue"
	"parley/node/body"
	"parley/node/view"
)

// TestOverBySaysNoCode: by what a conflict is over is said in words of its own for each state, and never by the state's code.
func TestOverBySaysNoCode(t *testing.T) {
	said := map[string]string{}
	for _, state := range []string{stateSeparated, stateWithdrawn, stateExpired, stateSuperseded, body.Joint, body.AcceptedRisk} {
		if !isOver(state) {
			t.Errorf("%s is not over", state)
		}
		text := overBy(state)
		if was := said[text]; was != "" || !strings.HasPrefix(text, "is over: ") || text == "is over: "+state {
			t.Errorf("%s is said as %q, as is %q", state, text, was)
		}
		said[text] = state
	}
}

// TestIncompleteSaysNoEmptyWords: a notice that has not even words for its place is not said to have the words "".
func TestIncompleteSaysNoEmptyWords(t *testing.T) {
	english, err := catalogue.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	for place, want := range map[string]string{
		"":          "incomplete: no place is given; held as the whole area until corrected",
		"the north": `incomplete: its place is only the words "the north"; held as the whole area until corrected`,
	} {
		key, args := incompleteAs(view.Notice{Place: place, HeldAs: agreement.WholeArea})
		if got := english.Say(catalogue.Say(key, args...)); !strings.HasPrefix(got, want) {
			t.Errorf("%q: %s", place, got)
		}
	}
}
