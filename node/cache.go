package node

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"runtime/debug"
	"time"

	"github.com/go-json-experiment/json"

	"parley/fault"
	"parley/line"
	"parley/node/body"
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
	Program   string          `json:"program"` // another may make another picture of the same entries
	Side      transcript.Side `json:"side"`
	Epochs    []tieEpoch      `json:"epochs"` // of which there are entries, ascending
	Suspended line.Suspension `json:"suspended"`
	Receipts  []tieReceipts   `json:"receipts"`
	Size      int64           `json:"size"` // up to where receipts were looked for, in the last epoch
	Epoch     int64           `json:"epoch"`
}

type tieEpoch struct {
	Epoch int64   `json:"epoch"`
	Own   tieHead `json:"own"`
	Other tieHead `json:"other"`
}

// tieHead is a head, and when this node made the last entry under it durable: a node that was put
// back from a backup has the same entries again, and holds them since another time.
type tieHead struct {
	Size int64     `json:"size"`
	Root string    `json:"root"`
	Held time.Time `json:"held"`
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
	fresh, late := all-ln.cached, ln.uncached
	ln.mu.RUnlock()
	if late || ln.node.cfg.Store.Err() != nil || fresh == 0 || fresh < max(ln.node.cfg.CacheAfter, all/cacheShare)/share {
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
		if err := ln.tieHeads(ctx, &t.Epochs[i]); err != nil {
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
		if ln.counted[n.Key].class != notLive {
			return true
		}
		ln.letGo(n)
		return len(ln.foundOf[n.First]) > 0
	})
}

// letGo forgets what was found of the conflicts of a notice that is over: of those that are over too, between
// notices that both are, and on the record, which then is what is known of them, as after a start. A line would
// otherwise keep every notice that ever was in a conflict. ln.mu is held.
func (ln *lineNode) letGo(n *picture.Notice) {
	for id := range ln.foundOf[n.First] {
		f := ln.found[id]
		if ln.open[id] || ln.unsaid[id] || ln.counted[f.a.Key].class != notLive || ln.counted[f.b.Key].class != notLive {
			continue
		}
		c := ln.pic.Conflict(id)
		if c == nil {
			continue
		}
		if _, _, ok := c.Notices(); !ok {
			continue
		}
		delete(ln.found, id)
		for _, first := range []body.Ref{f.a.First, f.b.First} {
			delete(ln.foundOf[first], id)
			if len(ln.foundOf[first]) == 0 {
				delete(ln.foundOf, first)
			}
		}
		ln.markConflict(id)
	}
}

// tieNow says what a cache of now is tied to, without the roots. The newest receipt is left out: an
// earlier one for the same head may still take its place. ln.mu is held.
func (ln *lineNode) tieNow() tie {
	t := tie{Program: program(), Side: ln.side, Suspended: ln.suspended, Epoch: ln.receipts.epoch}
	for _, c := range append(ln.past[:len(ln.past):len(ln.past)], ln.cursor) {
		t.Epochs = append(t.Epochs, tieEpoch{Epoch: c.Epoch, Own: tieHead{Size: c.Own}, Other: tieHead{Size: c.Other}})
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

// tieHeads fills in what the two transcripts of an epoch have at its sizes.
func (ln *lineNode) tieHeads(ctx context.Context, e *tieEpoch) (err error) {
	o := transcript.Origin{Line: ln.id, Epoch: e.Epoch, Side: ln.side}
	if e.Own, _, err = ln.headAt(ctx, o, e.Own.Size); err == nil {
		e.Other, _, err = ln.headAt(ctx, o.Other(), e.Other.Size)
	}
	return err
}

// headAt returns what a transcript has at a size, and the size that it has now.
func (ln *lineNode) headAt(ctx context.Context, o transcript.Origin, size int64) (tieHead, int64, error) {
	root, now, err := ln.led.RootAt(ctx, o, size)
	h := tieHead{Size: size, Root: root.String()}
	if err == nil && size > 0 {
		var last ledger.Record
		last, err = ln.led.Record(ctx, o, size-1)
		h.Held = last.HeldAt
	}
	return h, now, err
}

// program names the program that runs.
func program() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	name := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" || s.Key == "vcs.modified" {
			name += " " + s.Value
		}
	}
	return name
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
		in := bufio.NewReader(r)
		if _, empty := in.Peek(1); empty != io.EOF { // as below
			err = ln.readCache(ctx, in)
		}
		err = errors.Join(err, r.Close())
	}
	if err == nil {
		return
	}
	ln.log.Warn("the picture's cache is of no use; the whole transcripts are read", "err", err)
	if err := cache.WriteCache(ln.cacheName(), 0, func(io.Writer) error { return nil }); err != nil {
		ln.log.Warn("the picture's cache cannot be emptied", "err", err)
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
		return errors.Join(ln.holds(ctx, t), ln.holdsReceipts(ctx, upTo))
	})
	if err != nil {
		return err
	}
	ln.mu.Lock()
	defer ln.mu.Unlock()
	ln.pic, ln.suspended = pic, t.Suspended
	ln.receipts = receipts{upTo: upTo, epoch: t.Epoch, size: t.Size}
	for i, e := range t.Epochs {
		if ln.cursor = (ledger.Cursor{Epoch: e.Epoch, Own: e.Own.Size, Other: e.Other.Size}); i < len(t.Epochs)-1 {
			ln.past = append(ln.past, ln.cursor)
		}
	}
	ln.cursor.Late = ln.led.Cursor().Late // the epochs before are there whole
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
	if t.Program != program() || t.Side != ln.side || n == 0 {
		return fault.Newf(fault.Mismatch, "node.cache", "is of another program, another side or of nothing")
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
		want, there := byEpoch[epoch]
		o := transcript.Origin{Line: ln.id, Epoch: epoch, Side: ln.side}
		for _, x := range []struct {
			origin transcript.Origin
			head   tieHead
		}{{o, want.Own}, {o.Other(), want.Other}} {
			have, size, err := ln.headAt(ctx, x.origin, x.head.Size)
			if err != nil {
				return err
			}
			if there && (have.Root != x.head.Root || !have.Held.Equal(x.head.Held)) || epoch < last && size != x.head.Size {
				return fault.Newf(fault.Mismatch, "node.cache", "was made of another transcript than %s", x.origin)
			}
		}
	}
	return nil
}

// holdsReceipts reports whether the newest receipts of a cache are those that the ledger has.
func (ln *lineNode) holdsReceipts(ctx context.Context, receipts map[transcript.Origin][]upTo) error {
	for o, list := range receipts {
		last := list[len(list)-1]
		if rc, err := ln.led.ReceiptFor(ctx, o, last.Size-1); err != nil || rc.Size != last.Size || !rc.Time.Equal(last.Time) {
			return fault.Newf(fault.Mismatch, "node.cache", "has a receipt for %d entries of %s that is not here: %v", last.Size, o, err)
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
