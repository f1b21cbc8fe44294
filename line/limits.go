package line

import (
	"time"

	"parley/transcript"
	"parley/transcript/ledger"
)

// Bounds on what a peer may send or hold. The bounds of one entry are the transcript's: a signed
// entry over them must reach the ledger, which judges it, so here only messages are bounded.
const (
	// MaxMessageBytes is the size of one encoded message.
	MaxMessageBytes = ledger.MaxParcelBytes
	// envelopeBytes is what a message may need beside the entries of its parcel.
	envelopeBytes = 3*transcript.MaxNoteBytes + 2*ledger.MaxReceipts*receiptBytes + maxProofs*transcript.MaxForkBytes + 4<<10
	// receiptBytes is more than a receipt takes that is signed with Ed25519 and ML-DSA-44.
	receiptBytes = 4 << 10
	// maxItems bounds entries, disclosures, acknowledgements and proof hashes of one message, so
	// that millions of empty ones cannot turn 8 MiB into hundreds.
	maxItems = 1 << 18
	// maxAdvances and maxAcks bound the urgent part of one message.
	maxAdvances = 256
	maxAcks     = 1024
	// maxProven and maxProofs bound what one message says of forks.
	maxProven = 256
	maxProofs = 2
	// maxProof is the length of an inclusion proof in a tree of 2^63 leaves.
	maxProof = 63
	// readChunk is how much memory a message gets before its bytes have come.
	readChunk = 64 << 10

	// maxWait bounds the long poll that a peer may ask for.
	maxWait = time.Minute

	maxHeaderBytes     = 8 << 10 // HTTP header of a request or an answer
	maxStreams         = 16      // concurrent requests on one connection
	maxConnsPerPeer    = 6       // two in use, and those not yet known to be dead
	maxHandshakes      = 64      // connections that have not yet shown a pinned key
	maxExchangesAtOnce = 4       // exchange messages of one line being read or stored at once
	maxUrgentAtOnce    = 4       // urgent messages likewise; their own, so that a transfer never holds them up
	maxPollsAtOnce     = 8       // polls of one line that wait at once, of each of the two sorts

	// Exchange messages a second that one line handles before it slows the peer down.
	messagesPerSecond = 2000
	messageBurst      = 1000

	// receiveWindow and connWindow are HTTP/2's flow control: what one message, and all on one
	// connection, may have under way.
	receiveWindow = 256 << 10
	connWindow    = 512 << 10

	dialTimeout      = 10 * time.Second // of a connection without TLS
	handshakeTimeout = 30 * time.Second // of TLS on it
	// answerGrace is how long an answer may take beyond its wait once its request is handed to the
	// connection. It lets 768 KiB under way cross a link of 4 KiB/s.
	answerGrace  = 4 * time.Minute
	farewellTime = time.Second // for a refused peer to read why
	// minIdle is the least time that a server leaves a connection without a byte.
	minIdle = 10 * time.Second
	// stallLimit is how long one message may stand still while others pass on its connection.
	stallLimit = time.Minute
	// sendBufferBytes bounds what the kernel queues before a heartbeat on the same connection.
	sendBufferBytes = 256 << 10

	redialMin = 100 * time.Millisecond
	redialMax = 1600 * time.Millisecond
	maxDials  = 16 // attempts of one connection under way at once

	maxEvents = 256 // events kept for a reader of Changes who is late
)
