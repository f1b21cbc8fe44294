package peers

import (
	"fmt"
	"runtime"
	"strconv"
	"time"

	"parley/conflict"
	"parley/geo4d"
	"parley/internal/traffic"
)

// Ours runs the workload on conflict.Index, and returns what the first queries found.
func Ours(w *Workload, first int) (Result, error) {
	r := Result{System: "Parley `conflict.Index`", Version: runtime.Version(), Where: "in memory beside the plans"}
	plans := itemsOf(w.Plans)
	before := Heap()
	x := conflict.New(conflict.Config{Separation: func(a, b any) (geo4d.Separation, bool) { return Separation(), true }})
	load, err := Each(len(plans), 1, func(_, i int) error { x.Put(plans[i]); return nil })
	if err != nil {
		return r, err
	}
	r.Load = time.Duration(float64(len(plans)) / load.PerSecond * float64(time.Second))
	r.Bytes = Heap() - before

	queries := itemsOf(w.Queries)
	if r.Found, err = found(x, queries[:first]); err != nil {
		return r, err
	}
	for t := range r.Ask {
		room := make([][]conflict.Match, t+1)
		r.Ask[t], err = Each(len(queries), t+1, func(w, i int) error {
			room[w] = x.Matches(queries[i], room[w][:0])
			return nil
		})
		if err != nil {
			return r, err
		}
	}
	entered := itemsOf(w.Entered)
	for t := range r.Enter {
		half := entered[t*len(entered)/2 : (t+1)*len(entered)/2]
		r.Enter[t], err = Each(len(half), t+1, func(_, i int) error {
			x.Enter(half[i], nil)
			return nil
		})
		if err != nil {
			return r, err
		}
	}
	runtime.KeepAlive(plans)
	return r, nil
}

// found returns the numbers of the plans that each query finds.
func found(x *conflict.Index, queries []*conflict.Item) ([][]int32, error) {
	out := make([][]int32, len(queries))
	var room []conflict.Match
	for i, q := range queries {
		room = x.Matches(q, room[:0])
		for _, m := range room {
			n, err := NumberOf(m.Item.ID)
			if err != nil {
				return nil, err
			}
			out[i] = append(out[i], n)
		}
	}
	return out, nil
}

// NumberOf returns the number in the ID of a plan.
func NumberOf(id string) (int32, error) {
	if len(id) < 2 {
		return 0, fmt.Errorf("no plan is called %q", id)
	}
	n, err := strconv.Atoi(id[1:])
	return int32(n), err
}

func itemsOf(plans []traffic.Plan) []*conflict.Item {
	out := make([]*conflict.Item, len(plans))
	for i, p := range plans {
		out[i] = &conflict.Item{ID: p.ID, Volumes: []geo4d.Volume{p.Volume}, Class: "small"}
	}
	return out
}
