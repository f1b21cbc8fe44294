package home

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"parley/alert"
	"parley/fault"
)

// maxAlertFile bounds a file that alerts.json names: a secret, or certificates.
const maxAlertFile = 1 << 20

// AlertChannels returns the channels that tell alarms to people beside the console, as alerts.json
// has them; none where there is no such file.
func (h Home) AlertChannels() ([]alert.Channel, error) {
	data, err := readGuarded(h.path("alerts.json"), alert.MaxSettings, 0o022, "must not be written by others, as it names programs that the node runs", "chmod go-w")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	channels, err := alert.ParseSettings(data)
	return channels, fault.In("alerts.json", err)
}

// AlertFile reads a file that alerts.json names, by its path or from the node's directory on. A
// secret that others may read is refused.
func (h Home) AlertFile(name string, secret bool) ([]byte, error) {
	if !filepath.IsAbs(name) {
		name = h.path(name)
	}
	barred, rule, mend := fs.FileMode(0o022), "must not be written by others", "chmod go-w"
	if secret {
		barred, rule, mend = 0o077, "is a secret that others may read", "chmod 600"
	}
	data, err := readGuarded(name, maxAlertFile, barred, rule, mend)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &fault.Error{Code: fault.NotFound, Field: "file", Value: fault.Shorten(name), Rule: "does not exist", Hint: "write its path from the root, or from the node's directory on"}
	}
	return data, err
}

// readGuarded reads a file none of whose barred permissions is given.
func readGuarded(path string, most int64, barred fs.FileMode, rule, mend string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	unreadable := func(err error) error {
		return &fault.Error{Code: fault.Unavailable, Field: "file", Value: fault.Shorten(path), Rule: "cannot be read", Err: err}
	}
	if err != nil {
		return nil, unreadable(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, unreadable(err)
	}
	if info.Mode().Perm()&barred != 0 {
		return nil, &fault.Error{Code: fault.Denied, Field: "file", Value: fault.Shorten(path), Rule: fmt.Sprintf("%s (mode %04o)", rule, info.Mode().Perm()), Hint: mend + " " + path}
	}
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, unreadable(err)
	}
	if int64(len(data)) > most {
		return nil, &fault.Error{Code: fault.TooLarge, Field: "file", Value: fault.Shorten(path), Rule: fmt.Sprintf("must be at most %d bytes", most), Hint: "name the right file"}
	}
	return data, nil
}

// AlertState returns what SaveAlertState kept; nil where there is none.
func (h Home) AlertState() ([]byte, error) {
	data, err := os.ReadFile(h.path("alerts-told.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, fault.Wrap(fault.Unavailable, "alerts-told.json", err)
}

// SaveAlertState keeps what the alert channels were told, over a restart. It lies beside the store
// and not in it: a store that fails is itself an alarm, which must go out and be remembered, and
// what a channel was told is no part of the record.
func (h Home) SaveAlertState(data []byte) error {
	return WriteFile(h.path("alerts-told.json"), data, 0o600)
}
