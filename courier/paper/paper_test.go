package paper

import (
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"pgregory.net/rapid"
)

// random returns bytes from a seed.
func random(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(r.Uint32())
	}
	return out
}

// paint draws a path of dark modules as an image, as a printer does.
func paint(t *testing.T, c code, scale int) image.Image {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, c.Side*scale, c.Side*scale))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for _, run := range strings.Split(c.Path, "z") {
		if run == "" {
			continue
		}
		at, rest, _ := strings.Cut(strings.TrimPrefix(run, "M"), "h")
		xs, ys, _ := strings.Cut(at, " ")
		ws, _, _ := strings.Cut(rest, "v")
		x, err1 := strconv.Atoi(xs)
		y, err2 := strconv.Atoi(ys)
		w, err3 := strconv.Atoi(ws)
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatalf("the path has %q", run)
		}
		for dy := range scale {
			for dx := range w * scale {
				img.SetGray(x*scale+dx, y*scale+dy, color.Gray{})
			}
		}
	}
	return img
}

// TestAReaderOfOthersReadsTheCodes: what gozxing, a port of ZXing, reads off the drawn codes is the lines.
func TestAReaderOfOthersReadsTheCodes(t *testing.T) {
	file := random(7, 3*pieceBytes+17)
	lines, err := Lines(file)
	if err != nil {
		t.Fatal(err)
	}
	var g Gathering
	for _, line := range lines {
		c, err := draw(line)
		if err != nil {
			t.Fatal(err)
		}
		bits, err := gozxing.NewBinaryBitmapFromImage(paint(t, c, 3))
		if err != nil {
			t.Fatal(err)
		}
		got, err := qrcode.NewQRCodeReader().Decode(bits, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.GetText() != line {
			t.Errorf("reads %q, drawn was %q", got.GetText(), line)
		}
		if bad := g.Read([]byte(got.GetText())); len(bad) > 0 {
			t.Error(bad)
		}
	}
	if sheets := g.Sheets(); len(sheets) != 1 || !bytes.Equal(sheets[0].File, file) {
		t.Errorf("%v", sheets)
	}
}

// TestLinesComeBackInAnyOrder: shuffled, doubled, in small letters and mixed with another file's, the
// lines give both files; what is missing is named by its number.
func TestLinesComeBackInAnyOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		files := map[string][]byte{}
		var all []string
		for i := range rapid.IntRange(1, 3).Draw(rt, "files") {
			f := random(uint64(i), rapid.IntRange(1, 9*pieceBytes).Draw(rt, "bytes"))
			lines, err := Lines(f)
			if err != nil {
				rt.Fatal(err)
			}
			files[ID(f)] = f
			all = append(all, lines...)
			all = append(all, lines[:rapid.IntRange(0, len(lines)).Draw(rt, "twice")]...)
		}
		all = rapid.Permutation(all).Draw(rt, "order")
		lost := all[0]
		if rapid.Bool().Draw(rt, "lost") {
			all = slices.DeleteFunc(all, func(s string) bool { return s == lost })
		} else {
			lost = ""
		}
		text := strings.Join(all, "\r\n")
		if rapid.Bool().Draw(rt, "small") {
			text = strings.ToLower(text)
		}
		var g Gathering
		if bad := g.Read([]byte(text)); len(bad) > 0 {
			rt.Fatal(bad)
		}
		for _, s := range g.Sheets() {
			number := ""
			if strings.Contains(lost, s.ID) {
				number = strings.Split(strings.Split(lost, ":")[3], "/")[0]
			}
			switch {
			case number != "" && (len(s.Missing) != 1 || strconv.Itoa(s.Missing[0]) != number || s.File != nil):
				rt.Errorf("code %s was lost: %v", number, s.Missing)
			case number == "" && !bytes.Equal(s.File, files[s.ID]):
				rt.Errorf("%s is not whole: %+v", s.ID, s.Missing)
			}
		}
	})
}

// TestDamagedLinesAreNamed: a line with one letter changed is named and not taken.
func TestDamagedLinesAreNamed(t *testing.T) {
	lines, err := Lines(random(3, 2*pieceBytes))
	if err != nil {
		t.Fatal(err)
	}
	for i := len(prefix); i < len(lines[0]); i++ {
		b := []byte(lines[0])
		if b[i] == 'A' {
			b[i] = 'B'
		} else {
			b[i] = 'A'
		}
		var g Gathering
		bad := g.Read([]byte("\n" + string(b) + "\n" + lines[1]))
		sheets := g.Sheets()
		if len(bad) != 1 || !strings.HasPrefix(bad[0], "line 2 ") || len(sheets) != 1 || len(sheets[0].Missing) != 1 {
			t.Fatalf("letter %d: %v, %+v", i, bad, sheets)
		}
	}
}

func TestWhatPaperDoesNotTake(t *testing.T) {
	if _, err := Lines(make([]byte, MaxBytes+1)); err == nil {
		t.Error("a file over the bound was cut into lines")
	}
	if lines, err := Lines(make([]byte, MaxBytes)); err != nil || len(lines) != MaxPieces {
		t.Errorf("%d lines: %v", len(lines), err)
	}
	var out bytes.Buffer
	if err := Write(&out, []Page{{From: "<red>", To: "blue", File: []byte("x")}}); err != nil || !strings.Contains(out.String(), "&lt;red&gt;") {
		t.Errorf("%v: %s", err, out.String())
	}
}

func FuzzGather(f *testing.F) {
	lines, err := Lines(random(1, pieceBytes+1))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(strings.Join(lines, "\n")))
	f.Add([]byte("PARLEY:1:0123456789ABCDEF:1/1:00000000:AA"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var g Gathering
		g.Read(text)
		for _, s := range g.Sheets() {
			if s.File != nil && ID(s.File) != s.ID {
				t.Errorf("%s is not the file of its name", s.ID)
			}
		}
	})
}
