package verdict

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"parley/fault"
	"parley/internal/testbundle"
	"parley/transcript"
)

// filed is a line on which blue files a notice that red receives, and says one thing that is not delivered.
func filed(t testing.TB, seed string) *testbundle.Line {
	l := testbundle.New(t, seed)
	l.Say(0, "notice.file", "id", `"blue-7"`, "title", `"survey"`, "-crew", `2`)
	l.Commit(0, true)
	l.Say(1, "notice.receive", "entry", `"1/a#0"`, "officer", `"duty of red"`)
	l.Commit(1, true)
	l.Say(0, "call.hold", "text", `"hold"`)
	l.Commit(0, false)
	return l
}

func check(data []byte, trust string) Result {
	var o Options
	if trust != "" {
		o.Trust, _ = ParseTrust([]byte(trust))
	}
	return Check(bytes.NewReader(data), o)
}

func opener(data []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
}

// TestTimeline holds what each row says of who said it and when it was held, by whose clock.
func TestTimeline(t *testing.T) {
	l := filed(t, "one")
	data := l.Bundle(func(_, _ int, kind string) (bool, func(string) bool) {
		return kind != "notice.receive", func(name string) bool { return name != "title" }
	})
	r := check(data, l.Trust())
	if !r.OK || !r.Identified {
		t.Fatal(r.Checks)
	}
	var rows []Row
	for row, err := range r.Timeline(opener(data)) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if len(rows) != 3 {
		t.Fatalf("%d rows", len(rows))
	}
	hidden, first, last := rows[0], rows[1], rows[2] // what has no time of its own comes first
	at := func(s int) time.Time { return testbundle.Begin().Add(time.Duration(s) * time.Second) }
	if first.Party != "blue" || first.Receiver != "red" || !first.Held.Equal(at(3)) || first.LeftOut != 1 || len(first.Fields) != 1 || first.Fields[0].Name != "id" {
		t.Errorf("the first: %+v", first)
	}
	if !hidden.Hidden || hidden.Party != "red" || hidden.To != 1 {
		t.Errorf("the hidden one: %+v", hidden)
	}
	if !last.Held.IsZero() || !last.After.Equal(at(5)) {
		t.Errorf("the last: held %v after %v", last.Held, last.After)
	}
}

