// Verifypage makes the verify page: it compiles the verifier to WebAssembly with the Go toolchain that
// runs it and puts everything into one file. make verify-page calls it.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"parley/console/verify"
)

func main() {
	version := flag.String("version", "devel", "what the page says that it is made of")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: verifypage [-version VERSION] FILE...")
	}
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(context.Background(), *version, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "verifypage:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, version string, files []string) error {
	data, wasm, err := build(ctx, version)
	if err != nil {
		return err
	}
	for _, name := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, data, 0o644); err != nil {
			return err
		}
	}
	fmt.Printf("%s: version %s, %d bytes, of which the verifier is %d before it is compressed\nSHA-256 %x\n", files[0], version, len(data), wasm, sha256.Sum256(data))
	return nil
}

// build makes the page and says how large the verifier in it is.
func build(ctx context.Context, version string) (data []byte, wasm int, err error) {
	dir, err := os.MkdirTemp("", "verifypage")
	if err != nil {
		return nil, 0, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "verify.wasm")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid= -X main.version="+version, "-o", out, "parley/cmd/verifypage/wasm")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOWASM=", "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		return nil, 0, fmt.Errorf("go build: %w\n%s", err, bytes.TrimSpace(said))
	}
	m := verify.Made{Version: version}
	if m.Words, err = words(); err != nil {
		return nil, 0, err
	}
	if m.Wasm, err = os.ReadFile(out); err != nil {
		return nil, 0, err
	}
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, 0, fmt.Errorf("go env GOROOT: %w", err)
	}
	if m.WasmExec, err = os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js")); err != nil {
		return nil, 0, err
	}
	data, err = verify.Assemble(m)
	return data, len(m.Wasm), err
}
