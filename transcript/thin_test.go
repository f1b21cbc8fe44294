package transcript

import (
	"bytes"
	"crypto/ed25519"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawnLine is a line of two transcripts with all heads and receipts that its parties signed, drawn at
// random: keys that begin to count, end or follow one another, clocks that go back, several heads and
// receipts in one second and in one minute.
type drawnLine struct {
	t     *rapid.T
	w     *world
	keys  [2][]LineKey
	signs [2][]ed25519.PrivateKey
	last  [2]time.Time // of the newest entry
	times [2][]time.Time
}

func drawLine(t *rapid.T, tb testing.TB) *drawnLine {
	d := &drawnLine{t: t}
	parties := testParties()
	for side := range 2 {
		d.signs[side] = []ed25519.PrivateKey{testKey(byte(1 + side)), testKey(byte(3 + side))}
		for _, k := range d.signs[side] {
			lk := LineKey{Public: public(k)}
			if rapid.IntRange(0, 3).Draw(t, "from") == 0 {
				lk.From = testTime().Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "minute")) * time.Minute)
			}
			if rapid.IntRange(0, 2).Draw(t, "revoked") == 0 {
				lk.Revoked = testTime().Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "second")) * time.Second)
			}
			d.keys[side] = append(d.keys[side], lk)
		}
		parties[side].LineKeys = d.keys[side]
	}
	d.w = newWorld(tb, parties)
	for range rapid.IntRange(1, 14).Draw(t, "steps") {
		d.step()
	}
	for side := range 2 {
		d.sign(side)
	}
	return d
}

func (d *drawnLine) step() {
	pause := rapid.SampledFrom([]time.Duration{0, 0, 300 * time.Millisecond, time.Second, 20 * time.Second, 50 * time.Second, 3 * time.Minute, -40 * time.Second}).Draw(d.t, "pause")
	d.w.tick(pause)
	side := rapid.IntRange(0, 1).Draw(d.t, "side")
	switch rapid.IntRange(0, 3).Draw(d.t, "what") {
	case 0, 1:
		for range rapid.IntRange(1, 2).Draw(d.t, "entries") {
			now := d.w.now
			if now.Before(d.last[side]) {
				d.w.now = d.last[side]
			}
			d.last[side] = d.w.now
			d.times[side] = append(d.times[side], d.w.now)
			d.w.say(side, Draft{Kind: "call"})
			d.w.now = now
		}
		d.sign(side)
	case 2:
		d.sign(side)
	case 3:
		if hs := d.w.books[side].heads; len(hs) > 0 {
			h := hs[len(hs)-1]
			r, err := SignReceipt(d.key(1-side), h, d.w.now)
			if err != nil {
				d.t.Fatal(err)
			}
			d.w.books[side].receipts = append(d.w.books[side].receipts, r)
		}
	}
}

func (d *drawnLine) key(side int) ed25519.PrivateKey {
	return rapid.SampledFrom(d.signs[side]).Draw(d.t, "key")
}

func (d *drawnLine) sign(side int) {
	l, now := d.w.books[side], d.w.now
	l.key = d.key(side)
	if n := len(l.heads); n > 0 && now.Before(l.heads[n-1].Time) && rapid.Bool().Draw(d.t, "not before") {
		d.w.now = l.heads[n-1].Time
	}
	if l.tree.Size() > 0 {
		d.w.commit(side, false)
	}
	d.w.now = now
}

func (d *drawnLine) bounds(side int, pub ed25519.PublicKey) LineKey {
	for _, k := range d.keys[side] {
		if k.Public.Equal(pub) {
			return k
		}
	}
	return LineKey{}
}

