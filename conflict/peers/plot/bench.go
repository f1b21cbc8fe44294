// Package plot reads what "go test -bench" prints of package conflict, and writes it as tables and as
// pictures in SVG.
package plot

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Run is one benchmark: its name without the number of processors, and its figures by unit.
type Run struct {
	Name    string
	Figures map[string]float64
}

// Machine is what the benchmarks ran on.
type Machine struct {
	Processors int
	Load       float64 // when they began
}

// Read returns the benchmarks in what go test printed, in order, and what they ran on: a line "load 0.5"
// may stand before. Of one that ran several times it keeps the median of each figure.
func Read(r io.Reader) (runs []Run, on Machine, err error) {
	all := map[string]map[string][]float64{}
	var names []string
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) == 2 && f[0] == "load" {
			if on.Load, err = strconv.ParseFloat(f[1], 64); err != nil {
				return nil, on, fmt.Errorf("the load: %w", err)
			}
		}
		if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") {
			continue
		}
		name, n := cutProcessors(strings.TrimPrefix(f[0], "Benchmark"))
		on.Processors = max(on.Processors, n)
		if all[name] == nil {
			all[name] = map[string][]float64{}
			names = append(names, name)
		}
		for i := 2; i+1 < len(f); i += 2 {
			v, err := strconv.ParseFloat(f[i], 64)
			if err != nil {
				return nil, on, fmt.Errorf("benchmark %s: %w", name, err)
			}
			all[name][f[i+1]] = append(all[name][f[i+1]], v)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, on, err
	}
	for _, name := range names {
		run := Run{name, map[string]float64{}}
		for unit, values := range all[name] {
			slices.Sort(values)
			run.Figures[unit] = values[len(values)/2]
		}
		runs = append(runs, run)
	}
	return runs, on, nil
}

// cutProcessors cuts the "-2" off a name, which go test leaves out for 1.
func cutProcessors(name string) (string, int) {
	if i := strings.LastIndexByte(name, '-'); i >= 0 {
		if n, err := strconv.Atoi(name[i+1:]); err == nil {
			return name[:i], n
		}
	}
	return name, 1
}

// Part returns the value of a part of the name, as "1000" for "volumes" of "Load/volumes=1000".
func (r *Run) Part(key string) (float64, bool) {
	for part := range strings.SplitSeq(r.Name, "/") {
		if k, v, ok := strings.Cut(part, "="); ok && k == key {
			n, err := strconv.ParseFloat(v, 64)
			return n, err == nil
		}
	}
	return 0, false
}

// Runs are benchmarks in order.
type Runs []Run

// named returns those whose name begins so.
func (rs Runs) named(prefix string) Runs {
	var out Runs
	for _, r := range rs {
		if strings.HasPrefix(r.Name, prefix) {
			out = append(out, r)
		}
	}
	return out
}

// figure returns a figure of a benchmark, 0 where it did not run.
func (rs Runs) figure(name, unit string) float64 {
	for i := range rs {
		if rs[i].Name == name {
			return rs[i].Figures[unit]
		}
	}
	return 0
}
