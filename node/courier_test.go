package node

import (
	"fmt"
	mrand "math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"parley/fault"
	"parley/line"
	"parley/node/view"
	"parley/transcript"
)

// apart starts two nodes that cannot reach each other.
func apart(t testing.TB) (red, blue *running, restart func(n *running, notRestored bool) *running) {
	t.Helper()
	a, b := newKeys(t), newKeys(t)
	note := agree(t, a, b, nil)
	fs := newFS()
	begin := func(party string, notRestored bool) *running {
		k := a
		if party == "blue" {
			k = b
		}
		return start(t, party, k, note, nodeOptions{fs: fs, dir: party, notRestored: notRestored})
	}
	restart = func(n *running, notRestored bool) *running {
		if err := n.stop(); err != nil {
			t.Fatal(err)
		}
		return begin(n.Party(), notRestored)
	}
	return begin("red", true), begin("blue", true), restart
}

// write returns every file of one writing.
func (r *running) write(t testing.TB, maxBytes int) [][]byte {
	t.Helper()
	var out [][]byte
	for after := ""; ; {
		f, err := r.CourierWrite(t.Context(), "", after, maxBytes)
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Bytes) > maxBytes || f.Header.Part != len(out)+1 || f.Header.Last != (f.Next == "") {
			t.Fatalf("%d bytes, at most %d: %+v", len(f.Bytes), maxBytes, f.Header)
		}
		out = append(out, f.Bytes)
		if after = f.Next; after == "" {
			return out
		}
	}
}

func (r *running) read(t testing.TB, files ...[]byte) (last view.CourierTaken) {
	t.Helper()
	for _, f := range files {
		var err error
		if last, err = r.CourierRead(t.Context(), "", f); err != nil {
			t.Fatal(err)
		}
	}
	return last
}

func (r *running) standing() (own, held, undelivered int64) {
	st := r.order[0].led.Standing()
	return st.Own.Size, st.Held.Size, st.Undelivered
}

// wholeAtBoth holds that both nodes hold both transcripts whole, with the same roots, and know it.
func wholeAtBoth(t testing.TB, red, blue *running) {
	t.Helper()
	for _, p := range [][2]*running{{red, blue}, {blue, red}} {
		own, _, undelivered := p[0].standing()
		_, held, _ := p[1].standing()
		if own != held || undelivered != 0 {
			t.Errorf("%s has %d entries, %d undelivered; %s holds %d", p[0].Party(), own, undelivered, p[1].Party(), held)
			continue
		}
		o := transcript.Origin{Line: p[0].order[0].id, Epoch: 1, Side: p[0].order[0].side}
		one, _, err1 := p[0].order[0].led.RootAt(t.Context(), o, own)
		two, _, err2 := p[1].order[0].led.RootAt(t.Context(), o, own)
		if err1 != nil || err2 != nil || one != two {
			t.Errorf("%s: %v and %v: %v, %v", o, one, two, err1, err2)
		}
		if ev, err := p[0].Evidence(t.Context(), ""); err != nil || len(ev) > 0 {
			t.Errorf("evidence at %s: %v, %v", p[0].Party(), ev, err)
		}
	}
}