// bundle writes the line with the heads and receipts that keep accepts.
func (d *drawnLine) bundle(keepHead func(side, i int, hs []Head) bool, keepReceipt func(side, i int, rs []Receipt) bool) []byte {
	whole := [2]*logBook{d.w.books[0], d.w.books[1]}
	var thinned [2]*logBook
	for side, l := range whole {
		l := *l
		hs, rs := slices.Clone(l.heads), slices.Clone(l.receipts)
		slices.SortStableFunc(hs, func(a, b Head) int { return compareSigned(a.Size, b.Size, a.Time, b.Time, a.Note, b.Note) })
		slices.SortStableFunc(rs, func(a, b Receipt) int { return compareSigned(a.Size, b.Size, a.Time, b.Time, a.Note, b.Note) })
		l.heads, l.receipts = nil, nil
		for i, h := range hs {
			if keepHead(side, i, hs) {
				l.heads = append(l.heads, h)
			}
		}
		for i, r := range rs {
			if keepReceipt(side, i, rs) {
				l.receipts = append(l.receipts, r)
			}
		}
		thinned[side] = &l
	}
	d.w.books = thinned
	defer func() { d.w.books = whole }()
	var buf bytes.Buffer
	b := NewBundleWriter(&buf)
	if err := b.Agreement(d.w.agreement); err != nil {
		d.t.Fatal(err)
	}
	for _, l := range d.w.books {
		if l.tree.Size() > 0 {
			l.write(d.w.t, b, nil)
		}
	}
	if err := b.Close(); err != nil {
		d.t.Fatal(err)
	}
	return buf.Bytes()
}

func compareSigned(an, bn int64, at, bt time.Time, a, b []byte) int {
	if an != bn {
		return int(an - bn)
	}
	if c := at.Compare(bt); c != 0 {
		return c
	}
	return bytes.Compare(a, b)
}

func allHeads(int, int, []Head) bool       { return true }
func allReceipts(int, int, []Receipt) bool { return true }

func (d *drawnLine) needsHead(side, i int, hs []Head) bool {
	if i+1 == len(hs) {
		return true
	}
	var entry time.Time
	if n := hs[i].Size; n < int64(len(d.times[side])) {
		entry = d.times[side][n]
	}
	return !SpareHead(hs[i], hs[i+1], d.bounds(side, hs[i].Key), entry)
}

func (d *drawnLine) needsReceipt(side, i int, rs []Receipt) bool {
	return i+1 == len(rs) || !SpareReceipt(rs[i], rs[i+1], d.bounds(1-side, rs[i].Key))
}

// TestSpareSignaturesSayNothing has the same report with and without the heads and receipts that can be
// left out.
func TestSpareSignaturesSayNothing(t *testing.T) {
	spared := 0
	rapid.Check(t, func(rt *rapid.T) {
		d := drawLine(rt, t)
		whole, thinned := d.bundle(allHeads, allReceipts), d.bundle(d.needsHead, d.needsReceipt)
		spared += bytes.Count(whole, []byte("\nhead ")) - bytes.Count(thinned, []byte("\nhead "))
		want, got := Verify(bytes.NewReader(whole), testOptions()), Verify(bytes.NewReader(thinned), testOptions())
		if !reflect.DeepEqual(want, got) {
			rt.Fatalf("with all:\n%+v\nwith those needed:\n%+v", want, got)
		}
	})
	if spared == 0 {
		t.Error("no head could be left out")
	}
}

// TestLeavingOutOnlyWeakens leaves out any heads and receipts: what then still holds says no more than
// the whole says, and nothing holds whose newest entries are under no head.
func TestLeavingOutOnlyWeakens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := drawLine(rt, t)
		whole := Verify(bytes.NewReader(d.bundle(allHeads, allReceipts)), testOptions())
		var largest [2]int64
		part := Verify(bytes.NewReader(d.bundle(
			func(side, i int, hs []Head) bool {
				keep := rapid.Bool().Draw(rt, "head")
				if keep {
					largest[side] = hs[i].Size
				}
				return keep
			}, func(int, int, []Receipt) bool { return rapid.Bool().Draw(rt, "receipt") })), testOptions())
		if !part.OK {
			return
		}
		if !whole.OK {
			rt.Fatalf("holds without what made it fail: %+v", whole.Checks)
		}
		for _, tr := range part.Transcripts {
			o, err := ParseOrigin(tr.Origin)
			if err != nil {
				rt.Fatal(err)
			}
			side := map[Side]int{A: 0, B: 1}[o.Side]
			if largest[side] < tr.Size {
				rt.Fatalf("%s holds with a head for %d of %d entries", tr.Origin, largest[side], tr.Size)
			}
			for i := range tr.Size {
				was, held := whole.Held(o, i)
				is, still := part.Held(o, i)
				if still && (!held || is.Before(was)) {
					rt.Fatalf("entry %d of %s is shown as held at %s, and with all as %s, %t", i, tr.Origin, is, was, held)
				}
			}
		}
	})
}

