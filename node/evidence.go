package node

import (
	"context"

	"parley/agreement"
	"parley/notice"
	"parley/transcript/ledger"
)

// Agreements returns the versions of a line's agreement that both parties signed, the newest last.
func (n *Node) Agreements(ctx context.Context, lineID string) ([]agreement.Agreement, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return nil, err
	}
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	return append([]agreement.Agreement(nil), ln.agreed...), nil
}

// Check says what filing a notice would warn of or refuse, without filing it.
func (n *Node) Check(ctx context.Context, lineID string, in notice.Notice) ([]notice.Warning, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return nil, err
	}
	in = notice.WithDefaults(in)
	if in.Version == 0 {
		in.Version = 1
	}
	return ln.validate(in)
}

// Evidence returns what this node holds that proves a fork or a breach of the format.
func (n *Node) Evidence(ctx context.Context, lineID string) ([]ledger.Evidence, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return nil, err
	}
	return ln.led.Evidences(ctx)
}
