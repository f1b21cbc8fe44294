package api

import (
	"net/http/httptest"
	"strings"
	"testing"

	"parley/api/officer"
	"parley/catalogue"
	"parley/node/view"
)

// speaking is a desk that asks in a language.
func (d *desk) speaking(accept string) *desk {
	return &desk{node: d.node, h: d.h, tokens: d.tokens, books: d.books, router: d.router, accept: accept}
}

// TestAnswersInALanguage: alarms, what was compared, and notices, conflicts and calls in words, in the
// language asked for; nothing changes for who asks for none.
func TestAnswersInALanguage(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	russian, english := red.speaking("tlh, ru-RU;q=0.9, fr;q=0.1"), red.speaking("")
	want[view.Call](t, blue, officer.Duty, "POST", "/v1/calls", typeJSON, `{"type":"hold","phrase":2}`)
	hold := func(d *desk) view.Alarm {
		for _, a := range want[Alarms](t, d, officer.Observer, "GET", "/v1/alarms", "", "").Alarms {
			if a.Kind == "hold" {
				return a
			}
		}
		return view.Alarm{}
	}
	until(t, "red is alarmed", func() bool { return hold(english).ID != "" })
	in, own := hold(russian), hold(english)
	if !strings.HasPrefix(in.Text, "СТОЙ: остановитесь и позвоните") || !strings.Contains(in.Text, "Стой: там наши люди.") || russian.spoke != "ru" {
		t.Errorf("in %q: %s", russian.spoke, in.Text)
	}
	if !strings.HasPrefix(own.Text, "HOLD: stop and call from blue: Hold: our people are there.") || english.spoke != "" {
		t.Errorf("in %q: %s", english.spoke, own.Text)
	}
	if in.ID != own.ID || in.Kind != own.Kind || in.Message.Key != own.Message.Key {
		t.Errorf("a language changes more than the text: %+v, %+v", in, own)
	}
	c, err := catalogue.Load("ru")
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Say(own.Message); got != in.Text {
		t.Errorf("the message says %q, and the API %q", got, in.Text)
	}

	want[Filings](t, blue, officer.Planner, "POST", "/v1/notices", typeGeoJSON, leveled("blue", "blue-7", 100, 120))
	red.holds(t, "blue", "blue-7")
	n := want[view.Notice](t, russian, officer.Observer, "GET", "/v1/notices/blue-7?party=blue", "", "")
	if !strings.HasPrefix(n.Words, "blue, полёт blue-7: запланировано; заблаговременность: ") || string(n.State) != "planned" {
		t.Errorf("%q, %s", n.Words, n.State)
	}
	if n := red.notice(t, "blue", "blue-7"); n.Words != "" {
		t.Errorf("words without a language: %q", n.Words)
	}
	calls := want[Calls](t, russian, officer.Observer, "GET", "/v1/calls", "", "")
	if len(calls.Calls) != 1 || !strings.HasSuffix(calls.Calls[0].Words, "; открыт") || calls.Calls[0].Shown.Language != "ru" {
		t.Errorf("%+v", calls.Calls)
	}
	list := want[Notices](t, russian, officer.Observer, "GET", "/v1/notices", "", "")
	if len(list.Compared) != 1 || !strings.HasPrefix(list.Compared[0].Text, "сравнено в ") {
		t.Errorf("%+v", list.Compared)
	}

	want[Filings](t, red, officer.Planner, "POST", "/v1/notices", typeGeoJSON, leveled("red", "red-3", 100, 120))
	var conflicts Conflicts
	until(t, "they conflict", func() bool {
		conflicts = want[Conflicts](t, red.speaking("he"), officer.Observer, "GET", "/v1/conflicts", "", "")
		return len(conflicts.Conflicts) == 1
	})
	if words := conflicts.Conflicts[0].Words; !strings.HasPrefix(words, "חפיפת תוכניות \u2066") || !strings.Contains(words, "\u2068blue-7\u2069") {
		t.Errorf("%q", words)
	}
}

// TestARefusalIsAnsweredInALanguage: in words, beside the English that logs and programs read.
func TestARefusalIsAnsweredInALanguage(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	for accept, words := range map[string]string{
		"": "", "tlh": "",
		"en":    `notice "nope-1": is not a notice of either party; list them: parley notice list`,
		"ru-RU": `notice "nope-1": не является уведомлением ни одной из сторон; перечень: parley notice list`,
		"he":    "\u2066notice\u2069 \u2068\"nope-1\"\u2069: אינה הודעה של אף אחד מהצדדים; לרשימה: \u2066parley notice list\u2069",
	} {
		d := blue.speaking(accept)
		status, data := d.ask(t, officer.Observer, "GET", "/v1/notices/nope-1", "", "")
		p, err := ReadProblem(data)
		if err != nil || status != 404 || p.Words != words || p.Rule != "is not a notice of either party" || p.Hint != "list them: parley notice list" {
			t.Errorf("%q: %d %s (%v)", accept, status, data, err)
		}
		if (d.spoke != "") != (words != "") {
			t.Errorf("%q: the answer says it is in %q", accept, d.spoke)
		}
	}
}

// TestCatalogueIsServed: every key, in every language, with what its placeholders hold.
func TestCatalogueIsServed(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	for _, language := range catalogue.Languages() {
		got := want[Catalogue](t, blue, officer.Observer, "GET", "/v1/catalogue?language="+language, "", "")
		if got.Language != language || got.Name == "" || len(got.Languages) != len(catalogue.Languages()) || len(got.Reviewed) != 0 || got.Texts["state.active"] == nil {
			t.Errorf("%s: %s, %q, %d languages, %d texts, %d reviewed", language, got.Language, got.Name, len(got.Languages), len(got.Texts), len(got.Reviewed))
		}
		if got.Arguments["peer"] != catalogue.Words {
			t.Errorf("%s: %v", language, got.Arguments)
		}
	}
	if got := want[Catalogue](t, blue, officer.Observer, "GET", "/v1/catalogue?language=tlh", "", ""); got.Language != "en" {
		t.Errorf("a language that there is not is answered in %s", got.Language)
	}
}

// TestAnEventIsSaidInTheLanguage writes an alarm's event as the stream does.
func TestAnEventIsSaidInTheLanguage(t *testing.T) {
	all, err := catalogues()
	if err != nil {
		t.Fatal(err)
	}
	a := &api{catalogues: all}
	for accept, says := range map[string]string{"": "the disk", "ar": "القرص", "xx": "the disk"} {
		r := httptest.NewRequest("GET", "/v1/events", nil)
		r.Header.Set("Accept-Language", accept)
		e := view.Event{Text: "this node: the disk", Message: catalogue.Say("alarm.store")}
		if a.sayEvent(&call{r: r}, &e); !strings.Contains(e.Text, says) {
			t.Errorf("%q: %s", accept, e.Text)
		}
	}
}
