// Package geo4d holds volumes in four dimensions, a shape on the earth, an altitude band and a
// time window, and measures the gaps between them on the WGS 84 ellipsoid. It also reads, checks
// and writes volumes as GeoJSON.
//
// # Places
//
// A Position is in degrees, longitude first. Edges between positions are geodesics, shortest paths
// on the ellipsoid; a Circle is every place within its radius, not a polygon; a ring bounds the
// smaller of its two areas, whichever way it winds. Shapes are closed: touching is overlap, and
// within a micrometre counts as touching. The longitudes 180 and -180 are one meridian, and nothing
// in this package has a seam there or at the poles.
//
// Inverse and Direct follow C. F. F. Karney, "Algorithms for geodesics", J. Geodesy 87 (2013) 43-55,
// doi:10.1007/s00190-012-0578-z, with series to the sixth order; they are within 15 nanometres of
// GeodSolve in the cases of testdata. Comments name the paper's equations.
//
// Lateral and Prepared.Gap reduce every shape to a skeleton and a radius (edge.go says why that is
// exact), find the closest edges by boxes in earth-centred space and rigorous lower bounds, and
// measure those with Inverse. The gap is within 2 micrometres of a search along the same geodesics
// for edges up to 5,000 km. A place is in a polygon when its rings wind round it (contains.go); an
// edge's departure from its chord is bounded, and halved until it cannot matter, so that is exact
// too. An edge may be at most MaxEdgeM long and a ring may reach at most MaxRingRadiusM from its
// middle; Validate refuses others, and Prepare takes what cannot be measured for the whole earth.
//
// # Altitudes
//
// Heights over the ellipsoid (W84), over the EGM96 geoid (AMSL), over the ground (AGL) and pressure
// altitudes (FL) are compared exactly with their own kind, save AGL. W84 and AMSL meet through the
// undulation at the places of the shapes: where it varies over a wide shape, the value that brings
// the two nearest. FL meets heights with a margin (vertical.go gives its derivation), and AGL meets
// everything through the lowest and highest ground; both are flagged uncertain where that decides.
// Ground that is not known never separates. A gap is never overstated.
//
// # Times
//
// Windows are half-open and in UTC to the millisecond; a zero Start or End is open.
//
// # Errors
//
// What a person gave wrong is a fault.Error that names the field of the plan feature, the value, the
// rule and a way to mend it; several are joined.
package geo4d
