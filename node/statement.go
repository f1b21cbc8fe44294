package node

import (
	"context"
	"fmt"
	"strings"

	"parley/agreement"
	"parley/fault"
	"parley/node/body"
	"parley/node/view"
	"parley/statement"
)

// statementTerms returns what a version of the line's agreement says of statements. ln.mu is held.
func (ln *lineNode) statementTerms(id string) (statement.Terms, bool) {
	for _, a := range ln.agreed {
		if a.ID == id {
			return statementTerms(a.Terms), true
		}
	}
	return statement.Terms{}, false
}

func statementTerms(t agreement.Terms) statement.Terms {
	out := statement.Terms{TwoPersons: t.NeedsTwo(agreement.ActionStatement)}
	for i, p := range t.Parties {
		out.Parties[i] = statement.Party{Name: p.Name, PartyKey: p.PartyKey}
	}
	return out
}

// restate works out anew how the statements of the line stand, and what its hosts said. ln.mu is held.
func (ln *lineNode) restate() {
	if ln.live.Load() {
		ln.stated, ln.misstated = ln.pic.Statements().Standing(ln.statementTerms)
		ln.consents, ln.misconsented = ln.pic.Consents().Standing(versionsOf(ln.agreed))
	}
}

// PutStatement puts a signed statement on the line: signed by the own party alone, it is a proposal, or
// the own party's word alone; signed by both, it is agreed. Where the agreement wants two persons for
// that, it is prepared, and goes out once another officer releases it.
func (n *Node) PutStatement(ctx context.Context, who Officer, lineID string, note []byte) (view.StatementPut, error) {
	return n.putStatement(ctx, who, lineID, note, nil)
}

func (n *Node) putStatement(ctx context.Context, who Officer, lineID string, note []byte, by *releaser) (view.StatementPut, error) {
	s, err := statement.Open(note)
	if err != nil {
		return view.StatementPut{}, err
	}
	ln, err := n.lineOfStatement(lineID, s)
	if err != nil {
		return view.StatementPut{}, err
	}
	two := ln.agreementTerms().NeedsTwo(agreement.ActionStatement)
	if !two && who.Role != body.RoleSupervisor {
		return view.StatementPut{}, &fault.Error{Code: fault.Denied, Field: "role", Value: who.Role, Rule: "may not put the party's word on the line alone", Hint: "ask a supervisor"}
	}
	if two && by == nil {
		return n.prepareStatement(ctx, who, ln, s)
	}
	ln.filing.Lock()
	defer ln.filing.Unlock()
	if err := ln.checkStatement(s); err != nil {
		return view.StatementPut{}, err
	}
	d, err := body.Draft(body.KindStatement, body.Statement{ID: s.ID, Note: string(s.Note), Officer: who.Name, Role: who.Role, ReleasedBy: by.name()})
	if err != nil {
		return view.StatementPut{}, err
	}
	if _, err := ln.append(ctx, d); err != nil {
		return view.StatementPut{}, err
	}
	v, err := n.Statement(ctx, ln.id, s.ID)
	return view.StatementPut{Statement: &v}, err
}

func (n *Node) prepareStatement(ctx context.Context, who Officer, ln *lineNode, s statement.Signed) (view.StatementPut, error) {
	if err := ln.checkStatement(s); err != nil {
		return view.StatementPut{}, err
	}
	text := "joint statement"
	if s.Says.Form == statement.OneSided {
		text = "one-sided statement"
	}
	text = fmt.Sprintf("%s %q, signed by %s", text, s.Says.Title, strings.Join(s.Signers, " and "))
	r, err := n.prepare(ctx, who, prepared{Note: string(s.Note), Title: s.Says.Title,
		Release: view.Release{Action: string(agreement.ActionStatement), Line: ln.id, Subject: s.ID, Text: text}})
	return view.StatementPut{Release: &r}, err
}

