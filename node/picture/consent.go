package picture

import (
	"parley/consent"
	"parley/node/body"
)

// Consents returns what both parties put on the line of the words of hosts.
func (p *Picture) Consents() *consent.Record { return p.consents }

func (p *Picture) applyConsent(s Said, ch *Change) error {
	said := consent.Read(consent.Place(s.Ref), s.Time, s.Fields)
	if c, err := consent.Open(said.Note); err == nil {
		ch.ID = c.ID
	}
	return p.consents.Add(said)
}

// consented is for what was said of the words of hosts. A note is opened anew when it is read.
func (c *codec) consented(p *Picture) {
	all := p.consents.All()
	list(c, &all, func(c *codec, x *consent.Said) {
		c.ref((*body.Ref)(&x.Place))
		c.time(&x.Time)
		note := string(x.Note)
		for _, s := range [...]*string{&note, &x.Officer, &x.Role} {
			text(c, s)
		}
		if c.reading {
			x.Note = []byte(note)
		}
	})
	if c.reading && !c.bad {
		for _, s := range all {
			_ = p.consents.Add(s) // why one cannot be opened was said when it came
		}
	}
}
