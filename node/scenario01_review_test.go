package node

import (
	"os"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"parley/geo4d"
	"parley/internal/testnet"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/review"
	"parley/statement"
	"parley/transcript"
)

// record is the public record of an incident, as examples/incident-2018-09-17 has it.
type record struct {
	Title   string            `json:"title"`
	From    time.Time         `json:"from"`
	Until   time.Time         `json:"until"`
	Items   []recorded        `json:"items"`
	Sources map[string]string `json:"sources"`
}

type recorded struct {
	By      string `json:"by"`
	Text    string `json:"text"`
	From    time.Time
	Until   time.Time
	Clock   string        `json:"clock"`
	Links   []recordLink  `json:"links"`
	Sources []int         `json:"sources"`
	Amended *recordAmends `json:"amended"`
	Answer  *recordAnswer `json:"answer"`
	Ends    string        `json:"ends"`
}

type recordLink struct {
	Party   string `json:"party"`
	Notice  string `json:"notice"`
	Version int    `json:"version"`
}

type recordAmends struct {
	Text    string    `json:"text"`
	From    time.Time `json:"from"`
	Sources []int     `json:"sources"`
}

type recordAnswer struct {
	Answer  string `json:"answer"`
	Text    string `json:"text"`
	Sources []int  `json:"sources"`
}

// versionEntry names the entry of a version of a notice.
func (e *end) versionEntry(party, id string, version int) string {
	e.w.t.Helper()
	side := map[string]transcript.Side{"red": transcript.A, "blue": transcript.B}[party]
	return pic(e.Node, func(p *picture.Picture) string {
		return p.Notice(picture.Key{Side: side, ID: id}).Versions[version-1].Ref.String()
	})
}

