package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"parley/internal/testbrowser"
	"parley/internal/testbundle"
	"parley/statement"
	"parley/verdict"
)

var pictures = flag.String("pictures", "", "a folder to put pictures of the page into")

// opened is the page, opened from a file as a double click does.
type opened struct {
	*testbrowser.Window
	t    testing.TB
	dir  string
	file string // of the page
	n    int
}

// TestPage makes the page once, and looks at it in Chromium.
func TestPage(t *testing.T) {
	data, wasm, err := build(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the page: %d bytes; the verifier in it: %d before it is compressed", len(data), wasm)
	for name, look := range map[string]func(p *opened){"verdicts": verdicts, "text as text": textAsText, "reaches nothing": reachesNothing, "10000 entries": tenThousand, "languages": inLanguages} {
		t.Run(name, func(t *testing.T) {
			p := &opened{Window: testbrowser.Open(t), t: t, dir: t.TempDir()}
			p.file = filepath.Join(p.dir, "a page.html")
			if err := os.WriteFile(p.file, data, 0o600); err != nil {
				t.Fatal(err)
			}
			p.load()
			look(p)
			if troubles := p.Troubles(); len(troubles) > 0 {
				t.Errorf("the page threw %q", troubles)
			}
		})
	}
}

func (p *opened) load() {
	p.t.Helper()
	p.Do(p.t, chromedp.Navigate("file://"+strings.ReplaceAll(p.file, " ", "%20")+"#en"))
	p.says("Ready.")
}

// wait waits until an expression of the page is true.
func (p *opened) wait(expression string) {
	p.t.Helper()
	if _, err := chromedp.Run(p.Ctx, chromedp.Poll[bool](expression, chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(100*time.Second))); err != nil {
		p.t.Fatalf("%s: %v; the page says %q", expression, err, p.Said(p.t))
	}
}

func (p *opened) says(text string) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`document.getElementById("said").textContent.startsWith(%q)`, text))
}

// give gives the page a file through its input, and waits for the verdict.
func (p *opened) give(data []byte) {
	p.t.Helper()
	p.n++
	name := fmt.Sprintf("evidence-%d.bundle", p.n)
	path := filepath.Join(p.dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.Do(p.t, chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{path}))
	p.wait(fmt.Sprintf(`document.documentElement.dataset.tookMs && document.getElementById("said").textContent.includes(%q)`, name))
	p.wait(`document.getElementById("count").textContent !== ""`)
}

