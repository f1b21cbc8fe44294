package main

import (
	"parley/catalogue"
	"parley/node/view"
)

// witnessRows say how the witnesses of a line do.
func (t tongue) witnessRows(ln view.Line) [][]string {
	var rows [][]string
	if ln.WitnessQuorum > 0 {
		rows = append(rows, []string{"witnesses", t.Say(catalogue.Say("witnesses.quorum", catalogue.CountOf("count", ln.WitnessQuorum)))})
	}
	for _, w := range ln.Witnesses {
		said := []catalogue.Message{catalogue.Say("witnesses.cosigned", catalogue.CountOf("own", int(w.Own)), catalogue.CountOf("others", int(w.Other)), catalogue.ByPeople("peer", ln.Peer))}
		if !w.Last.IsZero() {
			said = append(said, catalogue.Say("witnesses.last", catalogue.At("stamp", catalogue.Stamp, w.Last)))
		}
		if !w.Agreed {
			said = append(said, catalogue.Say("witnesses.own-choice"))
		}
		if w.Trouble != "" {
			said = append(said, catalogue.Say("witnesses.trouble", catalogue.SayIn("said", witnessTrouble(w)), catalogue.At("stamp", catalogue.Stamp, w.Since)))
		}
		rows = append(rows, []string{t.Say(catalogue.Say("row.witness", catalogue.ByPeople("witness", w.Name))), t.Say(catalogue.Join(said...))})
	}
	return rows
}

// witnessTrouble says why a witness did not cosign.
func witnessTrouble(w view.Witness) catalogue.Message {
	switch w.Trouble {
	case "unreachable":
		return catalogue.Say("witnesses.unreachable")
	case "busy":
		return catalogue.Say("witnesses.busy")
	case "unknown-log", "unknown-key":
		return catalogue.Say("witnesses.unknown", catalogue.AsCode("command", "parley witness logs"))
	case "ahead":
		return catalogue.Say("witnesses.ahead")
	case "contradicts":
		return catalogue.Say("witnesses.contradicts", catalogue.ByPeople("party", w.Denies))
	case "bad-answer":
		return catalogue.Say("witnesses.bad-answer")
	case "no-address":
		return catalogue.Say("witnesses.no-address", catalogue.AsCode("command", "parley witness use"))
	}
	return catalogue.Say("speech.text", catalogue.ByPeople("text", w.Trouble))
}
