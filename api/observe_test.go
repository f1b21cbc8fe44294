package api

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"parley/agreement"
	"parley/api/officer"
	"parley/node/view"
	"parley/statement"
)

// readsOfObservers says of every GET route whether an observer of the agreement may read it. A new one has no
// answer here until somebody thought of it.
func readsOfObservers() map[string]bool {
	out := map[string]bool{"/v1/catalogue": true, "/v1/observed": true, "/v1/openapi.yaml": true, "/v1/phrases": true}
	for _, path := range []string{"/v1/agreement", "/v1/alarms", "/v1/alarms/false", "/v1/alarms/over", "/v1/alerts", "/v1/answers", "/v1/audit", "/v1/calls", "/v1/changes", "/v1/conflicts",
		"/v1/conflicts/{id}", "/v1/conflicts/{id}/options", "/v1/consents", "/v1/desk", "/v1/desk/handovers", "/v1/desk/rota", "/v1/events", "/v1/evidence",
		"/v1/export", "/v1/incidents", "/v1/lines", "/v1/lines/{line}", "/v1/lines/{line}/courier", "/v1/log", "/v1/metrics", "/v1/notices", "/v1/notices/{id}",
		"/v1/passkeys", "/v1/past", "/v1/releases", "/v1/releases/{release}", "/v1/reviews/minutes", "/v1/session", "/v1/sites", "/v1/sites/copies",
		"/v1/statements", "/v1/statements/{id}", "/v1/statistics", "/v1/status", "/v1/teams", "/v1/tests", "/v1/tokens", "/v1/voice", "/v1/voice/page"} {
		out[path] = false
	}
	return out
}

