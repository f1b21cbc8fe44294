// Package exactness compares geo4d with references that share no code with it: GeodSolve of
// GeographicLib for geodesics, PostGIS geography for shapes of short edges, and a slow search along
// GeodSolve's geodesics for every pair of shapes. It is tests only; "make exactness" runs them,
// and docs/reference/exactness.md has the result.
package exactness
