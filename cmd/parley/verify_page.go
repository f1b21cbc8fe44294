package main

import (
	"crypto/sha256"
	"fmt"
	"io"

	"parley/catalogue"
	"parley/cmd/parley/home"
	"parley/console/verify"
	"parley/fault"
)

// writePage writes the verify page that was made when this program was built.
func writePage(a *app, path string, asJSON bool) error {
	data, ok := verify.Built()
	if !ok {
		return &fault.Error{Code: fault.NotFound, Field: "page", Rule: "is not in this program, which was built without it", Hint: "build the program with make build, or the page alone with make verify-page"}
	}
	if err := home.StreamFile(path, 0o644, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}); err != nil {
		return err
	}
	sum := fmt.Sprintf("%x", sha256.Sum256(data))
	if asJSON {
		return printJSON(a.stdout, map[string]any{"file": path, "bytes": len(data), "sha256": sum})
	}
	return a.said.say(a, catalogue.Say("wrote.page", catalogue.AsCode("file", path), catalogue.CountOf("bytes", len(data)), catalogue.AsCode("id", "SHA-256 "+sum)))
}
