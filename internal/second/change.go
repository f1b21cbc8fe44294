package second

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
)

// Changed returns a bundle and n changed copies of it: in one byte, in one record, or in the order of
// records. Some changes take nothing away from what holds, such as a disclosure left out.
func Changed(name string, data []byte, rng *rand.Rand, n int) []File {
	out := []File{{name, data}}
	ways := ways()
	for range n {
		w := ways[rng.IntN(len(ways))]
		if changed := w.change(data, records(data), rng); changed != nil {
			out = append(out, File{name + ", " + w.name, changed})
		}
	}
	return out
}

type way struct {
	name   string
	change func(data []byte, recs [][]byte, rng *rand.Rand) []byte
}

func ways() []way {
	return []way{
		{"a bit flipped", func(data []byte, _ [][]byte, rng *rand.Rand) []byte {
			out := bytes.Clone(data)
			out[rng.IntN(len(out))] ^= 1 << rng.IntN(8)
			return out
		}},
		{"a digit changed", swapDigit},
		{"a byte taken out", func(data []byte, _ [][]byte, rng *rand.Rand) []byte {
			i := rng.IntN(len(data))
			return slices.Concat(data[:i], data[i+1:])
		}},
		{"a byte put in", func(data []byte, _ [][]byte, rng *rand.Rand) []byte {
			i := rng.IntN(len(data) + 1)
			return slices.Concat(data[:i], []byte{" \n\r\t0Az\x00"[rng.IntN(8)]}, data[i:])
		}},
		{"cut", func(data []byte, _ [][]byte, rng *rand.Rand) []byte { return data[:rng.IntN(len(data))] }},
		{"cut after a record", func(_ []byte, recs [][]byte, rng *rand.Rand) []byte {
			return append(bytes.Join(recs[:1+rng.IntN(len(recs)-1)], nil), "end\n"...)
		}},
		{"a record left out", func(_ []byte, recs [][]byte, rng *rand.Rand) []byte {
			i := rng.IntN(len(recs))
			return bytes.Join(slices.Delete(slices.Clone(recs), i, i+1), nil)
		}},
		{"a record twice", func(_ []byte, recs [][]byte, rng *rand.Rand) []byte {
			i := rng.IntN(len(recs))
			return bytes.Join(slices.Insert(slices.Clone(recs), i, recs[i]), nil)
		}},
		{"two records exchanged", func(_ []byte, recs [][]byte, rng *rand.Rand) []byte {
			out := slices.Clone(recs)
			i, j := rng.IntN(len(out)), rng.IntN(len(out))
			out[i], out[j] = out[j], out[i]
			return bytes.Join(out, nil)
		}},
		{"neighbours exchanged", func(_ []byte, recs [][]byte, rng *rand.Rand) []byte {
			out := slices.Clone(recs)
			i := rng.IntN(len(out) - 1)
			out[i], out[i+1] = out[i+1], out[i]
			return bytes.Join(out, nil)
		}},
		{"heads left out", dropKind("head ")},
		{"receipts left out", dropKind("receipt ")},
		{"a time changed", inEntry(func(lines [][]byte, rng *rand.Rand) {
			i := bytes.Index(lines[1], []byte(`"time":"`)) + len(`"time":"2026-1`)
			lines[1][i] = '0' + byte(rng.IntN(10))
		})},
		{"a line of an entry changed", inEntry(func(lines [][]byte, rng *rand.Rand) {
			l := lines[1]
			l[rng.IntN(len(l)-1)] = `0aA"}],.- é`[rng.IntN(11)]
		})},
		{"a disclosure left out", disclosures(func(ds [][]byte, rng *rand.Rand) [][]byte {
			i := rng.IntN(len(ds))
			return slices.Delete(ds, i, i+1)
		})},
		{"a disclosure twice", disclosures(func(ds [][]byte, rng *rand.Rand) [][]byte {
			i := rng.IntN(len(ds))
			return slices.Insert(ds, i, ds[i])
		})},
		{"disclosures turned round", disclosures(func(ds [][]byte, _ *rand.Rand) [][]byte { slices.Reverse(ds); return ds })},
	}
}

