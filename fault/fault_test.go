package fault

import (
	"errors"
	"strings"
	"testing"
)

func TestErrorSaysFieldValueRuleHint(t *testing.T) {
	e := New("volumes[2].end", "2026-12-01", "needs an offset from UTC", "write 2026-12-01T00:00:00Z")
	want := `volumes[2].end "2026-12-01": needs an offset from UTC; write 2026-12-01T00:00:00Z`
	if got := e.Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestCodeOf(t *testing.T) {
	cases := []struct {
		err  error
		want Code
	}{
		{nil, ""},
		{errors.New("x"), Internal},
		{New("a", "b", "c", "d"), Invalid},
		{Wrap(Unavailable, "op", errors.New("disk full")), Unavailable},
		{errors.Join(errors.New("x"), New("a", "", "", "")), Invalid},
	}
	for _, c := range cases {
		if got := CodeOf(c.err); got != c.want {
			t.Errorf("CodeOf(%v) = %q, want %q", c.err, got, c.want)
		}
	}
}

func TestInPrefixesEveryJoinedError(t *testing.T) {
	err := In("volumes[0]", errors.Join(New("start", "", "r", ""), New("[1]", "", "r", "")))
	all := All(err)
	if len(all) != 2 || all[0].Field != "volumes[0].start" || all[1].Field != "volumes[0][1]" {
		t.Errorf("got %v", err)
	}
}

func TestPublicHidesTheCause(t *testing.T) {
	e := &Error{Code: Unavailable, Op: "store.commit", Rule: "cannot be made durable", Err: errors.New("/var/lib secret")}
	if s := e.Public().Error(); strings.Contains(s, "secret") || strings.Contains(s, "store.commit") {
		t.Errorf("public text shows the cause: %s", s)
	}
}

func TestShortenKeepsRunesWhole(t *testing.T) {
	s := Shorten(strings.Repeat("é", 100))
	if !strings.HasSuffix(s, "é...") || len(s) > ValueMax+3 {
		t.Errorf("got %q", s)
	}
}
