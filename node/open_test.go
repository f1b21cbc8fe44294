package node

import (
	"fmt"
	"testing"
	"time"

	"parley/node/body"
	"parley/node/picture"
	"parley/notice"
	"parley/transcript"
	"parley/transcript/ledger"
)

// alone returns a node that nobody talks to.
func alone(t testing.TB) *running {
	t.Helper()
	a, b := newKeys(t), newKeys(t)
	return start(t, "red", a, agree(t, a, b, nil), nodeOptions{noCache: true})
}

// past puts pairs of notices on the record that conflicted until one was cancelled, each with a call
// that was answered, and looks at everything as after a start.
func past(t testing.TB, n *running, many int) {
	t.Helper()
	ln := n.order[0]
	ln.mu.Lock()
	defer ln.mu.Unlock()
	seq := map[transcript.Side]int64{transcript.A: 1 << 20, transcript.B: 1 << 20}
	say := func(side transcript.Side, d transcript.Draft, err error) body.Ref {
		t.Helper()
		r := ledger.Record{Origin: transcript.Origin{Line: ln.id, Epoch: 1, Side: side}, HeldAt: time.Now(), Fields: d.Fields}
		r.Entry.Seq, r.Entry.Time, r.Entry.Kind = seq[side], time.Now(), d.Kind
		seq[side]++
		var said picture.Said
		if err == nil {
			said, err = picture.Of(r)
		}
		if err == nil {
			_, err = ln.pic.Apply(said)
		}
		if err != nil {
			t.Fatal(err)
		}
		return body.Ref{Origin: r.Origin, Seq: r.Entry.Seq}
	}
	for i := range many {
		var first [2]body.Ref
		for k, side := range []transcript.Side{transcript.A, transcript.B} {
			d, err := told(flight(fmt.Sprint(side, i), 35, 35, time.Hour, time.Hour))
			first[k] = say(side, d, err)
		}
		d, err := body.Draft(body.KindConflict, body.Conflict{ID: body.ConflictID(ln.id, first[0], first[1]),
			A: body.Party{First: first[0], Version: 1}, B: body.Party{First: first[1], Version: 1}})
		say(transcript.A, d, err)
		d, err = body.Draft(body.KindState, body.State{First: first[1], Event: notice.Cancel})
		say(transcript.B, d, err)
		d, err = body.Draft(body.KindQuery, body.Call{Speech: body.Speech{Text: "where"}})
		call := say(transcript.B, d, err)
		d, err = body.Draft(body.KindAnswer, body.Answer{Call: call, Speech: body.Speech{Text: "there"}})
		say(transcript.A, d, err)
	}
	ln.lookAtAll()
}

// told returns the draft of a notice that is shown whole.
func told(n notice.Notice) (transcript.Draft, error) {
	n.Version = 1
	fields, err := notice.Fields(n)
	d := transcript.Draft{Kind: body.KindNotice}
	for _, f := range fields {
		d.Fields = append(d.Fields, transcript.Field{Name: f.Name, Value: f.Value, Shown: true})
	}
	return d, err
}

// TestATickLooksAtWhatIsOpen: what is over, however much, costs a tick of the clock nothing.
func TestATickLooksAtWhatIsOpen(t *testing.T) {
	n := alone(t)
	past(t, n, 500)
	ln := n.order[0]
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	if len(ln.open) != 0 || len(ln.openOf) != 0 || len(ln.pending) != 0 || len(ln.unsaid) != 0 {
		t.Errorf("%d conflicts of %d notices are open, %d calls pending", len(ln.open), len(ln.openOf), len(ln.pending))
	}
	if n := len(ln.conflictIDs()); n != 500 {
		t.Errorf("%d conflicts are on the record, want 500", n)
	}
	allocs := testing.AllocsPerRun(10, func() {
		if a := append(ln.conflictAlarms(), ln.callAlarms()...); len(a) != 0 {
			t.Errorf("alarms of what is over: %+v", a)
		}
	})
	if allocs > 10 {
		t.Errorf("a tick makes %.0f allocations", allocs)
	}
}

// BenchmarkTick is one look at all alarms, with 100,000 conflicts and calls that are over.
func BenchmarkTick(b *testing.B) {
	n := alone(b)
	past(b, n, 100_000)
	for b.Loop() {
		if _, err := n.Alarms(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
