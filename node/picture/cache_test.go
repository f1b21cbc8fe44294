package picture

import (
	"bytes"
	"errors"
	"io"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/geo4d"
	"parley/node/body"
	"parley/notice"
	"parley/transcript"
)

// noon is a time of day at which some of what is drawn is over.
var noon = time.Date(2026, 12, 1, 12, 30, 0, 0, time.UTC)

// saved returns the cache of a picture.
func saved(t rapid.TB, p *Picture, now time.Time, tie string) []byte {
	t.Helper()
	var b bytes.Buffer
	s := p.Save(now)
	if err := s.Write(&b, []byte(tie)); err != nil {
		t.Fatal(err)
	}
	if int64(b.Len()) > s.Bytes()+int64(len(tie)) {
		t.Fatalf("%d bytes, and said to be %d at most", b.Len(), s.Bytes())
	}
	return b.Bytes()
}

func read(b []byte, tie string) (*Picture, error) {
	return Read(bytes.NewReader(b), line, func(got []byte) error {
		if string(got) != tie {
			return errors.New("another tie")
		}
		return nil
	})
}

// same compares all that two pictures know and all ways to ask for it.
func same(t rapid.TB, p, q *Picture, refs []body.Ref) {
	t.Helper()
	check := func(what string, x, y any) {
		t.Helper()
		if !reflect.DeepEqual(x, y) {
			t.Fatalf("%s:\n%+v\n%+v", what, x, y)
		}
	}
	x, y := slices.Collect(p.Notices()), slices.Collect(q.Notices())
	check("notices", x, y)
	for _, n := range x {
		check("notice by name", p.Notice(n.Key), q.Notice(n.Key))
	}
	for _, r := range refs {
		check("notice by first", p.NoticeByFirst(r), q.NoticeByFirst(r))
		check("notice by version", p.NoticeOf(r), q.NoticeOf(r))
		check("receipts", p.Receipts(r), q.Receipts(r))
		check("call", p.Call(r), q.Call(r))
	}
	check("conflicts", p.conflicts, q.conflicts)
	check("calls", p.calls, q.calls)
	check("ahead", p.ahead, q.ahead)
	check("translated", p.translated, q.translated)
	check("declared", p.declared, q.declared)
	check("agreements", p.agreements, q.agreements)
	check("keys compared", p.keys, q.keys)
	check("duty", p.duty, q.duty)
	check("last filed", p.last, q.last)
	check("unread", p.unread, q.unread)
}

// shape draws a shape, or a part of one.
func shape(t *rapid.T, part bool) geo4d.Shape {
	position := rapid.Custom(func(t *rapid.T) geo4d.Position {
		return geo4d.Position{LonDeg: rapid.Float64().Draw(t, "lon"), LatDeg: rapid.Float64().Draw(t, "lat")}
	})
	kinds := 4
	if part {
		kinds = 2
	}
	switch rapid.IntRange(0, kinds).Draw(t, "shape") {
	case 0:
		return geo4d.Circle{Center: position.Draw(t, "center"), RadiusM: rapid.Float64().Draw(t, "radius")}
	case 1:
		return geo4d.Corridor{Line: rapid.SliceOfN(position, 0, 4).Draw(t, "line"), HalfWidthM: 5}
	case 2:
		return geo4d.Polygon{Rings: rapid.SliceOfN(rapid.SliceOfN(position, 0, 5), 0, 3).Draw(t, "rings")}
	case 3:
		return geo4d.Earth{}
	}
	return geo4d.Multi{Parts: []geo4d.Shape{shape(t, true), shape(t, true)}}
}

func instant(t *rapid.T) time.Time {
	switch rapid.IntRange(0, 4).Draw(t, "time") {
	case 0:
		return time.Time{}
	case 1:
		return time.Unix(rapid.Int64Range(-1e13, 1e11).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).UTC()
	case 2:
		return time.Date(2026, 12, 1, 6, 0, 0, 0, time.FixedZone("", rapid.IntRange(-50_000, 50_000).Draw(t, "east")))
	}
	return time.UnixMilli(rapid.Int64Range(0, 1e13).Draw(t, "ms")).UTC()
}

