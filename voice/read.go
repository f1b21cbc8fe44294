package voice

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"parley/fault"
)

// Bounds of a read-back.
const (
	MaxReadBackBytes = 64 << 10
	maxReadBackLines = 500
	maxVolumeNumber  = 100
	maxReadPositions = 100 // of a volume
	maxFaults        = 20
)

var (
	labelForm   = regexp.MustCompile(`^(?:VOLUME (\d{1,3}),? )?([A-Z][A-Z ]*?)(?: (\d{1,3}))?$`)
	checkWord   = regexp.MustCompile(`(?i)(?:^|[\s,;.(])(?:check|group)(?:\s+group)?[\s:]+`)
	versionForm = regexp.MustCompile(`^\d{1,9}$`)

	// labelNames are the fields that a line may begin with, and how else people call them.
	labelNames = map[string]string{
		"CORNER": FieldPosition, "POINT": FieldPosition, "CENTRE": FieldPosition, "CENTER": FieldPosition, "TO": FieldUntil, "WORDS": FieldText,
		"PAGE CHECK": FieldPage, "LOWER BOUND": FieldLower, "UPPER BOUND": FieldUpper, "ID": FieldNotice,
	}
)

const labelHint = "begin with a field and a colon, as position 2: or lower:"

// fieldNames returns the names of all fields.
func fieldNames() []string {
	return []string{FieldCaller, FieldExercise, FieldKind, FieldNotice, FieldVersion, FieldCall, FieldAbout, FieldText, FieldKeepClear,
		FieldPlace, FieldTown, FieldPosition, FieldRadius, FieldHalfWidth, FieldUncertain, FieldLower, FieldUpper, FieldFrom, FieldUntil,
		FieldLastSeen, FieldPersons, FieldNature, FieldReview, FieldAnswer, FieldState, FieldSpeaks, FieldSecondChannel, FieldPage}
}

// label is what a line begins with.
type label struct {
	volume int
	name   string
	number int
}

func (l label) String() string {
	s := l.name
	if l.number > 0 {
		s += " " + strconv.Itoa(l.number)
	}
	if l.volume > 0 {
		s = "volume " + strconv.Itoa(l.volume) + " " + s
	}
	return s
}

func parseLabel(s string) (label, bool) {
	m := labelForm.FindStringSubmatch(numerals(strings.Join(strings.Fields(strings.ToUpper(s)), " ")))
	if m == nil {
		return label{}, false
	}
	l := label{}
	l.volume, _ = strconv.Atoi(m[1]) // digits by the form, or none
	l.number, _ = strconv.Atoi(m[3])
	for _, name := range fieldNames() {
		if strings.EqualFold(m[2], name) {
			l.name = name
		}
	}
	if l.name == "" {
		l.name = labelNames[m[2]]
	}
	numbered := l.name == FieldPosition
	return l, l.name != "" && l.volume <= maxVolumeNumber && (numbered || m[3] == "") && (m[3] == "" || l.number > 0) && (m[1] == "" || l.volume > 0)
}

// readBackReader takes the lines of a read-back.
type readBackReader struct {
	near    time.Time
	out     ReadBack
	volumes map[int]*Volume // 0 holds what is said of all
	seen    map[label]bool
	all     []string // canonical texts, in order
	page    string   // the page's check group, where it was said
	tongues tongues
}

// ParseReadBack reads what an officer read back: a line for each field, "position 2: 35 24.6 N 035 57 E",
// with ", check AKT" at its end where he wrote the check group down, and "page: check ABCD" after the
// last. Lines may also be parted by semicolons. What does not fit its group is an error that names the
// field; every such error is returned, and then nothing else. near is the time to which days without a month are next.
func ParseReadBack(text string, near time.Time) (ReadBack, error) {
	if len(text) > MaxReadBackBytes {
		return ReadBack{}, &fault.Error{Code: fault.TooLarge, Field: "read-back", Value: fmt.Sprintf("%d bytes", len(text)),
			Rule: fmt.Sprintf("must be at most %d bytes", MaxReadBackBytes), Hint: "give one notice or call"}
	}
	if !utf8.ValidString(text) {
		return ReadBack{}, fault.New("read-back", "", "must be UTF-8", "save the text as UTF-8")
	}
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || r == ';' })
	r := &readBackReader{near: near, volumes: map[int]*Volume{}, seen: map[label]bool{}}
	var errs []error
	read := 0
	for _, line := range lines {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if read++; read > maxReadBackLines {
			return ReadBack{}, fault.New("read-back", "", fmt.Sprintf("has more than %d lines", maxReadBackLines), "give one notice or call")
		}
		if err := r.line(line); err != nil && len(errs) < maxFaults {
			errs = append(errs, err)
		}
	}
	if read == 0 {
		return ReadBack{}, fault.New("read-back", "", "says nothing", labelHint)
	}
	if err := r.finish(); err != nil && len(errs) == 0 {
		errs = append(errs, err) // beside an error in a field it tells nothing new
	}
	if len(errs) > 0 {
		return ReadBack{}, errors.Join(errs...)
	}
	return r.out, nil
}

