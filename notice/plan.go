package notice

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/geo4d"
)

// Bounds of plan files.
const (
	MaxPlanBytes    = 1 << 30 // one file, where PlanOptions does not say
	MaxFeatureBytes = 2 << 20
	MaxPartyBytes   = 64

	maxPlanMember = 1 << 20 // a name in a file
)

// PlanOptions say what a plan file may leave out and how large it may be.
type PlanOptions struct {
	KindOptional bool // a feature without kind is taken
	NeedIDs      bool // a feature without id is refused; otherwise it is named after its place, "feature-3"
	// FeaturesOnly leaves Plan.Notices empty and takes properties beyond those of one volume
	// as unknown ones.
	FeaturesOnly bool
	MaxBytes     int64 // 0: MaxPlanBytes
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
	Unknown      map[string]jsontext.Value // the properties that Parley does not know; nil for none
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

// PlanReader reads one set of plan files: ids are unique across it. An id that comes again with
// the same content is read once; with other content, the later feature is refused. It is not
// safe for use by several goroutines.
type PlanReader struct {
	opts    PlanOptions
	plan    Plan
	groups  []*group // in the order of their first features
	byKey   map[groupKey]*group
	seen    map[string][sha256.Size]byte
	counted int // features met so far, in all files
}

// NewPlanReader returns a reader with an empty set.
func NewPlanReader(opts PlanOptions) *PlanReader {
	if opts.MaxBytes <= 0 {
		opts.MaxBytes = MaxPlanBytes
	}
	return &PlanReader{opts: opts, byKey: map[groupKey]*group{}, seen: map[string][sha256.Size]byte{}}
}

// Read adds one file: a FeatureCollection or a single Feature. It streams: what it holds in memory
// is what it returns. It fails only where the file as a whole cannot be read, after which the
// reader is of no use; a feature that cannot be read is in the plan's Refused.
func (r *PlanReader) Read(src io.Reader) error {
	return r.read(src, func(raw []byte, long bool) { r.take(r.parse(raw, long)) })
}

// read hands each feature of one file to feature.
func (r *PlanReader) read(src io.Reader, feature func(raw []byte, long bool)) error {
	s := newSplitter(src, r.opts.MaxBytes)
	if bom, err := s.r.Peek(3); err == nil && bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		_, _ = s.r.Discard(3) // peeked, so it is there
	}
	top := map[string]jsontext.Value{}
	collection := false
	err := s.object(func(name string) error {
		if _, twice := top[name]; twice {
			return fault.New(name, "", "stands twice in the file", "keep one of the two")
		}
		top[name] = nil
		if name == "features" {
			if b, err := s.token(); err != nil || b != '[' {
				return fault.New("features", "", "must be an array", "give a FeatureCollection as RFC 7946 has it")
			}
			collection = true
			return s.elements(MaxFeatureBytes, feature)
		}
		v, long, err := s.value(nil, MaxFeatureBytes)
		if long {
			return fault.New(name, "", fmt.Sprintf("is longer than %d bytes", MaxFeatureBytes), "leave it out")
		}
		top[name] = v
		return unexpected(err)
	})
	if err == nil {
		if _, end := s.token(); end == nil {
			err = fault.New("file", "", "has bytes after the JSON value", "give one JSON value")
		} else if end != io.EOF {
			err = end
		}
	}
	if err == nil {
		return finish(top, collection, feature)
	}
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	return fileFault(err, r.opts.MaxBytes)
}

// finish looks at what stands beside the features, and reads a file that is a single feature.
func finish(top map[string]jsontext.Value, collection bool, feature func(raw []byte, long bool)) error {
	typ := looseString(top["type"])
	switch {
	case typ == "FeatureCollection" && collection:
		return nil
	case typ == "Feature" && !collection:
		feature(rejoin(top), false)
		return nil
	case typ == "FeatureCollection":
		return fault.New("features", "", "is missing", "give a FeatureCollection as RFC 7946 has it")
	}
	return fault.New("type", typ, "must be FeatureCollection or Feature", "give a GeoJSON file as RFC 7946 has it")
}

