package alert

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/smtp"
	"strings"
	"time"

	"parley/fault"
)

// mailer sends messages by SMTP, each over a connection of its own.
type mailer struct {
	Email
	host     string
	password string
	tls      *tls.Config
	world    World
}

func newMailer(c Email, w World) (*mailer, error) {
	host, _, err := net.SplitHostPort(c.Server)
	if err != nil {
		return nil, fault.New("server", c.Server, "must be host:port", "write mail.example.net:587")
	}
	m := &mailer{Email: c, host: host, world: w}
	if m.tls, err = tlsFor(w, host, c.CAFile); err != nil {
		return nil, err
	}
	if c.PasswordFile != "" {
		m.password, err = readSecret(w, "password_file", c.PasswordFile, 1)
	}
	return m, err
}

func (m *mailer) send(ctx context.Context, msg Message) (string, error) {
	data, err := mailBytes(m.Email, msg)
	if err != nil {
		return "", err
	}
	conn, err := m.dial(ctx)
	if err != nil {
		return "", failed(m.Server, "does not answer", err)
	}
	defer conn.Close()
	// The connection is closed when ctx ends, which ends whatever waits on it.
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(closed)
		_ = conn.Close() // ctx's error is what is told
	})
	remark, err := m.speak(ctx, conn, data)
	if !stop() {
		<-closed
	}
	if err != nil {
		err = failed(m.Server, "did not take the message", errors.Join(ctx.Err(), err))
	}
	return remark, err
}

// maxServerBytes bounds what a mail server may say in one connection.
const maxServerBytes = 1 << 20

// bounded is a connection of which only so much is read.
type bounded struct {
	net.Conn
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, errors.New("it says more than a mail server has to say")
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

func (m *mailer) dial(ctx context.Context) (net.Conn, error) {
	dial := m.world.Dial
	if m.Security == noTLS {
		dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			return dialPlain(ctx, m.world, network, address)
		}
	}
	raw, err := dial(ctx, "tcp", m.Server)
	if err != nil {
		return nil, err
	}
	conn := &bounded{Conn: raw, left: maxServerBytes}
	if m.Security != fullTLS {
		return conn, nil
	}
	secure := tls.Client(conn, m.tls)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close() // the handshake's error is what is told
		return nil, err
	}
	return secure, nil
}

// speak hands a message to the server. A recipient that it refuses is a remark where it takes
// another: what it took is not sent again.
func (m *mailer) speak(ctx context.Context, conn net.Conn, data []byte) (remark string, err error) {
	c, err := smtp.NewClient(conn, m.host)
	if err != nil {
		return "", err
	}
	_, domain, _ := strings.Cut(m.From, "@")
	if err := c.Hello(domain); err != nil {
		return "", err
	}
	if m.Security == startTLS {
		if ok, _ := c.Extension("STARTTLS"); !ok {
			return "", errors.New("it offers no STARTTLS, and nothing is sent in the clear")
		}
		if err := c.StartTLS(m.tls); err != nil {
			return "", err
		}
	}
	if m.User != "" {
		if err := c.Auth(smtp.PlainAuth("", m.User, m.password, m.host)); err != nil {
			return "", err
		}
	}
	if err := c.Mail(m.From); err != nil {
		return "", err
	}
	var refused []error
	for _, to := range m.To {
		if err := c.Rcpt(to); err != nil {
			refused = append(refused, fmt.Errorf("%s: %w", to, err))
		}
	}
	if len(refused) == len(m.To) {
		return "", errors.Join(refused...)
	}
	w, err := c.Data()
	if err != nil {
		return "", err
	}
	if _, err := w.Write(data); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	if len(refused) > 0 {
		remark = "refused: " + plain(errors.Join(refused...).Error())
	}
	_ = c.Quit() // the server has the message, whatever it answers
	return remark, nil
}

// mailBytes writes a message as RFC 5322 and MIME have it, in ASCII.
func mailBytes(e Email, m Message) ([]byte, error) {
	var b bytes.Buffer
	_, domain, _ := strings.Cut(e.From, "@")
	head := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	head("From", e.From)
	head("To", strings.Join(e.To, ",\r\n "))
	head("Date", m.Time.Format(time.RFC1123Z))
	head("Message-ID", "<"+m.ID+"@"+domain+">")
	head("Subject", mime.QEncoding.Encode("utf-8", plain(m.Subject)))
	head("Auto-Submitted", "auto-generated")
	head("MIME-Version", "1.0")
	head("Content-Type", "text/plain; charset=utf-8")
	head("Content-Transfer-Encoding", "quoted-printable")
	b.WriteString("\r\n")
	w := quotedprintable.NewWriter(&b)
	if _, err := w.Write([]byte(strings.ReplaceAll(m.Text, "\n", "\r\n"))); err != nil {
		return nil, fault.Wrap(fault.Internal, "alert.mail", err)
	}
	if err := w.Close(); err != nil {
		return nil, fault.Wrap(fault.Internal, "alert.mail", err)
	}
	return b.Bytes(), nil
}
