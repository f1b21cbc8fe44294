package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"

	"golang.org/x/sync/errgroup"

	"parley/cmd/parley/home"
	"parley/fault"
	"parley/store"
	"parley/store/pebble"
	"parley/transcript"
	"parley/witness"
)

type witnessCmd struct {
	Use   witnessUseCmd   `cmd:"" help:"Have a witness cosign this node's lines."`
	Drop  witnessDropCmd  `cmd:"" help:"Ask a witness no more."`
	Logs  witnessLogsCmd  `cmd:"" help:"Print what the operator of a witness needs to know of a line."`
	Init  witnessInitCmd  `cmd:"" help:"Make a witness's directory and its key."`
	Serve witnessServeCmd `cmd:"" help:"Run a witness: cosign the heads of lines, of which it sees hashes alone."`
}

// whereWitness names a witness's directory.
type whereWitness struct {
	Dir string `help:"The witness's directory." env:"PARLEY_WITNESS_DIR" default:"~/.parley-witness" type:"path" placeholder:"DIR"`
}

func (w whereWitness) home() home.Witness { return home.Witness{Dir: w.Dir} }

type witnessInitCmd struct {
	whereWitness
	Name string `required:"" help:"By which name it cosigns: an address without https://, such as witness.example.org/w1." placeholder:"NAME"`
	JSON bool   `name:"json" help:"Print JSON."`
}

// Help shows how it is used.
func (witnessInitCmd) Help() string {
	return `The printed key is what the parties write into their agreement, and what people give to
parley verify --trust. The key never begins anew: a witness that lost its store is over.

Example:

  parley witness init --dir w1 --name witness.example.org/w1
`
}

// Run makes the directory and the key.
func (c *witnessInitCmd) Run(a *app) error {
	pub, err := c.home().Create(home.WitnessConfig{Name: c.Name}, a.rand)
	if err != nil {
		return err
	}
	out := struct {
		Dir string `json:"dir"`
		Key string `json:"key"`
	}{c.Dir, transcript.WitnessKey{Name: c.Name, Key: pub}.String()}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	_, err = fmt.Fprintf(a.stdout, "%s\n", out.Key)
	return fault.Wrap(fault.Unavailable, "print", err)
}

type witnessServeCmd struct {
	whereWitness
	Listen  string   `default:"127.0.0.1:7480" help:"Where nodes reach the witness." placeholder:"HOST:PORT"`
	Logs    string   `help:"The file that lists the logs; by default logs in its directory." type:"path" placeholder:"FILE"`
	Log     []string `help:"A further log: its origin and key, with a space between." placeholder:"LOG" sep:"none"`
	Cert    string   `help:"A PEM file with its certificate. Without one, let something in front of it speak TLS." type:"path" placeholder:"FILE"`
	Key     string   `help:"A PEM file with the certificate's key." type:"path" placeholder:"FILE"`
	Format  string   `name:"log-format" enum:"text,json" default:"text" help:"How the program's log is written: text or json."`
	Verbose bool     `short:"v" help:"Log each answer."`
}

// Help shows how it is used.
func (witnessServeCmd) Help() string {
	return `It answers C2SP tlog-witness at POST /add-checkpoint until it is interrupted. It sees the name of a
transcript, its size, its root and when each head came, and no entry. Each line of the file of logs is
an origin and a key, as parley witness logs prints them at a node of the line; any other log that
speaks C2SP tlog-checkpoint can stand there with its verifier key.

Examples:

  parley witness serve --dir w1 --listen 127.0.0.1:7480
  parley witness serve --dir w1 --logs logs.txt
`
}

// Run runs the witness.
func (c *witnessServeCmd) Run(a *app) error {
	h := c.home()
	cfg, key, err := h.Open()
	if err != nil {
		return err
	}
	logs, err := c.logs(a, h)
	if err != nil {
		return err
	}
	log := (&serveCmd{Log: c.Format, Verbose: c.Verbose}).logger(a.stderr)
	conf := witness.Config{Name: cfg.Name, Key: key, Logs: logs, Clock: a.clock, Log: log}
	if _, err := witness.New(conf); err != nil { // asked before anything opens
		return err
	}
	cert, err := (&serveCmd{APICert: c.Cert, APIKey: c.Key}).certificate(a)
	if err != nil {
		return err
	}
	return c.serve(a, h, conf, cert, log)
}

// logs reads the file of logs and what --log adds to it.
func (c *witnessServeCmd) logs(a *app, h home.Witness) (*witness.Logs, error) {
	path := c.Logs
	if path == "" {
		path = h.LogsFile()
	}
	data, err := readFile(a, path, witness.MaxLogsBytes)
	if err != nil {
		return nil, fault.In("logs", err)
	}
	text := string(data)
	for _, l := range c.Log {
		text += "\n" + l
	}
	logs, err := witness.ParseLogs([]byte(text))
	return logs, fault.In("logs", err)
}

func (c *witnessServeCmd) serve(a *app, h home.Witness, conf witness.Config, cert *tls.Certificate, log *slog.Logger) (err error) {
	st, err := pebble.Open(pebble.Config{Dir: h.StoreDir(), Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if err := begin(a.ctx, h, st); err != nil {
		return err
	}
	conf.Store = st
	srv, err := witness.New(conf)
	if err != nil {
		return err
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(a.ctx, "tcp", c.Listen)
	if err != nil {
		return &fault.Error{Code: fault.Unavailable, Field: "listen", Value: c.Listen, Rule: "cannot be listened on", Hint: "choose another with --listen", Err: err}
	}
	defer ln.Close()
	url := (&serveCmd{}).apiURL(ln.Addr(), cert)
	if cert != nil {
		ln = tls.NewListener(ln, &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{*cert}, NextProtos: []string{"h2", "http/1.1"}})
	}
	if err := h.WriteRun(home.WitnessRun{PID: os.Getpid(), URL: url}); err != nil {
		return err
	}
	log.Info("witnessing", "name", conf.Name, "key", srv.Key().String(), "url", url, "logs", conf.Logs.Len(), "version", version)
	g, ctx := errgroup.WithContext(a.ctx)
	g.Go(func() error { return witness.Serve(ctx, ln, srv.Handler(), a.clock, log) })
	g.Go(func() error {
		select {
		case <-st.Failed():
			return st.Err()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	err = errors.Join(g.Wait(), h.EndRun())
	if a.ctx.Err() != nil && errors.Is(err, context.Canceled) {
		log.Info("stopped")
		return nil
	}
	return err
}

// begin makes sure that the store is the one in which this witness has served, if it ever has.
func begin(ctx context.Context, h home.Witness, st store.Store) error {
	began, err := witness.Began(ctx, st)
	if err != nil {
		return err
	}
	if err := h.CheckServed(began); err != nil {
		return err
	}
	if !began {
		err = witness.Begin(ctx, st)
	}
	return errors.Join(err, h.MarkServed())
}
