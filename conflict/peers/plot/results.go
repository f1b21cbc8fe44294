package plot

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"parley/conflict/peers"
)

// Charts returns the pictures of a run by the name of their file: what a query costs by what it finds,
// and by how many volumes there are.
func (rs Runs) Charts() map[string]*Chart {
	city := rs.series("One city, ever more volumes", "OneCity/", "/threads=1", byHits)
	wider := rs.series("A continent, ever wider separation", "Separation/", "", byHits)
	kinds := rs.series("All kinds, an agreement's separations", "Mixed/", "", byHits)
	kinds.Loose = true
	byN := func(name string, figure func(*Run) float64) Series {
		return rs.series(name, "Matches/", "/threads=1", func(r *Run) Point {
			n, _ := r.Part("volumes")
			return Point{n, figure(r)}
		})
	}
	unit := func(name string) func(*Run) float64 { return func(r *Run) float64 { return r.Figures[name] } }
	slow, mean := byN("A query: 99 of 100 are faster (p99)", unit("p99-us")), byN("A query: mean", us)
	half := byN("A query: half are faster (p50)", unit("p50-us"))
	hit := byN("A hit: mean", func(r *Run) float64 { return r.Figures["ns/hit"] / 1e3 })
	return map[string]*Chart{
		"conflict-by-hits.svg": {
			Title:  "What a query costs, by how much it finds",
			Alt:    "Two logarithmic axes. " + describe("hits a query", "microseconds", city, wider, kinds),
			X:      "hits a query, on average",
			Y:      "microseconds a query, on average",
			Series: present(city, wider, kinds),
		},
		"conflict-by-volumes.svg": {
			Title:  "What a query costs, by how many volumes there are",
			Alt:    "Two logarithmic axes. " + describe("volumes", "microseconds", slow, mean, half, hit),
			X:      "volumes in the index, all in one area: hits grow as they do",
			Y:      "microseconds, one thread",
			Series: present(slow, mean, half, hit),
		},
	}
}

func us(r *Run) float64 { return r.Figures["ns/op"] / 1e3 }

func byHits(r *Run) Point { return Point{r.Figures["hits/op"], us(r)} }

// series makes a line of the benchmarks of one name.
func (rs Runs) series(name, prefix, suffix string, at func(*Run) Point) Series {
	s := Series{Name: name}
	for _, r := range rs.named(prefix) {
		if p := at(&r); strings.HasSuffix(r.Name, suffix) && p.X > 0 && p.Y > 0 {
			s.Points = append(s.Points, p)
		}
	}
	slices.SortFunc(s.Points, func(a, b Point) int { return cmp.Compare(a.X, b.X) })
	return s
}

func present(all ...Series) []Series {
	return slices.DeleteFunc(all, func(s Series) bool { return len(s.Points) == 0 })
}

// describe says where each line begins and ends.
func describe(x, y string, all ...Series) string {
	var out []string
	for _, s := range present(all...) {
		a, b := s.Points[0], s.Points[len(s.Points)-1]
		out = append(out, fmt.Sprintf("%s: from %s %s at %s %s to %s %s at %s %s.", s.Name,
			digits(a.Y), y, digits(a.X), x, digits(b.Y), y, digits(b.X), x))
	}
	return strings.Join(out, " ")
}

