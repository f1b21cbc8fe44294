package alert

import (
	"cmp"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/internal/strictjson"
)

// state is what is kept over a restart: what each channel was told, and what it has yet to be told
// even where it is over by then. Without it everything that lasts is told again.
type state struct {
	Version  int           `json:"v"`
	Salt     string        `json:"salt"` // keeps the ids of messages from saying what is in them
	Channels []keptChannel `json:"channels"`
}

type keptChannel struct {
	Name     string        `json:"name"`
	Observer string        `json:"observer,omitzero"`
	Told     []keptTold    `json:"told,omitzero"`
	Waiting  []keptWaiting `json:"waiting,omitzero"`
	Health   health        `json:"health"`
}

type keptTold struct {
	ID        string `json:"id"`
	Level     int    `json:"level"`
	Escalated string `json:"escalated,omitzero"`
}

type keptWaiting struct {
	Alarm Alarm  `json:"alarm"`
	Tries int    `json:"tries,omitzero"`
	Error string `json:"error,omitzero"` // of the last try
}

// health is how a channel fared.
type health struct {
	DeliveredAt time.Time `json:"delivered_at,omitzero"`
	FailedAt    time.Time `json:"failed_at,omitzero"`
	Error       string    `json:"error,omitzero"`  // of the last failure, while nothing was delivered since
	Remark      string    `json:"remark,omitzero"` // what went wrong at the last delivery
	GaveUp      int       `json:"gave_up,omitzero"`
	Waiting     int       `json:"waiting,omitzero"`
}

const (
	stateVersion = 1
	saltBytes    = 16
	// MaxState bounds the kept state, in bytes.
	MaxState = 64 << 20
)

// parseState reads what encode wrote.
func parseState(data []byte) (state, error) {
	var s state
	if err := strictjson.Decode(data, strictjson.Limits{Bytes: MaxState, Depth: maxDepth}, &s); err != nil {
		return state{}, err
	}
	if s.Version != stateVersion {
		return state{}, fault.New("v", "", "is not a version that this program reads", "")
	}
	if raw, err := hex.DecodeString(s.Salt); err != nil || len(raw) != saltBytes {
		return state{}, fault.New("salt", "", "must be 32 hexadecimal digits", "")
	}
	return s, nil
}

func (s state) encode() ([]byte, error) {
	data, err := json.Marshal(s, jsontext.WithIndent(" "))
	return append(data, '\n'), fault.Wrap(fault.Internal, "alert.state", err)
}

// snapshot returns what is to be kept. a.mu is held.
func (a *Alerts) snapshot() state {
	s := state{Version: stateVersion, Salt: hex.EncodeToString(a.salt), Channels: []keptChannel{}}
	for _, ch := range a.channels {
		k := keptChannel{Name: ch.Name, Observer: ch.Observer, Health: ch.health}
		k.Health.Error = cmp.Or(ch.problem, k.Health.Error)
		for _, id := range slices.Sorted(maps.Keys(ch.told)) {
			k.Told = append(k.Told, keptTold{id, ch.told[id].level, ch.told[id].escalated})
		}
		for _, it := range ch.waiting {
			if ch.keeps(it.alarm) || it.tries > 0 {
				k.Waiting = append(k.Waiting, keptWaiting{it.alarm, it.tries, it.err})
			}
			k.Health.Waiting++
			if it.gaveUp {
				k.Health.GaveUp++
			}
		}
		slices.SortFunc(k.Waiting, func(x, y keptWaiting) int {
			return cmp.Or(cmp.Compare(x.Alarm.Level, y.Alarm.Level), strings.Compare(x.Alarm.ID, y.Alarm.ID))
		})
		s.Channels = append(s.Channels, k)
	}
	return s
}

// restore takes up what was kept. What it says of a channel that there is no more is left.
func (a *Alerts) restore(s state, now time.Time) error {
	salt, err := hex.DecodeString(s.Salt)
	if err != nil {
		return fault.Wrap(fault.Corrupt, "alert.state", err)
	}
	a.salt = salt
	for _, k := range s.Channels {
		ch := a.channel(k.Name)
		if ch == nil {
			continue
		}
		ch.health = k.Health
		ch.health.GaveUp, ch.health.Waiting = 0, 0
		for _, t := range k.Told {
			ch.told[t.ID] = told{level: t.Level, escalated: t.Escalated, unseen: true}
		}
		for _, w := range k.Waiting {
			if ch.keeps(w.Alarm) {
				ch.waiting[w.Alarm.ID] = &item{alarm: w.Alarm, seen: now}
			}
		}
	}
	return nil
}

// save gives what is to be kept to the caller, where it changed. It never writes an older state
// over a newer one.
func (a *Alerts) save() {
	if a.cfg.Save == nil {
		return
	}
	a.saving.Lock()
	defer a.saving.Unlock()
	a.mu.Lock()
	s := a.snapshot()
	a.mu.Unlock()
	data, err := s.encode()
	if err == nil && string(data) == string(a.saved) {
		return
	}
	if err == nil {
		err = a.cfg.Save(data)
	}
	if err != nil {
		// The channels go on: what cannot be kept is told again after a restart.
		a.cfg.Log.Error("what was told by the alert channels could not be kept", "err", err)
		return
	}
	a.saved = data
}
