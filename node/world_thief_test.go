package node

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	crand "crypto/rand"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/agreement"
	"parley/fault"
	"parley/internal/clock"
	"parley/internal/testnet"
	"parley/line"
	"parley/node/body"
	"parley/notice"
	"parley/store/pebble"
	"parley/transcript"
	"parley/transcript/ledger"
)

// thief runs red's node with stolen keys on a store of his own, which takes back from blue all that red said.
// Nothing reaches him: he dials.
func (w *world) thief(k keys, c clock.Clock) *running {
	w.t.Helper()
	return start(w.t, "red", k, w.note, nodeOptions{clock: c, dial: w.net.Dialer("thief"), peerAddress: "blue:1"})
}

// stolenWorld is a world in which red has another line key and another TLS key ready.
func stolenWorld(t *testing.T, seed uint64) (w *world, next keys) {
	next = newKeys(t)
	w = newWorld(t, worldOptions{seed: seed, wrap: func(i int, o *nodeOptions) {
		if i == 0 {
			o.moreLine, o.moreTLS = []crypto.Signer{next.line}, []crypto.Signer{next.tls}
		}
	}})
	w.open()
	return w, next
}

// revoke puts version 2 in force: red's line key does not count from a time on, and its TLS key from now on.
func (w *world) revoke(next keys, since time.Time) []byte {
	w.t.Helper()
	red, blue := w.ends[0], w.ends[1]
	newest := red.order[0].newest()
	terms := agreement.Supersede(newest, newest.Terms)
	now := time.Now().UTC().Truncate(time.Second)
	p := &terms.Parties[0]
	p.LineKeys, p.TLSKeys = slices.Clone(p.LineKeys), slices.Clone(p.TLSKeys) // the node has its own
	p.LineKeys[0].Revoked = since
	p.LineKeys = append(p.LineKeys, agreement.LineKey{Public: next.line.Public().(ed25519.PublicKey), From: since})
	p.TLSKeys[0].Revoked = now
	p.TLSKeys = append(p.TLSKeys, agreement.TLSKey{Public: next.tls.Public().(ed25519.PublicKey)})
	note := taken(agreement.Cosign(taken(agreement.Sign(terms, "red", red.keys.party)), "blue", blue.keys.party))
	taken(red.Propose(w.t.Context(), ana, "", note))
	w.within(time.Minute, "version 2", w.inVersion(2))
	w.within(2*time.Minute, "settled", w.settled)
	return note
}

// exported exports what a node holds and verifies it.
func exported(t *testing.T, n *running) transcript.Report {
	t.Helper()
	var b bytes.Buffer
	if err := n.Export(t.Context(), "", &b); err != nil {
		t.Fatal(err)
	}
	return verifyKept(b.Bytes())
}

// alarmWith fails unless a node alarms so, with these words.
func (e *end) alarmWith(kind string, level int, words string) {
	e.w.t.Helper()
	list, err := e.Alarms(e.w.t.Context())
	if err != nil {
		e.w.t.Fatal(err)
	}
	for _, a := range list {
		if a.Kind == kind && a.Level == level && strings.Contains(a.Text, words) {
			return
		}
	}
	e.w.t.Errorf("%s: no alarm %s of level %d with %q: %+v", e.party, kind, level, words, list)
}

func (w *world) honest(rng *rand.Rand, prefix string) {
	w.t.Helper()
	for i := range 1 + rng.IntN(4) {
		for _, e := range w.ends {
			taken(e.File(w.t.Context(), duty, "", flight(fmt.Sprint(prefix, e.party, i), 35+10*float64(e.i), 35, 30*time.Hour, time.Hour), false))
			time.Sleep(time.Duration(rng.IntN(40)) * time.Second)
		}
	}
	w.within(2*time.Minute, "settled", w.settled)
}

