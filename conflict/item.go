package conflict

import (
	"cmp"
	"slices"
	"time"

	"parley/geo4d"
)

// Item is what one party plans or protects: one or more volumes that go together.
type Item struct {
	ID           string
	Party        string // "" is a party of its own
	Volumes      []geo4d.Volume
	UncertaintyM float64
	Class        any // what its separation follows from: comparable, and few are different
	Tag          any // the caller's own, never read here
}

// SeparationFunc returns the separation that items of two classes must keep, and false where they
// are not de-conflicted. It must be symmetric and always the same; it may be called from several
// goroutines at once, and must not call the index.
type SeparationFunc func(a, b any) (geo4d.Separation, bool)

// Hit is one pair of volumes that is too near.
type Hit struct {
	VolumeA, VolumeB int // indexes into A.Volumes and B.Volumes
	Gap              geo4d.Gap
	AtA, AtB         geo4d.Position // closest positions; a common one where they overlap
	Band             geo4d.Band     // the altitudes that both have, or those between them: geo4d.SharedBand
	Window           geo4d.Window   // see ClosenessWindow
	Clear            Moves
	clearB           Moves // the same of B: raising one is not the same as lowering the other
}

// Moves says, in altitude and in time, each by itself, the least move of A's volume that clears a
// hit; across the ground, Pair.LateralMove does. A nil pointer is a direction in which no move does,
// as up from an area without an upper bound. A volume moved so keeps its separation, and moved by a
// millimetre or a nanosecond less it does not. Where the vertical separation is 0, bands must part:
// any move over the one given does. UpM and DownM are for geo4d.Band.Raised. Where two bounds count
// from different surfaces they are what the gap is: enough whatever lies between, so more than it
// takes where little does.
type Moves struct {
	UpM, DownM *float64
	Later      *time.Duration
	Earlier    *time.Duration
}

// MaxHits is how many hits a Pair lists.
const MaxHits = 1000

// Pair is two items that conflict.
type Pair struct {
	A, B       *Item
	Separation geo4d.Separation
	Hits       []Hit // in order of VolumeA and VolumeB; the first MaxHits, never empty
	Total      int   // how many there are
}

// Swapped returns the pair seen from the other item, with the moves of that one.
func (p Pair) Swapped() Pair {
	out := Pair{A: p.B, B: p.A, Separation: p.Separation, Total: p.Total, Hits: make([]Hit, len(p.Hits))}
	for i, h := range p.Hits {
		out.Hits[i] = h.swapped()
	}
	slices.SortFunc(out.Hits, byVolumes)
	return out
}

func (h Hit) swapped() Hit {
	h.VolumeA, h.VolumeB = h.VolumeB, h.VolumeA
	h.AtA, h.AtB = h.AtB, h.AtA
	h.Clear, h.clearB = h.clearB, h.Clear
	return h
}

func byVolumes(a, b Hit) int {
	return cmp.Or(cmp.Compare(a.VolumeA, b.VolumeA), cmp.Compare(a.VolumeB, b.VolumeB))
}

// Worst returns the hit with the smallest lateral gap; of equals, that with the smallest time gap,
// then vertical gap, then the first.
func (p *Pair) Worst() *Hit {
	worst := slices.MinFunc(p.Hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Gap.LateralM, b.Gap.LateralM), cmp.Compare(a.Gap.Time, b.Gap.Time),
			cmp.Compare(a.Gap.VerticalM, b.Gap.VerticalM))
	})
	for i := range p.Hits {
		if p.Hits[i].VolumeA == worst.VolumeA && p.Hits[i].VolumeB == worst.VolumeB {
			return &p.Hits[i]
		}
	}
	return nil
}
