package transcript

import (
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"

	"parley/fault"
)

// RecordHash returns the leaf hash of a sealed entry's bytes, RFC 6962.
func RecordHash(entry []byte) Hash { return tlog.RecordHash(entry) }

// Tree is the Merkle tree of a transcript as it grows. It keeps only the roots of the complete
// subtrees at its right edge, at most 48. The zero Tree is empty.
type Tree struct {
	size int64
	edge []Hash // largest subtree first; one for each bit set in size
}

// NewTree returns the tree of a size from its edge, as Edge returned it.
func NewTree(size int64, edge []Hash) (Tree, error) {
	if size < 0 || size > MaxSize || len(edge) != bits.OnesCount64(uint64(size)) {
		return Tree{}, fault.Newf(fault.Corrupt, "transcript.tree", "an edge of %d hashes does not fit a tree of %d entries", len(edge), size)
	}
	return Tree{size: size, edge: append([]Hash(nil), edge...)}, nil
}

// TreeAt returns the tree of a size from the stored hashes.
func TreeAt(size int64, r tlog.HashReader) (Tree, error) {
	if size < 0 || size > MaxSize {
		return Tree{}, fault.Newf(fault.Corrupt, "transcript.tree", "a tree of %d entries is out of bounds", size)
	}
	edge, err := RangeHashes(0, size, r)
	if err != nil {
		return Tree{}, err
	}
	return Tree{size: size, edge: edge}, nil
}

// Size returns the number of entries.
func (t *Tree) Size() int64 { return t.size }

// Edge returns a copy of the roots of the complete subtrees, the largest first.
func (t *Tree) Edge() []Hash { return append([]Hash(nil), t.edge...) }

// Clone returns an independent copy.
func (t *Tree) Clone() Tree { return Tree{size: t.size, edge: t.Edge()} }

// Append adds a leaf hash and returns the hashes to be stored from tlog.StoredHashIndex(0, n) on,
// n being the size before: the leaf and the root of each subtree that it completes.
func (t *Tree) Append(leaf Hash) []Hash {
	stored := make([]Hash, 1, 1+bits.TrailingZeros64(uint64(t.size+1)))
	stored[0] = leaf
	t.push(0, leaf, func(h Hash) { stored = append(stored, h) })
	return stored
}

// push adds a complete subtree of 1<<level entries, where the size is a multiple of that.
func (t *Tree) push(level int, h Hash, completed func(Hash)) {
	for n := t.size >> level; n&1 == 1; n >>= 1 {
		h = tlog.NodeHash(t.edge[len(t.edge)-1], h)
		t.edge = t.edge[:len(t.edge)-1]
		if completed != nil {
			completed(h)
		}
	}
	t.edge = append(t.edge, h)
	t.size += 1 << level
}

// Root returns the root, RFC 6962.
func (t *Tree) Root() Hash {
	if t.size == 0 {
		return emptyRoot
	}
	h := t.edge[len(t.edge)-1]
	for i := len(t.edge) - 2; i >= 0; i-- {
		h = tlog.NodeHash(t.edge[i], h)
	}
	return h
}

// Hashes are the stored hashes of a tree in memory, by tlog.StoredHashIndex.
type Hashes []Hash

// ReadHashes implements tlog.HashReader.
func (hs Hashes) ReadHashes(indexes []int64) ([]Hash, error) {
	out := make([]Hash, len(indexes))
	for i, x := range indexes {
		if x < 0 || x >= int64(len(hs)) {
			return nil, fault.Newf(fault.NotFound, "transcript.tree", "no stored hash %d", x)
		}
		out[i] = hs[x]
	}
	return out, nil
}

// cover calls do with the level and index of each complete subtree that together hold the entries
// from..to-1: the fewest, from left to right.
func cover(from, to int64, do func(level int, n int64)) {
	for from < to {
		level := bits.Len64(uint64(to-from)) - 1
		if from > 0 {
			level = min(level, bits.TrailingZeros64(uint64(from)))
		}
		do(level, from>>level)
		from += 1 << level
	}
}

