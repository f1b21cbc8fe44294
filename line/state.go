package line

import (
	"time"

	"parley/transcript/ledger"
)

// State is a line's state.
type State string

// The states of a line.
const (
	Up        State = "up"
	Lagging   State = "lagging"
	Down      State = "down"
	Suspended State = "suspended" // declared by a party; hold and distress pass, heartbeats go on
	Disputed  State = "disputed"  // a fork; hold and distress pass in the next epoch
)

// Cause is why a line is down.
type Cause string

// The causes. Silence alone proves nothing: its cause is unknown.
const (
	NoCause   Cause = ""
	Technical Cause = "technical" // a connection was refused, reset or not made
	Political Cause = "political" // a suspension is declared and the peer is silent
	Unknown   Cause = "unknown"
)

// Status is a line at one moment.
type Status struct {
	State        State
	Cause        Cause
	Since        time.Time     // when State began
	LastExchange time.Time     // by the own clock; zero: none since the start
	Starting     bool          // nothing came yet, and Terms.DownAfter has not passed since the start: nobody can know what the line is
	Failure      Failure       // the newest failure since the last exchange
	Dialing      bool          // this end holds the connection that it dialed
	Inbound      bool          // the peer holds a connection that it dialed
	ClockOffset  time.Duration // the peer's clock minus the own; see OffsetKnown
	OffsetKnown  bool
	ClockAlarm   bool          // the offset is over the terms' bound
	RTT          time.Duration // of the sample that gave ClockOffset
	Undelivered  int64         // own entries without a receipt
	Unacked      int           // own hold and distress entries neither receipted nor acknowledged
	PeerHave     ledger.Have   // what the peer last said that it holds of the own transcript
	Own          ledger.Have
	Held         ledger.Have // the peer's transcript as held here
	Confirmed    bool        // the ledger may sign
	Doubted      bool        // it might, and then the peer showed more of the own transcript than there is
	OldKey       time.Time   // since when entries came under a line key of the peer's that does not count; zero: not of late
}

// Evidence is what a line's state follows from.
type Evidence struct {
	LastExchange time.Time // zero: none
	Suspended    bool      // a suspension is declared
	Forked       bool
	Failure      Failure // the newest since the last exchange
}

// oldKeyFor is how long after the last entries under a key that does not count Status says so.
const oldKeyFor = 10 * time.Minute

// Derive returns the state that follows from evidence at now. Silence comes first: a line that
// carries nothing is down whatever else is said of it. The bounds belong to the worse state.
func Derive(now time.Time, e Evidence, t Terms) (State, Cause) {
	silence := now.Sub(e.LastExchange)
	switch {
	case e.LastExchange.IsZero() || silence >= t.DownAfter:
		return Down, causeOf(e)
	case e.Forked:
		return Disputed, NoCause
	case e.Suspended:
		return Suspended, NoCause
	case silence >= t.LaggingAfter:
		return Lagging, NoCause
	}
	return Up, NoCause
}

func causeOf(e Evidence) Cause {
	switch {
	case e.Suspended:
		return Political
	case e.Failure == NoFailure, e.Failure == FailSilent:
		return Unknown
	}
	return Technical
}

// nextTurn returns how long silence can last from now until Derive may say something else, and
// whether it ever will.
func nextTurn(now time.Time, e Evidence, t Terms) (time.Duration, bool) {
	if e.LastExchange.IsZero() {
		return 0, false
	}
	silence := now.Sub(e.LastExchange)
	switch {
	case silence < t.LaggingAfter:
		return t.LaggingAfter - silence, true
	case silence < t.DownAfter:
		return t.DownAfter - silence, true
	}
	return 0, false
}

// EventKind is what happened.
type EventKind string

// The kinds of events. Each is said once when it begins; EventState also when it ends.
const (
	EventState      EventKind = "state"       // Status.State or Status.Cause changed
	EventClock      EventKind = "clock"       // the clock alarm began or ended; belongs on the record
	EventPeerFault  EventKind = "peer-fault"  // the peer sent what does not hold: see Verdict and Failure
	EventAdvance    EventKind = "advance"     // an advance copy arrived and is durable: Index
	EventAcked      EventKind = "acked"       // the peer acknowledged an advance copy: Index
	EventConfirmed  EventKind = "confirmed"   // the ledger may sign: the peer gave back what it held, or an operator gave his word
	EventWrongKey   EventKind = "wrong-key"   // who answered at the peer's address does not hold a pinned key
	EventRefusesKey EventKind = "refuses-key" // the peer does not accept the own TLS key
	EventRefused    EventKind = "refused"     // the peer took nothing of what was sent: see Refusal
	EventLocal      EventKind = "local"       // the own ledger failed: nothing can be made durable
)

// Event is one thing that happened on a line, with the status after it.
type Event struct {
	Kind    EventKind
	At      time.Time // by the own clock
	Verdict ledger.Verdict
	Refusal Refusal
	Failure Failure
	Epoch   int64 // of EventAdvance and EventAcked
	Index   int64
	Status  Status
}

// Failure is the class of a failure on the line, for people at home.
type Failure string

// The failures.
const (
	NoFailure      Failure = ""
	FailDial       Failure = "dial"        // no connection could be made
	FailTLS        Failure = "tls"         // no TLS session could be made
	FailWrongKey   Failure = "wrong-key"   // the peer's key is not pinned
	FailRefusedKey Failure = "refused-key" // the peer refused the own key
	FailBroken     Failure = "broken"      // a connection ended in the middle of a message
	FailSilent     Failure = "silent"      // nothing came for too long on an open connection
	FailMalformed  Failure = "malformed"   // what came is not a message
	FailRefused    Failure = "refused"     // the peer answered with a refusal
	FailLedger     Failure = "ledger"      // the own ledger failed
)
