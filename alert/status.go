package alert

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/catalogue"
)

// Status is how a channel stands.
type Status struct {
	Name        string    `json:"name"`
	Observer    string    `json:"observer,omitzero"`     // of the agreement, whom it tells; "": the own people
	DeliveredAt time.Time `json:"delivered_at,omitzero"` // when it last delivered
	FailedAt    time.Time `json:"failed_at,omitzero"`    // when it last failed
	Error       string    `json:"error,omitzero"`        // why, while it delivered nothing since
	Remark      string    `json:"remark,omitzero"`       // what went wrong although it delivered
	Told        int       `json:"told"`                  // alarms that it was told and that last
	Waiting     int       `json:"waiting"`               // alarms that it has yet to be told
	GaveUp      int       `json:"gave_up"`               // those of them that are not tried until it works again
	Failing     []Failing `json:"failing"`               // those of them that it could not be told
}

// Failing is an alarm that a channel could not deliver so far.
type Failing struct {
	Alarm string `json:"alarm"` // its id
	Level int    `json:"level"`
	Tries int    `json:"tries"`
	Error string `json:"error"` // of the last try
	// Elsewhere says that another channel to the same people delivered it.
	Elsewhere bool `json:"elsewhere"`
}

// Status returns how each channel stands, in the order of the settings.
func (a *Alerts) Status() []Status {
	a.mu.Lock()
	defer a.mu.Unlock()
	return statusOf(a.snapshot())
}

// ReadStatus returns how each channel stood when the state was kept.
func ReadStatus(kept []byte) ([]Status, error) {
	s, err := parseState(kept)
	return statusOf(s), err
}

func statusOf(s state) []Status {
	told := map[string]bool{}
	for _, k := range s.Channels {
		for _, t := range k.Told {
			told[k.Observer+"\n"+t.ID] = true
		}
	}
	var out []Status
	for _, k := range s.Channels {
		st := Status{Name: k.Name, Observer: k.Observer, DeliveredAt: k.Health.DeliveredAt, FailedAt: k.Health.FailedAt, Error: k.Health.Error, Remark: k.Health.Remark,
			Told: len(k.Told), Waiting: k.Health.Waiting, GaveUp: k.Health.GaveUp, Failing: []Failing{}}
		for _, w := range k.Waiting {
			if w.Tries > 0 {
				st.Failing = append(st.Failing, Failing{w.Alarm.ID, w.Alarm.Level, w.Tries, w.Error, told[k.Observer+"\n"+w.Alarm.ID]})
			}
		}
		out = append(out, st)
	}
	return out
}

// lateAfter is for how long every channel may fail to tell an alarm before it counts as
// undelivered. A mail server may refuse a first try on purpose. Hold and distress count at once.
const lateAfter = 2 * time.Minute

// Undelivered returns the alarms about alarms that every channel that is to be told of them failed
// to deliver: one about hold and distress, one about the rest, and one for each observer. It waits for nothing.
func (a *Alerts) Undelivered() []Alarm {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.cfg.Clock.Now()
	lost := map[string]*undeliveredList{}
	for _, ch := range a.channels {
		for id, it := range ch.waiting {
			if it.tries > 0 {
				a.lose(lost, ch.Observer, id, now)
			}
		}
	}
	for key := range a.since {
		if lost[key] == nil {
			delete(a.since, key)
		}
	}
	var out []Alarm
	for _, key := range slices.Sorted(maps.Keys(lost)) {
		if a.since[key].IsZero() {
			a.since[key] = milli(now)
		}
		out = append(out, lost[key].alarm(a.since[key], a.english))
	}
	return out
}

// undeliveredList is alarms that some people were not told, and why by channel.
type undeliveredList struct {
	observer string
	alarms   map[string]Alarm
	why      map[string]string
}

// lose notes an alarm of which some people were to be told and that no channel to them delivered.
func (a *Alerts) lose(lost map[string]*undeliveredList, observer, id string, now time.Time) {
	al, errs := a.undelivered(observer, id, now)
	if errs == nil {
		return
	}
	key := "observer/" + observer
	if observer == "" {
		key = "others"
		if al.urgent() {
			key = "hold"
		}
	}
	if lost[key] == nil {
		lost[key] = &undeliveredList{observer: observer, alarms: map[string]Alarm{}, why: map[string]string{}}
	}
	lost[key].alarms[id] = al
	maps.Copy(lost[key].why, errs)
}

// undelivered returns why each channel to an observer, or to the own people, failed to tell an alarm, nil
// where one did, or has yet to try, or where that does not count yet.
func (a *Alerts) undelivered(observer, id string, now time.Time) (Alarm, map[string]string) {
	var al Alarm
	var channels []*channel
	for _, ch := range a.channels {
		if ch.Observer != observer {
			continue
		}
		channels = append(channels, ch)
		if it := ch.waiting[id]; it != nil {
			al = it.alarm
		}
	}
	errs := map[string]string{}
	counts := false
	for _, ch := range channels {
		it := ch.waiting[id]
		switch {
		case it == nil:
			if t, ok := ch.told[id]; ok && t.covers(al) {
				return al, nil
			}
			continue
		case it.tries == 0 && (al.urgent() || ch.Quiet.until(now).IsZero()):
			return al, nil
		case it.tries == 0:
			continue // it is to be told later, which is nobody's failure and tells nobody
		}
		errs[ch.Name] = it.err
		counts = counts || al.urgent() || it.gaveUp || now.Sub(it.first) >= lateAfter
	}
	if !counts {
		return al, nil
	}
	return al, errs
}

// alarm is the alarm at the desk about them.
func (l *undeliveredList) alarm(since time.Time, english *catalogue.Catalogue) Alarm {
	list := slices.Collect(maps.Values(l.alarms))
	kinds := map[string]bool{}
	out := Alarm{Kind: KindUndelivered, Level: soon, Since: since, Exercise: true}
	for _, al := range list {
		kinds[al.Kind] = true
		out.Exercise = out.Exercise && al.Exercise
		if al.urgent() {
			out.Level = actNow
		}
	}
	var errs []catalogue.Message
	for _, name := range slices.Sorted(maps.Keys(l.why)) {
		errs = append(errs, catalogue.Say("undelivered.channel", catalogue.ByPeople("names", name), catalogue.RefusedFor("refusal", cmp.Or(shorten(l.why[name], maxSaid), "failed"))))
	}
	args := []catalogue.Arg{catalogue.CountOf("count", len(list)), catalogue.AsCode("id", strings.Join(slices.Sorted(maps.Keys(kinds)), ", ")), catalogue.SayList("list", errs)}
	// The time makes it a new alarm each time it begins, so that nobody has acknowledged it before.
	out.ID = fmt.Sprintf("%s/%d/%s", KindUndelivered, out.Level, since.Format("20060102T150405.000Z"))
	out.Message = catalogue.Say("alarm.undelivered", args...)
	if l.observer != "" {
		out.ID += "/" + l.observer
		out.Message = catalogue.Say("alarm.undelivered-observer", append(args, catalogue.ByPeople("names", l.observer))...)
	}
	if out.Exercise {
		out.Message = catalogue.Say("exercise", catalogue.SayIn("said", out.Message))
	}
	out.Text = english.Say(out.Message)
	return out
}
