package alert

import (
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"parley/catalogue"
	"parley/fault"
	"parley/internal/strictjson"
)

// Content is how much of an alarm a channel is told.
type Content string

// What a channel is told. None is for channels outside the party's control: which node, and that
// its desk must be looked at, and no kind, place or name.
const (
	Full Content = "full"
	None Content = "none"
)

// Channel is the settings of one channel. Exactly one of Hook, Webhook and Email is there.
type Channel struct {
	Name    string   `json:"name"` // 1 to 32 of a-z, 0-9 and -
	Hook    *Hook    `json:"hook,omitzero"`
	Webhook *Webhook `json:"webhook,omitzero"`
	Email   *Email   `json:"email,omitzero"`

	// Observer names an observer of an agreement. The channel tells it what has come to the observers, at
	// the level that the agreement in force gives it, and nothing else.
	Observer string `json:"observer,omitzero"`
	// Content is "full" for a hook and for an observer, which is told no more than its level, and "none" for the others, unless it is set.
	Content Content `json:"content,omitzero"`
	// Language is that of what it is told; English, unless it is set.
	Language string `json:"language,omitzero"`
	// UpToLevel is the least pressing level that it is told; 3, all, unless it is set.
	UpToLevel int `json:"up_to_level,omitzero"`
	// Kinds are the kinds of alarm that it is told; none are all.
	Kinds []string `json:"kinds,omitzero"`
	// Quiet are hours in which only hold and distress are told, and the rest waits.
	Quiet *Quiet `json:"quiet,omitzero"`

	GatherS   int `json:"gather_s,omitzero"`    // for how long alarms are gathered; 5 s
	TimeoutS  int `json:"timeout_s,omitzero"`   // for how long one try may take; 20 s
	RetryForS int `json:"retry_for_s,omitzero"` // for how long one alarm is tried; a day
}

// Hook is a program that is run with a message on its standard input.
type Hook struct {
	Program string   `json:"program"` // an absolute path; no shell reads it
	Args    []string `json:"args,omitzero"`
}

// Webhook is where a message is posted.
type Webhook struct {
	URL        string `json:"url"`
	SecretFile string `json:"secret_file"` // signs each message
	CAFile     string `json:"ca_file,omitzero"`
	// PlainHTTP allows a URL without TLS beyond the loopback.
	PlainHTTP bool `json:"plain_http,omitzero"`
}

// Email is a mail server and whom it is to tell.
type Email struct {
	Server string `json:"server"` // host:port
	// Security is "starttls", "tls" from the first byte, or "none", which only the loopback may have.
	Security     string   `json:"security"`
	User         string   `json:"user,omitzero"`
	PasswordFile string   `json:"password_file,omitzero"`
	CAFile       string   `json:"ca_file,omitzero"`
	From         string   `json:"from"`
	To           []string `json:"to"`
}

// The words of Email.Security.
const (
	startTLS = "starttls"
	fullTLS  = "tls"
	noTLS    = "none"
)

// Bounds of the settings.
const (
	MaxSettings = 64 << 10 // bytes
	maxChannels = 16
	maxList     = 64
	maxWord     = 4096
	maxDepth    = 8
)

const (
	defaultGatherS   = 5
	defaultTimeoutS  = 20
	defaultRetryForS = 24 * 60 * 60
)

