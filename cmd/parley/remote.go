package main

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/go-json-experiment/json"

	"parley/api"
	"parley/api/officer"
	"parley/fault"
	"parley/node/view"
)

// remote names a running node and the officer who asks. Commands that talk to a node embed it.
type remote struct {
	where
	API       string        `name:"api" help:"Where the node is reached; by default what its directory says." env:"PARLEY_API" placeholder:"HOST:PORT"`
	APICA     string        `name:"api-ca" help:"A PEM file of the certificate that the node shows, or of the authority that issued it." env:"PARLEY_API_CA" placeholder:"FILE"`
	Token     string        `help:"An officer's token; better in PARLEY_TOKEN_FILE." env:"PARLEY_TOKEN" placeholder:"TOKEN"`
	TokenFile string        `help:"A file with an officer's token." env:"PARLEY_TOKEN_FILE" placeholder:"FILE"`
	Line      string        `help:"The line, where there are several: its id or the other party's name." placeholder:"LINE"`
	Wait      time.Duration `help:"How long to wait for the node to answer at all." placeholder:"10s"`
	JSON      bool          `name:"json" help:"Print JSON."`
	speaks
}

// client asks one node.
type client struct {
	base  string
	token string
	lang  string
	http  *http.Client

	patience time.Duration // how long one answer may take; 0: a minute
}

const (
	askTimeout  = time.Minute
	waitBetween = 50 * time.Millisecond
	maxAnswer   = 1 << 30
)

// open finds the node and the token. With Wait it waits until the node answers.
func (r *remote) open(a *app) (*client, error) {
	deadline := a.now().Add(r.Wait)
	for {
		c, err := r.find(a)
		if err == nil && r.Wait > 0 {
			err = c.get(a.ctx, "/v1/openapi.yaml", nil, nil)
		}
		if !fault.Is(err, fault.Unavailable) || !a.now().Before(deadline) {
			return c, err
		}
		tick, stop := a.clock.Timer(waitBetween)
		select {
		case <-tick:
		case <-a.ctx.Done():
			stop()
			return nil, context.Cause(a.ctx)
		}
	}
}

func (r *remote) find(a *app) (*client, error) {
	base, own, err := r.base()
	if err != nil {
		return nil, err
	}
	token, err := r.token(a)
	if err != nil {
		return nil, err
	}
	cfg, err := r.tlsConfig(a, own)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{DialContext: (&net.Dialer{Timeout: 10 * time.Second}).DialContext, TLSClientConfig: cfg}
	return &client{base: base, token: token, lang: r.Lang, http: &http.Client{Transport: transport}}, nil
}

func (r *remote) token(a *app) (string, error) {
	switch {
	case r.Token != "":
		return officer.ParseToken([]byte(r.Token))
	case r.TokenFile != "":
		data, err := readFile(a, r.TokenFile, maxPassphrase)
		if err != nil {
			return "", err
		}
		return officer.ParseToken(data)
	}
	return r.home().Token()
}

// do sends one request; out nil leaves the body unread.
func (c *client) do(ctx context.Context, method, path string, q url.Values, contentType string, body []byte, out any) error {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(c.patience, askTimeout))
	defer cancel()
	resp, err := c.send(ctx, method, path, q, contentType, body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return unreachable(c.base, err)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(data, out); err != nil {
		return &fault.Error{Code: fault.Unavailable, Field: "node", Value: c.base, Rule: "gave an answer that cannot be read", Hint: "use the same version of parley as the node", Err: err}
	}
	return nil
}

