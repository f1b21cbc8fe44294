package transcript

import (
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// rootOf is RFC 6962's own definition of the root, as slow as it stands there.
func rootOf(leaves []Hash) Hash {
	switch n := len(leaves); n {
	case 0:
		return emptyRoot
	case 1:
		return leaves[0]
	default:
		k := 1
		for 2*k < n {
			k *= 2
		}
		return tlog.NodeHash(rootOf(leaves[:k]), rootOf(leaves[k:]))
	}
}

func grow(leaves []Hash) (Tree, Hashes) {
	var tree Tree
	var stored Hashes
	for _, l := range leaves {
		stored = append(stored, tree.Append(l)...)
	}
	return tree, stored
}

func drawLeaves(t *rapid.T) []Hash {
	leaves := make([]Hash, rapid.IntRange(1, 70).Draw(t, "entries"))
	for i := range leaves {
		leaves[i] = RecordHash([]byte{byte(i), rapid.Byte().Draw(t, "leaf")})
	}
	return leaves
}

func TestTreeAgainstDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := drawLeaves(t)
		tree, stored := grow(leaves)
		n := int64(len(leaves))
		if tree.Root() != rootOf(leaves) || tree.Size() != n {
			t.Fatalf("root of %d entries", n)
		}
		if want, err := tlog.TreeHash(n, stored); err != nil || want != tree.Root() || int64(len(stored)) != tlog.StoredHashCount(n) {
			t.Fatalf("stored hashes of %d entries are not tlog's", n)
		}
		at, err := TreeAt(n, stored)
		again, err2 := NewTree(n, tree.Edge())
		if err != nil || err2 != nil || at.Root() != tree.Root() || again.Root() != tree.Root() {
			t.Fatalf("a tree read back has another root: %v, %v", err, err2)
		}
		clone := tree.Clone()
		clone.Append(Hash{1})
		if tree.Root() != rootOf(leaves) {
			t.Fatal("a clone's growth changed the tree")
		}
	})
}

func TestProofsAgainstTlog(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := drawLeaves(t)
		n := int64(len(leaves))
		tree, stored := grow(leaves)
		i := rapid.Int64Range(0, n-1).Draw(t, "index")
		p, err := ProveEntry(n, i, stored)
		if err != nil || CheckEntry(p, n, tree.Root(), i, leaves[i]) != nil {
			t.Fatalf("proof of entry %d of %d: %v", i, n, err)
		}
		old := rapid.Int64Range(0, n).Draw(t, "old")
		oldRoot := rootOf(leaves[:old])
		c, err := ProveConsistency(old, n, stored)
		if err != nil || CheckConsistency(c, old, oldRoot, n, tree.Root()) != nil {
			t.Fatalf("consistency %d to %d: %v", old, n, err)
		}
		if bad := flipOne(t, p); bad != nil && CheckEntry(bad, n, tree.Root(), i, leaves[i]) == nil {
			t.Fatal("a changed proof of an entry passes")
		}
		if CheckEntry(p, n, tree.Root(), i, Hash{1}) == nil || (n > 1 && CheckEntry(p, n, tree.Root(), (i+1)%n, leaves[i]) == nil) {
			t.Fatal("a proof passes for another entry")
		}
		if bad := flipOne(t, c); bad != nil && CheckConsistency(bad, old, oldRoot, n, tree.Root()) == nil {
			t.Fatal("a changed proof of consistency passes")
		}
		if old > 0 && CheckConsistency(c, old, Hash{1}, n, tree.Root()) == nil {
			t.Fatal("a proof passes for another root")
		}
	})
}

func flipOne(t *rapid.T, p []Hash) []Hash {
	if len(p) == 0 {
		return nil
	}
	bad := slices.Clone(p)
	bad[rapid.IntRange(0, len(p)-1).Draw(t, "hash")][rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
	return bad
}

func TestGapsStandForEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := drawLeaves(t)
		n := int64(len(leaves))
		whole, stored := grow(leaves)
		var tree Tree
		for tree.Size() < n {
			from := tree.Size()
			to := rapid.Int64Range(from, n).Draw(t, "to")
			hashes, err := RangeHashes(from, to, stored)
			if err != nil {
				t.Fatal(err)
			}
			cover(from, to, func(level int, _ int64) {
				tree.push(level, hashes[0], nil)
				hashes = hashes[1:]
			})
			if len(hashes) > 0 || tree.Size() != to || tree.Root() != rootOf(leaves[:to]) {
				t.Fatalf("gap from %d to %d", from, to)
			}
			if to < n {
				tree.push(0, leaves[to], nil)
			}
		}
		if tree.Root() != whole.Root() {
			t.Fatal("another root over gaps")
		}
	})
}

// TestHostileSizes checks that numbers near the end of their range end in an error, not in a loop.
func TestHostileSizes(t *testing.T) {
	const huge = 1<<63 - 1
	var none Hashes
	for name, err := range map[string]error{
		"entry":       CheckEntry(nil, huge, Hash{}, huge-1, Hash{}),
		"consistency": CheckConsistency(nil, 1, Hash{}, huge, Hash{}),
		"negative":    CheckEntry(nil, -1, Hash{}, -2, Hash{}),
	} {
		if err == nil {
			t.Errorf("%s passes", name)
		}
	}
	if _, err := ProveEntry(huge, 1, none); err == nil {
		t.Error("proves an entry among 2^63-1")
	}
	if _, err := RangeHashes(0, huge, none); err == nil {
		t.Error("covers 2^63-1 entries")
	}
	if _, err := TreeAt(huge, none); err == nil {
		t.Error("a tree of 2^63-1 entries")
	}
}
