// Package courier writes the messages of a line as files, and reads them: what two nodes say when there
// is no network between them.
//
// A file is one or more of line's messages, byte for byte as they go over a connection, behind a header
// that a person can read:
//
//	parley/courier/v1
//	line <64 hexadecimal digits>
//	from <a|b>
//	written 2026-11-24T18:00:00.000Z
//	part 1 last
//	entries 14 1.200 1.214
//	receipts 1 1.180
//	urgent 0
//	back 0
//	asks no
//	plain 10422
//	key <base64>
//	body 6120 <SHA-256 of the body, 64 hexadecimal digits>
//
//	— parley/<line id>/courier/<a|b> <base64>
//
//	<body>
//
// "part" is the number of the file in its writing, and whether it is the last ("last" or "more").
// "entries" says how many, from which place on and up to which, each as epoch.size; "receipts" says how
// many, and up to where the newest reaches in the other's transcript; "-" stands for no place. "urgent"
// counts the copies of hold and distress, which come first; "back" the entries that are given back to a
// node that lost them; "asks" says whether the writer asks for its own transcript back. There is one
// encoding of a header, and its reader refuses any other.
//
// # What a file is worth
//
// As on a connection, a message counts as the other's because it comes under its TLS key: the header is
// a C2SP signed note by that key, and names the size and the SHA-256 of the body. What is said by heads,
// receipts and proofs is judged by the ledger on the same path as what comes over a connection. TLS signs
// nothing that begins as a header does, so one key may do both.
//
// As on a connection, nobody else reads the messages. The messages are compressed (gzip, RFC 1952) and
// sealed with AES-256-GCM under a key of this file; each "key" line is that key for one of the receiver's
// TLS keys, by HPKE (RFC 9180: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base mode), with the
// X25519 key that belongs to the Ed25519 key by the birational map of RFC 7748. The header is not sealed:
// who carries the file sees the line, the side, the time and the counts. What TLS gives beyond this a file
// cannot give: who later takes the receiver's TLS key can read the files that he kept.
//
// # Damage
//
// [Inspect] and [Read] check sizes and digests before they read anything else. A file that is damaged is
// refused whole. "plain" is the size of the messages before compression, at most [MaxPlainBytes]; no more
// than that is ever unpacked, and another size is refused.
package courier
