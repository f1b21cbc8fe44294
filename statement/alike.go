package statement

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Normal returns a text as Sign takes it: in Unicode normal form C, its lines ended by line feeds, with
// none at its end.
func Normal(text string) string {
	return strings.TrimRight(norm.NFC.String(strings.ReplaceAll(text, "\r\n", "\n")), "\n")
}

// words are the texts of a statement without what cannot be seen: spaces, and how letters are composed.
func (s *Statement) words() string {
	var b strings.Builder
	for _, t := range s.Texts {
		b.WriteString(t.Language + "\x00" + string(squeezed(norm.NFC.Bytes([]byte(t.Text)))) + "\x00")
	}
	return b.String()
}

// Alike reports whether two statements look like one: the same words, or one title and date.
func Alike(a, b *Statement) bool {
	return a.words() == b.words() || a.Title == b.Title && a.Date.Equal(b.Date)
}

// Apart says in words how two statements that look alike differ, and "" of two that do not look alike
// or are the same.
func Apart(a, b *Statement) string {
	if !Alike(a, b) {
		return ""
	}
	for i, t := range a.Texts {
		if i < len(b.Texts) && t.Language == b.Texts[i].Language {
			if d := Difference([]byte(t.Text), []byte(b.Texts[i].Text)); d != "" {
				return "text " + t.Language + ", " + d
			}
		}
	}
	x, errA := a.encode()
	y, errB := b.encode()
	if errA != nil || errB != nil {
		return ""
	}
	return Difference(x, y)
}

// alike names where the two parties signed texts that look alike and are not the same bytes.
func (f *folding) alike() {
	type key struct {
		words, title string
		date         time.Time
	}
	open := map[key][]*Stand{}
	for _, st := range f.stands {
		if st.State != Proposed && st.State != Refused {
			continue
		}
		says := &st.Says
		for _, k := range []key{{words: says.words()}, {title: says.Title, date: says.Date}} {
			for _, other := range open[k] {
				if !slices.Equal(other.Signers, st.Signers) {
					st.apart(other)
					other.apart(st)
				}
			}
			open[k] = append(open[k], st)
		}
	}
	for i := range f.flawed {
		x := &f.flawed[i]
		says := x.Says
		if says == nil {
			says = glimpse(x.Note)
		}
		if says == nil {
			continue
		}
		for _, st := range open[key{words: says.words()}] {
			if d := Apart(&st.Says, says); d != "" {
				x.Alike = "it looks like " + st.ID[:12] + " and is not the same bytes: " + d
				break
			}
		}
	}
}

func (st *Stand) apart(other *Stand) {
	flag := Flag{other.Signers[0] + " signed other bytes that look alike, " + other.ID[:12] + ": " + Apart(&st.Says, &other.Says)}
	if !slices.Contains(st.Flags, flag) {
		st.Flags = append(st.Flags, flag)
	}
}

// glimpse reads what a note says that cannot be opened, as far as it can be read.
func glimpse(signed []byte) *Statement {
	text, ok := bytes.CutPrefix(signed, []byte(TypeLine+"\n"))
	if i := bytes.LastIndex(text, []byte("\n\n")); ok && i >= 0 {
		if s, err := Read(text[:i+1]); err == nil {
			return &s
		}
	}
	return nil
}

// Names returns what a signed note is about and which statements it corrects or withdraws, as far as it
// can be read.
func Names(signed []byte) []string {
	s := glimpse(signed)
	if s == nil {
		return nil
	}
	out := slices.Clone(s.About)
	for _, id := range [...]string{s.Corrects, s.Withdraws} {
		if id != "" {
			out = append(out, id)
		}
	}
	return out
}
