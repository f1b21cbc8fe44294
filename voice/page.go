package voice

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley/geo4d"
	"parley/notice"
)

// Heading is what a page says beside the notice or call itself.
type Heading struct {
	Caller        string // the party that calls
	Officer       string // who speaks
	SecondChannel string // where to call back
	Drill         bool
	State         notice.State // of a notice; "" leaves it out
	Made          time.Time    // when the page was made
}

// The names of the fields of a page, in speaking order. They are also what a line of a read-back begins
// with. Positions are numbered; where there are several volumes, what belongs to one begins with
// "volume 2".
const (
	FieldCaller        = "who calls"
	FieldExercise      = "exercise"
	FieldKind          = "kind"
	FieldNotice        = "notice"
	FieldVersion       = "version"
	FieldCall          = "call"
	FieldAbout         = "about"
	FieldText          = "text"
	FieldKeepClear     = "keep clear of"
	FieldPlace         = "place"
	FieldTown          = "town"
	FieldPosition      = "position"
	FieldRadius        = "radius"
	FieldHalfWidth     = "half width"
	FieldUncertain     = "uncertain"
	FieldLower         = "lower"
	FieldUpper         = "upper"
	FieldFrom          = "from"
	FieldUntil         = "until"
	FieldLastSeen      = "last seen"
	FieldPersons       = "persons"
	FieldNature        = "nature"
	FieldReview        = "review"
	FieldAnswer        = "answer"
	FieldState         = "state"
	FieldSpeaks        = "who speaks"
	FieldSecondChannel = "second channel"
	FieldPage          = "page"
)

// Field is one thing that a page tells.
type Field struct {
	Name      string   `json:"name"`          // as in "position 2" or "volume 2 lower"
	Text      []string `json:"text"`          // what is said, a row each
	Say       []string `json:"say,omitempty"` // the same with number or spelling words, where that helps
	Canonical string   `json:"canonical"`     // what Check covers: see the package's documentation
	Check     string   `json:"check"`         // the check group: three letters
}

// Page is what one officer reads to another: the fields of one notice or call in speaking order.
type Page struct {
	Title  string    `json:"title"`
	Drill  bool      `json:"drill,omitzero"`
	Made   time.Time `json:"made,omitzero"`
	Notes  []string  `json:"notes,omitempty"` // for who reads the page; not said
	Fields []Field   `json:"fields"`
	Check  string    `json:"check"` // the check group of the whole page: four letters
}

// pageBuilder puts a page together.
type pageBuilder struct {
	page Page
}

func (b *pageBuilder) add(volume int, name string, number int, canonical string, text, say []string) {
	label := name
	if number > 0 {
		label += " " + strconv.Itoa(number)
	}
	if volume > 0 {
		label = "volume " + strconv.Itoa(volume) + " " + label
	}
	whole := canonicalField(volume, name, number, canonical)
	b.page.Fields = append(b.page.Fields, Field{Name: label, Text: text, Say: say, Canonical: whole, Check: FieldGroup(whole)})
}

// canonicalField puts a field's name before its value, so that a value under another name does not
// fit its group.
func canonicalField(volume int, name string, number int, value string) string {
	return fmt.Sprintf("V%d%s%d%s", volume, canonicalWords(name, ""), number, value)
}

// words adds a field of words, unless it is empty.
func (b *pageBuilder) words(name, s string) {
	if s = oneLine(s); s != "" {
		b.add(0, name, 0, canonicalWords(s, keepOf(name)), []string{s}, nil)
	}
}

// spelled adds a field that is spelled out.
func (b *pageBuilder) spelled(name, s string) {
	if s = oneLine(s); s != "" {
		b.add(0, name, 0, canonicalWords(s, keepOf(name)), []string{s}, []string{Spell(s)})
	}
}

// keepOf names the marks that count in a field of words: those of ids.
func keepOf(name string) string {
	switch name {
	case FieldNotice, FieldCall, FieldAbout, FieldSecondChannel:
		return "-/.#+_"
	}
	return ""
}

// quantity adds a field with digits; what stands after a comma for orientation is not said again.
func (b *pageBuilder) quantity(volume int, name, canonical, text string) {
	said, _, _ := strings.Cut(text, ", that is ")
	if i := strings.Index(said, " ZULU"); i >= 0 {
		said = said[:i+len(" ZULU")]
	}
	var say []string
	if spoken := Numbers(said); spoken != said && spoken != Numbers(canonical) {
		say = []string{spoken}
	}
	b.add(volume, name, 0, canonical, []string{text}, say)
}

