package peers

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"parley/geo4d"
	"parley/internal/traffic"
)

// Separation is what every two plans must keep.
func Separation() geo4d.Separation {
	return geo4d.Separation{LateralM: 50, VerticalM: 15, Time: 30 * time.Second}
}

// Workload is the same for every system.
type Workload struct {
	Plans   []traffic.Plan // what is there
	Queries []traffic.Plan // what is asked, in this order
	Entered []traffic.Plan // what is looked up and then inserted, in this order
}

// Draw returns the workload of a seed.
func Draw(seed uint64, plans, queries, entered int) *Workload {
	d := traffic.New(seed)
	all := d.Plans(plans + entered)
	return &Workload{Plans: all[:plans:plans], Queries: d.Queries(queries), Entered: all[plans:]}
}

// Skeleton returns the shape of a plan as databases know shapes, a point or a polygon in
// well-known binary of SRID 4326, and the radius round it, which is 0 for a polygon.
func Skeleton(s geo4d.Shape) (wkb []byte, radiusM float64, err error) {
	const point, polygon, withSRID, wgs84 = 1, 3, 0x20000000, 4326
	head := func(kind uint32) []byte {
		b := binary.LittleEndian.AppendUint32([]byte{1}, kind|withSRID)
		return binary.LittleEndian.AppendUint32(b, wgs84)
	}
	position := func(b []byte, p geo4d.Position) []byte {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p.LonDeg))
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(p.LatDeg))
	}
	switch s := s.(type) {
	case geo4d.Circle:
		return position(head(point), s.Center), s.RadiusM, nil
	case geo4d.Polygon:
		b := binary.LittleEndian.AppendUint32(head(polygon), uint32(len(s.Rings)))
		for _, ring := range s.Rings {
			b = binary.LittleEndian.AppendUint32(b, uint32(len(ring)))
			for _, p := range ring {
				b = position(b, p)
			}
		}
		return b, 0, nil
	}
	return nil, 0, fmt.Errorf("the traffic has no %T", s)
}

// First returns the workload with only the first queries and entered plans.
func (w *Workload) First(queries, entered int) *Workload {
	return &Workload{Plans: w.Plans, Queries: w.Queries[:queries:queries], Entered: w.Entered[:entered:entered]}
}

// BandM returns the bounds of a plan's band, in metres.
func BandM(v *geo4d.Volume) (lowerM, upperM float64) { return v.Band.Lower.Value, v.Band.Upper.Value }
