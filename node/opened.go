package node

import (
	"context"
	"iter"
	"runtime"
	"sync"

	"parley/node/picture"
	"parley/transcript/ledger"
)

// opened is a record with what it says.
type opened struct {
	rec    ledger.Record
	said   picture.Said
	unread error // the entry cannot be opened
	err    error // the ledger cannot be read
}

// openBatch is how many records one worker opens at a time.
const openBatch = 256

// batch is a run of records that one worker opens.
type batch struct {
	list []opened
	done chan struct{}
}

// opened yields the records after a cursor in order. Few are opened as they come; a replay is done
// by as many goroutines as there are processors, since a start with a million entries is bound by
// that. All of them have ended when it returns.
func (ln *lineNode) opened(ctx context.Context, at ledger.Cursor) iter.Seq[opened] {
	if ln.live.Load() {
		return ln.openedInTurn(ctx, at)
	}
	return func(yield func(opened) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var wg sync.WaitGroup
		defer wg.Wait()
		defer cancel()
		ordered, work := make(chan *batch, 4*runtime.GOMAXPROCS(0)), make(chan *batch)
		for range runtime.GOMAXPROCS(0) {
			wg.Go(func() {
				for b := range work {
					b.open()
				}
			})
		}
		wg.Go(func() {
			defer close(ordered)
			defer close(work)
			ln.read(ctx, at, ordered, work)
		})
		for b := range ordered {
			<-b.done
			for _, o := range b.list {
				if !yield(o) {
					return
				}
			}
		}
	}
}

func (ln *lineNode) openedInTurn(ctx context.Context, at ledger.Cursor) iter.Seq[opened] {
	return func(yield func(opened) bool) {
		for rec, err := range ln.led.Records(ctx, at) {
			o := opened{rec: rec, err: err}
			o.open()
			if !yield(o) {
				return
			}
		}
	}
}

// read cuts the ledger's records into batches.
func (ln *lineNode) read(ctx context.Context, at ledger.Cursor, ordered, work chan<- *batch) {
	b := &batch{done: make(chan struct{})}
	send := func() bool {
		select {
		case ordered <- b:
		case <-ctx.Done():
			return false
		}
		work <- b
		b = &batch{done: make(chan struct{})}
		return true
	}
	for rec, err := range ln.led.Records(ctx, at) {
		b.list = append(b.list, opened{rec: rec, err: err})
		if len(b.list) == openBatch && !send() {
			return
		}
	}
	if len(b.list) > 0 {
		send()
	}
}

func (b *batch) open() {
	for i := range b.list {
		b.list[i].open()
	}
	close(b.done)
}

func (o *opened) open() {
	if o.err == nil {
		o.said, o.unread = picture.Of(o.rec)
	}
}
