package line

import (
	"bytes"
	"context"
	"iter"
	"slices"
	"strconv"
	"time"

	"parley/fault"
	"parley/transcript/ledger"
)

// Without a network the same messages travel as files. A file is not part of a conversation: it may
// come late, twice, or after one that was written later. So it takes two things that a connection does
// not: the writer begins at the last receipt that it holds, and the word of a file counts only where no
// later word was heard.

// maxFileAsks is how many of the own asks by file are remembered, the newest.
const maxFileAsks = 256

// Word is what a peer last said, by file, of where it stands. A word is no evidence: it only says from
// where on to send.
type Word struct {
	Sent      time.Time    // the peer's stamp; a word counts over one with an earlier stamp
	Have      ledger.Have  // as Parcel.Have
	Receipted ledger.Have  // as Parcel.Receipted
	Lacks     bool         // it had less of the own transcript than it had receipted
	Proven    []Transcript // as Message.Proven
	Ask       *ledger.Have // it asks for its own transcript beyond this
	AskSent   time.Time    // the stamp of the message that asked
	AskCame   time.Time    // by the own clock
}

// Place is a place in what there is to send by file. The zero Place is the beginning.
type Place struct {
	Back      ledger.Have // of what the peer asked to be given back
	Backed    bool        // all of it was given
	Have      ledger.Have // of the own entries
	Receipted ledger.Have // of the receipts for the peer's entries
}

// Packed is a message for a file, and the place after it.
type Packed struct {
	Message Message
	Next    Place
	Last    bool // there is nothing after it
}

// PackFrom says what a file begins with.
type PackFrom struct {
	Place Place
	Word  Word  // the peer's last word by file
	Acks  []Ack // the peer's advance copies that wait for their turn here
	Batch int   // about how many bytes of entries, and of receipts, one message takes; at least one commit's
	// Bare leaves out what the file before carried as well: hold and distress, acknowledgements, forks.
	Bare bool
}

// Pack yields the messages that tell the peer everything it is not known to hold, from a place on: hold
// and distress first, wherever a file begins, then what it asked to be given back, then entries and
// receipts. The last message always says where this end stands. A suspension holds back what it holds
// back on the line. Pack signs nothing, and says nothing of the state of the link.
func (l *Line) Pack(ctx context.Context, from PackFrom) iter.Seq2[Packed, error] {
	return func(yield func(Packed, error) bool) {
		p := &packing{l: l, ctx: ctx, from: from, at: from.Place, sent: l.cfg.Clock.Now()}
		if p.at == (Place{}) {
			if err := p.begin(); err != nil {
				yield(Packed{}, err)
				return
			}
		}
		for _, step := range []func(func(Packed, error) bool) bool{p.first, p.back, p.parcels} {
			if !step(yield) {
				return
			}
		}
	}
}

// packing is one run of Pack.
type packing struct {
	l    *Line
	ctx  context.Context
	from PackFrom
	at   Place
	sent time.Time // the stamp of every message of this run
}

// first yields what cannot wait, with acknowledgements and what is said of forks.
func (p *packing) first(yield func(Packed, error) bool) bool {
	if p.from.Bare {
		return true
	}
	pending, err := p.l.cfg.Ledger.Advances(p.ctx)
	if err != nil {
		return yield(Packed{}, err)
	}
	m := Message{Sent: p.sent, Acks: p.from.Acks[:min(len(p.from.Acks), maxAcks)]}
	if err := p.forks(&m); err != nil {
		return yield(Packed{}, err)
	}
	for {
		m.Advances, pending = chunk(pending)
		if len(m.Advances)+len(m.Acks)+len(m.Proven) > 0 && !yield(Packed{Message: m, Next: p.at}, nil) {
			return false
		}
		if len(pending) == 0 {
			return true
		}
		m = Message{Sent: p.sent}
	}
}

// chunk takes the advance copies for one message off a list.
func chunk(list []ledger.Advance) (one, rest []ledger.Advance) {
	size := 0
	for i, a := range list {
		if size += advanceBytes(a); i > 0 && (size > urgentBytes || i == maxAdvances) {
			return list[:i], list[i:]
		}
	}
	return list, nil
}

// forks says which forks are proved here, with the proofs that the peer did not say it holds.
func (p *packing) forks(m *Message) error {
	known := map[Transcript]bool{}
	for _, t := range p.from.Word.Proven {
		known[t] = true
	}
	proven := p.l.cfg.Ledger.Proven()
	for _, o := range proven[max(0, len(proven)-maxProven):] {
		t := Transcript{o.Epoch, o.Side}
		m.Proven = append(m.Proven, t)
		if known[t] || len(m.Proofs) == maxProofs {
			continue
		}
		text, err := p.l.cfg.Ledger.Proof(p.ctx, o)
		if err != nil {
			return err
		}
		m.Proofs = append(m.Proofs, text)
	}
	return nil
}

// begin finds where a writing begins: at the newest receipt held, which is durable here and there, or
// further back where the peer said later that it lacks what it had receipted.
func (p *packing) begin() error {
	l, w := p.l, p.from.Word
	l.mu.Lock()
	if l.track.peerHaveAt.After(w.Sent) {
		w = Word{Sent: l.track.peerHaveAt, Have: l.track.peerHave, Receipted: l.track.peerReceipted, Lacks: true,
			Ask: w.Ask, AskSent: w.AskSent, AskCame: w.AskCame}
	}
	l.mu.Unlock()
	stand, err := l.cfg.Ledger.Parcel(p.ctx, ledger.Want{})
	if err != nil {
		return err
	}
	p.at = Place{Backed: w.Ask == nil, Have: stand.Receipted, Receipted: w.Receipted}
	if w.Have.Epoch > p.at.Have.Epoch { // it lacks nothing of what came before
		st := l.cfg.Ledger.Standing()
		p.at.Have = ledger.Have{Epoch: st.Own.Epoch, Size: st.Own.Size - st.Undelivered}
	}
	if w.Lacks && less(w.Have, p.at.Have) {
		p.at.Have = w.Have
	}
	if w.Ask != nil {
		p.at.Back = *w.Ask
	}
	return nil
}

