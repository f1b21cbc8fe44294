package picture

import (
	"parley/node/body"
	"parley/statement"
)

// Statements returns what both parties said of statements.
func (p *Picture) Statements() *statement.Record { return p.statements }

func (p *Picture) applyStatement(s Said, ch *Change) error {
	var b body.Statement
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	ch.ID = b.ID
	said := statementSaid(s)
	said.ID, said.Note, said.Officer, said.Role, said.ReleasedBy = b.ID, []byte(b.Note), b.Officer, b.Role, b.ReleasedBy
	if len(b.Note) == 0 {
		said.Note = []byte{'\n'} // nothing, which is no refusal
	}
	return p.statements.Add(said)
}

func (p *Picture) applyStatementRefused(s Said, ch *Change) error {
	var b body.StatementRefused
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	ch.ID = b.Statement
	said := statementSaid(s)
	said.ID, said.Refuses, said.Reason, said.Officer, said.Role = b.Statement, statement.Place(b.Entry), b.Reason, b.Officer, b.Role
	return p.statements.Add(said)
}

func statementSaid(s Said) statement.Said {
	return statement.Said{Place: statement.Place(s.Ref), Time: s.Time, Seen: s.Seen, Agreement: s.Agreement}
}

// statements is for what was said of statements. A note is opened anew when it is read.
func (c *codec) statements(p *Picture) {
	all := p.statements.All()
	list(c, &all, func(c *codec, x **statement.Said) { pointer(c, x, (*codec).statementSaid) })
	if c.reading && !c.bad {
		for _, s := range all {
			if s == nil {
				c.bad = true
				return
			}
			_ = p.statements.Add(*s) // why one cannot be opened was said when it came
		}
	}
}

func (c *codec) statementSaid(x *statement.Said) {
	c.ref((*body.Ref)(&x.Place))
	c.time(&x.Time)
	c.int64(&x.Seen)
	note := string(x.Note)
	for _, s := range [...]*string{&x.Agreement, &x.ID, &note, &x.Reason, &x.Officer, &x.Role, &x.ReleasedBy} {
		text(c, s)
	}
	if c.reading {
		x.Note = []byte(note)
	}
	c.ref((*body.Ref)(&x.Refuses))
}
