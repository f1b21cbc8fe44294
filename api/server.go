package api

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"time"

	"parley/fault"
	"parley/internal/clock"
	"parley/internal/serving"
)

// Bounds of one connection. Streams of events and bundles set their own time for each write.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = time.Minute
	writeTimeout  = time.Minute
	idleTimeout   = 2 * time.Minute
)

// Listen opens the address on which the API is served. Without a certificate it takes a loopback
// address alone: tokens must not cross a network in the open.
func Listen(ctx context.Context, address string, cert *tls.Certificate) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fault.New("api", address, "must be host:port", "write 127.0.0.1:8080, or [::1]:8080")
	}
	if cert == nil && !loopback(host) {
		return nil, fault.New("api", address, "is not a loopback address, and without TLS tokens would cross the network in the open",
			"give a certificate: --api-cert FILE --api-key FILE; or listen on 127.0.0.1")
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, &fault.Error{Code: fault.Unavailable, Field: "api", Value: fault.Shorten(address), Rule: "cannot be listened on",
			Hint: "choose another port with --api, or stop what uses it", Err: err}
	}
	if cert != nil {
		return tls.NewListener(ln, &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{*cert}, NextProtos: []string{"h2", "http/1.1"}}), nil
	}
	return ln, nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// closingKey is where a request finds the channel that closes when its server ends.
type closingKey struct{}

// closing returns a channel that closes when the server ends; nil, which never does, without one.
func closing(ctx context.Context) <-chan struct{} {
	ch, _ := ctx.Value(closingKey{}).(chan struct{})
	return ch
}

// Serve serves the API on a listener until ctx ends, then lets requests end for a few seconds. It
// closes the listener and returns after every request has ended.
func Serve(ctx context.Context, ln net.Listener, h http.Handler, c clock.Clock, log *slog.Logger) error {
	closing := make(chan struct{})
	return serving.Server{
		Name: "api.serve", Handler: h, Bounds: serving.Bounds{Header: headerTimeout, Read: readTimeout, Write: writeTimeout, Idle: idleTimeout},
		Ending: func() { close(closing) }, // streams end at once; commands under way may still answer
		Clock:  c, Log: log,
	}.Serve(ctx, context.WithValue(context.WithoutCancel(ctx), closingKey{}, closing), ln)
}
