package node

import (
	"strings"
	"testing"
	"time"

	"parley/node/body"
	"parley/node/view"
	"parley/transcript"
)

// TestMuchTakenBackIsOneAlarm: a node that takes back own entries again and again is one alarm at each desk, with how
// many entries it comes to and how often it was; to have seen it is not to have seen the next.
func TestMuchTakenBackIsOneAlarm(t *testing.T) {
	inDutyWorld(t, func(t *testing.T, w *world, red, blue *end) {
		ctx := t.Context()
		origin := transcript.Origin{Line: red.line().ID, Epoch: 1, Side: transcript.A}
		says := func(from, entries int64, running bool) {
			t.Helper()
			taken(red.order[0].append(ctx, taken(body.Draft(body.KindTakenBack, body.TakenBack{From: body.Ref{Origin: origin, Seq: from}, Entries: entries, Running: running}))))
			time.Sleep(time.Minute)
			w.within(time.Minute, "it is at both", w.settled)
		}
		only := func(e *end) (out view.Alarm) {
			t.Helper()
			n := 0
			for _, a := range taken(e.Alarms(ctx)) {
				if a.Kind == "taken-back" {
					out = a
					n++
				}
			}
			if n != 1 {
				t.Fatalf("%s has %d such alarms", e.party, n)
			}
			return out
		}
		says(0, 2, false)
		for _, e := range w.ends {
			if a := only(e); a.Level != soon || !strings.Contains(a.Text, "2 ") || strings.Contains(a.Text, "times") {
				t.Errorf("%s: %+v", e.party, a)
			}
		}
		for i := range int64(20) { // runs of three, of which each was first said with one
			says(10*(i+1), 1, false)
			says(10*(i+1), 3, false)
		}
		for _, e := range w.ends {
			a := only(e)
			if a.Level != soon || !strings.Contains(a.Text, "62 ") || !strings.Contains(a.Text, "21 times") || !strings.Contains(a.Text, "1/a#0") {
				t.Errorf("%s: %+v", e.party, a)
			}
			taken(e.Acknowledge(ctx, duty, a.ID))
			if only(e).Acknowledged == nil {
				t.Errorf("%s: it was seen", e.party)
			}
		}
		time.Sleep(time.Minute)
		says(400, 5, true) // no backup explains that: it stands alone
		for _, e := range w.ends {
			a := only(e)
			if a.Level != actNow || a.Acknowledged != nil || !strings.Contains(a.Text, "5 ") || !strings.Contains(a.Text, "1/a#400") || strings.Contains(a.Text, "times") {
				t.Errorf("%s: %+v", e.party, a)
			}
			taken(e.Acknowledge(ctx, duty, a.ID))
		}
		time.Sleep(time.Minute)
		says(500, 1, false)
		for _, e := range w.ends {
			if a := only(e); a.Level != actNow || a.Acknowledged != nil || !strings.Contains(a.Text, "1/a#400") {
				t.Errorf("%s: %+v", e.party, a)
			}
		}
	})
}
