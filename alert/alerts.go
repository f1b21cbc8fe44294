package alert

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/catalogue"
	"parley/fault"
	"parley/internal/clock"
)

// Source is where the alarms come from.
type Source interface {
	// Alarms returns the alarms there are now.
	Alarms(ctx context.Context) ([]Alarm, error)
	// Observed returns those that have come to an observer, as far as its level goes. It fails with
	// fault.NotFound where nobody gives it one.
	Observed(ctx context.Context, observer string) ([]Alarm, error)
	// Telling notes what an observer is about to be told. It is not told where that fails.
	Telling(ctx context.Context, observer, channel string, alarms []Alarm) error
	// Watch calls each whenever the alarms change, with the id of one that ended or "", until ctx
	// ends.
	Watch(ctx context.Context, each func(over string)) error
}

// Config is what Alerts are made of. Fields without a default are required.
type Config struct {
	World
	Node     string // its party, for the messages
	Channels []Channel
	Source   Source    // nil: for Test alone
	Rand     io.Reader // jitter, salt and the ids of tests
	Log      *slog.Logger

	// State is what was kept last; nil for nothing.
	State []byte
	// Save keeps what is to be there after a restart, whole and durably. nil: nothing is kept.
	Save func(state []byte) error
	// LookEvery is how often the alarms are looked at where nothing said that they changed. 0: 5 s.
	LookEvery time.Duration
}

// Alerts tell a node's alarms over its channels.
type Alerts struct {
	cfg      Config
	channels []*channel // in the order of the settings
	poked    chan struct{}
	english  *catalogue.Catalogue

	saving sync.Mutex // taken before mu
	saved  []byte

	mu    sync.Mutex // guards what follows, and the channels
	salt  []byte
	began time.Time
	ended map[string]bool      // said to have ended since
	since map[string]time.Time // since when alarms are undelivered: urgent ones, others, those for an observer
}

// urgentWorkers is how many hold and distress alarms a channel tells at the same time, so that one
// that is slow does not delay the next.
const urgentWorkers = 4

// New reads the files of the channels. It starts nothing.
func New(cfg Config) (*Alerts, error) {
	a := &Alerts{cfg: cfg, poked: make(chan struct{}, 1), ended: map[string]bool{}, since: map[string]time.Time{}}
	if a.cfg.LookEvery == 0 {
		a.cfg.LookEvery = 5 * time.Second
	}
	var err error
	if a.english, err = catalogue.Load("en"); err != nil {
		return nil, err
	}
	for i, c := range cfg.Channels {
		s, err := newSender(c, cfg.World)
		if err != nil {
			return nil, fault.In(fmt.Sprintf("channels[%d]", i), err)
		}
		in, err := catalogue.Load(cmp.Or(c.Language, "en"))
		if err != nil {
			return nil, fault.In(fmt.Sprintf("channels[%d]", i), err)
		}
		ch := newChannel(c, s)
		ch.in = in
		a.channels = append(a.channels, ch)
	}
	if cfg.State != nil {
		s, err := parseState(cfg.State)
		if err == nil {
			err = a.restore(s, cfg.Clock.Now())
		}
		if err != nil {
			cfg.Log.Warn("what the alert channels were told cannot be read: all that lasts is told again", "err", err)
		}
	}
	if a.salt == nil {
		a.salt = make([]byte, saltBytes)
		if _, err := io.ReadFull(cfg.Rand, a.salt); err != nil {
			return nil, fault.Wrap(fault.Internal, "alert.new", err)
		}
	}
	return a, nil
}

func (a *Alerts) channel(name string) *channel {
	for _, ch := range a.channels {
		if ch.Name == name {
			return ch
		}
	}
	return nil
}

