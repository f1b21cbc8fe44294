// Package node is one party's node: commands in, entries out, the picture, what is too near, and
// what a person must look at.
//
// The way of a notice: a command is validated against the notice's own rules and the agreement's
// terms, becomes an entry of the own transcript, is durable, changes the picture, is compared with
// every live notice of the other party, and goes over the line. What comes over the line is
// verified, durable and receipted before the picture changes. Nothing goes back.
//
// Whatever a node knows follows from its two transcripts, so a restart changes nothing: deadlines
// count from the times in the entries and receipts.
package node
