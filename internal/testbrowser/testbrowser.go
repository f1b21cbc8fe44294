// Package testbrowser opens a page in Chromium, for tests of the pages for people.
package testbrowser

import (
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Window is a browser with one page open.
type Window struct {
	Ctx context.Context

	mu       sync.Mutex
	troubles []string // exceptions that the page did not catch
}

// Open starts a browser that ends with the test. Where none is installed the test is skipped; with CI=true
// that is a failure.
func Open(t testing.TB) *Window {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("no Chromium is installed: make deps, as root, installs it")
		}
		t.Skip("no Chromium is installed")
	}
	flags := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.NoFirstRun, chromedp.NoSandbox, chromedp.Headless, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir())}
	for _, flag := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage"} {
		flags = append(flags, chromedp.Flag(flag, true))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, stop := chromedp.NewExecAllocator(ctx, flags...)
	t.Cleanup(stop)
	ctx, leave := chromedp.NewContext(ctx)
	t.Cleanup(leave)
	w := &Window{Ctx: ctx}
	if err := chromedp.Listen(ctx, func(e any) {
		if x, ok := e.(*runtime.EventExceptionThrown); ok {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.troubles = append(w.troubles, x.ExceptionDetails.Text)
		}
	}); err != nil {
		t.Fatal(err)
	}
	return w
}

// Troubles returns the exceptions that the page did not catch.
func (w *Window) Troubles() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.troubles...)
}

// Do does something on the page.
func (w *Window) Do(t testing.TB, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(w.Ctx, actions...); err != nil {
		t.Fatalf("%v; the page says %q", err, w.Said(t))
	}
}

// JS returns what an expression is on the page, as text.
func (w *Window) JS(t testing.TB, expression string) string {
	t.Helper()
	out, err := chromedp.Run(w.Ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return out
}

// Said returns what the page says now, in its element said.
func (w *Window) Said(t testing.TB) string {
	t.Helper()
	return w.JS(t, `document.getElementById("said")?.textContent`)
}