func swapDigit(data []byte, _ [][]byte, rng *rand.Rand) []byte {
	out := bytes.Clone(data)
	for range 1000 {
		if i := rng.IntN(len(out)); out[i] >= '0' && out[i] <= '9' {
			out[i] = '0' + byte(rng.IntN(10))
			break
		}
	}
	return out
}

// dropKind leaves out every second record of a kind, or all.
func dropKind(word string) func([]byte, [][]byte, *rand.Rand) []byte {
	return func(_ []byte, recs [][]byte, rng *rand.Rand) []byte {
		all := rng.IntN(2) == 0
		return bytes.Join(slices.DeleteFunc(slices.Clone(recs), func(r []byte) bool {
			return bytes.HasPrefix(r, []byte(word)) && (all || rng.IntN(2) == 0)
		}), nil)
	}
}

// inEntry changes the lines of one entry record, and in half the cases the leaf hash with them.
func inEntry(change func(lines [][]byte, rng *rand.Rand)) func([]byte, [][]byte, *rand.Rand) []byte {
	return func(_ []byte, recs [][]byte, rng *rand.Rand) []byte {
		i, ok := pickEntry(recs, rng, func([][]byte) bool { return true })
		if !ok {
			return nil
		}
		lines := lines(bytes.Clone(recs[i]))
		change(lines, rng)
		if rng.IntN(2) == 0 {
			sum := sha256.Sum256(append([]byte{0}, bytes.TrimSuffix(lines[1], []byte("\n"))...))
			f := bytes.Fields(lines[0])
			lines[0] = fmt.Appendf(nil, "entry %s %s %s\n", f[1], f[2], base64.StdEncoding.EncodeToString(sum[:]))
		}
		out := slices.Clone(recs)
		out[i] = bytes.Join(lines, nil)
		return bytes.Join(out, nil)
	}
}

// disclosures changes those of one entry and their number.
func disclosures(change func(ds [][]byte, rng *rand.Rand) [][]byte) func([]byte, [][]byte, *rand.Rand) []byte {
	return func(_ []byte, recs [][]byte, rng *rand.Rand) []byte {
		i, ok := pickEntry(recs, rng, func(l [][]byte) bool { return len(l) > 2 })
		if !ok {
			return nil
		}
		l := lines(recs[i])
		ds := change(slices.Clone(l[2:]), rng)
		f := bytes.Fields(l[0])
		out := slices.Clone(recs)
		out[i] = slices.Concat(fmt.Appendf(nil, "entry %s %d %s\n", f[1], len(ds), f[3]), l[1], bytes.Join(ds, nil))
		return bytes.Join(out, nil)
	}
}

func pickEntry(recs [][]byte, rng *rand.Rand, fits func([][]byte) bool) (int, bool) {
	var at []int
	for i, r := range recs {
		if bytes.HasPrefix(r, []byte("entry ")) && fits(lines(r)) {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return 0, false
	}
	return at[rng.IntN(len(at))], true
}

func lines(b []byte) [][]byte { return slices.Collect(bytes.Lines(b)) }

// records takes a whole bundle apart: its first line, every record, and its last line.
func records(data []byte) (out [][]byte) {
	for len(data) > 0 {
		n := recordLen(data)
		out, data = append(out, data[:n:n]), data[n:]
	}
	return out
}

// recordLen returns how many bytes the record in front of data takes.
func recordLen(data []byte) int {
	line := func(from int) int { return from + max(bytes.IndexByte(data[from:], '\n')+1, 1) }
	n := line(0)
	f := bytes.Fields(data[:n])
	switch {
	case len(f) == 4 && string(f[0]) == "entry":
		count, _ := strconv.Atoi(string(f[2]))
		for range 1 + count {
			n = line(n)
		}
	case len(f) == 2 && string(f[0]) == "gap":
		for bytes.IndexByte(data[n:], '\n') == 44 {
			n = line(n)
		}
	case len(f) == 2 && string(f[0]) != "transcript":
		size, _ := strconv.Atoi(string(f[1]))
		n += size
	}
	return n
}
