// Package console holds the node's pages for people: the duty officer's console, whose source is in web and
// which make console builds into dist; the page where an officer registers a passkey, signs in and signs
// out; and the verify page, for whoever is given evidence.
package console

import (
	_ "embed"
	"io/fs"
	"net/http"

	"parley/console/verify"
)

//go:embed sign-in.html
var signInHTML []byte

//go:embed sign-in.css
var signInCSS []byte

//go:embed sign-in.js
var signInJS []byte

// policy lets a page load its own script and style, speak to its own node, and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Register puts the pages on a server. They hold nothing of the node: everything is asked of its API.
func Register(mux *http.ServeMux) {
	file := func(path, typ string, data []byte) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			head(w, typ, policy)
			_, _ = w.Write(data)
		})
	}
	file("/sign-in", "text/html; charset=utf-8", signInHTML)
	file("/sign-in.css", "text/css; charset=utf-8", signInCSS)
	file("/sign-in.js", "text/javascript; charset=utf-8", signInJS)
	files, err := fs.Sub(built, "dist")
	if err != nil {
		panic(err) // dist is in the program
	}
	registerPage(mux, files)
	checker, _ := verify.Built()
	mux.HandleFunc("GET /verify", verifyPage(checker, false))
	mux.HandleFunc("GET /verify/"+verify.Name, verifyPage(checker, true))
	worker, wasm, _ := verify.Parts(checker)
	mux.HandleFunc("GET /verify/worker.js", verifyPart(worker, "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET /verify/verifier.txt", verifyPart(wasm, "text/plain; charset=utf-8"))
}
