package phrase

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestEveryLanguageHasEveryKey: a language that is claimed misses no phrase and has none that is not.
func TestEveryLanguageHasEveryKey(t *testing.T) {
	for _, catalogue := range catalogues() {
		c := catalogue()
		for _, p := range All() {
			text := c.Texts[p.Key].Text
			if strings.TrimSpace(text) == "" || text != strings.TrimSpace(text) || !utf8.ValidString(text) || len(text) > 400 {
				t.Errorf("%s: %d %s is %q", c.Language, p.Number, p.Key, text)
			}
		}
		for key, text := range c.Texts {
			if !slices.ContainsFunc(All(), func(p Phrase) bool { return p.Key == key }) {
				t.Errorf("%s: %s is the key of no phrase", c.Language, key)
			}
			for other, same := range c.Texts {
				if key != other && same.Text == text.Text {
					t.Errorf("%s: %s and %s cannot be told apart: %q", c.Language, key, other, text.Text)
				}
			}
		}
	}
}

func TestNumbersAndKeysAreOnce(t *testing.T) {
	numbers, keys := map[int]bool{}, map[string]bool{}
	last := 0
	for _, p := range All() {
		if numbers[p.Number] || keys[p.Key] || p.Number <= last || p.Number > 99 || len(p.Uses) == 0 {
			t.Errorf("%+v", p)
		}
		numbers[p.Number], keys[p.Key], last = true, true, p.Number
		if found, ok := Find(p.Number); !ok || found.Key != p.Key {
			t.Errorf("%d finds %+v", p.Number, found)
		}
	}
	if _, ok := Find(99); ok {
		t.Error("a number that is no phrase was found")
	}
}

func TestInFallsBackToThePrimaryLanguage(t *testing.T) {
	p, _ := Find(1)
	want, ok := In(p, "en")
	got, same := In(p, "en-GB")
	if !ok || !same || got != want {
		t.Errorf("en-GB: %+v", got)
	}
	if _, ok := In(p, "tlh"); ok {
		t.Error("a language without a catalogue has the phrase")
	}
}

// TestNoPhraseSaysClearOrSafe: no word of the line ever says that there is no danger.
func TestNoPhraseSaysClearOrSafe(t *testing.T) {
	for key, text := range english().Texts {
		for _, word := range strings.FieldsFunc(strings.ToLower(text.Text), func(r rune) bool { return r < 'a' || r > 'z' }) {
			if word == "clear" || word == "safe" {
				t.Errorf("%s says %q", key, text.Text)
			}
		}
	}
}
