package picture

import (
	"errors"
	"fmt"
	"sort"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/node/body"
	"parley/notice"
	"parley/transcript"
)

func (p *Picture) applyNotice(s Said, ch *Change) error {
	if s.noticeErr == nil && s.beside.hidden {
		p.applyHidden(s, ch)
		return nil
	}
	if s.noticeErr != nil {
		return errors.Join(p.applyUnread(s, ch), s.noticeErr)
	}
	n := s.notice
	key := Key{Side: s.Ref.Origin.Side, ID: n.ID}
	ch.Notice = &key
	v := Version{Ref: s.Ref, Time: s.Time, HeldAt: s.HeldAt, Seen: s.Seen, Drill: s.Drill, By: s.beside.by, Notice: n, AddsSpaceOrTime: true, Withheld: s.beside.withheld}
	have, id := p.named(key)
	if have == nil {
		have = &Notice{Key: key, First: s.Ref}
		id = p.slots.add(have)
		if n.Version != 1 {
			v.Flaw = fmt.Sprintf("version %d of a notice without a first version", n.Version)
		}
		have.Versions = append(have.Versions, v)
		p.slots.note(s.Ref, id)
		p.supersede(s, n, ch)
		p.matchVersion(have, ch)
		return nil
	}
	latest := have.Latest()
	if want := latest.Notice.Version + 1; n.Version != want {
		v.Flaw = fmt.Sprintf("version %d where %d is next", n.Version, want)
	} else {
		v.AddsSpaceOrTime = notice.AddsSpaceOrTime(latest.Notice, n)
	}
	have.Versions = append(have.Versions, v)
	p.slots.note(s.Ref, id)
	p.supersede(s, n, ch)
	p.matchVersion(have, ch)
	return nil
}

// supersede ends the notice that a new one replaces, at the new one's entry.
func (p *Picture) supersede(s Said, n notice.Notice, ch *Change) {
	if n.Supersedes == "" {
		return
	}
	old, _ := p.named(Key{Side: s.Ref.Origin.Side, ID: n.Supersedes})
	if old == nil {
		return
	}
	for _, e := range old.Events {
		if e.Event == notice.Cancel {
			return
		}
	}
	old.Events = append(old.Events, Event{Ref: s.Ref, Time: s.Time, Event: notice.Cancel, Officer: s.beside.by.Officer, Reason: "replaced by " + n.ID})
	ch.Over = &old.Key
}

// applyUnread keeps a notice that cannot be read: it was told, and it is not compared.
func (p *Picture) applyUnread(s Said, ch *Change) error {
	v := p.applyHidden(s, ch)
	v.Hidden, v.Unread, v.Flaw = false, true, "cannot be read; not checked for conflicts"
	return nil
}

// applyHidden keeps a version of which nothing was shown: of the notice whose first entry it names,
// or of a new one under its entry's own name.
func (p *Picture) applyHidden(s Said, ch *Change) *Version {
	n, id := p.begun(s.beside.first)
	if n == nil || n.Key.Side != s.Ref.Origin.Side || n.Key.Voice {
		n = &Notice{Key: Key{Side: s.Ref.Origin.Side, ID: s.Ref.String()}, First: s.Ref}
		id = p.slots.add(n)
	}
	ch.Notice = &n.Key
	n.Versions = append(n.Versions, Version{
		Ref: s.Ref, Time: s.Time, HeldAt: s.HeldAt, Seen: s.Seen, Drill: s.Drill, Hidden: true, AddsSpaceOrTime: true,
		Notice: notice.Notice{Version: len(n.Versions) + 1},
	})
	p.slots.note(s.Ref, id)
	return &n.Versions[len(n.Versions)-1]
}

