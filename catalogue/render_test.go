package catalogue

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"
)

func TestSay(t *testing.T) {
	day := time.Date(2026, 12, 1, 18, 40, 5, 0, time.UTC)
	numbers := SayEither("numbers", []Message{Say("contact.number", ByPeople("number", "100")), Say("contact.number", ByPeople("number", "200"))})
	acts := Say("acts.second", SayIn("said", Say("contact.second", ByPeople("party", "red"), numbers)))
	for _, c := range []struct {
		language string
		m        Message
		want     string
	}{
		{"en", Say("state.active"), "active"},
		{"ru", Say("state.active"), "выполняется"},
		{"en", acts, "use the second channel: red 100 or 200"},
		{"fr", acts, "utilisez le second canal : red 100 ou 200"},
		{"he", acts, "השתמשו בערוץ השני: \u2068red\u2069 \u2068100\u2069 או \u2068200\u2069"},
		{"en", Say("acts.second", SayIn("said", Say("contact.second-none", ByPeople("party", "אדום")))), "use the second channel: \u2068אדום\u2069 (no number in the agreement)"},
		{"en", Say("notice.overdue", At("since", Clock, day)), "overdue since 18:40Z: its end was not said; it stays in the picture and grows"},
		{"uk", Say("lead.before", AgeOf("age", 90*time.Minute)), "доставлено за 90 хв до початку"},
		{"en", Say("lead.after", AgeOf("age", 119*time.Second)), "delivered 119 s after its start"},
		{"en", Say("lead.after", AgeOf("age", 49*time.Hour)), "delivered 2 d after its start"},
		{"en", Say("shift.later", SpanOf("span", 90*time.Minute)), "later by 1 h 30 min"},
		{"en", Say("shift.later", SpanOf("span", 0)), "later by 0 s"},
		{"en", Say("shift.later", SpanOf("span", 24*time.Hour+5*time.Second)), "later by 1 d"},
		{"en", Say("shift.later", SpanOf("span", -61*time.Second)), "later by minus 1 min 1 s"},
		{"ar", Say("lead.before", AgeOf("age", 96*time.Hour)), "سُلّم قبل بدايته بـ 4 أيام"},
		{"ar", Say("lead.before", AgeOf("age", 11*24*time.Hour)), "سُلّم قبل بدايته بـ 11 يومًا"},
		{"en", Say("shift.up", DecimalOf("amount", 2000), AsCode("unitname", "ft")), "up by 2000 ft"},
		{"en", Join(Say("state.active"), Message{}, Say("flag.coarse")), "active; coarse"},
		{"ar", Join(Say("state.active"), Say("flag.coarse")), "جارٍ؛ واسع جدًا"},
		{"en", Join(Message{}, Say("state.active")), "active"},
		{"en", Say("no.such"), "[no.such]"},
		{"en", Say("lead.after"), "delivered {age} after its start"},
	} {
		if got := load(t, c.language).Say(c.m); got != c.want {
			t.Errorf("%s: %s says %q, not %q", c.language, c.m.Key, got, c.want)
		}
	}
}

func TestAPhraseIsSaidInTheLanguageAndInEnglishAsTheDeskReadsIt(t *testing.T) {
	m := Say("speech.phrase", PhraseOf("phrase", 32, "Arama çalışmalarında yardım edebiliriz."), CountOf("nr", 32), AsCode("tag", "uk"), ByPeople("text", "Можемо допомогти з пошуком."))
	for language, want := range map[string]string{"en": "Arama", "fr": "Nous pouvons aider aux recherches.", "ru": "Можем помочь в поиске."} {
		if got := load(t, language).Say(m); !strings.HasPrefix(got, want) || !strings.Contains(got, "Можемо допомогти з пошуком.") {
			t.Errorf("%s: %s", language, got)
		}
	}
}

