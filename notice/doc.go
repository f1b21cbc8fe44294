// Package notice holds what a party tells the other: its kinds, states and versions, its JSON
// body, its validation, and the plan files it is read from. Everything here is a function of its
// arguments; the time is one of them.
package notice
