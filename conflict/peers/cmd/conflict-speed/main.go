// Command conflict-speed reads what "go test -bench" prints of package conflict and writes its tables
// into docs/reference/conflict-speed.md and its pictures into docs/pictures.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"parley/conflict/peers"
	"parley/conflict/peers/plot"
)

func main() {
	docs := flag.String("docs", "docs", "the directory of the documents")
	flag.Parse()
	if err := run(os.Stdin, *docs); err != nil {
		fmt.Fprintln(os.Stderr, "conflict-speed:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, docs string) error {
	runs, on, err := plot.Read(in)
	if err != nil {
		return err
	}
	if len(runs) == 0 {
		return fmt.Errorf("there is no benchmark in what was read")
	}
	pictures := filepath.Join(docs, "pictures")
	if err := os.MkdirAll(pictures, 0o755); err != nil {
		return err
	}
	for name, c := range plot.Runs(runs).Charts() {
		var b strings.Builder
		if err := c.Write(&b); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(pictures, name), []byte(b.String()), 0o644); err != nil {
			return err
		}
	}
	var b strings.Builder
	if err := plot.Runs(runs).WriteTables(&b, on); err != nil {
		return err
	}
	page := filepath.Join(docs, "reference", "conflict-speed.md")
	old, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	text, err := peers.Replace(string(old), "conflict-speed", b.String())
	if err != nil {
		return err
	}
	return os.WriteFile(page, []byte(text), 0o644)
}
