package api

import (
	"slices"

	"parley/api/officer"
)

// Route is one row of the table of what each role may do.
type Route struct {
	Method string
	Path   string // as net/http writes patterns, which is also how OpenAPI writes paths
	Roles  []officer.Role
	Open   bool // to callers whom nobody knows
}

type route struct {
	Route
	handle func(*api, *call) (any, error)
	// urgent leaves the rate to the handler, which exempts hold and distress.
	urgent bool
}

func (r route) allows(role officer.Role) bool {
	return r.Roles == nil || slices.Contains(r.Roles, role)
}

// Routes returns the table of what each role may do. Nil roles are all.
func Routes() []Route {
	var out []Route
	for _, r := range routes() {
		if r.Roles == nil {
			r.Roles = officer.Roles()
		}
		out = append(out, r.Route)
	}
	return out
}

// read is a route that any officer may read.
func read(path string, h func(*api, *call) (any, error)) route {
	return route{Route: Route{Method: "GET", Path: path}, handle: h}
}

// do is a route of a command.
func do(path string, roles []officer.Role, h func(*api, *call) (any, error)) route {
	return route{Route: Route{Method: "POST", Path: path, Roles: roles}, handle: h}
}

// otherRoutes are the tables that stand beside their handlers.
func otherRoutes(files, desk []officer.Role) []route {
	return slices.Concat(
		dutyRoutes(),
		releaseRoutes(),
		courierRoutes(desk),
		auditRoutes(),
		recordRoutes(),
		reviewRoutes(),
		tokenRoutes(),
		voiceRoutes(desk),
		siteRoutes(files, desk),
		siteCopyRoutes(),
		conflictRoutes(desk),
		statementRoutes(desk),
		consentRoutes(desk),
		observerRoutes(),
		alertRoutes(desk),
		signRoutes(),
	)
}

func routes() []route {
	files := []officer.Role{officer.Planner, officer.Duty, officer.Supervisor}
	desk := []officer.Role{officer.Duty, officer.Supervisor}
	lead := []officer.Role{officer.Supervisor}
	relays := []officer.Role{officer.Duty, officer.Supervisor, officer.UnitRelay}
	call := func(path string, h func(*api, *call) (any, error)) route {
		r := do(path, desk, h)
		r.urgent = true
		return r
	}
	return append(otherRoutes(files, desk), []route{
		read("/v1/openapi.yaml", (*api).getDocument),
		read("/v1/status", (*api).getStatus),
		read("/v1/lines", (*api).getLines),
		read("/v1/lines/{line}", (*api).getLine),
		do("/v1/lines/{line}/suspend", lead, (*api).postSuspend),
		do("/v1/lines/{line}/resume", lead, (*api).postResume),
		do("/v1/lines/{line}/next-epoch", lead, (*api).postNextEpoch),
		do("/v1/lines/{line}/not-restored", lead, (*api).postNotRestored),
		do("/v1/lines/{line}/agreement", lead, (*api).postAgreement),
		do("/v1/lines/{line}/compare-key", lead, (*api).postCompareKey),
		read("/v1/agreement", (*api).getAgreement),

		read("/v1/changes", (*api).getChanges),
		read("/v1/past", (*api).getPast),
		read("/v1/notices", (*api).getNotices),
		do("/v1/notices", files, (*api).postNotices),
		do("/v1/notices/check", files, (*api).postCheck),
		read("/v1/notices/{id}", (*api).getNotice),
		{Route: Route{Method: "PUT", Path: "/v1/notices/{id}", Roles: files}, handle: (*api).putNotice},
		do("/v1/notices/{id}/state", files, (*api).postState),
		do("/v1/receive", desk, (*api).postReceive),
		do("/v1/read-back", desk, (*api).postReadBack),
		do("/v1/relay", relays, (*api).postRelay),
		do("/v1/unit", relays, (*api).postUnit),

		read("/v1/calls", (*api).getCalls),
		call("/v1/calls", (*api).postCall),
		call("/v1/calls/answer", (*api).postAnswer),
		call("/v1/calls/review", (*api).postReview),
		call("/v1/calls/lift", (*api).postLift),
		call("/v1/calls/end", (*api).postEnd),
		do("/v1/calls/translate", []officer.Role{officer.Duty, officer.Supervisor, officer.Interpreter}, (*api).postTranslate),
		read("/v1/phrases", (*api).getPhrases),
		read("/v1/catalogue", (*api).getCatalogue),
		read("/v1/alarms", (*api).getAlarms),
		do("/v1/alarms/acknowledge", desk, (*api).postAcknowledge),
		read("/v1/alarms/false", (*api).getFalse),
		do("/v1/alarms/false", desk, (*api).postFalse),
		read("/v1/alarms/over", (*api).getOver),
	}...)
}

// recordRoutes are those of what was said.
func recordRoutes() []route {
	reviews := []officer.Role{officer.Supervisor, officer.Reviewer}
	return []route{
		read("/v1/log", (*api).getLog),
		read("/v1/export", (*api).getExport),
		do("/v1/disclose", reviews, (*api).postDisclose),
		do("/v1/disclose/preview", reviews, (*api).postPreview),
		read("/v1/evidence", (*api).getEvidence),
		read("/v1/events", (*api).getEvents),
	}
}

// conflictRoutes lets the desk work a conflict out.
func conflictRoutes(desk []officer.Role) []route {
	return []route{
		read("/v1/conflicts", (*api).getConflicts),
		read("/v1/conflicts/{id}", (*api).getConflict),
		do("/v1/conflicts/{id}/own", desk, (*api).postOwn),
		read("/v1/conflicts/{id}/options", (*api).getOptions),
		do("/v1/conflicts/{id}/propose", desk, (*api).postPropose),
		do("/v1/conflicts/{id}/reply", desk, (*api).postReply),
		do("/v1/conflicts/{id}/apply", desk, (*api).postApply),
		do("/v1/conflicts/{id}/settle", desk, (*api).postSettle),
	}
}
