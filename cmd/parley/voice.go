package main

import (
	"fmt"
	"net/url"
	"time"

	"parley/catalogue"
	"parley/fault"
	"parley/geo4d"
	"parley/node/view"
	"parley/notice"
	"parley/notice/intake"
	"parley/voice"
)

type voiceCmd struct {
	Page voicePageCmd `cmd:"" default:"withargs" help:"Print the page of each notice of a GeoJSON or NOTAM file, without a node."`
	Call voiceCallCmd `cmd:"" help:"Print the page of a call, without a node."`

	Passed voicePassedCmd `cmd:"" help:"Enter late that an own notice or call was passed by voice."`
	Heard  voiceHeardCmd  `cmd:"" help:"Enter late a notice or a call that you heard by voice."`
	List   voiceListCmd   `cmd:"" help:"List what was passed and heard by voice."`
	Close  voiceCloseCmd  `cmd:"" help:"Close what was heard by voice: it is settled, or was entered in error."`
}

// readOut is what a page says beside the notice or call.
type readOut struct {
	Officer       string `help:"Who speaks." placeholder:"NAME"`
	SecondChannel string `help:"Where the other officer calls back." placeholder:"NUMBER"`
	HTML          bool   `name:"html" help:"Print an HTML page."`
}

func (s readOut) heading(a *app, caller string, drill bool) voice.Heading {
	return voice.Heading{Caller: caller, Officer: s.Officer, SecondChannel: s.SecondChannel, Drill: drill, Made: a.now().UTC()}
}

// spokenIn is the language in which a page is shown, without a node.
type spokenIn struct {
	Lang string `name:"lang" help:"The language of the names of fields: en, ar, fr, he, fa, ru, tr or uk. What is told stays as ICAO has it." env:"PARLEY_LANGUAGE" placeholder:"TAG"`
}

// print prints pages, each on a sheet of its own.
func (s readOut) print(a *app, language string, pages ...voice.Page) error {
	var c *catalogue.Catalogue
	if language != "" {
		var err error
		if c, err = catalogue.Load(language); err != nil {
			return err
		}
	}
	for i, p := range pages {
		text := p.TextIn(c)
		if s.HTML {
			text = p.HTMLIn(c)
		} else if i > 0 {
			text = "\f" + text
		}
		if _, err := fmt.Fprint(a.stdout, text); err != nil {
			return fault.Wrap(fault.Unavailable, "print", err)
		}
	}
	return nil
}

type voicePageCmd struct {
	readOut
	spokenIn
	File     string `arg:"" help:"A GeoJSON plan file or ICAO NOTAMs; - for standard input."`
	ID       string `name:"id" help:"This notice alone." placeholder:"ID"`
	Caller   string `help:"The party that calls; by default what the file says." placeholder:"NAME"`
	Drill    bool   `help:"As exercise."`
	ReadBack string `help:"A file with what the other officer read back, a line for each field: compare it." placeholder:"FILE"`
}

// Help shows how it is used.
func (voicePageCmd) Help() string {
	return `Read the page to the other officer from top to bottom: each field, then its check group. What he
reads back is compared with --read-back: 100 m, 1 minute and 100 ft are allowed, and no digit where
he gives the check group too. Exit status 1 says that it differs. With a node, use notice read-back.

Examples:

  parley voice plan.geojson --officer "Ana Blue" --second-channel +15550100
  parley voice plan.geojson --id blue-7 --html
  parley voice plan.geojson --id blue-7 --read-back heard.txt
`
}

// Run prints pages, or compares one with what was read back.
func (c *voicePageCmd) Run(a *app) error {
	items, refused, g, err := c.items(a)
	if err != nil {
		return err
	}
	if c.ReadBack != "" {
		if len(items) != 1 {
			return fault.New("id", c.ID, "must name one notice of the file to compare with", "give --id")
		}
		return c.compare(a, items[0].Notice, g)
	}
	var pages []voice.Page
	for _, it := range items {
		caller := c.Caller
		if caller == "" {
			caller = it.Party
		}
		pages = append(pages, voice.NoticePage(it.Notice, c.heading(a, caller, c.Drill), g))
	}
	if err := c.print(a, c.Lang, pages...); err != nil {
		return err
	}
	for _, r := range refused {
		a.note(catalogue.Say("read.refused", catalogue.ByPeople("text", r.ID), catalogue.RefusedFor("refusal", refusal(r.Item, r.Reason))))
	}
	if len(refused) > 0 {
		return exitBadInput
	}
	return nil
}

