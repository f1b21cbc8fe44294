// Package verify holds the verify page: one file of HTML that checks evidence in a browser, without a
// server or a network.
//
// The page is made by cmd/verifypage from the parts here and the verifier compiled to WebAssembly, and
// is not committed: make verify-page writes it to bin/ and to the folder built, from which it goes into
// the program that is compiled next.
package verify

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

//go:embed parts
var parts embed.FS

//go:embed built
var built embed.FS

// Name is what the file of the page is called.
const Name = "parley-verify.html"

// Built returns the page that was made before this program was compiled; false where none was.
func Built() ([]byte, bool) {
	data, err := built.ReadFile("built/" + Name)
	return data, err == nil
}

// Made is what Assemble takes: the verifier, the script of the Go toolchain that runs it, the version, and
// what the page says in each language, English first.
type Made struct {
	Wasm     []byte
	WasmExec []byte
	Version  string
	Words    []Words
}

// Words is what the page says in a language, by key. NoScript is what it says where its script does not run.
type Words struct {
	Language string            `json:"language"`
	Name     string            `json:"name"`
	RTL      bool              `json:"rtl"`
	Reviewed bool              `json:"reviewed"` // a speaker has read all of it
	Texts    map[string]string `json:"texts"`
	NoScript string            `json:"-"`
}

// Assemble makes the page. The same parts give the same bytes.
func Assemble(m Made) ([]byte, error) {
	var text [4]string
	for i, name := range []string{"page.html", "page.css", "page.js", "worker.js"} {
		data, err := parts.ReadFile("parts/" + name)
		if err != nil {
			return nil, fmt.Errorf("verify.assemble: %w", err)
		}
		text[i] = strings.TrimSpace(string(data))
	}
	worker := strings.TrimSpace(string(m.WasmExec)) + "\n" + text[3]
	for _, script := range []string{worker, text[2]} {
		if low := strings.ToLower(script); strings.Contains(low, "</script") || strings.Contains(low, "<!--") {
			return nil, fmt.Errorf("verify.assemble: a script holds what ends a script")
		}
	}
	packed, err := pack(m.Wasm)
	if err != nil {
		return nil, err
	}
	words, err := json.Marshal(m.Words, json.Deterministic(true), jsontext.EscapeForHTML(true))
	if err != nil {
		return nil, fmt.Errorf("verify.assemble: %w", err)
	}
	out := text[0]
	for _, part := range [][2]string{
		{"policy", policy(text[2], text[1])}, {"version", html.EscapeString(m.Version)}, {"style", text[1]}, {"script", text[2]}, {"worker", worker}, {"wasm", packed},
		{"noscript", noScript(m.Words)}, {"words", string(words)},
	} {
		mark := "{{" + part[0] + "}}"
		if strings.Count(out, mark) < 1 {
			return nil, fmt.Errorf("verify.assemble: page.html has no place for %s", mark)
		}
		out = strings.ReplaceAll(out, mark, part[1])
	}
	return []byte(out + "\n"), nil
}

// noScript says in every language that the page needs its script.
func noScript(words []Words) string {
	var b strings.Builder
	for _, w := range words {
		direction := "ltr"
		if w.RTL {
			direction = "rtl"
		}
		fmt.Fprintf(&b, `<p lang="%s" dir="%s">%s</p>`, html.EscapeString(w.Language), direction, html.EscapeString(w.NoScript))
	}
	return b.String()
}

// policy lets the page run its own script and style, start the verifier from itself, and nothing else: it
// can load nothing and send nothing.
func policy(script, style string) string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; script-src " + hash(script) + " 'wasm-unsafe-eval'; style-src " + hash(style) +
		"; worker-src blob:; connect-src 'none'; base-uri 'none'; form-action 'none'"
}

// Parts returns what a page runs: the script of its worker, and the verifier as the worker takes it.
func Parts(page []byte) (worker, wasm []byte, ok bool) {
	part := func(id string) ([]byte, bool) {
		_, rest, ok := bytes.Cut(page, []byte(`<script type="text/plain" id="`+id+`">`))
		if !ok {
			return nil, false
		}
		text, _, ok := bytes.Cut(rest, []byte("</script>"))
		return text, ok
	}
	worker, okWorker := part("worker-source")
	wasm, okWasm := part("wasm")
	return worker, wasm, okWorker && okWasm
}

// Policy returns the policy that a page states.
func Policy(page []byte) (string, bool) {
	_, rest, ok := bytes.Cut(page, []byte(`http-equiv="Content-Security-Policy" content="`))
	if !ok {
		return "", false
	}
	value, _, ok := bytes.Cut(rest, []byte(`"`))
	return string(value), ok
}

func pack(data []byte) (string, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		if _, err = w.Write(data); err == nil {
			err = w.Close()
		}
	}
	if err != nil {
		return "", fmt.Errorf("verify.assemble: %w", err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}
