package transcript

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
)

// kept is what Verify keeps of a bundle, where it is asked to, so that another can be held beside it.
type kept struct {
	agreements []keptAgreement
	versions   []version // in the order of the bundle
}

// keep keeps an agreement, where anything is to be kept.
func (k *kept) keep(a keptAgreement) {
	if k != nil {
		k.agreements = append(k.agreements, a)
	}
}

type keptAgreement struct {
	kind RecordKind
	note []byte
	info AgreementInfo
}

// version is a bundle's version of one transcript.
type version struct {
	origin Origin
	author string
	forest forest
	newest Head // the first of the largest size
	seen   []seenRef
}

// Fit says how two versions of one transcript stand to one another.
type Fit string

// How two versions of one transcript stand.
const (
	Same      Fit = "same"      // the same entries
	Begins    Fit = "begins"    // one begins with all of the other
	Forks     Fit = "fork"      // they cannot both be honest
	NotShown  Fit = "not-shown" // nothing in the two files tells
	OnlyInOne Fit = "only-one"  // one of the files has no version of it
	Weave     Fit = "weave"     // no transcript is in both; what each party had seen of the other's fits, as far as shown
	NotSeen   Fit = "not-seen"  // a party signed that it had seen what the other file's version has not
)

// Compared says of one transcript how the versions of two files stand.
type Compared struct {
	Origin string `json:"origin"`
	Author string `json:"author"`
	Fit    Fit    `json:"fit"`
	Words  string `json:"words"`

	First, Second int64 `json:"-"` // how many entries each file's version has; -1 where it has none of it
	Fork          *Fork `json:"-"` // where the two contradict one another, whoever signed them
}

// Comparison is what two bundles, each of which holds, show of one another.
type Comparison struct {
	Fit         Fit        `json:"fit"` // of all: a fork before not-seen before what is not shown before what fits; only-one: they have none in common
	Transcripts []Compared `json:"transcripts"`
	Crossed     []Crossed  `json:"crossed,omitempty"` // what does not fit from one party's transcript to the other's

	forks []foundFork
	woven bool // something that a party had seen was held beside the other file
}

type foundFork struct {
	fork       Fork
	agreements []keptAgreement
}

// Compare holds two bundles beside one another. Each was verified with Options.Keep and holds. It never
// guesses: what the two files do not show it calls not shown.
func Compare(a, b Report) Comparison {
	c := Comparison{Fit: OnlyInOne, Transcripts: []Compared{}}
	if a.kept == nil || b.kept == nil || a.Line != b.Line {
		return c
	}
	var origins []Origin
	for _, v := range slices.Concat(a.kept.versions, b.kept.versions) {
		origins = append(origins, v.origin)
	}
	slices.SortFunc(origins, compareOrigins)
	for _, o := range slices.Compact(origins) {
		x, y := a.kept.version(o), b.kept.version(o)
		if x == nil || y == nil {
			one, which := cmp.Or(x, y), "first"
			if x == nil {
				which = "second"
			}
			out := Compared{Origin: o.String(), Author: one.author, Fit: OnlyInOne, Words: fmt.Sprintf("only the %s file has any of it: there is nothing to compare", which), First: -1, Second: -1}
			if x != nil {
				out.First = x.newest.Size
			} else {
				out.Second = y.newest.Size
			}
			c.Transcripts = append(c.Transcripts, out)
			continue
		}
		out := Compared{Origin: o.String(), Author: x.author, First: x.newest.Size, Second: y.newest.Size}
		if fork := out.compare(x, y, a.kept.agreements, b.kept.agreements); fork != nil {
			c.forks = append(c.forks, *fork)
		}
		c.Transcripts = append(c.Transcripts, out)
		if weight(out.Fit) > weight(c.Fit) {
			c.Fit = out.Fit
		}
	}
	c.crosswise(a.kept, b.kept, [2]string{"first", "second"})
	c.crosswise(b.kept, a.kept, [2]string{"second", "first"})
	switch {
	case len(c.Crossed) > 0 && c.Fit != Forks:
		c.Fit = NotSeen
	case c.woven && c.Fit == OnlyInOne:
		c.Fit = Weave
	}
	return c
}

func weight(f Fit) int { return slices.Index([]Fit{OnlyInOne, Same, Begins, NotShown, Forks}, f) }

func (k *kept) version(o Origin) *version {
	for i := range k.versions {
		if k.versions[i].origin == o {
			return &k.versions[i]
		}
	}
	return nil
}

