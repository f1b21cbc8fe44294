package notice

import (
	"bytes"
	"fmt"
	"sort"

	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/geo4d"
)

// planMembers are the members of a body that a plan file may state beside a volume, in the same
// form, over and above kind, domain, class and uncertainty_m. All features of a notice that
// state one must state the same.
var planMembers = []string{"title", "place", "speed_mps", "contact", "frequency", "markings", "cargo", "persons",
	"humanitarian", "emergency_medical", "expires", "supersedes", "text"}

// parseFeature reads one feature strictly; geo4d checks the volume and its JSON. props holds its properties named in planMembers.
func parseFeature(raw []byte, opts PlanOptions) (f Feature, props map[string]jsontext.Value, err error) {
	v, rest, err := geo4d.ParseFeature(raw)
	if err != nil {
		return f, nil, err
	}
	f.Volume = v
	f.ID = looseString(rest["id"])
	delete(rest, "id")
	var errs joined
	take := func(name string) (jsontext.Value, bool) {
		v, ok := rest[name]
		delete(rest, name)
		return v, ok && string(v) != "null"
	}
	takeString(take, "party", &f.Party, MaxPartyBytes, &errs)
	takeString(take, "notice", &f.Notice, MaxTitle, &errs)
	f.takeKind(take, opts, &errs)
	if v, ok := take("uncertainty_m"); ok {
		f.takeUncertainty(v, &errs)
	}
	checkTimes("properties", f.Kind, v.Window, &errs)
	if err := errs.err(); err != nil {
		return f, nil, err
	}
	if !opts.FeaturesOnly {
		props = map[string]jsontext.Value{}
		for _, name := range planMembers {
			if v, ok := take(name); ok {
				props[name] = bytes.Clone(v)
			}
		}
		if len(rest) > 0 {
			f.Unknown = make(map[string]jsontext.Value, len(rest))
			for name, v := range rest {
				f.Unknown[name] = bytes.Clone(v)
			}
		}
	}
	return f, props, nil
}

func takeString(take func(string) (jsontext.Value, bool), name string, into *string, most int, errs *joined) {
	v, ok := take(name)
	if !ok {
		return
	}
	if err := unmarshal(v, into); err != nil {
		errs.add(fault.In("properties."+name, err))
		return
	}
	checkLine("properties."+name, *into, most, errs)
}

func (f *Feature) takeKind(take func(string) (jsontext.Value, bool), opts PlanOptions, errs *joined) {
	before := len(errs.errs)
	takeString(take, "kind", (*string)(&f.Kind), MaxShort, errs)
	takeString(take, "domain", (*string)(&f.Domain), MaxShort, errs)
	takeString(take, "class", (*string)(&f.Class), MaxShort, errs)
	if len(errs.errs) > before {
		return
	}
	switch {
	case f.Kind == "" && !opts.KindOptional:
		errs.add(fault.New("properties.kind", "", "is missing", "give one of "+list(Kinds())))
		return
	case f.Kind != "" && !contains(Kinds(), f.Kind):
		errs.add(fault.New("properties.kind", string(f.Kind), "must be one of "+list(Kinds()), "choose one of them"))
		return
	}
	if f.Domain == "" {
		f.Domain = DefaultDomain(f.Kind)
	}
	if f.Domain != "" && !contains(Domains(f.Kind), f.Domain) {
		errs.add(fault.New("properties.domain", string(f.Domain), "must be one of "+list(Domains(f.Kind))+" for this kind", "choose one of them"))
	}
	if f.Class == "" {
		f.Class = Crewed
	}
	if f.Class != Crewed && f.Class != SmallUncrewed {
		errs.add(fault.New("properties.class", string(f.Class), "must be crewed or small-uncrewed", "say crewed where the aircraft is not small"))
	}
	if f.Kind != Flight {
		f.Class = ""
	}
}

func (f *Feature) takeUncertainty(v jsontext.Value, errs *joined) {
	if err := unmarshal(v, &f.UncertaintyM); err != nil {
		errs.add(fault.In("properties.uncertainty_m", err))
		return
	}
	n := Notice{Kind: Site, UncertaintyM: f.UncertaintyM}
	var own joined
	checkNumbers(&n, &own)
	errs.add(fault.In("properties", own.err()))
}

