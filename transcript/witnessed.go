package transcript

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Witnessed says of entries that an agreement's witnesses have cosigned them, or how many of them have.
// Time is when the agreed number of them had (where none is agreed, the first), by the clock of the one
// that was the last of these; zero where they had not.
type Witnessed struct {
	First int64     `json:"first"`
	Last  int64     `json:"last"`
	By    int       `json:"by"`   // witnesses whose cosignature in the file covers these entries
	Need  int       `json:"need"` // as the agreement asks that the entries name
	Of    int       `json:"of"`   // witnesses that it names
	Time  time.Time `json:"time,omitzero"`
	Clock string    `json:"clock,omitempty"`
}

// Witness is a witness that the agreements in a bundle name.
type Witness struct {
	Name         string `json:"name"`
	Key          string `json:"key"` // as ParseWitnessKey reads it
	Cosignatures int64  `json:"cosignatures"`
	Identified   bool   `json:"identified"` // the reader knows the key
	Counted      bool   `json:"counted"`    // so do its cosignatures: see Options.Witnesses
}

// cosigned is a cosignature that holds on the root of the entries.
type cosigned struct {
	size int64
	time time.Time
	by   int // index in verifier.witnesses
}

// versionRun are entries in the bundle that follow one another and name one version of the agreement.
type versionRun struct{ first, last, version int64 }

// knownWitness is a witness whose cosignatures can be checked.
type knownWitness struct {
	WitnessKey
	agreed  bool // an agreement names it
	trusted bool
	count   int64
}

// addWitnesses notes the witnesses of an agreement, or those that the reader knows.
func (v *verifier) addWitnesses(keys []WitnessKey, agreed bool) {
	for _, k := range keys {
		i := v.witness(k)
		if i < 0 {
			i = len(v.witnesses)
			v.witnesses = append(v.witnesses, knownWitness{WitnessKey: k})
			v.witnessKeys = append(v.witnessKeys, k)
		}
		w := &v.witnesses[i]
		w.agreed, w.trusted = w.agreed || agreed, w.trusted || !agreed
	}
}

func (v *verifier) witness(k WitnessKey) int {
	return slices.IndexFunc(v.witnesses, func(w knownWitness) bool { return w.Equal(k) })
}

// cosignature takes a cosignature of the size reached.
func (v *verifier) cosignature(p *progress, it *item) {
	if it.err != nil {
		v.fail("witness", p.Origin, fmt.Sprintf("the cosignature on size %d: %v", p.tree.size, it.err))
		return
	}
	c := it.cosignature
	if c.Root != p.tree.Root() {
		v.fail("witness", rangeName(p.origin, p.good, p.tree.size), fmt.Sprintf(
			"the witness %s signed another root for size %d than these entries have: the author gave it another transcript, or it signed what is not so", c.By.Name, c.Size))
		return
	}
	by := v.witness(c.By)
	v.witnesses[by].count++
	p.cosigned = append(p.cosigned, cosigned{c.Size, c.Time, by})
}

// ran notes which version of the agreement an entry names.
func (p *progress) ran(index int64, version int) {
	if n := len(p.runs); n > 0 && p.runs[n-1].last == index-1 && p.runs[n-1].version == int64(version) {
		p.runs[n-1].last = index
		return
	}
	p.runs = append(p.runs, versionRun{index, index, int64(version)})
}

// witnessed finds for every entry in the bundle how many of the witnesses that its agreement names have
// cosigned it, and when the agreed number had.
func (v *verifier) witnessed(p *progress) {
	best := make([]time.Time, len(v.witnesses)) // the earliest that covers the entries below top
	i := len(p.cosigned) - 1
	for _, run := range slices.Backward(p.runs) {
		for top := run.last + 1; top > run.first; {
			for ; i >= 0 && p.cosigned[i].size >= top; i-- {
				if c := p.cosigned[i]; best[c.by].IsZero() || c.time.Before(best[c.by]) {
					best[c.by] = c.time
				}
			}
			from := run.first
			if i >= 0 {
				from = max(from, p.cosigned[i].size)
			}
			v.witnessedSpan(p, from, top-1, &v.agreements[run.version], best)
			top = from
		}
	}
	slices.Reverse(p.Witnessed)
	if !v.opts.DemandWitnessed {
		return
	}
	for _, w := range p.Witnessed {
		if w.By < w.Need {
			v.fail("witnessed", rangeName(p.origin, w.First, w.Last+1), fmt.Sprintf("not witnessed by %d of %d, as the agreement asks: %d of %d", w.Need, w.Of, w.By, w.Of))
		}
	}
}

