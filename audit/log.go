package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"parley/fault"
	"parley/internal/clock"
	"parley/internal/strictjson"
	"parley/store"
)

const (
	headKey   = "audit/head"
	recordKey = "audit/r/"
	recordEnd = "audit/r0"

	// Of one transaction, within the bounds of package store.
	batchRecords = store.MaxTxnOps - 1
	batchBytes   = store.MaxTxnBytes / 2

	// writeTimeout is how long a record may take to be durable.
	writeTimeout = 5 * time.Second
)

// Config is what a log is made of. All of it is required.
type Config struct {
	Store store.Store
	Clock clock.Clock
	Log   *slog.Logger
}

// Head names the newest record. Kept elsewhere, it shows whether the log was written anew.
type Head struct {
	Seq    int64  `json:"seq"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"` // of all records
}

// Log is a node's audit log. It is safe for concurrent use.
type Log struct {
	cfg Config

	writer chan struct{} // holds one token: who has it writes
	mu     sync.Mutex    // guards what follows
	queue  []*pending
	head   Head
	rev    store.Revision // of the head's key; 0: there is none
	stale  bool           // what became of the last transaction is not known

	repeats repeats
}

// pending is what one caller wants written.
type pending struct {
	records []Record
	done    bool
	err     error
}

// Open opens the log in a store and checks that its newest record is the one that its head names.
func Open(ctx context.Context, cfg Config) (*Log, error) {
	if cfg.Store == nil || cfg.Clock == nil || cfg.Log == nil {
		return nil, fault.Newf(fault.Internal, "audit.open", "needs a store, a clock and a log")
	}
	l := &Log{cfg: cfg, writer: make(chan struct{}, 1), repeats: newRepeats()}
	l.writer <- struct{}{}
	if err := l.load(ctx); err != nil {
		return nil, err
	}
	return l, nil
}

// load reads the head from the store.
func (l *Log) load(ctx context.Context) error {
	v, err := l.cfg.Store.View(ctx)
	if err != nil {
		return fault.Wrap(fault.Unavailable, "audit.open", err)
	}
	defer v.Close()
	head, rev := Head{SHA256: genesis()}, store.Revision(0)
	item, err := v.Get(ctx, headKey)
	if err == nil {
		rev = item.Revision
		if err := strictjson.Decode(item.Value, strictjson.Limits{Bytes: 1 << 10, Depth: maxDepth}, &head); err != nil {
			return fault.Wrap(fault.Corrupt, "audit.open", err)
		}
		newest, err := v.Get(ctx, key(head.Seq))
		if err != nil || sum(newest.Value) != head.SHA256 {
			return &fault.Error{Code: fault.Corrupt, Field: "audit", Rule: "its newest record is not the one that its head names",
				Hint: "the store was changed by hand: put back the one that last ran", Err: err}
		}
	} else if !errors.Is(err, store.ErrNotFound) {
		return fault.Wrap(fault.Unavailable, "audit.open", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.head, l.rev, l.stale = head, rev, false
	return nil
}

func key(seq int64) string { return fmt.Sprintf("%s%016x", recordKey, seq) }

// Head returns the newest record's number and SHA-256.
func (l *Log) Head() Head {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.head
}

// Append writes records and returns when they are durable. Seq and Prev are set here, and Time
// where it is zero. What callers bring while one transaction is being written goes together into the
// next.
func (l *Log) Append(ctx context.Context, records ...Record) error {
	if len(records) == 0 {
		return nil
	}
	now := l.cfg.Clock.Now()
	p := &pending{records: make([]Record, len(records))}
	for i, r := range records {
		if r.Time.IsZero() {
			r.Time = now
		}
		r.Time, r.Since = r.Time.UTC().Truncate(time.Millisecond), r.Since.UTC().Truncate(time.Millisecond)
		for _, at := range []*string{&r.Officer, &r.Role, &r.By, &r.From, &r.Method, &r.Route, &r.What, &r.Code, &r.Field, &r.Line} {
			*at = plain(*at)
		}
		p.records[i] = r
	}
	l.mu.Lock()
	l.queue = append(l.queue, p)
	l.mu.Unlock()
	select {
	case <-l.writer:
	case <-ctx.Done():
		return fault.Wrap(fault.Unavailable, "audit.append", context.Cause(ctx)) // whoever writes next takes it along
	}
	defer func() { l.writer <- struct{}{} }()
	for {
		l.mu.Lock()
		done, err := p.done, p.err
		l.mu.Unlock()
		if done {
			return err
		}
		l.write(context.WithoutCancel(ctx)) // it is of others too
	}
}

// write writes what waits, as far as one transaction goes. The caller holds the writer's token.
func (l *Log) write(ctx context.Context) {
	ctx, cancel := clock.WithTimeout(ctx, l.cfg.Clock, writeTimeout)
	defer cancel()
	l.mu.Lock()
	stale := l.stale
	l.mu.Unlock()
	var err error
	if stale {
		err = l.load(ctx)
	}
	batch, txn, head := l.take()
	var rev store.Revision
	if err == nil {
		rev, err = l.cfg.Store.Commit(ctx, txn)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.stale = true
		err = fault.Wrap(fault.Unavailable, "audit.append", err)
	} else {
		l.head, l.rev = head, rev
	}
	for _, p := range batch {
		if p.err == nil {
			p.err = err
		}
		if len(p.records) == 0 || p.err != nil {
			p.done = true
		}
	}
	for len(l.queue) > 0 && l.queue[0].done {
		l.queue = l.queue[1:]
	}
}

// take makes a transaction of the records that wait, as many as it holds, and takes them from those
// who brought them.
func (l *Log) take() ([]*pending, store.Txn, Head) {
	l.mu.Lock()
	defer l.mu.Unlock()
	head, txn, size := l.head, store.Txn{Guards: []store.Guard{{Key: headKey, Revision: l.rev}}}, 0
	var batch []*pending
	for _, p := range l.queue {
		batch = append(batch, p)
		for len(p.records) > 0 && len(txn.Puts) < batchRecords && size < batchBytes {
			r := p.records[0]
			p.records = p.records[1:]
			r.Seq, r.Prev = head.Seq+1, head.SHA256
			data, err := r.Encode()
			if err != nil {
				p.err, p.records = err, nil
				break
			}
			txn.Puts = append(txn.Puts, store.Put{Key: key(r.Seq), Value: data})
			head = Head{r.Seq, sum(data), head.Bytes + int64(len(data))}
			size += len(data)
		}
		if len(p.records) > 0 {
			break
		}
	}
	value := fmt.Appendf(nil, `{"seq":%d,"sha256":"%s","bytes":%d}`, head.Seq, head.SHA256, head.Bytes)
	txn.Puts = append(txn.Puts, store.Put{Key: headKey, Value: value})
	return batch, txn, head
}
