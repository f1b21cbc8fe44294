package store

import "io"

// A Cache keeps, beside a store and under a name each, what can be made again from what the store
// holds. It promises nothing: what was written may be gone, damaged or older than the store after a
// crash or when a backup was put back, so who reads it must find out for himself whether it holds. A
// failure of a Cache is no failure of the store. A Store may be a Cache as well.
type Cache interface {
	// WriteCache puts what write writes, about size bytes, in the place of what is kept under name,
	// a few letters, digits and '-'. After an error what was there may be there still. It takes no
	// room that the store may soon need.
	WriteCache(name string, size int64, write func(io.Writer) error) error
	// ReadCache returns what is kept under name, ErrNotFound where that is nothing.
	ReadCache(name string) (io.ReadCloser, error)
}
