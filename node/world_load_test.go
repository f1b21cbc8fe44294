package node

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"parley/fault"
	"parley/geo4d"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/transcript"
)

// desk is an officer who does anything that the software lets him do.
type desk struct {
	e   *end
	rng *rand.Rand
	ids []string // own notices

	open   bool   // he leaves the line as it is
	prefix string // of their ids, where the node has others already
}

func (e *end) desk() *desk {
	return &desk{e: e, rng: rand.New(rand.NewPCG(e.w.seed, uint64(e.i)+100))}
}

func (d *desk) key(id string) picture.Key {
	return picture.Key{Side: []transcript.Side{transcript.A, transcript.B}[d.e.i], ID: id}
}

// pic looks at the picture of a node's only line.
func pic[T any](n *Node, look func(p *picture.Picture) T) T {
	ln := n.order[0]
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	return look(ln.pic)
}

// hasRef reports whether the transcripts of a node hold an entry.
func hasRef(entry string) func(n *Node) bool {
	return func(n *Node) bool {
		r, err := body.ParseRef(entry)
		if err != nil {
			return false
		}
		ln := n.order[0]
		ln.mu.RLock()
		defer ln.mu.RUnlock()
		size := ln.cursor.Other
		if r.Origin.Side == ln.side {
			size = ln.cursor.Own
		}
		return r.Origin.Epoch < ln.cursor.Epoch || r.Origin.Epoch == ln.cursor.Epoch && r.Seq < size
	}
}

// step does one thing. It fails the test on any error but a refusal of what cannot be done now.
func (d *desk) step(ctx context.Context) {
	what, err := d.act(ctx)
	switch fault.CodeOf(err) {
	case "", fault.Mismatch, fault.NotFound:
	case fault.Unavailable: // it may not sign, or is being stopped
	default:
		if err != nil && ctx.Err() == nil {
			d.e.w.t.Errorf("%s: %s: %v", d.e.party, what, err)
		}
	}
}

func (d *desk) act(ctx context.Context) (string, error) {
	switch k := d.rng.IntN(22); {
	case k >= 20:
		return "duty", d.duty(ctx)
	case k < 7 || len(d.ids) == 0:
		return "file", d.file(ctx)
	case k < 10:
		return "amend", d.amend(ctx)
	case k < 13:
		return "state", d.state(ctx)
	case k < 14:
		return "receive", d.receive(ctx)
	case k < 15:
		return "climb", d.climb(ctx)
	case k < 17:
		return "call", d.call(ctx)
	case k < 18:
		if d.rng.IntN(2) == 0 {
			return "follow up", d.followUp(ctx)
		}
		return "answer", d.answer(ctx)
	case k < 19:
		return "own", d.own(ctx)
	}
	if d.open {
		return "file", d.file(ctx)
	}
	return "declare", d.declare(ctx)
}

func (d *desk) file(ctx context.Context) error {
	id := fmt.Sprintf("%s%s-%d", d.prefix, d.e.party, len(d.ids))
	n := d.notice(id)
	f, err := d.e.File(ctx, duty, "", n, d.rng.IntN(4) == 0)
	if err != nil {
		return err
	}
	d.ids = append(d.ids, id)
	d.e.ack("filed "+id+" "+f.Notice.Entry, hasRef(f.Notice.Entry))
	return nil
}

func (d *desk) amend(ctx context.Context) error {
	id := d.ids[d.rng.IntN(len(d.ids))]
	drill := false
	old := pic(d.e.Node, func(p *picture.Picture) *notice.Notice {
		if have := p.Notice(d.key(id)); have != nil {
			n := have.Latest().Notice
			drill = have.Latest().Drill
			return &n
		}
		return nil
	})
	if old == nil {
		return nil // the filing was not acknowledged
	}
	n := d.notice(id)
	n.Kind, n.Class, n.Domain, n.Version = old.Kind, old.Class, old.Domain, 0
	if n.Kind != notice.Site {
		n.Expires = time.Time{}
		for i := range n.Volumes {
			if n.Volumes[i].Window.End.IsZero() {
				n.Volumes[i].Window.End = n.Volumes[i].Window.Start.Add(time.Hour)
			}
		}
	}
	f, err := d.e.Amend(ctx, duty, "", n, drill)
	if err == nil {
		d.e.ack(fmt.Sprintf("amended %s to version %d", id, f.Notice.Version), hasRef(f.Notice.Entry))
	}
	return err
}

