package transcript

import (
	"fmt"
	"slices"
)

// evidence judges a fork, a foreign head or a breach. Each is a failure of the check of its name:
// where it holds, because of what it shows, else because it does not hold.
func (v *verifier) evidence(p *progress, it *item) {
	name := string(it.Kind)
	switch {
	case it.err != nil:
		v.fail(name, p.Origin, broken(it))
	case it.Kind == RecordForeign:
		v.foreign(p, it)
	case it.Kind == RecordBreach && it.Origin == p.origin:
		v.fail(name, EntryName(it.Origin, it.Index), it.said)
	default:
		if it.fork != nil && it.fork.First.Origin == p.origin {
			v.forked(p, it.fork)
		} else if it.fork != nil {
			it.said = fmt.Sprintf("%v, which is another transcript than this one", it.fork)
		}
		v.fail(name, p.Origin, it.said)
	}
}

// forked notes a fork that holds, and where a thief may have signed a part of it.
func (v *verifier) forked(p *progress, f *Fork) {
	if v.count[string(RecordFork)] <= maxFailures {
		v.forks = append(v.forks, Forked{Origin: p.Origin, Author: p.Author, Shows: f.String(), Fork: *f})
	}
	for i, h := range []Head{f.First, f.Second} {
		if k := p.author.key(h.Key); !k.Revoked.IsZero() {
			p.remark(Remark{Kind: RemarkThief, N: int64(i + 1), At: k.Revoked})
		}
	}
}

// explained reports whether a head that a party signed that it holds is one of two by which a fork in the file
// shows that the author signed both: then nothing is left of which it is not known who signed what is not so.
func (v *verifier) explained(p *progress, seen Seen) bool {
	return slices.ContainsFunc(v.forks, func(f Forked) bool {
		first, second := f.Fork.First, f.Fork.Second
		return f.Origin == p.Origin && (seen == Seen{first.Size, first.Root} || seen == Seen{second.Size, second.Root})
	})
}

// broken says of evidence that does not hold what it is evidence of, and why.
func broken(it *item) string {
	switch it.Kind {
	case RecordForeign:
		return fmt.Sprintf("the evidence of a foreign head does not hold: %v", it.err)
	case RecordBreach:
		return fmt.Sprintf("the evidence of a breach does not hold: %v", it.err)
	}
	return fmt.Sprintf("the evidence of a fork does not hold: %v", it.err)
}

// foreign holds what the receiver signed of a transcript beside the transcript.
func (v *verifier) foreign(p *progress, it *item) {
	about, seen := it.foreign.About()
	root, known := p.rootAt(seen.Size)
	said := ""
	switch {
	case about != p.origin:
		said = fmt.Sprintf("%v, which is another transcript than this one", it.foreign)
	case known && root == seen.Root:
		said = fmt.Sprintf("%v, which are those of this file: this is no evidence of a foreign head", it.foreign)
	case v.explained(p, seen):
		said = fmt.Sprintf("%v, which are those of the other version that the fork shows: it holds what the author gave it", it.foreign)
		v.ofForks++
	case seen.Size > p.tree.size:
		said = fmt.Sprintf("%v, of which this file holds %d: the file leaves entries out, or one of the two parties signed what is not so", it.foreign, p.tree.size)
	case !known:
		said = fmt.Sprintf("%v, which cannot be compared, because this file does not show the entries there", it.foreign)
	default:
		said = fmt.Sprintf("%v, with another root than the entries in this file have: the author gave it another transcript than this one, or the receiver signed what is not so", it.foreign)
	}
	v.fail(string(RecordForeign), p.Origin, said)
}
