package alert

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"io"
	"log/slog"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"parley/fault"
	"parley/internal/clock"
)

// files are what settings name.
type files map[string][]byte

func (f files) read(name string, secret bool) ([]byte, error) {
	data, ok := f[name]
	if !ok {
		return nil, &fault.Error{Code: fault.NotFound, Field: name, Rule: "does not exist"}
	}
	return data, nil
}

// over returns the alerts of one channel that reaches the real network.
func over(t *testing.T, f files, settings string) *Alerts {
	t.Helper()
	channels, err := ParseSettings([]byte(`{"channels": [` + settings + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(Config{World: World{Clock: clock.System{}, Dial: new(net.Dialer).DialContext, ReadFile: f.read},
		Node: "blue", Channels: channels, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// tell sends alarms over the first channel, as its worker does.
func tell(t *testing.T, a *Alerts, alarms ...Alarm) (remark string, err error) {
	t.Helper()
	ch := a.channels[0]
	m := newMessage("blue", ch.Content, alarms, time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC), ch.in)
	m.ID = a.messageID(ch, alarms)
	return a.deliver(t.Context(), ch, m)
}

func secretAlarm() Alarm {
	return Alarm{ID: "late/6d0487e9/1/b#3", Kind: "late", Level: 1, Line: "6d0487e9", Text: "red movement red-3 at Jablah: late",
		Since: time.Date(2026, 11, 24, 2, 59, 0, 0, time.UTC), Due: time.Date(2026, 11, 24, 3, 9, 0, 0, time.UTC)}
}

func TestWebhookOverTLSIsSigned(t *testing.T) {
	type request struct {
		header http.Header
		body   string
	}
	got := make(chan request, 1)
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost || r.URL.Path != "/in/T0K3N" {
			t.Errorf("%s %s: %v", r.Method, r.URL, err)
		}
		got <- request{r.Header, string(body)}
	}))
	defer srv.Close()
	f := files{"secret": []byte("a secret of 32 bytes, and a line\n"), "ca": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})}
	a := over(t, f, `{"name": "ops", "webhook": {"url": "`+srv.URL+`/in/T0K3N", "secret_file": "secret", "ca_file": "ca"}}`)
	if _, err := tell(t, a, secretAlarm()); err != nil {
		t.Fatal(err)
	}
	r := <-got
	at, err := strconv.ParseInt(r.header.Get("Parley-Timestamp"), 10, 64)
	if d := time.Since(time.Unix(at, 0)); err != nil || d < -time.Minute || d > time.Hour {
		t.Errorf("timestamp %q", r.header.Get("Parley-Timestamp"))
	}
	mac := hmac.New(sha256.New, []byte("a secret of 32 bytes, and a line"))
	io.WriteString(mac, r.header.Get("Parley-Timestamp")+"."+r.body)
	if want := "v1=" + hex.EncodeToString(mac.Sum(nil)); r.header.Get("Parley-Signature") != want {
		t.Errorf("signature %s, want %s", r.header.Get("Parley-Signature"), want)
	}
	// Unless it is set otherwise, nothing of the alarm leaves the party.
	for _, leak := range []string{"Jablah", "red", "late", "6d0487e9", "movement", "02:59", `"level`} {
		if strings.Contains(r.body, leak) {
			t.Errorf("the body has %q: %s", leak, r.body)
		}
	}
	if want := `"subject":"alarm at node blue: look at the desk","text":"alarm at node blue: look at the desk\n"`; !strings.Contains(r.body, want) {
		t.Errorf("body %s", r.body)
	}
}

