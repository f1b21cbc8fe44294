package pebble

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"sync/atomic"

	lsm "github.com/cockroachdb/pebble/v2"

	"parley/store"
)

// A moment is the store at one durable revision. Views of that revision share it. The committer
// makes it between two writes, since Pebble shows a write before it is synced.
type moment struct {
	store    *Store
	snapshot *lsm.Snapshot
	revision store.Revision
	refs     int // Views, and one while it is Store.cur; under Store.mu
}

// drop gives one reference back. Store.using is held, or db is not yet closed.
func (m *moment) drop() {
	s := m.store
	s.mu.Lock()
	m.refs--
	_, isOpen := s.open[m]
	last := isOpen && m.refs == 0
	if last {
		delete(s.open, m)
	}
	s.mu.Unlock()
	if last {
		_ = m.snapshot.Close()
	}
}

type view struct {
	moment *moment
	closed atomic.Bool
}

// View implements store.Store.
func (s *Store) View(ctx context.Context) (store.View, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, store.ErrClosed
	}
	s.cur.refs++
	return &view{moment: s.cur}, nil
}

func (v *view) Revision() store.Revision { return v.moment.revision }

func (v *view) Close() error {
	if v.closed.Swap(true) {
		return nil
	}
	s := v.moment.store
	s.using.RLock()
	defer s.using.RUnlock()
	v.moment.drop()
	return nil
}

// use calls read while neither the view nor its store can be closed.
func (v *view) use(ctx context.Context, read func(*lsm.Snapshot) error) error {
	s := v.moment.store
	s.using.RLock()
	defer s.using.RUnlock()
	s.mu.Lock()
	closed := s.closed || v.closed.Load()
	if !closed {
		v.moment.refs++
	}
	s.mu.Unlock()
	if closed {
		return store.ErrClosed
	}
	defer v.moment.drop()
	if err := ctx.Err(); err != nil {
		return err
	}
	return read(v.moment.snapshot)
}

func (v *view) Get(ctx context.Context, key string) (store.Item, error) {
	var item store.Item
	err := v.use(ctx, func(snapshot *lsm.Snapshot) error {
		data, closer, err := snapshot.Get(dataKey(key))
		if errors.Is(err, lsm.ErrNotFound) {
			return store.ErrNotFound
		}
		if err != nil {
			return readError(err)
		}
		defer closer.Close()
		item, err = decode(key, data)
		return err
	})
	if err != nil {
		return store.Item{}, err
	}
	return item, nil
}

// A Scan reads page by page, so that nothing of Pebble is held while the caller's code runs. Pages
// start small, for callers who want the first item only.
const (
	firstPageItems = 16
	maxPageItems   = 1024
	maxPageBytes   = 256 << 10
)

func (v *view) Scan(ctx context.Context, from, to string) iter.Seq2[store.Item, error] {
	return func(yield func(store.Item, error) bool) {
		next := from
		for items := firstPageItems; ; items = min(2*items, maxPageItems) {
			page, more, err := v.page(ctx, next, to, items)
			for _, item := range page {
				if !yield(item, nil) {
					return
				}
			}
			if err != nil {
				yield(store.Item{}, err)
				return
			}
			if !more {
				return
			}
			next = page[len(page)-1].Key + "\x00"
		}
	}
}

// page returns up to max items, at least one when there is one, and whether there may be more.
func (v *view) page(ctx context.Context, from, to string, max int) (page []store.Item, more bool, err error) {
	bounds := &lsm.IterOptions{LowerBound: dataKey(from), UpperBound: []byte(dataEnd)}
	if to != "" {
		bounds.UpperBound = dataKey(to)
	}
	if bytes.Compare(bounds.LowerBound, bounds.UpperBound) >= 0 {
		return nil, false, nil
	}
	err = v.use(ctx, func(snapshot *lsm.Snapshot) error {
		it, err := snapshot.NewIter(bounds)
		if err != nil {
			return readError(err)
		}
		size := 0
		for ok := it.First(); ok; ok = it.Next() {
			if len(page) == max || size >= maxPageBytes {
				more = true
				break
			}
			data, err := it.ValueAndErr()
			if err != nil {
				return errors.Join(readError(err), it.Close())
			}
			item, err := decode(string(it.Key()[len(dataPrefix):]), data)
			if err != nil {
				return errors.Join(err, it.Close())
			}
			page = append(page, item)
			size += len(item.Key) + len(item.Value)
		}
		if err := errors.Join(it.Error(), it.Close()); err != nil {
			return readError(err)
		}
		return nil
	})
	return page, more && err == nil, err
}

func dataKey(key string) []byte { return append([]byte(dataPrefix), key...) }

// encode returns what is kept for a value, with room for the revision before it.
func encode(value []byte) []byte {
	data := make([]byte, revisionBytes+len(value))
	copy(data[revisionBytes:], value)
	return data
}

func decode(key string, data []byte) (store.Item, error) {
	if len(data) < revisionBytes {
		return store.Item{}, fmt.Errorf("store: key %q holds %d bytes, without its revision", key, len(data))
	}
	value := make([]byte, len(data)-revisionBytes)
	copy(value, data[revisionBytes:])
	return store.Item{Key: key, Value: value, Revision: decodeRevision(data)}, nil
}

func decodeRevision(data []byte) store.Revision {
	return store.Revision(binary.BigEndian.Uint64(data))
}

func readError(err error) error { return fmt.Errorf("store: read: %w", err) }
