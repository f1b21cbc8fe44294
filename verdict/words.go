package verdict

import "parley/catalogue"

// Tone says which of the sentences a result has at its head.
type Tone string

// The tones. Only identified says whose the file is.
const (
	Unreadable   Tone = "unreadable"   // no file of evidence, or not whole
	Broken       Tone = "broken"       // something in it is wrong
	Forked       Tone = "forked"       // all fits, and it shows two versions of a transcript; no keys were given
	ForkedKnown  Tone = "forked-known" // the same, and the reader named all who signed
	Strangers    Tone = "strangers"    // all fits, and somebody signed whom the reader did not name
	Unidentified Tone = "unidentified" // all fits; no keys were given
	Identified   Tone = "identified"   // all fits, and the reader named all who signed
)

// Tone returns that of a result.
func (r Result) Tone() Tone {
	tone := Unidentified
	switch {
	case r.OnlyForks() && r.Identified:
		return ForkedKnown
	case r.OnlyForks():
		return Forked
	case r.Identified:
		tone = Identified
	}
	for _, c := range r.Checks {
		switch {
		case c.OK:
		case c.Name == "encoding":
			return Unreadable
		case c.Name != "signers":
			tone = Broken
		case tone != Broken:
			tone = Strangers
		}
	}
	return tone
}

// Headline is what a result comes to, in one language, in a sentence and what follows from it.
type Headline struct {
	Language string   `json:"language"`
	Name     string   `json:"name"`
	RTL      bool     `json:"rtl"`
	Head     string   `json:"head"`
	Means    []string `json:"means"`
	Reviewed bool     `json:"reviewed"` // a speaker has read all of it
}

// headlines says a tone in English and, after that, in the language of the reader. A catalogue takes a browser some
// time to read: the others are not looked at.
func (r Result) headlines(tone Tone) ([]Headline, error) {
	c, err := catalogue.Load("en")
	if err != nil {
		return nil, err
	}
	out := []Headline{headline(c, tone)}
	if !english(r.In) {
		out = append(out, headline(r.In, tone))
	}
	return out, nil
}

func headline(c *catalogue.Catalogue, tone Tone) Headline {
	keys := toneKeys(tone)
	h := Headline{Language: c.Language, Name: c.Name, RTL: c.RightToLeft(), Head: c.Word(keys[0]), Reviewed: true}
	for i, key := range keys {
		if i > 0 {
			h.Means = append(h.Means, c.Word(key))
		}
		if _, ok := c.Reviewed(key); !ok {
			h.Reviewed = false
		}
	}
	return h
}

// toneKeys returns the keys of the catalogue for a tone, the head first.
func toneKeys(tone Tone) []string {
	switch tone {
	case Unreadable:
		return []string{"evidence.unreadable", "evidence.means-broken"}
	case Broken:
		return []string{"evidence.broken", "evidence.means-broken", "evidence.means-rest"}
	case Forked:
		return []string{"evidence.forked", "evidence.means-forked", "evidence.means-unidentified"}
	case ForkedKnown:
		return []string{"evidence.forked", "evidence.means-forked"}
	case Strangers:
		return []string{"evidence.strangers", "evidence.means-strangers", "evidence.means-rest"}
	case Identified:
		return []string{"evidence.identified", "evidence.means-identified", "evidence.means-silence"}
	}
	return []string{"evidence.unidentified", "evidence.means-unidentified", "evidence.means-silence"}
}

// say says something by the catalogue that the reader chose, or in English.
func (r Result) say(english, key string, args ...catalogue.Arg) string {
	if r.In == nil || r.In.Language == "en" {
		return english
	}
	return r.In.Say(catalogue.Say(key, args...))
}

func signers(names []string) catalogue.Arg {
	var list []catalogue.Message
	for _, name := range names {
		list = append(list, catalogue.Say("party", catalogue.ByPeople("party", name)))
	}
	return catalogue.SayBoth("signers", list)
}

// checkWords says what a check asks, for who does not know its name.
func (r Result) checkWords(name string) string {
	english := checkWords(name)
	if key := "verdict.check-" + name; r.In != nil && r.In.Has(key) {
		return r.say(english, key)
	}
	return english
}

// checkWords says it in English.
func checkWords(name string) string {
	return map[string]string{
		"encoding":   "The file is whole and written in the one way that there is.",
		"agreement":  "The agreements are signed by both parties, and each follows the one before.",
		"signers":    "All who signed are those whose keys you gave.",
		"entry":      "Each entry is written in the one way that there is, and has the fingerprint that stands beside it.",
		"sequence":   "Entries follow one another in number and time, and are by the party whose transcript this is.",
		"in-force":   "Each entry names an agreement that is in the file.",
		"disclosure": "Each field that is shown is one that its entry was sealed with.",
		"root":       "The entries are those that their author signed for, all of them and in this order.",
		"head":       "The author's signatures hold, and cover every entry.",
		"receipt":    "The receiver's signatures hold, for these very entries.",
		"keys":       "Each signature was made with a key that counted at that time.",
		"witnessed":  "As many witnesses as the agreement asks for have signed for each entry.",
		"witness":    "Each signature of a witness is by one that is known, for these very entries.",
		"statement":  "The statement is written in the one way that there is, and its signatures hold.",
		"weaving":    "What each party says it had seen of the other's transcript is what the other's transcript has.",
		"fork":       "No party signed two versions of its transcript.",
		"foreign":    "No party signed that it holds what the other's transcript does not have.",
		"breach":     "No party signed an entry that breaks the format.",
		"epochs":     "No part of the line's record between two others is missing.",
	}[name]
}

// language is that in which a result is said.
func (r Result) language() string {
	if r.In == nil {
		return "en"
	}
	return r.In.Language
}

// catalogue is that by which a result is said.
func (r Result) catalogue() (*catalogue.Catalogue, error) {
	if r.In == nil {
		return catalogue.Load("en")
	}
	return r.In, nil
}
