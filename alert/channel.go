package alert

import (
	"encoding/binary"
	"io"
	"time"

	"parley/catalogue"
)

// channel is one channel as it stands. Alerts.mu guards what is below send.
type channel struct {
	Channel
	send sender
	in   *catalogue.Catalogue // what it is told in

	told    map[string]told  // by the alarm's id, while it lasts
	waiting map[string]*item // to be told, by the alarm's id
	health  health
	problem string        // why there is nothing to tell; "" where there is nothing amiss
	wake    chan struct{} // closed when there may be something to do
	// Of what is gathered: tries that failed in a row, and when the next is.
	failed int
	next   time.Time
}

// told is what a channel was told of an alarm.
type told struct {
	level     int
	escalated string
	// unseen says that it is from before the restart and was not seen since.
	unseen bool
}

// covers reports whether a channel that was told this has nothing new to hear of an alarm: it did
// not rise in level and went no farther.
func (t told) covers(a Alarm) bool {
	return t.level <= a.Level && (a.Escalated == "" || t.escalated == a.Escalated)
}

// item is an alarm that a channel has yet to be told.
type item struct {
	alarm   Alarm
	seen    time.Time // since when
	first   time.Time // when it was first tried; zero: not yet
	next    time.Time // when an urgent one is tried next
	tries   int
	err     string // why the last try failed
	sending bool
	gaveUp  bool
	again   bool // it ended and began anew while it was being sent
}

// Times of trying again.
const (
	firstRetry = 5 * time.Second
	lastRetry  = 5 * time.Minute
)

func newChannel(c Channel, s sender) *channel {
	return &channel{Channel: c, send: s, told: map[string]told{}, waiting: map[string]*item{}, wake: make(chan struct{})}
}

// rouse has the channel's workers look anew.
func (ch *channel) rouse() {
	close(ch.wake)
	ch.wake = make(chan struct{})
}

// restless is how long after a restart an alarm that a channel was told before may be missing
// without counting as ended: a line needs some time to be up or down again.
const restless = 2 * time.Minute

// keeps reports whether an alarm that ended is told all the same. An observer is told what stands, at the
// level that it has now.
func (ch *channel) keeps(a Alarm) bool { return ch.Observer == "" && a.kept() }

// tells says in a word what the channel is told.
func (ch *channel) tells() string {
	if ch.Observer != "" {
		return "observer"
	}
	return string(ch.Content)
}

// settle brings the channel to the alarms there are now. ended are the ids of those that ended in
// between, whether or not they are back. It reports whether anything changed.
func (ch *channel) settle(now, began time.Time, alarms map[string]Alarm, ended map[string]bool) (changed bool) {
	for id, t := range ch.told {
		_, lasts := alarms[id]
		switch {
		case ended[id], !lasts && !(t.unseen && now.Sub(began) < restless):
			delete(ch.told, id)
			changed = true
		case lasts && t.unseen:
			t.unseen = false
			ch.told[id] = t
		}
	}
	quiet := !ch.Quiet.until(now).IsZero()
	for id, it := range ch.waiting {
		if _, lasts := alarms[id]; lasts || it.alarm.Over {
			continue
		}
		changed = true
		if ch.keeps(it.alarm) && (it.alarm.urgent() || !quiet || it.tries > 0) {
			it.alarm.Over = true
		} else if !it.sending {
			delete(ch.waiting, id)
		}
	}
	for id, al := range alarms {
		if !ch.takes(al) {
			continue
		}
		if t, ok := ch.told[id]; ok && t.covers(al) {
			continue
		}
		if it := ch.waiting[id]; it != nil {
			it.again = it.again || it.sending && (it.alarm.Over || ended[id])
			it.alarm = al
			continue
		}
		ch.waiting[id] = &item{alarm: al, seen: now}
		changed = true
	}
	if changed {
		ch.rouse()
	}
	return changed
}

