package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/api"
	"parley/audit"
	"parley/catalogue"
	"parley/fault"
)

type auditCmd struct {
	List   auditListCmd   `cmd:"" help:"Show who saw, did and was refused what."`
	Verify auditVerifyCmd `cmd:"" help:"Check that no record was changed, left out or put in between."`
}

type auditListCmd struct {
	remote
	From    string `help:"Not before this time." placeholder:"TIME"`
	Until   string `help:"Before this time." placeholder:"TIME"`
	Officer string `help:"Of this officer alone." placeholder:"NAME"`
	Notice  string `help:"Who was shown this notice of the other party." placeholder:"ID"`
	Party   string `help:"Whose notice." placeholder:"NAME"`
	Kind    string `help:"Of this kind alone: started, shown, refused, done, session, credential, officers." placeholder:"KIND"`
	Last    int    `help:"The newest so many alone." placeholder:"N"`
	CSV     bool   `name:"csv" help:"Print CSV."`
}

// Help shows how it is used.
func (auditListCmd) Help() string {
	return `For auditors and supervisors. With --json each record is one line, as the chain of records
has it: "parley audit verify --file" reads what was printed without filters.

Examples:

  parley audit list --notice red-1 --party red
  parley audit list --kind refused --from 2026-12-01T00:00:00Z --csv
  parley audit list --json
`
}

// Run shows the records.
func (c *auditListCmd) Run(a *app) error {
	if c.CSV && c.JSON {
		return fault.New("csv", "", "does not go with json", "choose one of the two")
	}
	if c.Last < 0 {
		return fault.New("last", strconv.Itoa(c.Last), "must not be negative", "give how many of the newest you want")
	}
	cl, err := c.open(a)
	if err != nil {
		return err
	}
	q := c.query("from", c.From, "until", c.Until, "officer", c.Officer, "notice", c.Notice, "party", c.Party, "kind", c.Kind)
	if c.Last > 0 {
		last, err := c.newest(a, cl, q)
		if err != nil {
			return err
		}
		return c.print(a, last)
	}
	if c.JSON {
		_, err := auditPages(a, cl, q, c.lines(a))
		return err
	}
	var all []audit.Record
	_, err = auditPages(a, cl, q, func(records []audit.Record) error {
		all = append(all, records...)
		return nil
	})
	if err != nil {
		return err
	}
	return c.print(a, all)
}

// newest returns the last records that a query finds, the oldest of them first.
func (c *auditListCmd) newest(a *app, cl *client, q url.Values) ([]audit.Record, error) {
	var out []audit.Record
	q.Set("newest", "true")
	for {
		q.Set("limit", strconv.Itoa(min(audit.MaxPage, c.Last-len(out))))
		var page api.Audit
		if err := cl.get(a.ctx, "/v1/audit", q, &page); err != nil {
			return nil, err
		}
		out = append(out, page.Records...)
		if page.Done || len(out) >= c.Last {
			slices.Reverse(out)
			return out, nil
		}
		q.Set("after", page.Next)
	}
}

// auditPages reads page after page and returns the head of the log as the last of them says it.
func auditPages(a *app, cl *client, q url.Values, each func([]audit.Record) error) (audit.Head, error) {
	prog, n := newProgress(a, func(n int) catalogue.Message { return catalogue.Say("progress.audit", catalogue.CountOf("count", n)) }), int64(0)
	for {
		var page api.Audit
		if err := cl.get(a.ctx, "/v1/audit", q, &page); err != nil {
			return audit.Head{}, err
		}
		if err := each(page.Records); err != nil {
			return audit.Head{}, err
		}
		n += int64(len(page.Records))
		prog.at(n)
		if page.Done {
			return page.Head, nil
		}
		q.Set("after", page.Next)
	}
}

func (c *auditListCmd) print(a *app, records []audit.Record) error {
	switch {
	case c.JSON:
		return c.lines(a)(records)
	case c.CSV:
		w := csv.NewWriter(a.stdout)
		if err := w.WriteAll(auditCSV(records)); err != nil {
			return fault.Wrap(fault.Unavailable, "print", err)
		}
		return nil
	case len(records) == 0:
		return a.said.say(a, catalogue.Say("list.no-record"))
	}
	t := a.said
	rows := [][]string{{"NUMBER", "TIME", "KIND", "OFFICER", "FROM", "WHAT", "ABOUT", "TIMES"}}
	for _, r := range records {
		times := ""
		if r.Count > 0 {
			times = strconv.FormatInt(r.Count, 10)
		}
		rows = append(rows, []string{strconv.FormatInt(r.Seq, 10), stamp(r.Time), t.code("audit.", string(r.Kind)), t.auditWho(r), r.From, auditWhat(r), t.auditAbout(r), times})
	}
	return table(a.stdout, t.table(rows))
}

// lines prints each record as the chain has it.
func (*auditListCmd) lines(a *app) func([]audit.Record) error {
	return func(records []audit.Record) error {
		for _, r := range records {
			data, err := r.Encode()
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(a.stdout, "%s\n", data); err != nil {
				return fault.Wrap(fault.Unavailable, "print", err)
			}
		}
		return nil
	}
}

func (t tongue) auditWho(r audit.Record) string {
	if r.Officer == "" {
		return "-"
	}
	return fmt.Sprintf("%s (%s)", r.Officer, t.code("role.", r.Role))
}