// lineOfStatement returns the line that a statement is of, which must be the one that was named.
func (n *Node) lineOfStatement(lineID string, s statement.Signed) (*lineNode, error) {
	of := n.lines[s.Says.Line]
	named := of
	if lineID != "" {
		var err error
		if named, err = n.pick(lineID); err != nil {
			return nil, err
		}
	}
	if of == nil || of != named {
		return nil, fault.New("line", s.Says.Line[:12], "is the line of this statement, and not the one that it is put on", "draft it for this line: parley statement draft")
	}
	return of, nil
}

// checkStatement refuses what this party may not put on the line as it stands.
func (ln *lineNode) checkStatement(s statement.Signed) error {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	terms := statementTerms(ln.terms)
	if err := terms.CheckKeys(&s.Says); err != nil {
		return err
	}
	return statement.Check(s, ln.node.cfg.Party, ln.stated)
}

// RefuseStatement says no to a proposal of the other party. It may be signed later all the same.
func (n *Node) RefuseStatement(ctx context.Context, who Officer, lineID, id, reason string) (view.Statement, error) {
	if err := words("reason", reason, "say why, and what would do: the other party reads it"); err != nil {
		return view.Statement{}, err
	}
	ln, st, err := n.findStatement(lineID, id)
	if err != nil {
		return view.Statement{}, err
	}
	ln.filing.Lock()
	defer ln.filing.Unlock()
	ln.mu.RLock()
	if now := ln.statementOf(st.ID); now != nil {
		st = now
	}
	ln.mu.RUnlock()
	if st.Waits != n.cfg.Party {
		return view.Statement{}, &fault.Error{Code: fault.Mismatch, Field: "statement", Value: st.ID[:12], Rule: "does not wait for the answer of " + n.cfg.Party + ": " + st.Words(), Hint: "see what does: parley statement list"}
	}
	d, err := body.Draft(body.KindStatementRefused, body.StatementRefused{Statement: st.ID, Entry: body.Ref(st.Newest()), Reason: reason, Officer: who.Name, Role: who.Role})
	if err != nil {
		return view.Statement{}, err
	}
	if _, err := ln.append(ctx, d); err != nil {
		return view.Statement{}, err
	}
	return n.Statement(ctx, ln.id, st.ID)
}

// statementOf returns a statement by its whole id, or nil. ln.mu is held.
func (ln *lineNode) statementOf(id string) *statement.Stand {
	for _, st := range ln.stated {
		if st.ID == id {
			return st
		}
	}
	return nil
}

// findStatement finds a statement by its id or an unambiguous beginning of it.
func (n *Node) findStatement(lineID, id string) (*lineNode, *statement.Stand, error) {
	lines, err := n.chosen(lineID)
	if err != nil {
		return nil, nil, err
	}
	var at *lineNode
	var found *statement.Stand
	for _, ln := range lines {
		ln.mu.RLock()
		for _, st := range ln.stated {
			if st.Named(id) {
				if found != nil {
					ln.mu.RUnlock()
					return nil, nil, &fault.Error{Code: fault.Invalid, Field: "statement", Value: fault.Shorten(id), Rule: "fits more than one statement", Hint: "give more digits: parley statement list"}
				}
				at, found = ln, st
			}
		}
		ln.mu.RUnlock()
	}
	if found == nil {
		return nil, nil, &fault.Error{Code: fault.NotFound, Field: "statement", Value: fault.Shorten(id), Rule: "is no statement on the record", Hint: "list them: parley statement list"}
	}
	return at, found, nil
}

// Statement returns one statement by its id or an unambiguous beginning of it, with the signed note.
func (n *Node) Statement(ctx context.Context, lineID, id string) (view.Statement, error) {
	ln, st, err := n.findStatement(lineID, id)
	if err != nil {
		return view.Statement{}, err
	}
	v := ln.statementView(st)
	v.Note = string(st.Note)
	return v, nil
}
