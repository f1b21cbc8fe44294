package home

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/fault"
)

func TestAlertFilesThatOthersMayReadOrWriteAreRefused(t *testing.T) {
	h := Home{Dir: t.TempDir()}
	if list, err := h.AlertChannels(); list != nil || err != nil {
		t.Errorf("no file: %v, %v", list, err)
	}
	put := func(name, text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(h.path(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(h.path(name), mode); err != nil {
			t.Fatal(err)
		}
	}
	put("secret", "x", 0o600)
	for _, c := range []struct {
		mode   os.FileMode
		secret bool
		good   bool
	}{{0o600, true, true}, {0o400, true, true}, {0o640, true, false}, {0o604, true, false}, {0o620, true, false}, {0o644, false, true}, {0o664, false, false}} {
		put("file", "text", c.mode)
		data, err := h.AlertFile("file", c.secret)
		if c.good != (err == nil) || c.good != (string(data) == "text") || err != nil && (!fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), "chmod")) {
			t.Errorf("%04o, secret %t: %q, %v", c.mode, c.secret, data, err)
		}
	}
	if data, err := h.AlertFile(filepath.Join(h.Dir, "secret"), true); string(data) != "x" || err != nil {
		t.Errorf("by its whole path: %q, %v", data, err)
	}
	if _, err := h.AlertFile("none", true); !fault.Is(err, fault.NotFound) {
		t.Errorf("none: %v", err)
	}
	put("alerts.json", `{"channels": [{"name": "pager", "hook": {"program": "/bin/true"}}]}`, 0o644)
	if list, err := h.AlertChannels(); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
	put("alerts.json", `{}`, 0o666)
	if _, err := h.AlertChannels(); !fault.Is(err, fault.Denied) {
		t.Errorf("%v", err)
	}
	if data, err := h.AlertState(); data != nil || err != nil {
		t.Errorf("%q, %v", data, err)
	}
	if err := h.SaveAlertState([]byte("kept")); err != nil {
		t.Fatal(err)
	}
	if data, err := h.AlertState(); string(data) != "kept" || err != nil {
		t.Errorf("%q, %v", data, err)
	}
}
