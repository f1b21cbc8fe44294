package api

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/agreement"
	"parley/api/officer"
	"parley/fault"
	"parley/node/view"
	"parley/transcript"
	"parley/transcript/ledger"
)

const survey = `{"type":"FeatureCollection","features":[{"type":"Feature","id":"b1","geometry":{"type":"Point","coordinates":[35.95,35.41]},
"properties":{"party":"blue","kind":"flight","notice":"blue-7","title":"survey","radius_m":9260,"start":"2096-12-01T18:00:00Z","end":"2096-12-01T19:30:00Z","contact":"+15550100"}}]}`

const notam = `A0123/27 NOTAMN
Q) OSTT/QRDCA/IV/BO/W/000/180/3525N03550E010
A) OSTT B) 9612011730 C) 9612012000
E) TEMPO DANGER AREA ACTIVATED WITHIN A RADIUS OF 5NM CENTERED ON 352500N 0355000E
F) GND G) FL180`

// hazard is a notice as the API takes it as JSON, near the survey.
func hazard(t *testing.T, d *desk) string {
	t.Helper()
	file := strings.NewReplacer("blue-7", "red-1", `"blue"`, `"red"`, `"flight"`, `"hazard"`, `"b1"`, `"r1"`).Replace(survey)
	got := want[Filings](t, d, officer.Planner, "POST", "/v1/notices", typeGeoJSON, file)
	return string(got.Filed[0].Notice.Body)
}

// TestRunThrough plays a line through the API of both nodes. Every request and answer is held
// against openapi.yaml by ask.
func TestRunThrough(t *testing.T) {
	blue, red, k := pair(t, Limits{})
	if s := want[Status](t, blue, officer.Observer, "GET", "/v1/status", "", ""); s.Party != "blue" || s.Officer.Role != officer.Observer || len(s.Lines) != 1 {
		t.Errorf("status = %+v", s)
	}
	if c := want[Checked](t, blue, officer.Planner, "POST", "/v1/notices/check", typeGeoJSON, survey); len(c.Notices) != 1 || len(c.Notices[0].Echo) == 0 {
		t.Errorf("check = %+v", c)
	}
	if n := want[Notices](t, blue, officer.Reviewer, "GET", "/v1/notices", "", ""); len(n.Notices) != 0 || len(n.Compared) != 1 {
		t.Errorf("checking filed something: %+v", n)
	}
	filed := want[Filings](t, blue, officer.Planner, "POST", "/v1/notices", typeGeoJSON, survey)
	if len(filed.Filed) != 1 || filed.Filed[0].Notice.ID != "blue-7" || filed.Filed[0].Compared.Text == "" {
		t.Fatalf("filed = %+v", filed)
	}
	body := hazard(t, red)
	if again := want[Filings](t, red, officer.Planner, "POST", "/v1/notices", typeJSON, body); again.Filed[0].Notice.Version != 1 {
		t.Errorf("filing the same again gave version %d", again.Filed[0].Notice.Version)
	}
	var conflicts Conflicts
	for _, d := range []*desk{red, blue} {
		until(t, "the conflict is found", func() bool {
			conflicts = want[Conflicts](t, d, officer.Duty, "GET", "/v1/conflicts", "", "")
			return len(conflicts.Conflicts) == 1
		})
	}
	id := conflicts.Conflicts[0].ID
	if x := want[view.Conflict](t, blue, officer.Duty, "POST", "/v1/conflicts/"+id+"/own", "", ""); x.State != "owned" {
		t.Errorf("owned conflict is %s", x.State)
	}
	want[view.Conflict](t, blue, officer.Auditor, "GET", "/v1/conflicts/"+id[:8], "", "")
	want[EntryAnswer](t, red, officer.Duty, "POST", "/v1/receive", typeJSON, `{"id":"blue-7","remark":"crew told"}`)
	n := want[view.Notice](t, red, officer.Duty, "GET", "/v1/notices/blue-7?party=blue", "", "")
	if len(n.Received) != 1 || n.Received[0].Officer != "the duty" || n.Delivered == nil {
		t.Errorf("received by %+v, delivered %v", n.Received, n.Delivered)
	}
	if len(audited(t, red, "notice=blue-7&party=blue")) == 0 || strings.Contains(red.logged(), "35.95") || strings.Contains(red.logged(), red.tokens[officer.Duty]) {
		t.Error("the audit log must name the notice that was shown, without body or token")
	}
	amended := strings.Replace(survey, `"survey"`, `"another survey"`, 1)
	if f := want[view.Filed](t, blue, officer.Planner, "PUT", "/v1/notices/blue-7", typeGeoJSON, amended); f.Notice.Version != 2 {
		t.Errorf("amended to version %d", f.Notice.Version)
	}
	want[view.Filed](t, blue, officer.Planner, "POST", "/v1/notices/blue-7/state", typeJSON, `{"event":"cancel","reason":"weather"}`)
	if f := want[Filings](t, blue, officer.Duty, "POST", "/v1/notices?drill=true", "text/plain", notam); f.Filed[0].Notice.ID != "OSTT-A0123-27" || !f.Filed[0].Notice.Drill {
		t.Errorf("NOTAM filed as %+v", f.Filed)
	}
	cancel := "A0130/27 NOTAMC A0123/27\nQ) OSTT/QRDXX/IV/BO/W/000/180/3525N03550E010\nA) OSTT B) 9612010000\nE) DANGER AREA CANCELLED"
	if f := want[Filings](t, blue, officer.Duty, "POST", "/v1/notices", "text/plain", cancel); len(f.Cancelled) != 1 || f.Cancelled[0].Notice.State != "cancelled" {
		t.Errorf("NOTAM cancelled %+v", f.Cancelled)
	}
	runCalls(t, blue, red)
	runLine(t, blue, k)
	runRecord(t, blue)
}

