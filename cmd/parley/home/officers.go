package home

import (
	"errors"
	"io/fs"
	"os"
	"sync"

	"parley/api/officer"
	"parley/fault"
)

// Officers is the book of officers in its file. It reads the file again when it changed, so that
// an officer can be added while the node runs.
type Officers struct {
	path string

	mu   sync.Mutex // guards what follows
	seen os.FileInfo
	book officer.Book
}

// Officers returns the book of the node.
func (h Home) Officers() *Officers { return &Officers{path: h.path("officers.json")} }

// Book returns the book as it is now; an empty one where there is no file.
func (o *Officers) Book() (officer.Book, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	info, err := os.Stat(o.path)
	if errors.Is(err, fs.ErrNotExist) {
		o.seen, o.book = nil, officer.Book{}
		return o.book, nil
	}
	if err != nil {
		return officer.Book{}, fault.Wrap(fault.Unavailable, "officers", err)
	}
	if o.seen != nil && os.SameFile(o.seen, info) && o.seen.ModTime().Equal(info.ModTime()) && o.seen.Size() == info.Size() {
		return o.book, nil
	}
	data, err := os.ReadFile(o.path)
	if err != nil {
		return officer.Book{}, fault.Wrap(fault.Unavailable, "officers", err)
	}
	book, err := officer.Parse(data)
	if err != nil {
		return officer.Book{}, fault.In("officers.json", err)
	}
	o.seen, o.book = info, book
	return book, nil
}

// Save writes the book.
func (o *Officers) Save(b officer.Book) error {
	data, err := b.Encode()
	if err != nil {
		return err
	}
	return WriteFile(o.path, data, 0o600)
}
