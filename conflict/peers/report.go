package peers

import (
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strings"
)

// Comparison is how the answers of one system agree with ours.
type Comparison struct {
	With        string
	Both        int
	Reasons     map[string]int // why they differ, and on how many pairs
	Unexplained []string
}

// Report is what one run says.
type Report struct {
	Seed                    uint64
	Plans, Queries, Entered int
	Load                    float64  // of the machine when the run began
	Results                 []Result // ours first
	Comparisons             []Comparison
}

// Write writes the report as Markdown.
func (r *Report) Write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s plans from seed %d, %s queries of each peer, %d cores, server and clients together on them.%s\n\n",
		count(float64(r.Plans)), r.Seed, count(float64(r.Queries)), runtime.NumCPU(), Shared(r.Load))
	if err := WriteTable(&b, r.Results); err != nil {
		return err
	}
	b.WriteString("\n")
	for i := range r.Results {
		if v := r.Results[i].Version; i == 0 || v != r.Results[i-1].Version {
			fmt.Fprintf(&b, "- %s: %s\n", strings.Split(r.Results[i].System, ",")[0], v)
		}
	}
	hits := 0
	for _, f := range r.Results[0].Found {
		hits += len(f)
	}
	fmt.Fprintf(&b, "\nOurs finds %d pairs, %.1f a query.\n\n", hits, float64(hits)/float64(max(r.Queries, 1)))
	for i := range r.Comparisons {
		c := &r.Comparisons[i]
		fmt.Fprintf(&b, "- %s: %d pairs found by both, %d by one alone, of these %d not explained.\n", c.With, c.Both, c.apart(), len(c.Unexplained))
		for _, why := range slices.Sorted(maps.Keys(c.Reasons)) {
			fmt.Fprintf(&b, "  - %d: %s\n", c.Reasons[why], why)
		}
		for _, u := range c.Unexplained {
			fmt.Fprintf(&b, "  - NOT EXPLAINED: %s\n", u)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Shared says that a machine was at other work when a run began, or nothing.
func Shared(load float64) string {
	if load < 1 {
		return ""
	}
	return fmt.Sprintf(" They were shared with other work (load %.1f when it began), so that figures and ratios are rough.", load)
}

func (c *Comparison) apart() int {
	n := len(c.Unexplained)
	for _, k := range c.Reasons {
		n += k
	}
	return n
}

// Unexplained returns how many disagreements nothing explains.
func (r *Report) Unexplained() int {
	n := 0
	for i := range r.Comparisons {
		n += len(r.Comparisons[i].Unexplained)
	}
	return n
}

// CompareWith compares what another system found with what ours did. gapM is asked what that system
// measures on a pair that only one of the two found; nil where it measures as ours does, so that nothing
// explains a disagreement.
func CompareWith(w *Workload, ours, other *Result, gapM func(Pair) (float64, error)) (Comparison, error) {
	c := Comparison{With: other.System, Reasons: map[string]int{}}
	both, apart, err := Compare(ours.Found, other.Found)
	if err != nil {
		return c, fmt.Errorf("%s: %w", other.System, err)
	}
	c.Both = both
	for _, d := range apart {
		why, said := "", ""
		q, p := &w.Queries[d.Query], &w.Plans[d.Plan]
		if gapM != nil {
			m, err := gapM(d.Pair)
			if err != nil {
				return c, err
			}
			said = fmt.Sprintf("; they measure %.9f m", m)
			why = Explain(&q.Volume, &p.Volume, d.Ours, m)
		}
		if why == "" {
			c.Unexplained = append(c.Unexplained, fmt.Sprintf("%s and %s, found by ours: %v%s", q.ID, p.ID, d.Ours, said))
			continue
		}
		c.Reasons[why]++
	}
	return c, nil
}

// Replace puts text between the lines "<!-- name -->" and "<!-- end of name -->" of a document.
func Replace(doc, name, text string) (string, error) {
	from, to := "<!-- "+name+" -->\n", "<!-- end of "+name+" -->"
	a, rest, ok := strings.Cut(doc, from)
	_, b, ends := strings.Cut(rest, to)
	if !ok || !ends {
		return "", fmt.Errorf("the document has no %q and %q", strings.TrimSpace(from), to)
	}
	return a + from + strings.TrimRight(text, "\n") + "\n" + to + b, nil
}
