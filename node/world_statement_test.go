package node

import (
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/fault"
	"parley/node/body"
	"parley/node/view"
	"parley/statement"
)

// stating drafts a joint statement of a world's line, or with a party that party's alone.
func (w *world) stating(party, title, text string, change func(*statement.Statement)) statement.Statement {
	s := statement.Statement{Form: statement.Joint, Line: w.ends[0].line().ID, Date: time.Now().UTC().Truncate(time.Millisecond), Title: title,
		Texts: []statement.Text{{Language: "en", Text: text}}}
	for _, e := range w.ends {
		if party == "" || e.party == party {
			s.Parties = append(s.Parties, statement.Party{Name: e.party, PartyKey: e.keys.card(e.party).PartyKey})
		}
	}
	if party != "" {
		s.Form = statement.OneSided
	}
	if change != nil {
		change(&s)
	}
	s.Standing = statement.Standing(s.Form, s.Parties)
	return s
}

func (e *end) signs(s statement.Statement) []byte {
	e.w.t.Helper()
	return taken(statement.Sign(s, e.party, e.keys.party))
}

func (e *end) cosigns(note []byte) []byte {
	e.w.t.Helper()
	return taken(statement.Cosign(note, e.party, e.keys.party))
}

// taken is for what cannot fail here.
func taken[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// puts puts a note on the line by two officers, as the agreement wants it, and returns its id.
func (e *end) puts(note []byte) string {
	e.w.t.Helper()
	put, err := e.PutStatement(e.w.t.Context(), ana, "", note)
	if err != nil || put.Release == nil || put.Statement != nil {
		e.w.t.Fatalf("%s: %+v, %v", e.party, put, err)
	}
	if r, err := e.GiveRelease(e.w.t.Context(), chief, put.Release.ID); err != nil || r.State != view.ReleaseReleased {
		e.w.t.Fatalf("%s: %+v, %v", e.party, r, err)
	}
	return put.Release.Subject
}

// statedAs waits until a statement is in a state at both, and returns it.
func (w *world) statedAs(id, state string) view.Statement {
	w.t.Helper()
	var v view.Statement
	w.within(time.Minute, "what was said is at both", w.settled)
	for _, e := range w.ends {
		v = taken(e.Statement(w.t.Context(), "", id))
		if v.State != state {
			w.t.Errorf("%s: %s is %s: %s %v, want %s", e.party, v.Title, v.State, v.Standing, v.Flags, state)
		}
	}
	return v
}

func statementWorld(t *testing.T, f func(t *testing.T, w *world, red, blue *end)) {
	inWorld(t, func(terms *agreement.Terms) { dutyTerms(terms); terms.TwoPersons = agreement.Actions() }, f)
}

// TestStatementsAtBoth: proposed, refused, proposed again, agreed, corrected, withdrawn; each by two
// officers, over a restart, and the same at both nodes.
func TestStatementsAtBoth(t *testing.T) {
	statementWorld(t, func(t *testing.T, w *world, red, blue *end) {
		ctx := t.Context()
		proposal := red.signs(w.stating("", "The joint team", "It meets on 3 December.", nil))
		id := red.puts(proposal)
		if v := w.statedAs(id, "proposed"); v.Waits != "blue" || v.AgreedAt != nil || !strings.Contains(v.Standing, "silence is no consent") || len(v.Flags) > 0 {
			t.Errorf("proposed: %+v", v)
		}
		if l := blue.line().Statements; len(l) != 1 || l[0].Waits != "blue" {
			t.Errorf("blue's line: %+v", l)
		}
		if _, err := red.RefuseStatement(ctx, chief, "", id, "x"); !fault.Is(err, fault.Mismatch) {
			t.Errorf("red refused its own: %v", err)
		}
		if _, err := red.PutStatement(ctx, ana, "", proposal); !fault.Is(err, fault.Mismatch) {
			t.Errorf("proposed twice: %v", err)
		}
		taken(blue.RefuseStatement(ctx, chief, "", id, "the date is wrong"))
		if v := w.statedAs(id, "refused"); v.Waits != "" || v.Refusals[0].Reason != "the date is wrong" {
			t.Errorf("refused: %+v", v)
		}
		time.Sleep(time.Hour)
		red.puts(proposal)
		w.statedAs(id, "proposed")
		red.halt()
		red.open()
		w.within(time.Minute, "both may sign", w.unready)
		blue.puts(blue.cosigns(proposal))
		v := w.statedAs(id, "agreed")
		if v.Signatures[1].Officer != "Ana" || v.Signatures[1].ReleasedBy != "Chief" || len(v.Flags) > 0 || len(red.line().Statements) > 0 {
			t.Errorf("agreed: %+v", v)
		}
		if s, err := statement.Open([]byte(v.Note)); err != nil || !s.Agreed() {
			t.Errorf("the note: %v", err)
		}
		fixed := red.puts(red.signs(w.stating("", "The joint team, corrected", "It meets on 4 December.", func(s *statement.Statement) { s.Corrects = id })))
		if v := w.statedAs(id, "agreed"); len(v.CorrectedBy) != 1 || v.CorrectedBy[0].Counts || !strings.Contains(v.Standing, "which is not agreed") {
			t.Errorf("a correction is proposed: %+v", v)
		}
		blue.puts(blue.cosigns([]byte(w.statedAs(fixed, "proposed").Note)))
		if v := w.statedAs(id, "agreed"); !v.CorrectedBy[0].Counts {
			t.Errorf("corrected: %+v", v)
		}
		alone := red.puts(red.signs(w.stating("red", "We leave the team", "We leave.", func(s *statement.Statement) { s.Withdraws = fixed })))
		w.statedAs(alone, "one-sided")
		if v := w.statedAs(fixed, "agreed"); v.WithdrawnBy[0].Counts || !strings.Contains(v.Standing, "red alone says that it is withdrawn") {
			t.Errorf("withdrawn by red alone: %+v", v)
		}
		if _, err := red.PutStatement(ctx, ana, "", red.signs(w.stating("red", "We leave again", "We leave.", func(s *statement.Statement) { s.Withdraws = fixed }))); !fault.Is(err, fault.Mismatch) {
			t.Errorf("withdrawn twice by red: %v", err)
		}
		back := red.signs(w.stating("", "No joint team", "It is over.", func(s *statement.Statement) { s.Withdraws = fixed }))
		red.puts(back)
		blue.puts(blue.cosigns(back))
		if v := w.statedAs(fixed, "withdrawn"); v.AgreedAt == nil || !strings.Contains(v.Standing, "withdrawn by both") {
			t.Errorf("withdrawn by both: %+v", v)
		}
		if _, err := blue.PutStatement(ctx, ana, "", blue.signs(w.stating("", "Again", "Over.", func(s *statement.Statement) { s.Withdraws = fixed }))); !fault.Is(err, fault.Mismatch) {
			t.Errorf("withdrawn twice: %v", err)
		}
		// Everything about the first: two proposals, a refusal, the answer, and what corrects it.
		shown := taken(blue.WouldDisclose(ctx, "", Disclosing{About: []string{id[:12]}, Fields: []string{AllTold}}))
		kinds := ""
		for _, e := range shown.Entries {
			kinds += e.Kind + " "
		}
		if kinds != "statement statement.refused statement statement statement statement statement statement statement " {
			t.Errorf("about it: %s", kinds)
		}
		list, err := blue.Statements(ctx, StatementFilter{Text: "joint  TEAM"})
		if err != nil || len(list.Statements) != 3 || !strings.HasPrefix(list.Answer, `Yes: "The joint team" (`) || list.Looked[0].Agreed != 3 {
			t.Errorf("was it ever agreed: %+v, %v", list, err)
		}
		if list, err = blue.Statements(ctx, StatementFilter{Text: "ceasefire"}); err != nil || !strings.HasPrefix(list.Answer, `No: no statement that holds "ceasefire" was ever agreed on the record that this node holds. Looked through`) {
			t.Errorf("was it ever agreed: %+v, %v", list, err)
		}
	})
}

// TestSignedAtOnce: both sign the same bytes while the line is cut, and it is agreed; what one party took
// back before the other signed it, with that in hand, is not.
func TestSignedAtOnce(t *testing.T) {
	statementWorld(t, func(t *testing.T, w *world, red, blue *end) {
		ctx := t.Context()
		s := w.stating("", "At once", "Both sign.", nil)
		w.net.SetCut(true)
		id := red.puts(red.signs(s))
		blue.puts(blue.signs(s))
		w.net.SetCut(false)
		w.within(time.Hour, "the line is up", w.unready)
		if v := w.statedAs(id, "agreed"); len(v.Signatures) != 2 || strings.Count(v.Note, "\n— ") != 2 {
			t.Errorf("%+v", v)
		}
		// Red takes a proposal back while blue signs it: blue did not know.
		race := red.signs(w.stating("", "A race", "Both sign, and red takes it back.", nil))
		raced := red.puts(race)
		w.statedAs(raced, "proposed")
		w.net.SetCut(true)
		red.puts(red.signs(w.stating("red", "Taken back", "No.", func(s *statement.Statement) { s.Withdraws = raced })))
		blue.puts(blue.cosigns(race))
		w.net.SetCut(false)
		w.within(time.Hour, "the line is up", w.unready)
		if v := w.statedAs(raced, "agreed"); v.WithdrawnBy[0].Counts {
			t.Errorf("%+v", v)
		}
		// Blue knows, its door refuses, and what passes by the door is flagged.
		gone := red.signs(w.stating("", "Gone", "Red takes it back in time.", nil))
		goneID := red.puts(gone)
		red.puts(red.signs(w.stating("red", "Taken back in time", "No.", func(s *statement.Statement) { s.Withdraws = goneID })))
		w.statedAs(goneID, "withdrawn")
		if _, err := blue.PutStatement(ctx, ana, "", blue.cosigns(gone)); !fault.Is(err, fault.Mismatch) {
			t.Errorf("signed after it was withdrawn: %v", err)
		}
		blue.slips(blue.cosigns(gone), "")
		if v := w.statedAs(goneID, "withdrawn"); v.AgreedAt != nil || !strings.Contains(strings.Join(v.Flags, ";"), "after red had withdrawn it") {
			t.Errorf("%+v", v)
		}
	})
}

// slips puts a note on the line past the own door, as a node of another's making may.
func (e *end) slips(note []byte, id string) {
	e.w.t.Helper()
	if id == "" {
		id = statement.ID([]byte(string(note[:strings.LastIndex(string(note), "\n\n")+1])))
	}
	d, err := body.Draft(body.KindStatement, body.Statement{ID: id, Note: string(note), Officer: "Ana", Role: "duty"})
	if err == nil {
		_, err = e.order[0].append(e.w.t.Context(), d)
	}
	if err != nil {
		e.w.t.Fatal(err)
	}
}

// TestBadStatements: what is wrong is refused at the own door, and kept and flagged at both where it
// arrives on the line.
func TestBadStatements(t *testing.T) {
	statementWorld(t, func(t *testing.T, w *world, red, blue *end) {
		ctx := t.Context()
		id := red.puts(red.signs(w.stating("", "The joint team", "A réunion on 3 December.", nil)))
		w.statedAs(id, "proposed")
		stranger := newKeys(t)
		known := taken(red.Statement(ctx, "", id))
		wrongKey := w.stating("", "Another key", "x", func(s *statement.Statement) { s.Parties[1].PartyKey = stranger.card("blue").PartyKey })
		for _, tt := range []struct {
			name, door, flawed, flag string
			note                     []byte
			id                       string
		}{
			{name: "a wrong key", door: "party key of the agreement", flawed: "a key that is not its party key", note: taken(statement.Sign(wrongKey, "blue", stranger.party))},
			{name: "another line", door: "is the line of this statement", flawed: "of another line",
				note: blue.signs(w.stating("", "Elsewhere", "x", func(s *statement.Statement) { s.Line = strings.Repeat("ab", 32) }))},
			{name: "the other's alone", door: "is not signed by blue", flawed: "is stated by red, and blue put it on the line", note: red.signs(w.stating("red", "Red alone", "x", nil))},
			{name: "without the own signature", door: "is not signed by blue", flawed: "is not signed by blue", note: red.signs(w.stating("", "Not blue's", "x", nil))},
			{name: "a space more", door: "a space", flag: "they differ in spaces alone", note: blue.signs(w.stating("", "The team", "A réunion on  3 December.", nil))},
			{name: "another normal form", door: "normal form C", flawed: "they differ in Unicode normal form alone", id: strings.Repeat("0", 64),
				note: []byte(strings.ReplaceAll(known.Note, "r\u00e9union", "re\u0301union"))},
			{name: "corrects nothing", door: "no statement on this line's record", flag: "names a statement that is not on this line's record",
				note: blue.signs(w.stating("", "Corrects nothing", "y", func(s *statement.Statement) { s.Corrects = strings.Repeat("0f", 32) }))},
			{name: "a changed text", door: "does not hold", flawed: "does not hold", note: []byte(strings.Replace(known.Note, "3 December", "4 December", 1))},
			{name: "no note", door: "must begin with the line", flawed: "must begin with the line", note: []byte("hello\n\n"), id: "x"},
		} {
			if _, err := blue.PutStatement(ctx, ana, "", tt.note); err == nil || !strings.Contains(err.Error(), tt.door) {
				t.Errorf("%s at the door: %v, want %q", tt.name, err, tt.door)
			}
			blue.slips(tt.note, tt.id)
			w.within(time.Minute, "what was said is at both", w.settled)
			list, err := red.Statements(ctx, StatementFilter{})
			if err != nil {
				t.Fatal(err)
			}
			why := ""
			if k := len(list.Flawed); k > 0 && tt.flawed != "" {
				why = list.Flawed[k-1].Why
			}
			newest := list.Statements[len(list.Statements)-1]
			if !strings.Contains(why, tt.flawed) || !strings.Contains(strings.Join(newest.Flags, "; "), tt.flag) {
				t.Errorf("%s on the line: %q, flags %v; want %q %q", tt.name, why, newest.Flags, tt.flawed, tt.flag)
			}
		}
		if list := taken(red.Statements(ctx, StatementFilter{Agreed: true})); len(list.Statements) != 0 {
			t.Errorf("agreed: %+v", list)
		}
	})
}

// statements returns what a node says of the statements of its line, by id, and of what does not count,
// by entry.
func (e *end) statements() map[string]view.Statement {
	out := map[string]view.Statement{}
	list := taken(e.Statements(e.w.t.Context(), StatementFilter{}))
	for _, s := range list.Statements {
		out[s.ID] = s
	}
	for _, x := range list.Flawed {
		out[x.Entry] = view.Statement{ID: x.ID, Title: x.Title, Standing: x.Why, Since: x.Time, Waits: x.Party}
	}
	return out
}
