package ledger

import (
	"context"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// hashBlock is how many stored hashes one key holds. Only full blocks are stored: the hashes since
// the newest full block are held in memory and come from the entries when a ledger is opened.
const hashBlock = 256

// grown is a transcript's tree with the stored hashes that no full block holds yet.
type grown struct {
	tree transcript.Tree
	base int64             // tlog index of tail[0], a multiple of hashBlock
	tail []transcript.Hash // fewer than hashBlock
}

// size returns the number of entries.
func (g *grown) size() int64 { return g.tree.Size() }

// grow returns g with leaves appended, and the blocks that became full.
func (g *grown) grow(leaves []transcript.Hash, k sideKeys) (grown, []store.Put) {
	n := grown{tree: g.tree.Clone(), base: g.base, tail: slices.Clone(g.tail)}
	for _, leaf := range leaves {
		n.tail = append(n.tail, n.tree.Append(leaf)...)
	}
	var puts []store.Put
	for len(n.tail) >= hashBlock {
		b := make([]byte, 0, hashBlock*tlog.HashSize)
		for _, h := range n.tail[:hashBlock] {
			b = append(b, h[:]...)
		}
		puts = append(puts, store.Put{Key: k.hash(n.base / hashBlock), Value: b})
		n.tail = n.tail[hashBlock:]
		n.base += hashBlock
	}
	n.tail = slices.Clone(n.tail)
	return n, puts
}

// hashReader reads the stored hashes of one transcript: full blocks from a view, the rest from
// memory. Blocks read are kept as long as it lives.
type hashReader struct {
	ctx    context.Context
	view   store.View
	keys   sideKeys
	base   int64
	tail   []transcript.Hash
	blocks map[int64][]byte
}

func (g *grown) reader(ctx context.Context, v store.View, k sideKeys) *hashReader {
	return &hashReader{ctx: ctx, view: v, keys: k, base: g.base, tail: g.tail, blocks: map[int64][]byte{}}
}

// ReadHashes implements tlog.HashReader.
func (r *hashReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x >= r.base {
			if x-r.base >= int64(len(r.tail)) {
				return nil, fault.Newf(fault.Internal, "ledger.hashes", "no stored hash %d", x)
			}
			out[i] = r.tail[x-r.base]
			continue
		}
		b, err := r.block(x / hashBlock)
		if err != nil {
			return nil, err
		}
		out[i] = tlog.Hash(b[x%hashBlock*tlog.HashSize:])
	}
	return out, nil
}

func (r *hashReader) block(n int64) ([]byte, error) {
	if b, ok := r.blocks[n]; ok {
		return b, nil
	}
	it, err := r.view.Get(r.ctx, r.keys.hash(n))
	if err != nil {
		return nil, fault.Wrap(fault.Corrupt, "ledger.hashes", err)
	}
	if len(it.Value) != hashBlock*tlog.HashSize {
		return nil, fault.Newf(fault.Corrupt, "ledger.hashes", "a stored block has %d bytes", len(it.Value))
	}
	if len(r.blocks) > 64 {
		clear(r.blocks)
	}
	r.blocks[n] = it.Value
	return it.Value, nil
}

// rootAt returns the root that the transcript has at a size.
func (g *grown) rootAt(size int64, r *hashReader) (transcript.Hash, error) {
	if size == g.size() {
		return g.tree.Root(), nil
	}
	t, err := transcript.TreeAt(size, r)
	if err != nil {
		return transcript.Hash{}, err
	}
	return t.Root(), nil
}

// regrow rebuilds what grown holds of a transcript of a size from its full blocks and from the
// leaf hashes of the entries after them.
func regrow(ctx context.Context, v store.View, k sideKeys, size int64,
	leaves func(from int64, do func(leaf transcript.Hash)) error) (grown, error) {
	base := tlog.StoredHashCount(size) / hashBlock * hashBlock
	if size == 0 {
		return grown{}, nil
	}
	// The largest size of which every stored hash lies in a full block; a tree has fewer than two
	// stored hashes an entry.
	from := min(base/2, size)
	for from < size && tlog.StoredHashCount(from+1) <= base {
		from++
	}
	r := &hashReader{ctx: ctx, view: v, keys: k, base: base, blocks: map[int64][]byte{}}
	t, err := transcript.TreeAt(from, r)
	if err != nil {
		return grown{}, err
	}
	g := grown{tree: t, base: base}
	next := tlog.StoredHashCount(from)
	err = leaves(from, func(leaf transcript.Hash) {
		for _, h := range g.tree.Append(leaf) {
			if next >= base {
				g.tail = append(g.tail, h)
			}
			next++
		}
	})
	if err == nil && g.size() != size {
		err = fault.Newf(fault.Corrupt, "ledger.open", "holds %d entries under a head of %d", g.size(), size)
	}
	return g, err
}

// leaves returns the leaf hashes of the entries from..to-1.
func (g *grown) leaves(from, to int64, r *hashReader) ([]transcript.Hash, error) {
	indexes := make([]int64, 0, to-from)
	for i := from; i < to; i++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, i))
	}
	return r.ReadHashes(indexes)
}
