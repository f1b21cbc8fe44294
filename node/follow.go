package node

import (
	"context"

	"github.com/go-json-experiment/json"

	"parley/agreement"
	"parley/catalogue"
	"parley/fault"
	"parley/line"
	"parley/node/body"
	"parley/node/picture"
	"parley/transcript"
	"parley/transcript/ledger"
)

// follow keeps the picture at the two heads: first what was there, then what comes.
func (ln *lineNode) follow(ctx context.Context) error {
	ln.recall(ctx)
	for {
		changed := ln.led.Changed()
		if err := ln.catchUp(ctx); err != nil {
			return err
		}
		if !ln.live.Load() {
			ln.goLive()
			close(ln.ready)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-ln.led.Failed():
			return fault.Wrap(fault.Unavailable, "ledger", ln.led.Err())
		case <-changed:
		}
	}
}

// catchUp takes in every entry that is durable and not yet in the picture.
func (ln *lineNode) catchUp(ctx context.Context) error {
	ln.mu.RLock()
	at := ln.cursor
	ln.mu.RUnlock()
	moved := false
	for o := range ln.opened(ctx, at) {
		if o.err != nil {
			return o.err
		}
		ln.mu.Lock()
		if o.unread != nil {
			ln.log.Error("an entry cannot be opened", "origin", o.rec.Origin.String(), "seq", o.rec.Entry.Seq, "err", o.unread)
		} else {
			ln.take(o.said)
		}
		ln.advance(o.rec)
		ln.thin()
		ln.mu.Unlock()
		moved = true
	}
	if err := ln.takeAhead(ctx); err != nil {
		return err
	}
	if err := ln.settle(ctx); err != nil {
		return err
	}
	if moved {
		ln.mu.Lock()
		close(ln.applied)
		ln.applied = make(chan struct{})
		ln.mu.Unlock()
	}
	return nil
}

// takeAhead takes in what came before its turn: hold and distress, and what follows them.
func (ln *lineNode) takeAhead(ctx context.Context) error {
	recs, err := ln.led.Ahead(ctx)
	if err != nil {
		return err
	}
	for _, rec := range recs {
		said, err := picture.Of(rec)
		if err != nil {
			ln.log.Error("an advance copy cannot be opened", "origin", rec.Origin.String(), "seq", rec.Entry.Seq, "err", err)
			continue
		}
		ln.mu.Lock()
		if !ln.pic.IsAhead(said.Ref) {
			ln.take(said)
		}
		ln.mu.Unlock()
	}
	return nil
}

// take changes the picture by one entry and tells what that means. ln.mu is held.
func (ln *lineNode) take(said picture.Said) {
	known := ln.pic.IsAhead(said.Ref) // it was told when it came ahead of its turn
	ch, err := ln.pic.Apply(said)
	if err != nil {
		if said.Kind == body.KindStatement || said.Kind == body.KindConsent {
			ln.restate()
		}
		ln.log.Warn("an entry does not fit its kind; it stays in the transcript and is shown in the log", "err", err)
		ln.publishSaid("entry", said.Ref.String(), catalogue.Say("event.unreadable", catalogue.ByPeople("by", ln.party(said.Ref.Origin.Side)), catalogue.AsCode("id", said.Kind)))
		if ch.Notice != nil && ln.live.Load() {
			ln.renew(ln.pic.Notice(*ch.Notice), false)
		}
		return
	}
	ln.follows(ch)
	ln.rematched(ch)
	own := said.Ref.Origin.Side == ln.side
	switch {
	case said.Kind == body.KindReceived && ch.Call.IsZero():
		if ch.Notice != nil && ln.live.Load() {
			ln.touch(ln.pic.Notice(*ch.Notice))
		}
		ln.publishSaid("entry", said.Ref.String(), exercised(ln.eventMessage(said, ch), ln.saidInExercise(&said)))
	case said.Kind == body.KindPassed || said.Kind == body.KindHeard || said.Kind == body.KindVoiceClosed:
		ln.takeVoice(said, ch)
	case ch.Notice != nil:
		// What was said comes before what it brought about.
		ln.publishSaid("entry", said.Ref.String(), exercised(ln.eventMessage(said, ch), ln.apart(ln.pic.Notice(*ch.Notice))))
		if ln.live.Load() {
			if ch.Over != nil {
				ln.renew(ln.pic.Notice(*ch.Over), own)
			}
			ln.renew(ln.pic.Notice(*ch.Notice), own)
		}
		if p := ln.pic.Notice(*ch.Notice); ln.live.Load() && said.Kind == body.KindNotice {
			ln.asks(p, &p.Versions[len(p.Versions)-1])
		}
	case said.Kind == body.KindAgreement:
		ln.adopt()
	case said.Kind == body.KindKeyCompared:
		ln.publishSaid("entry", said.Ref.String(), ln.eventMessage(said, ch))
		ln.adopt()
	case said.Kind == body.KindStatement || said.Kind == body.KindStatementRefused:
		ln.restate()
		ln.publishSaid("statement", ch.ID, ln.statementEvent(ln.party(said.Ref.Origin.Side), ch.ID))
	case said.Kind == body.KindConsent:
		ln.restate()
		ln.publishSaid("consent", ch.ID, ln.consentEvent(ln.party(said.Ref.Origin.Side), ch.ID))
	case said.Kind == body.KindSuspended || said.Kind == body.KindResumed:
		ln.setSuspension()
		ln.link.Look()
		ln.publishSaid("line", said.Kind, ln.eventMessage(said, ch))
	case !ch.Call.IsZero():
		if !known {
			ln.publishSaid("call", ch.Call.String(), ln.heardInCall(said, ch.Call))
		}
	default:
		ln.publishSaid("entry", said.Ref.String(), exercised(ln.eventMessage(said, ch), ln.saidInExercise(&said)))
	}
}

