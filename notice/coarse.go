package notice

import (
	"fmt"
	"sort"
	"time"

	"parley/catalogue"
	"parley/geo4d"
)

// need is what a notice of one kind needs of the earth's surface. What moves needs a track as long
// as its speed takes it in its window and HalfWidthM to each side, round its ends too; what does
// not move has only a most. The figures are Parley's own, set so that a plan of its kind stays
// well below and "the north of the country" does not.
type need struct {
	HalfWidthM float64       // 0: does not move
	Longest    time.Duration // a longer window counts as this long
	MostM2     float64       // over it, the volume is coarse whatever the track
}

// coarseFactor is how many times its need a volume may cover before it is coarse.
const coarseFactor = 3

const km2 = 1e6

// needOf returns the figures of a kind. A crewed flight keeps within 5 NM of its track, as on a
// route of navigation specification RNAV 5; no flight lasts longer than a day. A small uncrewed
// one is flown within sight, some 500 m. 100,000 km2 is the size of Iceland, 250,000 km2 that
// of the United Kingdom.
func needOf(n *Notice) need {
	switch {
	case n.Kind == Flight && n.Class == SmallUncrewed:
		return need{500, 2 * time.Hour, 2_000 * km2}
	case n.Kind == Flight:
		return need{9_260, 24 * time.Hour, 100_000 * km2}
	case n.Kind == Movement && n.Domain == Sea:
		return need{9_260, 24 * time.Hour, 100_000 * km2}
	case n.Kind == Movement:
		return need{2_000, 24 * time.Hour, 20_000 * km2}
	case n.Kind == Site:
		return need{MostM2: 100 * km2}
	}
	return need{MostM2: 250_000 * km2}
}

// coverM2 returns the area that notice n may cover in a window.
func (d need) coverM2(n *Notice, w geo4d.Window) float64 {
	if d.HalfWidthM == 0 {
		return d.MostM2
	}
	long := d.Longest
	if !w.End.IsZero() {
		long = min(long, w.End.Sub(w.Start))
	}
	track := SpeedOf(*n) * long.Seconds()
	area := 2*d.HalfWidthM*track + 3.2*d.HalfWidthM*d.HalfWidthM
	return min(coarseFactor*area, d.MostM2)
}

// Coarse reports whether n's volume is far beyond what its kind, speed and duration need, and
// why. Volumes count together while their windows overlap, each with its own need, so that a
// large volume is no less coarse in pieces. An incomplete notice is not coarse: it has no volume.
func Coarse(n Notice) (bool, catalogue.Message) {
	d := needOf(&n)
	type piece struct {
		w           geo4d.Window
		area, cover float64
	}
	pieces := make([]piece, 0, len(n.Volumes))
	for i := range n.Volumes {
		v := &n.Volumes[i]
		if _, whole := v.Shape.(geo4d.Earth); whole {
			return true, catalogue.Say("coarse.earth")
		}
		pieces = append(pieces, piece{v.Window, geo4d.AreaM2(v.Shape), d.coverM2(&n, v.Window)})
	}
	sort.SliceStable(pieces, func(i, j int) bool { return pieces[i].w.Start.Before(pieces[j].w.Start) })
	for i, p := range pieces {
		area, cover := 0.0, 0.0
		for _, q := range pieces[:i+1] {
			if q.w.End.IsZero() || q.w.End.After(p.w.Start) {
				area += q.area
				cover = max(cover, q.cover)
			}
		}
		if area > cover {
			return true, coarseWhy(&n, d, area, cover)
		}
	}
	return false, catalogue.Message{}
}

func coarseWhy(n *Notice, d need, area, cover float64) catalogue.Message {
	covers, most, kind := catalogue.AsCode("area", squareKm(area)), catalogue.AsCode("most", squareKm(cover)), catalogue.Word("kind", KindKey(n.Kind))
	if d.HalfWidthM == 0 || cover >= d.MostM2 {
		return catalogue.Say("coarse.most", covers, most, kind)
	}
	return catalogue.Say("coarse.need", covers, most, catalogue.CountOf("count", coarseFactor), kind, catalogue.AsCode("speed", fmt.Sprintf("%.0f m/s", SpeedOf(*n))))
}

// squareKm says an area as people do.
func squareKm(m2 float64) string {
	switch {
	case m2 < 10_000:
		return fmt.Sprintf("%.0f m2", m2)
	case m2 < 10*km2:
		return fmt.Sprintf("%.2f km2", m2/km2)
	}
	s := fmt.Sprintf("%.0f", m2/km2)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s + " km2"
}
