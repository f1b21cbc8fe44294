// Package consent holds the word of a host: a third party whose ground or sky it is. The agreement names it
// and its key; with that key it says, outside the line, that it consents, or that it withdraws that. Either
// party puts the note on the line, and both nodes and every verifier then say the same of it.
//
// A consent is a signed note (C2SP signed-note). Its text is the line "parley/consent/v1", then one JSON
// object in one encoding: these members in this order, none left out, indented by two spaces, a line feed
// at the end.
//
//	line        the id of the line
//	agreement   the id of the version of the agreement that it is about
//	host        the host's name, as the agreement has it
//	host_key    the standard base64 of its 32 bytes of Ed25519
//	says        "consents" or "withdraws"
//	date        when it was signed, by the host's clock: YYYY-MM-DDThh:mm:ss.sssZ
//	from        of a consent, from when it counts; "" in a withdrawal, which counts from its date
//	until       of a consent, until when; "" until it is withdrawn
//	text        what the host adds: one line of at most 500 bytes of UTF-8, or ""
//
// Ids are 64 hexadecimal digits in lower case; the host's name is 1 to 32 of a-z, 0-9 and '-'; times are of the
// years 2000 to 9000, until after from; the text has no control characters, no format characters but U+200C to
// U+200F, and no U+2028, U+2029 or U+FFFD.
//
// There is one signature, as parley/party/<host> under host_key. The id of a consent is the SHA-256 of its
// text. A note has at most 4,096 bytes.
//
// # What stands
//
// An entry of the kind consent has the note as the field note. It counts where the note can be opened, its
// line is the one of the entry, its agreement is a version that both parties signed and that names the host
// under that key, and it is not dated more than five minutes after the entry's time, by the author's clock.
// What the entry says beside the note (id, officer, role) makes nothing of it.
//
// Where a file has the keys of a version in the place of the agreement, it does not say whom that names. A word on
// such a version counts where all the rest holds, and a verifier says of it that the file does not show whether the
// version names this host and key. Two keys that sign under one name are then two hosts, each with what stands of
// its own: which of them the agreement names, if any, the file does not say.
//
// Of what counts, each version of the agreement has for each of its hosts one that stands: that of the newest
// date; of several of one date a withdrawal before a consent, and then that of the greatest id. So a consent
// that is brought again after a withdrawal changes nothing. At a time, the host
//
//	asked       said nothing of this version, or consents only from later on
//	consents    from its from, and until its until
//	lapsed      since its until
//	withdrawn   since the date of the withdrawal
//
// A consent to a version that was replaced is none to the version in its place. Silence is no consent.
package consent
