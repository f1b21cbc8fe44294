package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"iter"
	"slices"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// SetWitnesses sets the witnesses of every version of the agreement: whose cosignatures are exported.
func (l *Ledger) SetWitnesses(keys []transcript.WitnessKey) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.witnesses = append([]transcript.WitnessKey(nil), keys...)
}

func (l *Ledger) witnessKeys() []transcript.WitnessKey {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.witnesses
}

// NewestHeads returns the newest durable head of each transcript that has entries, those of the open
// epoch last.
func (l *Ledger) NewestHeads(ctx context.Context) ([]transcript.Head, error) {
	s := l.now()
	v, err := l.view(ctx)
	if err != nil {
		return nil, err
	}
	defer v.Close()
	var out []transcript.Head
	for epoch := int64(1); epoch < s.epoch.Epoch; epoch++ {
		for _, o := range []transcript.Origin{l.origin(epoch), l.origin(epoch).Other()} {
			h, err := topHead(ctx, v, l.keys, o, s.keysOf(o.Side))
			if err != nil {
				return nil, err
			}
			if h.Size > 0 {
				out = append(out, h)
			}
		}
	}
	for _, h := range []transcript.Head{s.own.head, s.other.head} {
		if h.Size > 0 {
			out = append(out, h)
		}
	}
	return out, nil
}

// Consistency proves that a transcript of one size begins with that of an older one.
func (l *Ledger) Consistency(ctx context.Context, o transcript.Origin, old, size int64) ([]transcript.Hash, error) {
	s := l.now()
	v, err := l.view(ctx)
	if err != nil {
		return nil, err
	}
	defer v.Close()
	g, err := l.grownTo(ctx, v, s, o, size)
	if err != nil {
		return nil, err
	}
	return transcript.ProveConsistency(old, size, g.reader(ctx, v, l.keys.side(o)))
}

func witnessID(k transcript.WitnessKey) string {
	sum := sha256.Sum256([]byte(k.String()))
	return hex.EncodeToString(sum[:8])
}

func (k sideKeys) cosigned(size int64, by transcript.WitnessKey) string {
	return string(k) + "wit/" + number(size) + "/" + witnessID(by)
}

func (k sideKeys) newestCosigned(by transcript.WitnessKey) string {
	return string(k) + "wnew/" + witnessID(by)
}

// KeepCosignature makes a cosignature durable: of each witness the earliest on each size, and the newest.
// The caller has opened it.
func (l *Ledger) KeepCosignature(ctx context.Context, c transcript.Cosignature) error {
	v, err := l.view(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	k := l.keys.side(c.Origin)
	var t store.Txn
	for _, at := range []struct {
		key      string
		replaces func(was transcript.Cosignature) bool
	}{
		{k.cosigned(c.Size, c.By), func(was transcript.Cosignature) bool { return c.Time.Before(was.Time) }},
		{k.newestCosigned(c.By), func(was transcript.Cosignature) bool { return c.Size > was.Size || c.Time.After(was.Time) }},
	} {
		was, err := getCosignature(ctx, v, at.key, c.By)
		if err != nil {
			return err
		}
		if was.Note == nil || at.replaces(was) {
			t.Puts = append(t.Puts, store.Put{Key: at.key, Value: c.Note})
		}
	}
	if len(t.Puts) == 0 {
		return nil
	}
	_, err = l.commit(ctx, t)
	return err
}

// NewestCosignature returns the newest cosignature of a witness on a transcript; the zero one where there
// is none.
func (l *Ledger) NewestCosignature(ctx context.Context, o transcript.Origin, by transcript.WitnessKey) (transcript.Cosignature, error) {
	v, err := l.view(ctx)
	if err != nil {
		return transcript.Cosignature{}, err
	}
	defer v.Close()
	return getCosignature(ctx, v, l.keys.side(o).newestCosigned(by), by)
}

func getCosignature(ctx context.Context, v store.View, key string, by transcript.WitnessKey) (transcript.Cosignature, error) {
	it, err := v.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return transcript.Cosignature{}, nil
	}
	if err != nil {
		return transcript.Cosignature{}, fault.Wrap(fault.Unavailable, "ledger.cosignature", err)
	}
	return transcript.ReadCosignature(it.Value, by)
}

// eachCosignature yields the cosignatures kept on heads up to the size, of the witnesses that an agreement
// names: the earliest of each on each size, smallest size first.
func (x *exporter) eachCosignature() iter.Seq2[transcript.Cosignature, error] {
	k := x.l.keys.side(x.origin)
	known := x.l.witnessKeys()
	return func(yield func(transcript.Cosignature, error) bool) {
		for it, err := range x.v.Scan(x.ctx, string(k)+"wit/"+number(1), string(k)+"wit/"+number(x.size+1)) {
			if err != nil {
				yield(transcript.Cosignature{}, fault.Wrap(fault.Unavailable, "ledger.export", err))
				return
			}
			c, err := transcript.OpenCosignature(it.Value, known...)
			if err != nil {
				continue // of a witness that this party chose by itself: nobody who reads the file knows its key
			}
			if !yield(c, nil) {
				return
			}
		}
	}
}

// cosignaturesAt takes the cosignatures of one size.
func (x *exporter) cosignaturesAt(size int64) []transcript.Cosignature {
	var out []transcript.Cosignature
	for x.cosigned.ok && x.cosigned.value.Size == size {
		out = append(out, x.cosigned.value)
		x.cosigned.step()
	}
	return out
}

// cosignaturesNeeded takes the cosignatures of one size and returns those that are the first of their
// witness to cover an entry that is shown.
func (x *discloser) cosignaturesNeeded(size int64) []transcript.Cosignature {
	var out []transcript.Cosignature
	for _, c := range x.cosignaturesAt(size) {
		id := witnessID(c.By)
		if i, _ := slices.BinarySearch(x.chosen, x.unwitnessed[id]); x.bare || i < len(x.chosen) && x.chosen[i] < size {
			out = append(out, c)
			x.unwitnessed[id] = size
		}
	}
	return out
}

// nextSize is the smallest size of what is signed and in sight.
func (x *exporter) nextSize() (size int64, ok bool) {
	for _, s := range []struct {
		ok   bool
		size int64
	}{{x.heads.ok, x.heads.value.Size}, {x.receipts.ok, x.receipts.value.Size}, {x.cosigned.ok, x.cosigned.value.Size}} {
		if s.ok && (!ok || s.size < size) {
			size, ok = s.size, true
		}
	}
	return size, ok
}
