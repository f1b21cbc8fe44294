package line

import (
	"context"
	"crypto"
	"log/slog"
	"net"

	"parley/internal/clock"
)

// ServerConfig is what a Server is made of.
type ServerConfig struct {
	Listener net.Listener  // plain; the server adds TLS. It is closed when Run returns
	Key      crypto.Signer // the own TLS key, Ed25519, for all lines served here
	Clock    clock.Clock   // nil: the machine's
	Log      *slog.Logger  // nil: none
}

// A Server accepts connections for the lines of one party: a peer's TLS key says which lines it may
// speak on, and the path of its request says which of these it means.
type Server struct{ cfg ServerConfig }

// NewServer returns a server for lines. It starts nothing.
func NewServer(cfg ServerConfig, lines ...*Line) (*Server, error) { return &Server{cfg: cfg}, nil }

// Serve adds a line while the server runs.
func (s *Server) Serve(l *Line) error { return nil }

// Remove takes a line away; its peer's connections end.
func (s *Server) Remove(lineID string) {}

// Run accepts connections until ctx ends and returns after every goroutine of its own has ended.
func (s *Server) Run(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) }