// witnessedSpan says of entries that the same cosignatures cover. It is called from the newest down.
func (v *verifier) witnessedSpan(p *progress, first, last int64, a *AgreementInfo, best []time.Time) {
	if len(a.Witnesses) == 0 {
		return
	}
	type when struct {
		time time.Time
		name string
	}
	var times []when
	for _, k := range a.Witnesses {
		if w := v.witness(k); w >= 0 && v.counts(w) && !best[w].IsZero() {
			times = append(times, when{best[w], k.Name})
		}
	}
	out := Witnessed{First: first, Last: last, By: len(times), Need: a.Quorum, Of: len(a.Witnesses)}
	if at := max(a.Quorum, 1); len(times) >= at {
		slices.SortFunc(times, func(x, y when) int { return cmp.Or(x.time.Compare(y.time), strings.Compare(x.name, y.name)) })
		out.Time, out.Clock = times[at-1].time, times[at-1].name
	}
	if n := len(p.Witnessed); n > 0 {
		after := &p.Witnessed[n-1]
		same := *after
		same.First, same.Last = first, last
		if same == out && after.First == last+1 {
			after.First = first
			return
		}
	}
	p.Witnessed = append(p.Witnessed, out)
}

// counts reports whether the cosignatures of a witness count: where the reader knows witnesses, only
// those of these do.
func (v *verifier) counts(witness int) bool {
	return len(v.opts.Witnesses) == 0 || v.witnesses[witness].trusted
}

// witnessReport lists the witnesses that an agreement names or that the reader knows and the bundle has.
func (v *verifier) witnessReport() []Witness {
	var out []Witness
	for i, w := range v.witnesses {
		if w.agreed || w.count > 0 {
			out = append(out, Witness{Name: w.Name, Key: w.String(), Cosignatures: w.count, Identified: w.trusted, Counted: w.agreed && v.counts(i)})
		}
	}
	return out
}

func (r Report) writeWitnesses(b *strings.Builder) {
	for _, w := range r.Witnesses {
		fmt.Fprintf(b, "witness %s: %s", w.Name, counted(w.Cosignatures, "cosignature", "cosignatures"))
		switch {
		case w.Cosignatures > 0 && !w.Counted:
			b.WriteString(", not counted: it is not among the witnesses that you know, or none that the agreement names")
		case w.Identified:
			b.WriteString("; identified")
		default:
			b.WriteString("; not identified")
		}
		b.WriteString("\n")
	}
}

func (t TranscriptReport) writeWitnessed(b *strings.Builder) {
	for _, w := range t.Witnessed {
		span := fmt.Sprintf("%s#%d", t.Origin, w.First)
		if w.First != w.Last {
			span += fmt.Sprintf(" to #%d", w.Last)
		}
		switch {
		case w.By < w.Need:
			fmt.Fprintf(b, "  %s: not witnessed by %d of %d: %d of %d\n", span, w.Need, w.Of, w.By, w.Of)
		case w.Need > 0:
			fmt.Fprintf(b, "  %s: witnessed by %d of %d at %s, by the clock of %s\n", span, w.Need, w.Of, stamp(w.Time), w.Clock)
		case w.By > 0:
			fmt.Fprintf(b, "  %s: cosigned by %d of %d witnesses, of which none is demanded, the first at %s, by the clock of %s\n", span, w.By, w.Of, stamp(w.Time), w.Clock)
		}
	}
}

// Cosignatures writes the cosignatures of witnesses of the size reached in their order, each once. They
// come after the heads and receipts of that size.
func (b *BundleWriter) Cosignatures(list ...Cosignature) error {
	list = slices.Clone(list)
	slices.SortFunc(list, func(x, y Cosignature) int { return cmp.Or(x.Time.Compare(y.Time), bytes.Compare(x.Note, y.Note)) })
	for i, c := range list {
		if i > 0 && bytes.Equal(c.Note, list[i-1].Note) {
			continue
		}
		err := b.put(b.at.signed(RecordCosignature, c.Origin, c.Size, c.Time, c.Note), func(out []byte) []byte {
			return appendBlock(out, string(RecordCosignature), c.Note)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
