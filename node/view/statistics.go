package view

import "time"

// Statistics are the figures of a node's lines by period: of what is real, or of the exercise. docs/reference/statistics.md gives the formula of each.
type Statistics struct {
	At       time.Time       `json:"at"`
	By       string          `json:"by"` // day, month, all
	Exercise bool            `json:"exercise,omitzero"`
	Rows     []StatisticsRow `json:"rows"`
}

// StatisticsRow is one line in one period, in UTC.
type StatisticsRow struct {
	Line    string            `json:"line"`
	Peer    string            `json:"peer"`
	Period  string            `json:"period"` // 2026-11-24, 2026-11 or all
	Parties []PartyStatistics `json:"parties"`
	// Conflicts were first filed in the period; Per100 is for each 100 notices of both parties first
	// filed in it, null where there is none.
	Conflicts int      `json:"conflicts"`
	Per100    *float64 `json:"conflicts_per_100_notices"`
	// Alarms is how many alarms of this line began in the period at this desk, FalseAlarms how many of
	// them its officers marked as false; the share is null where none began.
	Alarms      int      `json:"alarms"`
	FalseAlarms int      `json:"false_alarms"`
	FalseShare  *float64 `json:"false_alarm_share"`
	// LinkS is how many seconds the link was in each state while this node ran. Availability is the
	// share of them in which it was up, null where there is none.
	LinkS        map[string]float64 `json:"link_s"`
	Availability *float64           `json:"availability"`
}

// PartyStatistics is what one party said in a period.
type PartyStatistics struct {
	Party   string         `json:"party"`
	Notices map[string]int `json:"notices"` // by kind; "not shown" where the kind is not
	Total   int            `json:"notices_total"`
	// Graded is how many of them have a lead that was delivered and graded; the shares are of these.
	Graded       int      `json:"graded"`
	Late         int      `json:"late"`
	Insufficient int      `json:"insufficient"`
	LateShare    *float64 `json:"late_share"`
	TooLateShare *float64 `json:"insufficient_share"`
	MedianLeadS  *float64 `json:"median_lead_s"`
	// Rungs says of each rung of the ladder how often the other party took it, and how long it took.
	Rungs []RungStatistics `json:"rungs"`
	Calls map[string]int   `json:"calls"` // that it made, by type
	// Answered is how many of the calls the other party answered, MedianAnswerS how long that took.
	Answered      int      `json:"calls_answered"`
	MedianAnswerS *float64 `json:"median_answer_s"`
	Tests         int      `json:"tests"` // of the line that it made
	TestsAnswered int      `json:"tests_answered"`
}

// RungStatistics is one rung of the ladder in a period.
type RungStatistics struct {
	Name    string   `json:"name"`
	Done    int      `json:"done"`
	MedianS *float64 `json:"median_s"`
}
