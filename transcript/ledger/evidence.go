package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"golang.org/x/mod/sumdb/tlog"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// EvidenceKind says what an Evidence proves.
type EvidenceKind string

// The kinds of evidence.
const (
	// EvidenceFork: the author of Origin signed two heads that no one transcript has.
	EvidenceFork EvidenceKind = "fork"
	// EvidenceForeign: the other party receipted, or says that it saw, a head that the own
	// transcript never had: it holds a fork of it, or lies.
	EvidenceForeign EvidenceKind = "foreign"
	// EvidenceBreach: a signed entry breaks the format.
	EvidenceBreach EvidenceKind = "breach"
)

// Evidence is what shows a fork or a breach. Fork alone proves one to anyone. Without it, a fork
// is shown by two entries at one index, each with its proof; a breach by one entry with its proof and,
// where there is one, the entry before it; a foreign head by a receipt, or by an entry with its proof.
type Evidence struct {
	Kind        EvidenceKind
	Origin      transcript.Origin // of the transcript that it is about
	Reason      string
	HeldAt      time.Time         // when this node made it durable, by its own clock
	Fork        []byte            // as transcript.ParseFork reads it
	Held        []byte            // the signed head that was held
	Offered     []byte            // the signed head, or the receipt, that came
	Index       int64             // of the entries that follow
	Entry       []byte            // as Offered has it
	Disclosures [][]byte          // that came with Entry, where it breaks the format
	InOffered   []transcript.Hash // inclusion of Entry in Offered
	Other       []byte            // as Held has it; of a breach, the entry before, as Offered has it
	InHeld      []transcript.Hash // inclusion of Other in Held; of a breach, in Offered
}

// put names evidence by what it shows, so that the same is kept once.
func (ev *Evidence) put(p *packer, k keys) (store.Put, error) {
	named := *ev
	named.HeldAt = time.Time{}
	b, err := json.Marshal(named, json.OmitZeroStructFields(true))
	if err != nil {
		return store.Put{}, fault.Wrap(fault.Internal, "ledger.evidence", err)
	}
	sum := sha256.Sum256(b)
	if b, err = json.Marshal(ev, json.OmitZeroStructFields(true)); err != nil {
		return store.Put{}, fault.Wrap(fault.Internal, "ledger.evidence", err)
	}
	key := k.evidence() + number(ev.Origin.Epoch) + "/" + hex.EncodeToString(sum[:])
	return store.Put{Key: key, Value: p.blob(nil, b, segmentInline)}, nil
}

// Evidences returns all evidence held, oldest first.
func (l *Ledger) Evidences(ctx context.Context) ([]Evidence, error) {
	v, err := l.view(ctx)
	if err != nil {
		return nil, err
	}
	defer v.Close()
	return evidences(ctx, v, l.keys, l.keys.evidence())
}

func evidences(ctx context.Context, v store.View, k keys, prefix string) ([]Evidence, error) {
	var out []Evidence
	get := chunkReader(ctx, v, k)
	for it, err := range v.Scan(ctx, prefix, after(prefix)) {
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, "ledger.evidence", err)
		}
		r := reader{rest: it.Value}
		b, err := r.blob(get)
		if err != nil {
			return nil, err
		}
		var ev Evidence
		if r.bad || json.Unmarshal(b, &ev) != nil {
			return nil, fault.Newf(fault.Corrupt, "ledger.evidence", "stored evidence cannot be read")
		}
		out = append(out, ev)
	}
	slices.SortStableFunc(out, func(a, b Evidence) int { return a.HeldAt.Compare(b.HeldAt) })
	return out, nil
}

// maxEvidence is how much evidence is kept of one epoch: a party that goes on to contradict itself
// after its epoch was closed proves nothing new, and must not fill the disk.
const maxEvidence = 16

// forkEvidence shows that two heads of a transcript contradict one another; r reads the
// stored hashes of the larger tree.
func forkEvidence(held, offered transcript.Head, r tlog.HashReader, reason string) (*Evidence, error) {
	f, err := transcript.NewFork(held, offered, r)
	if err != nil {
		return nil, err
	}
	return &Evidence{Kind: EvidenceFork, Origin: held.Origin, Reason: reason, Held: held.Note, Offered: offered.Note, Fork: f.Encode()}, nil
}

// overlay reads the stored hashes of a tree that has the first entries of another.
type overlay struct {
	under *hashReader
	from  int64 // the first index that is not read from under
	own   []transcript.Hash
}

// newOverlay appends leaves to t, whose stored hashes under reads.
func newOverlay(under *hashReader, t *transcript.Tree, leaves []transcript.Hash) *overlay {
	o := &overlay{under: under, from: tlog.StoredHashCount(t.Size())}
	for _, leaf := range leaves {
		o.own = append(o.own, t.Append(leaf)...)
	}
	return o
}

// ReadHashes implements tlog.HashReader.
func (o *overlay) ReadHashes(indexes []int64) ([]transcript.Hash, error) {
	out := make([]transcript.Hash, len(indexes))
	for i, x := range indexes {
		if x >= o.from {
			if x-o.from >= int64(len(o.own)) {
				return nil, fault.Newf(fault.Internal, "ledger.hashes", "no stored hash %s", strconv.FormatInt(x, 10))
			}
			out[i] = o.own[x-o.from]
			continue
		}
		h, err := o.under.ReadHashes([]int64{x})
		if err != nil {
			return nil, err
		}
		out[i] = h[0]
	}
	return out, nil
}
