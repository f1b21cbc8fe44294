package home

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/internal/strictjson"
	"parley/transcript"
	"parley/witness"
)

// Witness is a witness's directory. It is no node's:
//
//	witness.json  the name by which it cosigns
//	witness.pem   the key, PKCS #8
//	logs          the logs that it cosigns for; see package witness
//	store/        the store
//	served        there once it has served: see CheckServed
//	run.json      where the running witness listens; absent while none runs
type Witness struct{ Dir string }

// WitnessConfig is what a witness needs to know of itself.
type WitnessConfig struct {
	Name string `json:"name"`
}

// WitnessRun says where a running witness listens.
type WitnessRun struct {
	PID int    `json:"pid"`
	URL string `json:"url"`
}

const logsHead = `# The logs that this witness cosigns for: on each line an origin and the key of who signs its
# checkpoints, as parley witness logs prints them at a node of the line. Lines that begin with # are
# skipped. The witness reads this file when it starts.
`

func (w Witness) path(name string) string { return filepath.Join(w.Dir, name) }

// StoreDir is where the store lies.
func (w Witness) StoreDir() string { return w.path("store") }

// LogsFile is where the logs are listed.
func (w Witness) LogsFile() string { return w.path("logs") }

// Create makes the directory and the key, and refuses a directory that holds a witness or a node: a
// key that signed before must not begin anew.
func (w Witness) Create(c WitnessConfig, rand io.Reader) (ed25519.PublicKey, error) {
	for _, name := range []string{"witness.json", "witness.pem", "config.json"} {
		if _, err := os.Stat(w.path(name)); err == nil {
			return nil, &fault.Error{Code: fault.Mismatch, Field: "dir", Value: fault.Shorten(w.Dir), Rule: "holds a witness or a node already", Hint: "name another directory: --dir DIR"}
		}
	}
	pub, key, err := ed25519.GenerateKey(rand)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "witness", err)
	}
	if _, err := transcript.NewNoteVerifier(c.Name, pub); err != nil {
		return nil, fault.New("name", c.Name, "must be without spaces and '+'", "write an address without https://: witness.example.org/w1")
	}
	if err := os.MkdirAll(w.Dir, 0o700); err != nil {
		return nil, &fault.Error{Code: fault.Unavailable, Field: "dir", Value: fault.Shorten(w.Dir), Rule: "cannot be made", Hint: "name a directory that you may write: --dir DIR", Err: err}
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "witness", err)
	}
	if err := WriteFile(w.path("witness.pem"), pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}), 0o600); err != nil {
		return nil, err
	}
	if err := WriteFile(w.LogsFile(), []byte(logsHead), 0o600); err != nil {
		return nil, err
	}
	data, err := json.Marshal(c, jsontext.WithIndent("  "))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "witness", err)
	}
	// Written last: a directory with a configuration is whole.
	return pub, WriteFile(w.path("witness.json"), append(data, '\n'), 0o600)
}

// Open reads the configuration and the key.
func (w Witness) Open() (WitnessConfig, ed25519.PrivateKey, error) {
	var c WitnessConfig
	data, err := os.ReadFile(w.path("witness.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil, &fault.Error{Code: fault.NotFound, Field: "dir", Value: fault.Shorten(w.Dir), Rule: "holds no witness",
			Hint: "make one with parley witness init, or name its directory: --dir DIR"}
	}
	if err != nil {
		return c, nil, fault.Wrap(fault.Unavailable, "witness", err)
	}
	if err := strictjson.Decode(data, strictjson.Limits{Bytes: maxConfig, Depth: maxDepth}, &c); err != nil {
		return c, nil, fault.In("witness.json", err)
	}
	data, err = os.ReadFile(w.path("witness.pem"))
	if err != nil {
		return c, nil, fault.Wrap(fault.Unavailable, "witness", err)
	}
	key, err := parsePEM(data)
	return c, key, fault.In("witness.pem", err)
}

// WriteRun says where the witness listens.
func (w Witness) WriteRun(r WitnessRun) error {
	data, err := json.Marshal(r)
	if err != nil {
		return fault.Wrap(fault.Internal, "run", err)
	}
	return WriteFile(w.path("run.json"), append(data, '\n'), 0o600)
}

// EndRun takes back what WriteRun said.
func (w Witness) EndRun() error {
	return fault.Wrap(fault.Unavailable, "run", os.Remove(w.path("run.json")))
}

// CheckServed refuses a store in which no witness began where this one has served before: a witness that
// forgot what it signed could sign what contradicts it.
func (w Witness) CheckServed(began bool) error {
	_, err := os.Stat(w.path("served"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fault.Wrap(fault.Unavailable, "witness", err)
	case !began:
		return &fault.Error{Code: fault.Mismatch, Field: "store", Value: fault.Shorten(w.StoreDir()),
			Rule: "is new, and this witness has served before: it could sign what contradicts what it signed",
			Hint: "put the store back that last ran, or make another witness with a new key: parley witness init"}
	}
	return nil
}

// MarkServed says that the witness has served, once its store says so too.
func (w Witness) MarkServed() error {
	return WriteFile(w.path("served"), []byte("This witness has served. Its store must not be lost, and no older state of it put back.\n"), 0o600)
}

// WitnessAddress is where a node finds a witness.
type WitnessAddress struct {
	Key string `json:"key"` // as C2SP signed-note has it
	URL string `json:"url"`
}

func (c Config) checkWitnesses() error {
	for i, w := range c.Witnesses {
		field := fmt.Sprintf("witnesses[%d]", i)
		k, err := transcript.ParseWitnessKey(w.Key)
		if err == nil {
			err = witness.CheckURL(w.URL)
		}
		if err != nil {
			return fault.In(field, err)
		}
		if slices.ContainsFunc(c.Witnesses[:i], func(o WitnessAddress) bool { return strings.HasPrefix(o.Key, k.Name+"+") }) {
			return fault.New(field, k.Name, "is there twice", "keep one of the two")
		}
	}
	return nil
}
