package api

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/api/officer"
	"parley/node/view"
	"parley/transcript"
)

// leveled is the survey in a band of flight levels, as a file of a party.
func leveled(party, id string, low, high int) string {
	band := fmt.Sprintf(`"lower":{"value":%d,"unit":"FL","reference":"FL"},"upper":{"value":%d,"unit":"FL","reference":"FL"},"contact"`, low, high)
	return strings.NewReplacer("blue-7", id, `"blue"`, `"`+party+`"`, `"contact"`, band, "9260", "5000").Replace(survey)
}

// quoted is a text as a member of JSON.
func quoted(lines ...string) string {
	return `"` + strings.Join(lines, `\n`) + `"`
}

func (d *desk) notice(t *testing.T, party, id string) view.Notice {
	t.Helper()
	return want[view.Notice](t, d, officer.Observer, "GET", "/v1/notices/"+id+"?party="+party, "", "")
}

func rung(n view.Notice, name string) view.Rung {
	for _, r := range n.Ladder {
		if r.Name == name {
			return r
		}
	}
	return view.Rung{}
}

// holds waits until a desk holds a notice of a party.
func (d *desk) holds(t *testing.T, party, id string) {
	t.Helper()
	until(t, "the notice arrives", func() bool {
		status, _ := d.ask(t, officer.Observer, "GET", "/v1/notices/"+id+"?party="+party, "", "")
		return status == http.StatusOK
	})
}

// TestLadderThroughTheAPI climbs every rung: both desks answer with the same ladder.
func TestLadderThroughTheAPI(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	want[Filings](t, blue, officer.Planner, "POST", "/v1/notices", typeGeoJSON, leveled("blue", "blue-7", 100, 120))
	red.holds(t, "blue", "blue-7")
	want[EntryAnswer](t, red, officer.Duty, "POST", "/v1/receive", typeJSON, `{"id":"blue-7"}`)

	said := func(latitude string) string {
		return `{"id":"blue-7","by":"map","text":` + quoted("position: "+latitude+" N 035 57.000 E", "radius: 5000 m", "lower: FL 100", "upper: FL 120",
			"from: 1 1800 Z DEC 2096", "until: 1 1930 Z DEC 2096") + `}`
	}
	n := want[view.Notice](t, red, officer.Duty, "POST", "/v1/read-back", typeJSON, said("35 42.600"))
	if r := rung(n, view.ReadBack); r.Done != nil || len(r.Differ) != 1 {
		t.Errorf("two digits swapped: %+v", r)
	}
	until(t, "blue sees the difference", func() bool { return len(rung(blue.notice(t, "blue", "blue-7"), view.ReadBack).Differ) == 1 })
	n = want[view.Notice](t, red, officer.Duty, "POST", "/v1/read-back", typeJSON, said("35 24.600"))
	if r := rung(n, view.ReadBack); r.Done == nil || len(r.Differ) != 0 || r.How != "map" {
		t.Errorf("read back as told: %+v", r)
	}
	n = want[view.Notice](t, red, officer.UnitRelay, "POST", "/v1/relay", typeJSON, `{"id":"blue-7","unit":"tower","means":"phone","remark":"read twice"}`)
	if r := rung(n, view.Relayed); r.Done == nil || r.Unit != "tower" || r.How != "phone" {
		t.Errorf("relayed: %+v", r)
	}
	n = want[view.Notice](t, red, officer.UnitRelay, "POST", "/v1/unit", typeJSON, `{"id":"blue-7","unit":"tower","unable":true,"reason":"two are up"}`)
	if r := rung(n, view.UnitConfirmed); r.Done != nil || r.Unable != "two are up" {
		t.Errorf("unable: %+v", r)
	}
	want[view.Notice](t, red, officer.UnitRelay, "POST", "/v1/unit", typeJSON, `{"id":"blue-7","unit":"tower"}`)
	until(t, "blue sees the unit confirm", func() bool {
		r := rung(blue.notice(t, "blue", "blue-7"), view.UnitConfirmed)
		return r.Done != nil && r.Unable == "" && r.Unit == "tower"
	})
}

