package consent

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/transcript"
)

var (
	testLine = strings.Repeat("ab", 32)
	nextID   = strings.Repeat("cd", 32) // the version after the first, whose id is the line's
	noon     = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
)

func testKey(name string) ed25519.PrivateKey {
	seed := make([]byte, 32)
	copy(seed, name)
	return ed25519.NewKeyFromSeed(seed)
}

func public(name string) ed25519.PublicKey { return testKey(name).Public().(ed25519.PublicKey) }

func green(change func(*Consent)) Consent {
	c := Consent{Line: testLine, Agreement: testLine, Host: "green", HostKey: public("green"), Says: Consents, Date: noon, From: noon}
	if change != nil {
		change(&c)
	}
	return c
}

func signed(t testing.TB, c Consent) Signed {
	t.Helper()
	note, err := Sign(c, testKey(c.Host))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(note)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func withdrawal(at time.Time) func(*Consent) {
	return func(c *Consent) { c.Says, c.Date, c.From = Withdraws, at, time.Time{} }
}

func TestSignAndOpen(t *testing.T) {
	s := signed(t, green(func(c *Consent) { c.Until, c.Text = noon.AddDate(0, 1, 0), "over the northern valley alone" }))
	if s.Says.Host != "green" || len(s.ID) != 64 || !s.Says.Until.Equal(noon.AddDate(0, 1, 0)) {
		t.Fatalf("%+v", s)
	}
	again, err := Sign(s.Says, testKey("green"))
	if err != nil || !bytes.Equal(again, s.Note) {
		t.Fatalf("signed again it differs: %v", err)
	}
	if _, err := Sign(s.Says, testKey("other")); err == nil {
		t.Error("another key signed")
	}
	for name, note := range map[string][]byte{
		"changed":          bytes.Replace(s.Note, []byte("northern"), []byte("southern"), 1),
		"longer":           bytes.Replace(s.Note, []byte("2027-01-01"), []byte("2028-01-01"), 1),
		"spaces":           bytes.Replace(s.Note, []byte(`"host": "green"`), []byte(`"host":  "green"`), 1),
		"a member more":    bytes.Replace(s.Note, []byte(`"host": "green",`), []byte(`"host": "green", "x": 1,`), 1),
		"a member twice":   bytes.Replace(s.Note, []byte(`"host": "green",`), []byte("\"host\": \"green\",\n  \"host\": \"green\","), 1),
		"another type":     bytes.Replace(s.Note, []byte("consent/v1"), []byte("consent/v2"), 1),
		"cut":              s.Note[:len(s.Note)-20],
		"no signature":     s.Note[:bytes.LastIndex(s.Note, []byte("\n\n"))+2],
		"another's name":   bytes.Replace(s.Note, []byte("parley/party/green"), []byte("parley/party/grean"), 1),
		"signed twice":     append(slices.Clone(s.Note), s.Note[bytes.LastIndex(s.Note, []byte("— ")):]...),
		"too long":         append(slices.Clone(s.Note), make([]byte, MaxBytes)...),
		"nothing":          nil,
		"without its key":  bytes.Replace(s.Note, []byte(`"host_key": "`), []byte(`"host_key": "AA`), 1),
		"the date swapped": bytes.Replace(s.Note, []byte(`"date": "2026-12-01`), []byte(`"date": "2026-12-02`), 1),
	} {
		if _, err := Open(note); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, change := range map[string]func(*Consent){
		"line":                 func(c *Consent) { c.Line = "x" },
		"agreement":            func(c *Consent) { c.Agreement = strings.ToUpper(c.Agreement) },
		"host":                 func(c *Consent) { c.Host = "Green" },
		"key":                  func(c *Consent) { c.HostKey = nil },
		"says":                 func(c *Consent) { c.Says = "agrees" },
		"date":                 func(c *Consent) { c.Date = time.Time{} },
		"date of another age":  func(c *Consent) { c.Date = noon.AddDate(-30, 0, 0) },
		"a fraction":           func(c *Consent) { c.Date = noon.Add(time.Microsecond) },
		"from":                 func(c *Consent) { c.From = time.Time{} },
		"until":                func(c *Consent) { c.Until = c.From },
		"withdrawal from":      func(c *Consent) { c.Says = Withdraws },
		"withdrawal until":     func(c *Consent) { c.Says, c.From, c.Until = Withdraws, time.Time{}, noon },
		"two lines":            func(c *Consent) { c.Text = "a\nb" },
		"a line of 501":        func(c *Consent) { c.Text = strings.Repeat("a", 501) },
		"right to left":        func(c *Consent) { c.Text = "a\u202eb" },
		"no text that it says": func(c *Consent) { c.Text = "a\xff" },
	} {
		if err := green(change).Validate(); err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
}

func versions() []Version {
	hosts := []Host{{"green", public("green")}, {"white", public("white")}}
	return []Version{{testLine, hosts}, {nextID, hosts[:1]}}
}

func brings(side transcript.Side, seq int64, at time.Time, note []byte) Said {
	return Said{Place: Place{transcript.Origin{Line: testLine, Epoch: 1, Side: side}, seq}, Time: at, Note: note}
}

// TestStanding: the newest counts whatever order it came in; a tie is a withdrawal; what was signed before
// and is brought again changes nothing.
func TestStanding(t *testing.T) {
	consents := signed(t, green(nil))
	until := signed(t, green(func(c *Consent) { c.Date, c.Until = noon.Add(time.Hour), noon.AddDate(0, 0, 2) }))
	later := signed(t, green(func(c *Consent) { c.Date, c.From = noon.Add(2*time.Hour), noon.AddDate(0, 0, 5) }))
	withdraws := signed(t, green(withdrawal(noon.Add(time.Hour))))
	other := signed(t, green(func(c *Consent) { c.Agreement = nextID }))
	for _, tt := range []struct {
		name  string
		words []Signed
		at    time.Time
		state State
		since time.Time
		key   string
	}{
		{"nothing", nil, noon, Asked, time.Time{}, "consent.asked"},
		{"consents", []Signed{consents}, noon, Consented, noon, "consent.consents"},
		{"until", []Signed{consents, until}, noon.AddDate(0, 0, 1), Consented, noon, "consent.until"},
		{"lapsed", []Signed{until, consents}, noon.AddDate(0, 0, 2), Lapsed, noon.AddDate(0, 0, 2), "consent.lapsed"},
		{"withdrawn", []Signed{consents, withdraws}, noon.Add(2 * time.Hour), Withdrawn, noon.Add(time.Hour), "consent.withdrawn"},
		{"withdrawn, and the older one again", []Signed{withdraws, consents, consents}, noon.Add(2 * time.Hour), Withdrawn, noon.Add(time.Hour), "consent.withdrawn"},
		{"of one date a withdrawal", []Signed{until, withdraws, until}, noon.Add(2 * time.Hour), Withdrawn, noon.Add(time.Hour), "consent.withdrawn"},
		{"from later on", []Signed{withdraws, later}, noon.AddDate(0, 0, 4), Asked, time.Time{}, "consent.later"},
		{"another version", []Signed{other}, noon, Asked, time.Time{}, "consent.asked"},
	} {
		r := NewRecord(testLine)
		for i, w := range tt.words {
			if err := r.Add(brings(transcript.A, int64(i), noon.AddDate(0, 0, 10), w.Note)); err != nil {
				t.Fatal(tt.name, err)
			}
		}
		stands, flawed := r.Standing(versions())
		if len(stands) != 3 || len(flawed) != 0 || stands[0].Host.Name != "green" || stands[2].Agreement != nextID {
			t.Fatalf("%s: %+v, %v", tt.name, stands, flawed)
		}
		state, since := stands[0].At(tt.at)
		if state != tt.state || !since.Equal(tt.since) || stands[0].Message(tt.at).Key != tt.key {
			t.Errorf("%s: %s since %s, %s", tt.name, state, since, stands[0].Message(tt.at).Key)
		}
	}
}

// TestWhatDoesNotCount is kept and said to be flawed.
func TestWhatDoesNotCount(t *testing.T) {
	for want, c := range map[string]Consent{
		"is no version of the agreement":                     green(func(c *Consent) { c.Agreement = strings.Repeat("0", 64) }),
		"is no host that":                                    green(func(c *Consent) { c.Host, c.HostKey = "white", public("white"); c.Agreement = nextID }),
		"is not the key that the agreement names":            green(func(c *Consent) { c.HostKey = public("forger") }),
		"is after the time at which it is put on the line":   green(func(c *Consent) { c.Date = noon.Add(Ahead + time.Second) }),
		"is the line of this consent, and not the one that":  green(func(c *Consent) { c.Line = nextID }),
		"does not hold: the text or the signature was chang": green(func(c *Consent) { c.Text = "forged" }),
	} {
		key := "green"
		if !c.HostKey.Equal(public("green")) {
			key = "forger"
		}
		if c.Host == "white" {
			key = "white"
		}
		note, err := Sign(c, testKey(key))
		if err != nil {
			t.Fatal(err)
		}
		note = bytes.Replace(note, []byte("forged"), []byte("former"), 1)
		r := NewRecord(testLine)
		_ = r.Add(brings(transcript.B, 0, noon, note)) // told below
		stands, flawed := r.Standing(versions())
		for _, s := range stands {
			if len(s.Words) > 0 {
				t.Errorf("%s: it counts", want)
			}
		}
		if len(flawed) != 1 || !strings.Contains(flawed[0].Why, want) {
			t.Errorf("%s: %+v", want, flawed)
		}
	}
}

func TestCheckBeforeItIsPut(t *testing.T) {
	consents, withdraws := signed(t, green(nil)), signed(t, green(withdrawal(noon.Add(time.Hour))))
	r := NewRecord(testLine)
	for i, w := range []Signed{consents, withdraws} {
		if err := r.Add(brings(transcript.A, int64(i), noon.AddDate(0, 0, 1), w.Note)); err != nil {
			t.Fatal(err)
		}
	}
	stands, _ := r.Standing(versions())
	for _, tt := range []struct {
		c    Signed
		side transcript.Side
		want string
	}{
		{consents, transcript.A, "is older than what green has said since"},
		{consents, transcript.B, "is older than what green has said since"},
		{withdraws, transcript.A, "is on the line already"},
		{withdraws, transcript.B, ""},
		{signed(t, green(func(c *Consent) { c.Date = noon.Add(2 * time.Hour) })), transcript.A, ""},
	} {
		err := stands[0].Check(tt.c, tt.side)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s by %s: %v, want %q", tt.c.Says.Says, tt.side, err, tt.want)
		}
	}
}

// TestOrderOfArrival: what stands follows from what was said and in no way from the order, and is what a
// look at all of it finds.
func TestOrderOfArrival(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var said []Said
		var words []Consent
		for i := range rapid.IntRange(0, 6).Draw(rt, "words") {
			c := green(func(c *Consent) {
				c.Date = noon.Add(time.Duration(rapid.IntRange(0, 2).Draw(rt, "date")) * time.Hour)
				if rapid.Bool().Draw(rt, "withdraws") {
					c.Says, c.From = Withdraws, time.Time{}
				} else if rapid.Bool().Draw(rt, "until") {
					c.Until = noon.Add(90 * time.Minute)
				}
				c.Text = rapid.SampledFrom([]string{"", "x"}).Draw(rt, "text")
			})
			at := noon.Add(time.Duration(rapid.IntRange(0, 2).Draw(rt, "entry")) * time.Hour)
			if !c.Date.After(at.Add(Ahead)) {
				words = append(words, c)
			}
			said = append(said, brings(rapid.SampledFrom([]transcript.Side{transcript.A, transcript.B}).Draw(rt, "side"), int64(i), at, signed(t, c).Note))
		}
		spell := func(list []Said) string {
			r := NewRecord(testLine)
			for _, s := range list {
				_ = r.Add(s) // what is dated too late is flawed
			}
			stands, flawed := r.Standing(versions())
			out := fmt.Sprint(len(flawed))
			for _, w := range stands[0].Words {
				out += " " + w.ID
				for _, b := range w.By {
					out += " " + b.Place.String()
				}
			}
			state, since := stands[0].At(noon.Add(100 * time.Minute))
			return out + " " + string(state) + " " + since.String()
		}
		want := Asked
		newest := slices.MaxFunc(append(words, Consent{}), func(a, b Consent) int { return a.Date.Compare(b.Date) }).Date
		for _, c := range words {
			switch {
			case !c.Date.Equal(newest):
			case c.Says == Withdraws:
				want = Withdrawn
			case want == Asked:
				want = Consented
			}
		}
		first := spell(said)
		if want == Consented && (strings.Contains(first, string(Lapsed)) || strings.Contains(first, string(Consented))) {
			want = "" // which of two consents of one date stands, their ids say
		}
		if want != "" && !strings.Contains(first, " "+string(want)+" ") {
			rt.Fatalf("want %s: %s", want, first)
		}
		mixed := slices.Clone(said)
		rand.New(rand.NewPCG(1, uint64(len(said)))).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if other := spell(mixed); other != first {
			rt.Fatalf("%s\nand in another order\n%s", first, other)
		}
	})
}

func FuzzOpen(f *testing.F) {
	for _, c := range []Consent{green(nil), green(withdrawal(noon)), green(func(c *Consent) { c.Until, c.Text = noon.AddDate(1, 0, 0), "à la frontière" })} {
		f.Add(signed(f, c).Note)
	}
	f.Fuzz(func(t *testing.T, note []byte) {
		s, err := Open(note)
		if err != nil {
			return
		}
		text, err := s.Says.text()
		if err != nil || !bytes.HasPrefix(note, append(text, '\n')) {
			t.Errorf("it opens and is not in its one encoding: %v\n%q", err, note)
		}
		if !ed25519.Verify(s.Says.HostKey, text, sigOf(t, note)) {
			t.Error("it opens without a signature that holds")
		}
	})
}

// sigOf returns the signature of a note with one.
func sigOf(t *testing.T, note []byte) []byte {
	t.Helper()
	line := note[bytes.LastIndexByte(note[:len(note)-1], ' ')+1 : len(note)-1]
	raw, err := base64.StdEncoding.DecodeString(string(line))
	if err != nil {
		t.Fatal(err)
	}
	return raw[4:]
}
