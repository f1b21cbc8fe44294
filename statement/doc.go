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
//
// # What a verifier of statements checks
//
// The file has at most 65,536 bytes and is one signed note, in UTF-8. The members of the object are, in this
// order:
//
//	form       "joint" or "one-sided"
//	standing   the sentence of the form, below
//	line       the id of the line, 64 hexadecimal digits
//	parties    of a joint statement both parties, side a first, with two names and two keys; else the one
//	           that states. Each has name, 1 to 32 of a-z, 0-9 and '-', and party_key, of no small order
//	date       when it was drafted: YYYY-MM-DDThh:mm:ss.sssZ, in the years 2000 to 9000
//	title      a text of 1 to 200 bytes
//	texts      1 to 16, each with language and text. The language is a BCP 47 tag, each once: 2 or 3 letters,
//	           then, each after '-' and where there is one, a script of 4 letters, a region of 2 letters or 3
//	           digits, and variants of 5 to 8 letters and digits, or of 4 that begin with a digit. The text
//	           has 1 to 16,384 bytes and may hold line feeds
//	about      0 to 100 texts of 1 to 200 bytes: names of entries, ids of notices, conflicts or incidents
//	corrects   the id of an earlier statement in whose place it stands, or ""
//	withdraws  the id of one that it takes back, or ""; not beside corrects
//
// In the one encoding, an empty list is "[]", and a character of a string is escaped only where JSON asks for
// it: the quotation mark and the backslash with a backslash, a line feed as \n. A text is in normal form C and
// holds no control character, no format character (Unicode Cf) but U+200C to U+200F, no U+2028, U+2029 or
// U+FFFD, and no white space but the space, U+00A0 and U+202F.
//
// The sentence of a joint statement between blue and red is "Agreed only with the signatures of both blue and
// red; with one of them it is a proposal and not jointly agreed.", that of blue's own "Not jointly agreed:
// stated by blue alone."
//
// There are one or two signatures, each by the party key that the statement names for a party of it, each
// party's at most once, in the order of the parties, and all of them hold. A joint statement is agreed if both
// signed. A file with a signature that does not hold, or by anybody else, is refused. Whose the keys are, the
// statement alone cannot say: a reader compares them with those of the agreement, or with keys got elsewhere.
// Whether it was corrected or withdrawn since, the record of the line says.
package statement
