package node

import (
	"context"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"parley/catalogue"
	"parley/fault"
	"parley/line"
	"parley/node/view"
)

// Node is one party's node.
type Node struct {
	cfg    Config
	lines  map[string]*lineNode
	order  []*lineNode // by line id
	server *line.Server
	feed   *feed
	// changes is what of the picture changed since the start.
	changes changes

	poked chan struct{} // of one: alarms may have changed

	issuing   sync.Mutex // held from looking at a copy's release to the copy's being durable
	releasing sync.Mutex // held from looking at a release to its being decided, durably
	handing   sync.Mutex // held from looking who has the watch to its being durable
	booking   sync.Mutex // held from looking at the alarms that the desk had to their being durable; after telling
	telling   sync.Mutex // held from working the alarms out to their being told

	english *catalogue.Catalogue

	rota atomic.Pointer[rota]

	mu    sync.Mutex
	told  map[string]view.Alarm // alarms as last told, by id
	acked map[string]ack        // by alarm
	book  alarmBook
	// onWatch is who has the watch. Nobody changes what it points at.
	onWatch  view.Watch
	releases []prepared // by number, from 1
}

// New opens the node's lines on its store. It starts nothing.
func New(ctx context.Context, cfg Config) (*Node, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	english, err := catalogue.Load("en")
	if err != nil {
		return nil, err
	}
	n := &Node{cfg: cfg, english: english, lines: map[string]*lineNode{}, feed: newFeed(), changes: newChanges(), poked: make(chan struct{}, 1), told: map[string]view.Alarm{}}
	var links []*line.Line
	for _, lc := range cfg.Lines {
		ln, err := openLine(ctx, n, lc)
		if err != nil {
			return nil, err
		}
		if n.lines[ln.id] != nil {
			return nil, fault.New("lines", ln.id, "is there twice", "list each line once")
		}
		n.lines[ln.id] = ln
		n.order = append(n.order, ln)
		links = append(links, ln.link)
	}
	sortLines(n.order)
	if cfg.Listener != nil {
		srv, err := line.NewServer(line.ServerConfig{Listener: cfg.Listener, Key: cfg.TLSKey, Keys: n.servedTLSKeys, Clock: cfg.Clock, Log: cfg.Log}, links...)
		if err != nil {
			return nil, err
		}
		n.server = srv
	}
	acked, err := n.loadAcks(ctx)
	if err != nil {
		return nil, err
	}
	n.acked = acked
	if n.book, err = n.loadAlarms(ctx); err != nil {
		return nil, err
	}
	if n.onWatch, err = n.loadWatch(ctx); err != nil {
		return nil, err
	}
	if err := n.loadRota(ctx); err != nil {
		return nil, err
	}
	n.releases, err = n.loadReleases(ctx)
	return n, err
}

// Run runs the node until ctx ends or something that it cannot go on without fails. It returns
// after every goroutine of the node has ended.
func (n *Node) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, ln := range n.order {
		g.Go(func() error { return ln.run(ctx) })
	}
	if n.server != nil {
		g.Go(func() error { return n.server.Run(ctx) })
	}
	g.Go(func() error { return n.watch(ctx) })
	err := g.Wait()
	n.feed.close()
	return err
}

// Ready waits until every line has replayed its transcripts, or ctx ends.
func (n *Node) Ready(ctx context.Context) error {
	for _, ln := range n.order {
		select {
		case <-ln.ready:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// Party returns the own party's name.
func (n *Node) Party() string { return n.cfg.Party }

// pick returns the line of an id, of an unambiguous beginning of one, of the other party's name,
// or, for "", the only line there is.
func (n *Node) pick(id string) (*lineNode, error) {
	if ln := n.lines[id]; ln != nil {
		return ln, nil
	}
	var found []*lineNode
	for _, ln := range n.order {
		if id == "" || ln.peer == id || (len(id) >= 6 && len(id) < len(ln.id) && ln.id[:len(id)] == id) {
			found = append(found, ln)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, &fault.Error{Code: fault.NotFound, Field: "line", Value: fault.Shorten(id),
			Rule: "is not a line of this node", Hint: "list them: parley line list"}
	}
	return nil, &fault.Error{Code: fault.Invalid, Field: "line", Value: fault.Shorten(id),
		Rule: "fits more than one line", Hint: "give the id or the other party's name: parley line list"}
}
