package api

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"parley/agreement"
	"parley/api/officer"
	"parley/catalogue"
	"parley/consent"
	"parley/internal/foreign"
	"parley/node/view"
	"parley/statement"
	"parley/voice"
)

// TestEveryViewSpeaksTheOfficersLanguage reads every view of a desk that has one of everything, in Hebrew
// and in Russian: no English is left but codes, names and what people typed. All of that is typed in Greek
// here, so that what is Latin was written by the program.
func TestEveryViewSpeaksTheOfficersLanguage(t *testing.T) {
	host := newKeys(t)
	blue, red, k := pairUnder(t, Limits{}, func(terms *agreement.Terms) {
		terms.TwoPersons = []agreement.Action{agreement.ActionCancel}
		terms.Hosts = []agreement.Host{{Name: "green", Contact: "+1", PartyKey: host.card("green").PartyKey}}
		terms.Observers = []agreement.Observer{{Name: "παρατηρητής", Contact: "+1", Disclosure: agreement.Full}}
	})
	paths := oneOfEverything(t, blue, red, k)
	consented(t, blue, host)
	everyRoute(t, paths)
	for _, language := range []string{"he", "ru"} {
		for _, d := range []*desk{blue, red} {
			asks := d.speaking(language)
			for _, path := range paths {
				status, data := asks.ask(t, officer.Supervisor, "GET", path, "", "")
				if status == http.StatusForbidden || status == http.StatusNotFound {
					continue // of the other desk
				}
				if status != http.StatusOK {
					t.Fatalf("%s: %d %s", path, status, data)
				}
				var v any
				if err := json.Unmarshal(data, &v); err != nil {
					t.Fatalf("%s: %v", path, err)
				}
				english(t, language+" "+path, "", v)
			}
			eventsIn(t, d, language)
			status, data := asks.ask(t, officer.Planner, "POST", "/v1/notices/check", typeGeoJSON, strings.NewReplacer(`"survey"`, `"έρευνα"`, "35.41]", "95.41]").Replace(survey))
			var v any
			if err := json.Unmarshal(data, &v); err != nil || status != http.StatusOK || !strings.Contains(string(data), `"words"`) {
				t.Fatalf("a file that is refused: %d %s", status, data)
			}
			english(t, language+" check", "", v)
		}
	}
}

// everyRoute fails where a view was added that is not read here, and is not one of those that have no words
// of the program: evidence, files, documents, the catalogues themselves, figures for programs.
func everyRoute(t *testing.T, paths []string) {
	t.Helper()
	wordless := []string{"/v1/openapi.yaml", "/v1/metrics", "/v1/catalogue", "/v1/phrases", "/v1/log", "/v1/export", "/v1/evidence", "/v1/events", "/v1/agreement", "/v1/reviews/minutes", "/v1/voice/page",
		"/v1/releases/{release}", "/v1/statements/{id}"} // the last two are in their lists
	for _, r := range Routes() {
		if r.Method != "GET" || r.Open || slices.Contains(wordless, r.Path) || strings.HasSuffix(r.Path, "/courier") || strings.HasPrefix(r.Path, "/v1/audit") {
			continue
		}
		form := regexp.MustCompile("^" + regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(r.Path, "[^/]+") + "$")
		if !slices.ContainsFunc(paths, func(p string) bool { p, _, _ = strings.Cut(p, "?"); return form.MatchString(p) }) {
			t.Errorf("%s is read in no language: add it to oneOfEverything", r.Path)
		}
	}
}

// eventsIn holds everything that happened at a desk.
func eventsIn(t *testing.T, d *desk, language string) {
	t.Helper()
	c, err := catalogue.Load(language)
	if err != nil {
		t.Fatal(err)
	}
	last := d.node.LastEvent()
	for e := range d.node.Events(t.Context(), 0) {
		if wrong := c.Check(e.Message); len(wrong) > 0 {
			t.Errorf("event %s %q: %v", e.Kind, e.Text, wrong)
		} else if left := foreign.Latin(c.Say(e.Message), typedHere()...); len(left) > 0 {
			t.Errorf("event %s %q: %q has %q", e.Kind, e.Text, c.Say(e.Message), left)
		}
		if e.Seq >= last {
			return
		}
	}
}

