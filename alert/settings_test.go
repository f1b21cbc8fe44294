package alert

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/catalogue"
	"parley/fault"
	"parley/internal/clock"
)

func TestSettingsHaveTheirDefaults(t *testing.T) {
	list, err := ParseSettings([]byte(`{"channels": [
		{"name": "pager", "hook": {"program": "/usr/local/bin/page"}},
		{"name": "ops", "webhook": {"url": "https://ops.example.net/in", "secret_file": "secrets/ops"}},
		{"name": "local", "webhook": {"url": "http://127.0.0.1:8080/in", "secret_file": "secrets/ops"}, "content": "full"},
		{"name": "mail", "email": {"server": "mail.example.net:465", "security": "tls", "user": "u", "password_file": "p", "from": "a@example.net", "to": ["b@example.net"]},
		 "up_to_level": 1, "kinds": ["line-down", "conflict"], "quiet": {"from": "22:00+03:00", "until": "06:30+03:00"}, "gather_s": 60, "timeout_s": 5, "retry_for_s": 600}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		kind    string
		content Content
		level   int
	}{{"hook", Full, 3}, {"webhook", None, 3}, {"webhook", Full, 3}, {"email", None, 1}} {
		c := list[i]
		if c.Type() != want.kind || c.Content != want.content || c.UpToLevel != want.level {
			t.Errorf("%s: %+v", c.Name, c)
		}
	}
	if c := list[0]; c.gather() != 5*time.Second || c.timeout() != 20*time.Second || c.retryFor() != 24*time.Hour {
		t.Errorf("%+v", c)
	}
	if c := list[3]; c.gather() != time.Minute || c.timeout() != 5*time.Second || c.retryFor() != 10*time.Minute {
		t.Errorf("%+v", c)
	}
	if list, err := ParseSettings([]byte(`{}`)); err != nil || len(list) != 0 {
		t.Errorf("nothing: %v, %v", list, err)
	}
}

// The guide's example is one that the program takes.
func TestTheGuidesExample(t *testing.T) {
	text, err := os.ReadFile("../docs/guides/alarms.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```json\n")
	example, _, _ := strings.Cut(rest, "```")
	list, err := ParseSettings([]byte(example))
	if err != nil || len(list) != 3 {
		t.Errorf("%d channels, %v", len(list), err)
	}
}

func TestSettingsAreRefusedWithFieldAndMend(t *testing.T) {
	hook := `"hook": {"program": "/bin/true"}`
	email := func(more string) string {
		return `{"channels": [{"name": "m", "email": {"server": "m.test:25", "security": "starttls", "from": "a@b.test", "to": ["c@d.test"]` + more + `}}]}`
	}
	swap := func(from, to string) string { return strings.Replace(email(""), from, to, 1) }
	for _, c := range []struct{ text, field string }{
		{`[]`, "body"},
		{`{"channels": [], "more": 1}`, "more"},
		{`{"channels": [{"name": "A b", ` + hook + `}]}`, "channels[0].name"},
		{`{"channels": [{"name": "a", ` + hook + `}, {"name": "a", ` + hook + `}]}`, "channels[1].name"},
		{`{"channels": [{"name": "a", "name": "b", ` + hook + `}]}`, "channels[0].name"},
		{`{"channels": [` + strings.Repeat(`{"name": "a", `+hook+`},`, 16) + `{"name": "a", ` + hook + `}]}`, "channels"},
		{`{"channels": [{"name": "a"}]}`, "channels[0]"},
		{`{"channels": [{"name": "a", ` + hook + `, "email": {"server": "m.test:25", "security": "tls", "from": "a@b.test", "to": ["c@d.test"]}}]}`, "channels[0]"},
		{`{"channels": [{"name": "a", ` + hook + `, "content": "some"}]}`, "channels[0].content"},
		{`{"channels": [{"name": "a", ` + hook + `, "up_to_level": 4}]}`, "channels[0].up_to_level"},
		{`{"channels": [{"name": "a", ` + hook + `, "gather_s": -1}]}`, "channels[0].gather_s"},
		{`{"channels": [{"name": "a", ` + hook + `, "timeout_s": 301}]}`, "channels[0].timeout_s"},
		{`{"channels": [{"name": "a", ` + hook + `, "retry_for_s": 604801}]}`, "channels[0].retry_for_s"},
		{`{"channels": [{"name": "a", ` + hook + `, "kinds": ["Line down"]}]}`, "channels[0].kinds[0]"},
		{`{"channels": [{"name": "a", ` + hook + `, "quiet": {"from": "22:00", "until": "06:00Z"}}]}`, "channels[0].quiet.from"},
		{`{"channels": [{"name": "a", ` + hook + `, "quiet": {"from": "22:00Z", "until": "25:00Z"}}]}`, "channels[0].quiet.until"},
		{`{"channels": [{"name": "a", ` + hook + `, "quiet": {"from": "22:00Z", "until": "23:00+01:00"}}]}`, "channels[0].quiet.until"},
		{`{"channels": [{"name": "a", "hook": {"program": "page"}}]}`, "channels[0].hook.program"},
		{`{"channels": [{"name": "a", "hook": {"program": "/bin/page", "args": ["a\u0000b"]}}]}`, "channels[0].hook.args[0]"},
		{`{"channels": [{"name": "a", "webhook": {"url": "http://ops.example.net/", "secret_file": "s"}}]}`, "channels[0].webhook.url"},
		{`{"channels": [{"name": "a", "webhook": {"url": "http://localhost.evil.test/", "secret_file": "s"}}]}`, "channels[0].webhook.url"},
		{`{"channels": [{"name": "a", "webhook": {"url": "https://u:p@ops.example.net/", "secret_file": "s"}}]}`, "channels[0].webhook.url"},
		{`{"channels": [{"name": "a", "webhook": {"url": "file:///etc/passwd", "secret_file": "s"}}]}`, "channels[0].webhook.url"},
		{`{"channels": [{"name": "a", "webhook": {"url": "https://ops.example.net/"}}]}`, "channels[0].webhook.secret_file"},
		{swap("m.test:25", "m.test"), "channels[0].email.server"},
		{swap("starttls", "none"), "channels[0].email.security"},
		{swap("starttls", "ssl"), "channels[0].email.security"},
		{swap("a@b.test", "Ann <a@b.test>"), "channels[0].email.from"},
		{swap("c@d.test", `c@d.test\r\nBcc: x@y.test`), "channels[0].email.to[0]"},
		{swap(`"c@d.test"`, ``), "channels[0].email.to"},
		{email(`, "user": "u"`), "channels[0].email.user"},
		{email(`, "password": "p"`), "channels[0].email.password"},
		{`{"channels": "` + strings.Repeat("x", MaxSettings) + `"}`, "body"},
	} {
		_, err := ParseSettings([]byte(c.text))
		if all := fault.All(err); len(all) != 1 || all[0].Field != c.field || all[0].Rule == "" || all[0].Code == fault.Internal {
			t.Errorf("%.120s: %v, want field %q", c.text, err, c.field)
		}
	}
}

func TestASecretIsOneLineOfSomeLength(t *testing.T) {
	for secret, good := range map[string]bool{testSecret: true, testSecret + "\r\n": true, "short": false, "": false, testSecret + "\n" + testSecret: false, strings.Repeat("x", 5000): false} {
		channels, err := ParseSettings([]byte(`{"channels": [{"name": "a", "webhook": {"url": "https://ops.example.net/", "secret_file": "s"}}]}`))
		if err != nil {
			t.Fatal(err)
		}
		_, err = New(Config{Channels: channels, Rand: strings.NewReader(testSecret), World: World{Clock: clock.System{}, ReadFile: files{"s": []byte(secret)}.read}})
		if good != (err == nil) || err != nil && saysAll(err, "channels[0].webhook.secret_file") != nil || secret != "" && err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%.20q: %v", secret, err)
		}
	}
}

// Quiet hours against a walk, minute by minute, over the day.
func TestQuietHoursAgainstAWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offsets := []string{"Z", "+03:00", "-09:30", "+14:00", "+05:45"}
		clockTime := func(name string) string {
			return time.Date(2000, 1, 1, 0, rapid.IntRange(0, 1439).Draw(t, name), 0, 0, time.UTC).Format("15:04") + rapid.SampledFrom(offsets).Draw(t, name+" offset")
		}
		q := &Quiet{From: clockTime("from"), Until: clockTime("until")}
		if q.check() != nil {
			return
		}
		now := time.Date(2026, 11, 24, 0, rapid.IntRange(0, 3000).Draw(t, "now"), rapid.IntRange(0, 59).Draw(t, "second"), 0, time.UTC)
		// The last of the two that the hands passed says which it is now.
		read := func(s string) (h, m int) {
			at, err := time.Parse("15:04Z07:00", s)
			if err != nil {
				t.Fatal(err)
			}
			return at.UTC().Hour(), at.UTC().Minute()
		}
		fromH, fromM := read(q.From)
		untilH, untilM := read(q.Until)
		quiet := false
		for at := now.Truncate(time.Minute); ; at = at.Add(-time.Minute) {
			if at.Hour() == fromH && at.Minute() == fromM {
				quiet = true
				break
			}
			if at.Hour() == untilH && at.Minute() == untilM {
				break
			}
		}
		got := q.until(now)
		if quiet == got.IsZero() {
			t.Fatalf("%+v at %v: until %v, want quiet %t", q, now, got, quiet)
		}
		if quiet && (got.UTC().Hour() != untilH || got.UTC().Minute() != untilM || got.Second() != 0 || got.Sub(now) > day || !got.After(now)) {
			t.Fatalf("%+v at %v: until %v", q, now, got)
		}
	})
	var none *Quiet
	if !none.until(time.Now()).IsZero() {
		t.Error("no quiet hours are quiet")
	}
}

