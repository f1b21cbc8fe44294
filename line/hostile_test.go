package line

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley/transcript"
	"parley/transcript/ledger"
)

// intruder is a client that speaks HTTP/2 to b by hand, with any key.
func intruder(t *testing.T, w *world, key ed25519.PrivateKey) (*http.ClientConn, *tls.Conn, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	raw, err := w.net.Dialer("x")(ctx, "mem", "b:1")
	if err != nil {
		return nil, nil, err
	}
	own, err := newOwnKeys(key, nil)
	if err != nil {
		t.Fatal(err)
	}
	conn := tls.Client(raw, tlsConfig(own, func(ed25519.PublicKey) bool { return true }))
	t.Cleanup(func() { raw.Close() })
	if err := conn.HandshakeContext(ctx); err != nil {
		return nil, conn, err
	}
	cc, err := (&Line{cfg: Config{PeerAddress: "b:1"}}).clientConn(ctx, conn)
	return cc, conn, err
}

func ask(cc *http.ClientConn, p string, body io.Reader) (int, []byte, error) {
	req, err := http.NewRequest(http.MethodPost, "https://b:1"+p, body)
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", contentType)
	resp, err := cc.RoundTrip(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, b, err
}

func TestAWrongKeyGetsAnAlertAndNothingElse(t *testing.T) {
	inWorld(t, options{addrB: true}, func(w *world) {
		w.within(20*time.Second, "up", w.bothUp)
		cc, conn, err := intruder(w.t, w, testKey("stranger"))
		if err == nil {
			if _, _, err = ask(cc, path(testLine, exchange), bytes.NewReader(nil)); err == nil {
				w.t.Fatal("a stranger was answered")
			}
			_, err = conn.Read(make([]byte, 1)) // TLS keeps the alert that ended it
		}
		if failureOf(err, FailBroken) != FailRefusedKey {
			w.t.Errorf("got %v, want an alert", err)
		}
		if !w.bothUp() {
			w.t.Error("the line is not up")
		}
	})
}

func TestADialerTellsAWrongKeyFromARefusedOne(t *testing.T) {
	inWorld(t, options{addrB: true, cfg: func(s transcript.Side, c *Config) {
		if s == transcript.A {
			c.PeerKeys = pins(testKey("another"))
		}
	}}, func(w *world) {
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		s := w.a.line.Status()
		if s.State != Down || s.Cause != Technical || s.Failure != FailWrongKey || len(w.a.seen(EventWrongKey)) != 1 {
			w.t.Errorf("%+v, %d events", s, len(w.a.seen(EventWrongKey)))
		}
	})
	inWorld(t, options{addrB: true, cfg: func(s transcript.Side, c *Config) {
		if s == transcript.B {
			c.PeerKeys = pins(testKey("another"))
		}
	}}, func(w *world) {
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		s := w.a.line.Status()
		if s.State != Down || s.Cause != Technical || s.Failure != FailRefusedKey || len(w.a.seen(EventRefusesKey)) != 1 {
			w.t.Errorf("%+v, %d events", s, len(w.a.seen(EventRefusesKey)))
		}
		if n := w.net.Dialed("a"); n > 400 {
			w.t.Errorf("%d dials in two minutes", n)
		}
	})
}

func TestKeysOverlapAndARemovedOneStopsAtOnce(t *testing.T) {
	keys := []ed25519.PrivateKey{testKey("a"), testKey("a next")}
	var guard signal // its lock guards keys
	inWorld(t, options{addrB: true, cfg: func(s transcript.Side, c *Config) {
		if s == transcript.B {
			c.PeerKeys = func() []ed25519.PublicKey {
				guard.mu.Lock()
				defer guard.mu.Unlock()
				return pins(keys...)()
			}
		}
	}}, func(w *world) {
		w.within(20*time.Second, "up", w.bothUp)
		w.a.halt()
		w.a.cfg.Key = testKey("a next")
		w.a.start(w)
		w.a.ledger.append(false, entryOf("with the next key", 10))
		w.within(5*time.Second, "settled", w.settled)
		guard.mu.Lock()
		keys = keys[:1]
		guard.mu.Unlock()
		w.within(80*time.Second, "down", func() bool { return w.b.line.Status().State == Down })
	})
}

func TestOnlyItsOwnLineAnswersAPeer(t *testing.T) {
	inWorld(t, options{addrB: true}, func(w *world) {
		w.within(20*time.Second, "up", w.bothUp)
		hello, err := Encode(Message{})
		if err != nil {
			w.t.Fatal(err)
		}
		other, err := New(Config{
			LineID: testLine[2:] + "00", Side: transcript.A, Ledger: newFakeLedger(transcript.A),
			Key: testKey("b"), PeerKeys: pins(testKey("third")), Rand: w.a.cfg.Rand,
		})
		if err != nil {
			w.t.Fatal(err)
		}
		if err := w.b.server.Add(other); err != nil {
			w.t.Fatal(err)
		}
		cc, _, err := intruder(w.t, w, testKey("a"))
		if err != nil {
			w.t.Fatal(err)
		}
		urgentParcel, err := Encode(Message{Ask: &ledger.Have{}})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, c := range []struct {
			path   string
			body   []byte
			status int
		}{
			{path(testLine, exchange), hello, 200},
			{path(testLine, urgent), hello, 200},
			{path(testLine, urgent), urgentParcel, 400},
			{path(testLine[2:]+"00", exchange), hello, 404}, // third's line, with a's key
			{path("00", exchange), hello, 404},
			{"/parley/v1/line/" + testLine, hello, 404},
			{"/parley/v1/line/" + testLine + "/other", hello, 404},
			{"/", hello, 404},
			{path(testLine, exchange), []byte("garbage"), 400},
			{path(testLine, exchange), hello[:20], 400},
			{path(testLine, exchange), append(bytes.Clone(hello), 0), 400},
			{path(testLine, exchange), nil, 400},
		} {
			status, body, err := ask(cc, c.path, bytes.NewReader(c.body))
			if err != nil || status != c.status {
				w.t.Errorf("%s with %d bytes: %d %v, want %d", c.path, len(c.body), status, err, c.status)
			}
			if status != 200 && len(body) != 0 {
				w.t.Errorf("%s: %d with a body %q", c.path, status, body)
			}
		}
		if n := len(w.b.seen(EventPeerFault)); n != 1 {
			w.t.Errorf("garbage was said %d times", n)
		}
	})
}

// stuck yields some bytes and then nothing until it is closed.
type stuck struct {
	head   []byte
	closed chan struct{}
}

func (s *stuck) Read(p []byte) (int, error) {
	if len(s.head) > 0 {
		n := copy(p, s.head)
		s.head = s.head[n:]
		return n, nil
	}
	<-s.closed
	return 0, io.EOF
}

func TestAPeerThatSendsForeverOrStopsHalfWay(t *testing.T) {
	inWorld(t, options{addrB: true}, func(w *world) {
		w.net.Shape(5*time.Millisecond, 0)
		w.within(20*time.Second, "up", w.bothUp)
		cc, _, err := intruder(w.t, w, testKey("a"))
		if err != nil {
			w.t.Fatal(err)
		}
		forever := &endless{}
		claim := append(append([]byte(nil), magic[:]...), 0, 0x7f, 0xff, 0xf4)
		status, _, err := ask(cc, path(testLine, exchange), io.MultiReader(bytes.NewReader(claim), forever))
		if err == nil && status == 200 {
			w.t.Error("an endless message was taken")
		}
		if n := forever.n.Load(); n > MaxMessageBytes+2*connWindow {
			w.t.Errorf("%d bytes of an endless message were read", n)
		}
		// As many as fill every place, all stopped half-way.
		half := &stuck{closed: make(chan struct{})}
		started := time.Now()
		done := make(chan time.Duration)
		for range maxExchangesAtOnce {
			go func() {
				ask(cc, path(testLine, exchange), io.MultiReader(bytes.NewReader(claim), half))
				done <- time.Since(started)
			}()
		}
		time.Sleep(time.Second)
		hold := w.b.ledger.append(true, entryOf("hold", 10))
		took := w.within(time.Second, "a hold past the stuck ones", func() bool { return len(w.a.seen(EventAdvance)) == 1 })
		w.t.Logf("hold %d after %v", hold, took)
		w.within(2*stallLimit, "settled", w.settled)
		close(half.closed)
		for range maxExchangesAtOnce {
			if d := <-done; d > stallLimit+time.Second {
				w.t.Errorf("a message that stood still was given up after %v", d)
			}
		}
	})
}

func TestSlowHandshakesAreBoundedAndEnd(t *testing.T) {
	inWorld(t, options{addrB: true}, func(w *world) {
		w.within(20*time.Second, "up", w.bothUp)
		var idle []net.Conn
		for range 3 * maxHandshakes {
			c, err := w.net.Dialer("x")(context.Background(), "mem", "b:1")
			if err != nil {
				w.t.Fatal(err)
			}
			idle = append(idle, c)
		}
		synctest.Wait()
		w.b.server.mu.Lock()
		fresh := len(w.b.server.fresh)
		w.b.server.mu.Unlock()
		if fresh > maxHandshakes {
			w.t.Errorf("%d connections hang before their handshake", fresh)
		}
		w.net.Reset() // a has to come back in between them
		w.within(2*time.Second, "up", w.bothUp)
		w.a.ledger.append(false, entryOf("a", 10))
		w.within(2*time.Second, "settled", w.settled)
		time.Sleep(time.Minute)
		synctest.Wait()
		w.b.server.mu.Lock()
		defer w.b.server.mu.Unlock()
		if len(w.b.server.fresh) != 0 {
			w.t.Errorf("%d connections still hang", len(w.b.server.fresh))
		}
		for _, c := range idle {
			c.Close()
		}
	})
}

func TestAPeersConnectionsAreBounded(t *testing.T) {
	inWorld(t, options{addrB: true}, func(w *world) {
		w.within(20*time.Second, "up", w.bothUp)
		for range 3 * maxConnsPerPeer {
			if _, _, err := intruder(w.t, w, testKey("a")); err != nil {
				w.t.Fatal(err)
			}
		}
		synctest.Wait()
		w.b.server.mu.Lock()
		n := len(w.b.server.conns[string(testKey("a").Public().(ed25519.PublicKey))])
		w.b.server.mu.Unlock()
		if n > maxConnsPerPeer {
			w.t.Errorf("%d connections of one peer", n)
		}
		w.within(2*time.Second, "up", w.bothUp)
		w.a.ledger.append(false, entryOf("a", 10))
		w.within(2*time.Second, "settled", w.settled)
	})
}

// lyingLedger sends parcels that do not hold.
type lyingLedger struct{ *fakeLedger }

func (f lyingLedger) Parcel(ctx context.Context, w ledger.Want) (ledger.Parcel, error) {
	p, err := f.fakeLedger.Parcel(ctx, w)
	if len(p.Entries) > 0 {
		p.Entries = append([]transcript.Sealed{entryOf("another", 1)}, p.Entries[1:]...)
	}
	return p, err
}

func TestWhatDoesNotHoldIsRefusedSaidOnceAndAskedAgainSlowly(t *testing.T) {
	for name, o := range shapes {
		t.Run(name, func(t *testing.T) {
			o.cfg = func(s transcript.Side, c *Config) {
				if s == transcript.A {
					c.Ledger = lyingLedger{c.Ledger.(*fakeLedger)}
				}
			}
			inWorld(t, o, func(w *world) {
				w.within(20*time.Second, "up", w.bothUp)
				w.a.ledger.append(false, entryOf("told", 10))
				w.b.ledger.append(false, entryOf("b", 10))
				time.Sleep(time.Hour)
				synctest.Wait()
				if _, n, _ := w.b.ledger.sizes(); n != 0 {
					w.t.Error("b kept what does not hold")
				}
				if _, n, rec := w.a.ledger.sizes(); n != 1 || rec != 0 {
					w.t.Errorf("a holds %d, has receipts for %d", n, rec)
				}
				if n := len(w.b.seen(EventPeerFault)); n != 1 {
					w.t.Errorf("said %d times", n)
				}
				w.b.ledger.mu.Lock()
				defer w.b.ledger.mu.Unlock()
				if n := w.b.ledger.received; n > 1000 {
					w.t.Errorf("asked again %d times in an hour", n)
				}
			})
		})
	}
}

// forgetfulLedger gives nothing back, whatever it holds.
type forgetfulLedger struct{ *fakeLedger }

func (f forgetfulLedger) GiveBack(ctx context.Context, have ledger.Have, _ int) (ledger.Parcel, error) {
	p, err := f.fakeLedger.GiveBack(ctx, have, 0)
	p.Entries = nil
	return p, err
}

func TestAPeerThatGivesNothingBackIsAskedAgainSlowly(t *testing.T) {
	for name, o := range shapes {
		t.Run(name, func(t *testing.T) {
			o.cfg = func(s transcript.Side, c *Config) {
				if s == transcript.B {
					c.Ledger = forgetfulLedger{c.Ledger.(*fakeLedger)}
				}
			}
			inWorld(t, o, func(w *world) {
				for i := range 10 {
					w.a.ledger.append(false, entryOf("a", i))
				}
				w.within(20*time.Second, "settled", w.settled)
				w.a.halt()
				w.a.ledger.mu.Lock()
				w.a.ledger.own.cut(3)
				w.a.ledger.receipted, w.a.ledger.unconfirmed = 3, true
				w.a.ledger.mu.Unlock()
				w.a.start(w)
				w.a.ledger.append(true, entryOf("hold", 1)) // of an earlier run, say
				w.b.ledger.append(true, entryOf("hold", 1))
				time.Sleep(time.Hour)
				synctest.Wait()
				a := w.a.line.Status()
				if a.State != Up || a.Confirmed || a.Held.Size != 0 {
					w.t.Errorf("a: %+v", a)
				}
				if len(w.a.seen(EventAdvance)) != 1 {
					w.t.Error("b's hold did not pass")
				}
				w.a.ledger.mu.Lock()
				n := len(w.a.ledger.verdicts)
				w.a.ledger.mu.Unlock()
				if n > 1000 {
					w.t.Errorf("asked %d times in an hour", n)
				}
			})
		})
	}
}

func TestAnAdvanceCopyThatIsNotTakenHoldsUpNoOther(t *testing.T) {
	o := options{addrB: true, cfg: func(s transcript.Side, c *Config) {
		c.Ledger = pickyLedger{c.Ledger.(*fakeLedger)}
		c.Suspended = func() Suspension { return Suspension{Declared: true} }
	}}
	for _, from := range []transcript.Side{transcript.A, transcript.B} {
		t.Run(string(from), func(t *testing.T) {
			inWorld(t, o, func(w *world) {
				w.within(20*time.Second, "up", func() bool { return w.b.line.Status().State == Suspended })
				src, dst := w.a, w.b
				if from == transcript.B {
					src, dst = w.b, w.a
				}
				for range 3 {
					src.ledger.append(true, entryOf("refused", 2<<20))
				}
				time.Sleep(time.Minute)
				hold := src.ledger.append(true, entryOf("hold", 10))
				w.within(time.Minute, "the hold", func() bool {
					dst.ledger.mu.Lock()
					defer dst.ledger.mu.Unlock()
					_, ok := dst.ledger.ahead[hold]
					return ok
				})
			})
		})
	}
}

// pickyLedger takes no large advance copy.
type pickyLedger struct{ *fakeLedger }

func (f pickyLedger) ReceiveAdvance(ctx context.Context, a ledger.Advance) (ledger.Outcome, error) {
	if len(a.Entry.Disclosures) > 1 {
		return ledger.Outcome{Verdict: ledger.Missing}, nil
	}
	return f.fakeLedger.ReceiveAdvance(ctx, a)
}

// robbed lost its disk, and nothing that its peer gives back holds.
type robbed struct {
	*fakeLedger
	given atomic.Int64
}

func (f *robbed) TakeBack(context.Context, ledger.Parcel) (ledger.Outcome, error) {
	f.given.Add(1)
	return ledger.Outcome{Verdict: ledger.Unsound}, nil
}

func TestWhatCannotBeTakenBackIsAskedForSlowly(t *testing.T) {
	for name, o := range shapes {
		t.Run(name, func(t *testing.T) {
			var b *robbed
			o.cfg = func(s transcript.Side, c *Config) {
				if s == transcript.B {
					b = &robbed{fakeLedger: c.Ledger.(*fakeLedger)}
					b.unconfirmed = true
					c.Ledger = b
				}
			}
			inWorld(t, o, func(w *world) {
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				if !w.bothUp() {
					w.t.Error("the line is not up")
				}
				if n := b.given.Load(); n < 10 || n > 300 {
					w.t.Errorf("given back %d times in ten minutes", n)
				}
			})
		})
	}
}

// TestCutShortIsNoFault: a peer that is stopped while it sends did not send what does not hold.
func TestCutShortIsNoFault(t *testing.T) {
	whole, err := Encode(Message{})
	if err != nil {
		t.Fatal(err)
	}
	for cut := range whole {
		_, err := Decode(bytes.NewReader(whole[:cut]))
		if got := failureOf(err, FailBroken); got != FailBroken {
			t.Errorf("cut at %d: %s", cut, got)
		}
	}
	if _, err := Decode(bytes.NewReader(append([]byte("another"), whole...))); failureOf(err, FailBroken) != FailMalformed {
		t.Errorf("another magic: %v", err)
	}
}