// typedHere are the names that the helpers of these tests give in Latin letters.
func typedHere() []string {
	out := []string{"blue", "red", "green", "test", "blue-7", "blue-8", "red-3", "telephone", "en", "geometry.coordinates", "GeoJSON", "Hold: our people are there. Stop and call."}
	for _, r := range officer.Roles() {
		out = append(out, "the "+string(r))
	}
	return out
}

// codes are the members that hold a code, an id or a figure, which programs read and pages translate; and
// names. A member that is not here is for people, and is said in their language.
func codes() []string {
	return []string{"id", "entry", "first", "line", "kind", "class", "domain", "state", "type", "party", "peer", "side", "by", "from", "own", "officer", "role", "code", "field", "level",
		"agreement", "cause", "desk", "own_desk", "peer_desk", "disclosure", "grade", "name", "escalated", "subject", "owner", "word", "answer", "call", "notice", "way", "other", "of", "held_as", "read_back", "standing_code", "language", "languages",
		"key", "mover", "direction", "altitude_unit", "unit", "reference", "separated_by", "filed", "conflicts", "conflict", "shown", "hidden", "fields", "action", "prepared_by", "decided_by", "waits",
		"form", "says", "clock", "owner_role", "origin", "root", "sha256", "note", "period", "url", "trouble", "denies", "version", "standing", "mark", "event", "instance", "about", "to", "taken_by", "answered_by", "set_by",
		"filed_by", "released_by", "translator", "corrects", "withdraws", "refuses", "signers", "for", "up_to", "outcome", "scope", "means_code", "epoch", "agreement_id", "current_party", "title", "coordinates", "superseded", "contact", "source_id", "item"}
}

// code is how a code may look: no sentence of a person does.
var code = regexp.MustCompile(`^[^\s]*(?: [^\s]+){0,2}$`)

// english fails where a value has English for people in it. at is the member that holds it.
func english(t *testing.T, where, at string, v any) {
	t.Helper()
	switch x := v.(type) {
	case map[string]any:
		for name, inner := range x {
			switch _, spoken := x["way"]; {
			case name == "message", name == "body": // by key and arguments; as told on the line
			case name == "reason" && x["words"] != nil: // English beside it, for programs
			case name == "told", name == "read_back": // as it is spelled out by voice, in words of ICAO
			case spoken && name == "text": // what an officer wrote down of it
			default:
				english(t, where+" "+name, name, inner)
			}
		}
	case []any:
		for _, inner := range x {
			english(t, where, at, inner)
		}
	case string:
		left := foreign.Latin(x, typedHere()...)
		if len(left) == 0 || slices.Contains(codes(), at) && code.MatchString(x) || strings.HasPrefix(x, "parley/") {
			return
		}
		t.Errorf("%s: %q has %q", where, x, left)
	}
}

