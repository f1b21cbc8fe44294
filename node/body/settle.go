package body

// How two parties settle a conflict without moving apart.
const (
	Joint        = "joint"         // what they do there they do together
	AcceptedRisk = "accepted risk" // a supervisor on each side takes it as it is
)

// Supervisor is the role of who may accept a risk.
const Supervisor = "supervisor"

// Shift is a change of all volumes of a notice in one dimension: in time, in altitude or across the
// ground. The others are zero.
type Shift struct {
	TimeS        float64 `json:"time_s,omitzero"`        // less than 0: earlier
	Altitude     float64 `json:"altitude,omitzero"`      // less than 0: down
	AltitudeUnit string  `json:"altitude_unit,omitzero"` // m, ft, FL: the unit of the notice's own bounds
	LateralM     float64 `json:"lateral_m,omitzero"`     // as geo4d.ShiftAbout moves it
	BearingDeg   float64 `json:"bearing_deg,omitzero"`   // from north, where the shapes' common anchor is
}

// Proposed says that one of the two notices of a conflict might be moved. Who moves is for people.
type Proposed struct {
	Conflict string `json:"conflict"`
	A        Party  `json:"a"` // the versions that it is about
	B        Party  `json:"b"`
	Mover    string `json:"mover"` // a, b: whose notice would move
	Shift    Shift  `json:"shift"`
	Remark   string `json:"remark,omitzero"`
	Officer  string `json:"officer"`
	Role     string `json:"role"`
}

// Replied accepts or refuses a proposal of the other party.
type Replied struct {
	Conflict string `json:"conflict"`
	Proposal Ref    `json:"proposal"`
	Accepted bool   `json:"accepted"`
	Reason   string `json:"reason,omitzero"`
	Officer  string `json:"officer"`
	Role     string `json:"role"`
}

// Settled says that a party settles a conflict as it stands. It counts once both parties have said
// the same of the same two versions, and for no others.
type Settled struct {
	Conflict string `json:"conflict"`
	A        Party  `json:"a"`
	B        Party  `json:"b"`
	How      string `json:"how"` // Joint, AcceptedRisk
	Reason   string `json:"reason"`
	Officer  string `json:"officer"`
	Role     string `json:"role"`
}
