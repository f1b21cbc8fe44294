package witness

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"parley/internal/clock"
	"parley/internal/serving"
)

// Bounds of one connection.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 30 * time.Second
	idleTimeout   = 3 * time.Minute // a client comes once a minute
)

// Serve serves on a listener until ctx ends, then lets requests end for a few seconds. It closes the
// listener and returns after every request has ended.
func Serve(ctx context.Context, ln net.Listener, h http.Handler, c clock.Clock, log *slog.Logger) error {
	return serving.Server{
		Name: "witness.serve", Handler: h, Bounds: serving.Bounds{Header: headerTimeout, Read: readTimeout, Write: writeTimeout, Idle: idleTimeout},
		Clock: c, Log: log,
	}.Serve(ctx, context.WithoutCancel(ctx), ln)
}
