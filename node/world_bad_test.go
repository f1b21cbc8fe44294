package node

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"parley/agreement"
	"parley/fault"
	"parley/internal/clock"
	"parley/internal/testnet"
	"parley/node/body"
	"parley/node/view"
	"parley/notice"
	"parley/transcript"
)

// alarmOf returns the alarm of a kind at a node, or nil.
func (e *end) alarmOf(kind string) *view.Alarm { return alarm(e.w.t, e.running, kind) }

// logged counts the entries of a kind that a node holds of a party.
func (e *end) logged(party, kind string) int {
	e.w.t.Helper()
	list, _, err := e.Log(e.w.t.Context(), LogFilter{Party: party, Kind: kind})
	if err != nil {
		e.w.t.Fatal(err)
	}
	return len(list)
}

// TestYesterdaysBackup puts a copy of the disk back that lacks what was told since. The node takes
// back what it lacks before it says anything, and nobody is said to have lied.
func TestYesterdaysBackup(t *testing.T) {
	seed := seedOf(t)
	for i := range 4 {
		testnet.Run(t, func(t *testing.T) {
			w := newWorld(t, worldOptions{seed: seed + uint64(i), reach: i % 3})
			w.open()
			desks := []*desk{w.ends[0].desk(), w.ends[1].desk()}
			desks[0].open, desks[1].open = i > 1, i > 1
			w.work(desks, 10)
			e := w.ends[i%2]
			backup := e.disk.Backup()
			w.work(desks, 12)
			for _, d := range desks {
				if err := d.e.Resume(t.Context(), duty, "", "over"); err != nil {
					t.Fatal(err)
				}
			}
			w.within(5*time.Minute, "settled", w.settled)
			hold := ""
			if i > 1 { // a hold that was told ahead of its turn and is receipted in none
				w.net.Shape(0, 4<<10)
				big(t, e, 1<<20)
				c, err := e.Call(t.Context(), duty, "", calling("hold", "stop"))
				if err != nil {
					t.Fatal(err)
				}
				hold, w.lost = c.Entry, c.Entry
				w.within(20*time.Second, "the hold is ahead", is(func() bool { return e.other().calls()[hold].Ahead }))
			}
			w.net.SetCut(true)
			e.halt()
			e.disk = backup
			w.restored = true
			e.open()
			if _, err := e.File(t.Context(), duty, "", flight("early", 35, 35, time.Hour, time.Hour), false); !fault.Is(err, fault.Unavailable) ||
				!strings.Contains(err.Error(), "asked what it holds") {
				t.Errorf("filing before the other was asked: %v", err)
			}
			time.Sleep(10 * time.Minute)
			w.net.Shape(0, 0)
			w.net.SetCut(false)
			if i > 1 { // what was told ahead and is lost cannot be taken back: the epoch is closed, openly
				w.within(5*time.Minute, "the loss is said", func() string {
					if e.alarmOf("epoch-closed") != nil {
						return ""
					}
					return fmt.Sprintf("%+v\n%+v", e.line(), e.other().line())
				})
				if _, err := e.File(t.Context(), duty, "", flight("late", 35, 35, time.Hour, time.Hour), false); err == nil || !strings.Contains(err.Error(), "open the next epoch") {
					t.Errorf("filing in a closed epoch: %v", err)
				}
				if err := e.NextEpoch(t.Context(), duty, ""); err != nil {
					t.Fatal(err)
				}
				w.within(time.Minute, "both are in the next epoch", is(func() bool { return w.ends[0].line().Epoch == 2 && w.ends[1].line().Epoch == 2 }))
				if e.other().calls()[hold].Entry == "" {
					t.Error("the hold that was told is gone")
				}
			}
			w.within(5*time.Minute, "both may sign", w.unready)
			for _, d := range desks {
				d.closing(t.Context())
			}
			// What the node had of the other's closed epoch beyond its backup comes again.
			w.finish()
		})
	}
}

