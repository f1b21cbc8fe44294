package verify

import (
	"bytes"
	"strings"
	"testing"
)

func TestAssemble(t *testing.T) {
	made := Made{Wasm: []byte("\x00asm"), WasmExec: []byte("globalThis.Go = class {};"), Version: `v1 "<b>`,
		Words: []Words{{Language: "en", Texts: map[string]string{"title": "</script><b>"}, NoScript: "<no>"}, {Language: "he", RTL: true}}}
	one, err := Assemble(made)
	if err != nil {
		t.Fatal(err)
	}
	if two, _ := Assemble(made); !bytes.Equal(one, two) {
		t.Error("the same parts gave two pages")
	}
	if bytes.Contains(one, []byte("{{")) || !bytes.Contains(one, []byte(`data-id="v1 &#34;&lt;b&gt;"`)) || bytes.Contains(one, []byte("<b>")) ||
		!bytes.Contains(one, []byte(`<noscript><p lang="en" dir="ltr">&lt;no&gt;</p><p lang="he" dir="rtl"></p></noscript>`)) {
		t.Error("a part was not put in its place, or the version or a text not as text")
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
