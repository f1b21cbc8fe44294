package node

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"os"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"parley/agreement"
	"parley/geo4d"
	"parley/internal/clock"
	"parley/line"
	"parley/node/view"
	"parley/notice"
	"parley/store/pebble"
)

// keys are a party's keys.
type keys struct{ party, line, tls ed25519.PrivateKey }

func newKeys(t testing.TB) keys {
	t.Helper()
	gen := func() ed25519.PrivateKey {
		_, k, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	return keys{gen(), gen(), gen()}
}

func (k keys) card(name string) agreement.Party {
	pub := func(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }
	return agreement.Party{
		Name: name, PartyKey: pub(k.party),
		LineKeys: []agreement.LineKey{{Public: pub(k.line)}},
		TLSKeys:  []agreement.TLSKey{{Public: pub(k.tls)}},
		Contacts: []agreement.Contact{{Role: "duty", Number: "+00 0000"}},
	}
}

// agree returns an agreement that both parties signed.
func agree(t testing.TB, a, b keys, change func(*agreement.Terms)) []byte {
	t.Helper()
	terms := agreement.Draft(agreement.DraftOptions{
		Title: "test", A: a.card("red"), B: b.card("blue"), Area: agreement.Area{Shape: geo4d.Earth{}},
		From: time.Now().Add(-time.Hour),
	})
	terms.TwoPersons = nil // one officer plays most of the worlds
	if change != nil {
		change(&terms)
	}
	one, err := agreement.Sign(terms, "red", a.party)
	if err != nil {
		t.Fatal(err)
	}
	both, err := agreement.Cosign(one, "blue", b.party)
	if err != nil {
		t.Fatal(err)
	}
	return both
}

// running is a node that runs until the test ends.
type running struct {
	*Node
	store *pebble.Store
	stop  func() error
}

type nodeOptions struct {
	fs          vfs.FS
	dir         string
	listener    net.Listener
	peerAddress string
	clock       clock.Clock
	notRestored bool
	dial        line.DialFunc // nil: TCP
	memTable    uint64
	cacheAfter  int64 // 0: one entry, so that every run reads and writes caches
	noCache     bool
	places      Gazetteer
	tick        time.Duration
	witnesses   []WitnessAddress
	moreLine    []crypto.Signer
	moreTLS     []crypto.Signer
}

// bare is a store that is no store.Cache.
type bare struct{ Store }

func start(t testing.TB, party string, k keys, note []byte, o nodeOptions) *running {
	t.Helper()
	if o.fs == nil {
		o.fs = vfs.NewMem()
	}
	if o.dir == "" {
		o.dir = "store"
	}
	if o.clock == nil {
		o.clock = clock.System{}
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})).With("node", party)
	if os.Getenv("PARLEY_TEST_LOG") == "" {
		log = slog.New(slog.DiscardHandler)
	}
	if o.cacheAfter == 0 {
		o.cacheAfter = 1
	}
	if o.dial == nil {
		o.dial = new(net.Dialer).DialContext
	}
	st, err := pebble.Open(pebble.Config{Dir: o.dir, FS: o.fs, Log: log, MemTableBytes: o.memTable})
	if err != nil {
		t.Fatal(err)
	}
	var kept Store = st
	if o.noCache {
		kept = bare{st}
	}
	ctx, cancel := context.WithCancel(context.Background())
	n, err := New(ctx, Config{
		Party: party, Store: kept, LineKey: k.line, TLSKey: k.tls,
		Lines:    []LineConfig{{Notes: [][]byte{note}, PeerAddress: o.peerAddress, NotRestored: o.notRestored}},
		Listener: o.listener, Dial: o.dial, Clock: o.clock, Rand: rand.Reader, Log: log, CacheAfter: o.cacheAfter,
		Places: o.places, Tick: o.tick, Witnesses: o.witnesses, MoreLineKeys: o.moreLine, MoreTLSKeys: o.moreTLS,
	})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }()
	stopped := false
	r := &running{Node: n, store: st}
	r.stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		err := <-done
		if errors.Is(err, context.Canceled) {
			err = nil
		}
		return errors.Join(err, st.Close())
	}
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("%s: %v", party, err)
		}
	})
	if err := n.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// until waits for a condition that the nodes bring about.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("not in 20 s: %s", what)
}

func confirmed(t testing.TB, nodes ...*running) {
	t.Helper()
	for _, n := range nodes {
		until(t, n.Party()+" may sign", func() bool {
			lines, err := n.Lines(t.Context())
			return err == nil && lines[0].Confirmed && lines[0].State == "up"
		})
	}
}

