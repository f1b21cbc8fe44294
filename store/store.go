// Package store is the contract of the durable store under a node: keys and values in one order
// of revisions, changed by guarded transactions that are durable when Commit returns.
package store

import (
	"context"
	"errors"
	"iter"
)

// The bounds of a transaction, the same for every implementation. They fit etcd's defaults.
const (
	MaxTxnBytes = 1 << 20 // keys and values of one transaction
	MaxTxnOps   = 100     // puts and deletes of one transaction
	MaxKeyBytes = 1 << 10
)

// Errors that a Store returns, found with errors.Is.
var (
	ErrConflict  = errors.New("store: a guarded key changed")
	ErrTooLarge  = errors.New("store: transaction over the bounds")
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

// Guard demands that Key has not changed after Revision; Revision 0 demands that it does not exist.
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

// Change is one change of one key. Deleted says that Item.Value is gone.
type Change struct {
	Item
	Deleted bool
}

// A View reads at one revision. Close it.
type View interface {
	Revision() Revision
	// Get returns ErrNotFound where there is no such key.
	Get(ctx context.Context, key string) (Item, error)
	// Scan yields the items with from <= key < to in key order; an empty to has no end.
	Scan(ctx context.Context, from, to string) iter.Seq2[Item, error]
	Close() error
}

// A Store keeps keys and values durably, in one order of revisions.
type Store interface {
	// View reads at one revision.
	View(ctx context.Context) (View, error)
	// Commit applies every put and delete of t, or none. It fails with ErrConflict when a key
	// that t.Guards names changed after the revision given there, and with ErrTooLarge over the
	// bounds in this package's doc, which are the same for every implementation. It returns when
	// t is durable.
	Commit(ctx context.Context, t Txn) (Revision, error)
	// Watch yields every change under prefix after rev, in order, without gaps. It fails with
	// ErrCompacted when rev is too old: take a View and start again.
	Watch(ctx context.Context, prefix string, after Revision) iter.Seq2[Change, error]
	Close() error
}