// line takes one line.
func (r *readBackReader) line(line string) error {
	before, value, ok := strings.Cut(line, ":")
	l, known := parseLabel(before)
	if ok && !known {
		l, known = r.tongues.label(before)
	}
	if !ok || !known {
		return fault.New("read-back", line, "does not begin with a field that there is", labelHint)
	}
	if r.page != "" {
		return fault.New(l.String(), value, "comes after the check group of the page", "put that last")
	}
	if l.name == FieldPosition && l.number == 0 {
		l.number = len(r.volume(max(1, l.volume)).Positions) + 1
	}
	if r.seen[l] {
		return fault.New(l.String(), value, "is given twice", "keep what was read last")
	}
	r.seen[l] = true
	value, group, err := splitGroup(l, r.tongues.check(value))
	if err != nil {
		return err
	}
	if l.name == FieldPage {
		r.page = group
		return nil
	}
	canonical, err := r.take(l, value)
	if err != nil {
		return fault.In(l.String(), err)
	}
	whole := canonicalField(l.volume, l.name, l.number, canonical)
	r.all = append(r.all, whole)
	if group != "" && group != FieldGroup(whole) {
		return fault.New(l.String(), value, "check group "+group+" says not what you read: a digit, a letter or a hemisphere differs",
			"ask for "+l.String()+" and its check group again")
	}
	return nil
}

// splitGroup cuts the check group off a value.
func splitGroup(l label, value string) (rest, group string, err error) {
	n := FieldLetters
	if l.name == FieldPage {
		n = PageLetters
	}
	if value = strings.TrimSpace(value); !words(l.name) {
		value = strings.TrimRight(value, " .")
	}
	all := checkWord.FindAllStringIndex(value, -1)
	if len(all) == 0 {
		if l.name == FieldPage {
			return "", "", fault.New(l.String(), value, "has no check group", "write page: check and its four letters")
		}
		return value, "", nil
	}
	last := all[len(all)-1]
	rest, said := strings.Trim(value[:last[0]], " \t,"), strings.TrimRight(value[last[1]:], " \t,.)")
	if !words(l.name) {
		rest = strings.TrimRight(rest, " ,.")
	}
	if group, ok := ParseGroup(said, n); ok {
		return rest, group, nil
	}
	if words(l.name) && len(strings.Fields(said)) != n && len(said) > n {
		return value, "", nil // the word is part of what was said
	}
	return "", "", fault.New(l.String(), said, fmt.Sprintf("is not a check group of %d letters", n), "ask for the check group again")
}

// words reports whether a field holds words.
func words(name string) bool {
	switch name {
	case FieldPosition, FieldRadius, FieldHalfWidth, FieldUncertain, FieldLower, FieldUpper, FieldFrom, FieldUntil, FieldLastSeen, FieldReview,
		FieldVersion, FieldPersons, FieldPage:
		return false
	}
	return true
}

func (r *readBackReader) volume(number int) *Volume {
	v := r.volumes[number]
	if v == nil {
		v = &Volume{}
		r.volumes[number] = v
	}
	return v
}