func (d *desk) state(ctx context.Context) error {
	id := d.ids[d.rng.IntN(len(d.ids))]
	event := []notice.Event{notice.Activate, notice.Activate, notice.End, notice.Cancel}[d.rng.IntN(4)]
	f, err := d.e.SetState(ctx, duty, "", id, event, "over")
	if err != nil {
		return err
	}
	first, err := body.ParseRef(f.Notice.First)
	if err != nil {
		return err
	}
	count := func(p *picture.Picture) int {
		n := 0
		if have := p.NoticeByFirst(first); have != nil {
			for _, e := range have.Events {
				if e.Event == event {
					n++
				}
			}
		}
		return n
	}
	least := pic(d.e.Node, count)
	d.e.ack(fmt.Sprintf("%s of %s", event, id), func(n *Node) bool { return pic(n, count) >= least })
	return nil
}

func (d *desk) receive(ctx context.Context) error {
	list, err := d.e.Notices(ctx, Filter{Party: d.e.other().party})
	if err != nil || len(list) == 0 {
		return err
	}
	entry, err := d.e.Receive(ctx, duty, "", list[d.rng.IntN(len(list))].Entry, "")
	if err == nil {
		d.e.ack("received "+entry, hasRef(entry))
	}
	return err
}

// climb takes a step of the ladder.
func (d *desk) climb(ctx context.Context) error {
	list, err := d.e.Notices(ctx, Filter{Party: d.e.other().party})
	if err != nil || len(list) == 0 {
		return err
	}
	first := list[d.rng.IntN(len(list))].First
	var v view.Notice
	switch d.rng.IntN(3) {
	case 0:
		v, err = d.e.Relay(ctx, duty, "", first, "patrol", "radio", "")
	case 1:
		v, err = d.e.UnitWord(ctx, duty, "", first, "patrol", false, "")
	default:
		v, err = d.e.UnitWord(ctx, duty, "", first, "patrol", true, "cannot leave the road")
	}
	if err != nil {
		return err
	}
	ref, err := body.ParseRef(v.Entry)
	if err != nil {
		return err
	}
	count := func(p *picture.Picture) int { return len(p.Receipts(ref)) }
	least := pic(d.e.Node, count)
	d.e.ack("a step for "+v.Entry, func(n *Node) bool { return pic(n, count) >= least })
	return nil
}

func (d *desk) call(ctx context.Context) error {
	kind := []string{"query", "concern", "hold", "distress"}[d.rng.IntN(4)]
	in := calling(kind, "say again")
	in.Drill = d.rng.IntN(5) == 0
	c, err := d.e.Call(ctx, duty, "", in)
	if err == nil {
		d.e.ack(kind+" "+c.Entry, hasRef(c.Entry))
	}
	return err
}

func (d *desk) answer(ctx context.Context) error {
	calls, err := d.e.Calls(ctx, "")
	if err != nil || len(calls) == 0 {
		return err
	}
	c := calls[d.rng.IntN(len(calls))]
	if c, err = d.e.Answer(ctx, duty, "", d.answering(c)); err != nil {
		return err
	}
	ref, err := body.ParseRef(c.Entry)
	if err != nil {
		return err
	}
	count := func(p *picture.Picture) int {
		if c := p.Call(ref); c != nil {
			return len(c.Answers)
		}
		return 0
	}
	least := pic(d.e.Node, count)
	d.e.ack("answer to "+c.Entry, func(n *Node) bool { return pic(n, count) >= least })
	return nil
}