// back yields what the peer asked to be given back, to the end, where it is told how much is held.
func (p *packing) back(yield func(Packed, error) bool) bool {
	for !p.at.Backed {
		b, err := p.l.cfg.Ledger.GiveBack(p.ctx, p.at.Back, max(p.from.Batch, 1))
		if err == nil && !fits(b.Entries) {
			b, err = p.l.cfg.Ledger.GiveBack(p.ctx, p.at.Back, 1)
		}
		if err != nil {
			return yield(Packed{}, err)
		}
		if len(b.Entries) == 0 {
			p.at.Backed = true
		} else {
			p.at.Back = ledger.Have{Epoch: b.Origin.Epoch, Size: b.First + int64(len(b.Entries))}
		}
		m := Message{Sent: p.sent, Back: &b, Echo: Echo{Sent: p.from.Word.AskSent, Received: p.from.Word.AskCame}}
		if !yield(Packed{Message: m, Next: p.at}, nil) {
			return false
		}
	}
	return true
}

// parcels yields entries and receipts until the peer is told everything.
func (p *packing) parcels(yield func(Packed, error) bool) bool {
	l := p.l
	for {
		st := l.cfg.Ledger.Standing()
		w := ledger.Want{Have: p.at.Have, Receipted: p.at.Receipted, UpTo: l.bound(st), MaxBytes: max(p.from.Batch, 1)}
		parcel, err := l.cfg.Ledger.Parcel(p.ctx, w)
		if err == nil && !fits(parcel.Entries) {
			w.MaxBytes = 1
			parcel, err = l.cfg.Ledger.Parcel(p.ctx, w)
		}
		if err != nil {
			return yield(Packed{}, err)
		}
		more, err := p.pass(&parcel)
		if err != nil {
			return yield(Packed{}, err)
		}
		out := Packed{Message: Message{Sent: p.sent, Parcel: &parcel}, Next: p.at, Last: !more}
		if !st.Confirmed {
			out.Message.Ask = &st.Asks
			l.askedByFile(p.sent)
		}
		if !yield(out, nil) || !more {
			return false
		}
	}
}

// pass moves the place past a parcel and reports whether there may be more.
func (p *packing) pass(parcel *ledger.Parcel) (more bool, err error) {
	if n := len(parcel.Entries); n > 0 {
		p.at.Have = ledger.Have{Epoch: parcel.Origin.Epoch, Size: parcel.First + int64(n)}
		more = less(p.at.Have, p.l.sendable(p.l.cfg.Ledger.Standing()))
	}
	trimmed := p.trim(parcel)
	full := trimmed || len(parcel.Receipts) == ledger.MaxReceipts
	n := len(parcel.Receipts)
	if p.at.Receipted.Epoch == 0 { // the newest alone goes, until the peer says what it holds
		p.at.Receipted = parcel.After
		return more, nil
	}
	if n > 0 {
		if p.at.Receipted.Size, err = noteSize(parcel.Receipts[n-1]); err != nil {
			return false, err
		}
	}
	if !full && p.at.Receipted.Epoch < parcel.Have.Epoch {
		p.at.Receipted = ledger.Have{Epoch: p.at.Receipted.Epoch + 1}
		return true, nil
	}
	return more || full, nil
}

// trim leaves a parcel the first of its receipts, about as many bytes as a message takes, and reports
// whether others go in the next.
func (p *packing) trim(parcel *ledger.Parcel) bool {
	size := 0
	for i, note := range parcel.Receipts {
		if size += len(note); i > 0 && size > p.from.Batch {
			parcel.Receipts = parcel.Receipts[:i:i]
			return true
		}
	}
	return false
}

// ReceiptEnd returns up to where the newest receipt of a parcel reaches in the receiver's transcript; zero
// where it carries none.
func ReceiptEnd(p *ledger.Parcel) ledger.Have {
	n := len(p.Receipts)
	if n == 0 {
		return ledger.Have{}
	}
	size, err := noteSize(p.Receipts[n-1])
	if err != nil {
		return ledger.Have{}
	}
	return ledger.Have{Epoch: p.After.Epoch, Size: size}
}

// noteSize reads the size off a checkpoint that this end signed.
func noteSize(note []byte) (int64, error) {
	_, rest, _ := bytes.Cut(note, []byte("\n"))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	n, err := strconv.ParseInt(string(line), 10, 64)
	if err != nil || n < 0 {
		return 0, fault.Newf(fault.Corrupt, "line.pack", "a receipt without a size")
	}
	return n, nil
}

// askedByFile remembers an own ask: what is given back by file counts only as its answer. An answer to
// an ask of another run may be older than what this node has signed since.
func (l *Line) askedByFile(sent time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t, ns := &l.track, sent.UnixNano()
	if slices.Contains(t.fileAsks, ns) {
		return
	}
	if t.fileAsks = append(t.fileAsks, ns); len(t.fileAsks) > maxFileAsks {
		t.fileAsks = t.fileAsks[1:]
	}
}
