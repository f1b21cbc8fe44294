package voice

import (
	"math"
	"strings"
	"time"

	"pgregory.net/rapid"

	"parley/geo4d"
	"parley/notice"
)

func drawPosition(t *rapid.T) geo4d.Position {
	return geo4d.Position{LonDeg: rapid.Float64Range(-180, 180).Draw(t, "longitude"), LatDeg: rapid.Float64Range(-89.9, 89.9).Draw(t, "latitude")}
}

// drawShape draws shapes of a size that a notice has, anywhere.
func drawShape(t *rapid.T) geo4d.Shape {
	middle := drawPosition(t)
	size := math.Exp(rapid.Float64Range(math.Log(500), math.Log(200_000)).Draw(t, "size"))
	around := func(n int, spread float64) []geo4d.Position {
		var out []geo4d.Position
		for i := range n {
			far := rapid.Float64Range(0.5, 1).Draw(t, "far") * size
			p, _ := geo4d.Direct(middle, spread*float64(i)/float64(n), far)
			out = append(out, p)
		}
		return out
	}
	switch rapid.SampledFrom([]string{"circle", "corridor", "area", "multi"}).Draw(t, "shape") {
	case "corridor":
		return geo4d.Corridor{Line: around(rapid.IntRange(2, 20).Draw(t, "positions"), 200), HalfWidthM: size / 50}
	case "area":
		ring := around(rapid.IntRange(3, 20).Draw(t, "corners"), 360)
		return geo4d.Polygon{Rings: [][]geo4d.Position{append(ring, ring[0])}}
	case "multi":
		var m geo4d.Multi
		for range rapid.IntRange(2, 4).Draw(t, "parts") {
			p, _ := geo4d.Direct(middle, rapid.Float64Range(0, 360).Draw(t, "bearing"), size*5)
			m.Parts = append(m.Parts, geo4d.Circle{Center: p, RadiusM: size})
		}
		return m
	}
	return geo4d.Circle{Center: middle, RadiusM: size}
}

func drawBand(t *rapid.T) geo4d.Band {
	bound := func(least float64) *geo4d.Altitude {
		switch rapid.SampledFrom([]string{"open", "FL", "ft", "m"}).Draw(t, "unit") {
		case "FL":
			return &geo4d.Altitude{Value: float64(rapid.IntRange(int(least/30), 600).Draw(t, "level")), Unit: geo4d.FlightLevel, Reference: geo4d.FL}
		case "ft":
			return &geo4d.Altitude{Value: rapid.Float64Range(least*3.3, 60_000).Draw(t, "feet"), Unit: geo4d.Feet,
				Reference: rapid.SampledFrom([]geo4d.Reference{geo4d.AMSL, geo4d.AGL, geo4d.W84, geo4d.FL}).Draw(t, "reference")}
		case "m":
			return &geo4d.Altitude{Value: float64(rapid.IntRange(int(least), 18_000).Draw(t, "metres")), Unit: geo4d.Metres,
				Reference: rapid.SampledFrom([]geo4d.Reference{geo4d.AMSL, geo4d.AGL, geo4d.W84}).Draw(t, "reference")}
		}
		return nil
	}
	return geo4d.Band{Lower: bound(-200), Upper: bound(6000)}
}

func drawWindow(t *rapid.T) geo4d.Window {
	start := testNow.Add(time.Duration(rapid.Int64Range(0, 400*24*3600*1000).Draw(t, "start")) * time.Millisecond)
	end := start.Add(time.Duration(rapid.Int64Range(1, 60*24*3600).Draw(t, "length")) * time.Second)
	w := geo4d.Window{Start: start, End: end}
	if rapid.IntRange(0, 9).Draw(t, "open") == 0 {
		w.End = time.Time{}
	}
	return w
}

// drawNotice draws a notice of any kind with what a page tells of it.
func drawNotice(t *rapid.T) notice.Notice {
	n := notice.Notice{
		ID: rapid.StringMatching(`[a-zA-Z0-9][a-zA-Z0-9./_-]{0,30}`).Draw(t, "id"), Version: rapid.IntRange(1, 200).Draw(t, "version"),
		Kind:  rapid.SampledFrom(notice.Kinds()).Draw(t, "kind"),
		Place: rapid.SampledFrom([]string{"", "northern sector", "к северу от города", "check point 12; gate 3", strings.Repeat("north of the old mill ", 40)}).Draw(t, "place"),
	}
	if rapid.Bool().Draw(t, "uncertain") {
		n.UncertaintyM = rapid.Float64Range(0.5, 20_000).Draw(t, "uncertainty")
	}
	volumes := rapid.IntRange(0, 6).Draw(t, "volumes")
	band, window := drawBand(t), drawWindow(t)
	if volumes == 0 {
		n.Band, n.Window, n.Sector = band, window, rapid.SampledFrom([]string{"", "north 2"}).Draw(t, "sector")
		return n
	}
	alike := rapid.Bool().Draw(t, "alike")
	for range volumes {
		if !alike {
			band, window = drawBand(t), drawWindow(t)
		}
		n.Volumes = append(n.Volumes, geo4d.Volume{Shape: drawShape(t), Band: band, Window: window})
	}
	return n
}

func drawHeading(t *rapid.T) Heading {
	return Heading{
		Caller:  rapid.SampledFrom([]string{"blue", "red", "", strings.Repeat("w", 200)}).Draw(t, "caller"),
		Officer: rapid.SampledFrom([]string{"duty officer", "Офицер", ""}).Draw(t, "officer"), SecondChannel: "+1 555 0100, 121.5 MHz",
		Drill: rapid.Bool().Draw(t, "drill"), State: rapid.SampledFrom([]notice.State{"", notice.Planned, notice.Overdue}).Draw(t, "state"), Made: testNow,
	}
}
