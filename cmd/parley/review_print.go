package main

import (
	"fmt"
	"strings"

	"parley/catalogue"
	"parley/fault"
	"parley/node/view"
)

// listed prints reviews in brief.
func (r *remote) listed(a *app, whole any, list []view.JointReview) error {
	if r.JSON {
		return printJSON(a.stdout, whole)
	}
	t := a.said
	if len(list) == 0 {
		return t.say(a, catalogue.Say("list.none"))
	}
	rows := [][]string{{"ID", "OPENED BY", "OPENED", "STATE", "ITEMS", "AGREED", "DISPUTED", "UNDERTAKINGS", "MINUTES", "TITLE"}}
	for _, x := range list {
		count := map[string]int{}
		for _, i := range x.Items {
			count[i.Standing]++
		}
		minutes := "-"
		for _, m := range x.Minutes {
			minutes = t.code("statement.", m.State)
		}
		rows = append(rows, []string{shortEntry(x.Entry), x.Party, brief(x.Opened), t.code("reviewstate.", x.State), fmt.Sprint(len(x.Items)), fmt.Sprint(count["agreed"]), fmt.Sprint(count["disputed"]),
			fmt.Sprint(len(x.Undertakings)), minutes, x.Title})
	}
	return table(a.stdout, t.table(rows))
}

// shown prints the only review of an answer.
func (r *remote) shown(a *app, list []view.JointReview) error {
	if len(list) != 1 {
		return fault.Newf(fault.Internal, "review.show", "the node gave %d for one", len(list))
	}
	if r.JSON {
		return printJSON(a.stdout, list[0])
	}
	return printReview(a, list[0])
}

// printReview prints all of an incident or a team.
func printReview(a *app, x view.JointReview) error {
	t := a.said
	rows := [][]string{{t.code("review.", x.Kind), shortEntry(x.Entry)}, {"title", x.Title}, {"state", t.code("reviewstate.", x.State)}, {"opened by", t.spoken(x.Party, x.Officer, x.Role, x.Opened)}}
	if x.Kind == "team" {
		rows = append(rows, []string{"goal", x.Goal})
	} else {
		frozen := []string{t.window(x.From, x.Until)}
		for _, n := range x.Notices {
			frozen = append(frozen, t.people(n.Party)+" "+t.people(nonEmpty(n.Notice, shortEntry(n.Entry))))
		}
		rows = append(rows, []string{"frozen", strings.Join(frozen, t.Word("list.comma"))}, []string{"heads then", t.headsWords(x.Heads)})
	}
	for _, c := range x.Closed {
		rows = append(rows, []string{"closed by", t.Say(catalogue.Say("review.closed-by", catalogue.ByPeople("text", t.spoken(c.Party, c.Officer, c.Role, c.Time)), catalogue.ByPeople("names", t.headsWords(c.Heads))))})
	}
	for _, m := range x.Members {
		rows = append(rows, []string{"member", t.people(m.Party) + t.Word("list.colon") + t.commas(m.Member, m.Task)})
	}
	for _, m := range x.Minutes {
		rows = append(rows, []string{"minutes", t.Say(catalogue.Say("review.minutes", catalogue.AsCode("id", shortID(m.ID)), catalogue.ByPeople("title", m.Title), t.coded("state", "statement.", m.State), catalogue.ByPeople("text", m.Standing)))})
	}
	if err := facts(a.stdout, t.facts(rows)); err != nil {
		return err
	}
	for _, print := range []func(*app, view.JointReview) error{printItems, printFindings, printUndertakings, printIgnored} {
		if err := print(a, x); err != nil {
			return err
		}
	}
	return nil
}

