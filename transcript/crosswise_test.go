package transcript

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// side is a file of one party's transcript alone.
func (w *world) side(i int) []byte {
	w.t.Helper()
	var buf bytes.Buffer
	b := NewBundleWriter(&buf)
	if err := b.Agreement(w.agreement); err != nil {
		w.t.Fatal(err)
	}
	w.books[i].write(w.t, b, nil)
	if err := b.Close(); err != nil {
		w.t.Fatal(err)
	}
	return buf.Bytes()
}

// TestCompareCrosswise holds one party's transcript in one file beside the other party's in another: what the
// second says that it had seen of the first.
func TestCompareCrosswise(t *testing.T) {
	play := func(kinds ...string) *world {
		w := newWorld(t, testParties())
		for _, k := range kinds {
			w.tick(time.Minute)
			w.say(0, Draft{Kind: k})
			w.commit(0, true)
		}
		w.tick(time.Minute)
		w.say(1, Draft{Kind: "notice.received"})
		w.tick(time.Minute)
		w.commit(1, true)
		return w
	}
	x, y, short := play("notice", "notice.end"), play("notice", "notice.other"), play("notice")
	for _, c := range []struct {
		name          string
		first, second []byte
		want          Fit
		says          string
	}{
		{"what was seen is there", x.side(0), x.side(1), Weave, ""},
		{"and the other way round", x.side(1), x.side(0), Weave, ""},
		{"another version was seen", x.side(0), y.side(1), NotSeen,
			"green signed in 1/b#0, which the second file holds, that it had seen 2 entries of 1/a, with another fingerprint than the first file has: blue gave it another transcript than that one, or green signed what is not so"},
		{"and the other way round", y.side(1), x.side(0), NotSeen, "green signed in 1/b#0, which the first file holds"},
		{"more was seen than the file holds", short.side(0), x.side(1), OnlyInOne, ""},
		{"both whole", x.bundle(nil), x.bundle(nil), Same, ""},
		{"a fork says it all", x.bundle(nil), y.bundle(nil), Forks, ""},
		{"one version and both transcripts of the other", x.side(0), y.bundle(nil), Forks, ""},
	} {
		a, b := keeping(t, c.first), keeping(t, c.second)
		got := Compare(a, b)
		if got.Fit != c.want || (len(got.Crossed) > 0) != (c.want == NotSeen) {
			t.Errorf("%s: %s %+v", c.name, got.Fit, got.Crossed)
		}
		if c.says != "" && !strings.HasPrefix(a.Short(got.Crossed[0].Words), c.says) {
			t.Errorf("%s: %s", c.name, got.Crossed[0].Words)
		}
	}
}
