package node

import (
	"slices"
	"strings"

	"parley/catalogue"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/review"
)

// publishSaid tells what happened by key and arguments, with its text in English.
func (ln *lineNode) publishSaid(kind, id string, m catalogue.Message) {
	if ln.live.Load() {
		ln.node.feed.put(ln.node.event(kind, ln.id, id, m))
	}
}

func (n *Node) event(kind, line, id string, m catalogue.Message) view.Event {
	return view.Event{Time: n.cfg.Clock.Now(), Kind: kind, Line: line, ID: id, Text: n.english.Say(m), Message: m}
}

// noticeEvents are the keys of what is said of a notice, by kind.
func noticeEvents() map[string]string {
	return map[string]string{body.KindReceived: "event.received", body.KindReadBack: "event.read-back", body.KindRelayed: "event.relayed", body.KindUnit: "event.unit"}
}

// conflictEvents are the keys of what is said of a conflict.
func conflictEvents() map[string]string {
	return map[string]string{body.KindConflict: "event.conflict", body.KindOwned: "event.owned", body.KindProposed: "event.proposed", body.KindReplied: "event.replied", body.KindSettled: "event.settled"}
}

// lineEvents are the keys of what is said of the line and the desk.
func lineEvents() map[string]string {
	return map[string]string{body.KindPresent: "event.present", body.KindLeft: "event.left", body.KindSuspended: "event.suspended", body.KindResumed: "event.resumed",
		body.KindTest: "event.test", body.KindTested: "event.tested", body.KindKeyCompared: "event.key-compared",
		body.KindTakenBack: "event.taken-back"}
}

// eventMessage says in a line what an entry that is no call came to. ln.mu is held.
func (ln *lineNode) eventMessage(said picture.Said, ch picture.Change) catalogue.Message {
	by, what := catalogue.ByPeople("by", ln.party(said.Ref.Origin.Side)), catalogue.Say("notice.some")
	if ch.Notice != nil {
		what = catalogue.Say("notice.id", catalogue.ByPeople("notice", ch.Notice.ID))
	}
	about := catalogue.SayIn("what", what)
	if key, ok := noticeEvents()[said.Kind]; ok {
		return catalogue.Say(key, by, about)
	}
	if key, ok := conflictEvents()[said.Kind]; ok {
		return catalogue.Say(key, by, catalogue.AsCode("conflict", ch.ID[:min(8, len(ch.ID))]))
	}
	if key, ok := lineEvents()[said.Kind]; ok {
		return catalogue.Say(key, by)
	}
	switch said.Kind {
	case body.KindNotice:
		v := ln.pic.Notice(*ch.Notice).Latest()
		return catalogue.Say("event.filed", by, catalogue.Word("kind", notice.KindKey(v.Notice.Kind)), catalogue.ByPeople("notice", ch.Notice.ID), catalogue.CountOf("version", v.Notice.Version))
	case body.KindState:
		how := catalogue.Word("how", "change."+lastEvent(ln.pic.Notice(*ch.Notice)))
		if second := releasedBy(said.Fields); second != "" {
			return catalogue.Say("event.changed-released", by, about, how, catalogue.ByPeople("officer", second))
		}
		return catalogue.Say("event.changed", by, about, how)
	case body.KindConfirmed:
		id := ""
		if ch.Notice != nil {
			id = ch.Notice.ID
		}
		return catalogue.Say("event.confirmed", by, catalogue.ByPeople("notice", id))
	case review.KindIncident:
		return catalogue.Say("event.incident", by, catalogue.AsCode("id", ch.ID))
	case review.KindTeam:
		return catalogue.Say("event.team", by, catalogue.AsCode("id", ch.ID))
	}
	if review.IsKind(said.Kind) {
		return catalogue.Say("event.in-review", by, catalogue.Word("what", entryKey(said.Kind)), catalogue.AsCode("id", ch.ID))
	}
	return catalogue.Say("event.entry", by, catalogue.Word("what", entryKey(said.Kind)))
}

// entryKey is the key of what an entry says, by its kind.
func entryKey(kind string) string {
	if !slices.Contains(body.Kinds(), kind) {
		return "entry.unknown"
	}
	return "entry." + strings.ReplaceAll(kind, ".", "-")
}
