package ledger

import (
	"encoding/binary"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"parley/store"
	"parley/transcript"
)

// TestRegrowIsWhatGrew opens trees of every shape from their full blocks and leaves, grows them on,
// and proves entries and prefixes from what is stored, against a tree held whole in memory.
func TestRegrowIsWhatGrew(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		k := keysOf(lineID()).side(transcript.Origin{Line: lineID(), Epoch: 1, Side: transcript.A})
		s := newMemStore()
		var leaves []transcript.Hash
		var whole transcript.Tree
		var stored transcript.Hashes
		g := grown{}
		for range rapid.IntRange(1, 6).Draw(r, "commits") {
			batch := make([]transcript.Hash, rapid.IntRange(1, 300).Draw(r, "entries"))
			for i := range batch {
				batch[i] = transcript.RecordHash(binary.AppendUvarint(nil, uint64(len(leaves)+i)))
				stored = append(stored, whole.Append(batch[i])...)
			}
			leaves = append(leaves, batch...)
			next, puts := g.grow(batch, k)
			if len(puts) > 0 {
				if _, err := s.Commit(r.Context(), store.Txn{Puts: puts}); err != nil {
					r.Fatal(err)
				}
			}
			v, err := s.View(r.Context())
			if err != nil {
				r.Fatal(err)
			}
			again, err := regrow(r.Context(), v, k, next.size(), func(from int64, do func(transcript.Hash)) error {
				for _, leaf := range leaves[from:] {
					do(leaf)
				}
				return nil
			})
			if err != nil {
				r.Fatal(err)
			}
			if again.base != next.base || !slices.Equal(again.tail, next.tail) || again.tree.Root() != whole.Root() || next.tree.Root() != whole.Root() {
				r.Fatalf("at %d: base %d and %d, tails of %d and %d hashes", next.size(), next.base, again.base, len(next.tail), len(again.tail))
			}
			g = again // go on from what was opened
			read := g.reader(r.Context(), v, k)
			i := rapid.Int64Range(0, g.size()-1).Draw(r, "index")
			proof, err := transcript.ProveEntry(g.size(), i, read)
			if err != nil {
				r.Fatal(err)
			}
			if err := transcript.CheckEntry(proof, g.size(), whole.Root(), i, leaves[i]); err != nil {
				r.Fatal(err)
			}
			root, err := g.rootAt(i, read)
			if err != nil {
				r.Fatal(err)
			}
			if want, err := transcript.TreeAt(i, stored); err != nil || want.Root() != root {
				r.Fatalf("another root at %d: %v", i, err)
			}
		}
	})
}