// items reads the notices that there are pages of.
func (c *voicePageCmd) items(a *app) (items []intake.Item, refused []notice.Refusal, g notice.Gazetteer, err error) {
	data, err := readFile(a, c.File, maxNoticeFile)
	if err != nil {
		return nil, nil, nil, err
	}
	if g, err = places(); err != nil {
		return nil, nil, nil, err
	}
	res, err := intake.Read(data, intake.Options{Check: &notice.Context{Now: a.now(), Places: g}})
	if err != nil {
		return nil, nil, nil, err
	}
	for _, it := range res.Notices {
		if it.Only || c.ID != "" && it.Notice.ID != c.ID && it.SourceID != c.ID {
			continue
		}
		if it.Notice.Version == 0 {
			it.Notice.Version = 1
		}
		items = append(items, it)
	}
	if c.ID != "" && len(items) == 0 {
		return nil, nil, nil, &fault.Error{Code: fault.NotFound, Field: "id", Value: fault.Shorten(c.ID), Rule: "is no notice of the file that can be read", Hint: "list them: parley notice read"}
	}
	return items, res.Refused, g, nil
}

// compare holds what was read back against the notice.
func (c *voicePageCmd) compare(a *app, n notice.Notice, g notice.Gazetteer) error {
	text, err := readFile(a, c.ReadBack, voice.MaxReadBackBytes)
	if err != nil {
		return err
	}
	said, err := voice.ParseReadBack(string(text), a.now())
	if err != nil {
		return err
	}
	return printReadBack(a, n.ID, voice.Compare(n, said, voice.DefaultTolerances(), g))
}

func printReadBack(a *app, id string, r voice.Result) error {
	if r.Same {
		return a.said.say(a, catalogue.Say("voice.same", catalogue.ByPeople("notice", id)))
	}
	for _, d := range r.Differences {
		if _, err := fmt.Fprintf(a.stdout, "%s: %s\n", plain(id), plain(d.Text)); err != nil {
			return fault.Wrap(fault.Unavailable, "print", err)
		}
	}
	return exitFailed
}

type voiceCallCmd struct {
	readOut
	spokenIn
	Type     string    `arg:"" enum:"query,concern,hold,distress" help:"query, concern, hold or distress."`
	Text     string    `arg:"" help:"What to say."`
	About    string    `help:"A notice's or conflict's id." placeholder:"ID"`
	Place    string    `help:"Where, in words." placeholder:"WORDS"`
	Position string    `help:"Where, as 35 24.600 N 035 57.000 E." placeholder:"POSITION"`
	LastSeen time.Time `help:"When they were last seen, with its offset." placeholder:"TIME"`
	Persons  int       `help:"How many persons." placeholder:"N"`
	Nature   string    `help:"Of a distress call: what happened." placeholder:"WORDS"`
	Review   time.Time `help:"Of a hold: when it is looked at again, with its offset." placeholder:"TIME"`
	Caller   string    `help:"The party that calls." placeholder:"NAME"`
	Drill    bool      `help:"As exercise."`
}

// Help shows how it is used.
func (voiceCallCmd) Help() string {
	return `Examples:

  parley voice call hold "hold blue-7 at its start" --about blue-7 --caller red --officer "Boris Red"
  parley voice call distress "aircraft down" --position "35 24.6 N 35 57 E" --last-seen 2027-01-15T18:40:00Z --persons 15
`
}

// Run prints the page.
func (c *voiceCallCmd) Run(a *app) error {
	call := voice.Call{Type: c.Type, About: c.About, Text: c.Text, Place: c.Place, LastSeen: c.LastSeen, Persons: c.Persons, Nature: c.Nature, Review: c.Review}
	if c.Position != "" {
		p, err := voice.ParsePosition(c.Position)
		if err != nil {
			return fault.In("position", err)
		}
		call.Position = new(geo4d.Position)
		*call.Position = p
	}
	if c.Persons < 0 || c.Persons > notice.MaxPersons {
		return fault.New("persons", fmt.Sprint(c.Persons), fmt.Sprintf("must be from 0 to %d", notice.MaxPersons), "leave it out where it is not known")
	}
	return c.print(a, c.Lang, voice.CallPage(call, c.heading(a, c.Caller, c.Drill)))
}

type noticePageCmd struct {
	remote
	readOut
	ID    string `arg:"" help:"The notice's id, or the number of its NOTAM."`
	Party string `help:"Whose, where both use the id; own ones are looked at first." placeholder:"NAME"`
}

// Help shows how it is used.
func (noticePageCmd) Help() string {
	return `The page that one officer reads to the other by telephone when the line is down.

Example:

  parley notice page blue-7 --officer "Ana Blue" --second-channel +15550100
`
}

// Run prints the page of a notice that the node holds.
func (c *noticePageCmd) Run(a *app) error {
	var v view.Notice
	if err := c.get(a, "/v1/notices/"+url.PathEscape(c.ID), c.query("party", c.Party), &v); err != nil {
		return err
	}
	if len(v.Body) == 0 {
		return fault.New("notice", c.ID, "is not shown to this party, so that there is nothing to read out", "call its officer")
	}
	n, err := notice.Unmarshal(v.Body)
	if err != nil {
		return err
	}
	g, err := places()
	if err != nil {
		return err
	}
	h := c.heading(a, v.Party, v.Exercise)
	h.State = v.State
	p := voice.NoticePage(n, h, g)
	if c.JSON {
		return printJSON(a.stdout, p)
	}
	return c.readOut.print(a, c.Lang, p)
}
