package main

import (
	"fmt"

	"parley/node/view"
)

// witnessRows say how the witnesses of a line do.
func witnessRows(ln view.Line) [][]string {
	var rows [][]string
	if ln.WitnessQuorum > 0 {
		rows = append(rows, []string{"witnesses", fmt.Sprintf("%d must cosign", ln.WitnessQuorum)})
	}
	for _, w := range ln.Witnesses {
		text := fmt.Sprintf("%d own entries cosigned, %d of %s", w.Own, w.Other, ln.Peer)
		if !w.Last.IsZero() {
			text += "; last " + stamp(w.Last)
		}
		if !w.Agreed {
			text += "; this party's own choice: the agreement does not name it"
		}
		if w.Trouble != "" {
			text += "; " + witnessTrouble(w) + ", since " + stamp(w.Since)
		}
		rows = append(rows, []string{"witness " + w.Name, text})
	}
	return rows
}

// witnessTrouble says why a witness did not cosign.
func witnessTrouble(w view.Witness) string {
	switch w.Trouble {
	case "unreachable":
		return "does not answer"
	case "busy":
		return "asks to wait, or cannot sign now"
	case "unknown-log", "unknown-key":
		return "does not know these transcripts or their keys: give its operator what parley witness logs prints"
	case "ahead":
		return "holds more of the own transcript than this node: was a backup put back here?"
	case "contradicts":
		return "HOLDS ANOTHER TRANSCRIPT OF " + w.Denies + " than this node"
	case "bad-answer":
		return "answers what is no answer of a witness"
	case "no-address":
		return "this node was not told where it is: parley witness use"
	}
	return w.Trouble
}
