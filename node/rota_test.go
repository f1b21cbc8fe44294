package node

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"parley/agreement"
	"parley/fault"
	"parley/internal/testnet"
	"parley/node/view"
)

const rotaHead = "from,until,officer,role\n"

func TestReadRota(t *testing.T) {
	rows, err := ReadRota([]byte("\xef\xbb\xbfRole;Officer;From;Until\r\nduty;Boris;2026-12-01T08:00:00Z;2026-12-01T16:00:00Z\r\nsupervisor;'-Ana;2026-12-01T03:00:00+03:00;2026-12-01T08:00:00Z\r\n"), RotaCSV)
	if err != nil || len(rows) != 2 || rows[0].Officer != "-Ana" || rows[0].Role != "supervisor" || !rows[0].From.Equal(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)) || rows[1].Officer != "Boris" {
		t.Errorf("%+v, %v", rows, err)
	}
	if rows, err := ReadRota([]byte(rotaHead), RotaCSV); err != nil || len(rows) != 0 {
		t.Errorf("a heading alone: %+v, %v", rows, err)
	}
	row := func(from, until, officer, role string) string {
		return strings.Join([]string{from, until, officer, role}, ",") + "\n"
	}
	const six, eight, ten = "2026-12-01T06:00:00Z", "2026-12-01T08:00:00Z", "2026-12-01T10:00:00Z"
	for name, tt := range map[string]struct{ format, data, want string }{
		"empty":         {RotaCSV, "", "column from: is missing"},
		"a column more": {RotaCSV, "from,until,officer,role,weapon\n", "column 5"},
		"twice":         {RotaCSV, "from,from,officer,role\n", "column 2"},
		"one missing":   {RotaCSV, "from,until,officer\n", "column role: is missing"},
		"no offset":     {RotaCSV, rotaHead + row("2026-12-01T06:00:00", eight, "Ana", "duty"), "row 1.from"},
		"end first":     {RotaCSV, rotaHead + row(eight, six, "Ana", "duty"), "row 1.until"},
		"no time":       {RotaCSV, rotaHead + row(eight, eight, "Ana", "duty"), "row 1.until"},
		"no name":       {RotaCSV, rotaHead + row(six, eight, "", "duty"), "row 1.officer"},
		"no plain name": {RotaCSV, rotaHead + row(six, eight, "An\u202ea", "duty"), "row 1.officer"},
		"long name":     {RotaCSV, rotaHead + row(six, eight, strings.Repeat("a", 101), "duty"), "row 1.officer"},
		"planner":       {RotaCSV, rotaHead + row(six, eight, "Ana", "planner"), "row 1.role"},
		"overlap":       {RotaCSV, rotaHead + row(six, ten, "Ana", "duty") + row(eight, ten, "Boris", "duty"), "before the watch of Ana ends"},
		"a cell more":   {RotaCSV, rotaHead + row(six, eight, "Ana,Boris", "duty"), "row 1"},
		"quotes":        {RotaCSV, rotaHead + row(six, eight, `"Ana`, "duty"), "line 2"},
		"rows":          {RotaCSV, rotaHead + strings.Repeat("a,a,a,a\n", MaxRotaRows+1), "at most 1000 rows"},
		"bytes":         {RotaCSV, strings.Repeat("a", MaxRotaBytes+1), "at most 65536 bytes"},
		"format":        {"xlsx", rotaHead, "csv or json"},
		"no rows":       {RotaJSON, `{}`, "rows: is missing"},
		"a member more": {RotaJSON, `{"rows":[{"from":"` + six + `","until":"` + eight + `","officer":"Ana","role":"duty","weapon":"x"}]}`, "weapon"},
	} {
		if _, err := ReadRota([]byte(tt.data), tt.format); err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), `"`, ""), tt.want) {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}

func FuzzReadRota(f *testing.F) {
	f.Add([]byte(rotaHead + "2026-12-01T06:00:00Z,2026-12-01T08:00:00+01:00,Ana,duty\n"))
	f.Add([]byte("role;officer;until;from\nduty;'=x;2026-12-01T08:00:00Z;2026-12-01T06:00:00Z\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, err := ReadRota(data, RotaCSV)
		if err != nil {
			return
		}
		if len(rows) > MaxRotaRows {
			t.Fatal(len(rows))
		}
		for i, r := range rows {
			if !r.Until.After(r.From) || r.Officer == "" || i > 0 && r.From.Before(rows[i-1].Until) {
				t.Fatalf("row %d of %+v", i+1, rows)
			}
		}
		raw, err := json.Marshal(struct {
			Rows []view.RotaRow `json:"rows"`
		}{rows})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ReadRota(raw, RotaJSON); len(raw) <= MaxRotaBytes && (err != nil || !slices.Equal(again, rows)) {
			t.Fatalf("%+v as JSON: %+v, %v", rows, again, err)
		}
	})
}

