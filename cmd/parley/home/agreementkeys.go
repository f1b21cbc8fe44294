package home

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"parley/agreement"
	"parley/fault"
)

// KeepKeys keeps the signed keys of a version of an agreement.
func (h Home) KeepKeys(a agreement.Agreement, note []byte) error {
	dir := h.path("lines", a.LineID())
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fault.Wrap(fault.Unavailable, "keys", err)
	}
	return WriteFile(filepath.Join(dir, fmt.Sprintf("%06d.keys", a.Terms.Version)), note, 0o600)
}

// AllKeys returns the signed keys that are kept, of all lines; none where there is no directory.
func (h Home) AllKeys() ([]string, error) {
	names, err := filepath.Glob(h.path("lines", "*", "*.keys"))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "keys", err)
	}
	slices.Sort(names)
	var out []string
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, "keys", err)
		}
		out = append(out, string(data))
	}
	return out, nil
}
