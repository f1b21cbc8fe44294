package console

import (
	"bytes"
	"embed"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

// built is what make console wrote: the page, and beside each file a compressed copy. Without Node there is
// nothing in it but a note.
//
//go:embed all:dist
var built embed.FS

// home is where the page is; the build knows it.
const home = "/console/"

// pagePolicy lets the page load what is in the build and speak to its own node, and nothing else.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// noBuild is the page of a program that was built without Node.
const noBuild = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Parley: no console in this build</title></head>
<body><h1>There is no console in this build</h1>
<p>This program was built without Node, so that the duty officer's page is not in it. Build it with Node 20 or
newer: <code>make build</code>, and start the node again. Everything the page does, the command line does as
well: <code>parley --help</code>. The other page, for passkeys, is <a href="/sign-in">here</a>.</p></body></html>
`

// registerPage puts the console on a server.
func registerPage(mux *http.ServeMux, files fs.FS) {
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, home, http.StatusFound) })
	mux.HandleFunc("GET "+home, func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		name := strings.TrimPrefix(r.URL.Path, home)
		if name == "" {
			name = "index.html"
		}
		serveFile(w, r, files, name)
	})
}

// serveFile sends a file of the build. A name with a hash of what is in it stays what it is for ever.
func serveFile(w http.ResponseWriter, r *http.Request, files fs.FS, name string) {
	data, err := fs.ReadFile(files, name)
	h := w.Header()
	switch {
	case err != nil && name == "index.html":
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(noBuild))
		return
	case err != nil:
		http.NotFound(w, r)
		return
	}
	typ := mime.TypeByExtension(path.Ext(name))
	if typ == "" {
		typ = "application/octet-stream"
	}
	h.Set("Content-Type", typ)
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("Vary", "Accept-Encoding")
	if small, err := fs.ReadFile(files, name+".gz"); err == nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		data = small
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}