// releasedBy names the second officer of an entry that took two, as far as he is shown.
func releasedBy(fields []transcript.Field) string {
	for _, f := range fields {
		var name string
		if f.Name == "released_by" && json.Unmarshal(f.Value, &name) == nil && name != "" {
			return name
		}
	}
	return ""
}

func lastEvent(n *picture.Notice) string {
	if len(n.Events) == 0 {
		return "new"
	}
	return string(n.Events[len(n.Events)-1].Event)
}

// goLive compares everything that the replay left, once.
func (ln *lineNode) goLive() {
	ln.mu.Lock()
	defer ln.mu.Unlock()
	ln.blocks.forgetAll()
	ln.wordings.forgetAll()
	ln.pic.Thaw(ln.node.cfg.Clock.Now())
	for _, n := range ln.pic.Current() {
		ln.recheck(n, false)
	}
	ln.countQuestions()
	ln.lookAtAll()
	ln.live.Store(true)
	ln.restate()
}

// adopt puts the newest agreement that both signed in force; where it replaces a party key, once officers of both
// have compared that by voice. ln.mu is held.
func (ln *lineNode) adopt() {
	defer ln.noteNewKeys()
	for _, p := range ln.pic.Agreements() {
		a, err := agreement.Open([]byte(p.Note))
		newest := ln.agreed[len(ln.agreed)-1]
		if err != nil || !a.Signed() || a.Terms.Version <= newest.Terms.Version {
			continue
		}
		replaced, err := agreement.CheckSuccessor(newest, a)
		if err != nil {
			ln.log.Warn("an agreement on the line does not follow the one in force", "id", a.ID, "err", err)
			continue
		}
		if !ln.vouched(a, replaced) {
			continue
		}
		if err := ln.keepAgreed(a); err != nil {
			ln.log.Error("a version of the agreement is not in force here: it could not be made durable", "id", a.ID, "err", err)
			return
		}
		ln.agreed, ln.terms = append(ln.agreed, a), a.Terms
		ln.useKeys()
		ln.led.SetAgreement(a.ID)
		ln.led.SetWitnesses(ln.allWitnesses())
		ln.publishSaid("line", a.ID, catalogue.Say("event.agreement", catalogue.CountOf("version", a.Terms.Version), catalogue.ByPeople("peer", ln.peer)))
		ln.link.Look()
		ln.newIndexes()
		ln.pairs.forget()
		ln.blocks.forgetAll()
		ln.wordings.forgetAll()
		ln.restate()
		if ln.live.Load() {
			ln.countQuestions()
			for _, n := range ln.pic.Current() {
				ln.renew(n, false)
			}
		}
	}
}

// setSuspension tells the link what of the own transcript still goes out: what was said before the
// line was suspended, and the own newest word on that, which the other must hear. ln.mu is held.
func (ln *lineNode) setSuspension() {
	was, own := ln.suspended, ln.pic.Declared(ln.side)
	ln.suspended = line.Suspension{Declared: own.Suspended || ln.pic.Declared(ln.side.Other()).Suspended}
	if !ln.suspended.Declared {
		return
	}
	upTo := ledger.Have{Epoch: max(ln.cursor.Epoch, 1), Size: ln.cursor.Own} // no epoch: nothing was said yet
	if was.Declared {
		upTo = was.UpTo
	}
	said := ledger.Have{Epoch: own.Ref.Origin.Epoch}
	if said.Epoch > 0 {
		said.Size = own.Ref.Seq + 1
	}
	if own.Suspended || upTo.Epoch < said.Epoch || upTo.Epoch == said.Epoch && upTo.Size < said.Size {
		upTo = said
	}
	ln.suspended.UpTo = upTo
}

// await waits until the entry is in the picture.
func (ln *lineNode) await(ctx context.Context, r body.Ref) error {
	for {
		ln.mu.RLock()
		done := ln.cursor.Epoch > r.Origin.Epoch || (ln.cursor.Epoch == r.Origin.Epoch && ln.cursor.Own > r.Seq)
		ch := ln.applied
		ln.mu.RUnlock()
		if done {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-ln.led.Failed():
			return fault.Wrap(fault.Unavailable, "ledger", ln.led.Err())
		case <-ch:
		}
	}
}
