package picture

import (
	"cmp"
	"encoding/binary"
	"iter"
	"math"
	"slices"
	"sort"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"parley/node/body"
	"parley/notice"
	"parley/transcript"
)

// Most notices of a long line are over: nobody compares them again, and few look at them. Such a
// notice is frozen: kept as bytes, a sixth of its size and nothing that the garbage collector must
// follow. Whoever asks for it gets a copy made anew; an entry that still concerns it thaws it first.
// Frozen or not changes nothing of what a picture says.

const (
	pageBytes = 1 << 20
	// clockSlack is how long a notice must have lapsed before it is frozen, so that a clock which is
	// set back a little finds it as it was.
	clockSlack = time.Minute
	// alwaysOver and neverOver stand for the instant from which the clock has a notice over.
	alwaysOver, neverOver = math.MinInt64, math.MaxInt64
)

// slot is where one notice is kept.
type slot struct {
	hot *Notice // nil: frozen
	at  place
}

// place is where a frozen notice lies: its page, and the offset there in the low 32 bits. There lie
// its length, the instant from which it is over in Unix milliseconds, and what codec.whole writes.
type place uint64

func (p place) page() int   { return int(p >> 32) }
func (p place) offset() int { return int(uint32(p)) }

// slots keeps notices and finds them by name and by entry.
type slots struct {
	line    string
	all     []slot
	byName  map[uint64]uint32              // by nameHash
	twins   map[Key]uint32                 // those whose nameHash another has
	byEntry map[transcript.Origin][]uint32 // by seq of a version's entry: slot + 1
	hot     []uint32                       // the slots that are not frozen
	next    int                            // where in hot Freeze looked last
	pages   [][]byte                       // only ever appended to
	dead    int                            // bytes in pages of notices that were thawed
	bytes   int                            // bytes in pages
	heard   map[body.Ref]*Heard            // what was heard by voice, by the entry that says so
}

func newSlots(line string) slots {
	return slots{line: line, byName: map[uint64]uint32{}, twins: map[Key]uint32{}, byEntry: map[transcript.Origin][]uint32{}, heard: map[body.Ref]*Heard{}}
}

// nameHash is FNV-1a of a key. Names that somebody made to have one hash cost a map entry each.
func nameHash(k Key) uint64 {
	h := uint64(14695981039346656037)
	for _, s := range [...]string{string(k.Side), k.ID} {
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211
	}
	if k.Voice {
		h = (h ^ 0xfe) * 1099511628211
	}
	return h
}

func (s *slots) find(k Key) (id uint32, ok bool) {
	if id, ok = s.byName[nameHash(k)]; ok && s.keyOf(id) != k {
		id, ok = s.twins[k]
	}
	return id, ok
}

func (s *slots) keyOf(id uint32) Key {
	if n := s.all[id].hot; n != nil {
		return n.Key
	}
	c := s.reader(id)
	var k Key
	c.key(&k)
	return k
}

// of returns the slot of the notice that an entry is a version of.
func (s *slots) of(r body.Ref) (id uint32, ok bool) {
	list := s.byEntry[r.Origin]
	if r.Seq < 0 || r.Seq >= int64(len(list)) || list[r.Seq] == 0 {
		return 0, false
	}
	return list[r.Seq] - 1, true
}

// add keeps a notice that is new. It takes the name from one that has it.
func (s *slots) add(n *Notice) uint32 {
	id := uint32(len(s.all))
	s.all = append(s.all, slot{hot: n})
	s.hot = append(s.hot, id)
	s.name(n.Key, id)
	return id
}

func (s *slots) name(k Key, id uint32) {
	hash := nameHash(k)
	if was, taken := s.byName[hash]; taken && s.keyOf(was) != k {
		s.twins[k] = id
	} else {
		s.byName[hash] = id
	}
}