func runCalls(t *testing.T, blue, red *desk) {
	x := want[view.Call](t, red, officer.Duty, "POST", "/v1/calls", typeJSON, `{"type":"hold","text":"stop and call","language":"en"}`)
	until(t, "the hold arrives", func() bool {
		return len(want[Calls](t, blue, officer.Observer, "GET", "/v1/calls", "", "").Calls) == 1
	})
	alarms := want[Alarms](t, blue, officer.Duty, "GET", "/v1/alarms?line=red", "", "")
	i := slices.IndexFunc(alarms.Alarms, func(a view.Alarm) bool { return a.Kind == "hold" })
	if i < 0 {
		t.Fatalf("no alarm for the hold: %+v", alarms)
	}
	al := want[view.Alarm](t, blue, officer.Duty, "POST", "/v1/alarms/acknowledge", typeJSON, `{"alarm":"`+alarms.Alarms[i].ID+`"}`)
	if al.Acknowledged == nil || al.Acknowledged.Officer != "the duty" {
		t.Errorf("acknowledged by %+v", al.Acknowledged)
	}
	marked := want[view.HadAlarm](t, blue, officer.Duty, "POST", "/v1/alarms/false", typeJSON, `{"alarm":"`+al.ID+`","reason":"a test of theirs"}`)
	if list := want[HadAlarms](t, blue, officer.Observer, "GET", "/v1/alarms/false?line=red", "", "").Alarms; len(list) != 1 || list[0].ID != marked.ID || list[0].MarkedFalse.Officer != "the duty" {
		t.Errorf("marked as false: %+v", list)
	}
	got := want[view.Call](t, blue, officer.Duty, "POST", "/v1/calls/answer", typeJSON, `{"call":"`+x.Entry+`","word":"holding","text":"stopped","language":"en"}`)
	if len(got.Answers) != 1 {
		t.Errorf("answers %+v", got.Answers)
	}
	for _, a := range want[HadAlarms](t, blue, officer.Observer, "GET", "/v1/alarms/over", "", "").Alarms {
		if a.Over.IsZero() {
			t.Errorf("over: %+v", a)
		}
	}
	if status, data := blue.ask(t, officer.Auditor, "GET", "/v1/audit", "", ""); status != http.StatusOK || !strings.Contains(string(data), `"alarm.false"`) {
		t.Errorf("audit: %d %s", status, data)
	}
	if s := want[view.Statistics](t, blue, officer.Duty, "GET", "/v1/statistics?by=all", "", ""); s.Rows[0].FalseAlarms != 1 || s.Rows[0].Alarms < 1 {
		t.Errorf("figures of alarms: %+v", s.Rows[0])
	}
	if status, data := blue.ask(t, officer.Observer, "GET", "/v1/metrics", "", ""); status != http.StatusOK || !regexp.MustCompile(`(?m)^parley_alarms_total\{line="[0-9a-f]+",marked="false"\} 1$`).Match(data) {
		t.Errorf("metrics: %d %s", status, data)
	}
}