func (p *Picture) applyState(s Said, ch *Change) error {
	var b body.State
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	n, _ := p.begun(b.First)
	if n == nil || n.Key.Side != s.Ref.Origin.Side || n.Key.Voice {
		return fault.New("first", b.First.String(), "is not a notice of this party", "")
	}
	ch.Notice = &n.Key
	n.Events = append(n.Events, Event{Ref: s.Ref, Time: s.Time, Event: b.Event, Officer: b.Officer, Reason: b.Reason})
	return nil
}

func (p *Picture) conflict(id string) *Conflict {
	c := p.conflicts[id]
	if c == nil {
		c = &Conflict{ID: id}
		p.conflicts[id] = c
	}
	return c
}

func (p *Picture) readConflict(s Said) (b body.Conflict, err error) {
	if err := body.Read(s.Fields, &b); err != nil {
		return b, err
	}
	if want := body.ConflictID(p.Line, b.A.First, b.B.First); b.ID != want {
		return b, fault.New("id", b.ID, "is not the id of a conflict of these two notices", "")
	}
	return b, nil
}

func (p *Picture) applySeparated(s Said, ch *Change) error {
	b, err := p.readConflict(s)
	if err != nil {
		return err
	}
	ch.ID = b.ID
	c := p.conflict(b.ID)
	c.Separated = filings(c.Separated, s, b)
	return nil
}

func (p *Picture) applyConflict(s Said, ch *Change) error {
	b, err := p.readConflict(s)
	if err != nil {
		return err
	}
	ch.ID = b.ID
	c := p.conflict(b.ID)
	c.Filings = filings(c.Filings, s, b)
	return nil
}

func filings(list []Filing, s Said, b body.Conflict) []Filing {
	list = append(list, Filing{Ref: s.Ref, Side: s.Ref.Origin.Side, Time: s.Time, Conflict: b})
	sort.SliceStable(list, func(i, j int) bool { return refLess(list[i].Ref, list[j].Ref) })
	return list
}

func (p *Picture) applyOwned(s Said, ch *Change) error {
	var b body.Owned
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	ch.ID = b.Conflict
	c := p.conflict(b.Conflict)
	c.Owners = append(c.Owners, Owner{Ref: s.Ref, Side: s.Ref.Origin.Side, Time: s.Time, Officer: b.Officer, Role: b.Role})
	sort.SliceStable(c.Owners, func(i, j int) bool { return refLess(c.Owners[i].Ref, c.Owners[j].Ref) })
	return nil
}

func (p *Picture) applyDeclared(s Said) error {
	var b body.Declared
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	side := s.Ref.Origin.Side
	p.declared[side] = Declaration{Ref: s.Ref, Side: side, Time: s.Time, Suspended: s.Kind == body.KindSuspended, Declared: b}
	return nil
}

func (p *Picture) applyAgreement(s Said) error {
	var b body.Agreement
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	p.agreements = append(p.agreements, AgreementNote{Ref: s.Ref, Side: s.Ref.Origin.Side, Time: s.Time, Agreement: b})
	sort.SliceStable(p.agreements, func(i, j int) bool { return refLess(p.agreements[i].Ref, p.agreements[j].Ref) })
	return nil
}

// beside is what stands beside a notice's own fields.
type beside struct {
	by     body.Officer
	first  body.Ref
	hidden bool // nothing of the notice itself is shown
	// withheld is whether an own notice is hidden from the other party.
	withheld bool
}

func readNotice(fields []transcript.Field) (n notice.Notice, b beside, err error) {
	m := make(map[string]jsontext.Value, len(fields))
	b.withheld = true
	for _, f := range fields {
		switch f.Name {
		case body.FiledBy:
			err = json.Unmarshal(f.Value, &b.by)
		case body.First:
			err = json.Unmarshal(f.Value, &b.first)
		default:
			m[f.Name] = f.Value
			b.withheld = b.withheld && !f.Shown
		}
		if err != nil {
			return n, b, fault.New(f.Name, string(f.Value), "does not fit", "")
		}
	}
	if b.hidden = len(m) == 0; b.hidden {
		return n, b, nil
	}
	n, err = notice.FromFields(m)
	return n, b, err
}
