package verdict

import (
	"fmt"

	"parley/catalogue"
	"parley/transcript"
)

// transcriptLines says in the reader's language how much of a transcript the file shows, what it leaves out,
// what it is signed with, what was delivered when, and what witnesses signed.
func (r Result) transcriptLines(t transcript.TranscriptReport) []LineView {
	var out []LineView
	add := func(list ...catalogue.Message) { out = append(out, LineView{Text: r.In.Say(catalogue.Join(list...))}) }
	if t.First.IsZero() {
		add(catalogue.Say("verdict.entries", count(t.Entries)))
	} else {
		add(catalogue.Say("verdict.entries-from", count(t.Entries), catalogue.At("start", catalogue.Stamp, t.First), catalogue.At("end", catalogue.Stamp, t.Last), catalogue.ByPeople("party", t.Author)))
	}
	if t.Missing > 0 {
		add(catalogue.Say("verdict.missing", count(t.Missing)))
	}
	fields := []catalogue.Message{catalogue.Say("verdict.fields", count(t.Disclosed))}
	if t.LeftOut > 0 {
		fields = append(fields, catalogue.Say("verdict.left", count(t.LeftOut), catalogue.ByPeople("party", t.Receiver)))
	}
	add(fields...)
	if t.HeadsSigned.Both || t.ReceiptsSigned.Both {
		add(catalogue.Say("verdict.heads-signed", signedWith(t.HeadsSigned)), catalogue.Say("verdict.receipts-signed", signedWith(t.ReceiptsSigned)))
	}
	out = append(out, r.completeLines(t)...)
	for _, s := range t.Said {
		add(r.saidMessages(t, s)...)
	}
	for _, d := range t.Deliveries {
		if t.SaidAll(d) {
			continue
		}
		if id := catalogue.AsCode("id", r.span(t.Origin, d.First, d.Last)); d.Time.IsZero() {
			add(catalogue.Say("verdict.undelivered", id))
		} else {
			add(catalogue.Say("verdict.delivered", id, catalogue.ByPeople("peer", t.Receiver), catalogue.At("stamp", catalogue.Stamp, d.Time), catalogue.ByPeople("party", d.Clock)))
		}
	}
	for _, w := range t.Witnessed {
		if m := r.witnessed(t, w); !m.IsZero() {
			add(m)
		}
	}
	for _, x := range t.Remarks {
		add(catalogue.Say("verdict.note", catalogue.SayIn("said", r.remark(x))))
	}
	return out
}

func count(n int64) catalogue.Arg { return catalogue.CountOf("count", int(n)) }

// span names entries of a transcript, from the first to the last.
func (r Result) span(origin string, first, last int64) string {
	out := fmt.Sprintf("%s#%d", r.Short(origin), first)
	if first != last {
		out += fmt.Sprintf("-%d", last)
	}
	return out
}

// The names of what heads and receipts are signed with, which are the same in every language.
const (
	ed25519Name = "Ed25519"
	bothNames   = "Ed25519, ML-DSA-44"
)

func signedWith(s transcript.Signed) catalogue.Arg {
	switch {
	case s.Both && s.Ed25519:
		return catalogue.SayIn("said", catalogue.Say("verdict.signed-mixed", catalogue.AsCode("id", bothNames), catalogue.AsCode("key", ed25519Name)))
	case s.Both:
		return catalogue.SayIn("said", catalogue.Say("verdict.signed-both", catalogue.AsCode("id", bothNames)))
	case s.Ed25519:
		return catalogue.SayIn("said", catalogue.Say("verdict.signed-one", catalogue.AsCode("id", ed25519Name)))
	}
	return catalogue.SayIn("said", catalogue.Say("list.none"))
}

// completeLines say that the file holds every entry up to a head, and of which kinds they are.
func (r Result) completeLines(t transcript.TranscriptReport) []LineView {
	c := t.Complete
	if c == nil {
		return nil
	}
	var out []LineView
	add := func(part bool, list ...catalogue.Message) {
		out = append(out, LineView{Text: r.In.Say(catalogue.Join(list...)), Part: part})
	}
	add(false, catalogue.Say("verdict.complete", catalogue.ByPeople("party", t.Author), catalogue.AsCode("id", r.Short(t.Origin)), catalogue.At("stamp", catalogue.Stamp, c.Until)))
	if c.Says.After(c.Until) {
		add(false, catalogue.Say("verdict.complete-says", catalogue.ByPeople("peer", t.Receiver), catalogue.At("stamp", catalogue.Stamp, c.Says)))
	}
	for _, k := range t.Kinds {
		said := []catalogue.Message{catalogue.Say("verdict.kind", catalogue.AsCode("id", k.Kind), count(k.Entries))}
		if k.None > 0 {
			said = append(said, catalogue.Say("verdict.kind-empty", count(k.None)))
		}
		add(true, said...)
	}
	add(true, catalogue.Say("verdict.kinds-none"))
	return out
}

