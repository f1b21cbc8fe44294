package api

import (
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"parley/api/grant"
	"parley/api/officer"
	"parley/api/passkey"
	"parley/audit"
	"parley/catalogue"
	"parley/console"
	"parley/fault"
	"parley/internal/clock"
	"parley/notice"
)

// Officers gives the book of officers as it is now.
type Officers interface {
	Book() (officer.Book, error)
}

// Limits bound what callers may ask for. Zero values take the defaults.
type Limits struct {
	PerSecond  float64       // requests a second of one officer: 200; hold and distress are exempt
	Burst      int           // 400
	BodyBytes  int64         // of a plan file or NOTAMs: 64 MiB
	JSONBytes  int64         // of any other body: 4 MiB
	Streams    int           // event streams of one officer at once: 16
	Heartbeat  time.Duration // of event streams: 15 s
	WriteStall time.Duration // how long one write to a stream may take: 30 s
}

func (l Limits) withDefaults() Limits {
	if l.PerSecond == 0 {
		l.PerSecond = 200
	}
	if l.Burst == 0 {
		l.Burst = 400
	}
	if l.BodyBytes == 0 {
		l.BodyBytes = 64 << 20
	}
	if l.JSONBytes == 0 {
		l.JSONBytes = 4 << 20
	}
	if l.Streams == 0 {
		l.Streams = 16
	}
	if l.Heartbeat == 0 {
		l.Heartbeat = 15 * time.Second
	}
	if l.WriteStall == 0 {
		l.WriteStall = 30 * time.Second
	}
	return l
}

// Config is what the API is made of. Fields without a default are required.
type Config struct {
	Node     Node
	Officers Officers
	Audit    *audit.Log
	Clock    clock.Clock
	Log      *slog.Logger
	Limits   Limits

	Alerts  Alerts           // nil: none
	Places  notice.Gazetteer // says positions back in words; nil: coordinates alone
	Version string           // of the program
	// Instance names this run of the node, so that a stream of events is not resumed with the
	// numbers of another. Any word of letters and digits that no other run has.
	Instance string
	// Passkeys are those with which people sign in; nil: they use tokens.
	Passkeys *passkey.Keeper
	// Rand makes the secrets of short tokens and sessions.
	Rand io.Reader
	// Hosts are further names under which the API may be asked for, beside the loopback's. An
	// address of another name is refused: a page elsewhere may have its name point here.
	Hosts []string
}

// api serves one node. It holds no state but what its callers may still ask for.
type api struct {
	cfg    Config
	log    *slog.Logger
	limits Limits
	grants *grant.Grants

	catalogues map[string]*catalogue.Catalogue // by language

	mu       sync.Mutex // guards what follows
	limiters map[string]*rate.Limiter
	open     map[string]*rate.Limiter // by address, of callers whom nobody knows
	streams  map[string]int
	book     officer.Book // as it was last read
}

// New returns the API as a handler. It refuses to be made where no officer could use it.
func New(cfg Config) (http.Handler, error) {
	switch {
	case cfg.Node == nil || cfg.Officers == nil || cfg.Audit == nil || cfg.Clock == nil || cfg.Rand == nil || cfg.Log == nil:
		return nil, fault.Newf(fault.Internal, "api.new", "needs a node, officers, an audit log, a clock, randomness and a log")
	case cfg.Instance == "":
		return nil, fault.Newf(fault.Internal, "api.new", "needs a name of this run")
	}
	book, err := cfg.Officers.Book()
	if err != nil {
		return nil, err
	}
	if !book.Usable(cfg.Clock.Now()) {
		return nil, &fault.Error{Code: fault.Denied, Field: "officers", Rule: "has nobody whose token counts now, so nobody could use this node",
			Hint: `add one: parley officer add "J. Doe" --role duty`}
	}
	all, err := catalogues()
	if err != nil {
		return nil, err
	}
	a := &api{cfg: cfg, catalogues: all, log: cfg.Log, limits: cfg.Limits.withDefaults(), grants: grant.New(cfg.Rand), limiters: map[string]*rate.Limiter{},
		streams: map[string]int{}, open: map[string]*rate.Limiter{}, book: book}
	return a.protect(a.mux()), nil
}

// mux routes requests by the table. What is not in it is answered in the same form as any error.
func (a *api) mux() *http.ServeMux {
	mux := http.NewServeMux()
	for _, rt := range routes() {
		mux.HandleFunc(rt.Method+" "+rt.Path, func(w http.ResponseWriter, r *http.Request) { a.serve(rt, w, r) })
	}
	console.Register(mux)
	mux.HandleFunc("GET /sign-in.json", a.getSignWords)
	none := route{Route: Route{Path: "none"}, handle: func(a *api, c *call) (any, error) {
		if slices.ContainsFunc([]string{"GET", "POST", "PUT"}, func(m string) bool {
			probe := *c.r
			probe.Method = m
			_, pattern := mux.Handler(&probe)
			return pattern != "" && pattern != "/"
		}) {
			return nil, &fault.Error{Code: fault.Invalid, Field: "method", Value: c.r.Method, Rule: "is not offered at this path", Hint: "see /v1/openapi.yaml"}
		}
		return nil, &fault.Error{Code: fault.NotFound, Field: "path", Value: fault.Shorten(c.r.URL.Path), Rule: "is not a path of this API", Hint: "see /v1/openapi.yaml"}
	}}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { a.serve(none, w, r) })
	return mux
}
