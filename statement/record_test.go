package statement

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"parley/catalogue"
	"parley/transcript"
)

// terms are those of blue, side a, and red, side b.
func terms(version string) (Terms, bool) {
	return Terms{Parties: [2]Party{party("blue", 1), party("red", 2)}}, version == "v1"
}

// world draws a record: joint statements, withdrawals of them by one party and by both, refusals.
type world struct {
	notes map[string][]byte // by name and signers
	ids   map[string]string // by name
	said  []Said
}

const names = "team fence void-team alone-team-blue alone-team-red alone-void-blue"

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{notes: map[string][]byte{}, ids: map[string]string{}}
	for _, name := range strings.Fields(names) {
		s := joint()
		s.Title = name
		if of, ok := strings.CutPrefix(name, "void-"); ok {
			s.Withdraws = w.ids[of]
		}
		if rest, ok := strings.CutPrefix(name, "alone-"); ok {
			of, who, _ := strings.Cut(rest, "-")
			if of == "void" {
				of = "void-team"
			}
			s.Form, s.Withdraws, s.Parties = OneSided, w.ids[of], s.Parties[:1]
			if who == "red" {
				s.Parties = joint().Parties[1:]
			}
			s.Standing = Standing(s.Form, s.Parties)
		}
		for i, p := range s.Parties {
			note, err := Sign(s, p.Name, key(byte(1+slices.IndexFunc(joint().Parties, func(q Party) bool { return q.Name == p.Name }))))
			if err != nil {
				t.Fatal(err)
			}
			w.notes[name+" "+p.Name] = note
			if i == 1 {
				if note, err = Cosign(note, "blue", key(1)); err != nil {
					t.Fatal(err)
				}
				w.notes[name+" both"] = note
			}
			signed, err := Open(note)
			if err != nil {
				t.Fatal(err)
			}
			w.ids[name] = signed.ID
		}
	}
	return w
}

func (w *world) draw(t *rapid.T) {
	var size [2]int64
	for range rapid.IntRange(0, 14).Draw(t, "entries") {
		side := rapid.IntRange(0, 1).Draw(t, "side")
		seen := int64(0)
		for _, s := range w.said {
			if sideIndex(s.Origin.Side) == side {
				seen = s.Seen // it never decreases
			}
		}
		place := func(side int, seq int64) Place {
			return Place{Origin: transcript.Origin{Line: joint().Line, Epoch: 1, Side: []transcript.Side{transcript.A, transcript.B}[side]}, Seq: seq}
		}
		s := Said{Place: place(side, size[side]), Seen: rapid.Int64Range(seen, size[1-side]).Draw(t, "seen"), Agreement: "v1", Officer: "o",
			Time: time.Date(2026, 12, 1, 6, 0, len(w.said), 0, time.UTC)}
		who := []string{"blue", "red"}[side]
		name := rapid.SampledFrom(strings.Fields(names)).Draw(t, "name")
		s.ID = w.ids[name]
		switch rapid.IntRange(0, 3).Draw(t, "what") {
		case 0:
			s.Refuses, s.Reason = place(1-side, rapid.Int64Range(0, max(0, size[1-side])).Draw(t, "refuses")), "no"
		case 1:
			s.Note = w.notes[name+" both"]
		default:
			s.Note = w.notes[name+" "+who]
		}
		if s.Note == nil && s.Reason == "" {
			continue
		}
		size[side]++
		w.said = append(w.said, s)
	}
}

// carries lists the entries that put a statement on the line and carry a party's signature: those of its own
// side first, in order.
func (w *world) carries(name, who string) []Said {
	var own, other []Said
	for _, side := range []transcript.Side{transcript.A, transcript.B} {
		for _, s := range w.said {
			if s.Origin.Side != side || s.ID != w.ids[name] || s.Note == nil || !strings.Contains(string(s.Note), "parley/party/"+who+" ") {
				continue
			}
			if author := []string{"blue", "red"}[sideIndex(side)]; author == who {
				own = append(own, s)
			} else {
				other = append(other, s)
			}
		}
	}
	return append(own, other...)
}

func (w *world) both(name string) bool {
	return len(w.carries(name, "blue")) > 0 && len(w.carries(name, "red")) > 0
}

// late reports whether one party signed what the other had taken back, and held that.
func (w *world) late(name string) bool {
	for _, pair := range [][2]string{{"blue", "red"}, {"red", "blue"}} {
		back := w.carries(strings.Replace("alone-"+name, "void-team", "void", 1)+"-"+pair[0], pair[0])
		signed := w.carries(name, pair[1])
		if w.both(name) && len(back) > 0 && signed[0].Origin.Side != back[0].Origin.Side && signed[0].Seen > back[0].Seq {
			return true
		}
	}
	return false
}

