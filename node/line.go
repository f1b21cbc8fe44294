package node

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/agreement"
	"parley/catalogue"
	"parley/conflict"
	"parley/consent"
	"parley/fault"
	"parley/line"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/statement"
	"parley/transcript"
	"parley/transcript/ledger"
)

// lineNode is one line as its node runs it.
type lineNode struct {
	node *Node
	id   string
	peer string // the other party's name
	side transcript.Side
	led  *ledger.Ledger
	link *line.Line
	log  *slog.Logger

	ready chan struct{} // closed when the transcripts are replayed
	wake  chan struct{} // of one: the filer has something to do
	live  atomic.Bool   // replayed: what comes now is news

	linkTime   linkTime
	witnessing *witnessing
	clockOwed  atomic.Pointer[time.Duration] // a clock offset that is not on the record yet; nil: none

	courier  sync.Mutex           // held while a courier file is read
	filing   sync.Mutex           // held from looking an own notice up to its entry being applied
	reserved map[picture.Key]bool // under filing: ids of notices being filed

	mu           sync.RWMutex // guards what follows
	agreed       []agreement.Agreement
	newKeys      []newKey // versions that replace a party key and wait
	terms        agreement.Terms
	pic          *picture.Picture
	indexes      [pictures]*conflict.Index // of what is real, and of the exercise
	found        map[string]*found
	foundOf      map[body.Ref]map[string]bool // the ids of found by a notice's first entry
	filedOf      map[body.Ref][]string        // the ids of what was filed, likewise
	open         map[string]bool              // the ids of conflicts that are not over
	openOf       map[body.Ref]map[string]bool // the same, likewise
	openAs       map[string]string            // the states of open
	unsaid       map[string]bool              // conflicts of which the other cannot tell that the notices are separated
	lapsed       map[body.Ref]bool            // own notices of which the other cannot tell that they lapsed
	pending      map[body.Ref]bool            // calls that a person must still look at
	pairs        pairs
	blocks       blocks // of figures; it has a lock of its own
	wordings     wordings
	counted      map[picture.Key]counted
	counts       [pictures][classes]int
	alarms       map[picture.Key][]view.Alarm
	clockwork    schedule
	stated       []*statement.Stand             // how the statements of the line stand, oldest first
	misstated    []statement.Flawed             // what was said of statements and does not count
	consents     []*consent.Stand               // what the hosts said, of each version of the agreement
	misconsented []consent.Flawed               // what was put on the line as the word of a host and does not count
	questions    map[transcript.Side][]question // of a side, in the order of its transcript
	answered     map[string]view.Decision       // by answerKey
	due          map[picture.Key]time.Time      // sites that are to be confirmed, or were: until when they count as confirmed
	receipts     receipts
	suspended    line.Suspension
	signs        ed25519.PublicKey // the own line key in use
	cursor       ledger.Cursor
	past         []ledger.Cursor // where the cursor stood at the end of each epoch before
	cached       int64           // how many entries the cache holds
	uncached     bool            // entries came out of their order: the next start replays them in it
	applied      chan struct{}   // closed and made anew whenever cursor moves
}

