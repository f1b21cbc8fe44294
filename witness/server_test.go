package witness

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"parley/internal/clock"
	"parley/internal/testnet"
	"parley/store/pebble"
	"parley/transcript"
)

const testName = "witness.example/w1"

func testKey(seed byte) ed25519.PrivateKey {
	sum := sha256.Sum256([]byte{seed})
	return ed25519.NewKeyFromSeed(sum[:])
}

func public(seed byte) ed25519.PublicKey { return testKey(seed).Public().(ed25519.PublicKey) }

// handClock is moved by hand.
type handClock struct {
	clock.System
	mu  sync.Mutex
	now time.Time
}

func newHandClock() *handClock {
	return &handClock{now: time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)}
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// logBook is a log in tests: its entries, of which any number can be signed for.
type logBook struct {
	origin string
	key    ed25519.PrivateKey
	leaves []transcript.Hash
	hashes transcript.Hashes
}

func newLogBook(origin string, key ed25519.PrivateKey, entries ...string) *logBook {
	l := &logBook{origin: origin, key: key}
	var tree transcript.Tree
	for _, e := range entries {
		leaf := tlog.RecordHash([]byte(e))
		l.leaves = append(l.leaves, leaf)
		l.hashes = append(l.hashes, tree.Append(leaf)...)
	}
	return l
}

func (l *logBook) root(size int64) transcript.Hash {
	t, err := transcript.TreeAt(size, l.hashes)
	if err != nil {
		panic(err)
	}
	return t.Root()
}

func (l *logBook) checkpoint(size int64) []byte { return l.signed(size, l.root(size)) }

func (l *logBook) signed(size int64, root transcript.Hash) []byte {
	s, err := transcript.NewNoteSigner(l.origin, l.key)
	if err != nil {
		panic(err)
	}
	msg, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", l.origin, size, root)}, s)
	if err != nil {
		panic(err)
	}
	return msg
}

func (l *logBook) request(old, size int64) Request {
	proof, err := transcript.ProveConsistency(old, size, l.hashes)
	if err != nil {
		panic(err)
	}
	return Request{Old: old, Proof: proof, Checkpoint: l.checkpoint(size)}
}

func entries(n int, of string) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("entry %d of %s", i, of))
	}
	return out
}

// post asks the server and returns the answer.
func post(s *Server, body []byte) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/add-checkpoint", bytes.NewReader(body)))
	return w
}

func openServer(t interface{ Fatal(...any) }, disk *testnet.Disk, c clock.Clock, logs string) (*Server, *pebble.Store) {
	st, err := pebble.Open(pebble.Config{Dir: "store", FS: disk, MemTableBytes: 64 << 10})
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := ParseLogs([]byte(logs))
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{Name: testName, Key: testKey(9), Logs: parsed, Store: st, Clock: c, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return s, st
}

func testServer(t *testing.T, c clock.Clock, logs string) *Server {
	s, st := openServer(t, testnet.NewDisk(), c, logs)
	t.Cleanup(func() { st.Close() })
	return s
}

func TestServerAnswers(t *testing.T) {
	c := newHandClock()
	log := newLogBook("example.com/log", testKey(1), entries(20, "log")...)
	fork := newLogBook(log.origin, log.key, append(entries(5, "log"), entries(15, "fork")...)...)
	stranger := newLogBook(log.origin, testKey(2), entries(20, "log")...)
	unknown := newLogBook("example.com/other", testKey(1), entries(3, "log")...)
	s := testServer(t, c, log.origin+" "+transcript.LogKey(log.origin, public(1)))
	damaged := log.request(7, 9)
	damaged.Proof[0][0] ^= 1
	noProof := log.request(7, 9)
	noProof.Proof = nil
	early := log.request(0, 7)
	early.Proof = []transcript.Hash{{1}}
	for _, tt := range []struct {
		name   string
		body   []byte
		status int
		says   string
	}{
		{"a proof from nothing", early.Encode(), 422, ""},
		{"the first", log.request(0, 7).Encode(), 200, "— " + testName + " "},
		{"the same again, as if it were the first", log.request(0, 7).Encode(), 409, "7\n"},
		{"the same again", log.request(7, 7).Encode(), 200, "— "},
		{"an older one", log.request(0, 5).Encode(), 409, "7\n"},
		{"an old size above the checkpoint's", append([]byte("old 9\n\n"), log.checkpoint(7)...), 400, "larger"},
		{"a fork of one size", fork.request(7, 7).Encode(), 409, "7\n"},
		{"a fork that is larger", fork.request(7, 9).Encode(), 422, "does not lead"},
		{"a damaged proof", damaged.Encode(), 422, ""},
		{"no proof", noProof.Encode(), 422, ""},
		{"another key", stranger.request(7, 9).Encode(), 403, ""},
		{"another log", unknown.request(0, 3).Encode(), 404, ""},
		{"no checkpoint", []byte("old 7\n\n"), 404, ""},
		{"no note", []byte("old 7\n\n" + log.origin + "\n9\n"), 400, ""},
		{"nothing", nil, 400, "empty line"},
		{"too much", bytes.Repeat([]byte("a"), maxRequestBytes+1), 413, ""},
		{"the next after all these", log.request(7, 9).Encode(), 200, "— "},
	} {
		w := post(s, tt.body)
		if w.Code != tt.status || !strings.HasPrefix(w.Body.String(), tt.says) && !strings.Contains(w.Body.String(), tt.says) {
			t.Errorf("%s: %d %q, not %d", tt.name, w.Code, w.Body, tt.status)
		}
		if size := w.Header().Get("Content-Type") == "text/x.tlog.size"; size != (tt.status == 409) {
			t.Errorf("%s: content type %q", tt.name, w.Header().Get("Content-Type"))
		}
	}
	if list, err := s.Against(t.Context(), log.origin); err != nil || len(list) != 1 || !bytes.Equal(list[0], fork.checkpoint(7)) {
		t.Errorf("kept of the fork: %q, %v", list, err)
	}
	for method, path := range map[string]string{http.MethodGet: "/add-checkpoint", http.MethodPost: "/other"} {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest(method, path, nil))
		if w.Code/100 != 4 {
			t.Errorf("%s %s: %d", method, path, w.Code)
		}
	}
}

