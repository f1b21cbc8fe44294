package agreement

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/note"

	"parley/internal/second"
	"parley/transcript"
)

// vector is one bundle of testdata/vectors with what a verifier must say of it.
type vector struct {
	File  string `json:"file"`
	Kind  string `json:"kind"`
	OK    bool   `json:"ok"`
	Check string `json:"check,omitempty"` // of one that does not hold: the check that fails
	data  []byte
}

// maker makes the vectors: bundles of one entry a version, under agreements or their keys.
type maker struct {
	t  *testing.T
	vs []vector
}

func (m *maker) add(name, check string, notes [][]byte, named ...Agreement) {
	m.vs = append(m.vs, vector{strings.ReplaceAll(name, " ", "-") + ".txt", "bundle", check == "", check, spoken(m.t, notes, named, "red line")})
}

// signText signs whatever text by parties and keys of the names given.
func (m *maker) signText(text string, signers ...string) []byte {
	var ss []note.Signer
	for _, name := range signers {
		party, _, _ := strings.Cut(name, " ")
		s, err := transcript.NewNoteSigner(transcript.PartyKeyName(party), testKey(name))
		if err != nil {
			m.t.Fatal(err)
		}
		ss = append(ss, s)
	}
	out, err := note.Sign(&note.Note{Text: text}, ss...)
	if err != nil {
		m.t.Fatal(err)
	}
	return out
}

func (m *maker) text(a Agreement) string {
	out, err := a.Keys().text()
	if err != nil {
		m.t.Fatal(err)
	}
	return string(out)
}

// swap replaces the first old, which must be there.
func (m *maker) swap(text, old, with string) string {
	if !strings.Contains(text, old) {
		m.t.Fatalf("no %q in\n%s", old, text)
	}
	return strings.Replace(text, old, with, 1)
}

