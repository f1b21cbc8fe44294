package transcript

import (
	"fmt"
	"sort"
	"strconv"
	"time"
)

// progress is what is known of the transcript being read.
type progress struct {
	TranscriptReport
	origin   Origin
	author   *side
	receiver *side
	tree     Tree
	roots    []sizeRoot // at every size that the bundle lets one compute, ascending
	prev     *Entry
	version  int // index of the agreement that the last entry names
	good     int64
	badRoot  bool     // a head signed another root
	badCopy  bool     // since good, a receipt did
	heads    []signed // those that hold, in the order of the bundle
	receipts []signed
	cosigned []cosigned
	runs     []versionRun
	lastHead Head
	newest   Head   // the first of the largest size whose root is that of the entries
	forest   forest // where it is to be kept
	seen     []seenRef
	outside  int64               // how many entries were said while their agreement was not in force
	clocks   time.Duration       // by how much a receipt is dated before an entry that it covers
	signedAt time.Time           // the latest that a head so far states
	back     time.Duration       // by how much an entry is dated before a head that does not hold it
	before   map[time.Time]int64 // see receiptedBefore
	// beforeByWitness is what witnessedBefore found.
	beforeByWitness map[revocation]int64
	saidMore        int // entries of which the bundle shows fields
}

type sizeRoot struct {
	size int64
	root Hash
}

// signed is a head or receipt whose signatures hold and whose root is that of the entries.
type signed struct {
	size int64
	time time.Time
	key  LineKey
	// lacks says that it bears Ed25519 alone where the agreement of the entries before it asks for ML-DSA-44
	// beside it.
	lacks   bool
	version int // index of the newest agreement that an entry before it names
}

// seenRef is a head of the other transcript that the entry of an index is the first to name.
type seenRef struct {
	Seen
	index   int64
	version int // index of the newest agreement that it, or an entry before it, names
}

// rootAt returns the root of the transcript at a size, where the bundle lets one compute it.
func (p *progress) rootAt(size int64) (Hash, bool) {
	i := sort.Search(len(p.roots), func(i int) bool { return p.roots[i].size >= size })
	if i < len(p.roots) && p.roots[i].size == size {
		return p.roots[i].root, true
	}
	return Hash{}, false
}

func (v *verifier) apply(it *item) {
	p := v.open
	switch it.Kind {
	case RecordTranscript:
		v.closeTranscript()
		v.openTranscript(it.Origin)
	case RecordGap:
		i := 0
		cover(it.Index, it.To, func(level int, _ int64) {
			v.grows(p, level, it.Hashes[i])
			i++
		})
		p.Missing += it.To - it.Index
		p.gaps = append(p.gaps, Delivery{First: it.Index, Last: it.To - 1})
		p.roots = append(p.roots, sizeRoot{p.tree.size, p.tree.Root()})
	case RecordEntry:
		v.entries++
		v.entry(p, it)
	case RecordHead:
		v.head(p, it)
	case RecordReceipt:
		v.receipt(p, it)
	case RecordCosignature:
		v.cosignature(p, it)
	case RecordFork, RecordForeign, RecordBreach:
		v.evidence(p, it)
	}
}

// grows takes the next complete subtree of a transcript.
func (v *verifier) grows(p *progress, level int, root Hash) {
	if v.kept != nil {
		p.forest = append(p.forest, subtree{p.tree.size, level, root})
	}
	p.tree.push(level, root, nil)
}

func (v *verifier) openTranscript(o Origin) {
	p := &progress{origin: o, author: v.side(o.Side), receiver: v.side(o.Side.Other())}
	p.Origin, p.Author, p.Receiver = o.String(), p.author.name, p.receiver.name
	p.roots = append(p.roots, sizeRoot{0, emptyRoot})
	if len(v.agreements) > 0 && o.Line != v.agreements[0].Line {
		v.fail("agreement", p.Origin, "the transcript is of another line than the agreement, "+v.agreements[0].Line)
	}
	v.open = p
}

func (v *verifier) entry(p *progress, it *item) {
	name := EntryName(p.origin, it.Index)
	v.grows(p, 0, it.Leaf)
	p.roots = append(p.roots, sizeRoot{p.tree.size, p.tree.Root()})
	p.Entries++
	if it.leaf != it.Leaf {
		v.fail("entry", name, "its bytes do not hash to the leaf hash that stands beside it: one of them was changed")
	}
	if it.err != nil {
		v.fail("entry", name, it.err.Error())
		return
	}
	e := &it.entry
	v.sequence(p, name, it.Index, e)
	v.inForce(p, name, e)
	if it.discErr != nil {
		v.fail("disclosure", name, it.discErr.Error())
	} else {
		p.Disclosed += int64(len(it.Sealed.Disclosures))
		p.LeftOut += int64(it.leftOut)
		v.told(p, name, it)
	}
	if v.opts.Show != nil && it.discErr == nil {
		v.opts.Show(p.origin, *e, it.fields)
	}
	if p.prev == nil {
		p.First = e.Time
	}
	if !p.signedAt.IsZero() {
		p.back = max(p.back, p.signedAt.Sub(e.Time))
	}
	if p.prev == nil || p.prev.Seen != e.Seen {
		p.seen = append(p.seen, seenRef{e.Seen, it.Index, p.version})
	}
	p.Last, p.prev = e.Time, e
}