// oneOfEverything leads two desks through what there is, and returns the views of it.
func oneOfEverything(t *testing.T, blue, red *desk, k [2]keys) []string {
	t.Helper()
	now := time.Now().UTC()
	stamp := func(d time.Duration) string { return now.Add(d).Format(time.RFC3339) }
	post := func(d *desk, role officer.Role, path, in string) {
		t.Helper()
		if status, data := d.ask(t, role, "POST", path, typeIf(in), in); status != http.StatusOK {
			t.Fatalf("%s: %d %s", path, status, data)
		}
	}
	greek := strings.NewReplacer(`"survey"`, `"έρευνα"`)
	want[Filings](t, blue, officer.Planner, "POST", "/v1/notices", typeGeoJSON, greek.Replace(leveled("blue", "blue-7", 100, 120)))
	want[Filings](t, red, officer.Planner, "POST", "/v1/notices", typeGeoJSON, greek.Replace(leveled("red", "red-3", 110, 130)))
	red.holds(t, "blue", "blue-7")
	var conflicts Conflicts
	until(t, "they conflict", func() bool {
		conflicts = want[Conflicts](t, blue, officer.Duty, "GET", "/v1/conflicts", "", "")
		return len(conflicts.Conflicts) == 1 && len(want[Conflicts](t, red, officer.Duty, "GET", "/v1/conflicts", "", "").Conflicts) == 1
	})
	id := conflicts.Conflicts[0].ID
	want[view.Conflict](t, blue, officer.Duty, "POST", "/v1/conflicts/"+id+"/own", "", "")
	ways := want[view.Options](t, blue, officer.Duty, "GET", "/v1/conflicts/"+id+"/options", "", "")
	if len(ways.Options) > 0 {
		shift, err := json.Marshal(ways.Options[0].Shift)
		if err != nil {
			t.Fatal(err)
		}
		post(blue, officer.Duty, "/v1/conflicts/"+id+"/propose", fmt.Sprintf(`{"mover":%q,"shift":%s}`, ways.Options[0].Mover, shift))
	}
	post(red, officer.Duty, "/v1/receive", `{"id":"blue-7"}`)
	post(red, officer.Duty, "/v1/read-back", `{"id":"blue-7","by":"map","text":`+quoted("position: 35 42.600 N 035 57.000 E", "radius: 7000 m", "lower: FL 090", "from: 1 1700 Z DEC 2096")+`}`)
	post(red, officer.UnitRelay, "/v1/relay", `{"id":"blue-7","unit":"πύργος","means":"τηλέφωνο"}`)
	post(red, officer.UnitRelay, "/v1/unit", `{"id":"blue-7","unit":"πύργος","unable":true,"reason":"δύο πετούν"}`)
	calls(t, blue, red, post)
	post(blue, officer.Duty, "/v1/tests", "")
	post(blue, officer.Planner, "/v1/notices/blue-7/state", `{"event":"cancel","reason":"καιρός"}`) // waits for a second officer
	incident(t, blue, red, post, stamp)
	stated(t, blue, k, now)
	post(blue, officer.Supervisor, "/v1/lines/red/suspend", `{"reason":"διακοπή"}`)
	want[view.Watch](t, blue, officer.Duty, "POST", "/v1/desk/accept", "", "")
	want[view.Watch](t, blue, officer.Duty, "POST", "/v1/desk/handover", typeJSON, `{"to":"the supervisor"}`)
	want[view.Watch](t, blue, officer.Duty, "POST", "/v1/desk/leave", "", "")
	return []string{"/v1/alerts", "/v1/desk", "/v1/desk/handovers", "/v1/desk/rota", "/v1/tests", "/v1/statistics?by=day", "/v1/releases", "/v1/incidents", "/v1/teams", "/v1/status", "/v1/lines", "/v1/lines/red", "/v1/lines/blue",
		"/v1/changes", "/v1/past?at=" + url.QueryEscape(time.Now().UTC().Format(time.RFC3339Nano)), "/v1/notices", "/v1/notices/blue-7?party=blue", "/v1/notices/red-3?party=red", "/v1/calls", "/v1/alarms", "/v1/alarms/false", "/v1/alarms/over",
		"/v1/conflicts", "/v1/conflicts/" + id, "/v1/conflicts/" + id + "/options", "/v1/sites", "/v1/sites/copies", "/v1/answers", "/v1/statements", "/v1/voice", "/v1/tokens", "/v1/passkeys", "/v1/session",
		"/v1/consents", "/v1/observed?observer=" + url.QueryEscape("παρατηρητής")}
}

// consented puts the word of a host on the line.
func consented(t *testing.T, d *desk, host keys) {
	t.Helper()
	ln := want[Lines](t, d, officer.Duty, "GET", "/v1/lines", "", "").Lines[0]
	now := time.Now().UTC().Truncate(time.Millisecond)
	note, err := consent.Sign(consent.Consent{Line: ln.ID, Agreement: ln.Agreement, Host: "green", HostKey: host.card("green").PartyKey, Says: consent.Consents, Date: now, From: now, Text: "κοιλάδα"}, host.party)
	if err != nil {
		t.Fatal(err)
	}
	want[view.Consent](t, d, officer.Duty, "POST", "/v1/consents", typeText, string(note))
}

