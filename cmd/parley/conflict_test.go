package main

import (
	"testing"

	"parley/geo4d"
	"parley/node/view"
)

func TestAltitudesWords(t *testing.T) {
	none, some := 0.0, 120.0
	english := tongueOf(t, "en")
	low := &geo4d.Altitude{Value: 900, Unit: geo4d.Metres, Reference: geo4d.AMSL}
	high := &geo4d.Altitude{Value: 180, Unit: geo4d.FlightLevel, Reference: geo4d.FL}
	for _, c := range []struct {
		x    view.Conflict
		want string
	}{
		{view.Conflict{}, ""},
		{view.Conflict{VerticalM: &none}, "all, of both"},
		{view.Conflict{VerticalM: &none, Upper: high}, "both from the ground or below to FL180"},
		{view.Conflict{VerticalM: &none, Lower: low}, "both from 900 m AMSL to any height"},
		{view.Conflict{VerticalM: &some, Lower: high, Upper: low}, "apart: one up to 900 m AMSL, the other from FL180"},
	} {
		if got := english.inWords(altitudesMessage(c.x)); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
