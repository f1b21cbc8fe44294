package consent

import (
	"bytes"
	"encoding/base64"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/note"

	"parley/internal/second"
	"parley/transcript"
)

var updateVectors = flag.Bool("update", false, "write the vectors in testdata anew")

// vector is one file of testdata/vectors with what a reader must say of it.
type vector struct {
	File string `json:"file"`
	Kind string `json:"kind"`
	OK   bool   `json:"ok"`
	data []byte
}

// signedAs signs whatever text under a name by a key.
func signedAs(t *testing.T, text, name, key string) []byte {
	t.Helper()
	s, err := transcript.NewNoteSigner(name, testKey(key))
	if err != nil {
		t.Fatal(err)
	}
	out, err := note.Sign(&note.Note{Text: text}, s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// hostKeyText is the host's key as the text has it.
func (c Consent) hostKeyText() string { return base64.StdEncoding.EncodeToString(c.HostKey) }

func makeVectors(t *testing.T) (vs []vector) {
	t.Helper()
	add := func(name string, ok bool, data []byte) {
		vs = append(vs, vector{"consent-" + strings.ReplaceAll(name, " ", "-") + ".txt", "consent", ok, data})
	}
	full := green(func(c *Consent) {
		c.Until, c.Text = noon.AddDate(0, 6, 0).Add(time.Millisecond), "La vallée \"nord\" \\ وادي الشمال, <10 km"
	})
	add("good", true, signed(t, full).Note)
	add("good without an end", true, signed(t, green(nil)).Note)
	add("good until 9000", true, signed(t, green(func(c *Consent) {
		c.Date, c.Until = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9000, 12, 31, 23, 59, 59, 999e6, time.UTC)
	})).Note)
	add("good marks", true, signed(t, green(func(c *Consent) { c.Text = "a\u200cb\u200fc" })).Note)
	withdraws := green(withdrawal(noon))
	add("good withdrawal", true, signed(t, withdraws).Note)
	add("good text of 500 bytes", true, signed(t, green(func(c *Consent) { c.Text = strings.Repeat("é", 250) })).Note)
	text, err := full.text()
	if err != nil {
		t.Fatal(err)
	}
	bad := func(name, from, to string) {
		if !strings.Contains(string(text), from) {
			t.Fatalf("%s: no %q", name, from)
		}
		changed := strings.Replace(string(text), from, to, 1)
		add(name, false, append([]byte(changed), bytes.TrimPrefix(signed(t, full).Note, text)...))
		add(name+" and signed", false, signedAs(t, changed, "parley/party/green", "green"))
	}
	bad("another type", "consent/v1", "consent/v2")
	bad("a space", `"host": `, `"host":  `)
	bad("a member more", `"host": `, "\"x\": 1,\n  \"host\": ")
	bad("a member twice", `"host": `, "\"host\": \"green\",\n  \"host\": ")
	bad("an escape", `"green"`, `"\u0067reen"`)
	bad("says", `"consents"`, `"agrees"`)
	bad("a withdrawal with an end", `"consents"`, `"withdraws"`)
	bad("upper case", testLine, strings.ToUpper(testLine))
	bad("an offset", "12:00:00.000Z", "12:00:00.000+00:00")
	bad("no date", `"date": "2026-12-01T12:00:00.000Z"`, `"date": ""`)
	bad("year", `"date": "2026`, `"date": "1996`)
	bad("no from", `"from": "2026-12-01T12:00:00.000Z"`, `"from": ""`)
	bad("until before", `"until": "2027`, `"until": "2025`)
	bad("a name", `"host": "green"`, `"host": "Green"`)
	bad("a short key", `"host_key": "`, `"host_key": "AA==`)
	bad("two lines", "La ", `La\n`)
	bad("direction turned", "La ", "La\u202e")
	bad("a long text", "La ", strings.Repeat("a", 501))
	bad("line in a list", `"`+testLine+`"`, "[\n    \""+testLine+"\"\n  ]")
	bad("a host by a number", `"host": "green"`, `"host": 5`)
	bad("date in a list", `"date": "2026-12-01T12:00:00.000Z"`, "\"date\": [\n    \"2026-12-01T12:00:00.000Z\"\n  ]")
	bad("until a number", `"until": "2027-06-01T12:00:00.001Z"`, `"until": 0`)
	bad("until on no day", `"until": "2027-06-01`, `"until": "2027-06-31`)
	bad("until as it begins", `"until": "2027-06-01T12:00:00.001Z"`, `"until": "2026-12-01T12:00:00.000Z"`)
	bad("text a number", "\"text\": \"La vallée \\\"nord\\\" \\\\ وادي الشمال, <10 km\"", `"text": 5`)
	bad("a name of 33", `"host": "green"`, `"host": "`+strings.Repeat("g", 33)+`"`)
	bad("a key of small order", full.hostKeyText(), "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
	bad("agreement in capitals", `"agreement": "`+full.Agreement, `"agreement": "`+strings.ToUpper(full.Agreement))
	bad("a line separator", "La ", "La\u2028")
	bad("a replacement", "La ", "La\ufffd")
	bad("a mark below the others", "La ", "La\u200b")
	bad("year 9001", `"until": "2027`, `"until": "9001`)
	bad("what is said", "nord", "sud")
	vs = vs[:len(vs)-1] // what is said and signed is good
	whole := signed(t, full).Note
	named := func(name, from, to, host string) {
		changed := strings.Replace(string(text), from, to, 1)
		add(name, false, signedAs(t, changed, "parley/party/"+host, "green"))
	}
	named("another name and signed as it", `"host": "green"`, `"host": "Green"`, "Green")
	named("a name of 33 and signed as it", `"host": "green"`, `"host": "`+strings.Repeat("g", 33)+`"`, strings.Repeat("g", 33))
	named("no name and signed as it", `"host": "green"`, `"host": ""`, "")
	named("a member more that is a text", `"host": `, "\"x\": \"\",\n  \"host\": ", "green")
	named("year 1999", "\"date\": \"2026", "\"date\": \"1999", "green")
	named("line of 63", testLine, testLine[1:], "green")
	named("line of 65", testLine, testLine+"0", "green")
	named("line with a letter more", testLine, "x"+testLine, "green")
	named("line with a letter more behind it", testLine, testLine+"x", "green")
	add("good name of 32", true, signedAs(t, strings.Replace(string(text), `"green"`, `"`+strings.Repeat("g", 32)+`"`, 1), "parley/party/"+strings.Repeat("g", 32), "green"))
	withdrawn, err := withdraws.text()
	if err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{"from", "until"} {
		changed := strings.Replace(string(withdrawn), `"`+member+`": ""`, `"`+member+`": "2026-12-01T12:00:00.000Z"`, 1)
		add("a withdrawal with "+member, false, signedAs(t, changed, "parley/party/green", "green"))
	}
	long, err := green(func(c *Consent) { c.Text = strings.Repeat("a", 500) }).text()
	if err != nil {
		t.Fatal(err)
	}
	add("a text of 501 bytes", false, signedAs(t, strings.Replace(string(long), "aaa\"", "aaaa\"", 1), "parley/party/green", "green"))
	add("of nothing", false, signedAs(t, TypeLine+"\nnull\n", "parley/party/green", "green"))
	whole[bytes.LastIndexByte(whole, ' ')+1] ^= 'A' ^ 'B'
	add("another hash of the key", false, whole)
	add("signed with another key", false, signedAs(t, string(text), "parley/party/green", "white"))
	add("signed under another name", false, signedAs(t, string(text), "parley/party/white", "green"))
	good := signed(t, full).Note
	line := good[len(text)+1:]
	add("signed twice", false, append(bytes.Clone(good), line...))
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(line[bytes.LastIndexByte(line, ' ')+1:])))
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)-1] ^= 1
	add("a bit of the signature", false, fmt.Appendf(append(bytes.Clone(text), '\n'), "— parley/party/green %s\n", base64.StdEncoding.EncodeToString(raw)))
	add("signed by nobody", false, append(bytes.Clone(text), '\n'))
	return vs
}