// note says that an entry is a version of a notice.
func (s *slots) note(r body.Ref, id uint32) {
	list := s.byEntry[r.Origin]
	if more := int(r.Seq) + 1 - len(list); more > 0 {
		list = slices.Grow(list, more)[:r.Seq+1]
		s.byEntry[r.Origin] = list
	}
	list[r.Seq] = id + 1
}

// blob returns the bytes of a frozen notice, and what is in the same page after them.
func blob(page []byte) (b, rest []byte, ok bool) {
	n, size := binary.Uvarint(page)
	if size <= 0 || n < 8 || n > uint64(len(page)-size) {
		return nil, nil, false
	}
	return page[size : size+int(n)], page[size+int(n):], true
}

func (s *slots) blob(id uint32) []byte {
	at := s.all[id].at
	b, _, _ := blob(s.pages[at.page()][at.offset():])
	return b
}

func (s *slots) reader(id uint32) codec {
	return codec{data: s.blob(id)[8:], reading: true, line: s.line}
}

// overFrom is the instant from which a frozen notice is over.
func overFrom(b []byte) int64 { return int64(binary.LittleEndian.Uint64(b)) }

// read returns a notice, one that is frozen as a copy with the receipts of its versions.
func (s *slots) read(id uint32) (*Notice, []receiptsOf) {
	if n := s.all[id].hot; n != nil {
		return n, nil
	}
	c := s.reader(id)
	n := &Notice{}
	received := c.whole(n, nil)
	n.Voice = s.heard[n.First]
	return n, received
}

// receiptsOf are the receipts of one version, by its place among them.
type receiptsOf struct {
	version int
	list    []Receipt
}

func (c *codec) key(k *Key) {
	c.side(&k.Side)
	text(c, &k.ID)
	c.flag(&k.Voice)
}

// whole is for a notice with the receipts of its versions.
func (c *codec) whole(n *Notice, received []receiptsOf) []receiptsOf {
	c.key(&n.Key)
	c.ref(&n.First)
	list(c, &n.Versions, func(c *codec, v *Version) { c.version(v, n.Key.ID) })
	list(c, &n.Events, (*codec).event)
	list(c, &received, func(c *codec, r *receiptsOf) {
		c.int(&r.version)
		list(c, &r.list, (*codec).receipt)
		c.bad = c.bad || r.version < 0 || r.version >= len(n.Versions)
	})
	c.bad = c.bad || len(n.Versions) == 0
	return received
}

func (c *codec) version(v *Version, id string) {
	c.ref(&v.Ref)
	c.time(&v.Time)
	c.time(&v.HeldAt)
	c.int64(&v.Seen)
	c.flag(&v.Drill)
	text(c, &v.By.Officer)
	text(c, &v.By.Role)
	c.flag(&v.AddsSpaceOrTime)
	c.flag(&v.Hidden)
	c.flag(&v.Withheld)
	c.flag(&v.Unread)
	text(c, &v.Flaw)
	list(c, &v.Confirmed, (*codec).confirmed)
	c.notice(&v.Notice, id)
}

func (c *codec) event(e *Event) {
	c.ref(&e.Ref)
	c.time(&e.Time)
	text(c, &e.Event)
	text(c, &e.Officer)
	text(c, &e.Reason)
}

func (c *codec) receipt(r *Receipt) {
	c.ref(&r.Ref)
	c.time(&r.Time)
	for _, s := range [...]*string{&r.Kind, &r.Officer, &r.Role, &r.Remark} {
		text(c, s)
	}
	if r.Kind == body.KindReceived {
		return
	}
	for _, s := range [...]*string{&r.By, &r.Unit, &r.Means} {
		text(c, s)
	}
	c.flag(&r.Same)
	c.flag(&r.Unable)
	list(c, &r.Differences, (*codec).difference)
}

func (c *codec) difference(d *body.Difference) {
	said := string(d.Said)
	for _, s := range [...]*string{&d.Field, &d.Told, &d.ReadBack, &d.Text, &said} {
		text(c, s)
	}
	if c.reading && said != "" { // what is only written is also read by others meanwhile
		d.Said = jsontext.Value(said)
	}
}

