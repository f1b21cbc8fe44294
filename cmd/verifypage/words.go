package main

import (
	"strings"

	"github.com/go-json-experiment/json"

	"parley/catalogue"
	"parley/console/verify"
)

// words is what the page says in every language: its own texts, the names of the kinds of entries, and those
// that it shares with the timeline. What it says of a file comes from the verifier in it.
func words() ([]verify.Words, error) {
	var out []verify.Words
	for _, language := range catalogue.Languages() {
		c, err := catalogue.Load(language)
		if err != nil {
			return nil, err
		}
		w := verify.Words{Language: c.Language, Name: c.Name, RTL: c.RightToLeft(), Reviewed: true, Texts: map[string]string{}, NoScript: c.Word("verifypage.script")}
		for _, key := range c.Keys() {
			if !onPage(key) {
				continue
			}
			var text string
			if err := json.Unmarshal(c.Raw(key), &text); err != nil {
				return nil, err
			}
			w.Texts[key] = text
			if _, ok := c.Reviewed(key); !ok && language != "en" {
				w.Reviewed = false
			}
		}
		out = append(out, w)
	}
	return out, nil
}

func onPage(key string) bool {
	switch key {
	case "verdict.said", "verdict.said-after", "verdict.not-shown", "rung.delivered", "list.comma", "list.semicolon":
		return true
	}
	return strings.HasPrefix(key, "verifypage.") || strings.HasPrefix(key, "entry.")
}
