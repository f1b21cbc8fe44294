package notam

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// tokenKind is the kind of a word of item D.
type tokenKind int

const (
	tokMonth tokenKind = iota
	tokWeekday
	tokDay
	tokClock
	tokDash  // a range: -, TO, TILL
	tokSlash // between date and time, or between two times
	tokSep   // comma, semicolon, AND
	tokFrom  // FM, FROM, BTN
	tokDaily
	tokAllDay // H24
	tokExcept
	tokEnd
)

// token is a word of item D.
type token struct {
	kind  tokenKind
	value int           // month, weekday or day of the month
	clock time.Duration // since midnight
	text  string
	and   bool // a separator that says AND
	btn   bool // a tokFrom that says between
}

var tokenRE = regexp.MustCompile(`H24|[A-Z]+|[0-9]{1,2}:[0-9]{2}|[0-9]+|\S`)

// words of item D with a meaning of their own.
func dWord(w string) (token, bool) {
	switch w {
	case "H24":
		return token{kind: tokAllDay}, true
	case "DAILY", "DLY", "EVERYDAY":
		return token{kind: tokDaily}, true
	case "EXC", "EXCEPT", "EXCEPTING", "EXCLUDING":
		return token{kind: tokExcept}, true
	case "TO", "TIL", "TILL", "UNTIL", "THRU", "-":
		return token{kind: tokDash}, true
	case "FM", "FROM":
		return token{kind: tokFrom}, true
	case "BTN", "BETWEEN":
		return token{kind: tokFrom, btn: true}, true
	case "/":
		return token{kind: tokSlash}, true
	case ",", ";", ".", ":", "&":
		return token{kind: tokSep}, true
	case "AND":
		return token{kind: tokSep, and: true}, true
	}
	if i := wordIndex("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC", w); i >= 0 {
		return token{kind: tokMonth, value: i + 1}, true
	}
	if i := wordIndex("JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER", w); i >= 0 {
		return token{kind: tokMonth, value: i + 1}, true
	}
	if i := wordIndex("SUN MON TUE WED THU FRI SAT", w); i >= 0 {
		return token{kind: tokWeekday, value: i}, true
	}
	if i := wordIndex("SUNDAY MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY", w); i >= 0 {
		return token{kind: tokWeekday, value: i}, true
	}
	return token{}, false
}

func wordIndex(list, w string) int {
	for i, x := range strings.Fields(list) {
		if x == w {
			return i
		}
	}
	return -1
}

// unreadable says why a word of item D cannot be read.
func unreadable(w string) string {
	switch w {
	case "SR", "SS", "SUNRISE", "SUNSET", "HJ", "HN", "BCMT", "ECET", "DAWN", "DUSK", "DAYLIGHT", "NIGHT":
		return "it depends on sunrise or sunset (" + w + "), whose times the text does not give"
	case "HOL", "HOLIDAYS", "PH", "AFT", "HR", "HX":
		return "it depends on holidays or on hours published elsewhere (" + w + ")"
	case "LT", "LMT", "LOCAL", "LCL":
		return "it gives local time (" + w + "); the offset from UTC is not proven"
	}
	return "the word " + quote(w) + " is not part of a schedule that can be read"
}

// tokenize cuts item D into words. The second result says what could not be read.
func tokenize(d string) ([]token, string) {
	d = dashes.Replace(d)
	var out []token
	for _, w := range tokenRE.FindAllString(d, -1) {
		switch w {
		case "Z", "UTC", "EVERY", "EACH", "ON", "HRS", "H":
			continue
		case "DAY", "DAYS":
			if len(out) == 0 {
				out = append(out, token{kind: tokDaily, text: w})
				continue
			}
		}
		t, ok := dWord(w)
		if !ok {
			if t, ok = number(w); !ok {
				if w[0] >= '0' && w[0] <= '9' {
					return nil, quote(w) + " is neither a day of the month nor a time of four digits"
				}
				return nil, unreadable(w)
			}
		}
		t.text = w
		out = append(out, t)
	}
	return append(out, token{kind: tokEnd, text: "the end"}), ""
}

// number reads a day of the month, of two digits, or a time, of four.
func number(w string) (token, bool) {
	digits := strings.Replace(w, ":", "", 1)
	v, err := strconv.Atoi(digits)
	if err != nil {
		return token{}, false
	}
	if strings.Contains(w, ":") || len(digits) == 4 {
		clock, ok := clockOf(v/100, v%100)
		return token{kind: tokClock, clock: clock}, ok
	}
	if len(digits) > 2 || v < 1 || v > 31 {
		return token{}, false
	}
	return token{kind: tokDay, value: v}, true
}

// dashes turns the dashes of word processors into the plain one.
var dashes = strings.NewReplacer("\u2010", "-", "\u2011", "-", "\u2012", "-", "\u2013", "-", "\u2014", "-", "\u2212", "-")
