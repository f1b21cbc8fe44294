package api

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"parley/api/officer"
	"parley/node/view"
	"parley/voice"
)

// heardOf is the request that enters what is read out of a page.
func heardOf(t *testing.T, p voice.Page) string {
	t.Helper()
	text, err := json.Marshal(strings.Join(p.Lines(), "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`{"at":%q,"means":"telephone","language":"en","text":%s}`, time.Now().Add(-time.Minute).UTC().Format(time.RFC3339), text)
}

// groups are the check groups of a request's text, with the page's.
var groups = regexp.MustCompile(`(?:\\npage:|,) check [A-Z]{3,4}`)

// TestVoiceOverTheAPI leads a notice, a call and an answer from their pages to what was passed and heard.
func TestVoiceOverTheAPI(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	want[Filings](t, blue, officer.Duty, "POST", "/v1/notices", typeGeoJSON, survey)
	page := want[voice.Page](t, blue, officer.Duty, "GET", "/v1/voice/page?format=json&notice=blue-7&second_channel=%2B15550100", "", "")
	if page.Title != "NOTICE BY VOICE" || !strings.Contains(page.Text(), "+15550100") {
		t.Errorf("%+v", page)
	}
	for format, begins := range map[string]string{"&format=text": "NOTICE BY VOICE", "&format=html": "<!doctype html>", "": "NOTICE BY VOICE"} {
		if status, body := blue.ask(t, officer.Auditor, "GET", "/v1/voice/page?notice=blue-7"+format, "", ""); status != http.StatusOK || !strings.HasPrefix(string(body), begins) {
			t.Errorf("%q: %d %s", format, status, body)
		}
	}
	passed := want[view.Spoken](t, blue, officer.Duty, "POST", "/v1/voice/passed", typeJSON,
		fmt.Sprintf(`{"of":"blue-7","at":%q,"other":"the duty","means":"telephone","read_back":"same"}`, time.Now().UTC().Format(time.RFC3339)))
	if passed.Way != view.Passed || passed.Notice != "blue-7" {
		t.Errorf("%+v", passed)
	}
	until(t, "red has it", func() bool { _, err := red.node.Notice(t.Context(), "", "blue", "blue-7"); return err == nil })
	heard := want[view.HeardNow](t, red, officer.Duty, "POST", "/v1/voice/heard", typeJSON, heardOf(t, page))
	if heard.Spoken.State != view.HeardMatched || heard.Notice == nil || heard.Notice.ID != "blue-7" {
		t.Errorf("%+v", heard)
	}
	other := string(groups.ReplaceAll([]byte(strings.Replace(heardOf(t, page), "blue-7", "blue-8", 1)), nil))
	unmatched := want[view.HeardNow](t, red, officer.Duty, "POST", "/v1/voice/heard", typeJSON, other)
	if unmatched.Spoken.State != view.HeardUnmatched {
		t.Errorf("%+v", unmatched.Spoken)
	}
}

func TestVoiceOfCallsOverTheAPI(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	hold := want[view.Call](t, blue, officer.Duty, "POST", "/v1/calls", typeJSON, `{"type":"hold","text":"people on the road","language":"en"}`)
	page := want[voice.Page](t, blue, officer.Duty, "GET", "/v1/voice/page?format=json&entry="+url.QueryEscape(hold.Entry), "", "")
	until(t, "red has it", func() bool { c, err := red.node.Calls(t.Context(), ""); return err == nil && len(c) == 1 })
	heard := want[view.HeardNow](t, red, officer.Duty, "POST", "/v1/voice/heard", typeJSON, heardOf(t, page))
	if heard.Call == nil || heard.Call.Entry != hold.Entry || heard.Spoken.State != view.HeardMatched {
		t.Errorf("%+v", heard)
	}
	answered := want[view.Call](t, red, officer.Duty, "POST", "/v1/calls/answer", typeJSON, fmt.Sprintf(`{"call":%q,"word":"holding"}`, hold.Entry))
	answer := want[voice.Page](t, red, officer.Duty, "GET", "/v1/voice/page?format=json&entry="+url.QueryEscape(shortRef(answered.Answers[0].Entry)), "", "")
	if answer.Title != "ANSWER BY VOICE" || !strings.Contains(answer.Text(), "holding") {
		t.Errorf("%s", answer.Text())
	}
	query := voice.CallPage(voice.Call{Type: "query", Text: "is it yours?"}, voice.Heading{Caller: "blue", Officer: "the duty"})
	lone := want[view.HeardNow](t, red, officer.Duty, "POST", "/v1/voice/heard", typeJSON, heardOf(t, query))
	list := want[Spoken](t, red, officer.Reviewer, "GET", "/v1/voice?open=true", "", "")
	if len(list.Spoken) != 1 || list.Spoken[0].Entry != lone.Spoken.Entry || list.Spoken[0].HeldAs != lone.Spoken.Entry {
		t.Errorf("%+v", list)
	}
	closed := want[view.Spoken](t, red, officer.Supervisor, "POST", "/v1/voice/close", typeJSON, fmt.Sprintf(`{"heard":%q,"reason":"answered by voice"}`, lone.Spoken.Entry))
	if closed.State != view.HeardClosed || closed.Closed.Reason != "answered by voice" {
		t.Errorf("%+v", closed)
	}
	if all := want[Calls](t, red, officer.Duty, "GET", "/v1/calls", "", ""); len(all.Calls) != 2 {
		t.Errorf("%d calls", len(all.Calls))
	}
	for path, part := range map[string]string{
		"/v1/voice/page":                          "must be named",
		"/v1/voice/page?notice=x&entry=y":         "must be named",
		"/v1/voice/page?notice=nothing":           "is not a notice",
		"/v1/voice/page?entry=1/a%2399":           "is not a call or an answer",
		"/v1/voice/page?entry=1/a%233&format=pdf": "must be json, text or html",
		"/v1/voice?open=maybe":                    "must be true or false",
	} {
		if status, body := red.ask(t, officer.Duty, "GET", path, "", ""); status/100 != 4 || !strings.Contains(string(body), part) {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}
