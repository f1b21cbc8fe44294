package api

import (
	"context"
	"slices"

	"parley/api/officer"
	"parley/audit"
	"parley/fault"
)

// readBook returns the book of officers as it is now, and puts on the audit log how it changed since
// it was last read: it is a file, and people change it while the node runs.
func (a *api) readBook(ctx context.Context) (officer.Book, error) {
	book, err := a.cfg.Officers.Book()
	if err != nil {
		return officer.Book{}, fault.Wrap(fault.Unavailable, "api.officers", err)
	}
	a.mu.Lock()
	before := a.book
	a.book = book
	a.mu.Unlock()
	if sameBook(before, book) {
		return book, nil
	}
	if err := a.cfg.Audit.Append(context.WithoutCancel(ctx), changes(before, book)...); err != nil {
		a.log.Error("a change of the book of officers is not in the audit log", "err", err)
	}
	return book, nil
}

// sameBook reports whether two books are one reading: a book that was read is never changed.
func sameBook(a, b officer.Book) bool {
	return len(a.Officers) == len(b.Officers) && (len(a.Officers) == 0 || &a.Officers[0] == &b.Officers[0])
}

// changes says how a book changed, without tokens.
func changes(before, after officer.Book) []audit.Record {
	var out []audit.Record
	say := func(what string, o officer.Officer) {
		out = append(out, audit.Record{Kind: audit.Officers, What: what, IDs: []string{o.Name + ", " + string(o.Role)}})
	}
	find := func(b officer.Book, name string) (officer.Officer, bool) {
		i := slices.IndexFunc(b.Officers, func(o officer.Officer) bool { return o.Name == name })
		if i < 0 {
			return officer.Officer{}, false
		}
		return b.Officers[i], true
	}
	for _, o := range before.Officers {
		if _, ok := find(after, o.Name); !ok {
			say("removed", o)
		}
	}
	for _, o := range after.Officers {
		old, ok := find(before, o.Name)
		switch {
		case !ok:
			say("added", o)
		case old.Role != o.Role:
			say("role changed", o)
		case old.TokenSHA256 != o.TokenSHA256:
			say("token changed", o)
		case !old.Expires.Equal(o.Expires):
			say("expiry changed", o)
		}
	}
	return out
}

// Started puts on an audit log that a node was started, and with which officers.
func Started(ctx context.Context, log *audit.Log, version string, book officer.Book) error {
	r := audit.Record{Kind: audit.Started, What: version}
	var names []string
	for _, o := range book.Officers {
		names = append(names, o.Name+", "+string(o.Role))
	}
	return log.Append(ctx, audit.Split(r, nil, names)...)
}
