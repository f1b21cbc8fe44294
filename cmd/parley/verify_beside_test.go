package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/clock"
	"parley/internal/testbundle"
)

// TestVerifyBeside compares files of one line, and judges what it writes of a fork.
func TestVerifyBeside(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	play := func(seed string, texts ...string) []byte {
		l := testbundle.New(t, seed)
		for _, text := range texts {
			l.Say(0, "call.hold", "text", text)
			l.Commit(0, true)
		}
		return l.Bundle(nil)
	}
	whole := play("line", `"hold"`, `"go on"`)
	one, longer := file("one", whole), file("longer", play("line", `"hold"`, `"go on"`, `"thanks"`))
	forked, foreign := file("forked", play("line", `"hold"`, `"stop"`)), file("foreign", play("another", `"hold"`))
	broken := file("broken", bytes.Replace(whole, []byte("false"), []byte("fals3"), 1))
	fork := filepath.Join(dir, "fork.bundle")
	trusted := testbundle.New(t, "line").Trust()
	for _, c := range []struct {
		args string
		exit int
		says string
	}{
		{one + " --beside " + longer + " --trust -", 0, longer + ": holds; signers identified: blue SHA256:"}, // a list that can be read once
		{one + " --beside " + foreign + " --trust -", 4, "which is not among the trusted keys"},
		{one + " --beside " + one, 0, "both fit together\n"},
		{one + " --beside " + longer + " -o " + fork, 0, "lead to the very fingerprint that blue signed for the first 2\nno fork is shown: nothing was written\n"},
		{longer + " --beside " + one + " --json", 0, `"fit": "begins"`},
		{one + " --beside " + forked, 4, "these two versions of the transcript cannot both be honest\n"},
		{longer + " --beside " + forked + " -o " + fork, 4, "wrote " + fork + ", which shows it alone"},
		{fork, 4, "shows that these two versions of the transcript cannot both be honest; signers not identified: blue SHA256:"},
		{one + " --beside " + broken, 4, "not compared: a file that does not hold shows nothing of another\n"},
		{one + " --beside " + fork, 4, "wrong (fork) 1/a: the author of 1/a signed"},
		{one + " --beside " + foreign, 2, "is of another line"},
		{one + " --beside " + filepath.Join(dir, "none"), 2, "none"},
		{one + " --beside " + dir, 5, "cannot be read"},
		{dir, 5, "cannot be read: read " + dir + ": is a directory"},
		{one + " -o " + fork, 2, "is for what two files show of one another"},
		{"- --beside -", 2, "is standard input, and so is the first file"},
	} {
		var out bytes.Buffer
		a := &app{said: tongueOf(t, "en"), ctx: t.Context(), stdout: &out, stderr: &out, stdin: strings.NewReader(trusted), clock: clock.System{}, env: func(string) string { return "" }}
		parser, err := newParser(new(cli), &out, &out)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := parser.Parse(append([]string{"verify"}, strings.Fields(c.args)...))
		if err == nil {
			err = parsed.Run(a)
		}
		got := report(a, err)
		if got != c.exit || !strings.Contains(out.String(), c.says) {
			t.Errorf("verify %s: exit %d, want %d: %s", c.args, got, c.exit, &out)
		}
	}
	if info, err := os.Stat(fork); err != nil || info.Size() > 16<<10 {
		t.Error(info, err)
	}
}