func altitude(t *rapid.T) *geo4d.Altitude {
	if rapid.Bool().Draw(t, "open") {
		return nil
	}
	return &geo4d.Altitude{Value: rapid.Float64().Draw(t, "value"), Unit: geo4d.Feet, Reference: geo4d.Reference(rapid.String().Draw(t, "reference"))}
}

func anyNotice(t *rapid.T) notice.Notice {
	s := func(what string) string { return rapid.StringN(0, 6, -1).Draw(t, what) }
	n := notice.Notice{ID: s("id"), Version: rapid.Int().Draw(t, "version"), Kind: notice.Kind(s("kind")), Domain: notice.Sea,
		Class: notice.Class(s("class")), Title: s("title"), Place: s("place"), Sector: s("sector"), UncertaintyM: math.MaxFloat64,
		SpeedMPS: rapid.Float64().Draw(t, "speed"), Contact: s("contact"), Frequency: s("frequency"), Markings: s("markings"),
		Cargo: s("cargo"), Persons: rapid.Int().Draw(t, "persons"), Humanitarian: rapid.Bool().Draw(t, "humanitarian"),
		EmergencyMedical: rapid.Bool().Draw(t, "medical"), Expires: instant(t), Supersedes: s("supersedes"),
		Source: notice.Source{Format: s("format"), ID: s("source"), Text: s("text")}}
	n.Window, n.Band = geo4d.Window{Start: instant(t), End: instant(t)}, geo4d.Band{Lower: altitude(t), Upper: altitude(t)}
	for range rapid.IntRange(0, 3).Draw(t, "volumes") {
		n.Volumes = append(n.Volumes, geo4d.Volume{Shape: shape(t, false), Band: geo4d.Band{Lower: altitude(t), Upper: altitude(t)},
			Window: geo4d.Window{Start: instant(t), End: instant(t)}})
	}
	for range rapid.IntRange(0, 2).Draw(t, "texts") {
		n.Text = append(n.Text, notice.Text{Language: s("language"), Text: s("words")})
	}
	return n
}

// TestFrozenNoticeIsTheSame: a notice comes back from its frozen form as it was, whatever is in it.
func TestFrozenNoticeIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := New(line)
		first := body.Ref{Origin: transcript.Origin{Line: rapid.SampledFrom([]string{line, "other"}).Draw(t, "line"), Epoch: 3, Side: transcript.B}, Seq: 7}
		n := &Notice{Key: Key{Side: transcript.A, ID: rapid.StringN(0, 4, -1).Draw(t, "name")}, First: first}
		for i := range rapid.IntRange(1, 3).Draw(t, "versions") {
			v := Version{Ref: body.Ref{Origin: first.Origin, Seq: 7 + int64(i)}, Time: instant(t), HeldAt: instant(t), Seen: rapid.Int64().Draw(t, "seen"),
				Drill: true, By: body.Officer{Officer: "o", Role: "r"}, Flaw: rapid.String().Draw(t, "flaw"), AddsSpaceOrTime: rapid.Bool().Draw(t, "adds"), Withheld: rapid.Bool().Draw(t, "withheld")}
			if v.Notice = anyNotice(t); rapid.Bool().Draw(t, "same name") {
				v.Notice.ID = n.Key.ID
			}
			if rapid.Bool().Draw(t, "received") {
				p.received[v.Ref] = []Receipt{{Ref: first, Time: instant(t), Officer: "x", Role: "y", Remark: "z"}}
			}
			n.Versions = append(n.Versions, v)
		}
		n.Events = []Event{{Ref: first, Time: instant(t), Event: notice.End, Officer: "o", Reason: "done"}}
		id := p.slots.add(n)
		for i := range n.Versions {
			p.slots.note(n.Versions[i].Ref, id)
		}
		want := map[body.Ref][]Receipt{}
		for r, l := range p.received {
			want[r] = l
		}
		p.Freeze(time.Now(), 1, func(*Notice) bool { return false })
		if p.Hot() != 0 || len(p.received) != 0 {
			t.Fatalf("%d are not frozen, %d receipts", p.Hot(), len(p.received))
		}
		got := p.Notice(n.Key)
		if got == n || !reflect.DeepEqual(got, n) {
			t.Fatalf("\n%+v\n%+v", n, got)
		}
		for i := range n.Versions {
			if r := n.Versions[i].Ref; !reflect.DeepEqual(p.Receipts(r), want[r]) {
				t.Fatalf("receipts of %s: %+v, want %+v", r, p.Receipts(r), want[r])
			}
		}
		if thawed, _ := p.named(n.Key); !reflect.DeepEqual(thawed, n) || !reflect.DeepEqual(p.received, want) {
			t.Fatalf("thawed:\n%+v\n%+v\n%v", n, thawed, p.received)
		}
	})
}

