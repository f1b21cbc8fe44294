package node

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"parley/fault"
	"parley/node/view"
	"parley/store"
	"parley/transcript/ledger"
)

// A file that comes before the one it follows is kept, and read again when something new came. What is
// kept was checked whole, and is no evidence: no receipt is given for it.

const (
	maxKeptFiles  = 256
	maxKeptBytes  = 256 << 20
	keptPartBytes = 504 << 10 // two of them fit one transaction
)

// keptFile is a file that is kept: its digest and size, and where its entries begin.
type keptFile struct {
	digest string
	bytes  int
	first  ledger.Have
}

// value is what the store says of it.
func (k keptFile) value() []byte {
	return fmt.Appendf(nil, "%d %d %d", k.bytes, k.first.Epoch, k.first.Size)
}

// fits reports whether what comes before it is here.
func (k keptFile) fits(held ledger.Have) bool {
	return k.first.Epoch < held.Epoch || k.first.Epoch == held.Epoch && k.first.Size <= held.Size
}

// keptFiles lists the files kept, by digest. A file counts once its last transaction, which names its
// size and place, is durable.
func (ln *lineNode) keptFiles(ctx context.Context) ([]keptFile, error) {
	v, err := ln.node.cfg.Store.View(ctx)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "node.courier", err)
	}
	defer v.Close()
	var out []keptFile
	prefix := ln.courierKeys() + "kept/"
	for it, err := range v.Scan(ctx, prefix, prefix+"\xff") {
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, "node.courier", err)
		}
		k := keptFile{digest: strings.TrimPrefix(it.Key, prefix)}
		if _, err := fmt.Sscanf(string(it.Value), "%d %d %d", &k.bytes, &k.first.Epoch, &k.first.Size); err != nil {
			return nil, fault.Wrap(fault.Corrupt, "node.courier", err)
		}
		out = append(out, k)
	}
	return out, nil
}

func (ln *lineNode) partKey(digest string, i int) string {
	return fmt.Sprintf("%spart/%s/%04d", ln.courierKeys(), digest, i)
}

func partsOf(bytes int) int { return (bytes + keptPartBytes - 1) / keptPartBytes }

// keepFile makes a file durable until what it follows is here.
func (ln *lineNode) keepFile(ctx context.Context, data []byte, first ledger.Have) error {
	kept, err := ln.keptFiles(ctx)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	digest, total := hex.EncodeToString(sum[:]), len(data)
	for _, k := range kept {
		if k.digest == digest {
			return nil
		}
		total += k.bytes
	}
	if len(kept) >= maxKeptFiles || total > maxKeptBytes {
		return &fault.Error{Code: fault.TooLarge, Field: "file", Rule: fmt.Sprintf("comes before what it follows, and %d such files are kept already", len(kept)),
			Hint: "read the files in the order of their parts"}
	}
	st := ln.node.cfg.Store
	for i := range partsOf(len(data)) {
		part := data[i*keptPartBytes : min(len(data), (i+1)*keptPartBytes)]
		if _, err := st.Commit(ctx, store.Txn{Puts: []store.Put{{Key: ln.partKey(digest, i), Value: part}}}); err != nil {
			return fault.Wrap(fault.Unavailable, "node.courier", err)
		}
	}
	_, err = st.Commit(ctx, store.Txn{Puts: []store.Put{{Key: ln.courierKeys() + "kept/" + digest, Value: keptFile{bytes: len(data), first: first}.value()}}})
	return fault.Wrap(fault.Unavailable, "node.courier", err)
}

// readKept reads a kept file.
func (ln *lineNode) readKept(ctx context.Context, k keptFile) ([]byte, error) {
	v, err := ln.node.cfg.Store.View(ctx)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "node.courier", err)
	}
	defer v.Close()
	data := make([]byte, 0, k.bytes)
	for i := range partsOf(k.bytes) {
		it, err := v.Get(ctx, ln.partKey(k.digest, i))
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, "node.courier", err)
		}
		data = append(data, it.Value...)
	}
	return data, nil
}

// dropKept forgets a kept file.
func (ln *lineNode) dropKept(ctx context.Context, k keptFile) error {
	t := store.Txn{Deletes: []string{ln.courierKeys() + "kept/" + k.digest}}
	for i := range partsOf(k.bytes) {
		t.Deletes = append(t.Deletes, ln.partKey(k.digest, i))
	}
	_, err := ln.node.cfg.Store.Commit(ctx, t)
	return fault.Wrap(fault.Unavailable, "node.courier", err)
}

// fitKept reads the kept files again, where something new came, until none fits any more. One that
// fits, or that does not hold any longer, is kept no longer.
func (ln *lineNode) fitKept(ctx context.Context, out *view.CourierTaken, more bool) error {
	kept, err := ln.keptFiles(ctx)
	if err != nil {
		return err
	}
	for more {
		more = false
		rest := kept[:0]
		for _, k := range kept {
			if !k.fits(ln.led.Standing().Held) {
				rest = append(rest, k)
				continue
			}
			data, err := ln.readKept(ctx, k)
			if err != nil {
				return err
			}
			got, err := ln.courierTake(ctx, data)
			if fault.Is(err, fault.Unavailable) {
				return err
			}
			out.New, more = out.New+got.Entries, more || got.Entries > 0
			if err == nil && (got.Missing || got.Unready) {
				rest = append(rest, k)
				continue
			}
			if err := ln.dropKept(ctx, k); err != nil {
				return err
			}
			if out.Fitted++; err != nil {
				out.Fitted--
				ln.log.Warn("a kept file does not hold", "err", err)
			}
		}
		kept = rest
	}
	out.Kept = len(kept)
	return nil
}
