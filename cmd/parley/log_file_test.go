package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"parley/transcript"
	"parley/verdict"
)

// TestToldWithoutAnEntry prints what a bundle does not show, and what cannot be read.
func TestToldWithoutAnEntry(t *testing.T) {
	o := transcript.Origin{Line: strings.Repeat("0", 64), Epoch: 1, Side: transcript.B}
	for want, told := range map[string]transcript.Told{
		"1/b#3   red to #7: not shown in this file": {Origin: o, Index: 3, To: 8, Hidden: true},
		"1/b#3   red: not shown in this file":       {Origin: o, Index: 3, To: 4, Hidden: true},
		"1/b#3   red: cannot be read: no entry":     {Origin: o, Index: 3, To: 4, Err: errors.New("no entry")},
	} {
		var out bytes.Buffer
		if err := new(logCmd).printTold(&app{said: tongueOf(t, "en"), stdout: &out}, tell(verdict.Row{Told: told, Party: "red", Receiver: "blue"})); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(out.String()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
