package node

import (
	"fmt"
	"math"
	"strings"
	"time"

	"parley/fault"
	"parley/geo4d"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/voice"
)

// failed fails the test on what an officer of this test does wrong.
func (d *busyDesk) failed(what string, err error) {
	d.e.w.t.Helper()
	if err != nil && !fault.Is(err, fault.Mismatch) && !fault.Is(err, fault.NotFound) {
		d.e.w.t.Errorf("%s: %s: %v", d.e.party, what, err)
	}
}

// duties plan presence and tests of the line.
func (d *busyDesk) duties() {
	w, ctx := d.w, d.e.w.t.Context()
	var present func()
	present = func() {
		_, err := d.e.Present(ctx, duty)
		d.failed("present", err)
		next := w.some(20*time.Minute, 29*time.Minute)
		if w.chance(overlooked) {
			next = w.some(31*time.Minute, 36*time.Minute)
		}
		w.in(next, present)
	}
	present()
	half := time.Now().Truncate(12 * time.Hour) // two tests a day
	for slot := range w.line.hours/12 + 1 {
		at := w.some(time.Hour, 10*time.Hour)
		if w.chance(0.1) {
			at = w.some(11*time.Hour+5*time.Minute, 11*time.Hour+50*time.Minute)
		}
		w.at(half.Add(time.Duration(slot)*12*time.Hour+at), func() {
			x, err := d.e.TestLine(ctx, duty, "")
			d.failed("test", err)
			w.in(w.some(30*time.Second, 4*time.Minute), func() {
				_, err := d.e.other().AnswerTest(ctx, duty, "", x.Word)
				d.failed("answer", err)
			})
		})
	}
}

// noticeOf is the notice of an entry as the node shows it now.
func (d *busyDesk) noticeOf(r body.Ref) (v view.Notice, ok bool) {
	ln := d.e.order[0]
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	p := ln.pic.NoticeOf(r)
	if p == nil {
		return v, false
	}
	return ln.noticeView(p, false, false), true
}

// owes plans the next step that this desk owes of a notice of the other party.
func (d *busyDesk) owes(r body.Ref) {
	v, ok := d.noticeOf(r)
	if !ok || v.Own || v.Next == nil || v.Next.Name == view.Delivered {
		return
	}
	key := v.Entry + v.Next.Name
	if d.planned[key] {
		return
	}
	d.planned[key] = true
	w, left := d.w, time.Until(v.Next.Due)
	in := time.Duration(float64(left) * (0.1 + 0.6*w.rng.Float64()))
	if w.chance(overlooked) || left < 0 {
		in = max(left, 0) + w.some(30*time.Second, 4*time.Minute)
	}
	name := v.Next.Name
	w.in(in, func() { d.climb(r, name) })
}

func (d *busyDesk) climb(r body.Ref, name string) {
	v, ok := d.noticeOf(r)
	ctx := d.e.w.t.Context()
	if !ok || v.Next == nil || v.Next.Name != name {
		d.owes(r)
		return
	}
	var err error
	switch name {
	case view.OfficerHas:
		_, err = d.e.Receive(ctx, duty, "", v.Entry, "")
	case view.ReadBack:
		text := d.page(r)
		if d.w.chance(readElsewhere) {
			text = unchecked(text, "degrees 1", "degrees 2")
			d.w.in(2*time.Minute, func() {
				_, err := d.e.ReadBack(ctx, duty, "", v.Entry, body.ByVoice, d.page(r))
				d.failed("read back again", err)
			})
		}
		_, err = d.e.ReadBack(ctx, duty, "", v.Entry, body.FromMap, text)
	case view.Relayed:
		_, err = d.e.Relay(ctx, duty, "", v.Entry, "patrol", "radio", "")
	case view.UnitConfirmed:
		_, err = d.e.UnitWord(ctx, duty, "", v.Entry, "patrol", false, "")
	}
	d.failed(name, err)
	d.owes(r)
}

func (d *busyDesk) page(r body.Ref) string {
	told := pic(d.e.Node, func(p *picture.Picture) notice.Notice { return p.NoticeOf(r).Latest().Notice })
	return strings.Join(voice.NoticePage(told, voice.Heading{}, nil).Lines(), "\n")
}

// pace is how long officers take for a step about something that begins then: minutes where it is
// near, up to an hour where it is far.
func (d *busyDesk) pace(begins time.Time) time.Duration {
	switch left := time.Until(begins); {
	case left < time.Hour:
		return d.w.some(20*time.Second, 100*time.Second)
	case left < 24*time.Hour:
		return d.w.some(time.Minute, 10*time.Minute)
	}
	return d.w.some(2*time.Minute, time.Hour)
}

