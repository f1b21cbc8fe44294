package transcript

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/internal/second"
)

// firstVerdict is what this package says of a bundle, in the words of the second verifier.
func firstVerdict(opts Options) func(data []byte) second.Verdict {
	return func(data []byte) second.Verdict {
		r := Verify(bytes.NewReader(data), opts)
		v := second.Verdict{OK: r.OK, Identified: r.Identified}
		for _, c := range r.Checks {
			v.Checks = append(v.Checks, second.Check{Name: c.Name, OK: c.OK, Entry: c.Entry, Reason: c.Reason})
		}
		return v
	}
}

// TestSecondVerifier compares the two verifiers on drawn lines, with keys that are revoked and follow one
// another, heads and receipts left out, entries in gaps, and on changed copies of all these.
func TestSecondVerifier(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var files []second.File
	add := func(name string, data []byte) { files = append(files, second.Changed(name, data, rng, 4)...) }
	all := func(int) bool { return true }
	add("small", smallWorld(t).bundle(nil))
	for i := range 3 {
		add(fmt.Sprintf("small, entry %d alone", i), smallWorld(t).bundle(func(at int) bool { return at == i }))
	}
	add("both", doubleWorld(t).bundle(nil))
	add("both, one shown", doubleWorld(t).bundle(func(at int) bool { return at == 1 }))
	add("tiny, none shown", tinyWorld(t).bundle(func(int) bool { return false }))
	lines := 0
	rapid.Check(t, func(rt *rapid.T) {
		if lines++; lines > 45 {
			return
		}
		d := drawLine(rt, t)
		heads, receipts := rng.IntN(3), rng.IntN(3)
		add("drawn", d.bundle(func(int, int, []Head) bool { return heads == 0 || rng.IntN(3) > 0 },
			func(int, int, []Receipt) bool { return receipts == 0 || rng.IntN(3) > 0 }))
		keep := all
		if rng.IntN(2) == 0 {
			shown := rng.Uint64()
			keep = func(i int) bool { return shown>>(i%64)&1 == 0 }
		}
		for _, l := range d.w.books {
			if l.tree.Size() == 0 {
				return
			}
		}
		add("drawn, with gaps", d.w.bundle(keep))
	})
	second.Compare(t, files, firstVerdict(testOptions()), "--test-agreements")
}

// TestSecondVerifierOnFaults compares them on lines whose parties broke a rule.
func TestSecondVerifierOnFaults(t *testing.T) {
	var files []second.File
	for name, play := range faults() {
		w := smallWorld(t)
		play(w)
		files = append(files, second.File{Name: name, Data: w.bundle(nil)})
	}
	good := smallWorld(t).bundle(nil)
	files = append(files, second.File{Name: "small", Data: good}, second.File{Name: "S that is not reduced", Data: addOrder(t, good)})
	for _, asks := range []bool{true, false} { // Ed25519 alone for the newest entries, then both
		parties := testParties()
		parties[0].LineKeys = append(parties[0].LineKeys, PublicLineKey(doubleKey(t, 3)))
		w := newWorldAsking(t, parties, asks)
		w.playSmall()
		files = append(files, second.File{Name: fmt.Sprintf("asked %t", asks), Data: w.bundle(nil)})
		w.books[0].key = doubleKey(t, 3)
		w.tick(time.Minute)
		w.commit(0, true)
		files = append(files, second.File{Name: fmt.Sprintf("asked %t, and given", asks), Data: w.bundle(nil)})
	}
	for i, y := range smallOrder() {
		parties := testParties()
		parties[i%2].LineKeys = append(parties[i%2].LineKeys, LineKey{Public: y[:]})
		w := newWorld(t, parties)
		w.say(0, testDraft())
		w.commit(0, true)
		w.say(1, testDraft())
		w.commit(1, true)
		files = append(files, second.File{Name: "a line key of small order", Data: w.bundle(nil)})
	}
	for _, n := range []int{1020, 600} { // line keys of each of two versions: with blue's own, 1,021 and 1,201
		files = append(files, second.File{Name: fmt.Sprintf("%d line keys", n), Data: manyKeys(t, n)})
	}
	second.Compare(t, files, firstVerdict(testOptions()), "--test-agreements")
}