func openLine(ctx context.Context, n *Node, lc LineConfig) (*lineNode, error) {
	agreed, err := chain(lc.Notes)
	if err != nil {
		return nil, err
	}
	if agreed, err = n.keptAgreed(ctx, agreed); err != nil {
		return nil, err
	}
	newest := agreed[len(agreed)-1]
	own, at := newest.Terms.Party(n.cfg.Party)
	if at < 0 {
		return nil, fault.New("party", n.cfg.Party, "is not a party of agreement "+newest.ID,
			"start the node of one of its parties: "+newest.Terms.Parties[0].Name+", "+newest.Terms.Parties[1].Name)
	}
	ln := &lineNode{
		node: n, id: newest.LineID(), side: []transcript.Side{transcript.A, transcript.B}[at],
		peer:  newest.Terms.Parties[1-at].Name,
		ready: make(chan struct{}), wake: make(chan struct{}, 1),
		agreed: agreed, terms: newest.Terms,
		found: map[string]*found{}, foundOf: map[body.Ref]map[string]bool{}, pairs: newPairs(), blocks: newBlocks(), wordings: wordings{kept: map[string]*worded{}},
		filedOf: map[body.Ref][]string{}, open: map[string]bool{}, openOf: map[body.Ref]map[string]bool{}, openAs: map[string]string{},
		unsaid: map[string]bool{}, lapsed: map[body.Ref]bool{}, pending: map[body.Ref]bool{},
		counted: map[picture.Key]counted{}, alarms: map[picture.Key][]view.Alarm{}, due: map[picture.Key]time.Time{}, questions: map[transcript.Side][]question{}, answered: map[string]view.Decision{},
		reserved: map[picture.Key]bool{}, receipts: newReceipts(), applied: make(chan struct{}),
	}
	ln.log = n.cfg.Log.With("line", ln.id[:12], "peer", ln.peer)
	ln.pic = picture.New(ln.id)
	ln.newIndexes()
	if err := ln.checkKeys(own); err != nil {
		return nil, err
	}
	key, _ := n.cfg.lineKeyOf(own, n.cfg.Clock.Now())
	ln.signs = transcript.PublicLineKey(key).Public
	ln.led, err = ledger.Open(ctx, n.cfg.Store, ledger.Config{
		Line: ln.id, Side: ln.side, Author: own.Name, Peer: ln.peer, Agreement: newest.ID,
		Key: key, OwnKeys: ln.lineKeys(ln.side), PeerKeys: ln.lineKeys(ln.side.Other()),
		Urgent:      body.Urgent,
		Turns:       body.BringsKeys,
		NotRestored: lc.NotRestored, Clock: n.cfg.Clock, Rand: n.cfg.Rand, Log: n.cfg.Log.With("peer", ln.peer),
	})
	if err != nil {
		return nil, err
	}
	ln.led.SetWitnesses(ln.allWitnesses())
	if ln.witnessing, err = ln.newWitnessing(); err != nil {
		return nil, err
	}
	if err := ln.loadAnswers(ctx); err != nil {
		return nil, err
	}
	ln.link, err = line.New(ln.linkConfig(lc))
	return ln, err
}

func (ln *lineNode) linkConfig(lc LineConfig) line.Config {
	cfg := &ln.node.cfg
	t := ln.terms.LineTimes
	c := line.Config{
		LineID: ln.id, Side: ln.side, Ledger: ln.led, Key: cfg.TLSKey, Keys: ln.ownTLSKeys,
		PeerKeys:  ln.peerTLSKeys,
		Terms:     line.Terms{Heartbeat: t.Heartbeat, LaggingAfter: t.LaggingAfter, DownAfter: t.DownAfter, ClockOffsetMax: t.ClockOffsetAlarm},
		Suspended: ln.suspension, Clock: cfg.Clock, Rand: cfg.Rand, Log: cfg.Log.With("peer", ln.peer),
	}
	if cfg.Dial != nil && lc.PeerAddress != "" {
		c.PeerAddress, c.Dial = lc.PeerAddress, cfg.Dial
	}
	return c
}

// checkKeys refuses to run with keys that the agreement does not name: the other party would
// refuse every word.
func (ln *lineNode) checkKeys(own agreement.Party) error {
	cfg, now := &ln.node.cfg, ln.node.cfg.Clock.Now()
	tk, _ := cfg.tlsKeysOf(own, now)[0].Public().(ed25519.PublicKey)
	if _, ok := cfg.lineKeyOf(own, now); !ok {
		return fault.New("line key", transcript.Fingerprint(transcript.PublicLineKey(cfg.LineKey).Public), "is not one that the agreement names for "+own.Name,
			"use the keys that the agreement was drafted with, or agree on new ones")
	}
	if !slices.ContainsFunc(tlsKeys(own, now), func(k ed25519.PublicKey) bool { return k.Equal(tk) }) {
		return fault.New("TLS key", transcript.Fingerprint(tk), "is not one that the agreement names for "+own.Name,
			"use the keys that the agreement was drafted with, or agree on new ones")
	}
	return nil
}

func tlsKeys(p agreement.Party, now time.Time) []ed25519.PublicKey {
	var out []ed25519.PublicKey
	for _, k := range p.TLSKeys {
		if !now.Before(k.From) && (k.Revoked.IsZero() || now.Before(k.Revoked)) {
			out = append(out, k.Public)
		}
	}
	return out
}

func (ln *lineNode) peerTLSKeys() []ed25519.PublicKey {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	p, _ := ln.terms.Party(ln.peer)
	return tlsKeys(p, ln.node.cfg.Clock.Now())
}

func (ln *lineNode) suspension() line.Suspension {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	return ln.suspended
}

