package ledger

import (
	"time"

	"parley/transcript"
)

// MaxParcelBytes is the size that a parcel stays under on the wire.
const MaxParcelBytes = 8 << 20

// Have says what a node holds of the other's transcript: the next entry that it lacks.
type Have struct {
	Epoch int64
	Size  int64
}

// MaxReceipts is how many receipts a parcel carries at most.
const MaxReceipts = 64

// Parcel is what one node hands the other: entries from First up to a stored head, that head, and
// the receipts that the other lacks. A parcel without entries still carries head and receipts.
type Parcel struct {
	Origin    transcript.Origin   // the sender's transcript
	Have      Have                // the next entry of the receiver's transcript that the sender lacks
	Head      []byte              // signed note; its size is First+len(Entries) where there are entries
	First     int64               // index of Entries[0]
	Entries   []transcript.Sealed // with exactly the disclosures that are shown to the receiver
	Receipted Have                // the sender holds every receipt for its transcript up to this size
	After     Have                // of the receiver's transcript: Receipts are all the sender's after this size
	Receipts  [][]byte            // signed notes with the sender's cosignatures on heads; sizes ascending
}

// Want is what a peer lacks, as it last said.
type Want struct {
	Have      Have // Parcel.Have
	Receipted Have // Parcel.Receipted; zero: not known
	UpTo      Have // nothing goes out beyond the first head that covers this; zero: no bound
	MaxBytes  int  // about how much of entries; 0: none
}

// Verdict is what a node makes of a parcel.
type Verdict string

// The verdicts. Design: old is answered with the newest receipt; missing asks again from Have;
// unsound (entries that do not hash to the signed root, a withheld disclosure, a bad signature)
// is refused and asked again; forked closes the epoch.
const (
	Taken   Verdict = "taken"   // everything new is durable and receipted
	Old     Verdict = "old"     // nothing new
	Missing Verdict = "missing" // entries before First are not here
	Unsound Verdict = "unsound" // does not hold; nothing of it is kept
	Forked  Verdict = "forked"  // contradicts what the same key signed before
	Breach  Verdict = "breach"  // over the bounds of the format, signed; closes the epoch
)

// Outcome is what Receive did.
type Outcome struct {
	Verdict Verdict
	Reason  string // for logs and alarms at home; never sent
	Have    Have   // what is held now
	Taken   int    // how many entries are new
	OldKey  bool   // what is not held came under a line key that does not count now, and was not taken
}

// Advance is one entry sent ahead of its turn: hold and distress.
type Advance struct {
	Origin transcript.Origin
	Head   []byte
	Index  int64
	Entry  transcript.Sealed
	Proof  []transcript.Hash // inclusion of the entry in Head
}

// Record is an entry as a ledger holds it.
type Record struct {
	Origin      transcript.Origin
	Entry       transcript.Entry
	Bytes       []byte
	Disclosures [][]byte
	Fields      []transcript.Field // what the disclosures say, as transcript.Open returns it; nil: not opened yet
	HeldAt      time.Time          // when this node made it durable, by its own clock
	Ahead       bool               // an advance copy, not yet in order
	late        int64              // Cursor.Late after it
}

// Cursor is a place in both transcripts: everything before it has been read.
type Cursor struct {
	Epoch int64
	Own   int64
	Other int64
	Late  int64 // of the entries that came into a closed epoch after the next was open, so many
}

// Standing is where a ledger stands.
type Standing struct {
	Own         Have  // the own transcript's open epoch and size
	Held        Have  // the peer's transcript as held here
	Asks        Have  // from where on the own transcript is asked back; see TakeBack
	Undelivered int64 // own entries of the open epoch without a receipt
	Confirmed   bool  // the peer was asked what it holds of the own transcript: the ledger may sign
	Forked      bool  // the peer's transcript, or the own one as the peer has it, has forked
	Closed      bool  // the open epoch is closed: nothing more enters it; see NextEpoch
	Doubted     bool  // it was confirmed, and then the peer showed more of the own transcript than there is
}
