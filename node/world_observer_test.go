package node

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/fault"
	"parley/internal/testnet"
	"parley/node/body"
	"parley/node/view"
)

// TestWhatComesToObserversIsCutToTheirLevel: a conflict nobody takes, a convoy nobody receives and a distress call
// nobody answers come to the observers at both nodes, each at its level of the agreement in force then.
func TestWhatComesToObserversIsCutToTheirLevel(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		levels := []agreement.Level{agreement.Full, agreement.Volume, agreement.Alert, ""}
		w := newWorld(t, worldOptions{seed: 7, change: func(terms *agreement.Terms) {
			for i, party := range []string{"red", "blue"} {
				terms.Parties[i].Contacts = []agreement.Contact{{Role: "supervisor", Number: party + "-supervisor"}}
			}
			for _, l := range levels {
				terms.Observers = append(terms.Observers, agreement.Observer{Name: "o-" + string(l), Contact: "+1", Disclosure: l})
			}
		}})
		w.open()
		ctx := t.Context()
		red, blue := w.ends[0], w.ends[1]
		mine := flight("canary-1", 36, 35, 90*time.Minute, time.Hour)
		mine.Title = "canarytitle"
		id := w.clash(mine, flight("canary-2", 36, 35, 90*time.Minute, time.Hour))
		road := convoy("canary-3", 3*time.Hour, time.Hour)
		road.Title = "canarytitle"
		if _, err := blue.File(ctx, duty, "", road, false); err != nil {
			t.Fatal(err)
		}
		in := calling("distress", "canarytext")
		in.Danger = body.Danger{Position: &body.Position{36.02, 35.01}, Persons: 3}
		if _, err := red.Call(ctx, duty, "", in); err != nil {
			t.Fatal(err)
		}
		if n := len(observed(t, red, "o-full")); n > 0 {
			t.Errorf("%d alarms came at once", n)
		}
		kinds := []string{"conflict", "not-received", "distress-unanswered"}
		for _, e := range w.ends {
			w.within(2*time.Hour, "all came to the observers of "+e.party, func() string {
				at := observed(t, e, "o-full")
				for _, k := range kinds {
					if at[k] == nil {
						return "no " + k
					}
				}
				return ""
			})
		}
		words := []string{"canary", duty.Name}
		places := []string{"35.0", "36.0", "km", mine.Volumes[0].Window.Start.Format("15:04"), road.Volumes[0].Window.Start.Format("15:04"), "movement", "flight"}
		never := map[string][]string{"full": nil, "volume": words, "alert": append(places, words...)}
		needs := map[string]map[string][]string{
			"full":   {"conflict": {"canary-1", "canary-2"}, "not-received": {"canary-3"}, "distress-unanswered": {"distress of red"}},
			"volume": {"conflict": {"red 1/a#", "blue 1/b#", mine.Volumes[0].Window.Start.Format("15:04")}, "not-received": {"blue 1/b#", "movement", "35.05000 N 36.10000 E"}, "distress-unanswered": {"red calls: distress", "35.01000 N 36.02000 E"}},
		}
		for _, e := range w.ends {
			for level, not := range never {
				at := observed(t, e, "o-"+level)
				for _, k := range kinds {
					if at[k] == nil {
						t.Errorf("%s: no %s at %s", e.party, k, level)
						continue
					}
					for _, word := range append([]string{"red-supervisor"}, needs[level][k]...) {
						if !strings.Contains(at[k].Text, word) {
							t.Errorf("%s at %s: no %q in %q", e.party, level, word, at[k].Text)
						}
					}
				}
				if at["conflict"] != nil && at["conflict"].Due.IsZero() != (level == "alert") {
					t.Errorf("%s at %s: a conflict is due %s", e.party, level, at["conflict"].Due)
				}
				said, err := json.Marshal(at)
				if err != nil {
					t.Fatal(err)
				}
				for _, word := range not {
					if strings.Contains(string(said), word) {
						t.Errorf("%s at %s says %q: %s", e.party, level, word, said)
					}
				}
			}
			for _, name := range []string{"o-", "nobody"} {
				if err := e.Observes(name); !fault.Is(err, fault.NotFound) || len(observed(t, e, name)) > 0 {
					t.Errorf("%s: %q: %v", e.party, name, err)
				}
			}
		}
		if _, err := red.Own(ctx, duty, "", id); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "what an officer took comes to no observer any more", is(func() bool {
			return observed(t, red, "o-full")["conflict"] == nil && observed(t, blue, "o-alert")["conflict"] == nil
		}))
		w.finish()
	})
}

// observed are the alarms that came to an observer, by kind.
func observed(t *testing.T, e *end, observer string) map[string]*view.ObservedAlarm {
	t.Helper()
	list, err := e.ObservedAlarms(t.Context(), observer)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*view.ObservedAlarm{}
	for i := range list {
		if out[list[i].Kind] != nil {
			t.Errorf("two of kind %s: %s", list[i].Kind, fmt.Sprint(list))
		}
		out[list[i].Kind] = &list[i]
	}
	return out
}
