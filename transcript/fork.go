package transcript

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"parley/fault"
)

const forkHeader = "parley/fork/v1"

// Fork is the evidence that a party signed two heads of one transcript that cannot both be honest.
// First is no larger than Second. Where the sizes differ, either Proof shows that the tree of Second
// has the root Root at First's size, which First contradicts, or At shows one index at which the two
// trees hold different entries.
type Fork struct {
	First, Second Head
	Root          Hash
	Proof         []Hash
	At            *ForkedEntry
}

// ForkedEntry shows an index at which two trees hold different entries: the leaf hash in each, with
// the proof that it is there. Above level 0 it shows the same of the complete subtree of 1<<Level entries
// that has this index among those of its level.
type ForkedEntry struct {
	Index             int64
	Level             int
	First, Second     Hash
	InFirst, InSecond []Hash
}

// NewFork returns the evidence that a and b contradict one another. Where their sizes differ, r
// reads the stored hashes of the larger tree.
func NewFork(a, b Head, r tlog.HashReader) (Fork, error) {
	f := Fork{First: a, Second: b}
	if a.Size > b.Size || (a.Size == b.Size && bytes.Compare(a.Note, b.Note) > 0) {
		f.First, f.Second = b, a
	}
	if f.First.Size < f.Second.Size {
		t, err := TreeAt(f.First.Size, r)
		if err != nil {
			return Fork{}, err
		}
		f.Root = t.Root()
		if f.Proof, err = ProveConsistency(f.First.Size, f.Second.Size, r); err != nil {
			return Fork{}, err
		}
	}
	if err := f.Check(); err != nil {
		return Fork{}, err
	}
	return f, nil
}

// NewForkAt returns the evidence that a and b hold different entries at one index; at says so with
// First of a and Second of b. It serves where the larger tree is not held as a whole.
func NewForkAt(a, b Head, at ForkedEntry) (Fork, error) {
	f := Fork{First: a, Second: b, At: &at}
	if a.Size > b.Size || (a.Size == b.Size && bytes.Compare(a.Note, b.Note) > 0) {
		f.First, f.Second = b, a
		f.At = &ForkedEntry{Index: at.Index, Level: at.Level, First: at.Second, Second: at.First, InFirst: at.InSecond, InSecond: at.InFirst}
	}
	if a.Size == b.Size {
		f.At = nil // the roots say enough
	}
	if err := f.Check(); err != nil {
		return Fork{}, err
	}
	return f, nil
}

// Check refuses evidence that does not show a fork: both heads must hold under the keys that they
// name, be of one origin, and contradict one another.
func (f Fork) Check() error {
	for _, h := range []Head{f.First, f.Second} {
		got, err := OpenHead(h.Note, h.Halves())
		if err != nil {
			return err
		}
		if got.Origin != h.Origin || got.Size != h.Size || got.Root != h.Root {
			return fault.Newf(fault.Corrupt, "fork", "names a head that is not the one signed")
		}
	}
	return f.contradicts()
}

// contradicts refuses two heads, which were opened, that do not contradict one another.
func (f Fork) contradicts() error {
	switch {
	case f.First.Origin != f.Second.Origin:
		return fault.Newf(fault.Corrupt, "fork", "the heads are of two transcripts")
	case f.First.Size == f.Second.Size:
		if f.First.Root == f.Second.Root {
			return fault.Newf(fault.Corrupt, "fork", "the heads agree")
		}
		if len(f.Proof) > 0 || f.Root != (Hash{}) || f.At != nil {
			return fault.Newf(fault.Corrupt, "fork", "heads of one size need no proof")
		}
		return nil
	case f.First.Size > f.Second.Size:
		return fault.Newf(fault.Corrupt, "fork", "the first head must not be the larger")
	case f.At != nil:
		if f.At.First == f.At.Second || len(f.Proof) > 0 || f.Root != (Hash{}) {
			return fault.Newf(fault.Corrupt, "fork", "does not show two entries at one index")
		}
		if err := checkSubtree(f.At.InFirst, f.First.Size, f.First.Root, f.At.Level, f.At.Index, f.At.First); err != nil {
			return err
		}
		return checkSubtree(f.At.InSecond, f.Second.Size, f.Second.Root, f.At.Level, f.At.Index, f.At.Second)
	case f.Root == f.First.Root:
		return fault.Newf(fault.Corrupt, "fork", "the second head begins with the first")
	}
	return CheckConsistency(f.Proof, f.First.Size, f.Root, f.Second.Size, f.Second.Root)
}

// String says in words what the evidence shows.
func (f Fork) String() string {
	o := f.First.Origin
	if f.First.Size == f.Second.Size {
		return fmt.Sprintf("the author of %s signed two different transcripts of %d entries, at %s and at %s by the author's clock",
			o, f.First.Size, stamp(f.First.Time), stamp(f.Second.Time))
	}
	both := fmt.Sprintf("the author of %s signed a transcript of %d entries at %s and one of %d entries at %s, by the author's clock",
		o, f.First.Size, stamp(f.First.Time), f.Second.Size, stamp(f.Second.Time))
	if f.At != nil && f.At.Level == 0 {
		return fmt.Sprintf("%s, and they hold different entries at index %d", both, f.At.Index)
	}
	if f.At != nil {
		return fmt.Sprintf("%s, and they hold different entries among those from index %d to %d", both, f.At.Index<<f.At.Level, (f.At.Index+1)<<f.At.Level-1)
	}
	return both + ", and the second does not begin with the first"
}