func TestCheckTellsOfWhatDoesNotFit(t *testing.T) {
	c := load(t, "fr")
	for _, x := range []struct {
		m    Message
		want string
	}{
		{Say("lead.after", AgeOf("age", time.Hour)), ""},
		{Say("no.such"), "no.such: no such key"},
		{Say("lead.after"), "lead.after: age is not given"},
		{Say("lead.after", SpanOf("age", time.Hour)), "lead.after: age is span, not age"},
		{Say("lead.unknown", AgeOf("age", time.Hour)), "lead.unknown: age is not in the text"},
		{Say("notice.late", Word("lead", "no.such")), "no.such: no such key"},
		{Say("notice.overdue", At("since", Clock, time.Time{})), "notice.overdue: since is no time"},
	} {
		if got := strings.Join(c.Check(x.m), "; "); got != x.want {
			t.Errorf("%s: %q, not %q", x.m.Key, got, x.want)
		}
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		accept, want string
		ok           bool
	}{
		{"", "en", false}, {"*", "en", false}, {"tlh", "en", false}, {"ru", "ru", true}, {"fr-CH, fr;q=0.9, en;q=0.8", "fr", true},
		{"de, uk;q=0.3, tr;q=0.7", "tr", true}, {"he;q=0, ar;q=0.1", "ar", true}, {"FA_ir", "fa", true}, {"ru;q=x, en;q=0.1", "en", true}, {"ru;q=7", "en", false},
	} {
		if got, ok := Match(c.accept); got != c.want || ok != c.ok {
			t.Errorf("%q likes %s, %v", c.accept, got, ok)
		}
	}
}

// message draws a message that fits the English catalogue.
func message(t *rapid.T, c *Catalogue, depth int) Message {
	keys := c.Keys()
	if depth == 0 {
		keys = slices.DeleteFunc(keys, func(key string) bool { return len(c.entries[key].names()) > 0 })
	}
	m := Message{Key: rapid.SampledFrom(keys).Draw(t, "key")}
	for _, name := range c.entries[m.Key].names() {
		v := Value{Kind: Arguments()[name].Kind}
		switch v.Kind {
		case Words, Refused, Code:
			v.Text = rapid.String().Draw(t, name)
		case Clock, Second, Minute, Stamp, Date:
			v.Time = time.Unix(rapid.Int64Range(1, 1<<32).Draw(t, name), 0).UTC()
		case Said:
			v.Said = []Message{message(t, c, max(depth-1, 0))}
		case List, Series, Either, Both:
			v.Said = []Message{}
			for range rapid.IntRange(0, 2).Draw(t, name) {
				v.Said = append(v.Said, message(t, c, max(depth-1, 0)))
			}
		case Phrase:
			v.Number = 32
		default:
			v.Number = float64(rapid.IntRange(0, 9999).Draw(t, name))
		}
		if m.Args == nil {
			m.Args = map[string]Value{}
		}
		m.Args[name] = v
	}
	return m
}

// TestJSONThereAndBack: what fits one catalogue fits all, says the same after it went as JSON, and leaves
// no placeholder.
func TestJSONThereAndBack(t *testing.T) {
	english := load(t, "en")
	all := everyLanguage(t)
	rapid.Check(t, func(t *rapid.T) {
		m := message(t, english, 2)
		data, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var back Message
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		if !reflect.DeepEqual(back, m) {
			t.Fatalf("%s\n%+v\n%+v", data, m, back)
		}
		for language, c := range all {
			if wrong := c.Check(back); len(wrong) > 0 {
				t.Fatalf("%s: %v", language, wrong)
			}
			if c.Say(back) == "" && !strings.Contains(string(data), `""`) && !strings.Contains(string(data), `[]`) {
				t.Fatalf("%s: nothing is said of %s", language, data)
			}
		}
	})
}

func everyLanguage(t testing.TB) map[string]*Catalogue {
	out := map[string]*Catalogue{}
	for _, language := range Languages() {
		out[language] = load(t, language)
	}
	return out
}

func FuzzMessage(f *testing.F) {
	all := everyLanguage(f)
	f.Add(`{"key":"notice.late","args":{"lead":{"key":"lead.after","args":{"age":60}}}}`)
	f.Add(`{"key":"join","args":{"list":[{"key":"join"}]}}`)
	f.Add(`{"key":"alarm.to-settle","args":{"how":{},"party":"\u202e"}}`)
	f.Fuzz(func(t *testing.T, data string) {
		var m Message
		if json.Unmarshal([]byte(data), &m) != nil {
			return
		}
		for _, c := range all {
			c.Check(m)
			isolates(t, c.Say(m))
		}
	})
}

func FuzzMatch(f *testing.F) {
	f.Add("fr-CH, fr;q=0.9")
	f.Fuzz(func(t *testing.T, accept string) {
		if got, _ := Match(accept); !slices.Contains(Languages(), got) {
			t.Errorf("%q likes %q", accept, got)
		}
	})
}