func auditWhat(r audit.Record) string {
	words := []string{r.What, strings.TrimSpace(r.Method + " " + r.Route)}
	if r.Kind == audit.Refused {
		words = append(words, strings.TrimSpace(r.Code+" "+r.Field))
	}
	return strings.Join(slices.DeleteFunc(words, func(s string) bool { return s == "" }), ": ")
}

// maxAbout is how many names one row of the table shows.
const maxAbout = 4

func (t tongue) auditAbout(r audit.Record) string {
	var names []string
	if r.Whole {
		names = append(names, t.Say(catalogue.Say("audit.whole", catalogue.AsCode("id", shortID(r.Line)))))
	}
	for _, n := range r.Notices {
		name := n.Party + "/" + n.ID
		if n.Version > 0 {
			name += fmt.Sprintf(" v%d", n.Version)
		}
		names = append(names, name)
	}
	for _, id := range r.IDs {
		names = append(names, shortID(shortEntry(id)))
	}
	if more := len(names) - maxAbout; more > 0 {
		names = append(names[:maxAbout], t.Say(catalogue.Say("list.more", catalogue.CountOf("count", more))))
	}
	return strings.Join(names, ", ")
}

// auditCSV writes one row a record; notices and other ids are separated by spaces.
func auditCSV(records []audit.Record) [][]string {
	out := [][]string{{"seq", "time", "kind", "officer", "role", "by", "from", "method", "route", "what", "code", "field", "line", "whole", "notices", "ids", "count", "since", "prev"}}
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.RFC3339Nano)
	}
	for _, r := range records {
		var notices []string
		for _, n := range r.Notices {
			notices = append(notices, fmt.Sprintf("%s/%s/%d", n.Party, n.ID, n.Version))
		}
		out = append(out, []string{strconv.FormatInt(r.Seq, 10), at(r.Time), string(r.Kind), r.Officer, r.Role, r.By, r.From, r.Method, r.Route, r.What, r.Code, r.Field,
			r.Line, strconv.FormatBool(r.Whole), strings.Join(notices, " "), strings.Join(r.IDs, " "), strconv.FormatInt(r.Count, 10), at(r.Since), r.Prev})
	}
	return out
}

type auditVerifyCmd struct {
	remote
	File string   `help:"Check what parley audit list --json printed, without a node." placeholder:"FILE"`
	Head []string `help:"A head that was noted earlier, NUMBER:SHA256; may be given several times." placeholder:"HEAD"`
}

// Help shows how it is used.
func (auditVerifyCmd) Help() string {
	return `The last line names the head of the log. Note it where the node's owner cannot change it: whoever
has the disk can write the whole log anew, and only a noted head shows that. Exit status 4 where the
log does not hold.

Examples:

  parley audit verify
  parley audit verify --file audit.jsonl --head 1234:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
`
}

// headWords is a noted head as people write it.
var headWords = regexp.MustCompile(`^([1-9][0-9]{0,17}):([0-9a-f]{64})$`)

// Run checks the log.
func (c *auditVerifyCmd) Run(a *app) error {
	check := audit.Checker{Known: map[int64]string{}}
	for _, s := range c.Head {
		m := headWords.FindStringSubmatch(s)
		if m == nil {
			return fault.New("head", s, "must be a number, a colon and 64 hexadecimal digits", "give it as parley audit verify printed it")
		}
		n, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil {
			return fault.Wrap(fault.Internal, "audit", err)
		}
		check.Known[n] = m[2]
	}
	read := c.fromNode
	if c.File != "" {
		read = c.fromFile
	}
	if err := read(a, &check); err != nil {
		return err
	}
	if err := check.End(); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, map[string]any{"ok": true, "first": check.First, "records": check.Head.Seq - check.First + 1, "head": check.Head})
	}
	if check.First == 0 {
		return a.said.say(a, catalogue.Say("list.no-records"))
	}
	if err := a.said.say(a, catalogue.Say("audit.chain", catalogue.CountOf("count", int(check.Head.Seq-check.First+1)), catalogue.CountOf("nr", int(check.First)))); err != nil {
		return err
	}
	return a.said.say(a, catalogue.Say("audit.head", catalogue.AsCode("id", fmt.Sprintf("%d:%s", check.Head.Seq, check.Head.SHA256))))
}

func (c *auditVerifyCmd) fromNode(a *app, check *audit.Checker) error {
	cl, err := c.open(a)
	if err != nil {
		return err
	}
	_, err = auditPages(a, cl, url.Values{}, func(records []audit.Record) error {
		for _, r := range records {
			data, err := r.Encode()
			if err == nil {
				err = check.Add(data)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && check.First > 1 {
		err = &fault.Error{Code: fault.Corrupt, Field: "audit", Rule: fmt.Sprintf("begins at record %d: the ones before are gone", check.First)}
	}
	return err
}

func (c *auditVerifyCmd) fromFile(a *app, check *audit.Checker) error {
	in, err := input(a, c.File)
	if err != nil {
		return err
	}
	defer in.Close()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, audit.MaxRecordBytes+1)
	for lines.Scan() {
		if err := check.Add(lines.Bytes()); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return &fault.Error{Code: fault.Corrupt, Field: "file", Value: fault.Shorten(c.File), Rule: "cannot be read as lines of records", Err: err}
	}
	return nil
}
