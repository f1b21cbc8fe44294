package main

import (
	"parley/catalogue"
	"parley/node/view"
)

// statementWaits says that a proposal waits for an answer.
func (t tongue) statementWaits(s view.StatementWaits) string {
	return t.Say(catalogue.Say("show.statement", catalogue.ByPeople("text", s.Title), catalogue.AsCode("id", shortID(s.ID)),
		catalogue.At("stamp", catalogue.Stamp, s.Since), catalogue.ByPeople("party", s.Waits)))
}
