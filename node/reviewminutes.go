package node

import (
	"context"

	"parley/node/body"
	"parley/review"
	"parley/statement"
	"parley/transcript"
)

// DraftMinutes drafts a joint statement whose text is the record of an incident or a team as it stands:
// agreed, disputed and one-sided items apart. People edit it and both parties sign it, as any statement.
func (n *Node) DraftMinutes(ctx context.Context, kind, lineID, id string) (statement.Statement, error) {
	ln, ref, err := n.pickReview(kind, lineID, id)
	if err != nil {
		return statement.Statement{}, err
	}
	now := n.cfg.Clock.Now()
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	r := ln.pic.Review(ref)
	text := r.Minutes(review.Names{Party: ln.party, Entry: shortName, Notice: func(first string) string {
		x := ln.reviewNotice(first)
		if x.Notice == "" {
			return shortName(first)
		}
		return x.Party + " " + x.Notice
	}}, now)
	s := statement.Statement{Form: statement.Joint, Line: ln.id, Date: n.instant(now), Title: "Minutes of " + r.Kind + " " + ref.Short(),
		Texts: []statement.Text{{Language: "en", Text: statement.Normal(text)}}, About: []string{r.Entry}}
	for _, side := range []transcript.Side{transcript.A, transcript.B} {
		p, _ := ln.terms.Party(ln.party(side))
		s.Parties = append(s.Parties, statement.Party{Name: p.Name, PartyKey: p.PartyKey})
	}
	s.Standing = statement.Standing(s.Form, s.Parties)
	return s, nil
}

// shortName is an entry's name within its line; anything else as it is.
func shortName(entry string) string {
	if r, err := body.ParseRef(entry); err == nil {
		return r.Short()
	}
	return entry
}