// pick returns what is to be sent now, of the urgent alarms or of the others, and marks it as being
// sent; or when to look again, zero for when the channel is roused.
func (ch *channel) pick(now time.Time, urgent bool) (batch []*item, at time.Time) {
	if urgent {
		return ch.pickUrgent(now)
	}
	var due time.Time
	var real, drill []*item
	for _, it := range ch.waiting {
		if it.alarm.urgent() || it.sending || it.gaveUp {
			continue
		}
		if end := it.seen.Add(ch.gather()); due.IsZero() || end.Before(due) {
			due = end
		}
		if it.alarm.Exercise {
			drill = append(drill, it)
		} else {
			real = append(real, it)
		}
	}
	if due.IsZero() {
		return nil, due
	}
	if ch.next.After(due) {
		due = ch.next
	}
	if end := ch.Quiet.until(now); end.After(due) {
		due = end
	}
	if due.After(now) {
		return nil, due
	}
	batch = real
	if len(real) == 0 {
		batch = drill
	}
	for _, it := range batch {
		it.sending = true
	}
	return batch, time.Time{}
}

func (ch *channel) pickUrgent(now time.Time) (batch []*item, at time.Time) {
	var first *item
	for _, it := range ch.waiting {
		if !it.alarm.urgent() || it.sending || it.gaveUp {
			continue
		}
		if first == nil || it.next.Before(first.next) || it.next.Equal(first.next) && it.seen.Before(first.seen) {
			first = it
		}
	}
	switch {
	case first == nil:
		return nil, time.Time{}
	case first.next.After(now):
		return nil, first.next
	}
	first.sending = true
	return []*item{first}, time.Time{}
}

// delivered notes that a batch was told. sent are the alarms as they were told.
func (ch *channel) delivered(now time.Time, batch []*item, sent []Alarm, remark string) {
	for i, it := range batch {
		it.sending = false
		id := it.alarm.ID
		delete(ch.waiting, id)
		if it.alarm.Over {
			continue
		}
		if !it.again {
			ch.told[id] = told{level: sent[i].Level, escalated: sent[i].Escalated}
		}
		if t, ok := ch.told[id]; !ok || !t.covers(it.alarm) { // it rose while it was being sent
			ch.waiting[id] = &item{alarm: it.alarm, seen: now}
		}
	}
	ch.works(now, remark)
}

// works notes that the channel delivers: what it gave up is tried again.
func (ch *channel) works(now time.Time, remark string) {
	ch.failed, ch.next = 0, time.Time{}
	ch.health.DeliveredAt, ch.health.Error, ch.health.Remark = milli(now), "", remark
	for _, it := range ch.waiting {
		if it.gaveUp {
			it.gaveUp, it.first = false, time.Time{}
		}
		it.next = now
	}
	ch.rouse()
}

// missed notes that a batch was not told, and when it is tried again.
func (ch *channel) missed(now time.Time, batch []*item, err error, rand io.Reader) (gaveUp int) {
	ch.health.FailedAt, ch.health.Error = milli(now), shorten(plain(err.Error()), maxText)
	urgent := false
	for _, it := range batch {
		it.sending = false
		it.tries++
		it.err = ch.health.Error
		urgent = it.alarm.urgent()
		if it.first.IsZero() {
			it.first = now
		}
		it.next = now.Add(backoff(it.tries, rand))
		if it.next.Sub(it.first) <= ch.retryFor() {
			continue
		}
		gaveUp++
		it.gaveUp = true
		if it.alarm.Over {
			delete(ch.waiting, it.alarm.ID)
		}
	}
	if !urgent {
		ch.failed++
		ch.next = now.Add(backoff(ch.failed, rand))
	}
	ch.rouse()
	return gaveUp
}

// backoff returns how long to wait after so many tries in a row failed: twice as long each time up
// to a bound, less a random part of up to a half, so that the nodes of one failed server do not all
// come back at once.
func backoff(failed int, rand io.Reader) time.Duration {
	d := lastRetry
	if failed < 8 {
		d = min(firstRetry<<(failed-1), lastRetry)
	}
	var b [4]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		return d
	}
	return d - time.Duration(float64(d/2)*float64(binary.BigEndian.Uint32(b[:]))/(1<<32))
}