// big puts an entry with so many bytes on a node's transcript, a third more when sealed, and does not
// wait for it to be told.
func big(t *testing.T, e *end, bytes int) {
	t.Helper()
	var fields []transcript.Field
	for name := 'a'; bytes > 0; name++ {
		n := min(bytes, 400<<10)
		fields = append(fields, transcript.Field{Name: string(name), Value: []byte(`"` + strings.Repeat("x", n-2) + `"`), Shown: true})
		bytes -= n
	}
	if _, err := e.order[0].led.Append(t.Context(), transcript.Draft{Kind: "later.kind", Fields: fields}); err != nil {
		t.Fatal(err)
	}
}

// TestHoldOvertakesALargeEntry: a hold arrives and alarms while 4 MiB cross a slow link.
func TestHoldOvertakesALargeEntry(t *testing.T) {
	for i := range 2 {
		testnet.Run(t, func(t *testing.T) {
			w := newWorld(t, worldOptions{seed: 1, reach: 1})
			w.open()
			w.net.Shape(100*time.Millisecond, 64<<10)
			e, peer := w.ends[i], w.ends[1-i]
			big(t, e, 3<<20-128<<10)
			time.Sleep(5 * time.Second)
			if _, err := e.Call(t.Context(), duty, "", calling("hold", "aircraft in your area")); err != nil {
				t.Fatal(err)
			}
			took := w.within(3*time.Second, "the hold alarms", is(func() bool { return peer.alarmOf("hold") != nil }))
			if n := peer.logged(e.party, "later.kind"); n != 0 {
				t.Error("the large entry was there before the hold")
			}
			t.Logf("the hold of %s alarms after %v", e.party, took)
			calls, err := peer.Calls(t.Context(), "")
			if err != nil || len(calls) != 1 || !calls[0].Ahead {
				t.Errorf("calls: %+v, %v", calls, err)
			}
			w.within(5*time.Minute, "the large entry", is(func() bool { return peer.logged(e.party, "later.kind") == 1 }))
			w.finish()
		})
	}
}

// TestNodesTenMinutesApart: both alarm, both put it on the record, and nothing is lost.
func TestNodesTenMinutesApart(t *testing.T) {
	for reach := range 3 {
		testnet.Run(t, func(t *testing.T) {
			w := newWorld(t, worldOptions{seed: 1, reach: reach, clocks: [2]clock.Clock{clock.System{}, clock.Shifted{Base: clock.System{}, By: 10 * time.Minute}}})
			w.open()
			w.within(time.Minute, "the alarm on both", is(func() bool { return w.ends[0].alarmOf("clock") != nil && w.ends[1].alarmOf("clock") != nil }))
			for i, word := range []string{"10m0s ahead", "10m0s behind"} {
				if a := w.ends[i].alarmOf("clock"); !strings.Contains(a.Text, word) {
					t.Errorf("%s: %s", w.ends[i].party, a.Text)
				}
			}
			for i, e := range w.ends {
				for _, id := range []string{"1", "2"} {
					f, err := e.File(t.Context(), duty, "", flight(e.party+id, 35+float64(i), 35, 30*time.Hour, time.Hour), false)
					if err != nil {
						t.Fatal(err)
					}
					e.ack("filed "+id, hasRef(f.Notice.Entry))
				}
			}
			w.within(time.Minute, "the offset on both records", is(func() bool {
				return w.ends[1].logged("red", body.KindClock) == 1 && w.ends[0].logged("blue", body.KindClock) == 1
			}))
			w.finish()
		})
	}
}

