// Package home keeps a node's directory: its configuration, keys, officers and agreements.
//
//	config.json           the party's name, addresses and lines
//	officers.json         the book of officers; see package officer
//	passkeys.json         the passkeys of officers, public keys alone; the running node writes it
//	alerts.json           the channels that tell alarms to people; optional, see package alert
//	alerts-told.json      what those channels were told
//	keys/party            the party key in OpenSSH's format; absent where an agent holds it
//	keys/party.pub        its public part
//	keys/line.pem         the line key, PKCS #8
//	keys/tls.pem          the TLS key, PKCS #8
//	lines/<id>/<n>.note   the versions of the line's agreement, as both parties signed them
//	store/                the store
//	run.json              where the running node listens; absent while none runs
//	token                 an officer's token for commands on this machine; optional
//
// Every file is written whole: beside its place, synced, then renamed over it.
package home

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/agreement"
	"parley/api/officer"
	"parley/fault"
	"parley/internal/strictjson"
)

// Home is a node's directory.
type Home struct{ Dir string }

// Config is what a node needs to know of itself.
type Config struct {
	Party  string `json:"party"`
	API    string `json:"api"`    // host:port of the API
	Listen string `json:"listen"` // host:port for the other party's node; "" accepts none
	// Address is where others reach Listen, for the card; "" where they cannot.
	Address string `json:"address"`
	Lines   []Line `json:"lines"`
	// Witnesses are where the lines find witnesses.
	Witnesses []WitnessAddress `json:"witnesses,omitzero"`
}

// Line is a line that the node joined.
type Line struct {
	ID          string `json:"id"`
	PeerAddress string `json:"peer_address"` // host:port; "" where the other party dials
}

// Run says where a running node listens.
type Run struct {
	PID         int    `json:"pid"`
	API         string `json:"api"`                             // a URL
	Certificate string `json:"api_certificate_sha256,omitzero"` // of what the API shows, in hexadecimal; "" without TLS
	Line        string `json:"line"`                            // host:port; "" where it accepts none
}

const (
	maxConfig = 1 << 20
	maxDepth  = 8
)

func (h Home) path(parts ...string) string {
	return filepath.Join(append([]string{h.Dir}, parts...)...)
}

// StoreDir is where the store lies.
func (h Home) StoreDir() string { return h.path("store") }

// ParseConfig reads a configuration.
func ParseConfig(data []byte) (Config, error) {
	var c Config
	if err := strictjson.Decode(data, strictjson.Limits{Bytes: maxConfig, Depth: maxDepth}, &c); err != nil {
		return Config{}, err
	}
	if err := CheckParty(c.Party); err != nil {
		return Config{}, err
	}
	id := regexp.MustCompile(`^[0-9a-f]{64}$`)
	for i, ln := range c.Lines {
		if !id.MatchString(ln.ID) {
			return Config{}, fault.New(fmt.Sprintf("lines[%d].id", i), ln.ID, "must be 64 lower-case hexadecimal digits", "join the agreement again: parley agreement join")
		}
		if slices.ContainsFunc(c.Lines[:i], func(o Line) bool { return o.ID == ln.ID }) {
			return Config{}, fault.New(fmt.Sprintf("lines[%d].id", i), ln.ID, "is there twice", "keep one of the two")
		}
	}
	return c, c.checkWitnesses()
}

// CheckParty refuses what is not a party's name.
func CheckParty(name string) error {
	if !regexp.MustCompile(`^[a-z0-9-]{1,32}$`).MatchString(name) {
		return fault.New("party", name, "must be 1 to 32 of a-z, 0-9 and -", "choose a short name: blue")
	}
	return nil
}

// Config reads the configuration.
func (h Home) Config() (Config, error) {
	data, err := os.ReadFile(h.path("config.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return Config{}, &fault.Error{Code: fault.NotFound, Field: "dir", Value: fault.Shorten(h.Dir), Rule: "holds no node",
			Hint: "make one with parley init, or name its directory: --dir DIR or PARLEY_DIR"}
	}
	if err != nil {
		return Config{}, fault.Wrap(fault.Unavailable, "config", err)
	}
	c, err := ParseConfig(data)
	return c, fault.In("config.json", err)
}

// SaveConfig writes the configuration.
func (h Home) SaveConfig(c Config) error {
	if c.Lines == nil {
		c.Lines = []Line{}
	}
	data, err := json.Marshal(c, jsontext.WithIndent("  "))
	if err != nil {
		return fault.Wrap(fault.Internal, "config", err)
	}
	return WriteFile(h.path("config.json"), append(data, '\n'), 0o600)
}

