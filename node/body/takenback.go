package body

// TakenBack is the body of KindTakenBack: the author's node took back entries of its own transcript that its store
// did not hold.
type TakenBack struct {
	From    Ref   `json:"from"`    // the first of them
	Entries int64 `json:"entries"` // how many
	Running bool  `json:"running"` // it had been running, and no backup was put back since it began
}
