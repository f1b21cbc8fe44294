package node

import (
	"context"
	"io"

	"parley/fault"
	"parley/transcript"
)

// Export writes the evidence of a line as a bundle: the agreement's versions, both transcripts with
// what was shown to the other party, heads, receipts and forks. What incidents froze is in it with every
// head and receipt held.
func (n *Node) Export(ctx context.Context, lineID string, w io.Writer) error {
	ln, err := n.pick(lineID)
	if err != nil {
		return err
	}
	ln.mu.RLock()
	empty := ln.entries() == 0
	ln.mu.RUnlock()
	if evidence, err := ln.led.Evidences(ctx); err != nil {
		return err
	} else if empty && len(evidence) == 0 {
		return &fault.Error{Code: fault.Mismatch, Field: "line", Value: ln.id, Rule: "has no entries yet, and a bundle holds at least one transcript",
			Hint: "export it when something has been said"}
	}
	frozen, err := ln.frozen(ctx)
	if err != nil {
		return err
	}
	b := transcript.NewBundleWriter(w)
	agreed, err := n.agreedFor(ctx, ln.id, &Disclosing{})
	if err != nil {
		return err
	}
	if err := agreed.write(b); err != nil {
		return err
	}
	if err := ln.led.Export(ctx, b, frozen.Holds); err != nil {
		return err
	}
	return b.Close()
}
