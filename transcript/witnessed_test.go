package transcript

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/internal/second"
)

// testWitness is the witness of a number.
func testWitness(n int) WitnessKey {
	return WitnessKey{Name: fmt.Sprintf("witness.example/w%d", n), Key: public(testKey(byte(60 + n)))}
}

// witnessedWorld is smallWorld with an agreement that names witnesses.
func witnessedWorld(t testing.TB, quorum, n int) *world {
	w := newWorld(t, testParties())
	var keys []WitnessKey
	for i := range n {
		keys = append(keys, testWitness(i))
	}
	w.id, w.agreement = testAgreement{line: "self", version: 1, parties: testParties(), witnesses: keys, quorum: quorum,
		signers: []ed25519.PrivateKey{testKey(11), testKey(12)}}.note(t)
	w.openEpoch(1)
	return w
}

// cosign has a witness cosign a side's transcript at a size, some time after the world's.
func (w *world) cosign(side, by int, size int64, after time.Duration) Cosignature {
	l := w.books[side]
	tree, err := TreeAt(size, l.hashes)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.cosignRoot(side, by, size, tree.Root(), after)
}

func (w *world) cosignRoot(side, by int, size int64, root Hash, after time.Duration) Cosignature {
	k := testWitness(by)
	text := fmt.Sprintf("%s\n%d\n%s\n", w.books[side].origin, size, root)
	line, err := SignCosignature(testKey(byte(60+by)), k.Name, []byte(text), w.now.Add(after))
	if err != nil {
		w.t.Fatal(err)
	}
	c, err := OpenCosignature([]byte(text+"\n"+string(line)), k)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// fourEntries is a world in which blue says four entries, and 2 of 3 witnesses are asked for.
func fourEntries(t testing.TB) *world {
	w := witnessedWorld(t, 2, 3)
	for range 4 {
		w.say(0, testDraft())
		w.commit(0, true)
		w.tick(time.Minute)
	}
	w.say(1, testDraft())
	w.commit(1, true)
	return w
}

func TestWitnessed(t *testing.T) {
	w := fourEntries(t)
	w.books[0].cosigned = []Cosignature{w.cosign(0, 0, 2, 0), w.cosign(0, 1, 1, time.Second), w.cosign(0, 2, 3, 2*time.Second), w.cosign(0, 0, 3, 3*time.Second)}
	r, text := verifyText(w.bundle(nil), testOptions())
	if !r.OK {
		t.Fatal(text)
	}
	at := func(d time.Duration) time.Time { return w.now.Add(d).Truncate(time.Second) }
	want := []Witnessed{
		{First: 0, Last: 0, By: 3, Need: 2, Of: 3, Time: at(time.Second), Clock: "witness.example/w1"},
		{First: 1, Last: 1, By: 2, Need: 2, Of: 3, Time: at(2 * time.Second), Clock: "witness.example/w2"},
		{First: 2, Last: 2, By: 2, Need: 2, Of: 3, Time: at(3 * time.Second), Clock: "witness.example/w0"},
		{First: 3, Last: 3, Need: 2, Of: 3},
	}
	if !slices.Equal(r.Transcripts[0].Witnessed, want) {
		t.Errorf("witnessed: %+v", r.Transcripts[0].Witnessed)
	}
	for _, says := range []string{"#0: witnessed by 2 of 3 at ", "by the clock of witness.example/w1", "#3: not witnessed by 2 of 3: 0 of 3", "witness witness.example/w0: 2 cosignatures; not identified"} {
		if !strings.Contains(text, says) {
			t.Errorf("does not say %q:\n%s", says, text)
		}
	}

	o := testOptions()
	o.DemandWitnessed = true
	r, text = verifyText(w.bundle(nil), o)
	if r.OK || !strings.Contains(text, "wrong (witnessed) at 1/a#3: not witnessed by 2 of 3, as the agreement asks: 0 of 3") {
		t.Errorf("demanded: %s", text)
	}
	if r, text := verifyText(w.bundle(func(i int) bool { return i < 3 }), o); r.OK || strings.Contains(text, "1/a#3") || !strings.Contains(text, "1/b#0") {
		t.Errorf("an entry that is not in the file: %s", text)
	}
	w.books[1].cosigned = []Cosignature{w.cosign(1, 0, 1, time.Second), w.cosign(1, 1, 1, time.Second)}
	if r, text := verifyText(w.bundle(func(i int) bool { return i < 3 }), o); !r.OK {
		t.Errorf("all that is in the file is witnessed: %s", text)
	}

	o = testOptions()
	o.Witnesses = []WitnessKey{testWitness(0), testWitness(9)}
	r, text = verifyText(w.bundle(nil), o)
	if got := r.Transcripts[0].Witnessed; !r.OK || got[0].By != 1 || got[0].Need != 2 || !got[0].Time.IsZero() {
		t.Errorf("with one witness known: %+v", got)
	}
	for _, says := range []string{"witness.example/w0: 3 cosignatures; identified", "witness.example/w1: 2 cosignatures, not counted"} {
		if !strings.Contains(text, says) {
			t.Errorf("does not say %q:\n%s", says, text)
		}
	}
}

func TestWitnessFails(t *testing.T) {
	for name, tt := range map[string]struct {
		cosigned func(w *world) Cosignature
		says     string
	}{
		"a witness that nobody knows": {func(w *world) Cosignature { return w.cosign(0, 7, 2, 0) }, "not signed by a witness that is known"},
		"another root":                {func(w *world) Cosignature { return w.cosignRoot(0, 0, 2, Hash{7}, 0) }, "signed another root for size 2"},
		"another name, the same key": {func(w *world) Cosignature {
			c := w.cosign(0, 0, 2, 0)
			c.Note = bytes.Replace(c.Note, []byte("/w0 "), []byte("/w1 "), 1)
			return c
		}, "not signed by a witness that is known"},
		"another time": {func(w *world) Cosignature {
			c := w.cosign(0, 0, 2, 0)
			text, sigs, err := splitNote(c.Note, MaxNoteBytes, 1)
			if err != nil {
				t.Fatal(err)
			}
			sigs[0].sig[7]--
			c.Time = c.Time.Add(-time.Second)
			c.Note = appendSignature(append(bytes.Clone(text), '\n'), sigs[0])
			return c
		}, "not signed by a witness that is known"},
	} {
		w := fourEntries(t)
		w.books[0].cosigned = []Cosignature{tt.cosigned(w)}
		r, text := verifyText(w.bundle(nil), testOptions())
		if r.OK || !strings.Contains(text, "wrong (witness)") || !strings.Contains(text, tt.says) {
			t.Errorf("%s: %s", name, text)
		}
		_ = r
	}
}

// TestWitnessedAgainstList holds the spans against a count of each entry by itself.
func TestWitnessedAgainstList(t *testing.T) {
	lines := 0
	rapid.Check(t, func(rt *rapid.T) {
		if lines++; lines > 40 {
			return
		}
		n := rapid.IntRange(1, 4).Draw(rt, "witnesses")
		need := rapid.IntRange(0, n).Draw(rt, "quorum")
		w := witnessedWorld(t, need, n)
		size := rapid.IntRange(1, 9).Draw(rt, "entries")
		for range size {
			w.say(0, Draft{Kind: "call"})
			w.commit(0, false)
		}
		w.say(1, Draft{Kind: "call"})
		w.commit(1, false)
		for range rapid.IntRange(0, 8).Draw(rt, "cosignatures") {
			w.books[0].cosigned = append(w.books[0].cosigned, w.cosign(0, rapid.IntRange(0, n-1).Draw(rt, "by"),
				int64(rapid.IntRange(1, size).Draw(rt, "size")), time.Duration(rapid.IntRange(0, 30).Draw(rt, "at"))*time.Second))
		}
		shown := rapid.Uint64().Draw(rt, "shown")
		keep := func(i int) bool { return shown>>i&1 == 0 }
		// A bundle shows what is signed of the sizes at which it has a root.
		w.books[0].heads = w.books[0].heads[size-1:]
		w.books[0].cosigned = slices.DeleteFunc(w.books[0].cosigned, func(c Cosignature) bool {
			return !keep(int(c.Size)-1) && int(c.Size) < size && !keep(int(c.Size))
		})
		data := w.bundle(keep)
		r, text := verifyText(data, testOptions())
		if !r.OK {
			rt.Fatalf("%s", text)
		}
		got := map[int64]Witnessed{}
		for _, s := range r.Transcripts[0].Witnessed {
			for i := s.First; i <= s.Last; i++ {
				if _, twice := got[i]; twice {
					rt.Fatalf("entry %d is in two spans", i)
				}
				got[i] = s
			}
		}
		for i := range int64(size) {
			s, ok := got[i]
			if ok != keep(int(i)) {
				rt.Fatalf("entry %d: in a span %v, shown %v", i, ok, keep(int(i)))
			}
			if !ok {
				continue
			}
			first := map[string]time.Time{}
			for _, c := range w.books[0].cosigned {
				if inBundle(data, c) && c.Size > i && (first[c.By.Name].IsZero() || c.Time.Before(first[c.By.Name])) {
					first[c.By.Name] = c.Time
				}
			}
			var times []time.Time
			for _, at := range first {
				times = append(times, at)
			}
			slices.SortFunc(times, time.Time.Compare)
			var when time.Time
			if k := max(need, 1); len(times) >= k {
				when = times[k-1]
			}
			if s.By != len(times) || s.Need != need || s.Of != n || !s.Time.Equal(when) || !when.IsZero() && !first[s.Clock].Equal(when) {
				rt.Fatalf("entry %d: %+v, not %d at %s", i, s, len(times), when)
			}
		}
	})
}

func inBundle(data []byte, c Cosignature) bool { return bytes.Contains(data, c.Note) }

// TestSecondVerifierOnWitnesses compares the two verifiers where there are cosignatures, good and bad.
func TestSecondVerifierOnWitnesses(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var files []second.File
	w := fourEntries(t)
	w.books[0].cosigned = []Cosignature{w.cosign(0, 0, 2, 0), w.cosign(0, 1, 1, time.Second), w.cosign(0, 2, 4, 0), w.cosign(0, 0, 4, 0)}
	files = append(files, second.Changed("witnessed", w.bundle(nil), rng, 6)...)
	files = append(files, second.Changed("witnessed, with gaps", w.bundle(func(i int) bool { return i == 2 }), rng, 4)...)
	w.books[0].cosigned = []Cosignature{w.cosignRoot(0, 0, 2, Hash{7}, 0)}
	files = append(files, second.File{Name: "another root", Data: w.bundle(nil)})
	w.books[0].cosigned = []Cosignature{w.cosign(0, 7, 2, 0)}
	files = append(files, second.File{Name: "an unknown witness", Data: w.bundle(nil)})
	second.Compare(t, files, firstVerdict(testOptions()), "--test-agreements")
	demand := testOptions()
	demand.DemandWitnessed = true
	second.Compare(t, files, firstVerdict(demand), "--test-agreements", "--witnessed")
}