// flooded reports whether a conflict is one of many of a notice whose end nobody said: nobody moves hundreds of flights
// out of its way before it is asked for.
func (d *busyDesk) flooded(id string) bool {
	ln := d.e.order[0]
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	cause := ln.causeOf(id, false)
	return cause != nil && ln.noticeView(cause, false, false).State == notice.Overdue
}

// conflict plans how a conflict is worked out: one desk takes it and proposes, the other answers.
func (d *busyDesk) conflict(id string) {
	ctx := d.e.w.t.Context()
	c, err := d.e.Conflict(ctx, "", id)
	if err != nil || isOver(c.State) {
		return
	}
	for _, first := range []string{c.A.First, c.B.First} { // on a bulk line it is owed a receipt now
		if r, err := body.ParseRef(first); err == nil {
			d.owes(r)
		}
	}
	key := fmt.Sprint("conflict", id, c.A.Version, c.B.Version)
	if d.planned[key] {
		return
	}
	d.planned[key] = true
	leads := (id[0] < '8') == (d.e.i == 0)
	var work func()
	work = func() {
		if d.flooded(id) {
			d.w.in(d.w.some(3*time.Minute, 6*time.Minute), work)
			return
		}
		if x, err := d.e.Conflict(ctx, "", id); err != nil || isOver(x.State) {
			return
		}
		_, err := d.e.Own(ctx, duty, "", id)
		d.failed("own", err)
		if leads {
			d.w.in(d.pace(c.From), func() { d.settle(id, 0) })
		}
	}
	d.w.in(d.pace(c.From), work)
}

// settle proposes the cheapest move, or that both go on as one where there is none.
func (d *busyDesk) settle(id string, times int) {
	ctx, other := d.e.w.t.Context(), d.w.desks[1-d.e.i]
	c, err := d.e.Conflict(ctx, "", id)
	if err != nil || isOver(c.State) || c.State == "joint" || times > 3 {
		return
	}
	again := func() { d.w.in(d.pace(c.From), func() { d.settle(id, times+1) }) }
	o, err := d.e.Options(ctx, "", id)
	if err == nil && len(o.Options) > 0 && times < 3 {
		best := o.Options[0]
		if _, err = d.e.ProposeMove(ctx, duty, "", id, best.Mover, best.Shift, ""); err == nil {
			d.w.in(d.pace(c.From), func() {
				_, err := other.e.ReplyToMove(ctx, duty, "", id, true, "")
				if err == nil && best.Mover == d.e.party {
					d.w.in(d.w.some(20*time.Second, 2*time.Minute), func() {
						_, err := d.e.ApplyMove(ctx, duty, "", id)
						d.failedSoftly(err)
					})
				}
				again()
			})
			return
		}
	}
	_, err = d.e.Settle(ctx, duty, "", id, body.Joint, "one formation")
	d.failedSoftly(err)
	d.w.in(d.pace(c.From), func() {
		_, err := other.e.Settle(ctx, duty, "", id, body.Joint, "one formation")
		d.failedSoftly(err)
	})
}

// failedSoftly counts what could not be done any more when its time came.
func (d *busyDesk) failedSoftly(err error) {
	if err != nil {
		d.refused++
	}
}

// file files a notice, and plans that its end is said where somebody must say it.
func (d *busyDesk) file(batched bool) {
	ctx := d.e.w.t.Context()
	n := d.draw(batched)
	f, err := d.e.File(ctx, duty, "", n, false)
	if err != nil {
		d.e.w.t.Errorf("%s: file %s: %v", d.e.party, n.Kind, err)
		return
	}
	d.filed++
	r, err := body.ParseRef(f.Notice.First)
	if err != nil {
		d.e.w.t.Fatal(err)
	}
	if n.Kind == notice.Movement || n.Kind == notice.Flight && n.Class != notice.SmallUncrewed {
		d.end(r, n.ID)
	}
}

func (d *busyDesk) end(r body.Ref, id string) {
	v, ok := d.noticeOf(r)
	if !ok {
		return
	}
	at := v.End.Add(-d.w.some(time.Second, 8*time.Minute))
	if d.w.chance(endedLate) {
		at = v.End.Add(d.w.some(time.Minute, 12*time.Minute))
	}
	d.w.at(at, func() {
		if v, ok := d.noticeOf(r); ok && v.End.After(time.Now().Add(9*time.Minute)) {
			d.end(r, id) // it was moved
			return
		}
		_, err := d.e.SetState(d.e.w.t.Context(), duty, "", id, notice.End, "")
		d.failedSoftly(err)
	})
}

