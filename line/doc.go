// Package line is the link between two nodes under an agreement.
//
// A [Line] is one end: it moves what a [Ledger] has to the peer and what the peer has to the ledger,
// keeps the two in touch, and says how the link stands. It judges no entry; the ledger does. A
// [Server] accepts connections for the lines of one party. [New] and [NewServer] start nothing; Run
// blocks and owns every goroutine.
//
// # Connection
//
// HTTP/2 over TLS 1.3. Both ends show a self-signed certificate whose Ed25519 key must be one that
// [Config.PeerKeys] lists at that moment; no authority, no names, no dates, no resumption. Who shows
// another key gets a TLS alert. A key that is no longer listed gets no answer on a connection that
// it opened before.
//
// The dialer holds two connections: one for exchanges, one for what cannot wait, so that a transfer
// never stands before a hold. On each it keeps a poll outstanding, whose answer waits for the other
// end's news, and sends its own news in a request beside it; news travels at once both ways whoever
// dialed. Where both ends can dial, side a does; b does after a heartbeat without a word of a, and
// gives way when a comes back. Two who dial at once do no harm: everything is idempotent.
//
//	POST /parley/v1/line/<line id>/exchange    parcels, receipts, give-backs; heartbeats
//	POST /parley/v1/line/<line id>/urgent      advance copies and their acknowledgements
//
// Request and answer are one [Message] each, of type application/vnd.parley.message. A status other
// than 200 has no body: 400 what came is not a message (or, at urgent, carries more than urgent
// matter), 404 not a line of this peer's, 405, 413, 415 as HTTP has them, 503 not now.
//
// # Message
//
// Numbers are big-endian and never negative; "bytes" is a u32 length and so many bytes; "list" is a
// u32 count and so many items; a time is nanoseconds since 1970 in UTC, 0 for none. There is one
// encoding of a message; it is at most 8 MiB, and its reader allocates no more than came.
//
//	magic    "parley" 00 01; the last byte is the version
//	length   u32, of what follows
//	sent     u64 time, when it was encoded
//	echo     u64 time, u64 time: a stamp of the receiver's, and when it came
//	wait     u32 milliseconds that the answer may wait; at most a minute
//	flags    u8: 1 wants entries or copies, 2 has a parcel, 4 has an ask, 8 has a back
//	refusal  u8, see Refusal
//	acks     list of: epoch u64, index u64
//	advances list of: origin, head bytes, index u64, entry, proof list of 32 bytes
//	proven   list of: epoch u64, side u8: transcripts of which the sender can prove a fork
//	proofs   list of bytes: those that the receiver lacks, each as transcript.ParseFork reads it
//	ask      epoch u64, size u64: give back my transcript beyond this
//	parcel   as below
//	back     as below: the receiver's own transcript as the sender holds it
//
//	origin   line id 32 bytes, epoch u64, side u8 (0 is a, 1 is b)
//	entry    sealed entry bytes, disclosures list of bytes
//	parcel   origin, have, head bytes, receipted, after, receipts list of bytes, first u64, list of entry
//	         have, receipted and after are epoch u64, size u64 each
//
// The empty message, which is a heartbeat, is 58 bytes:
//
//	7061726c6579 00 01  0000002e
//	0000000000000000  0000000000000000  0000000000000000  00000000 00 00
//	00000000  00000000  00000000  00000000
//
// sent and echo measure the offset of the two clocks at each message as NTP's symmetric mode does;
// of the newest eight samples the one with the least delay counts. Entries over the transcript's own
// bounds still fit a message: what is signed must reach the ledger, which judges it.
//
// # What a node does with it
//
//   - A message of the peer's, whatever it says, is an exchange: LastExchange is when its last byte
//     came. [Derive] makes the state of it.
//   - The peer's Have says what it lacks; the line sends from there. Nothing else is remembered of a
//     connection, so that a cut loses nothing and a repetition changes nothing. What it lacks of a
//     closed epoch comes before the open one.
//   - Receipted says in the same way up to where a node holds the receipts for its own transcript. The
//     peer gives those after, so that both come to show the same time of delivery for every entry,
//     whatever was lost on the way.
//   - A node that can prove a fork says so in every message, and hands the proof over until the peer
//     says the same: both copies of the record then name the fork. A proof is checked against the
//     signatures of whom it accuses, and is worth nothing without them.
//   - A ledger that is not confirmed asks, in every message, for its own transcript back, and until
//     it is confirmed the line hands it nothing to sign.
//   - What does not hold is refused with a number, said once at home, and asked again after growing
//     pauses of at most a heartbeat.
//   - A declared suspension holds entries beyond the first head that covers [Suspension.UpTo]. Advance
//     copies, receipts and heartbeats pass in every state.
//   - Advance copies go until they are acknowledged or receipted.
//
// # Without a network
//
// The same messages go as files: [Line.Pack] yields them from the newest receipt on, hold and distress
// first, and [Line.Unpack] does what a file's say, on the path that those of a connection take. A file is no
// exchange: it does not move the state of the link. What is given back by file counts only as the answer to
// an ask of this run, as an older one may know less than this node has signed since. Package courier says
// how a file is signed, sealed and cut.
//
// # Slow and hostile links
//
// A connection ends when no byte moves for two heartbeats, a message when it stands still for a
// minute or is not answered in four; none has a limit on its whole time. A link of 4 KiB/s carries
// a full message. limits.go has every bound.
package line
