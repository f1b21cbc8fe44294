package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"io"
	"runtime"
	"sync"
	"time"

	"parley/fault"
	"parley/node/body"
)

// A picture can be saved as a cache of its own replay. It stays a function of two heads: who reads
// a cache says at which heads it was made, and takes it only where the transcripts have those. What
// is not whole, or not of this version, is refused, and the transcripts are read instead.

// cacheHeader begins a cache. Its number goes up whenever the form changes, and whenever Apply makes
// something else of the same entries.
const cacheHeader = "parley/picture-cache/v13\n"

// A cache is the header and frames: kind, length, payload, and the SHA-256 of these. The last holds
// the SHA-256 of all sums before it.
const (
	frameTie     = 't' // at which heads it was made; the caller's to read
	frameRest    = 'r'
	frameNotices = 'n'
	frameEnd     = 'e'

	frameHead  = 5
	maxFrame   = 1 << 30
	readAtOnce = 4 << 20
)

// Saved is a picture as it stood at one moment, to be written while the picture goes on.
type Saved struct {
	pages  [][]byte
	line   string
	places []place // of all notices, in the order in which they came
	rest   []byte
}

// Save takes a picture as it stands. It copies what is not frozen.
func (p *Picture) Save(now time.Time) *Saved {
	s := &Saved{line: p.Line, pages: append([][]byte(nil), p.slots.pages...), places: make([]place, len(p.slots.all))}
	hot := slots{pages: s.pages}
	if n := len(hot.pages); n > 0 { // the last page is still written to
		hot.pages[n-1] = hot.pages[n-1][:len(hot.pages[n-1]):len(hot.pages[n-1])]
	}
	var c codec
	var b []byte
	for i, x := range p.slots.all {
		if x.hot != nil {
			from, ok := x.hot.over(now)
			if !ok {
				from = neverOver
			}
			b = p.pack(b[:0], &c, x.hot, from)
			x.at = hot.keep(b)
		}
		s.places[i] = x.at
	}
	s.pages = hot.pages
	rest := codec{line: p.Line}
	rest.rest(p)
	s.rest = rest.data
	return s
}

// Bytes returns about how many bytes WriteTo writes.
func (s *Saved) Bytes() int64 {
	n := int64(len(s.rest)) + pageBytes
	for _, p := range s.pages {
		n += int64(len(p))
	}
	return n
}

// Write writes the cache. tie is what Read hands to its caller first.
func (s *Saved) Write(w io.Writer, tie []byte) error {
	if _, err := io.WriteString(w, cacheHeader); err != nil {
		return err
	}
	f := frameWriter{w: w, sums: sha256.New()}
	c := codec{}
	count := uint64(len(s.places))
	text(&c, &s.line)
	c.uint(&count)
	f.put(frameTie, append(c.data, tie...))
	page := make([]byte, 0, pageBytes)
	for _, at := range s.places {
		from := s.pages[at.page()][at.offset():]
		_, rest, _ := blob(from)
		b := from[:len(from)-len(rest)]
		if len(page)+len(b) > cap(page) && len(page) > 0 {
			f.put(frameNotices, page)
			page = page[:0]
		}
		page = append(page, b...)
	}
	if len(page) > 0 {
		f.put(frameNotices, page)
	}
	f.put(frameRest, s.rest)
	f.put(frameEnd, f.sums.Sum(nil))
	return f.err
}

type frameWriter struct {
	w    io.Writer
	sums hash.Hash
	err  error
}

func (f *frameWriter) put(kind byte, payload []byte) {
	if f.err != nil {
		return
	}
	head := binary.LittleEndian.AppendUint32([]byte{kind}, uint32(len(payload)))
	sum := frameSum(head, payload)
	for _, b := range [...][]byte{head, payload, sum[:]} {
		if _, f.err = f.w.Write(b); f.err != nil {
			return
		}
	}
	f.sums.Write(sum[:])
}

func frameSum(head, payload []byte) (sum [sha256.Size]byte) {
	h := sha256.New()
	h.Write(head)
	h.Write(payload)
	h.Sum(sum[:0])
	return sum
}

// frame is one frame on its way from the reader through a worker.
type frame struct {
	head    []byte
	payload []byte
	sum     [sha256.Size]byte
	err     error
	notices []packed
	done    chan struct{} // closed when the worker is through with it
}

// packed is one notice of a frame.
type packed struct {
	offset   int
	key      Key
	versions []body.Ref
}

func damaged(what string) error {
	return fault.Newf(fault.Corrupt, "picture.cache", "%s", what)
}

