package api

import (
	"slices"
	"time"

	"parley/api/officer"
	"parley/audit"
	"parley/fault"
	"parley/geo4d"
	"parley/node"
	"parley/node/body"
	"parley/node/view"
	"parley/notice"
	"parley/voice"
)

// Spoken is the answer to GET /v1/voice.
type Spoken struct {
	Spoken []view.Spoken `json:"spoken"`
}

// Talk is who spoke with whom by voice, when and how. By is the own officer, the caller where it is not
// given.
type Talk struct {
	At    time.Time `json:"at"`
	By    string    `json:"by,omitzero"`
	Other string    `json:"other,omitzero"` // the other party's officer
	Means string    `json:"means"`          // telephone, radio
}

// PassedRequest says late that an own notice or call was passed by voice.
type PassedRequest struct {
	Of      string `json:"of"`               // the notice's id, or the entry of a version or a call
	Version int    `json:"version,omitzero"` // of the notice; 0: the newest
	Talk
	ReadBack string `json:"read_back"` // same, differs, none
	Remark   string `json:"remark,omitzero"`
	Answer   string `json:"answer,omitzero"` // to a call: holding, cannot-hold, continuing; taken
}

// HeardRequest enters what was heard by voice, a line for each field of the page.
type HeardRequest struct {
	Talk
	Text     string `json:"text"`
	Language string `json:"language,omitzero"` // of a call's words
}

// CloseRequest closes what was heard by voice, by its entry or the id as which it is held.
type CloseRequest struct {
	Heard  string `json:"heard"`
	Reason string `json:"reason"`
}

func voiceRoutes(desk []officer.Role) []route {
	return []route{
		read("/v1/voice", (*api).getVoice),
		read("/v1/voice/page", (*api).getPage),
		do("/v1/voice/passed", desk, (*api).postPassed),
		do("/v1/voice/heard", desk, (*api).postHeard),
		do("/v1/voice/close", desk, (*api).postClose),
	}
}

func (t Talk) node() node.Talk {
	return node.Talk{At: t.At, By: t.By, Other: t.Other, Means: t.Means}
}

func (a *api) getVoice(c *call) (any, error) {
	q, err := c.query("line", "open")
	if err != nil {
		return nil, err
	}
	open, err := flag(q, "open")
	if err != nil {
		return nil, err
	}
	list, err := a.cfg.Node.Spoken(c.r.Context(), q["line"], open)
	if err != nil {
		return nil, err
	}
	return Spoken{list}, nil
}

func (a *api) postPassed(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	var in PassedRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	id, err := a.filed(c.r.Context(), q["line"], "", in.Of, ownOnly)
	if err != nil {
		return nil, err
	}
	out, err := a.cfg.Node.VoicePassed(c.r.Context(), c.officer(), q["line"], node.Passing{
		Talk: in.Talk.node(), Of: id, Version: in.Version, ReadBack: in.ReadBack, Remark: in.Remark, Answer: in.Answer})
	if err != nil {
		return nil, err
	}
	a.done(c, "voice.passed", out.Entry)
	return out, nil
}

func (a *api) postHeard(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	var in HeardRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	out, err := a.cfg.Node.VoiceHeard(c.r.Context(), c.officer(), q["line"], node.Hearing{Talk: in.Talk.node(), Text: in.Text, Language: in.Language})
	if err != nil {
		return nil, err
	}
	a.done(c, "voice.heard", out.Spoken.Entry)
	return out, nil
}

func (a *api) postClose(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	var in CloseRequest
	if err := a.decode(c, &in); err != nil {
		return nil, err
	}
	out, err := a.cfg.Node.VoiceClose(c.r.Context(), c.officer(), q["line"], in.Heard, in.Reason)
	if err != nil {
		return nil, err
	}
	a.done(c, "voice.closed", out.Entry)
	return out, nil
}

