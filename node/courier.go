package node

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"parley/catalogue"
	"parley/courier"
	"parley/fault"
	"parley/line"
	"parley/node/body"
	"parley/node/view"
	"parley/store"
	"parley/transcript"
	"parley/transcript/ledger"
)

// CourierFile is one file for the other party.
type CourierFile struct {
	Header courier.Header
	To     string // the party that it is for
	Bytes  []byte
	Next   string // the cursor of the file after it; "" where this is the last
}

// courierBatch is about how much of entries one message of a file takes.
const courierBatch = 1 << 20

// CourierWrite writes a file of at most maxBytes, 0: 7 MiB, with what the other party is not known to
// hold: hold and distress first, then undelivered entries with their disclosures, heads and receipts. It
// begins where the newest receipt ends, so that a later writing contains an earlier. Where one file does
// not hold all, after is the Next of the file before.
func (n *Node) CourierWrite(ctx context.Context, lineID, after string, maxBytes int) (CourierFile, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return CourierFile{}, err
	}
	if maxBytes == 0 {
		maxBytes = courier.DefaultSizeBytes
	}
	part, place, err := parseCourierCursor(after)
	if err != nil {
		return CourierFile{}, err
	}
	word, _, err := ln.courierWord(ctx)
	if err != nil {
		return CourierFile{}, err
	}
	acks, err := ln.courierAcks(ctx)
	if err != nil {
		return CourierFile{}, err
	}
	from := line.PackFrom{Place: place, Word: word, Acks: acks, Batch: min(courierBatch, maxBytes/4)}
	out, next, last, err := ln.courierPart(ctx, part, from, maxBytes)
	if err == nil && !last && next == place { // what goes first left no room for anything else
		from.Bare = true
		out, next, last, err = ln.courierPart(ctx, part, from, maxBytes)
	}
	if err == nil && !last {
		out.Next = formatCourierCursor(part+1, next)
	}
	return out, err
}

// courierPart writes one file, and says up to where it goes.
func (ln *lineNode) courierPart(ctx context.Context, part int, from line.PackFrom, maxBytes int) (CourierFile, line.Place, bool, error) {
	cfg := &ln.node.cfg
	next, last := from.Place, false
	w, err := courier.NewWriter(courier.Header{Line: ln.id, From: ln.side, Written: cfg.Clock.Now(), Part: part}, maxBytes)
	if err != nil {
		return CourierFile{}, next, false, err
	}
	for p, err := range ln.link.Pack(ctx, from) {
		if err != nil {
			return CourierFile{}, next, false, err
		}
		fits, err := w.Add(p.Message)
		if err != nil {
			return CourierFile{}, next, false, err
		}
		if !fits {
			break
		}
		next, last = p.Next, p.Last
	}
	out := CourierFile{To: ln.peer}
	out.Header, out.Bytes, err = w.Close(cfg.Rand, ln.ownTLSKeys()[0], ln.peerTLSKeys(), last)
	return out, next, last, err
}

// courierAcks lists the other's advance copies that wait for their turn: they are durable here.
func (ln *lineNode) courierAcks(ctx context.Context) ([]line.Ack, error) {
	ahead, err := ln.led.Ahead(ctx)
	if err != nil {
		return nil, err
	}
	var out []line.Ack
	for _, r := range ahead {
		out = append(out, line.Ack{Epoch: r.Origin.Epoch, Index: r.Entry.Seq})
	}
	return out, nil
}

// CourierRead takes a file of the other party's. An error says that nothing of the file was taken,
// unless it is of what the other party signed and what does not hold: then what came before that stays.
func (n *Node) CourierRead(ctx context.Context, lineID string, data []byte) (view.CourierTaken, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.CourierTaken{}, err
	}
	head, err := courier.Inspect(data)
	switch {
	case err != nil:
		return view.CourierTaken{}, err
	case head.Line != ln.id:
		return view.CourierTaken{}, &fault.Error{Code: fault.Mismatch, Field: "file", Value: head.Line[:12], Rule: "is of another line than " + ln.id[:12],
			Hint: "name its line, or give it to the node whose line it is"}
	case head.From == ln.side:
		return view.CourierTaken{}, &fault.Error{Code: fault.Mismatch, Field: "file", Value: ln.node.cfg.Party, Rule: "was written by this party itself",
			Hint: "give it to the officer of " + ln.peer}
	}
	ln.courier.Lock()
	defer ln.courier.Unlock()
	out := view.CourierTaken{Line: ln.id, From: ln.peer, Written: head.Written, Part: head.Part, Last: head.Last, Entries: head.Entries, Asks: head.Asks}
	got, err := ln.courierTake(ctx, data)
	out.New, out.Urgent, out.Unasked = got.Entries, got.Advances, got.Unasked
	switch {
	case err != nil:
		return out, err
	case got.Missing:
		out.Result = "kept"
		if err := ln.keepFile(ctx, data, head.First); err != nil {
			return out, err
		}
	case got.Unready:
		out.Result = "not-ready"
	case got.Entries+got.Advances == 0 && !got.Confirmed:
		out.Result = "nothing-new"
	default:
		out.Result = "taken"
	}
	if err := ln.fitKept(ctx, &out, got.Entries > 0 || got.Confirmed); err != nil {
		return out, err
	}
	ln.courierStands(&out)
	ln.publishSaid("line", "courier", catalogue.Say("event.courier", catalogue.ByPeople("peer", ln.peer), catalogue.Word("state", "courier."+out.Result), catalogue.CountOf("count", out.New)))
	return out, nil
}

