package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/transcript"
)

// machine is two nodes and what is on its way between them. Parcels are lost, doubled, reordered,
// cut, flipped and replayed; nodes stop, start and are restored from backups.
type machine struct {
	t        tb
	nodes    [2]*node
	onTheWay []letter
	acked    [2]map[string][]byte // by origin and sequence: what Append returned
	backup   [2]*memStore
	backedUp [2]map[string][]byte // what was acknowledged when the backup was made
	restored bool
}

// letter is a parcel or an advance copy for a node.
type letter struct {
	to      int
	parcel  *Parcel
	advance *Advance
	whole   bool // as it was sent
}

func newMachine(t tb) *machine {
	m := &machine{t: t}
	c := newClock()
	m.nodes = [2]*node{start(t, transcript.A, newMemStore(), c, notRestored), start(t, transcript.B, newMemStore(), c, notRestored)}
	m.acked = [2]map[string][]byte{{}, {}}
	return m
}

func key(r Record) string { return fmt.Sprintf("%s/%d", r.Origin, r.Entry.Seq) }

func (m *machine) append(r *rapid.T) {
	i := rapid.IntRange(0, 1).Draw(r, "node")
	var ds []transcript.Draft
	for range rapid.IntRange(1, 4).Draw(r, "drafts") {
		size := rapid.SampledFrom([]int{1, 50, 20_000, 100_000}).Draw(r, "bytes")
		kind := rapid.SampledFrom([]string{"notice", "hold"}).Draw(r, "kind")
		ds = append(ds, draft(kind, string(bytes.Repeat([]byte("w"), size))))
	}
	rs, err := m.nodes[i].ledger.Append(m.t.Context(), ds...)
	if err != nil {
		r.Fatal(err)
	}
	for _, rec := range rs {
		m.acked[i][key(rec)] = rec.Bytes
	}
}

func (m *machine) send(r *rapid.T) {
	to := rapid.IntRange(0, 1).Draw(r, "to")
	p := m.nodes[1-to].parcel(m.nodes[to], rapid.SampledFrom([]int{0, 1, 3000, MaxParcelBytes}).Draw(r, "bytes"))
	if len(m.onTheWay) < 6 {
		m.onTheWay = append(m.onTheWay, letter{to: to, parcel: &p, whole: true})
	}
}

func (m *machine) sendAdvances(r *rapid.T) {
	to := rapid.IntRange(0, 1).Draw(r, "to")
	for _, a := range m.nodes[1-to].advances() {
		if len(m.onTheWay) < 6 {
			m.onTheWay = append(m.onTheWay, letter{to: to, advance: &a, whole: true})
		}
	}
}

// damage cuts or flips something that is on its way.
func (m *machine) damage(r *rapid.T) {
	if len(m.onTheWay) == 0 {
		r.Skip()
	}
	l := &m.onTheWay[rapid.IntRange(0, len(m.onTheWay)-1).Draw(r, "letter")]
	if l.parcel == nil {
		return
	}
	p := clone(*l.parcel)
	l.parcel, l.whole = &p, false
	flip := func(b []byte) {
		if len(b) > 0 {
			b[rapid.IntRange(0, len(b)-1).Draw(r, "byte")] ^= byte(1 << rapid.IntRange(0, 7).Draw(r, "bit"))
		}
	}
	n := len(p.Entries)
	switch rapid.SampledFrom([]string{"head", "receipt", "entry", "disclosure", "cut", "first", "withhold"}).Draw(r, "damage") {
	case "head":
		flip(p.Head)
	case "receipt":
		for _, note := range p.Receipts {
			flip(note)
		}
	case "cut":
		p.Entries = p.Entries[:n/2]
	case "first":
		p.First += int64(rapid.IntRange(-2, 2).Draw(r, "by"))
	case "entry":
		if n > 0 {
			flip(p.Entries[n-1].Bytes)
		}
	case "disclosure":
		if n > 0 && len(p.Entries[0].Disclosures) > 0 {
			flip(p.Entries[0].Disclosures[0])
		}
	case "withhold":
		if n > 0 {
			p.Entries[n-1].Disclosures = nil
		}
	}
}

func (m *machine) deliver(r *rapid.T) {
	if len(m.onTheWay) == 0 {
		r.Skip()
	}
	i := rapid.IntRange(0, len(m.onTheWay)-1).Draw(r, "letter")
	l := m.onTheWay[i]
	n := m.nodes[l.to]
	var out Outcome
	var err error
	if l.parcel != nil {
		out, err = n.ledger.Receive(m.t.Context(), *l.parcel)
	} else {
		out, err = n.ledger.ReceiveAdvance(m.t.Context(), *l.advance)
	}
	if err != nil {
		r.Fatal(err)
	}
	if out.Verdict == Forked || out.Verdict == Breach || (l.whole && out.Verdict == Unsound && n.ledger.Standing().Own.Epoch == 1) {
		r.Fatalf("verdict %s: %s", out.Verdict, out.Reason)
	}
	if !rapid.Bool().Draw(r, "again") {
		m.onTheWay = append(m.onTheWay[:i], m.onTheWay[i+1:]...)
	}
}

func (m *machine) lose(r *rapid.T) { m.onTheWay = nil }

func (m *machine) time(r *rapid.T) {
	m.nodes[0].clock.add(time.Duration(rapid.IntRange(-90_000, 200_000).Draw(r, "ms")) * time.Millisecond)
	for _, n := range m.nodes {
		if err := n.ledger.Heartbeat(m.t.Context()); err != nil {
			r.Fatal(err)
		}
	}
}

