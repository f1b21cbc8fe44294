package main

import (
	"context"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/alert"
	"parley/api"
	"parley/api/passkey"
	"parley/audit"
	"parley/catalogue"
	"parley/cmd/parley/home"
	"parley/fault"
	"parley/gazetteer"
	"parley/geo4d"
	"parley/node"
	"parley/node/view"
	"parley/store/pebble"
)

type serveCmd struct {
	where
	API         string   `name:"api" help:"Where officers reach the node; by default what its configuration says." placeholder:"HOST:PORT"`
	Listen      string   `help:"Where the other party's node may connect; none where it cannot." placeholder:"HOST:PORT"`
	APICert     string   `name:"api-cert" help:"A PEM file with the API's certificate; needed beyond the loopback." type:"path" placeholder:"FILE"`
	APIKey      string   `name:"api-key" help:"A PEM file with its key." type:"path" placeholder:"FILE"`
	APIHost     []string `name:"api-host" help:"A further name under which the API is asked for." placeholder:"NAME"`
	NotRestored bool     `help:"Your word that the store is the one that last ran: no backup or snapshot was put back."`
	Log         string   `enum:"text,json" default:"text" help:"How the log is written: text or json."`
	Verbose     bool     `short:"v" help:"Log more."`
}

// Help shows how it is used.
func (serveCmd) Help() string {
	return `The node runs until it is interrupted. It writes where it listens to run.json in its directory.
The API refuses to start where no officer could use it, and takes other addresses than the loopback
only with a certificate.

Example:

  parley serve --dir blue
`
}

// Run runs the node.
func (c *serveCmd) Run(a *app) error {
	h := c.home()
	cfg, err := h.Config()
	if err != nil {
		return err
	}
	if c.API != "" {
		cfg.API = c.API
	}
	if c.Listen != "" {
		cfg.Listen = c.Listen
	}
	if cfg.Listen == "none" {
		cfg.Listen = ""
	}
	log := c.logger(a.stderr)
	if len(cfg.Lines) == 0 {
		return &fault.Error{Code: fault.Mismatch, Field: "lines", Rule: "are none, so there is nobody to talk to", Hint: "join an agreement first: parley agreement join FILE"}
	}
	// Asked before anything opens: nobody could use a node without officers.
	book, err := h.Officers().Book()
	if err != nil {
		return err
	}
	if !book.Usable(a.now()) {
		return &fault.Error{Code: fault.Denied, Field: "officers", Rule: "has nobody whose token counts now, so nobody could use this node",
			Hint: `add one: parley officer add "J. Doe" --role duty`}
	}
	return c.serve(a, h, cfg, log)
}