// getPage answers with the page of a notice, of a call or of an answer to one, to be read out by
// telephone.
func (a *api) getPage(c *call) (any, error) {
	q, err := c.query("line", "party", "notice", "entry", "officer", "second_channel", "format")
	if err != nil {
		return nil, err
	}
	format := q["format"]
	if format != "" && !slices.Contains([]string{"json", "text", "html"}, format) {
		return nil, fault.New("format", format, "must be json, text or html", "leave it out for text")
	}
	if (q["notice"] == "") == (q["entry"] == "") {
		return nil, fault.New("notice", q["notice"], "or the entry of a call or an answer must be named, one of them", "give notice=blue-7, or entry=1/b%233")
	}
	officer := q["officer"]
	if officer == "" {
		officer = c.who.Name
	}
	h := voice.Heading{Officer: officer, SecondChannel: q["second_channel"], Made: a.cfg.Clock.Now().UTC()}
	var p voice.Page
	if q["notice"] != "" {
		p, err = a.noticePage(c, q, h)
	} else {
		p, err = a.callPage(c, q, h)
	}
	if err != nil {
		return nil, err
	}
	switch format {
	case "json":
		return p, nil
	case "html":
		c.begin(typeHTML)
		_, err = c.w.Write([]byte(p.HTMLIn(a.asked(c))))
	default:
		c.begin(typeText + "; charset=utf-8")
		_, err = c.w.Write([]byte(p.TextIn(a.asked(c))))
	}
	return nil, err
}

func (a *api) noticePage(c *call, q map[string]string, h voice.Heading) (voice.Page, error) {
	id, err := a.filed(c.r.Context(), q["line"], q["party"], q["notice"], anyNotice)
	if err != nil {
		return voice.Page{}, err
	}
	v, err := a.cfg.Node.Notice(c.r.Context(), q["line"], q["party"], id)
	if err != nil {
		return voice.Page{}, err
	}
	if len(v.Body) == 0 {
		return voice.Page{}, fault.New("notice", q["notice"], "is not shown to this party, so that there is nothing to read out", "call its officer")
	}
	n, err := notice.Unmarshal(v.Body)
	if err != nil {
		return voice.Page{}, err
	}
	if !v.Own {
		if err := a.shown(c, "page", &sight{line: v.Line, notices: []audit.Notice{{Party: v.Party, ID: v.ID, Version: v.Version}}}, false); err != nil {
			return voice.Page{}, err
		}
	}
	h.Caller, h.Drill, h.State = v.Party, v.Exercise, v.State
	return voice.NoticePage(n, h, a.cfg.Places), nil
}

// callPage is the page of a call, or of an answer to one, by its entry.
func (a *api) callPage(c *call, q map[string]string, h voice.Heading) (voice.Page, error) {
	calls, err := a.cfg.Node.Calls(c.r.Context(), q["line"])
	if err != nil {
		return voice.Page{}, err
	}
	named := func(entry string) bool { return entry == q["entry"] || shortRef(entry) == q["entry"] }
	for _, x := range calls {
		if named(x.Entry) {
			h.Caller, h.Drill = x.Party, x.Exercise
			return voice.CallPage(toldCall(x), h), a.shownCall(c, x)
		}
		for _, s := range x.Answers {
			if named(s.Entry) {
				h.Caller, h.Drill = s.Party, x.Exercise
				return voice.AnswerPage(voice.Answer{Call: shortRef(x.Entry), Type: x.Type, Word: s.Word, Text: s.Text}, h), a.shownCall(c, x)
			}
		}
	}
	return voice.Page{}, &fault.Error{Code: fault.NotFound, Field: "entry", Value: fault.Shorten(q["entry"]), Rule: "is not a call or an answer to one", Hint: "list them: parley line calls --json"}
}

func (a *api) shownCall(c *call, x view.Call) error {
	return a.shown(c, "page", &sight{line: x.Line, ids: []string{x.Entry}}, false)
}

// toldCall is a call as it is read out.
func toldCall(x view.Call) voice.Call {
	out := voice.Call{ID: shortRef(x.Entry), Type: x.Type, About: shortRef(x.About), Text: x.Text, Language: x.Language,
		LastSeen: x.LastSeen, Persons: x.Persons, Nature: x.Nature}
	if x.Type == body.Hold && x.Lifted == nil {
		out.Review = x.Review
	}
	if p := x.Position; p != nil {
		out.Position = &geo4d.Position{LonDeg: p[0], LatDeg: p[1]}
	}
	return out
}

// shortRef is an entry's name within its line, which is what people read out; anything else as it is.
func shortRef(entry string) string {
	if r, err := body.ParseRef(entry); err == nil {
		return r.Short()
	}
	return entry
}
