package line

import (
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

// TestTheWorkedExampleIsTrue holds the package comment's example to the encoder.
func TestTheWorkedExampleIsTrue(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "is 58 bytes:\n//\n")
	example, _, ok := strings.Cut(rest, "\n//\n")
	if !ok {
		t.Fatal("the package comment has no example")
	}
	b, err := Encode(Message{})
	if err != nil {
		t.Fatal(err)
	}
	got := strings.NewReplacer("//", "", " ", "", "\t", "", "\n", "").Replace(example)
	if want := hex.EncodeToString(b); got != want || len(b) != 58 {
		t.Errorf("%d bytes\nthe comment has %s\nencoded is      %s", len(b), got, want)
	}
}