func (v *verifier) sequence(p *progress, name string, index int64, e *Entry) {
	if e.Seq != index {
		v.fail("sequence", name, "it says that it is entry "+strconv.FormatInt(e.Seq, 10))
	}
	if p.Author != "" && e.Author != p.Author { // without an agreement there is no name to compare
		v.fail("sequence", name, fmt.Sprintf("its author is %q, not the party of side %s", e.Author, p.origin.Side))
	}
	err := checkOpening(p.origin, *e)
	if p.prev != nil {
		err = checkOrder(p.prev, *e)
	}
	if err != nil {
		v.fail("sequence", name, err.Error())
	}
}

// inForce checks that the agreement an entry names is in the bundle and no older than that of the
// entry before. One said outside the time of its agreement is noted and no fault: distress does not
// wait for a signature, and a clock may be wrong.
func (v *verifier) inForce(p *progress, name string, e *Entry) {
	i, ok := v.byID[e.Agreement]
	if !ok {
		v.fail("in-force", name, "the agreement that it names, "+e.Agreement+", is not in the bundle or does not hold")
		return
	}
	a := &v.agreements[i]
	switch {
	case i < p.version:
		v.fail("in-force", name, fmt.Sprintf("it names version %d of the agreement after version %d was in force", a.Version, v.agreements[p.version].Version))
	case e.Time.Before(a.From) || !a.Until.IsZero() && !e.Time.Before(a.Until):
		p.outside++
	}
	p.version = max(p.version, i)
	p.ran(p.tree.size-1, i)
}

func (v *verifier) head(p *progress, it *item) {
	if it.err != nil {
		v.fail("head", p.Origin, fmt.Sprintf("the head of size %d: %v", p.tree.size, it.err))
		return
	}
	h := it.head
	if p.lastHead.Note != nil && p.lastHead.Size == h.Size && p.lastHead.Root != h.Root {
		if f, err := NewFork(p.lastHead, h, nil); err == nil {
			v.fail("fork", p.Origin, f.String())
		}
	}
	p.lastHead = h
	if h.Root != p.tree.Root() {
		if !p.badRoot {
			v.fail("root", rangeName(p.origin, p.good, p.tree.size), fmt.Sprintf(
				"the entries do not hash to the root that their author signed for size %d; up to size %d they hash to what was signed; so one of those after, or a hash that stands for some of them, was changed, left out or put in", h.Size, p.good))
		}
		p.badRoot = true
		return
	}
	p.holds(h.Size)
	if old := p.newest; old.Note == nil || old.Size < h.Size || !p.author.key(old.Key).Revoked.IsZero() && p.author.key(h.Key).Revoked.IsZero() {
		p.newest = h
	}
	p.signedAt = later(p.signedAt, h.Time)
	p.heads = append(p.heads, v.signed(p, h.Size, h.Time, p.author.key(h.Key), &p.HeadsSigned))
}

func (v *verifier) receipt(p *progress, it *item) {
	if it.err != nil {
		v.fail("receipt", p.Origin, fmt.Sprintf("the receipt for size %d: %v", p.tree.size, it.err))
		return
	}
	r := it.receipt
	if r.Root != p.tree.Root() {
		if !p.badRoot && !p.badCopy {
			v.fail("receipt", rangeName(p.origin, p.good, p.tree.size), fmt.Sprintf(
				"the receiver signed another root for size %d than these entries have", r.Size))
		}
		p.badCopy = true
		return
	}
	p.holds(r.Size)
	if early := p.Last.Truncate(time.Second).Sub(r.Time); !p.Last.IsZero() && early > p.clocks {
		p.clocks = early
	}
	p.receipts = append(p.receipts, v.signed(p, r.Size, r.Time, p.receiver.key(r.Key), &p.ReceiptsSigned))
}

// signed makes a head or receipt that holds, and notes what it is signed with.
func (v *verifier) signed(p *progress, size int64, t time.Time, key LineKey, with *Signed) signed {
	with.Both = with.Both || key.MLDSA != nil
	with.Ed25519 = with.Ed25519 || key.MLDSA == nil
	asked := size > 0 && p.version < len(v.agreements) && v.agreements[p.version].Both
	return signed{size: size, time: t, key: key, lacks: asked && key.MLDSA == nil, version: p.version}
}

// holds notes that a signed root is that of the entries up to a size.
func (p *progress) holds(size int64) { p.good, p.badCopy = size, false }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// rangeName names the entries from..to-1.
func rangeName(o Origin, from, to int64) string {
	switch to - from {
	case 0:
		return o.String()
	case 1:
		return EntryName(o, from)
	}
	return EntryName(o, from) + "-" + strconv.FormatInt(to-1, 10)
}

func (v *verifier) closeTranscript() {
	if v.open != nil {
		v.open.Size = v.open.tree.size
		v.closed = append(v.closed, v.open)
		v.byOrigin[v.open.origin] = v.open
		if p := v.open; v.kept != nil && p.newest.Note != nil {
			v.kept.versions = append(v.kept.versions, version{p.origin, p.Author, p.forest, p.newest, p.seen})
		}
	}
	v.open = nil
}