func pair(t testing.TB, change func(*agreement.Terms)) (red, blue *running) {
	t.Helper()
	a, b := newKeys(t), newKeys(t)
	note := agree(t, a, b, change)
	la, lb := listen(t), listen(t)
	red = start(t, "red", a, note, nodeOptions{listener: la, peerAddress: lb.Addr().String()})
	blue = start(t, "blue", b, note, nodeOptions{listener: lb, peerAddress: la.Addr().String()})
	confirmed(t, red, blue)
	return red, blue
}

var duty = Officer{Name: "duty officer", Role: "duty"}

// flight returns a flight over a circle that starts in some time.
func flight(id string, lon, lat float64, in, lasts time.Duration) notice.Notice {
	from := time.Now().UTC().Add(in).Truncate(time.Millisecond)
	return notice.Notice{ID: id, Kind: notice.Flight, Title: "survey", Contact: "+00 0000", Volumes: []geo4d.Volume{{
		Shape:  geo4d.Circle{Center: geo4d.Position{LonDeg: lon, LatDeg: lat}, RadiusM: 9260},
		Band:   geo4d.Band{Lower: &geo4d.Altitude{Value: 0, Unit: geo4d.Metres, Reference: geo4d.AMSL}, Upper: &geo4d.Altitude{Value: 240, Unit: geo4d.FlightLevel, Reference: geo4d.FL}},
		Window: geo4d.Window{Start: from, End: from.Add(lasts)},
	}}}
}

func TestTwoNodesFindTheSameConflict(t *testing.T) {
	red, blue := pair(t, nil)
	ctx := t.Context()
	one, err := red.File(ctx, duty, "", flight("red-1", 35.95, 35.41, 2*time.Hour, time.Hour), false)
	if err != nil {
		t.Fatal(err)
	}
	if len(one.Conflicts) != 0 || one.Notice.State != notice.Planned {
		t.Errorf("the first notice: %+v", one)
	}
	until(t, "blue holds red-1", func() bool {
		_, err := blue.Notice(ctx, "", "red", "red-1")
		return err == nil
	})
	two, err := blue.File(ctx, duty, "", flight("blue-1", 36.0, 35.5, 2*time.Hour, time.Hour), false)
	if err != nil {
		t.Fatal(err)
	}
	if len(two.Conflicts) != 1 {
		t.Fatalf("blue sees %d conflicts when filing, want 1", len(two.Conflicts))
	}
	id := two.Conflicts[0].ID
	until(t, "red sees the same conflict, filed once", func() bool {
		c, err := red.Conflict(ctx, "", id)
		return err == nil && len(c.Filed) == 1 && c.LateralM != nil && *c.LateralM == *two.Conflicts[0].LateralM
	})
	until(t, "delivery is shown", func() bool {
		v, err := blue.Notice(ctx, "", "blue", "blue-1")
		return err == nil && v.Delivered != nil && v.Lead.DeliveredS != nil
	})
	if _, err := red.Receive(ctx, duty, "", "blue-1", ""); err != nil {
		t.Fatal(err)
	}
	until(t, "blue knows which officer received", func() bool {
		v, err := blue.Notice(ctx, "", "blue", "blue-1")
		return err == nil && len(v.Received) == 1 && v.Received[0].Officer == "duty officer" && v.Next != nil && v.Next.Name == view.ReadBack
	})
	if _, err := blue.SetState(ctx, duty, "", "blue-1", notice.Cancel, "weather"); err != nil {
		t.Fatal(err)
	}
	until(t, "the conflict is withdrawn on both sides", func() bool {
		for _, n := range []*running{red, blue} {
			if c, err := n.Conflict(ctx, "", id); err != nil || c.State != "withdrawn" {
				return false
			}
		}
		return true
	})
}

func TestFilingTwiceChangesNothing(t *testing.T) {
	red, _ := pair(t, nil)
	n := flight("red-1", 35, 35, 2*time.Hour, time.Hour)
	first, err := red.File(t.Context(), duty, "", n, false)
	if err != nil {
		t.Fatal(err)
	}
	again, err := red.File(t.Context(), duty, "", n, false)
	if err != nil || again.Notice.Entry != first.Notice.Entry {
		t.Errorf("filed again: %v, %v", again.Notice.Entry, err)
	}
	n.Title = "another"
	if _, err := red.File(t.Context(), duty, "", n, false); err == nil {
		t.Error("an id was used twice with other content")
	}
}

func newFS() vfs.FS { return vfs.NewMem() }
