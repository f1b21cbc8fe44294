package propose_test

import (
	"fmt"
	"testing"
	"time"

	"parley/conflict/propose"
)

// BenchmarkPropose asks for proposals in every direction for one notice in conflict, another picture
// each time. An operation is one call, which proposes for up to twenty directions.
func BenchmarkPropose(b *testing.B) {
	for _, n := range []int{50, 500, 5000} {
		b.Run(fmt.Sprintf("notices=%d", n), func(b *testing.B) {
			var asks []func() int
			for seed := range uint64(16) {
				it, _, x := conflicted(seed, n)
				asks = append(asks, func() int {
					r, err := propose.For(b.Context(), x, it, everything, propose.Defaults(day.Add(-time.Hour)))
					if err != nil {
						b.Fatal(err)
					}
					return len(r.Proposals)
				})
			}
			proposals := 0
			b.ResetTimer()
			for i := range b.N {
				proposals += asks[i%len(asks)]()
			}
			b.ReportMetric(float64(proposals)/float64(b.N), "proposals/op")
			b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(max(1, proposals)), "ms/proposal")
		})
	}
}
