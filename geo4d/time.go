package geo4d

import (
	"time"

	"parley/fault"
)

// timeLayout is how times are written: UTC, to the millisecond.
const timeLayout = "2006-01-02T15:04:05.000Z07:00"

// ParseTime reads an RFC 3339 time with an explicit offset and returns it in UTC to the
// millisecond. A time without an offset is refused: nobody can know which hour it means.
func ParseTime(s string) (time.Time, error) {
	if t, ok := utcTime(s); ok {
		return t, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err == nil {
		return t.UTC().Truncate(time.Millisecond), nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if _, e := time.Parse(layout, s); e == nil {
			return time.Time{}, fault.New("", s, "has no offset from UTC",
				"write the offset, Z for UTC: 2026-12-01T06:00:00Z or 2026-12-01T09:00:00+03:00")
		}
	}
	return time.Time{}, fault.New("", s, "is not an RFC 3339 time", "write it as 2026-12-01T06:00:00Z")
}

// FormatTime writes t in UTC to the millisecond.
func FormatTime(t time.Time) string { return t.UTC().Format(timeLayout) }

// AppendTime is FormatTime that appends to dst.
func AppendTime(dst []byte, t time.Time) []byte { return t.UTC().AppendFormat(dst, timeLayout) }

// utcTime reads a time as FormatTime writes it, with or without the milliseconds.
func utcTime[T string | []byte](s T) (t time.Time, ok bool) {
	const whole, milli = len("2006-01-02T15:04:05Z"), len("2006-01-02T15:04:05.000Z")
	n := len(s)
	if n != whole && n != milli || s[n-1] != 'Z' {
		return t, false
	}
	for i, at := range [...]int{4, 7, 10, 13, 16, 19} {
		if at < n-1 && s[at] != "--T::."[i] {
			return t, false
		}
	}
	ok = true
	num := func(from, to int) (v int) {
		for i := from; i < to; i++ {
			ok = ok && s[i] >= '0' && s[i] <= '9'
			v = 10*v + int(s[i]-'0')
		}
		return v
	}
	month, day, hour, minute, second, ms := num(5, 7), num(8, 10), num(11, 13), num(14, 16), num(17, 19), 0
	if n == milli {
		ms = num(20, 23)
	}
	t = time.Date(num(0, 4), time.Month(month), day, hour, minute, second, ms*1e6, time.UTC)
	if !ok || hour > 23 || minute > 59 || second > 59 || t.Day() != day || t.Month() != time.Month(month) {
		return time.Time{}, false
	}
	return t, true
}
