package statement

import (
	"strings"
	"time"
)

func clockOf(t time.Time) string { return t.UTC().Format("2006-01-02 15:04Z") }

// Words says in a sentence how a statement stands.
func (st *Stand) Words() string {
	out := st.base()
	for _, c := range st.CorrectedBy {
		out += "; " + c.words("corrected")
	}
	for _, w := range st.WithdrawnBy {
		if !w.Counts || st.State != Withdrawn {
			out += "; " + w.words("withdrawn")
		}
	}
	return out
}

func (st *Stand) base() string {
	at := clockOf(st.Since)
	switch st.State {
	case Agreed:
		return "agreed by " + strings.Join(st.Signers, " and ") + " at " + at
	case Refused:
		return "not agreed: proposed by " + st.Signers[0] + ", refused at " + at + " (" + st.refusal.Reason + ")"
	case Stated:
		return "not jointly agreed: stated by " + st.Signers[0] + " alone at " + at
	case Withdrawn:
		return st.withdrawn(at)
	}
	return "not agreed: proposed by " + st.Signers[0] + " at " + at + "; " + st.Waits + " has not answered, and silence is no consent"
}

func (st *Stand) withdrawn(at string) string {
	switch {
	case st.Says.Form == OneSided:
		return "not jointly agreed: stated by " + st.Signers[0] + " alone, and withdrawn by it at " + at
	case st.AgreedAt.IsZero():
		return "not agreed: proposed, and withdrawn at " + at
	}
	return "agreed by " + strings.Join(st.Signers, " and ") + " at " + clockOf(st.AgreedAt) + ", and withdrawn by both at " + at
}

// words says what a successor did to the statement before it.
func (x *Successor) words(what string) string {
	by, id := strings.Join(x.By, " and "), " ("+x.ID[:12]+")"
	switch {
	case x.Counts:
		return what + " by " + by + " at " + clockOf(x.Time) + id
	case x.State == Agreed:
		return what + " by " + by + " once more" + id
	case x.State == Stated:
		return by + " alone says that it is " + what + id
	case x.State == Withdrawn:
		return by + " said that it is " + what + ", and took that back" + id
	}
	return by + " proposes that it be " + what + ", which is not agreed" + id
}
