package alert

import (
	"time"

	"parley/fault"
)

// Quiet are hours of every day, from one time of day to another, over midnight where the second is
// the earlier. Each has its offset from UTC: "22:00+03:00", "19:00Z".
type Quiet struct {
	From  string `json:"from"`
	Until string `json:"until"`
}

const timeOfDay = "15:04Z07:00"

const day = 24 * time.Hour

func (q *Quiet) check() error {
	from, err := sinceMidnight(q.From)
	if err != nil {
		return fault.In("from", err)
	}
	until, err := sinceMidnight(q.Until)
	if err != nil {
		return fault.In("until", err)
	}
	if from == until {
		return fault.New("until", q.Until, "is when they start", "leave quiet out, or make it shorter than a day")
	}
	return nil
}

// sinceMidnight returns how long after midnight UTC a time of day is.
func sinceMidnight(s string) (time.Duration, error) {
	t, err := time.Parse(timeOfDay, s)
	if err != nil {
		return 0, fault.New("", s, "is not a time of day with its offset from UTC", "write 22:00+03:00, or 19:00Z")
	}
	t = t.UTC()
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}

// until returns when the quiet hours that hold at now end; zero where none do.
func (q *Quiet) until(now time.Time) time.Time {
	if q == nil {
		return time.Time{}
	}
	from, err := sinceMidnight(q.From)
	if err != nil {
		return time.Time{}
	}
	end, err := sinceMidnight(q.Until)
	if err != nil {
		return time.Time{}
	}
	lasts := (end - from + day) % day
	midnight := now.UTC().Truncate(day)
	into := (now.Sub(midnight) - from + day) % day
	if into >= lasts {
		return time.Time{}
	}
	return now.Add(lasts - into)
}
