package home

import (
	"errors"
	"io/fs"
	"os"

	"parley/api/passkey"
	"parley/fault"
)

// PasskeyFile is the book of passkeys in its file, which the running node alone writes.
type PasskeyFile struct{ path string }

// PasskeyFile returns the book of passkeys of the node.
func (h Home) PasskeyFile() PasskeyFile { return PasskeyFile{h.path("passkeys.json")} }

// Passkeys returns the book; an empty one where there is no file.
func (f PasskeyFile) Passkeys() (passkey.Book, error) {
	data, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return passkey.Book{}, nil
	}
	if err != nil {
		return passkey.Book{}, fault.Wrap(fault.Unavailable, "passkeys", err)
	}
	book, err := passkey.Parse(data)
	return book, fault.In("passkeys.json", err)
}

// SavePasskeys writes the book.
func (f PasskeyFile) SavePasskeys(b passkey.Book) error {
	data, err := b.Encode()
	if err != nil {
		return err
	}
	return WriteFile(f.path, data, 0o600)
}