func courierSeed(t testing.TB) uint64 {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("PARLEY_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("PARLEY_SEED=%d", seed)
	return seed
}

// TestCourierCarriesAThousandEntriesEachWay: two nodes without a network file 1,000 notices each while
// files go between them in random order, late, twice, one of them damaged. Both end with both transcripts
// whole, and the damaged file is refused by its name.
func TestCourierCarriesAThousandEntriesEachWay(t *testing.T) {
	random := mrand.New(mrand.NewPCG(courierSeed(t), 4))
	red, blue, restart := apart(t)
	nodes := [2]*running{red, blue}
	const rounds, each = 10, 100
	var roads [2][][]byte // files under way to red and to blue
	damaged, files, most := 0, 0, 0
	for round := range rounds {
		for i, n := range nodes {
			for k := range each {
				id := fmt.Sprintf("%s-%d", n.Party(), round*each+k)
				if _, err := n.File(t.Context(), duty, "", flight(id, float64(20+60*i), 30, time.Duration(round*each+k+2)*time.Hour, time.Minute), false); err != nil {
					t.Fatal(err)
				}
			}
			wrote := n.write(t, []int{16 << 10, 64 << 10, 256 << 10}[random.IntN(3)])
			files += len(wrote)
			most = max(most, len(wrote))
			for _, f := range wrote {
				roads[1-i] = append(roads[1-i], f)
				if random.IntN(4) == 0 {
					roads[1-i] = append(roads[1-i], f)
				}
			}
		}
		if round == rounds/2 { // what a node knows of the courier outlives it
			nodes[0] = restart(nodes[0], true)
		}
		for i, n := range nodes {
			random.Shuffle(len(roads[i]), func(a, b int) { roads[i][a], roads[i][b] = roads[i][b], roads[i][a] })
			keep := random.IntN(len(roads[i])/2 + 1)
			if damaged == i && round > 2 {
				damaged++
				refuses(t, n, damage(roads[i][keep], random))
			}
			n.read(t, roads[i][keep:]...)
			roads[i] = roads[i][:keep]
		}
	}
	for i, n := range nodes {
		n.read(t, roads[i]...)
	}
	for range 3 {
		for i, n := range nodes {
			nodes[1-i].read(t, n.write(t, 64<<10)...)
		}
	}
	wholeAtBoth(t, nodes[0], nodes[1])
	for i, n := range nodes {
		list, err := nodes[1-i].Notices(t.Context(), Filter{Party: n.Party()})
		if err != nil || len(list) != rounds*each {
			t.Errorf("%s shows %d notices of %s: %v", nodes[1-i].Party(), len(list), n.Party(), err)
		}
	}
	if damaged != 2 {
		t.Errorf("%d files were damaged", damaged)
	}
	own, held, _ := nodes[0].standing()
	t.Logf("%d and %d entries in %d files, at most %d of one writing", own, held, files, most)
}

// damage changes one bit.
func damage(file []byte, random *mrand.Rand) []byte {
	out := slices.Clone(file)
	out[random.IntN(len(out))] ^= 1 << random.IntN(8)
	return out
}

// refuses holds that a file is refused and changes nothing.
func refuses(t testing.TB, n *running, file []byte) {
	t.Helper()
	own, held, undelivered := n.standing()
	_, err := n.CourierRead(t.Context(), "", file)
	if code := fault.CodeOf(err); code != fault.Corrupt && code != fault.Invalid && code != fault.Mismatch {
		t.Errorf("a damaged file: %v", err)
	}
	if o, h, u := n.standing(); o != own || h != held || u != undelivered {
		t.Errorf("a damaged file changed the ledger")
	}
}

// TestEveryBitOfACourierFileCounts flips each of a sample of bits, and cuts the file at each of a sample
// of places: it is refused whole.
func TestEveryBitOfACourierFileCounts(t *testing.T) {
	random := mrand.New(mrand.NewPCG(courierSeed(t), 5))
	red, blue, _ := apart(t)
	if _, err := red.File(t.Context(), duty, "", flight("red-1", 20, 30, 2*time.Hour, time.Hour), false); err != nil {
		t.Fatal(err)
	}
	file := red.write(t, 64<<10)[0]
	for range 300 {
		refuses(t, blue, damage(file, random))
		refuses(t, blue, file[:random.IntN(len(file))])
	}
	refuses(t, blue, append(slices.Clone(file), 'x'))
	refuses(t, red, file)
	if got := blue.read(t, file); got.Result != "taken" || got.New != 1 || got.HeldTo == "" {
		t.Errorf("the whole file: %+v", got)
	}
	if got := blue.read(t, file); got.Result != "nothing-new" {
		t.Errorf("a second time: %+v", got)
	}
}

// TestCourierBringsHoldFirst: any one file of a writing brings the hold at once, though what comes before
// is not there; the file is kept, and fits when the others come.
func TestCourierBringsHoldFirst(t *testing.T) {
	red, blue, _ := apart(t)
	for i := range 60 {
		if _, err := red.File(t.Context(), duty, "", flight(fmt.Sprintf("red-%d", i), 20, 30, time.Duration(i+2)*time.Hour, time.Minute), false); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := red.Call(t.Context(), duty, "", Calling{Type: "hold", Words: Words{Text: "people of ours on the road", Language: "en"}}); err != nil {
		t.Fatal(err)
	}
	files := red.write(t, 8<<10)
	if len(files) < 4 {
		t.Fatalf("%d files", len(files))
	}
	got := blue.read(t, files[2])
	if got.Result != "kept" || got.Urgent != 1 || got.Needs == "" || got.Kept != 1 {
		t.Errorf("the third file alone: %+v", got)
	}
	until(t, "blue's desk is alarmed", func() bool {
		calls, err := blue.Calls(t.Context(), "")
		return err == nil && len(calls) == 1 && calls[0].Type == "hold"
	})
	back := blue.write(t, 64<<10)
	red.read(t, back...)
	until(t, "red knows that the hold is there", func() bool { return red.order[0].link.Status().Unacked == 0 })
	blue.read(t, files[len(files)-1])
	blue.read(t, files[1])
	if got := blue.read(t, files[0]); got.Result != "taken" || got.Fitted < 2 {
		t.Errorf("the first file after the others: %+v", got)
	}
	blue.read(t, files...)
	red.read(t, blue.write(t, 64<<10)...)
	blue.read(t, red.write(t, 64<<10)...)
	wholeAtBoth(t, red, blue)
}

// TestCourierAsksBeforeSigning: a node that starts without a network may sign by the other's answer to
// its ask by file, and by no older one.
func TestCourierAsksBeforeSigning(t *testing.T) {
	red, blue, restart := apart(t)
	if _, err := red.File(t.Context(), duty, "", flight("red-1", 20, 30, 2*time.Hour, time.Hour), false); err != nil {
		t.Fatal(err)
	}
	blue.read(t, red.write(t, 64<<10)...)
	red = restart(red, false)
	if _, err := red.File(t.Context(), duty, "", flight("red-2", 20, 30, 2*time.Hour, time.Hour), false); err == nil {
		t.Fatal("red signed before it asked")
	}
	if _, err := blue.File(t.Context(), duty, "", flight("blue-1", 80, 30, 2*time.Hour, time.Hour), false); err != nil {
		t.Fatal(err)
	}
	if got := red.read(t, blue.write(t, 64<<10)...); got.Result != "not-ready" || got.New != 0 || got.Confirmed {
		t.Fatalf("before asking: %+v", got)
	}
	if got := blue.read(t, red.write(t, 64<<10)...); !got.Asks {
		t.Errorf("red does not ask: %+v", got)
	}
	answer := blue.write(t, 64<<10)
	red = restart(red, false)
	if got := red.read(t, answer...); !got.Unasked || got.Confirmed {
		t.Fatalf("an answer to another run: %+v", got)
	}
	blue.read(t, red.write(t, 64<<10)...)
	if got := red.read(t, blue.write(t, 64<<10)...); got.Result != "taken" || !got.Confirmed || got.New != 1 {
		t.Fatalf("the answer: %+v", got)
	}
	if _, err := red.File(t.Context(), duty, "", flight("red-2", 20, 30, 2*time.Hour, time.Hour), false); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		blue.read(t, red.write(t, 64<<10)...)
		red.read(t, blue.write(t, 64<<10)...)
	}
	wholeAtBoth(t, red, blue)
}

// TestCourierGivesBackAfterARestore: a node whose disk was put back takes back by file what it lacks.
func TestCourierGivesBackAfterARestore(t *testing.T) {
	a, b := newKeys(t), newKeys(t)
	note := agree(t, a, b, nil)
	red := start(t, "red", a, note, nodeOptions{notRestored: true})
	blue := start(t, "blue", b, note, nodeOptions{notRestored: true})
	for i := range 80 {
		if _, err := red.File(t.Context(), duty, "", flight(fmt.Sprintf("red-%d", i), 20, 30, time.Duration(i+2)*time.Hour, time.Minute), false); err != nil {
			t.Fatal(err)
		}
	}
	blue.read(t, red.write(t, 64<<10)...)
	if err := red.stop(); err != nil {
		t.Fatal(err)
	}
	red = start(t, "red", a, note, nodeOptions{}) // an empty disk
	blue.read(t, red.write(t, 64<<10)...)
	answer := blue.write(t, 8<<10)
	if len(answer) < 2 {
		t.Errorf("%d files", len(answer))
	}
	if got := red.read(t, answer...); !got.Confirmed {
		t.Fatalf("%+v", got)
	}
	if own, _, _ := red.standing(); own != 80 && own != 81 { // with its word that it took them back
		t.Errorf("red has %d of its entries back", own)
	}
	if _, err := red.File(t.Context(), duty, "", flight("red-80", 20, 30, 200*time.Hour, time.Minute), false); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		blue.read(t, red.write(t, 64<<10)...)
		red.read(t, blue.write(t, 64<<10)...)
	}
	wholeAtBoth(t, red, blue)
}

