package node

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/fault"
	"parley/geo4d"
	"parley/internal/testnet"
	"parley/node/body"
	"parley/node/view"
	"parley/notice"
	"parley/voice"
)

var (
	redOfficer  = Officer{Name: "red officer", Role: "duty"}
	blueOfficer = Officer{Name: "blue officer", Role: "duty"}
)

// readOut is a notice as blue reads it to red, and red writes it down.
func readOut(n notice.Notice) string {
	n.Version = max(n.Version, 1)
	return strings.Join(voice.NoticePage(n, voice.Heading{Caller: "blue", Officer: blueOfficer.Name}, nil).Lines(), "\n")
}

// filedAs is a notice as its party filed it.
func filedAs(t *testing.T, filed view.Filed) notice.Notice {
	t.Helper()
	n, err := notice.Unmarshal(filed.Notice.Body)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// heardBy is what red's officer enters of a call of some time ago.
func heardBy(text string, ago time.Duration) Hearing {
	return Hearing{Talk: Talk{At: time.Now().Add(-ago), Means: "telephone"}, Text: text}
}

// talkOf is what blue's officer enters of the same call.
func talkOf(ago time.Duration) Talk {
	return Talk{At: time.Now().Add(-ago), Other: redOfficer.Name, Means: "telephone"}
}

// apart cuts the line and waits until both nodes know.
func (w *world) apart() {
	w.t.Helper()
	w.net.SetCut(true)
	w.within(2*time.Minute, "the line is down", func() string {
		for _, e := range w.ends {
			if l, err := e.Line(w.t.Context(), ""); err != nil || l.State != "down" {
				return e.party + ": " + l.State
			}
		}
		return ""
	})
}

// hears enters at red what was read to it.
func (w *world) hears(in Hearing) view.HeardNow {
	w.t.Helper()
	out, err := w.ends[0].VoiceHeard(w.t.Context(), redOfficer, "", in)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// known waits until both nodes have what was heard in a state.
func (w *world) known(entry, state string) view.Spoken {
	w.t.Helper()
	var out view.Spoken
	w.within(3*time.Minute, "both know it is "+state, func() string {
		for _, e := range w.ends {
			list, err := e.Spoken(w.t.Context(), "", false)
			if err != nil {
				return err.Error()
			}
			out = view.Spoken{}
			for _, s := range list {
				if s.Entry == entry {
					out = s
				}
			}
			if out.State != state {
				return fmt.Sprintf("%s has %q of %d", e.party, out.State, len(list))
			}
		}
		return ""
	})
	return out
}

// TestNoticePassedByVoice: the line is cut, a notice is read out, the conflict is seen where it was
// heard, and once the line is back its entry takes its place, across restarts.
func TestNoticePassedByVoice(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := ladderWorld(t, 7)
		ctx := t.Context()
		red, blue := w.ends[0], w.ends[1]
		if _, err := red.File(ctx, redOfficer, "", flight("red-1", 35.95, 35.41, 6*time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "settled", w.settled)
		w.apart()
		filed, err := blue.File(ctx, blueOfficer, "", flight("blue-1", 36.0, 35.5, 6*time.Hour, time.Hour), false)
		if err != nil {
			t.Fatal(err)
		}
		passed, err := blue.VoicePassed(ctx, blueOfficer, "", Passing{Talk: talkOf(time.Minute), Of: "blue-1", ReadBack: body.ReadBackSame})
		if err != nil {
			t.Fatal(err)
		}
		if passed.Of != filed.Notice.Entry || passed.By != blueOfficer.Name || passed.Other != redOfficer.Name {
			t.Errorf("%+v", passed)
		}
		v, err := blue.Notice(ctx, "", "blue", "blue-1")
		if err != nil || v.Delivered != nil || v.Lead.DeliveredS != nil || rungs(v) != "delivered owed, passed by voice done, received owed, relayed owed" {
			t.Errorf("after it was passed: %v, %v, %s", err, v.Delivered, rungs(v))
		}
		in := heardBy(readOut(filedAs(t, filed)), 3*time.Hour)
		heard := w.hears(in)
		if heard.Notice == nil || !heard.Notice.ByVoice || heard.Notice.Party != "blue" || len(heard.Conflicts) != 1 || heard.Spoken.State != view.HeardUnmatched || heard.Spoken.Other != blueOfficer.Name {
			t.Fatalf("%+v", heard)
		}
		if again := w.hears(in); again.Spoken.Entry != heard.Spoken.Entry {
			t.Error("entered twice, it is there twice")
		}
		byVoice := heard.Conflicts[0].ID
		w.within(time.Minute, "red is alarmed", is(func() bool {
			a, b := red.alarmOf("conflict"), red.alarmOf("by-voice")
			return a != nil && strings.Contains(a.Text, "known only by voice") && b != nil && strings.Contains(b.Text, "not signed")
		}))
		if _, err := red.Own(ctx, redOfficer, "", byVoice); err != nil {
			t.Fatal(err)
		}
		if _, err := red.ProposeMove(ctx, redOfficer, "", byVoice, "red", view.Shift{TimeS: 7200}, ""); !fault.Is(err, fault.Mismatch) {
			t.Errorf("a proposal for what is known by voice: %v", err)
		}
		w.restartAlone()
		w.within(time.Minute, "red still has the conflict", is(func() bool { return red.conflicts()[byVoice].State == "owned" }))
		w.net.SetCut(false)
		w.within(5*time.Minute, "settled", w.settled)
		s := w.known(heard.Spoken.Entry, view.HeardMatched)
		if s.Of != filed.Notice.Entry {
			t.Errorf("matched with %s", s.Of)
		}
		w.state(byVoice, stateSuperseded)
		for _, e := range w.ends {
			n, err := e.Notice(ctx, "", "blue", "blue-1")
			if err != nil || rungs(n) != "delivered done, heard by voice done, passed by voice done, received owed, relayed owed" {
				t.Errorf("%s: %v %s", e.party, err, rungs(n))
			}
			if n.Lead.HeardS == nil || n.Lead.DeliveredS == nil || *n.Lead.HeardS-*n.Lead.DeliveredS < 3*3600-2 {
				t.Errorf("%s: lead %+v", e.party, n.Lead)
			}
			if len(n.Conflicts) != 1 || e.conflicts()[n.Conflicts[0]].State != "owned" {
				t.Errorf("%s: who took the conflict by voice does not have it now: %v", e.party, n.Conflicts)
			}
			all, err := e.Notices(ctx, Filter{})
			if err != nil || len(all) != 2 {
				t.Errorf("%s lists %d notices, %v", e.party, len(all), err)
			}
		}
		w.quiet("by-voice")
		w.quiet("voice-differs")
		w.restartAlone()
		w.within(2*time.Minute, "both may sign", w.unready)
		w.known(heard.Spoken.Entry, view.HeardMatched)
		w.finish()
	})
}

// TestWrongDigitByVoice: a wrong digit that got through alarms both once the entry is here, and what was
// signed counts.
func TestWrongDigitByVoice(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := ladderWorld(t, 8)
		ctx := t.Context()
		red, blue := w.ends[0], w.ends[1]
		if _, err := red.File(ctx, redOfficer, "", flight("red-1", 35.95, 35.41, 6*time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "settled", w.settled)
		w.apart()
		filed, err := blue.File(ctx, blueOfficer, "", flight("blue-1", 36.0, 35.5, 6*time.Hour, time.Hour), false)
		if err != nil {
			t.Fatal(err)
		}
		right := readOut(filedAs(t, filed))
		if _, err := red.VoiceHeard(ctx, redOfficer, "", heardBy(strings.Replace(right, "35 degrees 30", "37 degrees 30", 1), time.Minute)); err == nil {
			t.Error("a digit that does not fit its check group was taken")
		}
		heard := w.hears(heardBy(unchecked(right, "35 degrees 30", "37 degrees 30"), time.Minute))
		if len(heard.Conflicts) != 0 {
			t.Errorf("%d conflicts 220 km away", len(heard.Conflicts))
		}
		w.net.SetCut(false)
		w.within(5*time.Minute, "settled", w.settled)
		s := w.known(heard.Spoken.Entry, view.HeardDiffers)
		if len(s.Differences) != 1 || s.Differences[0].Field != "position 1" {
			t.Errorf("%+v", s.Differences)
		}
		w.alarmed("voice-differs", "position 1", "37 30.000 N", "35 30.000 N", "what blue filed counts")
		w.within(time.Minute, "both have the conflict of what was signed", is(func() bool { return red.alarmOf("conflict") != nil && blue.alarmOf("conflict") != nil }))
		if a := red.alarmOf("voice-differs"); a.Level != actNow {
			t.Errorf("level %d", a.Level)
		}
		if _, err := blue.VoiceClose(ctx, blueOfficer, "", heard.Spoken.Entry, "settled"); !fault.Is(err, fault.NotFound) {
			t.Errorf("blue closed what red heard: %v", err)
		}
		w.restartAlone()
		w.within(2*time.Minute, "both may sign", w.unready)
		w.alarmed("voice-differs", "position 1")
		if _, err := red.VoiceClose(ctx, redOfficer, "", heard.Spoken.Entry, "nobody had acted on it; settled with the blue officer"); err != nil {
			t.Fatal(err)
		}
		w.known(heard.Spoken.Entry, view.HeardClosed)
		w.quiet("voice-differs")
		w.finish()
	})
}

