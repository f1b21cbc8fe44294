package transcript

import (
	"fmt"
	"time"
)

// RemarkKind says what a remark is about.
type RemarkKind int

// The remarks that a report makes beside what it judges.
const (
	RemarkOtherMissing    RemarkKind = iota + 1 // what the entries had seen was not compared
	RemarkBeyond                                // they name a head of N entries of Name, of which there are Of
	RemarkReceiptsKey                           // N receipts are not counted for their key
	RemarkReceiptsEd25519                       // N receipts are not counted for want of ML-DSA-44
	RemarkOutside                               // N entries were said while their agreement was not in force
	RemarkBack                                  // an entry is dated Span before a head by Name without it
	RemarkClocks                                // a receipt is dated Span before an entry that it covers
	RemarkThief                                 // head N of the fork, 1 or 2, is by a key revoked At
	RemarkWitnesses                             // a head of N counts by Need of Of witnesses; its key was revoked At
)

// Remark is a note of a report, with what is in it. Which fields count follows from its kind.
type Remark struct {
	Kind        RemarkKind
	N, Of, Need int64
	Name        string
	At          time.Time
	Span        time.Duration
}

// String says it in English.
func (r Remark) String() string {
	switch r.Kind {
	case RemarkOtherMissing:
		return "the other party's transcript of this epoch is not in the file, so what the entries say they had seen of it was not compared"
	case RemarkBeyond:
		return fmt.Sprintf("entries name a head of size %d of %s, of which this file holds %d entries only", r.N, r.Name, r.Of)
	case RemarkReceiptsKey:
		return fmt.Sprintf("receipts that are not counted, because their key did not count then or was revoked later: %d", r.N)
	case RemarkReceiptsEd25519:
		return fmt.Sprintf("receipts that are not counted, because they are signed with Ed25519 alone and the agreement asks for ML-DSA-44 beside it: %d", r.N)
	case RemarkOutside:
		return fmt.Sprintf("entries said before the agreement that they name began or after it ended, by the author's clock: %d", r.N)
	case RemarkBack:
		return fmt.Sprintf("an entry is dated %s before a head that %s had signed without it: that clock went back, or the entry was dated back", r.Span, r.Name)
	case RemarkClocks:
		return fmt.Sprintf("a receipt is dated %s before an entry that it covers: the clocks of the two parties differed by that much or more", r.Span)
	case RemarkThief:
		return fmt.Sprintf("the %s head of the fork is by a key that was revoked at %s: who stole that key may have signed it", []string{"first", "second"}[r.N-1], stamp(r.At))
	case RemarkWitnesses:
		return fmt.Sprintf("the key that signed the head of size %d was revoked as of %s, and no receipt in this file for as many entries is older; the head counts because %d of the %d witnesses that the agreement names had cosigned as many entries before then, each by its own clock",
			r.N, stamp(r.At), r.Need, r.Of)
	}
	return ""
}

// remark notes something, in words and as what it is.
func (t *TranscriptReport) remark(r Remark) {
	t.Notes, t.Remarks = append(t.Notes, r.String()), append(t.Remarks, r)
}
