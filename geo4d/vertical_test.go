package geo4d

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestUndulationGridIsWhole(t *testing.T) {
	readme, err := os.ReadFile("egm96/README.md")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(egm96)
	if !strings.Contains(string(readme), hex.EncodeToString(sum[:])) {
		t.Errorf("egm96/README.md does not name the grid's SHA-256 %x", sum)
	}
}

func TestAnyUndulation(t *testing.T) {
	for _, cm := range grid() {
		if u := float64(cm) / 100; u < anyUndulation[0] || u > anyUndulation[1] {
			t.Fatalf("undulation %v outside %v", u, anyUndulation)
		}
	}
}

// The undulations are those of PROJ's bilinear interpolation in the grid that ours comes from.
func TestUndulationAgainstPROJ(t *testing.T) {
	data, err := os.ReadFile("testdata/undulation.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(data)) {
		var c [3]float64
		for i, s := range strings.Fields(line) {
			if c[i], err = strconv.ParseFloat(s, 64); err != nil {
				t.Fatal(err)
			}
		}
		n++
		if got := UndulationM(Position{c[1], c[0]}); !(math.Abs(got-c[2]) <= 0.006) {
			t.Errorf("undulation at %v N %v E: %.4f, want %.4f", c[0], c[1], got, c[2])
		}
	}
	if n < 40 {
		t.Fatalf("%d cases", n)
	}
}

// The check values that NGA published with its EGM96 interpolation program (F477, OUTINTPT.DAT).
// It fits a spline where we are linear.
func TestUndulationAgainstNGA(t *testing.T) {
	for _, c := range [][3]float64{
		{38.6281550, 269.7791550 - 360, -31.628}, {-14.6212170, 305.0211140 - 360, -2.969}, {46.8743190, 102.4487290, -43.575},
		{-23.6174460, 133.8747120, 15.871}, {38.6254730, 359.9995000 - 360, 50.066}, {-0.4667440, 0.0023000, 17.329},
	} {
		if got := UndulationM(Position{c[1], c[0]}); !(math.Abs(got-c[2]) <= 0.07) {
			t.Errorf("undulation at %v N %v E: %.3f, want %.3f", c[0], c[1], got, c[2])
		}
	}
}

func TestUndulationRangeHoldsEveryPlace(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		p := Prepare(Circle{w.near, math.Min(w.reach, 3e5)})
		r := p.undul()
		for range 10 {
			q := w.position(math.Min(w.reach, 3e5))
			if u := UndulationM(q); u < r[0]-1e-6 || u > r[1]+1e-6 {
				rt.Fatalf("%v at %v outside %v", u, q, r)
			}
		}
	})
}

func alt(v float64, u Unit, r Reference) *Altitude { return &Altitude{v, u, r} }

