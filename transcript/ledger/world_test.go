package ledger

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// memStore is a store in memory that can be copied, as a backup is, and made to fail.
type memStore struct {
	mu      sync.Mutex
	rev     store.Revision
	items   map[string]store.Item
	commits int
	fail    func(n int) error // called with the number of each commit
}

func newMemStore() *memStore { return &memStore{items: map[string]store.Item{}} }

// backup returns a copy as it stands now.
func (m *memStore) backup() *memStore {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &memStore{rev: m.rev, items: maps.Clone(m.items)}
}

func (m *memStore) Commit(_ context.Context, t store.Txn) (store.Revision, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := t.Check(); err != nil {
		return 0, err
	}
	m.commits++
	if m.fail != nil {
		if err := m.fail(m.commits); err != nil {
			return 0, err
		}
	}
	for _, g := range t.Guards {
		it, ok := m.items[g.Key]
		if ok && it.Revision > g.Revision || !ok && g.Revision > 0 {
			return 0, store.ErrConflict
		}
	}
	m.rev++
	for _, p := range t.Puts {
		m.items[p.Key] = store.Item{Key: p.Key, Value: bytes.Clone(p.Value), Revision: m.rev}
	}
	for _, k := range t.Deletes {
		delete(m.items, k)
	}
	return m.rev, nil
}

func (m *memStore) View(context.Context) (store.View, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &memView{m.rev, maps.Clone(m.items)}, nil
}

func (m *memStore) Watch(context.Context, string, store.Revision) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) { yield(store.Change{}, store.ErrCompacted) }
}

func (m *memStore) Close() error { return nil }

type memView struct {
	rev   store.Revision
	items map[string]store.Item
}

func (v *memView) Revision() store.Revision { return v.rev }
func (v *memView) Close() error             { return nil }

func (v *memView) Get(_ context.Context, key string) (store.Item, error) {
	it, ok := v.items[key]
	if !ok {
		return store.Item{}, store.ErrNotFound
	}
	it.Value = bytes.Clone(it.Value)
	return it, nil
}

func (v *memView) Scan(_ context.Context, from, to string) iter.Seq2[store.Item, error] {
	return func(yield func(store.Item, error) bool) {
		for _, k := range slices.Sorted(maps.Keys(v.items)) {
			if k < from || (to != "" && k >= to) {
				continue
			}
			it := v.items[k]
			it.Value = bytes.Clone(it.Value)
			if !yield(it, nil) {
				return
			}
		}
	}
}

// manualClock stands still until it is told to go on. Its timers never fire.
type manualClock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *manualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *manualClock) Timer(time.Duration) (<-chan time.Time, func() bool) {
	return nil, func() bool { return true }
}

func (c *manualClock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func lineID() string {
	sum := sha256.Sum256([]byte("a line of a test"))
	return hex.EncodeToString(sum[:])
}

func agreementID() string {
	sum := sha256.Sum256([]byte("an agreement of a test"))
	return hex.EncodeToString(sum[:])
}

func testKey(side transcript.Side) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("line key " + string(side)))
	return ed25519.NewKeyFromSeed(seed[:])
}

func partyName(side transcript.Side) string {
	return map[transcript.Side]string{transcript.A: "north", transcript.B: "south"}[side]
}

// node is one party's ledger in a test.
type node struct {
	t      tb
	side   transcript.Side
	store  store.Store
	clock  *manualClock
	ledger *Ledger
	cancel context.CancelFunc
	ended  chan struct{}
	sent   *told
}

// told is every signature that left a node, and finds two that contradict one another.
type told struct {
	mu    sync.Mutex
	roots map[transcript.Origin]map[int64]transcript.Hash
}

func newTold() *told { return &told{roots: map[transcript.Origin]map[int64]transcript.Hash{}} }

func (s *told) note(o transcript.Origin, size int64, root transcript.Hash) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.roots[o] == nil {
		s.roots[o] = map[int64]transcript.Hash{}
	}
	if was, ok := s.roots[o][size]; ok && was != root {
		return fmt.Errorf("two roots were signed for %d entries of %s", size, o)
	}
	s.roots[o][size] = root
	return nil
}

