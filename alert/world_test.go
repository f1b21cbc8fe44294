package alert

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/fault"
	"parley/internal/clock"
	"parley/internal/testnet"
)

const testSecret = "0123456789abcdef0123456789abcdef"

// world is channels over a network in memory, on virtual time: real HTTP servers that the channels
// post to, and alarms that a test begins and ends.
type world struct {
	t     *testing.T
	net   *testnet.Network
	began time.Time
	sinks map[string]*sink

	mu     sync.Mutex
	alarms map[string]Alarm
	// for observers, by name: what has come to one; none: nobody gives it a level
	observed map[string][]Alarm
	noted    []string // what observers were to be told, as it was noted before
	noNotes  bool     // nothing can be noted
	each     func(string)
	kept     []byte
	full     bool // the disk

	*Alerts
	stop func()
}

// sink is a server that a webhook posts to.
type sink struct {
	w *world

	mu     sync.Mutex
	status int // what it answers; 0: 204
	got    []posted
}

// posted is a message as a server got it.
type posted struct {
	Message
	at time.Duration // since the world began
}

func newWorld(t *testing.T, names ...string) *world {
	w := &world{t: t, net: testnet.New(), began: time.Now(), sinks: map[string]*sink{}, alarms: map[string]Alarm{}}
	for _, name := range names {
		s := &sink{w: w}
		w.sinks[name] = s
		srv := &http.Server{Handler: s}
		l := w.net.Listen(name + ":1")
		done := make(chan error, 1)
		go func() { done <- srv.Serve(l) }()
		t.Cleanup(func() {
			if err := errors.Join(srv.Close(), ignoreClosed(<-done)); err != nil {
				t.Error(err)
			}
		})
	}
	return w
}

func ignoreClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// ServeHTTP checks the signature without the code under test, and keeps the message.
func (s *sink) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.w.t.Error(err)
	}
	mac := hmac.New(sha256.New, []byte(testSecret))
	io.WriteString(mac, r.Header.Get("Parley-Timestamp")+"."+string(body))
	if got, want := r.Header.Get("Parley-Signature"), "v1="+hex.EncodeToString(mac.Sum(nil)); got != want {
		s.w.t.Errorf("signature %s, want %s", got, want)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.status != 0 {
		http.Error(rw, "not now", s.status)
		return
	}
	m := posted{at: time.Since(s.w.began)}
	if err := json.Unmarshal(body, &m.Message); err != nil {
		s.w.t.Errorf("%s: %v", body, err)
	}
	if id := r.Header.Get("Parley-Message"); id != m.ID || len(id) != 32 {
		s.w.t.Errorf("message %q in the header, %q in the body", id, m.ID)
	}
	s.got = append(s.got, m)
	rw.WriteHeader(http.StatusNoContent)
}

func (s *sink) answer(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = status
}

// take returns what came since it was last asked.
func (s *sink) take() []posted {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.got
	s.got = nil
	return out
}

// config returns settings as a file gives them, for a webhook that tells all.
func (w *world) channel(name, more string) Channel {
	w.t.Helper()
	list, err := ParseSettings([]byte(`{"channels": [{"name": "` + name + `", "content": "full", "webhook": {"url": "http://` + name + `:1/",
		"plain_http": true, "secret_file": "secret"}` + more + `}]}`))
	if err != nil {
		w.t.Fatal(err)
	}
	return list[0]
}

// start starts the channels with what was kept.
func (w *world) start(channels ...Channel) {
	w.t.Helper()
	seed := rand.NewChaCha8([32]byte{})
	a, err := New(Config{
		World: World{Clock: clock.System{}, Dial: w.net.Dialer("blue"), ReadFile: func(string, bool) ([]byte, error) { return []byte(testSecret + "\n"), nil }},
		Node:  "blue", Channels: channels, Source: w, Rand: seed, Log: slog.New(slog.DiscardHandler), State: w.state(), Save: w.save,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	w.Alerts = a
	w.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			w.t.Errorf("ended with %v", err)
		}
	})
	w.t.Cleanup(func() { w.stop() })
	synctest.Wait()
}