func faults() map[string]func(w *world) {
	return map[string]func(w *world){
		"agreement unknown":       func(w *world) { w.write(func(m *Meta) { m.Agreement = testLine }) },
		"author of another party": func(w *world) { w.write(func(m *Meta) { m.Author = "green" }) },
		"time goes back":          func(w *world) { w.write(func(m *Meta) { m.Time = m.Time.Add(-time.Hour) }) },
		"seen goes back":          func(w *world) { w.write(func(m *Meta) {}) },
		"seen another root":       func(w *world) { w.write(func(m *Meta) { m.Seen = Seen{2, Hash{5}} }) },
		"seen beyond the file":    func(w *world) { w.write(func(m *Meta) { m.Seen = Seen{9, Hash{5}} }) },
		"under no head":           func(w *world) { w.books[0].append(w.seal(func(m *Meta) { m.Seen = w.newest(1) })) },
		"head by the other": func(w *world) {
			w.books[0].key = testKey(2)
			w.write(func(m *Meta) { m.Seen = w.newest(1) })
		},
		"receipt by the author": func(w *world) {
			w.books[1].key = testKey(1)
			w.write(func(m *Meta) { m.Seen = w.newest(1) })
		},
		"an entry exchanged": func(w *world) {
			w.books[0].entries[1] = w.seal(func(m *Meta) {
				m.Seq, m.Time, m.Seen = 1, testTime().Add(2*time.Minute), Seen{1, w.books[1].heads[0].Root}
			})
		},
		"disclosures of another entry": func(w *world) {
			w.books[0].entries[1].Disclosures = w.books[0].entries[0].Disclosures
		},
		"two heads of one size": func(w *world) {
			h, err := SignHead(w.books[0].key, w.books[0].origin, 3, Hash{1}, w.now.Add(time.Minute))
			if err != nil {
				w.t.Fatal(err)
			}
			w.books[0].heads = append(w.books[0].heads, h)
		},
	}
}

// addOrder adds the order of the group to S of the first signature of a bundle's first head, which the
// equation of Ed25519 does not see.
func addOrder(t testing.TB, data []byte) []byte {
	at := bytes.Index(data, []byte("/1/a "))
	end := at + bytes.IndexByte(data[at:], '\n')
	raw, err := b64.DecodeString(string(data[at+len("/1/a ") : end]))
	if err != nil {
		t.Fatal(err)
	}
	order, _ := new(big.Int).SetString("27742317777372353535851937790883648493", 10)
	order.Add(order, new(big.Int).Lsh(big.NewInt(1), 252))
	s := bytes.Clone(raw[36:])
	slices.Reverse(s)
	order.Add(order, new(big.Int).SetBytes(s)).FillBytes(s)
	slices.Reverse(s)
	return slices.Concat(data[:at+len("/1/a ")], []byte(b64.EncodeToString(append(raw[:36:36], s...))), data[end:])
}

// TestLineKeysOverAllVersions holds the bound on a party's line keys to those of all versions together.
func TestLineKeysOverAllVersions(t *testing.T) {
	for n, ok := range map[int]bool{1020: true, 600: false} {
		if r, text := verifyText(manyKeys(t, n), testOptions()); r.OK != ok {
			t.Errorf("%d line keys in each of two versions: %s", n, text)
		}
	}
}

// manyKeys gives blue n line keys in a first version, and in a second n others where that is allowed to
// be too many, else the same.
func manyKeys(t *testing.T, n int) []byte {
	parties := testParties()
	own := parties[0].LineKeys
	draw := func(of byte) (out []LineKey) {
		for i := range n {
			k := public(testKey(1))
			k = bytes.Clone(k)
			k[0], k[1], k[2] = byte(i), byte(i>>8), of
			out = append(out, LineKey{Public: k})
		}
		return append(out, own...)
	}
	parties[0].LineKeys = draw(1)
	w := newWorld(t, parties)
	signers := []ed25519.PrivateKey{testKey(11), testKey(12)}
	second := parties
	if n < 1000 {
		second[0].LineKeys = draw(2)
	}
	_, note := testAgreement{line: w.id, version: 2, supersedes: w.id, parties: second, signers: signers}.note(t)
	w.say(0, testDraft())
	w.commit(0, true)
	w.say(1, testDraft())
	w.commit(1, true)
	return bytes.Replace(w.bundle(nil), []byte("transcript "), append(appendBlock(nil, "agreement", note), "transcript "...), 1)
}

// TestSecondVerifierTrust compares them where the reader knows keys.
func TestSecondVerifierTrust(t *testing.T) {
	w := smallWorld(t)
	broken := bytes.Replace(w.bundle(nil), []byte("06:02:00"), []byte("06:02:01"), 1)
	files := []second.File{{Name: "good", Data: w.bundle(nil)}, {Name: "broken", Data: broken}}
	blue, green := public(testKey(11)), public(testKey(12))
	for name, c := range map[string]struct {
		file  string
		trust []TrustedKey
	}{
		"both":           {"blue " + b64.EncodeToString(blue) + "\n# a remark\n\n* " + Fingerprint(green) + "\n", []TrustedKey{{Name: "blue", Key: blue}, {Key: green}}},
		"one":            {"blue " + Fingerprint(blue) + "\n", []TrustedKey{{Name: "blue", Key: blue}}},
		"another's name": {"blue " + Fingerprint(blue) + "\nblue " + Fingerprint(green) + "\n", []TrustedKey{{Name: "blue", Key: blue}, {Name: "blue", Key: green}}},
		"none":           {"\n", []TrustedKey{}},
	} {
		t.Run(name, func(t *testing.T) {
			keys := filepath.Join(t.TempDir(), "keys")
			if err := os.WriteFile(keys, []byte(c.file), 0o600); err != nil {
				t.Fatal(err)
			}
			opts := testOptions()
			opts.Trust = c.trust

			second.CompareAll(t, files, firstVerdict(opts), "--test-agreements", "--trust", keys)
		})
	}
}
