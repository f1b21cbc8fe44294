package sitecopy

import (
	"iter"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/fault"
	"parley/geo4d"
)

// Bounds of a text that is looked through.
const (
	MaxTextBytes = 64 << 20
	MaxNumbers   = 500_000 // with decimals, or as angles with N, S, E or W
	// within is how far apart, counted in numbers with decimals, latitude and longitude may stand.
	within = 3
)

// angleWords are degrees, degrees and minutes, or these and seconds, apart or packed.
const angleWords = `(\d{1,7}(?:\.\d+)?(?:[°:' "]+\d{1,2}(?:\.\d+)?){0,2})`

// maxAngle is how many bytes an angle has at most.
const maxAngle = 40

var (
	commaForm = regexp.MustCompile(`(\d),(\d)`)
	beforeNS  = regexp.MustCompile(angleWords + `[°'"]* ?$`)
	afterNS   = regexp.MustCompile(`^ ?` + angleWords)
	signs     = strings.NewReplacer("\u2212", "-", "º", "°", "′", "'", "’", "'", "″", `"`, "”", `"`, "\u00a0", " ", "\u202f", " ")
)

// Text is what of a text may be positions.
type Text struct {
	numbers   []number
	positions []geo4d.Position
}

// number is a number with decimals, and the part of the text that it stands in: a row, or what is
// between brackets.
type number struct {
	deg  float64
	part int
}

// Read looks through a text of any form: GeoJSON, a table, a message. It takes numbers with
// decimals, whatever stands between them, and angles with N, S, E or W as geo4d.ParsePosition reads
// them. Where no number has a decimal point it takes a comma for one.
func Read(data []byte) (*Text, error) {
	if len(data) > MaxTextBytes {
		return nil, &fault.Error{Code: fault.TooLarge, Field: "file", Rule: "must be at most " + strconv.Itoa(MaxTextBytes) + " bytes", Hint: "give a part of it"}
	}
	text := string(data)
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "?")
	}
	text = signs.Replace(text)
	t := &Text{numbers: plain(text)}
	if len(t.numbers) == 0 {
		t.numbers = plain(commaForm.ReplaceAllString(text, "$1.$2"))
	}
	t.positions = angles(text)
	switch {
	case len(t.numbers) > MaxNumbers || len(t.positions) > MaxNumbers:
		return nil, &fault.Error{Code: fault.TooLarge, Field: "file", Rule: "must have at most " + strconv.Itoa(MaxNumbers) + " numbers", Hint: "give a part of it"}
	case len(t.numbers) < 2 && len(t.positions) == 0:
		return nil, fault.New("file", "", "holds no position", "give latitude and longitude in degrees with decimals, or with N, S, E and W; other grids are not read")
	}
	return t, nil
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// plain returns the numbers of up to three digits with a decimal point, one more than MaxNumbers at
// most.
func plain(text string) []number {
	var out []number
	last, part, inPart := 0, 0, 0
	for dot := 0; len(out) <= MaxNumbers; dot++ {
		next := strings.IndexByte(text[dot:], '.')
		if next < 0 {
			break
		}
		dot += next
		from, to := dot, dot+1
		for from > last && isDigit(text[from-1]) {
			from--
		}
		for to < len(text) && isDigit(text[to]) {
			to++
		}
		if from == dot || to == dot+1 || dot-from > 3 || from > 0 && text[from-1] == '.' {
			continue
		}
		if from > last && text[from-1] == '-' && !(from > 1 && isLetter(text[from-2])) {
			from--
		}
		between := text[last:from]
		if strings.ContainsAny(between, "[]{}") || inPart > 1 && strings.Contains(between, "\n") {
			part, inPart = part+1, 0
		}
		last = to
		if v, err := strconv.ParseFloat(text[from:to], 64); err == nil && math.Abs(v) <= 180 {
			out = append(out, number{v, part})
			inPart++
		}
		dot = to - 1
	}
	return out
}

// angle is an angle with its letter.
type angle struct{ letter, words string }

// position returns the position that two angles are.
func (a angle) position(b angle) (geo4d.Position, bool) {
	if strings.Contains("EW", a.letter) {
		a, b = b, a
	}
	if a.letter == "" || b.letter == "" {
		return geo4d.Position{}, false
	}
	clean := func(s string) string { return strings.ReplaceAll(s, ":", " ") }
	p, err := geo4d.ParsePosition(clean(a.words) + a.letter + " " + clean(b.words) + b.letter)
	return p, err == nil
}

// angles returns the positions that stand as two angles one after the other, one more than
// MaxNumbers at most. The letter of an angle follows it, or comes first where what it would follow
// belongs to the angle before.
func angles(text string) []geo4d.Position {
	var out []geo4d.Position
	var before angle
	used := 0
	for i := 0; i < len(text) && len(out) <= MaxNumbers; i++ {
		if !strings.ContainsRune("NSEWnsew", rune(text[i])) || i+1 < len(text) && isLetter(text[i+1]) || i > 0 && isLetter(text[i-1]) {
			continue
		}
		now := angle{letter: strings.ToUpper(text[i : i+1])}
		front, back := text[max(used, i-maxAngle):i], text[i+1:min(len(text), i+1+maxAngle)]
		if m := beforeNS.FindStringSubmatch(front); m != nil {
			now.words, used = m[1], i+1
		} else if m := afterNS.FindStringSubmatch(back); m != nil {
			now.words, used = m[1], i+1+len(m[0])
		} else {
			continue
		}
		p, ok := before.position(now)
		before = now
		if ok {
			out, before = append(out, p), angle{}
		}
	}
	return out
}

// Positions yields every pair of numbers that may be a position, either as the latitude: those of
// one row or bracket, or with loose also those of neighbours.
func (t *Text) Positions(loose bool) iter.Seq[geo4d.Position] {
	return func(yield func(geo4d.Position) bool) {
		for _, p := range t.positions {
			if !yield(p) {
				return
			}
		}
		for i, x := range t.numbers {
			for _, y := range t.numbers[i+1 : min(len(t.numbers), i+1+within)] {
				if y.part != x.part && !loose {
					break
				}
				for _, p := range [2]geo4d.Position{{LatDeg: x.deg, LonDeg: y.deg}, {LatDeg: y.deg, LonDeg: x.deg}} {
					if math.Abs(p.LatDeg) <= 90 && !yield(p) {
						return
					}
				}
			}
		}
	}
}
