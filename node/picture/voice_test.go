package picture

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"parley/geo4d"
	"parley/node/body"
	"parley/notice"
	"parley/transcript"
)

var talked = body.OnPhone{At: time.Date(2026, 12, 1, 5, 59, 0, 0, time.UTC), By: "o", Other: "q", Means: "phone"}

// voiceDraft draws what is entered late of a talk by voice.
func voiceDraft(t *rapid.T, seq int, own, other body.Ref) transcript.Draft {
	t.Helper()
	what := rapid.SampledFrom([]string{"notice", "notice", "call", "passed", "closed"}).Draw(t, "by voice")
	var d transcript.Draft
	var err error
	switch what {
	case "passed":
		d, err = body.Draft(body.KindPassed, body.Passed{Entry: own, OnPhone: talked, ReadBack: body.ReadBackSame,
			Answer: rapid.SampledFrom([]string{"", body.Holding, body.SaidTaken}).Draw(t, "answer"), Officer: "o", Role: "duty"})
	case "closed":
		d, err = body.Draft(body.KindVoiceClosed, body.VoiceClosed{Heard: own, Reason: "r", Officer: "o", Role: "duty"})
	case "call":
		c := body.HeardCall{Type: rapid.SampledFrom([]string{body.Hold, body.Query}).Draw(t, "heard type"), Text: "t", Language: "en"}
		if rapid.Bool().Draw(t, "named") {
			c.Call = other
		}
		d, err = body.Draft(body.KindHeard, body.Heard{OnPhone: talked, Text: "t", Call: &c, Officer: "o", Role: "duty"})
	default:
		n := notice.Notice{Kind: notice.Area, Domain: notice.Air, Place: fmt.Sprintf("sector %d", rapid.IntRange(0, 2).Draw(t, "sector"))}
		n.Window.Start = time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
		n.Window.End = n.Window.Start.Add(time.Hour)
		if rapid.Bool().Draw(t, "named") {
			n.ID, n.Version = rapid.SampledFrom([]string{"n-1", "n-2", "n-3"}).Draw(t, "heard id"), rapid.IntRange(1, 3).Draw(t, "heard version")
		}
		raw, e := notice.Marshal(n)
		if e != nil {
			t.Fatal(e)
		}
		d, err = body.Draft(body.KindHeard, body.Heard{OnPhone: talked, Text: "t", Notice: raw, Officer: "o", Role: "duty"})
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// heardCase is a notice of side a as its party files it and as side b hears it.
type heardCase struct {
	filed, heard notice.Notice
}

func newHeardCase() heardCase {
	start := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	fl := geo4d.Altitude{Value: 240, Unit: geo4d.FlightLevel, Reference: geo4d.FL}
	n := notice.WithDefaults(notice.Notice{ID: "n-1", Version: 1, Kind: notice.Flight, Volumes: []geo4d.Volume{{
		Shape: geo4d.Circle{Center: geo4d.Position{LonDeg: 35.95, LatDeg: 35.41}, RadiusM: 9260},
		Band:  geo4d.Band{Upper: &fl}, Window: geo4d.Window{Start: start, End: start.Add(time.Hour)},
	}}})
	heard := n
	heard.Volumes = slices.Clone(n.Volumes)
	return heardCase{n, heard}
}

func (c *heardCase) move(lat float64) {
	c.heard.Volumes[0].Shape = geo4d.Circle{Center: geo4d.Position{LonDeg: 35.95, LatDeg: lat}, RadiusM: 9260}
}

// play applies both entries in either order and returns the picture of each.
func (c *heardCase) play(t *rapid.T) (filedFirst, heardFirst *Picture) {
	t.Helper()
	fields, err := notice.Fields(c.filed)
	if err != nil {
		t.Fatal(err)
	}
	filed := transcript.Draft{Kind: body.KindNotice}
	for _, f := range fields {
		filed.Fields = append(filed.Fields, transcript.Field{Name: f.Name, Value: f.Value, Shown: true})
	}
	raw, err := notice.Marshal(c.heard)
	if err != nil {
		t.Fatal(err)
	}
	heard, err := body.Draft(body.KindHeard, body.Heard{OnPhone: talked, Text: "t", Notice: raw, Officer: "o", Role: "duty"})
	if err != nil {
		t.Fatal(err)
	}
	list := []Said{said(t, transcript.A, 0, filed), said(t, transcript.B, 0, heard)}
	play := func(first, second Said) *Picture {
		p := New(line)
		for _, s := range []Said{first, second} {
			if _, err := p.Apply(s); err != nil {
				t.Fatal(err)
			}
		}
		return p
	}
	return play(list[0], list[1]), play(list[1], list[0])
}

func TestWhatWasHeardIsMatched(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*heardCase)
		match  bool
		differ []string
	}{
		{"as filed", func(*heardCase) {}, true, nil},
		{"within tolerance", func(c *heardCase) { c.move(35.4105) }, true, nil},
		{"a wrong digit", func(c *heardCase) { c.move(35.51) }, true, []string{"position 1"}},
		{"without id", func(c *heardCase) { c.heard.ID, c.heard.Version = "", 0 }, true, nil},
		{"without id, a wrong digit", func(c *heardCase) { c.heard.ID, c.heard.Version = "", 0; c.move(35.51) }, false, nil},
		{"without id, another kind", func(c *heardCase) { c.heard.ID, c.heard.Version, c.heard.Kind, c.heard.Class = "", 0, notice.Area, "" }, false, nil},
		{"another id", func(c *heardCase) { c.heard.ID = "n-2" }, false, nil},
		{"another version", func(c *heardCase) { c.heard.Version = 2 }, false, nil},
		{"another class", func(c *heardCase) { c.heard.Class = notice.SmallUncrewed }, true, []string{"kind"}},
		{"no altitude heard", func(c *heardCase) { c.heard.Volumes[0].Band = geo4d.Band{} }, true, []string{"upper"}},
		{"uncertain", func(c *heardCase) { c.heard.UncertaintyM = 5000 }, true, []string{"uncertain"}},
	} {
		rapid.Check(t, func(t *rapid.T) {
			c := newHeardCase()
			tt.change(&c)
			one, other := c.play(t)
			if dump(one) != dump(other) {
				t.Fatalf("%s: the order counts:\n%s\n%s", tt.name, dump(one), dump(other))
			}
			h := one.Heard()[0]
			var fields []string
			for _, d := range h.Differences {
				fields = append(fields, d.Field)
			}
			if h.Match.IsZero() == tt.match || h.Same != (tt.match && tt.differ == nil) || !slices.Equal(fields, tt.differ) {
				t.Errorf("%s: %+v", tt.name, h)
			}
			provisional := one.NoticeOf(h.Ref)
			if live := len(provisional.Changes()) == 0; live == tt.match || provisional.Key.Side != transcript.A || !provisional.Key.Voice {
				t.Errorf("%s: live %v, %+v", tt.name, live, provisional.Key)
			}
		})
	}
}