// TestHeardAndNeverFiled: what was heard and is never filed alarms both, counts until it is closed, and
// then no more. Without an id it is matched by kind, place and time.
func TestHeardAndNeverFiled(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := ladderWorld(t, 9)
		ctx := t.Context()
		red, blue := w.ends[0], w.ends[1]
		w.apart()
		n := flight("blue-1", 36.0, 35.5, 6*time.Hour, time.Hour)
		var lines []string
		for _, l := range strings.Split(unchecked(readOut(n), "", ""), "\n") {
			if !strings.HasPrefix(l, "notice:") && !strings.HasPrefix(l, "version:") {
				lines = append(lines, l)
			}
		}
		heard := w.hears(heardBy(strings.Join(lines, "\n"), time.Hour))
		if heard.Spoken.Notice != "" || heard.Spoken.Version != 0 {
			t.Errorf("%+v", heard.Spoken)
		}
		w.net.SetCut(false)
		w.within(5*time.Minute, "settled", w.settled)
		w.known(heard.Spoken.Entry, view.HeardUnmatched)
		for _, e := range w.ends {
			if a := e.alarmOf("voice-unmatched"); a != nil {
				t.Errorf("%s is alarmed at once", e.party)
			}
			held, err := e.Notice(ctx, "", "blue", heard.Notice.ID)
			if err != nil || !held.ByVoice || held.State != notice.Planned || held.Delivered != nil || len(held.Ladder) > 0 {
				t.Errorf("%s holds %+v, %v", e.party, held, err)
			}
		}
		if _, err := blue.SetState(ctx, blueOfficer, "", heard.Notice.ID, notice.Cancel, "x"); !fault.Is(err, fault.NotFound) {
			t.Errorf("blue cancelled what it never filed: %v", err)
		}
		time.Sleep(unmatchedAfter)
		w.alarmed("voice-unmatched", "nothing that blue filed fits it")
		n.Volumes[0].Shape = geo4d.Circle{Center: geo4d.Position{LonDeg: 36.0, LatDeg: 35.6}, RadiusM: 9260}
		n.ID = "blue-0"
		if _, err := blue.File(ctx, blueOfficer, "", n, false); err != nil {
			t.Fatal(err)
		}
		w.known(heard.Spoken.Entry, view.HeardUnmatched)
		if _, err := blue.File(ctx, blueOfficer, "", flightAs("blue-1", n, 35.5), false); err != nil {
			t.Fatal(err)
		}
		w.known(heard.Spoken.Entry, view.HeardMatched)
		w.quiet("voice-unmatched")
		other := w.hears(heardBy(strings.ReplaceAll(strings.Join(lines, "\n"), "36 degrees", "37 degrees"), time.Hour))
		w.known(other.Spoken.Entry, view.HeardUnmatched)
		if _, err := red.VoiceClose(ctx, redOfficer, "", other.Notice.ID, "entered in error"); err != nil {
			t.Fatal(err)
		}
		w.known(other.Spoken.Entry, view.HeardClosed)
		for _, e := range w.ends {
			if held, err := e.Notice(ctx, "", "blue", other.Notice.ID); err != nil || held.State != notice.Cancelled {
				t.Errorf("%s: %v %s", e.party, err, held.State)
			}
		}
		w.finish()
	})
}

