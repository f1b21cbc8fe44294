package line

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// contentType is that of every request and answer.
const contentType = "application/vnd.parley.message"

// errAnswer says that the peer answered with something other than a message.
var errAnswer = errors.New("the peer answered without a message")

// path is where a line's peers post their messages.
func path(lineID string, ch channel) string { return "/parley/v1/line/" + lineID + "/" + ch.String() }

// converse holds the conversation on a connection that this end dialed until it fails: a poll is
// always outstanding, and own news goes in a request of its own beside it. It reports whether the
// peer ever answered.
func (l *Line) converse(ctx context.Context, k *link, ch channel) (talked bool, err error) {
	l.dialed(+1)
	defer l.dialed(-1)
	if ch == exchange {
		l.freshPeer()
	}
	ctx, end := l.whileTurn(ctx)
	defer end()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(context.Canceled)
	c := &conversation{line: l, link: k, ch: ch}
	var loops sync.WaitGroup
	for _, loop := range []func(context.Context) error{c.poll, c.push} {
		loops.Go(func() { cancel(loop(ctx)) })
	}
	<-ctx.Done()
	k.close()
	loops.Wait()
	err = context.Cause(ctx)
	if !c.talked.Load() {
		// HTTP/2 may say only that the connection is gone; TLS keeps the alert that ended it.
		if _, last := k.tls.Read(make([]byte, 1)); failureOf(last, NoFailure) == FailRefusedKey {
			err = last
		}
	}
	return c.talked.Load(), err
}

func (l *Line) dialed(by int) {
	l.mu.Lock()
	l.track.dialed += by
	l.mu.Unlock()
	l.turn.fire()
}

// conversation is the dialer's part on one connection.
type conversation struct {
	line   *Line
	link   *link
	ch     channel
	talked atomic.Bool
}

// poll keeps a request outstanding whose answer waits for the peer's news. The first asks for an
// answer at once: it shows where both stand.
func (c *conversation) poll(ctx context.Context) error {
	l, wait, idle := c.line, time.Duration(0), 0
	var acks []Ack
	var refusal Refusal
	for {
		m := l.composeFor(ctx, c.ch, false)
		m.Want, m.Wait, m.Acks = true, wait, acks
		if refusal != NotRefused {
			m.Refusal = refusal
		}
		began := l.cfg.Clock.Now()
		answer, err := c.post(ctx, m)
		if err != nil {
			return err
		}
		r := l.process(ctx, answer)
		acks, refusal = r.acks, r.refusal
		if r.progress || l.cfg.Clock.Now().Sub(began) >= wait && wait > 0 {
			idle = 0
		} else if idle++; idle > 1 && !l.sleep(ctx, backoff(idle-1, redialMin, l.cfg.Terms.Heartbeat)) {
			return context.Cause(ctx)
		}
		wait = l.cfg.Terms.Heartbeat
	}
}

// push sends own news as soon as there is some, one message at a time, so that what comes up while
// one is under way goes together in the next. Where the poll is busy with a transfer it sends the
// heartbeat.
func (c *conversation) push(ctx context.Context) error {
	l, idle := c.line, 0
	for {
		news, changed := l.news.wait(), l.changed(c.ch)
		if !l.newsFor(c.ch) {
			idle = 0
			if beat, err := c.await(ctx, news, changed); err != nil {
				return err
			} else if !beat {
				continue
			}
		}
		before := l.mark(c.ch)
		answer, err := c.post(ctx, l.composeFor(ctx, c.ch, true))
		if err != nil {
			return err
		}
		l.process(ctx, answer)
		if !l.newsFor(c.ch) || l.mark(c.ch) != before {
			idle = 0
		} else if idle++; idle > 1 && !l.sleep(ctx, backoff(idle-1, redialMin, l.cfg.Terms.Heartbeat)) {
			return context.Cause(ctx)
		}
	}
}

