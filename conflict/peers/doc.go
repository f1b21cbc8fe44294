// Package peers runs one workload on conflict.Index and on what a user might pick instead, and compares
// their speed and their answers. "make bench-peers" runs it; docs/reference/conflict-peers.md has the
// result.
//
// It is a module of its own: the drivers of other databases stay out of Parley.
package peers