// more draws what draft does not: conflicts, declarations, agreements, what cannot be read, and
// notices with volumes, some of which are over.
func more(t *rapid.T, side transcript.Side, seq int) transcript.Draft {
	own, other := ref(side, rapid.IntRange(0, 11).Draw(t, "own")), ref(side.Other(), rapid.IntRange(0, 11).Draw(t, "other"))
	var d transcript.Draft
	var err error
	switch rapid.IntRange(0, 7).Draw(t, "more") {
	case 0:
		m := rapid.Float64Range(0, 1e6).Draw(t, "metres")
		d, err = body.Draft(rapid.SampledFrom([]string{body.KindConflict, body.KindSeparated}).Draw(t, "near"), body.Conflict{ID: body.ConflictID(line, own, other), A: body.Party{First: own, Notice: "n-1", Version: 1},
			B: body.Party{First: other, Version: 2}, LateralM: &m, From: time.Date(2026, 12, 1, 6, rapid.IntRange(0, 59).Draw(t, "from"), 0, 0, time.FixedZone("", 3600))})
	case 1:
		d, err = body.Draft(rapid.SampledFrom([]string{body.KindSuspended, body.KindResumed}).Draw(t, "word"), body.Declared{Officer: "o", Role: "duty", Reason: "storm"})
	case 2:
		d, err = body.Draft(body.KindAgreement, body.Agreement{ID: "x", Note: "terms"})
	case 3:
		d, err = body.Draft(body.KindState, map[string]int{"first": 3})
		if rapid.Bool().Draw(t, "lapse") {
			d, err = body.Draft(body.KindState, body.State{First: own, Event: body.Lapse})
		}
	case 6:
		d, err = body.Draft(body.KindKeyCompared, body.KeyCompared{Agreement: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "agreement"), Party: "red", Key: "SHA256:x", With: "a", Officer: "o", Role: "supervisor"})
	case 7:
		d, err = body.Draft(body.KindTakenBack, body.TakenBack{From: own, Entries: rapid.Int64Range(0, 3).Draw(t, "entries"), Running: rapid.Bool().Draw(t, "running")})
	case 4:
		d, err = body.Draft(body.KindAnswer, map[string]string{"text": "to nothing"})
	case 5:
		start := time.Date(2026, 12, 1, rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, time.UTC)
		n := notice.Notice{ID: rapid.SampledFrom([]string{"n-1", "n-2", "n-4"}).Draw(t, "id"), Version: rapid.IntRange(1, 2).Draw(t, "version"),
			Kind: rapid.SampledFrom([]notice.Kind{notice.Area, notice.Movement, notice.Site}).Draw(t, "kind")}
		n.Volumes = []geo4d.Volume{{Shape: geo4d.Circle{Center: geo4d.Position{LonDeg: 1, LatDeg: 2}, RadiusM: 100}, Window: geo4d.Window{Start: start, End: start.Add(time.Hour)}}}
		var fields []notice.Field
		if fields, err = notice.Fields(n); err == nil {
			d.Kind = body.KindNotice
			shown := rapid.Bool().Draw(t, "shown")
			for _, f := range fields {
				d.Fields = append(d.Fields, transcript.Field{Name: f.Name, Value: f.Value, Shown: shown})
			}
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestCacheAndTailAreTheWholeReplay: whatever two parties said and in whatever order it came, a
// picture that was saved, read, frozen and thawed on the way knows exactly what a replay of the two
// transcripts from their beginning knows.
func TestCacheAndTailAreTheWholeReplay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := map[transcript.Side][]Said{}
		var refs []body.Ref
		for _, side := range []transcript.Side{transcript.A, transcript.B} {
			for i := range rapid.IntRange(0, 12).Draw(t, "entries") {
				d := rapid.SampledFrom([]func(*rapid.T, transcript.Side, int) transcript.Draft{draft, more}).Draw(t, "what")(t, side, i)
				list[side] = append(list[side], said(t, side, i, d))
				refs = append(refs, ref(side, i))
			}
		}
		whole := New(line)
		for _, s := range append(slices.Clone(list[transcript.A]), list[transcript.B]...) {
			_, _ = whole.Apply(s) // what does not fit is counted, and compared below
		}
		now := time.Date(2026, 12, 1, rapid.IntRange(0, 24).Draw(t, "now"), 30, 0, 0, time.UTC)
		p, x, y := New(line), list[transcript.A], list[transcript.B]
		for len(x)+len(y) > 0 {
			switch rapid.IntRange(0, 6).Draw(t, "step") {
			case 0:
				p.Freeze(now, rapid.IntRange(1, 20).Draw(t, "few"), func(n *Notice) bool { return rapid.Bool().Draw(t, "held") })
			case 1:
				p.Thaw(now)
			case 2:
				var err error
				if p, err = read(saved(t, p, now, "here"), "here"); err != nil {
					t.Fatal(err)
				}
			case 3: // ahead of its turn
				if i := rapid.IntRange(0, 12).Draw(t, "ahead"); i < len(y) && body.Urgent(y[i].Kind) {
					ahead := y[i]
					ahead.Ahead = true
					_, _ = p.Apply(ahead)
				}
			default:
				from := &x
				if len(x) == 0 || len(y) > 0 && rapid.Bool().Draw(t, "b next") {
					from = &y
				}
				_, _ = p.Apply((*from)[0])
				*from = (*from)[1:]
			}
		}
		same(t, whole, p, refs)
		again, err := read(saved(t, p, now, ""), "")
		if err != nil {
			t.Fatal(err)
		}
		same(t, whole, again, refs)
		again.Thaw(now)
		for _, n := range again.Current() {
			if n != again.Notice(n.Key) && n.First == again.Notice(n.Key).First {
				t.Fatalf("%v is not frozen and yet copied", n.Key)
			}
		}
		for n := range whole.Notices() {
			if s := n.StatusAt(n.Latest().Notice, now); s.Live() && !slices.ContainsFunc(again.Current(), func(m *Notice) bool { return m.First == n.First }) {
				t.Fatalf("%v is live and frozen", n.Key)
			}
		}
	})
}