// ParseSettings reads the channels of a node:
//
//	{"channels": [
//	  {"name": "pager", "hook": {"program": "/usr/local/bin/page"}, "up_to_level": 2},
//	  {"name": "mail", "email": {"server": "mail.example.net:587", "security": "starttls",
//	    "user": "parley", "password_file": "secrets/mail", "from": "parley@example.net",
//	    "to": ["watch@example.net"]},
//	    "quiet": {"from": "22:00+03:00", "until": "06:00+03:00"}}]}
//
// What it returns has every default filled in.
func ParseSettings(data []byte) ([]Channel, error) {
	var in struct {
		Channels []Channel `json:"channels"`
	}
	if err := strictjson.Decode(data, strictjson.Limits{Bytes: MaxSettings, Depth: maxDepth}, &in); err != nil {
		return nil, err
	}
	if len(in.Channels) > maxChannels {
		return nil, &fault.Error{Code: fault.TooLarge, Field: "channels", Rule: fmt.Sprintf("must be at most %d", maxChannels), Hint: "let one channel tell several people"}
	}
	for i := range in.Channels {
		c := &in.Channels[i]
		err := c.check()
		if err == nil && slices.ContainsFunc(in.Channels[:i], func(o Channel) bool { return o.Name == c.Name }) {
			err = fault.New("name", c.Name, "is there twice", "give each channel a name of its own")
		}
		if err != nil {
			return nil, fault.In(fmt.Sprintf("channels[%d]", i), err)
		}
	}
	return in.Channels, nil
}

// Type says in a word what kind of channel it is.
func (c Channel) Type() string {
	switch {
	case c.Hook != nil:
		return "hook"
	case c.Webhook != nil:
		return "webhook"
	}
	return "email"
}

func (c Channel) gather() time.Duration   { return time.Duration(c.GatherS) * time.Second }
func (c Channel) timeout() time.Duration  { return time.Duration(c.TimeoutS) * time.Second }
func (c Channel) retryFor() time.Duration { return time.Duration(c.RetryForS) * time.Second }

// takes reports whether the channel is told an alarm at all.
func (c Channel) takes(a Alarm) bool {
	switch {
	case a.Kind == KindUndelivered:
		return false
	case a.urgent():
		return true
	}
	return a.Level <= c.UpToLevel && (len(c.Kinds) == 0 || slices.Contains(c.Kinds, a.Kind))
}

// check refuses what is wrong and fills in defaults.
func (c *Channel) check() error {
	if !regexp.MustCompile(`^[a-z0-9-]{1,32}$`).MatchString(c.Name) {
		return fault.New("name", c.Name, "must be 1 to 32 of a-z, 0-9 and -", "choose a short name: pager")
	}
	if err := c.checkWay(); err != nil {
		return err
	}
	if c.Observer != plain(c.Observer) || len(c.Observer) > maxWord {
		return fault.New("observer", fault.Shorten(c.Observer), "is no name of an observer", "write it as the agreement has it")
	}
	if c.Content == "" {
		c.Content = None
		if c.Hook != nil || c.Observer != "" {
			c.Content = Full
		}
	}
	if c.Content != Full && c.Content != None {
		return fault.New("content", string(c.Content), "is no content", `write "full" or "none"`)
	}
	if c.Language == "" {
		c.Language = "en"
	}
	if _, ok := catalogue.Find(c.Language); !ok {
		return fault.New("language", c.Language, "has no catalogue", "choose one of "+strings.Join(catalogue.Languages(), ", "))
	}
	for i, k := range c.Kinds {
		if !regexp.MustCompile(`^[a-z][a-z-]{0,31}$`).MatchString(k) {
			return fault.New(fmt.Sprintf("kinds[%d]", i), k, "is no kind of alarm", "write kinds as parley line alarms --json shows them: conflict")
		}
	}
	if len(c.Kinds) > maxList {
		return &fault.Error{Code: fault.TooLarge, Field: "kinds", Rule: fmt.Sprintf("must be at most %d", maxList), Hint: "leave it out for all kinds"}
	}
	if c.Quiet != nil {
		if err := c.Quiet.check(); err != nil {
			return fault.In("quiet", err)
		}
	}
	for _, n := range []struct {
		field       string
		at          *int
		most, unset int
	}{{"up_to_level", &c.UpToLevel, lookAt, lookAt}, {"gather_s", &c.GatherS, 300, defaultGatherS}, {"timeout_s", &c.TimeoutS, 300, defaultTimeoutS}, {"retry_for_s", &c.RetryForS, 7 * 24 * 60 * 60, defaultRetryForS}} {
		if *n.at == 0 {
			*n.at = n.unset
		}
		if *n.at < 1 || *n.at > n.most {
			return fault.New(n.field, fmt.Sprint(*n.at), fmt.Sprintf("must be 1 to %d", n.most), fmt.Sprintf("leave it out for %d", n.unset))
		}
	}
	return nil
}

