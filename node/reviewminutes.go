package node

import (
	"context"
	"slices"

	"parley/catalogue"
	"parley/node/body"
	"parley/review"
	"parley/statement"
	"parley/transcript"
)

// DraftMinutes drafts a joint statement whose text is the record of an incident or a team as it stands:
// agreed, disputed and one-sided items apart, in each language of the agreement that there is a catalogue
// of. People edit it and both parties sign it, as any statement.
func (n *Node) DraftMinutes(ctx context.Context, kind, lineID, id string) (statement.Statement, error) {
	ln, ref, err := n.pickReview(kind, lineID, id)
	if err != nil {
		return statement.Statement{}, err
	}
	now := n.cfg.Clock.Now()
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	r := ln.pic.Review(ref)
	names := review.Names{Party: ln.party, Entry: shortName, Notice: func(first string) string {
		x := ln.reviewNotice(first)
		if x.Notice == "" {
			return shortName(first)
		}
		return x.Party + " " + x.Notice
	}}
	s := statement.Statement{Form: statement.Joint, Line: ln.id, Date: n.instant(now), About: []string{r.Entry}}
	for _, language := range draftLanguages(ln.terms.Languages) {
		in, err := catalogue.Load(language)
		if err != nil {
			return statement.Statement{}, err
		}
		if s.Title == "" {
			s.Title = in.Say(catalogue.Say("minutes.title-"+r.Kind, catalogue.AsCode("id", ref.Short())))
		}
		s.Texts = append(s.Texts, statement.Text{Language: language, Text: statement.Normal(r.Minutes(names, now, in))})
	}
	s.Title = catalogue.WithoutIsolates(s.Title)
	for _, side := range []transcript.Side{transcript.A, transcript.B} {
		p, _ := ln.terms.Party(ln.party(side))
		s.Parties = append(s.Parties, statement.Party{Name: p.Name, PartyKey: p.PartyKey})
	}
	s.Standing = statement.Standing(s.Form, s.Parties)
	return s, nil
}

// draftLanguages are those of an agreement in which a text can be drafted, English where there is none.
func draftLanguages(agreed []string) []string {
	var out []string
	for _, tag := range agreed {
		if language, ok := catalogue.Find(tag); ok && !slices.Contains(out, language) {
			out = append(out, language)
		}
	}
	if len(out) == 0 {
		return []string{"en"}
	}
	return out
}

// shortName is an entry's name within its line; anything else as it is.
func shortName(entry string) string {
	if r, err := body.ParseRef(entry); err == nil {
		return r.Short()
	}
	return entry
}
