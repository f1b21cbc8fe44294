package verify

import (
	"bytes"
	"strings"
	"testing"
)

func TestAssemble(t *testing.T) {
	made := Made{Wasm: []byte("\x00asm"), WasmExec: []byte("globalThis.Go = class {};"), Version: `v1 "<b>`}
	one, err := Assemble(made)
	if err != nil {
		t.Fatal(err)
	}
	if two, _ := Assemble(made); !bytes.Equal(one, two) {
		t.Error("the same parts gave two pages")
	}
	if bytes.Contains(one, []byte("{{")) || !bytes.Contains(one, []byte("Version v1 &#34;&lt;b&gt;")) {
		t.Error("a part was not put in its place, or the version not as text")
	}
	if n := bytes.Count(one, []byte("http://")) + bytes.Count(one, []byte("https://")); n > 0 {
		t.Errorf("the page names %d addresses", n)
	}
	policy, ok := Policy(one)
	if !ok || !strings.Contains(policy, "connect-src 'none'") || strings.Contains(policy, "unsafe-inline") || strings.Count(policy, "sha256-") != 2 {
		t.Errorf("the policy is %q", policy)
	}
	made.WasmExec = []byte("x = '</SCRIPT>'")
	if _, err := Assemble(made); err == nil {
		t.Error("took a script that ends itself")
	}
}