// smallOrderKey is a point of small order.
func smallOrderKey() string { return "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }

func keyText(name string) string {
	out, _ := json.Marshal([]byte(testPublic(name)))
	return strings.Trim(string(out), `"`)
}

func witnessText(name, key string) string {
	return transcript.WitnessKey{Name: name, Key: testPublic(key)}.String()
}

func makeVectors(t *testing.T) []vector {
	m := &maker{t: t}
	m.agreements()
	m.keys()
	m.witnesses()
	m.signatures()
	m.successions()
	return m.vs
}

func (m *maker) agreements() {
	good := versions(m.t, amended{signers: [2]string{"red party", "blue party"}})[0]
	m.add("agreement good", "", [][]byte{good.Note}, good)
	host := versions(m.t, amended{func(t *Terms) {
		t.Hosts = []Host{{Name: "green", Contact: "+41 22 555 0101", PartyKey: testPublic("green party")}}
	}, [2]string{"red party", "blue party"}})[0]
	m.add("agreement good with a host", "", [][]byte{host.Note}, host)
	bad := func(a Agreement, name, old, with string) {
		text, _, _ := strings.Cut(string(a.Note), "\n\n")
		text = m.swap(text+"\n", old, with)
		changed := Agreement{ID: ID([]byte(text)), Terms: a.Terms}
		m.add("agreement "+name, "agreement", [][]byte{m.signText(text, "red party", "blue party")}, changed)
	}
	bad(good, "another from", `"from": "2026-12-01T00:00:00.000Z"`, `"from": "soon"`)
	bad(good, "from without milliseconds", `"from": "2026-12-01T00:00:00.000Z"`, `"from": "2026-12-01T00:00:00Z"`)
	bad(good, "until a number", `"until": ""`, `"until": 0`)
	bad(good, "with its own id", `{`, "{\n  \"agreement\": \""+good.ID+"\",")
	bad(good, "second without a first", `"version": 1`, `"version": 2`)
	bad(good, "first with a line", `"line": ""`, `"line": "`+good.ID+`"`)
	bad(good, "first that supersedes", `"supersedes": ""`, `"supersedes": "`+good.ID+`"`)
	bad(host, "hosts that are no list", `"hosts": [`, "\"hosts\": {\"x\": [")
	bad(host, "host of small order", keyText("green party"), smallOrderKey())
	bad(host, "host by a number", `"name": "green"`, `"name": 5`)
}

// keys are bundles under keys alone, which are small.
func (m *maker) keys() {
	a := versions(m.t, amended{signers: [2]string{"red party", "blue party"}})[0]
	text := m.text(a)
	add := func(name, check, text string) {
		m.add("keys "+name, check, [][]byte{m.signText(text, "red party", "blue party")}, a)
	}
	add("good", "", text)
	bad := func(name, old, with string) { add(name, "agreement", m.swap(text, old, with)) }
	bad("another first line", "parley/keys/v1", "parley/keys/v2")
	bad("version 0", `"version": 1`, `"version": 0`)
	bad("version in words", `"version": 1`, `"version": "1"`)
	bad("version and a half", `"version": 1`, `"version": 1.5`)
	bad("agreement in capitals", `"agreement": "`+a.ID, `"agreement": "`+strings.ToUpper(a.ID))
	bad("agreement in a list", `"agreement": "`+a.ID+`"`, `"agreement": ["`+a.ID+`"]`)
	bad("line in a list", `"line": "`+a.ID+`"`, `"line": ["`+a.ID+`"]`)
	bad("supersedes nothing at all", `"supersedes": ""`, `"supersedes": null`)
	bad("first that supersedes", `"supersedes": ""`, `"supersedes": "`+a.ID+`"`)
	bad("other signatures", `"signatures": "ed25519"`, `"signatures": "ed448"`)
	bad("a name in capitals", `"name": "red"`, `"name": "Red"`)
	bad("a name of 33", `"name": "blue"`, `"name": "`+strings.Repeat("b", 33)+`"`)
	bad("one name for both", `"name": "blue"`, `"name": "red"`)
	bad("one party key for both", keyText("blue party"), keyText("red party"))
	bad("a party key in a list", `"party_key": "`+keyText("blue party")+`"`, `"party_key": ["`+keyText("blue party")+`"]`)
	bad("a party key of small order", keyText("blue party"), smallOrderKey())
	bad("a line key of small order", keyText("blue line"), smallOrderKey())
	bad("a line key of 31 bytes", keyText("blue line"), strings.Repeat("A", 40)+"AA==")
	bad("a party key as a line key", keyText("blue line"), keyText("red party"))
	bad("half a line key", `"ml_dsa_44": ""`, `"ml_dsa_44": "AAAA"`)
	bad("from a word", `"from": ""`, `"from": "now"`)
	bad("revoked on no day", `"revoked": ""`, `"revoked": "2026-02-30T00:00:00.000Z"`)
	bad("a line key revoked as it begins", "\"from\": \"\",\n          \"revoked\": \"\"", "\"from\": \"2026-12-01T00:00:00.000Z\",\n          \"revoked\": \"2026-12-01T00:00:00.000Z\"")
	bad("a member twice", `"version": 1,`, "\"version\": 1,\n  \"version\": 1,")
	bad("a comma too many", `"version": 1,`, `"version": 1,,`)
	add("with more behind them", "agreement", text+"{}\n")
	add("with a tab", "agreement", m.swap(text, "  \"version\"", "\t\"version\""))
	first, rest, _ := strings.Cut(text, "    {\n      \"name\": \"red\"")
	party, rest, _ := strings.Cut(rest, "    },\n")
	add("of one party", "agreement", first+rest)
	add("of three parties", "agreement", first+"    {\n      \"name\": \"white\""+strings.ReplaceAll(strings.ReplaceAll(party, keyText("red party"), keyText("white party")), keyText("red line"), keyText("white line"))+"    },\n"+text[len(first):])
	m.lineKeys(a, text, add)
}

// lineKeys gives blue more line keys than its own.
func (m *maker) lineKeys(a Agreement, text string, add func(name, check, text string)) {
	one := text[strings.Index(text, "        {\n          \"key\": \""+keyText("blue line")):]
	one = one[:strings.Index(one, "        }")+len("        }")]
	many := func(n int) string {
		list := one
		for i := 1; i < n; i++ {
			list += ",\n" + strings.ReplaceAll(one, keyText("blue line"), keyText(fmt.Sprint("blue line ", i)))
		}
		return m.swap(text, one, list)
	}
	add("good with 100 line keys", "", many(100))
	add("with 101 line keys", "agreement", many(101))
	add("with no line key", "agreement", m.swap(text, "[\n"+one+"\n      ]", "[]"))
	add("with one line key twice", "agreement", m.swap(text, one, one+",\n"+one))
	k := a.Keys()
	k.Parties[0].LineKeys = slices.Clone(k.Parties[0].LineKeys)
	k.Parties[0].LineKeys[0].From, k.Parties[0].LineKeys[0].Revoked = testFrom, testFrom.Add(90*24*time.Hour)
	timed, err := k.text()
	if err != nil {
		m.t.Fatal(err)
	}
	add("good with a line key revoked later", "", string(timed))
}

func (m *maker) witnesses() {
	under := func(name, check string, quorum int, list ...string) {
		a := versions(m.t, amended{signers: [2]string{"red party", "blue party"}})[0]
		k := a.Keys()
		k.Witnesses = Witnesses{Quorum: quorum, Verifiers: list}
		text, err := k.text()
		if err != nil {
			m.t.Fatal(err)
		}
		m.add("witnesses "+name, check, [][]byte{m.signText(string(text), "red party", "blue party")}, a)
	}
	one, two := witnessText("one.example/w", "witness one"), witnessText("two.example/w", "witness two")
	long := func(n int) string {
		return witnessText(strings.Repeat("w", n-len(witnessText("", "witness one"))), "witness one")
	}
	under("good", "", 2, one, two)
	under("good of 400 bytes", "", 1, long(400))
	under("of 401 bytes", "agreement", 1, long(401))
	under("of 401 bytes in fewer letters", "agreement", 1, witnessText("é"+strings.Repeat("w", 399-len(witnessText("", "witness one"))), "witness one"))
	under("good in other letters", "", 1, witnessText("свидетель.example", "witness one"))
	under("fewer than must cosign", "agreement", 2, one)
	under("fewer than none must cosign", "agreement", -1, one)
	under("one name twice", "agreement", 1, one, witnessText("one.example/w", "witness two"))
	under("one key twice", "agreement", 1, one, witnessText("two.example/w", "witness one"))
	under("a line key", "agreement", 1, witnessText("one.example/w", "red line"))
	under("another hash", "agreement", 1, m.swap(one, "+", "+0")[:len("one.example/w+0")]+one[len("one.example/w+0"):])
	under("the key of a log", "agreement", 1, transcript.LogKey("one.example/w", testPublic("witness one")))
	under("a name with a space", "agreement", 1, witnessText("one\u00a0w", "witness one"))
	under("a name with a next line", "agreement", 1, witnessText("one\u0085w", "witness one"))
	under("good with a mark that is no space", "", 1, witnessText("one\ufeffw", "witness one"))
	under("no key", "agreement", 1, "one.example/w")
	under("a key of small order", "agreement", 1, smallWitness())
}

// smallWitness is a verifier key, right in all but its point.
func smallWitness() string {
	k := ed25519.PublicKey(append([]byte{1}, make([]byte, 31)...))
	return transcript.WitnessKey{Name: "one.example/w", Key: k}.String()
}

func (m *maker) signatures() {
	a := versions(m.t, amended{signers: [2]string{"red party", "blue party"}})[0]
	text := m.text(a)
	add := func(name string, note []byte) { m.add("signatures "+name, "agreement", [][]byte{note}, a) }
	add("turned round", m.signText(text, "blue party", "red party"))
	add("of one", m.signText(text, "red party"))
	add("of one twice", m.signText(text, "red party", "red party"))
	add("by another key", m.signText(text, "red party", "blue new"))
	good := m.signText(text, "red party", "blue party")
	add("and a third", append(bytes.Clone(good), lastLine(string(m.signText(text, "white party")))...))
	add("over another text", bytes.Replace(good, []byte(`"from": ""`), []byte(`"from": "2026-12-01T00:00:00.000Z"`), 1))
}

func (m *maker) successions() {
	same := [2]string{"red party", "blue party"}
	plain := versions(m.t, amended{signers: same}, amended{nil, same})
	texts := []string{m.text(plain[0]), m.text(plain[1])}
	first := m.signText(texts[0], "red party", "blue party")
	add := func(name, check, second string, signers ...string) {
		if len(signers) == 0 {
			signers = same[:]
		}
		m.add("second "+name, check, [][]byte{first, m.signText(second, signers...)}, plain...)
	}
	bad := func(name, old, with string) { add(name, "agreement", m.swap(texts[1], old, with)) }
	other := strings.Repeat("0", 64)
	add("good", "", texts[1])
	m.add("second good alone", "", [][]byte{m.signText(texts[1], same[:]...)}, plain[1])
	bad("of another line", `"line": "`+plain[0].ID, `"line": "`+other)
	bad("whose id is the line", `"agreement": "`+plain[1].ID, `"agreement": "`+plain[0].ID)
	bad("called the third", `"version": 2`, `"version": 3`)
	bad("in the place of nothing", `"supersedes": "`+plain[0].ID+`"`, `"supersedes": ""`)
	bad("in the place of another", `"supersedes": "`+plain[0].ID, `"supersedes": "`+other)
	bad("with another name", `"name": "blue"`, `"name": "navy"`)
	add("with one key replaced", "", strings.ReplaceAll(texts[1], keyText("blue party"), keyText("blue new")), "red party", "blue new")
	add("with both keys replaced", "agreement", strings.NewReplacer(keyText("blue party"), keyText("blue new"), keyText("red party"), keyText("red new")).Replace(texts[1]), "red new", "blue new")
	m.add("second twice", "agreement", [][]byte{first, first}, plain[0])
	m.add("second before the first", "agreement", [][]byte{m.signText(texts[1], same[:]...), first}, plain...)
	m.add("second not in the file", "in-force", [][]byte{first}, plain...)
	m.add("first named after the second", "in-force", [][]byte{first, m.signText(texts[1], same[:]...)}, plain[1], plain[0])
}

// TestVectors holds the vectors to what makes them, and both verifiers to the vectors.
func TestVectors(t *testing.T) {
	const dir = "testdata/vectors"
	vs := makeVectors(t)
	index, err := json.Marshal(vs, jsontext.WithIndent("  "))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		writeVectors(t, dir, vs, append(index, '\n'))
	}
	if was, err := os.ReadFile(filepath.Join(dir, "index.json")); err != nil || string(was) != string(index)+"\n" {
		t.Errorf("the list is not what makes it: go test ./agreement -run TestVectors -update (%v)", err)
	}
	said := second.Run(t, "--vectors", dir)
	if len(said) != len(vs) {
		t.Fatalf("the second verifier judged %d of %d vectors", len(said), len(vs))
	}
	for i, v := range vs {
		if was, err := os.ReadFile(filepath.Join(dir, v.File)); err != nil || !bytes.Equal(was, v.data) {
			t.Errorf("%s is not what makes it (%v)", v.File, err)
		}
		r := transcript.Verify(bytes.NewReader(v.data), transcript.Options{Agreement: Info, Keys: KeysInfo, Workers: 1})
		fails := func(c transcript.Check) bool { return !c.OK && c.Name == v.Check }
		if r.OK != v.OK || !v.OK && !slices.ContainsFunc(r.Checks, fails) {
			t.Errorf("%s: want %t %s, got %t %+v", v.File, v.OK, v.Check, r.OK, r.Checks)
		}
		if got := said[i]; got.File != v.File || got.OK != v.OK || !v.OK && !slices.Contains(got.Failed(), v.Check) {
			t.Errorf("%s: want %t %s, the second verifier says %t %+v", v.File, v.OK, v.Check, got.OK, got.Checks)
		}
	}
}

func writeVectors(t *testing.T, dir string, vs []vector, index []byte) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, v := range append(vs, vector{File: "index.json", data: index}) {
		if err := os.WriteFile(filepath.Join(dir, v.File), v.data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
