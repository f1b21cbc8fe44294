package node

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/internal/testnet"
	"parley/transcript"
)

// TestForkByAWrongWord puts a backup back while the line is cut, and an operator says wrongly that it
// is the store that last ran. What the node then signs contradicts what it signed before: both alarm
// and hold the proof, whoever found it, and both exports name the fork. A hold passes at once in the
// next epoch, in which both go on.
func TestForkByAWrongWord(t *testing.T) {
	for n := range 6 {
		i, others := n%2, n/2 // who lies, and how much beside the first
		testnet.Run(t, func(t *testing.T) {
			insist := false
			w := newWorld(t, worldOptions{seed: 1, reach: i + 1, wrap: func(k int, o *nodeOptions) { o.notRestored = k == i && insist }})
			w.open()
			ctx, liar, peer := t.Context(), w.ends[i], w.ends[1-i]
			file := func(e *end, id string) {
				t.Helper()
				if _, err := e.File(ctx, duty, "", flight(id, 35, 35, 2*time.Hour, time.Hour), false); err != nil {
					t.Fatal(err)
				}
			}
			file(liar, "one")
			w.within(time.Minute, "settled", w.settled)
			backup := liar.disk.Backup()
			file(liar, "two")
			file(peer, "three")
			w.within(time.Minute, "settled", w.settled)
			w.net.SetCut(true)
			liar.halt()
			liar.disk, insist = backup, true
			liar.open()
			file(liar, "other")
			for k := range others {
				file(liar, fmt.Sprint("another-", k))
			}
			w.net.SetCut(false)
			w.within(5*time.Minute, "both alarm", func() string {
				if peer.alarmOf("epoch-closed") != nil && liar.alarmOf("epoch-closed") != nil {
					return ""
				}
				return fmt.Sprintf("%+v\n%+v", liar.line(), peer.line())
			})
			w.within(time.Minute, "both may sign in the next epoch", func() string {
				if liar.line().Confirmed && peer.line().Confirmed {
					return ""
				}
				return fmt.Sprintf("%+v\n%+v", liar.line(), peer.line())
			})
			for _, e := range w.ends {
				if l := e.line(); l.Evidence == 0 || l.State != "disputed" || e.alarmOf("line-disputed") == nil {
					t.Errorf("%s: %d pieces of evidence, line %s", e.party, l.Evidence, l.State)
				}
				if _, err := e.File(ctx, duty, "", flight("late", 35, 35, time.Hour, time.Hour), false); err == nil || !strings.Contains(err.Error(), "open the next epoch") {
					t.Errorf("%s files into a closed epoch: %v", e.party, err)
				}
			}
			if _, err := peer.Notice(ctx, "", liar.party, "two"); err != nil {
				t.Errorf("what was held before the fork is gone: %v", err)
			}
			if err := peer.NextEpoch(ctx, duty, ""); err != nil {
				t.Fatal(err)
			}
			if _, err := peer.Call(ctx, duty, "", calling("hold", "stop")); err != nil {
				t.Fatal(err)
			}
			took := w.within(10*time.Second, "the hold passes", is(func() bool { return liar.alarmOf("hold") != nil }))
			t.Logf("the hold alarms %v after the next epoch is open", took)
			w.within(time.Minute, "both are in the next epoch", is(func() bool { return liar.line().Epoch == 2 }))
			file(liar, "after")
			file(peer, "after")
			w.within(time.Minute, "both go on", is(func() bool {
				_, errA := liar.Notice(ctx, "", peer.party, "after")
				_, errB := peer.Notice(ctx, "", liar.party, "after")
				return errA == nil && errB == nil && liar.line().Undelivered+peer.line().Undelivered == 0
			}))
			for _, e := range w.ends {
				if l := e.line(); l.Epoch != 2 || l.EpochClosed != "" || l.State != "up" || l.Evidence == 0 {
					t.Errorf("%s afterwards: epoch %d, closed %q, line %s, %d pieces of evidence", e.party, l.Epoch, l.EpochClosed, l.State, l.Evidence)
				}
			}
			peer.checkForkExport(liar)
			liar.checkForkExport(liar)
		})
	}
}

// checkForkExport fails unless the verifier finds one thing wrong with what the node exports: that
// the forked transcript's author contradicted himself. Who forked may hold a receipt for the other
// history as well.
func (e *end) checkForkExport(liar *end) {
	e.w.t.Helper()
	var b bytes.Buffer
	if err := e.Export(e.w.t.Context(), "", &b); err != nil {
		e.w.t.Fatal(err)
	}
	rep := transcript.Verify(&b, transcript.Options{Agreement: agreement.Info, Workers: 1})
	if rep.OK {
		e.w.t.Errorf("%s: a fork verifies", e.party)
	}
	l := liar.line()
	forked := transcript.Origin{Line: l.ID, Epoch: 1, Side: transcript.Side(l.Side)}.String()
	proved := false
	for _, c := range rep.Checks {
		proved = proved || !c.OK && c.Name == "fork"
		if !c.OK && (c.Name != "fork" && c.Name != "foreign" || !strings.HasPrefix(c.Entry, forked)) {
			e.w.t.Errorf("%s: %s at %s: %s", e.party, c.Name, c.Entry, c.Reason)
		}
	}
	if !proved {
		e.w.t.Errorf("%s: the export does not name the fork", e.party)
	}
}
