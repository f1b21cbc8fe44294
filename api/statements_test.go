package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/api/officer"
	"parley/node/view"
	"parley/statement"
)

// TestStatementByTwoOnEachSide: proposed by two persons, agreed by two, and the same at both nodes.
func TestStatementByTwoOnEachSide(t *testing.T) {
	blue, red, k := pairTwo(t, Limits{}, agreement.ActionStatement)
	line := want[Lines](t, blue, officer.Duty, "GET", "/v1/lines", "", "").Lines[0].ID
	s := statement.Statement{Form: statement.Joint, Line: line, Date: time.Now().UTC().Truncate(time.Millisecond), Title: "The joint team",
		Texts: []statement.Text{{Language: "en", Text: "A joint team meets on 3 December."}}, About: []string{"incident-1"}}
	for i, party := range []string{"blue", "red"} {
		s.Parties = append(s.Parties, statement.Party{Name: party, PartyKey: k[i].card(party).PartyKey})
	}
	s.Standing = statement.Standing(s.Form, s.Parties)
	one, err := statement.Sign(s, "blue", k[0].party)
	if err != nil {
		t.Fatal(err)
	}
	both, err := statement.Cosign(one, "red", k[1].party)
	if err != nil {
		t.Fatal(err)
	}
	put := want[view.StatementPut](t, blue, officer.Duty, "POST", "/v1/statements", typeText, string(one))
	if put.Statement != nil || put.Release == nil || put.Release.Action != "statement" {
		t.Fatalf("said by one: %+v", put)
	}
	if status, got := blue.ask(t, officer.Duty, "POST", "/v1/releases/1/give", "", ""); status/100 == 2 {
		t.Errorf("released by who prepared it: %s", got)
	}
	want[view.Release](t, blue, officer.Supervisor, "POST", "/v1/releases/1/give", "", "")
	id := put.Release.Subject
	until(t, "red has it", func() bool {
		return len(want[Lines](t, red, officer.Duty, "GET", "/v1/lines", "", "").Lines[0].Statements) == 1
	})
	if status, got := red.ask(t, officer.Duty, "POST", "/v1/statements/"+id+"/refuse", typeJSON, `{"reason":"no"}`); status != http.StatusForbidden {
		t.Errorf("refused by a duty officer: %d %s", status, got)
	}
	no := want[view.Statement](t, red, officer.Supervisor, "POST", "/v1/statements/"+id[:12]+"/refuse", typeJSON, `{"reason":"the date is wrong"}`)
	if no.State != "refused" || len(no.Refusals) != 1 || no.Note != string(one) {
		t.Errorf("refused: %+v", no)
	}
	want[view.StatementPut](t, red, officer.Duty, "POST", "/v1/statements", typeText, string(both))
	want[view.Release](t, red, officer.Supervisor, "POST", "/v1/releases/1/give", "", "")
	var got view.Statement
	until(t, "both have it as agreed", func() bool {
		got = want[view.Statement](t, blue, officer.Observer, "GET", "/v1/statements/"+id, "", "")
		return got.State == "agreed"
	})
	if got.Note != string(both) || got.AgreedAt == nil || len(got.Flags) != 0 || got.Signatures[1].ReleasedBy != "the supervisor" || got.Signatures[1].Officer != "the duty" {
		t.Errorf("agreed: %+v", got)
	}
	for query, ok := range map[string]bool{"text=JOINT++team": true, "about=incident-1&agreed=true": true, "text=another": false, "about=incident-2": false} {
		list := want[view.Statements](t, red, officer.Observer, "GET", "/v1/statements?"+query, "", "")
		if (len(list.Statements) == 1) != ok || strings.HasPrefix(list.Answer, "Yes: ") != ok || !strings.Contains(list.Answer, "1 statements, 1 of them agreed") || list.Looked[0].Statements != 1 {
			t.Errorf("%s: %+v", query, list)
		}
	}
	if status, body := red.ask(t, officer.Supervisor, "POST", "/v1/statements", typeText, string(both)); status != http.StatusConflict || !strings.Contains(string(body), "is on the record already") {
		t.Errorf("put twice: %d %s", status, body)
	}
	if status, body := red.ask(t, officer.Supervisor, "POST", "/v1/statements", typeText, "hello"); status != 400 && status != 422 {
		t.Errorf("no statement: %d %s", status, body)
	}
	if len(audited(t, red, "kind=done")) == 0 {
		t.Error("nothing is audited")
	}
}
