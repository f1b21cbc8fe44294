package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"pgregory.net/rapid"

	"parley/fault"
	"parley/internal/clock"
	"parley/store"
	"parley/store/pebble"
)

// disk is a store in memory; opened anew it holds what was committed.
type disk struct {
	store.Store
	fs vfs.FS

	mu      sync.Mutex
	commits int
	fail    error
}

func (d *disk) Commit(ctx context.Context, t store.Txn) (store.Revision, error) {
	d.mu.Lock()
	d.commits++
	err := d.fail
	d.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return d.Store.Commit(ctx, t)
}

func newDisk(t testing.TB) *disk {
	t.Helper()
	d := &disk{fs: vfs.NewMem()}
	d.open(t)
	t.Cleanup(func() { d.Store.Close() })
	return d
}

func (d *disk) open(t testing.TB) {
	t.Helper()
	if d.Store != nil {
		if err := d.Store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	st, err := pebble.Open(pebble.Config{Dir: "store", FS: d.fs, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	d.Store = st
}

func open(t testing.TB, d *disk) *Log {
	t.Helper()
	l, err := Open(t.Context(), Config{Store: d, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func all(t testing.TB, l *Log) []Record {
	t.Helper()
	p, err := l.Find(t.Context(), Filter{})
	if err != nil || !p.Done {
		t.Fatal(p.Done, err)
	}
	return p.Records
}

// check follows the whole chain.
func check(t testing.TB, l *Log) {
	t.Helper()
	var c Checker
	for _, r := range all(t, l) {
		data, err := r.Encode()
		if err == nil {
			err = c.Add(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if c.Head != l.Head() && (c.First != 0 || l.Head().Seq != 0) {
		t.Errorf("the chain ends at %+v, the head is %+v", c.Head, l.Head())
	}
}

func look(id string, version int) Access {
	return Access{Officer: "Ana", Role: "duty", By: "token", From: "127.0.0.1", Method: "GET", Route: "/v1/notices/{id}", Line: "line", Notices: []Notice{{"red", id, version}}}
}

func TestChainGoesOnAfterAReopening(t *testing.T) {
	d := newDisk(t)
	l := open(t, d)
	for i := range 3 {
		if err := l.Append(t.Context(), Record{Kind: Done, What: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	before := l.Head()
	d.open(t)
	l = open(t, d)
	if l.Head() != before {
		t.Fatalf("reopened at %+v, want %+v", l.Head(), before)
	}
	if err := l.Append(t.Context(), Record{Kind: Done, What: "after"}); err != nil {
		t.Fatal(err)
	}
	check(t, l)
	if got := all(t, l); len(got) != 4 || got[3].Prev != before.SHA256 {
		t.Errorf("%+v", got)
	}
}

// TestManyAtOnceShareCommits holds that what waits while one transaction is written goes together.
func TestManyAtOnceShareCommits(t *testing.T) {
	d := newDisk(t)
	l := open(t, d)
	var wg sync.WaitGroup
	const callers = 300
	for i := range callers {
		wg.Go(func() {
			if err := l.Append(context.Background(), Record{Kind: Done, What: fmt.Sprint(i)}, Record{Kind: Done, What: fmt.Sprint(i)}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	check(t, l)
	if got := len(all(t, l)); got != 2*callers {
		t.Errorf("%d records, want %d", got, 2*callers)
	}
	if d.commits >= callers {
		t.Errorf("%d commits for %d callers", d.commits, callers)
	}
	if err := l.Append(t.Context(), make([]Record, 250)...); err != nil {
		t.Fatal(err)
	}
	check(t, l)
}

func TestWhatIsNotDurableIsSaid(t *testing.T) {
	d := newDisk(t)
	l := open(t, d)
	d.fail = errors.New("disk full")
	if err := l.Access(t.Context(), look("a", 1)); !fault.Is(err, fault.Unavailable) {
		t.Errorf("an access that is not durable: %v", err)
	}
	d.fail = nil
	if err := l.Access(t.Context(), look("a", 1)); err != nil { // not counted as a repetition
		t.Fatal(err)
	}
	if got := all(t, l); len(got) != 1 || got[0].Notices[0] != (Notice{"red", "a", 1}) {
		t.Errorf("%+v", got)
	}
	check(t, l)
}

func TestRepetitionsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, newDisk(t))
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- l.Run(ctx) }()
		for range 5 {
			if err := l.Access(ctx, look("a", 1)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		other := look("a", 1)
		other.From = "192.0.2.7" // from elsewhere it is not the same
		for _, a := range []Access{other, look("a", 2), look("b", 1)} {
			if err := l.Access(ctx, a); err != nil {
				t.Fatal(err)
			}
		}
		if got := all(t, l); len(got) != 4 {
			t.Errorf("%d records before the window is over, want 4: %+v", len(got), got)
		}
		time.Sleep(2 * Window)
		synctest.Wait()
		got := all(t, l)
		if n := len(got); n != 5 || got[4].Count != 4 || !got[4].Time.Equal(got[0].Time.Add(4*time.Second)) || !got[4].Since.Equal(got[0].Time.Add(time.Second)) {
			t.Errorf("%+v", got)
		}
		if err := l.Access(ctx, look("a", 1)); err != nil {
			t.Fatal(err)
		}
		_ = l.Access(ctx, look("a", 1))
		stop()
		<-done
		if got := all(t, l); len(got) != 7 || got[6].Count != 1 {
			t.Errorf("at the end: %+v", got)
		}
		check(t, l)
	})
}

func TestListsSayWhatIsNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, newDisk(t))
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- l.Run(ctx) }()
		time.Sleep(time.Hour) // the clock of the bubble begins at midnight
		list := look("a", 1)
		list.List, list.Route = true, "/v1/notices"
		for i := range 450 {
			list.Notices = append(list.Notices, Notice{"red", fmt.Sprint(i), 1})
		}
		read := func() {
			t.Helper()
			if err := l.Access(ctx, list); err != nil {
				t.Fatal(err)
			}
		}
		read()
		if got := all(t, l); len(got) != 3 || len(got[0].Notices) != MaxNotices {
			t.Fatalf("451 notices are %d records", len(got))
		}
		for range 100 {
			time.Sleep(10 * time.Second)
			read()
		}
		list.Notices[7].Version = 2
		read()
		got := all(t, l)
		if len(got) != 4 || len(got[3].Notices) != 1 || got[3].Notices[0].Version != 2 {
			t.Fatalf("%d records, the last %+v", len(got), got[len(got)-1])
		}
		time.Sleep(ListWindow)
		synctest.Wait()
		if got = all(t, l); len(got) != 5 || got[4].Count != 100 || len(got[4].Notices) != 0 {
			t.Fatalf("%d records, the last %+v", len(got), got[len(got)-1])
		}
		time.Sleep(24 * time.Hour)
		read()
		if got = all(t, l); len(got) != 8 {
			t.Errorf("the first list of another day is not whole: %d records", len(got))
		}
		stop()
		<-done
		check(t, l)
	})
}

func TestFloodsOfRefusalsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, newDisk(t))
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- l.Run(ctx) }()
		const hours, each = 3, 40
		for i := range hours * 3600 / 30 {
			for j := range each { // each from an address of its own
				l.Refusal(ctx, Record{From: fmt.Sprintf("2001:db8::%x:%x", i, j), Method: strings.Repeat("M", 8000), Route: "/v1/notices/{id}", Code: "unauthenticated", Field: "authorization"})
			}
			time.Sleep(30 * time.Second)
		}
		l.Refusal(ctx, Record{Officer: "Ana", Role: "duty", Route: "/v1/lines", Code: "denied"}) // has a budget of her own
		time.Sleep(2 * time.Minute)
		stop()
		<-done
		var counted int64
		named := false
		for after := int64(0); ; {
			p, err := l.Find(t.Context(), Filter{After: after})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range p.Records {
				counted += max(r.Count, 1)
				named = named || r.Officer == "Ana"
			}
			if after = p.Next; p.Done {
				break
			}
		}
		if want := int64(hours*3600/30*each) + 1; counted != want || !named {
			t.Errorf("%d refusals are in the log, of %d; of the officer: %t", counted, want, named)
		}
		if day := l.Head().Bytes * 24 / hours; day > 10e6 {
			t.Errorf("a flood makes %d bytes a day", day)
		}
	})
}

func TestFieldSaysNothingThatACallerGave(t *testing.T) {
	for in, want := range map[string]string{
		"notices[A0123/27].E":                        "other",
		"notices[b1].volumes[2].end":                 "notices.volumes.end",
		"authorization":                              "authorization",
		"parley-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA": "other",
		strings.Repeat("a", 41):                      "other",
		"":                                           "",
	} {
		if got := Field(in); got != want {
			t.Errorf("Field(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCheckerSeesEveryChange(t *testing.T) {
	l := open(t, newDisk(t))
	for i := range 6 {
		if err := l.Access(t.Context(), look(fmt.Sprint(i), 1)); err != nil {
			t.Fatal(err)
		}
	}
	var lines [][]byte
	for _, r := range all(t, l) {
		data, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, data)
	}
	run := func(known map[int64]string, lines ...[]byte) error {
		c := Checker{Known: known}
		for _, line := range lines {
			if err := c.Add(line); err != nil {
				return err
			}
		}
		return c.End()
	}
	if err := run(map[int64]string{6: l.Head().SHA256}, lines...); err != nil {
		t.Fatal(err)
	}
	if err := run(nil, lines[2:]...); err != nil {
		t.Errorf("a part: %v", err)
	}
	changed := bytes.Replace(lines[2], []byte(`"Ana"`), []byte(`"Bob"`), 1)
	for name, tt := range map[string]struct {
		lines [][]byte
		want  string
	}{
		"changed":  {[][]byte{lines[0], lines[1], changed, lines[3]}, "names another record 3"},
		"left out": {[][]byte{lines[0], lines[2]}, "follows record 1"},
		"moved":    {[][]byte{lines[1], lines[0]}, "follows record 2"},
		"cut off":  {lines[:4], "was noted and is not there"},
		"spaces":   {[][]byte{bytes.Replace(lines[0], []byte(`,"kind"`), []byte(`, "kind"`), 1)}, "cannot be read"},
		"no first": {[][]byte{bytes.Replace(lines[0], []byte(`"prev":"0`), []byte(`"prev":"1`), 1)}, "is the first"},
	} {
		if err := run(map[int64]string{6: l.Head().SHA256}, tt.lines...); !fault.Is(err, fault.Corrupt) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v; want %q", name, err, tt.want)
		}
	}
	if err := run(map[int64]string{6: genesis()}, lines...); err == nil || !strings.Contains(err.Error(), "written anew") {
		t.Errorf("another head: %v", err)
	}
}

func TestOpenRefusesAnotherNewestRecord(t *testing.T) {
	d := newDisk(t)
	l := open(t, d)
	if err := l.Append(t.Context(), Record{Kind: Done, What: "file"}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Commit(t.Context(), store.Txn{Puts: []store.Put{{Key: key(1), Value: []byte(`{}`)}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), l.cfg); !fault.Is(err, fault.Corrupt) {
		t.Errorf("Open: %v", err)
	}
	if _, err := l.Find(t.Context(), Filter{}); !fault.Is(err, fault.Corrupt) {
		t.Errorf("Find: %v", err)
	}
}

// TestFindAgainstPlainSearch holds pages of every size, both ways, against one pass over all records.
func TestFindAgainstPlainSearch(t *testing.T) {
	l := open(t, newDisk(t))
	base := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	var records []Record
	for i := range 2_500 {
		r := Record{Time: base.Add(time.Duration(i) * time.Second), Kind: Kinds()[i%len(Kinds())], Officer: []string{"Ana", "Bob", ""}[i%3], Line: []string{"l1", "l2"}[i%2]}
		if r.Kind == Shown {
			r.Whole = i%5 == 0
			r.IDs = []string{[]string{"n1", "c2"}[i%2]}
			r.Notices = []Notice{{"red", fmt.Sprint("n", i%4), 1}, {"blue", fmt.Sprint("n", i%7), 1}}
		}
		records = append(records, r)
	}
	if err := l.Append(t.Context(), records...); err != nil {
		t.Fatal(err)
	}
	stored := func() (out []Record) {
		for after, done := int64(0), false; !done; {
			p, err := l.Find(t.Context(), Filter{After: after})
			if err != nil {
				t.Fatal(err)
			}
			out, after, done = append(out, p.Records...), p.Next, p.Done
		}
		return
	}()
	if len(stored) != len(records) {
		t.Fatalf("%d records, want %d", len(stored), len(records))
	}
	rapid.Check(t, func(rt *rapid.T) {
		f := Filter{Officer: rapid.SampledFrom([]string{"", "Ana", "Bob", "Eve"}).Draw(rt, "officer"), Kind: rapid.SampledFrom(append(Kinds(), "")).Draw(rt, "kind"),
			Line: rapid.SampledFrom([]string{"", "l1"}).Draw(rt, "line"), Party: rapid.SampledFrom([]string{"", "red"}).Draw(rt, "party"),
			Notice: rapid.SampledFrom([]string{"", "n1", "n6"}).Draw(rt, "notice"), Limit: rapid.IntRange(100, MaxPage).Draw(rt, "limit"), Newest: rapid.Bool().Draw(rt, "newest")}
		if rapid.Bool().Draw(rt, "times") {
			f.From, f.Until = base.Add(300*time.Second), base.Add(time.Duration(rapid.IntRange(200, 2600).Draw(rt, "until"))*time.Second)
		}
		var want []int64
		for _, r := range stored {
			if (f.Officer == "" || r.Officer == f.Officer) && (f.Kind == "" || r.Kind == f.Kind) && (f.Line == "" || r.Line == f.Line) &&
				(f.From.IsZero() || !r.Time.Before(f.From) && r.Time.Before(f.Until)) && (f.Party == "" && f.Notice == "" || r.names(f.Party, f.Notice)) {
				want = append(want, r.Seq)
			}
		}
		if f.Newest {
			for i, j := 0, len(want)-1; i < j; i, j = i+1, j-1 {
				want[i], want[j] = want[j], want[i]
			}
		}
		var got []int64
		for {
			p, err := l.Find(t.Context(), f)
			if err != nil || len(p.Records) > f.Limit {
				rt.Fatal(len(p.Records), err)
			}
			for _, r := range p.Records {
				got = append(got, r.Seq)
			}
			if f.After = p.Next; p.Done {
				break
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			rt.Errorf("%+v: got %d records, want %d", f, len(got), len(want))
		}
	})
}

func FuzzDecode(f *testing.F) {
	good, err := Record{Seq: 1, Time: time.Unix(1_800_000_000, 0).UTC(), Kind: Shown, Officer: "Ana", Notices: []Notice{{"red", "r1", 2}}, IDs: []string{"x"}, Count: 2, Prev: genesis()}.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Decode(data)
		if err != nil {
			return
		}
		if again, err := r.Encode(); err != nil || !bytes.Equal(again, data) {
			t.Errorf("%s was read and is written %s, %v", data, again, err)
		}
		c := Checker{}
		_ = c.Add(data)
	})
}

func BenchmarkFindByNotice(b *testing.B) {
	d := newDisk(b)
	l := open(b, d)
	batch := make([]Record, 1_000)
	for i := range batch {
		batch[i] = Record{Kind: Shown, Officer: "Ana", Role: "duty", By: "token", From: "127.0.0.1", Method: "GET", Route: "/v1/notices/{id}", Line: strings.Repeat("a", 64), Notices: []Notice{{"red", fmt.Sprint("n", i), 1}}}
	}
	for range 100 {
		if err := l.Append(b.Context(), batch...); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		p, err := l.Find(b.Context(), Filter{Notice: "n7", Party: "red"})
		if err != nil || len(p.Records) != 100 {
			b.Fatal(len(p.Records), err)
		}
	}
}