func (c *Channel) checkWay() error {
	ways := 0
	var err error
	if c.Hook != nil {
		ways++
		err = fault.In("hook", c.Hook.check())
	}
	if c.Webhook != nil {
		ways++
		err = fault.In("webhook", c.Webhook.check())
	}
	if c.Email != nil {
		ways++
		err = fault.In("email", c.Email.check())
	}
	if ways != 1 {
		return fault.New("", c.Name, "must have exactly one of hook, webhook and email", "make a channel of each")
	}
	return err
}

func (h *Hook) check() error {
	if !path.IsAbs(h.Program) || len(h.Program) > maxWord || strings.ContainsRune(h.Program, 0) {
		return fault.New("program", h.Program, "must be an absolute path", "write it from the root: /usr/local/bin/page")
	}
	if len(h.Args) > maxList {
		return &fault.Error{Code: fault.TooLarge, Field: "args", Rule: fmt.Sprintf("must be at most %d", maxList), Hint: "write them into the program"}
	}
	for i, a := range h.Args {
		if len(a) > maxWord || strings.ContainsRune(a, 0) {
			return fault.New(fmt.Sprintf("args[%d]", i), a, fmt.Sprintf("must be at most %d bytes, none of them zero", maxWord), "write it into the program")
		}
	}
	return nil
}

func (w *Webhook) check() error {
	u, err := url.Parse(w.URL)
	// The value is not repeated: services put what is secret into the path.
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || len(w.URL) > maxWord {
		return fault.New("url", "", "must be a https URL with a host, and without a user or a fragment", "write https://HOST/PATH")
	}
	if u.Scheme == "http" && !w.PlainHTTP && !isLoopback(u.Hostname()) {
		return fault.New("url", "", "is not https, and not on the loopback: everybody on the way would read it", `use https, or set "plain_http": true`)
	}
	if w.SecretFile == "" {
		return fault.New("secret_file", "", "is required: without a signature anybody could make up an alarm", "make one: openssl rand -hex 32 > secrets/hook; chmod 600 secrets/hook")
	}
	return nil
}

func (e *Email) check() error {
	host, port, err := net.SplitHostPort(e.Server)
	if err != nil || host == "" || port == "" || plain(e.Server) != e.Server {
		return fault.New("server", e.Server, "must be host:port", "write mail.example.net:587")
	}
	switch {
	case e.Security != startTLS && e.Security != fullTLS && e.Security != noTLS:
		return fault.New("security", e.Security, "is no security", `write "starttls" (usual with port 587), "tls" (465), or "none" on the loopback`)
	case e.Security == noTLS && !isLoopback(host):
		return fault.New("security", e.Security, "is for the loopback only: everybody on the way would read it", `write "starttls" or "tls"`)
	case (e.User == "") != (e.PasswordFile == ""):
		return fault.New("user", e.User, "goes with password_file", "give both, or neither where the server wants none")
	case len(e.To) == 0 || len(e.To) > maxList:
		return fault.New("to", "", fmt.Sprintf("must be 1 to %d addresses", maxList), "name who is to be told")
	}
	if err := checkAddress(e.From); err != nil {
		return fault.In("from", err)
	}
	for i, to := range e.To {
		if err := checkAddress(to); err != nil {
			return fault.In(fmt.Sprintf("to[%d]", i), err)
		}
	}
	return nil
}

// checkAddress refuses what is not the bare address of a mailbox in ASCII.
func checkAddress(s string) error {
	a, err := mail.ParseAddress(s)
	ascii := !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`<>()[]\,;:"`, r) })
	if err != nil || a.Address != s || !ascii || len(s) > 254 {
		return fault.New("", s, "is not an address", "write it bare: watch@example.net")
	}
	return nil
}

// isLoopback reports whether a host stands for this machine by its name or number.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
