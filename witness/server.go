package witness

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/time/rate"

	"parley/fault"
	"parley/internal/clock"
	"parley/store"
	"parley/transcript"
)

// Rates. A party has a head cosigned once a minute; both parties submit both transcripts.
const (
	perSecond    = 200 // requests of anyone, before a signature is looked at
	burst        = 400
	logPerSecond = 1 // of one log, signed by it
	logBurst     = 30
	maxAtOnce    = 64
)

// tries is how often a request is judged again because another changed the log meanwhile.
const tries = 4

// Config is what a witness is made of.
type Config struct {
	Name  string        // by which it cosigns, as a URL without scheme
	Key   crypto.Signer // Ed25519, and for this name alone
	Logs  *Logs
	Store store.Store
	Clock clock.Clock
	Log   *slog.Logger
}

// Server is a witness.
type Server struct {
	cfg    Config
	key    transcript.WitnessKey
	atOnce chan struct{}
	all    *rate.Limiter // own lock

	mu    sync.Mutex
	rates map[string]*rate.Limiter // by origin; as many as there are logs that signed something
}

// New returns a witness. It starts nothing.
func New(cfg Config) (*Server, error) {
	pub, ok := cfg.Key.Public().(ed25519.PublicKey)
	if !ok {
		return nil, fault.Newf(fault.Invalid, "witness", "the key must be Ed25519")
	}
	if _, err := transcript.NewNoteVerifier(cfg.Name, pub); err != nil {
		return nil, err
	}
	if cfg.Logs == nil || cfg.Logs.Len() == 0 {
		return nil, &fault.Error{Code: fault.Mismatch, Field: "logs", Rule: "are none, so there is nothing to witness",
			Hint: "list each log's origin and key in the file: parley witness serve --help"}
	}
	return &Server{cfg: cfg, key: transcript.WitnessKey{Name: cfg.Name, Key: pub}, atOnce: make(chan struct{}, maxAtOnce),
		all: rate.NewLimiter(perSecond, burst), rates: map[string]*rate.Limiter{}}, nil
}

// Key returns the key by which the witness is known.
func (s *Server) Key() transcript.WitnessKey { return s.key }

// Handler returns the witness's HTTP interface.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /add-checkpoint", s.addCheckpoint)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprintf(w, "C2SP tlog-witness\n%s\n", s.key)
	})
	return mux
}

// answer is what add-checkpoint says.
type answer struct {
	status int
	body   string
	size   bool // the body is a size
}

func refuse(status int, why string) answer { return answer{status: status, body: why + "\n"} }

func (s *Server) addCheckpoint(w http.ResponseWriter, r *http.Request) {
	select {
	case s.atOnce <- struct{}{}:
		defer func() { <-s.atOnce }()
	default:
		s.write(w, refuse(http.StatusServiceUnavailable, "too many requests at once"))
		return
	}
	if !s.all.AllowN(s.cfg.Clock.Now(), 1) {
		s.write(w, refuse(http.StatusTooManyRequests, "too many requests"))
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestBytes))
	if err != nil {
		s.write(w, refuse(http.StatusRequestEntityTooLarge, "the request is too large, or broke off"))
		return
	}
	a := s.add(r.Context(), body)
	if a.status != http.StatusOK {
		s.cfg.Log.Debug("refused", "status", a.status, "why", strings.TrimSpace(a.body))
	}
	s.write(w, a)
}

func (s *Server) write(w http.ResponseWriter, a answer) {
	kind := "text/plain; charset=utf-8"
	if a.size {
		kind = "text/x.tlog.size"
	}
	w.Header().Set("Content-Type", kind)
	if a.status == http.StatusTooManyRequests || a.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "10")
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body) // who hung up asks again
}

// add judges a request by itself, then against what is held.
func (s *Server) add(ctx context.Context, body []byte) answer {
	req, err := ParseRequest(body)
	if err != nil {
		return refuse(http.StatusBadRequest, err.Error())
	}
	origin, _, _ := strings.Cut(string(req.Checkpoint), "\n")
	keys := s.cfg.Logs.Keys(origin)
	if len(keys) == 0 {
		return refuse(http.StatusNotFound, "this witness does not know the log")
	}
	n, err := note.Open(req.Checkpoint, note.VerifierList(keys...))
	var unverified *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &unverified), errors.As(err, &invalid):
		return refuse(http.StatusForbidden, "no key of the log that this witness knows signed the checkpoint")
	case err != nil:
		return refuse(http.StatusBadRequest, "the checkpoint is not a signed note")
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return refuse(http.StatusBadRequest, err.Error())
	}
	if req.Old > c.Size {
		return refuse(http.StatusBadRequest, "the old size is larger than the checkpoint's")
	}
	if !s.rateOf(origin).AllowN(s.cfg.Clock.Now(), 1) {
		return refuse(http.StatusTooManyRequests, "too many requests of this log")
	}
	for range tries {
		a, again := s.judge(ctx, req, c, n.Text)
		if !again {
			return a
		}
	}
	return refuse(http.StatusServiceUnavailable, "the log changed meanwhile; ask again")
}

func (s *Server) rateOf(origin string) *rate.Limiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.rates[origin]
	if l == nil {
		l = rate.NewLimiter(logPerSecond, logBurst)
		s.rates[origin] = l
	}
	return l
}

// judge holds a checkpoint that its log signed against the newest that was cosigned, makes it durable
// and then cosigns it. It is to be called again where another request was in between.
func (s *Server) judge(ctx context.Context, req Request, c Checkpoint, text string) (a answer, again bool) {
	held, err := s.load(ctx, c.Origin)
	if err != nil {
		return s.unavailable(c.Origin, err), false
	}
	if req.Old != held.Size {
		return answer{http.StatusConflict, fmt.Sprintf("%d\n", held.Size), true}, false
	}
	if c.Size == held.Size && c.Root != held.Root {
		s.against(ctx, c, req.Checkpoint)
		return answer{http.StatusConflict, fmt.Sprintf("%d\n", held.Size), true}, false
	}
	if transcript.CheckConsistency(req.Proof, held.Size, held.Root, c.Size, c.Root) != nil {
		s.cfg.Log.Warn("a checkpoint that does not follow the last one was refused", "log", c.Origin, "size", c.Size, "held", held.Size)
		return refuse(http.StatusUnprocessableEntity, "the proof does not lead from the checkpoint held to this one"), false
	}
	now := s.cfg.Clock.Now().Truncate(time.Second)
	if now.Before(held.time) {
		s.cfg.Log.Error("the clock is before a time that was signed; nothing is cosigned for the log until it is not", "log", c.Origin, "signed", held.time, "now", now)
		return refuse(http.StatusServiceUnavailable, "the clock of this witness is behind"), false
	}
	switch err := s.keep(ctx, held, c, now, req.Checkpoint); {
	case errors.Is(err, store.ErrConflict):
		return answer{}, true
	case err != nil:
		return s.unavailable(c.Origin, err), false
	}
	line, err := transcript.SignCosignature(s.cfg.Key, s.cfg.Name, []byte(text), now)
	if err != nil {
		return s.unavailable(c.Origin, err), false
	}
	s.cfg.Log.Debug("cosigned", "log", c.Origin, "size", c.Size)
	return answer{status: http.StatusOK, body: string(line)}, false
}

func (s *Server) unavailable(origin string, err error) answer {
	s.cfg.Log.Error("cannot cosign", "log", origin, "err", err)
	return refuse(http.StatusServiceUnavailable, "this witness cannot cosign now")
}
