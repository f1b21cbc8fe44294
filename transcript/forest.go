package transcript

import (
	"sort"

	"golang.org/x/mod/sumdb/tlog"

	"parley/fault"
)

// subtree is a complete subtree of a transcript's tree: 1<<level entries from an index on.
type subtree struct {
	from  int64
	level int
	root  Hash
}

// forest is what a bundle lets one know of a tree: complete subtrees from left to right, without holes.
type forest []subtree

func (f forest) size() int64 {
	if len(f) == 0 {
		return 0
	}
	last := f[len(f)-1]
	return last.from + 1<<last.level
}

// startsAt returns where the subtree that begins at an entry stands; false where none does.
func (f forest) startsAt(from int64) (int, bool) {
	i := sort.Search(len(f), func(i int) bool { return f[i].from >= from })
	return i, i < len(f) && f[i].from == from
}

// node returns the root of the complete subtree of a level and an index; false where the forest does not
// tell it.
func (f forest) node(level int, n int64) (Hash, bool) {
	from := n << level
	i, ok := f.startsAt(from)
	if !ok || f[i].level > level {
		return Hash{}, false
	}
	var t Tree
	for ; i < len(f) && t.size < 1<<level; i++ {
		t.push(f[i].level, f[i].root, nil)
	}
	if t.size != 1<<level {
		return Hash{}, false
	}
	return t.Root(), true
}

// ReadHashes implements tlog.HashReader with what the forest tells.
func (f forest) ReadHashes(indexes []int64) ([]Hash, error) {
	return readNodes(indexes, f.node)
}

func readNodes(indexes []int64, node func(level int, n int64) (Hash, bool)) ([]Hash, error) {
	out := make([]Hash, len(indexes))
	for i, x := range indexes {
		var ok bool
		if out[i], ok = node(tlog.SplitStoredHashIndex(x)); !ok {
			return nil, fault.Newf(fault.NotFound, "transcript.tree", "no stored hash %d", x)
		}
	}
	return out, nil
}

// above reads the tree whose leaves are the subtrees of a level, the last of which may be incomplete.
type above struct {
	f     forest
	level int
}

func (a above) ReadHashes(indexes []int64) ([]Hash, error) {
	return readNodes(indexes, func(level int, n int64) (Hash, bool) {
		if (n+1)<<(level+a.level) <= a.f.size() {
			return a.f.node(level+a.level, n)
		}
		i, ok := a.f.startsAt(n << (level + a.level)) // holds the incomplete one
		if !ok {
			return Hash{}, false
		}
		var t Tree
		for ; i < len(a.f); i++ {
			t.push(a.f[i].level, a.f[i].root, nil)
		}
		return t.Root(), true
	})
}

// prove returns the proof that a complete subtree is in the tree of the forest: see checkSubtree.
func (f forest) prove(level int, n int64) ([]Hash, error) {
	p, err := tlog.ProveRecord((f.size()-1)>>level+1, n, above{f, level})
	return p, fault.Wrap(fault.NotFound, "transcript.prove", err)
}

// differs finds a complete subtree that two trees have with two roots, as small as both forests tell it;
// false where they tell none.
func differs(x, y forest) (level int, n int64, ok bool) {
	for at := int64(0); ; {
		i, ok := x.startsAt(at)
		j, ok2 := y.startsAt(at)
		if !ok || !ok2 {
			return 0, 0, false
		}
		level = max(x[i].level, y[j].level)
		n = at >> level
		known, differ := compareNode(x, y, level, n)
		if !known {
			return 0, 0, false
		}
		if differ {
			break
		}
		at += 1 << level
	}
	for level > 0 {
		if known, differ := compareNode(x, y, level-1, 2*n); known && differ {
			level, n = level-1, 2*n
		} else if known, differ := compareNode(x, y, level-1, 2*n+1); known && differ {
			level, n = level-1, 2*n+1
		} else {
			break
		}
	}
	return level, n, true
}

func compareNode(x, y forest, level int, n int64) (known, differ bool) {
	a, ok := x.node(level, n)
	b, ok2 := y.node(level, n)
	return ok && ok2, a != b
}
