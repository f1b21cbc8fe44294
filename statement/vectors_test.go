package statement

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/internal/second"
	"parley/transcript"
)

var updateVectors = flag.Bool("update", false, "write the vectors in testdata anew")

// vector is one file of testdata/vectors with what a reader must say of it.
type vector struct {
	File   string `json:"file"`
	Kind   string `json:"kind"`
	OK     bool   `json:"ok"`
	Agreed bool   `json:"agreed"`
	data   []byte
}

func vectorKey(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

// signRaw signs whatever text as parties of the names given, by keys of the names given.
func signRaw(text []byte, signers ...[2]string) []byte {
	out := append(bytes.Clone(text), '\n')
	for _, s := range signers {
		out = append(out, rawSignature(text, s[0], vectorKey(s[1]))...)
	}
	return out
}

func makeVectors(t *testing.T) (vs []vector) {
	party := func(name string) Party { return Party{name, vectorKey(name).Public().(ed25519.PublicKey)} }
	joint := Statement{Form: Joint, Line: strings.Repeat("ab", 32), Parties: []Party{party("blue"), party("red")},
		Date: time.Date(2026, 12, 1, 6, 0, 0, 123e6, time.UTC), Title: "The \"joint\" team \\ 1",
		Texts: []Text{{"en", "It meets on 3 December.\nEach side sends two."}, {"ar-Arab-SY", "يجتمع الفريق في 3 كانون الأول"}}, About: []string{"blue-7", "parley/x#1"}}
	joint.Standing = Standing(Joint, joint.Parties)
	alone := joint
	alone.Form, alone.Parties, alone.About, alone.Withdraws = OneSided, joint.Parties[:1], nil, strings.Repeat("0", 64)
	alone.Standing = Standing(OneSided, alone.Parties)
	blue, red := [2]string{"blue", "blue"}, [2]string{"red", "red"}
	text := func(s Statement) []byte {
		out, err := s.encode()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	add := func(name string, ok, agreed bool, data []byte) {
		vs = append(vs, vector{File: "statement-" + strings.ReplaceAll(name, " ", "-") + ".txt", Kind: "statement", OK: ok, Agreed: agreed, data: data})
	}
	good := text(joint)
	both := signRaw(good, blue, red)
	add("good of both", true, true, both)
	add("good of one", true, false, signRaw(good, red))
	add("good alone", true, false, signRaw(text(alone), blue))
	bad := func(name string, change func(s *Statement)) {
		s := joint
		s.Parties, s.Texts, s.About = append([]Party{}, s.Parties...), append([]Text{}, s.Texts...), append([]string{}, s.About...)
		change(&s)
		if s.Standing == "" {
			s.Standing = Standing(s.Form, s.Parties)
		}
		var signers [][2]string
		for _, p := range s.Parties {
			signers = append(signers, [2]string{p.Name, p.Name})
		}
		add(name, false, false, signRaw(text(s), signers...))
	}
	bad("another standing", func(s *Statement) { s.Standing = Standing(OneSided, s.Parties[:1]) })
	bad("another form", func(s *Statement) { s.Form = "agreed" })
	bad("one party of two", func(s *Statement) { s.Parties = s.Parties[:1] })
	bad("one party twice", func(s *Statement) { s.Parties[1] = s.Parties[0] })
	bad("line", func(s *Statement) { s.Line = strings.ToUpper(s.Line) })
	bad("year", func(s *Statement) { s.Date = s.Date.AddDate(-100, 0, 0) })
	bad("corrects and withdraws", func(s *Statement) { s.Corrects, s.Withdraws = s.Line, s.Line })
	bad("corrects a name", func(s *Statement) { s.Corrects = "the first" })
	bad("no text", func(s *Statement) { s.Texts = []Text{} })
	bad("one language twice", func(s *Statement) { s.Texts[1].Language = "en" })
	bad("no language", func(s *Statement) { s.Texts[0].Language = "english" })
	bad("not composed", func(s *Statement) { s.Texts[0].Text = "Fre\u0301d\u0301e\u0301" })
	bad("direction turned", func(s *Statement) { s.Texts[0].Text = "in \u202e time" })
	bad("a tab", func(s *Statement) { s.Texts[0].Text = "a\tb" })
	bad("an odd space", func(s *Statement) { s.Texts[0].Text = "a\u2003b" })
	bad("a line feed in the title", func(s *Statement) { s.Title = "a\nb" })
	bad("a long title", func(s *Statement) { s.Title = strings.Repeat("x", maxTitle+1) })
	bad("a long text", func(s *Statement) { s.Texts[0].Text = strings.Repeat("x", maxText+1) })
	bad("an empty about", func(s *Statement) { s.About[0] = "" })
	add("turned round", false, false, signRaw(good, red, blue))
	add("signed twice by one", false, false, signRaw(good, blue, blue))
	add("signed with another key", false, false, signRaw(good, blue, [2]string{"red", "green"}))
	add("signed by a third", false, false, signRaw(good, blue, [2]string{"green", "green"}))
	add("signed by nobody", false, false, append(bytes.Clone(good), '\n'))
	swap := func(name, old, with string) {
		if bytes.Count(both, []byte(old)) != 1 {
			t.Fatalf("%q is there %d times", old, bytes.Count(both, []byte(old)))
		}
		add(name, false, false, bytes.Replace(both, []byte(old), []byte(with), 1))
		body := bytes.Replace(good, []byte(old), []byte(with), 1)
		add(name+" and signed", false, false, signRaw(body, blue, red))
	}
	swap("one space", `"title": "The`, `"title":  "The`)
	swap("a member twice", `  "corrects": "",`, "  \"corrects\": \"\",\n  \"corrects\": \"\",")
	swap("a member more", `  "corrects": "",`, "  \"corrects\": \"\",\n  \"blame\": \"\",")
	swap("an escape", `3 December`, `3 D\u0065cember`)
	swap("line in a list", `"line": "`+joint.Line+`"`, `"line": [`+"\n    \""+joint.Line+"\"\n  ]")
	swap("date in a list", `"date": "2026-12-01T06:00:00.123Z"`, `"date": [`+"\n    \"2026-12-01T06:00:00.123Z\"\n  ]")
	swap("a title that is a number", "\"title\": \"The \\\"joint\\\" team \\\\ 1\"", `"title": 1`)
	swap("no list of about", "\"about\": [\n    \"blue-7\",\n    \"parley/x#1\"\n  ]", `"about": {}`)
	swap("withdraws nothing at all", `"withdraws": ""`, `"withdraws": null`)
	m := func(name string, change func(s *Statement)) {
		s := joint
		s.Parties, s.Texts, s.About = append([]Party{}, s.Parties...), append([]Text{}, s.Texts...), append([]string{}, s.About...)
		change(&s)
		s.Standing = Standing(s.Form, s.Parties)
		var signers [][2]string
		for _, p := range s.Parties {
			by := "red"
			if p.PartyKey.Equal(joint.Parties[0].PartyKey) {
				by = "blue"
			}
			signers = append(signers, [2]string{p.Name, by})
		}
		add(name, strings.HasPrefix(name, "good"), strings.HasPrefix(name, "good"), signRaw(text(s), signers...))
	}
	long := func(n int) func(*Statement) {
		return func(s *Statement) { s.Parties[1].Name = "red-" + strings.Repeat("x", n-4) }
	}
	m("good name of 32", long(32))
	m("a name of 33", long(33))
	m("two names and one key", func(s *Statement) { s.Parties[1].Name, s.Parties[1].PartyKey = "blue-2", s.Parties[0].PartyKey })
	m("good title of 200", func(s *Statement) { s.Title = strings.Repeat("é", 100) })
	m("a title of 201", func(s *Statement) { s.Title = strings.Repeat("é", 100) + "e" })
	m("good text of 16384", func(s *Statement) { s.Texts[0].Text = strings.Repeat("x", maxText) })
	m("good 100 about", func(s *Statement) { s.About = strings.Split(strings.Repeat("a ", 99)+"a", " ") })
	m("101 about", func(s *Statement) { s.About = strings.Split(strings.Repeat("a ", 100)+"a", " ") })
	texts := func(n int) func(*Statement) {
		return func(s *Statement) {
			for i := len(s.Texts); i < n; i++ {
				s.Texts = append(s.Texts, Text{string(rune('a'+i)) + "a", "x"})
			}
		}
	}
	m("good 16 texts", texts(16))
	m("17 texts", texts(17))
	m("line of 63", func(s *Statement) { s.Line = s.Line[1:] })
	m("line of 65", func(s *Statement) { s.Line += "0" })
	m("line with a letter more before it", func(s *Statement) { s.Line = "x" + s.Line })
	m("line with a letter more behind it", func(s *Statement) { s.Line += "x" })
	m("no name", func(s *Statement) { s.Parties[1].Name = "" })
	m("a name with a letter more before it", func(s *Statement) { s.Parties[1].Name = "Xred" })
	m("one name and two keys", func(s *Statement) { s.Parties[1].Name = "blue" })
	m("year 1999", func(s *Statement) { s.Date = time.Date(1999, 12, 31, 23, 59, 59, 999e6, time.UTC) })
	bad("alone by two", func(s *Statement) { s.Form, s.Standing = OneSided, Standing(OneSided, s.Parties[:1]) })
	raw := func(name, old, with string) {
		if strings.Count(string(good), old) == 0 {
			t.Fatalf("no %q", old)
		}
		add(name, false, false, signRaw([]byte(strings.Replace(string(good), old, with, 1)), blue, red))
	}
	raw("about an empty text", "[\n    \"blue-7\",\n    \"parley/x#1\"\n  ]", `""`)
	raw("a party with a member more", `      "name": "blue",`, "      \"name\": \"blue\",\n      \"title\": \"\",")
	raw("a text with a member more", `      "language": "en",`, "      \"language\": \"en\",\n      \"by\": \"\",")
	raw("another kind and signed", "statement/v1", "agreement/v1")
	add("of nothing", false, false, signRaw([]byte(TypeLine+"\nnull\n"), blue, red))
	fill := func(size int) []byte {
		s := joint
		s.Texts = nil
		for i := range 4 {
			s.Texts = append(s.Texts, Text{string(rune('a'+i)) + "a", strings.Repeat("x", 15_000)})
		}
		for i := 0; ; i = (i + 1) % 4 {
			more := size - len(signRaw(text(s), blue, red))
			if more == 0 {
				return signRaw(text(s), blue, red)
			}
			s.Texts[i].Text += strings.Repeat("x", min(more, maxText-len(s.Texts[i].Text)))
		}
	}
	add("good of 65536 bytes", true, true, fill(MaxBytes))
	add("of 65537 bytes", false, false, fill(MaxBytes+1))
	hash := bytes.Clone(both)
	at := bytes.LastIndexByte(hash, ' ') + 1
	hash[at] ^= 'A' ^ 'B' // a bit of the key's hash
	if hash[at] == both[at] {
		t.Fatal("nothing was changed")
	}
	add("another hash of the key", false, false, hash)
	for i, l := range []string{"zh-Hant-TW", "es-419", "sl-rozaj-biske", "de-1996", "aaa", "de-abcdefgh"} {
		m(fmt.Sprint("good language ", i), func(s *Statement) { s.Texts[0].Language = l })
	}
	for i, l := range []string{"e", "aaaa", "en-", "en-Lat1", "en-A", "en-12", "en-Lat", "en-Latn-abcd", "de-DE-199", "de-123456789", "en_GB"} {
		m(fmt.Sprint("language ", i), func(s *Statement) { s.Texts[0].Language = l })
	}
	m("good marks", func(s *Statement) { s.Texts[0].Text = "a\u200cb\u200fc\u00a0d\u202fe" })
	m("a mark below them", func(s *Statement) { s.Texts[0].Text = "a\u200bb" })
	m("a line separator", func(s *Statement) { s.Texts[0].Text = "a\u2028b" })
	m("a replacement", func(s *Statement) { s.Texts[0].Text = "a\ufffdb" })
	m("good year 9000", func(s *Statement) { s.Date = time.Date(9000, 12, 31, 23, 59, 59, 999e6, time.UTC) })
	m("year 9001", func(s *Statement) { s.Date = time.Date(9001, 1, 1, 0, 0, 0, 0, time.UTC) })
	m("good year 2000", func(s *Statement) { s.Date = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) })
	m("withdraws a name", func(s *Statement) { s.Withdraws = "the first" })
	m("good correction", func(s *Statement) { s.Corrects = s.Line })
	m("too large", func(s *Statement) {
		for i := range 4 {
			s.Texts = append(s.Texts, Text{string(rune('a'+i)) + "a", strings.Repeat("x", maxText)})
		}
	})
	add("another space in the text", false, false, bytes.Replace(both, []byte("3 December"), []byte("3  December"), 1))
	add("another kind of note", false, false, bytes.Replace(both, []byte("statement/v1"), []byte("agreement/v1"), 1))
	return vs
}

// TestVectors holds the vectors to what makes them, and both verifiers to the vectors.
func TestVectors(t *testing.T) {
	const dir = "testdata/vectors"
	made := makeVectors(t)
	if *updateVectors {
		writeVectors(t, dir, made)
	}
	said := second.Run(t, "--vectors", dir)
	if len(said) != len(made) {
		t.Fatalf("the second verifier judged %d of %d vectors", len(said), len(made))
	}
	for i, v := range made {
		data, err := os.ReadFile(filepath.Join(dir, v.File))
		if err != nil || !bytes.Equal(data, v.data) {
			t.Errorf("%s is not what makes it: go test ./statement -run TestVectors -update (%v)", v.File, err)
			continue
		}
		s, err := Open(data)
		if (err == nil) != v.OK || err == nil && s.Agreed() != v.Agreed {
			t.Errorf("%s: want %t %t, got %t %v", v.File, v.OK, v.Agreed, s.Agreed(), err)
		}
		if said[i].File != v.File || said[i].OK != v.OK || said[i].Agreed != v.Agreed {
			t.Errorf("%s: want %t %t, the second verifier says %+v", v.File, v.OK, v.Agreed, said[i])
		}
	}
}

// TestChanged has both verifiers judge statements with one byte changed, of which none holds.
func TestChanged(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	dir := t.TempDir()
	var vs []vector
	for _, v := range makeVectors(t)[:3] {
		for n := range 120 {
			data := bytes.Clone(v.data)
			data[rng.IntN(len(data))] ^= 1 << rng.IntN(8)
			vs = append(vs, vector{File: fmt.Sprintf("%s-%d", v.File, n), Kind: "statement", data: data})
		}
	}
	writeVectors(t, dir, vs)
	for i, s := range second.Run(t, "--vectors", dir) {
		if _, err := Open(vs[i].data); err == nil || s.OK {
			t.Errorf("%s: the program: %v, the second: %t", vs[i].File, err, s.OK)
		}
	}
}

func writeVectors(t *testing.T, dir string, vs []vector) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	index, err := json.Marshal(vs, jsontext.WithIndent("  "))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "index.json"), append(index, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, v := range vs {
		if err := os.WriteFile(filepath.Join(dir, v.File), v.data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// rawSignature makes a signature line over whatever text.
func rawSignature(text []byte, party string, key ed25519.PrivateKey) []byte {
	name := transcript.PartyKeyName(party)
	hash := sha256.Sum256(append([]byte(name+"\n\x01"), key.Public().(ed25519.PublicKey)...))
	raw := append(hash[:4:4], ed25519.Sign(key, text)...)
	return []byte("— " + name + " " + base64.StdEncoding.EncodeToString(raw) + "\n")
}
