package voice

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/fault"
	"parley/notice"
)

// TestWhatIsHeardIsWhatWasRead: whatever notice is read out, what the other officer makes of it tells
// the same page.
func TestWhatIsHeardIsWhatWasRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, h := drawNotice(t), drawHeading(t)
		if len(n.Volumes) == 0 && n.Place == "" {
			n.Place = "northern sector"
		}
		heard, err := ReadHeard(strings.Join(NoticePage(n, h, nil).Lines(), "\n"), testNow)
		if err != nil || heard.Notice == nil {
			t.Fatal(heard, err)
		}
		if heard.Exercise != h.Drill || heard.Notice.Kind != n.Kind || heard.Notice.Version != n.Version || heard.Notice.Sector != n.Sector {
			t.Errorf("%+v of %+v", heard.Notice, n)
		}
		again, _ := Tell(*heard.Notice)
		if r := Compare(n, again, Tolerances{}, nil); !r.Same {
			t.Errorf("%+v", r.Differences)
		}
	})
}

func TestHeardExamplesAreNotices(t *testing.T) {
	for id, n := range exampleNotices(t) {
		heard, err := ReadHeard(strings.Join(NoticePage(n, testHeading, nil).Lines(), "\n"), testNow)
		if err != nil {
			t.Fatal(id, err)
		}
		want := notice.WithDefaults(n)
		if heard.Caller != "blue" || heard.Speaks != "duty officer" || heard.Notice.ID != n.ID || heard.Notice.Domain != want.Domain || heard.Notice.Class != want.Class {
			t.Errorf("%s: %+v %+v", id, heard, heard.Notice)
		}
		if _, err := notice.Validate(*heard.Notice, notice.Context{Now: testNow}); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestHeardCalls(t *testing.T) {
	hold := Call{ID: "1/b#3", Type: "hold", About: "blue-7", Text: "hold the flight at its start", Review: testNow.Add(15 * time.Minute)}
	distress := distressCall()
	distress.Nature = "lost from radar"
	for _, c := range []Call{hold, distress, {Type: "query", Text: "is that aircraft yours?"}} {
		heard, err := ReadHeard(strings.Join(CallPage(c, testHeading).Lines(), "\n"), testNow)
		if err != nil || heard.Call == nil {
			t.Fatal(c.Type, err)
		}
		if r := CompareCall(c, tellCall(*heard.Call), Tolerances{}, nil); !r.Same {
			t.Errorf("%s: %+v", c.Type, r.Differences)
		}
		got := *heard.Call
		got.Language, got.Position, got.LastSeen = c.Language, c.Position, c.LastSeen // compared above
		if !reflect.DeepEqual(got, c) {
			t.Errorf("%+v\n%+v", got, c)
		}
	}
	wrong := tellCall(hold)
	wrong.Review.Time = wrong.Review.Time.Add(10 * time.Minute)
	if r := CompareCall(hold, wrong, DefaultTolerances(), nil); r.Same || r.Differences[0].Field != FieldReview {
		t.Errorf("a wrong review time: %+v", r)
	}
}

func TestAnswerPage(t *testing.T) {
	p := AnswerPage(Answer{Call: "1/b#3", Type: "hold", Word: "cannot-hold", Text: "the unit does not answer"}, testHeading)
	text := p.Text()
	for _, want := range []string{"ANSWER BY VOICE", "answer to a hold", "1/b#3", "cannot hold", "the unit does not answer", p.Check} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if _, err := ParseReadBack(strings.Join(p.Lines(), "\n"), testNow); err != nil {
		t.Error(err)
	}
	if _, err := ReadHeard(strings.Join(p.Lines(), "\n"), testNow); err == nil || fault.All(err)[0].Field != FieldKind {
		t.Errorf("an answer was heard as a notice: %v", err)
	}
}

func TestHeardRefused(t *testing.T) {
	const whole = "kind: flight, air, crewed\nposition 1: 35 24.6 N 035 57 E\nradius: 5 NM\nfrom: day 15, 1800 ZULU\nuntil: day 15, 1930 ZULU"
	for _, tt := range []struct{ from, to, field string }{
		{"kind: flight, air, crewed\n", "", FieldKind},
		{"flight, air", "balloon, air", FieldKind},
		{"flight, air", "flight, land", FieldKind},
		{"flight, air, crewed", "site, land, crewed", FieldKind},
		{"flight, air, crewed", "call", FieldKind},
		{"flight, air, crewed", "call, hold", FieldText},
		{"position 1: 35 24.6 N 035 57 E\n", "", FieldPosition},
		{"radius: 5 NM\n", "", FieldRadius},
		{"radius: 5 NM", "position 2: 35 30 N 036 E", FieldHalfWidth},
		{"from: day 15, 1800 ZULU\n", "", FieldFrom},
		{"until: day 15, 1930 ZULU", "", FieldUntil},
		{"1930 ZULU", "1930", FieldUntil},
	} {
		_, err := ReadHeard(strings.Replace(whole, tt.from, tt.to, 1), testNow)
		if err == nil || fault.All(err)[0].Field != tt.field || fault.All(err)[0].Hint == "" {
			t.Errorf("%q for %q: %v", tt.to, tt.from, err)
		}
	}
	heard, err := ReadHeard(whole, testNow)
	if err != nil || heard.Notice.ID != "" || heard.Notice.Version != 0 || heard.Notice.Volumes[0].Band.Lower != nil {
		t.Errorf("%+v, %v", heard.Notice, err)
	}
}

func FuzzReadHeard(f *testing.F) {
	for _, p := range examplePages(f) {
		f.Add(strings.Join(p.Lines(), "\n"))
	}
	f.Add("kind: area, land; position 1: 1 N 1 E; position 2: 1 N 2 E; position 3: 2 N 2 E; uncertain: 5 km; from: 241805Z nov 26; until: 241905Z nov 26")
	f.Add("kind: hazard; place: the bridge; keep clear of: the place in words, held as sector north 2; from: day 1, 0000 Z; until: open")
	f.Fuzz(func(t *testing.T, text string) {
		heard, err := ReadHeard(text, testNow)
		switch {
		case err != nil:
			for _, e := range fault.All(err) {
				if e.Code == fault.Internal || e.Field == "" || e.Rule == "" {
					t.Errorf("%q: %v is no answer to a person", text, err)
				}
			}
		case (heard.Notice == nil) == (heard.Call == nil):
			t.Errorf("%q: %+v", text, heard)
		case heard.Notice != nil:
			if _, err := notice.Validate(*heard.Notice, notice.Context{Now: testNow}); err == nil {
				if _, err := notice.Marshal(*heard.Notice); err != nil {
					t.Errorf("%q: %v", text, err)
				}
			}
		default:
			_ = fmt.Sprint(CallPage(*heard.Call, testHeading).Text())
		}
	})
}
