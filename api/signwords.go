package api

import (
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/catalogue"
)

// signWords are the texts of the sign-in page, which nobody is signed in to see.
type signWords struct {
	Language  string                    `json:"language"`
	Direction string                    `json:"direction"`
	Languages []namedLanguage           `json:"languages"`
	Texts     map[string]jsontext.Value `json:"texts"`
}

type namedLanguage struct {
	Language string `json:"language"`
	Name     string `json:"name"`
}

// getSignWords gives the page its texts in the language that the browser likes best.
func (a *api) getSignWords(w http.ResponseWriter, r *http.Request) {
	language, _ := catalogue.Match(strings.Join(r.Header.Values("Accept-Language"), ","))
	c := a.catalogues[language]
	out := signWords{Language: c.Language, Direction: c.Direction, Texts: map[string]jsontext.Value{}}
	for _, l := range catalogue.Languages() {
		out.Languages = append(out.Languages, namedLanguage{l, a.catalogues[l].Name})
	}
	for _, key := range c.Keys() {
		if strings.HasPrefix(key, "sign.") || strings.HasPrefix(key, "role.") || key == "list.comma" {
			out.Texts[key] = c.Raw(key)
		}
	}
	data, err := json.Marshal(out, json.Deterministic(true))
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Language", c.Language)
	h.Set("Vary", "Accept-Language")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(data)
}
