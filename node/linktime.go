package node

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"parley/fault"
	"parley/line"
	"parley/store"
)

// linkPrefix is where a node keeps for how long its links were in which state: this desk's own
// memory, by line and day.
const linkPrefix = "desk/link/"

const (
	// linkSample is how often the state of a link is looked at.
	linkSample = 10 * time.Second
	// linkKeep is how often what was seen is kept. As much is lost in a crash.
	linkKeep = 5 * time.Minute
)

// linkTime is what was seen of a link and is not kept yet.
type linkTime struct {
	mu   sync.Mutex
	seen map[string]map[string]float64 // seconds by day and state
}

func (l *linkTime) add(from, until time.Time, state line.State) {
	if !until.After(from) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	d := from.UTC().Format(time.DateOnly)
	if l.seen == nil {
		l.seen = map[string]map[string]float64{}
	}
	if l.seen[d] == nil {
		l.seen[d] = map[string]float64{}
	}
	l.seen[d][string(state)] += until.Sub(from).Seconds()
}

// take hands over what was seen.
func (l *linkTime) take() map[string]map[string]float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.seen
	l.seen = nil
	return out
}

// giveBack takes in again what could not be kept.
func (l *linkTime) giveBack(seen map[string]map[string]float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = addTimes(l.seen, seen)
}

// addTimes adds the times of b to a.
func addTimes(a, b map[string]map[string]float64) map[string]map[string]float64 {
	if a == nil {
		a = map[string]map[string]float64{}
	}
	for d, states := range b {
		if a[d] == nil {
			a[d] = map[string]float64{}
		}
		for state, s := range states {
			a[d][state] += s
		}
	}
	return a
}

// runLinkTime sees for how long the link is in which state. What cannot be kept costs some minutes of
// the statistics, and nothing else.
func (ln *lineNode) runLinkTime(ctx context.Context) error {
	select {
	case <-ln.ready:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	clock := ln.node.cfg.Clock
	last, state, kept := clock.Now(), ln.link.Status().State, clock.Now()
	for {
		tick, stop := clock.Timer(linkSample)
		over := false
		select {
		case <-tick:
		case <-ctx.Done():
			over = true
		}
		stop()
		now, st := clock.Now(), ln.link.Status()
		turn := now
		if st.State != state && st.Since.Before(now) {
			if turn = st.Since; turn.Before(last) {
				turn = last
			}
		}
		ln.linkTime.add(last, turn, state)
		ln.linkTime.add(turn, now, st.State)
		last, state = now, st.State
		if over {
			ln.keepLinkTime(context.WithoutCancel(ctx))
			return context.Cause(ctx)
		}
		if now.Sub(kept) >= linkKeep {
			ln.keepLinkTime(ctx)
			kept = now
		}
	}
}

func (ln *lineNode) linkKey(d string) string { return linkPrefix + ln.id + "/" + d }

// keepLinkTime adds what was seen to what is kept.
func (ln *lineNode) keepLinkTime(ctx context.Context) {
	seen := ln.linkTime.take()
	if len(seen) == 0 || ln.node.cfg.Store.Err() != nil {
		return
	}
	if err := ln.addLinkTime(ctx, seen); err != nil {
		ln.linkTime.giveBack(seen)
		if ctx.Err() == nil {
			ln.log.Warn("how long the link was up is not kept; it is tried again", "err", err)
		}
	}
}

func (ln *lineNode) addLinkTime(ctx context.Context, seen map[string]map[string]float64) error {
	v, err := ln.node.cfg.Store.View(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	var puts []store.Put
	for d, states := range seen {
		sum := maps.Clone(states)
		it, err := v.Get(ctx, ln.linkKey(d))
		if err == nil {
			var have map[string]float64
			if err := json.Unmarshal(it.Value, &have); err != nil {
				return fault.Wrap(fault.Corrupt, "node.linktime", err)
			}
			for state, s := range have {
				sum[state] += s
			}
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		raw, err := json.Marshal(sum, json.Deterministic(true))
		if err != nil {
			return fault.Wrap(fault.Internal, "node.linktime", err)
		}
		puts = append(puts, store.Put{Key: ln.linkKey(d), Value: raw})
	}
	_, err = ln.node.cfg.Store.Commit(ctx, store.Txn{Puts: puts})
	return err
}

// linkTimes returns for how many seconds the link was in which state, by day and state.
func (ln *lineNode) linkTimes(ctx context.Context) (map[string]map[string]float64, error) {
	v, err := ln.node.cfg.Store.View(ctx)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "node.linktime", err)
	}
	defer v.Close()
	out := map[string]map[string]float64{}
	for it, err := range v.Scan(ctx, ln.linkKey(""), ln.linkKey("\xff")) {
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, "node.linktime", err)
		}
		var states map[string]float64
		if err := json.Unmarshal(it.Value, &states); err != nil {
			return nil, fault.Wrap(fault.Corrupt, "node.linktime", err)
		}
		out[strings.TrimPrefix(it.Key, ln.linkKey(""))] = states
	}
	ln.linkTime.mu.Lock()
	defer ln.linkTime.mu.Unlock()
	return addTimes(out, ln.linkTime.seen), nil
}
