package body

import "parley/statement"

// The kinds of entry about statements.
const (
	KindStatement        = statement.KindPut
	KindStatementRefused = statement.KindRefused
)

// Statement is the body of KindStatement: the signed note. What it came to follows from the signatures
// on the record, and from nothing that is said beside them.
type Statement struct {
	ID         string `json:"id"`
	Note       string `json:"note"`
	Officer    string `json:"officer"`
	Role       string `json:"role"`
	ReleasedBy string `json:"released_by,omitzero"` // the second officer, where it took two
}

// StatementRefused is the body of KindStatementRefused.
type StatementRefused struct {
	Statement string `json:"statement"`
	Entry     Ref    `json:"entry"` // that put it on the line
	Reason    string `json:"reason"`
	Officer   string `json:"officer"`
	Role      string `json:"role"`
}