// Run tells alarms until ctx ends, and returns after everything it started has ended. It is called
// once.
func (a *Alerts) Run(ctx context.Context) error {
	if a.cfg.Source == nil {
		return fault.Newf(fault.Internal, "alert.run", "there is no source of alarms")
	}
	a.mu.Lock()
	a.began = a.cfg.Clock.Now()
	a.mu.Unlock()
	looked := make(chan struct{}) // closed when the alarms were seen
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return a.cfg.Source.Watch(ctx, a.changed) })
	g.Go(func() error { return a.watch(ctx, looked) })
	for _, ch := range a.channels {
		g.Go(func() error { return a.work(ctx, ch, looked, false) })
		for range urgentWorkers {
			g.Go(func() error { return a.work(ctx, ch, looked, true) })
		}
	}
	return g.Wait()
}

// changed hears that the alarms changed.
func (a *Alerts) changed(over string) {
	if over != "" {
		a.mu.Lock()
		a.ended[over] = true
		a.mu.Unlock()
	}
	select {
	case a.poked <- struct{}{}:
	default:
	}
}

// watch looks at the alarms again and again.
func (a *Alerts) watch(ctx context.Context, looked chan<- struct{}) error {
	for first := true; ; {
		switch err := a.look(ctx); {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			a.cfg.Log.Error("the alarms cannot be looked at", "err", err)
		case first:
			close(looked)
			first = false
		}
		if err := pause(ctx, a.cfg.Clock, a.poked, a.cfg.LookEvery); err != nil {
			return err
		}
	}
}

// look brings the channels to the alarms there are now.
func (a *Alerts) look(ctx context.Context) error {
	a.mu.Lock()
	ended := a.ended
	a.ended = map[string]bool{}
	a.mu.Unlock()
	seen, err := a.see(ctx)
	a.mu.Lock()
	if err != nil {
		for id := range ended {
			a.ended[id] = true
		}
		a.mu.Unlock()
		return err
	}
	now := a.cfg.Clock.Now()
	changed := false
	for _, ch := range a.channels {
		at := seen[ch.Observer]
		ch.problem = at.problem
		changed = ch.settle(now, a.began, at.alarms, ended) || changed
	}
	a.mu.Unlock()
	if changed {
		a.save()
	}
	return nil
}

// seen are the alarms there are for one to tell, or why there are none.
type seen struct {
	alarms  map[string]Alarm
	problem string
}

// see returns the alarms there are, for the own people ("") and for each observer of the channels.
func (a *Alerts) see(ctx context.Context) (map[string]seen, error) {
	out := map[string]seen{}
	for _, ch := range a.channels {
		if _, ok := out[ch.Observer]; ok {
			continue
		}
		var list []Alarm
		var err error
		if ch.Observer == "" {
			list, err = a.cfg.Source.Alarms(ctx)
		} else {
			list, err = a.cfg.Source.Observed(ctx, ch.Observer)
		}
		at := seen{alarms: make(map[string]Alarm, len(list))}
		switch {
		case err != nil && ch.Observer != "" && fault.Is(err, fault.NotFound):
			at.problem = err.Error()
		case err != nil:
			return nil, err
		}
		for _, al := range list {
			at.alarms[al.ID] = al
		}
		out[ch.Observer] = at
	}
	return out, nil
}

// idle is how long a worker waits where nothing is to be done. What is new rouses it before.
const idle = time.Hour

