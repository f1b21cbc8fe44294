package node

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/catalogue"
	"parley/node/view"
	"parley/transcript"
	"parley/witness"
)

// WitnessAddress is where this node finds a witness.
type WitnessAddress struct {
	Key transcript.WitnessKey
	URL string // the prefix of its URLs
}

const (
	// witnessEvery is how often, where nothing else is said, each witness is given the newest heads, whether there is something new or
	// not, so that the tempo tells it nothing.
	witnessEvery = time.Minute
	// witnessRest is how many rounds at most one is left out of that fails.
	witnessRest = 5
	// witnessAlarmAfter is for how long fewer witnesses than agreed may cosign before the desk is told.
	witnessAlarmAfter = 10 * time.Minute
)

// noAddress is the trouble of an agreed witness that this node was not told where to find.
const noAddress witness.Trouble = "no-address"

// witnessing is what a line has to do with witnesses. Its goroutines are runWitnesses'.
type witnessing struct {
	began time.Time

	mu   sync.Mutex // guards what each holds
	list []*witnessed
}

// witnessed is one witness of a line.
type witnessed struct {
	client *witness.Client
	url    string
	known  map[transcript.Origin]int64 // what the witness is thought to hold
	sizes  map[transcript.Origin]int64 // what it cosigned
	last   time.Time                   // when it had last cosigned the newest own head
	state  witness.Trouble
	since  time.Time         // of state
	denies transcript.Origin // of which it holds another history; zero: none
	failed int               // rounds in a row
}

func (ln *lineNode) newWitnessing() (*witnessing, error) {
	cfg := &ln.node.cfg
	w := &witnessing{began: cfg.Clock.Now()}
	if cfg.Dial == nil {
		return w, nil
	}
	for _, a := range cfg.Witnesses {
		c, err := witness.NewClient(a.Key, a.URL, witness.DialFunc(cfg.Dial), cfg.Clock)
		if err != nil {
			return nil, err
		}
		w.list = append(w.list, &witnessed{client: c, url: a.URL, known: map[transcript.Origin]int64{}, sizes: map[transcript.Origin]int64{}})
	}
	return w, nil
}

// allWitnesses are those of every version of the agreement. ln.mu is held.
func (ln *lineNode) allWitnesses() []transcript.WitnessKey {
	var out []transcript.WitnessKey
	for _, a := range ln.agreed {
		for _, k := range a.Terms.Witnesses.Keys() {
			if !slices.ContainsFunc(out, k.Equal) {
				out = append(out, k)
			}
		}
	}
	return out
}

// runWitnesses submits both transcripts to each witness until ctx ends: the own, and the copy of the
// other's, so that a party that shows the witness another transcript than this node is found out.
func (ln *lineNode) runWitnesses(ctx context.Context) error {
	select {
	case <-ln.ready:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	g, ctx := errgroup.WithContext(ctx)
	for _, w := range ln.witnessing.list {
		g.Go(func() error { return ln.keepWitnessed(ctx, w) })
	}
	<-ctx.Done()
	return errors.Join(context.Cause(ctx), g.Wait())
}

// keepWitnessed submits to one witness at its times.
func (ln *lineNode) keepWitnessed(ctx context.Context, w *witnessed) error {
	c := ln.node.cfg.Clock
	for next := c.Now(); ; {
		ln.witnessRound(ctx, w)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		ln.node.poke()
		for rounds := 1 + min(w.failed, witnessRest); rounds > 0 || !next.After(c.Now()); rounds-- {
			next = next.Add(ln.node.cfg.WitnessEvery)
		}
		tick, stop := c.Timer(next.Sub(c.Now()))
		select {
		case <-tick:
		case <-ctx.Done():
			stop()
			return context.Cause(ctx)
		}
	}
}

// witnessRound has the newest heads cosigned by one witness.
func (ln *lineNode) witnessRound(ctx context.Context, w *witnessed) {
	heads, err := ln.led.NewestHeads(ctx)
	if err != nil {
		ln.log.Warn("cannot read the heads for a witness", "err", err)
		return
	}
	epoch, _ := ln.led.Epoch()
	var trouble witness.Trouble
	var denies transcript.Origin
	own := 0 // own heads cosigned; below 0 where one was not
	for _, h := range heads {
		if h.Origin.Epoch < epoch && w.sizes[h.Origin] >= h.Size {
			continue // over, and cosigned whole
		}
		err := ln.witnessHead(ctx, w, h)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			if h.Origin.Side == ln.side {
				own++
			}
			continue
		}
		t := witness.TroubleOf(err)
		if t == witness.Ahead && h.Origin.Side != ln.side {
			continue // its author was quicker than the line
		}
		if h.Origin.Side == ln.side {
			own = -len(heads)
		}
		if t == witness.Contradicts {
			denies = h.Origin
		}
		if trouble == "" || t == witness.Contradicts {
			trouble = t
		}
		ln.log.Debug("not cosigned", "witness", w.client.Key().Name, "transcript", h.Origin, "err", err)
	}
	ln.witnessing.note(w, trouble, denies, trouble == "" || own > 0, ln.node.cfg.Clock.Now())
}