func runLine(t *testing.T, blue *desk, k [2]keys) {
	lines := want[Lines](t, blue, officer.Observer, "GET", "/v1/lines", "", "")
	line := "/v1/lines/" + lines.Lines[0].ID
	want[view.Line](t, blue, officer.Observer, "GET", "/v1/lines/red", "", "")
	if ln := want[view.Line](t, blue, officer.Supervisor, "POST", line+"/suspend", typeJSON, `{"reason":"an order"}`); len(ln.Suspended) != 1 {
		t.Errorf("suspended = %+v", ln.Suspended)
	}
	want[view.Line](t, blue, officer.Supervisor, "POST", line+"/resume", typeJSON, `{"reason":"withdrawn"}`)
	want[view.Line](t, blue, officer.Supervisor, "POST", line+"/not-restored", "", "")
	versions := want[Agreements](t, blue, officer.Auditor, "GET", "/v1/agreement", "", "")
	old, err := agreement.Open([]byte(versions.Agreements[0].Note))
	if err != nil {
		t.Fatal(err)
	}
	next := agreement.Supersede(old, old.Terms)
	next.Title = "the next"
	note, err := agreement.Sign(next, "blue", k[0].party)
	if err == nil {
		note, err = agreement.Cosign(note, "red", k[1].party)
	}
	if err != nil {
		t.Fatal(err)
	}
	if ln := want[view.Line](t, blue, officer.Supervisor, "POST", line+"/agreement", "text/plain", string(note)); ln.Version != 2 {
		t.Errorf("version %d after the next was signed by both", ln.Version)
	}
	if ln := want[view.Line](t, blue, officer.Supervisor, "POST", line+"/next-epoch", "", ""); ln.Epoch != 1 {
		t.Errorf("epoch %d opened while the first was open", ln.Epoch)
	}
}

func runRecord(t *testing.T, blue *desk) {
	var all []view.Entry
	for after := ""; ; {
		page := want[Log](t, blue, officer.Auditor, "GET", "/v1/log?limit=2&after="+url.QueryEscape(after), "", "")
		if len(page.Entries) == 0 {
			break
		}
		all, after = append(all, page.Entries...), page.Next
	}
	whole := want[Log](t, blue, officer.Auditor, "GET", "/v1/log", "", "")
	if len(all) != len(whole.Entries) || len(all) < 8 {
		t.Errorf("pages hold %d entries, the whole %d", len(all), len(whole.Entries))
	}
	want[Evidence](t, blue, officer.Auditor, "GET", "/v1/evidence", "", "")
	status, bundle := blue.ask(t, officer.Reviewer, "GET", "/v1/export", "", "")
	if rep := transcript.Verify(bytes.NewReader(bundle), transcript.Options{Agreement: agreement.Info}); status != http.StatusOK || !rep.OK {
		t.Errorf("the export does not hold: %+v", rep.Checks)
	}
	if _, doc := blue.ask(t, officer.Observer, "GET", "/v1/openapi.yaml", "", ""); !bytes.Equal(doc, Document()) {
		t.Error("the document is not served as it is")
	}
}