// Read reads a cache of the picture of a line. It calls fits with the tie first, and goes on only
// where that returns nil. Every error means that the cache is of no use.
func Read(r io.Reader, line string, fits func(tie []byte) error) (*Picture, error) {
	head := make([]byte, len(cacheHeader))
	if _, err := io.ReadFull(r, head); err != nil || string(head) != cacheHeader {
		return nil, damaged("is not of this version")
	}
	sums := sha256.New()
	first := readFrame(r)
	first.check(line)
	if first.err != nil {
		return nil, first.err
	}
	sums.Write(first.sum[:])
	c := codec{data: first.payload, reading: true}
	var of string
	var count uint64
	text(&c, &of)
	c.uint(&count)
	if first.head[0] != frameTie || c.bad || count > maxFrame || of != line {
		return nil, damaged("does not begin with heads of this line")
	}
	if err := fits(c.data); err != nil {
		return nil, err
	}
	p := New(line)
	p.slots.byName = make(map[uint64]uint32, count)
	p.slots.all = make([]slot, 0, count)
	if err := p.readFrames(r, sums); err != nil {
		return nil, err
	}
	if uint64(len(p.slots.all)) != count {
		return nil, damaged("has not all its notices")
	}
	return p, nil
}

// readFrames takes in the frames after the first: one goroutine reads them, as many as there are
// processors check them, and the caller's takes them in order. All have ended when it returns.
func (p *Picture) readFrames(r io.Reader, sums hash.Hash) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	stop := make(chan struct{})
	defer close(stop)
	ordered, work := make(chan *frame, 2*runtime.GOMAXPROCS(0)), make(chan *frame, 2*runtime.GOMAXPROCS(0))
	wg.Go(func() {
		defer close(ordered)
		defer close(work)
		for {
			f := readFrame(r)
			last := f.err != nil || f.head[0] == frameEnd
			work <- f // never waits long: workers wait for nothing
			select {
			case ordered <- f:
			case <-stop:
				return
			}
			if last {
				return
			}
		}
	})
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for f := range work {
				f.check(p.Line)
				close(f.done)
			}
		})
	}
	for f := range ordered {
		<-f.done
		if f.err != nil {
			return f.err
		}
		switch f.head[0] {
		case frameNotices:
			p.slots.takeIn(f)
		case frameRest:
			c := codec{data: f.payload, reading: true, line: p.Line}
			if c.rest(p); c.bad || len(c.data) > 0 {
				return damaged("has a part that does not fit")
			}
		case frameEnd:
			if !bytes.Equal(f.payload, sums.Sum(nil)) {
				return damaged("is not whole")
			}
			if n, _ := r.Read(make([]byte, 1)); n > 0 {
				return damaged("goes on after its end")
			}
			return nil
		default:
			return damaged("has a part of an unknown kind")
		}
		sums.Write(f.sum[:])
	}
	return damaged("stops before its end")
}

func readFrame(r io.Reader) *frame {
	f := &frame{head: make([]byte, frameHead), done: make(chan struct{})}
	if _, f.err = io.ReadFull(r, f.head); f.err != nil {
		return f
	}
	n := int64(binary.LittleEndian.Uint32(f.head[1:]))
	switch {
	case n > maxFrame:
		f.err = damaged("has a part that is too large")
	case n <= readAtOnce:
		f.payload = make([]byte, n)
		_, f.err = io.ReadFull(r, f.payload)
	default: // its length may be what is damaged
		f.payload, f.err = io.ReadAll(io.LimitReader(r, n))
		if f.err == nil && int64(len(f.payload)) < n {
			f.err = io.ErrUnexpectedEOF
		}
	}
	if f.err == nil {
		_, f.err = io.ReadFull(r, f.sum[:])
	}
	return f
}

// check holds a frame to its sum, and finds the notices in it.
func (f *frame) check(line string) {
	if f.err != nil {
		return
	}
	if frameSum(f.head, f.payload) != f.sum {
		f.err = damaged("has a part that is not as it was written")
		return
	}
	if f.head[0] != frameNotices {
		return
	}
	for rest := f.payload; len(rest) > 0; {
		at := len(f.payload) - len(rest)
		b, more, ok := blob(rest)
		if !ok {
			f.err = damaged("has a notice that does not fit")
			return
		}
		rest = more
		var n Notice
		c := codec{data: b[8:], reading: true, line: line}
		if c.whole(&n, nil); c.bad || len(c.data) > 0 {
			f.err = damaged("has a notice that does not fit")
			return
		}
		x := packed{offset: at, key: n.Key, versions: make([]body.Ref, len(n.Versions))}
		for i := range n.Versions {
			x.versions[i] = n.Versions[i].Ref
			if r := x.versions[i]; r.Seq < 0 || r.Seq > maxFrame {
				f.err = errors.New("an entry's number is beyond what is held")
			}
		}
		f.notices = append(f.notices, x)
	}
}

// takeIn keeps the notices of a frame.
func (s *slots) takeIn(f *frame) {
	s.pages = append(s.pages, f.payload)
	s.bytes += len(f.payload)
	page := place(len(s.pages)-1) << 32
	for _, x := range f.notices {
		id := uint32(len(s.all))
		s.all = append(s.all, slot{at: page | place(x.offset)})
		s.name(x.key, id)
		for _, r := range x.versions {
			s.note(r, id)
		}
	}
}