// courierStands says where both transcripts stand.
func (ln *lineNode) courierStands(out *view.CourierTaken) {
	st := ln.led.Standing()
	name := func(side transcript.Side, next ledger.Have) string {
		if next.Size == 0 {
			return ""
		}
		return body.Ref{Origin: transcript.Origin{Line: ln.id, Epoch: next.Epoch, Side: side}, Seq: next.Size - 1}.String()
	}
	out.HeldTo = name(ln.side.Other(), st.Held)
	out.DeliveredTo = name(ln.side, ledger.Have{Epoch: st.Own.Epoch, Size: st.Own.Size - st.Undelivered})
	out.Undelivered, out.Confirmed = st.Undelivered, st.Confirmed
	if out.Result == "kept" {
		out.Needs = name(ln.side.Other(), ledger.Have{Epoch: st.Held.Epoch, Size: st.Held.Size + 1})
	}
}

// unseal opens a file with whichever own TLS key it is sealed for.
func (ln *lineNode) unseal(data []byte) ([]line.Message, error) {
	var first error
	for _, key := range ln.ownTLSKeys() {
		own, ok := key.(ed25519.PrivateKey)
		if !ok {
			return nil, &fault.Error{Code: fault.Unavailable, Field: "TLS key", Rule: "is not in this node's memory, and a file is sealed for it"}
		}
		_, messages, err := courier.Read(data, courier.Keys{Own: own, Peer: ln.peerTLSKeys()})
		if err == nil {
			return messages, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// courierTake checks one file and does what its messages say.
func (ln *lineNode) courierTake(ctx context.Context, data []byte) (line.Unpacked, error) {
	messages, err := ln.unseal(data)
	if err != nil {
		return line.Unpacked{}, err
	}
	got, err := ln.link.Unpack(ctx, messages)
	if err != nil {
		return got, err
	}
	if got.Verdict != "" {
		return got, &fault.Error{Code: fault.Corrupt, Field: "file", Value: string(got.Verdict),
			Rule: "holds what " + ln.peer + " signed and what does not hold here: " + got.Reason,
			Hint: "call " + ln.peer + "; what there is of proof: parley export"}
	}
	return got, ln.hearWord(ctx, messages)
}

// hearWord keeps what a file says of where the other stands.
func (ln *lineNode) hearWord(ctx context.Context, messages []line.Message) error {
	before, rev, err := ln.courierWord(ctx)
	if err != nil {
		return err
	}
	word, counts := ln.link.WordOf(messages, before)
	if !counts {
		return nil
	}
	raw, err := json.Marshal(word)
	if err != nil {
		return fault.Wrap(fault.Internal, "node.courier", err)
	}
	key := ln.courierKeys() + "word"
	_, err = ln.node.cfg.Store.Commit(ctx, store.Txn{Puts: []store.Put{{Key: key, Value: raw}}, Guards: []store.Guard{{Key: key, Revision: rev}}})
	return fault.Wrap(fault.Unavailable, "node.courier", err)
}

// courierWord returns the other's last word by file. It only says from where on to write: where it is
// lost, more is written.
func (ln *lineNode) courierWord(ctx context.Context) (line.Word, store.Revision, error) {
	v, err := ln.node.cfg.Store.View(ctx)
	if err != nil {
		return line.Word{}, 0, fault.Wrap(fault.Unavailable, "node.courier", err)
	}
	defer v.Close()
	it, err := v.Get(ctx, ln.courierKeys()+"word")
	switch {
	case errors.Is(err, store.ErrNotFound):
		return line.Word{}, 0, nil
	case err != nil:
		return line.Word{}, 0, fault.Wrap(fault.Unavailable, "node.courier", err)
	}
	var w line.Word
	err = json.Unmarshal(it.Value, &w)
	return w, it.Revision, fault.Wrap(fault.Corrupt, "node.courier", err)
}

// courierKeys is where the store keeps what the courier needs of a line. It is no part of the record.
func (ln *lineNode) courierKeys() string { return "courier/" + ln.id + "/" }

// formatCourierCursor writes the place of a file in its writing.
func formatCourierCursor(part int, p line.Place) string {
	backed := 0
	if p.Backed {
		backed = 1
	}
	return fmt.Sprintf("%d.%d.%d.%d.%d.%d.%d.%d", part, backed, p.Back.Epoch, p.Back.Size, p.Have.Epoch, p.Have.Size, p.Receipted.Epoch, p.Receipted.Size)
}

// parseCourierCursor reads what formatCourierCursor writes; "" is the first file.
func parseCourierCursor(s string) (int, line.Place, error) {
	if s == "" {
		return 1, line.Place{}, nil
	}
	var n [8]int64
	words := strings.Split(s, ".")
	bad := len(words) != len(n)
	for i := 0; !bad && i < len(n); i++ {
		var err error
		n[i], err = strconv.ParseInt(words[i], 10, 64)
		bad = err != nil || n[i] < 0
	}
	p := line.Place{Backed: n[1] == 1, Back: ledger.Have{Epoch: n[2], Size: n[3]}, Have: ledger.Have{Epoch: n[4], Size: n[5]},
		Receipted: ledger.Have{Epoch: n[6], Size: n[7]}}
	if bad || n[0] < 2 || n[0] > 1<<20 || p == (line.Place{}) || formatCourierCursor(int(n[0]), p) != s {
		return 0, line.Place{}, fault.New("after", s, "is not the place of a file", "give what came with the file before")
	}
	return int(n[0]), p, nil
}
