package picture

import (
	"parley/fault"
	"parley/node/body"
)

// applyConfirmed takes in that a site still is as its newest version says. One that names another
// version came too late for it and says nothing of the newest.
func (p *Picture) applyConfirmed(s Said, ch *Change) error {
	if len(s.Fields) == 0 {
		return nil // of a site that is not shown
	}
	var b body.Confirmed
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	n, _ := p.begun(b.First)
	if n == nil || n.Key.Side != s.Ref.Origin.Side {
		return fault.New("first", b.First.String(), "is not a notice of this party", "")
	}
	v := n.Latest()
	if v.Notice.Version != b.Version {
		return fault.New("version", "", "is not the newest version", "")
	}
	ch.Notice = &n.Key
	v.Confirmed = append(v.Confirmed, Confirmed{Ref: s.Ref, Time: s.Time, Until: b.Until, Officer: b.Officer, Role: b.Role, Remark: b.Remark})
	return nil
}

func (c *codec) confirmed(x *Confirmed) {
	c.ref(&x.Ref)
	c.time(&x.Time)
	c.time(&x.Until)
	for _, s := range [...]*string{&x.Officer, &x.Role, &x.Remark} {
		text(c, s)
	}
}
