// Package statement holds what parties state: a text in one or more languages that counts as agreed
// once both have signed the same bytes, or what one party states alone, which says so inside what is
// signed.
//
// A statement is a signed note (C2SP signed-note). Its text is the line "parley/statement/v1", then one
// JSON object in one encoding: the members in the order of Statement, none left out, indented by two
// spaces, a line feed at the end. Times are RFC 3339 in UTC to the millisecond; keys are the standard
// base64 of 32 bytes of Ed25519. The id is the SHA-256 of the text in hexadecimal. A party signs as
// "parley/party/<name>" with its party key, as it signs agreements.
//
// The member standing is fixed by the form and the names of the parties, so that whoever holds the
// signed bytes holds that sentence too: of a joint statement that it is agreed with both signatures
// only, of one party's that it is not jointly agreed. Nothing is taken back by deletion: a statement
// that withdraws or corrects an earlier one names it.
//
// Texts are in Unicode normal form C, without control characters and marks that turn the direction of
// what follows. Two texts that look alike and differ in a space or a composed letter have two ids;
// Difference says where.
package statement
