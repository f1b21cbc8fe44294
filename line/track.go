package line

import (
	"context"
	"time"

	"parley/transcript/ledger"
)

// tracker is what a line knows of the moment; the line's mu guards it.
type tracker struct {
	evidence Evidence // Suspended and Forked are filled in when it is used
	state    State
	cause    Cause
	since    time.Time

	peerHave   ledger.Have
	peerHaveAt time.Time // the peer's stamp on the message that said so
	// as the peer said with peerHave: up to where it holds receipts
	peerReceipted ledger.Have
	peerProven    []Transcript // of which forks the peer holds proofs
	heard         bool         // the peer has said so
	clocks        offsets
	clockAlarm    bool

	pending    []ledger.Advance // own advance copies neither receipted nor acknowledged
	acked      map[Ack]bool     // acknowledged, and not yet receipted
	urgentFrom int              // where in pending the next urgent message begins
	giveTo     *ledger.Have     // the peer asked for its own transcript beyond this
	asked      *ledger.Have     // what it asked for the last time
	fileAsks   []int64          // the stamps of own asks by file

	head        []byte // of the last parcel that held, as the next three: the same again need no judging
	have, after ledger.Have
	receipts    [][]byte
	verdict     ledger.Verdict // of the fault that was last said
	refusal     Refusal        // that was last said
	localFault  bool           // the own ledger's failure was said
	keyFault    Failure        // that was last said
	dialed      int            // connections that this end dialed and that stand
	inbound     int            // requests of the peer under way
	inboundEnd  time.Time      // when the last of them ended
	confirmed   bool           // as last seen

	oldKey, oldKeyLast time.Time // entries came under a key that does not count: since when, and when last
}

func (t *tracker) init() {
	t.state, t.cause = Down, Unknown
	t.acked = map[Ack]bool{}
}

// watch follows the ledger and the passing of time, and says what changes.
func (l *Line) watch(ctx context.Context) {
	for {
		changed := l.cfg.Ledger.Changed()
		again := l.refresh(ctx)
		l.news.fire()
		if d, ok := l.judge(); ok && (again == 0 || d < again) {
			again = d
		}
		var timer <-chan time.Time
		stop := func() bool { return false }
		if again > 0 {
			timer, stop = l.cfg.Clock.Timer(again)
		}
		select {
		case <-changed:
		case <-timer:
		case <-l.poke:
		case <-ctx.Done():
			stop()
			return
		}
		stop()
	}
}

