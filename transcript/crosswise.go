package transcript

import "fmt"

// Crossed is an entry in one of two files whose author signed that it had seen of the other party's transcript
// what the other file's version of that has not.
type Crossed struct {
	Entry string `json:"entry"`
	Party string `json:"party"` // whose entry it is
	About string `json:"about"` // the transcript of which it speaks
	Peer  string `json:"peer"`  // whose that is
	Size  int64  `json:"size"`
	Words string `json:"words"`
}

// crosswise holds what the entries of one file had seen of the other party's transcript beside the other file's
// version of that. Of a transcript that forks, what was seen of it is no news. The first that does not fit is named,
// of each transcript.
func (c *Comparison) crosswise(mine, theirs *kept, which [2]string) {
	for i := range mine.versions {
		v := &mine.versions[i]
		other := theirs.version(v.origin.Other())
		if other == nil || c.forked(other.origin) {
			continue
		}
		looked := int64(0) // within one file this was checked, up to here, where both have the same
		if own := mine.version(other.origin); own != nil && c.fits(other.origin) {
			looked = min(own.newest.Size, other.newest.Size)
		}
		for _, s := range v.seen {
			if s.Size <= looked {
				continue
			}
			t, err := TreeAt(s.Size, other.forest)
			if err != nil {
				continue // the other file does not show it
			}
			c.woven = true
			if t.Root() == s.Root {
				continue
			}
			entry := EntryName(v.origin, s.index)
			c.Crossed = append(c.Crossed, Crossed{Entry: entry, Party: v.author, About: other.origin.String(), Peer: other.author, Size: s.Size, Words: fmt.Sprintf(
				"%s signed in %s, which the %s file holds, that it had seen %s of %s, with another fingerprint than the %s file has: %s gave it another transcript than that one, or %s signed what is not so",
				v.author, entry, which[0], entries(s.Size), other.origin, which[1], other.author, v.author)})
			break
		}
	}
}

func (c *Comparison) forked(o Origin) bool { return c.of(o) == Forks }

func (c *Comparison) fits(o Origin) bool { return c.of(o) == Same || c.of(o) == Begins }

// of returns how the two versions of a transcript stand.
func (c *Comparison) of(o Origin) Fit {
	for _, t := range c.Transcripts {
		if t.Origin == o.String() {
			return t.Fit
		}
	}
	return OnlyInOne
}
