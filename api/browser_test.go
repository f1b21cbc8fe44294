package api

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/go-json-experiment/json"

	"parley/internal/testbrowser"
)

// window is a browser with the page open, and an authenticator of its own, which knows its person.
type window struct{ *testbrowser.Window }

func chromium(t *testing.T) window {
	t.Helper()
	w := window{testbrowser.Open(t)}
	_, err := chromedp.Call(w.Ctx, webauthn.Enable, webauthn.EnableParams{})
	if err == nil {
		_, err = chromedp.Call(w.Ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// says waits until the page says a text.
func (w window) says(t *testing.T, text string) {
	t.Helper()
	until(t, "the page says "+text, func() bool { return strings.Contains(w.Said(t), text) })
}

func (w window) click(t *testing.T, css string) {
	t.Helper()
	w.Do(t, chromedp.Click(chromedp.CSS(css)))
}

// byID finds an element of the page, in its script.
const byID = `document.getElementById`

// signInPage opens the page of a node at which one officer has an invitation.
func signInPage(t *testing.T) (w window, base, code string) {
	t.Helper()
	w = chromium(t)
	blue, _, _ := pair(t, Limits{})
	base = strings.Replace(serve(t, blue), "127.0.0.1", "localhost", 1)
	w.Do(t, chromedp.Navigate(base+"/sign-in"))
	w.says(t, "Ready.")
	return w, base, blue.books.invite(t, "the duty")
}

// TestSignInInABrowser registers a passkey, signs in and out, removes it and is refused, in Chromium on
// the node's page.
func TestSignInInABrowser(t *testing.T) {
	w, base, code := signInPage(t)
	if in, out := w.JS(t, byID+`("in").hidden`), w.JS(t, byID+`("out").hidden`); in != "true" || out != "false" {
		t.Errorf("nobody signed in, and the page hides what is for those who are: %s, who are not: %s", in, out)
	}
	w.Do(t, chromedp.SendKeys(chromedp.CSS("#invitation"), "AAAA-AAAA"), chromedp.SendKeys(chromedp.CSS("#name"), "desk computer"))
	w.click(t, "#register-button")
	w.says(t, "invitation is none")
	w.Do(t, chromedp.SetValue(chromedp.CSS("#invitation"), strings.ToLower(code)))
	w.click(t, "#register-button")
	w.says(t, "Registered desk computer for the duty")
	w.click(t, "#sign-in")
	w.says(t, "Signed in as the duty")
	if who := w.JS(t, byID+`("who").textContent`); !strings.HasPrefix(who, "the duty, duty, until ") {
		t.Errorf("the page says of who is signed in: %q", who)
	}
	if cookie := w.JS(t, "document.cookie"); cookie != "" {
		t.Errorf("a script reads the cookie: %q", cookie)
	}
	all, err := chromedp.Call(w.Ctx, network.GetCookies, network.GetCookiesParams{})
	if err != nil || len(all.Cookies) != 1 || !all.Cookies[0].HTTPOnly || all.Cookies[0].SameSite != network.CookieSameSiteStrict {
		t.Errorf("cookies %+v, %v", all.Cookies, err)
	}
	w.Do(t, chromedp.Reload())
	w.says(t, "Ready.")
	if in := w.JS(t, byID+`("in").hidden`); in != "false" {
		t.Error("the session is over after the page was loaded again")
	}
	w.click(t, "#sign-out")
	w.says(t, "Signed out.")
	w.click(t, "#sign-in")
	w.says(t, "Signed in as the duty")
	if label := w.JS(t, `document.querySelector("#list button").getAttribute("aria-label")`); label != "Remove the passkey desk computer of the duty" {
		t.Errorf("the button is called %q", label)
	}
	w.click(t, "#list button")
	w.says(t, "Removed desk computer.")
	w.click(t, "#sign-in")
	w.says(t, "is not known here")

	// A page elsewhere has no way in.
	w.Do(t, chromedp.Navigate("data:text/html,"+url.PathEscape(`<p id="said">wait</p><script>fetch("`+base+
		`/v1/session", {credentials: "include"}).then(() => "let in", () => "kept out").then((text) => { document.getElementById("said").textContent = text; })</script>`)))
	w.says(t, "kept out")
	if troubles := w.Troubles(); len(troubles) > 0 {
		t.Errorf("the page threw %q", troubles)
	}
}

// TestSignInInHebrew opens the page in Hebrew: the choice on the page, from right to left, and what it says
// of a step that fails and of one that does not.
func TestSignInInHebrew(t *testing.T) {
	w, _, code := signInPage(t)
	if n := w.JS(t, byID+`("language").options.length`); n != "8" {
		t.Errorf("the page offers %s languages", n)
	}
	w.JS(t, byID+`("language").value = "he"`)
	w.JS(t, byID+`("language").dispatchEvent(new Event("change"))`)
	w.says(t, "מוכן.")
	if got := w.JS(t, `document.documentElement.lang + " " + document.documentElement.dir + " " + getComputedStyle(document.body).direction + " " + document.title`); got != "he rtl rtl כניסה" {
		t.Errorf("the page is %q", got)
	}
	const latin = `Array.from(document.querySelectorAll("[data-said]"), (e) => e.textContent).filter((text) => /[A-Za-z]/.test(text)).join("|")`
	if left := w.JS(t, latin); left != "" {
		t.Errorf("texts that are not in Hebrew: %q", left)
	}
	w.Do(t, chromedp.SendKeys(chromedp.CSS("#invitation"), strings.ToLower(code)), chromedp.SendKeys(chromedp.CSS("#name"), "desk computer"))
	w.click(t, "#register-button")
	w.says(t, "\u2068desk computer\u2069 נרשם עבור \u2068the duty\u2069")
	w.click(t, "#sign-in")
	w.says(t, "נכנסת בתור \u2068the duty\u2069")
	if who := w.JS(t, byID+`("who").textContent`); !strings.HasPrefix(who, "\u2068the duty\u2069, \u2068תורן\u2069, עד ") {
		t.Errorf("the page says of who is signed in: %q", who)
	}
	if label := w.JS(t, `document.querySelector("#list button").textContent`); label != "הסרה" {
		t.Errorf("the button is called %q", label)
	}
	if troubles := w.Troubles(); len(troubles) > 0 {
		t.Errorf("the page threw %q", troubles)
	}
}

// TestSignInSpeaksAsTheBrowserDoes: the texts come in the language that is liked best, and those of the page
// alone.
func TestSignInSpeaksAsTheBrowserDoes(t *testing.T) {
	blue, _, _ := pair(t, Limits{})
	base := serve(t, blue)
	for accept, want := range map[string]string{"": "en ltr", "he-IL,en;q=0.5": "he rtl", "xx, fa;q=0.2": "fa rtl", "uk": "uk ltr"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/sign-in.json", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Language", accept)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var said signWords
		err = json.UnmarshalRead(resp.Body, &said)
		resp.Body.Close()
		if err != nil || said.Language+" "+said.Direction != want || len(said.Languages) != 8 || len(said.Texts["sign.with"]) == 0 || len(said.Texts["alarm.clock"]) != 0 {
			t.Errorf("%q: %v, %+v", accept, err, said)
		}
	}
}
