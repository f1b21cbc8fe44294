package node

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"parley/agreement"
	another "parley/internal/second"
	"parley/transcript"
)

func firstVerdict(data []byte) another.Verdict {
	r := transcript.Verify(bytes.NewReader(data), transcript.Options{Agreement: agreement.Info, Keys: agreement.KeysInfo, Workers: 1})
	v := another.Verdict{OK: r.OK}
	for _, c := range r.Checks {
		v.Checks = append(v.Checks, another.Check{Name: c.Name, OK: c.OK, Entry: c.Entry, Reason: c.Reason})
	}
	return v
}

// TestSecondVerifier compares the two verifiers on what two nodes export and disclose, under an agreement
// as parties sign it, and on changed copies of that.
func TestSecondVerifier(t *testing.T) {
	red, blue := pair(t, nil)
	for i := range 6 {
		n, p := []*running{red, blue}[i%2], []string{"red", "blue"}[i%2]
		f := flight(fmt.Sprintf("%s-%d", p, i), 35.9+float64(i)/50, 35.4, 2*time.Hour, time.Hour)
		if _, err := n.File(t.Context(), duty, "", f, i == 4); err != nil {
			t.Fatal(err)
		}
		until(t, "it is delivered", func() bool {
			v, err := n.Notice(t.Context(), "", p, f.ID)
			return err == nil && v.Delivered != nil
		})
	}
	rng := rand.New(rand.NewPCG(3, 4))
	var files []another.File
	for _, n := range []*running{red, blue} {
		var whole bytes.Buffer
		if err := n.Export(t.Context(), "", &whole); err != nil {
			t.Fatal(err)
		}
		files = append(files, another.Changed("exported by "+n.Party(), whole.Bytes(), rng, 60)...)
		for name, d := range map[string]Disclosing{
			"about red-0":   {About: []string{"red-0"}, Fields: []string{AllTold}},
			"about blue-3":  {About: []string{"blue-3"}, Fields: []string{"title"}},
			"by blue":       {Party: "blue", Fields: []string{AllTold}},
			"notices":       {Kinds: []string{"notice"}, Fields: []string{AllTold}, Complete: true},
			"nothing shown": {Complete: true},
		} {
			var b bytes.Buffer
			if err := n.Disclose(t.Context(), "", d, &b); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			files = append(files, another.Changed("disclosed by "+n.Party()+", "+name, b.Bytes(), rng, 12)...)
		}
	}
	another.Compare(t, files, firstVerdict)
}