// TestThiefInTheSession: somebody with red's line and TLS keys speaks as red while red runs. Blue cannot tell, and
// takes it; red learns of it by blue's own receipts, signs nothing meanwhile, says on the record which entries its
// store had not written, and both desks are told in words, over restarts.
func TestThiefInTheSession(t *testing.T) {
	seed := seedOf(t)
	for i := range uint64(3) {
		testnet.Run(t, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, i))
			w, next := stolenWorld(t, seed+i)
			red, blue := w.ends[0], w.ends[1]
			w.honest(rng, "before-")
			before := map[int64]time.Time{}
			rep := exported(t, blue.running)
			origin := transcript.Origin{Line: red.line().ID, Epoch: 1, Side: transcript.A}
			for seq := range red.line().OwnSize {
				before[seq], _ = rep.Held(origin, seq)
			}
			time.Sleep(2 * time.Minute)
			stolen := time.Now().UTC().Truncate(time.Second)
			time.Sleep(time.Minute)
			begins := red.line().OwnSize

			th := w.thief(red.keys, nil)
			w.within(time.Minute, "the thief may sign", is(func() bool { l, err := th.Line(t.Context(), ""); return err == nil && l.Confirmed }))
			taken(th.File(t.Context(), duty, "", flight("thiefs", 35, 35, 30*time.Hour, time.Hour), false))
			w.within(time.Minute, "blue holds it", is(func() bool { _, err := blue.Notice(t.Context(), "", "red", "thiefs"); return err == nil }))
			w.within(time.Minute, "red is told", is(func() bool { return red.alarmOf("claimed") != nil || red.alarmOf("doubted") != nil }))
			red.alarmWith(map[bool]string{true: "claimed", false: "doubted"}[red.alarmOf("claimed") != nil], actNow,
				"somebody else signs with its keys, or a second copy of it runs, or the machine was set back: call blue")
			if err := th.stop(); err != nil {
				t.Fatal(err)
			}
			if i > 0 { // as the alarm says, or by a loss of power
				red.crash(rng.IntN(101))
				red.open()
			}
			w.within(5*time.Minute, "on both records", is(func() bool {
				return red.logged("red", body.KindTakenBack) > 0 && blue.logged("red", body.KindTakenBack) > 0 && w.unready() == ""
			}))
			w.within(2*time.Minute, "settled", w.settled)
			for range 2 {
				if i > 0 { // it could have been put back from a backup, for all that it knows
					red.alarmWith("taken-back", soon, "where none was, somebody else signs with this node’s keys")
				} else {
					red.alarmWith("taken-back", actNow, fmt.Sprintf("from 1/a#%d on, that are signed with this node’s key and that this node did not write while it ran", begins))
				}
				blue.alarmWith("taken-back", map[bool]int{true: soon, false: actNow}[i > 0], "somebody else signed them with its keys: call red at a number that you knew before")
				for _, e := range w.ends {
					e.halt()
					e.open()
				}
				w.within(2*time.Minute, "both may sign", w.unready)
			}

			w.revoke(next, stolen)
			w.honest(rng, "after-")
			for _, e := range w.ends {
				rep := exported(t, e.running)
				if !rep.OK {
					t.Errorf("%s: %+v", e.party, firstWrong(rep))
				}
				for seq, at := range before {
					if got, held := rep.Held(origin, seq); !held || !got.Equal(at) {
						t.Errorf("%s: 1/a#%d is held at %s, not %s", e.party, seq, got, at)
					}
				}
			}
			for _, e := range w.ends {
				for _, kind := range []string{"key-refused", "claimed", "doubted", "epoch-closed"} {
					if a := e.alarmOf(kind); a != nil {
						t.Errorf("%s alarms at the end: %s", e.party, a.Text)
					}
				}
			}
		})
	}
}

// forger is a thief with code of his own: red's ledger and line with the keys that he has, on a store of his own.
type forger struct {
	led           *ledger.Ledger
	line          *line.Line
	connect, stop func()
}