// looseIdentity finds id, party and notice of a feature that may be broken elsewhere.
func looseIdentity(raw []byte) (id, party, notice string) {
	top := loose(raw, "id", "properties")
	id = looseString(top["id"])
	props := loose(top["properties"], "party", "notice")
	return id, looseString(props["party"]), looseString(props["notice"])
}

// looseString returns a JSON string's text, or a number as it stands; "" for anything else.
func looseString(v jsontext.Value) string {
	switch {
	case len(v) == 0:
		return ""
	case v[0] == '"':
		out, err := jsontext.AppendUnquote(nil, v)
		if err != nil {
			return ""
		}
		return string(out)
	case v.Kind() == '0' && v.IsValid():
		return string(v)
	}
	return ""
}

// groupKey names a notice of a plan: that of one party by its notice property, or by its one
// feature's id.
type groupKey struct{ party, notice, feature string }

// group gathers the features of one notice.
type group struct {
	key     groupKey
	n       Notice
	props   map[string]jsontext.Value
	unknown map[string]jsontext.Value
	broken  bool
	refusal *Refusal
	count   int // positions
}

func (r *PlanReader) groupOf(party, notice, feature string) *group {
	key := groupKey{party: party, notice: notice}
	if notice == "" {
		key.feature = feature
	}
	g := r.byKey[key]
	if g == nil {
		g = &group{key: key}
		r.byKey[key] = g
		r.groups = append(r.groups, g)
	}
	return g
}

func (g *group) id() string {
	if g.key.notice != "" {
		return g.key.notice
	}
	return g.key.feature
}

func (g *group) refuse(item, format string, args ...any) {
	if g.refusal == nil {
		g.refusal = &Refusal{g.id(), item, fmt.Sprintf(format, args...)}
	}
}

// add adds one feature. What is said of the notice as a whole must be the same in all of them.
func (g *group) add(f Feature, props map[string]jsontext.Value) {
	if len(g.n.Volumes) == 0 {
		g.n = Notice{ID: g.id(), Version: 1, Kind: f.Kind, Domain: f.Domain, Class: f.Class}
		g.props = map[string]jsontext.Value{}
		g.unknown = map[string]jsontext.Value{}
	}
	if f.Kind != g.n.Kind || f.Domain != g.n.Domain || f.Class != g.n.Class {
		g.refuse("properties.kind", "feature %s differs from the others of this notice in kind, domain or class", f.ID)
	}
	for _, name := range planMembers {
		v, ok := props[name]
		if !ok {
			continue
		}
		if old, stated := g.props[name]; stated && !bytes.Equal(old, v) {
			g.refuse("properties."+name, "feature %s states another %s than the others of this notice", f.ID, name)
		}
		g.props[name] = v
	}
	g.count += geo4d.Vertices(f.Volume.Shape)
	if len(g.n.Volumes) == MaxVolumes || g.count > MaxVertices {
		g.refuse("features", "the notice has more than %d volumes or %d positions: split it", MaxVolumes, MaxVertices)
		return
	}
	g.n.Volumes = append(g.n.Volumes, f.Volume)
	g.n.UncertaintyM = max(g.n.UncertaintyM, f.UncertaintyM)
	if len(f.Unknown) > 0 {
		g.unknown[f.ID] = rejoin(f.Unknown)
	}
	g.setProps(f.ID, props)
}

func (g *group) setProps(id string, props map[string]jsontext.Value) {
	for i := range members {
		v, ok := props[members[i].name]
		if !ok {
			continue
		}
		if err := members[i].set(&g.n, v); err != nil {
			g.refuse("properties."+members[i].name, "feature %s: %v", id, err)
		}
	}
}

// notice returns the notice. The properties that Parley does not know are kept in its source, by
// feature, as far as a source's bound allows.
func (g *group) notice() PartyNotice {
	n := g.n
	n.Source = Source{Format: "geojson", ID: g.id()}
	if kept := rejoin(g.unknown); len(g.unknown) > 0 && len(kept) <= MaxSourceLen {
		n.Source.Text = string(kept)
	}
	return PartyNotice{g.key.party, n}
}

func sortedNames(m map[string]jsontext.Value) []string {
	out := make([]string, 0, len(m))
	for name := range m {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}