// position adds a position, latitude and longitude on rows of their own.
func (b *pageBuilder) position(volume, number int, p geo4d.Position) {
	lat, lon := Minutes(p)
	short := strings.NewReplacer(" degrees", ",", " minutes ", ", ")
	b.add(volume, FieldPosition, number, canonicalPosition(p), []string{lat, lon},
		[]string{Numbers(short.Replace(lat)), Numbers(short.Replace(lon))})
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (b *pageBuilder) head(h Heading) {
	b.page.Drill, b.page.Made = h.Drill, h.Made
	b.words(FieldCaller, cut(h.Caller, maxName))
	if h.Drill {
		b.words(FieldExercise, "EXERCISE EXERCISE EXERCISE")
	}
}

func (b *pageBuilder) finish(h Heading) Page {
	if h.State != "" {
		b.words(FieldState, string(h.State))
	}
	b.words(FieldSpeaks, cut(h.Officer, maxName))
	b.spelled(FieldSecondChannel, cut(h.SecondChannel, maxName))
	var all []string
	for _, f := range b.page.Fields {
		all = append(all, f.Canonical)
	}
	b.page.Check = PageGroup(all)
	return b.page
}

const simplerNote = "Told larger than it is, to fit one page: the whole shape goes by the line or courier."

// NoticePage returns the page of a notice. places may be nil; with it the page says the nearest town.
func NoticePage(n notice.Notice, h Heading, places notice.Gazetteer) Page {
	n = notice.WithDefaults(n)
	told, simpler := Tell(n)
	b := &pageBuilder{page: Page{Title: "NOTICE BY VOICE"}}
	if simpler {
		b.page.Notes = append(b.page.Notes, simplerNote)
	}
	b.head(h)
	kind := string(n.Kind) + ", " + string(n.Domain)
	if n.Class != "" {
		kind += ", " + string(n.Class)
	}
	b.words(FieldKind, kind)
	b.spelled(FieldNotice, told.Notice)
	b.quantity(0, FieldVersion, told.Version, told.Version)
	b.words(FieldKeepClear, keepClear(&n, told.Volumes))
	b.words(FieldPlace, told.Place)
	if places != nil && !n.Incomplete() {
		b.words(FieldTown, cut(places.Describe(geo4d.Representative(n.Volumes[0].Shape)), maxPlace))
	}
	b.volumes(told.Volumes)
	if n.UncertaintyM > 0 {
		m := whole(n.UncertaintyM, false)
		b.quantity(0, FieldUncertain, number(m), lengthWords(m))
	}
	b.bandAndWindow(told.Volumes)
	return b.finish(h)
}

// keepClear says what there is to keep clear of.
func keepClear(n *notice.Notice, told []Volume) string {
	if n.Incomplete() {
		if n.Sector != "" {
			return "the place in words, held as sector " + cut(n.Sector, maxName)
		}
		return "the place in words, held as the whole area of the agreement"
	}
	if len(told) > 1 {
		return strconv.Itoa(len(told)) + " volumes"
	}
	return volumeWords(&told[0])
}

func volumeWords(v *Volume) string {
	switch {
	case v.Earth:
		return "the whole earth"
	case v.RadiusM > 0:
		return "a circle"
	case v.HalfWidthM > 0:
		return fmt.Sprintf("a corridor along a line of %d positions", len(v.Positions))
	}
	return fmt.Sprintf("an area with %d corners", len(v.Positions))
}

func (b *pageBuilder) volumes(list []Volume) {
	for i := range list {
		v := &list[i]
		at := 0
		if len(list) > 1 {
			at = i + 1
			b.add(at, FieldKeepClear, 0, canonicalWords(volumeWords(v), ""), []string{volumeWords(v)}, nil)
		}
		for j, p := range v.Positions {
			b.position(at, j+1, p)
		}
		if v.RadiusM > 0 {
			b.quantity(at, FieldRadius, number(v.RadiusM), lengthWords(v.RadiusM))
		}
		if v.HalfWidthM > 0 {
			b.quantity(at, FieldHalfWidth, number(v.HalfWidthM), lengthWords(v.HalfWidthM))
		}
	}
}

// bandAndWindow adds altitudes and times, once where all volumes have the same.
func (b *pageBuilder) bandAndWindow(list []Volume) {
	each := func(common bool, do func(volume int, v *Volume)) {
		if common {
			do(0, &list[0])
			return
		}
		for i := range list {
			do(i+1, &list[i])
		}
	}
	each(commonBand(list), func(i int, v *Volume) {
		b.quantity(i, FieldLower, canonicalBound(v.Lower), boundWords(v.Lower, true))
		b.quantity(i, FieldUpper, canonicalBound(v.Upper), boundWords(v.Upper, false))
	})
	each(commonWindow(list), func(i int, v *Volume) {
		b.quantity(i, FieldFrom, canonicalMoment(v.From), momentWords(v.From, true))
		b.quantity(i, FieldUntil, canonicalMoment(v.Until), momentWords(v.Until, false))
	})
}

// CallPage returns the page of a call.
func CallPage(c Call, h Heading) Page {
	told := tellCall(c)
	b := &pageBuilder{page: Page{Title: "CALL BY VOICE"}}
	b.head(h)
	kind := "call, " + c.Type
	if c.Type == "hold" {
		kind += ": stop, and call"
	}
	b.words(FieldKind, kind)
	b.spelled(FieldCall, cut(c.ID, maxName))
	b.spelled(FieldAbout, cut(c.About, maxName))
	b.words(FieldText, cut(c.Text, maxWords))
	b.words(FieldNature, cut(c.Nature, maxPlace))
	b.words(FieldPlace, told.Place)
	v := &told.Volumes[0]
	for i, p := range v.Positions {
		b.position(0, i+1, p)
	}
	if v.From.Said {
		b.quantity(0, FieldLastSeen, canonicalMoment(v.From), momentWords(v.From, true))
	}
	if told.Persons != "" {
		b.quantity(0, FieldPersons, told.Persons, told.Persons)
	}
	if told.Review.Said {
		b.quantity(0, FieldReview, canonicalMoment(told.Review), momentWords(told.Review, false))
	}
	return b.finish(h)
}

// AnswerPage returns the page of an answer to a call.
func AnswerPage(a Answer, h Heading) Page {
	b := &pageBuilder{page: Page{Title: "ANSWER BY VOICE"}}
	b.head(h)
	b.words(FieldKind, "answer to a "+a.Type)
	b.spelled(FieldCall, cut(a.Call, maxName))
	b.words(FieldAnswer, strings.ReplaceAll(a.Word, "-", " "))
	b.words(FieldText, cut(a.Text, maxWords))
	return b.finish(h)
}
