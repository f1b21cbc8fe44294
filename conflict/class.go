package conflict

import (
	"math"
	"sync"
	"sync/atomic"
	"time"

	"parley/geo4d"
)

// classes numbers the classes of items that an index has seen, and keeps what separation each two of
// them ask for.
type classes struct {
	separation SeparationFunc

	mu    sync.Mutex // of who adds
	table atomic.Pointer[classTable]
}

// classTable never changes.
type classTable struct {
	numbers map[any]uint16
	names   []any
	rows    []classRow
}

// classRow is what one class asks of all.
type classRow struct {
	with  []required
	reach float64 // the largest lateral separation, in metres
	timeS int64   // the largest separation in time, rounded up
}

// required is a separation as records are compared by it.
type required struct {
	geo4d.Separation
	ok           bool
	moreS, lessS int64 // the time in seconds, rounded up and down
}

// maxClasses is how many classes an index tells apart.
const maxClasses = math.MaxUint16

func newClasses(f SeparationFunc) *classes {
	c := &classes{separation: f}
	c.table.Store(&classTable{numbers: map[any]uint16{}})
	return c
}

// known returns the number of a class and the table that has it.
func (c *classes) known(name any) (uint16, *classTable) {
	t := c.table.Load()
	if n, ok := t.numbers[name]; ok {
		return n, t
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t = c.table.Load()
	if n, ok := t.numbers[name]; ok {
		return n, t
	}
	t = c.grown(t, name)
	c.table.Store(t)
	return uint16(len(t.names) - 1), t
}

func (c *classes) grown(t *classTable, name any) *classTable {
	out := &classTable{numbers: make(map[any]uint16, len(t.names)+1), names: append(append([]any(nil), t.names...), name)}
	if len(out.names) > maxClasses {
		panic("conflict: more than 65,535 classes of items in one index")
	}
	for i, n := range out.names {
		out.numbers[n] = uint16(i)
	}
	out.rows = make([]classRow, len(out.names))
	for i, a := range out.names {
		row := &out.rows[i]
		row.with = make([]required, len(out.names))
		for j, b := range out.names {
			sep, ok := c.separation(a, b)
			if !ok {
				continue
			}
			row.with[j] = required{Separation: sep, ok: true,
				moreS: int64((sep.Time + time.Second - 1) / time.Second), lessS: int64(sep.Time / time.Second)}
			row.reach = math.Max(row.reach, sep.LateralM)
			row.timeS = max(row.timeS, row.with[j].moreS)
		}
	}
	return out
}

// parties numbers parties; 0 is an item that is a party of its own.
type parties struct {
	mu      sync.RWMutex
	numbers map[string]uint32
}

func (p *parties) number(name string) uint32 {
	if name == "" {
		return 0
	}
	p.mu.RLock()
	n, ok := p.numbers[name]
	p.mu.RUnlock()
	if ok {
		return n
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if n, ok := p.numbers[name]; ok {
		return n
	}
	n = uint32(len(p.numbers) + 1)
	p.numbers[name] = n
	return n
}
