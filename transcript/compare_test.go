package transcript

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"parley/internal/second"
)

// twoVersions plays one line twice, alike up to an entry of blue's and then with the entries of two lengths.
func twoVersions(t testing.TB, alike, first, second int) (x, y *world) {
	play := func(n int, other string) *world {
		w := newWorld(t, testParties())
		w.say(1, Draft{Kind: "notice.received"})
		w.commit(1, false)
		for i := range n {
			d := Draft{Kind: "notice.end"}
			if i >= alike {
				d.Kind += other
			}
			w.say(0, d)
		}
		w.tick(time.Minute)
		w.commit(0, true)
		return w
	}
	return play(first, ""), play(second, ".other")
}

func keeping(t testing.TB, data []byte) Report {
	t.Helper()
	o := testOptions()
	o.Keep = true
	r := Verify(bytes.NewReader(data), o)
	if !r.OK {
		t.Fatal(r.Checks)
	}
	return r
}

// TestCompare holds what two files show of one another, whole and with gaps, and that the fork written
// from them shows the fork alone.
func TestCompare(t *testing.T) {
	all := func(int) bool { return true }
	only := func(is ...int) func(int) bool {
		return func(i int) bool {
			for _, x := range is {
				if x == i {
					return true
				}
			}
			return false
		}
	}
	var files []second.File
	for _, c := range []struct {
		name                 string
		alike, first, second int
		showX, showY         func(int) bool
		want                 Fit
		says                 string
	}{
		{"the same", 6, 6, 6, all, only(2), Same, "both files hold the same 6 entries"},
		{"one begins with the other", 20, 6, 11, all, all, Begins, "the first file holds 6 entries, and the hashes in the second, which holds 11,"},
		{"the longer one first", 20, 11, 6, only(3), only(5), NotShown, ""},
		{"a gap of which the hashes fit", 20, 8, 12, only(), only(), Begins, "signed for the first 8"},
		{"a gap over the end of the shorter", 20, 6, 12, all, only(), NotShown, "the second leaves out what stands around entry 5: nothing in these files shows whether they fit; a file that shows entry 5 shows it"},
		{"forked at one size", 3, 6, 6, all, all, Forks, "two different transcripts of 6 entries"},
		{"forked, hashes alone", 3, 6, 6, only(), only(), Forks, "cannot both be honest"},
		{"forked at two sizes", 3, 6, 11, all, all, Forks, "and the second does not begin with the first"},
		{"forked at two sizes, the longer first", 3, 11, 6, all, all, Forks, "and the second does not begin with the first"},
		{"forked early, the end hidden", 0, 6, 12, only(5), only(0), Forks, "different entries among those from index 0 to 3"},
		{"forked early, the first shown", 0, 6, 12, only(0), only(0), Forks, "different entries at index 0"},
		{"forked in a subtree", 2, 10, 16, only(8), only(4), Forks, "different entries among those from index 0 to 7"},
		{"forked after what both show", 9, 10, 16, only(0), only(0), NotShown, "nothing in these files shows whether they fit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, y := twoVersions(t, c.alike, c.first, c.second)
			got := Compare(keeping(t, x.bundle(c.showX)), keeping(t, y.bundle(c.showY)))
			if got.Fit != c.want || !strings.Contains(got.Transcripts[0].Words, c.says) {
				t.Fatalf("%s: %+v", got.Fit, got.Transcripts)
			}
			var file bytes.Buffer
			wrote, err := got.WriteFork(&file)
			if err != nil || wrote != (c.want == Forks) {
				t.Fatal(wrote, err)
			}
			if wrote {
				showsFork(t, file.Bytes(), got.Transcripts[0].Words)
				files = append(files, second.Changed(c.name, file.Bytes(), rand.New(rand.NewPCG(3, 4)), 12)...)
			}
		})
	}
	second.CompareAll(t, files, firstVerdict(testOptions()), "--test-agreements")
}

func showsFork(t *testing.T, file []byte, words string) {
	t.Helper()
	r, text := verifyText(file, testOptions())
	if r.OK || !r.OnlyForks() || len(file) > 4096 || !strings.HasPrefix(text, "shows that these two versions of the transcript cannot both be honest; signers not identified: ") {
		t.Errorf("%d bytes: %s", len(file), text)
	}
	if want := r.Short(words); !strings.Contains(text, "wrong (fork) at 1/a: "+want+"\n") {
		t.Errorf("%s\nlacks %s", text, want)
	}
}

// TestCompareAgrees holds against an independent reference, whole leaves, that two files drawn at random are
// never said to fit where they do not, or to fork where they do not.
func TestCompareAgrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	seen := map[Fit]int{}
	for i := range 60 {
		alike, first, second := rng.IntN(14), 1+rng.IntN(13), 1+rng.IntN(13)
		draw := func() func(int) bool {
			shown := rng.Uint64()
			return func(i int) bool { return shown>>i&1 == 1 }
		}
		x, y := twoVersions(t, alike, first, second)
		got := Compare(keeping(t, x.bundle(draw())), keeping(t, y.bundle(draw()))).Fit
		forked := false
		for i := range min(first, second) {
			forked = forked || !bytes.Equal(x.books[0].entries[i].Bytes, y.books[0].entries[i].Bytes)
		}
		if forked && (got == Same || got == Begins) || !forked && got == Forks {
			t.Errorf("%d: %d alike of %d and %d: %s", i, alike, first, second, got)
		}
		seen[got]++
	}
	for _, f := range []Fit{Same, Begins, Forks, NotShown} {
		if seen[f] == 0 {
			t.Errorf("none came out as %s: %v", f, seen)
		}
	}
}

// TestCompareStrangers holds that two files that name one line and other keys are not called a fork.
func TestCompareStrangers(t *testing.T) {
	x, y := twoVersions(t, 0, 3, 4)
	a, b := keeping(t, x.bundle(nil)), keeping(t, y.bundle(nil))
	for i := range b.kept.agreements {
		k := &b.kept.agreements[i]
		k.info.ID = "other"
		for j := range k.info.Parties {
			k.info.Parties[j].LineKeys = nil
		}
	}
	for i := range a.kept.agreements {
		for j := range a.kept.agreements[i].info.Parties {
			a.kept.agreements[i].info.Parties[j].LineKeys = nil
		}
	}
	if got := Compare(a, b); got.Fit != NotShown || !strings.Contains(fmt.Sprint(got.Transcripts), "name the keys of both") {
		t.Error(got)
	}
	if got := Compare(a, Report{}); got.Fit != OnlyInOne || len(got.Transcripts) != 0 {
		t.Error(got)
	}
	b.Line = "another"
	if got := Compare(a, b); got.Fit != OnlyInOne {
		t.Error(got)
	}
}
