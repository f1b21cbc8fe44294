package transcript

import (
	"bytes"
	"time"

	"parley/fault"
)

// ParseEntry reads a sealed entry. It accepts exactly the bytes that Encode writes.
func ParseEntry(b []byte) (Entry, error) {
	var e Entry
	if len(b) > MaxEntryBytes {
		return e, fault.Newf(fault.TooLarge, "entry", "is %d bytes; must be at most %d", len(b), MaxEntryBytes)
	}
	s := scanner{rest: b}
	s.lit(`{"v":1,"agreement":"`)
	e.Agreement = string(s.until('"', 64))
	s.lit(`,"author":"`)
	e.Author = string(s.until('"', 32))
	s.lit(`,"seq":`)
	e.Seq = s.decimal()
	s.lit(`,"time":"`)
	e.Time = s.time()
	s.lit(`","seen":{"size":`)
	e.Seen.Size = s.decimal()
	s.lit(`,"root":"`)
	e.Seen.Root = s.hash()
	s.lit(`"},"kind":"`)
	e.Kind = string(s.until('"', 32))
	s.lit(`,"drill":`)
	e.Drill = s.boolean()
	s.lit(`,"_sd":`)
	e.SD = s.digests()
	s.lit(`,"shown":`)
	e.Shown = s.digests()
	s.lit(`}`)
	if s.bad || len(s.rest) > 0 {
		return Entry{}, fault.Newf(fault.Corrupt, "entry", "is not in the one encoding of an entry at byte %d", len(b)-len(s.rest))
	}
	if err := e.check(); err != nil {
		return Entry{}, err
	}
	return e, nil
}

// scanner reads fixed pieces from the front of rest; bad is set at the first that does not fit, and
// rest then stays.
type scanner struct {
	rest []byte
	bad  bool
}

func (s *scanner) take(n int) []byte {
	if s.bad || len(s.rest) < n {
		s.bad = true
		return nil
	}
	b := s.rest[:n]
	s.rest = s.rest[n:]
	return b
}

func (s *scanner) lit(want string) {
	if s.bad || len(s.rest) < len(want) || string(s.rest[:len(want)]) != want {
		s.bad = true
		return
	}
	s.rest = s.rest[len(want):]
}

// until reads up to max bytes before end, and end.
func (s *scanner) until(end byte, max int) []byte {
	if s.bad {
		return nil
	}
	i := bytes.IndexByte(s.rest[:min(len(s.rest), max+1)], end)
	if i < 0 {
		s.bad = true
		return nil
	}
	b := s.rest[:i]
	s.rest = s.rest[i+1:]
	return b
}

func (s *scanner) decimal() int64 {
	i := 0
	for i < len(s.rest) && s.rest[i] >= '0' && s.rest[i] <= '9' {
		i++
	}
	n, ok := parseDecimal(s.rest[:i])
	if s.bad || !ok {
		s.bad = true
		return 0
	}
	s.rest = s.rest[i:]
	return n
}

func (s *scanner) hash() (h Hash) {
	if n, err := decodeFixed(b64, h[:], s.take(hashChars)); err != nil || n != len(h) {
		s.bad = true
	}
	return h
}

func (s *scanner) boolean() bool {
	if bytes.HasPrefix(s.rest, []byte("true")) {
		s.lit("true")
		return true
	}
	s.lit("false")
	return false
}

// digests reads a JSON array of digests; their number is bounded by the size of the entry.
func (s *scanner) digests() []Digest {
	s.lit("[")
	if len(s.rest) > 0 && s.rest[0] == ']' {
		s.lit("]")
		return nil
	}
	n := bytes.IndexByte(s.rest, ']')
	if s.bad || n < 0 || (n+1)%(sdChars+3) != 0 {
		s.bad = true
		return nil
	}
	ds := make([]Digest, (n+1)/(sdChars+3))
	for i := range ds {
		if i > 0 {
			s.lit(",")
		}
		s.lit(`"`)
		if n, err := decodeFixed(b64url, ds[i][:], s.take(sdChars)); err != nil || n != len(ds[i]) {
			s.bad = true
			return nil
		}
		s.lit(`"`)
	}
	s.lit("]")
	return ds
}

// time reads a time of the layout timeLayout.
func (s *scanner) time() time.Time {
	b := s.take(timeChars)
	if s.bad {
		return time.Time{}
	}
	for i := range b {
		c, want := b[i], timeLayout[i]
		if want >= '0' && want <= '9' {
			s.bad = s.bad || c < '0' || c > '9'
		} else {
			s.bad = s.bad || c != want
		}
	}
	num := func(from, to int) (n int) {
		for _, c := range b[from:to] {
			n = n*10 + int(c-'0')
		}
		return n
	}
	month, day, hour, minute, second := num(5, 7), num(8, 10), num(11, 13), num(14, 16), num(17, 19)
	t := time.Date(num(0, 4), time.Month(month), day, hour, minute, second, num(20, 23)*1e6, time.UTC)
	if int(t.Month()) != month || t.Day() != day || hour > 23 || minute > 59 || second > 59 {
		s.bad = true
	}
	return t
}
