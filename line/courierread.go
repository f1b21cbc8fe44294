package line

import (
	"context"
	"slices"
	"time"

	"parley/transcript/ledger"
)

// Unpacked is what the messages of a file came to.
type Unpacked struct {
	Entries   int            // of the peer's, new here, durable and receipted
	Advances  int            // of the peer's advance copies, new here
	Missing   bool           // entries that come before those of a message are not here yet
	Unready   bool           // entries were not taken: this node may not sign yet
	Unasked   bool           // what was given back was not asked for by this run of the node
	Confirmed bool           // by what was given back, this node may sign
	Verdict   ledger.Verdict // of what does not hold, "" where all does
	Reason    string         // for people at home
}

// Unpack does what the messages of a file say, in their order, on the same path as what comes over a
// connection: the ledger judges every head, root, receipt, disclosure and proof as there. Two things
// differ. A file does not show that the peer lives now, so it says nothing of the state of the link and
// measures no clock. And what was given back must answer an ask of this run. It ends at the first message
// that does not hold, with an error where the own ledger fails; what came before stays, as it does on a
// connection that is cut there.
//
// Who calls it has checked that the messages are the peer's: Have, Ask, Acks and the rest of a message
// that no head covers are as good as that check.
func (l *Line) Unpack(ctx context.Context, messages []Message) (Unpacked, error) {
	var out Unpacked
	for _, m := range messages {
		was := l.cfg.Ledger.Standing().Confirmed
		if m.Back != nil && !was && !l.didAsk(m.Echo.Sent) {
			m.Back, out.Unasked = nil, true
		}
		r := l.process(ctx, m)
		out.Entries += r.taken
		out.Advances += r.advances
		out.Missing = out.Missing || r.missing
		out.Confirmed = out.Confirmed || !was && l.cfg.Ledger.Standing().Confirmed
		switch {
		case r.err != nil:
			return out, r.err
		case r.refusal == RefusedUnready:
			out.Unready = true
		case r.refusal != NotRefused:
			out.Verdict, out.Reason = r.verdict, r.reason
			return out, nil
		}
	}
	return out, nil
}

// didAsk reports whether a stamp is of an ask by file of this run.
func (l *Line) didAsk(sent time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !sent.IsZero() && slices.Contains(l.track.fileAsks, sent.UnixNano())
}

// WordOf returns what the messages of a file say of where the peer stands, and whether it counts: it is
// later than the word before and than the last that came over a connection.
func (l *Line) WordOf(messages []Message, before Word) (Word, bool) {
	now := l.cfg.Clock.Now()
	w := Word{}
	for _, m := range messages {
		w.Proven = append(w.Proven, m.Proven...)
		if m.Parcel != nil {
			w.Sent, w.Have, w.Receipted = m.Sent, m.Parcel.Have, m.Parcel.Receipted
			w.Ask, w.AskSent, w.AskCame = m.Ask, m.Sent, now
		}
	}
	st := l.cfg.Ledger.Standing()
	w.Lacks = less(w.Have, ledger.Have{Epoch: st.Own.Epoch, Size: st.Own.Size - st.Undelivered})
	l.mu.Lock()
	heard := l.track.peerHaveAt
	l.mu.Unlock()
	return w, w.Have.Epoch > 0 && w.Sent.After(before.Sent) && w.Sent.After(heard)
}
