package picture

import (
	"parley/node/body"
	"parley/statement"
)

// Statements returns what both parties said of statements.
func (p *Picture) Statements() *statement.Record { return p.statements }

func (p *Picture) applyStatement(s Said, ch *Change) error {
	said := statement.Said{Place: statement.Place(s.Ref), Time: s.Time, Seen: s.Seen, Agreement: s.Agreement}
	if err := said.Read(s.Kind, s.Fields); err != nil {
		return err
	}
	ch.ID = said.ID
	return p.statements.Add(said)
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