// TestCourierFileOfAnother: only the other party's TLS key makes a file of the line, and only its own
// opens it.
func TestCourierFileOfAnother(t *testing.T) {
	a, b, c := newKeys(t), newKeys(t), newKeys(t)
	note := agree(t, a, b, nil)
	red := start(t, "red", a, note, nodeOptions{notRestored: true})
	blue := start(t, "blue", b, note, nodeOptions{notRestored: true})
	other := agree(t, a, c, nil)
	far := start(t, "red", a, other, nodeOptions{notRestored: true, dir: "far"})
	refuses(t, blue, far.write(t, 64<<10)[0])
	// A file that claims to be of this line, signed with a key that the agreement does not name.
	red.cfg.TLSKey = c.tls
	forged := red.write(t, 64<<10)[0]
	red.cfg.TLSKey = a.tls
	refuses(t, blue, forged)
	if _, _, err := parseCourierCursor(formatCourierCursor(2, line.Place{})); err == nil {
		t.Error("the cursor of no place was read")
	}
}

func FuzzParseCourierCursor(f *testing.F) {
	f.Add("")
	f.Add("2.1.0.0.1.200.1.180")
	f.Fuzz(func(t *testing.T, s string) {
		part, p, err := parseCourierCursor(s)
		if err == nil && s != "" && formatCourierCursor(part, p) != s {
			t.Errorf("%q reads as %d, %+v", s, part, p)
		}
	})
}
