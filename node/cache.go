package node

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"time"

	"github.com/go-json-experiment/json"

	"parley/fault"
	"parley/line"
	"parley/node/picture"
	"parley/store"
	"parley/transcript"
	"parley/transcript/ledger"
)

// A picture is a function of two heads, and a long replay of the transcripts makes it. So that a
// start needs only the end of that replay, the picture is kept as a cache now and then and when the
// node stops. The transcripts stay the truth: a cache names the heads at which it was made, and
// counts only where both transcripts have the same roots at the same sizes. Any other is forgotten.

const (
	// cacheLook is how often the node looks whether the cache is worth to be made again.
	cacheLook = time.Minute
	// cacheShare is which share of all entries must be new before it is made again while the node
	// runs: it is written whole each time. cacheStop is which share of that is enough at a stop.
	cacheShare = 16
	cacheStop  = 16
)

// tie is what a cache says of the heads at which it was made, and what else follows from entries
// and receipts up to there.
type tie struct {
	Side      transcript.Side `json:"side"`
	Epochs    []tieEpoch      `json:"epochs"` // of which there are entries, ascending
	Suspended line.Suspension `json:"suspended"`
	Receipts  []tieReceipts   `json:"receipts"`
	Size      int64           `json:"size"` // up to where receipts were looked for, in the last epoch
	Epoch     int64           `json:"epoch"`
}

type tieEpoch struct {
	Epoch     int64  `json:"epoch"`
	Own       int64  `json:"own"`
	OwnRoot   string `json:"own_root"`
	Other     int64  `json:"other"`
	OtherRoot string `json:"other_root"`
}

type tieReceipts struct {
	Epoch int64  `json:"epoch"`
	List  []byte `json:"list"` // size and time in Unix seconds of each, less those before, as varints
}

func (ln *lineNode) cacheName() string { return "picture-" + ln.id + "-" + string(ln.side) }

// entries counts what is in the picture. ln.mu is held.
func (ln *lineNode) entries() int64 {
	n := ln.cursor.Own + ln.cursor.Other
	for _, c := range ln.past {
		n += c.Own + c.Other
	}
	return n
}

