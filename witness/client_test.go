package witness

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/internal/clock"
	"parley/transcript"
)

func testOrigin() transcript.Origin {
	return transcript.Origin{Line: strings.Repeat("ab", 32), Epoch: 1, Side: transcript.A}
}

func head(t *testing.T, l *logBook, size int64) transcript.Head {
	t.Helper()
	h, err := transcript.SignHead(l.key, testOrigin(), size, l.root(size), time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (l *logBook) prove(size int64) func(int64) ([]transcript.Hash, error) {
	return func(old int64) ([]transcript.Hash, error) { return transcript.ProveConsistency(old, size, l.hashes) }
}

func testClient(t *testing.T, h http.Handler) *Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	var d net.Dialer
	c, err := NewClient(transcript.WitnessKey{Name: testName, Key: public(9)}, srv.URL, d.DialContext, clock.System{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestClientIsCosigned(t *testing.T) {
	log := newLogBook(testOrigin().String(), testKey(1), entries(9, "log")...)
	fork := newLogBook(testOrigin().String(), testKey(1), entries(9, "fork")...)
	clk := newHandClock()
	c := testClient(t, testServer(t, clk, log.origin+" "+transcript.LogKey(log.origin, public(1))).Handler())
	for _, tt := range []struct {
		name        string
		log         *logBook
		size, known int64
		held        int64
		trouble     Trouble
	}{
		{"first", log, 4, 0, 4, ""},
		{"the same again", log, 4, 4, 4, ""},
		{"grown", log, 6, 4, 6, ""},
		{"of an unknown size", log, 8, 0, 8, ""},
		{"of a wrong size", log, 9, 5, 9, ""},
		{"older", log, 5, 0, 9, Ahead},
		{"a fork of the same size", fork, 9, 0, 9, Contradicts},
		{"a fork", fork, 9, 9, 9, Contradicts},
	} {
		clk.move(2 * time.Second)
		h := head(t, tt.log, tt.size)
		cos, held, err := c.Cosign(t.Context(), h, tt.known, tt.log.prove(tt.size))
		if tt.trouble != "" {
			if TroubleOf(err) != tt.trouble || held != tt.held {
				t.Errorf("%s: %v, holds %d", tt.name, err, held)
			}
			continue
		}
		if err != nil || held != tt.held || cos.Size != tt.size || cos.Root != h.Root || !cos.Time.Equal(clk.Now()) {
			t.Errorf("%s: %+v, holds %d, %v", tt.name, cos, held, err)
			continue
		}
		if again, err := transcript.OpenCosignature(cos.Note, c.Key()); err != nil || again.Size != cos.Size {
			t.Errorf("%s: the note does not open: %v", tt.name, err)
		}
	}
}

func TestClientAnswers(t *testing.T) {
	log := newLogBook(testOrigin().String(), testKey(1), entries(9, "log")...)
	h := head(t, log, 9)
	text, _, _ := bytes.Cut(h.Note, []byte("\n\n"))
	sign := func(seed byte, name string, text []byte) string {
		line, err := transcript.SignCosignature(testKey(seed), name, append(bytes.Clone(text), '\n'), time.Unix(1e9, 0))
		if err != nil {
			t.Fatal(err)
		}
		return string(line)
	}
	good, other := sign(9, testName, text), sign(8, testName, text)
	older := sign(9, testName, bytes.Replace(text, []byte("\n9\n"), []byte("\n8\n"), 1))
	for _, tt := range []struct {
		name    string
		status  int
		body    string
		trouble Trouble
	}{
		{"good", 200, good, ""},
		{"good among others", 200, other + sign(8, "witness.example/w2", text) + good, ""},
		{"another key alone", 200, other, BadAnswer},
		{"its key on another size", 200, older, BadAnswer},
		{"nothing", 200, "", BadAnswer},
		{"no signature", 200, "ok\n", BadAnswer},
		{"more of the checkpoint", 200, "more\n\n" + good, BadAnswer},
		{"without its newline", 200, strings.TrimSuffix(good, "\n"), BadAnswer},
		{"too much", 200, good + strings.Repeat("x", maxAnswerBytes), Unreachable},
		{"a redirect", 302, good, BadAnswer},
		{"size of nonsense", 409, "many\n", BadAnswer},
		{"size without its newline", 409, "7", BadAnswer},
		{"the size that was given", 409, "0\n", BadAnswer},
		{"a larger one", 409, "12\n", Ahead},
		{"not known", 404, "", UnknownLog},
		{"not its key", 403, "", UnknownKey},
		{"no proof", 422, "", Contradicts},
		{"too often", 429, "", Busy},
		{"broken", 500, "", Busy},
		{"teapot", 418, "", BadAnswer},
	} {
		c := testClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(tt.status)
			fmt.Fprint(w, tt.body)
		}))
		_, _, err := c.Cosign(t.Context(), h, 0, log.prove(9))
		if (err == nil) != (tt.trouble == "") || err != nil && TroubleOf(err) != tt.trouble {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	dead, err := NewClient(transcript.WitnessKey{Name: testName, Key: public(9)}, "http://witness.example", func(context.Context, string, string) (net.Conn, error) {
		return nil, fmt.Errorf("no road")
	}, clock.System{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := dead.Cosign(t.Context(), h, 0, log.prove(9)); TroubleOf(err) != Unreachable {
		t.Errorf("no road: %v", err)
	}
}

// TestClientEndlessConflict has a witness that names another size each time.
func TestClientEndlessConflict(t *testing.T) {
	log := newLogBook(testOrigin().String(), testKey(1), entries(9, "log")...)
	n := 0
	c := testClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n++
		w.WriteHeader(http.StatusConflict)
		fmt.Fprintf(w, "%d\n", n)
	}))
	if _, _, err := c.Cosign(t.Context(), head(t, log, 9), 0, log.prove(9)); TroubleOf(err) != Busy || n != asks {
		t.Errorf("after %d requests: %v", n, err)
	}
}

func TestCheckURL(t *testing.T) {
	for url, ok := range map[string]bool{
		"https://witness.example": true, "http://127.0.0.1:7380/w1/": true, "https://[::1]:9": true,
		"": false, "witness.example": false, "ftp://witness.example": false, "https://a:b@witness.example": false,
		"https://witness.example/?x=1": false, "https://witness.example/#x": false, "https://": false,
	} {
		if err := CheckURL(url); (err == nil) != ok {
			t.Errorf("%q: %v", url, err)
		}
	}
}