func TestWebhookFailuresAreSaidWithoutTheURL(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("followed a redirect") }))
	defer elsewhere.Close()
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("do") {
		case "redirect":
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		case "refuse":
			http.Error(w, "no\x1b[2J "+strings.Repeat("x", 1000), http.StatusForbidden)
		case "cut":
			panic(http.ErrAbortHandler)
		}
	}))
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	defer srv.Close()
	f := files{"secret": []byte(testSecret), "ca": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})}
	for _, c := range []struct{ url, more, says string }{
		{srv.URL + "/T0K3N?do=redirect", `, "ca_file": "ca"`, "answered 307"},
		{srv.URL + "/T0K3N?do=refuse", `, "ca_file": "ca"`, "answered 403 Forbidden and said no?[2J xxx"},
		{srv.URL + "/T0K3N?do=cut", `, "ca_file": "ca"`, "does not answer"},
		{srv.URL + "/T0K3N", ``, "certificate"},
		{strings.Replace(srv.URL, "https", "http", 1) + "/T0K3N", ``, "answered 400"},
		{"http://127.0.0.1:1/T0K3N", ``, "connection refused"},
	} {
		a := over(t, f, `{"name": "ops", "webhook": {"url": "`+c.url+`", "secret_file": "secret"`+c.more+`}}`)
		err := a.Test(t.Context(), "ops")
		if why := saysAll(err, "ops.127.0.0.1:", c.says); why != nil || strings.Contains(err.Error(), "T0K3N") || len(err.Error()) > 600 {
			t.Errorf("%s: %v; %v", c.url, why, err)
		}
	}
}

func TestPlainTextStaysOnTheLoopback(t *testing.T) {
	// A name that should be this machine's and leads elsewhere.
	far := func(ctx context.Context, network, address string) (net.Conn, error) {
		a, b := net.Pipe()
		b.Close()
		return a, nil
	}
	for _, s := range []string{
		`{"name": "c", "webhook": {"url": "http://localhost/x", "secret_file": "secret"}}`,
		`{"name": "c", "email": {"server": "localhost:25", "security": "none", "from": "a@b.test", "to": ["c@d.test"]}}`,
	} {
		a := over(t, files{"secret": []byte(testSecret)}, s)
		switch s := a.channels[0].send.(type) {
		case *webhook:
			s.dial = func(ctx context.Context, n, at string) (net.Conn, error) {
				return dialPlain(ctx, World{Dial: far}, n, at)
			}
		case *mailer:
			s.world.Dial = far
		}
		if why := saysAll(a.Test(t.Context(), "c"), "is not on the loopback, so nothing is sent to it in the clear"); why != nil {
			t.Error(why)
		}
	}
}

func mailChannel(s *smtpServer, more string) string {
	return `{"name": "mail", "email": {"server": "` + s.ln.Addr().String() + `", "ca_file": "ca", "from": "parley@blue.test", "to": ["watch@blue.test", "second@blue.test"]` + more + `}}`
}