// parcel notes what a parcel tells; nil notes nothing.
func (s *told) parcel(p Parcel) error {
	if s == nil {
		return nil
	}
	if len(p.Head) > 0 {
		h, err := transcript.OpenHead(p.Head, transcript.PublicLineKey(testKey(p.Origin.Side)))
		if err != nil {
			return err
		}
		if err := s.note(h.Origin, h.Size, h.Root); err != nil {
			return err
		}
	}
	for _, note := range p.Receipts {
		rc, err := transcript.OpenReceipt(note, transcript.PublicLineKey(testKey(p.Origin.Side)))
		if err != nil {
			return err
		}
		if err := s.note(rc.Origin, rc.Size, rc.Root); err != nil {
			return err
		}
	}
	return nil
}

func testConfig(side transcript.Side, c *manualClock) Config {
	peer := testKey(side.Other()).Public().(ed25519.PublicKey)
	return Config{Line: lineID(), Side: side, Author: partyName(side), Peer: partyName(side.Other()), Agreement: agreementID(),
		Key: testKey(side), PeerKeys: []transcript.LineKey{{Public: peer}}, Clock: c, Rand: rand.NewChaCha8([32]byte([]byte("0123456789abcdef0123456789abcde" + string(side)))),
		Urgent: func(kind string) bool { return kind == "hold" || kind == "distress" }}
}

func newClock() *manualClock {
	return &manualClock{t: time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)}
}

// start opens a ledger on a store and runs it.
func start(t tb, side transcript.Side, s store.Store, c *manualClock, change ...func(*Config)) *node {
	t.Helper()
	n := &node{t: t, side: side, store: s, clock: c, ended: make(chan struct{}), sent: newTold()}
	cfg := testConfig(side, c)
	for _, f := range change {
		f(&cfg)
	}
	var err error
	if n.ledger, err = Open(t.Context(), s, cfg); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	n.cancel = cancel
	go func() {
		defer close(n.ended)
		_ = n.ledger.Run(ctx)
	}()
	t.Cleanup(n.stop)
	return n
}

func notRestored(c *Config) { c.NotRestored = true }

func (n *node) stop() {
	n.cancel()
	<-n.ended
}

// pair starts two nodes with fresh stores.
func pair(t tb) (a, b *node) {
	c := newClock()
	return start(t, transcript.A, newMemStore(), c, notRestored), start(t, transcript.B, newMemStore(), c, notRestored)
}

func draft(kind, text string) transcript.Draft {
	quoted, err := jsontext.AppendQuote(nil, text)
	if err != nil {
		panic(err)
	}
	return transcript.Draft{Kind: kind, Fields: []transcript.Field{
		{Name: "text", Value: quoted, Shown: true},
		{Name: "private", Value: jsontext.Value(`"kept at home"`)},
	}}
}

func (n *node) append(drafts ...transcript.Draft) []Record {
	n.t.Helper()
	rs, err := n.ledger.Append(n.t.Context(), drafts...)
	if err != nil {
		n.t.Fatal(err)
	}
	return rs
}

// parcel returns what n has for peer now.
func (n *node) parcel(peer *node, maxBytes int) Parcel {
	n.t.Helper()
	ask, err := peer.ledger.Parcel(n.t.Context(), Want{})
	if err != nil {
		n.t.Fatal(err)
	}
	p, err := n.ledger.Parcel(n.t.Context(), Want{Have: ask.Have, Receipted: ask.Receipted, MaxBytes: maxBytes})
	if err != nil {
		n.t.Fatal(err)
	}
	if err := n.sent.parcel(p); err != nil {
		n.t.Fatal(err)
	}
	return p
}

func (n *node) receive(p Parcel, want Verdict) Outcome {
	n.t.Helper()
	out, err := n.ledger.Receive(n.t.Context(), p)
	if err != nil {
		n.t.Fatal(err)
	}
	if out.Verdict != want {
		n.t.Fatalf("verdict %s (%s), want %s", out.Verdict, out.Reason, want)
	}
	return out
}

// settle exchanges parcels until neither has anything for the other.
func settle(t tb, a, b *node) {
	t.Helper()
	for range 200 {
		moved := false
		for _, way := range [][2]*node{{a, b}, {b, a}} {
			out, err := way[1].ledger.Receive(t.Context(), way[0].parcel(way[1], MaxParcelBytes))
			if err != nil {
				t.Fatal(err)
			}
			if out.Verdict != Taken && out.Verdict != Old {
				t.Fatalf("%s: verdict %s: %s", way[1].side, out.Verdict, out.Reason)
			}
			moved = moved || out.Verdict == Taken
			// A move to another epoch asks the writer for an entry: let it be written.
			if err := way[1].ledger.do(t.Context(), &request{}); err != nil && !fault.Is(err, fault.Mismatch) {
				t.Fatal(err)
			}
		}
		sa, sb := a.ledger.Standing(), b.ledger.Standing()
		if !moved && !a.lacks() && !b.lacks() && sa.Undelivered == 0 && sb.Undelivered == 0 && sa.Own == sb.Held && sb.Own == sa.Held {
			return
		}
	}
	t.Fatal("the two nodes do not settle")
}

