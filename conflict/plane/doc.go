// Package plane has what the conflict index and the least move across the ground both stand on: places
// of the WGS 84 ellipsoid as points in space (ellipsoid.go), and the plane that touches it at one of
// them, with points in it (plane.go). Lengths are in metres.
//
// The ellipsoid is that of NGA.STND.0036, "World Geodetic System 1984" (2014): a and 1/f are its
// defining parameters. A place in space is at N cos φ cos λ, N cos φ sin λ and N (1-e²) sin φ, where
// N = a / sqrt(1 - e² sin² φ) is the radius of curvature in the prime vertical (IOGP Guidance Note
// 373-7-2, geographic/geocentric conversions, EPSG method 9602, with no height). The normal there
// leads along (x, y, z/(1-e²)), the gradient of x² + y² + z²/(1-e²), which is a² on the ellipsoid.
//
// What the plane leaves out of distances on the ellipsoid is for its users to bound: conflict does in
// earth.go and flat.go, lateral in curved.go and least.go.
package plane
