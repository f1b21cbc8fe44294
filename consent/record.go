package consent

import (
	"cmp"
	"crypto/ed25519"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"parley/agreement"
	"parley/catalogue"
	"parley/fault"
	"parley/transcript"
)

// Kind is the kind of entry that puts a consent on the line.
const Kind = "consent"

// Ahead is how far after the time of the entry that says it a consent may be dated: clocks differ.
const Ahead = 5 * time.Minute

// Place names the entry that said something.
type Place struct {
	Origin transcript.Origin
	Seq    int64
}

// String names it as entries are named.
func (p Place) String() string { return transcript.EntryName(p.Origin, p.Seq) }

// Said is what an entry says.
type Said struct {
	Place   Place
	Time    time.Time // by its author's clock
	Note    []byte
	Officer string
	Role    string

	signed Signed // what the note says, or why it can never count
	err    error
}

// Shown reports whether the fields of an entry show what it says.
func Shown(fields []transcript.Field) bool {
	return slices.ContainsFunc(fields, func(f transcript.Field) bool { return f.Name == "note" })
}

// Read reads what the fields of an entry say. Fields of other names are a later version's. What is no text is
// read as empty: a note then does not count and is listed as such, and what stands beside a note does not
// take the host's word away.
func Read(p Place, at time.Time, fields []transcript.Field) Said {
	s := Said{Place: p, Time: at}
	var note string
	names := map[string]*string{"note": &note, "officer": &s.Officer, "role": &s.Role}
	for _, f := range fields {
		var text string
		if into := names[f.Name]; into != nil && json.Unmarshal(f.Value, &text) == nil {
			*into = text
		}
	}
	s.Note = []byte(note)
	return s
}

// Host is a host that a version of the agreement names.
type Host struct {
	Name string
	Key  ed25519.PublicKey
}

// Version is a version of the agreement that both parties signed.
type Version struct {
	ID    string
	Hosts []Host
}

// VersionOf returns what consents need of an agreement.
func VersionOf(a agreement.Agreement) Version {
	v := Version{ID: a.ID}
	for _, h := range a.Terms.Hosts {
		v.Hosts = append(v.Hosts, Host{Name: h.Name, Key: h.PartyKey})
	}
	return v
}

// Brought is a consent with the entries that brought it.
type Brought struct {
	Signed
	By []Said // in the order of the transcripts
}

// Stand is what a host's word on one version of the agreement comes to.
type Stand struct {
	Host      Host
	Agreement string
	Words     []Brought // the one that stands first, then the older
}

// State is what a host's word comes to at a time.
type State string

// The states.
const (
	Asked     State = "asked"
	Consented State = "consents"
	Lapsed    State = "lapsed"
	Withdrawn State = "withdrawn"
)

// At returns the state at a time, and since when it is; zero where the host has said nothing.
func (s *Stand) At(now time.Time) (State, time.Time) {
	if len(s.Words) == 0 {
		return Asked, time.Time{}
	}
	switch c := s.Words[0].Says; {
	case c.Says == Withdraws:
		return Withdrawn, c.Date
	case !c.Until.IsZero() && !now.Before(c.Until):
		return Lapsed, c.Until
	case now.Before(c.From):
		return Asked, time.Time{}
	default:
		return Consented, c.From
	}
}

// Message says the state at a time in a sentence.
func (s *Stand) Message(now time.Time) catalogue.Message {
	state, since := s.At(now)
	host := catalogue.ByPeople("host", s.Host.Name)
	stamp := catalogue.At("stamp", catalogue.Stamp, since)
	switch state {
	case Withdrawn:
		return catalogue.Say("consent.withdrawn", host, stamp)
	case Lapsed:
		return catalogue.Say("consent.lapsed", host, stamp)
	case Consented:
		if until := s.Words[0].Says.Until; !until.IsZero() {
			return catalogue.Say("consent.until", host, stamp, catalogue.At("end", catalogue.Stamp, until))
		}
		return catalogue.Say("consent.consents", host, stamp)
	}
	if len(s.Words) > 0 {
		return catalogue.Say("consent.later", host, catalogue.At("stamp", catalogue.Stamp, s.Words[0].Says.From))
	}
	return catalogue.Say("consent.asked", host)
}

// Flawed is what was put on the line as a consent and does not count.
type Flawed struct {
	Said
	Why string
}

// Record is what was put on a line as consents.
type Record struct {
	line string
	all  []Said // in the order of entries; each note was opened once
}

// NewRecord returns the empty record of a line.
func NewRecord(line string) *Record { return &Record{line: line} }

// Add takes what an entry says, whatever it is. The error says why it can never count.
func (r *Record) Add(s Said) error {
	s.signed, s.err = r.open(s)
	i, _ := slices.BinarySearchFunc(r.all, s, before)
	r.all = slices.Insert(r.all, i, s)
	return s.err
}