// TestSpareNeedsTheSameMinuteAndKey lists what keeps a head or a receipt in a bundle.
func TestSpareNeedsTheSameMinuteAndKey(t *testing.T) {
	one, two := public(testKey(1)), public(testKey(2))
	at := testTime().Add(10 * time.Second)
	h := Head{Size: 3, Time: at, Key: one}
	for name, c := range map[string]struct {
		next  Head
		key   LineKey
		entry time.Time
		spare bool
	}{
		"the next of the minute":           {Head{Size: 4, Time: at.Add(49 * time.Second), Key: one}, LineKey{Public: one}, at, true},
		"again for the same entries":       {Head{Size: 3, Time: at.Add(time.Second), Key: one}, LineKey{Public: one}, time.Time{}, true},
		"in the next minute":               {Head{Size: 4, Time: at.Add(50 * time.Second), Key: one}, LineKey{Public: one}, at, false},
		"dated before":                     {Head{Size: 4, Time: at.Add(-time.Second), Key: one}, LineKey{Public: one}, at, false},
		"of another key":                   {Head{Size: 4, Time: at, Key: two}, LineKey{Public: one}, at, false},
		"the next entry is dated before h": {Head{Size: 4, Time: at, Key: one}, LineKey{Public: one}, at.Add(-time.Millisecond), false},
		"the next entry is not known":      {Head{Size: 4, Time: at, Key: one}, LineKey{Public: one}, time.Time{}, false},
		"revoked":                          {Head{Size: 4, Time: at, Key: one}, LineKey{Public: one, Revoked: at.Add(time.Hour)}, at, false},
		"not yet counting":                 {Head{Size: 4, Time: at, Key: one}, LineKey{Public: one, From: at.Add(time.Second)}, at, false},
		"of a key that is not known":       {Head{Size: 4, Time: at, Key: one}, LineKey{}, at, false},
		"smaller":                          {Head{Size: 2, Time: at, Key: one}, LineKey{Public: one}, at, false},
	} {
		if got := SpareHead(h, c.next, c.key, c.entry); got != c.spare {
			t.Errorf("%s: spare %t", name, got)
		}
	}
	r := Receipt{Size: 3, Time: at, Key: one}
	for name, c := range map[string]struct {
		next  Receipt
		key   LineKey
		spare bool
	}{
		"in the same second":  {Receipt{Size: 4, Time: at, Key: one}, LineKey{Public: one}, true},
		"a second later":      {Receipt{Size: 4, Time: at.Add(time.Second), Key: one}, LineKey{Public: one}, false},
		"a second before":     {Receipt{Size: 4, Time: at.Add(-time.Second), Key: one}, LineKey{Public: one}, false},
		"by another key":      {Receipt{Size: 4, Time: at, Key: two}, LineKey{Public: one}, false},
		"by a revoked key":    {Receipt{Size: 4, Time: at, Key: one}, LineKey{Public: one, Revoked: at.Add(1)}, false},
		"for fewer":           {Receipt{Size: 2, Time: at, Key: one}, LineKey{Public: one}, false},
		"of a key not in use": {Receipt{Size: 4, Time: at, Key: one}, LineKey{Public: one, From: at.Add(1)}, false},
	} {
		if got := SpareReceipt(r, c.next, c.key); got != c.spare {
			t.Errorf("%s: spare %t", name, got)
		}
	}
}

// TestReadIsOpenWithoutSignatures has ReadHead and ReadReceipt read what OpenHead and OpenReceipt do.
func TestReadIsOpenWithoutSignatures(t *testing.T) {
	l := smallWorld(t).books[0]
	for _, h := range l.heads {
		if got, err := ReadHead(h.Note, append(keysOf(2), keysOf(1)...)...); err != nil || !reflect.DeepEqual(got, h) {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := ReadHead(h.Note, keysOf(2)...); err == nil {
			t.Error("a head is read under a key that it does not name")
		}
	}
	for _, r := range l.receipts {
		if got, err := ReadReceipt(r.Note, append(keysOf(1), keysOf(2)...)...); err != nil || !reflect.DeepEqual(got, r) {
			t.Errorf("%+v, %v", got, err)
		}
	}
}
