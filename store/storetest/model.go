package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"parley/store"
)

// model is what a store must hold, by plain maps.
type model struct {
	t       *testing.T
	h       Harness
	s       store.Store
	items   map[string]store.Item
	rev     store.Revision
	opened  store.Revision // the revision at which s was opened
	changes []store.Change // all of them
	views   []modelView
}

type modelView struct {
	view  store.View
	items map[string]store.Item
	rev   store.Revision
}

// testModel draws commits, views, scans, watches, re-openings and crashes, one after another, and
// compares each answer with the model's.
func testModel(t *testing.T, newHarness func(t *testing.T) Harness) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &model{t: t, h: newHarness(t), items: make(map[string]store.Item)}
		m.open(rt)
		defer func() { _ = m.s.Close() }()
		actions := map[string]func(*rapid.T){
			"commit":  m.commit,
			"commit2": m.commit,
			"view":    m.view,
			"scan":    m.scan,
			"watch":   m.watch,
			"reopen":  m.reopen,
			"":        m.check,
		}
		if m.h.Crash != nil {
			actions["crash"] = m.crash
		}
		rt.Repeat(actions)
	})
}

func (m *model) open(rt *rapid.T) {
	s, err := m.h.Open()
	if err != nil {
		rt.Fatalf("open: %v", err)
	}
	m.s, m.opened, m.views = s, m.rev, nil
}

// modelKeys is in the order of bytes.
var modelKeys = []string{"a", "a/", "a/1", "a/2", "b", "b\x00", "\xff"}

func drawKey(rt *rapid.T, name string) string { return rapid.SampledFrom(modelKeys).Draw(rt, name) }

func (m *model) commit(rt *rapid.T) {
	var txn store.Txn
	for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom(modelKeys), 0, 4, rapid.ID).Draw(rt, "changed") {
		if rapid.Bool().Draw(rt, "delete") {
			txn.Deletes = append(txn.Deletes, key)
		} else {
			value := rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(rt, "value")
			txn.Puts = append(txn.Puts, store.Put{Key: key, Value: value})
		}
	}
	for range rapid.IntRange(0, 2).Draw(rt, "guards") {
		key := drawKey(rt, "guarded")
		at := m.items[key].Revision
		if rapid.IntRange(0, 3).Draw(rt, "stale") == 0 {
			at = store.Revision(rapid.IntRange(0, int(m.rev)+1).Draw(rt, "at"))
		}
		txn.Guards = append(txn.Guards, store.Guard{Key: key, Revision: at})
	}
	want, wantErr := m.apply(txn)
	got, err := m.s.Commit(m.t.Context(), txn)
	if !errors.Is(err, wantErr) || wantErr == nil && (err != nil || got != want) {
		rt.Fatalf("commit %+v: revision %d, %v; want %d, %v", txn, got, err, want, wantErr)
	}
}

// apply does to the model what Commit must do to the store.
func (m *model) apply(txn store.Txn) (store.Revision, error) {
	for _, g := range txn.Guards {
		item, there := m.items[g.Key]
		if there != (g.Revision > 0) || item.Revision > g.Revision {
			return 0, store.ErrConflict
		}
	}
	rev := m.rev + 1
	for _, p := range txn.Puts {
		m.items[p.Key] = store.Item{Key: p.Key, Value: p.Value, Revision: rev}
		m.changes = append(m.changes, store.Change{Item: m.items[p.Key]})
		m.rev = rev
	}
	for _, key := range txn.Deletes {
		if _, there := m.items[key]; there {
			delete(m.items, key)
			m.changes = append(m.changes, store.Change{Item: store.Item{Key: key, Revision: rev}, Deleted: true})
			m.rev = rev
		}
	}
	return m.rev, nil
}

func (m *model) view(rt *rapid.T) {
	v, err := m.s.View(m.t.Context())
	if err != nil {
		rt.Fatalf("view: %v", err)
	}
	items := make(map[string]store.Item, len(m.items))
	for key, item := range m.items {
		items[key] = item
	}
	m.views = append(m.views, modelView{view: v, items: items, rev: m.rev})
	if len(m.views) > 4 {
		if err := m.views[0].view.Close(); err != nil {
			rt.Fatalf("close of a view: %v", err)
		}
		m.views = m.views[1:]
	}
}

func (m *model) scan(rt *rapid.T) {
	if len(m.views) == 0 {
		rt.Skip("no view")
	}
	v := m.views[rapid.IntRange(0, len(m.views)-1).Draw(rt, "view")]
	from, to := drawKey(rt, "from"), drawKey(rt, "to")
	if rapid.Bool().Draw(rt, "open end") {
		to = ""
	}
	var want, got []string
	for _, key := range modelKeys {
		if item, there := v.items[key]; there && from <= key && (to == "" || key < to) {
			want = append(want, fmt.Sprintf("%+v", item))
		}
	}
	for item, err := range v.view.Scan(m.t.Context(), from, to) {
		if err != nil {
			rt.Fatalf("scan: %v", err)
		}
		got = append(got, fmt.Sprintf("%+v", item))
	}
	if !slices.Equal(got, want) {
		rt.Fatalf("scan %q to %q: %q, want %q", from, to, got, want)
	}
}

func (m *model) watch(rt *rapid.T) {
	after := store.Revision(rapid.IntRange(0, int(m.rev)).Draw(rt, "after"))
	prefix := rapid.SampledFrom([]string{"", "a", "a/", "b"}).Draw(rt, "prefix")
	var want []string
	for _, c := range m.changes {
		if c.Revision > after && len(c.Key) >= len(prefix) && c.Key[:len(prefix)] == prefix {
			want = append(want, describe(c))
		}
	}
	var got []string
	if len(want) > 0 {
		for c, err := range m.s.Watch(m.t.Context(), prefix, after) {
			if errors.Is(err, store.ErrCompacted) && after < m.opened && len(got) == 0 {
				return
			}
			if err != nil {
				rt.Fatalf("watch: %v", err)
			}
			if got = append(got, describe(c)); len(got) == len(want) {
				break
			}
		}
	}
	if !slices.Equal(got, want) {
		rt.Fatalf("watch of %q after %d: %q, want %q", prefix, after, got, want)
	}
}

func (m *model) reopen(rt *rapid.T) {
	if err := m.s.Close(); err != nil {
		rt.Fatalf("close: %v", err)
	}
	m.open(rt)
}

func (m *model) crash(rt *rapid.T) {
	m.h.Crash()
	m.open(rt)
}

// check compares the newest view, and the oldest still open, with the model.
func (m *model) check(rt *rapid.T) {
	v, err := m.s.View(m.t.Context())
	if err != nil {
		rt.Fatalf("view: %v", err)
	}
	defer v.Close()
	views := []modelView{{view: v, items: m.items, rev: m.rev}}
	if len(m.views) > 0 {
		views = append(views, m.views[0])
	}
	for _, v := range views {
		if v.view.Revision() != v.rev {
			rt.Fatalf("view of revision %d, want %d", v.view.Revision(), v.rev)
		}
		for _, key := range modelKeys {
			want, there := v.items[key]
			got, err := v.view.Get(m.t.Context(), key)
			if there != (err == nil) || err != nil && !errors.Is(err, store.ErrNotFound) {
				rt.Fatalf("get %q: %v, and the model holds it: %t", key, err, there)
			}
			if there && fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
				rt.Fatalf("get %q: %+v, want %+v", key, got, want)
			}
		}
	}
}