// WriteTables writes the figures of a run as tables of Markdown.
func (rs Runs) WriteTables(w io.Writer, on Machine) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d cores.%s\n", on.Processors, peers.Shared(on.Load))
	rs.asking(&b)
	rs.changing(&b)
	rs.byWhat(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// table writes rows under a heading; cells of what was not measured are empty.
func table(b *strings.Builder, title string, head []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	line := func(cells []string) { fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | ")) }
	fmt.Fprintf(b, "\n%s\n\n", title)
	line(head)
	line(slices.Repeat([]string{"---"}, len(head)))
	for _, r := range rows {
		line(r)
	}
}

// volumes returns the numbers of volumes of a benchmark, from few to many.
func (rs Runs) volumes(prefix string) []float64 {
	var out []float64
	for _, r := range rs.named(prefix) {
		if n, ok := r.Part("volumes"); ok {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (rs Runs) asking(b *strings.Builder) {
	var rows [][]string
	for _, n := range rs.volumes("Matches/") {
		one, two := fmt.Sprintf("Matches/volumes=%.0f/threads=1", n), fmt.Sprintf("Matches/volumes=%.0f/threads=2", n)
		alone, beside := rs.figure(one, "queries/s"), rs.figure(one+"/writers=1", "queries/s")
		rows = append(rows, []string{
			digits(n), digits(alone), digits(rs.figure(two, "queries/s")), ratio(rs.figure(two, "queries/s"), alone),
			digits(rs.figure(one, "p50-us")), digits(rs.figure(one, "p99-us")),
			digits(rs.figure(one, "hits/op")), digits(rs.figure(one, "ns/hit")),
			less(alone, beside), digits(rs.figure(one+"/writers=1", "puts/s")),
		})
	}
	table(b, "Asking (`Matches`), at 50 m, 15 m and 30 s:", []string{"volumes", "queries/s, 1 thread", "2 threads", "2 to 1",
		"p50 (us)", "p99 (us)", "hits a query", "ns a hit", "less with a writer", "its puts/s"}, rows)
}

func (rs Runs) changing(b *strings.Builder) {
	var rows [][]string
	for _, n := range rs.volumes("Load/") {
		load, enter := fmt.Sprintf("Load/volumes=%.0f", n), fmt.Sprintf("Enter/volumes=%.0f/", n)
		took := ""
		if rate := rs.figure(load, "volumes/s"); rate > 0 {
			took = digits(n / rate)
		}
		row := []string{digits(n), took, digits(rs.figure(load, "volumes/s")), digits(rs.figure(load, "bytes/volume"))}
		for _, what := range []string{"new/threads=1", "new/threads=2", "new/threads=1/readers=1", "replaced/threads=1"} {
			row = append(row, digits(rs.figure(enter+what, "entered/s")))
		}
		rows = append(rows, row)
	}
	table(b, "Loading (`Put` into an empty index, one thread), and looking up and inserting as one step (`Enter`):", []string{"volumes", "loaded in (s)", "volumes/s",
		"bytes a volume beside the item", "entered/s, 1 thread", "2 threads", "1 thread beside a reader", "1 thread, in place of another"}, rows)
}

// byWhat writes what the cost of a query depends on beside the number of volumes.
func (rs Runs) byWhat(b *strings.Builder) {
	costs := func(prefix, key, title, head string) {
		var rows [][]string
		for _, r := range rs.named(prefix) {
			of, _ := r.Part(key)
			name := digits(of)
			if key == "kinds" {
				name = r.Name[strings.LastIndex(r.Name, "=")+1:]
			}
			rows = append(rows, []string{name, digits(r.Figures["hits/op"]), digits(us(&r)), digits(r.Figures["ns/hit"])})
		}
		table(b, title, []string{head, "hits a query", "us a query", "ns a hit"}, rows)
	}
	costs("OneCity/", "volumes", "All volumes in one city:", "volumes")
	costs("Separation/", "lateral_m", "1,000,000 volumes, by the lateral separation:", "metres")
	costs("Mixed/", "kinds", "100,000 notices of all kinds, under the separations that an agreement has by default (20 NM between flights), by who asks:", "kind")
	costs("Wide/", "width_km", "A plan of 1,000 km among 1,000,000 volumes:", "kilometres")
	var rows [][]string
	for _, r := range rs.named("WhatIf/") {
		n, _ := r.Part("variants")
		one := strings.Replace(r.Name, "variants=", "one_by_one=", 1)
		if single := rs.figure(one, "ns/op"); n > 0 && single > 0 {
			rows = append(rows, []string{digits(n), digits(us(&r) / n), digits(single / 1e3 / n), ratio(single, r.Figures["ns/op"])})
		}
	}
	table(b, "Variants of one notice (`WhatIf`), among 100,000 volumes:", []string{"variants", "us a variant", "us a variant, one query each", "gain"}, rows)
}

// digits writes a figure to three digits, "" for 0.
func digits(v float64) string {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	scale := math.Pow(10, 2-math.Floor(math.Log10(math.Abs(v))))
	v = math.Round(v*scale) / scale
	s := fmt.Sprintf("%.0f", v)
	if v < 100 {
		s = fmt.Sprintf("%g", math.Round(v*1e6)/1e6)
	}
	if !strings.Contains(s, ".") {
		for i := len(s) - 3; i > 0; i -= 3 {
			s = s[:i] + "," + s[i:]
		}
	}
	return s
}

func ratio(a, b float64) string {
	if a == 0 || b == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f x", a/b)
}

// less says by how many percent b is less than a.
func less(a, b float64) string {
	if a == 0 || b == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f %%", 100*(1-b/a))
}
