package main

import (
	"bytes"
	"image"
	"image/color"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/rogpeppe/go-internal/testscript"
)

// scan reads the codes off printed sheets with a reader of others, the last first and each twice, and
// writes what they say, one a line.
func scan(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: scan SHEETS LINES")
	}
	var out bytes.Buffer
	codes := regexp.MustCompile(`<svg viewBox="0 0 (\d+) \d+" [^>]*><path d="([^"]*)"`).FindAllStringSubmatch(ts.ReadFile(args[0]), -1)
	for i := len(codes) - 1; i >= 0; i-- {
		side, err := strconv.Atoi(codes[i][1])
		ts.Check(err)
		img := paint(ts, side, codes[i][2])
		said, err := decode(img, nil)
		if err != nil { // this reader looks for the corners and misses them in some codes; it need not look here
			said, err = decode(img, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
		}
		ts.Check(err)
		out.WriteString(said + "\n" + strings.ToLower(said) + "\r\n")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out.Bytes(), 0o600))
}

func decode(img image.Image, hints map[gozxing.DecodeHintType]any) (string, error) {
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		return "", err
	}
	got, err := qrcode.NewQRCodeReader().Decode(bits, hints)
	if err != nil {
		return "", err
	}
	return got.GetText(), nil
}

// paint draws a path of dark modules, three dots a module.
func paint(ts *testscript.TestScript, side int, path string) image.Image {
	const scale = 3
	img := image.NewGray(image.Rect(0, 0, side*scale, side*scale))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for _, run := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1`).FindAllStringSubmatch(path, -1) {
		var n [3]int
		for i := range n {
			var err error
			n[i], err = strconv.Atoi(run[i+1])
			ts.Check(err)
		}
		for y := n[1] * scale; y < (n[1]+1)*scale; y++ {
			for x := n[0] * scale; x < (n[0]+n[2])*scale; x++ {
				img.SetGray(x, y, color.Gray{})
			}
		}
	}
	return img
}

func TestByteSize(t *testing.T) {
	for text, want := range map[string]byteSize{"65536": 65536, "100KiB": 100 << 10, "7MiB": 7 << 20, "7Mi": 7 << 20} {
		var b byteSize
		if err := b.UnmarshalText([]byte(text)); err != nil || b != want {
			t.Errorf("%s reads as %d: %v", text, b, err)
		}
	}
	for _, text := range []string{"", "7MB", "-1", "0", "1.5MiB", "99999999999", "MiB"} {
		var b byteSize
		if err := b.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q reads as %d", text, b)
		}
	}
}