// trust gives the page keys and has the file checked again.
func (p *opened) trust(keys string) {
	p.t.Helper()
	p.Do(p.t, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.getElementById("keys").open = true; document.getElementById("trust").value = %q; document.getElementById("said").textContent = ""`, keys)),
		chromedp.Click(chromedp.CSS("#again")))
}

func (p *opened) text(id string) string {
	p.t.Helper()
	return p.JS(p.t, fmt.Sprintf(`document.getElementById(%q).textContent`, id))
}

// holds holds what the page says of a file against what the program says of it.
func (p *opened) holds(data []byte, tone verdict.Tone, keys string) {
	p.t.Helper()
	var o verdict.Options
	if keys != "" {
		o.Trust, _ = verdict.ParseTrust([]byte(keys))
	}
	view, err := verdict.Check(bytes.NewReader(data), o).StatedView(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil })
	if verdict.IsStatement(data) {
		view, err = verdict.CheckStatement(data, o.Trust).View()
	}
	if err != nil {
		p.t.Fatal(err)
	}
	if view.Tone != tone {
		p.t.Errorf("the program says %s, want %s: %v", view.Tone, tone, view.Wrong)
	}
	if got := p.JS(p.t, `document.getElementById("verdict").className`); got != string(tone) {
		p.t.Errorf("the page shows it as %q, want %s", got, tone)
	}
	for id, want := range map[string]string{"head": view.Headlines[0].Head, "line": view.Verdict, "text": view.Text, "stated": strings.TrimSpace(view.Stated)} {
		if got := p.text(id); got != want {
			p.t.Errorf("%s: the page says %q, the program %q", id, got, want)
		}
	}
	if got, want := p.JS(p.t, `document.querySelectorAll("#wrong > li").length`), fmt.Sprint(len(view.Wrong)); got != want {
		p.t.Errorf("the page lists %s things as wrong, want %s", got, want)
	}
}

// survey is a line on which a flight is filed, received and held.
func survey(t testing.TB, seed string) *testbundle.Line {
	l := testbundle.New(t, seed)
	l.Say(0, "notice.file", "id", `"blue-7"`, "kind", `"flight"`, "title", `"survey of the northern valley"`, "volumes",
		`[{"shape":{"type":"Point","coordinates":[35.95,35.41],"radius_m":9260},"lower":{"value":0,"unit":"m","reference":"AMSL"},"upper":{"value":240,"unit":"FL","reference":"FL"},"start":"2026-12-01T18:00:00Z","end":"2026-12-01T19:30:00Z"}]`,
		"-crew", `2`)
	l.Commit(0, true)
	l.Say(1, "notice.receive", "entry", `"1/a#0"`, "officer", `"duty officer of red"`, "remark", `"crew told"`)
	l.Commit(1, true)
	l.Say(1, "call.hold", "text", `"stop and call: aircraft in the valley"`)
	l.Commit(1, true)
	l.Say(0, "call.answer", "entry", `"1/b#1"`, "text", `"held"`)
	l.Commit(0, false)
	return l
}

// verdicts gives the page files good and bad, and holds what it says against what the program says.
func verdicts(p *opened) {
	t := p.t
	l := survey(t, "genuine")
	whole := l.Bundle(nil)
	part := l.Bundle(func(_, _ int, kind string) (bool, func(string) bool) {
		return kind == "notice.file" || kind == "call.answer", func(name string) bool { return name != "title" }
	})

	p.give(whole)
	p.holds(whole, verdict.Unidentified, "")
	if got := p.JS(t, `document.querySelectorAll("#rows > li").length`); got != "4" {
		t.Errorf("%s rows", got)
	}
	first := p.JS(t, `document.querySelector("#rows > li").innerText`)
	for _, want := range []string{"blue", "notice.file", "1/a#0", "2026-12-01 06:00:01.000Z", "by the clock of blue", "delivered by", "2026-12-01 06:00:03Z", "by the clock of red", "survey of the northern valley"} {
		if !strings.Contains(first, want) {
			t.Errorf("the first row does not say %q: %q", want, first)
		}
	}
	if last := p.JS(t, `document.querySelector("#rows > li:last-child").innerText`); !strings.Contains(last, "delivery not shown") || !strings.Contains(last, "said after") {
		t.Errorf("the last row: %q", last)
	}
	p.picture("day", 920, 1240, "light")

	p.trust("blue nonsense")
	p.says("Not checked.")
	if got := p.text("trust-said"); !strings.Contains(got, "line 1") {
		t.Errorf("of a bad list of keys the page says %q", got)
	}
	p.trust(l.Trust())
	p.says("Checked")
	p.holds(whole, verdict.Identified, l.Trust())
	p.picture("night", 920, 1240, "dark")

	forged := survey(t, "forged").Bundle(nil)
	p.give(forged)
	p.holds(forged, verdict.Strangers, l.Trust())
	p.trust("")
	p.says("Checked")

	p.give(part)
	p.holds(part, verdict.Unidentified, "")
	rows := p.JS(t, `document.getElementById("rows").innerText`)
	for _, want := range []string{"this entry is not shown in this file: it holds its hash alone", "one field that red was told is not in this file"} {
		if !strings.Contains(rows, want) {
			t.Errorf("a disclosure does not say %q: %q", want, rows)
		}
	}
	p.picture("phone", 390, 1400, "dark")

	changed := bytes.Replace(whole, []byte(`"drill":false`), []byte(`"drill":fals3`), 1)
	p.give(changed)
	p.holds(changed, verdict.Broken, "")
	if got := p.text("wrong"); !strings.Contains(got, "entry 1/a#0") {
		t.Errorf("of a changed byte the page says %q", got)
	}
	p.picture("changed", 920, 1000, "light")

	alone := stated(t)
	p.give(alone)
	p.holds(alone, verdict.Unidentified, "")
	if got := p.text("stated"); !strings.Contains(got, "Nobody agreed to this.") || !strings.Contains(got, "not jointly agreed") {
		t.Errorf("of a statement the page says %q", got)
	}

	for _, garbage := range [][]byte{nil, []byte("no evidence\n"), whole[:len(whole)/2], bytes.Repeat([]byte{0xff, 0}, 1<<20)} {
		p.give(garbage)
		p.holds(garbage, verdict.Unreadable, "")
	}
}

// stated is what blue states alone.
func stated(t testing.TB) []byte {
	t.Helper()
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize))
	s := statement.Statement{Form: statement.OneSided, Line: strings.Repeat("0f", 32), Title: "What blue says", Date: testbundle.Begin(),
		Parties: []statement.Party{{Name: "blue", PartyKey: key.Public().(ed25519.PublicKey)}}, Texts: []statement.Text{{Language: "en", Text: "Nobody agreed to this."}}}
	s.Standing = statement.Standing(s.Form, s.Parties)
	note, err := statement.Sign(s, "blue", key)
	if err != nil {
		t.Fatal(err)
	}
	return note
}

// textAsText gives the page words that would be something else in HTML or turn the
// direction of what stands beside them, and looks at the other languages and filters.
func textAsText(p *opened) {
	t := p.t
	l := testbundle.New(t, "hostile")
	l.Say(0, "notice.file", "title", `"<img src=x onerror=document.title=1><script>document.title=2</script>"`, "place", "\"paid \u202e001\u2069 \u05d0\"",
		"words", `{"a":"<b>","list":["\u0007",`+strings.Repeat(`"much",`, 20)+`"end"]}`)
	l.Say(0, "call.query", "text", `"line one\nline two"`)
	l.Commit(0, true)
	p.give(l.Bundle(nil))
	rows := p.JS(t, `document.getElementById("rows").innerText`)
	for _, want := range []string{"<img src=x onerror=document.title=1><script>", "paid <U+202E>001<U+2069> \u05d0", `\u0007`, "line one\nline two"} {
		if !strings.Contains(rows, want) {
			t.Errorf("the page does not show %q: %q", want, rows)
		}
	}
	if got := p.JS(t, `document.querySelectorAll("img").length + " " + document.title`); got != "0 Parley: Check a file of evidence" {
		t.Errorf("text became something else: %s", got)
	}
	p.choose("language", "he")
	p.wait(`document.getElementById("headline").lang === "he" && document.querySelector(".value.json") !== null`)
	if got := p.JS(t, `document.getElementById("headline").dir + " " + document.documentElement.dir + " " + document.getElementById("unreviewed").hidden`); got != "rtl rtl false" {
		t.Errorf("in Hebrew: %s", got)
	}
	if got := p.JS(t, `getComputedStyle(document.querySelector(".value")).direction + " " + getComputedStyle(document.querySelector(".value.json")).direction`); got != "ltr ltr" {
		t.Errorf("what the evidence says runs %s in Hebrew", got)
	}
	p.picture("hebrew-hostile", 1000, 900, "light")
	p.choose("kind", "call.query")
	p.wait(`document.querySelectorAll("#rows > li").length === 1 && /: 1,/.test(document.getElementById("count").textContent)`)
}

// reachesNothing has the page try to reach a server in the ways that a page has.
func reachesNothing(p *opened) {
	t := p.t
	var reached atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer server.Close()
	try := fmt.Sprintf(`(async () => {
		const url = %q, outcomes = [];
		outcomes.push(await fetch(url, {mode: "no-cors"}).then(() => "fetched", () => "kept in"));
		outcomes.push(navigator.sendBeacon(url, "x") ? "queued" : "kept in");
		for (const [name, attribute] of [["img", "src"], ["script", "src"], ["iframe", "src"], ["object", "data"], ["link", "href"]]) {
			const node = document.createElement(name);
			if (name === "link") { node.rel = "stylesheet"; }
			node[attribute] = url;
			document.head.append(node);
		}
		try { new WebSocket(url.replace("http", "ws")); } catch (error) { outcomes.push("kept in"); }
		await new Promise((done) => setTimeout(done, 500));
		document.getElementById("said").textContent = "Tried: " + outcomes;
	})()`, server.URL+"/")
	p.Do(t, chromedp.Evaluate[chromedp.Void](try))
	p.says("Tried: ")
	if said := p.Said(t); strings.Contains(said, "fetched") {
		t.Errorf("the page says %q", said)
	}
	if n := reached.Load(); n > 0 {
		t.Errorf("the page reached a server %d times", n)
	}
}

// tenThousand prints how long the verdict of a large file takes, from its choice to the verdict.
func tenThousand(p *opened) {
	t := p.t
	for _, every := range []int{100, 10} {
		l := testbundle.New(t, "large")
		const entries = 10_000
		for i := range entries {
			l.Say(i/every%2, "notice.file", "id", fmt.Sprintf(`"n-%d"`, i), "kind", `"flight"`, "title", `"survey of the northern valley"`,
				"volumes", `[{"shape":{"type":"Point","coordinates":[35.95,35.41],"radius_m":9260},"start":"2026-12-01T18:00:00Z","end":"2026-12-01T19:30:00Z"}]`)
			if (i+1)%every == 0 {
				l.Commit(i/every%2, true)
			}
		}
		data := l.Bundle(nil)
		p.Do(t, chromedp.Evaluate[chromedp.Void](`window.longest = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) { window.longest = Math.max(window.longest, e.duration); } }).observe({type: "longtask"})`))
		began := time.Now()
		p.give(data)
		t.Logf("%d entries, a head and a receipt for each %d, %d bytes: checked in %s ms, verdict and first rows shown %.1f s after the file was chosen; the page was busy for at most %s ms at once",
			entries, every, len(data), p.JS(t, "document.documentElement.dataset.tookMs"), time.Since(began).Seconds(), p.JS(t, "Math.round(window.longest)"))
		p.holds(data, verdict.Unidentified, "")
	}
	p.Do(t, chromedp.Click(chromedp.CSS("#more")))
	p.wait(`document.querySelectorAll("#rows > li").length === 100`)
}

// picture takes a picture where one is asked for.
func (p *opened) picture(name string, width, height int64, scheme string) {
	p.t.Helper()
	if *pictures == "" {
		return
	}
	media := func(context.Context, *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Call(p.Ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return chromedp.Void{}, err
	}
	p.Do(p.t, media, chromedp.EmulateViewport(width, height), chromedp.Evaluate[chromedp.Void](`scrollTo(0, Math.max(0, document.getElementById("verdict").offsetTop - 12))`))
	data, err := chromedp.Run(p.Ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(*pictures, name+".png"), data, 0o600)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}
