package home

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"parley/fault"
)

// WriteFile writes a file whole or not at all, and durably: beside its place, synced, renamed over
// it, and the directory synced.
func WriteFile(path string, data []byte, mode os.FileMode) error {
	return StreamFile(path, mode, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// StreamFile is WriteFile for what write makes; an error of write is returned as it is, and leaves
// what was there.
func StreamFile(path string, mode os.FileMode, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return cannotWrite(path, err)
	}
	defer os.Remove(f.Name()) // there only where something failed
	if err := write(f); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return cannotWrite(path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return cannotWrite(path, err)
	}
	return syncDir(path)
}

func syncDir(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return cannotWrite(path, err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return cannotWrite(path, err)
	}
	return nil
}

func cannotWrite(path string, err error) error {
	return &fault.Error{Code: fault.Unavailable, Field: "file", Value: fault.Shorten(path), Rule: "cannot be written", Err: err}
}
