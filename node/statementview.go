package node

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

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
		State: string(st.State), Since: st.Since, Waits: st.Waits, Standing: st.Words(), Flags: st.Flags,
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
			v := view.StatementFlawed{Line: ln.id, Entry: x.Place.String(), Party: x.Party, Time: x.Time, ID: fault.Shorten(x.ID), Why: x.Why}
			if x.Says != nil {
				v.Title = x.Says.Title
			}
			out.Flawed = append(out.Flawed, v)
		}
		out.Looked = append(out.Looked, looked)
	}
	out.Answer = f.answer(found, out.Looked)
	return out, nil
}

func (f *StatementFilter) fits(st *statement.Stand) bool {
	return (f.Text == "" || st.Holds(f.Text)) && (f.About == "" || st.IsAbout(f.About)) && (!f.Agreed || !st.AgreedAt.IsZero())
}

// sought says what was looked for.
func (f *StatementFilter) sought() string {
	var out []string
	if f.Text != "" {
		out = append(out, fmt.Sprintf("that holds %q", f.Text))
	}
	if f.About != "" {
		out = append(out, "about "+f.About)
	}
	if len(out) == 0 {
		return ""
	}
	return " " + strings.Join(out, " and ")
}

// answer says whether what was asked for was ever agreed.
func (f *StatementFilter) answer(found []*statement.Stand, looked []view.StatementsLooked) string {
	var agreed []string
	for _, st := range found {
		if !st.AgreedAt.IsZero() {
			agreed = append(agreed, fmt.Sprintf("%q (%s), %s", st.Says.Title, st.ID[:12], st.Words()))
		}
	}
	const most = 5
	rest := len(agreed) - most
	text := "No: no statement" + f.sought() + " was ever agreed on the record that this node holds"
	if len(agreed) > 0 {
		text = "Yes: " + strings.Join(agreed[:min(most, len(agreed))], "; ")
		if rest > 0 {
			text += fmt.Sprintf("; and %d more", rest)
		}
	}
	if others := len(found) - len(agreed); others > 0 {
		text += fmt.Sprintf("; %d%s not agreed", others, f.sought())
	}
	for _, l := range looked {
		text += fmt.Sprintf(". Looked through on the line with %s at %s: %d statements, %d of them agreed at some time", l.Peer, l.At.Format("2006-01-02 15:04:05Z"), l.Statements, l.Agreed)
		if l.LastExchange.IsZero() {
			text += "; nothing was heard from " + l.Peer + " since this node started"
		} else {
			text += "; " + l.Peer + " was last heard at " + l.LastExchange.UTC().Format("2006-01-02 15:04:05Z")
		}
	}
	return text
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

// statementWords says in a line what an entry about a statement came to. ln.mu is held.
func (ln *lineNode) statementWords(by, id string) string {
	if st := ln.statementOf(id); st != nil {
		return fmt.Sprintf("statement %q (%s): %s", st.Says.Title, st.ID[:12], st.Words())
	}
	return by + " put a statement on the line that does not count: see parley statement list"
}
