package conflict

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestTilesHoldWhatWasPut puts and removes pieces of one stripe at random, and looks after each step
// whether every tile holds exactly what it should, each record in its place.
func TestTilesHoldWhatWasPut(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var s stripe
		type held struct {
			id   tileID
			cell uint8
		}
		live := map[*piece]held{}
		tiles := 1 + rng.IntN(40)
		for step := range 3000 {
			if len(live) > 0 && rng.IntN(100) < 30+int(seed)*2 {
				for p, h := range live {
					s.table.Load().find(h.id).remove(h.cell, p)
					delete(live, p)
					break
				}
			} else {
				h := held{tileID(rng.IntN(tiles)), uint8(rng.IntN(cells))}
				r := record{extent: extent{cell: h.cell}}
				r.start = int32(rng.IntN(100_000))
				r.end = r.start + int32(rng.IntN(2*longS)) + 1
				p := &piece{}
				s.tile(h.id).insert(&r, p)
				live[p] = h
			}
			if step%100 == 0 || len(live) < 3 {
				n := 0
				for id := range tiles {
					if e := s.table.Load().find(tileID(id)); e != nil {
						n += checkBody(t, e.body.Load(), func(p *piece, cell uint8) bool { return live[p] == held{tileID(id), cell} })
					}
				}
				if n != len(live) {
					t.Fatalf("seed %d, step %d: %d pieces, want %d", seed, step, n, len(live))
				}
			}
		}
		for p, h := range live {
			s.table.Load().find(h.id).remove(h.cell, p)
		}
		for id := range tileID(200) { // so that the table grows, and drops what is empty
			s.tile(1000+id).insert(&record{}, &piece{})
		}
		if used := s.table.Load().used; used > 200 {
			t.Errorf("seed %d: %d tiles are kept, 200 hold something", seed, used)
		}
	}
}

func checkBody(t *testing.T, b *body, holds func(*piece, uint8) bool) (living int) {
	t.Helper()
	for i := range b.count.Load() {
		w := b.spans[i]
		if w.end == gone {
			continue
		}
		living++
		cell := b.extents[i].cell
		if !holds(b.pieces[i], cell) {
			t.Fatal("a piece is in a tile that it was not put in, or was taken out of")
		}
		if i >= b.ordered() {
			continue
		}
		part := b.part(i)
		if i < b.first[part] || i >= b.first[part+1] {
			t.Fatal("an ordered record is not among those of its cell")
		}
		if i > b.first[part] && b.spans[i-1].start > w.start {
			t.Fatal("the records of a cell are not in order of their start")
		}
		if from := b.after(b.first[part], b.first[part+1], w.start-1); part%2 == 1 && from > i {
			t.Fatal("a search by start passes a record by")
		}
	}
	if living != b.living() {
		t.Fatal(fmt.Sprint("it says that ", b.living(), " live, and ", living, " do"))
	}
	return living
}
