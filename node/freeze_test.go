package node

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/testnet"
	"parley/node/view"
	"parley/review"
	"parley/transcript"
)

// TestWhatDeletesIsKnown: whoever deletes keys of the store must ask the freeze, or say here why what goes
// is no evidence.
func TestWhatDeletesIsKnown(t *testing.T) {
	known := map[string]string{
		"node/alarmbook.go":         "an alarm that is over for seven days, and its acknowledgement: this desk's own memory, and no evidence",
		"node/courierkept.go":       "a courier file that waited: its entries are in the transcript, or it is damaged",
		"transcript/ledger/take.go": "an advance copy, in the commit that puts the entry itself in its place",
	}
	found := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != ".." || path == filepath.Join("..", "store")):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err == nil && (strings.Contains(string(text), ".Deletes") || strings.Contains(string(text), "Deletes:")) {
			found[filepath.ToSlash(strings.TrimPrefix(path, ".."+string(filepath.Separator)))] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := slices.Sorted(maps.Keys(found)), slices.Sorted(maps.Keys(known)); !slices.Equal(got, want) {
		t.Errorf("keys of the store are deleted in %v; known are %v", got, want)
	}
}

// TestIncidentFreezesAtBothNodes: what an incident is about is frozen at both nodes, its range and every
// entry about its notices, also after it was closed; and nothing else is.
func TestIncidentFreezesAtBothNodes(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := ladderWorld(t, 7)
		ctx, red, blue := t.Context(), w.ends[0], w.ends[1]
		n := blue.files(convoy("b-1", 3*time.Hour, time.Hour)).Notice
		other := blue.files(convoy("b-2", 5*time.Hour, time.Hour)).Notice
		w.both(time.Minute, "blue", "b-2", 1)
		received, err := red.Receive(ctx, ana, "", "b-1", "")
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		from := time.Now()
		if _, err := red.Present(ctx, ana); err != nil {
			t.Fatal(err)
		}
		inc, err := red.OpenIncident(ctx, ana, "", Opening{Title: "x", From: from, Until: from.Add(time.Second), Notices: []string{"b-1"}})
		if err != nil {
			t.Fatal(err)
		}
		w.bothReview(inc.Entry, "open", func(view.JointReview) bool { return true })
		for _, e := range w.ends {
			if _, err := e.CloseReview(ctx, ana, "", inc.Entry, ""); err != nil {
				t.Fatal(err)
			}
		}
		w.bothReview(inc.Entry, "closed", func(r view.JointReview) bool { return r.State == review.StateClosed })
		blue.crash(0)
		blue.open()
		w.within(20*time.Second, "both may sign", w.unready)
		for _, e := range w.ends {
			ln := e.order[0]
			f, err := ln.frozen(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for what, want := range map[string]bool{n.Entry: true, received: true, other.Entry: false} {
				r, err := ln.ref(what)
				if err != nil {
					t.Fatal(err)
				}
				if got := f.Holds(r.Origin, r.Seq, from.Add(-time.Hour)); got != want {
					t.Errorf("%s: %s is frozen: %t", e.party, r.Short(), got)
				}
			}
			o := transcript.Origin{Line: ln.id, Epoch: 1, Side: transcript.A}
			if !f.Holds(o, -1, from) || f.Holds(o, -1, from.Add(-time.Second)) || f.Holds(o, -1, from.Add(time.Minute)) {
				t.Errorf("%s: the range is not what is frozen", e.party)
			}
		}
		w.finish()
	})
}
