// Package serving runs an HTTP server from its beginning to its end, as the API and a witness do.
package serving

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"parley/fault"
	"parley/internal/clock"
)

// headerBytes and grace bound a request's head, and how long requests under way may take at the end.
const (
	headerBytes = 16 << 10
	grace       = 5 * time.Second
)

// Bounds are those of one connection.
type Bounds struct {
	Header, Read, Write, Idle time.Duration
}

// Server is what Serve runs. Name stands in errors. Ending, where there is one, is called when ctx has
// ended, before requests under way get their few seconds.
type Server struct {
	Name    string
	Handler http.Handler
	Bounds  Bounds
	Ending  func()
	Clock   clock.Clock
	Log     *slog.Logger
}

// Serve serves on a listener until ctx ends, then lets requests end for a few seconds. Base is the context
// of every request. It closes the listener and returns after every request has ended.
func (s Server) Serve(ctx, base context.Context, ln net.Listener) error {
	srv := &http.Server{
		Handler:           s.Handler,
		ReadHeaderTimeout: s.Bounds.Header,
		ReadTimeout:       s.Bounds.Read,
		WriteTimeout:      s.Bounds.Write,
		IdleTimeout:       s.Bounds.Idle,
		MaxHeaderBytes:    headerBytes,
		BaseContext:       func(net.Listener) context.Context { return base },
		ErrorLog:          slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	select {
	case err := <-served:
		return fault.Wrap(fault.Unavailable, s.Name, err)
	case <-ctx.Done():
	}
	if s.Ending != nil {
		s.Ending()
	}
	last, cancel := clock.WithTimeout(context.WithoutCancel(ctx), s.Clock, grace)
	defer cancel()
	err := srv.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) {
		err = srv.Close()
	}
	<-served
	if err != nil {
		return fault.Wrap(fault.Unavailable, s.Name, err)
	}
	return context.Cause(ctx)
}
