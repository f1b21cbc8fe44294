// Package transcript is the evidence of a line: entries, transcripts, heads, receipts, proofs,
// disclosure, and the verifier that needs nothing but a file.
//
// It is pure: no clock, no disk, no network; randomness comes in as an [io.Reader]. It knows nothing
// of what is said; package agreement gives it the keys. This comment is the specification of the
// formats. Everything is text; every thing has one encoding, and a reader refuses any other. "Line"
// below, where it is not the link between two parties, is bytes up to and with one newline (0x0A).
//
// # Public formats
//
//   - Hash tree: RFC 6962, section 2.1, with SHA-256; stored hashes as in golang.org/x/mod/sumdb/tlog.
//   - Signatures: C2SP signed-note, with Ed25519 (type 1) and timed cosignature/v1 (type 4); where the
//     line key has an ML-DSA-44 half, FIPS 204, C2SP's timed cosignature with it (type 6) as well.
//   - Heads: C2SP tlog-checkpoint without extension lines. Receipts and the cosignatures of witnesses:
//     C2SP tlog-cosignature, which witnesses give over C2SP tlog-witness.
//   - Proof files: C2SP tlog-proof@v1.
//   - Disclosures: computed as in SD-JWT, RFC 9901, section 4.2.
//
// Base64 is that of RFC 4648 with padding, base64url that without; unused bits are zero. Numbers are
// decimal without sign or leading zeros, from 0 to 2^48; an index is below 2^48. Hexadecimal digits are
// lower case.
//
// # Signed notes
//
// Agreements, heads, receipts and cosignatures are signed notes. A note is split at its last empty line: before it
// stands the text, which ends with a newline; after it one to 16 signature lines and nothing else. A
// signature line is "— <name> <base64>\n": U+2014 and a space, a name without white space (Unicode White_Space) and '+', a
// space, and base64 of key hash and signature, at least 5 bytes. The key hash is the first 4 bytes of
// SHA-256(name || "\n" || type || key), big-endian, the type being one byte. A signature of type 1 is
// Ed25519, RFC 8032, over the text. A note may be refused whose signature line bears a name and key
// hash that no known key has. A key that is a point of small order is refused wherever it stands.
//
// # Origin
//
// A transcript is named by its origin, parley/<line>/<epoch>/<side>: the id of the line's first
// agreement (64 hexadecimal digits), the epoch from 1 up, and a or b. A party cosigns under the name
// parley/<line>/<side>.
//
// # Entry
//
// A sealed entry is one JSON object of at most 65,535 bytes with these members, in this order,
// without spaces:
//
//	v          1
//	agreement  the id of the agreement version in force, 64 hexadecimal digits
//	author     the party's name, 1 to 32 of a-z, 0-9 and '-'
//	seq        the index in the transcript, from 0
//	time       by the author's clock: YYYY-MM-DDThh:mm:ss.sssZ
//	seen       {"size":N,"root":"..."}: the newest head of the other party's transcript that the
//	           author held; size 0 goes with the root of the empty tree (SHA-256 of nothing)
//	kind       1 to 32 of a-z, '.' and '-'
//	drill      true or false
//	_sd        digests in base64url, sorted by the bytes that they stand for, each once; their
//	           number is 8, 16, 32, ...
//	shown      those of _sd whose disclosures go to the other party, sorted in the same way
//
// From one entry to the next, seq goes up by one; time and seen.size never go down; the same
// seen.size has the same root; the author stays. The first entry of an epoch after the first is of the
// kind epoch. The leaf hash of an entry is SHA-256(0x00 || bytes).
//
// # Disclosure
//
// Each field of the body is one disclosure: base64url of the JSON array ["salt","name",value] without
// spaces. The salt is 128 random bits in base64url (22 characters). The name is a letter and up to 63
// more letters, digits, '_', '.' or '-'; no name is there twice in a body. The value is one JSON value
// in UTF-8 without spaces outside strings, with no member name twice in an object, nested at most 64
// deep, and no escape in it stands for half a surrogate pair. The digest is SHA-256 over the characters
// of the base64url. Digests of nothing, 256 random bits, fill up _sd, so that it does not tell how many
// fields there are. The disclosures of one entry have at most 4 MiB together and go in the order of
// their digests.
//
// Who holds an entry and some disclosures sees those fields and cannot guess the others. What is not
// in shown was not told to the other party. A receiver refuses an entry without every disclosure in
// shown: see [CheckShown].
//
// # Head and receipt
//
// A head is a checkpoint of three lines (origin, number of entries, root in base64), an empty line, and
// signature lines by one line key of the author: type 1 under the origin, type 4 under
// parley/<line>/<side>, which states the time by the author's clock in whole seconds, and, where that key
// has an ML-DSA-44 half, type 6 under the same name, which states the same time. A receipt is the
// same three lines, the empty line, and one signature of type 4, and one of type 6 where the key has that
// half, by the other party's line key under its own name: at that time, by its clock, it held every entry up to that size and every disclosure in
// their shown, durably. A signature line is "— <name> <base64>\n", the base64 being that of key hash (4
// bytes), for types 4 and 6 the time (8 bytes, Unix seconds, big-endian), and the signature: 64 bytes of
// Ed25519, 2,420 of ML-DSA-44 with the empty context. Type 1 signs the three lines; type 4 signs
// "cosignature/v1\ntime <seconds>\n" and the three lines; type 6 signs these bytes: "subtree/v1\n" and a
// zero, 12 bytes; the length of the name in one byte, and the name; the time, 8 bytes; the length of the
// origin in one byte, and the origin; 8 zeros; the number of entries, 8 bytes; the root, 32 bytes. Numbers
// are big-endian. The key of type 6 is the 1,312 bytes of the ML-DSA-44 half. The key
// hash is the first 4 bytes of SHA-256(name || "\n" || type || key). A verifier compares whole keys,
// not only their hashes. The time of a signature is from 1 to 253402300799, the last second of the year
// 9999. Size 0 goes with the root of the empty tree, and no other size does.
//
// # Cosignature
//
// A witness is a third party that an agreement names by a verifier key, <name>+<key hash>+<key>, of at most
// 400 bytes: the key hash as 8 hexadecimal digits, the key as base64 of the byte 4 and the 32 bytes of
// Ed25519. A cosignature is the three lines of a head, the empty line, and one signature of type 4 under the
// witness's name: at that time, by the witness's clock, this was the largest transcript of this origin that it
// had seen, and it began with every one that it had seen before. It sees no entry.
//
// # Fork
//
// Two heads of one origin contradict one another if they have one size and two roots, or if the
// larger tree does not begin with the smaller. The evidence is text: the line parley/fork/v1, then
// "first <bytes>\n" and that many bytes of the smaller head, "second <bytes>\n" and the larger;
// where the sizes differ, one of two proofs. Either "root <base64>\n", the root of the larger tree at
// the size of the smaller, which is not the smaller head's, and a line "proof <base64>\n" for each
// hash of the consistency proof (RFC 6962, section 2.1.2) from that root to the larger. Or two leaves
// at one index: "index <number>\n", "first-leaf <base64>\n", a line "first-proof <base64>\n" for each
// hash of its inclusion proof (section 2.1.1) in the smaller tree, and the same with second- for
// another leaf in the larger. A line "level <number>\n", from 1 to 48, may follow the index: the hashes
// are then no leaves but roots of the complete subtree of 2^level entries that has this index among
// those of its level, and each proof is that of a leaf in the tree whose leaves are these subtrees, the
// last of which may be incomplete.
//
// # Foreign head
//
// A party may sign that it holds, or had seen, a head of the other's transcript which that transcript
// has not. What it signed is evidence beside the transcript: either the author gave it another one, or
// it signed what is not so. The evidence is text: the line parley/foreign/v1, then "receipt <bytes>\n"
// and that many bytes of a receipt; or "head <bytes>\n" and a head of the signing party's own
// transcript, "index <number>\n", a line "proof <base64>\n" for each hash of the inclusion proof of
// the entry of that index in that head, "entry <bytes>\n", the sealed entry and a newline. What it held or had
// seen is one entry at least.
//
// # Breach
//
// An author may sign an entry that breaks this format. The evidence is text: the line parley/breach/v1;
// head, index, proof and entry as above, the entry being whatever bytes hash to the leaf; then only
// what it takes to see the breach: nothing, where the entry is not in its one encoding, or has a seq,
// an author or a kind that cannot stand at that index; "before <bytes>\n", the entry of the index
// before, a newline and a line "before-proof <base64>\n" for each hash of its inclusion proof in the
// same head, where time or seen.size go down, or one seen.size has two roots; "disclosure <bytes>\n",
// the disclosure and a newline for each in the order of their digests, which the entry must hold, where
// they are no disclosures, name a field twice or are too large together; these need not be the fewest
// that show it. The name that the author must have is in the agreement. Evidence that shows no breach
// is refused.
//
// # Bundle
//
// A bundle is a file for anyone: one entry, a whole transcript, or all transcripts of a line. It is
// the line parley/bundle/v1, records, and the line "end". There is no checksum over the file: every
// byte is signed, hashed into something signed, or fixed by this grammar. The records are:
//
//	agreement <bytes>\n...          a signed agreement, as it is; all before the transcripts, by version
//	keys <bytes>\n...               signed keys, in the place of an agreement that is not shown
//	transcript <origin>\n           begins a transcript; by line, epoch and side
//	entry <index> <n> <leaf>\n      then a line with the sealed entry and n lines with disclosures;
//	                                the leaf hash in base64 lets a reader name the entry that was changed
//	gap <to>\n                      stands for the entries from here to to-1, which are not shown: a
//	                                line with the root of each of the fewest complete subtrees that
//	                                hold exactly these, from left to right, in base64
//	head <bytes>\n...               a head of the size reached here
//	receipt <bytes>\n...            a receipt for the head of that size, which may be left out
//	cosignature <bytes>\n...        a witness's cosignature on that head
//	fork <bytes>\n...               evidence of a fork of this transcript
//	foreign <bytes>\n...            evidence of a foreign head, of this transcript by its receiver
//	breach <bytes>\n...             evidence of a breach by this transcript's author
//
// In a transcript, entries and gaps follow one another from index 0. One gap comes after another only
// where a head, receipt or cosignature stands between them. At one size come heads, then receipts, then
// cosignatures, then, at the end only, forks, foreign heads and breaches; each in the order of their times,
// and those of one time, and evidence, in the order of their bytes. No record is there twice at one place. A
// receipt or cosignature for size 0 needs its head. A bundle has at least one transcript, and a transcript at least one record. A block
// of <bytes> bytes ends with a newline, which is counted. Bounds: 4,096 agreements and keys together, each 1 MiB,
// head, receipt and cosignature 16 KiB, fork 64 KiB, foreign 128 KiB, breach 9 MiB, the line of an entry 65,535
// bytes, 1,024 disclosures, their lines 4 MiB together.
//
// A bundle that shows one entry has a gap before it, the entry, a gap after it, and a head: the same
// hashes as an inclusion proof. All heads in a bundle are thereby heads of one tree.
//
// A bundle need not hold every head and receipt that was signed: the newest head signs all entries
// before it. [SpareHead] and [SpareReceipt] say which can be left out so that no verdict changes. A
// bundle that leaves out more says less: later times of delivery, or entries that no head covers, with
// which it does not hold.
//
// # Verification
//
// [Verify] makes these checks, and a bundle holds if all pass:
//
//	encoding    the file is a whole bundle in its one encoding
//	agreement   each version, or its keys, is signed by both its parties, follows the one before, is of this line
//	signers     every party key is one that the reader trusts (only where trusted keys were given)
//	entry       each entry is in its one encoding and hashes to the leaf hash beside it
//	sequence    index, author, time and seen run as said above
//	in-force    the agreement that an entry names is in the file, not older than the one named before
//	disclosure  each disclosure is one that its entry holds; no field twice
//	root        the entries hash to the root of each head
//	head        each head is signed by a line key of its author, and heads cover every entry
//	receipt     each receipt is signed by a line key of the receiver, for that very root
//	witness     each cosignature is by a witness that is known, on that very root
//	keys        every entry is under a head whose key counted at the head's time; a key revoked later
//	            counts only where a receipt for as many entries, or the cosignatures of as many
//	            witnesses as agreed, are older than the revocation
//	witnessed   each entry in the file is witnessed as its agreement asks (only where that is demanded)
//	weaving     what an entry had seen of the other transcript is what the file holds of it
//	fork        no author signed two heads that contradict one another
//	foreign     nobody signed a head of the other's transcript that it has not
//	breach      no author signed an entry that breaks the format
//	epochs      no epoch between two in the file is missing
//
// For each entry the earliest receipt that covers it says when the receiver held it, by the
// receiver's clock; without one the delivery is not shown. For each entry in the file the witnesses count that
// its agreement names and whose cosignature covers it: it was witnessed by as many as the agreement asks when
// the last of the first so many signed, by the clock of that one; else it is not witnessed. What an author had seen when it said an entry
// says after when it was said, by the clock of the other party: the earliest head of that size. A
// transcript of which no entry is a gap is complete up to the time of its newest head, by the author's
// clock: what is not there was not said by then. A disclosure that is not in the file is
// redaction and no fault. Who can forge keys for both parties can forge a whole line: without keys
// that the reader got elsewhere, a file is at best consistent, its signers not identified.
//
// # The rules in full
//
// Encoding. This check holds the file to the grammar and the bounds above. Of a head, receipt or cosignature it
// reads the three lines, which must be of this transcript and the size reached, the number of signature
// lines (two and one, or one more of each; one of a cosignature), the lengths of the timed ones, and the
// time of the last, by which records are ordered; whose they are and whether they hold is left to head,
// receipt and witness. What entries, disclosures, agreements and evidence hold is left to the checks of those
// names. A reader stops where the file is not in its encoding: what it has said of the file up to there
// does not count for more.
//
// Agreements. The first agreement in the file may be of any version. Each next one has the line of the
// one before, a version one higher, names the id of the one before as superseded, calls the parties the
// same names, and is signed by at least one party key of the one before, on whichever side. An
// agreement has two signatures, side a's and then side b's, by the party keys that it names. The id of
// a version 1 is the line. At least one agreement is there, every transcript is of its line, and its
// parties have at most 1,024 line keys each over all versions, none of small order. An Ed25519 key that
// several versions name has the same ML-DSA-44 half in each, or none in each. The line keys of a
// side are those of all versions; the bounds of a key, from when and until when it counts (from
// included, revoked excluded), are those of the newest version that names it. When an agreement is in
// force (from, until) decides no check: distress does not wait for a signature.
//
// A file shows that a key was revoked only where the version that says so is in it. A reader who has later versions
// from elsewhere may check the file as if they stood behind those in it; one that does not follow them adds nothing.
// Where an agreement in the file does not hold, or there is none, the file does not hold, and a verifier may leave out
// what else fails for that: in-force, head, receipt and what rests on the keys.
//
// Keys. A record of keys stands in the place of the agreement whose id, line and version it states, and is
// checked as that would be, with the same keys, witnesses and signatures; the id is not computed, since the
// text is not there. Agreements and keys of other versions may stand in one file. The verdict says which
// versions are not shown.
//
// Entries. A sealed entry is hashed as its bytes stand, and this is compared with the leaf beside it;
// the tree goes on with the leaf hash beside it. The index is the seq, the author is the name of the
// side; of two entries that follow one another in the file, gaps between them or not, time and
// seen.size do not go down and one seen.size has one root. The agreement that an entry names is in the
// file, and its version is not below the highest that an entry before it in the transcript named.
// Disclosures stand in the order of their digests, each digest is one of _sd, no two name one field.
//
// Heads and receipts. A head's root is that of the leaves and gaps before it; all its signatures are
// by one line key of the author, not necessarily counting at its time. A receipt's root is the same, its
// signatures are by one line key of the receiver. A key with an ML-DSA-44 half gives that signature too,
// always, and a key without gives none. Where the agreement asks for both and the key has no such half,
// the head or receipt does not count: the agreement here is the newest that an entry before it in the
// transcript names, or the first in the file where none is named; for size 0 none asks. Apart from that, a
// head counts if its key counts at the head's time
// and, where that key is revoked (at whatever time), as many entries are older than the revocation. They are,
// by one of two ways: a receipt in the file for as many entries or more
// is older than the revocation and by a key of the receiver that is never revoked and counts at the
// receipt's time; or cosignatures of as many entries or more are older than the revocation, by at least quorum, and
// at least one, of the witnesses that the agreement lists which is the newest that an entry before the head in the transcript
// names, or the first in the file where none is named, and, where the reader knows any witnesses, by ones of these alone. A head covers the last entry or gap of its transcript (check head), and so does one
// that counts (check keys; where none covers it, a verifier names either or both). Two heads of one
// size whose signatures hold and whose roots differ are a fork as well. A receipt counts if its key
// counts at its time and, where that key is revoked, an entry of the receiver's own transcript of that
// epoch has seen as many entries or more, and the entries up to the first that has are older than the
// revocation by one of the same two ways, the agreement being the newest that one of these names. A receipt that does
// not count is no fault; delivery rests on those that do.
//
// Witnesses. Known are the witnesses of every agreement in the file and those that the reader knows. A
// cosignature's name and key are those of one of these, compared in full, and its root is that of the leaves
// and gaps before it. It covers the entries before its size. An entry is witnessed as its agreement asks if
// cosignatures of at least quorum of the witnesses that the agreement named by the entry lists cover it;
// where the reader knows any witnesses, those alone count. That an entry is not witnessed is a failure only
// where the reader demands that all are: what is missing in a file was not necessarily never signed.
//
// Weaving. Where an entry has seen a size at which the file lets one compute a root of the other
// transcript of its epoch (0, after each entry, after each gap), it is the root that the entry names. A
// size that the file does not reach, or that lies in a gap, is no fault.
//
// Epochs. The epochs in the file that have entries or gaps follow one another without a hole.
//
// Evidence. A fork, foreign head or breach that holds is a failure of the check of its name: the file
// does not hold, because somebody broke the rules. So is one that does not hold. A file in which nothing
// else is wrong shows that two versions of a transcript cannot both be honest; agreements, the line of
// the transcript and the evidence are enough for that.
//
// # A worked example
//
// Blue's line key is the Ed25519 key of the seed of 32 bytes 01, green's that of 32 bytes 02.
// Blue files a notice of two fields, of which it shows one. The disclosures, and their digests:
//
//	["auZ4P0-96RtuuItzpI7SRw","title","survey"]
//	WyJhdVo0UDAtOTZSdHV1SXR6cEk3U1J3IiwidGl0bGUiLCJzdXJ2ZXkiXQ
//	DEkcpyddE5X8R63Zlg85w5BC1_Q61XtBg5t3hU_J0d4
//
//	["2-WILiV5aDQywb_FJUVK3Q","lower_m",0]
//	WyIyLVdJTGlWNWFEUXl3Yl9GSlVWSzNRIiwibG93ZXJfbSIsMF0
//	gp9yRlRVmJbHpFHCITpoJgmp0hVihvtiJXMFGng6yl0
//
// The sealed entry, which lists these two digests among six of nothing:
//
//	{"v":1,"agreement":"f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d","author":"blue","seq":0,"time":"2026-12-01T06:00:00.000Z","seen":{"size":0,"root":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},"kind":"notice.file","drill":false,"_sd":["DEkcpyddE5X8R63Zlg85w5BC1_Q61XtBg5t3hU_J0d4","DNhydNZwhMqvDg02yEltt_71X-DhJXUKpgjV4g_8LRI","EvSkZU76K9EeOp6X4uIw4e5jWsyooeLXZ2Zj89QVckc","KJ0E9CkZQf43QwPyIJ6kUzx1GNu0mWVYFFFxu5ryspg","OjEd6FvNsyB7fIMdHJAgFXQEieoVVCY4X7Z41xDzZ_s","VutEM3xP3-L5QEIg58UBD-SYoSMZzw7BixVS0HeGbP8","gp9yRlRVmJbHpFHCITpoJgmp0hVihvtiJXMFGng6yl0","jNhGTTGmzU38korIgStlrzdj3bvAZzkud9EACTD47s0"],"shown":["gp9yRlRVmJbHpFHCITpoJgmp0hVihvtiJXMFGng6yl0"]}
//
// Its leaf hash, which is also the root of a transcript of one entry:
//
//	DdoM00R1osVa1IEZiglC2Cc2T9K+/k0WxyIUvKkLMqc=
//
// Blue's head, signed at 2026-12-01T06:00:01Z:
//
//	parley/f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d/1/a
//	1
//	DdoM00R1osVa1IEZiglC2Cc2T9K+/k0WxyIUvKkLMqc=
//
//	— parley/f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d/1/a Lq95uwHVa1RXoky6rSXvO/MIpU6SgU56uZs8aMSz38su3cginWdKbtU/lCj/5pAisv6x283I3aLTaLecYQ+e6CXyIQs=
//	— parley/f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d/a EIYx+QAAAABrDmJhoxFwGygpyH/jS0W8yQf0UQwRjySzHcsBkeMuStJtrrpQnfvd7MoQ8F2lApSM+p6vSMdkfwpq2jlAFYqk86nTCg==
//
// Green's receipt, signed at 2026-12-01T06:00:02Z:
//
//	parley/f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d/1/a
//	1
//	DdoM00R1osVa1IEZiglC2Cc2T9K+/k0WxyIUvKkLMqc=
//
//	— parley/f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d/b Rby69QAAAABrDmJihJQWouRdtZ8Gmy9UewhAyGngGuXx+dp2iSKWKfwvM3+4Q99YFaa1x1RVaXUceDfdJO3enAeY4XRfKPvv/i04Cw==
//
// The proof file of the entry, to which no hash is needed in a tree of one:
//
//	c2sp.org/tlog-proof@v1
//	index 0
//
//	parley/f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d/1/a
//	1
//	DdoM00R1osVa1IEZiglC2Cc2T9K+/k0WxyIUvKkLMqc=
//
//	— parley/f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d/1/a Lq95uwHVa1RXoky6rSXvO/MIpU6SgU56uZs8aMSz38su3cginWdKbtU/lCj/5pAisv6x283I3aLTaLecYQ+e6CXyIQs=
//	— parley/f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d/a EIYx+QAAAABrDmJhoxFwGygpyH/jS0W8yQf0UQwRjySzHcsBkeMuStJtrrpQnfvd7MoQ8F2lApSM+p6vSMdkfwpq2jlAFYqk86nTCg==
//	— parley/f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d/b Rby69QAAAABrDmJihJQWouRdtZ8Gmy9UewhAyGngGuXx+dp2iSKWKfwvM3+4Q99YFaa1x1RVaXUceDfdJO3enAeY4XRfKPvv/i04Cw==
//
// A bundle that shows what green was told, without the agreement that stands before the transcript:
//
//	parley/bundle/v1
//	transcript parley/f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d/1/a
//	entry 0 1 DdoM00R1osVa1IEZiglC2Cc2T9K+/k0WxyIUvKkLMqc=
//	{"v":1,"agreement":"f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d","author":"blue","seq":0,"time":"2026-12-01T06:00:00.000Z","seen":{"size":0,"root":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},"kind":"notice.file","drill":false,"_sd":["DEkcpyddE5X8R63Zlg85w5BC1_Q61XtBg5t3hU_J0d4","DNhydNZwhMqvDg02yEltt_71X-DhJXUKpgjV4g_8LRI","EvSkZU76K9EeOp6X4uIw4e5jWsyooeLXZ2Zj89QVckc","KJ0E9CkZQf43QwPyIJ6kUzx1GNu0mWVYFFFxu5ryspg","OjEd6FvNsyB7fIMdHJAgFXQEieoVVCY4X7Z41xDzZ_s","VutEM3xP3-L5QEIg58UBD-SYoSMZzw7BixVS0HeGbP8","gp9yRlRVmJbHpFHCITpoJgmp0hVihvtiJXMFGng6yl0","jNhGTTGmzU38korIgStlrzdj3bvAZzkud9EACTD47s0"],"shown":["gp9yRlRVmJbHpFHCITpoJgmp0hVihvtiJXMFGng6yl0"]}
//	WyIyLVdJTGlWNWFEUXl3Yl9GSlVWSzNRIiwibG93ZXJfbSIsMF0
//	head 480
//	parley/f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d/1/a
//	1
//	DdoM00R1osVa1IEZiglC2Cc2T9K+/k0WxyIUvKkLMqc=
//
//	— parley/f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d/1/a Lq95uwHVa1RXoky6rSXvO/MIpU6SgU56uZs8aMSz38su3cginWdKbtU/lCj/5pAisv6x283I3aLTaLecYQ+e6CXyIQs=
//	— parley/f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d/a EIYx+QAAAABrDmJhoxFwGygpyH/jS0W8yQf0UQwRjySzHcsBkeMuStJtrrpQnfvd7MoQ8F2lApSM+p6vSMdkfwpq2jlAFYqk86nTCg==
//	receipt 307
//	parley/f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d/1/a
//	1
//	DdoM00R1osVa1IEZiglC2Cc2T9K+/k0WxyIUvKkLMqc=
//
//	— parley/f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d/b Rby69QAAAABrDmJihJQWouRdtZ8Gmy9UewhAyGngGuXx+dp2iSKWKfwvM3+4Q99YFaa1x1RVaXUceDfdJO3enAeY4XRfKPvv/i04Cw==
//	end
package transcript
