package catalogue

import "time"

// Kind is what a placeholder holds, and so how it is written.
type Kind string

// The kinds.
const (
	Words    Kind = "words"    // what people wrote: a name, a title, a reason
	Refused  Kind = "refused"  // an English text in which something was refused, said as a refusal
	Code     Kind = "code"     // an id, a command, a position, a phone number: left to right in every language
	Count    Kind = "count"    // a whole number; chooses the plural form
	Decimal  Kind = "decimal"  // a number with at most one decimal
	Clock    Kind = "clock"    // 18:40Z
	Second   Kind = "second"   // 18:40:05Z
	Minute   Kind = "minute"   // 2026-12-01 18:40Z
	Stamp    Kind = "stamp"    // 2026-12-01 18:40:05Z
	Date     Kind = "date"     // Wed 2 Dec 2026 08:00Z; in other languages the weekday, and the rest as Stamp
	Age      Kind = "age"      // a duration in its largest unit: 40 s, 12 min
	Span     Kind = "span"     // a duration in its two largest units: 1 h 30 min
	Long     Kind = "long"     // a duration in days, hours and minutes: 5 days 2 h
	Exact    Kind = "exact"    // a duration in all its units: 1 d 2 h 5 s
	Distance Kind = "distance" // in metres below 10 km, else in km
	Angle    Kind = "angle"    // a bearing in three digits: 045°
	Phrase   Kind = "phrase"   // a numbered phrase, by its number
	Said     Kind = "said"     // another message
	List     Kind = "list"     // further messages, a semicolon between them
	Series   Kind = "series"   // further messages, a comma between them
	Either   Kind = "either"   // further messages, "or" between them
	Both     Kind = "both"     // further messages, "and" between them
)

// Value is what a placeholder holds. Which fields count follows from Kind.
type Value struct {
	Kind   Kind
	Text   string    // Words, Refused, Code; of a Phrase, how the desk reads it, which an English text says
	Number float64   // Count, Decimal, Phrase; Age, Span, Long and Exact in seconds; Distance in metres; Angle in degrees
	Time   time.Time // Clock, Second, Minute, Stamp, Date
	Said   []Message // Said has one
}

// Arg is a placeholder by name, and what it holds.
type Arg struct {
	Name  string
	Value Value
}

// Message is one thing to say, in whichever language.
type Message struct {
	Key  string
	Args map[string]Value
}

// IsZero reports whether nothing is said.
func (m Message) IsZero() bool { return m.Key == "" }

// Say makes a message.
func Say(key string, args ...Arg) Message {
	m := Message{Key: key}
	for _, a := range args {
		if m.Args == nil {
			m.Args = make(map[string]Value, len(args))
		}
		m.Args[a.Name] = a.Value
	}
	return m
}

// Join makes one message of several, a semicolon between them. What says nothing is left out.
func Join(list ...Message) Message {
	var kept []Message
	for _, m := range list {
		if !m.IsZero() {
			kept = append(kept, m)
		}
	}
	if len(kept) == 1 {
		return kept[0]
	}
	return Say("join", SayList("list", kept))
}

// RefusedFor makes an argument of the English text of a refusal.
func RefusedFor(name, english string) Arg { return Arg{name, Value{Kind: Refused, Text: english}} }

// ByPeople is what people wrote.
func ByPeople(name, text string) Arg { return Arg{name, Value{Kind: Words, Text: text}} }

// AsCode is an id, a command, a position or a phone number.
func AsCode(name, text string) Arg { return Arg{name, Value{Kind: Code, Text: text}} }

// CountOf is a whole number.
func CountOf(name string, n int) Arg { return Arg{name, Value{Kind: Count, Number: float64(n)}} }

// DecimalOf is a number, written with at most one decimal.
func DecimalOf(name string, x float64) Arg { return Arg{name, Value{Kind: Decimal, Number: x}} }

// At is a time; kind is Clock, Second, Minute, Stamp or Date.
func At(name string, kind Kind, t time.Time) Arg {
	return Arg{name, Value{Kind: kind, Time: t.UTC().Truncate(time.Second)}}
}

// AgeOf is a duration in its largest unit.
func AgeOf(name string, d time.Duration) Arg {
	return Arg{name, Value{Kind: Age, Number: d.Seconds()}}
}

// SpanOf is a duration in its two largest units.
func SpanOf(name string, d time.Duration) Arg {
	return Arg{name, Value{Kind: Span, Number: d.Seconds()}}
}

// LongOf is a duration in days, hours and minutes.
func LongOf(name string, d time.Duration) Arg {
	return Arg{name, Value{Kind: Long, Number: d.Seconds()}}
}

// ExactOf is a duration in all its units.
func ExactOf(name string, d time.Duration) Arg {
	return Arg{name, Value{Kind: Exact, Number: d.Seconds()}}
}

// DistanceOf is a distance in metres.
func DistanceOf(name string, m float64) Arg { return Arg{name, Value{Kind: Distance, Number: m}} }

// AngleOf is a bearing in degrees.
func AngleOf(name string, deg float64) Arg { return Arg{name, Value{Kind: Angle, Number: deg}} }

// SayIn is another message.
func SayIn(name string, m Message) Arg { return Arg{name, Value{Kind: Said, Said: []Message{m}}} }

// Word is another message without arguments: a state, a kind, a role.
func Word(name, key string) Arg { return SayIn(name, Message{Key: key}) }

// SayList is further messages, a semicolon between them.
func SayList(name string, list []Message) Arg { return Arg{name, Value{Kind: List, Said: list}} }

// SaySeries is further messages, a comma between them.
func SaySeries(name string, list []Message) Arg { return Arg{name, Value{Kind: Series, Said: list}} }

// SayEither is further messages, "or" between them.
func SayEither(name string, list []Message) Arg { return Arg{name, Value{Kind: Either, Said: list}} }

// SayBoth is further messages, "and" between them.
func SayBoth(name string, list []Message) Arg { return Arg{name, Value{Kind: Both, Said: list}} }

// PhraseOf is a numbered phrase, and how the desk reads it.
func PhraseOf(name string, number int, desk string) Arg {
	return Arg{name, Value{Kind: Phrase, Number: float64(number), Text: desk}}
}
