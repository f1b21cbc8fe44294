package node

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"parley/node/view"
)

// TestReadersAtOnce asks both nodes for everything they show, from several desks at once, while
// notices that conflict are filed: no answer may change what another reads. It is for the race
// detector; the answers themselves are held elsewhere.
func TestReadersAtOnce(t *testing.T) {
	r, s := pair(t, nil)
	ctx := t.Context()
	if _, err := s.File(ctx, duty, "", flight("s-1", 36.0, 35.3, time.Minute, 2*time.Hour), false); err != nil {
		t.Fatal(err)
	}
	until(t, "r holds s-1", func() bool { _, err := r.Notice(ctx, "", "blue", "s-1"); return err == nil })

	asks := []func(n *running) error{
		func(n *running) error { _, err := n.Alarms(ctx); return err },
		func(n *running) error { _, err := n.Notices(ctx, Filter{Echo: true, Body: true}); return err },
		func(n *running) error { _, err := n.Notice(ctx, "", "blue", "s-1"); return err },
		func(n *running) error { return everyConflict(t, n) },
		func(n *running) error { _, err := n.Calls(ctx, ""); return err },
		func(n *running) error { _, err := n.Lines(ctx); return err },
		func(n *running) error { _, _, err := n.Log(ctx, LogFilter{}); return err },
		func(n *running) error {
			_, err := n.Check(ctx, "", flight("t-1", 36.0, 35.3, time.Minute, 2*time.Hour))
			return err
		},
		func(n *running) error { _, err := n.Evidence(ctx, ""); return err },
	}
	done := make(chan struct{})
	var desks sync.WaitGroup
	for _, n := range []*running{r, s} {
		for i, ask := range asks {
			desks.Go(func() {
				for {
					select {
					case <-done:
						return
					default:
					}
					if err := ask(n); err != nil {
						t.Errorf("question %d: %v", i, err)
						return
					}
				}
			})
		}
	}
	for i := range 12 {
		id := fmt.Sprintf("r-%d", i%4+1)
		in := flight(id, 36.0, 35.3+float64(i)/1000, time.Minute, 2*time.Hour)
		do := r.File
		if i >= 4 {
			do = r.Amend
		}
		filed, err := do(ctx, duty, "", in, false)
		if err != nil || len(filed.Conflicts) != 1 {
			t.Errorf("%s: %d conflicts, %v", id, len(filed.Conflicts), err)
			break
		}
	}
	close(done)
	desks.Wait()
}

// everyConflict asks for the list and then for each of them.
func everyConflict(t *testing.T, n *running) error {
	list, err := n.Conflicts(t.Context(), "", true)
	for _, c := range list {
		var one view.Conflict
		if one, err = n.Conflict(t.Context(), "", c.ID); err == nil && one.Moves == nil {
			err = errors.New("no moves")
		}
		if err != nil {
			return err
		}
	}
	return err
}