// TestBrief holds that the text says the same however many times were kept for the timeline.
func TestBrief(t *testing.T) {
	l := testbundle.New(t, "many")
	for range maxSaid + 1 {
		l.Say(0, "call.query", "text", `"q"`)
	}
	l.Commit(0, true)
	data := l.Bundle(nil)
	text := func(said int) string {
		var b strings.Builder
		if err := Check(bytes.NewReader(data), Options{Said: said}).Brief().WriteText(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if few, many := text(0), text(1000); few != many || !strings.Contains(few, "1/a#0 to #100: delivered") {
		t.Errorf("few:\n%s\nmany:\n%s", few, many)
	}
}

// TestTrust holds that keys got elsewhere tell a line from one that somebody made up whole.
func TestTrust(t *testing.T) {
	genuine, forged := filed(t, "genuine"), filed(t, "forged")
	for _, tt := range []struct {
		name, trust    string
		line           *testbundle.Line
		ok, identified bool
	}{
		{"no keys", "", forged, true, false},
		{"its own keys", genuine.Trust(), genuine, true, true},
		{"forged", genuine.Trust(), forged, false, false},
		{"one party", strings.SplitAfter(genuine.Trust(), "\n")[0], genuine, false, false},
		{"nobody", "# none\n", genuine, false, false},
	} {
		if r := check(tt.line.Bundle(nil), tt.trust); r.OK != tt.ok || r.Identified != tt.identified {
			t.Errorf("%s: ok %t, identified %t; %+v", tt.name, r.OK, r.Identified, r.Checks)
		}
	}
}

func TestParseTrust(t *testing.T) {
	key := filed(t, "one").Agreement.Terms.Parties[0].PartyKey
	print := transcript.Fingerprint(key)
	const ssh = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDtqJ7zOtqQtYqOo0Cpv3aYmpK8S4jdXqh4Dz8wGyGjx"
	got, err := ParseTrust([]byte("# known keys\n\nblue " + print + "\n* " + ssh + " the comment\n"))
	if err != nil || len(got) != 2 {
		t.Fatalf("ParseTrust = %v, %v", got, err)
	}
	if got[0].Name != "blue" || got[0].Fingerprint != print || got[0].Key != nil || got[1].Name != "" || len(got[1].Key) != 32 {
		t.Errorf("got %+v", got)
	}
	for _, bad := range []string{"blue", "Blue " + print, "blue SHA256:abc", "blue nonsense", "blue ssh-rsa AAAA x", "blue " + ssh[:60], "blue x " + ssh,
		"blue sk-" + ssh, "blue ssh-ed25519 " + strings.Repeat("A", 68)} {
		if _, err := ParseTrust([]byte(bad)); !fault.Is(err, fault.Invalid) {
			t.Errorf("ParseTrust(%q): %v", bad, err)
		}
	}
	if got, err := ParseTrust(nil); err != nil || got == nil {
		t.Errorf("an empty list must trust nobody, not everybody: %v, %v", got, err)
	}
}

func FuzzParseTrust(f *testing.F) {
	f.Add([]byte("blue SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n* ssh-ed25519 AAAA\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, err := ParseTrust(data)
		for _, l := range lines {
			if err == nil && (l.Key == nil) == (l.Fingerprint == "") {
				t.Errorf("%+v has not one of key and fingerprint", l)
			}
		}
	})
}

func TestParseWitnesses(t *testing.T) {
	key := transcript.WitnessKey{Name: "witness.example/w1", Key: make([]byte, 32)}
	for i := range key.Key {
		key.Key[i] = byte(i + 2)
	}
	list := "# known\nblue SHA256:" + strings.Repeat("A", 43) + "\n  " + key.String() + "  \n* " + strings.Repeat("A", 43) + "=\n"
	got, err := ParseWitnesses([]byte(list))
	if err != nil || len(got) != 1 || !got[0].Equal(key) {
		t.Errorf("%v, %v", got, err)
	}
	if trust, err := ParseTrust([]byte(list)); err != nil || len(trust) != 2 {
		t.Errorf("beside it: %v, %v", trust, err)
	}
	if _, err := ParseWitnesses([]byte(strings.Replace(key.String(), "w1+", "w2+", 1))); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("a changed name: %v", err)
	}
}

// forkFile returns two files of one line of which blue signed two versions, and what shows it alone.
func forkFile(t testing.TB) (one, two, fork []byte, trust string) {
	play := func(text string) *testbundle.Line {
		l := testbundle.New(t, "forked")
		l.Say(0, "call.hold", "text", text)
		l.Commit(0, true)
		return l
	}
	l := play(`"hold"`)
	one, two = l.Bundle(nil), play(`"go on"`).Bundle(nil)
	keep := func(data []byte) transcript.Report {
		return Check(bytes.NewReader(data), Options{Keep: true}).Report
	}
	var out bytes.Buffer
	if ok, err := transcript.Compare(keep(one), keep(two)).WriteFork(&out); !ok || err != nil {
		t.Fatal(ok, err)
	}
	return one, two, out.Bytes(), l.Trust()
}

// TestForkAlone holds that the file of a fork is judged with nothing else but the signers' keys.
func TestForkAlone(t *testing.T) {
	_, _, fork, trust := forkFile(t)
	strangers := testbundle.New(t, "strangers").Trust()
	for _, c := range []struct {
		trust, says string
		tone        Tone
	}{
		{"", "shows that these two versions of the transcript cannot both be honest; signers not identified: blue SHA256:", Forked},
		{trust, "shows that these two versions of the transcript cannot both be honest; signers identified: blue SHA256:", ForkedKnown},
		{strangers, "does not hold; found wrong: ", Broken},
	} {
		r := check(fork, c.trust)
		v, err := r.View()
		if err != nil {
			t.Fatal(err)
		}
		if r.OK || v.Tone != c.tone || !strings.HasPrefix(v.Text, c.says) || v.Headlines[0].Head == "" {
			t.Errorf("%s, want %s: %s", v.Tone, c.tone, v.Text)
		}
	}
}

// TestWithoutAgreement holds that a file without the agreement is judged by its keys, and says so.
func TestWithoutAgreement(t *testing.T) {
	l := filed(t, "one")
	l.Keys = true
	data := l.Bundle(nil)
	r := check(data, l.Trust())
	v, err := r.View()
	if err != nil {
		t.Fatal(err)
	}
	if v.Tone != Identified || len(r.Agreements) != 0 || len(r.Keys) != 1 || len(v.Agreements) != 1 ||
		v.Agreements[0].Explained != "The agreement is not shown; its number and the keys are signed by both." ||
		!strings.Contains(v.Text, "is not shown; its number and the keys are signed by both\n") {
		t.Errorf("%s: %+v\n%s", v.Tone, v.Agreements, v.Text)
	}
	for row, err := range r.Timeline(opener(data)) {
		if err != nil {
			t.Fatal(err)
		}
		row.Entry.Drill = true
		r.fill(&row, nil)
		if got := r.RowView(row).Remark; got != "said to be a drill; the agreement, which says when drills are, is not shown" {
			t.Errorf("a drill: %s", got)
		}
	}
}
