package conflict

import (
	"time"

	"parley/geo4d"
)

// Item is what one party plans or protects: one or more volumes that go together.
type Item struct {
	ID           string
	Party        string
	Volumes      []geo4d.Volume
	UncertaintyM float64
	Tag          any // the caller's own, never read here
}

// SeparationFunc returns the separation that a and b must keep, and false where the pair is not
// de-conflicted. It must be symmetric and must not call the index.
type SeparationFunc func(a, b *Item) (geo4d.Separation, bool)

// Hit is one pair of volumes that is too near.
type Hit struct {
	VolumeA, VolumeB int // indexes into A.Volumes and B.Volumes
	Gap              geo4d.Gap
	AtA, AtB         geo4d.Position // closest positions; a common one where they overlap
	Window           geo4d.Window   // while both run; else from shortly before the first ends to shortly after the other starts
	Clear            Moves
}

// Moves says, for each dimension alone, the smallest move of A that clears a hit. A nil pointer is
// a dimension or direction in which no move does.
type Moves struct {
	LateralM     float64
	LateralExact bool // false: at least LateralM is needed
	UpM, DownM   *float64
	Later        *time.Duration
	Earlier      *time.Duration
}

// Pair is two items that conflict. Hits are in order of VolumeA, VolumeB and are never empty.
type Pair struct {
	A, B       *Item
	Separation geo4d.Separation
	Hits       []Hit
}