// Encode returns the evidence as text: the header, both signed heads and, where the sizes differ,
// what shows that they contradict one another.
func (f Fork) Encode() []byte {
	b := append([]byte(forkHeader), '\n')
	b = appendBlock(b, "first", f.First.Note)
	b = appendBlock(b, "second", f.Second.Note)
	switch {
	case f.First.Size == f.Second.Size:
		return b
	case f.At != nil:
		b = appendNumber(append(b, "index "...), f.At.Index, '\n')
		if f.At.Level > 0 {
			b = appendNumber(append(b, "level "...), int64(f.At.Level), '\n')
		}
		b = appendHashes(b, "first-leaf", f.At.First)
		b = appendHashes(b, "first-proof", f.At.InFirst...)
		b = appendHashes(b, "second-leaf", f.At.Second)
		return appendHashes(b, "second-proof", f.At.InSecond...)
	}
	return appendHashes(appendHashes(b, "root", f.Root), "proof", f.Proof...)
}

func appendHashes(b []byte, name string, hashes ...Hash) []byte {
	for _, h := range hashes {
		b = append(append(b, name...), ' ')
		b = append(b64.AppendEncode(b, h[:]), '\n')
	}
	return b
}

// ParseFork reads evidence that Encode wrote and checks it against the line keys of the author.
func ParseFork(text []byte, keys ...LineKey) (Fork, error) {
	bad := fault.Newf(fault.Corrupt, "fork", "is not in the one encoding of a fork")
	rest, ok := bytes.CutPrefix(text, []byte(forkHeader+"\n"))
	if !ok || len(text) > MaxForkBytes {
		return Fork{}, bad
	}
	var f Fork
	for _, part := range []struct {
		name string
		head *Head
	}{{"first", &f.First}, {"second", &f.Second}} {
		var note []byte
		if note, rest, ok = cutBlock(rest, part.name); !ok {
			return Fork{}, bad
		}
		h, err := OpenHead(note, keys...)
		if err != nil {
			return Fork{}, err
		}
		*part.head = h
	}
	if f.First.Size != f.Second.Size && !f.parseProof(rest) {
		return Fork{}, bad
	}
	if err := f.contradicts(); err != nil {
		return Fork{}, err
	}
	if !bytes.Equal(f.Encode(), text) {
		return Fork{}, bad
	}
	return f, nil
}

// parseProof reads the lines after the heads. What it leaves unread, Encode does not write.
func (f *Fork) parseProof(rest []byte) bool {
	if after, ok := bytes.CutPrefix(rest, []byte("index ")); ok {
		num, rest, _ := bytes.Cut(after, []byte("\n"))
		var ok bool
		f.At = new(ForkedEntry)
		if f.At.Index, ok = parseDecimal(num); !ok {
			return false
		}
		if after, ok := bytes.CutPrefix(rest, []byte("level ")); ok {
			num, next, _ := bytes.Cut(after, []byte("\n"))
			level, ok := parseDecimal(num)
			if !ok || level < 1 || level > maxLevel {
				return false
			}
			f.At.Level, rest = int(level), next
		}
		first, rest := cutHashes(rest, "first-leaf", 1)
		f.At.InFirst, rest = cutHashes(rest, "first-proof", maxProof)
		second, rest := cutHashes(rest, "second-leaf", 1)
		f.At.InSecond, _ = cutHashes(rest, "second-proof", maxProof)
		if len(first) != 1 || len(second) != 1 {
			return false
		}
		f.At.First, f.At.Second = first[0], second[0]
		return true
	}
	root, rest := cutHashes(rest, "root", 1)
	f.Proof, _ = cutHashes(rest, "proof", maxProof)
	if len(root) != 1 {
		return false
	}
	f.Root = root[0]
	return true
}

// cutHashes takes up to n lines of a name and a hash from the front of b.
func cutHashes(b []byte, name string, n int) (hashes []Hash, rest []byte) {
	for ; n > 0; n-- {
		line, after, ok := bytes.Cut(b, []byte("\n"))
		enc, ok2 := bytes.CutPrefix(line, []byte(name+" "))
		h, ok3 := parseHash(enc)
		if !ok || !ok2 || !ok3 {
			break
		}
		hashes, b = append(hashes, h), after
	}
	return hashes, b
}

// appendBlock writes a line with a name and a length, then that many bytes.
func appendBlock(b []byte, name string, block []byte) []byte {
	b = append(append(b, name...), ' ')
	b = append(strconv.AppendInt(b, int64(len(block)), 10), '\n')
	return append(b, block...)
}

func cutBlock(b []byte, name string) (block, rest []byte, ok bool) {
	line, rest, ok := bytes.Cut(b, []byte("\n"))
	num, ok2 := bytes.CutPrefix(line, []byte(name+" "))
	n, ok3 := parseDecimal(num)
	if !ok || !ok2 || !ok3 || n > int64(len(rest)) {
		return nil, nil, false
	}
	return rest[:n], rest[n:], true
}

// stamp writes a time for people, to the second where it has no fraction.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999Z") }
