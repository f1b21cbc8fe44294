// Package conflict finds the volumes of different parties that come too near each other, and says
// by how much in each dimension.
package conflict
