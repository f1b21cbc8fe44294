package node

import (
	"context"
	"fmt"
	"slices"
	"time"

	"parley/catalogue"
	"parley/fault"
	"parley/node/view"
	"parley/statement"
)

// StatementFilter chooses statements. Zero values choose all.
type StatementFilter struct {
	Line   string
	Text   string // words that it holds, or the beginning of its id
	About  string // what it names
	Agreed bool   // only what was agreed at some time
}

const maxSought = 500 // bytes of what is looked for

// statementView says a statement as it stands.
func (ln *lineNode) statementView(st *statement.Stand) view.Statement {
	says := &st.Says
	out := view.Statement{Line: ln.id, ID: st.ID, Form: string(says.Form), Title: says.Title, Date: says.Date, Texts: []view.Text{},
		About: slices.Clone(says.About), Corrects: says.Corrects, Withdraws: says.Withdraws,
		State: string(st.State), Since: st.Since, Waits: st.Waits, Standing: st.Words(), SaidStanding: st.Message(), Flags: st.FlagTexts(), SaidFlags: st.FlagMessages(),
		Signatures: []view.StatementSigned{}, Refusals: []view.StatementRefused{}, CorrectedBy: after(st.CorrectedBy), WithdrawnBy: after(st.WithdrawnBy)}
	if out.About == nil {
		out.About = []string{}
	}
	if !st.AgreedAt.IsZero() {
		out.AgreedAt = &st.AgreedAt
	}
	for _, t := range says.Texts {
		out.Texts = append(out.Texts, view.Text(t))
	}
	for _, s := range st.Signatures {
		out.Signatures = append(out.Signatures, view.StatementSigned{Party: s.Party, Entry: s.Place.String(), Time: s.Time, Officer: s.Officer, Role: s.Role, ReleasedBy: s.ReleasedBy})
	}
	for _, s := range st.Refusals {
		out.Refusals = append(out.Refusals, view.StatementRefused{Party: ln.party(s.Origin.Side), Entry: s.Place.String(), Refuses: s.Refuses.String(),
			Time: s.Time, Reason: s.Reason, Officer: s.Officer, Role: s.Role})
	}
	return out
}

func after(list []statement.Successor) []view.StatementAfter {
	out := []view.StatementAfter{}
	for _, x := range list {
		out = append(out, view.StatementAfter{ID: x.ID, By: x.By, State: string(x.State), Time: x.Time, Counts: x.Counts})
	}
	return out
}

// Statements returns the statements that a filter chooses, and says whether what it asks for was ever
// agreed, and what was looked through.
func (n *Node) Statements(ctx context.Context, f StatementFilter) (view.Statements, error) {
	if len(f.Text) > maxSought || len(f.About) > maxSought {
		return view.Statements{}, fault.New("text", f.Text, fmt.Sprintf("must have at most %d bytes", maxSought), "look for fewer words")
	}
	lines, err := n.chosen(f.Line)
	if err != nil {
		return view.Statements{}, err
	}
	out := view.Statements{Statements: []view.Statement{}, Flawed: []view.StatementFlawed{}, Looked: []view.StatementsLooked{}}
	var found []*statement.Stand
	for _, ln := range lines {
		stand := ln.led.Standing()
		looked := view.StatementsLooked{Line: ln.id, Peer: ln.peer, At: n.cfg.Clock.Now().UTC().Truncate(time.Millisecond),
			OwnSize: stand.Own.Size, PeerSize: stand.Held.Size, LastExchange: ln.link.Status().LastExchange}
		ln.mu.RLock()
		stated, misstated := ln.stated, ln.misstated
		ln.mu.RUnlock()
		for _, st := range stated {
			looked.Statements++
			if !st.AgreedAt.IsZero() {
				looked.Agreed++
			}
			if f.fits(st) {
				found = append(found, st)
				out.Statements = append(out.Statements, ln.statementView(st))
			}
		}
		for _, x := range misstated {
			v := view.StatementFlawed{Line: ln.id, Entry: x.Place.String(), Party: x.Party, Time: x.Time, ID: fault.Shorten(x.ID), Why: x.Reason(), SaidWhy: x.Message()}
			if x.Says != nil {
				v.Title = x.Says.Title
			}
			out.Flawed = append(out.Flawed, v)
		}
		out.Looked = append(out.Looked, looked)
	}
	out.SaidAnswer = f.answer(found, out.Looked)
	out.Answer = n.english.Sentences(out.SaidAnswer)
	return out, nil
}

