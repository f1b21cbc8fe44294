package node

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"parley/internal/clock"
	"parley/internal/testnet"
	"parley/transcript"
)

// cosigner cosigns checkpoints as C2SP tlog-cosignature says, with x/mod's note code alone: no code of
// a party is in it.
type cosigner struct {
	key  ed25519.PrivateKey
	now  func() time.Time
	name string
}

const cosignatureV1 = 4

func (w *cosigner) Name() string { return w.name }

func (w *cosigner) KeyHash() uint32 {
	pub := w.key.Public().(ed25519.PublicKey)
	sum := sha256.Sum256(append(append([]byte(w.name+"\n"), cosignatureV1), pub...))
	return binary.BigEndian.Uint32(sum[:])
}

func message(at uint64, text []byte) []byte {
	return append(fmt.Appendf(nil, "cosignature/v1\ntime %d\n", at), text...)
}

// Sign implements note.Signer.
func (w *cosigner) Sign(text []byte) ([]byte, error) {
	at := uint64(w.now().Unix())
	return append(binary.BigEndian.AppendUint64(nil, at), ed25519.Sign(w.key, message(at, text))...), nil
}

// Verify implements note.Verifier.
func (w *cosigner) Verify(text, sig []byte) bool {
	return len(sig) == 8+ed25519.SignatureSize &&
		ed25519.Verify(w.key.Public().(ed25519.PublicKey), message(binary.BigEndian.Uint64(sig), text), sig[8:])
}

// cosigned is a checkpoint of a transcript as the witness saw and cosigned it.
func (w *cosigner) cosigned(t *testing.T, h transcript.Head) []byte {
	t.Helper()
	text, _, ok := bytes.Cut(h.Note, []byte("\n\n"))
	if !ok {
		t.Fatalf("a head without a signature: %s", h.Note)
	}
	out, err := note.Sign(&note.Note{Text: string(text) + "\n"}, w)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// tree is what a witness's checkpoint names.
type tree struct {
	origin string
	size   int64
	root   tlog.Hash
}

func (w *cosigner) open(t *testing.T, checkpoint []byte) (out tree) {
	t.Helper()
	n, err := note.Open(checkpoint, note.VerifierList(w))
	if err != nil {
		t.Fatal(err)
	}
	root := ""
	if _, err := fmt.Sscanf(n.Text, "%s\n%d\n%s\n", &out.origin, &out.size, &root); err != nil {
		t.Fatal(err)
	}
	if out.root, err = tlog.ParseHash(root); err != nil {
		t.Fatal(err)
	}
	return out
}

// leaves are the hashes of the entries of a transcript that a bundle holds, from its own bytes.
func leaves(t *testing.T, bundle []byte, origin string) (out []tlog.Hash) {
	t.Helper()
	r := transcript.NewBundleReader(bytes.NewReader(bundle))
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if rec.Kind == transcript.RecordEntry && rec.Origin.String() == origin {
			out = append(out, tlog.RecordHash(rec.Sealed.Bytes))
		}
	}
}