// sample is a picture with some of everything.
func sample(t *rapid.T) *Picture {
	p := New(line)
	for i := range 12 {
		for _, side := range []transcript.Side{transcript.A, transcript.B} {
			_, _ = p.Apply(said(t, side, i, rapid.SampledFrom([]func(*rapid.T, transcript.Side, int) transcript.Draft{draft, more}).Draw(t, "what")(t, side, i)))
		}
	}
	return p
}

// TestSaveOnlyReads: a picture is saved while others look at it, which the race detector watches.
func TestSaveOnlyReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := sample(t)
		p.Freeze(noon, 5, func(*Notice) bool { return false })
		var wg sync.WaitGroup
		defer wg.Wait()
		for range 2 {
			wg.Go(func() { _ = p.Save(noon).Write(io.Discard, nil) })
		}
	})
}

// TestDamagedCacheIsRefused: one wrong bit, a missing end or one too many bytes, and nothing of a
// cache counts.
func TestDamagedCacheIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := saved(t, sample(t), noon, "tie")
		at := rapid.IntRange(0, len(b)-1).Draw(t, "at")
		switch rapid.IntRange(0, 2).Draw(t, "damage") {
		case 0:
			b[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		case 1:
			b = b[:at]
		case 2:
			b = append(b, 0)
		}
		if _, err := read(b, "tie"); err == nil {
			t.Fatal("taken as whole")
		}
	})
}

