package api

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/go-json-experiment/json"

	"parley/agreement"
	"parley/api/officer"
	"parley/api/passkey"
	"parley/audit"
	"parley/geo4d"
	"parley/internal/clock"
	"parley/node"
	"parley/store"
	"parley/store/pebble"
)

// books is a book of officers in memory.
type books struct {
	mu   sync.Mutex
	book officer.Book
}

func (b *books) Book() (officer.Book, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.book, nil
}

func (b *books) add(t testing.TB, name string, role officer.Role, life time.Duration) string {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if life < 0 {
		now, life = now.Add(2*life), -life
	}
	token, err := b.book.Add(name, role, now, life, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// desk is one party's node with its API.
type desk struct {
	accept, spoke string // the language asked for, and that of the last answer
	node          *node.Node
	audit         *audit.Log
	disk          *auditDisk
	passkeys      *passkeyFile
	h             http.Handler
	tokens        map[officer.Role]string
	books         *books
	log           *bytes.Buffer
	logMu         sync.Mutex
	router        routers.Router
}

func (d *desk) Write(p []byte) (int, error) {
	d.logMu.Lock()
	defer d.logMu.Unlock()
	return d.log.Write(p)
}

func (d *desk) logged() string {
	d.logMu.Lock()
	defer d.logMu.Unlock()
	return d.log.String()
}

// auditDisk is a store under the audit log alone, whose commits can be made to fail.
type auditDisk struct {
	store.Store
	mu  sync.Mutex
	err error
}

func (d *auditDisk) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.err = err
}

func (d *auditDisk) Commit(ctx context.Context, t store.Txn) (store.Revision, error) {
	d.mu.Lock()
	err := d.err
	d.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return d.Store.Commit(ctx, t)
}

// nodeFilter wants the live notices of a party.
func nodeFilter(party string) node.Filter { return node.Filter{Party: party, Live: true} }

type keys struct{ party, line, tls ed25519.PrivateKey }

func newKeys(t testing.TB) keys {
	var k keys
	for _, at := range []*ed25519.PrivateKey{&k.party, &k.line, &k.tls} {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		*at = key
	}
	return k
}

func (k keys) card(name string) agreement.Party {
	pub := func(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }
	return agreement.Party{Name: name, PartyKey: pub(k.party), LineKeys: []agreement.LineKey{{Public: pub(k.line)}}, TLSKeys: []agreement.TLSKey{{Public: pub(k.tls)}},
		Contacts: []agreement.Contact{{Role: "duty", Number: "+15550100"}}}
}

// pair runs two nodes with an API each until the test ends.
func pair(t testing.TB, limits Limits) (blue, red *desk, k [2]keys) {
	t.Helper()
	return pairTwo(t, limits)
}

// pairTwo is pair under an agreement that wants two persons for some actions.
func pairTwo(t testing.TB, limits Limits, two ...agreement.Action) (blue, red *desk, k [2]keys) {
	t.Helper()
	return pairUnder(t, limits, func(terms *agreement.Terms) { terms.TwoPersons = two })
}

// pairUnder is pair under an agreement of which change says more.
func pairUnder(t testing.TB, limits Limits, change func(*agreement.Terms)) (blue, red *desk, k [2]keys) {
	t.Helper()
	k = [2]keys{newKeys(t), newKeys(t)}
	area, err := geo4d.ParseGeometry([]byte(`{"type":"Polygon","coordinates":[[[34,33],[39,33],[39,37.5],[34,37.5],[34,33]]]}`), geo4d.Size{})
	if err != nil {
		t.Fatal(err)
	}
	terms := agreement.Draft(agreement.DraftOptions{Title: "test", A: k[0].card("blue"), B: k[1].card("red"), Area: agreement.Area{Shape: area}, From: time.Now().Add(-time.Hour)})
	terms.TwoPersons = nil
	change(&terms)
	note, err := agreement.Sign(terms, "blue", k[0].party)
	if err == nil {
		note, err = agreement.Cosign(note, "red", k[1].party)
	}
	if err != nil {
		t.Fatal(err)
	}
	var ls [2]net.Listener
	for i := range ls {
		if ls[i], err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
	}
	blue = newDesk(t, "blue", k[0], note, ls[0], ls[1].Addr().String(), limits)
	red = newDesk(t, "red", k[1], note, ls[1], ls[0].Addr().String(), limits)
	for _, d := range []*desk{blue, red} {
		until(t, "the line is up", func() bool {
			lines, err := d.node.Lines(t.Context())
			return err == nil && lines[0].State == "up" && lines[0].Confirmed
		})
	}
	return blue, red, k
}

func newDesk(t testing.TB, party string, k keys, note []byte, l net.Listener, peer string, limits Limits) *desk {
	t.Helper()
	d := &desk{books: &books{}, tokens: map[officer.Role]string{}, log: &bytes.Buffer{}}
	for _, r := range officer.Roles() {
		d.tokens[r] = d.books.add(t, "the "+string(r), r, time.Hour)
	}
	quiet := slog.New(slog.DiscardHandler)
	st, err := pebble.Open(pebble.Config{Dir: "store", FS: vfs.NewMem(), Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	d.node, err = node.New(ctx, node.Config{Party: party, Store: st, LineKey: k.line, TLSKey: k.tls, Lines: []node.LineConfig{{Notes: [][]byte{note}, PeerAddress: peer}},
		Listener: l, Dial: new(net.Dialer).DialContext, Clock: clock.System{}, Rand: rand.Reader, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- d.node.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := d.node.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.disk = &auditDisk{Store: st}
	if d.audit, err = audit.Open(ctx, audit.Config{Store: d.disk, Clock: clock.System{}, Log: quiet}); err != nil {
		t.Fatal(err)
	}
	d.passkeys = &passkeyFile{}
	keeper, err := passkey.New(d.passkeys, party, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	d.h, err = New(Config{Node: d.node, Officers: d.books, Audit: d.audit, Rand: rand.Reader, Passkeys: keeper, Clock: clock.System{}, Log: slog.New(slog.NewTextHandler(d, nil)), Limits: limits, Version: "test", Instance: party + "1"})
	if err != nil {
		t.Fatal(err)
	}
	d.router = specRouter(t)
	return d
}

func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("not in 30 s: %s", what)
}

func spec(t testing.TB) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(Document())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return doc
}

func specRouter(t testing.TB) routers.Router {
	doc := spec(t)
	doc.Servers = nil
	r, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// ask sends a request as a role and holds what the API answers, and where it succeeds what was
// asked, against openapi.yaml.
func (d *desk) ask(t testing.TB, role officer.Role, method, path, contentType, body string) (int, []byte) {
	t.Helper()
	return d.askAs(t, d.tokens[role], method, path, contentType, body)
}

func (d *desk) askAs(t testing.TB, token, method, path, contentType, body string) (int, []byte) {
	t.Helper()
	newRequest := func() *http.Request {
		r := httptest.NewRequest(method, "http://127.0.0.1"+path, strings.NewReader(body))
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		if contentType != "" {
			r.Header.Set("Content-Type", contentType)
		}
		if d.accept != "" {
			r.Header.Set("Accept-Language", d.accept)
		}
		return r
	}
	w := httptest.NewRecorder()
	d.h.ServeHTTP(w, newRequest())
	d.spoke = w.Header().Get("Content-Language")
	if err := d.conforms(t, newRequest(), w); err != nil {
		why, _, _ := strings.Cut(err.Error(), "\nSchema:")
		t.Errorf("%s %s: %d %s: %s", method, path, w.Code, w.Body, why)
	}
	return w.Code, w.Body.Bytes()
}

func (d *desk) conforms(t testing.TB, r *http.Request, w *httptest.ResponseRecorder) error {
	if r.URL.RawPath != "" {
		r.URL.Path = r.URL.RawPath // the router would take a slash within a segment for the end of it
	}
	route, params, err := d.router.FindRoute(r)
	if err != nil {
		if w.Code/100 == 2 {
			return err
		}
		return nil // a path that is none is refused, and stands in no document
	}
	opts := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true}
	in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: opts}
	if w.Code/100 == 2 && r.Header.Get("Content-Type") != typeGeoJSON && r.Header.Get("Content-Type") != "text/plain" {
		if err := openapi3filter.ValidateRequest(t.Context(), in); err != nil {
			return fmt.Errorf("request: %w", err)
		}
	}
	if typ := w.Header().Get("Content-Type"); typ != typeJSON && w.Code/100 == 2 {
		if route.Operation.Responses.Status(w.Code).Value.Content.Get(typ) == nil {
			return fmt.Errorf("answers %s, which the document does not name", typ)
		}
		return nil
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: w.Code, Header: w.Header(), Options: opts}
	out.SetBodyBytes(w.Body.Bytes())
	if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return nil
}

// want asks and reads the answer, which must succeed.
func want[T any](t testing.TB, d *desk, role officer.Role, method, path, contentType, body string) T {
	t.Helper()
	status, data := d.ask(t, role, method, path, contentType, body)
	var out T
	if status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, status, data)
	}
	if err := json.Unmarshal(data, &out); err != nil && err != io.EOF {
		t.Fatal(err)
	}
	return out
}
