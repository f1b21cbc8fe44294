package line

import (
	"time"

	"parley/transcript"
	"parley/transcript/ledger"
)

// Message is what one node hands the other in one direction: over a connection, or as a file. Every
// part is optional; a message with none is a heartbeat.
type Message struct {
	Sent     time.Time     // the sender's clock when it was encoded
	Echo     Echo          // of a message that the sender had from the receiver
	Wait     time.Duration // how long the answer may wait for news; 0: answer at once; whole milliseconds
	Want     bool          // the sender wants entries, or advance copies, in the answer
	Refusal  Refusal       // of an answer: why nothing was taken
	Parcel   *ledger.Parcel
	Advances []ledger.Advance
	Acks     []Ack
	Ask      *ledger.Have   // give back what you hold of my transcript beyond this
	Back     *ledger.Parcel // what I hold of yours beyond what you asked
	Proven   []Transcript   // the transcripts of which I hold a proof that they have forked
	Proofs   [][]byte       // proofs that you lack, as transcript.ParseFork reads them
}

// Echo returns a stamp of the receiver's with the time at which it came, to measure the offset of
// the two clocks as NTP does. A zero Sent means none.
type Echo struct {
	Sent     time.Time // the receiver's own stamp
	Received time.Time // by the sender's clock
}

// Transcript names one of the two transcripts of an epoch.
type Transcript struct {
	Epoch int64
	Side  transcript.Side
}

// Ack says that an advance copy is durable.
type Ack struct{ Epoch, Index int64 }

// Refusal is why a node took nothing of a message. No text crosses the line.
type Refusal uint8

// The refusals. A number that is not among them is read as it is.
const (
	NotRefused     Refusal = 0
	RefusedUnsound Refusal = 1 // what came does not hold
	RefusedFormat  Refusal = 2 // over a bound of the format
	RefusedForked  Refusal = 3 // contradicts what the sender signed before
	RefusedUnready Refusal = 4 // not yet able to sign or to store; try again
)
