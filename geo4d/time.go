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
