package geo4d_test

import (
	"fmt"
	"time"

	"parley/geo4d"
)

func ExampleLateral() {
	airfield := geo4d.Circle{Center: geo4d.Position{LonDeg: 35.95, LatDeg: 35.41}, RadiusM: 9260}
	route := geo4d.Corridor{Line: []geo4d.Position{{LonDeg: 36.2, LatDeg: 35.0}, {LonDeg: 36.2, LatDeg: 35.8}}, HalfWidthM: 1000}
	gapM, overlap, _, at := geo4d.Lateral(airfield, route)
	fmt.Printf("%.0f m apart, overlap %v, closest at %s\n", gapM, overlap, geo4d.FormatDD(at))
	// Output: 12448 m apart, overlap false, closest at 35.41026 N 36.18899 E
}

func ExampleTooNear() {
	at := func(hour int) time.Time { return time.Date(2026, 12, 1, hour, 0, 0, 0, time.UTC) }
	level := func(fl float64) *geo4d.Altitude {
		return &geo4d.Altitude{Value: fl, Unit: geo4d.FlightLevel, Reference: geo4d.FL}
	}
	here := geo4d.Circle{Center: geo4d.Position{LonDeg: 36, LatDeg: 35}, RadiusM: 5000}
	a := geo4d.Volume{Shape: here, Band: geo4d.Band{Lower: level(90), Upper: level(110)}, Window: geo4d.Window{Start: at(6), End: at(8)}}
	b := a
	b.Band = geo4d.Band{Lower: level(150), Upper: level(170)}
	g := geo4d.Measure(&a, &b, geo4d.Terrain{})
	fmt.Printf("%.1f m of altitude between them\n", g.VerticalM)
	fmt.Println("too near for 2,000 ft:", geo4d.TooNear(g, geo4d.Separation{LateralM: 37040, VerticalM: 609.6, Time: 10 * time.Minute}, 0))
	fmt.Println("too near for 5,000 ft:", geo4d.TooNear(g, geo4d.Separation{LateralM: 37040, VerticalM: 1524, Time: 10 * time.Minute}, 0))
	// Output:
	// 1219.2 m of altitude between them
	// too near for 2,000 ft: false
	// too near for 5,000 ft: true
}

func ExampleParseFeature() {
	_, _, err := geo4d.ParseFeature([]byte(`{"type": "Feature",
		"geometry": {"type": "Point", "coordinates": [35.41, 135.95]},
		"properties": {"radius_m": 9260, "start": "2026-12-01T18:00:00Z"}}`))
	fmt.Println(err)
	// Output: geometry.coordinates "[35.41, 135.95]": has a latitude outside -90 to 90; GeoJSON puts longitude first; swapped, [135.95, 35.41] would fit
}