func FuzzParseSettings(f *testing.F) {
	f.Add([]byte(`{"channels": [{"name": "pager", "hook": {"program": "/bin/page", "args": ["x"]}, "quiet": {"from": "22:00+03:00", "until": "06:00Z"}}]}`))
	f.Add([]byte(`{"channels": [{"name": "ops", "webhook": {"url": "https://ops.example.net/in", "secret_file": "s"}, "kinds": ["conflict"]}]}`))
	f.Add([]byte(`{"channels": [{"name": "mail", "email": {"server": "[::1]:25", "security": "none", "from": "a@b", "to": ["c@d"]}, "content": "full"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := ParseSettings(data)
		if err != nil {
			return
		}
		again, err := json.Marshal(map[string]any{"channels": list})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseSettings(again); err != nil && len(again) <= MaxSettings {
			t.Fatalf("%s does not read back: %v", again, err)
		}
		for _, c := range list {
			if !c.takes(Alarm{Kind: "hold", Level: 3}) || !c.takes(Alarm{Kind: "distress", Level: 3}) {
				t.Errorf("%+v keeps hold or distress back", c)
			}
			if c.Email != nil && slices.ContainsFunc(append(c.Email.To, c.Email.From), func(s string) bool { return strings.ContainsAny(s, "\r\n<> ") }) {
				t.Errorf("%q is taken for an address", c.Email.To)
			}
		}
	})
}

func FuzzParseState(f *testing.F) {
	f.Add([]byte(`{"v":1,"salt":"00112233445566778899aabbccddeeff","channels":[{"name":"a","told":[{"id":"x","level":1}],"waiting":[{"alarm":{"id":"y","kind":"hold","level":1,"text":"t"},"tries":2,"error":"e"}],"health":{}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := parseState(data)
		if err != nil {
			return
		}
		statusOf(s)
		again, err := s.encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseState(again); err != nil {
			t.Fatalf("%s does not read back: %v", again, err)
		}
	})
}

// TestAChannelIsToldInItsLanguage: the text, its labels and the text of each alarm; codes stay.
func TestAChannelIsToldInItsLanguage(t *testing.T) {
	in, err := catalogue.Load("uk")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	a := secretAlarm()
	a.Escalated, a.Exercise = "second channel", true
	a.Message = catalogue.Say("notice.late", catalogue.SayIn("lead", catalogue.Say("lead.before", catalogue.AgeOf("age", 5*time.Minute))))
	m := newMessage("blue", Full, []Alarm{a}, now, in)
	want := "НАВЧАННЯ: сигнал на вузлі blue: late, рівень 1\n\nрівень 1 (діяти негайно): late\nіз запізненням: доставлено за 5 хв до початку\n" +
		"лінія: 6d0487e9\nз: 2026-11-24 02:59:00Z\nтермін: 2026-11-24 03:09:00Z\nпередано: другий канал\n"
	if m.Text != want || m.Alarms[0].Kind != "late" {
		t.Errorf("%s\nnot\n%s", m.Text, want)
	}
	if m := newMessage("blue", None, []Alarm{a, a}, now, in); strings.Contains(m.Text, "late") || !strings.HasPrefix(m.Text, "НАВЧАННЯ: сигналів на вузлі blue: 2: дивіться") {
		t.Errorf("a channel that is told nothing more is told %q", m.Text)
	}
	for content, says := range map[Content]string{Full: "видно на посту", None: "лише те, що він є"} {
		if m := newTest("blue", string(content), now, in); !strings.HasPrefix(m.Text, "ПЕРЕВІРКА: перевірка від вузла blue") || !strings.Contains(m.Text, says) {
			t.Errorf("%s", m.Text)
		}
	}
	if _, err := ParseSettings([]byte(`{"channels":[{"name":"p","hook":{"program":"/p"},"language":"tlh"}]}`)); err == nil {
		t.Error("a language without a catalogue is taken")
	}
	if list, err := ParseSettings([]byte(`{"channels":[{"name":"p","hook":{"program":"/p"}}]}`)); err != nil || list[0].Language != "en" {
		t.Errorf("%v, %v", list, err)
	}
}
