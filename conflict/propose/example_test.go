package propose_test

import (
	"context"
	"fmt"
	"time"

	"parley/conflict"
	"parley/conflict/propose"
	"parley/geo4d"
)

// flight is a circle of 5 km round a place on the 35th parallel, from FL 100 to FL 120, for an hour.
func flight(id, party string, lonDeg float64, hour int) *conflict.Item {
	start := time.Date(2026, 12, 1, hour, 0, 0, 0, time.UTC)
	return &conflict.Item{ID: id, Party: party, Volumes: []geo4d.Volume{{
		Shape:  geo4d.Circle{Center: geo4d.Position{LonDeg: lonDeg, LatDeg: 35}, RadiusM: 5000},
		Band:   geo4d.Band{Lower: level(100), Upper: level(120)},
		Window: geo4d.Window{Start: start, End: start.Add(time.Hour)},
	}}}
}

func level(value float64) *geo4d.Altitude {
	return &geo4d.Altitude{Value: value, Unit: geo4d.FlightLevel, Reference: geo4d.FL}
}

// A patrol would be too near two flights: it could start when both are over, fly above both, or
// elsewhere.
func ExampleFor() {
	x := conflict.New(conflict.Config{Separation: func(a, b any) (geo4d.Separation, bool) {
		return geo4d.Separation{LateralM: 37040, VerticalM: 609.6, Time: 10 * time.Minute}, true
	}})
	x.Put(flight("survey", "blue", 36.0, 6))
	x.Put(flight("transit", "blue", 36.0, 7))
	patrol := flight("patrol", "red", 36.3, 6)
	c := propose.Defaults(time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC)) // now
	c.Grid.Bearings = 4
	r, err := propose.For(context.Background(), x, patrol, propose.Allowed{Time: true, Altitude: true, Space: true}, c)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("in conflict with %d of %d others\n", len(r.Conflicts), r.Compared)
	for _, p := range r.Proposals {
		switch p.Kind {
		case propose.Time:
			fmt.Printf("%6.1f: start %v %s\n", p.Cost, p.Move.Time, p.Move.Direction())
		case propose.Altitude:
			fmt.Printf("%6.1f: %+.0f %s, from %v to %v\n", p.Cost, p.Move.Altitude.Value, p.Move.Altitude.Unit, p.Volumes[0].Band.Lower, p.Volumes[0].Band.Upper)
		case propose.Space:
			fmt.Printf("%6.1f: %.0f m at %.0f degrees\n", p.Cost, p.Move.LateralM, p.Move.BearingDeg)
		}
	}
	for _, n := range r.None {
		fmt.Printf("%s: %s\n", n.Direction, n.Reason)
	}
	// Output:
	// in conflict with 2 of 2 others
	//   19.7: 19700 m at 90 degrees
	//   20.0: +40 FL, from FL140 to FL160
	//   20.0: -40 FL, from FL060 to FL080
	//   38.3: 38300 m at 0 degrees
	//   38.3: 38300 m at 180 degrees
	//   74.5: 74500 m at 270 degrees
	//  130.0: start 2h10m0s later
	// earlier: out_of_bounds
}