func nonEmpty(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// behind returns a text behind a separator, or nothing for no text.
func behind(sep, text string) string {
	if text == "" {
		return ""
	}
	return sep + text
}

func (t tongue) headsWords(list []view.ReviewHead) string {
	var out []string
	for _, h := range list {
		_, origin, _ := strings.Cut(strings.TrimPrefix(h.Origin, "parley/"), "/")
		out = append(out, t.Say(catalogue.Say("review.head", catalogue.AsCode("side", origin), catalogue.CountOf("count", int(h.Size)), catalogue.AsCode("id", h.Root))))
	}
	if len(out) == 0 {
		return t.Word("review.empty")
	}
	return strings.Join(out, t.Word("list.semicolon"))
}

func (t tongue) linksWords(list []view.Link) string {
	var out []string
	for _, l := range list {
		if l.Entry != "" {
			out = append(out, shortEntry(l.Entry)+behind(" ", l.Description))
		} else {
			out = append(out, "SHA-256 "+l.SHA256+behind(" ", l.Description))
		}
	}
	return strings.Join(out, t.Word("list.semicolon"))
}

// answerRow is the row under what was answered.
func (t tongue) answerRow(columns int, x *view.ReviewAnswer) []string {
	row := make([]string, columns)
	row[0], row[1], row[columns-2] = shortEntry(x.Entry), x.Party, t.code("reviewanswer.", x.Answer)+behind(t.Word("list.colon"), x.Text)
	row[columns-1] = t.linksWords(x.Links)
	return row
}

// section prints a table under an empty line, where it has rows.
func section(a *app, rows [][]string) error {
	if len(rows) == 1 {
		return nil
	}
	fmt.Fprintln(a.stdout)
	return table(a.stdout, a.said.table(rows))
}

func printItems(a *app, x view.JointReview) error {
	t := a.said
	rows := [][]string{{"ITEM", "PARTY", "ENDS AS", "WHEN", "CLOCK", "WHAT", "LINKS"}}
	for _, i := range x.Items {
		when := stamp(i.From)
		if !i.Until.IsZero() {
			when = t.window(i.From, i.Until)
		}
		rows = append(rows, []string{shortEntry(i.Entry), i.Party, t.code("standing.", i.Standing), when, i.Clock, i.Text, t.linksWords(i.Links)})
		if i.Answer != nil {
			rows = append(rows, t.answerRow(7, i.Answer))
		}
		for _, e := range i.Earlier {
			rows = append(rows, []string{shortEntry(e.Entry), e.Party, t.Word("standing.amended"), stamp(e.From), e.Clock, e.Text, t.linksWords(e.Links)})
		}
	}
	return section(a, rows)
}

func printFindings(a *app, x view.JointReview) error {
	t := a.said
	rows := [][]string{{"FINDING", "PARTY", "STANDS AS", "WHAT", "LINKS"}}
	for _, f := range x.Findings {
		rows = append(rows, []string{shortEntry(f.Entry), f.Party, t.code("standing.", f.Standing), f.Text, t.linksWords(f.Links)})
		if f.Answer != nil {
			rows = append(rows, t.answerRow(5, f.Answer))
		}
		for _, e := range f.Earlier {
			rows = append(rows, []string{shortEntry(e.Entry), e.Party, t.Word("standing.amended"), e.Text, t.linksWords(e.Links)})
		}
	}
	return section(a, rows)
}

func printUndertakings(a *app, x view.JointReview) error {
	t := a.said
	rows := [][]string{{"UNDERTAKING", "OWNER", "STATE", "DUE", "WHAT", ""}}
	for _, u := range x.Undertakings {
		state := t.code("undertaking.", u.State)
		if u.Late && u.State != "late" {
			state += t.Word("list.comma") + t.Word("undertaking.after-due")
		}
		rows = append(rows, []string{shortEntry(u.Entry), u.Owner + " (" + u.OwnerRole + ")", state, stamp(u.Due), u.Text, ""})
		if u.Answer != nil {
			rows = append(rows, t.answerRow(6, u.Answer))
		}
		for _, r := range u.Reports {
			what := "undertaking.report"
			if r.Done {
				what = "undertaking.done"
			}
			rows = append(rows, []string{shortEntry(r.Entry), r.Party, "", "", t.Word(what) + t.Word("list.colon") + r.Text, ""})
			if r.Answer != nil {
				rows = append(rows, t.answerRow(6, r.Answer))
			}
		}
		for _, o := range u.Other {
			rows = append(rows, []string{shortEntry(o.Entry), o.Owner + " (" + o.OwnerRole + ")", t.code("undertaking.", o.State), stamp(o.Due), o.Text, ""})
		}
	}
	return section(a, rows)
}

func printIgnored(a *app, x view.JointReview) error {
	rows := [][]string{{"COUNTS FOR NOTHING", "PARTY", "KIND", "WHY"}}
	for _, i := range x.Ignored {
		rows = append(rows, []string{shortEntry(i.Entry), i.Party, i.Kind, i.Why})
	}
	return section(a, rows)
}