// pack appends a notice as it is kept frozen. c holds what memory it takes meanwhile.
func (p *Picture) pack(b []byte, c *codec, n *Notice, over int64) []byte {
	var received []receiptsOf
	for i := range n.Versions {
		if l := p.received[n.Versions[i].Ref]; len(l) > 0 {
			received = append(received, receiptsOf{i, l})
		}
	}
	*c = codec{data: binary.LittleEndian.AppendUint64(c.data[:0], uint64(over)), line: p.Line}
	c.whole(n, received)
	return append(binary.AppendUvarint(b, uint64(len(c.data))), c.data...)
}

// Freeze looks at the next few notices that are not frozen, and freezes those that are over at now,
// but not the ones that are held: to which somebody keeps a pointer. Whoever calls it for two notices
// with every entry that comes has all frozen soon after they are over, and never waits for it.
func (p *Picture) Freeze(now time.Time, few int, held func(*Notice) bool) {
	s := &p.slots
	var c codec
	var b []byte
	for ; few > 0 && len(s.hot) > 0; few-- {
		if s.next++; s.next >= len(s.hot) {
			s.next = 0
		}
		id := s.hot[s.next]
		n := s.all[id].hot
		over, ok := n.over(now)
		if !ok || held(n) {
			continue
		}
		b = p.pack(b[:0], &c, n, over)
		for i := range n.Versions {
			delete(p.received, n.Versions[i].Ref)
		}
		s.all[id] = slot{at: s.keep(b)}
		last := len(s.hot) - 1
		s.hot[s.next] = s.hot[last]
		s.hot = s.hot[:last]
	}
	p.tidy()
}

// Hot returns how many notices are not frozen.
func (p *Picture) Hot() int { return len(p.slots.hot) }

func (s *slots) keep(b []byte) place {
	last := len(s.pages) - 1
	if last < 0 || len(s.pages[last])+len(b) > cap(s.pages[last]) {
		s.pages = append(s.pages, make([]byte, 0, max(pageBytes, len(b))))
		last++
	}
	at := place(last)<<32 | place(len(s.pages[last]))
	s.pages[last] = append(s.pages[last], b...)
	s.bytes += len(b)
	return at
}

// tidy makes the pages anew when half of them is dead.
func (p *Picture) tidy() {
	s := &p.slots
	if s.dead < 4*pageBytes || s.dead < s.bytes/2 {
		return
	}
	old := s.pages
	s.pages, s.bytes, s.dead = nil, 0, 0
	for i := range s.all {
		if x := &s.all[i]; x.hot == nil {
			page := old[x.at.page()][x.at.offset():]
			_, rest, _ := blob(page)
			x.at = s.keep(page[:len(page)-len(rest)])
		}
	}
}

// over reports whether a notice is over whatever comes but an entry, and from which instant of the
// clock, in Unix milliseconds. It is so for all that the author ended or cancelled. Of what lapses
// by the clock only those count that have volumes of their own: times of the others hang on the
// agreement.
func (n *Notice) over(now time.Time) (from int64, ok bool) {
	for _, e := range n.Events {
		if e.Event == notice.End || e.Event == notice.Cancel {
			return alwaysOver, true
		}
	}
	if n.Voice.Over() {
		return alwaysOver, true
	}
	v := n.Latest()
	if v.Hidden || v.Withheld { // until its author's node has said that it lapsed
		lapse := n.Lapse()
		if lapse == nil || v.Hidden {
			return alwaysOver, lapse != nil
		}
	}
	if v.Notice.Incomplete() {
		return 0, false
	}
	s := notice.StatusAt(v.Notice, nil, now.Add(-clockSlack))
	if !s.Lapsed {
		return 0, false
	}
	return s.Since.UnixMilli() + 1, true
}