// rootOf is the root of the first entries of a transcript, by x/mod's tlog.
func rootOf(t *testing.T, all []tlog.Hash, size int64) tlog.Hash {
	t.Helper()
	if int64(len(all)) < size {
		t.Fatalf("%d entries, want %d", len(all), size)
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(at))
		for i, x := range at {
			out[i] = stored[x]
		}
		return out, nil
	})
	for i, leaf := range all[:size] {
		more, err := tlog.StoredHashesForRecordHash(int64(i), leaf, reader)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(size, reader)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// TestScenario10TamperedLog: blue notified 10 min ahead. Later it makes its log say 55 min: first in the
// file that it exports, then in its store, where it signs all of it anew with its clock set back. The
// file fails at the entry. The store's fork alarms both, closes the epoch, and begins at the entry; a
// witness's checkpoint shows which copy is not the one that was told then; a hold passes.
func TestScenario10TamperedLog(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		insist := false
		w := newWorld(t, worldOptions{seed: 10, wrap: func(i int, o *nodeOptions) { o.notRestored = i == 1 && insist }})
		w.open()
		ctx := t.Context()
		red, blue := w.ends[0], w.ends[1]
		_, watcher, err := ed25519.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		seer := &cosigner{key: watcher, now: time.Now, name: "witness.example/w1"}
		began := time.Now()
		to := func(d time.Duration) { time.Sleep(time.Until(began.Add(d))) }
		start := began.Add(time.Hour)
		told := func(id string) {
			t.Helper()
			n := flight(id, 35, 35, time.Until(start), time.Hour)
			if id == "b-2" {
				n = flight(id, 40, 40, 24*time.Hour, time.Hour)
			}
			if _, err := blue.File(ctx, duty, "", n, false); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := red.File(ctx, duty, "", flight("r-1", 36, 36, time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		blue.testLine(boris)
		w.within(time.Minute, "settled", w.settled)
		to(4 * time.Minute)
		backup := blue.disk.Backup()
		to(50 * time.Minute)
		told("b-1")
		w.atBoth(5*time.Second, "both have it as late", func(e *end) string {
			n, err := e.Notice(ctx, "", "blue", "b-1")
			if err != nil || n.Lead.Grade != "late" || math.Abs(*n.Lead.DeliveredS-600) > 2 {
				return fmt.Sprintf("%+v, %v", n.Lead, err)
			}
			return ""
		})
		before, err := red.Notice(ctx, "", "blue", "b-1")
		if err != nil {
			t.Fatal(err)
		}
		told("b-2")
		w.restart()
		to(70 * time.Minute)
		w.within(time.Minute, "settled", w.settled)
		_, head := red.order[0].led.Heads()
		checkpoint := seer.cosigned(t, head)

		honest := blue.copyOf()
		if !honest.report.OK {
			t.Fatalf("before: %s", honest.text)
		}
		stamp := func(at time.Time) []byte {
			return []byte(`"time":"` + at.UTC().Format("2006-01-02T15:04:05.000Z") + `"`)
		}
		doctored := bytes.Replace(honest.bundle, stamp(before.Filed), stamp(began.Add(5*time.Minute)), 1)
		if c := verified(t, "blue", doctored); c.report.OK || !strings.Contains(c.text, " at "+short(before.Entry)+": ") {
			t.Errorf("the file with an earlier time in %s: %s", short(before.Entry), c.text)
		}

		to(100 * time.Minute)
		w.net.SetCut(true)
		blue.halt()
		blue.disk, insist = backup, true
		blue.clock = clock.Shifted{Base: clock.System{}, By: time.Until(began.Add(5 * time.Minute))}
		blue.open()
		told("b-1")
		told("b-2")
		if n, err := blue.Notice(ctx, "", "blue", "b-1"); err != nil || !n.Filed.Before(began.Add(6*time.Minute)) || n.Entry != before.Entry {
			t.Fatalf("blue has made of it %+v, %v", n, err)
		}
		blue.halt()
		blue.clock = nil
		blue.open()
		w.net.SetCut(false)
		healed := time.Now()
		w.atBoth(time.Minute, "both are alarmed and the epoch is closed", func(e *end) string {
			l := e.line()
			if e.alarmOf("epoch-closed") == nil || e.alarmOf("line-disputed") == nil || l.State != "disputed" || l.Evidence == 0 || !l.Confirmed {
				return fmt.Sprintf("%+v", l)
			}
			return ""
		})
		t.Logf("both are alarmed %v after they met", time.Since(healed))
		w.forkedAt(before.Entry, seer.open(t, checkpoint))
		for _, e := range w.ends {
			e.checkForkExport(blue)
		}
		if n, err := red.Notice(ctx, "", "blue", "b-1"); err != nil || n.Lead.Grade != "late" || math.Abs(*n.Lead.DeliveredS-600) > 2 {
			t.Errorf("what red was told: %+v, %v", n.Lead, err)
		}

		w.restartAlone()
		w.atBoth(time.Minute, "both know it after a restart", func(e *end) string {
			if l := e.line(); e.alarmOf("epoch-closed") == nil || l.State != "disputed" || !l.Confirmed {
				return fmt.Sprintf("%+v", l)
			}
			return ""
		})
		if err := red.NextEpoch(ctx, duty, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := red.Call(ctx, duty, "", calling("hold", "aircraft in your area")); err != nil {
			t.Fatal(err)
		}
		w.within(time.Second, "the hold passes", is(func() bool { return blue.alarmOf("hold") != nil }))
		w.within(time.Minute, "blue holds the next epoch", is(func() bool { return blue.line().Epoch == 2 }))
		told("b-3")
		w.within(time.Minute, "both go on in the next epoch", is(func() bool {
			_, err := red.Notice(ctx, "", "blue", "b-3")
			return err == nil && red.line().Epoch == 2 && blue.line().Epoch == 2 && blue.line().State == "up"
		}))
		for _, e := range w.ends { // what it did stays on both records
			if l := e.line(); l.Evidence == 0 {
				t.Errorf("%s forgot it: %+v", e.party, l)
			}
			e.checkForkExport(blue)
		}
	})
}

// short writes an entry's name within its line.
func short(entry string) string {
	parts := strings.Split(entry, "/")
	return strings.Join(parts[2:], "/")
}

// forkedAt fails unless the two copies of blue's transcript are the same before an entry and not in it,
// and red's is the one that the witness saw.
func (w *world) forkedAt(entry string, saw tree) {
	w.t.Helper()
	origin, index, _ := strings.Cut(entry, "#")
	var copies [2][]tlog.Hash
	for i, e := range w.ends {
		copies[i] = leaves(w.t, e.copyOf().bundle, origin)
	}
	first := 0
	for first < min(len(copies[0]), len(copies[1])) && copies[0][first] == copies[1][first] {
		first++
	}
	if got := strconv.Itoa(first); got != index || first == len(copies[0]) || first == len(copies[1]) {
		w.t.Errorf("the copies differ first at #%s of %d and %d entries, want #%s", got, len(copies[0]), len(copies[1]), index)
	}
	if saw.origin != origin || saw.size <= int64(first) {
		w.t.Fatalf("the witness saw %+v", saw)
	}
	if rootOf(w.t, copies[0], saw.size) != saw.root {
		w.t.Error("red's copy is not the one that the witness saw")
	}
	if rootOf(w.t, copies[1], min(saw.size, int64(len(copies[1])))) == saw.root {
		w.t.Error("blue's copy is the one that the witness saw")
	}
}
