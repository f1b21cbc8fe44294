package main

import (
	"bytes"
	"fmt"
	"os"

	"golang.org/x/term"

	"parley/fault"
)

const maxPassphrase = 4 << 10

// passphrase reads the party key's passphrase: from PARLEY_PASSPHRASE, from the file that
// PARLEY_PASSPHRASE_FILE names, or from the terminal.
func passphrase(a *app) ([]byte, error) {
	if p := a.env("PARLEY_PASSPHRASE"); p != "" {
		return []byte(p), nil
	}
	if path := a.env("PARLEY_PASSPHRASE_FILE"); path != "" {
		data, err := readFile(a, path, maxPassphrase)
		return bytes.TrimRight(data, "\r\n"), err
	}
	return ask(a, "passphrase.own")
}

// newPassphrase reads a passphrase to be set; at the terminal, twice.
func newPassphrase(a *app) ([]byte, error) {
	if a.env("PARLEY_PASSPHRASE") != "" || a.env("PARLEY_PASSPHRASE_FILE") != "" {
		return passphrase(a)
	}
	first, err := ask(a, "passphrase.new")
	if err != nil {
		return nil, err
	}
	second, err := ask(a, "passphrase.again")
	if err == nil && !bytes.Equal(first, second) {
		err = fault.New("passphrase", "", "was not the same both times", "try again")
	}
	return first, err
}

// ask reads a line from the terminal without showing it.
func ask(a *app, key string) ([]byte, error) {
	f, ok := a.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil, fault.New("passphrase", "", "is needed, and there is no terminal to ask at",
			"set PARLEY_PASSPHRASE_FILE, use an agent, or give --plain-key to parley init for a demonstration")
	}
	fmt.Fprint(a.stderr, a.said.Word(key)+a.said.Word("list.colon"))
	defer fmt.Fprintln(a.stderr)
	pass, err := term.ReadPassword(int(f.Fd()))
	return pass, fault.Wrap(fault.Unavailable, "passphrase", err)
}
