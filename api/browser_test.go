package api

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// window is a browser with one page open.
type window struct {
	ctx context.Context

	mu       sync.Mutex
	troubles []string // exceptions that the page did not catch
}

// chromium starts a browser with an authenticator of its own, which knows its person. Where none is
// installed the test is skipped; with CI=true that is a failure.
func chromium(t *testing.T) *window {
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
	w := &window{ctx: ctx}
	err := chromedp.Listen(ctx, func(e any) {
		if x, ok := e.(*runtime.EventExceptionThrown); ok {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.troubles = append(w.troubles, x.ExceptionDetails.Text)
		}
	})
	if err == nil {
		_, err = chromedp.Call(ctx, webauthn.Enable, webauthn.EnableParams{})
	}
	if err == nil {
		_, err = chromedp.Call(ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// do does something on the page.
func (w *window) do(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(w.ctx, actions...); err != nil {
		t.Fatalf("%v; the page says %q", err, w.said(t))
	}
}

// js returns what an expression is on the page, as text.
func (w *window) js(t *testing.T, expression string) string {
	t.Helper()
	out, err := chromedp.Run(w.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return out
}

func (w *window) said(t *testing.T) string {
	t.Helper()
	return w.js(t, `document.getElementById("said")?.textContent`)
}

// says waits until the page says a text.
func (w *window) says(t *testing.T, text string) {
	t.Helper()
	until(t, "the page says "+text, func() bool { return strings.Contains(w.said(t), text) })
}

// TestSignInInABrowser registers a passkey, signs in and out, removes it and is refused, in Chromium on
// the node's page.
func TestSignInInABrowser(t *testing.T) {
	w := chromium(t)
	blue, _, _ := pair(t, Limits{})
	base := strings.Replace(serve(t, blue), "127.0.0.1", "localhost", 1)
	code := blue.books.invite(t, "the duty")
	const id = `document.getElementById`
	click := func(css string) { t.Helper(); w.do(t, chromedp.Click(chromedp.CSS(css))) }

	w.do(t, chromedp.Navigate(base+"/sign-in"))
	w.says(t, "Ready.")
	if in, out := w.js(t, id+`("in").hidden`), w.js(t, id+`("out").hidden`); in != "true" || out != "false" {
		t.Errorf("nobody signed in, and the page hides what is for those who are: %s, who are not: %s", in, out)
	}
	w.do(t, chromedp.SendKeys(chromedp.CSS("#invitation"), "AAAA-AAAA"), chromedp.SendKeys(chromedp.CSS("#name"), "desk computer"))
	click("#register-button")
	w.says(t, "invitation is none")
	w.do(t, chromedp.SetValue(chromedp.CSS("#invitation"), strings.ToLower(code)))
	click("#register-button")
	w.says(t, "Registered desk computer for the duty")
	click("#sign-in")
	w.says(t, "Signed in as the duty")
	if who := w.js(t, id+`("who").textContent`); !strings.HasPrefix(who, "the duty, duty, until ") {
		t.Errorf("the page says of who is signed in: %q", who)
	}
	if cookie := w.js(t, "document.cookie"); cookie != "" {
		t.Errorf("a script reads the cookie: %q", cookie)
	}
	all, err := chromedp.Call(w.ctx, network.GetCookies, network.GetCookiesParams{})
	if err != nil || len(all.Cookies) != 1 || !all.Cookies[0].HTTPOnly || all.Cookies[0].SameSite != network.CookieSameSiteStrict {
		t.Errorf("cookies %+v, %v", all.Cookies, err)
	}
	w.do(t, chromedp.Reload())
	w.says(t, "Ready.")
	if in := w.js(t, id+`("in").hidden`); in != "false" {
		t.Error("the session is over after the page was loaded again")
	}
	click("#sign-out")
	w.says(t, "Signed out.")
	click("#sign-in")
	w.says(t, "Signed in as the duty")
	if label := w.js(t, `document.querySelector("#list button").getAttribute("aria-label")`); label != "Remove the passkey desk computer of the duty" {
		t.Errorf("the button is called %q", label)
	}
	click("#list button")
	w.says(t, "Removed desk computer.")
	click("#sign-in")
	w.says(t, "is not known here")

	// A page elsewhere has no way in.
	w.do(t, chromedp.Navigate("data:text/html,"+url.PathEscape(`<p id="said">wait</p><script>fetch("`+base+
		`/v1/session", {credentials: "include"}).then(() => "let in", () => "kept out").then((text) => { document.getElementById("said").textContent = text; })</script>`)))
	w.says(t, "kept out")
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.troubles) > 0 {
		t.Errorf("the page threw %q", w.troubles)
	}
}
