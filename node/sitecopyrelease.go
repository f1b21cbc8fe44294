package node

import (
	"context"
	"strings"

	"parley/agreement"
	"parley/catalogue"
	"parley/fault"
	"parley/node/view"
)

// copySubject names a copy that waits: the same recipient and level are the same copy.
func copySubject(in Issuing) string { return "sites/" + in.Level + "/" + in.For }

func forCopy(r view.Release) bool {
	return strings.HasPrefix(r.Subject, "sites/") && r.Action == string(agreement.ActionDisclosure)
}

// prepareCopy keeps a copy that is to be made until a second officer releases it.
func (n *Node) prepareCopy(ctx context.Context, who Officer, ln *lineNode, in Issuing) (view.Release, error) {
	return n.prepare(ctx, who, prepared{Release: n.asked(view.Release{Action: string(agreement.ActionDisclosure), Line: ln.id, Subject: copySubject(in)}, copyMessage(in))})
}

func copyMessage(in Issuing) catalogue.Message {
	return catalogue.Say("release.copy", catalogue.ByPeople("to", in.For), catalogue.Word("how", "copylevel."+in.Level))
}

// copyRelease returns under what a copy may be made now: the zero release where one person is enough, and
// nil where a second must release it first. n.issuing is held.
func (n *Node) copyRelease(ctx context.Context, ln *lineNode, in Issuing) (*view.Release, error) {
	ln.mu.RLock()
	two := in.Level != view.CopyAlert && ln.terms.NeedsTwo(agreement.ActionDisclosure)
	ln.mu.RUnlock()
	if in.Release == "" {
		if two {
			return nil, nil
		}
		return &view.Release{}, nil
	}
	r, err := n.Release(ctx, in.Release)
	if err != nil {
		return nil, err
	}
	wrong := func(rule, hint string) (*view.Release, error) {
		return nil, &fault.Error{Code: fault.Mismatch, Field: "release", Value: in.Release, Rule: rule, Hint: hint}
	}
	switch {
	case r.Line != ln.id || !forCopy(r) || r.Subject != copySubject(in):
		return wrong("is not of this copy", "give the same line, recipient and level as when it was prepared")
	case r.State == view.ReleasePending:
		return wrong("waits for a second officer", "another officer releases it: parley release give "+r.ID)
	case r.State != view.ReleaseReleased:
		return wrong("was not released", "prepare it anew, without a release")
	case !n.cfg.Clock.Now().Before(r.Decided.Add(releaseWithin)):
		return wrong("was released more than an hour ago", "prepare it anew, without a release")
	}
	made, err := n.SiteCopies(ctx, ln.id)
	if err != nil {
		return nil, err
	}
	for _, c := range made {
		if c.Release == r.ID {
			return wrong("was used already, for copy "+c.ID, "prepare another copy, without a release")
		}
	}
	return &r, nil
}