// All returns what was said, in the order of entries.
func (r *Record) All() []Said { return slices.Clone(r.all) }

func before(a, b Said) int {
	x, y := a.Place, b.Place
	return cmp.Or(cmp.Compare(x.Origin.Epoch, y.Origin.Epoch), cmp.Compare(x.Origin.Side, y.Origin.Side), cmp.Compare(x.Seq, y.Seq))
}

func (r *Record) open(s Said) (Signed, error) {
	c, err := Open(s.Note)
	switch {
	case err != nil:
		return Signed{}, err
	case c.Says.Line != r.line:
		return Signed{}, fault.New("line", c.Says.Line[:12], "is the line of this consent, and not the one that it is put on", "put it on its own line")
	}
	return c, s.dated(c.Says)
}

// dated refuses a consent that is dated after the entry that says it.
func (s Said) dated(c Consent) error {
	if c.Date.After(s.Time.Add(Ahead)) {
		return fault.New("date", c.Date.UTC().Format(time.RFC3339), "is after the time at which it is put on the line", "look at the host's clock, and have it signed again")
	}
	return nil
}

// Names refuses a consent that is of no version here, or of a host or key that its version does not name.
func Names(c Consent, versions []Version) (Version, error) {
	i := slices.IndexFunc(versions, func(v Version) bool { return v.ID == c.Agreement })
	if i < 0 {
		return Version{}, fault.New("agreement", c.Agreement[:12], "is no version of the agreement of this line that both parties signed", "have the host sign for the version in force: parley consent sign")
	}
	v := versions[i]
	h := slices.IndexFunc(v.Hosts, func(h Host) bool { return h.Name == c.Host })
	switch {
	case slices.ContainsFunc(v.Hosts, c.by):
		return v, nil
	case h < 0:
		return Version{}, fault.New("host", c.Host, "is no host that this version of the agreement names", "see parley agreement explain")
	default:
		return Version{}, fault.New("host_key", transcript.Fingerprint(c.HostKey), "is not the key that the agreement names for this host", "have it signed with the key of fingerprint "+transcript.Fingerprint(v.Hosts[h].Key))
	}
}

// by reports whether the host said it, under its key.
func (c Consent) by(h Host) bool { return h.Name == c.Host && h.Key.Equal(c.HostKey) }

// Standing returns what the words of the hosts come to: for each version, in the order given, each of its
// hosts; and what does not count.
func (r *Record) Standing(versions []Version) ([]*Stand, []Flawed) {
	var out []*Stand
	for _, v := range versions {
		for _, h := range v.Hosts {
			out = append(out, &Stand{Host: h, Agreement: v.ID})
		}
	}
	var flawed []Flawed
	for _, s := range r.all {
		c, err := s.signed, s.err
		if err == nil {
			_, err = Names(c.Says, versions)
		}
		if err != nil {
			flawed = append(flawed, Flawed{s, err.Error()})
			continue
		}
		for _, st := range out {
			if st.Agreement == c.Says.Agreement && c.Says.by(st.Host) {
				st.bring(c, s)
			}
		}
	}
	for _, st := range out {
		slices.SortStableFunc(st.Words, func(a, b Brought) int { return b.compare(a.Signed) })
	}
	return out, flawed
}

func (s *Stand) bring(c Signed, by Said) {
	for i := range s.Words {
		if s.Words[i].ID == c.ID {
			s.Words[i].By = append(s.Words[i].By, by)
			return
		}
	}
	s.Words = append(s.Words, Brought{c, []Said{by}})
}

// compare orders two words of one host: more than 0 where s stands before t.
func (s Signed) compare(t Signed) int {
	withdraws := func(c Consent) int {
		if c.Says == Withdraws {
			return 1
		}
		return 0
	}
	return cmp.Or(s.Says.Date.Compare(t.Says.Date), cmp.Compare(withdraws(s.Says), withdraws(t.Says)), strings.Compare(s.ID, t.ID))
}

// Check refuses what a party need not put on the line: party has said it already, or the host has said
// something else since.
func (s *Stand) Check(c Signed, side transcript.Side) error {
	for i, w := range s.Words {
		switch {
		case i == 0 && c.compare(w.Signed) < 0:
			return &fault.Error{Code: fault.Mismatch, Field: "consent", Value: c.ID[:12], Rule: "is older than what " + s.Host.Name + " has said since, and changes nothing", Hint: "see parley consent list"}
		case w.ID == c.ID && slices.ContainsFunc(w.By, func(b Said) bool { return b.Place.Origin.Side == side }):
			return &fault.Error{Code: fault.Mismatch, Field: "consent", Value: c.ID[:12], Rule: "is on the line already", Hint: "see parley consent list"}
		}
	}
	return nil
}
