package alert

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// smtpServer is a small mail server on a real socket, with real TLS.
type smtpServer struct {
	t    *testing.T
	cert tls.Certificate
	ca   []byte // its certificate, PEM
	ln   net.Listener

	implicit   bool     // TLS from the first byte
	noStartTLS bool     // offers none
	users      string   // "user password" that it wants; "": no AUTH
	refuses    []string // recipients
	greeting   string   // instead of its own
	atMail     string   // instead of 250

	mu   sync.Mutex
	got  []received
	said []string // commands, in order
}

// received is a message as the server took it.
type received struct {
	from   string
	to     []string
	data   string
	secure bool
}

func newSMTP(t *testing.T, change func(*smtpServer)) *smtpServer {
	t.Helper()
	web := httptest.NewTLSServer(http.NotFoundHandler()) // for its certificate
	s := &smtpServer{t: t, cert: web.TLS.Certificates[0], ca: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.Certificate().Raw})}
	web.Close()
	if change != nil {
		change(s)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.ln = ln
	var conns sync.WaitGroup
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			conns.Go(func() {
				defer conn.Close()
				s.serve(conn)
			})
		}
	}()
	t.Cleanup(func() {
		ln.Close()
		<-done
		conns.Wait()
	})
	return s
}

// session is one connection.
type session struct {
	*smtpServer
	conn   net.Conn
	r      *bufio.Reader
	secure bool
	known  bool // who it is
	msg    received
}

func (s *smtpServer) serve(conn net.Conn) {
	ss := &session{smtpServer: s, conn: conn, r: bufio.NewReader(conn)}
	if s.implicit {
		ss.shake()
	}
	if s.greeting == "" {
		ss.say("220 mail.test ESMTP")
	} else {
		ss.say(s.greeting)
	}
	for {
		line, err := ss.r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		s.mu.Lock()
		s.said = append(s.said, line)
		s.mu.Unlock()
		if !ss.command(line) {
			return
		}
	}
}

func (ss *session) say(lines ...string) { fmt.Fprint(ss.conn, strings.Join(lines, "\r\n")+"\r\n") }

func (ss *session) shake() {
	ss.conn = tls.Server(ss.conn, &tls.Config{Certificates: []tls.Certificate{ss.cert}})
	ss.r, ss.secure, ss.known = bufio.NewReader(ss.conn), true, false
}

func (ss *session) command(line string) (on bool) {
	verb, arg, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO":
		ss.hello()
	case "STARTTLS":
		ss.say("220 go on")
		ss.shake()
	case "AUTH":
		ss.auth(arg)
	case "MAIL":
		ss.mail(line)
	case "RCPT":
		to := address(line)
		if slices.Contains(ss.refuses, to) {
			ss.say("550 5.1.1 no such mailbox: " + to)
			return true
		}
		ss.msg.to = append(ss.msg.to, to)
		ss.say("250 ok")
	case "DATA":
		ss.say("354 go on")
		return ss.data()
	case "QUIT":
		ss.say("221 bye")
		return false
	default:
		ss.say("500 what?")
	}
	return true
}

func (ss *session) hello() {
	out := []string{"250-mail.test"}
	if !ss.secure && !ss.noStartTLS {
		out = append(out, "250-STARTTLS")
	}
	if ss.users != "" && ss.secure {
		out = append(out, "250-AUTH PLAIN")
	}
	ss.say(append(out, "250 SIZE 100000")...)
}

func (ss *session) auth(arg string) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(arg, "PLAIN "))
	if err != nil || !ss.secure || strings.ReplaceAll(strings.TrimPrefix(string(raw), "\x00"), "\x00", " ") != ss.users {
		ss.say("535 5.7.8 wrong user or password")
		return
	}
	ss.known = true
	ss.say("235 welcome")
}

func (ss *session) mail(line string) {
	switch {
	case ss.users != "" && !ss.known:
		ss.say("530 who are you?")
	case ss.atMail != "":
		ss.say(ss.atMail)
	default:
		ss.msg = received{from: address(line), secure: ss.secure}
		ss.say("250 ok")
	}
}

func (ss *session) data() (on bool) {
	var b strings.Builder
	for {
		line, err := ss.r.ReadString('\n')
		if err != nil {
			return false
		}
		if !strings.HasSuffix(line, "\r\n") || len(line) > 1000 {
			ss.t.Errorf("not a line of a message: %q", line)
		}
		if line == ".\r\n" {
			break
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
	ss.msg.data = b.String()
	ss.mu.Lock()
	ss.got = append(ss.got, ss.msg)
	ss.mu.Unlock()
	ss.say("250 queued")
	return true
}

func address(line string) string {
	_, rest, _ := strings.Cut(line, "<")
	a, _, _ := strings.Cut(rest, ">")
	return a
}

func (s *smtpServer) take() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.got
	s.got = nil
	return out
}

// saysAll returns an error unless err is one that says all of some words.
func saysAll(err error, words ...string) error {
	if err == nil {
		return errors.New("no error")
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			return fmt.Errorf("%q does not say %q", err, w)
		}
	}
	return nil
}