// somewhere is a place in a country of some 450 by 550 km.
func (w *busyWorld) somewhere() geo4d.Position {
	return geo4d.Position{LonDeg: 30 + 6*w.rng.Float64(), LatDeg: 46 + 5*w.rng.Float64()}
}

// about is a place some kilometres from another.
func (w *busyWorld) about(p geo4d.Position, km float64) geo4d.Position {
	return geo4d.Position{LonDeg: p.LonDeg + w.rng.NormFloat64()*km/75, LatDeg: p.LatDeg + w.rng.NormFloat64()*km/111}
}

// lead is how long ahead a notice is filed, by what its kind's lead is graded as.
func (w *busyWorld) lead(k notice.Kind, batched bool) time.Duration {
	l, t := w.line, w.ends[0].order[0].terms.LeadOf(k)
	switch p := w.rng.Float64(); {
	case batched:
	case p < l.insufficient:
		return w.some(time.Minute, t.Insufficient)
	case p < l.insufficient+l.late:
		return w.some(t.Insufficient+time.Minute, t.Short)
	case p < l.insufficient+l.late+l.short:
		return w.some(t.Short+time.Minute, t.Routine)
	}
	return t.Routine + w.some(10*time.Minute, 24*time.Hour)
}

// draw makes a notice of the line's mix.
func (d *busyDesk) draw(batched bool) notice.Notice {
	w := d.w
	p, pick := w.rng.Float64(), w.line.kinds[0]
	for _, s := range w.line.kinds {
		if pick = s; p < s.of {
			break
		}
		p -= s.of
	}
	n := notice.Notice{ID: fmt.Sprintf("%s-%d", d.e.party, d.filed+1), Kind: pick.kind, Class: pick.class, Title: "flight", Contact: "+00 0000"}
	from := time.Now().UTC().Add(w.lead(n.Kind, batched)).Truncate(time.Second)
	km := func(from, to float64) float64 { return 1000 * (from + (to-from)*w.rng.Float64()) }
	lasts := func(least, most time.Duration) {
		n.Volumes[0].Window.End = from.Add(w.some(least, most).Truncate(time.Minute))
	}
	v := geo4d.Volume{Window: geo4d.Window{Start: from}}
	town := w.about(w.towns[int(math.Abs(w.rng.NormFloat64())*6)%len(w.towns)], 12)
	n.Volumes = []geo4d.Volume{v}
	x := &n.Volumes[0]
	switch {
	case n.Kind == notice.Flight && n.Class == notice.SmallUncrewed:
		x.Shape = geo4d.Circle{Center: town, RadiusM: km(0.15, 0.6)}
		x.Band = geo4d.Band{Lower: &geo4d.Altitude{Value: 0, Unit: geo4d.Metres, Reference: geo4d.AGL}, Upper: &geo4d.Altitude{Value: 120, Unit: geo4d.Metres, Reference: geo4d.AGL}}
		lasts(15*time.Minute, 45*time.Minute)
	case n.Kind == notice.Flight:
		a := w.somewhere()
		x.Shape = geo4d.Corridor{Line: []geo4d.Position{a, w.about(a, 80)}, HalfWidthM: 2000}
		low := 60 + 20*float64(w.rng.IntN(16))
		x.Band = geo4d.Band{Lower: &geo4d.Altitude{Value: low, Unit: geo4d.FlightLevel, Reference: geo4d.FL}, Upper: &geo4d.Altitude{Value: low + 10, Unit: geo4d.FlightLevel, Reference: geo4d.FL}}
		lasts(30*time.Minute, 90*time.Minute)
	case n.Kind == notice.Movement:
		x.Shape, n.SpeedMPS = geo4d.Corridor{Line: []geo4d.Position{town, w.about(town, 25)}, HalfWidthM: 100}, 12
		lasts(time.Hour, 4*time.Hour)
	case n.Kind == notice.Area:
		x.Shape = geo4d.Circle{Center: w.somewhere(), RadiusM: km(4, 12)}
		x.Band.Upper = &geo4d.Altitude{Value: 50 + 10*float64(w.rng.IntN(10)), Unit: geo4d.FlightLevel, Reference: geo4d.FL}
		lasts(2*time.Hour, 8*time.Hour)
	case n.Kind == notice.Hazard:
		x.Shape = geo4d.Circle{Center: w.somewhere(), RadiusM: km(1, 5)}
		x.Band.Upper = &geo4d.Altitude{Value: 100, Unit: geo4d.FlightLevel, Reference: geo4d.FL}
		lasts(time.Hour, 6*time.Hour)
	case n.Kind == notice.Site:
		x.Shape = geo4d.Circle{Center: town, RadiusM: km(0.1, 0.4)}
		n.Expires = from.Add(80 * 24 * time.Hour)
	}
	return n
}
