package notice

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
)

// splitter cuts JSON into its values by brackets and quotes alone, without judging what is
// inside, so that one bad feature of a large file can be refused by itself and the rest be read.
// Every value that it yields is judged by a strict reader afterwards.
type splitter struct {
	r    *bufio.Reader
	left int64 // bytes that may still be read
}

var (
	errTooLong = errors.New("over the size limit")
	errShape   = errors.New("not JSON")
)

func newSplitter(r io.Reader, maxBytes int64) *splitter {
	return &splitter{bufio.NewReaderSize(r, int(min(maxBytes, 1<<16))), maxBytes}
}

func (s *splitter) next() (byte, error) {
	if s.left--; s.left < 0 {
		return 0, errTooLong
	}
	return s.r.ReadByte()
}

func (s *splitter) back() {
	s.left++
	_ = s.r.UnreadByte() // it follows a successful ReadByte
}

// token skips white space and returns the next byte.
func (s *splitter) token() (byte, error) {
	for {
		b, err := s.next()
		if err != nil || b != ' ' && b != '\n' && b != '\r' && b != '\t' {
			return b, err
		}
	}
}

// value appends the next value to buf. Of one longer than limit it reads the whole and keeps the
// beginning; long says so.
func (s *splitter) value(buf []byte, limit int) (out []byte, long bool, err error) {
	b, err := s.token()
	if err != nil {
		return buf, false, err
	}
	start, depth, quoted, escaped := len(buf), 0, false, false
	for {
		if len(buf)-start < limit {
			buf = append(buf, b)
		} else {
			long = true
		}
		switch {
		case escaped:
			escaped = false
		case quoted && b == '\\':
			escaped = true
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			depth++
		case b == '}' || b == ']':
			depth--
		case depth == 0 && (b == ',' || b == ':'):
			return buf, long, errShape
		}
		if depth < 0 {
			return buf, long, errShape
		}
		if depth == 0 && !quoted {
			done, err := s.ends(b)
			if done || err != nil {
				return buf, long, err
			}
		}
		if b, err = s.next(); err != nil {
			return buf, long, unexpected(err)
		}
	}
}

// ends reports whether a value at depth 0 is over after b: brackets and strings close
// themselves, other values end where white space or punctuation follows.
func (s *splitter) ends(b byte) (bool, error) {
	if b == '"' || b == '}' || b == ']' {
		return true, nil
	}
	c, err := s.next()
	if err == io.EOF {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	s.back()
	return bytes.IndexByte([]byte(" \n\r\t,:]}"), c) >= 0, nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// elements calls each with the values between an open bracket, which was read, and its end.
func (s *splitter) elements(limit int, each func(raw []byte, long bool)) error {
	var buf []byte
	for n := 0; ; n++ {
		b, err := s.token()
		switch {
		case err != nil:
			return unexpected(err)
		case b == ']':
			return nil
		case n > 0 && b != ',':
			return errShape
		case n == 0:
			s.back()
		}
		var long bool
		if buf, long, err = s.value(buf[:0], limit); err != nil {
			return unexpected(err)
		}
		each(buf, long)
	}
}

// object calls member with the name of each member of the next value, an object; member reads
// the member's value.
func (s *splitter) object(member func(name string) error) error {
	b, err := s.token()
	if err != nil {
		return unexpected(err)
	}
	if b != '{' {
		return errShape
	}
	var buf []byte
	for n := 0; ; n++ {
		b, err := s.token()
		switch {
		case err != nil:
			return unexpected(err)
		case b == '}':
			return nil
		case n > 0 && b != ',':
			return errShape
		case n == 0:
			s.back()
		}
		if buf, _, err = s.value(buf[:0], maxPlanMember); err != nil {
			return unexpected(err)
		}
		name, err := jsontext.AppendUnquote(nil, buf)
		if err != nil {
			return errShape
		}
		if b, err = s.token(); err != nil || b != ':' {
			return errShape
		}
		if err := member(string(name)); err != nil {
			return err
		}
	}
}

// loose finds some members of an object that may be broken elsewhere.
func loose(raw []byte, names ...string) map[string]jsontext.Value {
	out := map[string]jsontext.Value{}
	s := newSplitter(bytes.NewReader(raw), int64(len(raw)))
	_ = s.object(func(name string) error { // what was found before a break is good enough
		v, _, err := s.value(nil, len(raw))
		if err == nil && contains(names, name) {
			out[name] = v
		}
		return unexpected(err)
	})
	return out
}

// fileFault says why a file as a whole cannot be read.
func fileFault(err error, maxBytes int64) error {
	switch {
	case errors.Is(err, errTooLong):
		return &fault.Error{Code: fault.TooLarge, Field: "file", Rule: fmt.Sprintf("must be at most %d bytes", maxBytes), Hint: "split it into several"}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fault.New("file", "", "ends in the middle", "check that it was copied whole")
	case errors.Is(err, errShape):
		return fault.New("file", "", "is not JSON of a FeatureCollection or a Feature", "give a GeoJSON file as RFC 7946 has it")
	}
	return fault.Wrap(fault.Unavailable, "plan.read", err)
}