// lacks reports whether entries or receipts of closed epochs are still asked for.
func (n *node) lacks() bool {
	n.ledger.mu.Lock()
	defer n.ledger.mu.Unlock()
	return n.ledger.missing != (Have{}) || n.ledger.owed != (Have{})
}

// confirm has n ask peer what it holds of n's transcript until n may sign.
func confirm(t tb, n, peer *node) {
	t.Helper()
	for range 200 {
		p, err := peer.ledger.GiveBack(t.Context(), n.ledger.Standing().Own, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		out, err := n.ledger.TakeBack(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		if n.ledger.Standing().Confirmed {
			return
		}
		if out.Verdict != Taken {
			t.Fatalf("take back: %s: %s", out.Verdict, out.Reason)
		}
	}
	t.Fatal("not confirmed")
}

// all reads every record of a node.
func (n *node) all() []Record {
	n.t.Helper()
	var out []Record
	for r, err := range n.ledger.Records(n.t.Context(), Cursor{}) {
		if err != nil {
			n.t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// sameCopies fails unless both nodes hold the same entries in the same order, of each other's what
// was shown.
func sameCopies(t tb, a, b *node) {
	t.Helper()
	ra, rb := a.all(), b.all()
	if len(ra) != len(rb) {
		t.Fatalf("%d records on one side, %d on the other", len(ra), len(rb))
	}
	for i := range ra {
		if ra[i].Origin != rb[i].Origin || !bytes.Equal(ra[i].Bytes, rb[i].Bytes) {
			t.Fatalf("record %d is %s %d on one side and %s %d on the other", i, ra[i].Origin, ra[i].Entry.Seq, rb[i].Origin, rb[i].Entry.Seq)
		}
		for _, r := range []Record{ra[i], rb[i]} {
			if err := transcript.CheckShown(transcript.Sealed{Bytes: r.Bytes, Disclosures: r.Disclosures}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// forger signs whatever a test wants with one side's key.
type forger struct {
	origin  transcript.Origin
	tree    transcript.Tree
	hashes  transcript.Hashes
	entries []transcript.Sealed
	clock   *manualClock
}

func newForger(side transcript.Side, epoch int64, c *manualClock) *forger {
	return &forger{origin: transcript.Origin{Line: lineID(), Epoch: epoch, Side: side}, clock: c}
}

func (f *forger) add(s transcript.Sealed) {
	f.entries = append(f.entries, s)
	f.hashes = append(f.hashes, f.tree.Append(transcript.RecordHash(s.Bytes))...)
}

func (f *forger) say(t tb, kind, text string, change ...func(*transcript.Meta)) transcript.Sealed {
	t.Helper()
	m := transcript.Meta{Agreement: agreementID(), Author: partyName(f.origin.Side), Seq: f.tree.Size(), Time: f.clock.Now()}
	for _, c := range change {
		c(&m)
	}
	s, _, err := transcript.Seal(rand.NewChaCha8(sha256.Sum256([]byte(text))), draft(kind, text), m)
	if err != nil {
		t.Fatal(err)
	}
	if s, err = transcript.ForOther(s); err != nil {
		t.Fatal(err)
	}
	f.add(s)
	return s
}

func (f *forger) head(t tb) transcript.Head {
	t.Helper()
	h, err := transcript.SignHead(testKey(f.origin.Side), f.origin, f.tree.Size(), f.tree.Root(), f.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (f *forger) parcel(t tb, first int64) Parcel {
	t.Helper()
	return Parcel{Origin: f.origin, Head: f.head(t).Note, First: first, Entries: f.entries[first:]}
}

var errDisk = errors.New("the disk is full")

// tb is what a test and a property of rapid have in common.
type tb interface {
	Helper()
	Context() context.Context
	Cleanup(func())
	Fatal(...any)
	Fatalf(string, ...any)
	Errorf(string, ...any)
}
