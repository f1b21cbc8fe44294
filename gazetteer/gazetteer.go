package gazetteer

import (
	"fmt"
	"math"

	"parley/catalogue"
	"parley/geo4d"
)

// Town is a town of 15,000 people or more.
type Town struct {
	Name       string         // as GeoNames writes it: "Deir ez-Zor"
	Country    string         // ISO 3166-1 alpha-2 code, or XK
	Position   geo4d.Position // a place in the town, to 10 m
	Population int
}

// Near is a town seen from a position.
type Near struct {
	Town      Town
	DistanceM float64 // on the ellipsoid
	// BearingDeg is the direction from the town to the position, clockwise from true north.
	BearingDeg float64
}

// Gazetteer holds the towns. It does not change and may be used by many goroutines.
type Gazetteer struct {
	towns     []Town
	points    []vec    // of towns, in the same order
	tree      []int32  // a k-d tree over points: the middle of each range splits it
	others    []string // other spellings, divided by commas
	names     func() map[string][]int32
	folds     map[rune]string
	countries map[string]string
}

// Len is how many towns there are.
func (g *Gazetteer) Len() int { return len(g.towns) }

// Country is the English name of a country code, or the code where it is not known.
func (g *Gazetteer) Country(code string) string {
	if name, ok := g.countries[code]; ok {
		return name
	}
	return code
}

// Nearest returns the n towns nearest to p, nearest first. It returns none for a position that is
// not one.
func (g *Gazetteer) Nearest(p geo4d.Position, n int) []Near {
	if n <= 0 || len(g.towns) == 0 || !valid(p) {
		return nil
	}
	return g.nearest(p, min(n, len(g.towns)))
}

func valid(p geo4d.Position) bool {
	return math.Abs(p.LatDeg) <= 90 && math.Abs(p.LonDeg) <= 360
}

// Named returns the towns of that name, the most people first. Case, accents, apostrophes and
// hyphens do not matter; other spellings that GeoNames has in Latin letters are known too.
func (g *Gazetteer) Named(name string) []Town {
	var out []Town
	for _, i := range g.names()[g.fold(name)] {
		out = append(out, g.towns[i])
	}
	return out
}

// Find returns where the towns of that name lie, as Named knows them.
func (g *Gazetteer) Find(name string) []geo4d.Position {
	var out []geo4d.Position
	for _, i := range g.names()[g.fold(name)] {
		out = append(out, g.towns[i].Position)
	}
	return out
}

// inTownM is how near to a town's point a position is said to be in the town.
const inTownM = 2000

// Describe says where p is by the nearest town: "9 km (5 NM) north-east of Idlib, Syria", or "in
// Idlib, Syria" within 2 km. It is empty for a position that is not one.
func (g *Gazetteer) Describe(p geo4d.Position) string {
	near := g.Nearest(p, 1)
	if len(near) == 0 {
		return ""
	}
	t := near[0]
	place := t.Town.Name + ", " + g.Country(t.Town.Country)
	if t.DistanceM < inTownM {
		return "in " + place
	}
	return fmt.Sprintf("%.0f km (%.0f NM) %s of %s", t.DistanceM/1000, t.DistanceM/geo4d.MetresPerNM, geo4d.CompassWords(t.BearingDeg), place)
}

// Where says it by the catalogues. Names of towns stay as GeoNames writes them. False for a position that
// is not one.
func (g *Gazetteer) Where(p geo4d.Position) (catalogue.Message, bool) {
	near := g.Nearest(p, 1)
	if len(near) == 0 {
		return catalogue.Message{}, false
	}
	t := near[0]
	town, country := catalogue.ByPeople("town", t.Town.Name), catalogue.Word("country", "country."+t.Town.Country)
	if t.DistanceM < inTownM {
		return catalogue.Say("town.in", town, country), true
	}
	length := fmt.Sprintf("%.0f km (%.0f NM)", t.DistanceM/1000, t.DistanceM/geo4d.MetresPerNM)
	return catalogue.Say("town.near", catalogue.AsCode("length", length), catalogue.Word("compass", "compass."+geo4d.CompassWords(t.BearingDeg)), town, country), true
}
