package node

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/internal/testnet"
	"parley/node/body"
	"parley/transcript"
)

// copyOf is what a node exports, and what the offline verifier says of it: the same call as
// parley verify makes.
type copyOf struct {
	party   string
	bundle  []byte
	report  transcript.Report
	text    string
	entries []claimed
}

// claimed is an entry of a bundle with the fields that it shows.
type claimed struct {
	ref    body.Ref
	kind   string
	fields map[string]string
}

func (e *end) copyOf() copyOf {
	e.w.t.Helper()
	var b bytes.Buffer
	if err := e.Export(e.w.t.Context(), "", &b); err != nil {
		e.w.t.Fatal(err)
	}
	return verified(e.w.t, e.party, b.Bytes())
}

func verified(t *testing.T, party string, bundle []byte) copyOf {
	t.Helper()
	c := copyOf{party: party, bundle: bundle}
	c.report = transcript.Verify(bytes.NewReader(bundle), transcript.Options{Agreement: agreement.Info, Workers: 1,
		Show: func(o transcript.Origin, x transcript.Entry, fields []transcript.Field) {
			f := map[string]string{}
			for _, field := range fields {
				f[field.Name] = string(field.Value)
			}
			c.entries = append(c.entries, claimed{body.Ref{Origin: o, Seq: x.Seq}, x.Kind, f})
		}})
	var text strings.Builder
	if err := c.report.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	c.text = text.String()
	return c
}

// answer says what a copy shows of a notice that a party says it told: the entry, when the other
// node held it, and which officers received it.
func (c *copyOf) answer(side transcript.Side, id string) string {
	for _, x := range c.entries {
		if x.kind != body.KindNotice || x.ref.Origin.Side != side || x.fields["id"] != `"`+id+`"` {
			continue
		}
		out := "delivery not shown"
		if at, ok := c.report.Held(x.ref.Origin, x.ref.Seq); ok {
			out = "delivered " + at.Format("15:04:05Z")
		}
		for _, r := range c.entries {
			if r.kind == body.KindReceived && r.fields["entry"] == `"`+x.ref.String()+`"` {
				out += ", received by " + r.fields["officer"]
			}
		}
		return out
	}
	return "no entry"
}

// TestScenario08WeNotifiedYou: of three notices that blue says it told, one was delivered and received
// by no officer, one was filed while the line was cut, and one was never filed. Both copies say so, at
// the time and afterwards, to anybody and without a node.
func TestScenario08WeNotifiedYou(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := ladderWorld(t, 8)
		ctx := t.Context()
		red, blue := w.ends[0], w.ends[1]
		if _, err := red.File(ctx, duty, "", flight("r-1", 40, 40, 5*time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		if _, err := blue.File(ctx, duty, "", flight("b-1", 35, 35, 30*time.Minute, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		w.within(5*time.Second, "b-1 is delivered", w.settled)
		told, err := blue.Notice(ctx, "", "blue", "b-1")
		if err != nil || told.Delivered == nil || told.Delivered.Sub(told.Filed).Abs() > 5*time.Second {
			t.Fatalf("b-1: %+v, %v", told, err)
		}
		delivered := "delivered " + told.Delivered.Format("15:04:05Z")
		time.Sleep(3 * time.Minute)
		w.alarmed("not-received", "not received by red in time", "second channel: red red-second")
		w.net.SetCut(true)
		if _, err := blue.File(ctx, duty, "", flight("b-2", 36, 36, 30*time.Minute, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		w.restartAlone()
		time.Sleep(10 * time.Minute)
		w.atBoth(0, "both desks know", func(e *end) string {
			n, err := e.Notice(ctx, "", "blue", "b-1")
			if err != nil || n.Delivered == nil || len(n.Received) != 0 || e.alarmOf("line-down") == nil {
				return fmt.Sprintf("%+v, %v, %+v", n, err, e.line())
			}
			return ""
		})
		if n, err := blue.Notice(ctx, "", "blue", "b-2"); err != nil || n.Delivered != nil || blue.alarmOf("not-delivered") == nil {
			t.Errorf("blue shows of b-2 %+v, %v", n, err)
		}

		copies := []copyOf{red.copyOf(), blue.copyOf()}
		for i, want := range []map[string]string{
			{"b-1": delivered, "b-2": "no entry", "b-3": "no entry"},
			{"b-1": delivered, "b-2": "delivery not shown", "b-3": "no entry"},
		} {
			copies[i].says(t, want)
		}
		if !strings.Contains(copies[1].text, ": delivery not shown\n") || strings.Contains(copies[0].text, "not shown\n") {
			t.Errorf("while the line is cut red's copy reads\n%s\nand blue's\n%s", copies[0].text, copies[1].text)
		}

		w.net.SetCut(false)
		w.within(5*time.Minute, "the line is up", w.settled)
		late, err := red.Notice(ctx, "", "blue", "b-2")
		if err != nil || late.Delivered == nil || late.Delivered.Sub(late.Filed) < 9*time.Minute {
			t.Fatalf("b-2 afterwards: %+v, %v", late, err)
		}
		if _, err := red.Receive(ctx, ana, "", "b-1", ""); err != nil {
			t.Fatal(err)
		}
		w.finish()
		copies = []copyOf{red.copyOf(), blue.copyOf()}
		for i := range copies {
			copies[i].says(t, map[string]string{"b-1": delivered + `, received by "Ana"`, "b-2": "delivered " + late.Delivered.Format("15:04:05Z"), "b-3": "no entry"})
		}
		if a, b := copies[0].report.Checks, copies[1].report.Checks; !reflect.DeepEqual(a, b) {
			t.Errorf("the verifier checks red's copy as %+v and blue's as %+v", a, b)
		}
		if !reflect.DeepEqual(copies[0].report.Transcripts, copies[1].report.Transcripts) {
			t.Errorf("the verifier says of red's copy\n%s\nand of blue's\n%s", copies[0].text, copies[1].text)
		}
	})
}

// says fails unless a copy holds and answers for blue's notices as wanted.
func (c *copyOf) says(t *testing.T, want map[string]string) {
	t.Helper()
	if !c.report.OK {
		t.Errorf("the copy of %s does not hold:\n%s", c.party, c.text)
	}
	for id, w := range want {
		if got := c.answer(transcript.B, id); got != w {
			t.Errorf("the copy of %s says of %s %q, want %q", c.party, id, got, w)
		}
	}
	if strings.Contains(c.text, "not sent") {
		t.Errorf("the copy of %s is said to show that something was not sent:\n%s", c.party, c.text)
	}
}
