package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"parley/internal/foreign"
)

// inLanguages reads all that the page shows, in Hebrew and in Russian, and finds what is left in English. The
// evidence keeps its own words.
func inLanguages(p *opened) {
	t := p.t
	l := survey(t, "tongues")
	whole := l.Bundle(nil)
	part := l.Bundle(func(_, _ int, kind string) (bool, func(string) bool) {
		return kind == "notice.file", func(name string) bool { return name != "title" }
	})
	p.choose("language", "he")
	if got := p.JS(t, `location.hash`); got != "#he" {
		t.Errorf("the choice stands in the address as %q", got)
	}
	p.Do(t, chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS("#again")))
	p.wait(`!document.getElementById("file").disabled`)
	if got := p.JS(t, `document.documentElement.lang + " " + document.documentElement.dir`); got != "he rtl" {
		t.Errorf("after it was loaded again the page is %s", got)
	}
	for _, language := range []string{"he", "ru"} {
		p.choose("language", language)
		p.Do(t, chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach((box) => { box.open = true; })`))
		p.english(language + ", before a file is given")
		p.Do(t, chromedp.Evaluate[chromedp.Void](`document.getElementById("result").hidden = true`))
		p.picture(language+"-first", 920, 1240, "light")
		for i, data := range [][]byte{whole, part, stated(t), []byte("no evidence\n")} {
			p.give(data)
			p.english(fmt.Sprintf("%s, file %d", language, i))
			p.picture(fmt.Sprintf("%s-%d", language, i), 920, 1240, "light")
			if wide := p.JS(t, `document.documentElement.scrollWidth > window.innerWidth`); wide != "false" {
				t.Errorf("%s, file %d: the page is wider than its window", language, i)
			}
		}
		p.trust("blue nonsense")
		p.wait(`document.getElementById("trust-said").textContent !== ""`)
		p.english(language+", a bad list of keys", "blue nonsense", "line 1", "SHA256", "ssh-ed25519 AAAA")
		p.trust("")
		p.wait(`!document.getElementById("again").disabled && !!document.documentElement.dataset.tookMs`)
	}
	p.changesMidway()
}

// changesMidway chooses another language while a file is checked: its verdict is never shown in any other.
func (p *opened) changesMidway() {
	t := p.t
	p.Do(t, chromedp.Evaluate[chromedp.Void](`
		window.heads = [];
		new MutationObserver(() => heads.push(document.getElementById("headline").lang + (document.getElementById("result").hidden ? " hidden" : "")))
			.observe(document.getElementById("head"), { childList: true, characterData: true, subtree: true });
		document.getElementById("again").click();
		document.getElementById("language").value = "he";
		document.getElementById("language").dispatchEvent(new Event("change"));`))
	p.wait(`!document.getElementById("result").hidden`)
	if got := p.JS(t, `heads.join(", ")`); got != "he" {
		t.Errorf("a file checked while Hebrew is chosen has its verdict in %q", got)
	}
}

// english finds English words in what the page shows, but for what is the evidence's own or typed, the reasons of its
// inner parts, and what the caller lets stand.
func (p *opened) english(where string, stays ...string) {
	p.t.Helper()
	shown := p.JS(p.t, `(() => {
		const page = document.body.cloneNode(true);
		page.querySelectorAll("script, noscript, #language, code, bdi.value, bdi.why, #agreements .own, #trust").forEach((x) => x.remove());
		const texts = document.createTreeWalker(page, NodeFilter.SHOW_TEXT), out = [document.title];
		while (texts.nextNode()) { out.push(texts.currentNode.textContent); }
		page.querySelectorAll("[aria-label]").forEach((x) => out.push(x.getAttribute("aria-label")));
		return out.join("\n");
	})()`)
	stays = append(stays, strings.Split(p.JS(p.t, `Array.from(document.querySelectorAll(".why"), (x) => x.textContent.replace(/[\u2066-\u2069]/g, "")).join("\n")`), "\n")...)
	for line := range strings.Lines(shown) {
		if left := foreign.Latin(line, append(stays, "Parley", "blue", "red", fmt.Sprintf("evidence-%d.bundle", p.n), "notice.file", "notice.receive", "call.hold", "call.answer",
			"encoding", "bundle", "parley/bundle/v1", "agreement", "Nobody agreed to this", "What blue says", "en")...); len(left) > 0 {
			p.t.Errorf("%s: %q is left in %q", where, left, line)
		}
	}
}

// choose chooses of a list.
func (p *opened) choose(id, value string) {
	p.t.Helper()
	p.Do(p.t, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => { const e = document.getElementById(%q); e.value = %q; e.dispatchEvent(new Event("change")); })()`, id, value)))
}

// TestTheWordsOfThePage: every text that the page or its script names is there, and every one that is there is named.
func TestTheWordsOfThePage(t *testing.T) {
	all, err := words()
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{"script": true, "changed": true} // by verify.go and by the verifier
	for file, key := range map[string]string{"page.html": `data-said(?:-label)?="([a-z.-]+)"`, "page.js": `(?:words|pieces|say)\((?:all \? )?"([a-z.-]+)"(?: : "([a-z.-]+)")?|let last = \["([a-z-]+)"`} {
		data, err := os.ReadFile(filepath.Join("..", "..", "console", "verify", "parts", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(key).FindAllStringSubmatch(string(data), -1) {
			for _, name := range found[1:] {
				_, own := all[0].Texts["verifypage."+name]
				if _, shared := all[0].Texts[name]; name != "" && !own && !shared && name != "entry." {
					t.Errorf("%s names %q, which is no text of the page", file, name)
				}
				named[name] = true
			}
		}
	}
	for key := range all[0].Texts {
		if name, own := strings.CutPrefix(key, "verifypage."); own && !named[name] {
			t.Errorf("nothing on the page says %s", key)
		}
	}
}
