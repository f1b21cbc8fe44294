package console

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parley/console/verify"
)

func TestVerifyPage(t *testing.T) {
	made, err := verify.Assemble(verify.Made{Wasm: []byte("x"), WasmExec: []byte("x"), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	get := func(h http.HandlerFunc) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h(w, httptest.NewRequest("GET", "/verify", nil))
		return w
	}
	looked, saved, none := get(verifyPage(made, false)), get(verifyPage(made, true)), get(verifyPage(nil, false))
	own, _ := verify.Policy(made)
	if looked.Code != 200 || looked.Body.String() != string(made) || looked.Header().Get("Content-Security-Policy") != own+"; frame-ancestors 'none'" ||
		looked.Header().Get("Content-Disposition") != "" {
		t.Errorf("%d, %v", looked.Code, looked.Header())
	}
	if saved.Body.String() != string(made) || !strings.Contains(saved.Header().Get("Content-Disposition"), verify.Name) {
		t.Errorf("to save: %v", saved.Header())
	}
	worker, wasm, ok := verify.Parts(made)
	part := get(verifyPart(worker, "text/javascript; charset=utf-8"))
	if !ok || !strings.HasPrefix(string(worker), "x\n") || !strings.Contains(string(worker), "self.onmessage") || len(wasm) == 0 || part.Code != 200 ||
		part.Body.String() != string(worker) || part.Header().Get("Content-Security-Policy") != workerPolicy {
		t.Errorf("the parts: %t, %d bytes, %d bytes, %v", ok, len(worker), len(wasm), part.Header())
	}
	if gone := get(verifyPart(nil, "text/javascript; charset=utf-8")); gone.Code != 404 {
		t.Errorf("without the page its parts answer %d", gone.Code)
	}
	if _, _, ok := verify.Parts([]byte("<html>")); ok {
		t.Error("another page has parts")
	}
	if none.Code != 404 || !strings.Contains(none.Body.String(), "make build") || none.Header().Get("Content-Security-Policy") != policy {
		t.Errorf("without the page: %d %q", none.Code, none.Body)
	}
}

func TestRegister(t *testing.T) {
	mux := http.NewServeMux()
	Register(mux)
	for _, path := range []string{"/sign-in", "/sign-in.css", "/sign-in.js", "/verify", "/verify/" + verify.Name, "/verify/worker.js", "/verify/verifier.txt"} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Header().Get("Content-Security-Policy") == "" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", path, w.Header())
		}
	}
}
