package agreement

import (
	"fmt"
	"strings"
	"time"

	"parley/catalogue"
	"parley/geo4d"
	"parley/notice"
)

// explainer writes headed paragraphs, a sentence a line, by a catalogue.
type explainer struct {
	strings.Builder
	in     *catalogue.Catalogue
	marked bool // a sentence has the mark of what is not built
}

func (b *explainer) english() bool { return b.in.Language == "en" }

// words says a text of the catalogue with what is put in, which is said already. So it is filled here: what
// people wrote was put between its marks once.
func (b *explainer) words(key string, put ...string) string {
	text := b.in.Word("explain." + key)
	var pairs []string
	for i, name := range []string{"{one}", "{two}", "{three}", "{four}"}[:len(put)] {
		pairs = append(pairs, name, put[i])
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func (b *explainer) head(key string) { fmt.Fprintf(b, "\n%s\n", b.words(key)) }

func (b *explainer) say(key string, put ...string) { fmt.Fprintf(b, "  %s\n", b.words(key, put...)) }

// about says a sentence about a part, with the mark where it is not built.
func (b *explainer) about(p part, key string, put ...string) {
	if !notBuilt()[p] {
		b.say(key, put...)
		return
	}
	b.marked = true
	fmt.Fprintf(b, "  %s %s\n", b.words(key, put...), b.words("not-built"))
}

// people is what people wrote; English has it as it is.
func (b *explainer) people(text string) string {
	if b.english() {
		return text
	}
	return b.in.Say(catalogue.Say("speech.text", catalogue.ByPeople("text", text)))
}

// code is what runs from left to right in every language.
func (b *explainer) code(text string) string {
	if b.in.RightToLeft() {
		return catalogue.Isolate(text, true)
	}
	return text
}

func (b *explainer) when(t time.Time) string {
	if b.english() {
		return t.Format("2 Jan 2006 15:04Z")
	}
	return b.code(t.UTC().Format("2006-01-02 15:04Z"))
}

func (b *explainer) span(d time.Duration) string {
	if b.english() {
		return spell(d)
	}
	return b.in.Say(catalogue.Say("explain.span", catalogue.ExactOf("exact", d)))
}

func (b *explainer) kind(k notice.Kind) string { return b.in.Word("kind." + string(k)) }

func (b *explainer) kinds(k notice.Kind) string { return b.words("kinds-" + string(k)) }

func (b *explainer) join(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], b.in.Word("list.comma")) + b.in.Word("list.and") + words[len(words)-1]
}

func (b *explainer) altitude(a *geo4d.Altitude, open string) string {
	if a == nil {
		return b.words(open)
	}
	return b.code(altitude(a))
}