// behind reports whether the other node was restored and does not yet hold again what it receipted
// of node i's transcript.
func (m *machine) behind(i int) bool {
	forOwn, _ := m.nodes[i].ledger.Receipts()
	held := m.nodes[1-i].ledger.Standing().Held
	return held.Epoch < forOwn.Origin.Epoch || (held.Epoch == forOwn.Origin.Epoch && held.Size < forOwn.Size)
}

func (m *machine) restart(i int, s *memStore) {
	old := m.nodes[i]
	old.stop()
	n := start(m.t, old.side, s, old.clock)
	n.sent = old.sent
	m.nodes[i] = n
	confirm(m.t, n, m.nodes[1-i])
}

func (m *machine) stopAndStart(r *rapid.T) {
	i := rapid.IntRange(0, 1).Draw(r, "node")
	if m.behind(i) {
		r.Skip() // people must say which store is the right one
	}
	m.restart(i, m.nodes[i].store.(*memStore))
}

func (m *machine) backUp(r *rapid.T) {
	i := rapid.IntRange(0, 1).Draw(r, "node")
	m.backup[i] = m.nodes[i].store.(*memStore).backup()
	m.backedUp[i] = map[string][]byte{}
	for k, v := range m.acked[i] {
		m.backedUp[i][k] = v
	}
}

// restore puts a backup back. What the other side held, or was in the backup, must come back; the
// rest is lost with the disk. What is on its way is lost with the connection.
func (m *machine) restore(r *rapid.T) {
	i := rapid.IntRange(0, 1).Draw(r, "node")
	if m.backup[i] == nil || m.behind(i) {
		r.Skip()
	}
	m.onTheWay, m.restored = nil, true
	keep := m.backedUp[i]
	for _, rec := range m.nodes[1-i].all() {
		if rec.Origin.Side == m.nodes[i].side {
			keep[key(rec)] = rec.Bytes
		}
	}
	m.acked[i] = keep
	m.nodes[i].sent = newTold() // what was sent and did not arrive was told to nobody
	m.restart(i, m.backup[i])
	m.backup[i] = nil
	if m.nodes[i].ledger.Standing().Closed {
		m.next(i, r)
	}
}

func (m *machine) next(i int, r *rapid.T) {
	if _, err := m.nodes[i].ledger.NextEpoch(m.t.Context()); err != nil {
		r.Fatal(err)
	}
}

func (m *machine) epoch(r *rapid.T) {
	i := rapid.IntRange(0, 1).Draw(r, "node")
	if err := m.nodes[i].ledger.CloseEpoch(m.t.Context(), "a test"); err != nil {
		r.Fatal(err)
	}
	m.next(i, r)
}

// check finds every acknowledged entry in the own transcript of who acknowledged it.
func (m *machine) check(r *rapid.T) {
	for i, n := range m.nodes {
		held := map[string][]byte{}
		for _, rec := range n.all() {
			if rec.Origin.Side == n.side {
				held[key(rec)] = rec.Bytes
			}
		}
		for k, b := range m.acked[i] {
			if !bytes.Equal(held[k], b) {
				r.Fatalf("entry %s was acknowledged and is not held", k)
			}
		}
		if s := n.ledger.Standing(); s.Forked || s.Closed || n.ledger.Err() != nil {
			r.Fatalf("%s stands at %+v, %v", n.side, s, n.ledger.Err())
		}
	}
}

// agree compares what both nodes hold, and when it was held: the same in every epoch.
func (m *machine) agree(r *rapid.T) {
	settle(m.t, m.nodes[0], m.nodes[1])
	var held [2]map[string][]byte
	for i, n := range m.nodes {
		held[i] = map[string][]byte{}
		for _, rec := range n.all() {
			held[i][key(rec)] = rec.Bytes
		}
	}
	for i := range held {
		for k, b := range held[i] {
			if !bytes.Equal(b, held[1-i][k]) {
				r.Fatalf("the two copies of %s differ", k)
			}
			x, y := m.receipt(r, 0, k), m.receipt(r, 1, k)
			if !m.restored && (x.Size != y.Size || !x.Time.Equal(y.Time)) {
				r.Fatalf("%s is delivered with %d entries at %v and with %d at %v", k, x.Size, x.Time, y.Size, y.Time)
			}
		}
	}
}

// receipt returns the receipt that a node shows for an entry.
func (m *machine) receipt(r *rapid.T, i int, k string) transcript.Receipt {
	at := strings.LastIndexByte(k, '/')
	o, errO := transcript.ParseOrigin(k[:at])
	seq, errSeq := strconv.ParseInt(k[at+1:], 10, 64)
	rc, err := m.nodes[i].ledger.ReceiptFor(m.t.Context(), o, seq)
	if err := errors.Join(errO, errSeq, err); err != nil {
		r.Fatalf("%s at node %d: %v", k, i, err)
	}
	return rc
}

func TestMachine(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := newMachine(r)
		defer func() {
			for _, n := range m.nodes {
				n.stop()
			}
		}()
		actions := map[string]func(*rapid.T){
			"append": m.append, "send": m.send, "send2": m.send, "advance": m.sendAdvances, "damage": m.damage,
			"deliver": m.deliver, "deliver2": m.deliver, "lose": m.lose, "time": m.time, "restart": m.stopAndStart,
			"back up": m.backUp, "restore": m.restore, "": m.check,
		}
		if rapid.IntRange(0, 3).Draw(r, "epochs") == 0 {
			actions["epoch"] = m.epoch
		}
		r.Repeat(actions)
		m.agree(r)
	})
}