func (c *serveCmd) logger(w io.Writer) *slog.Logger {
	opts := &slog.HandlerOptions{Level: slog.LevelInfo}
	if c.Verbose {
		opts.Level = slog.LevelDebug
	}
	if c.Log == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

// serve opens everything, runs it until the context ends or a part fails, and closes it in turn.
func (c *serveCmd) serve(a *app, h home.Home, cfg home.Config, log *slog.Logger) (err error) {
	cert, err := c.certificate(a)
	if err != nil {
		return err
	}
	warnCertificate(log, cert, a.now())
	store, err := pebble.Open(pebble.Config{Dir: h.StoreDir(), Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	nodeCfg, err := c.nodeConfig(a, h, cfg, log)
	if err != nil {
		return err
	}
	nodeCfg.Store = store
	if nodeCfg.Listener != nil {
		defer nodeCfg.Listener.Close()
	}
	var alerts *alert.Alerts // set before anything runs
	keeper, err := passkey.New(h.PasskeyFile(), cfg.Party, nodeCfg.Rand)
	if err != nil {
		return err
	}
	nodeCfg.More = func() []view.Alarm { return append(undelivered(alerts), copiedPasskeys(keeper)...) }
	n, err := node.New(a.ctx, nodeCfg)
	if err != nil {
		return err
	}
	source := &alarmSource{n: n}
	if alerts, err = newAlerts(a, h, cfg.Party, source, log.With("part", "alert")); err != nil {
		return err
	}
	ln, err := api.Listen(a.ctx, cfg.API, cert)
	if err != nil {
		return err
	}
	defer ln.Close()
	handler, record, err := c.handler(a, h, cfg, nodeCfg, api.Config{Node: n, Alerts: alerts, Passkeys: keeper}, log)
	if err != nil {
		return err
	}
	source.record = record
	run := c.running(ln, nodeCfg.Listener, cert)
	g, ctx := errgroup.WithContext(a.ctx)
	g.Go(func() error { return n.Run(ctx) })
	g.Go(func() error { return api.Serve(ctx, ln, handler, a.clock, log) })
	g.Go(func() error { return record.Run(ctx) })
	g.Go(func() error { return runAlerts(ctx, alerts, log) })
	g.Go(func() error { return c.announce(ctx, a, h, n, run, log) })
	err = g.Wait()
	if a.ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)) {
		log.Info("stopped")
		return nil
	}
	return err
}

// running says where the node listens.
func (c *serveCmd) running(officers, line net.Listener, cert *tls.Certificate) home.Run {
	run := home.Run{PID: os.Getpid(), API: c.apiURL(officers.Addr(), cert)}
	if cert != nil {
		run.Certificate = certificateSum(cert.Leaf)
	}
	if line != nil {
		run.Line = line.Addr().String()
	}
	return run
}

// handler returns the node's API and the audit log that it keeps.
func (c *serveCmd) handler(a *app, h home.Home, cfg home.Config, nodeCfg node.Config, out api.Config, log *slog.Logger) (http.Handler, *audit.Log, error) {
	officers := h.Officers()
	book, err := officers.Book()
	if err != nil {
		return nil, nil, err
	}
	record, err := audit.Open(a.ctx, audit.Config{Store: nodeCfg.Store, Clock: a.clock, Log: log.With("part", "audit")})
	if err == nil {
		err = api.Started(a.ctx, record, version, book)
	}
	if err != nil {
		return nil, nil, err
	}
	instance := make([]byte, 8)
	if _, err := io.ReadFull(a.rand, instance); err != nil {
		return nil, nil, fault.Wrap(fault.Internal, "serve", err)
	}
	out.Officers, out.Audit, out.Clock, out.Rand, out.Log, out.Places = officers, record, a.clock, nodeCfg.Rand, log.With("part", "api"), nodeCfg.Places
	out.Version, out.Instance, out.Hosts = version, hex.EncodeToString(instance), append(c.APIHost, hostOf(cfg.API))
	handler, err := api.New(out)
	return handler, record, err
}

// announce says where the node listens once it is ready, until it ends.
func (c *serveCmd) announce(ctx context.Context, a *app, h home.Home, n *node.Node, run home.Run, log *slog.Logger) error {
	began := a.now()
	if err := n.Ready(ctx); err != nil {
		return err
	}
	if took := a.now().Sub(began); took > time.Second {
		a.note(catalogue.Say("note.replayed", catalogue.AsCode("took", took.Round(time.Millisecond).String())))
	}
	if err := h.WriteRun(run); err != nil {
		return err
	}
	log.Info("serving", "party", n.Party(), "api", run.API, "line", run.Line, "version", version)
	<-ctx.Done()
	return errors.Join(context.Cause(ctx), h.EndRun())
}

// nodeConfig loads keys, agreements and towns and opens the line's listener.
func (c *serveCmd) nodeConfig(a *app, h home.Home, cfg home.Config, log *slog.Logger) (node.Config, error) {
	var dialer net.Dialer
	out := node.Config{Party: cfg.Party, Dial: dialer.DialContext, Clock: a.clock, Rand: &lockedReader{r: a.rand}, Log: log,
		Places: &lazyPlaces{load: gazetteer.Load, log: log}}
	lineKeys, err := h.LineKeys()
	if err != nil {
		return out, err
	}
	tlsKeys, err := h.TLSKeys()
	if err != nil {
		return out, err
	}
	out.LineKey, out.MoreLineKeys, out.TLSKey = lineKeys[0], lineKeys[1:], tlsKeys[0]
	for _, k := range tlsKeys[1:] {
		out.MoreTLSKeys = append(out.MoreTLSKeys, k)
	}
	if out.Witnesses, err = witnessAddresses(cfg); err != nil {
		return out, err
	}
	for _, l := range cfg.Lines {
		notes, err := h.Notes(l.ID)
		if err != nil {
			return out, err
		}
		out.Lines = append(out.Lines, node.LineConfig{Notes: notes, PeerAddress: l.PeerAddress, NotRestored: c.NotRestored})
	}
	if cfg.Listen == "" {
		return out, nil
	}
	var lc net.ListenConfig
	if out.Listener, err = lc.Listen(a.ctx, "tcp", cfg.Listen); err != nil {
		return out, &fault.Error{Code: fault.Unavailable, Field: "listen", Value: cfg.Listen, Rule: "cannot be listened on", Hint: "choose another with --listen", Err: err}
	}
	return out, nil
}

func (c *serveCmd) certificate(a *app) (*tls.Certificate, error) {
	if c.APICert == "" && c.APIKey == "" {
		return nil, nil
	}
	if c.APICert == "" || c.APIKey == "" {
		field, other := "api-key", "api-cert"
		if c.APICert == "" {
			field, other = other, field
		}
		return nil, fault.New(field, "", "is needed beside --"+other, "give both files: --api-cert FILE --api-key FILE")
	}
	certPEM, err := readFile(a, c.APICert, maxCard)
	if err != nil {
		return nil, fault.In("api-cert", err)
	}
	keyPEM, err := readFile(a, c.APIKey, maxCard)
	if err != nil {
		return nil, fault.In("api-key", err)
	}
	cert, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return nil, &fault.Error{Code: fault.Invalid, Field: "api-cert", Value: c.APICert, Rule: "is not a certificate that goes with the key in " + c.APIKey,
			Hint: "give the two PEM files that were made together", Err: err}
	}
	return &cert, nil
}

