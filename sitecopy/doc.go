// Package sitecopy marks copies of a list of sites, so that a list that was passed on tells which
// copy it was made from.
//
// # Mark
//
// In each copy every site lies a little off where it is: in a direction and at a distance that
// follow from a secret key, the copy's id and the site's id by HMAC-SHA-256, the place even over a
// disc of MaxShiftM round the true one. Every shape is grown by GrowM on all sides, which is more,
// so that what a copy says to keep clear of holds all that there is to keep clear of. All shapes of
// a site are moved alike.
//
// # Reading
//
// Positions finds what may be a position in a text of any form. Identify looks which copies the
// positions near the true sites can have come from. Names, ids, order and radii are not looked at,
// nor what the file says of itself, so that nobody is named because a name was written into it.
//
// Let a list be made by someone who has nothing of a copy and not the key. Whatever it says, the
// copy's marks are independent of it, even over their discs and from site to site. Then
//
//   - a position that lies near a site is within t of where the copy has the site with probability
//     at most (t/MaxShiftM)², and k such positions with at most k times that. How many of n sites
//     are so is no more than a sum of n independent trials: its tail bounds the chance of M or more.
//     It is tried for each of Tolerances.
//   - with w the distance (at most MaxShiftM) of a position from the true site, and x the part of
//     the copy's mark in that direction, the sum S of all w·x exceeds s with probability at most
//     exp(-2s²/(MaxShiftM² Σw²)), because a part of an even disc has the moments of a normal variable
//     of its variance, MaxShiftM²/4, or less. That also finds what was rounded coarsely, blurred, or
//     averaged from several copies.
//
// The least of these bounds, times how many were tried and times how many copies there are, is the
// Chance of a Score: at most with this probability is any copy at all named for a list that it had
// no part in. A copy is named where it is at most Alpha, and else nobody is.
package sitecopy
