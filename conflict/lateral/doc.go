// Package lateral finds the least move across the ground that takes one shape far enough from another.
//
// A move is geo4d.Shift: a bearing and a distance that carry the whole shape. Least looks at both
// shapes in a plane round the first one's anchor, where the places that a move must not lead to have
// a rim of straight and round curves (curve.go), one for each corner of the one that can meet a side
// or a corner of the other. The least move leads to the rim: to the foot of a perpendicular, or to
// where two curves meet. Such places are tried from the nearest on, until one is far enough from all
// of the other shape (search.go). So shapes may be of any form: a ring in a hole, a line round a
// corner, several parts, one inside another.
//
// The plane's error has a proved bound (least.go). Up to some 100 km the plane's corrections to the
// third order take it away but for a hundredth (curved.go); beyond, the one or two distances that
// decide a move are measured on the ellipsoid, and the move that they lead to is tried there
// (ground.go). Where the plane cannot tell which of several moves is the shortest, all are tried.
//
// A move returned always suffices: by a bound on what the plane leaves out, or by a gap measured. It
// is longer than the least by less than half a metre, or says that this is not known, as for shapes
// of hundreds of corners each that lie deep in each other, or of more than 2,000 km.
package lateral
