package node

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/go-json-experiment/json"

	"parley/internal/clock"
	"parley/node/body"
	"parley/node/picture"
	"parley/store/pebble"
	"parley/transcript"
)

// plainly counts notice by notice, all that ever was, and conflict by conflict.
func (t *tally) plainly(exercise bool) {
	ln := t.ln
	apart, voiced := map[body.Ref]bool{}, map[body.Ref]bool{}
	for p := range ln.pic.Notices() {
		apart[p.First], voiced[p.First] = ln.apart(p), p.Key.Voice
		if !p.Key.Voice && ln.apart(p) == exercise {
			t.notice(p)
		}
	}
	for _, c := range ln.pic.Conflicts() {
		if len(c.Filings) == 0 {
			continue
		}
		a, b := c.Filings[0].A.First, c.Filings[0].B.First
		if !voiced[a] && !voiced[b] && apart[a] == exercise && apart[b] == exercise {
			t.at(slices.MinFunc(c.Filings, func(a, b picture.Filing) int { return a.Time.Compare(b.Time) }).Time).conflicts++
		}
	}
}

// misfigured says where the figures that are kept in blocks are not those of all notices.
func (ln *lineNode) misfigured() string {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	for _, exercise := range []bool{false, true} {
		kept, plain := newTally(ln, ByDay), newTally(ln, ByDay)
		kept.told(exercise)
		plain.plainly(exercise)
		have, _ := json.Marshal(kept.rows(), json.Deterministic(true))
		want, _ := json.Marshal(plain.rows(), json.Deterministic(true))
		if string(have) != string(want) {
			return fmt.Sprintf("%s, exercise %v: the blocks have\n%s\nand the notices\n%s", ln.node.Party(), exercise, have, want)
		}
	}
	return ""
}

// misworded says which conflict's alarms were kept as they are not any longer.
func (ln *lineNode) misworded() string {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	ln.wordings.mu.Lock()
	kept := maps.Clone(ln.wordings.kept)
	ln.wordings.mu.Unlock()
	for id, k := range kept {
		now := ln.word(id)
		if !ln.open[id] || k.took != now.took || !slices.EqualFunc(k.work, now.work, sameAlarm) || !sameAlarm(k.alarm, now.alarm) || !k.c.Found.Equal(now.c.Found) || !k.c.From.Equal(now.c.From) || len(k.c.Owners) != len(now.c.Owners) || k.c.Coarse != now.c.Coarse {
			return fmt.Sprintf("%s: conflict %s was worded as\n%+v\nand is\n%+v", ln.node.Party(), id, k, now)
		}
	}
	return ""
}

// BenchmarkStatistics is the time for the figures of a line that long stood, in the way of a monitor that asks each
// minute while notices come in.
func BenchmarkStatistics(b *testing.B) {
	for _, notices := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("notices=%d", notices), func(b *testing.B) {
			k, other := newKeys(b), newKeys(b)
			red := start(b, "red", k, agree(b, k, other, nil), nodeOptions{fs: vfs.NewMem(), dir: "store", notRestored: true, noCache: true})
			ln := red.order[0]
			for i := 0; i < notices; i += 1000 {
				if _, err := ln.led.Append(b.Context(), drafts(b, i, 1000, notices, 500)...); err != nil {
					b.Fatal(err)
				}
			}
			if err := ln.await(b.Context(), body.Ref{Origin: transcript.Origin{Line: ln.id, Epoch: 1, Side: transcript.A}, Seq: int64(notices) - 1}); err != nil {
				b.Fatal(err)
			}
			began := time.Now()
			if _, err := red.Statistics(b.Context(), "", ByAll); err != nil {
				b.Fatal(err)
			}
			first := time.Since(began)
			for b.Loop() {
				ln.mu.Lock()
				for p := range ln.pic.NoticesOf(transcript.Origin{Line: ln.id, Epoch: 1, Side: transcript.A}, int64(notices)-400, int64(notices)) {
					ln.markNotice(p)
				}
				ln.mu.Unlock()
				if _, err := red.Statistics(b.Context(), "", ByAll); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(first.Milliseconds()), "first-ms")
		})
	}
}

// BenchmarkConflictAlarms is the time to say the alarms of all conflicts that are open, which every change asks for:
// where one conflict changed, and where all did, as if nothing were kept.
func BenchmarkConflictAlarms(b *testing.B) {
	for _, open := range []int{30, 300} {
		st, err := pebble.Open(pebble.Config{Dir: "store", FS: vfs.NewMem()})
		if err != nil {
			b.Fatal(err)
		}
		defer st.Close()
		k, other := newKeys(b), newKeys(b)
		n, err := New(b.Context(), Config{Party: "red", Store: st, LineKey: k.line, TLSKey: k.tls,
			Lines: []LineConfig{{Notes: [][]byte{agree(b, k, other, nil)}}}, Clock: clock.System{}, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			b.Fatal(err)
		}
		ln := n.order[0]
		ln.live.Store(true)
		ln.mu.Lock()
		for _, s := range saidOf(b, ln, open) {
			ln.take(s)
			s.Ref.Origin.Side = ln.side
			ln.take(s)
		}
		if len(ln.open) != open {
			b.Fatalf("%d conflicts are open", len(ln.open))
		}
		ids := sortedKeys(ln.open)
		ln.mu.Unlock()
		for _, changed := range []int{1, open} {
			b.Run(fmt.Sprintf("open=%d/changed=%d", open, changed), func(b *testing.B) {
				for b.Loop() {
					ln.mu.Lock()
					for _, id := range ids[:changed] {
						ln.markConflict(id)
					}
					if got := len(ln.conflictAlarms()); got != open {
						b.Fatalf("%d alarms", got)
					}
					ln.mu.Unlock()
				}
			})
		}
	}
}
