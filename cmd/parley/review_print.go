package main

import (
	"fmt"
	"strings"
	"time"

	"parley/fault"
	"parley/node/view"
)

// listed prints reviews in brief.
func (r *remote) listed(a *app, whole any, list []view.JointReview) error {
	if r.JSON {
		return printJSON(a.stdout, whole)
	}
	if len(list) == 0 {
		return say(a, "none")
	}
	rows := [][]string{{"ID", "OPENED BY", "OPENED", "STATE", "ITEMS", "AGREED", "DISPUTED", "UNDERTAKINGS", "MINUTES", "TITLE"}}
	for _, x := range list {
		count := map[string]int{}
		for _, i := range x.Items {
			count[i.Standing]++
		}
		minutes := "-"
		for _, m := range x.Minutes {
			minutes = m.State
		}
		rows = append(rows, []string{shortEntry(x.Entry), x.Party, brief(x.Opened), x.State, fmt.Sprint(len(x.Items)), fmt.Sprint(count["agreed"]), fmt.Sprint(count["disputed"]),
			fmt.Sprint(len(x.Undertakings)), minutes, x.Title})
	}
	return table(a.stdout, rows)
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
	rows := [][]string{{x.Kind, shortEntry(x.Entry)}, {"title", x.Title}, {"state", x.State}, {"opened by", spokenBy(x.Party, x.Officer, x.Role, x.Opened)}}
	if x.Kind == "team" {
		rows = append(rows, []string{"goal", x.Goal})
	} else {
		frozen := stamp(x.From) + " to " + stamp(x.Until)
		for _, n := range x.Notices {
			frozen += ", " + n.Party + " " + nonEmpty(n.Notice, shortEntry(n.Entry))
		}
		rows = append(rows, []string{"frozen", frozen}, []string{"heads then", headsWords(x.Heads)})
	}
	for _, c := range x.Closed {
		rows = append(rows, []string{"closed by", spokenBy(c.Party, c.Officer, c.Role, c.Time) + "; heads " + headsWords(c.Heads)})
	}
	for _, m := range x.Members {
		rows = append(rows, []string{"member", m.Party + ": " + m.Member + behind(", ", m.Task)})
	}
	for _, m := range x.Minutes {
		rows = append(rows, []string{"minutes", shortID(m.ID) + " " + m.Title + ": " + m.State + ": " + m.Standing})
	}
	if err := facts(a.stdout, rows); err != nil {
		return err
	}
	for _, print := range []func(*app, view.JointReview) error{printItems, printFindings, printUndertakings, printIgnored} {
		if err := print(a, x); err != nil {
			return err
		}
	}
	return nil
}

func spokenBy(party, officer, role string, at time.Time) string {
	return fmt.Sprintf("%s (%s, %s), %s", party, officer, role, stamp(at))
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

func headsWords(list []view.ReviewHead) string {
	var out []string
	for _, h := range list {
		_, origin, _ := strings.Cut(strings.TrimPrefix(h.Origin, "parley/"), "/")
		out = append(out, fmt.Sprintf("%s %d entries, root %s", origin, h.Size, h.Root))
	}
	if len(out) == 0 {
		return "of empty transcripts"
	}
	return strings.Join(out, "; ")
}

func linksWords(list []view.Link) string {
	var out []string
	for _, l := range list {
		if l.Entry != "" {
			out = append(out, shortEntry(l.Entry)+behind(" ", l.Description))
		} else {
			out = append(out, "SHA-256 "+l.SHA256+behind(" ", l.Description))
		}
	}
	return strings.Join(out, "; ")
}

// answerRow is the row under what was answered.
func answerRow(columns int, x *view.ReviewAnswer) []string {
	row := make([]string, columns)
	row[0], row[1], row[columns-2] = shortEntry(x.Entry), x.Party, x.Answer+behind(": ", x.Text)
	row[columns-1] = linksWords(x.Links)
	return row
}

// section prints a table under an empty line, where it has rows.
func section(a *app, rows [][]string) error {
	if len(rows) == 1 {
		return nil
	}
	fmt.Fprintln(a.stdout)
	return table(a.stdout, rows)
}

func printItems(a *app, x view.JointReview) error {
	rows := [][]string{{"ITEM", "PARTY", "ENDS AS", "WHEN", "CLOCK", "WHAT", "LINKS"}}
	for _, i := range x.Items {
		when := stamp(i.From)
		if !i.Until.IsZero() {
			when += " to " + stamp(i.Until)
		}
		rows = append(rows, []string{shortEntry(i.Entry), i.Party, i.Standing, when, i.Clock, i.Text, linksWords(i.Links)})
		if i.Answer != nil {
			rows = append(rows, answerRow(7, i.Answer))
		}
		for _, e := range i.Earlier {
			rows = append(rows, []string{shortEntry(e.Entry), e.Party, "amended", stamp(e.From), e.Clock, e.Text, linksWords(e.Links)})
		}
	}
	return section(a, rows)
}

func printFindings(a *app, x view.JointReview) error {
	rows := [][]string{{"FINDING", "PARTY", "STANDS AS", "WHAT", "LINKS"}}
	for _, f := range x.Findings {
		rows = append(rows, []string{shortEntry(f.Entry), f.Party, f.Standing, f.Text, linksWords(f.Links)})
		if f.Answer != nil {
			rows = append(rows, answerRow(5, f.Answer))
		}
		for _, e := range f.Earlier {
			rows = append(rows, []string{shortEntry(e.Entry), e.Party, "amended", e.Text, linksWords(e.Links)})
		}
	}
	return section(a, rows)
}

func printUndertakings(a *app, x view.JointReview) error {
	rows := [][]string{{"UNDERTAKING", "OWNER", "STATE", "DUE", "WHAT", ""}}
	for _, u := range x.Undertakings {
		state := u.State
		if u.Late && state != "late" {
			state += ", after it was due"
		}
		rows = append(rows, []string{shortEntry(u.Entry), u.Owner + " (" + u.OwnerRole + ")", state, stamp(u.Due), u.Text, ""})
		if u.Answer != nil {
			rows = append(rows, answerRow(6, u.Answer))
		}
		for _, r := range u.Reports {
			what := "report: "
			if r.Done {
				what = "done: "
			}
			rows = append(rows, []string{shortEntry(r.Entry), r.Party, "", "", what + r.Text, ""})
			if r.Answer != nil {
				rows = append(rows, answerRow(6, r.Answer))
			}
		}
		for _, o := range u.Other {
			rows = append(rows, []string{shortEntry(o.Entry), o.Owner + " (" + o.OwnerRole + ")", o.State, stamp(o.Due), o.Text, ""})
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
