package node

import (
	"fmt"
	"strings"

	"parley/node/body"
	"parley/node/picture"
	"parley/review"
)

// eventWords says in a line what an entry that is no call came to. ln.mu is held.
func (ln *lineNode) eventWords(said picture.Said, ch picture.Change) string {
	by, id := ln.party(said.Ref.Origin.Side), "a notice"
	if ch.Notice != nil {
		id = ch.Notice.ID
	}
	conflict := ch.ID // or the name of a review
	if len(conflict) > 8 {
		conflict = conflict[:8]
	}
	switch said.Kind {
	case body.KindNotice:
		v := ln.pic.Notice(*ch.Notice).Latest()
		return fmt.Sprintf("%s filed %s %s, version %d", by, v.Notice.Kind, id, v.Notice.Version)
	case body.KindState:
		return fmt.Sprintf("%s: %s is changed: %s%s", by, id, lastEvent(ln.pic.Notice(*ch.Notice)), releasedBy(said.Fields))
	case body.KindConfirmed:
		return fmt.Sprintf("%s confirmed site %s", by, id)
	case body.KindReceived:
		return fmt.Sprintf("an officer of %s received %s", by, id)
	case body.KindReadBack:
		return fmt.Sprintf("an officer of %s read %s back", by, id)
	case body.KindRelayed:
		return fmt.Sprintf("an officer of %s told a unit of %s", by, id)
	case body.KindUnit:
		return fmt.Sprintf("a unit of %s gave its word on %s", by, id)
	case body.KindConflict:
		return fmt.Sprintf("%s put conflict %s on the record", by, conflict)
	case body.KindOwned:
		return fmt.Sprintf("an officer of %s took conflict %s", by, conflict)
	case body.KindProposed:
		return fmt.Sprintf("%s proposes a move for conflict %s", by, conflict)
	case body.KindReplied:
		return fmt.Sprintf("%s answered the proposal for conflict %s", by, conflict)
	case body.KindSettled:
		return fmt.Sprintf("%s settles conflict %s as it stands", by, conflict)
	case body.KindPresent:
		return fmt.Sprintf("an officer of %s is at the desk", by)
	case body.KindLeft:
		return fmt.Sprintf("an officer of %s left the desk", by)
	case body.KindSuspended:
		return by + " declares the line suspended"
	case body.KindResumed:
		return by + " takes the suspension of the line back"
	case body.KindStatement, body.KindStatementRefused:
		return ln.statementWords(by, ch.ID)
	case body.KindTest:
		return by + " tests the line"
	case body.KindTested:
		return by + " said the word of the test back"
	case review.KindIncident:
		return fmt.Sprintf("%s opened incident %s", by, ch.ID)
	case review.KindTeam:
		return fmt.Sprintf("%s opened team %s", by, ch.ID)
	}
	if review.IsKind(said.Kind) {
		return fmt.Sprintf("%s: %s in %s", by, strings.ReplaceAll(said.Kind, "review.", ""), ch.ID)
	}
	return fmt.Sprintf("%s: %s", by, said.Kind)
}
