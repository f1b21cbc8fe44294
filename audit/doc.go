// Package audit keeps a node's audit log: what was refused, who looked at which notice of the
// other party and when, who signed in and out, which credentials changed, which commands were done.
//
// # Chain
//
// The log is a chain of records in the node's store, numbered from 1, never changed and never
// deleted. Each carries the SHA-256 of the encoding of the one before, so that a record that was
// changed, left out or put in between shows. Whoever owns the disk can write the whole chain anew;
// that shows only to someone who kept a Head of it elsewhere. A record has one encoding: a JSON
// object on one line, as Encode writes it.
//
//	audit/head       the newest record's number and SHA-256
//	audit/r/<n>      the records, n in 16 hexadecimal digits
//
// # What is one record
//
// A look at one thing is a record, durable before the answer goes out; the same again by the same
// officer from the same address within Window is counted and follows as one record with a count.
// Of lists, which programs ask for every few seconds, the first in a day (UTC) is written whole;
// after it only what that officer was not shown before by the same list, and once in ListWindow a
// count of how often it was read. What is only counted and not written yet is lost in a crash.
//
// # Bounds
//
// Refusals of one officer, and those of callers whom nobody knows, are written one by one up to
// refusalBurst and refusalsPerMinute; those over it are counted, in one record a minute. So no
// flood fills the disk: callers without a token can make the log grow by less than 10 MB a day.
package audit
