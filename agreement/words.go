package agreement

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley/geo4d"
)

// spell says a duration as people do: "10 s", "2 min", "1 h 30 min", "90 days".
func spell(d time.Duration) string {
	if d < 0 {
		d = 0
	}
	if d > 0 && d < time.Second {
		return d.String()
	}
	days := int(d / (24 * time.Hour))
	parts := []string{}
	add := func(n int, unit string) {
		if n > 0 {
			parts = append(parts, strconv.Itoa(n)+" "+unit)
		}
	}
	if days >= 3 { // 24 h and 48 h are said in hours
		add(days, "days")
		d -= time.Duration(days) * 24 * time.Hour
	}
	add(int(d/time.Hour), "h")
	add(int(d%time.Hour/time.Minute), "min")
	add(int(d%time.Minute/time.Second), "s")
	if len(parts) == 0 {
		return "0 s"
	}
	return strings.Join(parts, " ")
}

// number writes a figure without a needless fraction.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// distance says a lateral distance in metres or kilometres, and in nautical miles where it is a
// whole number of them.
func distance(m float64) string {
	s := number(m) + " m"
	if m >= 1_000 {
		s = number(m/1_000) + " km"
	}
	if miles := m / nauticalMile; miles >= 1 && miles == float64(int(miles)) {
		return fmt.Sprintf("%s NM (%s)", number(miles), s)
	}
	return s
}

// height says a vertical distance in metres, and in feet where it is a whole number of hundreds.
func height(m float64) string {
	if ft := m / foot; ft > 0 && abs(ft-round100(ft)) < 1e-6 {
		return fmt.Sprintf("%s ft (%s m)", number(round100(ft)), number(m))
	}
	return number(m) + " m"
}

func round100(v float64) float64 { return float64(int(v/100+0.5)) * 100 }

func abs(v float64) float64 { return max(v, -v) }

// altitude says an altitude as it was given.
func altitude(a *geo4d.Altitude) string {
	if a.Unit == geo4d.FlightLevel {
		return "FL " + number(a.Value)
	}
	return number(a.Value) + " " + string(a.Unit) + " " + string(a.Reference)
}
