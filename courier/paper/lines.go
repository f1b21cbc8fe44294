// Package paper carries a courier file over paper: as QR codes on printed sheets, and back from the lines
// of text that any scanner of QR codes gives.
//
// A file is cut into pieces; each is one line of text and one code:
//
//	PARLEY:1:<file>:<number>/<of>:<check>:<data>
//
// "file" is the first 16 digits of the SHA-256 of the courier file, "check" the CRC-32 (IEEE, eight
// digits) of what stands before it, of a colon and of the data, and "data" base32 (RFC 4648, without
// padding). All letters are capitals, so that a code holds them in its alphanumeric mode. Lines may come
// in any order, several times, and mixed with those of other files; small letters and spaces around a line
// do no harm. The check tells which sheet to scan again; whether the file is whole, and whose, the
// courier file itself tells.
package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"slices"
	"strconv"
	"strings"

	"parley/fault"
)

const (
	prefix = "PARLEY:1:"
	// pieceBytes is how much of a file one code holds: about 1,060 characters, a code of 105 modules a
	// side, which a phone reads off a 75 mm print.
	pieceBytes = 640
	// MaxPieces is how many codes a file takes at most.
	MaxPieces = 240
	// MaxBytes is how large a file on paper may be.
	MaxBytes = pieceBytes * MaxPieces
	// maxLine bounds a line that is read.
	maxLine = 4 << 10
	// maxFiles bounds the files whose lines are read at once.
	maxFiles = 1024
)

// ID returns the name of a courier file on its sheets.
func ID(file []byte) string {
	sum := sha256.Sum256(file)
	return strings.ToUpper(hex.EncodeToString(sum[:8]))
}

func coding() *base32.Encoding { return base32.StdEncoding.WithPadding(base32.NoPadding) }

// Lines returns a courier file as lines, one a code.
func Lines(file []byte) ([]string, error) {
	if len(file) > MaxBytes {
		return nil, &fault.Error{Code: fault.TooLarge, Field: "file", Value: fmt.Sprint(len(file)),
			Rule: fmt.Sprintf("is more bytes than paper takes: %d codes hold %d", MaxPieces, MaxBytes), Hint: "allow smaller files: --max-size"}
	}
	of := (len(file) + pieceBytes - 1) / pieceBytes
	var out []string
	for i := range of {
		piece := file[i*pieceBytes : min(len(file), (i+1)*pieceBytes)]
		head := fmt.Sprintf("%s%s:%d/%d:", prefix, ID(file), i+1, of)
		data := coding().EncodeToString(piece)
		out = append(out, head+check(head, data)+":"+data)
	}
	return out, nil
}

func check(head, data string) string {
	return fmt.Sprintf("%08X", crc32.ChecksumIEEE([]byte(head+data)))
}

// IsLines reports whether a file holds lines of printed sheets.
func IsLines(data []byte) bool {
	text := bytes.TrimLeft(data[:min(len(data), maxLine)], "\ufeff \t\r\n")
	return len(text) >= len(prefix) && strings.EqualFold(string(text[:len(prefix)]), prefix)
}

// Gathering is the files whose lines were read so far.
type Gathering struct {
	files map[string]*gathered
}

type gathered struct {
	pieces [][]byte
	have   int
}

// Read takes every line of a text, and names those that are none of a sheet's, or damaged.
func (g *Gathering) Read(text []byte) (bad []string) {
	if g.files == nil {
		g.files = map[string]*gathered{}
	}
	n := 0
	for line := range bytes.Lines(text) {
		n++
		s := strings.ToUpper(strings.Trim(string(line), "\ufeff \t\r\n"))
		if s == "" {
			continue
		}
		if why := g.line(s); why != "" {
			bad = append(bad, fmt.Sprintf("line %d %s", n, why))
		}
	}
	return bad
}

// line takes one line, or says why not.
func (g *Gathering) line(s string) string {
	rest, ok := strings.CutPrefix(s, prefix)
	words := strings.Split(rest, ":")
	if !ok || len(words) != 4 || len(s) > maxLine {
		return "is not of a sheet"
	}
	id, data := words[0], words[3]
	number, of, _ := strings.Cut(words[1], "/")
	i, err1 := strconv.Atoi(number)
	n, err2 := strconv.Atoi(of)
	head := prefix + id + ":" + words[1] + ":"
	piece, err3 := coding().DecodeString(data)
	switch {
	case check(head, data) != words[2]:
		return fmt.Sprintf("(code %s) is damaged: scan it again", words[1])
	case err1 != nil || err2 != nil || err3 != nil || len(id) != 16 || i < 1 || i > n || n > MaxPieces || len(piece) == 0 || len(piece) > pieceBytes:
		return "is not of a sheet that this program prints"
	}
	f := g.files[id]
	if f == nil {
		if len(g.files) == maxFiles {
			return "is of one file too many"
		}
		f = &gathered{pieces: make([][]byte, n)}
		g.files[id] = f
	}
	switch {
	case len(f.pieces) != n:
		return fmt.Sprintf("(code %s) says that the file has %d codes, and another line %d", words[1], n, len(f.pieces))
	case f.pieces[i-1] == nil:
		f.pieces[i-1] = piece
		f.have++
	case !bytes.Equal(f.pieces[i-1], piece):
		return fmt.Sprintf("(code %s) differs from another line of the same number", words[1])
	}
	return ""
}

// Sheet is what was gathered of one courier file.
type Sheet struct {
	ID      string
	Codes   int    // of the whole file
	Missing []int  // the numbers of codes that did not come
	File    []byte // nil while some are missing
	Damaged bool   // all came, and together they are not the file that was printed
}

// Sheets returns what was gathered, by id.
func (g *Gathering) Sheets() []Sheet {
	var sheets []Sheet
	for id, f := range g.files {
		s := Sheet{ID: id, Codes: len(f.pieces)}
		for i, p := range f.pieces {
			if p == nil {
				s.Missing = append(s.Missing, i+1)
			}
		}
		if len(s.Missing) == 0 {
			file := slices.Concat(f.pieces...)
			if s.Damaged = ID(file) != id; !s.Damaged {
				s.File = file
			}
		}
		sheets = append(sheets, s)
	}
	slices.SortFunc(sheets, func(a, b Sheet) int { return strings.Compare(a.ID, b.ID) })
	return sheets
}