// TestDocumentAndTableAgree holds the paths, methods and roles of openapi.yaml and of the table
// together, both ways.
func TestDocumentAndTableAgree(t *testing.T) {
	inTable, opened := map[string][]officer.Role{}, map[string]bool{}
	for _, r := range Routes() {
		inTable[r.Method+" "+r.Path], opened[r.Method+" "+r.Path] = r.Roles, r.Open
	}
	for path, item := range spec(t).Paths.Map() {
		for method, op := range item.Operations() {
			roles, ok := inTable[method+" "+path]
			if !ok {
				t.Errorf("%s %s is in the document and has no handler", method, path)
				continue
			}
			delete(inTable, method+" "+path)
			if none := op.Security != nil && len(*op.Security) == 0; none != opened[method+" "+path] {
				t.Errorf("%s %s is open to unknown callers in the table: %t, in the document: %t", method, path, opened[method+" "+path], none)
			}
			said := officer.Roles()
			if list, ok := op.Extensions["x-roles"].([]any); ok {
				said = nil
				for _, r := range list {
					said = append(said, officer.Role(r.(string)))
				}
			}
			slices.Sort(said)
			roles = slices.Clone(roles)
			slices.Sort(roles)
			if !slices.Equal(said, roles) {
				t.Errorf("%s %s: the document says roles %v, the table %v", method, path, said, roles)
			}
		}
	}
	for k := range inTable {
		t.Errorf("%s has a handler and is not in the document", k)
	}
}

// mayDo is the table of roles, said once more as people wrote it down.
func mayDo(role officer.Role, method, path string) bool {
	if strings.HasSuffix(path, "/courier") {
		return role == officer.Duty || role == officer.Supervisor
	}
	if path == "/v1/sites/copies" {
		return role == officer.Supervisor || method == "GET" && role == officer.Auditor
	}
	if path == "/v1/audit" || path == "/v1/sites/whose-copy" {
		return role == officer.Auditor || role == officer.Supervisor
	}
	if method == "GET" {
		return true
	}
	if strings.HasPrefix(path, "/v1/disclose") {
		return role == officer.Supervisor || role == officer.Reviewer
	}
	switch {
	case strings.HasPrefix(path, "/v1/notices"), strings.HasPrefix(path, "/v1/releases"), path == "/v1/sites/revalidate", path == "/v1/sites/import":
		return role == officer.Planner || role == officer.Duty || role == officer.Supervisor
	case strings.HasPrefix(path, "/v1/lines/"), path == "/v1/desk/rota":
		return role == officer.Supervisor
	case strings.HasPrefix(path, "/v1/tokens"), strings.HasPrefix(path, "/v1/session"), strings.HasPrefix(path, "/v1/passkeys"):
		return true
	case path == "/v1/reviews/item", path == "/v1/reviews/finding", path == "/v1/reviews/report":
		return role == officer.Supervisor || role == officer.Reviewer
	case strings.HasPrefix(path, "/v1/reviews/"), path == "/v1/incidents", path == "/v1/teams":
		return role == officer.Supervisor
	case path == "/v1/statements/{id}/refuse":
		return role == officer.Supervisor
	case path == "/v1/calls/translate":
		return role == officer.Interpreter || role == officer.Duty || role == officer.Supervisor
	case path == "/v1/relay", path == "/v1/unit":
		return role == officer.UnitRelay || role == officer.Duty || role == officer.Supervisor
	}
	return role == officer.Duty || role == officer.Supervisor
}

func TestRolesOverEveryEndpoint(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	expired := blue.books.add(t, "the expired", officer.Supervisor, -1_000_000_000_000)
	for _, r := range Routes() {
		if r.Open {
			continue // to callers whom nobody knows; TestPasskeys
		}
		path := strings.NewReplacer("{line}", "nobody", "{id}", "nothing").Replace(r.Path)
		for token, rule := range map[string]string{"": "must be", "parley-wrong": "is no officer's", expired: "expired at"} {
			status, body := blue.askAs(t, token, r.Method, path, typeJSON, "{}")
			if status != http.StatusUnauthorized || !strings.Contains(string(body), rule) {
				t.Errorf("%s %s with token %q: %d %s", r.Method, path, token, status, body)
			}
		}
		if r.Path == "/v1/events" {
			continue // a stream; TestEventsResume reads it
		}
		for _, role := range officer.Roles() {
			status, body := blue.ask(t, role, r.Method, path, typeJSON, "{}")
			if denied := status == http.StatusForbidden; denied == mayDo(role, r.Method, r.Path) {
				t.Errorf("%s may do %s %s: %t, and got %d %s", role, r.Method, path, mayDo(role, r.Method, r.Path), status, body)
			}
			if status == http.StatusInternalServerError {
				t.Errorf("%s %s: %d %s", r.Method, path, status, body)
			}
		}
	}
}

