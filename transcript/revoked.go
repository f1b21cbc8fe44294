package transcript

import (
	"slices"
	"time"
)

// revocation is the time from which a key does not count, and the version of the agreement whose witnesses may
// say what is older.
type revocation struct {
	at      time.Time
	version int
}

// olderThan returns the largest size that the bundle shows to be older than a revocation: by a receipt, or by the
// witnesses of a version of the agreement.
func (v *verifier) olderThan(p *progress, at time.Time, version int) int64 {
	return max(p.receiptedBefore(at), v.witnessedBefore(p, revocation{at, version}))
}

// witnessedBefore returns the largest size that as many witnesses as the agreement asks for, and at least one,
// cosigned before a revocation, each by its own clock; -1 where they did not.
func (v *verifier) witnessedBefore(p *progress, r revocation) int64 {
	if size, ok := p.beforeByWitness[r]; ok {
		return size
	}
	size := int64(-1)
	if r.version < len(v.agreements) {
		a := &v.agreements[r.version]
		best := make([]int64, len(v.witnesses))
		for _, c := range p.cosigned {
			if c.time.Before(r.at) {
				best[c.by] = max(best[c.by], c.size)
			}
		}
		var sizes []int64
		for _, k := range a.Witnesses {
			if w := v.witness(k); w >= 0 && v.counts(w) && best[w] > 0 {
				sizes = append(sizes, best[w])
			}
		}
		slices.Sort(sizes)
		if need := max(a.Quorum, 1); len(sizes) >= need {
			size = sizes[len(sizes)-need]
		}
	}
	if p.beforeByWitness == nil {
		p.beforeByWitness = make(map[revocation]int64)
	}
	p.beforeByWitness[r] = size
	return size
}

// borneOut notes that witnesses alone bear out what a key signed that was revoked later.
func (v *verifier) borneOut(p *progress, h signed) {
	if h.size <= 0 {
		return
	}
	a := &v.agreements[h.version]
	p.remark(Remark{Kind: RemarkWitnesses, N: h.size, At: h.key.Revoked, Need: int64(max(a.Quorum, 1)), Of: int64(len(a.Witnesses))})
}
