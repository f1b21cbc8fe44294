package line

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"parley/transcript"
	"parley/transcript/ledger"
)

// channel is one of the two connections that a dialer holds.
type channel int

const (
	exchange channel = iota // parcels, receipts, give-backs
	urgent                  // advance copies, on a connection of their own so that no transfer delays them
)

func (c channel) String() string { return [...]string{"exchange", "urgent"}[c] }

const (
	// batchBytes is about how much of entries one parcel takes: little enough that a cut costs a
	// slow link little, and that a commit beyond it still leaves the parcel below its bound.
	batchBytes = 1 << 20
	// urgentBytes bounds advance copies in one message; one is at most 4.1 MiB.
	urgentBytes = 1 << 20
)

// bound is up to where the own transcript may go out while the line is suspended; zero: all of it.
// That an epoch is opened is told in every state.
func (l *Line) bound(st ledger.Standing) ledger.Have {
	s := l.cfg.Suspended()
	switch {
	case !s.Declared:
		return ledger.Have{}
	case s.UpTo.Epoch < st.Own.Epoch:
		return ledger.Have{Epoch: st.Own.Epoch, Size: 1}
	}
	return s.UpTo
}

// sendable is how much of the own transcript may go out now.
func (l *Line) sendable(st ledger.Standing) ledger.Have {
	if upTo := l.bound(st); upTo != (ledger.Have{}) && less(upTo, st.Own) {
		return upTo
	}
	return st.Own
}

// hasNews reports whether the peer lacks entries that may go out now.
func (l *Line) hasNews() bool {
	st := l.cfg.Ledger.Standing()
	out := l.sendable(st)
	l.mu.Lock()
	defer l.mu.Unlock()
	return st.Confirmed && less(l.track.peerHave, out)
}

// hasUrgent reports whether advance copies wait.
func (l *Line) hasUrgent() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.track.pending) > 0
}

// compose makes an exchange message: with entries where they are wanted and may go out, else head,
// receipt and Have alone. A ledger that fails leaves the parcel out: the message still says that
// this node lives.
func (l *Line) compose(ctx context.Context, entries bool) Message {
	m := Message{}
	l.composeBack(ctx, &m)
	l.composeProofs(ctx, &m)
	st := l.cfg.Ledger.Standing()
	if !st.Confirmed {
		m.Ask = &st.Asks
	}
	maxBytes := 0
	if entries && m.Back == nil && l.hasNews() {
		maxBytes = batchBytes
	}
	p, err := l.parcel(ctx, maxBytes)
	if err != nil {
		l.localFailure("parcel", err)
		m.Refusal = RefusedUnready
		return m
	}
	m.Parcel = &p
	return m
}

// parcel asks the ledger for what the peer lacks, and for less where that would not fit.
func (l *Line) parcel(ctx context.Context, maxBytes int) (ledger.Parcel, error) {
	w := ledger.Want{UpTo: l.bound(l.cfg.Ledger.Standing()), MaxBytes: maxBytes}
	l.mu.Lock()
	w.Have, w.Receipted = l.track.peerHave, l.track.peerReceipted
	l.mu.Unlock()
	p, err := l.cfg.Ledger.Parcel(ctx, w)
	if err == nil && maxBytes > 1 && !fits(p.Entries) {
		w.MaxBytes = 1
		return l.cfg.Ledger.Parcel(ctx, w)
	}
	return p, err
}

// composeBack adds what the peer asked to be given back.
func (l *Line) composeBack(ctx context.Context, m *Message) {
	l.mu.Lock()
	ask := l.track.giveTo
	l.track.giveTo = nil
	l.mu.Unlock()
	if ask == nil {
		return
	}
	p, err := l.cfg.Ledger.GiveBack(ctx, *ask, batchBytes)
	if err == nil && !fits(p.Entries) {
		p, err = l.cfg.Ledger.GiveBack(ctx, *ask, 1)
	}
	if err != nil {
		l.localFailure("give back", err)
		return
	}
	m.Back = &p
}

// composeProofs says of which forks there is a proof here, and adds those that the peer lacks: both
// copies of the record are to name the fork.
func (l *Line) composeProofs(ctx context.Context, m *Message) {
	proven := l.cfg.Ledger.Proven()
	if len(proven) == 0 {
		return
	}
	l.mu.Lock()
	heard, peer := l.track.heard, l.track.peerProven
	l.mu.Unlock()
	for _, o := range proven[max(0, len(proven)-maxProven):] {
		t := Transcript{o.Epoch, o.Side}
		m.Proven = append(m.Proven, t)
		if !heard || len(m.Proofs) == maxProofs || slices.Contains(peer, t) {
			continue
		}
		text, err := l.cfg.Ledger.Proof(ctx, o)
		if err != nil {
			l.localFailure("proof", err)
			continue
		}
		m.Proofs = append(m.Proofs, text)
	}
}