// TestScenario01Review plays the public record of 17 September 2018 as two parties would review it, from
// the file of the example: each item ends there as the record has it.
func TestScenario01Review(t *testing.T) {
	data, err := os.ReadFile("../examples/incident-2018-09-17/record.json")
	if err != nil {
		t.Fatal(err)
	}
	var rec record
	if err := json.Unmarshal(data, &rec, json.MatchCaseInsensitiveNames(true), json.RejectUnknownMembers(true)); err != nil {
		t.Fatal(err)
	}
	testnet.Run(t, func(t *testing.T) {
		w, red, blue := scenarioWorld(t, "2018-09-17T18:38:00Z", overSyria)
		ctx := t.Context()
		ends, names := map[string]*end{"R": red, "S": blue}, map[string]string{"R": "red", "S": "blue"}
		who := map[string]Officer{"R": {"reviewer of R", "supervisor"}, "S": {"reviewer of S", "supervisor"}}
		red.files(evening(t, "flight", "r-1", "flight over Idlib", overIdlib, "17:31:00", "21:00:00", `, "persons": 14`))
		w.at("18:39:00")
		blue.files(notice.Notice{ID: "s-1", Kind: notice.Area, Place: "northern Syria", Contact: "+00 2222", Window: geo4d.Window{Start: w.at("18:39:00").Add(time.Minute), End: w.at("18:39:00").Add(time.Hour)}})
		w.at("18:41:00")
		blue.amends(evening(t, "area", "s-1", "Latakia", latakiaArea, "18:40:00", "19:40:00", ""))
		w.both(time.Second, "blue", "s-1", 2)
		red.halt()
		blue.halt()
		w.at("20:05:00")
		w.open()
		inc, err := red.OpenIncident(ctx, who["R"], "", Opening{Title: rec.Title, From: rec.From, Until: rec.Until, Notices: []string{"r-1", "s-1"}})
		if err != nil {
			t.Fatal(err)
		}
		w.bothReview(inc.Entry, "open", func(r view.JointReview) bool { return len(r.Notices) == 2 && r.Notices[1].Notice == "s-1" })
		mine := map[int]string{}
		say := func(e *end, by string, in Itemizing) string {
			t.Helper()
			known := map[string]bool{}
			for _, x := range e.reviews()[inc.Entry].Items {
				known[x.Entry] = true
			}
			after, err := e.AddItem(ctx, who[by], "", in)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range after.Items {
				if !known[x.Entry] {
					return x.Entry
				}
			}
			t.Fatal("no item is new")
			return ""
		}
		for i, x := range rec.Items {
			in := Itemizing{Of: inc.Entry, Text: x.Text, From: x.From, Until: x.Until, Clock: x.Clock}
			for _, l := range x.Links {
				in.Links = append(in.Links, view.Link{Entry: ends[x.By].versionEntry(names[l.Party], l.Notice, l.Version)})
			}
			mine[i] = say(ends[x.By], x.By, in)
			if a := x.Amended; a != nil {
				in.InsteadOf, in.Text, in.From = mine[i], a.Text, a.From
				mine[i] = say(ends[x.By], x.By, in)
			}
		}
		w.within(time.Minute, "both hold the items", w.settled)
		blue.crash(0)
		blue.open()
		w.within(20*time.Second, "both may sign", w.unready)
		for i, x := range rec.Items {
			if a := x.Answer; a != nil {
				other := map[string]string{"R": "S", "S": "R"}[x.By]
				if _, err := ends[other].AnswerInReview(ctx, who[other], "", mine[i], a.Answer, a.Text, nil); err != nil {
					t.Fatal(err)
				}
			}
		}
		w.within(time.Minute, "both hold the answers", w.settled)
		count := map[string]int{}
		for _, e := range w.ends {
			r := e.reviews()[inc.Entry]
			for i, x := range rec.Items {
				for _, got := range r.Items {
					if got.Entry != mine[i] {
						continue
					}
					count[got.Standing]++
					if got.Standing != x.Ends {
						t.Errorf("%s: %q ends as %s, and the record says %s", e.party, x.Text, got.Standing, x.Ends)
					}
					if x.Amended != nil && (len(got.Earlier) != 1 || got.Earlier[0].Text != x.Text || got.Text != x.Amended.Text) {
						t.Errorf("%s: the amended item is %s", e.party, show(got))
					}
				}
			}
			if len(r.Items) != len(rec.Items) || len(r.Ignored) != 0 {
				t.Errorf("%s has %d items of %d, and ignores %v", e.party, len(r.Items), len(rec.Items), r.Ignored)
			}
		}
		if count[review.Agreed] == 0 || count[review.Disputed] < 8 || count[review.OneSided] == 0 {
			t.Errorf("items at both: %v", count)
		}
		w.minutesOf17September(inc.Entry)
		w.finish()
	})
}

// minutesOf17September drafts the minutes at both nodes: the same text, which a statement can hold.
func (w *world) minutesOf17September(entry string) {
	w.t.Helper()
	var texts []string
	for _, e := range w.ends {
		s, err := e.DraftMinutes(w.t.Context(), review.KindIncident, "", entry)
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := s.Text(); err != nil || s.Form != statement.Joint || len(s.About) != 1 || s.About[0] != entry {
			w.t.Errorf("%s drafts %+v, %v", e.party, s, err)
		}
		texts = append(texts, s.Texts[0].Text)
	}
	if texts[0] != texts[1] {
		w.t.Errorf("the drafts differ:\n%s\n%s", texts[0], texts[1])
	}
	reads(w.t, "the minutes", texts[0], "Evidence frozen: 2018-09-17T17:31:00Z to 2018-09-17T21:00:00Z, red r-1, blue s-1.", "Agreed by both:\n- 2018-09-17T18:39:00Z to 2018-09-17T19:07:00Z, clock: R. red: S passed a notice",
		"Disputed:\n- 2018-09-17T18:39:00Z", "  blue: Much longer than a minute", "Said by one side alone:", "blue did not answer.", "blue cannot say: Nothing on this was found")
	w.t.Log(texts[0])
}