// TestVectors: this reader and the second verifier say of each file what is written of it.
func TestVectors(t *testing.T) {
	const dir = "testdata/vectors"
	vs := makeVectors(t)
	index, err := json.Marshal(vs, jsontext.WithIndent("  "))
	if err != nil {
		t.Fatal(err)
	}
	if *updateVectors {
		write(t, filepath.Join(dir, "index.json"), append(index, '\n'))
	}
	if was, err := os.ReadFile(filepath.Join(dir, "index.json")); err != nil || string(was) != string(index)+"\n" {
		t.Errorf("the list differs: %v", err)
	}
	for _, v := range vs {
		if *updateVectors {
			write(t, filepath.Join(dir, v.File), v.data)
		}
		if was, err := os.ReadFile(filepath.Join(dir, v.File)); err != nil || !bytes.Equal(was, v.data) {
			t.Errorf("%s differs: %v", v.File, err)
		}
		if _, err := Open(v.data); (err == nil) != v.OK {
			t.Errorf("%s: %v", v.File, err)
		}
	}
	for i, got := range second.Run(t, "--vectors", dir) {
		if got.File != vs[i].File || got.OK != vs[i].OK {
			t.Errorf("the second verifier says of %s: %t %+v", got.File, got.OK, got.Checks)
		}
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
