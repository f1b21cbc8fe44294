package transcript

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func opener(data []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
}

func toldWords(t testing.TB, data []byte) (out []string, err error) {
	for told, e := range Woven(opener(data)) {
		if e != nil {
			return out, e
		}
		word := fmt.Sprintf("%s%d", told.Origin.Side, told.Index)
		switch {
		case told.Hidden:
			word += fmt.Sprintf("-%d hidden", told.To-1)
		case told.Err != nil:
			word += " unreadable"
		default:
			word += " " + told.Entry.Kind
		}
		out = append(out, word)
	}
	return out, nil
}

func TestWoven(t *testing.T) {
	w := smallWorld(t)
	whole := w.bundle(nil)
	broken := bytes.Replace(whole, []byte(`"kind":"call"`), []byte(`"kind":"CALL"`), 1)
	for name, c := range map[string]struct {
		data []byte
		want []string
	}{
		"whole":        {whole, []string{"a0 notice.file", "b0 notice.received", "a1 notice.file", "b1 call", "a2 notice.end"}},
		"one entry":    {w.bundle(func(i int) bool { return i == 1 }), []string{"a0-0 hidden", "b0-0 hidden", "a1 notice.file", "a2-2 hidden", "b1 call"}},
		"broken entry": {broken, []string{"a0 notice.file", "b0 notice.received", "b1 unreadable", "a1 notice.file", "a2 notice.end"}},
	} {
		got, err := toldWords(t, c.data)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	got, err := toldWords(t, whole[:bytes.LastIndex(whole, []byte("entry 1 "))])
	if err == nil || !strings.Contains(err.Error(), "stops before its end") || len(got) == 0 {
		t.Errorf("a part: %q, %v", got, err)
	}
}

// TestWovenOrder holds the order to what each author had seen, for lines drawn at random.
func TestWovenOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := drawLine(rt, t)
		said := map[Side]int64{}
		for told, err := range Woven(opener(d.bundle(allHeads, allReceipts))) {
			if err != nil {
				rt.Fatal(err)
			}
			side := told.Origin.Side
			if told.Index != said[side] || told.Entry.Seen.Size > said[side.Other()] {
				rt.Fatalf("%s#%d, which had seen %d, comes after %v", side, told.Index, told.Entry.Seen.Size, said)
			}
			said[side]++
		}
		for i, side := range []Side{A, B} {
			if said[side] != d.w.books[i].tree.Size() {
				rt.Fatalf("%d of %d entries of %s", said[side], d.w.books[i].tree.Size(), side)
			}
		}
	})
}
