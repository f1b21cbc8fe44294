package witness

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley/fault"
	"parley/internal/clock"
	"parley/transcript"
)

const (
	// requestTimeout is how long one request may take, with its connection.
	requestTimeout = 20 * time.Second
	maxAnswerBytes = transcript.MaxNoteBytes
	maxHeaderBytes = 16 << 10
	// asks is how often the size that the witness holds is taken from its answer.
	asks = 3
)

// Trouble is why a head was not cosigned.
type Trouble string

// The troubles.
const (
	Unreachable Trouble = "unreachable" // no connection, or no answer in time
	Busy        Trouble = "busy"        // it asks to wait, or cannot sign now
	UnknownLog  Trouble = "unknown-log" // it does not know the transcript's origin
	UnknownKey  Trouble = "unknown-key" // it knows the transcript and not the line key
	Ahead       Trouble = "ahead"       // it holds a larger transcript than this node
	Contradicts Trouble = "contradicts" // what it holds of the transcript is not what this node holds
	BadAnswer   Trouble = "bad-answer"  // what it answers is no answer
)

// Error says why a head was not cosigned.
type Error struct {
	Trouble Trouble
	Size    int64 // that the witness says it holds, where Trouble is Ahead or Contradicts
	Err     error
}

func (e *Error) Error() string { return fmt.Sprintf("witness: %s: %v", e.Trouble, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// TroubleOf returns the trouble of an error, Unreachable where it says none.
func TroubleOf(err error) Trouble {
	var e *Error
	if errors.As(err, &e) {
		return e.Trouble
	}
	return Unreachable
}

// DialFunc opens a connection.
type DialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// Client has heads cosigned by one witness.
type Client struct {
	by      transcript.WitnessKey
	url     string // of add-checkpoint
	address string // host:port
	name    string // host, for TLS
	dial    DialFunc
	clock   clock.Clock
}

// NewClient returns a client of the witness of a key at the prefix of its URLs.
func NewClient(by transcript.WitnessKey, prefix string, dial DialFunc, c clock.Clock) (*Client, error) {
	if err := CheckURL(prefix); err != nil {
		return nil, err
	}
	u, err := url.Parse(prefix)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "witness.url", err)
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return &Client{by: by, url: strings.TrimSuffix(prefix, "/") + "/add-checkpoint", address: net.JoinHostPort(u.Hostname(), port),
		name: u.Hostname(), dial: dial, clock: c}, nil
}

// CheckURL refuses what cannot be the prefix of a witness's URLs.
func CheckURL(prefix string) error {
	u, err := url.Parse(prefix)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || len(prefix) > 1024 {
		return fault.New("url", prefix, "is not the address of a witness", "write https://HOST/PATH, as the witness publishes it")
	}
	return nil
}

// Key returns the witness's key.
func (c *Client) Key() transcript.WitnessKey { return c.by }

// Cosign has a head cosigned. known is the size that the witness is thought to hold, and prove gives
// the proof from a size to the head's. It returns the size that the witness holds after it, as far as
// its answers say.
func (c *Client) Cosign(ctx context.Context, h transcript.Head, known int64, prove func(old int64) ([]transcript.Hash, error)) (transcript.Cosignature, int64, error) {
	ctx, cancel := clock.WithTimeout(ctx, c.clock, requestTimeout)
	defer cancel()
	for range asks {
		if known > h.Size {
			return transcript.Cosignature{}, known, &Error{Ahead, known, fmt.Errorf("holds %d entries, this node %d", known, h.Size)}
		}
		req := Request{Old: known, Checkpoint: h.Note}
		if known > 0 && known < h.Size {
			proof, err := prove(known)
			if err != nil {
				return transcript.Cosignature{}, known, err
			}
			req.Proof = proof
		}
		status, body, err := c.post(ctx, req.Encode())
		if err != nil {
			return transcript.Cosignature{}, known, &Error{Unreachable, 0, err}
		}
		if status == http.StatusOK {
			cos, err := transcript.FindCosignature(h, body, c.by)
			if err != nil {
				return transcript.Cosignature{}, known, &Error{BadAnswer, 0, err}
			}
			return cos, h.Size, nil
		}
		size, err := c.refused(status, body, known, h)
		if err != nil {
			return transcript.Cosignature{}, known, err
		}
		known = size
	}
	return transcript.Cosignature{}, known, &Error{Busy, 0, errors.New("says another size each time it is asked")}
}

// refused judges an answer that is no cosignature. It returns the size to ask again from, or an error.
func (c *Client) refused(status int, body []byte, known int64, h transcript.Head) (int64, error) {
	answered := fmt.Errorf("answers %d", status)
	switch status {
	case http.StatusConflict:
		text, ok := bytes.CutSuffix(body, []byte("\n"))
		size, valid := parseSize(text)
		switch {
		case !ok || !valid:
			return 0, &Error{BadAnswer, 0, errors.New("answers 409 without a size")}
		case size != known:
			return size, nil
		case size == h.Size:
			return 0, &Error{Contradicts, size, errors.New("holds another root for this size")}
		}
		return 0, &Error{BadAnswer, 0, errors.New("answers 409 with the size that it was asked from")}
	case http.StatusUnprocessableEntity:
		return 0, &Error{Contradicts, known, errors.New("what it holds does not lead to this head")}
	case http.StatusNotFound:
		return 0, &Error{UnknownLog, 0, answered}
	case http.StatusForbidden:
		return 0, &Error{UnknownKey, 0, answered}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return 0, &Error{Busy, 0, answered}
	}
	if status >= 500 {
		return 0, &Error{Busy, 0, answered}
	}
	return 0, &Error{BadAnswer, 0, answered}
}

// post makes one request over one connection: a minute lies between two, and nothing may run then.
// The transport is not left to dial, as it goes on when nobody waits any more.
func (c *Client) post(ctx context.Context, body []byte) (int, []byte, error) {
	conn, err := c.dial(ctx, "tcp", c.address)
	if err != nil {
		return 0, nil, err
	}
	defer conn.Close()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "text/plain; charset=utf-8")
	req.Header.Set("User-Agent", "parley")
	client := &http.Client{
		Transport: &http.Transport{
			DialContext:            func(context.Context, string, string) (net.Conn, error) { return conn, nil },
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, ServerName: c.name},
			DisableKeepAlives:      true,
			MaxResponseHeaderBytes: maxHeaderBytes,
		},
		// What was meant for one witness is not carried to another.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes+1))
	if err != nil {
		return 0, nil, err
	}
	if len(answer) > maxAnswerBytes {
		return 0, nil, fmt.Errorf("answers more than %d bytes", maxAnswerBytes)
	}
	return resp.StatusCode, answer, nil
}
