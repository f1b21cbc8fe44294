// Package conflict finds the volumes of different parties that come too near each other, and says
// by how much in each dimension and how far to move to clear it.
//
// Two items conflict when some pair of their volumes is too near in place, in altitude and in time
// at once (geo4d.TooNear). What separation a pair must keep is the caller's to say, by the classes of
// the two items.
//
// # Asking
//
// An Index holds live items. Matches says which volumes are too near, Near measures each of them as
// well and says how far to move in altitude and time, Pair.LateralMove how far across the ground, WhatIf asks about many variants of one item, and Enter looks and puts as one step. Check
// compares all items of one set, Between two by themselves. All decide by the exact gaps of every
// pair of volumes: no item is ever looked at as one box, and whatever a bound leaves open is measured
// on the ellipsoid. Near and Check give results in a fixed order that does not depend on the order of
// puts and removes.
//
// # How it works
//
// A volume is cut into pieces that are short beside what they are part of (piece.go), and each is
// kept by its disc in a grid without seams (grid.go), in tiles of cells (tile.go). What a query reads of
// a piece is rounded so that it errs towards "near" (record.go): one word with its window and disc,
// which rules most pieces out; then a record with a finer disc and the band; then, for few, the piece
// itself. Most of what overlaps is settled by a disc that a piece is known to fill. What is left of small
// shapes is compared in a plane, with a proved bound on the error (flat.go), and the rest with
// geodesics. Straight distances through the earth bound those on it (earth.go). A query goes step by
// step over all that it visits, so that its waits for memory overlap (scan.go).
//
// Queries take no lock. An item that comes, goes or is replaced meanwhile is seen as the one version or
// the other, whole (stored.go, readers.go, query.go). Writers lock only the tiles that they change; Enter
// locks the surroundings of its item (enter.go).
//
// A conflict found is a reason to talk. None found means only that none was among what was held.
package conflict
