package line

import "time"

// offsets measures the peer's clock against the own as NTP's symmetric mode does (RFC 5905, section
// 8): every message carries its own stamp and, for a message that came from the other end, that
// one's stamp and the time at which it came. From the four times follow
//
//	offset = ((t2 - t1) + (t3 - t4)) / 2    delay = (t4 - t1) - (t3 - t2)
//
// where t1, t4 are the own clock's and t2, t3 the peer's. How long a poll waited lies between t2 and
// t3 and drops out. The offset is off by at most half the delay, so of the newest samples the one
// with the least delay counts (RFC 5905, section 10).
type offsets struct {
	sent    [64]int64 // own stamps whose echo has not come, in nanoseconds
	next    int
	echo    Echo
	samples [8]offsetSample
	count   int // samples ever taken
}

type offsetSample struct{ offset, delay time.Duration }

// stamp notes the stamp of an own message and returns what to echo.
func (o *offsets) stamp(now time.Time) Echo {
	o.sent[o.next] = now.UnixNano()
	o.next = (o.next + 1) % len(o.sent)
	return o.echo
}

// receive takes the stamps of a peer's message that came at now and reports whether they gave a
// sample. Each own stamp gives one: a replay gives none.
func (o *offsets) receive(sent time.Time, echo Echo, now time.Time) bool {
	if sent.IsZero() {
		return false
	}
	o.echo = Echo{Sent: sent, Received: now}
	if echo.Sent.IsZero() || !o.awaited(echo.Sent.UnixNano()) {
		return false
	}
	// Wall clocks alone: the peer's times have no monotonic part, and one must not mix in.
	t1, t4 := time.Unix(0, echo.Sent.UnixNano()), time.Unix(0, now.UnixNano())
	delay := t4.Sub(t1) - sent.Sub(echo.Received)
	if delay < 0 {
		return false
	}
	offset := echo.Received.Sub(t1)/2 + sent.Sub(t4)/2
	o.samples[o.count%len(o.samples)] = offsetSample{offset, delay}
	o.count++
	return true
}

func (o *offsets) awaited(stamp int64) bool {
	for i, s := range o.sent {
		if s == stamp {
			o.sent[i] = 0
			return true
		}
	}
	return false
}

// best returns the sample of least delay.
func (o *offsets) best() (offsetSample, bool) {
	n := min(o.count, len(o.samples))
	if n == 0 {
		return offsetSample{}, false
	}
	best := o.samples[0]
	for _, s := range o.samples[1:n] {
		if s.delay < best.delay {
			best = s
		}
	}
	return best, true
}
