package conflict

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"
)

// TestTilesHoldWhatWasPut puts and removes pieces of one stripe at random, and looks after some steps
// whether every tile holds exactly what it should, and every search finds it.
func TestTilesHoldWhatWasPut(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var s stripe
		live := map[*piece]placed{}
		tiles := 1 + rng.IntN(5)*rng.IntN(5)
		for step := range 6000 {
			if len(live) > 0 && rng.IntN(100) < 20+int(seed)*2 {
				for p, h := range live {
					s.remove(h.id, h.span, p)
					delete(live, p)
					break
				}
			} else {
				h := placed{spanAt(rng.Int64N(1000), 1+rng.Int64N(254)), tileID(rng.IntN(tiles))}
				p := &piece{cell: uint8(rng.IntN(1 + rng.IntN(cells)))}
				s.insert(h.id, h.span, &record{piece: p})
				live[p] = h
			}
			if step%500 == 0 || len(live) < 3 {
				checkTiles(t, &s, live)
			}
		}
		for p, h := range live {
			s.remove(h.id, h.span, p)
		}
		for id := range tileID(200) { // so that the table grows, and drops what is empty
			s.insert(1000+id, spanAt(1, 1), &record{piece: &piece{}})
		}
		if used := s.table.Load().used; used > 200 {
			t.Errorf("seed %d: %d tiles are kept, 200 hold something", seed, used)
		}
	}
}

type placed struct {
	span span
	id   tileID
}

// spanAt returns a span of which only the window matters.
func spanAt(start, lasts int64) span { return span(start)<<40 | span(lasts)<<32 }

func checkTiles(t *testing.T, s *stripe, live map[*piece]placed) {
	t.Helper()
	n := 0
	table := s.table.Load()
	for i := range table.tiles {
		e := &table.tiles[i]
		id := e.id.Load()
		if id == 0 {
			continue
		}
		if e.whole.Load() != nil && e.each.Load() != nil {
			t.Fatal("a tile has both one body and many")
		}
		for cell := range uint8(cells) {
			for _, b := range e.bodies(1<<cell, nil) {
				checkBody(t, b)
				for k := range b.count.Load() {
					p := b.records[k].piece
					if b.spans[k].gone() || p.cell != cell {
						continue
					}
					n++
					if (placed{b.spans[k], tileID(id - 1)}) != live[p] {
						t.Fatal("a piece is in a tile that it was not put in, or was taken out of")
					}
					if e.cells.Load()&(1<<cell) == 0 {
						t.Fatal("a cell that holds something is not marked")
					}
				}
			}
		}
	}
	if n != len(live) {
		t.Fatalf("%d pieces, want %d", n, len(live))
	}
}

func checkBody(t *testing.T, b *body) {
	t.Helper()
	living := 0
	for i := range b.count.Load() {
		w := b.spans[i]
		if w.gone() {
			continue
		}
		living++
		if int32(w.lasts()) > b.longest {
			t.Fatal("a record lasts longer than its body says")
		}
		if i > 0 && i < b.sorted && b.spans[i-1].start() > w.start() {
			t.Fatal("records are not in order of their start")
		}
		if i < b.sorted && b.after(w.start()-1) > i {
			t.Fatal("a search by start passes a record by")
		}
		if b.position(w, b.records[i].piece) != i {
			t.Fatal("a record is not where it is looked for")
		}
	}
	if living != b.living() {
		t.Fatalf("it says that %d live, and %d do", b.living(), living)
	}
}

// TestShrunkTilesGiveRoomBack fills tiles so that they have a body for each cell, and then takes
// nearly all out.
func TestShrunkTilesGiveRoomBack(t *testing.T) {
	var s stripe
	const tiles, each = 100, 2 * splitFrom
	var all []*piece
	for id := range tileID(tiles) {
		for i := range each {
			p := &piece{cell: uint8(i % cells)}
			s.insert(id, spanAt(int64(i), 10), &record{piece: p})
			all = append(all, p)
		}
	}
	for i, p := range all {
		if k := i % each; k >= 2 {
			s.remove(tileID(i/each), spanAt(int64(k), 10), p)
		}
	}
	table, split := s.table.Load(), 0
	for i := range table.tiles {
		if table.tiles[i].each.Load() != nil {
			split++
		}
	}
	if split > tiles/2+8 {
		t.Errorf("%d of %d tiles with two records have a body for each of 64 cells", split, tiles)
	}
	for i, p := range all {
		if k := i % each; k < 2 {
			s.remove(tileID(i/each), spanAt(int64(k), 10), p)
		}
	}
	for i := range s.table.Load().tiles {
		e := &s.table.Load().tiles[i]
		if !e.empty() {
			t.Fatalf("a tile holds %d bodies though all was taken out", bits.OnesCount64(e.cells.Load()))
		}
	}
}

// TestLengthsErrTheRightWay packs lengths and unpacks them.
func TestLengthsErrTheRightWay(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	check := func(m float64) {
		up, down := lengthUp(m).metres(), lengthDown(m)
		if up < m || up > math.Max(0.5, m)*1.001 {
			t.Fatalf("%v is packed up as %v", m, up)
		}
		if down != 0 && (down.metres() > m || down.metres() < m/1.001) {
			t.Fatalf("%v is packed down as %v", m, down.metres())
		}
		if down == 0 && m > 0.51 {
			t.Fatalf("%v is lost", m)
		}
	}
	for _, m := range []float64{-5, 0, 0.1, 0.5, 0.5000001, 1, 2, 1300, 20_015_000} {
		check(m)
	}
	for range 100_000 {
		check(math.Pow(10, rng.Float64()*8-1))
	}
	if lengthDown(math.Inf(1)).metres() < 1e9 || lengthUp(math.Inf(1)).metres() < 1e9 {
		t.Error("what has no end has one")
	}
}