// thaw returns a notice to be changed.
func (p *Picture) thaw(id uint32) *Notice {
	s := &p.slots
	n, received := s.read(id)
	if s.all[id].hot != nil {
		return n
	}
	for _, r := range received {
		p.received[n.Versions[r.version].Ref] = r.list
	}
	s.dead += len(s.blob(id))
	s.all[id] = slot{hot: n}
	s.hot = append(s.hot, id)
	return n
}

// Thaw thaws the notices that the clock does not have over at now.
func (p *Picture) Thaw(now time.Time) {
	ms := now.UnixMilli()
	for id := range p.slots.all {
		if p.slots.all[id].hot == nil && overFrom(p.slots.blob(uint32(id))) > ms {
			p.thaw(uint32(id))
		}
	}
}

// Current returns the notices that are not frozen, all that can be live among them, in the order of
// side and first entry.
func (p *Picture) Current() []*Notice {
	out := make([]*Notice, 0, len(p.slots.hot))
	for _, id := range p.slots.hot {
		out = append(out, p.slots.all[id].hot)
	}
	sort.Slice(out, func(i, j int) bool { return refLess(out[i].First, out[j].First) })
	return out
}

// Notices yields every notice, in the order of epoch, side and first entry.
func (p *Picture) Notices() iter.Seq[*Notice] {
	return func(yield func(*Notice) bool) {
		for _, o := range p.Origins() {
			for n := range p.NoticesOf(o, 0, p.Reaches(o)) {
				if !yield(n) {
					return
				}
			}
		}
	}
}

// Origins returns the transcripts of which there are notices, in the order of epoch and side.
func (p *Picture) Origins() []transcript.Origin {
	origins := make([]transcript.Origin, 0, len(p.slots.byEntry))
	for o := range p.slots.byEntry {
		origins = append(origins, o)
	}
	slices.SortFunc(origins, func(a, b transcript.Origin) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Epoch, b.Epoch), cmp.Compare(a.Side, b.Side))
	})
	return origins
}

// Reaches returns up to which entry of a transcript there are notices: that of the last, plus one.
func (p *Picture) Reaches(o transcript.Origin) int64 { return int64(len(p.slots.byEntry[o])) }

// NoticesOf yields the notices whose first entry is one of a transcript from an entry to before another.
func (p *Picture) NoticesOf(o transcript.Origin, from, to int64) iter.Seq[*Notice] {
	return func(yield func(*Notice) bool) {
		s := &p.slots
		list := s.byEntry[o]
		for seq := from; seq < min(to, int64(len(list))); seq++ {
			if list[seq] == 0 {
				continue
			}
			if n, _ := s.read(list[seq] - 1); n.First == (body.Ref{Origin: o, Seq: seq}) && !yield(n) {
				return
			}
		}
	}
}

// Notice returns a notice, or nil. One that is frozen is a copy.
func (p *Picture) Notice(k Key) *Notice {
	if id, ok := p.slots.find(k); ok {
		n, _ := p.slots.read(id)
		return n
	}
	return nil
}

// NoticeByFirst returns the notice whose first entry is r, or nil. One that is frozen is a copy.
func (p *Picture) NoticeByFirst(r body.Ref) *Notice {
	if n := p.NoticeOf(r); n != nil && n.First == r {
		return n
	}
	return nil
}

// NoticeOf returns the notice that a version's entry belongs to, or nil. One that is frozen is a
// copy.
func (p *Picture) NoticeOf(r body.Ref) *Notice {
	if id, ok := p.slots.of(r); ok {
		n, _ := p.slots.read(id)
		return n
	}
	return nil
}

// named returns the notice of a name with its slot, to be changed, or nil.
func (p *Picture) named(k Key) (*Notice, uint32) {
	id, ok := p.slots.find(k)
	if !ok {
		return nil, 0
	}
	return p.thaw(id), id
}

// begun returns the notice whose first entry is r with its slot, to be changed, or nil.
func (p *Picture) begun(r body.Ref) (*Notice, uint32) {
	if id, ok := p.slots.of(r); ok {
		if n := p.thaw(id); n.First == r {
			return n, id
		}
	}
	return nil, 0
}
