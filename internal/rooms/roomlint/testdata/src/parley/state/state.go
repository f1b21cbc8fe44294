// Package state keeps what it should not.
package state

import (
	_ "embed"
	"errors"
	"io"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
)

// What may stand at package level.
var (
	ErrGone  = errors.New("gone")
	pattern  = regexp.MustCompile("a+")
	table    = map[string]int{"a": 1}
	replacer = strings.NewReplacer("a", "b")
	once     = sync.OnceValue(func() int { return 1 })

	_ io.Reader = (*strings.Reader)(nil)
)

//go:embed kept.txt
var kept string

// Given is not for others to change.
//
//go:embed kept.txt
var Given string // want `Given has no value`

type box struct {
	mu sync.Mutex
	n  int
}

func (b *box) grow()    { b.n++ }
func (b box) size() int { return b.n }

type pair struct{ a, b int }

func (p *pair) swap()   { p.a, p.b = p.b, p.a }
func (p pair) sum() int { return p.a + p.b }

var (
	empty    map[string]int      // want `empty has no value`
	lock     sync.Mutex          // want `lock has no value`
	locked   = box{}             // want `locked holds a lock`
	count    = &atomic.Int64{}   // want `count holds a lock`
	events   = make(chan int)    // want `events holds a lock, an atomic or a channel`
	boxes    = map[string]*box{} // want `boxes holds a lock`
	Exported = []string{"a"}     // want `Exported is a variable that any package may change`
	assigned = 1
	indexed  = map[string]int{"a": 1}
	counted  = 1
	pointed  = 1
	deleted  = map[string]int{"a": 1}
	copied   = []int{1}
	ranged   = 1
	swapped  = pair{1, 2}
	summed   = pair{1, 2}
	fielded  = pair{1, 2}
	errLate  = errors.New("late")
	rows     = []pair{{1, 2}}
	cells    = []pair{{1, 2}}
)

func init() {} // want `init runs before anyone can give it what it needs`

func change() {
	assigned = 2              // want `assigned stands at package level and is changed here`
	indexed["b"] = 2          // want `indexed stands at package level`
	counted++                 // want `counted stands at package level`
	p := &pointed             // want `pointed stands at package level`
	delete(deleted, "a")      // want `deleted stands at package level`
	copy(copied[:], []int{2}) // want `copied stands at package level`
	for ranged = range 3 {    // want `ranged stands at package level`
		_ = p
	}
	swapped.swap() // want `swapped stands at package level`
	fielded.a = 3  // want `fielded stands at package level`
	errLate = nil  // want `errLate stands at package level`
	kept = "other" // want `kept stands at package level`
}

func through() {
	c := &cells[0]
	c.a = 2         // want `c stands at package level`
	(*c).b++        // want `c stands at package level`
	keep(&cells[0]) // want `cells stands at package level`
}

func keep(*pair) {}

func read() int {
	for i := range rows {
		r := &rows[i]
		_ = r.a
		r = nil
		_ = r
	}
	table := map[string]int{} // another variable of that name
	table["b"] = 1
	for i := range table {
		_ = i
	}
	_, _, _, _ = empty, &lock, events, boxes // want `lock stands at package level`
	_, _ = locked.size(), count              // reading is no change
	return summed.sum() + len(pattern.String()) + once() + len(replacer.Replace(kept)) + table["a"]
}
