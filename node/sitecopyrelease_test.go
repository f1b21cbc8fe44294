package node

import (
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/fault"
	"parley/node/view"
	"parley/notice"
)

// TestACopyTakesTwo: a copy that has positions is made once, for whom and how it was prepared, within an
// hour after another officer released it, also over a restart; one without positions needs no second.
func TestACopyTakesTwo(t *testing.T) {
	inWorld(t, func(terms *agreement.Terms) {
		dutyTerms(terms)
		terms.TwoPersons = []agreement.Action{agreement.ActionDisclosure}
	}, func(t *testing.T, w *world, red, blue *end) {
		ctx := t.Context()
		lead := Officer{"Boris", "supervisor"}
		site := flight("red-1", 35, 35, 0, time.Hour)
		site.Kind, site.Class, site.Title = notice.Site, "", "clinic"
		red.say(site, false)
		asks := func(in Issuing, rule string) view.Release {
			t.Helper()
			c, err := red.IssueSites(ctx, ana, "", in)
			switch {
			case rule != "" && (err == nil || !fault.Is(err, fault.Mismatch) || !strings.Contains(err.Error(), rule)):
				t.Fatalf("%+v: %v, want %q", in, err, rule)
			case rule == "" && (err != nil || c.Waits == nil || c.Bytes != nil):
				t.Fatalf("%+v: made by one: %+v, %v", in, c, err)
			case rule == "":
				return *c.Waits
			}
			return view.Release{}
		}
		in := Issuing{For: "Road office", Level: view.CopyFull}
		r := asks(in, "")
		if want := "a copy of the sites for Road office, all that is known of them"; r.Text != want || r.Action != "disclosure-change" {
			t.Errorf("prepared: %+v, want %q", r, want)
		}
		if a := red.alarmOf("release"); a == nil || !strings.Contains(a.Text, r.Text) || blue.alarmOf("release") != nil {
			t.Errorf("alarm: %+v", a)
		}
		asks(in, "waits already")
		in.Release = r.ID
		asks(in, "waits for a second officer")
		if _, err := red.GiveRelease(ctx, ana, r.ID); !fault.Is(err, fault.Denied) {
			t.Errorf("released by who prepared it: %v", err)
		}
		red.halt()
		red.open()
		w.within(time.Minute, "both may sign", w.unready)
		if got, err := red.GiveRelease(ctx, lead, r.ID); err != nil || got.State != view.ReleaseReleased {
			t.Fatalf("%+v, %v", got, err)
		}
		for _, other := range []Issuing{{"Hospital", view.CopyFull, r.ID}, {"Road office", view.CopyVolume, r.ID}} {
			asks(other, "is not of this copy")
		}
		c, err := red.IssueSites(ctx, ana, "", in)
		if err != nil || c.Waits != nil || len(c.Bytes) == 0 || c.ReleasedBy != "Boris" || c.Release != r.ID {
			t.Fatalf("%+v, %v", c, err)
		}
		asks(in, "was used already")
		if c, err := red.IssueSites(ctx, ana, "", Issuing{For: "Press", Level: view.CopyAlert}); err != nil || c.Waits != nil {
			t.Errorf("without positions: %+v, %v", c, err)
		}
		late := asks(Issuing{For: "Hospital", Level: view.CopyVolume}, "")
		if _, err := red.GiveRelease(ctx, lead, late.ID); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		asks(Issuing{"Hospital", view.CopyVolume, late.ID}, "more than an hour ago")
		refused := asks(Issuing{For: "Hospital", Level: view.CopyVolume}, "")
		if _, err := red.RefuseRelease(ctx, lead, refused.ID, "not them"); err != nil {
			t.Fatal(err)
		}
		asks(Issuing{"Hospital", view.CopyVolume, refused.ID}, "was not released")
		if list, err := red.SiteCopies(ctx, ""); err != nil || len(list) != 2 {
			t.Errorf("given: %+v, %v", list, err)
		}
		if log := blue.conflicts(); len(log) != 0 {
			t.Errorf("%+v", log)
		}
		w.finish()
	})
}
