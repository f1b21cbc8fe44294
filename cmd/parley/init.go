package main

import (
	"crypto"
	"crypto/ed25519"
	"net"
	"strconv"

	"parley/catalogue"
	"parley/cmd/parley/home"
	"parley/fault"
	"parley/transcript"
)

type initCmd struct {
	where
	Party    string `required:"" help:"This party's short name: 1 to 32 of a-z, 0-9 and -." placeholder:"NAME"`
	API      string `name:"api" default:"127.0.0.1:7440" help:"Where officers reach the node." placeholder:"HOST:PORT"`
	Listen   string `default:"0.0.0.0:7443" help:"Where the other party's node may connect; none where it cannot." placeholder:"HOST:PORT"`
	Address  string `help:"Where the other party's node reaches --listen, for the card." placeholder:"HOST:PORT"`
	PlainKey bool   `help:"Keep the party key without a passphrase. For demonstrations only." xor:"key"`
	Agent    bool   `help:"Use the ssh-ed25519 key that the agent at SSH_AUTH_SOCK holds as the party key." xor:"key"`
	JSON     bool   `name:"json" help:"Print JSON."`
}

// Help shows how it is used.
func (initCmd) Help() string {
	return `The party key signs agreements and nothing else. It is kept in OpenSSH's format under a
passphrase, from the terminal, PARLEY_PASSPHRASE or PARLEY_PASSPHRASE_FILE; or an agent holds it.
Compare the printed fingerprint by voice with the other party before anything is signed.

Examples:

  parley init --party blue --dir blue
  parley init --party blue --listen 192.0.2.7:7443 --address line.example.net:7443
`
}

type initOut struct {
	Dir       string `json:"dir"`
	Party     string `json:"party"`
	PartyKey  string `json:"party_key"`
	LineKey   string `json:"line_key"`
	TLSKey    string `json:"tls_key"`
	TrustLine string `json:"trust_line"` // of the file that parley verify --trust reads
	API       string `json:"api"`
	Listen    string `json:"listen"`
	Plaintext bool   `json:"party_key_without_passphrase"`
}

// Run makes the directory and the keys.
func (c *initCmd) Run(a *app) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	h := c.home()
	pass, err := c.passphrase(a)
	if err != nil {
		return err
	}
	if err := h.Create(); err != nil {
		return err
	}
	if err := c.partyKey(a, h, pass); err != nil {
		return err
	}
	if err := h.NewKeys(a.rand); err != nil {
		return err
	}
	// Written last: a directory with a configuration is whole.
	if err := h.SaveConfig(cfg); err != nil {
		return err
	}
	return c.print(a, h, cfg)
}

func (c *initCmd) config() (home.Config, error) {
	if err := home.CheckParty(c.Party); err != nil {
		return home.Config{}, err
	}
	cfg := home.Config{Party: c.Party, API: c.API, Listen: c.Listen, Address: c.Address}
	if c.Listen == "none" {
		cfg.Listen = ""
	}
	for field, v := range map[string]string{"api": cfg.API, "listen": cfg.Listen, "address": cfg.Address} {
		if err := checkHostPort(field, v); err != nil {
			return home.Config{}, err
		}
	}
	if host, port, err := net.SplitHostPort(cfg.Listen); err == nil && cfg.Address == "" {
		if ip := net.ParseIP(host); host != "" && port != "0" && (ip == nil || !ip.IsUnspecified()) {
			cfg.Address = cfg.Listen
		}
	}
	return cfg, nil
}

func checkHostPort(field, v string) error {
	if v == "" {
		return nil
	}
	_, port, err := net.SplitHostPort(v)
	if err != nil || port == "" {
		return fault.New(field, v, "must be host:port", "write 127.0.0.1:7443, or an IPv6 address in brackets: [::1]:7443")
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fault.New(field, v, "must have a port from 0 to 65535", "write 127.0.0.1:7443")
	}
	return nil
}

func (c *initCmd) passphrase(a *app) ([]byte, error) {
	switch {
	case c.Agent:
		return nil, nil
	case c.PlainKey:
		a.note(catalogue.Say("note.plain-key"))
		return nil, nil
	}
	pass, err := newPassphrase(a)
	if err == nil && len(pass) == 0 {
		err = fault.New("passphrase", "", "must not be empty", "choose one of several words, or give --plain-key for a demonstration")
	}
	return pass, err
}

func (c *initCmd) partyKey(a *app, h home.Home, pass []byte) error {
	if !c.Agent {
		return h.NewPartyKey(c.Party, pass, a.rand)
	}
	key, err := home.AgentKey(nil)
	if err != nil {
		return err
	}
	return h.SavePartyPublic(key.Public().(ed25519.PublicKey), transcript.PartyKeyName(c.Party))
}

func (c *initCmd) print(a *app, h home.Home, cfg home.Config) error {
	party, err := h.PartyPublic()
	if err != nil {
		return err
	}
	line, err := h.LineKey()
	if err != nil {
		return err
	}
	tls, err := h.TLSKey()
	if err != nil {
		return err
	}
	print := transcript.Fingerprint(party)
	out := initOut{Dir: h.Dir, Party: cfg.Party, PartyKey: print, LineKey: fingerprint(line), TLSKey: fingerprint(tls),
		TrustLine: cfg.Party + " " + print, API: cfg.API, Listen: cfg.Listen, Plaintext: c.PlainKey}
	if c.JSON {
		return printJSON(a.stdout, out)
	}
	if err := table(a.stdout, a.said.facts([][]string{
		{"directory", out.Dir},
		{"party", out.Party},
		{"party key", out.PartyKey},
		{"line key", out.LineKey},
		{"TLS key", out.TLSKey},
	})); err != nil {
		return err
	}
	a.said.line(a, catalogue.Say("init.trust", catalogue.AsCode("command", "verify --trust"), catalogue.AsCode("id", out.TrustLine)))
	return a.said.say(a, catalogue.Say("init.next", catalogue.AsCode("command", "parley officer add, parley agreement card")))
}

func fingerprint(key crypto.Signer) string {
	return transcript.Fingerprint(key.Public().(ed25519.PublicKey))
}