// clash files two notices that conflict, and returns the conflict's id once both desks have it.
func clash(t *testing.T, blue, red *desk, of string) string {
	t.Helper()
	want[Filings](t, blue, officer.Planner, "POST", "/v1/notices", typeGeoJSON, leveled("blue", "blue-"+of, 100, 120))
	red.holds(t, "blue", "blue-"+of)
	filed := want[Filings](t, red, officer.Planner, "POST", "/v1/notices", typeGeoJSON, leveled("red", "red-"+of, 110, 130))
	if len(filed.Filed[0].Conflicts) == 0 {
		t.Fatal("no conflict on filing")
	}
	id := filed.Filed[0].Conflicts[0].ID
	until(t, "the other desk has the conflict", func() bool {
		status, _ := blue.ask(t, officer.Observer, "GET", "/v1/conflicts/"+id, "", "")
		return status == http.StatusOK
	})
	return "/v1/conflicts/" + id
}

// TestSettlingThroughTheAPI works out one conflict by a move and one by accepted risk.
func TestSettlingThroughTheAPI(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	at := clash(t, blue, red, "7")
	options := want[view.Options](t, red, officer.Duty, "GET", at+"/options", "", "")
	i := 0
	for i < len(options.Options) && (options.Options[i].Mover != "blue" || options.Options[i].Shift.TimeS == 0) {
		i++
	}
	if i == len(options.Options) {
		t.Fatalf("no option in time for blue: %+v", options)
	}
	move := fmt.Sprintf(`{"mover":"blue","shift":{"time_s":%v},"remark":"the least"}`, options.Options[i].Shift.TimeS)
	if x := want[view.Conflict](t, red, officer.Duty, "POST", at+"/propose", typeJSON, move); x.State != "proposed" {
		t.Errorf("proposed: %s", x.State)
	}
	until(t, "blue has the proposal", func() bool {
		return len(want[view.Conflict](t, blue, officer.Duty, "GET", at, "", "").Proposals) == 1
	})
	if status, body := blue.ask(t, officer.Duty, "POST", at+"/reply", typeJSON, `{"accept":false}`); status != http.StatusBadRequest || !strings.Contains(string(body), "reason") {
		t.Errorf("refused without a reason: %d %s", status, body)
	}
	if a := want[view.Amended](t, blue, officer.Duty, "POST", at+"/reply", typeJSON, `{"accept":true}`); a.Notice == nil || a.Notice.Version != 2 || a.Conflict.State != "separated" {
		t.Errorf("accepted: %+v", a)
	}
	until(t, "red sees the two apart", func() bool {
		return want[view.Conflict](t, red, officer.Duty, "GET", at, "", "").State == "separated"
	})

	at = clash(t, blue, red, "8")
	risk := `{"how":"accepted risk","reason":"both see each other"}`
	if status, _ := red.ask(t, officer.Duty, "POST", at+"/settle", typeJSON, risk); status != http.StatusForbidden {
		t.Errorf("a duty officer accepts the risk: %d", status)
	}
	if x := want[view.Conflict](t, red, officer.Supervisor, "POST", at+"/settle", typeJSON, risk); x.State == "accepted risk" {
		t.Error("one side alone accepted the risk")
	}
	until(t, "blue has red's word", func() bool {
		return len(want[view.Conflict](t, blue, officer.Duty, "GET", at, "", "").Settlings) == 1
	})
	if x := want[view.Conflict](t, blue, officer.Supervisor, "POST", at+"/settle", typeJSON, risk); x.State != "accepted risk" {
		t.Errorf("both accepted the risk: %s", x.State)
	}
	if status, _ := blue.ask(t, officer.Duty, "POST", at+"/apply", "", ""); status != http.StatusNotFound && status != http.StatusConflict && status != http.StatusBadRequest {
		t.Errorf("nothing to apply: %d", status)
	}
}