// forger starts one on a copy of red's disk, or on an empty one, where he takes back from blue what red said. One who
// goes on from the copy signs without asking what red said since.
func (w *world) forger(disk *testnet.Disk, goesOn bool, key, tls ed25519.PrivateKey, known []ed25519.PrivateKey, c clock.Clock) *forger {
	w.t.Helper()
	t, ctx := w.t, w.t.Context()
	agreed := taken(agreement.Open(w.note))
	st := taken(pebble.Open(pebble.Config{Dir: "store", FS: disk, MemTableBytes: 64 << 10}))
	own := []transcript.LineKey{transcript.PublicLineKey(key)}
	for _, k := range known {
		own = append(own, transcript.PublicLineKey(k))
	}
	blue := w.ends[1].keys
	f := &forger{led: taken(ledger.Open(ctx, st, ledger.Config{Line: agreed.LineID(), Side: transcript.A, Author: "red", Peer: "blue", Agreement: agreed.ID,
		Key: key, OwnKeys: own, PeerKeys: []transcript.LineKey{transcript.PublicLineKey(blue.line)}, Urgent: body.Urgent, NotRestored: goesOn, Clock: c, Rand: crand.Reader}))}
	f.line = taken(line.New(line.Config{LineID: agreed.LineID(), Side: transcript.A, Ledger: f.led, Key: tls,
		PeerKeys:    func() []ed25519.PublicKey { return []ed25519.PublicKey{blue.tls.Public().(ed25519.PublicKey)} },
		PeerAddress: "blue:1", Dial: w.net.Dialer("thief"), Rand: crand.Reader}))
	run, cancel := context.WithCancel(ctx)
	done := make(chan error, 3)
	go func() { done <- f.led.Run(run) }()
	running := 1
	f.connect = func() {
		running = 3
		go func() { done <- f.line.Run(run) }()
		go func() {
			for range f.line.Changes() {
			}
			done <- nil
		}()
	}
	f.stop = func() {
		cancel()
		for range running {
			<-done
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
		f.stop = func() {}
	}
	t.Cleanup(func() { f.stop() })
	return f
}

// lies puts a notice and a hold on the forger's transcript.
func (f *forger) lies(t *testing.T) {
	t.Helper()
	n := flight("thiefs", 35, 35, 30*time.Hour, time.Hour)
	n.Version = 1
	d := transcript.Draft{Kind: body.KindNotice}
	for _, x := range taken(notice.Fields(n)) {
		d.Fields = append(d.Fields, transcript.Field{Name: x.Name, Value: x.Value, Shown: true})
	}
	hold := taken(body.Draft(body.KindHold, body.Call{Speech: body.Speech{Text: "stop all", Language: "en", Officer: "o", Role: "duty"}}))
	taken(f.led.Append(t.Context(), d, hold))
}

// bundle is what the forger hands reviewers: what he holds, under the versions of the agreement that he chooses.
func (f *forger) bundle(t *testing.T, notes ...[]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	b := transcript.NewBundleWriter(&out)
	for _, n := range notes {
		if err := b.Agreement(n); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(f.led.Export(t.Context(), b, nil), b.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func verifyKept(data []byte) transcript.Report {
	return transcript.Verify(bytes.NewReader(data), transcript.Options{Agreement: agreement.Info, Keys: agreement.KeysInfo, Workers: 1, Keep: true})
}

// firstWrong returns the first thing that is wrong.
func firstWrong(r transcript.Report) transcript.Check {
	for _, c := range r.Checks {
		if !c.OK {
			return c
		}
	}
	return transcript.Check{}
}

// TestThiefAfterTheRevocation: red's line key is revoked as of the theft. The thief has it, and even the TLS key that
// counts now; whatever he signs with the line key, from a copy of red's store or after all that red said, dated as he
// likes, a hold among it, blue takes nothing of, and says so to its desk. What he hands reviewers is consistent by
// itself where he leaves the revocation out, and contradicts what both nodes export; with the revocation in it, it
// does not hold.
func TestThiefAfterTheRevocation(t *testing.T) {
	seed := seedOf(t)
	for i, fromCopy := range []bool{true, true, false} {
		testnet.Run(t, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, uint64(i)))
			w, next := stolenWorld(t, seed+uint64(i))
			red, blue := w.ends[0], w.ends[1]
			w.honest(rng, "before-")
			time.Sleep(time.Minute)
			stolen := time.Now().UTC().Truncate(time.Second)
			disk := testnet.NewDisk()
			if fromCopy {
				disk = red.disk.Backup()
			}
			time.Sleep(10 * time.Minute)
			second := w.revoke(next, stolen)
			time.Sleep(2 * time.Minute)
			size := blue.line().PeerSize

			refused := w.forger(testnet.NewDisk(), true, red.keys.line, red.keys.tls, nil, nil)
			refused.lies(t)
			refused.connect()
			time.Sleep(5 * time.Minute)
			if s := refused.line.Status(); s.State == line.Up || s.Failure != line.FailRefusedKey || blue.alarmOf("hold") != nil || blue.alarmOf("key-refused") != nil {
				t.Errorf("with the revoked TLS key: %+v", s)
			}
			refused.stop()

			dated := clock.Shifted{Base: clock.System{}}
			if i == 0 { // before the theft
				dated.By = -time.Since(stolen) - 30*time.Second
			}
			th := w.forger(disk, fromCopy, red.keys.line, next.tls, []ed25519.PrivateKey{next.line}, dated)
			var bare, whole transcript.Report
			made := func() { bare, whole = verifyKept(th.bundle(t, w.note)), verifyKept(th.bundle(t, w.note, second)) }
			if fromCopy {
				th.lies(t)
				made() // before blue's receipts can contradict him
			}
			th.connect()
			if !fromCopy {
				w.within(2*time.Minute, "the thief may sign", is(func() bool { return th.led.Standing().Confirmed }))
				th.lies(t)
				made()
			}
			w.within(2*time.Minute, "blue alarms", is(func() bool { return blue.alarmOf("key-refused") != nil }))
			blue.alarmWith("key-refused", soon, "signed with a line key of red that does not count now, and were not taken")
			blue.halt()
			blue.open()
			time.Sleep(2 * time.Minute)
			if _, err := blue.Notice(t.Context(), "", "red", "thiefs"); !fault.Is(err, fault.NotFound) || blue.line().PeerSize != size || len(blue.calls()) != 0 || blue.alarmOf("hold") != nil {
				t.Errorf("blue took something: %v, %d entries, %d calls", err, blue.line().PeerSize, len(blue.calls()))
			}
			th.stop()
			w.within(5*time.Minute, "both may sign", w.unready)
			w.within(time.Minute, "settled", w.settled)
			if fromCopy && !bare.OK {
				t.Errorf("without the revocation: %+v", firstWrong(bare))
			}
			if c := firstWrong(whole); whole.OK || c.Name != "keys" || !strings.Contains(c.Reason, "was revoked later without an older receipt or older cosignatures of agreed witnesses, covers them") {
				t.Errorf("with the revocation: %+v", c)
			}
			for _, e := range w.ends {
				rep := exported(t, e.running)
				if !rep.OK || e.line().Evidence != 0 || e.line().Epoch != 1 {
					t.Errorf("%s: %+v", e.party, firstWrong(rep))
				}
				if c := transcript.Compare(bare, rep); fromCopy && c.Fit != transcript.Forks {
					t.Errorf("%s beside what the thief made: %+v", e.party, c)
				}
			}
		})
	}
}
