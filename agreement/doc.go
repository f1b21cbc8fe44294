// Package agreement holds the terms that two parties signed: who they are, where and for what
// they hold, how far notices must keep apart, how early and how fast each must be told, and what
// each shows the other.
//
// An agreement is a signed note (C2SP signed-note). Its text is the line "parley/agreement/v1",
// then the terms as JSON in one encoding: the members in the order of Terms, none left out but
// those that came later and are empty (hosts, and an observer's disclosure and party_key), indented
// by two spaces, a line feed at the end. Names that end in _s are whole seconds, in _m
// metres, in _ft feet; times are RFC 3339 in UTC to the millisecond, "" for none; keys are the
// standard base64 of 32 bytes of Ed25519. The id is the SHA-256 of the text in hexadecimal. Each
// party signs as "parley/party/<name>" with its party key. A reader refuses text that is not in
// this encoding, so the same terms have one id.
//
// The line's id is the id of the first version. Later versions name it, the version that they
// supersede, and a number one higher.
//
// # What a verifier of transcripts reads
//
// Of the terms it needs these members alone; the signatures hold the rest.
//
//	line                    the line's id; "" in the first version, whose own id it is
//	version                 from 1 up
//	supersedes              the id of the version before; "" in the first
//	from, until             when it is in force; "" is open
//	signatures              of heads and receipts: "ed25519", or "ed25519+ml-dsa-44"
//	parties[0], parties[1]  sides a and b, each with
//	    name                    as entries name their author
//	    party_key               signs agreements as parley/party/<name>
//	    line_keys[]             key, ml_dsa_44 (1,312 bytes in base64, or ""), from, revoked; "" is open
//	witnesses.quorum        how many witnesses must cosign, from 0 to their number
//	witnesses.verifiers[]   the verifier keys of the witnesses
//	hosts[]                 name and party_key of the hosts, for their words; may be left out
//
// Times, keys, names and ids are texts, version and quorum whole numbers. A party has 1 to 100 line keys. The
// names of the parties are two, those of the witnesses differ, and no key of a party, of a line or of a witness
// stands there twice; a line key's revoked is after its from. An agreement, and the keys in its place, have at
// most 524,288 bytes as a note, in UTF-8 without control characters but the newline.
//
// An agreement counts only with the signatures of both party keys that it names, side a's line before
// side b's. No member is there twice. A verifier may leave the rest of the encoding to those who
// signed; this program refuses terms that are not in it, or not valid.
//
// # Keys in the place of an agreement
//
// A file need not show an agreement. In its place stand its keys, which both parties signed beside it: a
// signed note whose text is the line "parley/keys/v1" and then, as JSON in the same encoding, the members
// line, version, agreement, supersedes, signatures, parties and witnesses, in this order. Agreement is the id
// of the agreement, and line that of the first version, also in the first. A party has the members name,
// party_key and line_keys, a line key and the witnesses those that they have in the terms. All of them say
// what the agreement says. There are two signatures, side a's and then side b's, as on an agreement.
package agreement
