package transcript

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/fault"
)

// AgreementInfo is what a verifier needs to know of one version of an agreement.
type AgreementInfo struct {
	ID         string
	Line       string // the id of the line's first agreement
	Version    int64  // from 1 up
	Supersedes string // the id of the version before; empty in the first
	From       time.Time
	Until      time.Time           // zero bounds are open
	Parties    [2]Party            // side a, then side b
	Signers    []ed25519.PublicKey // every party key whose signature on the note holds
	Witnesses  []WitnessKey
	Quorum     int  // how many of Witnesses must cosign
	Both       bool // heads and receipts are to bear ML-DSA-44 beside Ed25519
}

// TrustedKey is a party key that the reader got elsewhere: the key or, where it is nil, its
// fingerprint. An empty name stands for any.
type TrustedKey struct {
	Name        string
	Key         ed25519.PublicKey
	Fingerprint string
}

func (t TrustedKey) names(p Party) bool {
	if t.Name != "" && t.Name != p.Name {
		return false
	}
	if t.Key != nil {
		return t.Key.Equal(p.PartyKey)
	}
	return t.Fingerprint == Fingerprint(p.PartyKey)
}

// Options say how to verify.
type Options struct {
	// Agreement reads a signed agreement and refuses it unless both parties named in it signed it.
	Agreement func(note []byte) (AgreementInfo, error)
	// Keys reads the signed keys of an agreement that is not shown, and refuses them likewise.
	Keys func(note []byte) (AgreementInfo, error)
	// Trust lists the keys that the reader knows; nil means that none were given.
	Trust []TrustedKey
	// Witnesses are the keys of witnesses that the reader knows. Where there are any, no other witness's
	// cosignatures count.
	Witnesses []WitnessKey
	// DemandWitnessed has the report fail where an entry in the bundle is not witnessed as its agreement asks.
	DemandWitnessed bool
	// Workers is how many goroutines check entries and signatures; 0 means one a processor.
	Workers int
	// Progress, if set, is told now and then how many entries have been read.
	Progress func(entries int64)
	// Said asks for a statement on each entry of which the bundle shows fields, where a transcript has
	// at most so many; 0 asks for none.
	Said int
	// Keep keeps what Compare needs.
	Keep bool
	// Later are newer versions of the agreement, or their keys, that the reader got elsewhere, the oldest first.
	// Those that follow the last in the bundle count as if they stood behind it: a bundle that leaves out the
	// version which revokes a key is then judged with it.
	Later []LaterVersion
	// Show, if set, is called in order with each entry that can be read, and the fields that the
	// bundle shows of it, by name. What it is shown counts only if the report says that all holds.
	Show func(o Origin, e Entry, fields []Field)
}

// Verify reads a bundle to its end and reports what holds. It needs nothing but the bundle.
func Verify(r io.Reader, opts Options) Report {
	v := newVerifier(opts)
	reader := NewBundleReader(r)
	rec, err := reader.Next()
	for ; err == nil && (rec.Kind == RecordAgreement || rec.Kind == RecordKeys); rec, err = reader.Next() {
		v.agreement(rec.Kind, rec.Note)
	}
	v.later()
	v.checkParties(err == nil)
	v.addWitnesses(opts.Witnesses, false)
	if err == nil {
		err = v.transcripts(reader, rec)
	}
	if err != nil && err != io.EOF {
		v.fail("encoding", reader.entry, err.Error())
	}
	v.closeTranscript()
	return v.report()
}

func newVerifier(opts Options) *verifier {
	v := &verifier{opts: opts, byID: make(map[string]int), byOrigin: make(map[Origin]*progress),
		failed: make(map[string][]Check), leftOut: make(map[string]bool), count: make(map[string]int)}
	if opts.Keep {
		v.kept = &kept{}
	}
	return v
}

// verifier holds what Verify has read. Only the goroutine that called Verify touches it, except
// that the workers read sides once it is complete.
type verifier struct {
	opts       Options
	agreements []AgreementInfo
	forks      []Forked
	ofForks    int // foreign heads that forks explain
	notShown   []HiddenAgreement
	// fromElsewhere are the versions that the reader added.
	fromElsewhere []HiddenAgreement
	kept          *kept // nil where nothing is to be kept
	byID          map[string]int
	sides         [2]side
	signers       []Signer
	witnesses     []knownWitness
	witnessKeys   []WitnessKey // of witnesses; workers read it
	closed        []*progress
	byOrigin      map[Origin]*progress // those closed
	open          *progress
	entries       int64
	failed        map[string][]Check // up to maxFailures of each check
	unagreed      bool               // an agreement in the bundle could not be taken, or there is none
	leftOut       map[string]bool    // checks that failed for that
	count         map[string]int
}

// side is one party of the line, with the line keys of every version.
type side struct {
	name string
	keys []LineKey
}

func (v *verifier) side(s Side) *side {
	if s == A {
		return &v.sides[0]
	}
	return &v.sides[1]
}

