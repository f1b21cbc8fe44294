package notice

import (
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"parley/geo4d"
)

// PlanOptions say what a plan file may leave out and how large it may be.
type PlanOptions struct {
	KindOptional bool // a feature without kind is taken
	NeedIDs      bool // a feature without id is refused; otherwise it is named after its place in the file
	FeaturesOnly bool // leave Plan.Notices empty
	MaxBytes     int64
}

// Feature is one feature of a plan file: one volume with the properties that stand beside it.
type Feature struct {
	ID           string
	Party        string // "" where the file names none
	Notice       string // "" for a notice of its own
	Kind         Kind   // "" where the file names none
	Domain       Domain
	Class        Class
	Volume       geo4d.Volume
	UncertaintyM float64
	Unknown      jsontext.Value // the properties that Parley does not know, an object; nil for none
}

// PartyNotice is a notice with the party that a plan file names.
type PartyNotice struct {
	Party  string
	Notice Notice
}

// Refusal is a feature, a notice or an item of a text that could not be read.
type Refusal struct {
	ID     string // of the feature or notice; "#3" for the third feature, where it has none
	Item   string // where: "properties.start"
	Reason string
}

// Plan is what plan files hold.
type Plan struct {
	Features []Feature
	Notices  []PartyNotice // in the order of their first features; none that has a refused feature
	Refused  []Refusal
}

// PlanReader reads one set of plan files: ids are unique across it. It is not safe for use by
// several goroutines.
type PlanReader struct{}

// NewPlanReader returns a reader with an empty set.
func NewPlanReader(opts PlanOptions) *PlanReader { return &PlanReader{} }

// Read adds one file: a FeatureCollection or a single Feature. It fails only where the file as a
// whole cannot be read; a feature that cannot is in the plan's Refused.
func (r *PlanReader) Read(src io.Reader) error { return nil }

// Plan returns what was read.
func (r *PlanReader) Plan() Plan { return Plan{} }

// ReadPlan reads one file.
func ReadPlan(src io.Reader, opts PlanOptions) (Plan, error) { return Plan{}, nil }

// WritePlan writes notices as a plan file that ReadPlan reads back.
func WritePlan(dst io.Writer, notices []PartyNotice) error { return nil }

// PlanFeatures returns the features of one notice, as plan files write them.
func PlanFeatures(party string, n Notice) ([]jsontext.Value, error) { return nil, nil }
