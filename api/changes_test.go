package api

import (
	"testing"

	"parley/api/officer"
)

func TestChangesThroughTheAPI(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	read := func(mark string) Changes {
		t.Helper()
		path := "/v1/changes"
		if mark != "" {
			path += "?after=" + mark
		}
		return want[Changes](t, red, officer.Observer, "GET", path, "", "")
	}
	first := read("")
	if !first.Whole || len(first.Notices) != 0 || len(first.Lines) != 1 {
		t.Fatalf("at first: %+v", first)
	}
	want[Filings](t, blue, officer.Planner, "POST", "/v1/notices", typeGeoJSON, survey)
	next := first
	until(t, "red is told what changed alone", func() bool {
		next = read(first.Mark)
		return len(next.Notices) == 1
	})
	if next.Whole || next.Notices[0].Party != "blue" || len(next.Notices[0].Body) == 0 {
		t.Errorf("after the filing: %+v", next)
	}
	if again := read(next.Mark); again.Whole || len(again.Notices) > 1 {
		t.Errorf("after that: %+v", again)
	}
	if other := read("another." + next.Mark[len(next.Mark)-1:]); !other.Whole || len(other.Notices) != 1 {
		t.Errorf("after the mark of another run: %+v", other)
	}
	for _, mark := range []string{"x", "x.y", ".1"} {
		if all := read(mark); !all.Whole {
			t.Errorf("after %q: what is no mark is taken for one", mark)
		}
	}
	shown := false
	for _, r := range audited(t, red, "") {
		shown = shown || r.Route == "/v1/changes" && len(r.Notices) == 1 && r.Notices[0].Party == "blue"
	}
	if !shown {
		t.Error("that the other party's notice was shown is not in the audit log")
	}
}
