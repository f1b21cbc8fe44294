package pebble

import (
	"bytes"
	"context"
	"iter"
	"strings"

	"parley/store"
)

// past holds the changes of the newest revisions, one entry a revision, without gaps. Store.mu
// guards it.
type past struct {
	maxRevisions, maxBytes int

	entries []pastEntry
	bytes   int
	newest  store.Revision
	grown   chan struct{} // closed and replaced when newest grows
}

type pastEntry struct {
	changes []store.Change
	bytes   int
}

// entryBytes is what an entry and a change cost beside their keys and values, about.
const (
	entryBytes  = 64
	changeBytes = 64
)

func newPast(maxRevisions, maxBytes int) past {
	return past{maxRevisions: maxRevisions, maxBytes: maxBytes, grown: make(chan struct{})}
}

// add appends the changes of the next revisions and forgets the oldest ones over the bounds.
func (p *past) add(revisions [][]store.Change) {
	for _, changes := range revisions {
		e := pastEntry{changes: changes, bytes: entryBytes}
		for _, c := range changes {
			e.bytes += changeBytes + len(c.Key) + len(c.Value)
		}
		p.entries = append(p.entries, e)
		p.bytes += e.bytes
		p.newest++
	}
	drop := 0
	for n := len(p.entries); drop < n && (n-drop > p.maxRevisions || p.bytes > p.maxBytes); drop++ {
		p.bytes -= p.entries[drop].bytes
	}
	clear(p.entries[:drop])
	p.entries = p.entries[drop:]
	close(p.grown)
	p.grown = make(chan struct{})
}

// since returns up to max revisions of changes after rev, and the last revision they reach.
func (p *past) since(rev store.Revision, max int) ([]pastEntry, store.Revision, error) {
	oldest := p.newest - store.Revision(len(p.entries))
	if rev < oldest || rev > p.newest {
		return nil, rev, store.ErrCompacted
	}
	entries := p.entries[rev-oldest:]
	if len(entries) > max {
		entries = entries[:max]
	}
	return append([]pastEntry(nil), entries...), rev + store.Revision(len(entries)), nil
}

// watchBatch is how many revisions a Watch takes at a time.
const watchBatch = 256

// Watch implements store.Store.
func (s *Store) Watch(ctx context.Context, prefix string, after store.Revision) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		rev := after
		for {
			entries, reached, grown, err := s.await(ctx, rev)
			if err != nil {
				yield(store.Change{}, err)
				return
			}
			for _, e := range entries {
				for _, c := range e.changes {
					if strings.HasPrefix(c.Key, prefix) && !yield(copyChange(c), nil) {
						return
					}
				}
			}
			rev = reached
			if len(entries) > 0 {
				continue
			}
			select {
			case <-grown:
			case <-ctx.Done():
			case <-s.closing:
			case <-s.gate.shut:
			}
		}
	}
}

// await returns the next changes after rev, or none and the channel that tells of more.
func (s *Store) await(ctx context.Context, rev store.Revision) (
	entries []pastEntry, reached store.Revision, grown <-chan struct{}, err error,
) {
	if err := ctx.Err(); err != nil {
		return nil, rev, nil, err
	}
	select {
	case <-s.closing:
		return nil, rev, nil, store.ErrClosed
	default:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	entries, reached, err = s.past.since(rev, watchBatch)
	if err != nil || len(entries) > 0 {
		return entries, reached, nil, err
	}
	select {
	case <-s.gate.shut:
		return nil, rev, nil, s.gate.err()
	default:
		return nil, rev, s.past.grown, nil
	}
}

// copyChange returns a change that belongs to the caller.
func copyChange(c store.Change) store.Change {
	c.Value = bytes.Clone(c.Value)
	return c
}