// TestRotaByTheMinute holds what the rota says against a list of who is named in each minute.
func TestRotaByTheMinute(t *testing.T) {
	start := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	at := func(m int) time.Time { return start.Add(time.Duration(m) * time.Minute) }
	rapid.Check(t, func(t *rapid.T) {
		const minutes = 400
		var named [minutes]string // "": nobody
		var r rota
		for m := 0; m < minutes-100; {
			m += rapid.SampledFrom([]int{0, 0, 10, 30}).Draw(t, "gap")
			k := rapid.IntRange(1, 40).Draw(t, "minutes")
			who := rapid.SampledFrom([]string{"Ana", "Boris", "Carl"}).Draw(t, "officer")
			r.Rows = append(r.Rows, view.RotaRow{From: at(m), Until: at(m + k), Officer: who, Role: "duty"})
			for ; k > 0; k-- {
				named[m], m = who, m+1
			}
		}
		now := rapid.IntRange(0, minutes-1).Draw(t, "now")
		current, next := r.about(at(now))
		if (current == nil) != (named[now] == "") || current != nil && current.Officer != named[now] {
			t.Fatalf("now %d: %+v, want %q", now, current, named[now])
		}
		m := now
		for m < minutes && named[m] == named[now] {
			m++
		}
		for m < minutes && named[m] == "" {
			m++
		}
		if (next == nil) != (m == minutes) || next != nil && (next.Officer != named[m] || !next.From.Equal(at(m))) {
			t.Fatalf("after %d: %+v, want %d", now, next, m)
		}
		last := r.Rows[len(r.Rows)-1].Until
		want := now // where the first gap begins; from the last row that is over where it is one now
		if named[now] == "" {
			for want > 0 && named[want-1] == "" {
				want--
			}
		} else {
			for want < minutes && named[want] != "" {
				want++
			}
		}
		if got := r.gap(at(now)); want == 0 && named[0] == "" { // before the first row there is none
			if m := slices.IndexFunc(named[:], func(s string) bool { return s != "" }); now < m && got.Before(at(m)) {
				t.Fatalf("gap %v before the first row", got)
			}
		} else if !got.Equal(at(want)) {
			t.Fatalf("gap at %d: %v, want %v; the rota ends %v", now, got, at(want), last)
		}
		officer := rapid.SampledFrom([]string{"Ana", "Boris", "Carl"}).Draw(t, "has")
		if to := r.after(at(now), officer); to == officer || to != "" && !slices.Contains(named[now:], to) {
			t.Fatalf("%s hands to %q at %d", officer, to, now)
		} else if to == "" && next != nil && next.Officer != officer {
			t.Fatalf("%s hands to nobody at %d, and next is %s", officer, now, next.Officer)
		}
	})
}

