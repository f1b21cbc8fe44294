// Package conflict finds the volumes of different parties that come too near each other, and says
// by how much in each dimension and how far to move to clear it.
//
// Two items conflict when some pair of their volumes is too near in place, in altitude and in time
// at once (geo4d.TooNear); what separation a pair of items must keep is the caller's to say. An
// Index holds live items and answers Near, before or after an item is put; Check compares all items
// of one set. Both judge every pair of volumes by its exact gaps: a tree of boxes in earth-centred
// space and time leaves out only what cannot be too near, so a wide or endless item costs time and
// never an answer. Results are in a fixed order and do not depend on the order of puts and removes.
//
// A conflict found is a reason to talk. None found means only that none was among what was held.
package conflict