// TestCallsThroughTheAPI leads each type of call from its first word to its end.
func TestCallsThroughTheAPI(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	seen := func(entry string, ok func(c view.Call) bool) {
		t.Helper()
		until(t, "the other desk sees it", func() bool {
			for _, c := range want[Calls](t, blue, officer.Observer, "GET", "/v1/calls", "", "").Calls {
				if c.Entry == entry {
					return ok(c)
				}
			}
			return false
		})
	}
	call := func(d *desk, role officer.Role, path, body string) view.Call {
		t.Helper()
		return want[view.Call](t, d, role, "POST", path, typeJSON, body)
	}
	in := func(d time.Duration) string { return time.Now().UTC().Add(d).Format(time.RFC3339) }

	hold := call(red, officer.Duty, "/v1/calls", `{"type":"hold","phrase":1,"text":"стойте","language":"ru","review":"`+in(time.Hour)+`"}`)
	seen(hold.Entry, func(c view.Call) bool { return c.State == "open" && c.Phrase == 1 && c.Text == "стойте" })
	c := call(blue, officer.Interpreter, "/v1/calls/translate", `{"entry":"`+hold.Entry+`","language":"en","text":"stop"}`)
	if len(c.Translations) != 1 || c.Translations[0].Translator != "the interpreter" || c.Text != "стойте" {
		t.Errorf("translated: %+v", c.Speech)
	}
	if c = call(blue, officer.Duty, "/v1/calls/answer", `{"call":"`+hold.Entry+`","word":"holding","text":"stopped","language":"en"}`); c.State != "holding" {
		t.Errorf("answered: %s", c.State)
	}
	until(t, "red sees the answer", func() bool {
		return want[Calls](t, red, officer.Observer, "GET", "/v1/calls", "", "").Calls[0].State == "holding"
	})
	c = call(red, officer.Duty, "/v1/calls/review", `{"call":"`+hold.Entry+`","review":"`+in(2*time.Hour)+`","text":"longer","language":"en"}`)
	if len(c.Reviews) != 1 || !c.Review.After(time.Now().Add(90*time.Minute)) {
		t.Errorf("reviewed: %+v", c.Reviews)
	}
	if c = call(red, officer.Duty, "/v1/calls/lift", `{"call":"`+hold.Entry+`","text":"go on","language":"en"}`); c.State != "lifted" {
		t.Errorf("lifted: %s", c.State)
	}
	seen(hold.Entry, func(c view.Call) bool { return c.State == "lifted" && c.Lifted != nil })

	query := call(red, officer.Duty, "/v1/calls", `{"type":"query","text":"where in the north?","language":"en"}`)
	seen(query.Entry, func(view.Call) bool { return true })
	call(blue, officer.Duty, "/v1/calls/answer", `{"call":"`+query.Entry+`","text":"at the coast","language":"en"}`)
	call(red, officer.Duty, "/v1/calls/end", `{"call":"`+query.Entry+`","text":"thank you","language":"en"}`)
	seen(query.Entry, func(c view.Call) bool { return c.State == "ended" && len(c.Answers) == 1 })

	distress := call(red, officer.Duty, "/v1/calls",
		`{"type":"distress","text":"an aircraft is down","language":"en","position":[35.7,35.4],"last_seen":"`+in(-time.Minute)+`","persons":15,"nature":"aircraft"}`)
	seen(distress.Entry, func(c view.Call) bool {
		return c.Persons == 15 && c.Position != nil && *c.Position == [2]float64{35.7, 35.4} && !c.LastSeen.IsZero() && c.Nature == "aircraft"
	})
	for body, field := range map[string]string{
		`{"type":"hold","text":"x","language":"en","persons":3}`:                                "persons",
		`{"type":"distress","text":"x","language":"en","position":[35.4,95]}`:                   "position",
		`{"type":"query","text":"x","language":"en","review":"` + in(time.Hour) + `"}`:          "review",
		`{"type":"hold","text":"x","language":"en","review":"` + in(-time.Hour) + `"}`:          "review",
		`{"type":"concern","text":"` + "\u202e" + `x","language":"en","phrase":9999}`:           "phrase",
		`{"type":"distress","text":"x","language":"en","last_seen":"` + in(24*time.Hour) + `"}`: "last_seen",
	} {
		if status, answer := red.ask(t, officer.Duty, "POST", "/v1/calls", typeJSON, body); status/100 != 4 || !strings.Contains(string(answer), field) {
			t.Errorf("%s: %d %s, want a refusal of %s", body, status, answer, field)
		}
	}
	p := want[Phrases](t, blue, officer.Observer, "GET", "/v1/phrases?language=he", "", "")
	if len(p.Phrases) < 30 || p.Phrases[0].Language != "he" || p.Phrases[0].Reviewed {
		t.Errorf("phrases: %d, the first %+v", len(p.Phrases), p.Phrases[0])
	}
}

