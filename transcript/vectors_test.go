package transcript

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// vector is one file of testdata/vectors with what a reader must say of it.
type vector struct {
	File     string   `json:"file"`
	Kind     string   `json:"kind"`
	OK       bool     `json:"ok"`
	Says     string   `json:"says,omitempty"`     // a part of the reason
	Check    string   `json:"check,omitempty"`    // of a bundle: the check that fails
	Entry    string   `json:"entry,omitempty"`    // of a bundle: the entry that it names
	Author   []string `json:"author,omitempty"`   // line keys, base64: Ed25519 and, after a space, an ML-DSA-44 half
	Receiver []string `json:"receiver,omitempty"` // line keys, base64: Ed25519 and, after a space, an ML-DSA-44 half
	data     []byte
}

const vectorDir = "testdata/vectors"

// judge reads the vector's bytes as its kind and returns what is wrong with them.
func (v vector) judge(data []byte) error {
	keys := func(ss []string) (out []LineKey) {
		for _, s := range ss {
			ed, half, both := strings.Cut(s, " ")
			k, _ := base64.StdEncoding.DecodeString(ed)
			lk := LineKey{Public: k}
			if both {
				raw, _ := base64.StdEncoding.DecodeString(half)
				lk.MLDSA, _ = ParseMLDSA(raw)
			}
			out = append(out, lk)
		}
		return out
	}
	lines := bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n"))
	switch v.Kind {
	case "entry":
		_, err := ParseEntry(data)
		return err
	case "next":
		prev, err := ParseEntry(lines[0])
		if err != nil {
			return err
		}
		e, err := ParseEntry(lines[1])
		if err != nil {
			return err
		}
		return CheckNext(&prev, e)
	case "sealed":
		s := Sealed{Bytes: lines[0], Disclosures: lines[1:]}
		if _, _, err := Open(s); err != nil {
			return err
		}
		return CheckShown(s)
	case "disclosure":
		_, err := ParseDisclosure(data)
		return err
	case "head":
		_, err := OpenHead(data, keys(v.Author)...)
		return err
	case "receipt":
		_, err := OpenReceipt(data, keys(v.Receiver)...)
		return err
	case "proof":
		p, err := ParseProof(data)
		if err != nil {
			return err
		}
		_, _, err = p.Check(p.Extra, keys(v.Author), keys(v.Receiver))
		return err
	case "fork":
		_, err := ParseFork(data, keys(v.Author)...)
		return err
	case "foreign":
		_, err := ParseForeign(data, keys(v.Receiver)...)
		return err
	case "breach":
		_, err := ParseBreach(data, "blue", keys(v.Author)...)
		return err
	}
	return nil
}

func TestVectors(t *testing.T) {
	made := makeVectors(t)
	if *update {
		writeVectors(t, made)
	}
	index, err := os.ReadFile(filepath.Join(vectorDir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var vs []vector
	if err := json.Unmarshal(index, &vs); err != nil {
		t.Fatal(err)
	}
	if len(vs) != len(made) {
		t.Fatalf("the index lists %d vectors, the generator makes %d", len(vs), len(made))
	}
	for i, v := range vs {
		data, err := os.ReadFile(filepath.Join(vectorDir, v.File))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(data, made[i].data) || v.OK != made[i].OK {
			t.Errorf("%s is not what the generator makes; run go test -run TestVectors -update", v.File)
		}
		if v.Kind == "bundle" {
			judgeBundle(t, v, data)
			continue
		}
		err = v.judge(data)
		if (err == nil) != v.OK || (err != nil && !strings.Contains(err.Error(), v.Says)) {
			t.Errorf("%s: want ok %t saying %q, got %v", v.File, v.OK, v.Says, err)
		}
	}
}

func judgeBundle(t *testing.T, v vector, data []byte) {
	r, text := verifyText(data, testOptions())
	named := v.OK || slices.ContainsFunc(r.Checks, func(c Check) bool {
		return !c.OK && c.Name == v.Check && strings.HasSuffix(c.Entry, v.Entry) && strings.Contains(c.Reason, v.Says)
	})
	if r.OK != v.OK || !named {
		t.Errorf("%s: want ok %t, check %q at %q saying %q, got\n%s", v.File, v.OK, v.Check, v.Entry, v.Says, text)
	}
}

func writeVectors(t *testing.T, vs []vector) {
	old, err := filepath.Glob(filepath.Join(vectorDir, "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range old {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(vectorDir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, v := range vs {
		if err := os.WriteFile(filepath.Join(vectorDir, v.File), v.data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	index, err := json.Marshal(vs, jsontext.WithIndent("  "))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(vectorDir, "index.json"), append(index, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
