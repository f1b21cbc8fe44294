package ledger

import (
	"context"
	"crypto/ed25519"
	"errors"
	"slices"
	"strconv"
	"time"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// half is one of a line's two transcripts as it stands. It is never changed: a commit replaces it
// whole, so that whoever holds one reads one durable state.
type half struct {
	origin transcript.Origin
	keys   sideKeys
	grown
	head    transcript.Head    // the newest; without Note there is none
	last    *transcript.Entry  // the last entry
	receipt transcript.Receipt // the newest for a head of this transcript
	topRev  store.Revision
	rtopRev store.Revision
	tail    tail
	pending []transcript.Receipt // for own heads, shown and not yet durable; sizes ascending
	beat    int64                // the minute, by the author's clock, for which a heartbeat was last kept

	marked int64 // 1 + the entry from which what cannot wait is marked; 0: nothing is

	beatHere int64 // the minute, by the own clock, in which one of the other's was last kept
}

// loadHalf reads a transcript up to its newest head and checks that its entries hash to it.
func loadHalf(ctx context.Context, v store.View, k keys, o transcript.Origin, author, receiver []transcript.LineKey) (*half, error) {
	h := &half{origin: o, keys: k.side(o)}
	top, err := v.Get(ctx, h.keys.top())
	if errors.Is(err, store.ErrNotFound) {
		return h, nil
	}
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "ledger.open", err)
	}
	h.topRev = top.Revision
	if h.head, err = transcript.OpenHead(top.Value, author...); err != nil {
		return nil, err
	}
	if h.head.Origin != o {
		return nil, fault.Newf(fault.Corrupt, "ledger.open", "the newest head of %s is of %s", o, h.head.Origin)
	}
	get := chunkReader(ctx, v, k)
	h.grown, err = regrow(ctx, v, h.keys, h.head.Size, sealedLeaves(ctx, v, k, h.keys, h.head.Size))
	if err != nil {
		return nil, err
	}
	if h.size() > 0 && h.tree.Root() != h.head.Root {
		return nil, fault.Newf(fault.Corrupt, "ledger.open", "the entries of %s do not hash to its newest head", o)
	}
	if err := h.loadLast(ctx, v, get); err != nil {
		return nil, err
	}
	err = h.loadReceipt(ctx, v, receiver)
	h.tail = tail{first: h.size(), unshown: h.receipt.Size}
	return h, err
}

// sealedLeaves returns what gives the leaf hashes of the entries from one on, up to a size.
func sealedLeaves(ctx context.Context, v store.View, k keys, side sideKeys, size int64) func(from int64, do func(transcript.Hash)) error {
	return func(from int64, do func(transcript.Hash)) error {
		return eachSealed(ctx, v, side, chunkReader(ctx, v, k), from, size, func(_ int64, _ time.Time, s transcript.Sealed) error {
			do(transcript.RecordHash(s.Bytes))
			return nil
		})
	}
}

func (h *half) loadLast(ctx context.Context, v store.View, get func([32]byte) ([]byte, error)) error {
	if h.size() == 0 {
		return nil
	}
	return eachSealed(ctx, v, h.keys, get, h.size()-1, h.size(), func(_ int64, _ time.Time, s transcript.Sealed) error {
		e, err := transcript.ParseEntry(s.Bytes)
		h.last = &e
		return err
	})
}

func (h *half) loadReceipt(ctx context.Context, v store.View, receiver []transcript.LineKey) error {
	rtop, err := v.Get(ctx, h.keys.rtop())
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fault.Wrap(fault.Unavailable, "ledger.open", err)
	}
	h.rtopRev = rtop.Revision
	size, err := strconv.ParseInt(string(rtop.Value), 10, 64)
	if err != nil {
		return fault.Newf(fault.Corrupt, "ledger.open", "the newest receipt of %s is not a number", h.origin)
	}
	it, err := v.Get(ctx, h.keys.rcpt(size))
	if err != nil {
		return fault.Wrap(fault.Corrupt, "ledger.open", err)
	}
	h.receipt, err = transcript.OpenReceipt(it.Value, receiver...)
	return err
}

// seen is what an author who holds this transcript states of it.
func (h *half) seen() transcript.Seen {
	if h.size() == 0 {
		return transcript.Seen{Root: transcript.EmptyRoot()}
	}
	return transcript.Seen{Size: h.size(), Root: h.tree.Root()}
}

// have is the transcript's epoch and size.
func (h *half) have() Have { return Have{Epoch: h.origin.Epoch, Size: h.size()} }

// reader reads the transcript's stored hashes.
func (h *half) reader(ctx context.Context, v store.View) *hashReader {
	return h.grown.reader(ctx, v, h.keys)
}

// counts reports whether a signature by pub that comes in now counts.
func counts(ks []transcript.LineKey, pub ed25519.PublicKey, now time.Time) bool {
	for _, k := range ks {
		if k.Public.Equal(pub) && k.Counts(now) {
			return true
		}
	}
	return false
}

// knownKey reports whether a key is among line keys.
func knownKey(ks []transcript.LineKey, pub ed25519.PublicKey) bool {
	return slices.ContainsFunc(ks, func(k transcript.LineKey) bool { return k.Public.Equal(pub) })
}
