// Package conflict is a room that reaches for everything it must not.
package conflict

import (
	"context"
	crand "crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"math/rand"
	randv2 "math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"
)

func clock() {
	_ = time.Now()              // want `time.Now reaches for the clock`
	_ = time.Since(time.Time{}) // want `time.Since reaches for the clock`
	_ = time.Until(time.Time{}) // want `time.Until reaches for the clock`
	time.Sleep(1)               // want `time.Sleep reaches for the clock`
	<-time.After(1)             // want `time.After reaches for the clock`
	time.AfterFunc(1, clock)    // want `time.AfterFunc reaches for the clock`
	_ = time.Tick(1)            // want `time.Tick reaches for the clock`
	_ = time.NewTimer(1)        // want `time.NewTimer reaches for the clock`
	_ = time.NewTicker(1)       // want `time.NewTicker reaches for the clock`
	ctx := context.Background()
	_, _ = context.WithTimeout(ctx, 1)                      // want `context.WithTimeout reaches for the clock`
	_, _ = context.WithTimeoutCause(ctx, 1, nil)            // want `context.WithTimeoutCause reaches for the clock`
	_, _ = context.WithDeadline(ctx, time.Time{})           // want `context.WithDeadline reaches for the clock`
	_, _ = context.WithDeadlineCause(ctx, time.Time{}, nil) // want `context.WithDeadlineCause reaches for the clock`
	now := time.Now                                         // want `time.Now reaches for the clock`
	_ = now
}

func chance() {
	_ = rand.Int()         // want `rand.Int reaches for randomness`
	_ = randv2.Int()       // want `rand.Int reaches for randomness`
	_ = crand.Reader       // want `rand.Reader reaches for randomness`
	_, _ = crand.Read(nil) // want `rand.Read reaches for randomness`
}

func network() {
	_, _ = net.Dial("tcp", "")      // want `net.Dial reaches for the network`
	_, _ = net.Listen("tcp", "")    // want `net.Listen reaches for the network`
	_, _ = net.LookupHost("")       // want `net.LookupHost reaches for the network`
	_ = net.Dialer{}                // want `net.Dialer reaches for the network`
	_, _ = tls.Dial("tcp", "", nil) // want `tls.Dial reaches for the network`
	_, _ = http.Get("")             // want `http.Get reaches for the network`
	_ = http.DefaultClient          // want `http.DefaultClient reaches for the network`
	var s http.Server               // want `http.Server reaches for an HTTP client or server`
	_ = s.ListenAndServe()          // want `http.Server.ListenAndServe reaches for the network`
	_ = http.Transport{}            // want `http.Transport reaches for an HTTP client or server`
}

func disk() {
	_, _ = os.ReadFile("") // want `os.ReadFile reaches for the disk`
	_ = os.MkdirAll("", 0) // want `os.MkdirAll reaches for the disk`
	var f *os.File         // want `os.File reaches for the disk`
	_ = f
	_, _ = filepath.Glob("") // want `filepath.Glob reaches for the disk`
	_ = os.Getenv("")        // want `os.Getenv reaches for the process and its surroundings`
	fmt.Fprintln(os.Stderr)  // want `os.Stderr reaches for the process and its surroundings`
	_ = exec.Command("")     // want `exec.Command reaches for the process and its surroundings`
	signal.Stop(nil)         // want `signal.Stop reaches for the process and its surroundings`
	log.Print()              // want `log.Print reaches for a logger that the whole process shares`
	slog.Info("")            // want `slog.Info reaches for a logger that the whole process shares`
}

// fine is what a room may do with the same packages.
func fine(t time.Time, c net.Conn, l *slog.Logger, w http.ResponseWriter, r *http.Request) bool {
	l.Info("")
	w.WriteHeader(http.StatusOK)
	_ = net.JoinHostPort("", r.Host)
	_ = filepath.Join("a", "b")
	_ = c.SetDeadline(t.Add(time.Second))
	_ = tls.Config{}
	return t.After(t) && errors.Is(nil, os.ErrNotExist) && net.ParseIP("") == nil
}
