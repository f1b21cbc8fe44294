package review

import (
	"strings"
	"time"
	"unicode"

	"parley/catalogue"
	"parley/transcript"
)

// Names says what people call the parties and the entries.
type Names struct {
	Party  func(transcript.Side) string
	Entry  func(string) string // the short name of an entry
	Notice func(string) string // the name of a notice, by its first entry
}

// Minutes writes the record of a review as it stands at now, in plain text in one language: what both
// agree on, what is disputed with the words of each, and what one side alone says, apart. What people
// wrote stays as it is.
func (r *Review) Minutes(names Names, now time.Time, in *catalogue.Catalogue) string {
	m := minutes{r: r, names: names, now: now, in: in}
	m.head()
	m.items(Agreed, "minutes.agreed")
	m.items(Disputed, "minutes.disputed")
	m.items(OneSided, "minutes.one-sided")
	m.findings(Agreed, "minutes.findings-both")
	m.findings(OneSided, "minutes.findings-one")
	m.undertakings()
	return catalogue.WithoutIsolates(strings.TrimSuffix(m.b.String(), "\n")) // no text to be signed may have them
}

type minutes struct {
	b     strings.Builder
	r     *Review
	names Names
	now   time.Time
	in    *catalogue.Catalogue
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func moment(t time.Time) catalogue.Arg  { return catalogue.AsCode("moment", stamp(t)) }
func moment2(t time.Time) catalogue.Arg { return catalogue.AsCode("moment2", stamp(t)) }
func text(s string) catalogue.Arg       { return catalogue.ByPeople("text", flat(s)) }

// line writes a line.
func (m *minutes) line(before string, key string, args ...catalogue.Arg) {
	m.cited(before, key, args, "", nil)
}

// cited writes a line, with the entry that says it and what that links to.
func (m *minutes) cited(before, key string, args []catalogue.Arg, entry string, links []Link) {
	m.b.WriteString(before + m.in.Say(catalogue.Say(key, args...)))
	if entry != "" {
		m.b.WriteString(m.links(entry, links))
	}
	m.b.WriteString("\n")
}

func (m *minutes) party(name string, side transcript.Side) catalogue.Arg {
	return catalogue.ByPeople(name, m.names.Party(side))
}

func (m *minutes) head() {
	r := m.r
	m.line("", map[string]string{KindIncident: "minutes.incident", KindTeam: "minutes.team"}[r.Kind], catalogue.AsCode("id", m.names.Entry(r.Entry)), catalogue.ByPeople("title", flat(r.Title)))
	m.line("", "minutes.opened", m.party("by", r.Side), moment(r.Time), moment2(m.now))
	if r.Kind == KindTeam {
		m.line("", "minutes.goal", text(r.Goal))
	} else {
		span := []catalogue.Arg{moment(r.Incident.From), moment2(r.Incident.Until)}
		var notices []catalogue.Message
		for _, n := range r.Incident.Notices {
			notices = append(notices, catalogue.Say("speech.text", text(m.names.Notice(n))))
		}
		if len(notices) > 0 {
			m.line("", "minutes.frozen-notices", append(span, catalogue.SaySeries("parts", notices))...)
		} else {
			m.line("", "minutes.frozen", span...)
		}
	}
	for i, x := range r.Members {
		if i == 0 {
			m.line("\n", "minutes.members")
		}
		who := []catalogue.Arg{catalogue.ByPeople("officer", flat(x.Says.Member)), m.party("party", x.Side)}
		if x.Says.Task != "" {
			m.line("- ", "minutes.member-task", append(who, text(x.Says.Task))...)
		} else {
			m.line("- ", "minutes.member", who...)
		}
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
		key := "minutes.item"
		args := []catalogue.Arg{moment(v.Says.From), catalogue.ByPeople("whose", flat(v.Says.Clock)), m.party("party", p.Side), text(v.Says.Text)}
		if !v.Says.Until.IsZero() {
			key, args = "minutes.item-span", append(args, moment2(v.Says.Until))
		}
		m.cited("- ", key, args, v.Entry, v.Says.Links)
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
		m.cited("- ", "minutes.said", []catalogue.Arg{m.party("party", p.Side), text(v.Says.Text)}, v.Entry, v.Says.Links)
		m.answer(p.Side, v.Answer)
	}
}

// once writes a heading before the first line under it.
func (m *minutes) once(heading *string) {
	if *heading != "" {
		m.line("\n", *heading)
		*heading = ""
	}
}

// answer writes what the other side says to something.
func (m *minutes) answer(side transcript.Side, a *Reply) {
	by := m.party("by", side.Other())
	if a == nil {
		m.line("  ", "minutes.no-answer", by)
		return
	}
	key, args := "minutes.agrees", []catalogue.Arg{by}
	switch {
	case a.Says.Answer == Dispute:
		key, args = "minutes.answered", append(args, text(a.Says.Text))
	case a.Says.Answer == NotKnown && a.Says.Text == "":
		key = "minutes.cannot-say"
	case a.Says.Answer == NotKnown:
		key, args = "minutes.cannot-say-text", append(args, text(a.Says.Text))
	case a.Says.Text != "":
		key, args = "minutes.agrees-text", append(args, text(a.Says.Text))
	}
	m.cited("  ", key, args, a.Entry, a.Says.Links)
}

func (m *minutes) undertakings() {
	heading := "minutes.undertakings"
	for i := range m.r.Undertakings {
		u := &m.r.Undertakings[i]
		m.once(&heading)
		v := u.Counts()
		state, late := u.StateAt(m.now)
		word := catalogue.Say("undertaking." + state)
		if late && state != Late {
			word = catalogue.Say("minutes.after-due", catalogue.SayIn("state", word))
		}
		m.cited("- ", "minutes.undertaking", []catalogue.Arg{m.party("party", v.Says.Owner), catalogue.ByPeople("office", flat(v.Says.OwnerRole)), moment(v.Says.Due), text(v.Says.Text),
			catalogue.SayIn("state", word)}, v.Entry, nil)
		for j := range u.Reports {
			x := &u.Reports[j]
			m.cited("  ", "minutes.report", []catalogue.Arg{moment(x.Time), text(x.Says.Text)}, x.Entry, nil)
		}
	}
}

// links names the entry that says something, and what it links to.
func (m *minutes) links(entry string, links []Link) string {
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
