package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/api/officer"
	"parley/audit"
	"parley/fault"
)

// did is a command that was done.
type did struct{ what, id string }

// done says that a command was done; it goes to the audit log with what the answer shows.
func (a *api) done(c *call, what, id string) {
	c.did = append(c.did, did{what, id})
	a.log.LogAttrs(c.r.Context(), slog.LevelInfo, "done", slog.String("officer", c.who.Name), slog.String("role", string(c.who.Role)),
		slog.String("what", what), slog.String("id", id))
}

// account puts a request that was answered into the audit log: the commands that were done, or else
// what of the other party the answer shows. After an error the answer must not go out.
func (a *api) account(c *call, answer any) error {
	list := seen(a.cfg.Node.Party(), answer)
	if len(c.did) > 0 {
		a.accountDone(c, list)
		return nil
	}
	for _, s := range list {
		if err := a.shown(c, "", s, !strings.Contains(c.rt.Path, "{id}")); err != nil {
			return err
		}
	}
	return nil
}

// accountDone records commands. They are done already, so an error is said in the log alone.
func (a *api) accountDone(c *call, list []*sight) {
	var records []audit.Record
	for _, d := range c.did {
		if n := len(records); n > 0 && records[n-1].What == d.what && len(records[n-1].IDs) < audit.MaxIDs {
			records[n-1].IDs = append(records[n-1].IDs, d.id)
			continue
		}
		r := a.who(c)
		r.Kind, r.What, r.IDs = audit.Done, d.what, []string{d.id}
		records = append(records, r)
	}
	for _, s := range list {
		last := records[len(records)-1]
		if len(last.Notices) == 0 && len(s.notices) <= audit.MaxNotices {
			last.Line, last.Notices = s.line, s.notices
			records[len(records)-1] = last
			continue
		}
		last.Line, last.IDs = s.line, nil
		records = append(records, audit.Split(last, s.notices, nil)...)
	}
	if err := a.cfg.Audit.Append(context.WithoutCancel(c.r.Context()), records...); err != nil {
		a.log.Error("a command is not in the audit log", "officer", c.who.Name, "what", c.did[0].what, "err", err)
	}
}

// shown records what an officer is about to be shown of the other party. Where that cannot be made
// durable he is not shown it, unless he is at the desk: whoever must avoid an accident sees what the
// node holds also when its disk fails, and the log says so.
func (a *api) shown(c *call, what string, s *sight, list bool) error {
	who := a.who(c)
	err := a.cfg.Audit.Access(c.r.Context(), audit.Access{Officer: who.Officer, Role: who.Role, By: who.By, From: who.From, Method: who.Method, Route: who.Route,
		What: what, Line: s.line, Whole: s.whole, Notices: s.notices, IDs: s.ids, List: list})
	if err == nil || c.r.Context().Err() != nil {
		return err
	}
	a.log.Error("what was shown is not in the audit log", "officer", c.who.Name, "route", c.rt.Path, "notices", len(s.notices), "err", err)
	if c.who.Role == officer.Duty || c.who.Role == officer.Supervisor {
		return nil
	}
	return &fault.Error{Code: fault.Unavailable, Field: "audit", Rule: "cannot be written now, and what is not on it is not shown", Hint: "ask an officer of the desk", Err: err}
}

// who is what every record says of a caller.
func (a *api) who(c *call) audit.Record {
	return audit.Record{Officer: c.who.Name, Role: string(c.who.Role), By: c.by, From: audit.Host(c.r.RemoteAddr), Method: c.r.Method, Route: c.rt.Path}
}

// refuse answers with an error and leaves an audit line, without body or token.
func (a *api) refuse(c *call, err error) {
	code, field := fault.CodeOf(err), ""
	level := slog.LevelInfo
	if code == fault.Internal || code == fault.Unavailable || code == fault.Corrupt {
		level = slog.LevelError
	}
	attrs := []slog.Attr{slog.String("officer", c.who.Name), slog.String("method", c.r.Method), slog.String("path", fault.Shorten(c.r.URL.Path)),
		slog.String("from", c.r.RemoteAddr), slog.Int("status", StatusOf(code)), slog.String("code", string(code))}
	var f *fault.Error
	if errors.As(err, &f) {
		field = f.Field
		attrs = append(attrs, slog.String("field", f.Field)) // a rule may repeat what was given
		if f.Err != nil && level == slog.LevelError {
			attrs = append(attrs, slog.String("cause", f.Err.Error()))
		}
	}
	a.log.LogAttrs(c.r.Context(), level, "refused", attrs...)
	r := a.who(c)
	r.Code, r.Field = string(code), field
	a.cfg.Audit.Refusal(context.WithoutCancel(c.r.Context()), r)
	writeProblem(c.w, err, time.Second, a.asked(c))
}

// Audit is a page of the audit log. Next is the cursor of the page after it; Done says that there
// is nothing behind it now. A page may be empty and not the last.
type Audit struct {
	Records []audit.Record `json:"records"`
	Next    string         `json:"next"`
	Done    bool           `json:"done"`
	Head    audit.Head     `json:"head"` // of the whole log
}

// auditRoutes are those of who may read the audit log.
func auditRoutes() []route {
	return []route{{Route: Route{Method: http.MethodGet, Path: "/v1/audit", Roles: []officer.Role{officer.Auditor, officer.Supervisor}}, handle: (*api).getAudit}}
}

func (a *api) getAudit(c *call) (any, error) {
	q, err := c.query("line", "from", "until", "officer", "notice", "party", "kind", "after", "limit", "newest")
	if err != nil {
		return nil, err
	}
	f := audit.Filter{Officer: q["officer"], Kind: audit.Kind(q["kind"]), Party: q["party"], Notice: q["notice"]}
	if f.Newest, err = flag(q, "newest"); err != nil {
		return nil, err
	}
	if f.Limit, err = number(q, "limit", audit.MaxPage); err != nil {
		return nil, err
	}
	if f.From, err = moment(q, "from"); err != nil {
		return nil, err
	}
	if f.Until, err = moment(q, "until"); err != nil {
		return nil, err
	}
	if s, ok := q["after"]; ok && s != "" {
		if f.After, err = strconv.ParseInt(s, 10, 64); err != nil || f.After < 0 {
			return nil, fault.New("after", s, "is not a place in the audit log", "give next of the page before")
		}
	}
	if err := knownKind(f.Kind); err != nil {
		return nil, err
	}
	if err := a.knownParty(c.r.Context(), f.Party); err != nil {
		return nil, err
	}
	if q["line"] != "" {
		ln, err := a.cfg.Node.Line(c.r.Context(), q["line"])
		if err != nil {
			return nil, err
		}
		f.Line = ln.ID
	}
	if err := a.shown(c, "audit", &sight{}, true); err != nil {
		return nil, err
	}
	p, err := a.cfg.Audit.Find(c.r.Context(), f)
	if err != nil {
		return nil, err
	}
	return Audit{p.Records, strconv.FormatInt(p.Next, 10), p.Done, a.cfg.Audit.Head()}, nil
}

func knownKind(k audit.Kind) error {
	names := ""
	for i, known := range audit.Kinds() {
		if k == known || k == "" {
			return nil
		}
		if i > 0 {
			names += ", "
		}
		names += string(known)
	}
	return fault.New("kind", string(k), "is not a kind of record", "choose one: "+names)
}

// moment reads a time of a query; the zero time where there is none.
func moment(q map[string]string, name string) (time.Time, error) {
	s, ok := q[name]
	if !ok {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, fault.New(name, s, "is not a time with an offset from UTC", "write 2026-12-01T18:00:00Z")
	}
	return at, nil
}
