package picture

import (
	"sort"
	"time"

	"parley/fault"
	"parley/node/body"
	"parley/transcript"
)

// TakenBack is a node's word that it took back entries of its own transcript that its store did not hold.
type TakenBack struct {
	Ref  body.Ref
	Side transcript.Side
	Time time.Time
	body.TakenBack
}

func (p *Picture) applyTakenBack(s Said) error {
	var b body.TakenBack
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	if b.Entries < 1 || b.From.Origin.Side != s.Ref.Origin.Side {
		return fault.New("from", b.From.String(), "is no entry of this party that was taken back", "")
	}
	p.takenBack = append(p.takenBack, TakenBack{Ref: s.Ref, Side: s.Ref.Origin.Side, Time: s.Time, TakenBack: b})
	sort.SliceStable(p.takenBack, func(i, j int) bool { return refLess(p.takenBack[i].Ref, p.takenBack[j].Ref) })
	return nil
}

// TakenBack returns what both nodes took back of their own transcripts, side a's first.
func (p *Picture) TakenBack() []TakenBack { return p.takenBack }

func (c *codec) takenBack(t *TakenBack) {
	c.said(&t.Ref, &t.Side, &t.Time)
	c.ref(&t.From)
	c.int64(&t.Entries)
	c.flag(&t.Running)
}
