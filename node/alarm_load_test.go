package node

import (
	"cmp"
	"container/heap"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/geo4d"
	"parley/internal/testnet"
	"parley/node/body"
	"parley/notice"
)

// What an alarm desk may bear, on average and at its worst.
const (
	mostAnHour    = 6
	mostInTen     = 10
	beginsAt      = 8 * time.Hour // of the first day
	overlooked    = 0.03          // share of what is owed that an officer does only after the alarm
	endedLate     = 0.05          // share of crewed flights and movements whose end is said late
	readElsewhere = 0.01          // share of what is read back that is not as told
)

// busyLine is a line by what is told on it.
type busyLine struct {
	profile agreement.Profile
	perDay  int // notices of both parties
	hours   int
	// short, late and insufficient are the shares of notices with that little lead.
	short, late, insufficient float64
	batched                   float64 // share that is told with others at two hours of the day
	kinds                     []part
}

type part struct {
	of    float64
	kind  notice.Kind
	class notice.Class
}

// manualLine is what two staffs tell each other; bulkLine what two operators of drones do, who plan a
// day ahead and upload most of it at once.
func manualLine(hours int) busyLine {
	return busyLine{profile: agreement.Manual, perDay: 20, hours: hours, short: 0.25, late: 0.12, insufficient: 0.03, batched: 0.2, kinds: []part{
		{0.40, notice.Flight, notice.Crewed}, {0.25, notice.Movement, ""}, {0.15, notice.Area, ""}, {0.10, notice.Hazard, ""},
		{0.05, notice.Site, ""}, {0.05, notice.Flight, notice.SmallUncrewed}}}
}

func bulkLine(hours int) busyLine {
	return busyLine{profile: agreement.Bulk, perDay: 5000, hours: hours, short: 0.02, late: 0.008, insufficient: 0.002, batched: 0.6, kinds: []part{
		{0.949, notice.Flight, notice.SmallUncrewed}, {0.03, notice.Flight, notice.Crewed}, {0.01, notice.Area, ""}, {0.005, notice.Hazard, ""},
		{0.005, notice.Movement, ""}, {0.001, notice.Site, ""}}}
}

// busyWorld is two nodes and what their officers will do, the earliest first.
type busyWorld struct {
	*world
	line  busyLine
	rng   *rand.Rand
	until time.Time
	desks [2]*busyDesk
	todo  tasks
	towns []geo4d.Position
}

type busyDesk struct {
	w        *busyWorld
	e        *end
	seen     int64           // of the feed
	planned  map[string]bool // what he will do
	told     []alarmTold
	standing map[string]string // alarms with their level and where they have gone
	filed    int
	refused  int // what was too late to do
}

// alarmTold is an alarm that began, rose or went on.
type alarmTold struct {
	at   time.Time
	kind string
	how  string // begun, risen
}

type task struct {
	at time.Time
	do func()
}

type tasks []task

func (q tasks) Len() int           { return len(q) }
func (q tasks) Less(i, j int) bool { return q[i].at.Before(q[j].at) }
func (q tasks) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *tasks) Push(x any)        { *q = append(*q, x.(task)) }
func (q *tasks) Pop() any {
	old := *q
	t := old[len(old)-1]
	*q = old[:len(old)-1]
	return t
}

// TestAlarmLoad counts the alarms of each desk of a line on which officers work as people do. A week
// of both: PARLEY_ALARM_LOAD_HOURS=168.
func TestAlarmLoad(t *testing.T) {
	seed := seedOf(t)
	hours := countOf(t, "PARLEY_ALARM_LOAD_HOURS", 0)
	for _, l := range []busyLine{manualLine(cmp.Or(hours, 12)), bulkLine(cmp.Or(hours, 4))} {
		t.Run(string(l.profile), func(t *testing.T) {
			testnet.Run(t, func(t *testing.T) {
				w := newBusyWorld(t, seed, l)
				w.run()
				for _, d := range w.desks {
					d.report()
				}
			})
		})
	}
}

func newBusyWorld(t *testing.T, seed uint64, l busyLine) *busyWorld {
	t.Helper()
	w := &busyWorld{line: l, rng: rand.New(rand.NewPCG(seed, 1))}
	w.world = newWorld(t, worldOptions{seed: seed, at: time.Now().Add(beginsAt),
		change: func(terms *agreement.Terms) {
			terms.Profile, terms.From = l.profile, time.Now().UTC()
			terms.LineTimes.Heartbeat, terms.LineTimes.LaggingAfter, terms.LineTimes.DownAfter = time.Minute, 3*time.Minute, 5*time.Minute
		},
		wrap: func(_ int, o *nodeOptions) { o.tick, o.cacheAfter, o.memTable = 10*time.Second, 20_000, 1<<20 }})
	w.open()
	w.until = time.Now().Add(time.Duration(l.hours) * time.Hour)
	for range 20 {
		w.towns = append(w.towns, w.somewhere())
	}
	for i, e := range w.ends {
		w.desks[i] = &busyDesk{w: w, e: e, planned: map[string]bool{}, standing: map[string]string{}}
		w.desks[i].seen = e.LastEvent()
		w.desks[i].duties()
	}
	w.plan()
	return w
}