// TestEndedAgreement: filing is refused in clear words; what keeps people alive still passes.
func TestEndedAgreement(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 1, change: func(terms *agreement.Terms) { terms.Until = time.Now().UTC().Add(time.Hour) }})
		w.open()
		red, ctx := w.ends[0], t.Context()
		f, err := red.File(ctx, duty, "", flight("red-1", 35, 35, 2*time.Hour, time.Hour), false)
		if err != nil {
			t.Fatal(err)
		}
		red.ack("filed", hasRef(f.Notice.Entry))
		time.Sleep(time.Hour)
		again := flight("red-2", 35, 35, 2*time.Hour, time.Hour)
		_, errFile := red.File(ctx, duty, "", again, false)
		again.ID = "red-1"
		_, errAmend := red.Amend(ctx, duty, "", again, false)
		for _, err := range []error{errFile, errAmend} {
			if !fault.Is(err, fault.Mismatch) || !strings.Contains(err.Error(), "is not in force now") || !strings.Contains(err.Error(), "parley agreement supersede") {
				t.Errorf("after the end: %v", err)
			}
		}
		if l := red.line(); l.InForce {
			t.Error("the line says that the agreement is in force")
		}
		if _, err := red.SetState(ctx, duty, "", "red-1", notice.Cancel, ""); err != nil {
			t.Errorf("cancelling after the end: %v", err)
		}
		if _, err := red.Call(ctx, duty, "", calling("distress", "aircraft down")); err != nil {
			t.Errorf("distress after the end: %v", err)
		}
		w.within(10*time.Second, "distress", is(func() bool { return w.ends[1].alarmOf("distress") != nil }))
		w.finish()
	})
}

// TestFullDisk: the node says so, takes no commands, alarms, and acknowledges nothing that it might
// lose. Its desk keeps the picture, and the other side sees the line go down.
func TestFullDisk(t *testing.T) {
	seed := seedOf(t)
	testnet.Run(t, func(t *testing.T) {
		var full [2]atomic.Bool
		w := newWorld(t, worldOptions{seed: seed, wrap: func(i int, o *nodeOptions) {
			o.fs = errorfs.Wrap(o.fs, errorfs.InjectorFunc(func(op errorfs.Op) error {
				if full[i].Load() && op.Kind.ReadOrWrite() == errorfs.OpIsWrite && op.Kind != errorfs.OpLock && op.Kind != errorfs.OpRemove {
					return syscall.ENOSPC
				}
				return nil
			}))
		}})
		w.open()
		red, blue, ctx := w.ends[0], w.ends[1], t.Context()
		desks := []*desk{red.desk(), blue.desk()}
		w.work(desks, 6)
		for _, d := range desks {
			if err := d.e.Resume(ctx, duty, "", "over"); err != nil {
				t.Fatal(err)
			}
		}
		w.within(time.Minute, "settled", w.settled)
		full[0].Store(true)
		_, err := red.File(ctx, duty, "", flight("lost-1", 35, 35, 2*time.Hour, time.Hour), false)
		if !fault.Is(err, fault.Unavailable) || !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("filing on a full disk: %v", err)
		}
		full[0].Store(false) // a disk that takes writes again does not undo the failure
		for range 3 {
			if _, err := red.File(ctx, duty, "", flight("lost-2", 35, 35, 2*time.Hour, time.Hour), false); !fault.Is(err, fault.Unavailable) {
				t.Errorf("filing after the failure: %v", err)
			}
			if _, err := red.Call(ctx, duty, "", calling("hold", "stop")); !fault.Is(err, fault.Unavailable) {
				t.Errorf("calling after the failure: %v", err)
			}
		}
		time.Sleep(5 * time.Second)
		if a := red.alarmOf("store"); a == nil || a.Level != actNow {
			t.Errorf("no alarm: %+v", a)
		}
		told := false
		events, _, _ := red.feed.after(0)
		for _, e := range events {
			told = told || e.Kind == "alarm" && e.ID == "store"
		}
		if !told || len(red.notices()) == 0 {
			t.Errorf("the desk was told: %t; it sees %d notices", told, len(red.notices()))
		}
		for range 5 {
			if err := desks[1].file(ctx); err != nil {
				t.Fatal(err)
			}
		}
		w.within(3*time.Minute, "the other side sees that the line is down", is(func() bool { return blue.alarmOf("line-down") != nil }))
		if err := red.stop(); err != nil && !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("stop: %v", err)
		}
		red.disk = red.disk.Crash(rand.New(rand.NewPCG(seed, 1)).IntN(101), rand.New(rand.NewPCG(seed, 2)))
		red.open()
		w.within(2*time.Minute, "both may sign", w.unready)
		for _, d := range desks {
			d.closing(ctx)
		}
		w.finish()
		if _, err := red.Notice(ctx, "", "red", "lost-2"); err == nil {
			t.Error("a notice that was refused after the failure is there")
		}
	})
}
