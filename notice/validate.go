package notice

import (
	"time"

	"parley/geo4d"
)

// Bounds of a notice at the node's own door.
const (
	MaxVolumes  = 1_000
	MaxVertices = 10_000
)

// Gazetteer knows the names of places. It may be nil wherever it is asked for.
type Gazetteer interface {
	// Describe says where p is in words: nearest town, bearing and distance.
	Describe(p geo4d.Position) string
	// Find returns where the places of that name lie; none where it knows no such name.
	Find(name string) []geo4d.Position
}

// Context is what Validate needs to know beside the notice.
type Context struct {
	Now    time.Time
	Places Gazetteer // nil leaves out the check of names against places
}

// Validate refuses a notice that breaks a rule, with every rule it breaks (fault.All lists them),
// and warns of what a person should look at.
func Validate(n Notice, c Context) ([]Warning, error) { return nil, nil }

// WithDefaults returns n with the domain and class that its kind implies where it states none.
func WithDefaults(n Notice) Notice { return n }