// await waits for news, or for a heartbeat to be due. The poll is the heartbeat while it comes back
// in time; half a heartbeat later something else must be.
func (c *conversation) await(ctx context.Context, news, changed <-chan struct{}) (beat bool, err error) {
	l := c.line
	l.mu.Lock()
	last := l.track.evidence.LastExchange
	l.mu.Unlock()
	limit := l.cfg.Terms.Heartbeat * 3 / 2
	timer, stop := l.cfg.Clock.Timer(max(limit-l.cfg.Clock.Now().Sub(last), limit/10))
	defer stop()
	select {
	case <-news:
		return false, nil
	case <-changed:
		return false, nil
	case <-timer:
		l.mu.Lock()
		defer l.mu.Unlock()
		return l.cfg.Clock.Now().Sub(l.track.evidence.LastExchange) >= limit, nil
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
}

// post sends a message and reads the answer. Whatever fails, the connection is done for.
func (c *conversation) post(ctx context.Context, m Message) (Message, error) {
	l := c.line
	if key, ok := c.link.peerKey(); !ok || !l.pinned(key) || !l.own.current(c.link.own) {
		return Message{}, errRekeyed // what the peer shows on the next is judged there
	}
	body, err := l.encode(&m)
	if err != nil {
		l.localFailure("encode", err)
		return Message{}, err
	}
	ctx, dog := watch(ctx, l.cfg.Clock, stallLimit)
	defer dog.stop()
	req := (&http.Request{
		Method:        http.MethodPost,
		URL:           &url.URL{Scheme: "https", Host: l.cfg.PeerAddress, Path: path(l.cfg.LineID, c.ch)},
		Header:        http.Header{"Content-Type": {contentType}, "User-Agent": {""}},
		Body:          &sentBody{r: bytes.NewReader(body), dog: dog, last: m.Wait + answerGrace},
		ContentLength: int64(len(body)),
	}).WithContext(ctx)
	resp, err := c.link.http.RoundTrip(req)
	if err != nil {
		return Message{}, cause(ctx, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != contentType {
		return Message{}, errAnswer
	}
	dog.feed(stallLimit)
	now := time.Time{}
	answer, err := decode(fedReader{resp.Body, dog, stallLimit}, func() { now = l.cfg.Clock.Now() })
	if err != nil {
		return Message{}, cause(ctx, err)
	}
	c.talked.Store(true)
	l.exchanged(c.ch, answer, now)
	return answer, nil
}

// cause returns why the context ended where it did, else err.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// encode stamps and encodes a message.
func (l *Line) encode(m *Message) ([]byte, error) {
	m.Sent = l.cfg.Clock.Now()
	l.mu.Lock()
	m.Echo = l.track.clocks.stamp(m.Sent)
	l.mu.Unlock()
	return Encode(*m)
}

// composeFor makes a message for a channel, with or without what there is to tell on it.
func (l *Line) composeFor(ctx context.Context, ch channel, tell bool) Message {
	if ch == urgent {
		return l.composeUrgent(tell)
	}
	return l.compose(ctx, tell)
}

func (l *Line) newsFor(ch channel) bool {
	if ch == urgent {
		return l.hasUrgent()
	}
	return l.hasNews()
}

// changed returns a channel that is closed when the ledger changes, for the channel that carries
// what is in it: what is new need not wait until watch has looked at it.
func (l *Line) changed(ch channel) <-chan struct{} {
	if ch == urgent {
		return nil
	}
	return l.cfg.Ledger.Changed()
}

// mark is what moves when a push gets somewhere.
func (l *Line) mark(ch channel) any {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ch == urgent {
		return len(l.track.pending)
	}
	return l.track.peerHave
}

// sentBody is a request's body that feeds the watchdog as it goes, and with its last byte gives the
// answer its time.
type sentBody struct {
	r    *bytes.Reader
	dog  *watchdog
	last time.Duration
}

func (b *sentBody) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.r.Len() == 0 {
		b.dog.feed(b.last)
		return n, io.EOF
	}
	b.dog.feed(stallLimit)
	return n, err
}

func (b *sentBody) Close() error { return nil }
