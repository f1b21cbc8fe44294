package transcript

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

var update = flag.Bool("update", false, "write the example in doc.go and the vectors in testdata anew")

const exampleMark = "// # A worked example\n//\n"

// exampleDoc writes the worked example of the package comment.
func exampleDoc(t *testing.T) string {
	blue, green := testKey(1), testKey(2)
	o := Origin{Line: "f9fb37f20a4234ae4e5a53dcdc976d045024689a07d1cd78261abe197305df2d", Epoch: 1, Side: A}
	s, e, err := Seal(testRand(1), Draft{Kind: "notice.file", Fields: []Field{
		{Name: "title", Value: jsontext.Value(`"survey"`)},
		{Name: "lower_m", Value: jsontext.Value(`0`), Shown: true},
	}}, Meta{Agreement: o.Line, Author: "blue", Time: testTime()})
	if err != nil {
		t.Fatal(err)
	}
	var tree Tree
	leaf := RecordHash(s.Bytes)
	stored := Hashes(tree.Append(leaf))
	h, err := SignHead(blue, o, 1, tree.Root(), testTime().Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	r, err := SignReceipt(green, h, testTime().Add(2*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	proof, err := ProveEntry(1, 0, stored)
	if err != nil {
		t.Fatal(err)
	}
	cosigned, err := Cosigned(h, r)
	if err != nil {
		t.Fatal(err)
	}
	var bundle bytes.Buffer
	b := NewBundleWriter(&bundle)
	for _, err := range []error{b.Transcript(o), b.Entry(mustForOther(t, s)), b.Head(h), b.Receipt(r), b.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var w strings.Builder
	say := func(text string) { fmt.Fprintf(&w, "%s\n\n", text) }
	show := func(block []byte) {
		for line := range strings.Lines(strings.TrimSuffix(string(block), "\n") + "\n") {
			if line == "\n" {
				w.WriteString("\n")
			} else {
				w.WriteString("\t" + line)
			}
		}
		w.WriteString("\n")
	}
	say("Blue's line key is the Ed25519 key of the seed of 32 bytes 01, green's that of 32 bytes 02.\nBlue files a notice of two fields, of which it shows one. The disclosures, and their digests:")
	for _, d := range s.Disclosures {
		raw, _ := b64url.AppendDecode(nil, d)
		show([]byte(fmt.Sprintf("%s\n%s\n%s", raw, d, DigestOf(d))))
	}
	say("The sealed entry, which lists these two digests among six of nothing:")
	show(s.Bytes)
	say("Its leaf hash, which is also the root of a transcript of one entry:")
	show([]byte(leaf.String()))
	say("Blue's head, signed at " + stamp(h.Time) + ":")
	show(h.Note)
	say("Green's receipt, signed at " + stamp(r.Time) + ":")
	show(r.Note)
	say("The proof file of the entry, to which no hash is needed in a tree of one:")
	show(FormatProof(Proof{Index: e.Seq, Hashes: proof, Checkpoint: cosigned}))
	say("A bundle that shows what green was told, without the agreement that stands before the transcript:")
	show(bundle.Bytes())
	return w.String()
}

func mustForOther(t testing.TB, s Sealed) Sealed {
	other, err := ForOther(s)
	if err != nil {
		t.Fatal(err)
	}
	return other
}

func TestDocIsCurrent(t *testing.T) {
	var want strings.Builder
	for line := range strings.Lines(strings.TrimRight(exampleDoc(t), "\n") + "\n") {
		switch {
		case line == "\n":
			want.WriteString("//\n")
		case strings.HasPrefix(line, "\t"):
			want.WriteString("//" + line)
		default:
			want.WriteString("// " + line)
		}
	}
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	before, _, ok := strings.Cut(string(doc), exampleMark)
	if !ok {
		t.Fatal("doc.go has no worked example")
	}
	now := before + exampleMark + want.String() + "package transcript\n"
	if now == string(doc) {
		return
	}
	if !*update {
		t.Fatal("the example in doc.go is not what the package writes; run go test -run TestDocIsCurrent -update")
	}
	if err := os.WriteFile("doc.go", []byte(now), 0o644); err != nil {
		t.Fatal(err)
	}
}