func rotaOf(t *testing.T, start time.Time, rows ...string) []view.RotaRow {
	t.Helper()
	text := rotaHead
	for _, r := range rows {
		var from, until int
		var officer, role string
		if _, err := fmt.Sscan(r, &from, &until, &officer, &role); err != nil {
			t.Fatal(err)
		}
		at := func(h int) string { return start.Add(time.Duration(h) * time.Hour).Format(time.RFC3339) }
		text += at(from) + "," + at(until) + "," + officer + "," + role + "\n"
	}
	out, err := ReadRota([]byte(text), RotaCSV)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestADayByTheRota: through a day with a restart the rota reminds, alarms where it is not kept, names
// the next officer, and keeps calls for tests of the line away from a planned hand-over.
func TestADayByTheRota(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 1,
			change: func(terms *agreement.Terms) { dutyTerms(terms); terms.LineTimes.Heartbeat = 20 * time.Second },
			wrap:   func(_ int, o *nodeOptions) { o.tick = 5 * time.Second }})
		w.open()
		red, blue := w.ends[0], w.ends[1]
		ctx, start := t.Context(), time.Now().UTC().Truncate(time.Hour)
		at := func(h, m int) {
			time.Sleep(time.Until(start.Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute)))
		}
		said := func(kind string, level int, words string) {
			t.Helper()
			if a := red.alarmOf(kind); a == nil || a.Level != level || !strings.Contains(a.Text, words) {
				t.Errorf("%s: %+v", kind, a)
			}
		}
		quiet := func(kinds ...string) {
			t.Helper()
			for _, kind := range kinds {
				if a := red.alarmOf(kind); a != nil {
					t.Errorf("%s: %+v", kind, a)
				}
			}
		}
		watch := func(x view.Watch, err error) func(has, to string) {
			return func(has, to string) {
				t.Helper()
				if err != nil || x.Officer != has || (x.HandOver == nil) != (to == "") || x.HandOver != nil && x.HandOver.To != to {
					t.Errorf("watch: %+v, %v; want %s, to %s", x, err, has, to)
				}
			}
		}
		all := []string{"rota-next", "rota-late", "rota-other", "rota-nobody"}
		if _, err := red.BeginHandOver(ctx, ana, ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("to nobody without a rota: %v", err)
		}
		rows := rotaOf(t, start, "0 8 Ana duty", "8 12 Boris duty", "12 16 Boris duty", "18 24 Chief supervisor")
		if _, err := red.SetRota(ctx, ana, rows); !fault.Is(err, fault.Denied) {
			t.Errorf("set by a duty officer: %v", err)
		}
		if r, err := red.SetRota(ctx, chief, rows); err != nil || len(r.Rows) != 4 || len(r.Gaps) != 1 || r.SetBy != "Chief" {
			t.Fatalf("set: %+v, %v", r, err)
		}
		said("rota-gap", soon, start.Add(16*time.Hour).Format("2006-01-02 15:04Z"))
		at(0, 14)
		quiet(all...)
		at(0, 16)
		said("rota-nobody", actNow, "the rota names Ana since 00:00Z")
		watch(red.AcceptWatch(ctx, ana))("Ana", "")
		quiet(all...)
		at(7, 29)
		quiet("test-due")
		at(7, 31)
		said("test-due", look, "is owed before 08:00Z")
		at(7, 44)
		quiet(all...)
		at(7, 46)
		quiet("test-due")
		red.halt()
		red.open()
		w.within(time.Minute, "both may sign", w.unready)
		said("rota-next", look, "Boris: the watch is yours from 08:00Z by the rota; Ana has it now")
		at(8, 14)
		quiet(all...)
		if a, b := red.line().Tests, blue.line().Tests; a.State != b.State || a.Missed != b.Missed || a.Missed != 8 {
			t.Errorf("the rota changes what was missed: %+v and %+v", a, b)
		}
		at(8, 15)
		said("rota-late", actNow, "by the rota Boris takes the watch at 08:00Z, and nobody began the hand-over: Ana owns every deadline; the supervisor of red +00 11119")
		watch(red.BeginHandOver(ctx, ana, ""))("Ana", "Boris")
		quiet("rota-late")
		said("rota-other", actNow, "Ana has the watch, and the rota names Boris since 08:00Z")
		at(8, 31)
		quiet(all...) // the hand-over alarms by itself
		said("handover", actNow, "Boris did not accept")
		watch(red.AcceptWatch(ctx, boris))("Boris", "")
		quiet(all...)
		at(10, 0)
		watch(red.BeginHandOver(ctx, chief, "Chief"))("Boris", "Chief")
		watch(red.AcceptWatch(ctx, chief))("Chief", "")
		said("rota-other", soon, "Chief has the watch, and the rota names Boris since 08:00Z")
		watch(red.BeginHandOver(ctx, chief, ""))("Chief", "Boris")
		watch(red.AcceptWatch(ctx, boris))("Boris", "")
		at(12, 20)
		quiet(all...) // his own next row is no change
		at(16, 30)
		quiet(all...)
		said("rota-gap", soon, start.Add(16*time.Hour).Format("2006-01-02 15:04Z"))
		if r, err := red.SetRota(ctx, chief, rows); err != nil || len(r.Rows) != 1 || len(r.Gaps) != 1 {
			t.Errorf("set in the gap: %+v, %v", r, err)
		}
		said("rota-gap", soon, start.Add(16*time.Hour).Format("2006-01-02 15:04Z"))
		at(17, 50)
		watch(red.BeginHandOver(ctx, boris, ""))("Boris", "Chief")
		quiet(all...)
		watch(red.AcceptWatch(ctx, chief))("Chief", "")
		at(18, 20)
		quiet(all...)
		said("rota-gap", soon, start.Add(24*time.Hour).Format("2006-01-02 15:04Z"))
		if a := blue.alarmOf("rota-gap"); a != nil {
			t.Errorf("blue: %+v", a)
		}
		at(25, 0)
		if _, err := red.SetRota(ctx, chief, rows); !fault.Is(err, fault.Invalid) {
			t.Errorf("all of it over: %v", err)
		}
		if r, err := red.SetRota(ctx, chief, nil); err != nil || len(r.Rows) != 0 {
			t.Errorf("taken away: %+v, %v", r, err)
		}
		quiet("rota-gap")
		w.finish()
	})
}
