package node

import (
	"context"
	"strings"

	"github.com/go-json-experiment/json"

	"parley/fault"
	"parley/store"
)

// stored reads what a node remembers under a prefix of its store, in the order of the keys. take gets each with the
// rest of its key; name is for the error of one that cannot be read.
func stored[T any](ctx context.Context, v store.View, prefix, name string, take func(rest string, x T)) error {
	for it, err := range v.Scan(ctx, prefix, prefix+"\xff") {
		if err != nil {
			return err
		}
		var x T
		if err := json.Unmarshal(it.Value, &x); err != nil {
			return fault.Wrap(fault.Corrupt, name, err)
		}
		take(strings.TrimPrefix(it.Key, prefix), x)
	}
	return nil
}