// warnCertificate says in the log that officers will refuse the API's certificate. The node serves
// all the same: the line to the other party needs none.
func warnCertificate(log *slog.Logger, cert *tls.Certificate, now time.Time) {
	if cert == nil || cert.Leaf == nil {
		return
	}
	if leaf := cert.Leaf; now.Before(leaf.NotBefore) || now.After(leaf.NotAfter) {
		log.Warn("the certificate of the API does not count now, and officers' programs will refuse it", "from", leaf.NotBefore, "until", leaf.NotAfter)
	}
}

// apiURL is where commands on this machine reach the API. An address that stands for all addresses
// is none to connect to.
func (c *serveCmd) apiURL(addr net.Addr, cert *tls.Certificate) string {
	scheme, hostport := "http://", addr.String()
	if cert != nil {
		scheme = "https://"
	}
	host, port, err := net.SplitHostPort(hostport)
	if err == nil && net.ParseIP(host).IsUnspecified() {
		host = "localhost"
		if len(c.APIHost) > 0 {
			host = c.APIHost[0]
		}
		hostport = net.JoinHostPort(host, port)
	}
	return scheme + hostport
}

func hostOf(hostport string) string {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		return hostport
	}
	return host
}

// lazyPlaces loads the towns when a place is first said in words: a node without notices needs none.
type lazyPlaces struct {
	load func() (*gazetteer.Gazetteer, error)
	log  *slog.Logger

	once sync.Once
	g    *gazetteer.Gazetteer
}

func (p *lazyPlaces) get() *gazetteer.Gazetteer {
	p.once.Do(func() {
		g, err := p.load()
		if err != nil {
			p.log.Error("places are said as coordinates alone", "err", err)
			return
		}
		p.g = g
	})
	return p.g
}

// Describe says a position by its nearest town.
func (p *lazyPlaces) Describe(at geo4d.Position) string {
	if g := p.get(); g != nil {
		return g.Describe(at)
	}
	return geo4d.FormatDD(at)
}

// Where says it by the catalogues.
func (p *lazyPlaces) Where(at geo4d.Position) (catalogue.Message, bool) {
	if g := p.get(); g != nil {
		return g.Where(at)
	}
	return catalogue.Message{}, false
}

// Find returns the towns of a name.
func (p *lazyPlaces) Find(name string) []geo4d.Position {
	if g := p.get(); g != nil {
		return g.Find(name)
	}
	return nil
}

// lockedReader lets several goroutines share a source of randomness.
type lockedReader struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *lockedReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(p)
}
