package transcript

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
)

// Said is what a bundle shows of one entry of which it holds fields: who said it, between which times
// the receiver came to hold it, and by whose clock.
type Said struct {
	Entry  string    `json:"entry"`
	Kind   string    `json:"kind"`
	Time   time.Time `json:"time"`           // by the author's clock, as the author says
	After  time.Time `json:"after,omitzero"` // the author had seen what the receiver signed then, by the receiver's clock
	Held   time.Time `json:"held,omitzero"`  // by the receiver's clock; zero: delivery not shown
	Shown  int       `json:"shown"`          // fields in the file that the receiver was told
	Others int       `json:"others"`         // fields in the file that the receiver was not told
	Hidden int       `json:"hidden"`         // fields that the receiver was told and the file does not show

	index int64
	seen  Seen
}

// KindCount counts the entries of one kind in a bundle.
type KindCount struct {
	Kind    string `json:"kind"`
	Entries int64  `json:"entries"`
	Whole   int64  `json:"whole"` // with every field that the receiver was told
	None    int64  `json:"none"`  // told to the receiver, and with no field in the file
}

// Complete says that a bundle holds every entry of a transcript up to a head.
type Complete struct {
	Entries int64     `json:"entries"`
	Until   time.Time `json:"until"`             // of the newest head, by the author's clock
	Says    time.Time `json:"receiver,omitzero"` // of the receiver's newest receipt for all of them, by its clock
}

// told counts an entry by its kind and keeps what is to be said of it.
func (v *verifier) told(p *progress, name string, it *item) {
	e := &it.entry
	i, ok := slices.BinarySearchFunc(p.Kinds, e.Kind, func(k KindCount, kind string) int { return strings.Compare(k.Kind, kind) })
	if !ok {
		p.Kinds = slices.Insert(p.Kinds, i, KindCount{Kind: e.Kind})
	}
	k := &p.Kinds[i]
	k.Entries++
	shown := len(e.Shown) - it.leftOut
	switch {
	case it.leftOut == 0:
		k.Whole++
	case len(it.Sealed.Disclosures) == 0:
		k.None++
	}
	if len(it.Sealed.Disclosures) == 0 {
		return
	}
	if p.saidMore++; v.opts.Said > 0 && p.saidMore <= v.opts.Said {
		p.Said = append(p.Said, Said{Entry: name, Kind: e.Kind, Time: e.Time, Shown: shown, Others: len(it.Sealed.Disclosures) - shown,
			Hidden: it.leftOut, index: it.Index, seen: e.Seen})
	}
}

// sayTimes gives what was said its times, once deliveries are known.
func (v *verifier) sayTimes(p *progress) {
	if p.saidMore > v.opts.Said {
		p.Said = nil // a list that stops somewhere would be taken for all
	}
	other := v.byOrigin[p.origin.Other()]
	for i := range p.Said {
		s := &p.Said[i]
		if d := p.delivery(s.index); d != nil {
			s.Held = d.Time
		}
		if other != nil && s.seen.Size > 0 {
			s.After = other.firstHead(s.seen)
		}
	}
	if p.Missing == 0 && p.Size > 0 && !p.HeadTime.IsZero() {
		c := &Complete{Entries: p.Size, Until: p.HeadTime}
		for _, r := range p.receipts {
			if r.size == p.Size && v.receiptCounts(p, r) && r.time.After(c.Says) {
				c.Says = r.time
			}
		}
		p.Complete = c
	}
}

// firstHead returns the earliest time at which the author signed what another had seen of it, by a key that
// was never revoked; zero where the bundle does not show it.
func (p *progress) firstHead(seen Seen) (first time.Time) {
	if root, ok := p.rootAt(seen.Size); !ok || root != seen.Root {
		return first
	}
	i := sort.Search(len(p.heads), func(i int) bool { return p.heads[i].size >= seen.Size })
	for ; i < len(p.heads) && p.heads[i].size == seen.Size; i++ {
		h := p.heads[i]
		if h.key.Counts(h.time) && h.key.Revoked.IsZero() && (first.IsZero() || h.time.Before(first)) {
			first = h.time
		}
	}
	return first
}

func (t TranscriptReport) writeComplete(b *strings.Builder) {
	c := t.Complete
	if c == nil {
		return
	}
	fmt.Fprintf(b, "  complete: every entry of %s in %s up to %s, by its own clock, is in this file\n", t.Author, t.Origin, stamp(c.Until))
	if c.Says.After(c.Until) {
		fmt.Fprintf(b, "  %s says that at %s, by the clock of %s, it held these and names none later\n", t.Receiver, stamp(c.Says), t.Receiver)
	}
	for _, k := range t.Kinds {
		fmt.Fprintf(b, "    %s: %d", k.Kind, k.Entries)
		if k.None > 0 {
			fmt.Fprintf(b, ", of which %d with nothing of what they say", k.None)
		}
		b.WriteString("\n")
	}
	b.WriteString("    of any other kind: none\n")
}

func (t TranscriptReport) writeSaid(b *strings.Builder) {
	for _, s := range t.Said {
		fmt.Fprintf(b, "  %s (%s): said by %s", s.Entry, s.Kind, t.Author)
		switch {
		case s.Shown > 0 && s.Hidden > 0:
			fmt.Fprintf(b, ", shown to %s in %s and %s that this file leaves out", t.Receiver, counted(int64(s.Shown), "field", "fields"), counted(int64(s.Hidden), "more", "more"))
		case s.Shown > 0:
			fmt.Fprintf(b, ", shown to %s as it is in this file", t.Receiver)
		}
		if s.Others > 0 {
			fmt.Fprintf(b, "; %s of this file %s was not told", counted(int64(s.Others), "field", "fields"), t.Receiver)
		}
		b.WriteString("; ")
		switch {
		case s.Held.IsZero():
			b.WriteString("delivery not shown")
		case s.After.IsZero():
			fmt.Fprintf(b, "delivered by %s, by the clock of %s", stamp(s.Held), t.Receiver)
		default:
			fmt.Fprintf(b, "said after %s and delivered by %s, both by the clock of %s", stamp(s.After), stamp(s.Held), t.Receiver)
		}
		fmt.Fprintf(b, "; %s says: at %s\n", t.Author, s.Time.Format("2006-01-02T15:04:05.000Z"))
	}
}

// SaidAll reports whether Said says of every entry of a delivery that is in the file when it was held:
// of those that are not in it, and of which no delivery is shown, there is nothing to say.
func (t TranscriptReport) SaidAll(d Delivery) bool {
	n := d.Last - d.First + 1
	i := sort.Search(len(t.gaps), func(i int) bool { return t.gaps[i].Last >= d.First })
	for ; i < len(t.gaps) && t.gaps[i].First <= d.Last; i++ {
		n -= min(d.Last, t.gaps[i].Last) - max(d.First, t.gaps[i].First) + 1
	}
	for _, s := range t.Said {
		if d.First <= s.index && s.index <= d.Last {
			n--
		}
	}
	return n == 0
}
