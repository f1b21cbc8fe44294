package body

import (
	"strings"
	"testing"

	"parley/transcript"
)

func TestRefRoundTrip(t *testing.T) {
	r := Ref{Origin: transcript.Origin{Line: strings.Repeat("0f", 32), Epoch: 3, Side: transcript.B}, Seq: 41}
	got, err := ParseRef(r.String())
	if err != nil || got != r {
		t.Errorf("got %v, %v", got, err)
	}
	if r.Short() != "3/b#41" {
		t.Errorf("short: %s", r.Short())
	}
	for _, bad := range []string{"", "#1", r.String() + "0x", strings.Replace(r.String(), "#41", "#041", 1), strings.Replace(r.String(), "#41", "#-1", 1), r.Origin.String()} {
		if _, err := ParseRef(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestConflictIDDoesNotDependOnOrder(t *testing.T) {
	line := strings.Repeat("0f", 32)
	a := Ref{Origin: transcript.Origin{Line: line, Epoch: 1, Side: transcript.A}, Seq: 10}
	b := Ref{Origin: transcript.Origin{Line: line, Epoch: 1, Side: transcript.B}, Seq: 9}
	if ConflictID(line, a, b) != ConflictID(line, b, a) {
		t.Error("the id depends on the order")
	}
	if b2 := (Ref{Origin: b.Origin, Seq: 8}); ConflictID(line, a, b) == ConflictID(line, a, b2) {
		t.Error("two conflicts have one id")
	}
}

func TestDraftThenRead(t *testing.T) {
	in := Owned{Conflict: "c", Officer: "duty officer", Role: "duty"}
	d, err := Draft(KindOwned, in)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range d.Fields {
		if !f.Shown {
			t.Errorf("%s is not shown", f.Name)
		}
	}
	var out Owned
	if err := Read(append(d.Fields, transcript.Field{Name: "later", Value: []byte("1")}), &out); err != nil || out != in {
		t.Errorf("got %+v, %v", out, err)
	}
}

func FuzzParseRef(f *testing.F) {
	f.Add("parley/" + strings.Repeat("0f", 32) + "/1/a#0")
	f.Fuzz(func(t *testing.T, s string) {
		if r, err := ParseRef(s); err == nil && r.String() != s {
			t.Errorf("%q was read as %q", s, r)
		}
	})
}
