package agreement

import (
	"time"

	"parley/geo4d"
	"parley/notice"
)

// DraftOptions are what the parties must say; the rest of a draft is the defaults.
type DraftOptions struct {
	Title   string
	A, B    Party // empty levels of disclosure and languages take the defaults
	Area    Area
	From    time.Time
	Profile Profile // "" is manual
}

// Draft returns terms with every default filled in.
func Draft(o DraftOptions) Terms { return Terms{} }

// Defaults returns the terms' defaults, without parties and over the whole earth.
func Defaults() Terms { return Terms{} }

// Validate refuses terms that cannot be signed, with every rule they break.
func (t Terms) Validate() error { return nil }

// Separation returns what two notices of different parties must keep. It is false where the
// terms do not compare them.
func (t Terms) Separation(a, b Subject) (geo4d.Separation, bool) { return geo4d.Separation{}, false }

// DefaultSeparation is Separation under the default terms.
func DefaultSeparation(a, b Subject) (geo4d.Separation, bool) { return geo4d.Separation{}, false }

// SubjectOf returns what decides n's separation. A property of volumes counts only where all of
// n's volumes have it.
func SubjectOf(n notice.Notice, area Area) Subject { return Subject{} }

// SubjectOfVolume is SubjectOf for one volume of a notice.
func SubjectOfVolume(n notice.Notice, v geo4d.Volume, area Area) Subject { return Subject{} }

// LeadOf returns the bounds for notices of a kind.
func (t Terms) LeadOf(k notice.Kind) LeadTerms { return LeadTerms{} }

// Grade judges a lead given for n.
func (t Terms) Grade(n notice.Notice, lead time.Duration) Grade { return "" }

// UrgencyOf returns the urgency that follows from a grade; late, insufficient and ungraded are urgent.
func UrgencyOf(g Grade) Urgency { return "" }

// Ladder returns the deadlines of an urgency.
func (t Terms) Ladder(u Urgency) LadderTerms { return LadderTerms{} }

// LevelOf returns how much party shows of its notices of a kind.
func (t Terms) LevelOf(party string, k notice.Kind) Level { return "" }

// Members returns the members of a notice's body that a level shows; none for Alert.
func (l Level) Members() []string { return nil }

// NeedsTwo reports whether an action needs release by two persons.
func (t Terms) NeedsTwo(a Action) bool { return false }

// InDrill reports whether now lies in a drill window.
func (t Terms) InDrill(now time.Time) bool { return false }

// InForce reports whether now lies between From and Until.
func (t Terms) InForce(now time.Time) bool { return false }

// Party returns the party of that name and its index: 0 for side a, 1 for side b, -1 for none.
func (t Terms) Party(name string) (Party, int) { return Party{}, -1 }

// Warnings returns what the terms have to say of n: a lead that is late, a level that does not show it.
func (t Terms) Warnings(n notice.Notice, now time.Time) []notice.Warning { return nil }

// Within refuses a notice with a volume outside the area, with the hint that swapped coordinates
// would fit where they would.
func (a Area) Within(n notice.Notice) error { return nil }

// Held returns the volumes that an incomplete notice is held as, and the name of what it is held
// as: its sector, or "the whole area". A notice with volumes is held as those.
func (a Area) Held(n notice.Notice) ([]geo4d.Volume, string) { return nil, "" }

// Explain says the terms in plain words.
func Explain(t Terms) string { return "" }