// rejoin writes members as one object again.
func rejoin(members map[string]jsontext.Value) []byte {
	var b bytes.Buffer
	sep := "{"
	for _, name := range sortedNames(members) {
		quoted, _ := jsontext.AppendQuote(nil, name) // names came from JSON
		b.WriteString(sep)
		b.Write(quoted)
		b.WriteByte(':')
		b.Write(members[name])
		sep = ","
	}
	if sep == "{" {
		return []byte("{}")
	}
	b.WriteByte('}')
	return b.Bytes()
}

// parsed is a feature by itself, before it is looked at beside the others of the set.
type parsed struct {
	feature       Feature
	props         map[string]jsontext.Value
	party, notice string // also of one that is refused
	sum           [sha256.Size]byte
	err           error
}

// parse reads one feature. It changes nothing: several may be read at once.
func (r *PlanReader) parse(raw []byte, long bool) (p parsed) {
	p.err = &fault.Error{Code: fault.TooLarge, Rule: fmt.Sprintf("has more than %d bytes", MaxFeatureBytes), Hint: "split it"}
	if !long {
		p.feature, p.props, p.err = parseFeature(raw, r.opts)
	}
	p.party, p.notice = p.feature.Party, p.feature.Notice
	if p.err != nil {
		p.feature.ID, p.party, p.notice = looseIdentity(raw)
	}
	p.sum = sha256.Sum256(raw)
	return p
}

// take adds a feature, or its refusal, to the plan.
func (r *PlanReader) take(p parsed) {
	f := &p.feature
	if !r.admit(&p) {
		return
	}
	if !r.opts.FeaturesOnly {
		r.groupOf(f.Party, f.Notice, f.ID).add(*f, p.props)
	}
	r.plan.Features = append(r.plan.Features, *f)
}

// admit names a feature and compares its id with those met before. It notes a refusal, and reports
// whether the feature is a new one that can be read.
func (r *PlanReader) admit(p *parsed) bool {
	r.counted++
	f, err := &p.feature, p.err
	said := f.ID
	if said == "" {
		said, f.ID = fmt.Sprintf("#%d", r.counted), fmt.Sprintf("feature-%d", r.counted)
		if err == nil && r.opts.NeedIDs {
			err = fault.New("id", "", "is missing", "give every feature an id of its own")
		}
	}
	old, twice := r.seen[f.ID]
	switch {
	case twice && old == p.sum:
		return false
	case twice:
		err = fault.New("id", f.ID, "is used twice with other content", "give every feature an id of its own")
	default:
		r.seen[f.ID] = p.sum
	}
	if err == nil {
		return true
	}
	r.refuse(said, err)
	if p.notice != "" && !r.opts.FeaturesOnly {
		r.groupOf(p.party, p.notice, f.ID).broken = true
	}
	return false
}

func (r *PlanReader) refuse(id string, err error) {
	out := Refusal{ID: fault.Shorten(strings.ToValidUTF8(id, "?"))}
	var reasons []string
	for _, f := range fault.All(err) {
		if out.Item == "" {
			out.Item = f.Field
		}
		reasons = append(reasons, f.Public().Error())
	}
	out.Reason = strings.Join(reasons, "\n")
	r.plan.Refused = append(r.plan.Refused, out)
}

// Plan returns what was read so far.
func (r *PlanReader) Plan() Plan {
	out := r.plan
	out.Refused = append([]Refusal(nil), r.plan.Refused...)
	for _, g := range r.groups {
		if g.broken {
			out.Refused = append(out.Refused, Refusal{g.key.notice, "features", "a feature of this notice was refused, so the whole notice is: nothing is filed in part"})
			continue
		}
		if g.refusal != nil {
			out.Refused = append(out.Refused, *g.refusal)
			continue
		}
		out.Notices = append(out.Notices, g.notice())
	}
	return out
}

// ReadPlan reads one file.
func ReadPlan(src io.Reader, opts PlanOptions) (Plan, error) {
	r := NewPlanReader(opts)
	if err := r.Read(src); err != nil {
		return Plan{}, err
	}
	return r.Plan(), nil
}