// compare holds two versions of one transcript beside one another.
func (out *Compared) compare(x, y *version, agreements ...[]keptAgreement) *foundFork {
	which := [2]string{"first", "second"}
	if x.newest.Size > y.newest.Size {
		x, y, which = y, x, [2]string{"second", "first"}
	}
	f, err := contradiction(x, y)
	if err == nil && f == nil {
		out.Fit, out.Words = fits(x, y, which)
		return nil
	}
	if err == nil {
		out.Fork = f
		if run := succession(f, agreements); run != nil {
			out.Fit, out.Words = Forks, f.String()+": "+NotBothHonest
			return &foundFork{*f, run}
		}
		out.Fit, out.Words = NotShown, "the files hold two different versions of it, and no agreements in them, one following the other, name the keys of both: nothing in these files shows whether one party signed both"
		return nil
	}
	n, size := x.newest.Size, y.newest.Size
	out.Fit, out.Words = NotShown, fmt.Sprintf("the %s file holds %s and the %s %d, and the %s leaves out what stands around entry %d: nothing in these files shows whether they fit; a file that shows entry %d shows it",
		which[0], entries(n), which[1], size, which[1], n-1, n-1)
	return nil
}

// NotBothHonest is what a fork comes to, in words.
const NotBothHonest = "these two versions of the transcript cannot both be honest"

// contradiction returns the evidence that two versions, x not the larger, contradict one another; nil where
// they fit, and an error where the bundles do not tell.
func contradiction(x, y *version) (*Fork, error) {
	a, b := x.newest, y.newest
	if a.Size == b.Size {
		if a.Root == b.Root {
			return nil, nil
		}
		f, err := NewFork(a, b, nil)
		return &f, err
	}
	if t, err := TreeAt(a.Size, y.forest); err == nil {
		if t.Root() == a.Root {
			return nil, nil
		}
		f, err := NewFork(a, b, y.forest)
		return &f, err
	}
	level, n, ok := differs(x.forest, y.forest)
	if !ok {
		return nil, errNotShown
	}
	at := ForkedEntry{Index: n, Level: level}
	at.First, _ = x.forest.node(level, n)
	at.Second, _ = y.forest.node(level, n)
	var err error
	if at.InFirst, err = x.forest.prove(level, n); err != nil {
		return nil, err
	}
	if at.InSecond, err = y.forest.prove(level, n); err != nil {
		return nil, err
	}
	f, err := NewForkAt(a, b, at)
	return &f, err
}

var errNotShown = errors.New("the files do not tell whether two versions fit")

func fits(x, y *version, which [2]string) (Fit, string) {
	n := entries(x.newest.Size)
	if x.newest.Size == y.newest.Size {
		return Same, fmt.Sprintf("both fit together: both files hold the same %s, with one fingerprint that %s signed", n, x.author)
	}
	return Begins, fmt.Sprintf("both fit together: the %s file holds %s, and the hashes in the %s, which holds %d, lead to the very fingerprint that %s signed for the first %d",
		which[0], n, which[1], y.newest.Size, x.author, x.newest.Size)
}

// succession returns the fewest agreements of the bundles, one following the other, that name the keys of
// both heads, the newest that do; nil where none do.
func succession(f *Fork, agreements [][]keptAgreement) []keptAgreement {
	var all []keptAgreement
	for _, kind := range []RecordKind{RecordKeys, RecordAgreement} { // the keys alone are enough, and show less
		for _, k := range slices.Concat(agreements...) {
			if k.kind == kind && !slices.ContainsFunc(all, func(o keptAgreement) bool { return o.info.ID == k.info.ID }) {
				all = append(all, k)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b keptAgreement) int { return cmp.Compare(b.info.Version, a.info.Version) })
	for i := range all {
		if run := runFrom(f, all[i:]); run != nil {
			slices.Reverse(run)
			return run
		}
	}
	return nil
}

// runFrom takes the first of some agreements, newest first, and those before it as far as they are needed.
func runFrom(f *Fork, all []keptAgreement) []keptAgreement {
	side := 0
	if f.First.Origin.Side == B {
		side = 1
	}
	var run []keptAgreement
	var keys []LineKey
	for _, k := range all {
		if len(run) > 0 {
			next := run[len(run)-1].info
			if k.info.ID != next.Supersedes || k.info.Version+1 != next.Version {
				continue
			}
		}
		run, keys = append(run, k), append(keys, k.info.Parties[side].LineKeys...)
		_, err := OpenHead(f.First.Note, keys...)
		_, err2 := OpenHead(f.Second.Note, keys...)
		if err == nil && err2 == nil {
			return run
		}
	}
	return nil
}

// WriteFork writes the smallest bundle that shows one fork: the agreements that name the keys of both
// heads, the two heads and what shows that they contradict one another. It reports whether there is one.
func (c Comparison) WriteFork(w io.Writer) (bool, error) {
	if len(c.forks) == 0 {
		return false, nil
	}
	f := c.forks[0]
	b := NewBundleWriter(w)
	for _, a := range f.agreements {
		put := b.Agreement
		if a.kind == RecordKeys {
			put = b.Keys
		}
		if err := put(a.note); err != nil {
			return false, err
		}
	}
	if err := b.Transcript(f.fork.First.Origin); err != nil {
		return false, err
	}
	if err := b.Fork(f.fork); err != nil {
		return false, err
	}
	return true, b.Close()
}
