// Package geo4d holds volumes in four dimensions, a shape on the earth, an altitude band and a
// time window, and measures the gaps between them on the WGS 84 ellipsoid.
package geo4d