// TestDiscloseThroughTheAPI previews and writes a file for someone who is not on the line.
func TestDiscloseThroughTheAPI(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	at := clash(t, blue, red, "7")
	id := strings.TrimPrefix(at, "/v1/conflicts/")
	want[view.Conflict](t, red, officer.Duty, "POST", at+"/own", "", "")
	until(t, "blue sees who took it", func() bool {
		return want[view.Conflict](t, blue, officer.Duty, "GET", at, "", "").State == "owned"
	})
	about := func(name, fields string) string { return `{"about":["` + name + `"],"fields":[` + fields + `]}` }
	kinds := func(v view.Disclosure) (out []string) {
		for _, e := range v.Entries {
			out = append(out, e.Party+" "+e.Kind)
		}
		return out
	}
	v := want[view.Disclosure](t, blue, officer.Reviewer, "POST", "/v1/disclose/preview", typeJSON, about(id[:12], `"*"`))
	if got := kinds(v); len(got) != 2 || got[0] != "red conflict" || got[1] != "red conflict.owned" {
		t.Errorf("about the conflict: %v", got)
	}
	v = want[view.Disclosure](t, blue, officer.Reviewer, "POST", "/v1/disclose/preview", typeJSON, about("blue-7", `"id","volumes"`))
	if got := kinds(v); len(got) != 3 || got[0] != "blue notice" || !slices.Equal(v.Entries[0].Shown, []string{"id", "volumes"}) || v.Others != 1 {
		t.Errorf("about the notice: %v, %+v", got, v)
	}
	status, file := blue.ask(t, officer.Supervisor, "POST", "/v1/disclose", typeJSON, about("blue-7", `"id","volumes"`))
	rep := transcript.Verify(bytes.NewReader(file), transcript.Options{Agreement: agreement.Info, Said: 10})
	if status != http.StatusOK || !rep.OK || rep.Transcripts[0].Disclosed != 2 || bytes.Contains(file, []byte("survey")) || len(rep.Transcripts[0].Said) != 1 {
		t.Errorf("%d, %+v", status, rep)
	}
	for body, field := range map[string]string{
		`{}`:                              "fields",
		about("nothing", `"*"`):           "names no entry",
		`{"fields":["*"],"party":"grey"}`: "party",
		`{"fields":["*"],"without_agreement":true}`:                                     "keys are not signed by both parties here",
		`{"fields":["*"],"without_agreement":true,"keys":["x"]}`:                        "is not a signed note",
		`{"fields":["*"],"keys":["x"]}`:                                                 "that is not shown",
		`{"fields":["*"],"kinds":[""]}`:                                                 "kinds",
		`{"fields":["*"],"from":"2026-01-02T00:00:00Z","until":"2026-01-01T00:00:00Z"}`: "until",
		`{"fields":["*"],"until":"2020-01-01T00:00:00Z"}`:                               "entries",
	} {
		if status, answer := blue.ask(t, officer.Supervisor, "POST", "/v1/disclose", typeJSON, body); status/100 != 4 || !strings.Contains(string(answer), field) {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
}
