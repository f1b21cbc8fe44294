package api

import (
	"context"

	"parley/api/officer"
	"parley/consent"
	"parley/node"
	"parley/node/view"
)

// Consenter is what the API needs of a node for the word of hosts.
type Consenter interface {
	Consents(ctx context.Context, line string) (view.Consents, error)
	PutConsent(ctx context.Context, who node.Officer, line string, note []byte) (view.Consent, error)
}

// consentRoutes are those of what hosts say.
func consentRoutes(desk []officer.Role) []route {
	return []route{
		read("/v1/consents", (*api).getConsents),
		do("/v1/consents", desk, (*api).postConsent),
	}
}

func (a *api) getConsents(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	out, err := a.cfg.Node.Consents(c.r.Context(), q["line"])
	return out, err
}

func (a *api) postConsent(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	if _, err := c.contentType(typeText); err != nil {
		return nil, err
	}
	note, err := c.body(consent.MaxBytes)
	if err != nil {
		return nil, err
	}
	out, err := a.cfg.Node.PutConsent(c.r.Context(), c.officer(), q["line"], note)
	if err != nil {
		return nil, err
	}
	a.done(c, "consent", out.Host)
	return out, nil
}
