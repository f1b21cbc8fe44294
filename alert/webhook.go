package alert

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"

	"parley/fault"
)

// The headers of a webhook's request. The signature is "v1=" and, in hexadecimal, the HMAC-SHA256
// under the secret over the timestamp as it stands in its header, a full stop, and the body.
const (
	HeaderTimestamp = "Parley-Timestamp" // seconds since 1970 UTC
	HeaderSignature = "Parley-Signature"
	HeaderMessage   = "Parley-Message" // the id of the message
)

// webhook posts messages.
type webhook struct {
	Webhook
	host    string // as the URL has it
	address string // host:port
	secret  string
	tls     *tls.Config
	dial    func(ctx context.Context, network, address string) (net.Conn, error)
	world   World
}

func newWebhook(c Webhook, w World) (*webhook, error) {
	u, err := url.Parse(c.URL)
	if err != nil {
		return nil, fault.New("url", "", "is not a URL", "write https://HOST/PATH")
	}
	h := &webhook{Webhook: c, host: u.Host, dial: w.Dial, world: w}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	h.address = net.JoinHostPort(u.Hostname(), port)
	if h.secret, err = readSecret(w, "secret_file", c.SecretFile, 16); err != nil {
		return nil, err
	}
	if h.tls, err = tlsFor(w, u.Hostname(), c.CAFile); err != nil {
		return nil, err
	}
	if u.Scheme == "http" && !c.PlainHTTP {
		h.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			return dialPlain(ctx, w, network, address)
		}
	}
	return h, nil
}

// client returns a client for one request over one connection: alarms are few, and nothing may run
// between them. The transport is not left to dial, as it goes on when nobody waits any more.
func (h *webhook) client(conn net.Conn) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext:       func(context.Context, string, string) (net.Conn, error) { return conn, nil },
			TLSClientConfig:   h.tls,
			DisableKeepAlives: true,
		},
		// What was meant for one server is not carried to another.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// sign returns the signature of a body at a time.
func sign(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return "v1=" + hex.EncodeToString(mac.Sum(nil))
}

func (h *webhook) send(ctx context.Context, m Message) (string, error) {
	body, err := m.encode()
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		return "", failed(h.host, "cannot be asked", nil)
	}
	at := strconv.FormatInt(h.world.Clock.Now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "parley")
	req.Header.Set(HeaderTimestamp, at)
	req.Header.Set(HeaderSignature, sign(h.secret, at, body))
	req.Header.Set(HeaderMessage, m.ID)
	conn, err := h.dial(ctx, "tcp", h.address)
	if err != nil {
		return "", failed(h.host, "does not answer", err)
	}
	defer conn.Close()
	resp, err := h.client(conn).Do(req)
	if err != nil {
		return "", failed(h.host, "does not answer", withoutURL(err))
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(resp.Body, maxSaid)) // the status says how it went
	if resp.StatusCode/100 != 2 {
		rule := "answered " + plain(resp.Status)
		if text := said(answer); text != "" {
			rule += " and said " + text
		}
		return "", failed(h.host, rule, nil)
	}
	return "", nil
}

// withoutURL takes the URL out of an error: services put what is secret into its path.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