// composeUrgent makes an urgent message with the advance copies that fit, at least one: the oldest
// first, and where not all fit the next message goes on where this one ends, so that one that the
// peer does not take cannot hold up the others.
func (l *Line) composeUrgent(copies bool) Message {
	m := Message{}
	if !copies {
		return m
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	pending, size := l.track.pending, 0
	start := l.track.urgentFrom
	if start >= len(pending) {
		start = 0
	}
	for i := range pending {
		a := pending[(start+i)%len(pending)]
		size += advanceBytes(a)
		if i > 0 && (size > urgentBytes || i == maxAdvances) {
			l.track.urgentFrom = (start + i) % len(pending)
			return m
		}
		m.Advances = append(m.Advances, a)
	}
	l.track.urgentFrom = 0
	return m
}

// result is what processing a message came to.
type result struct {
	refusal  Refusal // to send
	progress bool    // it brought something
	acks     []Ack   // to send

	taken    int  // entries of the peer's that are new here
	advances int  // advance copies that are new here
	missing  bool // a parcel begins beyond what is held
	verdict  ledger.Verdict
	reason   string // of a verdict that is a refusal; for people at home
	err      error  // the own ledger's, where nothing could be judged or stored
}

// process takes everything that a peer's message carries. Both ends use it, for requests and for
// answers alike.
func (l *Line) process(ctx context.Context, m Message) result {
	var r result
	if m.Refusal != NotRefused {
		l.refused(m.Refusal)
	}
	for _, text := range m.Proofs {
		l.receiveProof(ctx, text, &r)
	}
	if m.Back != nil && !l.cfg.Ledger.Standing().Confirmed {
		l.takeBack(ctx, *m.Back, &r)
	}
	if m.Parcel != nil {
		l.receive(ctx, *m.Parcel, &r)
	}
	for _, a := range m.Advances {
		l.receiveAdvance(ctx, a, &r)
	}
	if len(m.Acks) > 0 {
		r.progress = l.acknowledged(m.Acks) || r.progress
	}
	if m.Ask != nil {
		r.progress = l.asked(*m.Ask) || r.progress
	}
	return r
}

// asked reports whether the peer asks to be given back what it did not ask for the last time: to
// give the same again and again brings nothing and is paced.
func (l *Line) asked(beyond ledger.Have) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	same := l.track.asked != nil && *l.track.asked == beyond
	l.track.asked = &beyond
	return !same
}

func (l *Line) takeBack(ctx context.Context, p ledger.Parcel, r *result) {
	out, err := l.cfg.Ledger.TakeBack(ctx, p)
	if err != nil {
		r.err = err
		l.localFailure("take back", err)
		return
	}
	r.progress = out.Taken > 0 || l.cfg.Ledger.Standing().Confirmed
	l.judged(out, r)
	l.rejudge()
}

func (l *Line) receive(ctx context.Context, p ledger.Parcel, r *result) {
	if p.Origin.Line != l.cfg.LineID || p.Origin.Side != l.cfg.Side.Other() {
		l.judged(ledger.Outcome{Verdict: ledger.Unsound, Reason: "a parcel of another line or side"}, r)
		return
	}
	if !l.cfg.Ledger.Standing().Confirmed {
		// To receive is to sign a receipt, and nothing is signed before the peer was asked.
		if len(p.Entries) > 0 {
			r.refusal = RefusedUnready
		}
		return
	}
	if len(p.Entries) == 0 && l.known(p) {
		return
	}
	out, err := l.cfg.Ledger.Receive(ctx, p)
	if err != nil {
		r.refusal, r.err = RefusedUnready, err
		if ctx.Err() == nil && !errors.Is(err, context.Canceled) {
			l.localFailure("receive", err)
		}
		return
	}
	l.localWorks()
	r.taken, r.missing = r.taken+out.Taken, r.missing || out.Verdict == ledger.Missing
	// As many receipts as a parcel holds: there may be more, and who gave them shall not wait.
	r.progress = r.progress || out.Taken > 0 || len(p.Receipts) == ledger.MaxReceipts
	if l.judged(out, r) {
		l.remember(p)
	}
	if out.Verdict == ledger.Taken {
		l.news.fire()
	}
}

