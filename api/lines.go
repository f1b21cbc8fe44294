package api

import (
	"errors"

	"parley/agreement"
	"parley/fault"
	"parley/node/view"
)

// joined joins errors into one that lists them.
func joined(errs []error) error {
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

func (a *api) getStatus(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	lines, err := a.cfg.Node.Lines(c.r.Context())
	if err != nil {
		return nil, err
	}
	alarms, err := a.cfg.Node.Alarms(c.r.Context())
	if err != nil {
		return nil, err
	}
	out := Status{Party: a.cfg.Node.Party(), Version: a.cfg.Version, Time: a.cfg.Clock.Now(),
		Officer: Who{c.who.Name, c.who.Role, c.who.Expires}, Lines: lines, Alarms: []view.Alarm{}}
	for _, al := range alarms {
		if al.Acknowledged == nil {
			out.Alarms = append(out.Alarms, al)
		}
	}
	return out, nil
}

func (a *api) getLines(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	lines, err := a.cfg.Node.Lines(c.r.Context())
	return Lines{lines}, err
}

func (a *api) getLine(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	return a.line(c)
}

func (a *api) line(c *call) (any, error) {
	ln, err := a.cfg.Node.Line(c.r.Context(), c.r.PathValue("line"))
	return ln, err
}

func (a *api) postSuspend(c *call) (any, error) { return a.declare(c, true) }
func (a *api) postResume(c *call) (any, error)  { return a.declare(c, false) }

// maxReason bounds the words of a declaration, in bytes.
const maxReason = 4_000

func (a *api) declare(c *call, suspend bool) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	var in ReasonRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	if in.Reason == "" || len(in.Reason) > maxReason {
		return nil, fault.New("reason", in.Reason, "must have 1 to 4000 bytes", "say why: it goes on the record, and the other party reads it")
	}
	line, do, what := c.r.PathValue("line"), a.cfg.Node.Resume, "resume"
	if suspend {
		do, what = a.cfg.Node.Suspend, "suspend"
	}
	if err := do(c.r.Context(), c.officer(), line, in.Reason); err != nil {
		return nil, err
	}
	a.done(c, what, line)
	return a.line(c)
}

func (a *api) postNextEpoch(c *call) (any, error) {
	if err := c.noBody(); err != nil {
		return nil, err
	}
	line := c.r.PathValue("line")
	if err := a.cfg.Node.NextEpoch(c.r.Context(), c.officer(), line); err != nil {
		return nil, err
	}
	a.done(c, "next-epoch", line)
	return a.line(c)
}

func (a *api) postNotRestored(c *call) (any, error) {
	if err := c.noBody(); err != nil {
		return nil, err
	}
	line := c.r.PathValue("line")
	if err := a.cfg.Node.ConfirmNotRestored(line); err != nil {
		return nil, err
	}
	a.done(c, "not-restored", line)
	return a.line(c)
}

func (a *api) postAgreement(c *call) (any, error) {
	if _, err := c.contentType(typeText); err != nil {
		return nil, err
	}
	note, err := c.body(agreement.MaxBytes)
	if err != nil {
		return nil, err
	}
	line := c.r.PathValue("line")
	waits, err := a.cfg.Node.Propose(c.r.Context(), c.officer(), line, note)
	if err != nil {
		return nil, err
	}
	a.done(c, prepared("agreement", waits), line)
	return a.line(c)
}

func (a *api) postCompareKey(c *call) (any, error) {
	var in CompareKeyRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	line := c.r.PathValue("line")
	if err := a.cfg.Node.CompareKey(c.r.Context(), c.officer(), line, in.Version, in.Heard, in.With); err != nil {
		return nil, err
	}
	a.done(c, "key.compared", line)
	return a.line(c)
}

func (a *api) getAgreement(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	versions, err := a.cfg.Node.Agreements(c.r.Context(), q["line"])
	if err != nil {
		return nil, err
	}
	out := Agreements{Agreements: []AgreementVersion{}}
	for _, v := range versions {
		out.Agreements = append(out.Agreements, AgreementVersion{v.ID, v.Terms.Version, v.Signers, string(v.Note)})
	}
	return out, nil
}
