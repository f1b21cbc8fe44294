package statement

import (
	"slices"

	"parley/fault"
)

func mismatch(field, value, rule, mend string) error {
	return &fault.Error{Code: fault.Mismatch, Field: field, Value: value, Rule: rule, Hint: mend}
}

// Check refuses what a party may not put on the line as its record now stands: party is whose line it
// is, and stands what Standing returned.
func Check(s Signed, party string, stands []*Stand) error {
	if !slices.Contains(s.Signers, party) {
		return fault.New("statement", s.ID[:12], "is not signed by "+party, "sign it: parley statement sign")
	}
	for _, st := range stands {
		if st.ID == s.ID {
			return st.again(s, party)
		}
	}
	if err := checkNamed(s, party, stands); err != nil {
		return err
	}
	for _, st := range stands {
		if st.Waits != party || s.Says.Form != Joint {
			continue
		}
		if d := Apart(&st.Says, &s.Says); d != "" {
			return mismatch("statement", s.ID[:12], "looks like "+st.ID[:12]+", which "+st.Signers[0]+" proposes, and is not the same bytes: "+d,
				"sign the bytes that "+st.Signers[0]+" signed: parley statement agree "+st.ID[:12])
		}
	}
	return nil
}

// again refuses what would add nothing to a statement on the record. A refused proposal may be put on
// the line again as it is.
func (st *Stand) again(s Signed, party string) error {
	switch {
	case st.State == Withdrawn:
		return mismatch("statement", st.ID[:12], "was withdrawn", "draft it anew: parley statement draft")
	case len(st.Signers) > 1 || st.Says.Form == OneSided:
		return mismatch("statement", st.ID[:12], "is on the record already: "+st.Words(), "see it: parley statement show "+st.ID[:12])
	case st.State == Proposed && slices.Equal(st.Signers, s.Signers):
		return mismatch("statement", st.ID[:12], "is proposed already and waits for "+st.Waits, "see it: parley statement show "+st.ID[:12])
	}
	return nil
}

// checkNamed refuses a correction or a withdrawal of what is not there to be corrected or withdrawn.
func checkNamed(s Signed, party string, stands []*Stand) error {
	field, id := "corrects", s.Says.Corrects
	if id == "" {
		field, id = "withdraws", s.Says.Withdraws
	}
	if id == "" {
		return nil
	}
	i := slices.IndexFunc(stands, func(st *Stand) bool { return st.ID == id })
	if i < 0 {
		return &fault.Error{Code: fault.NotFound, Field: field, Value: id[:12], Rule: "is no statement on this line's record", Hint: "see parley statement list"}
	}
	target := stands[i]
	if target.State == Withdrawn {
		return mismatch(field, id[:12], "was withdrawn already", "state anew what is to be stated: parley statement draft")
	}
	if why := target.succeeds(&Stand{Signed: s}); why != "" {
		return mismatch(field, id[:12], why, "state what is to be stated: parley statement draft")
	}
	for _, w := range target.WithdrawnBy {
		if s.Says.Form == OneSided && s.Says.Withdraws != "" && slices.Equal(w.By, []string{party}) && w.State == Stated {
			return mismatch(field, id[:12], "was withdrawn by "+party+" alone already, in "+w.ID[:12], "propose to withdraw it jointly: parley statement draft --withdraws "+id[:12])
		}
	}
	return nil
}