// TestForeignCacheIsRefused: of another version, another line, or other heads.
func TestForeignCacheIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := saved(t, sample(t), noon, "tie")
		if _, err := read(b, "tie"); err != nil {
			t.Fatal(err)
		}
		if _, err := read(b, "other"); err == nil {
			t.Error("one of other heads was taken")
		}
		if _, err := Read(bytes.NewReader(b), strings.Repeat("cd", 32), func([]byte) error { return nil }); err == nil {
			t.Error("one of another line was taken")
		}
		later := bytes.Clone(b)
		later[len(cacheHeader)-2]++
		if _, err := read(later, "tie"); err == nil {
			t.Error("one of a later version was taken")
		}
	})
}

// TestFramesKeepTheirPlaces: a cache whose frames are each sound, in another order or with one left
// out, is refused.
func TestFramesKeepTheirPlaces(t *testing.T) {
	var b bytes.Buffer
	p := New(line)
	for i := range 3 {
		n := &Notice{Key: Key{Side: transcript.A, ID: strings.Repeat("x", i+1)}, First: ref(transcript.A, i)}
		n.Versions = []Version{{Ref: n.First, Notice: notice.Notice{Title: strings.Repeat("long", pageBytes/5)}}}
		p.slots.note(n.First, p.slots.add(n))
	}
	if err := p.Save(noon).Write(&b, nil); err != nil {
		t.Fatal(err)
	}
	var frames [][]byte
	r := bytes.NewReader(b.Bytes()[len(cacheHeader):])
	for r.Len() > 0 {
		f := readFrame(r)
		if f.err != nil {
			t.Fatal(f.err)
		}
		frames = append(frames, slices.Concat(f.head, f.payload, f.sum[:]))
	}
	join := func(order ...int) []byte {
		out := []byte(cacheHeader)
		for _, i := range order {
			out = append(out, frames[i]...)
		}
		return out
	}
	if len(frames) != 6 {
		t.Fatalf("%d frames, want 6", len(frames))
	}
	if _, err := read(join(0, 1, 2, 3, 4, 5), ""); err != nil {
		t.Fatal(err)
	}
	for _, order := range [][]int{{0, 2, 1, 3, 4, 5}, {0, 1, 2, 4, 5}, {0, 1, 1, 2, 3, 4, 5}, {0, 1, 2, 3, 4}, {1, 0, 2, 3, 4, 5}, {0, 5}, {0}, {}} {
		if _, err := read(join(order...), ""); err == nil {
			t.Errorf("frames %v were taken", order)
		}
	}
}

// failing is a disk that takes so many bytes.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestCacheOnAFullDisk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := sample(t)
		size := len(saved(t, p, noon, ""))
		if err := p.Save(noon).Write(&failing{rapid.IntRange(0, size-1).Draw(t, "room")}, nil); err == nil {
			t.Fatal("what was not written passes as written")
		}
	})
}

// FuzzFrozen: no bytes that pass for a frozen notice make the reader do more than refuse them, and
// those it takes it writes again as they were.
func FuzzFrozen(f *testing.F) {
	p := New(line)
	n := &Notice{Key: Key{Side: transcript.B, ID: "n-1"}, First: ref(transcript.B, 0), Versions: []Version{{Ref: ref(transcript.B, 0), Time: time.UnixMilli(1).UTC(),
		Notice: notice.Notice{Kind: notice.Area, Volumes: []geo4d.Volume{{Shape: geo4d.Multi{Parts: []geo4d.Shape{geo4d.Circle{RadiusM: 2}, geo4d.Polygon{Rings: [][]geo4d.Position{{{}}}}}}}}}}}}
	var c codec
	b := p.pack(nil, &c, n, alwaysOver)
	f.Add(b)
	f.Add(b[:len(b)/2])
	f.Add([]byte{8, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		fr := frame{head: []byte{frameNotices}, payload: data}
		fr.sum = frameSum(fr.head, data)
		if fr.check(line); fr.err != nil {
			return
		}
		q := New(line)
		q.slots.takeIn(&fr)
		for id := range q.slots.all {
			n, received := q.slots.read(uint32(id))
			c := codec{line: line}
			c.whole(n, received)
			again := Notice{}
			c = codec{data: c.data, reading: true, line: line}
			if c.whole(&again, nil); c.bad || len(c.data) > 0 {
				t.Fatal("cannot be read again")
			}
		}
	})
}
