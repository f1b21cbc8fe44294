package transcript

import (
	"bytes"
	"flag"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"os"
	"testing"
)

var updateFormat = flag.Bool("update-format", false, "write docs/format.md")

// TestFormatDocument holds docs/format.md to the comments of this package and of the packages agreement,
// statement and consent, which are the specification: go test ./transcript -run TestFormatDocument -update-format writes it.
func TestFormatDocument(t *testing.T) {
	const path = "../docs/format.md"
	out := bytes.NewBufferString(formatHead)
	for _, part := range []struct{ title, file string }{{"Transcripts and bundles", "doc.go"}, {"Agreements", "../agreement/doc.go"},
		{"Statements", "../statement/doc.go"}, {"The consent of a host", "../consent/doc.go"}} {
		f, err := parser.ParseFile(token.NewFileSet(), part.file, nil, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil {
			t.Fatal(err)
		}
		var p comment.Parser
		pr := comment.Printer{HeadingLevel: 3, HeadingID: func(*comment.Heading) string { return "" }}
		out.WriteString("\n## " + part.title + "\n\n")
		out.Write(pr.Markdown(p.Parse(f.Doc.Text())))
	}
	if *updateFormat {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, out.Bytes()) {
		t.Error("docs/format.md is not what the comments say: go test ./transcript -run TestFormatDocument -update-format")
	}
}

const formatHead = `# The format

This page is enough to write a verifier of Parley's evidence. It is made from the comments of the packages
[transcript](../transcript/doc.go), [agreement](../agreement/doc.go), [statement](../statement/doc.go) and
[consent](../consent/doc.go);
change those. Test vectors, good and bad, lie in [transcript/testdata](../transcript/testdata),
[agreement/testdata](../agreement/testdata), [statement/testdata](../statement/testdata) and
[consent/testdata](../consent/testdata).

Where it says "refused", a verifier says that the file does not hold. A verdict is one of three: the file
holds and every signer is one that the reader knows; it holds and its signers are not identified; it does
not hold, and what is wrong first.
`