// runCache owns the writing of the cache.
func (ln *lineNode) runCache(ctx context.Context) error {
	cache, ok := ln.node.cfg.Store.(store.Cache)
	if !ok {
		<-ctx.Done()
		return context.Cause(ctx)
	}
	select {
	case <-ln.ready:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	for {
		tick, stop := ln.node.cfg.Clock.Timer(cacheLook)
		select {
		case <-tick:
			ln.cacheWhere(ctx, cache, 1)
			continue
		case <-ctx.Done():
		}
		stop()
		ln.cacheWhere(context.WithoutCancel(ctx), cache, cacheStop)
		return context.Cause(ctx)
	}
}

// cacheWhere writes the cache where enough is new, less by a share. A cache that cannot be written
// costs the next start some time, and nothing else.
func (ln *lineNode) cacheWhere(ctx context.Context, cache store.Cache, share int64) {
	ln.mu.RLock()
	all := ln.entries()
	fresh := all - ln.cached
	ln.mu.RUnlock()
	if ln.node.cfg.Store.Err() != nil || fresh == 0 || fresh < max(ln.node.cfg.CacheAfter, all/cacheShare)/share {
		return
	}
	if err := ln.writeCache(ctx, cache); err != nil {
		ln.log.Warn("the picture's cache is not written; the next start takes longer", "err", err)
		return
	}
	ln.log.Info("the picture's cache is written", "entries", all)
}

func (ln *lineNode) writeCache(ctx context.Context, cache store.Cache) error {
	now := ln.node.cfg.Clock.Now()
	ln.mu.RLock()
	saved, t, all := ln.pic.Save(now), ln.tieNow(), ln.entries()
	ln.mu.RUnlock()
	if err := ln.led.KeepReceipts(ctx); err != nil { // of what is shown, nothing may be lost
		return err
	}
	for i := range t.Epochs {
		if err := ln.tieRoots(ctx, &t.Epochs[i]); err != nil {
			return err
		}
	}
	raw, err := json.Marshal(t)
	if err != nil {
		return fault.Wrap(fault.Internal, "node.cache", err)
	}
	err = cache.WriteCache(ln.cacheName(), saved.Bytes()+int64(len(raw)), func(w io.Writer) error { return saved.Write(w, raw) })
	if err == nil {
		ln.mu.Lock()
		ln.cached = all
		ln.mu.Unlock()
	}
	return err
}

// thin freezes a few of the notices that are over and to which nothing here points. Called for every
// entry, it keeps pace. ln.mu is held.
func (ln *lineNode) thin() {
	ln.pic.Freeze(ln.node.cfg.Clock.Now(), 2, func(n *picture.Notice) bool {
		return ln.counted[n.Key] != notLive || len(ln.foundOf[n.First]) > 0
	})
}

// tieNow says what a cache of now is tied to, without the roots. The newest receipt is left out: an
// earlier one for the same head may still take its place. ln.mu is held.
func (ln *lineNode) tieNow() tie {
	t := tie{Side: ln.side, Suspended: ln.suspended, Epoch: ln.receipts.epoch}
	for _, c := range append(ln.past[:len(ln.past):len(ln.past)], ln.cursor) {
		t.Epochs = append(t.Epochs, tieEpoch{Epoch: c.Epoch, Own: c.Own, Other: c.Other})
		list := ln.receipts.upTo[transcript.Origin{Line: ln.id, Epoch: c.Epoch, Side: ln.side}]
		if c.Epoch == t.Epoch && len(list) > 0 {
			list = list[:len(list)-1]
		}
		if len(list) == 0 {
			continue
		}
		r := tieReceipts{Epoch: c.Epoch}
		var was upTo
		for _, u := range list {
			r.List = binary.AppendVarint(binary.AppendVarint(r.List, u.Size-was.Size), u.Time.Unix()-was.seconds())
			was = u
		}
		if c.Epoch == t.Epoch {
			t.Size = was.Size
		}
		t.Receipts = append(t.Receipts, r)
	}
	return t
}

func (u upTo) seconds() int64 {
	if u.Time.IsZero() {
		return 0
	}
	return u.Time.Unix()
}

// tieRoots notes the roots that the two transcripts of an epoch have at its sizes.
func (ln *lineNode) tieRoots(ctx context.Context, e *tieEpoch) error {
	o := transcript.Origin{Line: ln.id, Epoch: e.Epoch, Side: ln.side}
	own, _, err := ln.led.RootAt(ctx, o, e.Own)
	if err != nil {
		return err
	}
	other, _, err := ln.led.RootAt(ctx, o.Other(), e.Other)
	e.OwnRoot, e.OtherRoot = own.String(), other.String()
	return err
}

// recall takes the picture from the cache, where there is one that holds. Nothing of it counts that
// the two transcripts do not have.
func (ln *lineNode) recall(ctx context.Context) {
	cache, ok := ln.node.cfg.Store.(store.Cache)
	if !ok {
		return
	}
	r, err := cache.ReadCache(ln.cacheName())
	if errors.Is(err, store.ErrNotFound) {
		return
	}
	if err == nil {
		err = ln.readCache(ctx, r)
		err = errors.Join(err, r.Close())
	}
	if err != nil {
		ln.log.Warn("the picture's cache is of no use; the whole transcripts are read", "err", err)
	}
}

func (ln *lineNode) readCache(ctx context.Context, r io.Reader) error {
	var t tie
	var upTo map[transcript.Origin][]upTo
	pic, err := picture.Read(r, ln.id, func(raw []byte) error {
		if err := json.Unmarshal(raw, &t, json.RejectUnknownMembers(true)); err != nil {
			return fault.Wrap(fault.Corrupt, "node.cache", err)
		}
		var err error
		if upTo, err = ln.receiptsOf(t); err != nil {
			return err
		}
		return ln.holds(ctx, t)
	})
	if err != nil {
		return err
	}
	ln.mu.Lock()
	defer ln.mu.Unlock()
	ln.pic, ln.suspended = pic, t.Suspended
	ln.receipts = receipts{upTo: upTo, epoch: t.Epoch, size: t.Size}
	for i, e := range t.Epochs {
		if ln.cursor = (ledger.Cursor{Epoch: e.Epoch, Own: e.Own, Other: e.Other}); i < len(t.Epochs)-1 {
			ln.past = append(ln.past, ln.cursor)
		}
	}
	ln.cached = ln.entries()
	for range pic.Agreements() { // one may have to wait for another
		ln.adopt()
	}
	return nil
}

// holds reports whether the two transcripts have what a cache was made of: all of the epochs before
// its last, and in that the same roots at its sizes.
func (ln *lineNode) holds(ctx context.Context, t tie) error {
	n := len(t.Epochs)
	if t.Side != ln.side || n == 0 {
		return fault.Newf(fault.Mismatch, "node.cache", "is of another side or of nothing")
	}
	byEpoch := map[int64]tieEpoch{}
	for _, e := range t.Epochs {
		byEpoch[e.Epoch] = e
	}
	last := t.Epochs[n-1].Epoch
	if now := ln.led.Cursor().Epoch; last > now || last < 1 || int64(n) > last || t.Epoch > last {
		return fault.Newf(fault.Mismatch, "node.cache", "is of epoch %d, and the line is in epoch %d", last, now)
	}
	for epoch := int64(1); epoch <= last; epoch++ {
		want := byEpoch[epoch] // zero: without entries
		o := transcript.Origin{Line: ln.id, Epoch: epoch, Side: ln.side}
		for _, x := range []struct {
			origin transcript.Origin
			size   int64
			root   string
		}{{o, want.Own, want.OwnRoot}, {o.Other(), want.Other, want.OtherRoot}} {
			root, size, err := ln.led.RootAt(ctx, x.origin, x.size)
			if err != nil {
				return err
			}
			if want.Epoch != 0 && root.String() != x.root || epoch < last && size != x.size {
				return fault.Newf(fault.Mismatch, "node.cache", "was made of another transcript than %s", x.origin)
			}
		}
	}
	return nil
}

// receiptsOf reads the receipts of a tie.
func (ln *lineNode) receiptsOf(t tie) (map[transcript.Origin][]upTo, error) {
	out := map[transcript.Origin][]upTo{}
	for _, r := range t.Receipts {
		o := transcript.Origin{Line: ln.id, Epoch: r.Epoch, Side: ln.side}
		var was upTo
		for b := r.List; len(b) > 0; {
			more, n := binary.Varint(b)
			if n <= 0 {
				return nil, fault.Newf(fault.Corrupt, "node.cache", "has receipts that do not fit")
			}
			s, m := binary.Varint(b[n:])
			if m <= 0 || more <= 0 {
				return nil, fault.Newf(fault.Corrupt, "node.cache", "has receipts that do not fit")
			}
			b = b[n+m:]
			was = upTo{Size: was.Size + more, Time: time.Unix(was.seconds()+s, 0).UTC()}
			out[o] = append(out[o], was)
		}
	}
	return out, nil
}