func TestBadInput(t *testing.T) {
	blue, _, _ := pair(t, Limits{JSONBytes: 32 << 10})
	feature := func(from, to string) string { return strings.Replace(survey, from, to, 1) }
	for _, tt := range []struct {
		name, method, path, typ, body string
		status                        int
		want                          string
	}{
		{"no offset", "POST", "/v1/notices", typeGeoJSON, feature("2096-12-01T18:00:00Z", "2096-12-01T18:00:00"), 400, "offset"},
		{"swapped", "POST", "/v1/notices", typeGeoJSON, feature("[35.95,35.41]", "[33.5,37.2]"), 400, "swapped"},
		{"out of range", "POST", "/v1/notices", typeGeoJSON, feature("35.41]", "95.41]"), 400, "latitude"},
		{"end first", "POST", "/v1/notices", typeGeoJSON, feature("2096-12-01T19:30:00Z", "2096-12-01T17:30:00Z"), 400, "end"},
		{"NaN", "POST", "/v1/notices", typeGeoJSON, feature("35.41]", "NaN]"), 400, ""},
		{"duplicate key", "POST", "/v1/notices", typeGeoJSON, feature(`"kind":"flight"`, `"kind":"flight","kind":"site"`), 400, "kind"},
		{"another party", "POST", "/v1/notices", typeGeoJSON, feature(`"party":"blue"`, `"party":"red"`), 400, "party"},
		{"empty", "POST", "/v1/notices", typeJSON, "", 400, "is empty"},
		{"deep", "POST", "/v1/notices", typeJSON, strings.Repeat("[", 1000) + strings.Repeat("]", 1000), 400, "nested deeper"},
		{"huge", "POST", "/v1/notices", typeJSON, `{"title":"` + strings.Repeat("x", 40<<10) + `"}`, 413, "at most"},
		{"unknown member", "POST", "/v1/notices", typeJSON, `{"kind":"flight","weapon":"x"}`, 400, "weapon"},
		{"NOTAM without shape", "POST", "/v1/notices", "text/plain", feature2(notam), 400, "notices[A0123/27].E"},
		{"content type", "POST", "/v1/notices", "application/xml", "<x/>", 400, "content-type"},
		{"unknown line", "POST", "/v1/notices?line=nobody", typeGeoJSON, survey, 404, "line"},
		{"unknown parameter", "GET", "/v1/notices?partie=red", "", "", 400, "partie"},
		{"flag", "GET", "/v1/notices?live=yes", "", "", 400, "true or false"},
		{"limit", "GET", "/v1/log?limit=5000", "", "", 400, "limit"},
		{"cursor", "GET", "/v1/log?after=1.2", "", "", 400, "place in the log"},
		{"amend unknown", "PUT", "/v1/notices/blue-9", typeGeoJSON, strings.Replace(survey, "blue-7", "blue-9", 1), 404, "notice"},
		{"amend under another id", "PUT", "/v1/notices/blue-9", typeGeoJSON, survey, 400, "keeps its id"},
		{"event", "POST", "/v1/notices/blue-7/state", typeJSON, `{"event":"explode"}`, 400, "event"},
		{"call type", "POST", "/v1/calls", typeJSON, `{"type":"chat","text":"x","language":"en"}`, 400, "type"},
		{"receive own", "POST", "/v1/receive", typeJSON, `{"id":"blue-7"}`, 404, "notice"},
		{"relay without a unit", "POST", "/v1/relay", typeJSON, `{"id":"red-9","unit":"","means":"radio"}`, 400, "unit"},
		{"relay of nothing", "POST", "/v1/relay", typeJSON, `{"id":"red-99","unit":"patrol 3","means":"radio"}`, 404, "notice"},
		{"unable without a reason", "POST", "/v1/unit", typeJSON, `{"id":"red-9","unit":"patrol 3","unable":true}`, 400, "reason"},
		{"bad agreement", "POST", "/v1/lines/red/agreement", "text/plain", "hello", 400, "agreement"},
		{"no such path", "GET", "/v1/targets", "", "", 404, "path"},
		{"no such method", "DELETE", "/v1/notices/blue-7", "", "", 400, "method"},
	} {
		status, body := blue.ask(t, officer.Supervisor, tt.method, tt.path, tt.typ, tt.body)
		p, err := ReadProblem(body)
		if status != tt.status || err != nil || !strings.Contains(string(body), tt.want) {
			t.Errorf("%s: %d %s (%v); want %d with %q", tt.name, status, body, err, tt.status, tt.want)
		}
		if p.Code == "" || strings.Contains(string(body), ".go:") {
			t.Errorf("%s: %s", tt.name, body)
		}
	}
	if n := want[Notices](t, blue, officer.Duty, "GET", "/v1/notices", "", ""); len(n.Notices) != 0 {
		t.Errorf("bad input left %d notices", len(n.Notices))
	}
}