// state is what a joint statement has come to, worked out by itself.
func (w *world) state(name string) State {
	both := w.both(name)
	one := "blue"
	if len(w.carries(name, one)) == 0 {
		one = "red"
	}
	alone := w.carries(strings.Replace("alone-"+name, "void-team", "void", 1)+"-"+one, one)
	void := name == "team" && w.both("void-team") && !w.late("void-team")
	switch {
	case void, both && w.late(name), !both && len(alone) > 0:
		return Withdrawn
	case both:
		return Agreed
	}
	puts := w.carries(name, one)
	for _, s := range w.said {
		if s.Reason != "" && s.ID == w.ids[name] && s.Refuses == puts[len(puts)-1].Place {
			return Refused
		}
	}
	return Proposed
}

// TestStandingIsOfTheRecordAlone: whatever the order in which entries come, the standing is the same, and
// it is what the entries say.
func TestStandingIsOfTheRecordAlone(t *testing.T) {
	signed := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		w := &world{notes: signed.notes, ids: signed.ids}
		w.draw(t)
		record, other := NewRecord(joint().Line), NewRecord(joint().Line)
		for _, s := range w.said {
			_ = record.Add(s)
		}
		for _, s := range rapid.Permutation(w.said).Draw(t, "order") {
			_ = other.Add(s)
			_ = other.Add(s)
		}
		stands, flawed := record.Standing(terms)
		a, b := spelled(t, stands, flawed), ""
		{
			stands, flawed := other.Standing(terms)
			b = spelled(t, stands, flawed)
		}
		if a != b {
			t.Fatalf("one order:\n%s\nanother:\n%s", a, b)
		}
		for _, st := range stands {
			if st.Says.Form != Joint {
				continue
			}
			if want := w.state(st.Says.Title); st.State != want {
				t.Fatalf("%s is %s, want %s\n%s", st.Says.Title, st.State, want, a)
			}
			if signed, err := Open(st.Note); err != nil || signed.Agreed() != w.both(st.Says.Title) {
				t.Fatalf("%s: the note: %v", st.Says.Title, err)
			}
		}
	})
}

func spelled(t *rapid.T, stands []*Stand, flawed []Flawed) string {
	english, err := catalogue.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, st := range stands {
		if m := st.Message(); english.Say(m) != st.Words() || len(english.Check(m)) > 0 {
			t.Fatalf("by the catalogue %q, in words %q: %v", english.Say(m), st.Words(), english.Check(m))
		}
		what, err := json.Marshal(st)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s: %s %v\n%x\n", st.Says.Title, st.Words(), st.Flags, sha256.Sum256(what))
	}
	for _, x := range flawed {
		fmt.Fprintf(&b, "flawed %s: %s\n", x.Place, x.Why)
	}
	return b.String()
}

// TestFlaws: what does not count, and why.
func TestFlaws(t *testing.T) {
	good := mustSign(t, joint(), "blue", 1)
	elsewhere := joint()
	elsewhere.Line = strings.Repeat("cd", 32)
	at := Place{Origin: transcript.Origin{Line: joint().Line, Epoch: 1, Side: transcript.A}}
	id := func(note []byte) string { return ID(note[:strings.LastIndex(string(note), "\n\n")+1]) }
	for _, tt := range []struct {
		name, why string
		said      Said
	}{
		{"another id", "is not the statement that the entry names", Said{ID: "x", Note: good}},
		{"another line", "is a statement of another line", Said{ID: id(mustSign(t, elsewhere, "blue", 1)), Note: mustSign(t, elsewhere, "blue", 1)}},
		{"an unknown version", "is not known here", Said{ID: id(good), Note: good, Agreement: "v2"}},
		{"the other's signature alone", "is not signed by blue", Said{ID: id(good), Note: mustSign(t, joint(), "red", 2)}},
		{"a changed signature", "does not hold", Said{ID: id(good), Note: []byte(strings.Replace(string(good), "joint team", "joint  team", 1))}},
		{"a refusal of nothing", "refuses what the other party did not", Said{ID: id(good), Reason: "no", Refuses: at}},
	} {
		r := NewRecord(joint().Line)
		tt.said.Place = at
		if tt.said.Agreement == "" {
			tt.said.Agreement = "v1"
		}
		_ = r.Add(tt.said)
		if stands, flawed := r.Standing(terms); len(stands) != 0 || len(flawed) != 1 || !strings.Contains(flawed[0].Why, tt.why) {
			t.Errorf("%s: %v %+v, want %q", tt.name, stands, flawed, tt.why)
		}
	}
}

func FuzzReadEntry(f *testing.F) {
	f.Add("note", []byte(`"x"`), false)
	f.Add("entry", []byte(`"parley/`+strings.Repeat("ab", 32)+`/1/a#0"`), true)
	f.Fuzz(func(t *testing.T, name string, value []byte, refused bool) {
		kind := KindPut
		if refused {
			kind = KindRefused
		}
		s := Said{Place: Place{Origin: transcript.Origin{Line: joint().Line, Epoch: 1, Side: transcript.A}}}
		if err := s.Read(kind, []transcript.Field{{Name: name, Value: value}}); err == nil && refused == (len(s.Note) > 0) {
			t.Errorf("%q of %s read as %+v", name, kind, s)
		}
		r := NewRecord(joint().Line)
		_ = r.Add(s)
		r.Standing(terms)
	})
}
