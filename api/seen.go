package api

import (
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/audit"
	"parley/node/body"
	"parley/node/view"
)

// sight is what an answer shows of the other party of one line.
type sight struct {
	line    string
	whole   bool
	notices []audit.Notice
	ids     []string
}

// sights collects what an answer shows of other parties, by line and in order.
type sights struct {
	party string // of this node
	list  []*sight
}

// seen finds what an answer shows of other parties by the types that it is made of, so that no
// handler can forget to say it.
func seen(party string, answer any) []*sight {
	s := &sights{party: party}
	s.walk(reflect.ValueOf(answer))
	return s.list
}

func (s *sights) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			s.walk(v.Elem())
		}
	case reflect.Slice:
		if k := v.Type().Elem().Kind(); k != reflect.Struct && k != reflect.Pointer && k != reflect.Interface {
			return
		}
		for i := range v.Len() {
			s.walk(v.Index(i))
		}
	case reflect.Struct:
		if s.one(v.Interface()) {
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				s.walk(v.Field(i))
			}
		}
	}
}

// one takes a value of a type that shows something, and reports whether it was one.
func (s *sights) one(v any) bool {
	switch x := v.(type) {
	case view.Notice:
		if !x.Own {
			s.notice(x.Line, x.Party, x.ID, x.Version)
		}
	case view.PastNotice:
		if !x.Own {
			s.notice(x.Line, x.Party, x.ID, x.Version)
		}
	case view.Conflict:
		for _, p := range []view.Party{x.A, x.B} {
			if p.Party != s.party {
				s.notice(x.Line, p.Party, p.Notice, p.Version)
			}
		}
		s.id(x.Line, x.ID)
	case view.WouldConflict:
		s.notice(x.Line, x.With.Party, x.With.Notice, x.With.Version)
		s.id(x.Line, x.Conflict)
	case view.SiteList:
		s.sites(x)
	case view.Call:
		if !x.Own {
			s.id(x.Line, x.Entry)
		}
	case view.JointReview:
		s.id(x.Line, x.Entry)
	case view.Statement:
		s.id(x.Line, x.ID)
	case view.Alarm:
		s.id(x.Line, x.ID)
	case view.Spoken:
		s.id(x.Line, x.Entry)
	case view.OpenItem:
		s.id(x.Line, x.ID)
	case view.Entry:
		s.entry(x)
	case EvidenceItem:
		s.id(lineOf(x.Origin), x.Origin)
	default:
		return false
	}
	return true
}

// sites takes the other party's list: every site on it, and those that were changed or removed.
func (s *sights) sites(l view.SiteList) {
	if l.Own {
		return
	}
	listed := map[string]bool{}
	for _, x := range l.Sites {
		listed[x.ID] = true
		s.notice(l.Line, l.Party, x.ID, x.Version)
	}
	for _, x := range l.Removed {
		if !listed[x.ID] {
			s.notice(l.Line, l.Party, x.ID, x.Version)
		}
	}
}

// entry takes an entry of a transcript: the notice that it names, else the entry.
func (s *sights) entry(e view.Entry) {
	if e.Party == s.party {
		return
	}
	if id := text(e.Fields["id"]); id != "" && e.Kind != body.KindStatement {
		var version int
		_ = json.Unmarshal(e.Fields["version"], &version) // 0 where it says none
		s.notice(lineOf(e.Entry), e.Party, id, version)
		return
	}
	s.id(lineOf(e.Entry), e.Entry)
}

// lineOf returns the line of an entry's or a transcript's name, parley/<line>/<epoch>/<side>.
func lineOf(name string) string {
	_, rest, _ := strings.Cut(name, "/")
	line, _, _ := strings.Cut(rest, "/")
	return line
}

func text(v jsontext.Value) string {
	var out string
	if v.Kind() != '"' || json.Unmarshal(v, &out) != nil {
		return ""
	}
	return out
}

func (s *sights) of(line string) *sight {
	for _, have := range s.list {
		if have.line == line {
			return have
		}
	}
	s.list = append(s.list, &sight{line: line})
	return s.list[len(s.list)-1]
}

func (s *sights) notice(line, party, id string, version int) {
	at := s.of(line)
	at.notices = append(at.notices, audit.Notice{Party: party, ID: id, Version: version})
}

func (s *sights) id(line, id string) {
	if id != "" {
		at := s.of(line)
		at.ids = append(at.ids, id)
	}
}