// feature2 takes the shape out of a NOTAM.
func feature2(text string) string {
	return strings.Replace(text, "WITHIN A RADIUS OF 5NM CENTERED ON 352500N 0355000E", "", 1)
}

func TestRateSparesHoldAndDistress(t *testing.T) {
	blue, _, _ := pair(t, Limits{PerSecond: 0.001, Burst: 2})
	const call = `{"type":"%","text":"x","language":"en"}`
	for range 2 {
		want[Lines](t, blue, officer.Duty, "GET", "/v1/lines", "", "")
	}
	if status, _ := blue.ask(t, officer.Duty, "GET", "/v1/lines", "", ""); status != http.StatusTooManyRequests {
		t.Errorf("over the rate: %d", status)
	}
	if status, _ := blue.ask(t, officer.Duty, "POST", "/v1/calls", typeJSON, strings.Replace(call, "%", "query", 1)); status != http.StatusTooManyRequests {
		t.Errorf("a query over the rate: %d", status)
	}
	for _, urgent := range []string{"hold", "distress"} {
		want[view.Call](t, blue, officer.Duty, "POST", "/v1/calls", typeJSON, strings.Replace(call, "%", urgent, 1))
	}
	want[Lines](t, blue, officer.Planner, "GET", "/v1/lines", "", "")
}

func TestBrowsersOfOtherSitesAreRefused(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	for name, change := range map[string]func(*http.Request){
		"another host":   func(r *http.Request) { r.Host = "evil.example" },
		"another origin": func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"old browser":    func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
	} {
		r := httptest.NewRequest("POST", "http://127.0.0.1/v1/calls", strings.NewReader(`{"type":"hold","text":"x","language":"en"}`))
		r.Header.Set("Authorization", "Bearer "+blue.tokens[officer.Duty])
		r.Header.Set("Content-Type", typeJSON)
		change(r)
		w := httptest.NewRecorder()
		blue.h.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestNobodyToUseIt(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	b := &books{}
	b.add(t, "gone", officer.Duty, -1_000_000_000_000)
	for _, book := range []*books{{}, b} {
		_, err := New(Config{Node: blue.node, Officers: book, Audit: blue.audit, Rand: strings.NewReader(""), Clock: systemClock(), Log: quietLog(), Instance: "x"})
		if !fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), "parley officer add") {
			t.Errorf("New: %v", err)
		}
	}
}

func TestCursorReadsBack(t *testing.T) {
	for _, c := range []ledger.Cursor{{}, {Epoch: 1}, {Epoch: 3, Own: 7, Other: 9}} {
		if got, err := ParseCursor(FormatCursor(c)); err != nil || got != c {
			t.Errorf("%+v reads back as %+v, %v", c, got, err)
		}
	}
}

func FuzzParseCursor(f *testing.F) {
	f.Add("1.2.3")
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := ParseCursor(s); err == nil && FormatCursor(c) != s {
			t.Errorf("%q reads as %+v", s, c)
		}
	})
}

func FuzzReadProblem(f *testing.F) {
	f.Add([]byte(`{"code":"invalid","rule":"x","errors":[{"code":"invalid","rule":"y"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := ReadProblem(data); err == nil && p.All() == nil {
			t.Error("a problem that says no error")
		}
	})
}
