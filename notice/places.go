package notice

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/catalogue"
	"parley/geo4d"
)

const (
	// nameSlackM is how far a named town may lie from the volume's edge without a warning: a
	// gazetteer's point is somewhere in the town. The notified place of 17 September 2016 was
	// 9 km off.
	nameSlackM = 5_000

	// confusableM bounds the look at names in title and text, where any word may be a town's name
	// somewhere: farther off, it is no confusion of this place.
	confusableM = 500_000

	maxNameWords    = 4
	maxNames        = 40 // words that are looked up in one field
	maxPlaceVolumes = 100
)

// statedDistance finds "9 km", "12.5 NM" in words.
var statedDistance = regexp.MustCompile(`(?i)(\d+(?:[.,]\d+)?)\s?(km|nm|mi|miles|nautical miles|metres|meters|m)\b`)

// warnPlace warns where a town that the words name lies far from every volume. "10 km north of
// X" is held against 10 km and a quarter. Where one town that a field names lies at the volume, the
// field says the place rightly, whatever else its words may name.
func warnPlace(n *Notice, places Gazetteer, warn warner) {
	l := look{n: n, places: places, warn: warn}
	if l.names("place", n.Place, math.Inf(1)) || l.names("title", n.Title, confusableM) {
		return
	}
	for i, t := range n.Text {
		if l.names("text"+index(i), t.Text, confusableM) {
			return
		}
	}
}

// look is one look at the names in a notice's words.
type look struct {
	n      *Notice
	places Gazetteer
	warn   warner
	shapes []*geo4d.Prepared // of the volumes, once a place is measured
}

func (l *look) names(field, words string, within float64) bool {
	slack := nameSlackM + 1.25*distanceIn(words)
	var far named
	var farM float64
	var farAt geo4d.Position
	for _, name := range names(words, l.places) {
		gap, at := l.nearest(l.places.Find(name.words))
		if gap <= slack {
			return false
		}
		most := within
		if !name.evident {
			most = min(most, confusableM)
		}
		if far.words == "" && gap <= most {
			far, farM, farAt = name, gap, at
		}
	}
	if far.words == "" {
		return false
	}
	l.warn(WarnPlace, field, catalogue.Say("warn.place", catalogue.ByPeople("place", far.words), catalogue.AsCode("length", km(farM)),
		catalogue.AsCode("position", geo4d.FormatDD(farAt))))
	return true
}

// nearest returns the least distance of the volumes to any of ps, 0 where there is none.
func (l *look) nearest(ps []geo4d.Position) (float64, geo4d.Position) {
	if l.shapes == nil {
		for i := range min(len(l.n.Volumes), maxPlaceVolumes) {
			l.shapes = append(l.shapes, geo4d.Prepare(l.n.Volumes[i].Shape))
		}
	}
	best, at := math.Inf(1), geo4d.Position{}
	for _, p := range ps {
		point := geo4d.Prepare(geo4d.Circle{Center: p, RadiusM: 1})
		for _, s := range l.shapes {
			if c := s.Gap(point, math.Inf(1)); c.M < best {
				best, at = c.M, p
			}
		}
	}
	if math.IsInf(best, 1) {
		return 0, at
	}
	return best, at
}

// named is a run of words that is a town's name. It is evident that it is meant as one where it has
// several words, stands alone between commas, or follows a word in small letters ("port of
// Latakia"). Elsewhere a capital letter says nothing: "North sector", "Camp Delta" and "SPRING TIDE"
// name towns far away only by chance.
type named struct {
	words   string
	evident bool
}

// names returns the longest runs of words in s that places knows, each starting with a capital
// or in a script without them.
func names(s string, places Gazetteer) []named {
	var out []named
	left := maxNames
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(",;:()/\"\n", r) }) {
		fields := strings.Fields(part)
		fields = fields[:min(left, len(fields))]
		left -= len(fields)
		out = append(out, namesIn(fields, places)...)
	}
	return out
}

func namesIn(fields []string, places Gazetteer) []named {
	var out []named
	for i := 0; i < len(fields); i++ {
		if !nameLike(fields[i]) {
			continue
		}
		for k := min(maxNameWords, len(fields)-i); k > 0; k-- {
			name := strings.Trim(strings.Join(fields[i:i+k], " "), ".!?'")
			if len(places.Find(name)) > 0 {
				evident := k > 1 || len(fields) == 1 || i > 0 && smallLetters(fields[i-1])
				out = append(out, named{name, evident})
				i += k - 1
				break
			}
		}
	}
	return out
}

// smallLetters reports whether a word starts with a small letter.
func smallLetters(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.IsLower(r)
}

func nameLike(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return utf8.RuneCountInString(w) > 2 && unicode.IsLetter(r) && !unicode.IsLower(r)
}

// distanceIn returns the longest distance that words state, in metres.
func distanceIn(s string) float64 {
	most := 0.0
	for _, m := range statedDistance.FindAllStringSubmatch(s, 10) {
		v, err := strconv.ParseFloat(strings.Replace(m[1], ",", ".", 1), 64)
		if err != nil {
			continue
		}
		switch strings.ToLower(m[2]) {
		case "km":
			v *= 1_000
		case "nm", "nautical miles":
			v *= 1_852
		case "mi", "miles":
			v *= 1_609.344
		}
		most = max(most, v)
	}
	return most
}

// km says a distance as people do: "850 m", "9.3 km", "140 km".
func km(m float64) string {
	switch {
	case m < 995:
		return fmt.Sprintf("%.0f m", m)
	case m < 99_500:
		return fmt.Sprintf("%.1f km", m/1_000)
	}
	return fmt.Sprintf("%.0f km", m/1_000)
}