// take reads a value into its place and returns its canonical text.
func (r *readBackReader) take(l label, value string) (string, error) {
	if value == "" {
		return "", fault.New("", "", "is empty", "leave the line out, or say what was read")
	}
	v := r.volume(l.volume)
	switch l.name {
	case FieldPosition:
		return r.position(l, value)
	case FieldRadius, FieldHalfWidth, FieldUncertain:
		return r.takeLength(l.name, v, value)
	case FieldLower, FieldUpper:
		b, err := ParseBound(value)
		if l.name == FieldLower {
			v.Lower = b
		} else {
			v.Upper = b
		}
		return canonicalBound(b), err
	case FieldFrom, FieldUntil, FieldLastSeen, FieldReview:
		m, err := ParseMoment(value, r.near)
		switch l.name {
		case FieldUntil:
			v.Until = m
		case FieldReview:
			r.out.Review = m
		default:
			v.From = m
		}
		return canonicalMoment(m), err
	case FieldVersion, FieldPersons:
		n := numerals(strings.ToUpper(value))
		if !versionForm.MatchString(n) {
			return "", fault.New("", value, "is not a whole number", "write its digits")
		}
		if l.name == FieldVersion {
			r.out.Version = n
		} else {
			r.out.Persons = n
		}
		return n, nil
	}
	r.takeWords(l, v, value)
	return canonicalWords(value, keepOf(l.name)), nil
}

func (r *readBackReader) takeLength(name string, v *Volume, value string) (string, error) {
	m, err := ParseLength(value)
	if err != nil {
		return "", err
	}
	m = whole(m, false)
	switch {
	case m == 0:
		return "", fault.New("", value, "must be more than 0", lengthHint)
	case name == FieldRadius:
		v.RadiusM = m
	case name == FieldHalfWidth:
		v.HalfWidthM = m
	case name == FieldUncertain:
		r.out.UncertainM = m
	}
	return number(m), nil
}

// position takes the next position of a volume. A volume of its own number holds it, also where there
// is only one.
func (r *readBackReader) position(l label, value string) (string, error) {
	p, err := ParsePosition(value)
	v := r.volume(max(1, l.volume))
	if err != nil {
		v.Positions = append(v.Positions, p) // keeps the count for those that follow
		return "", err
	}
	if len(v.Positions) == maxReadPositions {
		return "", fault.New("", value, fmt.Sprintf("is one more than the %d positions that a volume may have here", maxReadPositions),
			"give the middle and a radius")
	}
	if l.number != len(v.Positions)+1 {
		return "", fault.New("", value, fmt.Sprintf("comes where position %d is due", len(v.Positions)+1), "read the positions in their order")
	}
	v.Positions = append(v.Positions, p)
	return canonicalPosition(p), nil
}

func (r *readBackReader) takeWords(l label, v *Volume, value string) {
	switch l.name {
	case FieldNotice:
		r.out.Notice = value
	case FieldKind:
		r.out.Kind = value
	case FieldPlace:
		r.out.Place = value
	case FieldKeepClear:
		v.Earth = strings.Contains(canonicalWords(value, ""), "WHOLEEARTH")
	}
	if l.volume == 0 {
		if r.out.Words == nil {
			r.out.Words = map[string]string{}
		}
		r.out.Words[l.name] = value
	}
}

// finish joins what is said of all volumes to each, and holds the page's check group against the
// fields.
func (r *readBackReader) finish() error {
	most := 1
	for n := range r.volumes {
		most = max(most, n)
	}
	common := *r.volume(0)
	for n := 1; n <= most; n++ {
		v := *r.volume(n)
		v.join(&common)
		r.out.Volumes = append(r.out.Volumes, v)
	}
	if r.page == "" || r.page == PageGroup(r.all) {
		return nil
	}
	return fault.New(FieldPage, r.page, "check group "+r.page+" says not what you read: a field is missing, added, out of order or wrong",
		"count the fields of the page together, and read back those that have no check group")
}

// join fills in what v does not say itself.
func (v *Volume) join(common *Volume) {
	if !v.Lower.Said {
		v.Lower = common.Lower
	}
	if !v.Upper.Said {
		v.Upper = common.Upper
	}
	if !v.From.Said {
		v.From = common.From
	}
	if !v.Until.Said {
		v.Until = common.Until
	}
	if v.RadiusM == 0 {
		v.RadiusM = common.RadiusM
	}
	if v.HalfWidthM == 0 {
		v.HalfWidthM = common.HalfWidthM
	}
	v.Earth = v.Earth || common.Earth
}
