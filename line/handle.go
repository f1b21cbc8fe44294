package line

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"parley/internal/clock"
)

// writeStep is how much of an answer has to leave within stallLimit.
const writeStep = 32 << 10

// inbound notes a request of the peer under way; who hears the peer does not dial. The returned
// function notes its end.
func (l *Line) inbound() func() {
	change := func(by int) {
		now := l.cfg.Clock.Now()
		l.mu.Lock()
		l.track.inbound += by
		l.track.inboundEnd = now
		edge := l.track.inbound == 0 || l.track.inbound == 1 && by > 0
		l.mu.Unlock()
		if edge {
			l.turn.fire()
		}
	}
	change(+1)
	return sync.OnceFunc(func() { change(-1) })
}

// serve answers one request of the peer, whose key is pinned for this line. It answers with a
// message or with a bare status.
func (l *Line) serve(w http.ResponseWriter, r *http.Request, ch channel) {
	run, ok := l.enter()
	if !ok {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer l.handlers.Done()
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(context.Canceled)
	defer context.AfterFunc(run, func() { cancel(context.Cause(run)) })()
	defer l.inbound()()

	m, res, status := l.take(ctx, w, r, ch)
	if status != http.StatusOK {
		w.WriteHeader(status)
		return
	}
	if m.Want && m.Wait > 0 && !res.progress && res.refusal == NotRefused {
		l.linger(ctx, m.Wait, ch)
	}
	if ctx.Err() != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	l.answer(ctx, w, ch, m, res)
}

// take reads a request's message and does what it says, as one of a bounded number at once.
func (l *Line) take(ctx context.Context, w http.ResponseWriter, r *http.Request, ch channel) (Message, result, int) {
	if ch == exchange && !l.slowDown(ctx) {
		return Message{}, result{}, http.StatusServiceUnavailable
	}
	select {
	case l.busy[ch] <- struct{}{}:
		defer func() { <-l.busy[ch] }()
	case <-ctx.Done():
		return Message{}, result{}, http.StatusServiceUnavailable
	}
	var now time.Time
	m, err := decode(stallReader{r, http.NewResponseController(w)}, func() { now = l.cfg.Clock.Now() })
	if err != nil {
		if errors.Is(err, errMalformed) && !errors.Is(err, errCutShort) {
			l.failed(FailMalformed, err)
		}
		return Message{}, result{}, http.StatusBadRequest
	}
	if ch == urgent && (m.Parcel != nil || m.Back != nil || m.Ask != nil || len(m.Proven) > 0 || len(m.Proofs) > 0) {
		// What is exempt from the bounds of rate carries nothing that is not.
		l.failed(FailMalformed, errMalformed)
		return Message{}, result{}, http.StatusBadRequest
	}
	l.exchanged(ch, m, now)
	return m, l.process(ctx, m), http.StatusOK
}

// slowDown holds a peer that sends too many messages back. It reports false when ctx ended.
func (l *Line) slowDown(ctx context.Context) bool {
	now := l.cfg.Clock.Now()
	return l.sleep(ctx, l.rates.ReserveN(now, 1).DelayFrom(now))
}

// linger waits until there is something to tell the peer, or for wait.
func (l *Line) linger(ctx context.Context, wait time.Duration, ch channel) {
	select {
	case l.polls[ch] <- struct{}{}:
		defer func() { <-l.polls[ch] }()
	default:
		return
	}
	timer, stop := l.cfg.Clock.Timer(wait)
	defer stop()
	for {
		news, changed := l.news.wait(), l.changed(ch)
		if l.newsFor(ch) {
			return
		}
		select {
		case <-news:
		case <-changed:
		case <-timer:
			return
		case <-ctx.Done():
			return
		}
	}
}

// answer sends the answer to a message.
func (l *Line) answer(ctx context.Context, w http.ResponseWriter, ch channel, m Message, res result) {
	out := l.composeFor(ctx, ch, m.Want)
	out.Acks = res.acks
	if res.refusal != NotRefused {
		out.Refusal = res.refusal
	}
	body, err := l.encode(&out)
	if err != nil {
		l.localFailure("encode", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	rc := http.NewResponseController(w)
	for len(body) > 0 && ctx.Err() == nil {
		n := min(len(body), writeStep)
		if rc.SetWriteDeadline(stallDeadline()) != nil {
			return
		}
		if _, err := w.Write(body[:n]); err != nil {
			return
		}
		if body = body[n:]; len(body) > 0 && rc.Flush() != nil {
			return
		}
	}
}

// stallDeadline is by the machine's clock, as net/http has it.
func stallDeadline() time.Time { return clock.System{}.Now().Add(stallLimit) }

// stallReader gives each read of a request's body its own deadline.
type stallReader struct {
	r  *http.Request
	rc *http.ResponseController
}

func (s stallReader) Read(p []byte) (int, error) {
	if err := s.rc.SetReadDeadline(stallDeadline()); err != nil {
		return 0, err
	}
	return s.r.Body.Read(p)
}
