package node

import (
	"context"
	"fmt"

	"parley/agreement"
	"parley/fault"
	"parley/store"
)

// agreedPrefix is where a node keeps the versions of an agreement that came into force on the line: a start needs the
// keys that they name before it can open what was signed with them.
const agreedPrefix = "desk/agreed/"

// agreedKey sorts as the number of the version does.
func (ln *lineNode) agreedKey(version int) string {
	return fmt.Sprintf("%s%s/%08x", agreedPrefix, ln.id, version)
}

// keepAgreed makes a version durable before anything is signed or taken under the keys that it names.
func (ln *lineNode) keepAgreed(a agreement.Agreement) error {
	_, err := ln.node.cfg.Store.Commit(context.Background(), store.Txn{Puts: []store.Put{{Key: ln.agreedKey(a.Terms.Version), Value: a.Note}}})
	return err
}

// keptAgreed adds the versions that came into force on the line to those of the node's directory.
func (n *Node) keptAgreed(ctx context.Context, agreed []agreement.Agreement) ([]agreement.Agreement, error) {
	v, err := n.cfg.Store.View(ctx)
	if err != nil {
		return nil, err
	}
	defer v.Close()
	from := agreedPrefix + agreed[0].LineID() + "/"
	for it, err := range v.Scan(ctx, from, from+"\xff") {
		if err != nil {
			return nil, err
		}
		a, err := agreement.Open(it.Value)
		if err != nil {
			return nil, fault.Wrap(fault.Corrupt, "node.agreed", err)
		}
		newest := agreed[len(agreed)-1]
		if a.Terms.Version <= newest.Terms.Version {
			continue
		}
		if _, err := agreement.CheckSuccessor(newest, a); err != nil {
			return nil, err
		}
		agreed = append(agreed, a)
	}
	return agreed, nil
}