func TestServerClockBehind(t *testing.T) {
	c := newHandClock()
	log := newLogBook("example.com/log", testKey(1), entries(5, "log")...)
	s := testServer(t, c, log.origin+" "+transcript.LogKey(log.origin, public(1)))
	for _, step := range []struct {
		move   time.Duration
		body   Request
		status int
	}{{0, log.request(0, 2), 200}, {-time.Hour, log.request(2, 3), 503}, {time.Hour, log.request(2, 3), 200}} {
		c.move(step.move)
		if w := post(s, step.body.Encode()); w.Code != step.status {
			t.Errorf("%v: %d %s", step, w.Code, w.Body)
		}
	}
}

func TestServerRate(t *testing.T) {
	c := newHandClock()
	logs := ""
	var books []*logBook
	for i := range 2 {
		l := newLogBook(fmt.Sprintf("example.com/log%d", i), testKey(1), entries(3, "log")...)
		books = append(books, l)
		logs += l.origin + " " + transcript.LogKey(l.origin, public(1)) + "\n"
	}
	s := testServer(t, c, logs)
	got := map[int]int{}
	for range logBurst + 5 {
		got[post(s, books[0].request(0, 2).Encode()).Code]++
	}
	if got[429] != 5 || got[200] != 1 {
		t.Errorf("answers: %v", got)
	}
	stranger := newLogBook(books[1].origin, testKey(2), entries(3, "log")...)
	for range logBurst + 5 { // what no key of the log signed takes nothing from it
		post(s, stranger.request(0, 2).Encode())
	}
	if w := post(s, books[1].request(0, 2).Encode()); w.Code != 200 {
		t.Errorf("another log: %d %s", w.Code, w.Body)
	}
	c.move(3 * time.Second)
	if w := post(s, books[0].request(2, 3).Encode()); w.Code != 200 {
		t.Errorf("3 s later: %d %s", w.Code, w.Body)
	}
}

func TestServerEveryEpoch(t *testing.T) {
	line := strings.Repeat("ab", 32)
	logs := "# a party's transcripts\nparley/" + line + "/*/a " + base64.StdEncoding.EncodeToString(public(1)) + "\n"
	s := testServer(t, newHandClock(), logs)
	for origin, status := range map[string]int{
		"parley/" + line + "/1/a": 200, "parley/" + line + "/7/a": 200,
		"parley/" + line + "/1/b": 404, "parley/" + line + "/x/a": 404, "parley/" + line + "/*/a": 404,
	} {
		l := newLogBook(origin, testKey(1), entries(3, "log")...)
		if w := post(s, l.request(0, 3).Encode()); w.Code != status {
			t.Errorf("%s: %d %s", origin, w.Code, w.Body)
		}
	}
}