// party returns the name of a side.
func (ln *lineNode) party(s transcript.Side) string {
	if s == ln.side {
		return ln.node.cfg.Party
	}
	return ln.peer
}

// run keeps the line until ctx ends or its ledger fails. A failed store ends the line, which the
// other party sees as down; the node goes on, so that its desk keeps the picture and the alarm.
func (ln *lineNode) run(ctx context.Context) error {
	err := ln.runParts(ctx)
	if ctx.Err() == nil && ln.node.cfg.Store.Err() != nil {
		ln.log.Error("the line is closed: nothing can be made durable", "err", err)
		<-ctx.Done()
		return context.Cause(ctx)
	}
	return err
}

func (ln *lineNode) runParts(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return ln.led.Run(ctx) })
	g.Go(func() error { return ln.follow(ctx) })
	g.Go(func() error { return ln.runLink(ctx) })
	g.Go(func() error { return ln.runFiler(ctx) })
	g.Go(func() error { return ln.hear(ctx) })
	g.Go(func() error { return ln.runCache(ctx) })
	g.Go(func() error { return ln.runLinkTime(ctx) })
	g.Go(func() error { return ln.runWitnesses(ctx) })
	err := g.Wait()
	if err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("line %s to %s: %w", ln.id[:12], ln.peer, err)
	}
	return err
}

// runLink starts the link once the picture stands, so that nothing is shown before what was known.
func (ln *lineNode) runLink(ctx context.Context) error {
	select {
	case <-ln.ready:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return ln.link.Run(ctx)
}

// hear turns what happens on the link into events.
func (ln *lineNode) hear(ctx context.Context) error {
	changes := ln.link.Changes()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case e, ok := <-changes:
			if !ok {
				<-ctx.Done()
				return context.Cause(ctx)
			}
			ln.heard(e)
		}
	}
}

func (ln *lineNode) heard(e line.Event) {
	peer := catalogue.ByPeople("peer", ln.peer)
	m := catalogue.Say("event.line", peer, catalogue.Word("state", "line."+string(e.Status.State)))
	switch e.Kind {
	case line.EventState:
		if e.Status.Cause != line.NoCause {
			m = catalogue.Say("event.line-cause", peer, catalogue.Word("state", "line."+string(e.Status.State)), catalogue.Word("cause", "cause."+string(e.Status.Cause)))
		}
	case line.EventClock:
		m = catalogue.Say("event.clock", peer, catalogue.SayIn("said", offsetMessage(e.Status.ClockOffset)))
		if e.Status.ClockAlarm {
			ln.owesClock(e.Status.ClockOffset)
		}
	case line.EventPeerFault:
		m = catalogue.Say("event.peer-fault", peer)
		switch e.Verdict {
		case ledger.Forked:
			m = catalogue.Say("event.forked", peer)
		case ledger.Breach:
			m = catalogue.Say("event.breach", peer)
		}
	case line.EventWrongKey:
		m = catalogue.Say("event.wrong-key", peer)
	case line.EventRefusesKey:
		m = catalogue.Say("event.refuses-key", peer)
	case line.EventAdvance:
		m = catalogue.Say("event.advance", peer)
	case line.EventAcked:
		m = catalogue.Say("event.acked", peer)
	case line.EventConfirmed:
		m = catalogue.Say("event.may-speak", peer)
		ln.wakeFiler()
	case line.EventLocal:
		m = catalogue.Say("event.local")
	case line.EventRefused:
		m = catalogue.Say("event.refused", peer)
	}
	ln.publishSaid("line", string(e.Kind), m)
}

// owesClock notes that an offset must go on the record.
func (ln *lineNode) owesClock(d time.Duration) {
	ln.clockOwed.Store(&d)
	ln.wakeFiler()
}

// recordClock puts the offset on the record, so that a reviewer can tell whose times to doubt. It is
// measured at the first exchange, before the ledger may sign: until that, it is owed.
func (ln *lineNode) recordClock(ctx context.Context) error {
	d := ln.clockOwed.Swap(nil)
	if d == nil {
		return nil
	}
	draft, err := body.Draft(body.KindClock, body.Clock{OffsetMS: d.Milliseconds()})
	if err == nil {
		_, err = ln.led.Append(ctx, draft)
	}
	if err != nil {
		ln.clockOwed.CompareAndSwap(nil, d)
	}
	return err
}

func sortLines(lines []*lineNode) {
	slices.SortFunc(lines, func(a, b *lineNode) int { return strings.Compare(a.id, b.id) })
}