func TestMailOverSTARTTLSAndTLSWithPassword(t *testing.T) {
	for security, implicit := range map[string]bool{"starttls": false, "tls": true} {
		s := newSMTP(t, func(s *smtpServer) { s.implicit, s.users = implicit, "parley pass word" })
		a := over(t, files{"ca": s.ca, "password": []byte("pass word\n")}, strings.Replace(
			mailChannel(s, `, "security": "`+security+`", "user": "parley", "password_file": "password"`), `"name"`, `"content": "full", "name"`, 1))
		al := secretAlarm()
		al.Text = "red movement red-3 at Джабла: .\r\nSubject: a lie\u202e " + strings.Repeat("long ", 500)
		if remark, err := tell(t, a, al); err != nil || remark != "" {
			t.Fatalf("%s: %q, %v", security, remark, err)
		}
		got := s.take()
		if len(got) != 1 || !got[0].secure || got[0].from != "parley@blue.test" || strings.Join(got[0].to, " ") != "watch@blue.test second@blue.test" {
			t.Fatalf("%s: %+v", security, got)
		}
		m, err := mail.ReadMessage(strings.NewReader(got[0].data))
		if err != nil {
			t.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil || subject != "alarm at node blue: late, level 1" {
			t.Errorf("subject %q, %v", subject, err)
		}
		if at, err := m.Header.Date(); err != nil || at.IsZero() {
			t.Errorf("date: %v", err)
		}
		to, err := m.Header.AddressList("To")
		if err != nil || len(to) != 2 || m.Header.Get("Auto-Submitted") != "auto-generated" || !strings.HasSuffix(m.Header.Get("Message-Id"), "@blue.test>") {
			t.Errorf("header: %v, %v", m.Header, err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
		text := strings.ReplaceAll(string(body), "\r\n", "\n")
		if err != nil || !strings.HasPrefix(text, "alarm at node blue: late, level 1\n\nlevel 1 (act at once): late\nred movement red-3 at Джабла: .  Subject: a lie? long long") {
			t.Errorf("body %q, %v", text, err)
		}
		if !strings.HasSuffix(text, "long l...\nline: 6d0487e9\nsince: 2026-11-24 02:59:00Z\ndue: 2026-11-24 03:09:00Z\n") && !strings.Contains(text, "...\nline: 6d0487e9\nsince: 2026-11-24 02:59:00Z\ndue: 2026-11-24 03:09:00Z\n") {
			t.Errorf("body ends %q", text[len(text)-200:])
		}
	}
}

func TestMailSaysNothingOfTheAlarmUnlessItIsSet(t *testing.T) {
	s := newSMTP(t, nil)
	a := over(t, files{"ca": s.ca}, mailChannel(s, `, "security": "starttls"`))
	drill := secretAlarm()
	drill.Exercise = true
	if _, err := tell(t, a, drill, drill); err != nil {
		t.Fatal(err)
	}
	got := s.take()
	if len(got) != 1 || !strings.Contains(got[0].data, "Subject: EXERCISE: 2 alarms at node blue: look at the desk\r\n") {
		t.Fatalf("%+v", got)
	}
	for _, leak := range []string{"Jablah", "red", "late", "6d0487e9", "movement", "02:59", "level"} {
		if strings.Contains(got[0].data, leak) {
			t.Errorf("the mail has %q: %s", leak, got[0].data)
		}
	}
}

func TestMailFailuresAreSaidExactly(t *testing.T) {
	for name, c := range map[string]struct {
		server func(*smtpServer)
		more   string
		says   []string
	}{
		"no STARTTLS":      {func(s *smtpServer) { s.noStartTLS = true }, `, "security": "starttls"`, []string{"it offers no STARTTLS, and nothing is sent in the clear"}},
		"wrong password":   {func(s *smtpServer) { s.users = "parley other" }, `, "security": "starttls", "user": "parley", "password_file": "password"`, []string{"535", "wrong user or password"}},
		"password wanted":  {func(s *smtpServer) { s.users = "parley other" }, `, "security": "starttls"`, []string{"530", "who are you?"}},
		"no AUTH":          {nil, `, "security": "starttls", "user": "parley", "password_file": "password"`, []string{"535"}},
		"all refused":      {func(s *smtpServer) { s.refuses = []string{"watch@blue.test", "second@blue.test"} }, `, "security": "starttls"`, []string{"watch@blue.test: 550", "second@blue.test: 550"}},
		"one refused":      {func(s *smtpServer) { s.refuses = []string{"watch@blue.test"} }, `, "security": "starttls"`, []string{"delivered in part: refused: watch@blue.test: 550"}},
		"come back later":  {func(s *smtpServer) { s.atMail = "451 4.7.1 greylisted" }, `, "security": "starttls"`, []string{"451", "greylisted"}},
		"busy":             {func(s *smtpServer) { s.greeting = "421 too busy" }, `, "security": "starttls"`, []string{"421", "too busy"}},
		"endless greeting": {func(s *smtpServer) { s.greeting = strings.Repeat("220-hello\r\n", 200_000) + "220 hello" }, `, "security": "starttls"`, []string{"says more than a mail server has to say"}},
		"TLS too early":    {nil, `, "security": "tls"`, []string{"does not answer", "tls: "}},
	} {
		s := newSMTP(t, c.server)
		a := over(t, files{"ca": s.ca, "password": []byte("pass")}, mailChannel(s, c.more))
		err := a.Test(t.Context(), "mail")
		if why := saysAll(err, append(c.says, "mail.127.0.0.1:")...); why != nil {
			if name == "one refused" {
				why = saysAll(err, c.says...)
			}
			if why != nil {
				t.Errorf("%s: %v", name, why)
			}
		}
		if name == "one refused" {
			if got := s.take(); len(got) != 1 || len(got[0].to) != 1 {
				t.Errorf("%s: %+v", name, got)
			}
		}
		s.mu.Lock()
		for _, line := range s.said {
			if strings.HasPrefix(line, "AUTH") && s.noStartTLS {
				t.Errorf("%s: %s in the clear", name, line)
			}
		}
		s.mu.Unlock()
	}
	t.Run("unknown authority", func(t *testing.T) {
		s := newSMTP(t, nil)
		a := over(t, nil, strings.Replace(mailChannel(s, `, "security": "starttls"`), `"ca_file": "ca", `, "", 1))
		if why := saysAll(a.Test(t.Context(), "mail"), "certificate"); why != nil {
			t.Error(why)
		}
	})
	t.Run("on the loopback in the clear", func(t *testing.T) {
		s := newSMTP(t, func(s *smtpServer) { s.noStartTLS = true })
		a := over(t, files{"ca": s.ca}, mailChannel(s, `, "security": "none"`))
		if err := a.Test(t.Context(), "mail"); err != nil {
			t.Fatal(err)
		}
		if got := s.take(); len(got) != 1 || !strings.Contains(got[0].data, "Subject: TEST: test from node blue: this is no alarm\r\n") {
			t.Errorf("%+v", got)
		}
	})
}

// A mail server that says nothing is left when the caller's patience ends, and no goroutine waits on.
func TestASilentMailServerIsLeft(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	ctx, cancel := context.WithCancel(t.Context())
	closed := make(chan error, 1)
	go func() {
		conn, err := ln.Accept()
		if err != nil {
			closed <- err
			return
		}
		defer conn.Close()
		cancel()
		_, err = io.Copy(io.Discard, conn)
		closed <- err
	}()
	a := over(t, nil, `{"name": "mail", "email": {"server": "`+ln.Addr().String()+`", "security": "none", "from": "a@b.test", "to": ["c@d.test"]}}`)
	if why := saysAll(a.Test(ctx, "mail"), "cancel"); why != nil {
		t.Error(why)
	}
	if err := <-closed; err != nil {
		t.Errorf("the server's end: %v", err)
	}
}

func TestHookGivesTheMessageAndSaysWhatTheProgramSaid(t *testing.T) {
	type run struct {
		program, args, stdin string
	}
	var got run
	var out []byte
	var fails error
	channels, err := ParseSettings([]byte(`{"channels": [{"name": "pager", "hook": {"program": "/bin/page", "args": ["--now", "$HOME"]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(Config{Node: "blue", Channels: channels, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler), World: World{Clock: clock.System{},
		RunProgram: func(_ context.Context, program string, args []string, stdin []byte) ([]byte, error) {
			got = run{program, strings.Join(args, "|"), string(stdin)}
			return out, fails
		}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tell(t, a, secretAlarm()); err != nil {
		t.Fatal(err)
	}
	if got.program != "/bin/page" || got.args != "--now|$HOME" || !strings.Contains(got.stdin, `"alarms":[{"id":"late/6d0487e9/1/b#3","kind":"late","level":1,`) || !strings.HasSuffix(got.stdin, "}\n") {
		t.Errorf("%+v", got)
	}
	out, fails = []byte("no modem\x07\nat all\n"), iotest.ErrTimeout
	if why := saysAll(a.Test(t.Context(), "pager"), "pager./bin/page: failed and said no modem? at all: timeout"); why != nil {
		t.Error(why)
	}
}
