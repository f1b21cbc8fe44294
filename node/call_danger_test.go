package node

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/agreement"
	"parley/node/body"
)

// TestDistressNobodyTakes: a distress call made while the network is cut alarms and escalates at the
// desk that called, arrives with the network at the step it has reached, and is not forgotten once it
// is answered: both desks see it until its party ends it.
func TestDistressNobodyTakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, red, blue := callsWorld(t, agreement.Drill{})
		ctx := t.Context()
		w.net.SetCut(true)
		in := calling("distress", "an aircraft is down")
		in.Danger = body.Danger{Position: &body.Position{35.5, 35.4}, Persons: 15, LastSeen: time.Now().Add(-5 * time.Minute), Nature: "aircraft"}
		c, err := red.Call(ctx, duty, "", in)
		if err != nil {
			t.Fatal(err)
		}
		waitTo(c.Time, 2*time.Minute)
		if a := alarm(t, red.running, "distress-unanswered"); a == nil || a.Level != actNow || red.one(c.Entry).Escalated != "second channel" {
			t.Errorf("red, cut off, after 2 min: %+v, %q", a, red.one(c.Entry).Escalated)
		}
		waitTo(c.Time, 3*time.Minute)
		if len(blue.calls()) != 0 {
			t.Fatal("a call crossed a cut network")
		}
		red.halt()
		red.open()
		waitTo(c.Time, 4*time.Minute)
		if got := red.one(c.Entry).Escalated; got != "supervisor" {
			t.Errorf("red after its restart and 4 min: %q", got)
		}
		w.net.SetCut(false)
		w.stands(c.Entry, "open")
		a := alarm(t, blue.running, "distress")
		if a == nil || a.Level != actNow || !strings.Contains(a.Text, "persons: 15") || !strings.Contains(a.Text, "last seen") || !strings.Contains(a.Text, "35°24") {
			t.Errorf("blue hears %+v", a)
		}
		if a := alarm(t, blue.running, "distress-unanswered"); a == nil || !strings.Contains(a.Text, "by blue") {
			t.Errorf("blue sees of what it could not know in time: %+v", a)
		}
		waitTo(c.Time, 6*time.Minute)
		for _, e := range w.ends {
			a := alarm(t, e.running, "distress-unanswered")
			if a == nil || !strings.Contains(a.Text, "principals of") && !strings.Contains(a.Text, "tell the principals") || e.one(c.Entry).Escalated != "observers" {
				t.Errorf("%s after 6 min: %+v", e.party, a)
			}
		}
		if _, err := blue.Receive(ctx, duty, "", c.Entry, ""); err != nil {
			t.Fatal(err)
		}
		w.stands(c.Entry, "taken")
		if a := alarm(t, blue.running, "distress"); a == nil || a.Level != soon {
			t.Errorf("taken and not answered: %+v", a)
		}
		if _, err := blue.Answer(ctx, duty, "", Answering{Call: c.Entry, Words: Words{Text: "a boat goes out", Language: "en"}}); err != nil {
			t.Fatal(err)
		}
		w.stands(c.Entry, "answered")
		waitTo(c.Time, 5*time.Hour)
		for _, e := range w.ends {
			if a := alarm(t, e.running, "distress-open"); a == nil || a.Level != look {
				t.Errorf("%s after five hours: %v", e.party, e.callKinds())
			}
		}
		if _, err := blue.EndCall(ctx, duty, "", c.Entry, Words{}); err == nil {
			t.Error("the party called ended a distress call")
		}
		if _, err := red.EndCall(ctx, duty, "", c.Entry, Words{Text: "all are found", Language: "en"}); err != nil {
			t.Fatal(err)
		}
		w.stands(c.Entry, "ended")
		if got := append(red.callKinds(), blue.callKinds()...); len(got) != 0 {
			t.Errorf("alarms of what is ended: %v", got)
		}
		w.finish()
	})
}

// TestConcernEscalates: a concern that nobody takes goes to the observers and never to the principals.
func TestConcernEscalates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, red, blue := callsWorld(t, agreement.Drill{})
		ctx := t.Context()
		c, err := blue.Call(ctx, duty, "", calling("concern", "two boats are close"))
		if err != nil {
			t.Fatal(err)
		}
		w.stands(c.Entry, "open")
		for i, to := range []string{"second channel", "supervisor", "observers"} {
			waitTo(c.Time, time.Duration(2*(i+1))*time.Minute)
			for _, e := range w.ends {
				a := alarm(t, e.running, "concern-unanswered")
				if a == nil || !strings.Contains(a.Text, "by red") || strings.Contains(a.Text, "principals") || e.one(c.Entry).Escalated != to {
					t.Errorf("%s: %+v, escalated %q, want %q", e.party, a, e.one(c.Entry).Escalated, to)
				}
			}
		}
		if _, err := red.Answer(ctx, duty, "", Answering{Call: c.Entry, Words: Words{Text: "we see them", Language: "en"}}); err != nil {
			t.Fatal(err)
		}
		w.stands(c.Entry, "answered")
		if got := append(red.callKinds(), blue.callKinds()...); len(got) != 0 {
			t.Errorf("alarms of an answered concern: %v", got)
		}
		w.finish()
	})
}
