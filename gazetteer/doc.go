// Package gazetteer knows the world's towns of 15,000 people and more, offline, and says a
// position back in words: "9 km (5 NM) north-east of Idlib, Syria".
//
// The towns are GeoNames' (CC BY 4.0); data/README.md says which edition, and how it was
// converted. Distances and bearings are geodesics on the WGS 84 ellipsoid.
//
// A town is a point somewhere in the town. In words, a position within 2 km of it is "in" it.
package gazetteer
