package audit

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/fault"
	"parley/store"
)

// Bounds of one page.
const (
	MaxPage = 1_000   // records of one page
	scanMax = 200_000 // records looked at for one page
	window  = 1_000   // records read together, backwards
)

// Filter says which records are wanted. Zero fields want all.
type Filter struct {
	From, Until time.Time // From <= Time < Until
	Officer     string
	Kind        Kind
	// Notice is the id of a notice, Party whose it is. What shows a whole line shows every notice.
	Party, Notice string
	Line          string

	// After is a number that a Page gave as Next; 0 begins anew.
	After  int64
	Newest bool // the newest first, backwards
	Limit  int  // 0: MaxPage
}

// Page is what was found. Next goes on where it ends; where Done is set there is nothing behind it
// now.
type Page struct {
	Records []Record
	Next    int64
	Done    bool
}

// Find returns the records that a filter wants. A page may hold none and still not be the last: the
// number of records looked at is bounded.
func (l *Log) Find(ctx context.Context, f Filter) (Page, error) {
	if f.Limit <= 0 || f.Limit > MaxPage {
		f.Limit = MaxPage
	}
	v, err := l.cfg.Store.View(ctx)
	if err != nil {
		return Page{}, fault.Wrap(fault.Unavailable, "audit.find", err)
	}
	defer v.Close()
	p := &finder{f: f, cheap: f.cheap(), page: Page{Records: []Record{}, Next: f.After}}
	if f.Newest {
		err = p.backwards(ctx, v, l.Head().Seq)
	} else {
		p.page.Done = true
		_, err = p.scan(ctx, v, f.After+1, 1<<62)
	}
	if err != nil {
		return Page{}, err
	}
	return p.page, nil
}

// finder collects a page.
type finder struct {
	f     Filter
	cheap [][][]byte
	seen  int
	page  Page
}

// scan looks at the records numbered from <= n < to and reports whether it went through to the end.
func (p *finder) scan(ctx context.Context, v store.View, from, to int64) (bool, error) {
	for item, err := range v.Scan(ctx, key(from), key(to)) {
		if err != nil {
			return false, fault.Wrap(fault.Unavailable, "audit.find", err)
		}
		if p.seen == scanMax || len(p.page.Records) == p.f.Limit {
			p.page.Done = false
			return false, nil
		}
		p.seen++
		seq, err := strconv.ParseInt(item.Key[len(recordKey):], 16, 64)
		if err != nil {
			return false, fault.Wrap(fault.Corrupt, "audit.find", err)
		}
		p.page.Next = seq
		if err := p.take(item.Value); err != nil {
			return false, err
		}
	}
	return true, nil
}

// backwards looks at records from the newest on, or from before the one that the page before ended
// at.
func (p *finder) backwards(ctx context.Context, v store.View, newest int64) error {
	end := newest
	if p.f.After > 0 {
		end = min(newest, p.f.After-1)
	}
	for end > 0 && p.seen < scanMax {
		from := max(end-window+1, 1)
		part := &finder{f: p.f, cheap: p.cheap}
		part.f.Limit = window
		if _, err := part.scan(ctx, v, from, end+1); err != nil {
			return err
		}
		p.seen += part.seen
		for i := len(part.page.Records) - 1; i >= 0; i-- {
			r := part.page.Records[i]
			p.page.Records = append(p.page.Records, r)
			if len(p.page.Records) == p.f.Limit {
				p.page.Next, p.page.Done = r.Seq, r.Seq == 1
				return nil
			}
		}
		p.page.Next, end = from, from-1
	}
	p.page.Done = end <= 0
	return nil
}

// take adds a record that is wanted.
func (p *finder) take(data []byte) error {
	for _, either := range p.cheap {
		if !slices.ContainsFunc(either, func(part []byte) bool { return bytes.Contains(data, part) }) {
			return nil
		}
	}
	if !p.f.From.IsZero() || !p.f.Until.IsZero() {
		at, ok := timeOf(data)
		if ok && (at.Before(p.f.From) || !p.f.Until.IsZero() && !at.Before(p.f.Until)) {
			return nil
		}
	}
	r, err := Decode(data)
	if err != nil {
		return &fault.Error{Code: fault.Corrupt, Field: "audit", Value: strconv.FormatInt(p.page.Next, 10), Rule: "is not a record of the audit log",
			Hint: "the store was changed by hand: parley audit verify says where the chain breaks", Err: err}
	}
	if p.f.wants(r) {
		p.page.Records = append(p.page.Records, r)
	}
	return nil
}

// cheap returns what the encoding of every record that is wanted contains, one of each, so that most
// others need not be read.
func (f Filter) cheap() [][][]byte {
	var out [][][]byte
	word := func(name, value string, or ...string) {
		if value == "" || strings.ContainsFunc(value, func(c rune) bool { return c == '"' || c == '\\' || c < 0x20 || c >= 0x7f }) {
			return // an encoding may write it otherwise
		}
		either := [][]byte{[]byte(name + `"` + value + `"`)}
		for _, text := range or {
			either = append(either, []byte(text))
		}
		out = append(out, either)
	}
	word(`"kind":`, string(f.Kind))
	word(`"officer":`, f.Officer)
	word("", f.Notice, `"whole":true`)
	return out
}

// timeOf reads the time of an encoded record without the rest of it.
func timeOf(data []byte) (time.Time, bool) {
	_, rest, ok := bytes.Cut(data, []byte(`"time":"`))
	if !ok {
		return time.Time{}, false
	}
	text, _, _ := bytes.Cut(rest, []byte{'"'})
	at, err := time.Parse(time.RFC3339Nano, string(text))
	return at, err == nil
}

func (f Filter) wants(r Record) bool {
	switch {
	case f.Officer != "" && r.Officer != f.Officer, f.Kind != "" && r.Kind != f.Kind,
		f.Line != "" && r.Line != f.Line,
		r.Time.Before(f.From), !f.Until.IsZero() && !r.Time.Before(f.Until):
		return false
	}
	return f.Notice == "" && f.Party == "" || r.names(f.Party, f.Notice)
}

// names reports whether a record is about a notice. What a command was about is named by its id alone.
func (r Record) names(party, id string) bool {
	if r.Whole || id != "" && slices.Contains(r.IDs, id) {
		return true
	}
	for _, n := range r.Notices {
		if (party == "" || n.Party == party) && (id == "" || n.ID == id) {
			return true
		}
	}
	return false
}