func (w *world) state() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.kept
}

func (w *world) save(data []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.full {
		return errors.New("no space left")
	}
	w.kept = data
	return nil
}

// Alarms implements Source.
func (w *world) Alarms(context.Context) ([]Alarm, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []Alarm
	for _, a := range w.alarms {
		out = append(out, a)
	}
	return out, nil
}

// Observed implements Source.
func (w *world) Observed(_ context.Context, observer string) ([]Alarm, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	list, ok := w.observed[observer]
	if !ok {
		return nil, fault.Newf(fault.NotFound, "observer", "nobody gives %s a level", observer)
	}
	return slices.Clone(list), nil
}

// Telling implements Source.
func (w *world) Telling(_ context.Context, observer, channel string, alarms []Alarm) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.noNotes {
		return errors.New("the audit log is full")
	}
	for _, a := range alarms {
		w.noted = append(w.noted, observer+" by "+channel+": "+a.ID)
	}
	return nil
}

// come changes what has come to an observer; nil: nobody gives it a level any more.
func (w *world) come(observer string, list ...Alarm) {
	w.mu.Lock()
	if w.observed == nil {
		w.observed = map[string][]Alarm{}
	}
	w.observed[observer] = list
	if list == nil {
		delete(w.observed, observer)
	}
	each := w.each
	w.mu.Unlock()
	if each != nil {
		each("")
	}
}

// Watch implements Source.
func (w *world) Watch(ctx context.Context, each func(string)) error {
	w.mu.Lock()
	w.each = each
	w.mu.Unlock()
	<-ctx.Done()
	return context.Cause(ctx)
}

// begin begins alarms, or changes them.
func (w *world) begin(alarms ...Alarm) {
	w.mu.Lock()
	for _, a := range alarms {
		w.alarms[a.ID] = a
	}
	each := w.each
	w.mu.Unlock()
	each("")
}

func (w *world) end(ids ...string) {
	w.mu.Lock()
	for _, id := range ids {
		delete(w.alarms, id)
	}
	each := w.each
	w.mu.Unlock()
	for _, id := range ids {
		each(id)
	}
}

// pass lets time pass and everything of it happen.
func (w *world) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// want checks what a server got since it was last asked: each message as the ids of its alarms.
func (w *world) want(name string, want ...string) []posted {
	w.t.Helper()
	got := w.sinks[name].take()
	if ids := idsOf(got); !slices.Equal(ids, want) {
		w.t.Errorf("%s got %q, want %q", name, ids, want)
	}
	return got
}

// wantAnyOrder is want where the order may be any.
func (w *world) wantAnyOrder(name string, want ...string) {
	w.t.Helper()
	if ids := slices.Sorted(slices.Values(idsOf(w.sinks[name].take()))); !slices.Equal(ids, want) {
		w.t.Errorf("%s got %q, want %q", name, ids, want)
	}
}

func idsOf(got []posted) []string {
	var ids []string
	for _, m := range got {
		var list []string
		for _, a := range m.Alarms {
			id := a.ID
			if a.Over {
				id += " over"
			}
			list = append(list, id)
		}
		ids = append(ids, strings.Join(list, ","))
	}
	return ids
}

func conflictAlarm(id string) Alarm {
	return Alarm{ID: id, Kind: "conflict", Level: 1, Line: strings.Repeat("6d0487e9", 8), Text: "conflict " + id, Since: time.Now()}
}

func lookAlarm(id string) Alarm {
	return Alarm{ID: id, Kind: "coarse", Level: 3, Text: "look at " + id}
}

func hold(id string) Alarm {
	return Alarm{ID: id, Kind: "hold", Level: 1, Text: "HOLD: stop and call from red: " + id, Since: time.Now()}
}