// observe adds somebody who reads for an observer, and returns the token.
func (b *books) observe(t *testing.T, name, observer string) string {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	token, err := b.book.Add(name, officer.Observer, time.Now(), time.Hour, rand.Reader)
	if err == nil {
		err = b.book.Observe(name, observer)
	}
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// TestObserversReadAtTheirLevel: over every route, what stands in a field above an observer's level is in no
// answer to it; it does nothing but GET; and each look is on the audit log.
func TestObserversReadAtTheirLevel(t *testing.T) {
	blue, red, k := pairUnder(t, Limits{PerSecond: 1000, Burst: 1000}, func(terms *agreement.Terms) {
		for _, l := range []agreement.Level{agreement.Full, agreement.Volume, agreement.Alert, ""} {
			terms.Observers = append(terms.Observers, agreement.Observer{Name: "o-" + string(l), Contact: "+1", Disclosure: l})
		}
	})
	// Free text, names and places of both sides, each with a word of its own.
	text := strings.NewReplacer("blue-7", "canaryid-7", `"survey"`, `"canarytitle"`, "+15550100", "+1canary0100").Replace(survey)
	want[Filings](t, red, officer.Planner, "POST", "/v1/notices", typeGeoJSON, strings.Replace(text, `"blue"`, `"red"`, 1))
	want[Filings](t, blue, officer.Planner, "POST", "/v1/notices", typeGeoJSON, strings.NewReplacer("canaryid-7", "canaryown-8", "35.95", "35.9456").Replace(text))
	until(t, "the conflict is found", func() bool {
		return len(want[Conflicts](t, blue, officer.Duty, "GET", "/v1/conflicts", "", "").Conflicts) == 1
	})
	want[EntryAnswer](t, blue, officer.Duty, "POST", "/v1/receive", typeJSON, `{"id":"canaryid-7","remark":"canaryremark"}`)
	want[view.Call](t, red, officer.Duty, "POST", "/v1/calls", typeJSON, `{"type":"distress","text":"canarycall","language":"en","position":[35.9477,35.41],"persons":15,"nature":"canarynature"}`)
	want[view.Call](t, red, officer.Duty, "POST", "/v1/calls", typeJSON, `{"type":"hold","text":"canaryhold","language":"en"}`)
	want[view.Call](t, red, officer.Duty, "POST", "/v1/calls", typeJSON, `{"type":"query","text":"canaryquery","language":"en"}`)
	agreed := statedByBoth(t, red, k, "canarystatement")
	until(t, "blue has the calls and the statement", func() bool {
		return len(want[Calls](t, blue, officer.Duty, "GET", "/v1/calls", "", "").Calls) == 3 &&
			len(want[view.Statements](t, blue, officer.Duty, "GET", "/v1/statements", "", "").Statements) == 1
	})
	answers := readsOfObservers()
	words := []string{"canary", "the duty", "the planner"}
	places := []string{"35.95", "35.9456", "35.9477", "35.41", "2096-12-01"}
	for level, never := range map[string][]string{"full": nil, "volume": words, "alert": append(slices.Clone(words), places...), "": append(slices.Clone(words), places...)} {
		if level != "full" {
			never = append(never, agreed)
		}
		token := blue.books.observe(t, strings.TrimSpace("reader of "+level), "o-"+level)
		for _, r := range Routes() {
			if r.Open {
				continue
			}
			may, thought := answers[r.Path]
			if r.Method == http.MethodGet && !thought {
				t.Errorf("nobody said whether an observer may read %s", r.Path)
			}
			path := strings.NewReplacer("{line}", "red", "{id}", "canaryid-7", "{release}", "1").Replace(r.Path)
			status, body := blue.askAs(t, token, r.Method, path, typeJSON, "{}")
			if denied := status == http.StatusForbidden; denied == (may && r.Method == http.MethodGet) {
				t.Errorf("%q: %s %s: %d %s", level, r.Method, path, status, body)
			}
			for _, word := range never {
				if strings.Contains(string(body), word) {
					t.Errorf("%q: %s %s says %q:\n%s", level, r.Method, path, word, body)
				}
			}
		}
		status, body := blue.askAs(t, token, "GET", "/v1/observed", "", "")
		if level == "" {
			if status != http.StatusNotFound {
				t.Errorf("without a level: %d %s", status, body)
			}
			continue
		}
		for _, must := range map[string][]string{"full": append(slices.Clone(words[:1]), places...), "volume": places, "alert": {`"state":"planned"`, `"peer_desk"`}}[level] {
			if !strings.Contains(string(body), must) {
				t.Errorf("%s: no %q in %s", level, must, body)
			}
		}
		var got Observed
		if err := json.Unmarshal(body, &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Conflicts) != 1 || len(got.Notices) != 2 || len(got.Calls) != 2 || len(got.Statements) != 1 || got.State == "" || got.Statements[0].Entry == "" {
			t.Errorf("%s reads %s", level, body)
		}
		if full := level == "full"; full != (got.Statements[0].Whole != nil) || full != (got.Calls[0].Whole != nil) || (level == "alert") != (got.Calls[0].Position == nil && got.Calls[1].Position == nil) {
			t.Errorf("%s reads %s", level, body)
		}
		// An own officer sees what it is shown, and it may not look for another.
		if own, said := blue.ask(t, officer.Duty, "GET", "/v1/observed?observer=o-"+level, "", ""); own != http.StatusOK || !strings.Contains(string(said), `"level":"`+level+`"`) {
			t.Errorf("%s, as the desk sees it: %d %s", level, own, said)
		}
		if other, said := blue.askAs(t, token, "GET", "/v1/observed?observer=o-x", "", ""); other != http.StatusForbidden {
			t.Errorf("%s, for another: %d %s", level, other, said)
		}
		seen := audited(t, blue, "kind=shown&officer=reader+of+"+level)
		if len(seen) == 0 || seen[0].Route != "/v1/observed" || seen[0].What != "observed at "+level || seen[0].Line == "" {
			t.Errorf("%s: on the audit log: %+v", level, seen)
		}
	}
}

// statedByBoth puts a statement that both parties signed on the line, and returns its id.
func statedByBoth(t *testing.T, s *desk, k [2]keys, text string) string {
	t.Helper()
	line := want[Lines](t, s, officer.Duty, "GET", "/v1/lines", "", "").Lines[0].ID
	st := statement.Statement{Form: statement.Joint, Line: line, Date: time.Now().UTC().Truncate(time.Millisecond), Title: text, Texts: []statement.Text{{Language: "en", Text: text}}}
	for i, party := range []string{"blue", "red"} {
		st.Parties = append(st.Parties, statement.Party{Name: party, PartyKey: k[i].card(party).PartyKey})
	}
	st.Standing = statement.Standing(st.Form, st.Parties)
	note, err := statement.Sign(st, "blue", k[0].party)
	if err == nil {
		note, err = statement.Cosign(note, "red", k[1].party)
	}
	if err != nil {
		t.Fatal(err)
	}
	put := want[view.StatementPut](t, s, officer.Supervisor, "POST", "/v1/statements", typeText, string(note))
	if put.Statement == nil {
		t.Fatalf("%+v", put)
	}
	return put.Statement.ID
}

// TestObserversBook: the role observer alone reads for an observer, also after the book was kept.
func TestObserversBook(t *testing.T) {
	var b officer.Book
	for name, role := range map[string]officer.Role{"one": officer.Observer, "two": officer.Duty} {
		if _, err := b.Add(name, role, time.Now(), time.Hour, rand.Reader); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Observe("two", "mission"); err == nil || !strings.Contains(err.Error(), "role observer") {
		t.Errorf("a duty officer observes: %v", err)
	}
	if err := b.Observe("one", "mission"); err != nil {
		t.Fatal(err)
	}
	data, err := b.Encode()
	if err == nil {
		b, err = officer.Parse(data)
	}
	o, nameErr := b.Named("one", time.Now())
	if err != nil || nameErr != nil || o.Observes != "mission" {
		t.Errorf("%+v, %v, %v", o, err, nameErr)
	}
	if _, err := officer.Parse([]byte(strings.Replace(string(data), `"observer"`, `"duty"`, 1))); err == nil {
		t.Error("a duty officer who observes was read")
	}
}