// receiveProof hands the ledger a proof of a fork. What holds closes the epoch of which it is; what
// does not hold is no accusation.
func (l *Line) receiveProof(ctx context.Context, text []byte, r *result) {
	out, err := l.cfg.Ledger.ReceiveProof(ctx, text)
	switch {
	case err != nil:
		r.err = err
		l.localFailure("receive proof", err)
	case out.Verdict == ledger.Unsound:
		l.judged(out, r)
	case out.Verdict == ledger.Forked:
		l.log.Warn("the peer proved a fork", "reason", out.Reason)
		r.progress = true
		l.rejudge()
	}
}

// known reports whether a parcel without entries says only what the last one that held said.
func (l *Line) known(p ledger.Parcel) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := &l.track
	return bytes.Equal(p.Head, t.head) && p.Have == t.have && p.After == t.after && slices.EqualFunc(p.Receipts, t.receipts, bytes.Equal)
}

func (l *Line) remember(p ledger.Parcel) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := &l.track
	t.head, t.have, t.after, t.receipts = bytes.Clone(p.Head), p.Have, p.After, nil
	for _, note := range p.Receipts {
		t.receipts = append(t.receipts, bytes.Clone(note))
	}
}

// judged notes a verdict, says a fault of the peer's once, and reports whether the parcel held.
func (l *Line) judged(out ledger.Outcome, r *result) bool {
	switch out.Verdict {
	case ledger.Unsound:
		r.refusal = RefusedUnsound
	case ledger.Forked:
		r.refusal = RefusedForked
	case ledger.Breach:
		r.refusal = RefusedFormat
	case ledger.Missing:
		return false
	default:
		if out.Taken > 0 {
			l.mu.Lock()
			l.track.verdict = ""
			l.mu.Unlock()
		}
		return true
	}
	r.verdict, r.reason = out.Verdict, out.Reason
	now := l.cfg.Clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if out.OldKey {
		if now.Sub(l.track.oldKeyLast) >= oldKeyFor {
			l.track.oldKey = now
		}
		l.track.oldKeyLast = now
	}
	if l.track.verdict != out.Verdict {
		l.track.verdict = out.Verdict
		l.log.Warn("the peer sent what does not hold", "verdict", out.Verdict, "reason", out.Reason)
		l.say(Event{Kind: EventPeerFault, At: now, Verdict: out.Verdict})
	}
	return false
}

func (l *Line) receiveAdvance(ctx context.Context, a ledger.Advance, r *result) {
	if a.Origin.Line != l.cfg.LineID || a.Origin.Side != l.cfg.Side.Other() {
		l.judged(ledger.Outcome{Verdict: ledger.Unsound, Reason: "an advance copy of another line or side"}, r)
		return
	}
	out, err := l.cfg.Ledger.ReceiveAdvance(ctx, a)
	if err != nil {
		r.refusal, r.err = RefusedUnready, err
		if ctx.Err() == nil {
			l.localFailure("receive advance", err)
		}
		return
	}
	switch out.Verdict {
	case ledger.Taken:
		r.progress = true
		r.advances++
		now := l.cfg.Clock.Now()
		l.mu.Lock()
		l.say(Event{Kind: EventAdvance, At: now, Epoch: a.Origin.Epoch, Index: a.Index})
		l.mu.Unlock()
		fallthrough
	case ledger.Old:
		r.acks = append(r.acks, Ack{a.Origin.Epoch, a.Index})
	default:
		l.judged(out, r)
	}
}

// acknowledged marks own advance copies as held by the peer; it reports whether one was news.
func (l *Line) acknowledged(acks []Ack) bool {
	now := l.cfg.Clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	any := false
	for _, k := range acks {
		for i, a := range l.track.pending {
			if (Ack{a.Origin.Epoch, a.Index}) == k {
				l.track.pending = append(l.track.pending[:i:i], l.track.pending[i+1:]...)
				l.track.acked[k] = true
				l.say(Event{Kind: EventAcked, At: now, Epoch: k.Epoch, Index: k.Index})
				any = true
				break
			}
		}
	}
	return any
}

// refused says once that the peer took nothing.
func (l *Line) refused(f Refusal) {
	now := l.cfg.Clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.track.refusal != f {
		l.track.refusal = f
		l.log.Warn("the peer refused", "refusal", uint8(f))
		l.say(Event{Kind: EventRefused, At: now, Refusal: f, Failure: FailRefused})
	}
}

// fits reports whether entries leave room for the rest of a message within its bounds.
func fits(entries []transcript.Sealed) bool {
	n, items := envelopeBytes, 0
	for _, s := range entries {
		n += sealedBytes(s)
		items += 1 + len(s.Disclosures)
	}
	return n <= MaxMessageBytes && items <= maxItems/2
}
