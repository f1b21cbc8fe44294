package postgis

import (
	"strings"
	"testing"
	"time"

	"parley/conflict/peers"
	"parley/geo4d"
	"parley/internal/traffic"
)

func TestWriteRows(t *testing.T) {
	at := traffic.Start().Add(90 * time.Minute)
	height := func(m float64) *geo4d.Altitude {
		return &geo4d.Altitude{Value: m, Unit: geo4d.Metres, Reference: geo4d.W84}
	}
	var b strings.Builder
	err := writeRows(&b, []traffic.Plan{{ID: "v0000012", Volume: geo4d.Volume{
		Shape:  geo4d.Circle{Center: geo4d.Position{LonDeg: 1.5, LatDeg: -2}, RadiusM: 70.25},
		Band:   geo4d.Band{Lower: height(0), Upper: height(120.5)},
		Window: geo4d.Window{Start: at, End: at.Add(time.Hour)},
	}}})
	want := "12\t0101000020E6100000000000000000F83F00000000000000C0\t70.25\t[0,120.5]\t[2026-12-01T01:30:00Z,2026-12-01T02:30:00Z)\n"
	if err != nil || b.String() != want {
		t.Errorf("%q (%v), want %q", b.String(), err, want)
	}
	for name, p := range map[string]traffic.Plan{
		"no number": {ID: "plan", Volume: peers.Draw(1, 1, 0, 0).Plans[0].Volume},
		"no shape":  {ID: "v1"},
	} {
		if err := writeRows(&b, []traffic.Plan{p}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
