// Package propose works out how one plan could be changed so that it keeps its separation from all
// others: the smallest change of its start, of its altitude and of its place, each by itself, ranked
// by cost. Who moves, and whether anyone does, is for people to say.
//
// # What is asked
//
// For takes a conflict.Index, one item, what of it may be moved and a Config. The caller decides what
// may be moved: a site never, a road movement never sideways nor in altitude. Asking about each of the
// two plans of a conflict gives both sides of the choice, and their proposals can be sorted together
// with Compare. What is compared is only what the caller put into the index. Where the asker may not
// see all of it, it must not be in there: a proposal tells where others are not.
//
// # What is found
//
// A move changes one dimension of all volumes of the item alike, by a whole number of steps of the
// Grid: later or earlier, up or down, or aside at one of the stated bearings. For each of these
// directions the move of the fewest steps is found with which the item is in conflict with nothing
// held, not only with what it is in conflict with now. Cost grows with the steps, so it is the
// cheapest of its direction, and the first of all proposals is the cheapest on the grid. A direction
// in which no step within the Bounds is free of conflict is named in Result.None, with the reason.
// Moves in two dimensions at once are not looked for.
//
// A proposal says that no conflict was found among the items held when it was worked out. It says
// nothing of what was not held, and it ages as the picture does.
//
// # How it works
//
// A step is passed over only where an exact measure of one pair of volumes forbids it, and a step is
// proposed only after Index.WhatIf compared the whole moved item with everything in the index. So a
// proposal is the least of its direction, and clears every conflict, whatever was known beforehand;
// what is known only saves time. It is the pairs of volumes that are near when one dimension is left
// out of account: one look into the index for each dimension finds those within the bounds.
//
//   - Time: a pair near in place and altitude forbids an open interval of shifts, from the end of the
//     one to the start of the other, wider by the separation. The first step outside all of these
//     intervals is found by going through them in order, in whole nanoseconds.
//   - Altitude: a pair near in place and time forbids an interval too, since raising a band makes the
//     gap above the other grow and the gap below it shrink. geo4d.ClimbToClear and DescentToClear
//     give its ends, and geo4d.Vertical decides at the steps beside them.
//   - Place: along one bearing the steps are tried from the nearest on. Where a pair is too near by
//     some metres, all steps within as many metres are as well: when a shape is shifted by d, none of
//     its positions moves by more than d, as the earth's curvature is positive, and its sides by less
//     than a hundredth more (geo4d.Shift bounds it). Where two overlap, they do so for as long as
//     discs or strips inside them do. For a conflict that there is now, conflict/lateral says how far
//     the shape must be moved in any direction.
//
// Whatever WhatIf still finds is added to what is known, and the search goes on from there.
package propose