func (d *desk) own(ctx context.Context) error {
	list, err := d.e.Conflicts(ctx, "", false)
	if err != nil || len(list) == 0 {
		return err
	}
	c, err := d.e.Own(ctx, duty, "", list[d.rng.IntN(len(list))].ID)
	if err != nil {
		return err
	}
	count := func(p *picture.Picture) int {
		if f := p.Conflict(c.ID); f != nil {
			return len(f.Owners)
		}
		return 0
	}
	least := len(c.Owners)
	d.e.ack("took "+c.ID, func(n *Node) bool { return pic(n, count) >= least })
	return nil
}

func (d *desk) declare(ctx context.Context) error {
	if d.rng.IntN(3) > 0 {
		return d.e.Resume(ctx, duty, "", "over")
	}
	return d.e.Suspend(ctx, duty, "", "ordered")
}

// closing resumes the line and ends what is overdue, so that both pictures come to rest.
func (d *desk) closing(ctx context.Context) {
	t := d.e.w.t
	if err := d.e.Resume(ctx, duty, "", "over"); err != nil {
		t.Errorf("%s: resume: %v", d.e.party, err)
	}
	list, err := d.e.Notices(ctx, Filter{Party: d.e.party, Live: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range list {
		if n.State != notice.Overdue {
			continue
		}
		if _, err := d.e.SetState(ctx, duty, "", n.ID, notice.End, "over"); err != nil {
			t.Errorf("%s: end %s: %v", d.e.party, n.ID, err)
		}
	}
}

// notice makes a notice within a small place, so that conflicts are many, from a few minutes ago
// to some hours ahead, so that some are late and some become overdue.
func (d *desk) notice(id string) notice.Notice {
	r := d.rng
	from := d.e.nodeTime().UTC().Add(time.Duration(r.IntN(7200)-300) * time.Second).Truncate(time.Millisecond)
	window := geo4d.Window{Start: from, End: from.Add(time.Duration(300+r.IntN(7200)) * time.Second)}
	at := geo4d.Position{LonDeg: 35 + r.Float64(), LatDeg: 35 + r.Float64()}
	n := notice.Notice{ID: id, Title: "survey " + id, Contact: "+00 0000"}
	v := geo4d.Volume{Window: window, Shape: geo4d.Circle{Center: at, RadiusM: 500 + 9000*r.Float64()}}
	switch r.IntN(8) {
	case 0:
		n.Kind, n.Place, n.Window = notice.Area, "in the north", window
		return n
	case 1:
		n.Kind = notice.Area
		v.Shape = polygon(at.LonDeg, at.LatDeg, at.LonDeg+0.2, at.LatDeg, at.LonDeg+0.2, at.LatDeg+0.1, at.LonDeg, at.LatDeg+0.1)
	case 2:
		n.Kind = notice.Hazard
	case 3:
		n.Kind = notice.Movement
		to := geo4d.Position{LonDeg: at.LonDeg + 0.1*r.Float64(), LatDeg: at.LatDeg + 0.1}
		v.Shape = geo4d.Corridor{Line: []geo4d.Position{at, to}, HalfWidthM: 100}
	case 4:
		n.Kind, n.Expires = notice.Site, from.Add(24*time.Hour)
		v.Window.End = time.Time{}
	case 5:
		n.Kind, n.Class = notice.Flight, notice.SmallUncrewed
	default:
		n.Kind = notice.Flight
	}
	if n.Kind == notice.Flight || r.IntN(3) == 0 {
		low := float64(r.IntN(300))
		v.Band = geo4d.Band{
			Lower: &geo4d.Altitude{Value: low, Unit: geo4d.FlightLevel, Reference: geo4d.FL},
			Upper: &geo4d.Altitude{Value: low + 40, Unit: geo4d.FlightLevel, Reference: geo4d.FL},
		}
	}
	n.Volumes = []geo4d.Volume{v}
	return n
}

// nodeTime is the time by the node's clock.
func (e *end) nodeTime() time.Time { return e.cfg.Clock.Now() }