// TestServerRaces has many ask at once: what was cosigned is one history all the same.
func TestServerRaces(t *testing.T) {
	log := newLogBook("example.com/log", testKey(1), entries(9, "log")...)
	fork := newLogBook(log.origin, log.key, entries(9, "fork")...)
	s := testServer(t, newHandClock(), log.origin+" "+transcript.LogKey(log.origin, public(1)))
	var mu sync.Mutex
	var signed []*logBook
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			l := []*logBook{log, fork}[i%2]
			if post(s, l.request(0, int64(1+i/2)).Encode()).Code == 200 {
				mu.Lock()
				signed = append(signed, l)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if len(signed) != 1 {
		t.Errorf("%d of 16 that began from nothing were cosigned", len(signed))
	}
}

// TestServerMachine holds the server against a list of what it cosigned, over restarts and crashes.
func TestServerMachine(t *testing.T) {
	runs := 0
	rapid.Check(t, func(rt *rapid.T) {
		if runs++; runs > 40 {
			return
		}
		m := newServerMachine(rt)
		rt.Repeat(map[string]func(*rapid.T){"": func(*rapid.T) {}, "submit": m.submit, "restart": m.restart, "clock": m.clockMoves})
		m.st.Close()
	})
}

type serverMachine struct {
	disk  *testnet.Disk
	s     *Server
	st    *pebble.Store
	clock *handClock
	logs  string
	books [2]*logBook // two histories with one beginning

	leaves []transcript.Hash // of the tree that was cosigned last
	time   time.Time
}

func newServerMachine(rt *rapid.T) *serverMachine {
	at := rapid.IntRange(0, 12).Draw(rt, "the fork begins at")
	m := &serverMachine{disk: testnet.NewDisk(), clock: newHandClock()}
	m.books[0] = newLogBook("example.com/log", testKey(1), entries(12, "log")...)
	m.books[1] = newLogBook("example.com/log", testKey(1), append(entries(at, "log"), entries(12-at, "fork")...)...)
	m.logs = m.books[0].origin + " " + transcript.LogKey(m.books[0].origin, public(1))
	m.s, m.st = openServer(rt, m.disk, m.clock, m.logs)
	return m
}

func (m *serverMachine) restart(rt *rapid.T) {
	left := m.disk.Crash(rapid.IntRange(0, 100).Draw(rt, "percent of what is not synced"), rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0)))
	m.st.Close()
	m.disk = left
	m.s, m.st = openServer(rt, m.disk, m.clock, m.logs)
}

func (m *serverMachine) clockMoves(rt *rapid.T) {
	m.clock.move(time.Duration(rapid.IntRange(-30, 60).Draw(rt, "seconds")) * time.Second)
}

func (m *serverMachine) submit(rt *rapid.T) {
	l := m.books[rapid.IntRange(0, 1).Draw(rt, "history")]
	size := rapid.Int64Range(0, 12).Draw(rt, "size")
	old := int64(len(m.leaves))
	if rapid.IntRange(0, 4).Draw(rt, "guess") == 0 {
		old = rapid.Int64Range(0, 12).Draw(rt, "old")
	}
	req := Request{Old: old, Checkpoint: l.checkpoint(size)}
	if old <= size {
		req = l.request(old, size)
	}
	m.clock.move(2 * time.Second) // within the rate, on the whole
	want := m.expect(l, old, size)
	w := post(m.s, req.Encode())
	if w.Code == http.StatusTooManyRequests {
		return
	}
	if w.Code != want {
		rt.Fatalf("old %d, size %d: %d %q, not %d", old, size, w.Code, w.Body, want)
	}
	if want == http.StatusConflict && w.Body.String() != fmt.Sprintf("%d\n", len(m.leaves)) {
		rt.Fatalf("says %q, holds %d", w.Body, len(m.leaves))
	}
	if want != http.StatusOK {
		return
	}
	text, _, _ := strings.Cut(string(req.Checkpoint), "\n\n")
	v := strings.TrimSuffix(w.Body.String(), "\n")
	raw, err := base64.StdEncoding.DecodeString(v[strings.LastIndex(v, " ")+1:])
	if err != nil || len(raw) != 4+8+64 {
		rt.Fatalf("%q is no cosignature", v)
	}
	unix := int64(raw[8])<<24 | int64(raw[9])<<16 | int64(raw[10])<<8 | int64(raw[11])
	if !ed25519.Verify(public(9), fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s\n", unix, text), raw[12:]) {
		rt.Fatalf("the cosignature does not hold")
	}
	if at := time.Unix(unix, 0); at.Before(m.time) || !at.Equal(m.clock.Now().Truncate(time.Second)) {
		rt.Fatalf("signed at %s after %s, now %s", at, m.time, m.clock.Now())
	}
	m.leaves, m.time = l.leaves[:size], time.Unix(unix, 0)
}

// expect says what the answer is, by the entries alone.
func (m *serverMachine) expect(l *logBook, old, size int64) int {
	held := int64(len(m.leaves))
	begins := func(n int64) bool {
		for i := range n {
			if l.leaves[i] != m.leaves[i] {
				return false
			}
		}
		return true
	}
	switch {
	case old > size:
		return http.StatusBadRequest
	case old != held:
		return http.StatusConflict
	case size == held && !begins(held):
		return http.StatusConflict
	case !begins(held):
		return http.StatusUnprocessableEntity
	case m.clock.Now().Truncate(time.Second).Before(m.time):
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}