// RangeHashes returns the roots of the fewest complete subtrees that hold the entries from..to-1,
// left to right: what stands for them in a file that does not show them.
func RangeHashes(from, to int64, r tlog.HashReader) ([]Hash, error) {
	if from < 0 || from > to || to > MaxSize {
		return nil, fault.Newf(fault.Invalid, "transcript.tree", "%d to %d is not a range of entries", from, to)
	}
	var indexes []int64
	cover(from, to, func(level int, n int64) { indexes = append(indexes, tlog.StoredHashIndex(level, n)) })
	if len(indexes) == 0 {
		return nil, nil
	}
	return r.ReadHashes(indexes)
}

// ProveEntry returns the proof that the tree of a size holds the entry of an index.
func ProveEntry(size, index int64, r tlog.HashReader) ([]Hash, error) {
	if index < 0 || index >= size || size > MaxSize {
		return nil, fault.Newf(fault.Invalid, "transcript.prove", "there is no entry %d among %d", index, size)
	}
	p, err := tlog.ProveRecord(size, index, r)
	return p, fault.Wrap(fault.Internal, "transcript.prove", err)
}

// CheckEntry refuses a proof that does not lead from the leaf hash at an index to the root of a
// tree of a size.
func CheckEntry(proof []Hash, size int64, root Hash, index int64, leaf Hash) error {
	if index < 0 || index >= size || size > MaxSize {
		return fault.Newf(fault.Corrupt, "transcript.proof", "there is no entry %d among %d", index, size)
	}
	if tlog.CheckRecord(proof, size, root, index, leaf) != nil {
		return fault.Newf(fault.Corrupt, "transcript.proof", "does not lead from entry %d to the root of %d entries", index, size)
	}
	return nil
}

// maxLevel is the level of a tree of MaxSize entries.
const maxLevel = 48

// checkSubtree refuses a proof that does not lead from the root of a complete subtree of 1<<level entries,
// of an index among those of its level, to the root of a tree of a size. It is the proof of a leaf in the
// tree whose leaves are these subtrees, the last of which may be incomplete.
func checkSubtree(proof []Hash, size int64, root Hash, level int, index int64, hash Hash) error {
	if level == 0 {
		return CheckEntry(proof, size, root, index, hash)
	}
	if level < 0 || level > maxLevel || size > MaxSize || index < 0 || index >= size>>level {
		return fault.Newf(fault.Corrupt, "transcript.proof", "there is no complete subtree %d of level %d among %d entries", index, level, size)
	}
	if tlog.CheckRecord(proof, (size-1)>>level+1, root, index, hash) != nil {
		return fault.Newf(fault.Corrupt, "transcript.proof", "does not lead from subtree %d of level %d to the root of %d entries", index, level, size)
	}
	return nil
}

// ProveConsistency returns the proof that the tree of size new begins with the tree of size old.
// From size 0, and between equal sizes, it is empty.
func ProveConsistency(old, new int64, r tlog.HashReader) ([]Hash, error) {
	if old < 0 || old > new || new > MaxSize {
		return nil, fault.Newf(fault.Invalid, "transcript.prove", "a tree of %d entries cannot begin with one of %d", new, old)
	}
	if old == 0 || old == new {
		return nil, nil
	}
	p, err := tlog.ProveTree(new, old, r)
	return p, fault.Wrap(fault.Internal, "transcript.prove", err)
}

// CheckConsistency refuses a proof that does not show that the tree of size new and root newRoot
// begins with the tree of size old and root oldRoot.
func CheckConsistency(proof []Hash, old int64, oldRoot Hash, new int64, newRoot Hash) error {
	ok := old >= 0 && old <= new && new <= MaxSize
	switch {
	case !ok:
	case old == 0:
		ok = len(proof) == 0 && oldRoot == emptyRoot && (new > 0 || newRoot == emptyRoot)
	case old == new:
		ok = len(proof) == 0 && oldRoot == newRoot
	default:
		ok = tlog.CheckTree(proof, new, newRoot, old, oldRoot) == nil
	}
	if !ok {
		return fault.Newf(fault.Corrupt, "transcript.proof", "does not show that the tree of %d entries begins with that of %d", new, old)
	}
	return nil
}