// work tells what one channel is to be told: hold and distress, or the rest. It begins when the
// alarms were seen: what waits from before a restart may be over.
func (a *Alerts) work(ctx context.Context, ch *channel, looked <-chan struct{}, urgent bool) error {
	select {
	case <-looked:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	for {
		a.mu.Lock()
		now := a.cfg.Clock.Now()
		batch, at := ch.pick(now, urgent)
		wake := ch.wake
		var sent []Alarm
		for _, it := range batch {
			sent = append(sent, it.alarm)
		}
		a.mu.Unlock()
		if batch == nil {
			wait := idle
			if !at.IsZero() {
				wait = at.Sub(now)
			}
			if err := pause(ctx, a.cfg.Clock, wake, wait); err != nil {
				return err
			}
			continue
		}
		m := newMessage(a.cfg.Node, ch.Content, sent, now, ch.in)
		m.ID = a.messageID(ch, sent)
		var remark string
		var err error
		if ch.Observer != "" {
			err = a.cfg.Source.Telling(ctx, ch.Observer, ch.Name, sent)
		}
		if err == nil {
			remark, err = a.deliver(ctx, ch, m)
		}
		if err != nil && ctx.Err() != nil {
			return context.Cause(ctx) // cut off by the end of the node: told after the next start
		}
		a.note(ch, batch, sent, remark, err)
	}
}

// note keeps how a delivery went.
func (a *Alerts) note(ch *channel, batch []*item, sent []Alarm, remark string, err error) {
	a.mu.Lock()
	now := a.cfg.Clock.Now()
	gaveUp := 0
	if err == nil {
		ch.delivered(now, batch, sent, remark)
	} else {
		gaveUp = ch.missed(now, batch, err, a.cfg.Rand)
	}
	a.mu.Unlock()
	a.save()
	log := a.cfg.Log.With("channel", ch.Name, "alarms", len(batch))
	switch {
	case gaveUp > 0:
		log.Error("an alert channel failed for too long: these alarms are tried again when it works", "gave_up", gaveUp, "err", err)
	case err != nil:
		log.Warn("an alert channel failed", "err", err)
	case remark != "":
		log.Warn("an alert channel delivered in part", "remark", remark)
	default:
		log.Info("alarms were told", "urgent", batch[0].alarm.urgent())
	}
}

// deliver sends one message within the channel's time.
func (a *Alerts) deliver(ctx context.Context, ch *channel, m Message) (remark string, err error) {
	ctx, cancel := clock.WithTimeout(ctx, a.cfg.Clock, ch.timeout())
	defer cancel()
	return ch.send.send(ctx, m)
}

// messageID names a message by what it tells and whom: it is the same when the same is sent again,
// also after a restart, and says nothing of what is told.
func (a *Alerts) messageID(ch *channel, sent []Alarm) string {
	list := append([]Alarm(nil), sent...)
	order(list)
	mac := hmac.New(sha256.New, a.salt)
	fmt.Fprintf(mac, "%q\n", ch.Name)
	for _, al := range list {
		fmt.Fprintf(mac, "%q %d %q %d\n", al.ID, al.Level, al.Escalated, al.Since.UnixMilli())
	}
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Test sends a marked message that tells of no alarm over one channel, and returns why it could not
// be delivered, or not to all.
func (a *Alerts) Test(ctx context.Context, name string) error {
	ch := a.channel(name)
	if ch == nil {
		return &fault.Error{Code: fault.NotFound, Field: "channel", Value: fault.Shorten(name), Rule: "is not a channel of this node", Hint: "list them: parley alert list"}
	}
	id := make([]byte, 16)
	a.mu.Lock()
	_, err := io.ReadFull(a.cfg.Rand, id)
	a.mu.Unlock()
	if err != nil {
		return fault.Wrap(fault.Internal, "alert.test", err)
	}
	m := newTest(a.cfg.Node, ch.tells(), a.cfg.Clock.Now(), ch.in)
	m.ID = hex.EncodeToString(id)
	remark, err := a.deliver(ctx, ch, m)
	if err != nil {
		return fault.In(name, err)
	}
	a.mu.Lock()
	ch.works(a.cfg.Clock.Now(), remark)
	a.mu.Unlock()
	a.save()
	if remark != "" {
		return fault.In(name, failed("", "delivered in part: "+remark, nil))
	}
	return nil
}

// pause waits for a time, or until wake says that there is something to do.
func pause(ctx context.Context, c clock.Clock, wake <-chan struct{}, d time.Duration) error {
	tick, stop := c.Timer(d)
	defer stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-wake:
	case <-tick:
	}
	return nil
}
