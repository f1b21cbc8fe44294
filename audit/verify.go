package audit

import (
	"fmt"

	"parley/fault"
)

// Checker follows the chain of records, one after the other.
type Checker struct {
	First int64 // the number of the first record seen; 0: none yet
	Head  Head  // the newest one

	// Known are heads that were kept elsewhere, by number.
	Known map[int64]string
}

// Add takes the next record, encoded, and returns fault.Corrupt where the chain breaks.
func (c *Checker) Add(encoded []byte) error {
	r, err := Decode(encoded)
	if err != nil {
		return &fault.Error{Code: fault.Corrupt, Field: "audit", Value: fmt.Sprint(c.Head.Seq + 1), Rule: "the record after " + fmt.Sprint(c.Head.Seq) + " cannot be read", Err: err}
	}
	switch {
	case c.First == 0 && r.Seq < 1:
		return broken(r.Seq, "has a number that none has")
	case c.First == 0 && r.Seq == 1 && r.Prev != genesis():
		return broken(r.Seq, "is the first and names one before it")
	case c.First > 0 && r.Seq != c.Head.Seq+1:
		return broken(r.Seq, fmt.Sprintf("follows record %d: some were left out, doubled or moved", c.Head.Seq))
	case c.First > 0 && r.Prev != c.Head.SHA256:
		return broken(r.Seq, fmt.Sprintf("names another record %d than the one before it: one of the two was changed", c.Head.Seq))
	}
	if c.First == 0 {
		c.First = r.Seq
	}
	c.Head = Head{r.Seq, sum(encoded), c.Head.Bytes + int64(len(encoded))}
	if known, ok := c.Known[r.Seq]; ok && known != c.Head.SHA256 {
		return broken(r.Seq, "is not the one that was noted: the log was written anew since")
	}
	return nil
}

// End returns an error where a noted head was not met: the log was cut off, or begins after it.
func (c *Checker) End() error {
	for seq := range c.Known {
		if seq < c.First || seq > c.Head.Seq {
			return broken(seq, "was noted and is not there")
		}
	}
	return nil
}

func broken(seq int64, rule string) error {
	return &fault.Error{Code: fault.Corrupt, Field: "audit record", Value: fmt.Sprint(seq), Rule: rule}
}