// refresh reads the advance copies that wait. It returns when to read again where that failed.
func (l *Line) refresh(ctx context.Context) (again time.Duration) {
	all, err := l.cfg.Ledger.Advances(ctx)
	if err != nil {
		l.localFailure("advances", err)
		return time.Second
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	acked := map[Ack]bool{}
	pending := make([]ledger.Advance, 0, len(all))
	for _, a := range all {
		k := Ack{a.Origin.Epoch, a.Index}
		if l.track.acked[k] {
			acked[k] = true
			continue
		}
		pending = append(pending, a)
	}
	l.track.acked, l.track.pending = acked, pending
	return 0
}

// judge derives the state, says a change of it, and returns when time alone may change it next.
func (l *Line) judge() (time.Duration, bool) {
	now, standing := l.cfg.Clock.Now(), l.cfg.Ledger.Standing()
	suspended := l.cfg.Suspended().Declared
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.track.evidence
	e.Suspended, e.Forked = suspended, standing.Forked
	state, cause := Derive(now, e, l.cfg.Terms)
	if l.track.since.IsZero() {
		l.track.since = l.started
	}
	if standing.Confirmed && !l.track.confirmed {
		l.track.confirmed = true
		l.say(Event{Kind: EventConfirmed, At: now})
	}
	l.track.confirmed = standing.Confirmed
	if state != l.track.state || cause != l.track.cause {
		l.track.state, l.track.cause, l.track.since = state, cause, now
		l.log.Info("line state", "state", state, "cause", cause)
		l.say(Event{Kind: EventState, At: now})
	}
	return nextTurn(now, e, l.cfg.Terms)
}

// say queues an event with the status as it is. The caller holds mu.
func (l *Line) say(e Event) {
	e.Status = l.status()
	l.events.add(e)
}

// Look makes the line ask again what Config's Suspended and PeerKeys say, after they changed.
func (l *Line) Look() { l.rejudge() }

// Status returns the line as it stands now.
func (l *Line) Status() Status {
	l.judge()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.status()
}

func (l *Line) status() Status {
	t := &l.track
	st := l.cfg.Ledger.Standing()
	s := Status{
		State: t.state, Cause: t.cause, Since: t.since,
		LastExchange: t.evidence.LastExchange,
		Failure:      t.evidence.Failure,
		Dialing:      t.dialed > 0,
		Inbound:      t.inbound > 0,
		ClockAlarm:   t.clockAlarm,
		Undelivered:  st.Undelivered,
		Unacked:      len(t.pending),
		PeerHave:     t.peerHave,
		Own:          st.Own,
		Held:         st.Held,
		Confirmed:    st.Confirmed,
		Doubted:      st.Doubted,
	}
	now := l.cfg.Clock.Now()
	s.Starting = t.evidence.LastExchange.IsZero() && (l.started.IsZero() || now.Sub(l.started) < l.cfg.Terms.DownAfter)
	if now.Sub(t.oldKeyLast) < oldKeyFor {
		s.OldKey = t.oldKey
	}
	if b, ok := t.clocks.best(); ok {
		s.ClockOffset, s.RTT, s.OffsetKnown = b.offset, b.delay, true
	}
	return s
}

// exchanged notes a message of the peer's on a channel, whose first bytes came at stamped and whose
// last just now: it is alive, whatever it says.
func (l *Line) exchanged(ch channel, m Message, stamped time.Time) {
	now := l.cfg.Clock.Now()
	l.mu.Lock()
	t := &l.track
	t.evidence.LastExchange, t.evidence.Failure, t.keyFault = now, NoFailure, NoFailure
	if t.clocks.receive(m.Sent, m.Echo, stamped) {
		l.clockAlarm(now)
	}
	if p := m.Parcel; p != nil && !m.Sent.Before(t.peerHaveAt) {
		if t.peerHave != p.Have {
			t.refusal = NotRefused
		}
		t.peerHave, t.peerHaveAt, t.peerReceipted = p.Have, m.Sent, p.Receipted
	}
	if ch == exchange {
		t.peerProven, t.heard = m.Proven, true
	}
	if m.Ask != nil {
		t.giveTo = m.Ask
	}
	idle := t.state != Up
	l.mu.Unlock()
	l.news.fire()
	if idle {
		l.rejudge()
	}
}

// clockAlarm begins the alarm over the bound and ends it below four fifths of it, so that an offset
// at the bound does not flicker. The caller holds mu.
func (l *Line) clockAlarm(now time.Time) {
	b, ok := l.track.clocks.best()
	if !ok {
		return
	}
	off, most := b.offset.Abs(), l.cfg.Terms.ClockOffsetMax
	switch {
	case off > most && !l.track.clockAlarm:
		l.track.clockAlarm = true
	case off < most/5*4 && l.track.clockAlarm:
		l.track.clockAlarm = false
	default:
		return
	}
	l.log.Warn("clock offset", "offset", b.offset, "alarm", l.track.clockAlarm)
	l.say(Event{Kind: EventClock, At: now})
}

// rejudge makes watch look at the state again.
func (l *Line) rejudge() {
	select {
	case l.poke <- struct{}{}:
	default:
	}
}

// failed notes why a connection failed.
func (l *Line) failed(f Failure, err error) {
	now := l.cfg.Clock.Now()
	if f == FailRefusedKey {
		l.own.refuse()
	}
	l.mu.Lock()
	t := &l.track
	t.evidence.Failure = f
	kind := EventKind("")
	switch {
	case f == t.keyFault:
	case f == FailWrongKey:
		kind = EventWrongKey
	case f == FailRefusedKey:
		kind = EventRefusesKey
	case f == FailMalformed:
		kind = EventPeerFault
	}
	if kind != "" {
		t.keyFault = f
		l.say(Event{Kind: kind, At: now, Failure: f})
	}
	l.mu.Unlock()
	l.log.Debug("connection failed", "failure", f, "err", err)
	l.rejudge()
}

// freshPeer forgets the order of the peer's stamps: a connection is new, and its clock may have been
// set back since.
func (l *Line) freshPeer() {
	l.mu.Lock()
	l.track.peerHaveAt = time.Time{}
	l.mu.Unlock()
}

// localFailure says once that the own ledger cannot do its work.
func (l *Line) localFailure(op string, err error) {
	now := l.cfg.Clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.log.Error("ledger", "op", op, "err", err)
	if !l.track.localFault {
		l.track.localFault = true
		l.say(Event{Kind: EventLocal, At: now, Failure: FailLedger})
	}
}

// localWorks ends a local failure.
func (l *Line) localWorks() {
	l.mu.Lock()
	l.track.localFault = false
	l.mu.Unlock()
}