// flightAs is a flight with the times of another and a place of its own.
func flightAs(id string, n notice.Notice, lat float64) notice.Notice {
	v := n.Volumes[0]
	v.Shape = geo4d.Circle{Center: geo4d.Position{LonDeg: 36.0, LatDeg: lat}, RadiusM: 9260}
	n.ID, n.Volumes = id, []geo4d.Volume{v}
	return n
}

// TestHoldHeardByVoice: a hold that was heard alarms where it was heard, is answered there, and the answer
// counts for its entry.
func TestHoldHeardByVoice(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w, red, blue := callsWorld(t, agreement.Drill{})
		ctx := t.Context()
		w.apart()
		called, err := blue.Call(ctx, blueOfficer, "", calling(body.Hold, "people on the road"))
		if err != nil {
			t.Fatal(err)
		}
		ref, _ := body.ParseRef(called.Entry)
		if _, err := blue.VoicePassed(ctx, blueOfficer, "", Passing{Talk: talkOf(0), Of: ref.Short(), ReadBack: body.ReadBackNone}); err != nil {
			t.Fatal(err)
		}
		page := voice.CallPage(voice.Call{ID: ref.Short(), Type: body.Hold, Text: called.Text, Review: called.Review}, voice.Heading{Caller: "blue", Officer: blueOfficer.Name})
		heard := w.hears(Hearing{Talk: Talk{At: time.Now(), Means: "telephone"}, Text: strings.Join(page.Lines(), "\n"), Language: "en"})
		if heard.Call == nil || !heard.Call.ByVoice || heard.Call.Party != "blue" || heard.Call.Type != body.Hold || heard.Call.Delivered != nil {
			t.Fatalf("%+v", heard.Call)
		}
		w.within(time.Minute, "red is alarmed", is(func() bool {
			a := red.alarmOf("hold")
			return a != nil && a.Level == actNow && strings.Contains(a.Text, "heard by voice")
		}))
		if _, err := red.Lift(ctx, redOfficer, "", heard.Call.Entry, Words{}); err == nil {
			t.Error("red lifted blue's hold")
		}
		if _, err := red.Answer(ctx, redOfficer, "", Answering{Call: heard.Call.Entry, Word: body.Holding}); err != nil {
			t.Fatal(err)
		}
		w.within(time.Minute, "red no longer owes an answer", is(func() bool { return red.alarmOf("hold") == nil }))
		w.restartAlone()
		w.net.SetCut(false)
		w.within(5*time.Minute, "settled", w.settled)
		if s := w.known(heard.Spoken.Entry, view.HeardMatched); s.Of != called.Entry {
			t.Errorf("matched with %s, not %s", s.Of, called.Entry)
		}
		w.stands(called.Entry, body.Holding)
		for _, e := range w.ends {
			x := e.one(called.Entry)
			if len(x.Answers) != 1 || len(x.Received) != 0 || len(x.Spoken) != 2 || x.Escalated != "" {
				t.Errorf("%s: %+v", e.party, x)
			}
			if list, err := e.Calls(ctx, ""); err != nil || len(list) != 1 {
				t.Errorf("%s lists %d calls, %v", e.party, len(list), err)
			}
		}
		if _, err := blue.Lift(ctx, blueOfficer, "", called.Entry, Words{}); err != nil {
			t.Fatal(err)
		}
		w.stands(called.Entry, "lifted")
		w.finish()
	})
}

