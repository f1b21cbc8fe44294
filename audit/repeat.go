package audit

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// Window is how long the same look, or the same refusal, is counted and not written anew.
	Window = time.Minute
	// ListWindow is how long a list that shows an officer nothing new is counted.
	ListWindow = time.Hour

	flushEvery = 15 * time.Second

	refusalBurst      = 60
	refusalsPerMinute = 6

	maxRepeats = 10_000  // counters kept
	maxKnown   = 500_000 // names kept of what lists showed
)

// Access is a look at something of the other party. Fields that a Record has mean the same. List
// says that it is one of those that programs ask for every few seconds.
type Access struct {
	Officer, Role, By, From, Method, Route, What string

	Line    string
	Whole   bool
	Notices []Notice
	IDs     []string
	List    bool
}

func (a Access) record() Record {
	return Record{Kind: Shown, Officer: a.Officer, Role: a.Role, By: a.By, From: a.From, Method: a.Method, Route: a.Route, What: a.What, Line: a.Line, Whole: a.Whole}
}

// repeats keeps what was written lately, so that the same again is counted.
type repeats struct {
	mu       sync.Mutex // guards what follows
	counters map[string]*counter
	known    map[string]map[string]struct{} // by list and officer: what was shown on that day
	names    int                            // in known
	day      string
	budgets  map[string]*rate.Limiter // of refusals, by officer; "" is everybody unknown
}

// counter counts the same again.
type counter struct {
	records []Record // as they were written; of them a record with a count is made
	until   time.Time
	n       int64
	first   time.Time
	last    time.Time
}

func newRepeats() repeats {
	return repeats{counters: map[string]*counter{}, known: map[string]map[string]struct{}{}, budgets: map[string]*rate.Limiter{}}
}

// Access records a look at something of the other party, and returns when it is durable: only then
// may the answer go out.
func (l *Log) Access(ctx context.Context, a Access) error {
	now := l.cfg.Clock.Now()
	if a.List {
		return l.list(ctx, a, now)
	}
	records := Split(a.record(), a.Notices, a.IDs)
	return l.once(ctx, identity(records), records, now)
}

// once writes records, or counts them where they were written within Window.
func (l *Log) once(ctx context.Context, id string, records []Record, now time.Time) error {
	if l.repeats.again(id, now) {
		return nil
	}
	if err := l.Append(ctx, records...); err != nil {
		return err
	}
	l.repeats.begin(id, records, now, Window)
	return nil
}

// list writes what a list shows an officer that the same list did not show him on this day, and
// counts how often it was read.
func (l *Log) list(ctx context.Context, a Access, now time.Time) error {
	key := identity([]Record{a.record()})
	notices, ids := l.repeats.unknown(key, a, now)
	if len(notices)+len(ids) == 0 && l.repeats.again(key, now) {
		return nil
	}
	if err := l.Append(ctx, Split(a.record(), notices, ids)...); err != nil {
		return err
	}
	l.repeats.learn(key, notices, ids)
	l.repeats.begin(key, []Record{a.record()}, now, ListWindow)
	return nil
}

// Refusal records that a request was refused. It says nothing back: a caller is refused all the
// same, and where the store is at fault the node says so itself.
func (l *Log) Refusal(ctx context.Context, r Record) {
	now := l.cfg.Clock.Now()
	r.Kind, r.Field = Refused, Field(r.Field)
	id := identity([]Record{r})
	if l.repeats.again(id, now) {
		return
	}
	if !l.repeats.mayRefuse(r.Officer, now) {
		l.repeats.spill(Record{Kind: Refused, Officer: r.Officer, Role: r.Role, What: "more than are written one by one"}, now)
		return
	}
	if err := l.Append(ctx, r); err != nil {
		l.cfg.Log.Error("a refusal is not in the audit log", "err", err)
		return
	}
	l.repeats.begin(id, []Record{r}, now, Window)
}

// Run writes the counts of what was repeated until ctx ends, and then those that are left.
func (l *Log) Run(ctx context.Context) error {
	for {
		tick, stop := l.cfg.Clock.Timer(flushEvery)
		select {
		case <-tick:
			l.flush(ctx, l.cfg.Clock.Now())
		case <-ctx.Done():
			stop()
			l.flush(context.WithoutCancel(ctx), time.Time{})
			return context.Cause(ctx)
		}
	}
}

