package console

import (
	"net/http"

	"parley/console/verify"
)

func head(w http.ResponseWriter, typ, policy string) {
	h := w.Header()
	h.Set("Content-Type", typ)
	h.Set("Content-Security-Policy", policy)
	h.Set("Permissions-Policy", "publickey-credentials-create=(self), publickey-credentials-get=(self)")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// verifyPage serves the verify page, to look at or to save, under the policy that it states itself. Anyone
// may have it: it holds nothing of a node.
func verifyPage(data []byte, save bool) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		own, ok := verify.Policy(data)
		if !ok {
			head(w, "text/plain; charset=utf-8", policy)
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte("This program was built without the verify page: build it with make build, or check the file with parley verify.\n"))
			return
		}
		head(w, "text/html; charset=utf-8", own+"; frame-ancestors 'none'")
		if save {
			w.Header().Set("Content-Disposition", `attachment; filename="`+verify.Name+`"`)
		}
		_, _ = w.Write(data)
	}
}

// workerPolicy lets the console's worker run the verifier that it is handed, and reach nothing.
const workerPolicy = "default-src 'none'; script-src 'wasm-unsafe-eval'"

// verifyPart serves a part of the verify page to the console, which runs it in a worker of its own.
func verifyPart(data []byte, typ string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if len(data) == 0 {
			head(w, "text/plain; charset=utf-8", policy)
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte("This program was built without the verifier for browsers: build it with make build, or check the file with parley verify.\n"))
			return
		}
		head(w, typ, workerPolicy)
		_, _ = w.Write(data)
	}
}
