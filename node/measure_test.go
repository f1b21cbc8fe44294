package node

import (
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"parley/node/picture"
	"parley/transcript"
	"parley/transcript/ledger"
)

// report prints the median and the 99th percentile of what was measured.
func report(b *testing.B, took []time.Duration) {
	b.Helper()
	slices.Sort(took)
	at := func(p float64) float64 { return float64(took[int(p*float64(len(took)-1))].Microseconds()) / 1000 }
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
}

// saidOf returns notices of the other party as a ledger would hand them on.
func saidOf(b *testing.B, ln *lineNode, n int) []picture.Said {
	b.Helper()
	out := make([]picture.Said, 0, n)
	at := transcript.Origin{Line: ln.id, Epoch: 1, Side: ln.side.Other()}
	for i, d := range drafts(b, 0, n, n, n) {
		sealed, e, err := transcript.Seal(rand.Reader, d, transcript.Meta{Agreement: ln.agreed[0].ID, Author: ln.peer, Seq: int64(i), Time: time.Now()})
		if err != nil {
			b.Fatal(err)
		}
		s, err := picture.Of(ledger.Record{Origin: at, Entry: e, Bytes: sealed.Bytes, Disclosures: sealed.Disclosures, HeldAt: time.Now()})
		if err != nil {
			b.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}