// flush writes the counts whose time is over, every one for the zero time.
func (l *Log) flush(ctx context.Context, now time.Time) {
	if err := l.Append(ctx, l.repeats.over(now)...); err != nil {
		l.cfg.Log.Error("counts are not in the audit log", "err", err)
	}
}

// again counts what was written lately and reports whether it was.
func (r *repeats) again(id string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.counters[id]
	if c == nil || !now.Before(c.until) {
		return false
	}
	if c.n == 0 {
		c.first = now
	}
	c.n, c.last = c.n+1, now
	return true
}

// begin counts from now on. A count that stands is kept until it is written.
func (r *repeats) begin(id string, records []Record, now time.Time, window time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.counters[id]; c != nil {
		if c.n == 0 {
			c.until = now.Add(window)
		}
		return
	}
	if len(r.counters) < maxRepeats {
		r.counters[id] = &counter{records: records, until: now.Add(window)}
	}
}

// spill counts what is over a budget, whatever else is counted.
func (r *repeats) spill(rest Record, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	id := identity([]Record{rest})
	c := r.counters[id]
	if c == nil {
		c = &counter{records: []Record{rest}, until: now.Add(Window), first: now}
		r.counters[id] = c
	}
	c.n, c.last = c.n+1, now
}

// over returns the counts whose time is over, as records, and forgets them.
func (r *repeats) over(now time.Time) []Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []Record
	for id, c := range r.counters {
		if !now.IsZero() && now.Before(c.until) {
			continue
		}
		delete(r.counters, id)
		if c.n == 0 {
			continue
		}
		for _, rec := range c.records {
			rec.Count, rec.Since, rec.Time = c.n, c.first, c.last
			out = append(out, rec)
		}
	}
	slices.SortStableFunc(out, func(a, b Record) int { return a.Time.Compare(b.Time) })
	return out
}

// unknown returns what of an access a list did not show before on this day.
func (r *repeats) unknown(key string, a Access, now time.Time) ([]Notice, []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if day := now.UTC().Format(time.DateOnly); day != r.day || r.names > maxKnown {
		r.day, r.names = day, 0
		clear(r.known)
	}
	known := r.known[key]
	var notices []Notice
	for _, n := range a.Notices {
		if _, ok := known[n.name()]; !ok {
			notices = append(notices, n)
		}
	}
	var ids []string
	for _, id := range a.IDs {
		if _, ok := known[id]; !ok {
			ids = append(ids, id)
		}
	}
	return notices, ids
}

// learn keeps what a list showed. It is called when that is durable.
func (r *repeats) learn(key string, notices []Notice, ids []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := r.known[key]
	if known == nil {
		known = map[string]struct{}{}
		r.known[key] = known
	}
	before := len(known)
	for _, n := range notices {
		known[n.name()] = struct{}{}
	}
	for _, id := range ids {
		known[id] = struct{}{}
	}
	r.names += len(known) - before
}

// mayRefuse takes a refusal from an officer's budget.
func (r *repeats) mayRefuse(officer string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	b := r.budgets[officer]
	if b == nil {
		b = rate.NewLimiter(rate.Every(time.Minute/refusalsPerMinute), refusalBurst)
		r.budgets[officer] = b
	}
	return b.AllowN(now, 1)
}

// name is a version of a notice as one word; no id has the separator.
func (n Notice) name() string { return n.Party + "\x00" + n.ID + "\x00" + strconv.Itoa(n.Version) }

// identity is what two accesses or refusals have in common that are the same.
func identity(records []Record) string {
	var b strings.Builder
	word := func(s string) { b.WriteString(s); b.WriteByte(0) }
	for _, r := range records {
		for _, s := range []string{string(r.Kind), r.Officer, r.Role, r.By, r.From, r.Method, r.Route, r.What, r.Code, r.Field, r.Line} {
			word(s)
		}
		for _, n := range r.Notices {
			word(n.name())
		}
		for _, id := range r.IDs {
			word(id)
		}
	}
	return b.String()
}

// Split makes as many records as the bounds of one need.
func Split(r Record, notices []Notice, ids []string) []Record {
	var out []Record
	for first := true; first || len(notices)+len(ids) > 0; first = false {
		n, i := min(len(notices), MaxNotices), min(len(ids), MaxIDs)
		one := r
		one.Notices, one.IDs = slices.Clone(notices[:n]), slices.Clone(ids[:i])
		notices, ids = notices[n:], ids[i:]
		out = append(out, one)
	}
	return out
}