func TestVertical(t *testing.T) {
	// Off India the geoid lies about 100 m under the ellipsoid.
	here := Prepare(Circle{Position{80, 4}, 10})
	n := UndulationM(Position{80, 4})
	low := Terrain{Known: true, MinM: 100, MaxM: 900}
	cases := []struct {
		name      string
		a, b      Band
		t         Terrain
		want      float64 // below 0: overlap
		uncertain bool
	}{
		{"open", Band{}, Band{}, Terrain{}, -1, false},
		{"same reference", Band{nil, alt(1000, Metres, AMSL)}, Band{alt(4000, Feet, AMSL), nil}, Terrain{}, 219.2, false},
		{"touch", Band{nil, alt(1219.2, Metres, AMSL)}, Band{alt(4000, Feet, AMSL), nil}, Terrain{}, -1, false},
		{"levels", Band{alt(100, FlightLevel, FL), alt(100, FlightLevel, FL)}, Band{alt(200, FlightLevel, FL), alt(200, FlightLevel, FL)}, Terrain{}, 3048, false},
		{"one bound left out", Band{nil, alt(100, FlightLevel, FL)}, Band{}, Terrain{}, -1, false},
		{"ellipsoid over sea level", Band{nil, alt(0, Metres, W84)}, Band{alt(500, Metres, AMSL), nil}, Terrain{}, 500 + n, false},
		{"sea level over ellipsoid", Band{nil, alt(0, Metres, AMSL)}, Band{alt(500, Metres, W84), nil}, Terrain{}, 500 - n, false},
		{"level far over height", Band{nil, alt(1000, Metres, AMSL)}, Band{alt(100, FlightLevel, FL), nil}, Terrain{}, 3048*0.9 - 540 - 1000, true},
		{"height far over level", Band{nil, alt(100, FlightLevel, FL)}, Band{alt(5000, Metres, AMSL), nil}, Terrain{}, 5000 - 302 - 3048*1.1, true},
		{"level within the margin of height", Band{nil, alt(3000, Metres, AMSL)}, Band{alt(100, FlightLevel, FL), nil}, Terrain{}, -1, true},
		{"level surely under height", Band{nil, alt(9000, Metres, AMSL)}, Band{alt(100, FlightLevel, FL), nil}, Terrain{}, -1, false},
		{"ground unknown", Band{nil, alt(100, Metres, AGL)}, Band{alt(5000, Metres, AMSL), nil}, Terrain{}, -1, true},
		{"ground known", Band{nil, alt(100, Metres, AGL)}, Band{alt(5000, Metres, AMSL), nil}, low, 4000, true},
		{"both over ground", Band{nil, alt(100, Metres, AGL)}, Band{alt(500, Metres, AGL), nil}, low, -1, true},
		{"both over flat ground", Band{nil, alt(100, Metres, AGL)}, Band{alt(500, Metres, AGL), nil}, Terrain{Known: true}, 400, false},
		{"ground as the open side", Band{alt(0, Metres, AGL), alt(1000, Metres, AMSL)}, Band{alt(2000, Metres, AMSL), nil}, Terrain{}, 1000, false},
	}
	for _, c := range cases {
		for _, flip := range []bool{false, true} {
			a, b := c.a, c.b
			if flip {
				a, b = b, a
			}
			got, overlap, uncertain := Vertical(a, b, here, here, c.t)
			if overlap != (c.want < 0) || uncertain != c.uncertain || (!overlap && !(math.Abs(got-c.want) <= 0.01)) || (overlap && got != 0) {
				t.Errorf("%s: %v %v %v, want %v %v", c.name, got, overlap, uncertain, c.want, c.uncertain)
			}
		}
	}
}

// TestClearing: after the move the gap is the separation, and before it is not.
func TestClearing(t *testing.T) {
	here := Prepare(Circle{Position{80, 4}, 10})
	rapid.Check(t, func(rt *rapid.T) {
		bound := func(name string) *Altitude {
			ref := rapid.SampledFrom([]Reference{W84, AMSL, FL}).Draw(rt, name+" reference")
			return alt(rapid.Float64Range(0, 10000).Draw(rt, name), Metres, ref)
		}
		a := Band{bound("al"), nil}
		a.Upper = alt(a.Lower.Value+500, Metres, a.Lower.Reference)
		b := Band{bound("bl"), nil}
		b.Upper = alt(b.Lower.Value+500, Metres, b.Lower.Reference)
		const need = 600
		up := ClimbToClear(a, b, here, here, Terrain{}, need)
		down := DescentToClear(a, b, here, here, Terrain{}, need)
		for _, move := range []float64{up, -down} {
			moved := Band{alt(a.Lower.Value+move, Metres, a.Lower.Reference), alt(a.Upper.Value+move, Metres, a.Upper.Reference)}
			if g, _, _ := Vertical(moved, b, here, here, Terrain{}); !(math.Abs(g-need) <= 0.01) {
				rt.Fatalf("%v moved by %v is %v from %v", a, move, g, b)
			}
		}
	})
	if up := ClimbToClear(Band{nil, alt(1, Metres, W84)}, Band{}, here, here, Terrain{}, 1); !math.IsInf(up, 1) {
		t.Error("climbed out of an open band by", up)
	}
}

