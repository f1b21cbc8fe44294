package review

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"parley/transcript"
)

// Names says what people call the parties and the entries.
type Names struct {
	Party  func(transcript.Side) string
	Entry  func(string) string // the short name of an entry
	Notice func(string) string // the name of a notice, by its first entry
}

// Minutes writes the record of a review as it stands at now, in plain text: what both agree on, what is
// disputed with the words of each, and what one side alone says, apart.
func (r *Review) Minutes(names Names, now time.Time) string {
	m := minutes{r: r, names: names, now: now}
	m.head()
	m.items(Agreed, "Agreed by both:")
	m.items(Disputed, "Disputed:")
	m.items(OneSided, "Said by one side alone:")
	m.findings(Agreed, "Findings of both:")
	m.findings(OneSided, "Findings of one side:")
	m.undertakings()
	return strings.TrimSuffix(m.b.String(), "\n")
}

type minutes struct {
	b     strings.Builder
	r     *Review
	names Names
	now   time.Time
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func (m *minutes) say(format string, args ...any) { fmt.Fprintf(&m.b, format+"\n", args...) }

func (m *minutes) head() {
	r := m.r
	word := map[string]string{KindIncident: "Incident", KindTeam: "Team"}[r.Kind]
	m.say("%s %s: %s", word, m.names.Entry(r.Entry), flat(r.Title))
	m.say("Opened by %s at %s. Written as of %s.", m.names.Party(r.Side), stamp(r.Time), stamp(m.now))
	if r.Kind == KindTeam {
		m.say("Goal: %s", flat(r.Goal))
	} else {
		var notices string
		for _, n := range r.Incident.Notices {
			notices += ", " + m.names.Notice(n)
		}
		m.say("Evidence frozen: %s to %s%s.", stamp(r.Incident.From), stamp(r.Incident.Until), notices)
	}
	for i, x := range r.Members {
		if i == 0 {
			m.say("\nMembers:")
		}
		m.say("- %s (%s)%s", flat(x.Says.Member), m.names.Party(x.Side), after(": ", x.Says.Task))
	}
}

// items lists the items that end in one way.
func (m *minutes) items(standing, heading string) {
	for i := range m.r.Items {
		p := &m.r.Items[i]
		v := p.Newest()
		if v.Standing() != standing {
			continue
		}
		m.once(&heading)
		when := stamp(v.Says.From)
		if !v.Says.Until.IsZero() {
			when += " to " + stamp(v.Says.Until)
		}
		m.say("- %s, clock: %s. %s: %s%s", when, flat(v.Says.Clock), m.names.Party(p.Side), flat(v.Says.Text), m.cited(v.Entry, v.Says.Links))
		m.answer(p.Side, v.Answer)
	}
}

// findings lists those that both agree on, or the others.
func (m *minutes) findings(standing, heading string) {
	for i := range m.r.Findings {
		p := &m.r.Findings[i]
		v := p.Newest()
		if (v.Standing() == Agreed) != (standing == Agreed) {
			continue
		}
		m.once(&heading)
		m.say("- %s: %s%s", m.names.Party(p.Side), flat(v.Says.Text), m.cited(v.Entry, v.Says.Links))
		m.answer(p.Side, v.Answer)
	}
}

// once writes a heading before the first line under it.
func (m *minutes) once(heading *string) {
	if *heading != "" {
		m.say("\n%s", *heading)
		*heading = ""
	}
}

// answer writes what the other side says to something.
func (m *minutes) answer(side transcript.Side, a *Reply) {
	by := m.names.Party(side.Other())
	switch {
	case a == nil:
		m.say("  %s did not answer.", by)
	case a.Says.Answer == Dispute:
		m.say("  %s: %s%s", by, flat(a.Says.Text), m.cited(a.Entry, a.Says.Links))
	case a.Says.Answer == NotKnown:
		m.say("  %s cannot say%s%s", by, after(": ", a.Says.Text), m.cited(a.Entry, a.Says.Links))
	case a.Says.Text != "":
		m.say("  %s agrees: %s%s", by, flat(a.Says.Text), m.cited(a.Entry, a.Says.Links))
	default:
		m.say("  %s agrees.%s", by, m.cited(a.Entry, a.Says.Links))
	}
}

func (m *minutes) undertakings() {
	heading := "Undertakings:"
	for i := range m.r.Undertakings {
		u := &m.r.Undertakings[i]
		m.once(&heading)
		v := u.Counts()
		state, late := u.StateAt(m.now)
		if late && state != Late {
			state += ", after it was due"
		}
		m.say("- %s (%s) by %s: %s: %s%s", m.names.Party(v.Says.Owner), flat(v.Says.OwnerRole), stamp(v.Says.Due), flat(v.Says.Text), state, m.cited(v.Entry, nil))
		for j := range u.Reports {
			x := &u.Reports[j]
			m.say("  report of %s: %s%s", stamp(x.Time), flat(x.Says.Text), m.cited(x.Entry, nil))
		}
	}
}

// cited names the entry that says something, and what it links to.
func (m *minutes) cited(entry string, links []Link) string {
	list := []string{m.names.Entry(entry)}
	for _, l := range links {
		if l.Entry != "" {
			list = append(list, m.names.Entry(l.Entry)+after(" ", l.Description))
		} else {
			list = append(list, "SHA-256 "+l.SHA256+after(" ", l.Description))
		}
	}
	return " [" + strings.Join(list, "; ") + "]"
}

// after returns a text behind a separator, or nothing for no text.
func after(sep, text string) string {
	if text == "" {
		return ""
	}
	return sep + flat(text)
}

// flat puts a text on one line without what cannot be seen, so that no text passes for a line of the
// minutes and any can be signed.
func flat(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == 0x200c || r == 0x200d || r == 0x200e || r == 0x200f:
			return r
		case unicode.IsControl(r), unicode.In(r, unicode.Cf), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
