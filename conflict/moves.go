package conflict

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strconv"
	"time"

	"parley/conflict/lateral"
	"parley/geo4d"
)

// LateralMove is a move across the ground: geo4d.Shift by M metres at BearingDeg.
type LateralMove = lateral.Move

// LateralMove returns the least move across the ground of A's volume that clears a hit of the pair,
// or nil where none does, as from the whole earth. A volume shifted so keeps the lateral separation
// with both uncertainties, and touches nothing where that is 0; where Exact is true, no move shorter
// by a metre or more does. It is worked out when it is asked for, which takes some microseconds for
// shapes of a few corners, and milliseconds for those of hundreds or 1,000 km across.
func (p *Pair) LateralMove(h *Hit) *LateralMove {
	m, ok := lateral.Least(p.A.Volumes[h.VolumeA].Shape, p.B.Volumes[h.VolumeB].Shape,
		neededM(p.Separation, p.A.UncertaintyM, p.B.UncertaintyM))
	if !ok {
		return nil
	}
	return &m
}

// ID names the pair, whichever of the two is A and whatever volumes and hits they have: the SHA-256,
// in hexadecimal, of the two IDs in byte order, each after its length in bytes, in decimal, and a
// colon.
func (p *Pair) ID() string {
	if p.B.ID < p.A.ID {
		return pairID(p.B.ID, p.A.ID)
	}
	return pairID(p.A.ID, p.B.ID)
}

func pairID(first, second string) string {
	var text []byte
	for _, id := range [2]string{first, second} {
		text = append(strconv.AppendInt(text, int64(len(id)), 10), ':')
		text = append(text, id...)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// moves works out how either of two can be moved out of the other's way in altitude and time.
func moves(a, b *geo4d.Volume, pa, pb *geo4d.Prepared, sep geo4d.Separation, t geo4d.Terrain) (ofA, ofB Moves) {
	if !sep.AnyAltitude {
		ofA.UpM = finite(geo4d.ClimbToClear(a.Band, b.Band, pa, pb, t, sep.VerticalM))
		ofA.DownM = finite(geo4d.DescentToClear(a.Band, b.Band, pa, pb, t, sep.VerticalM))
		ofB.UpM = finite(geo4d.ClimbToClear(b.Band, a.Band, pb, pa, t, sep.VerticalM))
		ofB.DownM = finite(geo4d.DescentToClear(b.Band, a.Band, pb, pa, t, sep.VerticalM))
	}
	ofA.Later, ofA.Earlier = wait(a.Window.Start, b.Window.End, sep.Time), wait(b.Window.Start, a.Window.End, sep.Time)
	ofB.Later, ofB.Earlier = ofA.Earlier, ofA.Later
	return ofA, ofB
}

func finite(m float64) *float64 {
	if math.IsInf(m, 1) {
		return nil
	}
	return &m
}

// wait returns how much later what starts at one time must start to leave a separation after another,
// or nil where either is open or it takes longer than a Duration can say.
func wait(start, end time.Time, separation time.Duration) *time.Duration {
	if start.IsZero() || end.IsZero() {
		return nil
	}
	d := end.Sub(start)
	if d == math.MaxInt64 || d > math.MaxInt64-separation {
		return nil
	}
	d += separation
	return &d
}
