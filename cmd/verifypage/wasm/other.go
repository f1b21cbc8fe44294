//go:build !js || !wasm

// Wasm is the verifier as the verify page runs it; it runs in a browser alone.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "this is for a browser: make verify-page puts it into a page")
	os.Exit(2)
}