// saidMessages say of one entry who said it, what of it was shown, and when it was delivered.
func (r Result) saidMessages(t transcript.TranscriptReport, s transcript.Said) []catalogue.Message {
	peer := catalogue.ByPeople("peer", t.Receiver)
	out := []catalogue.Message{catalogue.Say("verdict.said-by", catalogue.AsCode("entry", r.Short(s.Entry)), catalogue.AsCode("id", s.Kind), catalogue.ByPeople("party", t.Author))}
	switch {
	case s.Shown > 0 && s.Hidden > 0:
		out = append(out, catalogue.Say("verdict.shown-some", peer, count(int64(s.Shown))), catalogue.Say("verdict.shown-left", count(int64(s.Hidden))))
	case s.Shown > 0:
		out = append(out, catalogue.Say("verdict.shown-all", peer))
	}
	if s.Others > 0 {
		out = append(out, catalogue.Say("verdict.not-told", peer, count(int64(s.Others))))
	}
	switch {
	case s.Held.IsZero():
		out = append(out, catalogue.Say("verdict.not-shown"))
	case s.After.IsZero():
		out = append(out, catalogue.Say("verdict.held-by", catalogue.At("stamp", catalogue.Stamp, s.Held), peer))
	default:
		out = append(out, catalogue.Say("verdict.between", catalogue.At("start", catalogue.Stamp, s.After), catalogue.At("end", catalogue.Stamp, s.Held), peer))
	}
	return append(out, catalogue.Say("verdict.own-time", catalogue.ByPeople("party", t.Author), catalogue.AsCode("moment", s.Time.Format("2006-01-02T15:04:05.000Z"))))
}

// witnessed says how many witnesses signed for entries; nothing where none is demanded and none did.
func (r Result) witnessed(t transcript.TranscriptReport, w transcript.Witnessed) catalogue.Message {
	id := catalogue.AsCode("id", r.span(t.Origin, w.First, w.Last))
	at, witness := catalogue.At("stamp", catalogue.Stamp, w.Time), catalogue.ByPeople("witness", w.Clock)
	of := func(n int) catalogue.Arg { return catalogue.AsCode("quorum", fmt.Sprintf("%d/%d", n, w.Of)) }
	switch {
	case w.By < w.Need:
		return catalogue.Say("verdict.unwitnessed", id, of(w.Need), count(int64(w.By)))
	case w.Need > 0:
		return catalogue.Say("verdict.witnessed", id, of(w.Need), at, witness)
	case w.By > 0:
		return catalogue.Say("verdict.cosigned", id, of(w.By), at, witness)
	}
	return catalogue.Message{}
}

// remark says a note of the report.
func (r Result) remark(x transcript.Remark) catalogue.Message {
	stamp := catalogue.At("stamp", catalogue.Stamp, x.At)
	switch x.Kind {
	case transcript.RemarkOtherMissing:
		return catalogue.Say("verdict.note-no-other")
	case transcript.RemarkBeyond:
		return catalogue.Say("verdict.note-beyond", catalogue.AsCode("id", r.Short(x.Name)), catalogue.CountOf("own", int(x.N)), catalogue.CountOf("others", int(x.Of)))
	case transcript.RemarkReceiptsKey:
		return catalogue.Say("verdict.note-receipts-key", count(x.N))
	case transcript.RemarkReceiptsEd25519:
		return catalogue.Say("verdict.note-receipts-single", count(x.N))
	case transcript.RemarkOutside:
		return catalogue.Say("verdict.note-outside", count(x.N))
	case transcript.RemarkBack:
		return catalogue.Say("verdict.note-back", catalogue.AsCode("offset", x.Span.String()), catalogue.ByPeople("party", x.Name))
	case transcript.RemarkClocks:
		return catalogue.Say("verdict.note-clocks", catalogue.AsCode("offset", x.Span.String()))
	case transcript.RemarkThief:
		if x.N == 1 {
			return catalogue.Say("verdict.note-thief-first", stamp)
		}
		return catalogue.Say("verdict.note-thief-second", stamp)
	case transcript.RemarkWitnesses:
		return catalogue.Say("verdict.note-witnesses", count(x.N), stamp, catalogue.AsCode("quorum", fmt.Sprintf("%d/%d", x.Need, x.Of)))
	}
	return catalogue.Say("odd", catalogue.RefusedFor("refusal", r.Short(x.String())))
}