// TestHoldAnsweredByVoice: what the other officer said by telephone ends what the caller's desk is owed,
// and alarms it where he does not hold; the desk called is alarmed until it says so itself.
func TestHoldAnsweredByVoice(t *testing.T) {
	for _, tt := range []struct{ said, remark, alarm, signed string }{
		{body.Holding, "", "hold-stands", body.Continuing},
		{body.CannotHold, "no contact with the unit", "hold-cannot-hold", body.Holding},
	} {
		testnet.Run(t, func(t *testing.T) {
			w, red, blue := callsWorld(t, agreement.Drill{})
			ctx := t.Context()
			w.apart()
			called, err := blue.Call(ctx, blueOfficer, "", calling(body.Hold, "people on the road"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := blue.VoicePassed(ctx, blueOfficer, "", Passing{Talk: talkOf(0), Of: called.Entry, ReadBack: body.ReadBackSame, Answer: tt.said, Remark: tt.remark}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Minute)
			w.restartAlone()
			if a := blue.alarmOf("hold-unanswered"); a != nil {
				t.Errorf("blue still waits: %s", a.Text)
			}
			if a := blue.alarmOf(tt.alarm); a == nil || !strings.Contains(a.Text, tt.remark) {
				t.Errorf("blue is not told: %+v", a)
			}
			if x := blue.one(called.Entry); x.State != tt.said || len(x.Answers) != 0 || x.Spoken[0].Answer != tt.said {
				t.Errorf("%+v", x)
			}
			w.net.SetCut(false)
			w.stands(called.Entry, tt.said)
			if a := red.alarmOf("hold"); a == nil || a.Level != actNow {
				t.Errorf("red, which said nothing itself, is not alarmed: %+v", a)
			}
			if _, err := red.Answer(ctx, redOfficer, "", Answering{Call: called.Entry, Word: tt.signed, Words: Words{Text: "on the road already", Language: "en"}}); err != nil {
				t.Fatal(err)
			}
			w.stands(called.Entry, tt.signed)
			w.finish()
		})
	}
}

func TestVoiceRefused(t *testing.T) {
	r, s := pair(t, nil)
	ctx := t.Context()
	if _, err := s.File(ctx, blueOfficer, "", flight("blue-1", 36, 35.5, time.Hour, time.Hour), false); err != nil {
		t.Fatal(err)
	}
	hold, err := s.Call(ctx, blueOfficer, "", calling(body.Hold, "people on the road"))
	if err != nil {
		t.Fatal(err)
	}
	right := unchecked(readOut(flight("blue-9", 36, 35.5, time.Hour, time.Hour)), "", "")
	for _, tt := range []struct {
		name   string
		change func(*Hearing)
		field  string
	}{
		{"still to come", func(h *Hearing) { h.At = time.Now().Add(time.Hour) }, "at"},
		{"no time", func(h *Hearing) { h.At = time.Time{} }, "at"},
		{"long ago", func(h *Hearing) { h.At = time.Now().Add(-31 * 24 * time.Hour) }, "at"},
		{"no means", func(h *Hearing) { h.Means = "" }, "means"},
		{"nobody spoke", func(h *Hearing) { h.Text = strings.Replace(h.Text, "who speaks:", "state:", 1) }, "other"},
		{"a long name", func(h *Hearing) { h.By = strings.Repeat("x", maxName+1) }, "by"},
		{"another party", func(h *Hearing) { h.Text = strings.Replace(h.Text, "who calls: blue", "who calls: green", 1) }, voice.FieldCaller},
		{"no version", func(h *Hearing) { h.Text = strings.Replace(h.Text, "version: 1\n", "", 1) }, voice.FieldVersion},
		{"nothing", func(h *Hearing) { h.Text = "" }, "read-back"},
		{"own call", func(h *Hearing) { h.Text = "kind: call, hold\ntext: stop\ncall: 1/a#3\nwho speaks: x" }, voice.FieldCall},
		{"language", func(h *Hearing) { h.Text, h.Language = "kind: call, hold\ntext: stop\nwho speaks: x", "?" }, "language"},
		{"a hold somewhere", func(h *Hearing) { h.Text = "kind: call, hold\ntext: stop\nwho speaks: x\nposition: 35 N 36 E" }, "position"},
	} {
		in := heardBy(right, time.Minute)
		tt.change(&in)
		_, err := r.VoiceHeard(ctx, redOfficer, "", in)
		if all := fault.All(err); len(all) == 0 || all[0].Field != tt.field || all[0].Hint == "" {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	for _, tt := range []struct {
		name   string
		change func(*Passing)
		field  string
	}{
		{"no such notice", func(p *Passing) { p.Of = "blue-2" }, "of"},
		{"no such version", func(p *Passing) { p.Version = 2 }, "version"},
		{"read back", func(p *Passing) { p.ReadBack = "" }, "read_back"},
		{"no remark", func(p *Passing) { p.ReadBack = body.ReadBackDiffers }, "remark"},
		{"nobody heard", func(p *Passing) { p.Other = "" }, "other"},
		{"an answer to a notice", func(p *Passing) { p.Answer = body.Holding }, "answer"},
		{"taken, of a hold", func(p *Passing) { p.Of, p.Answer = hold.Entry, body.SaidTaken }, "answer"},
		{"no reason", func(p *Passing) { p.Of, p.Answer = hold.Entry, body.CannotHold }, "remark"},
	} {
		in := Passing{Talk: talkOf(time.Minute), Of: "blue-1", ReadBack: body.ReadBackSame}
		tt.change(&in)
		_, err := s.VoicePassed(ctx, blueOfficer, "", in)
		if all := fault.All(err); len(all) == 0 || all[0].Field != tt.field || all[0].Hint == "" {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if n := len(r.entriesOf(t, body.KindHeard)) + len(s.entriesOf(t, body.KindPassed)); n != 0 {
		t.Errorf("%d entries were made", n)
	}
}