// note keeps how a round went.
func (g *witnessing) note(w *witnessed, trouble witness.Trouble, denies transcript.Origin, own bool, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if own {
		w.last = now
	}
	if w.state != trouble {
		w.state, w.since = trouble, now
	}
	w.denies = denies
	if w.failed++; trouble == "" {
		w.failed = 0
	}
}

// witnessHead has one head cosigned and keeps the cosignature.
func (ln *lineNode) witnessHead(ctx context.Context, w *witnessed, h transcript.Head) error {
	if _, asked := w.known[h.Origin]; !asked {
		c, err := ln.led.NewestCosignature(ctx, h.Origin, w.client.Key())
		if err != nil {
			return err
		}
		w.known[h.Origin] = c.Size
		ln.witnessing.mu.Lock()
		w.sizes[h.Origin] = c.Size
		if h.Origin.Side == ln.side && c.Time.After(w.last) {
			w.last = c.Time
		}
		ln.witnessing.mu.Unlock()
	}
	c, known, err := w.client.Cosign(ctx, h, w.known[h.Origin], func(old int64) ([]transcript.Hash, error) {
		return ln.led.Consistency(ctx, h.Origin, old, h.Size)
	})
	w.known[h.Origin] = known
	if err != nil {
		return err
	}
	if err := ln.led.KeepCosignature(ctx, c); err != nil {
		return err
	}
	ln.witnessing.mu.Lock()
	defer ln.witnessing.mu.Unlock()
	w.sizes[h.Origin] = max(w.sizes[h.Origin], c.Size)
	return nil
}

// witnessView lists the witnesses of the agreement in force and those that this party chose by itself, and
// how they do. ln.mu is held.
func (ln *lineNode) witnessView(epoch int64) []view.Witness {
	g := ln.witnessing
	g.mu.Lock()
	defer g.mu.Unlock()
	agreed := ln.terms.Witnesses.Keys()
	own := transcript.Origin{Line: ln.id, Epoch: epoch, Side: ln.side}
	var out []view.Witness
	for _, w := range g.list {
		k := w.client.Key()
		v := view.Witness{Name: k.Name, Key: k.String(), URL: w.url, Agreed: slices.ContainsFunc(agreed, k.Equal), Own: w.sizes[own], Other: w.sizes[own.Other()],
			Last: w.last, Trouble: string(w.state)}
		if w.state != "" {
			v.Since = w.since
		}
		if w.denies != (transcript.Origin{}) {
			v.Denies = ln.party(w.denies.Side)
		}
		out = append(out, v)
	}
	for _, k := range agreed {
		if !slices.ContainsFunc(g.list, func(w *witnessed) bool { return k.Equal(w.client.Key()) }) {
			out = append(out, view.Witness{Name: k.Name, Key: k.String(), Agreed: true, Trouble: string(noAddress), Since: g.began})
		}
	}
	return out
}

// witnessAlarms says where fewer witnesses cosign than are agreed, and where one holds another history.
func (ln *lineNode) witnessAlarms(v view.Line, now time.Time) []view.Alarm {
	var out []view.Alarm
	var reached []time.Time // when each agreed witness had last cosigned
	for _, w := range v.Witnesses {
		if w.Denies != "" {
			a := view.Alarm{ID: "witness-contradicts/" + v.ID[:8] + "/" + w.Name, Kind: "witness-contradicts", Level: actNow, Line: v.ID, Subject: w.Name, Since: w.Since}
			out = append(out, ln.node.said(a, catalogue.Say("alarm.witness-contradicts", catalogue.ByPeople("witness", w.Name), catalogue.ByPeople("party", w.Denies), catalogue.AsCode("command", "parley export"))))
		}
		if w.Agreed && !w.Last.IsZero() {
			reached = append(reached, w.Last)
		}
	}
	if v.WitnessQuorum == 0 {
		return out
	}
	slices.SortFunc(reached, func(a, b time.Time) int { return b.Compare(a) })
	since := ln.witnessing.began
	if len(reached) >= v.WitnessQuorum {
		since = reached[v.WitnessQuorum-1]
	}
	if now.Sub(since) <= witnessAlarmAfter {
		return out
	}
	count := 0
	for _, at := range reached {
		if now.Sub(at) <= witnessAlarmAfter {
			count++
		}
	}
	a := view.Alarm{ID: "unwitnessed/" + v.ID[:8], Kind: "unwitnessed", Level: soon, Line: v.ID, Since: since}
	return append(out, ln.node.said(a, catalogue.Say("alarm.unwitnessed", catalogue.At("stamp", catalogue.Stamp, since),
		catalogue.AsCode("quorum", fmt.Sprintf("%d/%d", count, v.WitnessQuorum)), catalogue.AsCode("command", "parley line status"))))
}
