package console

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func ask(t *testing.T, files fstest.MapFS, path, encoding string) (*http.Response, string) {
	t.Helper()
	mux := http.NewServeMux()
	registerPage(mux, files)
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Result(), string(body)
}

func TestPage(t *testing.T) {
	files := fstest.MapFS{
		"index.html":         {Data: []byte("<p>page")},
		"assets/a-123.js":    {Data: []byte("plain")},
		"assets/a-123.js.gz": {Data: []byte("small")},
	}
	for _, tt := range []struct {
		path, encoding  string
		status          int
		body, typ, kept string
	}{
		{"/console/", "", 200, "<p>page", "text/html", "no-cache"},
		{"/console/assets/a-123.js", "", 200, "plain", "text/javascript", "public, max-age=31536000, immutable"},
		{"/console/assets/a-123.js", "br, gzip", 200, "small", "text/javascript", "public, max-age=31536000, immutable"},
		{"/console/none.js", "", 404, "404 page not found\n", "text/plain", ""},
		{"/console/assets", "", 404, "404 page not found\n", "text/plain", ""},
		{"/", "", 302, "", "text/html", ""},
	} {
		r, body := ask(t, files, tt.path, tt.encoding)
		if r.StatusCode != tt.status || tt.body != "" && body != tt.body || !strings.HasPrefix(r.Header.Get("Content-Type"), tt.typ) || r.Header.Get("Cache-Control") != tt.kept {
			t.Errorf("%s: %d, %q, %v", tt.path, r.StatusCode, body, r.Header)
		}
		if p := r.Header.Get("Content-Security-Policy"); tt.status == 200 && (!strings.Contains(p, "default-src 'none'") || strings.Contains(p, "unsafe")) {
			t.Errorf("%s: policy %q", tt.path, p)
		}
	}
}

func TestBuiltWithoutNode(t *testing.T) {
	r, body := ask(t, fstest.MapFS{"about.txt": {Data: []byte("x")}}, "/console/", "")
	if r.StatusCode != 404 || !strings.Contains(body, "make build") || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d, %q", r.StatusCode, body)
	}
}