func TestTimeGap(t *testing.T) {
	at := func(m int) time.Time { return time.Date(2026, 12, 1, 0, m, 0, 0, time.UTC) }
	cases := []struct {
		a, b    Window
		gap     time.Duration
		overlap bool
	}{
		{Window{at(0), at(10)}, Window{at(5), at(15)}, 0, true},
		{Window{at(0), at(10)}, Window{at(10), at(15)}, 0, false},
		{Window{at(0), at(10)}, Window{at(12), at(15)}, 2 * time.Minute, false},
		{Window{at(0), time.Time{}}, Window{at(12), at(15)}, 0, true},
		{Window{at(20), time.Time{}}, Window{at(12), at(15)}, 5 * time.Minute, false},
		{Window{time.Time{}, at(5)}, Window{at(12), at(15)}, 7 * time.Minute, false},
		{Window{}, Window{}, 0, true},
	}
	for _, c := range cases {
		for _, w := range [][2]Window{{c.a, c.b}, {c.b, c.a}} {
			if gap, overlap := TimeGap(w[0], w[1]); gap != c.gap || overlap != c.overlap {
				t.Errorf("TimeGap(%v) = %v, %v", w, gap, overlap)
			}
		}
	}
}

func TestTooNear(t *testing.T) {
	sep := Separation{LateralM: 1000, VerticalM: 100, Time: time.Minute}
	near := Gap{LateralM: 999, VerticalM: 99, Time: time.Minute - 1}
	cases := []struct {
		name string
		g    Gap
		s    Separation
		u    float64
		want bool
	}{
		{"inside all three", near, sep, 0, true},
		{"at the lateral separation", Gap{1000, 99, 0, false, false, false, false}, sep, 0, false},
		{"uncertainty adds", Gap{1000, 99, 0, false, false, false, false}, sep, 1, true},
		{"at the vertical separation", Gap{LateralM: 999, VerticalM: 100}, sep, 0, false},
		{"altitude does not count", Gap{LateralM: 999, VerticalM: 100}, Separation{LateralM: 1000, Time: time.Minute, AnyAltitude: true}, 0, true},
		{"at the time separation", Gap{LateralM: 999, VerticalM: 99, Time: time.Minute}, sep, 0, false},
		{"zero separation, overlap", Gap{LateralOverlap: true, VerticalOverlap: true, TimeOverlap: true}, Separation{}, 0, true},
		{"zero separation, windows that touch", Gap{LateralOverlap: true, VerticalOverlap: true}, Separation{}, 0, false},
	}
	for _, c := range cases {
		if got := TooNear(c.g, c.s, c.u); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestRoundFeetStayRound: what is 2,000 ft over another has a gap of 2,000 ft, at any level.
func TestRoundFeetStayRound(t *testing.T) {
	p := Prepare(Circle{Position{36, 35}, 1000})
	at := func(ft float64, u Unit) *Altitude {
		if u == FlightLevel {
			ft /= 100
		}
		return &Altitude{Value: ft, Unit: u, Reference: FL}
	}
	for _, units := range [][2]Unit{{FlightLevel, FlightLevel}, {Feet, Feet}, {FlightLevel, Feet}} {
		for ft := 0.0; ft <= 60_000; ft += 500 {
			below, above := Band{Upper: at(ft, units[0])}, Band{Lower: at(ft+2000, units[1])}
			if m, _, _ := Vertical(below, above, p, p, Terrain{}); m != 2000*footM {
				t.Fatalf("%v over %v: %v m", above.Lower, below.Upper, m)
			}
			if m := ClimbToClear(above, below, p, p, Terrain{}, 2000*footM); m != 0 {
				t.Fatalf("%v is to climb %v m over %v", above.Lower, m, below.Upper)
			}
		}
	}
}
