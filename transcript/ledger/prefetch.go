package ledger

import (
	"context"
	"time"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// prefetchDepth is how many stored segments may be under way between two of the goroutines that
// read a transcript. A segment is at most segmentInline, but for the few with chunks.
const prefetchDepth = 4

// source gives one record after another, nil after the last.
type source func() (*Record, error)

// prefetch reads the records from..to-1 of one transcript ahead of who takes them: one goroutine
// reads segments from the store, one parses their entries. stop waits until both have ended.
func (l *Ledger) prefetch(ctx context.Context, v store.View, o transcript.Origin, from, to int64) (next source, stop func()) {
	if from >= to {
		return func() (*Record, error) { return nil, nil }, func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	read, parsed := make(chan step[segment], prefetchDepth), make(chan step[[]Record], prefetchDepth)
	go func() {
		defer close(read)
		err := eachSegment(ctx, v, l.keys.side(o), chunkReader(ctx, v, l.keys), from, to, func(s segment) error {
			return hand(ctx, read, step[segment]{of: s})
		})
		if err != nil {
			_ = hand(ctx, read, step[segment]{err: err})
		}
	}()
	go func() {
		defer close(parsed)
		for p := range read {
			list, err := records(o, p.of)
			if p.err != nil {
				err = p.err
			}
			if hand(ctx, parsed, step[[]Record]{of: list, err: err}) != nil || err != nil {
				cancel()
			}
		}
	}()
	var list []Record
	left := to - from
	next = func() (*Record, error) {
		if left == 0 {
			return nil, nil
		}
		for len(list) == 0 {
			p, ok := <-parsed
			if !ok {
				p.err = fault.Wrap(fault.Unavailable, "ledger.read", context.Cause(ctx))
			}
			if p.err != nil {
				return nil, p.err
			}
			list = p.of
		}
		left--
		r := &list[0]
		list = list[1:]
		return r, nil
	}
	return next, func() {
		cancel()
		for range parsed {
		}
	}
}

// step is what one goroutine hands the next.
type step[T any] struct {
	of  T
	err error
}

func hand[T any](ctx context.Context, to chan<- T, v T) error {
	select {
	case to <- v:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// records parses the entries of a stored segment.
func records(o transcript.Origin, s segment) ([]Record, error) {
	out := make([]Record, len(s.entries))
	for i, e := range s.entries {
		var err error
		if out[i], err = record(o, s.heldAt, e); err != nil {
			return out[:i], err
		}
	}
	return out, nil
}

// eachSegment calls do with the stored segments that hold the entries from..to-1, in order, cut to
// those.
func eachSegment(ctx context.Context, v store.View, k sideKeys, get func([32]byte) ([]byte, error), from, to int64,
	do func(segment) error) error {
	if from >= to {
		return nil
	}
	next := from
	for it, err := range v.Scan(ctx, k.seg(from+1), after(string(k)+"seg/")) {
		if err != nil {
			return fault.Wrap(fault.Unavailable, "ledger.read", err)
		}
		s, err := decodeSegment(it.Value, get)
		if err != nil {
			return err
		}
		if s.first > next || s.end() <= next {
			return fault.Newf(fault.Corrupt, "ledger.read", "the segment %s does not hold entry %d", it.Key, next)
		}
		end := min(s.end(), to)
		s.entries, s.first = s.entries[next-s.first:end-s.first], next
		if err := do(s); err != nil {
			return err
		}
		if next = end; next == to {
			return nil
		}
	}
	return fault.Newf(fault.Corrupt, "ledger.read", "there is no entry %d of %d", next, to)
}

// eachSealed calls do with the entries from..to-1 of a transcript, in order.
func eachSealed(ctx context.Context, v store.View, k sideKeys, get func([32]byte) ([]byte, error), from, to int64,
	do func(seq int64, heldAt time.Time, s transcript.Sealed) error) error {
	return eachSegment(ctx, v, k, get, from, to, func(s segment) error {
		for i, e := range s.entries {
			if err := do(s.first+int64(i), s.heldAt, e); err != nil {
				return err
			}
		}
		return nil
	})
}
