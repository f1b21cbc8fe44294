package foreign

import (
	"slices"
	"testing"
)

func TestLatin(t *testing.T) {
	for _, c := range []struct {
		text    string
		allowed []string
		want    []string
	}{
		{text: "линия не работает"},
		{text: "линия down", want: []string{"down"}},
		{text: "read back, не read-back", want: []string{"read", "back", "read-back"}},
		{text: "קו של \u2068red\u2069 מאז \u206618:40Z\u2069", allowed: []string{"red"}},
		{text: "\u2068blue-7\u2069 ו\u2068red-3\u2069", allowed: []string{"blue-7", "red-3"}},
		{text: "redirected к red", allowed: []string{"red"}, want: []string{"redirected"}},
		{text: "blue-7 и blue", allowed: []string{"blue", "blue-7"}},
		{text: "с 2026-12-01 18:40:05Z до 2026-12-01T19:00:00.250Z, 0552Z, 18:40 UTC, UTC+3"},
		{text: "35.41N 35.95E, 35°24'36\"N 035°57'00\"E, N3524 E03557"},
		{text: "9.3 km, 5 NM 10 NM 2000 ft, FL 240, FL240, 269 km2, 250 m/s, 300 m 3 m"},
		{text: "1.5s 2h30m0s 12ms"},
		{text: "корень Sjjx49t/Gwe2ZilFR7tKexoSsLMyZblmZ2tDBPKStfY=; файл 4833B5DB62E006BB; Ed25519, ML-DSA-44"},
		{text: "200 metres", want: []string{"metres"}},
		{text: "1/a#17 0/b#3@2 1f2e3d4c5b, 1/a, 1/a#3-9"},
		{text: "bad и facade", want: []string{"bad"}},
		{text: "введите: parley line test red --as dana; потом call", want: []string{"call"}},
		{text: "(parley next --line L) и now", want: []string{"now"}},
		{text: "сонde", want: []string{"сонde"}},
		{text: "", allowed: []string{""}},
	} {
		if got := Latin(c.text, c.allowed...); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, not %q", c.text, got, c.want)
		}
	}
}
