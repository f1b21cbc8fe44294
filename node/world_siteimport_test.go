package node

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/geo4d"
	"parley/internal/testnet"
	"parley/node/view"
	"parley/notice/intake"
)

func siteRows(t *testing.T, table string) []intake.SiteRow {
	t.Helper()
	rows, err := intake.ReadSites([]byte(table), intake.CSV, "en")
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// outcomes says a report in short.
func outcomes(r view.SiteImport) string {
	var out []string
	for _, x := range r.Rows {
		s := x.ID + " " + x.Outcome
		if len(x.Fields) > 0 {
			s += " " + strings.Join(x.Fields, "+")
		}
		for _, p := range x.Problems {
			s += " !" + p.Field
		}
		for _, w := range x.Warnings {
			if w.Code == warnTwin || w.Code == warnSameName || w.Code == warnSlip {
				s += " ?" + w.Code
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

const siteHead = "id,name,lat,lon,radius_m,contact,valid_until\n"

// TestImportOfAList imports a list, the same again, one with changes and slips, and one that leaves a
// site out, and looks at what both parties have on their lists.
func TestImportOfAList(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		box := geo4d.Polygon{Rings: [][]geo4d.Position{{{LonDeg: 34, LatDeg: 34}, {LonDeg: 38, LatDeg: 34}, {LonDeg: 38, LatDeg: 38}, {LonDeg: 34, LatDeg: 38}, {LonDeg: 34, LatDeg: 34}}}}
		w := newWorld(t, worldOptions{seed: 1, change: func(terms *agreement.Terms) { terms.Area.Shape = box }})
		w.open()
		red, blue := w.ends[0], w.ends[1]
		ctx := t.Context()
		do := func(what, table, want string, change func(*Importing)) view.SiteImport {
			t.Helper()
			in := Importing{Rows: siteRows(t, siteHead+table)}
			if change != nil {
				change(&in)
			}
			r, err := blue.ImportSites(ctx, duty, "", in)
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if got := outcomes(r); got != want {
				t.Errorf("%s:\n%s, want\n%s", what, got, want)
			}
			w.within(time.Minute, "settled", w.settled)
			return r
		}
		listed := func(what, want string) {
			t.Helper()
			for _, e := range w.ends {
				lists, err := e.Sites(ctx, "", "blue", time.Time{})
				if err != nil || len(lists) != 1 {
					t.Fatal(lists, err)
				}
				var ids []string
				for _, s := range lists[0].Sites {
					ids = append(ids, fmt.Sprintf("%s/%d", s.ID, s.Version))
				}
				if got := strings.Join(ids, " "); got != want {
					t.Errorf("%s: %s lists %s, want %s", what, e.party, got, want)
				}
			}
		}
		const first = "s-1,Clinic,35,35,200,+1,\ns-2,School,36,36,100,+1,2000-06-01T00:00:00Z\ns-3,Depot,37,37,100,+1,\n"
		do("dry", first, "s-1 added; s-2 added; s-3 added", func(in *Importing) { in.DryRun = true })
		listed("dry", "")
		do("first", first, "s-1 added; s-2 added; s-3 added", nil)
		listed("first", "s-1/1 s-2/1 s-3/1")
		do("again", first, "s-1 unchanged; s-2 unchanged; s-3 unchanged", nil)
		listed("again", "s-1/1 s-2/1 s-3/1")
		do("changed", "s-1,Clinic,35,35,250,+2,\ns-2,School,36,36,100,+1,2000-06-01T00:00:00Z\ns-4,Clinic,36.5,36.5,100,+1,\ns-5,Ward,35.0002,35.0002,100,+1,\ns-6,Far,35,50,100,+1,\ns-4,Twice,36,37,100,+1,\ns-7,Bad,95,35,100,+1,\n",
			"s-1 changed contact+volumes; s-2 unchanged; s-4 added ?same-name; s-5 added ?two-sites; s-6 refused !volumes[0].geometry; s-4 refused !id; s-7 refused !volumes[0].geometry.coordinates; s-3 not in the file", nil)
		listed("changed", "s-1/2 s-2/1 s-3/1 s-4/1 s-5/1")
		for what, change := range map[string]func(*Importing){
			"without a reason": func(in *Importing) { in.RemoveMissing = true },
			"with a bad row": func(in *Importing) {
				in.RemoveMissing, in.Reason = true, "r"
				in.Rows = append(in.Rows, siteRows(t, siteHead+"s-9,x,95,35,100,,\n")...)
			},
			"of nothing": func(in *Importing) { in.RemoveMissing, in.Reason, in.Rows = true, "r", nil },
		} {
			in := Importing{Rows: siteRows(t, siteHead+"s-1,Clinic,35,35,250,+2,\n")}
			change(&in)
			if _, err := blue.ImportSites(ctx, duty, "", in); err == nil {
				t.Errorf("sites were removed %s", what)
			}
		}
		time.Sleep(time.Minute)
		removed := time.Now()
		do("removed", "s-1,Clinic,35,35,250,+2,\ns-2,School,36,36,100,+1,2000-06-01T00:00:00Z\n",
			"s-1 unchanged; s-2 unchanged; s-3 removed; s-4 removed; s-5 removed", func(in *Importing) { in.RemoveMissing, in.Reason = true, "closed in May" })
		listed("removed", "s-1/2 s-2/1")
		do("a removed id", "s-1,Clinic,35,35,250,+2,\ns-2,School,36,36,100,+1,2000-06-01T00:00:00Z\ns-3,Depot,37,37,100,+1,\n",
			"s-1 unchanged; s-2 unchanged; s-3 refused !id", nil)
		w.restart()
		if n, err := red.ReceiveSites(ctx, duty, "", removed, "list of the week"); err != nil || n != 3 {
			t.Errorf("red received %d changes, %v", n, err)
		}
		if n, err := red.ReceiveSites(ctx, duty, "", removed, "again"); err != nil || n != 0 {
			t.Errorf("red received %d changes twice, %v", n, err)
		}
		w.within(time.Minute, "settled", w.settled)
		for _, e := range w.ends {
			lists, err := e.Sites(ctx, "", "blue", removed)
			if err != nil {
				t.Fatal(err)
			}
			l := lists[0]
			if len(l.Added)+len(l.Changed)+len(l.Revalidated) != 0 || len(l.Removed) != 3 {
				t.Errorf("%s lists %d added, %d changed, %d removed", e.party, len(l.Added), len(l.Changed), len(l.Removed))
			}
			for _, c := range l.Removed {
				if c.Officer != duty.Name || c.Reason != "closed in May" || len(c.Received) != 1 || c.Received[0].Officer != duty.Name {
					t.Errorf("%s sees %+v", e.party, c)
				}
			}
			if lists, err = e.Sites(ctx, "", "blue", removed.Add(-time.Hour)); err != nil || len(lists[0].Added) != 5 || len(lists[0].Changed) != 1 {
				t.Errorf("%s lists %d added, %v", e.party, len(lists[0].Added), err)
			}
		}
		w.finish()
	})
}

// TestImportCutShort stops an import somewhere and loses power, and imports the same again: all is
// there once.
func TestImportCutShort(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 1})
		w.open()
		blue := w.ends[1]
		var table strings.Builder
		table.WriteString(siteHead)
		const sites = 300
		for i := range sites {
			fmt.Fprintf(&table, "s-%03d,Clinic %d,%.4f,35,100,+1,\n", i, i, 30+float64(i)/100)
		}
		rows := siteRows(t, table.String())
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			filed := 0
			for e := range blue.Events(ctx, 0) {
				if e.Kind == "entry" {
					filed++
				}
				if filed > 60 {
					cancel()
				}
			}
		}()
		_, err := blue.ImportSites(ctx, duty, "", Importing{Rows: rows})
		cancel()
		if err == nil {
			t.Error("the import was not cut short")
		}
		w.restart()
		r, err2 := blue.ImportSites(t.Context(), duty, "", Importing{Rows: rows})
		if err2 != nil || r.Counts[view.RowAdded]+r.Counts[view.RowUnchanged] != sites {
			t.Fatalf("cut short with %v; again: %v, %v", err, r.Counts, err2)
		}
		t.Logf("cut short with %v; then %v", err, r.Counts)
		if r, err = blue.ImportSites(t.Context(), duty, "", Importing{Rows: rows}); err != nil || !maps.Equal(r.Counts, map[string]int{view.RowUnchanged: sites}) {
			t.Errorf("a third time: %v, %v", r.Counts, err)
		}
		lists, err := blue.Sites(t.Context(), "", "blue", time.Time{})
		if err != nil || len(lists[0].Sites) != sites || slices.ContainsFunc(lists[0].Sites, func(s view.Site) bool { return s.Version != 1 }) {
			t.Errorf("%d sites, %v", len(lists[0].Sites), err)
		}
		w.finish()
	})
}
