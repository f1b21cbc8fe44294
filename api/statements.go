package api

import (
	"context"

	"parley/api/officer"
	"parley/node"
	"parley/node/view"
	"parley/statement"
)

// Stater is what the API needs of a node for statements.
type Stater interface {
	Statements(ctx context.Context, f node.StatementFilter) (view.Statements, error)
	Statement(ctx context.Context, line, id string) (view.Statement, error)
	PutStatement(ctx context.Context, who node.Officer, line string, note []byte) (view.StatementPut, error)
	RefuseStatement(ctx context.Context, who node.Officer, line, id, reason string) (view.Statement, error)
}

// statementRoutes are those of statements. Whether a duty officer may put one on the line depends on
// whether it takes two, and the node says so.
func statementRoutes(desk []officer.Role) []route {
	return []route{
		read("/v1/statements", (*api).getStatements),
		do("/v1/statements", desk, (*api).postStatement),
		read("/v1/statements/{id}", (*api).getStatement),
		do("/v1/statements/{id}/refuse", []officer.Role{officer.Supervisor}, (*api).postRefuseStatement),
	}
}

func (a *api) getStatements(c *call) (any, error) {
	q, err := c.query("line", "text", "about", "agreed")
	if err != nil {
		return nil, err
	}
	f := node.StatementFilter{Line: q["line"], Text: q["text"], About: q["about"]}
	if f.Agreed, err = flag(q, "agreed"); err != nil {
		return nil, err
	}
	out, err := a.cfg.Node.Statements(c.r.Context(), f)
	return out, err
}

func (a *api) getStatement(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	s, err := a.cfg.Node.Statement(c.r.Context(), q["line"], c.r.PathValue("id"))
	return s, err
}

func (a *api) postStatement(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	if _, err := c.contentType(typeText); err != nil {
		return nil, err
	}
	note, err := c.body(statement.MaxBytes)
	if err != nil {
		return nil, err
	}
	out, err := a.cfg.Node.PutStatement(c.r.Context(), c.officer(), q["line"], note)
	if err != nil {
		return nil, err
	}
	id := ""
	if out.Release != nil {
		id = out.Release.Subject
	} else {
		id = out.Statement.ID
	}
	a.done(c, prepared("statement", out.Release), id)
	return out, nil
}

func (a *api) postRefuseStatement(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	var in ReasonRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	s, err := a.cfg.Node.RefuseStatement(c.r.Context(), c.officer(), q["line"], c.r.PathValue("id"), in.Reason)
	if err != nil {
		return nil, err
	}
	a.done(c, "statement.refuse", s.ID)
	return s, nil
}