func (w *busyWorld) at(t time.Time, do func()) { heap.Push(&w.todo, task{t, do}) }

func (w *busyWorld) in(d time.Duration, do func()) { w.at(time.Now().Add(d), do) }

// some is a duration between two.
func (w *busyWorld) some(from, to time.Duration) time.Duration {
	return from + time.Duration(w.rng.Float64()*float64(to-from))
}

func (w *busyWorld) chance(p float64) bool { return w.rng.Float64() < p }

// plan spreads the notices over the days: more by day than by night, and a part in two batches.
func (w *busyWorld) plan() {
	n := w.line.perDay * w.line.hours / 24
	for i := range n {
		d := w.desks[i%2]
		at := time.Duration(w.rng.Float64() * float64(w.line.hours) * float64(time.Hour))
		if hour := int((at + beginsAt).Hours()) % 24; hour < 6 && w.chance(0.7) {
			at += 8 * time.Hour
		}
		batch := w.chance(w.line.batched)
		if batch { // within ten minutes from 9:00 or 18:00
			day := at.Truncate(24 * time.Hour)
			at = day + []time.Duration{time.Hour, 10 * time.Hour}[w.rng.IntN(2)] + w.some(0, 10*time.Minute)
		}
		w.in(at, func() { d.file(batch) })
	}
}

func (w *busyWorld) run() {
	next := time.Now()
	for time.Now().Before(w.until) {
		for len(w.todo) > 0 && !w.todo[0].at.After(time.Now()) {
			heap.Pop(&w.todo).(task).do()
		}
		for _, d := range w.desks {
			d.look()
		}
		if !time.Now().Before(next) {
			next = time.Now().Add(time.Minute)
			for _, d := range w.desks {
				d.watchSteps()
			}
		}
		wake := next
		if len(w.todo) > 0 && w.todo[0].at.Before(wake) {
			wake = w.todo[0].at
		}
		time.Sleep(max(time.Until(wake), 100*time.Millisecond))
	}
}

// look reads what happened, and plans what the officer will do about it.
func (d *busyDesk) look() {
	for {
		events, _, _ := d.e.feed.after(d.seen)
		if len(events) == 0 {
			return
		}
		for _, ev := range events {
			d.seen = ev.Seq
			switch ev.Kind {
			case "alarm":
				kind, _, _ := strings.Cut(ev.ID, "/")
				d.told = append(d.told, alarmTold{ev.Time, kind, "begun"})
			case "entry":
				if r, err := body.ParseRef(ev.ID); err == nil {
					d.owes(r)
				}
			case "conflict":
				d.conflict(ev.ID)
			}
		}
	}
}

// watchSteps counts the alarms that rose in level or went on to others since the last look.
func (d *busyDesk) watchSteps() {
	alarms, err := d.e.Alarms(d.e.w.t.Context())
	if err != nil {
		d.e.w.t.Fatal(err)
	}
	now := map[string]string{}
	for _, a := range alarms {
		step := fmt.Sprint(9-a.Level, a.Escalated)
		now[a.ID] = step
		if was, ok := d.standing[a.ID]; ok && was != step && (was[0] < step[0] || a.Escalated != "" && !strings.HasSuffix(was, a.Escalated)) {
			d.told = append(d.told, alarmTold{time.Now(), a.Kind, "risen"})
		}
	}
	d.standing = now
}

// report prints the load, and fails where it is over what a desk may bear.
func (d *busyDesk) report() {
	t, l := d.e.w.t, d.w.line
	t.Helper()
	slices.SortFunc(d.told, func(a, b alarmTold) int { return a.at.Compare(b.at) })
	kinds, hours := map[string]int{}, map[time.Time]int{}
	peak, first := 0, 0
	var peakAt time.Time
	for i, a := range d.told {
		kinds[a.kind+" "+a.how]++
		hours[a.at.Truncate(time.Hour)]++
		for a.at.Sub(d.told[first].at) >= 10*time.Minute {
			first++
		}
		if n := i - first + 1; n > peak {
			peak, peakAt = n, d.told[first].at
		}
	}
	worst := 0
	for _, n := range hours {
		worst = max(worst, n)
	}
	perHour := float64(len(d.told)) / float64(l.hours)
	byKind := slices.SortedFunc(maps.Keys(kinds), func(a, b string) int { return cmp.Or(kinds[b]-kinds[a], strings.Compare(a, b)) })
	var list []string
	for _, k := range byKind {
		list = append(list, fmt.Sprintf("%s %d", k, kinds[k]))
	}
	t.Logf("%s line, %d notices a day, %d h, desk of %s: %d alarms, %.1f an hour, %d in the busiest hour, at most %d in 10 min (from %s); filed %d; conflicts %d\n  %s",
		l.profile, l.perDay, l.hours, d.e.party, len(d.told), perHour, worst, peak, peakAt.Format("Mon 15:04Z"), d.filed, len(d.e.order[0].found), strings.Join(list, ", "))
	if perHour >= mostAnHour || peak >= mostInTen {
		t.Errorf("%s line, desk of %s: %.1f alarms an hour, %d in 10 min; at most %d and %d", l.profile, d.e.party, perHour, peak, mostAnHour, mostInTen)
	}
}