// key returns the bounds of a line key, as the newest version that names it has them.
func (s *side) key(pub ed25519.PublicKey) LineKey {
	for _, k := range s.keys {
		if k.Public.Equal(pub) {
			return k
		}
	}
	return LineKey{}
}

// add takes the line keys of a version. It fails where one that is known has another ML-DSA-44 half, or
// none: what a key signs has either two halves, always, or one.
func (s *side) add(p Party) error {
	for _, k := range p.LineKeys {
		found := false
		for i := range s.keys {
			if !s.keys[i].Public.Equal(k.Public) {
				continue
			}
			if !s.keys[i].Same(k) {
				return fault.Newf(fault.Mismatch, "agreement", "names the line key %s with another ML-DSA-44 half than a version before, or only one of the two with any", Fingerprint(k.Public))
			}
			s.keys[i], found = k, true
		}
		if !found {
			s.keys = append(s.keys, k)
		}
	}
	return nil
}

// item is a record with what a worker found in it.
type item struct {
	Record
	leaf        Hash
	entry       Entry
	err         error // of the entry, head, receipt or evidence
	discErr     error
	fields      []Field // where they are to be shown
	leftOut     int     // disclosures shown to the other party that the bundle does not hold
	head        Head
	receipt     Receipt
	cosignature Cosignature
	said        string // what evidence shows, in words
	fork        *Fork
	foreign     Foreign
}

// batch is a run of items that one worker checks; done is closed when it has.
type batch struct {
	items []item
	done  chan struct{}
}

const (
	batchItems = 64
	batchBytes = 256 << 10
)

// transcripts reads and checks the records from first on: one goroutine reads, workers check each
// record by itself, and the caller's goroutine joins them in order. It returns when all have ended.
func (v *verifier) transcripts(r *BundleReader, first Record) error {
	workers := v.opts.Workers
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	queue, ordered := make(chan *batch, 2*workers), make(chan *batch, 2*workers)
	var readErr error
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(ordered)
		defer close(queue)
		readErr = readBatches(r, first, func(b *batch) {
			queue <- b
			ordered <- b
		})
	})
	for range workers {
		wg.Go(func() {
			var c checker
			for b := range queue {
				for i := range b.items {
					c.check(v, &b.items[i])
				}
				close(b.done)
			}
		})
	}
	for b := range ordered {
		<-b.done
		for i := range b.items {
			v.apply(&b.items[i])
		}
		if v.opts.Progress != nil {
			v.opts.Progress(v.entries)
		}
	}
	wg.Wait()
	return readErr
}

func readBatches(r *BundleReader, rec Record, send func(*batch)) error {
	var err error
	for err == nil {
		b := &batch{done: make(chan struct{}), items: make([]item, 0, batchItems)}
		for size := 0; err == nil && len(b.items) < batchItems && size < batchBytes; rec, err = r.Next() {
			b.items = append(b.items, item{Record: rec})
			size += len(rec.Note) + len(rec.Sealed.Bytes)
			for _, d := range rec.Sealed.Disclosures {
				size += len(d)
			}
		}
		send(b)
	}
	return err
}

// checker checks records one by one; it keeps a buffer for its goroutine.
type checker struct{ buf []byte }

func (c *checker) check(v *verifier, it *item) {
	author, receiver := v.side(it.Origin.Side), v.side(it.Origin.Side.Other())
	switch it.Kind {
	case RecordEntry:
		c.entry(it, v.opts.Show != nil)
	case RecordHead:
		it.head, it.err = OpenHead(it.Note, author.keys...)
	case RecordReceipt:
		it.receipt, it.err = OpenReceipt(it.Note, receiver.keys...)
	case RecordCosignature:
		it.cosignature, it.err = OpenCosignature(it.Note, v.witnessKeys...)
	case RecordFork:
		var f Fork
		if f, it.err = ParseFork(it.Note, author.keys...); it.err == nil {
			it.said, it.fork = fmt.Sprintf("%s: %s", f, NotBothHonest), &f
		}
	case RecordForeign:
		if it.foreign, it.err = ParseForeign(it.Note, receiver.keys...); it.err == nil {
			it.said = it.foreign.String()
		}
	case RecordBreach:
		var b Breach
		if b, it.err = ParseBreach(it.Note, author.name, author.keys...); it.err == nil {
			it.said, it.Origin, it.Index = b.String(), b.Head.Origin, b.Index
		}
	}
}

func (c *checker) entry(it *item, show bool) {
	it.leaf = RecordHash(it.Sealed.Bytes)
	if it.entry, it.err = ParseEntry(it.Sealed.Bytes); it.err != nil {
		return
	}
	it.leftOut = len(it.entry.Shown)
	c.buf, it.discErr = eachDisclosure(it.entry, it.Sealed.Disclosures, c.buf[:0], func(d Digest, p disclosureParts) {
		shown := has(it.entry.Shown, d)
		if shown {
			it.leftOut--
		}
		if show {
			it.fields = append(it.fields, Field{Name: string(p.name), Value: bytes.Clone(p.value), Shown: shown})
		}
	})
	slices.SortFunc(it.fields, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
}
