package witness

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

// Bounds of one connection.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 30 * time.Second
	idleTimeout   = 3 * time.Minute // a client comes once a minute
	headerBytes   = 16 << 10
	shutdownGrace = 5 * time.Second
)

// Serve serves on a listener until ctx ends, then lets requests end for a few seconds. It closes the
// listener and returns after every request has ended.
func Serve(ctx context.Context, ln net.Listener, h http.Handler, c clock.Clock, log *slog.Logger) error {
	base := context.WithoutCancel(ctx)
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    headerBytes,
		BaseContext:       func(net.Listener) context.Context { return base },
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	select {
	case err := <-served:
		return fault.Wrap(fault.Unavailable, "witness.serve", err)
	case <-ctx.Done():
	}
	grace, cancel := clock.WithTimeout(base, c, shutdownGrace)
	defer cancel()
	err := srv.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		err = srv.Close()
	}
	<-served
	if err != nil {
		return fault.Wrap(fault.Unavailable, "witness.serve", err)
	}
	return context.Cause(ctx)
}