// calls makes a hold with its answer, a query, and a call by voice.
func calls(t *testing.T, blue, red *desk, post func(*desk, officer.Role, string, string)) {
	t.Helper()
	hold := want[view.Call](t, blue, officer.Duty, "POST", "/v1/calls", typeJSON, `{"type":"hold","phrase":2}`)
	want[view.Call](t, blue, officer.Duty, "POST", "/v1/calls", typeJSON, `{"type":"query","text":"ποια περιοχή;","language":"el"}`)
	until(t, "red has the calls", func() bool { return len(want[Calls](t, red, officer.Duty, "GET", "/v1/calls", "", "").Calls) == 2 })
	post(red, officer.Duty, "/v1/calls/answer", fmt.Sprintf(`{"call":%q,"word":"cannot-hold","text":"όχι","language":"el"}`, hold.Entry))
	want[Filings](t, blue, officer.Duty, "POST", "/v1/notices", typeGeoJSON, strings.Replace(leveled("blue", "blue-8", 300, 320), `"survey"`, `"έρευνα"`, 1))
	page := want[voice.Page](t, blue, officer.Duty, "GET", "/v1/voice/page?format=json&notice=blue-8", "", "")
	heard := groups.ReplaceAllString(strings.Replace(heardOf(t, page), "300", "310", 1), "")
	want[view.HeardNow](t, red, officer.Duty, "POST", "/v1/voice/heard", typeJSON, heard)
	until(t, "it is matched", func() bool {
		list := want[Spoken](t, red, officer.Duty, "GET", "/v1/voice", "", "").Spoken
		return len(list) == 1 && list[0].State == view.HeardDiffers
	})
}

func incident(t *testing.T, blue, red *desk, post func(*desk, officer.Role, string, string), stamp func(time.Duration) string) {
	t.Helper()
	inc := want[view.JointReview](t, blue, officer.Supervisor, "POST", "/v1/incidents", typeJSON, `{"title":"συνάντηση","from":"`+stamp(-time.Hour)+`","until":"`+stamp(time.Hour)+`","notices":["blue-7"]}`)
	until(t, "red has it", func() bool {
		return len(want[Incidents](t, red, officer.Observer, "GET", "/v1/incidents", "", "").Incidents) == 1
	})
	post(red, officer.Reviewer, "/v1/reviews/item", `{"of":"`+inc.Entry+`","text":"πέρασαν","from":"`+stamp(-time.Minute)+`","clock":"red"}`)
	post(red, officer.Supervisor, "/v1/reviews/undertaking", `{"of":"`+inc.Entry+`","text":"σήμανση","owner":"red","owner_role":"μηχανικοί","due":"`+stamp(time.Hour)+`"}`)
}

// stated puts a joint statement that waits, and one by blue alone, on the line.
func stated(t *testing.T, blue *desk, k [2]keys, now time.Time) {
	t.Helper()
	line := want[Lines](t, blue, officer.Duty, "GET", "/v1/lines", "", "").Lines[0].ID
	for i, form := range []statement.Form{statement.Joint, statement.OneSided} {
		s := statement.Statement{Form: form, Line: line, Date: now.Truncate(time.Millisecond).Add(time.Duration(i) * time.Second), Title: "ομάδα", Texts: []statement.Text{{Language: "el", Text: "κείμενο"}}}
		for j, party := range []string{"blue", "red"}[:2-i] {
			s.Parties = append(s.Parties, statement.Party{Name: party, PartyKey: k[j].card(party).PartyKey})
		}
		s.Standing = statement.Standing(s.Form, s.Parties)
		one, err := statement.Sign(s, "blue", k[0].party)
		if err != nil {
			t.Fatal(err)
		}
		want[view.StatementPut](t, blue, officer.Supervisor, "POST", "/v1/statements", typeText, string(one))
	}
}

func typeIf(body string) string {
	if body == "" {
		return ""
	}
	return typeJSON
}
