package peers

import (
	"math"
	"time"

	"parley/geo4d"
	"parley/internal/traffic"
)

// Box is the least and the greatest longitude, latitude, altitude and time of a volume, in degrees,
// metres and seconds of the day. The traffic is far from the antimeridian and the poles.
type Box [8]float64

// BoxOf returns a box that holds a volume.
func BoxOf(v *geo4d.Volume) Box { return grown(v, geo4d.Separation{}) }

// NearBox returns a box that meets the box of whatever does not keep the separation from a volume.
func NearBox(v *geo4d.Volume) Box { return grown(v, Separation()) }

func grown(v *geo4d.Volume, by geo4d.Separation) Box {
	const degreeM = 110_000 // a degree of latitude is longer anywhere
	b := geo4d.Bounds(v.Shape)
	lat := by.LateralM / degreeM
	lon := lat / math.Cos((math.Max(math.Abs(b.SouthDeg), math.Abs(b.NorthDeg))+lat)*math.Pi/180)
	lowerM, upperM := BandM(v)
	s := func(t time.Time) float64 { return t.Sub(traffic.Start()).Seconds() }
	return Box{
		b.WestDeg - lon, b.EastDeg + lon, b.SouthDeg - lat, b.NorthDeg + lat,
		lowerM - by.VerticalM, upperM + by.VerticalM,
		s(v.Window.Start) - by.Time.Seconds(), s(v.Window.End) + by.Time.Seconds(),
	}
}
