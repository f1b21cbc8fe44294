package node

import (
	"strings"
	"testing"
	"time"

	"parley/internal/testnet"
	"parley/notice"
)

// TestScenario05ZoneError: a time without an offset is refused; 06:00+03:00 and 06:00Z are three hours
// apart and in no conflict, with both shown to both; and what was meant, once said, is a conflict.
func TestScenario05ZoneError(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w, red, blue := scenarioWorld(t, "2026-12-01T00:00:00Z", nil)
		flown := func(id, title, start, end string) string {
			return `{"type": "Feature", "id": "f", "geometry": {"type": "Point", "coordinates": [36.6, 35.9]}, "properties": {"kind": "flight",
				"notice": "` + id + `", "title": "` + title + `", "contact": "+00 0000", "radius_m": 9000, "start": "` + start + `", "end": "` + end + `"}}`
		}

		for start, why := range map[string]string{
			"0600": "is not an RFC 3339 time; write it as 2026-12-01T06:00:00Z", "06:00": "is not an RFC 3339 time",
			"2026-12-01T06:00:00": "offset", "2026-12-01T06:00": "offset",
		} {
			_, refused := planned(t, flown("r-1", "survey", start, "2026-12-01T08:00:00+03:00"))
			reads(t, "a start of "+start, refused, "properties.start", why)
		}
		for _, e := range w.ends {
			if l := e.line(); l.OwnSize != 0 || l.PeerSize != 0 {
				t.Errorf("%s holds something of what was refused: %+v", e.party, l)
			}
		}

		// Red writes local time with its offset, blue the same figures as UTC.
		local, _ := planned(t, flown("r-1", "survey, 06:00 local", "2026-12-01T06:00:00+03:00", "2026-12-01T08:00:00+03:00"))
		utc, _ := planned(t, flown("b-1", "survey, 06:00 local", "2026-12-01T06:00:00Z", "2026-12-01T08:00:00Z"))
		w.at("00:10:00")
		if f := red.files(local); warned(f.Notice.Warnings, notice.WarnZone) != "" {
			t.Errorf("red is warned of times that are right: %+v", f.Notice.Warnings)
		}
		w.both(time.Second, "red", "r-1", 1)
		f := blue.files(utc)
		if len(f.Conflicts) != 0 {
			t.Errorf("three hours apart, and in conflict: %+v", f.Conflicts)
		}
		reads(t, "what blue is told of no conflict", f.Compared.Text, "own notices 1, of red 1", "last filed")
		w.both(time.Second, "blue", "b-1", 1)
		for _, e := range w.ends {
			reads(t, e.party+" shows red's", e.echoed("red", "r-1"), "1 Dec 2026 03:00Z to 05:00Z", "south-west of Idlib")
			reads(t, e.party+" shows blue's", e.echoed("blue", "b-1"), "1 Dec 2026 06:00Z to 08:00Z", "south-west of Idlib")
			reads(t, e.party+" on blue's words", warned(e.held("blue", "b-1").Warnings, notice.WarnZone), "06:00 local", "06:00Z", "UTC+2")
			r, b := e.held("red", "r-1"), e.held("blue", "b-1")
			if apart := b.Start.Sub(r.Start); apart != 3*time.Hour || len(e.conflicts()) != 0 || len(r.Conflicts)+len(b.Conflicts) != 0 {
				t.Errorf("%s: %s apart, conflicts %v", e.party, apart, e.conflicts())
			}
		}

		// Nothing of that hangs on a process that ran: one node loses power, the other is restarted.
		red.crash(0)
		blue.halt()
		w.at("00:20:00")
		red.open()
		blue.open()
		w.within(20*time.Second, "both may sign", w.unready)
		w.at("00:30:00")
		if d := w.differ(); d != "" || len(red.conflicts())+len(blue.conflicts()) != 0 {
			t.Errorf("after a restart: %s, %v, %v", d, red.conflicts(), blue.conflicts())
		}

		// Blue reads the warning and says what it meant: the same three hours earlier.
		meant, _ := planned(t, flown("b-1", "survey, 06:00 local", "2026-12-01T06:00:00+03:00", "2026-12-01T08:00:00+03:00"))
		meant.Version = 0
		f = blue.amends(meant)
		if len(f.Conflicts) != 1 || warned(f.Notice.Warnings, notice.WarnZone) != "" {
			t.Errorf("blue, at once: %d conflicts, %+v", len(f.Conflicts), f.Notice.Warnings)
		}
		w.both(time.Second, "blue", "b-1", 2)
		w.within(time.Second, "both desks are alarmed", func() string {
			for _, e := range w.ends {
				if a := e.alarmOf("conflict"); a == nil || !strings.Contains(a.Text, "r-1 (red) and b-1 (blue)") {
					return e.party
				}
			}
			return ""
		})
		w.finish()
	})
}