// send sends a request and returns the answer, or the error that it says.
func (c *client) send(ctx context.Context, method, path string, q url.Values, contentType string, body []byte) (*http.Response, error) {
	target := c.base + path
	if len(q) > 0 {
		target += "?" + q.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil {
		return nil, fault.New("api", c.base, "is not an address", "write 127.0.0.1:7440")
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	if c.lang != "" {
		req.Header.Set("Accept-Language", c.lang)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, unreachable(c.base, err)
	}
	if resp.StatusCode/100 == 2 {
		return resp, nil
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return nil, unreachable(c.base, err)
	}
	p, err := api.ReadProblem(data)
	if err != nil {
		return nil, notParley(c.base, resp.Status, data)
	}
	return nil, p.All()
}

func (c *client) get(ctx context.Context, path string, q url.Values, out any) error {
	return c.do(ctx, http.MethodGet, path, q, "", nil, out)
}

func (c *client) post(ctx context.Context, path string, q url.Values, in, out any) error {
	if in == nil {
		return c.do(ctx, http.MethodPost, path, q, "", nil, out)
	}
	body, err := json.Marshal(in)
	if err != nil {
		return fault.Wrap(fault.Internal, "request", err)
	}
	return c.do(ctx, http.MethodPost, path, q, "application/json", body, out)
}

// query returns the line, where one was named, and the parameters that say something.
func (r *remote) query(pairs ...string) url.Values {
	q := url.Values{}
	if r.Line != "" {
		q.Set("line", r.Line)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return q
}

// picture chooses between what is real and the exercise, in commands that list.
type picture struct {
	Exercise bool `help:"Of the exercise, and not of what is real."`
}

func (p picture) query() string {
	if p.Exercise {
		return "exercise"
	}
	return ""
}

func yes(b bool) string {
	if b {
		return "true"
	}
	return ""
}

// get asks for one thing and opens the node for it.
func (r *remote) get(a *app, path string, q url.Values, out any) error {
	c, err := r.open(a)
	if err != nil {
		return err
	}
	return c.get(a.ctx, path, q, out)
}

func (r *remote) post(a *app, path string, q url.Values, in, out any) error {
	c, err := r.open(a)
	if err != nil {
		return err
	}
	return c.post(a.ctx, path, q, in, out)
}

// openSlow is open for a command on a whole list, which the node may take longer to answer.
func (r *remote) openSlow(a *app) (*client, error) {
	c, err := r.open(a)
	if err != nil {
		return nil, err
	}
	c.patience = importPatience
	return c, nil
}

// theLine returns the line that the command is about.
func (r *remote) theLine(a *app, c *client) (view.Line, error) {
	if r.Line != "" {
		var ln view.Line
		err := c.get(a.ctx, "/v1/lines/"+url.PathEscape(r.Line), nil, &ln)
		return ln, err
	}
	var list api.Lines
	if err := c.get(a.ctx, "/v1/lines", nil, &list); err != nil {
		return view.Line{}, err
	}
	if len(list.Lines) != 1 {
		return view.Line{}, fault.New("line", "", "is needed, as the node has several lines", "give the other party's name: --line NAME")
	}
	return list.Lines[0], nil
}

// lineDo does something to a line and returns it as it stood before and then stands.
func (r *remote) lineDo(a *app, what, contentType string, body []byte) (before, after view.Line, err error) {
	c, err := r.open(a)
	if err != nil {
		return before, after, err
	}
	if before, err = r.theLine(a, c); err != nil {
		return before, after, err
	}
	err = c.do(a.ctx, http.MethodPost, "/v1/lines/"+before.ID+"/"+what, nil, contentType, body, &after)
	return before, after, err
}

// agreements returns the versions of the line's agreement, from the node where it runs, else from
// its directory.
func (r *remote) agreements(a *app) (api.Agreements, error) {
	list, _, err := r.agreementsFrom(a)
	return list, err
}

// agreementsFrom is agreements, and says whether they come from the directory, because no node answers.
func (r *remote) agreementsFrom(a *app) (list api.Agreements, kept bool, err error) {
	err = r.get(a, "/v1/agreement", r.query(), &list)
	if kept = fault.Is(err, fault.Unavailable) && r.API == ""; kept {
		list, err = keptAgreements(r.home(), r.Line)
	}
	if err == nil && len(list.Agreements) == 0 {
		err = &fault.Error{Code: fault.NotFound, Field: "agreement", Rule: "has no version here", Hint: "join one: parley agreement join FILE"}
	}
	return list, kept, err
}