// Create makes the directory and refuses one that holds a node.
func (h Home) Create() error {
	if _, err := os.Stat(h.path("config.json")); err == nil {
		return &fault.Error{Code: fault.Mismatch, Field: "dir", Value: fault.Shorten(h.Dir), Rule: "holds a node already", Hint: "name another directory: --dir DIR"}
	}
	for _, dir := range []string{h.Dir, h.path("keys"), h.path("lines")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return &fault.Error{Code: fault.Unavailable, Field: "dir", Value: fault.Shorten(h.Dir), Rule: "cannot be made",
				Hint: "name a directory that you may write: --dir DIR", Err: err}
		}
	}
	return nil
}

// Join keeps a version of an agreement and the line that it belongs to. A peer address of "" keeps
// the one there is.
func (h Home) Join(a agreement.Agreement, peerAddress string) error {
	c, err := h.Config()
	if err != nil {
		return err
	}
	dir := h.path("lines", a.LineID())
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fault.Wrap(fault.Unavailable, "join", err)
	}
	if err := WriteFile(filepath.Join(dir, fmt.Sprintf("%06d.note", a.Terms.Version)), a.Note, 0o600); err != nil {
		return err
	}
	i := slices.IndexFunc(c.Lines, func(l Line) bool { return l.ID == a.LineID() })
	if i < 0 {
		i = len(c.Lines)
		c.Lines = append(c.Lines, Line{ID: a.LineID()})
	}
	if peerAddress != "" {
		c.Lines[i].PeerAddress = peerAddress
	}
	return h.SaveConfig(c)
}

// Notes returns the versions of a line's agreement, the first one first.
func (h Home) Notes(line string) ([][]byte, error) {
	names, err := filepath.Glob(h.path("lines", line, "*.note"))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "agreement", err)
	}
	slices.Sort(names)
	var out [][]byte
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, "agreement", err)
		}
		out = append(out, data)
	}
	if len(out) == 0 {
		return nil, &fault.Error{Code: fault.NotFound, Field: "agreement", Value: fault.Shorten(line), Rule: "has no version here", Hint: "join it: parley agreement join FILE"}
	}
	return out, nil
}

// Pick returns the id of a line by its id, an unambiguous beginning of it, or, for "", the only
// line there is.
func (c Config) Pick(line string) (string, error) {
	var found []string
	for _, l := range c.Lines {
		if l.ID == line || line == "" || len(line) >= 6 && strings.HasPrefix(l.ID, line) {
			found = append(found, l.ID)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", &fault.Error{Code: fault.NotFound, Field: "line", Value: fault.Shorten(line), Rule: "is not a line of this node", Hint: "join an agreement: parley agreement join FILE"}
	}
	return "", fault.New("line", line, "fits more than one line", "give more of its id: parley line list")
}

// WriteRun says where the node listens.
func (h Home) WriteRun(r Run) error {
	data, err := json.Marshal(r)
	if err != nil {
		return fault.Wrap(fault.Internal, "run", err)
	}
	return WriteFile(h.path("run.json"), append(data, '\n'), 0o600)
}

// EndRun takes back what WriteRun said.
func (h Home) EndRun() error {
	return fault.Wrap(fault.Unavailable, "run", os.Remove(h.path("run.json")))
}

// Running says where the node listens, or fault.Unavailable where none runs.
func (h Home) Running() (Run, error) {
	data, err := os.ReadFile(h.path("run.json"))
	if err != nil {
		return Run{}, &fault.Error{Code: fault.Unavailable, Field: "node", Value: fault.Shorten(h.Dir), Rule: "is not running",
			Hint: "start it with parley serve, or name a running one: --api HOST:PORT or --dir DIR"}
	}
	var r Run
	err = strictjson.Decode(data, strictjson.Limits{Bytes: maxConfig, Depth: maxDepth}, &r)
	return r, fault.In("run.json", err)
}

// Token returns the token kept for commands on this machine.
func (h Home) Token() (string, error) {
	data, err := os.ReadFile(h.path("token"))
	if err != nil {
		return "", &fault.Error{Code: fault.Unauthenticated, Field: "token", Rule: "is not given",
			Hint: "give the one that parley officer add printed: --token, PARLEY_TOKEN or PARLEY_TOKEN_FILE"}
	}
	return officer.ParseToken(data)
}

// SaveToken keeps a token for commands on this machine and says in which file.
func (h Home) SaveToken(token string) (string, error) {
	path := h.path("token")
	return path, WriteFile(path, []byte(token+"\n"), 0o600)
}