// TestOnlyWhoHeardClosesIt: what the other party says of an entry that is not its own changes
// nothing, whichever comes first.
func TestOnlyWhoHeardClosesIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newHeardCase()
		c.filed.ID = "n-2"
		p, _ := c.play(t)
		heard := ref(transcript.B, 0)
		for i, v := range []any{body.State{First: heard, Event: notice.Cancel, Officer: "o"}, body.VoiceClosed{Heard: heard, Reason: "r", Officer: "o"}} {
			d, err := body.Draft([]string{body.KindState, body.KindVoiceClosed}[i], v)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Apply(said(t, transcript.A, i+1, d)); err == nil {
				t.Errorf("%T of side a was taken", v)
			}
		}
		if p.Heard()[0].Closed != nil || len(p.NoticeOf(heard).Changes()) > 0 {
			t.Error("it no longer counts")
		}
	})
}

func TestHeardFitsItsKind(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for i, b := range []string{
			`{"at":"2026-12-01T05:59:00Z","by":"o","other":"q","means":"phone","text":"t","officer":"o","role":"duty"}`,
			`{"at":"2026-12-01T05:59:00Z","by":"o","other":"q","means":"phone","text":"t","officer":"o","role":"duty","call":{"type":"balloon","text":"t","language":"en"}}`,
			`{"at":"2026-12-01T05:59:00Z","by":"o","other":"q","means":"phone","text":"t","officer":"o","role":"duty","notice":{"colour":"blue"}}`,
		} {
			var v map[string]any
			if err := json.Unmarshal([]byte(b), &v); err != nil {
				t.Fatal(err)
			}
			d, err := body.Draft(body.KindHeard, v)
			if err != nil {
				t.Fatal(err)
			}
			p := New(line)
			if _, err := p.Apply(said(t, transcript.A, i, d)); err == nil || len(p.Heard()) > 0 || p.Unread() != 1 || strings.Contains(dump(p), "voice-") {
				t.Errorf("%s was taken: %v", b, err)
			}
		}
	})
}

// TestTheFirstThatFits: of two notices that are what was heard, the first of its transcript is it, in
// whichever order the transcripts came.
func TestTheFirstThatFits(t *testing.T) {
	c := newHeardCase()
	filed := func(seq int, id string) Said {
		n := c.filed
		n.ID = id
		fields, err := notice.Fields(n)
		if err != nil {
			t.Fatal(err)
		}
		d := transcript.Draft{Kind: body.KindNotice}
		for _, f := range fields {
			d.Fields = append(d.Fields, transcript.Field{Name: f.Name, Value: f.Value, Shown: true})
		}
		return said(t, transcript.A, seq, d)
	}
	n := c.heard
	n.ID, n.Version = "", 0
	raw, err := notice.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	d, err := body.Draft(body.KindHeard, body.Heard{OnPhone: talked, Text: "t", Notice: raw, Officer: "o", Role: "duty"})
	if err != nil {
		t.Fatal(err)
	}
	first, second, heard := filed(0, "n-1"), filed(1, "n-2"), said(t, transcript.B, 0, d)
	for _, order := range [][]Said{{first, second, heard}, {first, heard, second}, {heard, first, second}} {
		p := New(line)
		for _, s := range order {
			if _, err := p.Apply(s); err != nil {
				t.Fatal(err)
			}
		}
		if h := p.Heard()[0]; h.Match != first.Ref {
			t.Errorf("matched with %s", h.Match)
		}
	}
}
