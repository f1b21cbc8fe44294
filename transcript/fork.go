package transcript

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"parley/fault"
)

const forkHeader = "parley/fork/v1"

// Fork is the evidence that a party signed two heads of one transcript that cannot both be honest.
// First is no larger than Second. Where the sizes differ, Proof shows that the tree of Second has
// the root Root at First's size, which First contradicts.
type Fork struct {
	First, Second Head
	Root          Hash
	Proof         []Hash
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

// Check refuses evidence that does not show a fork: both heads must hold under the keys that they
// name, be of one origin, and contradict one another.
func (f Fork) Check() error {
	for _, h := range []Head{f.First, f.Second} {
		got, err := OpenHead(h.Note, h.Key)
		if err != nil {
			return err
		}
		if got.Origin != h.Origin || got.Size != h.Size || got.Root != h.Root {
			return fault.Newf(fault.Corrupt, "fork", "names a head that is not the one signed")
		}
	}
	switch {
	case f.First.Origin != f.Second.Origin:
		return fault.Newf(fault.Corrupt, "fork", "the heads are of two transcripts")
	case f.First.Size == f.Second.Size:
		if f.First.Root == f.Second.Root {
			return fault.Newf(fault.Corrupt, "fork", "the heads agree")
		}
		if len(f.Proof) > 0 || f.Root != (Hash{}) {
			return fault.Newf(fault.Corrupt, "fork", "heads of one size need no proof")
		}
		return nil
	case f.First.Size > f.Second.Size:
		return fault.Newf(fault.Corrupt, "fork", "the first head must not be the larger")
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
	return fmt.Sprintf("the author of %s signed a transcript of %d entries at %s and one of %d entries at %s, by the author's clock, and the second does not begin with the first",
		o, f.First.Size, stamp(f.First.Time), f.Second.Size, stamp(f.Second.Time))
}

// Encode returns the evidence as text: the header, both signed heads and, where the sizes differ,
// the root of the second at the size of the first with the proof of it.
func (f Fork) Encode() []byte {
	b := append([]byte(forkHeader), '\n')
	b = appendBlock(b, "first", f.First.Note)
	b = appendBlock(b, "second", f.Second.Note)
	if f.First.Size == f.Second.Size {
		return b
	}
	b = append(b, "root "...)
	b = append(b64.AppendEncode(b, f.Root[:]), '\n')
	for _, h := range f.Proof {
		b = append(b, "proof "...)
		b = append(b64.AppendEncode(b, h[:]), '\n')
	}
	return b
}

// ParseFork reads evidence that Encode wrote and checks it against the line keys of the author.
func ParseFork(text []byte, keys ...ed25519.PublicKey) (Fork, error) {
	bad := fault.Newf(fault.Corrupt, "fork", "is not in the one encoding of a fork")
	rest, ok := bytes.CutPrefix(text, []byte(forkHeader+"\n"))
	if !ok || len(text) > 4*MaxNoteBytes {
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
	for i := 0; len(rest) > 0; i++ {
		line, after, ok := bytes.Cut(rest, []byte("\n"))
		want := "proof "
		if i == 0 {
			want = "root "
		}
		enc, ok2 := bytes.CutPrefix(line, []byte(want))
		h, ok3 := parseHash(enc)
		if !ok || !ok2 || !ok3 || i > maxProof {
			return Fork{}, bad
		}
		if rest = after; i == 0 {
			f.Root = h
		} else {
			f.Proof = append(f.Proof, h)
		}
	}
	if err := f.Check(); err != nil {
		return Fork{}, err
	}
	if !bytes.Equal(f.Encode(), text) {
		return Fork{}, bad
	}
	return f, nil
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
