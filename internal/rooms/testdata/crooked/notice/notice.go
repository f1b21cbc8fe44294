// Package notice is what geo4d must not use.
package notice

// Kind is a kind.
type Kind string
