// Package store is the contract of the durable store under a node: keys and values in one order
// of revisions, changed by guarded transactions that are durable when Commit returns.
//
// # Revisions
//
// A Commit that changes something takes the next revision; its puts carry that revision as their
// Item.Revision. Deleting a key that is not there changes nothing. A Commit that changes nothing
// takes no revision and returns the one at which its guards held. Revisions never decrease, not
// across a crash either.
//
// # Durability
//
// When Commit returns a revision, the transaction outlives a crash of the process and of the
// machine. When Commit returns ErrConflict, ErrTooLarge, ErrInvalid or ErrClosed, nothing of it was
// applied. After any other error, a done context or ErrFailed, it was applied whole or not at all,
// and the caller cannot know which: a View of a store opened again tells. Views and Watch show
// only what is durable, so that nothing they showed can be lost.
//
// # Bounds
//
// MaxTxnBytes counts the keys of guards, puts and deletes and the values of puts. MaxTxnOps counts
// puts and deletes, MaxTxnGuards guards. At a bound a transaction passes; over it, Commit returns
// ErrTooLarge. A key is at least one byte, any bytes, and is named at most once among puts and
// deletes; other transactions are ErrInvalid. Keys are ordered by their bytes.
package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// The bounds of a transaction, the same for every implementation. They fit etcd's defaults.
const (
	MaxTxnBytes  = 1 << 20 // keys and values of one transaction
	MaxTxnOps    = 100     // puts and deletes of one transaction
	MaxTxnGuards = 50      // guards of one transaction
	MaxKeyBytes  = 1 << 10
)

// Errors that a Store returns, found with errors.Is.
var (
	ErrConflict  = errors.New("store: a guarded key changed")
	ErrTooLarge  = errors.New("store: transaction over the bounds")
	ErrInvalid   = errors.New("store: transaction not well formed")
	ErrCompacted = errors.New("store: revision no longer held")
	ErrNotFound  = errors.New("store: no such key")
	ErrClosed    = errors.New("store: closed")
	ErrFailed    = errors.New("store: failed; nothing more is accepted until it is opened again")
)

// Revision numbers the commits of a store, from 1 up. 0 is before any.
type Revision int64

// Txn is a set of changes applied together or not at all.
type Txn struct {
	Guards  []Guard
	Puts    []Put
	Deletes []string
}

// Guard demands that Key has not changed after Revision: it exists and was last set at Revision or
// before. Revision 0 demands that it does not exist. Guards look at the state before the
// transaction that carries them.
type Guard struct {
	Key      string
	Revision Revision
}

// Put sets a key.
type Put struct {
	Key   string
	Value []byte
}

// Item is a key with its value and the revision that last set it.
type Item struct {
	Key      string
	Value    []byte
	Revision Revision
}

// Change is one change of one key. Deleted says that Item.Value is gone; Item.Revision is then the
// revision that deleted it.
type Change struct {
	Item
	Deleted bool
}

// A View reads at one revision. Close it. After Close, of the View or of its Store, its methods
// return ErrClosed; a second Close does nothing. A View is safe for concurrent use. What it
// returns belongs to the caller.
type View interface {
	Revision() Revision
	// Get returns ErrNotFound where there is no such key.
	Get(ctx context.Context, key string) (Item, error)
	// Scan yields the items with from <= key < to in key order; an empty to has no end. An error
	// is the last thing that it yields.
	Scan(ctx context.Context, from, to string) iter.Seq2[Item, error]
	Close() error
}

// A Store keeps keys and values durably, in one order of revisions. It is safe for concurrent use.
type Store interface {
	// View reads at one revision, the newest that is durable: every Commit that returned before
	// View was called is in it.
	View(ctx context.Context) (View, error)
	// Commit applies every put and delete of t, or none. It fails with ErrConflict when a key
	// that t.Guards names changed after the revision given there, and with ErrTooLarge over the
	// bounds in this package's doc, which are the same for every implementation. It returns when
	// t is durable, and keeps nothing of t.
	Commit(ctx context.Context, t Txn) (Revision, error)
	// Watch yields every change under prefix after rev, in order, without gaps: by revision, and
	// in one revision the puts and then the deletes, as the transaction gave them. It fails with
	// ErrCompacted when rev is too old, or is none that this store has reached: take a View and
	// start again. It ends with an error, the last thing that it yields: ErrCompacted, ErrClosed,
	// ErrFailed or that of ctx.
	Watch(ctx context.Context, prefix string, after Revision) iter.Seq2[Change, error]
	// Close ends every Watch and every View, waits for what is being committed, and frees what
	// the store holds. A second Close does nothing.
	Close() error
}

// Check returns ErrTooLarge or ErrInvalid, with the reason, for a transaction that no store takes.
func (t Txn) Check() error {
	if n := len(t.Puts) + len(t.Deletes); n > MaxTxnOps {
		return fmt.Errorf("%w: %d puts and deletes, at most %d", ErrTooLarge, n, MaxTxnOps)
	}
	if n := len(t.Guards); n > MaxTxnGuards {
		return fmt.Errorf("%w: %d guards, at most %d", ErrTooLarge, n, MaxTxnGuards)
	}
	size := 0
	for _, g := range t.Guards {
		if err := checkKey(g.Key); err != nil {
			return err
		}
		if g.Revision < 0 {
			return fmt.Errorf("%w: a guard's revision is below 0", ErrInvalid)
		}
		size += len(g.Key)
	}
	seen := make(map[string]struct{}, len(t.Puts)+len(t.Deletes))
	change := func(key string, valueBytes int) error {
		if err := checkKey(key); err != nil {
			return err
		}
		if _, twice := seen[key]; twice {
			return fmt.Errorf("%w: a key is named twice: %q", ErrInvalid, key)
		}
		seen[key] = struct{}{}
		size += len(key) + valueBytes
		return nil
	}
	for _, p := range t.Puts {
		if err := change(p.Key, len(p.Value)); err != nil {
			return err
		}
	}
	for _, key := range t.Deletes {
		if err := change(key, 0); err != nil {
			return err
		}
	}
	if size > MaxTxnBytes {
		return fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, size, MaxTxnBytes)
	}
	return nil
}

func checkKey(key string) error {
	if key == "" {
		return fmt.Errorf("%w: an empty key", ErrInvalid)
	}
	if len(key) > MaxKeyBytes {
		return fmt.Errorf("%w: a key of %d bytes, at most %d", ErrTooLarge, len(key), MaxKeyBytes)
	}
	return nil
}
