package api

import (
	"context"
	"regexp"
	"strings"

	"parley/fault"
	"parley/node"
	"parley/node/view"
)

// notamNumber is the number of a NOTAM as people write it, with or without the place before it:
// A0123/27, OSTT A0123/27, OSTT-A0123-27.
var notamNumber = regexp.MustCompile(`^(?:[A-Z]{4}[- ])?[A-Z]{0,2}[0-9]{1,5}[/-][0-9]{2}$`)

// maxCandidates is how many notices an ambiguous number lists.
const maxCandidates = 5

// filed returns the id of the notice that a caller means: the id as given where there is such a
// notice or where it is no NOTAM's number, else the one notice that was filed from the NOTAM of
// that number. of says which notices are looked at.
func (a *api) filed(ctx context.Context, line, party, id string, of func(view.Notice) bool) (string, error) {
	number := strings.ToUpper(strings.TrimSpace(id))
	if !notamNumber.MatchString(number) {
		return id, nil
	}
	all, err := a.cfg.Node.Notices(ctx, node.Filter{Line: line, Party: party})
	if err != nil {
		return "", err
	}
	number = strings.NewReplacer("/", "-", " ", "-").Replace(number)
	var ids, named []string
	for _, n := range all {
		switch {
		case !of(n):
		case n.ID == id:
			return id, nil
		case n.ID == number, strings.HasSuffix(n.ID, "-"+number):
			ids, named = append(ids, n.ID), append(named, n.ID+" of "+n.Party)
		}
	}
	switch {
	case len(ids) == 0:
		return id, nil // refused as any id that is not known
	case len(ids) == 1:
		return ids[0], nil
	}
	listed := strings.Join(named[:min(len(named), maxCandidates)], ", ")
	if len(named) > maxCandidates {
		listed += ", and more"
	}
	return "", fault.New("notice", id, "is the number of more than one notice: "+listed, "give the whole id of one, and --party NAME where both parties have it")
}

// knownParty refuses the name of a party that no line here has: a misspelt filter must not look like
// a party that said nothing.
func (a *api) knownParty(ctx context.Context, party string) error {
	if party == "" || party == a.cfg.Node.Party() {
		return nil
	}
	lines, err := a.cfg.Node.Lines(ctx)
	if err != nil {
		return err
	}
	names := []string{a.cfg.Node.Party()}
	for _, ln := range lines {
		if ln.Peer == party {
			return nil
		}
		names = append(names, ln.Peer)
	}
	return &fault.Error{Code: fault.NotFound, Field: "party", Value: fault.Shorten(party), Rule: "is not a party of a line here",
		Hint: "name one of " + strings.Join(names[:min(len(names), maxCandidates)], ", ")}
}

func ownOnly(n view.Notice) bool   { return n.Own }
func otherOnly(n view.Notice) bool { return !n.Own }
func anyNotice(view.Notice) bool   { return true }
