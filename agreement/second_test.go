package agreement

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/second"
	"parley/transcript"
)

// amended is one version of an agreement, with what was changed in it.
type amended struct {
	change  func(t *Terms)
	signers [2]string // keys of red and blue
}

// versions signs versions one after another.
func versions(t *testing.T, list ...amended) (out []Agreement) {
	terms := testTerms()
	for i, a := range list {
		if i > 0 {
			terms = Supersede(out[i-1], terms)
		}
		if a.change != nil {
			a.change(&terms)
		}
		note, err := Sign(terms, "red", testKey(a.signers[0]))
		if err != nil {
			t.Fatal(err)
		}
		if note, err = Cosign(note, "blue", testKey(a.signers[1])); err != nil {
			t.Fatal(err)
		}
		out = append(out, mustOpen(t, note))
	}
	return out
}

// spoken writes a bundle of agreements as they are given, under which red says one entry a version.
func spoken(t *testing.T, notes [][]byte, named []Agreement, keys ...string) []byte {
	var buf bytes.Buffer
	b := transcript.NewBundleWriter(&buf)
	for _, n := range notes {
		put := b.Agreement
		if bytes.HasPrefix(n, []byte(KeysTypeLine)) {
			put = b.Keys
		}
		if err := put(n); err != nil {
			t.Fatal(err)
		}
	}
	o := transcript.Origin{Line: named[0].LineID(), Epoch: 1, Side: transcript.A}
	if err := b.Transcript(o); err != nil {
		t.Fatal(err)
	}
	rng := rand.NewChaCha8([32]byte{7})
	var tree transcript.Tree
	for i, a := range named {
		now := testFrom.Add(time.Duration(1+i) * time.Hour)
		s, _, err := transcript.Seal(rng, transcript.Draft{Kind: "call"}, transcript.Meta{Agreement: a.ID, Author: "red", Seq: int64(i),
			Time: now, Seen: transcript.Seen{Root: transcript.EmptyRoot()}})
		if err != nil {
			t.Fatal(err)
		}
		tree.Append(transcript.RecordHash(s.Bytes))
		h, err := transcript.SignHead(testKey(keys[i%len(keys)]), o, tree.Size(), tree.Root(), now)
		if err != nil {
			t.Fatal(err)
		}
		r, err := transcript.SignReceipt(testKey("blue line"), h, now.Add(time.Second))
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Entry(s); err != nil {
			t.Fatal(err)
		}
		if err := b.Signed([]transcript.Head{h}, []transcript.Receipt{r}); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func notes(list ...Agreement) (out [][]byte) {
	for _, a := range list {
		out = append(out, a.Note)
	}
	return out
}

// hide returns the signed keys of agreements.
func hide(t *testing.T, list ...Agreement) (out [][]byte) {
	names := []string{"red party", "blue party", "red new", "blue new"}
	for _, a := range list {
		var note []byte
		for i, p := range a.Terms.Parties {
			for _, name := range names {
				if !testPublic(name).Equal(p.PartyKey) {
					continue
				}
				var err error
				if i == 0 {
					note, err = SignKeys(a, p.Name, testKey(name))
				} else {
					note, err = CosignKeys(note, a, p.Name, testKey(name))
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		out = append(out, note)
	}
	return out
}

// signatures changes the signature lines of a note.
func signatures(note []byte, change func(lines []string) []string) []byte {
	text, sigs, _ := strings.Cut(string(note), "}\n\n")
	return []byte(text + "}\n\n" + strings.Join(change(slices.Collect(strings.Lines(sigs))), ""))
}

// TestSecondVerifier compares the verifier of package transcript with the second one on successions of
// agreements, good and bad.
func TestSecondVerifier(t *testing.T) {
	same := [2]string{"red party", "blue party"}
	key := func(name string) func(*Terms) {
		return func(t *Terms) { t.Parties[0].PartyKey = testPublic(name) }
	}
	line := func(change func(*Party)) func(*Terms) { return func(t *Terms) { change(&t.Parties[0]) } }
	plain := versions(t, amended{signers: same}, amended{nil, same}, amended{nil, same})
	replaced := versions(t, amended{signers: same}, amended{key("red new"), [2]string{"red new", "blue party"}})
	usurped := versions(t, amended{signers: same}, amended{func(t *Terms) {
		key("red new")(t)
		t.Parties[1].PartyKey = testPublic("blue new")
	}, [2]string{"red new", "blue new"}})
	crossed := versions(t, amended{signers: same}, amended{func(t *Terms) {
		key("blue party")(t)
		t.Parties[1].PartyKey = testPublic("blue new")
	}, [2]string{"blue party", "blue new"}})
	revoked := versions(t, amended{signers: same}, amended{line(func(p *Party) {
		p.LineKeys = append(slices.Clone(p.LineKeys), LineKey{Public: testPublic("red line 2"), From: testFrom.Add(90 * time.Minute)})
		p.LineKeys[0].Revoked = testFrom.Add(90 * time.Minute)
	}), same})
	var files []second.File
	rng := rand.New(rand.NewPCG(5, 6))
	add := func(name string, data []byte) { files = append(files, second.File{Name: name, Data: data}) }
	files = append(files, second.Changed("plain", spoken(t, notes(plain...), plain, "red line"), rng, 80)...)
	files = append(files, second.Changed("revoked", spoken(t, notes(revoked...), revoked, "red line", "red line 2"), rng, 20)...)
	hidden := hide(t, plain...)
	files = append(files, second.Changed("keys", spoken(t, hidden, plain, "red line"), rng, 80)...)
	add("the second by its keys", spoken(t, [][]byte{plain[0].Note, hidden[1], plain[2].Note}, plain, "red line"))
	add("the second by its keys and itself", spoken(t, [][]byte{plain[0].Note, hidden[1], plain[1].Note}, plain[:2], "red line"))
	add("keys, the second left out", spoken(t, [][]byte{hidden[0], hidden[2]}, plain, "red line"))
	add("keys turned round", spoken(t, [][]byte{hidden[1], hidden[0], hidden[2]}, plain, "red line"))
	add("keys, a key replaced", spoken(t, hide(t, replaced...), replaced, "red line"))
	add("keys, both keys replaced", spoken(t, hide(t, usurped...), usurped, "red line"))
	add("keys, a revoked line key", spoken(t, hide(t, revoked...), revoked, "red line", "red line 2"))
	add("keys, signed on with a revoked key", spoken(t, hide(t, revoked...), revoked, "red line"))
	add("from the second on", spoken(t, notes(plain[1:]...), plain[1:], "red line"))
	add("one left out", spoken(t, notes(plain[0], plain[2]), plain, "red line"))
	add("turned round", spoken(t, notes(plain[1], plain[0], plain[2]), plain, "red line"))
	add("one twice", spoken(t, notes(plain[0], plain[0]), plain[:1], "red line"))
	add("an older one named", spoken(t, notes(plain...), []Agreement{plain[1], plain[0]}, "red line"))
	add("a key replaced", spoken(t, notes(replaced...), replaced, "red line"))
	add("both keys replaced", spoken(t, notes(usurped...), usurped, "red line"))
	add("a key handed over", spoken(t, notes(crossed...), crossed, "red line"))
	add("signed on with a revoked key", spoken(t, notes(revoked...), revoked, "red line"))
	for name, change := range map[string]func([]string) []string{
		"signatures turned round": func(l []string) []string { slices.Reverse(l); return l },
		"one signature":           func(l []string) []string { return l[:1] },
		"a signature twice":       func(l []string) []string { return append(l, l[0]) },
		"a third signature": func(l []string) []string {
			return append(l, fmt.Sprintf("— parley/party/red %s\n", "AAAAAAAA"))
		},
	} {
		add(name, spoken(t, [][]byte{signatures(plain[0].Note, change)}, plain[:1], "red line"))
		add("keys, "+name, spoken(t, [][]byte{signatures(hidden[0], change)}, plain[:1], "red line"))
	}
	second.Compare(t, files, func(data []byte) second.Verdict {
		r := transcript.Verify(bytes.NewReader(data), transcript.Options{Agreement: Info, Keys: KeysInfo, Workers: 1})
		v := second.Verdict{OK: r.OK}
		for _, c := range r.Checks {
			v.Checks = append(v.Checks, second.Check{Name: c.Name, OK: c.OK, Entry: c.Entry, Reason: c.Reason})
		}
		return v
	})
}
