package view

import "time"

// CourierTaken is what a courier file of the other party's came to.
type CourierTaken struct {
	Line    string    `json:"line"`
	From    string    `json:"from"`    // the party that wrote it
	Written time.Time `json:"written"` // by its clock
	Part    int       `json:"part"`
	Last    bool      `json:"last"`
	// Result is taken, nothing-new, kept (it waits for what comes before it) or not-ready (its entries
	// were not taken, as this node may not sign yet).
	Result      string `json:"result"`
	Entries     int    `json:"entries"`      // in the file
	New         int    `json:"new"`          // entries that are new here, those of kept files included
	Urgent      int    `json:"urgent"`       // copies of hold and distress that are new here
	HeldTo      string `json:"held_to"`      // the other party's newest entry that is held in order; "": none
	DeliveredTo string `json:"delivered_to"` // the own newest entry with a receipt; "": none
	Undelivered int64  `json:"undelivered"`  // own entries without one
	Needs       string `json:"needs"`        // the entry that a kept file waits for; "": none
	Kept        int    `json:"kept"`         // files that wait for what comes before them
	Fitted      int    `json:"fitted"`       // kept files that fitted now
	Asks        bool   `json:"asks"`         // the other party asks for its own transcript back
	Unasked     bool   `json:"unasked"`      // what was given back answers no ask of this run of the node
	Confirmed   bool   `json:"confirmed"`    // this node may sign
}