func (f *StatementFilter) fits(st *statement.Stand) bool {
	return (f.Text == "" || st.Holds(f.Text)) && (f.About == "" || st.IsAbout(f.About)) && (!f.Agreed || !st.AgreedAt.IsZero())
}

// sought says what was looked for.
func (f *StatementFilter) sought() catalogue.Message {
	text, about := catalogue.ByPeople("text", f.Text), catalogue.AsCode("id", f.About)
	switch {
	case f.Text != "" && f.About != "":
		return catalogue.Say("sought.both", text, about)
	case f.Text != "":
		return catalogue.Say("sought.text", text)
	case f.About != "":
		return catalogue.Say("sought.about", about)
	}
	return catalogue.Say("sought.all")
}

// maxAnswered is how many statements an answer names.
const maxAnswered = 5

// answer says whether what was asked for was ever agreed, and what was looked through, a sentence each.
func (f *StatementFilter) answer(found []*statement.Stand, looked []view.StatementsLooked) []catalogue.Message {
	var agreed []catalogue.Message
	for _, st := range found {
		if !st.AgreedAt.IsZero() {
			agreed = append(agreed, catalogue.Say("found.statement", catalogue.ByPeople("title", st.Says.Title), catalogue.AsCode("id", st.ID[:12]), catalogue.SayIn("said", st.Message())))
		}
	}
	sought := catalogue.SayIn("what", f.sought())
	first := []catalogue.Message{catalogue.Say("found.none-agreed", sought)}
	if len(agreed) > 0 {
		first = []catalogue.Message{catalogue.Say("found.agreed", catalogue.SayList("list", agreed[:min(maxAnswered, len(agreed))]))}
		if rest := len(agreed) - maxAnswered; rest > 0 {
			first = append(first, catalogue.Say("found.more", catalogue.CountOf("count", rest)))
		}
	}
	if others := len(found) - len(agreed); others > 0 {
		first = append(first, catalogue.Say("found.not-agreed", sought, catalogue.CountOf("count", others)))
	}
	out := []catalogue.Message{catalogue.Join(first...)}
	for _, l := range looked {
		peer := catalogue.ByPeople("peer", l.Peer)
		said := catalogue.Say("looked.line", peer, catalogue.At("stamp", catalogue.Stamp, l.At), catalogue.CountOf("count", l.Statements), catalogue.CountOf("nr", l.Agreed))
		heard := catalogue.Say("looked.never", peer)
		if !l.LastExchange.IsZero() {
			heard = catalogue.Say("looked.last", peer, catalogue.At("stamp", catalogue.Stamp, l.LastExchange))
		}
		out = append(out, catalogue.Join(said, heard))
	}
	return out
}

// statementsWaiting lists the proposals that wait for an answer. ln.mu is held.
func (ln *lineNode) statementsWaiting() []view.StatementWaits {
	var out []view.StatementWaits
	for _, st := range ln.stated {
		if st.Waits != "" {
			out = append(out, view.StatementWaits{ID: st.ID, Title: st.Says.Title, Waits: st.Waits, Since: st.Since})
		}
	}
	return out
}

// statementEvent says in a line what an entry about a statement came to. ln.mu is held.
func (ln *lineNode) statementEvent(by, id string) catalogue.Message {
	if st := ln.statementOf(id); st != nil {
		return catalogue.Say("event.statement", catalogue.ByPeople("title", st.Says.Title), catalogue.AsCode("id", st.ID[:12]), catalogue.SayIn("said", st.Message()))
	}
	return catalogue.Say("event.statement-odd", catalogue.ByPeople("by", by), catalogue.AsCode("command", "parley statement list"))
}
