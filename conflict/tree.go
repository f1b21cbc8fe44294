package conflict

import "math"

// bounds is a box in four dimensions: three of earth-centred space as geo4d's Hull has them, and
// time in seconds. Space has no seam at the antimeridian or the poles.
type bounds struct{ min, max [4]float64 }

func (b *bounds) meets(c *bounds) bool {
	return b.min[3] <= c.max[3] && c.min[3] <= b.max[3] &&
		b.min[0] <= c.max[0] && c.min[0] <= b.max[0] &&
		b.min[1] <= c.max[1] && c.min[1] <= b.max[1] &&
		b.min[2] <= c.max[2] && c.min[2] <= b.max[2]
}

func union(a, b *bounds) (u bounds) {
	for i := range 4 {
		u.min[i], u.max[i] = math.Min(a.min[i], b.min[i]), math.Max(a.max[i], b.max[i])
	}
	return u
}

// An hour costs as much as 20 km, and a window of more than a day no more than a day, or the
// endless windows of sites would outweigh every place.
const (
	secondCost = 20.0 / 6371 / 3600
	maxCostS   = 86400
)

// cost is what a box adds to the chance that a query meets it.
func (b *bounds) cost() float64 {
	return b.max[0] - b.min[0] + b.max[1] - b.min[1] + b.max[2] - b.min[2] +
		math.Min(maxCostS, b.max[3]-b.min[3])*secondCost
}

const none = int32(-1)

// branch is a node of a tree: a leaf where left is none.
type branch struct {
	bounds
	parent      int32 // the next free node, in the free list
	left, right int32
	height      int32
	leaf        ref
}

// ref is a volume of a stored item.
type ref struct {
	item   *stored
	volume int32
}

// tree is a binary tree of boxes that is kept balanced as boxes come and go. A leaf goes beside
// the node whose cost, with that of the nodes above, grows least; heights of siblings differ by at
// most one, as rotations see to on the way up.
type tree struct {
	nodes []branch
	root  int32
	free  int32
}

func newTree() *tree { return &tree{root: none, free: none} }

func (t *tree) alloc(n branch) int32 {
	if t.free == none {
		t.nodes = append(t.nodes, n)
		return int32(len(t.nodes) - 1)
	}
	at := t.free
	t.free = t.nodes[at].parent
	t.nodes[at] = n
	return at
}

func (t *tree) release(at int32) {
	t.nodes[at] = branch{parent: t.free, left: none, right: none}
	t.free = at
}

// insert adds a leaf and returns its handle.
func (t *tree) insert(b bounds, r ref) int32 {
	leaf := t.alloc(branch{bounds: b, parent: none, left: none, right: none, leaf: r})
	if t.root == none {
		t.root = leaf
		return leaf
	}
	sibling := t.sibling(&b)
	old := t.nodes[sibling].parent
	up := t.alloc(branch{bounds: union(&b, &t.nodes[sibling].bounds), parent: old, left: sibling, right: leaf,
		height: t.nodes[sibling].height + 1})
	t.nodes[sibling].parent, t.nodes[leaf].parent = up, up
	t.relink(old, sibling, up)
	t.refit(up)
	return leaf
}

// sibling walks down to the node beside which a new leaf costs least.
func (t *tree) sibling(b *bounds) int32 {
	at := t.root
	for t.nodes[at].left != none {
		n := &t.nodes[at]
		joined := union(&n.bounds, b)
		here := 2 * joined.cost()
		pushed := 2 * (joined.cost() - n.cost())
		down := func(c int32) float64 {
			child := &t.nodes[c]
			u := union(&child.bounds, b)
			if child.left == none {
				return u.cost() + pushed
			}
			return u.cost() - child.cost() + pushed
		}
		l, r := down(n.left), down(n.right)
		if here < l && here < r {
			return at
		}
		if l < r {
			at = n.left
		} else {
			at = n.right
		}
	}
	return at
}

func (t *tree) relink(parent, from, to int32) {
	switch {
	case parent == none:
		t.root = to
	case t.nodes[parent].left == from:
		t.nodes[parent].left = to
	default:
		t.nodes[parent].right = to
	}
}

// remove takes a leaf out.
func (t *tree) remove(leaf int32) {
	up := t.nodes[leaf].parent
	t.release(leaf)
	if up == none {
		t.root = none
		return
	}
	sibling := t.nodes[up].left
	if sibling == leaf {
		sibling = t.nodes[up].right
	}
	over := t.nodes[up].parent
	t.nodes[sibling].parent = over
	t.relink(over, up, sibling)
	t.release(up)
	if over != none {
		t.refit(over)
	}
}

// refit mends heights and boxes from a node up.
func (t *tree) refit(at int32) {
	for at != none {
		at = t.balance(at)
		t.fit(at)
		at = t.nodes[at].parent
	}
}

func (t *tree) fit(at int32) {
	n := &t.nodes[at]
	l, r := &t.nodes[n.left], &t.nodes[n.right]
	n.bounds = union(&l.bounds, &r.bounds)
	n.height = 1 + max(l.height, r.height)
}

// balance lifts the higher child of a node over it when it is higher by two; it returns the node
// that is now in its place.
func (t *tree) balance(at int32) int32 {
	n := &t.nodes[at]
	if n.left == none {
		return at
	}
	d := t.nodes[n.right].height - t.nodes[n.left].height
	if d >= -1 && d <= 1 {
		return at
	}
	lift := n.right
	if d < 0 {
		lift = n.left
	}
	c := &t.nodes[lift]
	keep, give := c.left, c.right // the higher grandchild stays under the lifted node
	if t.nodes[give].height > t.nodes[keep].height {
		keep, give = give, keep
	}
	parent := n.parent
	c.parent, c.left, c.right = parent, at, keep
	n.parent = lift
	if d < 0 {
		n.left = give
	} else {
		n.right = give
	}
	t.nodes[give].parent = at
	t.relink(parent, at, lift)
	t.fit(at)
	t.fit(lift)
	return lift
}

// query calls each leaf whose box meets b.
func (t *tree) query(b *bounds, each func(ref)) {
	if t.root == none {
		return
	}
	var room [64]int32
	stack := append(room[:0], t.root)
	for len(stack) > 0 {
		n := &t.nodes[stack[len(stack)-1]]
		stack = stack[:len(stack)-1]
		switch {
		case !n.meets(b):
		case n.left == none:
			each(n.leaf)
		default:
			stack = append(stack, n.left, n.right)
		}
	}
}
