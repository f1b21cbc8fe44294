// Hostile signs on a party's own transcript what its node refuses at its door, for tests of what the other
// party's node and page then do with it: hostile DIR reads a JSON list of entries, each with kind and fields,
// from its standard input. The node of DIR must not run; when it is started, it sends them. It is not installed.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/agreement"
	"parley/cmd/parley/home"
	"parley/store/pebble"
	"parley/transcript"
	"parley/transcript/ledger"
)

// entry is what is to be signed, every field of it shown.
type entry struct {
	Kind   string                    `json:"kind"`
	Fields map[string]jsontext.Value `json:"fields"`
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: hostile DIR <ENTRIES")
		os.Exit(2)
	}
	if err := run(context.Background(), home.Home{Dir: os.Args[1]}, os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "hostile:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, h home.Home, in io.Reader) error {
	var entries []entry
	if err := json.UnmarshalRead(in, &entries); err != nil {
		return err
	}
	var drafts []transcript.Draft
	for _, e := range entries {
		d := transcript.Draft{Kind: e.Kind}
		for name, value := range e.Fields {
			d.Fields = append(d.Fields, transcript.Field{Name: name, Value: value, Shown: true})
		}
		slices.SortFunc(d.Fields, func(a, b transcript.Field) int { return slices.Compare([]byte(a.Name), []byte(b.Name)) })
		drafts = append(drafts, d)
	}
	cfg, err := config(h)
	if err != nil {
		return err
	}
	st, err := pebble.Open(pebble.Config{Dir: h.StoreDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	return errors.Join(sign(ctx, st, cfg, drafts), st.Close())
}

// config is how the ledger of the directory's only line is opened.
func config(h home.Home) (ledger.Config, error) {
	own, err := h.Config()
	if err != nil {
		return ledger.Config{}, err
	}
	line, err := own.Pick("")
	if err != nil {
		return ledger.Config{}, err
	}
	notes, err := h.Notes(line)
	if err != nil {
		return ledger.Config{}, err
	}
	a, err := agreement.Open(notes[len(notes)-1])
	if err != nil {
		return ledger.Config{}, err
	}
	key, err := h.LineKey()
	if err != nil {
		return ledger.Config{}, err
	}
	_, at := a.Terms.Party(own.Party)
	peer := a.Terms.Parties[1-at]
	return ledger.Config{Line: line, Side: []transcript.Side{transcript.A, transcript.B}[at], Author: own.Party, Peer: peer.Name, Agreement: a.ID,
		Key: key, OwnKeys: keysOf(a.Terms.Parties[at]), PeerKeys: keysOf(peer), NotRestored: true, Rand: rand.Reader}, nil
}

func keysOf(p agreement.Party) []transcript.LineKey {
	var out []transcript.LineKey
	for _, k := range p.LineKeys {
		out = append(out, k.Transcript())
	}
	return out
}

func sign(ctx context.Context, st *pebble.Store, cfg ledger.Config, drafts []transcript.Draft) error {
	led, err := ledger.Open(ctx, st, cfg)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- led.Run(ctx) }()
	_, err = led.Append(ctx, drafts...)
	stop()
	if ended := <-done; !errors.Is(ended, context.Canceled) {
		err = errors.Join(err, ended)
	}
	return err
}
