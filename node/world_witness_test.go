package node

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"parley/agreement"
	"parley/internal/clock"
	"parley/internal/testnet"
	"parley/store/pebble"
	"parley/transcript"
	"parley/transcript/ledger"
	"parley/witness"
)

// worldWitness is a witness of a world, on a disk of its own.
type worldWitness struct {
	w    *world
	name string
	key  ed25519.PrivateKey
	disk *testnet.Disk
	stop func()
}

func (s *worldWitness) public() transcript.WitnessKey {
	return transcript.WitnessKey{Name: s.name, Key: s.key.Public().(ed25519.PublicKey)}
}

func (s *worldWitness) address() WitnessAddress {
	return WitnessAddress{Key: s.public(), URL: "http://" + s.name + ":80"}
}

// open starts the witness, for both transcripts of the line in every epoch.
func (s *worldWitness) open() {
	t := s.w.t
	t.Helper()
	agreed, err := agreement.Open(s.w.note)
	if err != nil {
		t.Fatal(err)
	}
	list := ""
	for i, side := range []string{"a", "b"} {
		list += fmt.Sprintf("parley/%s/*/%s %s\n", agreed.LineID(), side, base64.StdEncoding.EncodeToString(agreed.Terms.Parties[i].LineKeys[0].Public))
	}
	logs, err := witness.ParseLogs([]byte(list))
	if err != nil {
		t.Fatal(err)
	}
	st, err := pebble.Open(pebble.Config{Dir: "store", FS: s.disk, MemTableBytes: 64 << 10})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	srv, err := witness.New(witness.Config{Name: s.name, Key: s.key, Logs: logs, Store: st, Clock: clock.System{}, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	ln := s.w.net.Listen(s.name + ":80")
	go func() { done <- witness.Serve(ctx, ln, srv.Handler(), clock.System{}, log) }()
	s.stop = func() {
		cancel()
		if err := errors.Join(<-done, st.Close()); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", s.name, err)
		}
		s.stop = func() {}
	}
	t.Cleanup(func() { s.stop() })
}

// witnessWorld is a world with two witnesses, of which one must cosign.
func witnessWorld(t *testing.T, seed uint64) (*world, [2]*worldWitness) {
	var ws [2]*worldWitness
	for i := range ws {
		ws[i] = &worldWitness{name: fmt.Sprintf("w%d.example", i+1), key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{byte(80 + i)}, 32)), disk: testnet.NewDisk()}
	}
	w := newWorld(t, worldOptions{seed: seed, at: time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC), change: func(terms *agreement.Terms) {
		terms.Witnesses = agreement.Witnesses{Quorum: 1, Verifiers: []string{ws[0].public().String(), ws[1].public().String()}}
	}, wrap: func(_ int, o *nodeOptions) {
		o.witnesses = []WitnessAddress{ws[0].address(), ws[1].address()}
	}})
	for _, s := range ws {
		s.w = w
		s.open()
	}
	return w, ws
}

// witnessedBy says why not both nodes have all of both transcripts cosigned by a witness.
func (w *world) witnessedBy(name string) string {
	for _, e := range w.ends {
		ln, err := e.Line(w.t.Context(), "")
		if err != nil {
			return err.Error()
		}
		for _, v := range ln.Witnesses {
			if v.Name == name && (v.Trouble != "" || v.Own < ln.OwnSize || v.Other < ln.PeerSize) {
				return fmt.Sprintf("%s has of %s: %+v", e.party, name, v)
			}
		}
	}
	return ""
}

func TestWitnesses(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w, ws := witnessWorld(t, 1)
		w.open()
		red, blue := w.ends[0], w.ends[1]
		if _, err := blue.File(t.Context(), duty, "", flight("b1", 35.9, 35.4, 2*time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		for _, s := range ws {
			w.within(3*time.Minute, "cosigned by "+s.name, func() string { return w.witnessedBy(s.name) })
		}
		w.quiet("unwitnessed")

		// Either node's export shows both transcripts witnessed.
		for _, e := range w.ends {
			var out bytes.Buffer
			if err := e.Export(t.Context(), "", &out); err != nil {
				t.Fatal(err)
			}
			r := transcript.Verify(&out, transcript.Options{Agreement: agreement.Info, Keys: agreement.KeysInfo, DemandWitnessed: true})
			for _, c := range r.Checks {
				if !c.OK {
					t.Errorf("%s: %s %s: %s", e.party, c.Name, c.Entry, c.Reason)
				}
			}
			if got := r.Transcripts[len(r.Transcripts)-1].Witnessed; len(got) == 0 || got[0].By != 2 || got[0].Need != 1 || got[0].Time.IsZero() {
				t.Errorf("%s: witnessed: %+v", e.party, got)
			}
		}

		// One witness of two is enough; without any both desks are told, until one is there again.
		ws[0].stop()
		time.Sleep(20 * time.Minute)
		w.quiet("unwitnessed")
		ws[1].stop()
		time.Sleep(9 * time.Minute)
		w.quiet("unwitnessed")
		time.Sleep(3 * time.Minute)
		w.alarmed("unwitnessed", "0/1")
		blue.halt()
		blue.open() // a restart forgets no witness, and no alarm
		w.within(2*time.Minute, "both may sign", func() string { return w.unready() })
		w.alarmed("unwitnessed")
		ws[1].open()
		w.within(7*time.Minute, "cosigned again", func() string { return w.witnessedBy(ws[1].name) })
		w.quiet("unwitnessed")
		w.quiet("witness-contradicts")

		// Red's key signs another entry for the witness than red's node says: both nodes find out.
		ws[1].fork(red)
		if _, err := red.File(t.Context(), duty, "", flight("r1", 35.9, 35.4, 5*time.Hour, time.Hour), false); err != nil {
			t.Fatal(err)
		}
		w.within(5*time.Minute, "both desks are told", func() string {
			for _, e := range w.ends {
				if a := e.alarmOf("witness-contradicts"); a == nil || a.Level != actNow {
					return e.party + " is not alarmed"
				}
			}
			return ""
		})
		w.alarmed("witness-contradicts", "w2.example", "red")
	})
}

// fork has the witness cosign a head of a party's own transcript with one entry more that nobody said.
func (s *worldWitness) fork(e *end) {
	t := s.w.t
	t.Helper()
	led := e.order[0].led
	own, _ := led.Heads()
	var tree transcript.Tree
	var hashes transcript.Hashes
	for r, err := range led.Records(t.Context(), ledger.Cursor{}) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Origin == own.Origin {
			hashes = append(hashes, tree.Append(transcript.RecordHash(r.Bytes))...)
		}
	}
	hashes = append(hashes, tree.Append(tlog.RecordHash([]byte("another entry")))...)
	h, err := transcript.SignHead(e.keys.line, own.Origin, tree.Size(), tree.Root(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	c, err := witness.NewClient(s.public(), s.address().URL, s.w.net.Dialer("elsewhere"), clock.System{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Cosign(t.Context(), h, own.Size, func(old int64) ([]transcript.Hash, error) {
		return transcript.ProveConsistency(old, tree.Size(), hashes)
	}); err != nil {
		t.Fatal(err)
	}
}
